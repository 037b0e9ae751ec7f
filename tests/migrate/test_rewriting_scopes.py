"""Whatever binds a name, and wherever: it means the same after the rewriting.

The programs are made of everything that can bind a name, and are run, before and after, by
other Pythons than this one, with made-up modules in the place of the real ones. Each
statement that reads a name notes what it has found. These Pythons tell, too, whether what
stands elsewhere is the same: they know nothing of the parser that the rewriter has.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from compatshim.deprecation.names import LEGACY_NAMES
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.rewriting import rewrite_source
from compatshim.migrate.sources import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[[str], dict[str, Any] | None]

pytest.importorskip("tree_sitter_python")

CATALOGUE = Catalogue()

# Understood by Python 2.7 and 3: reads programs, tells what each has found.
RUNNER = r"""
from __future__ import print_function
import ast, json, re, sys, types
try:
    import builtins
except ImportError:
    import __builtin__ as builtins

legacy = json.loads(sys.argv[1])

def made_up():
    found = {}
    def module(name):
        if name not in found:
            found[name] = types.ModuleType(str(name))
            parent, _, last = name.rpartition(".")
            if parent:
                setattr(module(parent), last, found[name])
        return found[name]
    for name in sorted(legacy):
        for attribute, target in legacy[name].items():
            setattr(module(name), attribute, target)
            common, _, last = target.rpartition(".")
            setattr(module(common), last, target)
    module("pylons").foo = "pylons.foo"
    module("other").request = "other.request"
    module("other").c = "other.c"
    return found

