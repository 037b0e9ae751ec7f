"""Whatever a source looks like: it does the same, its other bytes stay, once is enough.

The sources are run, before and after, with made-up modules instead of the real ones.
"""

from __future__ import annotations

import builtins
import types
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings, strategies as st

from compatshim.deprecation.names import LEGACY_NAMES
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.rewriting import Rewriting, rewrite_source
from compatshim.migrate.sources import decode

pytest.importorskip("tree_sitter_python")

CATALOGUE = Catalogue()
MISSING = "missing"
NAMES = ("request", "c", "config", "_")
OWN = {"WSGIController": "pylons.controllers.WSGIController", "foo": "pylons.foo"}


def rewritten(data: bytes) -> Rewriting:
    return rewrite_source(decode("file.py", data), CATALOGUE)


# Sources


def _from_pylons(names: list[tuple[str, str]]) -> list[str]:
    return [f"{name} as {alias}" if alias else name for name, alias in names]


IMPORTED = st.sampled_from(
    [
        ("request", ""),
        ("request", "c"),
        ("tmpl_context", "c"),
        ("c", ""),
        ("config", ""),
        ("config", "request"),
        ("foo", ""),
        ("tmpl_context", ""),
    ]
)
COMMENT = st.sampled_from(["", "", "", "  # noqa", " # é", "\t# c, request)"])


@st.composite
def from_imports(draw: Any) -> list[str]:
    module, names = draw(
        st.one_of(
            st.tuples(
                st.just("pylons"),
                st.lists(IMPORTED, min_size=1, max_size=4).map(_from_pylons),
            ),
            st.tuples(
                st.sampled_from(["pylons.i18n", "pylons.i18n.translation"]),
                st.sampled_from([["_"], ["_", "N_"], ["ugettext as _"]]),
            ),
            st.tuples(
                st.just("compatshim.common"),
                st.sampled_from([["c"], ["request", "c"], ["_"]]),
            ),
        )
    )
    comment = draw(COMMENT)
    form = draw(st.integers(0, 5))
    head = f"from {module} import"
    if form == 0:
        last = names[-1] + draw(st.sampled_from(["", ","]))
        return [
            f"{head} ({draw(COMMENT)}",
            *(f"    {name},{draw(COMMENT)}" for name in names[:-1]),
            f"    {last}{draw(COMMENT)}",
            *draw(st.sampled_from([[], ["    # above the end"]])),
            f"){comment}",
        ]
    if form == 1:
        return [f"{head} ({', '.join(names)}){comment}"]
    if form == 2 and len(names) > 1:
        return [f"{head} {names[0]}, \\", f"  {', '.join(names[1:])}{comment}"]
    if form == 3:
        return [f"a = 1; {head} {', '.join(names)}; b = 2{comment}"]
    return [f"{head} {', '.join(names)}{comment}"]


PLAIN_IMPORTS = st.sampled_from(
    [
        "import pylons",
        "import pylons, stars",
        "import pylons.i18n",
        "import pylons as p",
        "import pylons.config as config",
        "import pylons.i18n as i18n  # é",
        "from pylons import i18n",
        "from stars import *",
        "from other import request",
        "from pylons.i18n import *",
    ]
).map(lambda line: [line])
USES = st.sampled_from(
    [
        *NAMES,
        "pylons.request",
        "pylons.config",
        "pylons.tmpl_context",
        "pylons . i18n . _",
        "p.request",
        "pylons.foo",
        "pylons",
        "i18n._",
        "(lambda request: pylons.request)(1)",
        "[pylons.request for request in (1, 2)]",
        "[request for request in pylons.request]",
        "(lambda config=pylons.config: (config, pylons.config))()",
    ]
).map(lambda use: [f"note(lambda: {use})  "])
BINDINGS = st.sampled_from(
    [
        "request = 'bound'",
        "c = config = 'bound'",
        "for _ in 'ab': pass",
        "pylons = None",
        "def request(): pass",
    ]
).map(lambda line: [line])
OTHERS = st.sampled_from(
    ["# kept é", "", "kept = 'é'  ", "kept = '''", "\tkept\u3042'''"][:3]
).map(lambda line: [line])
SIMPLE = st.one_of(from_imports(), from_imports(), PLAIN_IMPORTS, USES, USES, OTHERS)


def _indented(lines: list[str], step: str) -> list[str]:
    return [step + line for line in lines]


@st.composite
def compounds(draw: Any, inner: Any) -> list[str]:
    step = draw(st.sampled_from(["    ", "\t", "  "]))
    body = [line for part in draw(st.lists(inner, max_size=3)) for line in part]
    body = _indented([*body, "pass"], step)
    kind = draw(st.sampled_from(["def", "def", "class", "if", "try"]))
    if kind == "def":
        parameter = draw(st.sampled_from(["", "request=0", "x=lambda: pylons.request"]))
        declared = draw(st.sampled_from([[], [], [], ["global request"]]))
        if parameter == "request=0":
            declared = []
        return [f"def f({parameter}):", *_indented(declared, step), *body, "f()"]
    if kind == "class":
        return ["class K:", *body]
    if kind == "if":
        other = _indented([*draw(inner), "pass"], step)
        return [f"if {draw(st.booleans())}:", *body, "else:", *other]
    other = _indented([*draw(inner), "pass"], step)
    failing = draw(st.sampled_from([[], ["import missing"]]))
    return ["try:", *body, *_indented(failing, step), "except ImportError:", *other]


