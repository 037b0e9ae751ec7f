"""What a terminal shows, however wide it is, and what a pipe gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from compatshim.migrate.audit import Audit
from compatshim.migrate.findings import ASSISTED, AUTOMATIC, MANUAL, Finding
from compatshim.migrate.reports import Report, render
from compatshim.migrate.sources import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable


def finding(
    path: str = "shop/cart.py", name: str = "request", **values: str
) -> Finding:
    fields = {"fix": AUTOMATIC, "replacement": f"compatshim.common.{name}", **values}
    return Finding(path, 3, 20, 3, "CS101", "from-import", "pylons", name, **fields)


def text(findings: Iterable[Finding], width: int | None = None, files: int = 9) -> str:
    audit = Audit(tuple(findings), files, ())
    return render(Report(audit, ["."], width=width), "text")


LONG = finding("shop/controllers/page.py", "tmpl_context")


def test_in_a_pipe_a_finding_is_one_line() -> None:
    first = text([LONG]).splitlines()[0]
    assert first == (
        "shop/controllers/page.py:3:20:  CS101  pylons.tmpl_context"
        "  automatic, write compatshim.common.tmpl_context"
    )


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            200,
            [
                "shop/controllers/page.py:3:20:  CS101  pylons.tmpl_context"
                "  automatic, write compatshim.common.tmpl_context"
            ],
        ),
        (
            80,
            [
                "shop/controllers/page.py:3:20: CS101 pylons.tmpl_context",
                "    automatic, write compatshim.common.tmpl_context",
            ],
        ),
        (
            52,
            [
                "shop/controllers/page.py:3:20:",
                "    CS101 pylons.tmpl_context",
                "    automatic, write compatshim.common.tmpl_context",
            ],
        ),
    ],
)
def test_in_a_terminal(width: int, expected: list[str]) -> None:
    lines = text([LONG], width).splitlines()
    assert lines[: len(expected) + 1] == [*expected, ""]


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    findings = [
        LONG,
        finding(),
        finding(fix=ASSISTED),
        finding(fix=MANUAL, replacement="", name="controllers.util.something_else"),
    ]
    lines = text(findings, width).splitlines()
    assert max(map(len, lines)) <= width


words = st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=30)


@given(st.lists(st.tuples(words, words), min_size=1), st.integers(1, 200))
def test_nothing_is_cut(pairs: list[tuple[str, str]], width: int) -> None:
    shown = text([finding(f"{path}.py", name) for path, name in pairs], width)
    for path, name in pairs:
        assert f"{path}.py:3:20:" in shown
        assert "CS101" in shown
        assert f"pylons.{name}" in shown


def test_of_many_directories_and_names_the_first_are_listed() -> None:
    findings = [
        finding(f"part_{part:02}/a.py", f"name_{part:02}")
        for part in range(25)
        for _ in range(30 - part)
    ]
    shown = text(findings)
    by_name = shown.partition("By name\n")[2].partition("\n\n")[0].splitlines()
    assert by_name[0] == "  30  pylons.name_00"
    assert by_name[19:] == ["  11  pylons.name_19", "  40  (5 more names)"]
    by_directory = shown.partition("By directory\n")[2].partition("\n\n")[0]
    assert by_directory.endswith("  40  (5 more directories)")
    one_more = text(findings[: sum(range(10, 31))])
    assert "(1 more name)" in one_more
    assert "(1 more directory)" in one_more


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([AUTOMATIC], "'compatshim rewrite' can replace them all."),
        (
            [AUTOMATIC, ASSISTED],
            "After 'compatshim rewrite' 1 name in 1 file remains: about 3 minutes of"
            " work.",
        ),
        (
            [ASSISTED, MANUAL],
            "After 'compatshim rewrite' 2 names in 1 file remain: about 18 minutes of"
            " work.",
        ),
        (
            [MANUAL] * 8,
            "After 'compatshim rewrite' 8 names in 1 file remain: about 2 hours of work.",
        ),
        (
            [MANUAL] * 8000,
            "After 'compatshim rewrite' 8000 names in 1 file remain: about 2,000 hours"
            " of work.",
        ),
    ],
)
def test_what_remains(fixes: list[str], expected: str) -> None:
    assert text(finding(fix=fix) for fix in fixes).splitlines()[-1] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a\nb.py", r"a\nb.py"),
        ("\x1b]0;pwned\x07\x1b[2J.py", r"\x1b]0;pwned\x07\x1b[2J.py"),
        ("\u202eyp.evil", r"\u202eyp.evil"),
        ("\u2028x.py", r"\u2028x.py"),
        ("gr\xfcn \u6f22.py", "gr\xfcn \u6f22.py"),
    ],
)
def test_a_name_neither_breaks_its_line_nor_steers_the_terminal(
    name: str, expected: str
) -> None:
    audit = Audit((finding(f"x/{name}"),), 1, (Unreadable(name, f"{name}: no"),))
    lines = render(Report(audit, ["."], width=200), "text").splitlines()
    assert lines[0].startswith(f"x/{expected}:3:20: ")
    assert lines[3].split("  ") == [expected, f"{expected}: no"]