class Elsewhere(ast.NodeTransformer):
    # Takes the imports away that may be rewritten, and what is read from modules.
    def visit_Import(self, node):
        module = getattr(node, "module", None)
        if module is None:
            node.names = [one for one in node.names if one.name.split(".")[0] != "pylons"]
        elif module.split(".")[0] in ("pylons", "compatshim"):
            node.names = [one for one in node.names if one.name == "foo"]
        return node if node.names else None

    visit_ImportFrom = visit_Import

    def visit_Attribute(self, node):
        parts, inner = [node.attr], node.value
        while isinstance(inner, ast.Attribute):
            parts.insert(0, inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and inner.id in ("pylons", "p"):
            module = ".".join(["pylons"] + parts[:-1])
            found = legacy.get(module, {}).get(parts[-1])
            if found:
                return ast.Name(id=str(found.rpartition(".")[2]), ctx=node.ctx)
        return self.generic_visit(node)

def shown(value):
    return re.sub(" at 0x[0-9a-fA-F]+", "", str(getattr(value, "__name__", value)))

def run(source):
    modules, noted = made_up(), []
    def importing(name, _globals=None, _locals=None, fromlist=(), level=0):
        if name not in modules:
            raise ImportError(name)
        return modules[name] if fromlist else modules[name.partition(".")[0]]
    def note(*values):
        noted.append([shown(value) for value in values])
    class Context(object):
        def __enter__(self):
            return "entered"
        def __exit__(self, *_):
            return None
    space = dict(vars(builtins), __import__=importing)
    names = {"__builtins__": space, "note": note, "context": Context(), "__name__": "m"}
    ending = None
    try:
        code = compile(source, "<program>", "exec")
    except SyntaxError:
        return None
    try:
        exec(code, names)
    except Exception as error:  # whichever it is, it is the same afterwards
        ending = type(error).__name__
    left = {
        name: shown(value)
        for name, value in names.items()
        if name in ("request", "c", "config", "_", "pylons", "p")
    }
    tree = ast.dump(Elsewhere().visit(ast.parse(source)))
    return {"noted": noted, "names": left, "ending": ending, "tree": tree}

for line in iter(sys.stdin.readline, ""):
    print(json.dumps(run(json.loads(line))))
    sys.stdout.flush()
"""

PYENV = Path("~/.pyenv/versions").expanduser()
PYTHONS = {
    "this Python": [sys.executable],
    "Python 2.7": ["python2.7", *map(str, PYENV.glob("2.7*/bin/python2.7"))],
}


@pytest.fixture(scope="module", params=PYTHONS)
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Return what runs a program; its answer is ``None`` if that is not valid."""
    python = next(filter(is_here, PYTHONS[request.param]), None)
    if python is None:
        pytest.skip(f"{request.param} is not here")
    with running(python) as answer:
        yield answer


def is_here(python: str) -> bool:
    command = [python, "-c", "import json"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@contextmanager
def running(python: str) -> Iterator[Run]:
    names = json.dumps({module: dict(of) for module, of in LEGACY_NAMES.items()})
    with subprocess.Popen(
        [python, "-W", "ignore", "-c", RUNNER, names],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def answer(source: str) -> dict[str, Any] | None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(source) + "\n")
            process.stdin.flush()
            found: dict[str, Any] | None = json.loads(process.stdout.readline())
            return found

        yield answer
        process.stdin.close()


# Programs

NAME = st.sampled_from(["request", "c", "config", "_"])
READ = st.sampled_from(
    [
        *("request", "c", "config", "_", "pylons", "p"),
        *("pylons.request", "pylons.request", "pylons.c", "pylons.config"),
        *("p.request", "p.tmpl_context", "pylons.i18n._", "pylons.foo"),
    ]
)
IMPORTS = st.sampled_from(
    [
        *("import pylons", "import pylons", "import pylons as p", "import pylons.i18n"),
        *("import pylons, other", "import pylons; x = 1", "x = 1; import pylons"),
        *("from pylons import request", "from pylons import c, config"),
        *(
            "from pylons import tmpl_context as c",
            "from pylons.i18n import _, ugettext",
        ),
        *("from pylons import request as c", "from pylons import foo, request"),
        *("from pylons import (config,\n  request)", "from pylons import c, \\\n  foo"),
        *(
            "from compatshim.common import c",
            "from compatshim.common import request, _",
        ),
        *("from other import request", "import other as c", "from other import *"),
        *("from pylons import request; from pylons import c", "import missing"),
    ]
)


READS = READ.map(
    lambda read: (
        f"try: note('read', {read})\n"
        "except (NameError, AttributeError): note('read', 'missing')"
    )
)
SHADOWED_READ = (
    "note([{read} for {name} in 'a'])",
    "note(list({read} for {name} in 'a'))",
    "note([{name} for {name} in [{read}]])",
    "note((lambda {name}: {read})(1))",
    "note((lambda *{name}: {read})())",
    "note((lambda {name}={read}: {read})())",
    "note((lambda x={read}: x)())",
    "note([[{read} for {name} in 'a'] for x in 'b'])",
    "note(dict({name}={read}))",
    "note([x for x in [1] if ({name} := 2)], {read})",
    "note(`{read}`)",
    "note(eval('{read}'))",
)
BINDINGS = (
    "{name} = 1",
    "{name}, x = 1, 2",
    "for {name} in 'ab': pass",
    "with context as {name}: pass",
    "def {name}(): pass",
    "class {name}: pass",
    "del {name}",
    "global {name}",
    "nonlocal {name}",
    "import other as {name}",
    "try: 1 / 0\nexcept Exception as {name}: pass",
    "try: 1 / 0\nexcept Exception, {name}: pass",
    "if ({name} := 1): pass",
    "match 1:\n    case {name}: pass",
    "match [1]:\n    case [*{name}]: pass",
    "[1 for {name} in 'a']",
    "exec('{name} = 1')",
    "note(sorted(set(locals()) & {{'request', 'c', 'config', '_', 'pylons', 'p'}}))",
)
HEADS = (
    "def f():",
    "def f(x={read}):",
    "def f({name}=1):",
    "def f({name}={read}):",
    "def f(x, *{name}):",
    "def f(**{name}):",
    "class K:",
    "class K(object):",
    "if 1:",
    "if 0:",
    "for x in 'a':",
    "with context as {name}:",
    "while 1:",
)


@st.composite
def from_form(draw: Any, forms: tuple[str, ...]) -> str:
    form = draw(st.sampled_from(forms))
    return str(form.format(name=draw(NAME), read=draw(READ)))


def indented(lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines.splitlines())


@st.composite
def blocks(draw: Any, inner: Any) -> str:
    head = draw(from_form(HEADS))
    body = draw(st.lists(inner, min_size=1, max_size=4))
    body = [one for one in body if one.startswith("global ")] + [
        one for one in body if not one.startswith("global ")
    ]
    lines = head + "\n" + indented("\n".join(body))
    if head.startswith("while"):
        lines += "    break\n"
    if head.startswith("def"):
        arguments = "1" if "x," in head else ""
        lines += f"f({arguments})\n"
    if head.startswith("if") and draw(st.booleans()):
        lines += "else:\n" + indented(draw(inner))
    return lines


@st.composite
def attempts(draw: Any, inner: Any) -> str:
    return (
        f"try:\n{indented(draw(inner))}{indented(draw(inner))}"
        f"except ImportError:\n{indented(draw(inner))}"
    )


SIMPLE = st.one_of(
    IMPORTS,
    IMPORTS,
    READS,
    READS,
    from_form(SHADOWED_READ),
    from_form(BINDINGS),
)
NESTED = st.one_of(SIMPLE, SIMPLE, SIMPLE, blocks(SIMPLE), attempts(SIMPLE))
PROGRAMS = st.lists(
    st.one_of(SIMPLE, SIMPLE, blocks(NESTED), blocks(NESTED), attempts(NESTED)),
    min_size=2,
    max_size=7,
).map("\n".join)


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(PROGRAMS)
def test_every_name_means_the_same(run: Run, program: str) -> None:
    before = run(f"{program}\n")
    assume(before is not None)
    assert before is not None
    source = decode("<program>", f"{program}\n".encode())
    program = rewrite_source(source, CATALOGUE).data.decode()
    after = run(program)
    assert after is not None, program
    assert after["tree"] == before["tree"], program
    if before["ending"] is None:
        check_means_the_same(before, after, program)


def check_means_the_same(
    before: dict[str, Any], after: dict[str, Any], program: str
) -> None:
    assert after["ending"] is None, program
    for was, is_now in zip(before["noted"], after["noted"], strict=True):
        # An import that has moved up may make a name known earlier.
        assert was in (is_now, ["read", "missing"]), program
    gone = set(before["names"]) - set(after["names"])
    assert gone <= {"pylons", "p"}, program
    for name, value in before["names"].items():
        assert after["names"].get(name, value) == value, program
