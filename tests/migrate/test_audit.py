from __future__ import annotations

import codecs
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from compatshim.migrate import audit as audit_module, syntax
from compatshim.migrate.audit import audit, audit_source, is_suspect
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.sources import decode

if TYPE_CHECKING:
    from pathlib import Path

    from compatshim.migrate.findings import Finding


def places(found: tuple[Finding, ...]) -> list[tuple[str, int, str]]:
    return [(one.path, one.line, one.full_name) for one in found]


def test_a_tree(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/base.py").write_text(
        "import os\nfrom pylons import url, request\n"
    )
    (tmp_path / "a.py").write_text("x = 1\n")
    found = audit([str(tmp_path)])
    assert places(found.findings) == [
        ("lib/base.py", 2, "pylons.url"),
        ("lib/base.py", 2, "pylons.request"),
    ]
    assert found.files == 2
    assert found.unreadable == ()


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_same_with_more_processes(tmp_path: Path, jobs: int) -> None:
    for number in range(100):
        source = f"{'#' * number}\nfrom pylons import request\n"
        (tmp_path / f"m{number:03}.py").write_text(source)
    (tmp_path / "bad.py").write_bytes(b"import pylons # \xe9\n")
    seen: list[tuple[int, int]] = []
    found = audit([str(tmp_path)], jobs=jobs, progress=lambda *done: seen.append(done))
    assert places(found.findings)[1:] == [
        (f"m{number:03}.py", 2, "pylons.request") for number in range(100)
    ]
    assert [one.path for one in found.unreadable] == ["bad.py"]
    assert seen[-1] == (101, 101)
    assert seen == sorted(seen)


def test_legacy_packages_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import mycompany.web\n"
        "from mycompany.web import request, other\n"
        "from mycompany import web, shop\n"
        "mycompany.web.request, web.request, mycompany.shop\n"
        "patch('mycompany.web.request')\n"
    )
    own = {"mycompany.web": {"request": "compatshim.common.request"}}
    assert audit([str(tmp_path)]).findings == ()
    found = audit([str(tmp_path)], own=own).findings
    assert [
        (one.code, one.line, one.full_name, one.replacement[18:]) for one in found
    ] == [
        ("CS104", 1, "mycompany.web", ""),
        ("CS101", 2, "mycompany.web.request", "request"),
        ("CS103", 2, "mycompany.web.other", ""),
        ("CS104", 3, "mycompany.web", ""),
        ("CS102", 4, "mycompany.web.request", "request"),
        ("CS102", 4, "mycompany.web.request", "request"),
        ("CS108", 5, "mycompany.web.request", "request"),
    ]


def test_the_same_path_below_two_paths(tmp_path: Path) -> None:
    for name, alias in (("b", ""), ("a", " as d")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.py").write_text(f"from pylons import c{alias}")
    found = audit([str(tmp_path / name) for name in "ba"]).findings
    assert [(one.root[-1], one.path, one.asname) for one in found] == [
        ("a", "x.py", "d"),
        ("b", "x.py", None),
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"import pylons # \xe9\n", "utf-8"),
        (b"# coding: nothing\nimport pylons\n", "nothing"),
        (b"import pylons\n\n\n\ndef f(:\n", "line 5 cannot be parsed"),
    ],
)
def test_what_can_be_read_of_a_bad_file(
    tmp_path: Path, data: bytes, problem: str
) -> None:
    (tmp_path / "a.py").write_bytes(data)
    found = audit([str(tmp_path)])
    assert [one.full_name for one in found.findings] == ["pylons"]
    (unreadable,) = found.unreadable
    assert unreadable.path == "a.py"
    assert problem in unreadable.reason


