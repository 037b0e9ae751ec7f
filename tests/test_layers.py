"""DESIGN.md's layers, held up by reading every import, and by asking a fresh Python."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import compatshim
from fresh_python import printed_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[["Module", frozenset[str]], Iterator[str]]

PACKAGE = "compatshim"

# The list of DESIGN.md, top to bottom. A module may import what stands above its own
# line; a package counts as one line, and inside it anything goes that
# MEMBERS_KEEP_APART does not forbid.
ORDER = (
    PACKAGE,  # its __init__ holds the version, which anybody may ask for
    # 0 contracts
    "errors",
    "replacing",
    "deprecation",
    # 1 engines
    "ini",
    "serving",
    "lifetime",
    "parsing",
    "snapshots",
    "_flask_context",
    "scoped",
    "locales",
    "locale_prefix",
    "catalogues",
    "routing",
    "legacy",
    "sessions",
    "objects",
    "hooks",
    "legacy_response",
    "answering",
    "lending",
    # 2 adapters
    "frameworks",
    # 3 front doors
    "functions",
    "common",
    "dispatcher",
    "flask_commands",
    "plugins",
    "registrations",
    "joining",
    "extension",
    "testing",
    # 4 tools
    "ratchet",
    "migrate",
    "route_views",
    "routes_command",
    "pytest_plugin",
    "demo",
    "cli",
    "__main__",
)

# Packages whose modules never import each other, and the few that the others may use;
# these may import the ones named before them. An application's state holds its config.
MEMBERS_KEEP_APART = {
    "frameworks": (),
    "objects": (
        "errors",
        "results",
        "response",
        "twins",
        "config",
        "helpers",
        "state",
        "site",
    ),
}

# Of these, the __init__ imports the modules, to choose among them: they must not import it.
# Elsewhere the __init__ is what its modules may import.
CHOOSERS = ("frameworks",)

# The imports that point downwards, allowed inside a function only, and why.
DOWNWARDS = {
    ("compatshim", "compatshim.extension"): (
        "from compatshim import CompatShim is the public spelling, and importing the"
        " package alone loads no framework"
    ),
    ("compatshim", "compatshim.deprecation.aliasing"): (
        "the alias of COMPATSHIM_ALIAS is there before anything else is imported, and"
        " nothing is loaded where there is none"
    ),
    ("compatshim.deprecation.__main__", "compatshim.ratchet.run_command"): (
        "python -m compatshim.deprecation run ... is a tool, and is loaded only then"
    ),
    ("compatshim.errors", "compatshim.objects.errors"): (
        "every exception is reachable from compatshim.errors, those that inherit from a"
        " framework's too"
    ),
    ("compatshim.flask_commands", "compatshim.routes_command"): (
        "flask compatshim ... runs the tools, and they are loaded only then"
    ),
    ("compatshim.serving", "compatshim._flask_context"): (
        "Flask is asked only once it is loaded"
    ),
}

# What the stricter packages may import of compatshim, beside themselves.
ONLY = {
    "legacy": (
        "errors",
        "deprecation",
        "ini",
        "serving",
        "lifetime",
        "parsing",
        "snapshots",
        "catalogues",
        "routing",
    ),
    "migrate": ("errors", "replacing", "deprecation", "ratchet"),
}

FRAMEWORKS = ("flask", "pylons", "routes", "webob")

# The places marked [fw]; the demo is an application.
MAY_IMPORT_FRAMEWORKS = (
    "_flask_context",
    "parsing",
    "routing",
    "objects",
    "sessions",
    "legacy",
    "frameworks",
    "dispatcher",
    "plugins",
    "registrations",
    "testing",
    "demo",
)

CONTRACTS = ("errors", "deprecation")
MAY_USE = ("werkzeug.local", "blinker")  # the latter for a signal, if it is asked for
OPTIONAL = (
    "babel",
    "beaker",
    "flask_babel",
    "mako",
    "paste.deploy",
    "pathspec",
    "pluggy",
    "selenium",
    "tree_sitter",
    "waitress",
)


class Import(NamedTuple):
    """One imported module: where it is written, and whether inside a function."""

    target: str
    line: int
    lazy: bool


class Module(NamedTuple):
    """A module of the package by its dotted name, and its source."""

    name: str
    source: str
    is_package: bool = False

    @property
    def line_in_order(self) -> str:
        return self.name.split(".")[1] if "." in self.name else PACKAGE


class _ImportReader(ast.NodeVisitor):
    """Collect the imports of one module, but for those of ``if TYPE_CHECKING:``."""

    def __init__(self, module: Module, known: frozenset[str]) -> None:
        self.imports: list[Import] = []
        self._module = module
        self._known = known
        self._depth = 0

    def _add(self, target: str, node: ast.stmt | ast.expr) -> None:
        self.imports.append(Import(target, node.lineno, self._depth > 0))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            parts = self._module.name.split(".")
            parts = parts[: len(parts) - node.level + self._module.is_package]
            base = ".".join([*parts, base] if base else parts)
        for alias in node.names:
            member = f"{base}.{alias.name}"
            self._add(member if member in self._known else base, node)

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ("import_module", "__import__") and node.args:
            target = node.args[0]
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                self._add(target.value, node)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        name = getattr(node.test, "attr", getattr(node.test, "id", ""))
        if name != "TYPE_CHECKING":
            self.generic_visit(node)
            return
        for statement in node.orelse:
            self.visit(statement)

    def _visit_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    ) -> None:
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1

    visit_FunctionDef = _visit_function
    visit_AsyncFunctionDef = _visit_function
    visit_Lambda = _visit_function


def imports_of(module: Module, known: frozenset[str]) -> list[Import]:
    """Return the imports of ``module``; ``known`` are the names of all modules."""
    reader = _ImportReader(module, known)
    reader.visit(ast.parse(module.source))
    return reader.imports


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == PACKAGE


def _line_in_order(name: str) -> str:
    return Module(name, "").line_in_order


def _points_upwards(importer: str, target: str) -> bool:
    ours, theirs = _line_in_order(importer), _line_in_order(target)
    if ours != theirs:
        return ORDER.index(theirs) < ORDER.index(ours)
    if ours not in MEMBERS_KEEP_APART:
        return ours != PACKAGE
    order = ["", *MEMBERS_KEEP_APART[ours]]
    member, other = (
        name.removeprefix(f"{PACKAGE}.{ours}").strip(".").split(".")[0]
        for name in (importer, target)
    )
    if member == other:
        return True
    if ours in CHOOSERS and "" in (member, other):
        return member == ""
    if other not in order:
        return False
    return member not in order or order.index(other) < order.index(member)


def _misplaced(module: Module, known: frozenset[str]) -> Iterator[str]:
    if module.line_in_order not in ORDER:
        yield f"{module.name} has no place in ORDER: give it one, and in DESIGN.md"
        return
    for found in imports_of(module, known):
        if not _is_ours(found.target):
            continue
        if _line_in_order(found.target) not in ORDER:
            yield f"line {found.line}: {found.target} has no place in ORDER"
        elif not _points_upwards(module.name, found.target) and not (
            found.lazy and (module.name, found.target) in DOWNWARDS
        ):
            yield (
                f"line {found.line}: {module.name} imports {found.target}, which"
                " stands below it or beside it"
            )


def _beyond_what_is_allowed(module: Module, known: frozenset[str]) -> Iterator[str]:
    allowed = ONLY.get(module.line_in_order)
    if allowed is None:
        return
    allowed += (module.line_in_order, PACKAGE)
    for found in imports_of(module, known):
        if _is_ours(found.target) and _line_in_order(found.target) not in allowed:
            yield (
                f"line {found.line}: {module.name} imports {found.target}; of"
                f" compatshim, {module.line_in_order} may import {allowed} only"
            )


def _forbidden_frameworks(module: Module) -> tuple[str, ...]:
    if module.line_in_order == "legacy":
        return ("flask",)
    return ()


def _frameworks_out_of_place(module: Module, known: frozenset[str]) -> Iterator[str]:
    may_import = module.line_in_order in MAY_IMPORT_FRAMEWORKS
    for found in imports_of(module, known):
        framework = found.target.split(".")[0]
        if framework in _forbidden_frameworks(module):
            yield f"line {found.line}: {module.name} must never import {framework}"
        elif framework in FRAMEWORKS and not found.lazy and not may_import:
            yield (
                f"line {found.line}: {module.name} imports {framework} at module"
                " level, and is not marked [fw] in DESIGN.md"
            )


def _not_for_contracts(module: Module, known: frozenset[str]) -> Iterator[str]:
    if module.line_in_order not in CONTRACTS:
        return
    for found in imports_of(module, known):
        if (
            found.target.split(".")[0] not in sys.stdlib_module_names
            and not _is_ours(found.target)
            and found.target not in MAY_USE
        ):
            yield (
                f"line {found.line}: {module.name} imports {found.target}; contracts"
                f" use the standard library and {MAY_USE} only"
            )


def _read_modules() -> list[Module]:
    root = Path(compatshim.__file__).parent
    modules = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        modules.append(Module(name, path.read_text("utf-8"), is_package))
    return modules


MODULES = _read_modules()
KNOWN = frozenset(module.name for module in MODULES)
CHECKS = (
    _misplaced,
    _beyond_what_is_allowed,
    _frameworks_out_of_place,
    _not_for_contracts,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.strip("_"))
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_module(module: Module, check: Check) -> None:
    assert list(check(module, KNOWN)) == []


@pytest.mark.parametrize(("importer", "target"), DOWNWARDS, ids=lambda name: name)
def test_exception_is_still_needed(importer: str, target: str) -> None:
    module = next(module for module in MODULES if module.name == importer)
    assert any(
        found.target == target and found.lazy for found in imports_of(module, KNOWN)
    )


# The checker, on made-up sources.

MADE_UP = frozenset(
    {
        "compatshim",
        "compatshim.demo",
        "compatshim.errors",
        "compatshim.frameworks",
        "compatshim.frameworks.flask",
        "compatshim.frameworks.pylons",
        "compatshim.objects",
        "compatshim.objects.errors",
        "compatshim.objects.request",
        "compatshim.objects.state",
        "compatshim.routing",
        "compatshim.routing.matching",
        "compatshim.serving",
    }
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import flask.globals", [("flask.globals", False)]),
        ("from flask import g, request", [("flask", False)] * 2),
        ("from compatshim import serving", [("compatshim.serving", False)]),
        ("from compatshim import __version__", [("compatshim", False)]),
        ("from compatshim.serving import x", [("compatshim.serving", False)]),
        ("from . import matching", [("compatshim.routing.matching", False)]),
        ("from .matching import x", [("compatshim.routing.matching", False)]),
        ("from .. import serving", [("compatshim.serving", False)]),
        ("from ..serving import x", [("compatshim.serving", False)]),
        ("def f():\n    import flask", [("flask", True)]),
        ("async def f():\n    import flask", [("flask", True)]),
        ("class C:\n    import flask", [("flask", False)]),
        ("class C:\n    def f(self):\n        import flask", [("flask", True)]),
        ("try:\n    import flask\nexcept ImportError:\n    pass", [("flask", False)]),
        ("def f():\n    pass\nimport flask", [("flask", False)]),
        ("if TYPE_CHECKING:\n    import flask", []),
        ("if typing.TYPE_CHECKING:\n    import flask", []),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import flask", [("flask", False)]),
        ("if sys.platform:\n    import flask", [("flask", False)]),
        ("importlib.import_module('flask')", [("flask", False)]),
        ("f = lambda: __import__('flask')", [("flask", True)]),
        ("importlib.import_module(name)", []),
    ],
)
@pytest.mark.parametrize("is_package", [False, True])
def test_reading_imports(
    source: str, expected: list[tuple[str, bool]], is_package: bool
) -> None:
    name = "compatshim.routing" if is_package else "compatshim.routing.ownership"
    found = imports_of(Module(name, source, is_package), MADE_UP)
    assert [(one.target, one.lazy) for one in found] == expected


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("compatshim.serving", "from compatshim.errors import NoRequestError"),
        ("compatshim.serving", "from compatshim import __version__"),
        ("compatshim.serving", "def f():\n    import compatshim._flask_context"),
        ("compatshim.serving", "import flaskless"),
        ("compatshim.routing.ownership", "from compatshim.routing import matching"),
        ("compatshim.routing.ownership", "import routes"),
        ("compatshim.objects.request", "from compatshim.objects import state"),
        ("compatshim.objects.state", "from compatshim.objects.errors import x"),
        ("compatshim.objects.url.build", "from compatshim.objects.url import x"),
        ("compatshim.frameworks", "from compatshim.frameworks import flask, pylons"),
        ("compatshim.common", "from compatshim.objects.request import x"),
        ("compatshim.common", "def f():\n    import flask"),
        ("compatshim.cli", "from compatshim import demo"),
        ("compatshim.legacy.pylons", "from compatshim.serving import x\nimport webob"),
        ("compatshim.errors", "from werkzeug.local import LocalProxy\nimport sys"),
        ("compatshim.demo.app", "import flask"),
    ],
)
def test_allowed(name: str, source: str) -> None:
    module = Module(name, source)
    assert [fault for check in CHECKS for fault in check(module, MADE_UP)] == []


@pytest.mark.parametrize(
    ("check", "name", "source"),
    [
        (_misplaced, "compatshim.helpers", ""),
        (_misplaced, "compatshim.common", "import compatshim.helpers"),
        (_misplaced, "compatshim.errors", "import compatshim.serving"),
        (_misplaced, "compatshim.errors", "import compatshim.deprecation"),
        (_misplaced, "compatshim.serving", "import compatshim._flask_context"),
        (_misplaced, "compatshim.serving", "def f():\n    import compatshim.demo"),
        (_misplaced, "compatshim", "from compatshim.extension import CompatShim"),
        (_misplaced, "compatshim.common", "from compatshim import demo"),
        (_misplaced, "compatshim.dispatcher", "import compatshim.extension"),
        (_misplaced, "compatshim.frameworks.flask", "import compatshim.common"),
        (
            _misplaced,
            "compatshim.frameworks.flask",
            "from compatshim.frameworks.outside import x",
        ),
        (_misplaced, "compatshim.frameworks.flask", "import compatshim.frameworks"),
        (_misplaced, "compatshim.objects", "import compatshim.objects.request"),
        (
            _misplaced,
            "compatshim.objects.session",
            "from compatshim.objects import request",
        ),
        (
            _misplaced,
            "compatshim.objects.errors",
            "from compatshim.objects import state",
        ),
        (
            _misplaced,
            "compatshim.objects.state",
            "from compatshim.objects import request",
        ),
        (_beyond_what_is_allowed, "compatshim.legacy.x", "import compatshim.lending"),
        (
            _beyond_what_is_allowed,
            "compatshim.legacy.x",
            "def f():\n    import compatshim._flask_context",
        ),
        (_beyond_what_is_allowed, "compatshim.migrate.x", "import compatshim.serving"),
        (_frameworks_out_of_place, "compatshim.common", "import flask"),
        (_frameworks_out_of_place, "compatshim.serving", "from webob import Request"),
        (_frameworks_out_of_place, "compatshim.legacy.x", "import flask"),
        (
            _frameworks_out_of_place,
            "compatshim.legacy.x",
            "def f():\n    from flask.globals import g",
        ),
        (_not_for_contracts, "compatshim.errors", "import werkzeug.exceptions"),
        (
            _not_for_contracts,
            "compatshim.deprecation",
            "def f():\n    import markupsafe",
        ),
    ],
)
def test_refused(check: Check, name: str, source: str) -> None:
    assert len(list(check(Module(name, source), MADE_UP))) == 1


# What a fresh Python says.


def _fresh_python(code: str, directory: Path) -> str:
    # An empty directory, so that the installed package is imported, not a checkout.
    return printed_by(code, directory).strip()


def _loaded_after(statement: str, wanted: tuple[str, ...], directory: Path) -> str:
    code = f"import sys\n{statement}\nprint(*sorted(set(sys.modules) & {set(wanted)}))"
    return _fresh_python(code, directory)


@pytest.mark.parametrize(
    "name",
    sorted(
        KNOWN & {PACKAGE, *(f"{PACKAGE}.{name}" for name in (*CONTRACTS, "serving"))}
    ),
)
def test_import_loads_no_framework(name: str, tmp_path: Path) -> None:
    wanted = (*FRAMEWORKS, "jinja2", *OPTIONAL)
    assert _loaded_after(f"import {name}", wanted, tmp_path) == ""


@pytest.mark.parametrize("name", ["legacy", "routing"])
def test_legacy_side_alone_does_not_load_flask(name: str, tmp_path: Path) -> None:
    assert _loaded_after(f"import compatshim.{name}", ("flask",), tmp_path) == ""


def test_common_loads_no_tool_and_no_optional_library(tmp_path: Path) -> None:
    tools = ("compatshim.migrate", "compatshim.cli", "compatshim.demo", "pytest")
    loaded = _loaded_after("import compatshim.common", (*tools, *OPTIONAL), tmp_path)
    assert loaded == ""


def test_common_without_any_optional_library(tmp_path: Path) -> None:
    code = f"""
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name in {OPTIONAL} or name.split(".")[0] in {OPTIONAL}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
from compatshim.common import request, session, c, g, url_for, _
print("imported")
"""
    assert _fresh_python(code, tmp_path) == "imported"