LINES = st.lists(
    st.one_of(
        SIMPLE,
        SIMPLE,
        SIMPLE,
        BINDINGS,
        compounds(st.one_of(SIMPLE, SIMPLE, compounds(SIMPLE))),
    ),
    max_size=8,
).map(lambda parts: [line for part in parts for line in part])


# What they do


class _Module(types.ModuleType):
    pass


def _modules() -> dict[str, types.ModuleType]:
    found: dict[str, types.ModuleType] = {}

    def module(name: str) -> types.ModuleType:
        if name not in found:
            found[name] = _Module(name)
            parent, _, last = name.rpartition(".")
            if parent:
                setattr(module(parent), last, found[name])
        return found[name]

    for name in sorted(LEGACY_NAMES):
        for attribute, target in LEGACY_NAMES[name].items():
            setattr(module(name), attribute, target)
            common, _, last = target.rpartition(".")
            setattr(module(common), last, target)
    module("pylons").foo = "foo"
    module("stars").request = "request of the star"
    module("other").request = "another request"
    return found


def _run(source: bytes) -> tuple[list[Any], dict[str, Any], str]:
    """Return what was noted, the names of the module, and the exception at its end."""
    modules = _modules()
    noted: list[Any] = []

    def importing(
        name: str, _g: Any = None, _l: Any = None, fromlist: Any = (), _level: int = 0
    ) -> types.ModuleType:
        if name not in modules and name != "pylons.config":
            raise ImportError(name)
        return modules.get(name) if fromlist else modules[name.partition(".")[0]]

    def note(read: Any) -> None:
        try:
            value = read()
        except (NameError, AttributeError):
            value = MISSING
        noted.append(getattr(value, "__name__", value))

    namespace: dict[str, Any] = {
        "__builtins__": {**vars(builtins), "__import__": importing},
        "note": note,
    }
    ending = ""
    try:
        exec(compile(source, "file.py", "exec"), namespace)
    except Exception as error:  # noqa: BLE001 (whichever it is)
        ending = type(error).__name__
    values = {
        name: value
        for name, value in namespace.items()
        if isinstance(value, str) and not name.startswith("__")
    }
    return noted, values, ending


def _does_the_same(before: bytes, after: bytes) -> None:
    noted, values, ending = _run(before)
    assume(not ending)
    noted_after, values_after, ending_after = _run(after)
    assert ending_after == ""
    assert len(noted_after) == len(noted)
    for was, is_now in zip(noted, noted_after, strict=True):
        # An import that has moved up may make a name known earlier.
        assert was in (is_now, MISSING)
    assert values.items() <= values_after.items()


def _compiles(data: bytes) -> bool:
    try:
        compile(data, "file.py", "exec")
    except SyntaxError:
        return False
    return True


SLOW = settings(
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@SLOW
@given(LINES)
def test_program_does_the_same(lines: list[str]) -> None:
    data = ("\n".join(lines) + "\n").encode()
    assume(_compiles(data))
    _does_the_same(data, rewritten(data).data)


@SLOW
@given(LINES)
def test_second_time_changes_nothing(lines: list[str]) -> None:
    first = rewritten("\n".join(lines).encode())
    second = rewritten(first.data)
    assert second.data == first.data
    assert len(second.refusals) <= len(first.refusals)


@SLOW
@given(
    LINES,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16", "cp932", "gbk"]),
    st.booleans(),
)
@example(
    ["from pylons import c  # é", "# kept é", "import pylons"], "\r", "utf-16", False
)
def test_bytes_of_other_lines_stay(
    lines: list[str], newline: str, encoding: str, ends: bool
) -> None:
    text = newline.join(lines) + newline * ends
    if encoding in ("cp932", "gbk"):
        text = text.replace("é", "あ")
    if encoding in ("latin-1", "cp932", "gbk"):
        text = f"# -*- coding: {encoding} -*-{newline}{text}"
    data = text.encode(encoding)
    result = rewritten(data)
    # Python's own decoder and its lines, not ours.
    kept = [line for line in _lines(text) if "kept" in line]
    after = _lines(result.data.decode(encoding))
    assert [line for line in after if "kept" in line] == kept
    assert result.data.decode(encoding).encode(encoding) == result.data
    if all(line.strip() for line in lines):
        assert text.endswith(newline) == result.data.decode(encoding).endswith(newline)
    if newline != "\n" and newline in text:
        assert "\n" not in result.data.decode(encoding).replace(newline, "")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@SLOW
@given(LINES)
def test_no_comment_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    after = rewritten(text.encode()).data.decode()
    for comment in ("# é", "# c, request)", "# above the end"):
        assert (comment in after) == (comment in text)


@SLOW
@given(
    st.binary(max_size=60),
    st.sampled_from([b"from pylons import c\n", b"import pylons;"]),
)
def test_any_bytes_are_read(noise: bytes, line: bytes) -> None:
    data = noise + line + noise
    once = rewritten(data)
    assert rewritten(once.data).data == once.data
