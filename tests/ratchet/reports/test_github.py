"""Annotations, read back by the rules of GitHub's runner."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, strategies

from compatshim.ratchet.findings import THIRD_PARTY, Finding
from compatshim.ratchet.reports import Report, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Annotation(NamedTuple):
    command: str
    properties: dict[str, str]
    message: str


def _unescaped(text: str, escapes: dict[str, str]) -> str:
    for escaped, sign in escapes.items():
        text = text.replace(escaped, sign)
    return text


IN_DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
IN_PROPERTIES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def read(line: str) -> Annotation:
    """Take a line apart as actions/runner does, in ActionCommand.TryParseV2."""
    assert line.startswith("::")
    head, _, message = line[2:].partition("::")
    command, _, listed = head.partition(" ")
    properties = {}
    for one in filter(None, listed.split(",")):
        name, _, value = one.partition("=")
        properties[name] = _unescaped(value, IN_PROPERTIES)
    return Annotation(command, properties, _unescaped(message, IN_DATA))


def annotations(report: Report) -> list[Annotation]:
    return [read(line) for line in render("github", report).split("\n")[:-1]]


def test_a_line_to_the_letter(make_report: Callable[..., Report]) -> None:
    finding = Finding(
        "shop/a,b%.py", 7, "CS101", "pylons.c", "", "c", ("t.py::test[50%:x]",)
    )
    assert render("github", make_report(findings=(finding,), comparison=None)) == (
        "::warning file=shop/a%2Cb%25.py,line=7,"
        "title=CS101 Import from the legacy framework::"
        "CS101 pylons.c: write `c` (since 0.1, goes in 1.0)%0ACalled by"
        " t.py::test[50%25:x]\n"
    )


def test_what_the_baseline_does_not_allow_comes_first(
    make_report: Callable[..., Report],
) -> None:
    """GitHub shows the first ten errors and the first ten warnings of a step."""
    found = annotations(make_report())
    assert [(one.command, one.properties["file"]) for one in found] == [
        ("error", "shop/new.py"),
        ("error", "shop/views.py"),
        ("error", "shop/views.py"),
        ("warning", "shop/lib/cart.py"),
        ("notice", "shop/controllers/cart.py"),
    ]
    assert found[0].properties["line"] == "7"
    assert found[0].properties["title"] == "CS302 Undeclared attribute of c"
    assert "write `getattr(c, 'title', '')`" in found[0].message
    assert "shop/views.py:9 in show" in found[0].message


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (set(), []),
        ({"shop/absent.py"}, []),
        ({"shop/new.py"}, ["shop/new.py"]),
        ({"shop/lib/cart.py", "pylibrary/__init__.py"}, ["shop/lib/cart.py"]),
    ],
)
def test_only_files_in_the_change(
    make_report: Callable[..., Report], changed: set[str], expected: list[str]
) -> None:
    found = annotations(make_report(changed=frozenset(changed)))
    assert [one.properties["file"] for one in found] == expected


def test_installed_packages_are_not_in_the_repository(
    make_report: Callable[..., Report],
) -> None:
    finding = Finding("library.py", 1, "CS101", "pylons.c", origin=THIRD_PARTY)
    assert render("github", make_report(findings=(finding,))) == ""


def test_paths_are_those_of_the_repository(
    make_report: Callable[..., Report], tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "backend").mkdir()
    report = make_report(root=tmp_path / "backend", changed=frozenset({"shop/new.py"}))
    assert annotations(report)[0].properties["file"] == "backend/shop/new.py"


def test_a_code_that_is_not_in_the_table(make_report: Callable[..., Report]) -> None:
    finding = Finding("a.py", 1, "XY001", "old", instead="new")
    (found,) = annotations(make_report(findings=(finding,), comparison=None))
    assert found.properties["title"] == "XY001"
    assert found.message == "XY001 old: write `new`"


@given(path=strategies.text(min_size=1), name=strategies.text(min_size=1))
def test_whatever_the_names_are_they_come_back(
    tmp_path_factory: pytest.TempPathFactory, path: str, name: str
) -> None:
    finding = Finding(path, 3, "CS101", name)
    report = Report(root=tmp_path_factory.getbasetemp(), findings=(finding,))
    text = render("github", report)
    assert text.count("\n") == 1
    assert "\r" not in text
    found = read(text[:-1])
    assert found.properties["file"] == path
    assert name in found.message