@pytest.mark.parametrize(
    ("data", "lines"),
    [(b"", 0), (b"x", 1), (b"x\n", 1), (b"x\r\ny\r\n", 2), (b"x\ry\r", 2)],
)
def test_how_many_lines_a_file_has(tmp_path: Path, data: bytes, lines: int) -> None:
    (tmp_path / "a.py").write_bytes(data)
    found = audit([str(tmp_path)])
    assert found.read == ((str(tmp_path), "a.py", lines),)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    found = audit([str(tmp_path / "gone.py")])
    (unreadable,) = found.unreadable
    assert unreadable.reason == "No such file or directory"
    assert found.read == ()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"from pylons import c", True),
        (b"x = routes", True),
        (b"x = myroutes, pasted, pylons_, _webob", False),
        (b"import os", False),
        (b"from compatshim.common import request", False),
        (b"from compatshim.legacy import request", True),
        (b"from compatshim import legacy", True),
        (b"", False),
        (codecs.BOM_UTF8 + b"import pylons", True),
        (codecs.BOM_UTF16_LE + "import pylons".encode("utf-16-le"), True),
        ("import pylons".encode("utf-16-le"), True),
        ("import pylons".encode("utf-16-be"), True),
    ],
)
def test_suspects(data: bytes, expected: bool) -> None:
    assert is_suspect(data, Catalogue()) is expected


def test_nothing_is_parsed_without_a_legacy_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_module, "decode", None)
    (tmp_path / "a.py").write_text("import os\n")
    assert audit([str(tmp_path)]).findings == ()


