"""The page, as its markup says it; test_html_browser.py has what is seen of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from compatshim.ratchet.baseline import Comparison, compare
from compatshim.ratchet.findings import THIRD_PARTY, Finding
from compatshim.ratchet.history import Run
from compatshim.ratchet.reports import render
from html_page import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from compatshim.ratchet.reports import Report

    MakeRuns = Callable[..., tuple[Run, ...]]


def page(report: Report) -> Page:
    return Page(render("html", report))


@pytest.fixture
def full(make_report: Callable[..., Report], make_runs: MakeRuns) -> Report:
    return make_report(history=make_runs(9, 7, 5))


def test_what_is_at_its_top(full: Report) -> None:
    text = page(full).text
    assert "5 places to migrate" in text
    assert "In 4 files" in text
    assert "Since 2026-03-01 \N{MINUS SIGN}4" in text
    assert "Not in compatshim-baseline.json 3" in text


def test_rules_with_what_remains(full: Report) -> None:
    text = page(full).text
    rules = text.partition("What remains for each rule")[2].partition("All ")[0]
    assert "CS201 Legacy name of a route 2 1 A URL is built with" in rules
    for code in ("CS101", "CS201", "CS302", "CS401"):
        assert code in rules
    assert "All 5 4" in text


def test_files_the_one_with_the_most_first(full: Report) -> None:
    table = page(full).text.partition("and how many these have")[2]
    assert table.index("shop/views.py 2") < table.index("shop/new.py 1")


def test_only_the_top_files_are_in_that_table(
    make_report: Callable[..., Report],
) -> None:
    findings = tuple(
        Finding(f"part_{file:02}.py", line, "CS101", "pylons.c")
        for file in range(20)
        for line in range(1, 30 - file)
    )
    read = page(make_report(findings=findings, comparison=None))
    assert "Files with the most" in read.text
    assert len([link for link in read.values("href") if link != "data:,"]) == 15


def test_the_trend_stands_above_what_is_not_allowed(full: Report) -> None:
    headings = ("The trend", "Not in the baseline", "What remains for each rule")
    first, second, third = map(page(full).text.index, headings)
    assert first < second < third


def test_what_was_found_by_part_of_the_suite_is_not_shown_as_the_whole(
    make_report: Callable[..., Report], make_runs: MakeRuns
) -> None:
    partial = Comparison(partial=("-k", "tests were deselected (3)"))
    read = page(make_report(comparison=partial, history=make_runs(9, 7)))
    assert read.text.count("At least 5 places to migrate") == 1
    assert read.text.count(": at least 5 places to migrate") == 1  # the title
    assert "There may be more: -k, tests were deselected (3)." in read.text
    assert "Last run in the trend 2026-03-02" in read.text


def test_part_of_the_suite_has_reached_nothing_legacy(
    make_report: Callable[..., Report],
) -> None:
    partial = Comparison(partial=("-k",))
    text = page(make_report(findings=(), comparison=partial)).text
    assert "Nothing legacy was reached" in text
    assert "any more" not in text


def test_on_the_first_run_a_place_is_listed_once(
    make_report: Callable[..., Report],
) -> None:
    report = make_report()
    read = page(make_report(comparison=compare({}, report.findings)))
    assert "compatshim-baseline.json allows none of the places below" in read.text
    assert read.text.count("getattr(c, 'title', '')") == 1
    assert "#places" in read.values("href")


def places(files: int, each: int) -> tuple[Finding, ...]:
    return tuple(
        Finding(f"part_{file:02}.py", line, "CS101", "pylons.c")
        for file in range(files)
        for line in range(1, each + 1)
    )


@pytest.mark.parametrize(("new", "is_open"), [(10, True), (11, False)])
def test_what_is_not_allowed_is_open_only_where_it_is_little(
    make_report: Callable[..., Report], new: int, is_open: bool
) -> None:
    findings = places(1, 20) + places(2, new)[new:]
    allowed = {findings[0].key: 20}
    markup = render(
        "html", make_report(findings=findings, comparison=compare(allowed, findings))
    )
    alert = markup.partition('<section class="alert"')[2].partition("</section>")[0]
    assert alert.count("<details") == 1
    assert alert.count("<details open>") == is_open


def test_many_files_that_are_not_allowed_are_behind_one_line(
    make_report: Callable[..., Report],
) -> None:
    findings = places(90, 1)
    allowed = {findings[0].key: 1}
    markup = render(
        "html", make_report(findings=findings, comparison=compare(allowed, findings))
    )
    alert = markup.partition('<section class="alert"')[2].partition("</section>")[0]
    shown, _, behind = alert.partition("<summary>79 more files</summary>")
    assert shown.count("part_") == 2 * 10  # with the captions
    assert behind.count("part_") == 2 * 79


@pytest.mark.parametrize(("count", "is_open"), [(10, True), (11, False)])
def test_every_place_is_open_only_where_there_are_few(
    make_report: Callable[..., Report], count: int, is_open: bool
) -> None:
    markup = render("html", make_report(findings=places(1, count), comparison=None))
    assert ("<details open>" in markup) is is_open


def test_every_place_with_what_to_write_and_who_calls_it(full: Report) -> None:
    places = page(full).text.partition("Every place")[2]
    assert "7 CS302 c.title in show new Write getattr(c, 'title', '')" in places
    assert "Called by tests/test_new.py::test_show[a,b], shop/views.py:9 in" in places
    assert "more than allowed here" in places


def test_links_lead_somewhere(full: Report) -> None:
    read = page(full)
    links = [link for link in read.values("href") if link != "data:,"]
    assert links
    assert {link.removeprefix("#") for link in links} <= set(read.values("id"))
    assert len(read.values("id")) == len(set(read.values("id")))


def test_labels_and_captions_are_there(full: Report) -> None:
    read = page(full)
    assert set(read.values("aria-labelledby")) <= set(read.values("id"))
    assert read.count("caption") == read.count("table") > 0
    assert read.count("h1") == 1
    headings = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert {found.get("scope") for tag, found in read.elements if tag == "th"} == {
        "col",
        "row",
    }


def test_it_is_one_file_without_a_script(full: Report) -> None:
    read = page(full)
    assert not {"script", "iframe", "img", "object"} & {tag for tag, _ in read.elements}
    assert not [
        name for _, found in read.elements for name in found if name[:2] == "on"
    ]
    references = [*read.values("href"), *read.values("src"), *read.values("xlink:href")]
    assert all(link.startswith(("#", "data:")) for link in references)
    markup = render("html", full)
    assert "url(" not in markup.partition("</style>")[0]
    assert "@import" not in markup
    assert "http" not in re.sub(r"http-equiv", "", markup)


def test_the_trend_is_a_picture_with_its_numbers(full: Report) -> None:
    read = page(full)
    label = next(value for value in read.values("aria-label") if "From" in value)
    assert label.startswith("From 9 places on 2026-03-01 to 5 places on 2026-03-03.")
    assert "CS101: 9 to 5" in read.text
    assert "2026-03-02 12:00 000000000 7 7" in read.text


def test_one_run_is_no_trend_yet(
    make_report: Callable[..., Report], make_runs: MakeRuns
) -> None:
    text = page(make_report(history=make_runs(9))).text
    assert "drawn from the second run on" in text


def test_without_history_and_baseline(make_report: Callable[..., Report]) -> None:
    text = page(make_report(comparison=None)).text
    assert "The trend" not in text
    assert "baseline" not in text


def test_all_of_it_is_allowed(make_report: Callable[..., Report]) -> None:
    text = page(make_report(comparison=Comparison())).text
    assert "Not in compatshim-baseline.json none" in text
    assert "does not allow" not in text


def test_nothing_is_left(
    make_report: Callable[..., Report], make_runs: MakeRuns
) -> None:
    report = make_report(findings=(), comparison=None, history=make_runs(3, 0))
    text = page(report).text
    assert "Nothing is legacy any more" in text
    assert "\N{MINUS SIGN}3" in text
    assert "What remains" not in text


def test_installed_packages_are_apart(full: Report) -> None:
    before, _, after = page(full).text.partition("Outside of the project")
    assert "pylibrary/__init__.py" in after
    assert "pylibrary" not in before


def test_code_that_only_an_installed_package_uses(
    make_report: Callable[..., Report],
) -> None:
    installed = Finding("lib/a.py", 1, "CS501", "lib.old", origin=THIRD_PARTY)
    report = make_report(findings=(installed,), comparison=None)
    assert "lib/a.py" in page(report).text


@pytest.mark.parametrize("field", range(5))
def test_markup_in_names_is_text(
    make_report: Callable[..., Report], field: int
) -> None:
    evil = "</style><script>alert('1')</script>\"'><img src=x onerror=alert(1)>&amp;"
    values = ["a.py", "CS101", "pylons.c", "f", "c"]
    values[field] = evil
    path, code, name, function, instead = values
    finding = Finding(path, 1, code, name, function, instead, (evil,))
    run = Run.of([finding], commit=evil[:9])
    read = page(
        make_report(
            findings=(finding,),
            baseline_path=evil,
            comparison=Comparison(),
            history=(Run(run.date.replace(year=2020), evil, 1, {evil: 1}), run),
        )
    )
    assert evil in "".join(read.texts)
    assert read.count("script") == read.count("img") == 0


def test_a_long_path_is_broken_behind_its_slashes(full: Report) -> None:
    assert "<code>shop/<wbr>lib/<wbr>cart.py</code>" in render("html", full)


def test_code_in_an_explanation_is_code(full: Report) -> None:
    assert "<code>from pylons import request</code>" in render("html", full)


def test_many_codes_share_the_last_colour(make_report: Callable[..., Report]) -> None:
    findings = tuple(
        Finding("a.py", line, f"XY{code}", "old")
        for code in range(9)
        for line in range(1, 12 - code)
    )
    runs = (Run.of(findings[:9]), Run.of(findings))
    history = (Run(runs[0].date.replace(year=2020), "", 1, runs[0].codes), runs[1])
    read = page(make_report(findings=findings, comparison=None, history=history))
    legend = read.text.partition("The numbers of 2 runs")[0]
    assert [code for code in range(9) if f"XY{code}" in legend] == [0, 1, 2, 3, 4, 5]
    assert "others" in legend
    colours = {value for value in read.values("class") if value.startswith("colour-")}
    assert colours == {f"colour-{number}" for number in range(1, 8)}
