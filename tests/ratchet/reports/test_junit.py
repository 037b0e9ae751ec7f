"""The XML that CI systems read as the results of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, strategies

from compatshim.ratchet.baseline import Comparison
from compatshim.ratchet.findings import Finding
from compatshim.ratchet.reports import Report, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read(report: Report) -> ElementTree.Element:
    return ElementTree.fromstring(render("junit", report).encode())  # noqa: S314 (ours)


def test_a_suite_for_each_code_and_a_case_for_each_entry(
    make_report: Callable[..., Report],
) -> None:
    root = read(make_report())
    assert root.tag == "testsuites"
    assert [
        (suite.get("name"), [case.get("name") for case in suite]) for suite in root
    ] == [
        ("CS101 Import from the legacy framework", ["CS101 pylons.request"]),
        ("CS201 Legacy name of a route", ["CS201 url('old') in Cart.show"]),
        ("CS302 Undeclared attribute of c", ["CS302 c.title in show"]),
        ("CS401 Controller class", ["CS401 CartController"]),
    ]
    case = root[1][0]
    assert (case.get("classname"), case.get("file"), case.get("line")) == (
        "shop/views.py",
        "shop/views.py",
        "12",
    )


def test_what_is_not_allowed_fails_and_what_is_allowed_is_skipped(
    make_report: Callable[..., Report],
) -> None:
    root = read(make_report())
    assert root.attrib == {
        "name": "compatshim",
        "tests": "4",
        "failures": "2",
        "errors": "0",
        "skipped": "2",
        "time": "0",
    }
    assert {name: root[1].get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "1",
        "failures": "1",
        "skipped": "0",
    }
    failures = [one.get("type") for one in root.iter("failure")]
    assert failures == ["CS201", "CS302"]
    allowed = "compatshim-baseline.json allows it"
    assert [one.get("message") for one in root.iter("skipped")] == [allowed] * 2


def test_a_failure_says_every_place_and_who_calls_it(
    make_report: Callable[..., Report],
) -> None:
    several, single = read(make_report()).iter("failure")
    assert several.text is not None
    assert [line.split(": ")[0] for line in several.text.splitlines()] == [
        "shop/views.py:12",
        "shop/views.py:30",
    ]
    assert "write `url_for('shop.cart')`" in several.text
    assert str(single.get("message")).startswith("CS302 c.title: write")
    assert "called by tests/test_new.py::test_show[a,b]" in str(single.text)


def test_without_a_baseline_all_of_it_fails(
    make_report: Callable[..., Report],
) -> None:
    root = read(make_report(comparison=None))
    assert (root.get("failures"), root.get("skipped")) == ("4", "0")


def test_all_of_it_is_allowed(make_report: Callable[..., Report]) -> None:
    root = read(make_report(comparison=Comparison()))
    assert (root.get("failures"), root.get("skipped")) == ("0", "4")


def test_nothing_found_is_a_test_that_passes(
    make_report: Callable[..., Report],
) -> None:
    root = read(make_report(findings=()))
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    assert len(list(root.iter("testcase"))) == 1
    assert not list(root.iter("failure"))


def test_names_stay_when_lines_move(make_report: Callable[..., Report]) -> None:
    def names(line: int) -> list[tuple[str | None, str | None]]:
        findings = (Finding("a.py", line, "CS101", "pylons.c", "f"),)
        root = read(make_report(findings=findings))
        return [
            (case.get("classname"), case.get("name")) for case in root.iter("testcase")
        ]

    assert names(3) == names(300) == [("a.py", "CS101 pylons.c in f")]


def test_paths_are_those_of_the_repository(
    make_report: Callable[..., Report], tmp_path: Path
) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere")  # as in a worktree
    (tmp_path / "backend").mkdir()
    root = read(make_report(root=tmp_path / "backend"))
    assert {str(case.get("file")).split("/")[0] for case in root.iter("testcase")} == {
        "backend"
    }


@pytest.mark.parametrize("sign", ["<", "&", '"', "]]>", "ä", "\N{PILE OF POO}"])
def test_markup_comes_back(make_report: Callable[..., Report], sign: str) -> None:
    root = read(make_report(findings=(Finding(sign, 1, "CS101", sign, sign),)))
    (case,) = root.iter("testcase")
    assert case.get("classname") == sign
    assert case.get("name") == f"CS101 {sign} in {sign}"


@given(text=strategies.text(min_size=1))
@example(text="CS001")  # the code of a warning that is made of nothing but a limit
def test_whatever_the_names_are_it_is_xml(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    finding = Finding(text, 1, text, text, text, text, (text,))
    root = tmp_path_factory.getbasetemp()
    read(Report(root=root, findings=(finding,)))