def test_a_file_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All rules look at one tree."""
    parsed: list[bytes] = []
    real = syntax._parser()

    class Counting:
        def parse(self, text: bytes) -> object:
            parsed.append(text)
            return real.parse(text)

    monkeypatch.setattr(syntax, "_parser", Counting)
    source = (
        b"import pylons, webob\nfrom pylons import request, c as d\n"
        b"from pylons.i18n import *\nm = __import__('pylons')\n"
        b"patch('pylons.request')\ndef f():\n    return pylons.config, request\n"
        b"__all__ = ['d']\n"
    )
    (tmp_path / "a.py").write_bytes(source)
    codes = {one.code for one in audit([str(tmp_path)]).findings}
    assert {"CS101", "CS102", "CS104", "CS105", "CS106", "CS107", "CS108"} <= codes
    assert parsed == [source]


def test_nothing_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    (tmp_path / "setup.py").write_text(
        f"# coding: mine\nimport pylons\nopen({str(mark)!r}, 'w')\n"
    )
    (tmp_path / "mine.py").write_text(f"import pylons\nopen({str(mark)!r}, 'w')\n")
    assert len(audit([str(tmp_path)]).findings) == 2
    assert not mark.exists()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp932", "latin-1", "gbk"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_endings(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    cookie = "" if encoding.startswith("utf") else f"# coding: {encoding}"
    text = f"{cookie}\n\tx = 1\nif 1:\n\tfrom pylons import c, url\n"
    (tmp_path / "a.py").write_bytes(text.replace("\n", newline).encode(encoding))
    found = audit([str(tmp_path)]).findings
    assert [(one.line, one.column) for one in found] == [(4, 21), (4, 24)]


class TestIgnoreComments:
    def lines(self, tmp_path: Path, source: str) -> list[str]:
        (tmp_path / "a.py").write_text(source)
        return [one.name for one in audit([str(tmp_path)]).findings]

    @pytest.mark.parametrize(
        "comment",
        [
            "# compatshim: ignore",
            "# compatshim: ignore[CS101]",
            "# noqa # compatshim:ignore[CS104, CS101]",
            "#compatshim: ignore[ CS101 ] as long as there is no Flask",
        ],
    )
    def test_a_line(self, tmp_path: Path, comment: str) -> None:
        source = f"from pylons import c {comment}\nfrom pylons import url\n"
        assert self.lines(tmp_path, source) == ["url"]

    @pytest.mark.parametrize(
        "comment", ["# compatshim: ignore[CS102]", "# ignore[CS101]", "# compatshim"]
    )
    def test_of_something_else(self, tmp_path: Path, comment: str) -> None:
        assert self.lines(tmp_path, f"from pylons import c {comment}\n") == ["c"]

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ("first", []),
            ("last", []),
            ("one", ["url"]),
            ("other", ["c"]),
        ],
    )
    def test_in_a_statement_of_many_lines(
        self, tmp_path: Path, where: str, expected: list[str]
    ) -> None:
        lines = {
            "first": "from pylons import (",
            "one": "    c,",
            "other": "    url,",
            "last": ")",
        }
        lines[where] += "  # compatshim: ignore[CS101]"
        assert self.lines(tmp_path, "\n".join(lines.values())) == expected

    def test_what_else_is_true_of_a_name(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text(
            "from pylons import c  # compatshim: ignore[CS110]\n"
        )
        (found,) = audit([str(tmp_path)]).findings
        assert found.also == ()


PIECES = st.sampled_from(
    [
        b"import pylons\n",
        b"from pylons import request, c as d\n",
        b"pylons.request.x",
        b"'''",
        b'"',
        b"`pylons.url`",
        b">>> import pylons\n",
        b"def f(",
        b"):\n    ",
        b"\n",
        b"\\",
        b"\x00",
        b"\xff\xfe",
        b"\xe9",
        b"# coding: utf-16\n",
        b"# compatshim: ignore[",
        b"[{(",
        b"f'{",
        b"from pylons import (\n",
        b"__import__('pylons')",
        b"del pylons\n",
        b"match pylons:\n case pylons.x:",
        b"global pylons\n",
        b"lambda pylons:",
        b"except pylons, pylons:",
    ]
)


@settings(deadline=None, max_examples=500)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=6)), max_size=25))
def test_whatever_is_in_a_file(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    source = decode("a.py", data)
    found = audit_source(source, Catalogue(), "a.py").findings
    for one in found:
        assert 1 <= one.line <= one.end_line <= source.text.count(b"\n") + 1
        assert 0 <= one.start < one.end <= len(source.text)
        start, end = source.original(one.start, one.end)
        assert 0 <= start < end <= len(data)


def test_expressions_thousands_deep(tmp_path: Path) -> None:
    deep = " + ".join(["pylons.url", *["x"] * 5000])
    (tmp_path / "a.py").write_text(f"import pylons\nx = {deep}\n\n\n\nx = ((\n")
    assert len(audit([str(tmp_path)]).findings) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("import pylons\n" + "pylons.request.x = 1\n" * 20_000, 20_001),
        ("import pylons\nx = [" + "pylons.request, " * 20_000 + "]\n", 20_001),
        ("import pylons\nx = '" + "pylons " * 50_000 + "'\n", 1),
        ("x = [" + "'pylons.request', " * 20_000 + "]\n", 20_000),
        ("import pylons\n" + "pylons.url # compatshim: ignore\n" * 10_000, 1),
        ("import pylons\n" + "__all__ = [\n" * 20_000, 1),
        ("import pylons\n" + "\n" * 500_000 + "def f(:\n", 1),
        ("import pylons\nx = " + "(" * 20_000 + "pylons.url" + ")" * 20_000, 2),
        ("import pylons\nx = " + "lambda: " * 3_000 + "pylons.url", 2),
    ],
    ids=[
        "lines",
        "a line",
        "a string",
        "strings",
        "comments",
        "brackets",
        "blanks",
        "parentheses",
        "lambdas",
    ],
)
def test_what_is_made_by_machines(text: str, count: int) -> None:
    """Were the time not linear in the size, some would take minutes."""
    source = decode("a.py", text.encode())
    assert len(audit_source(source, Catalogue(), "a.py").findings) == count


def test_what_might_never_end_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    found = audit([str(tmp_path / "pipe.py"), "/dev/zero"])
    assert [one.reason for one in found.unreadable] == ["it is no regular file"] * 2
