"""What a terminal shows: what, where, who calls it, what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, strategies

from compatshim.ratchet.baseline import Comparison
from compatshim.ratchet.reports import render
from compatshim.ratchet.reports._table import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from compatshim.ratchet.reports import Report

COMPARED = """\
Still legacy: 5 places in 4 files; 3 not allowed by compatshim-baseline.json

Not in the baseline

what             where                           called by                      write instead
---------------  ------------------------------  -----------------------------  -----------------------
CS302 c.title    shop/new.py:7 in show           tests/test_new.py::test_show[a,b]  getattr(c, 'title', '')
                                                 shop/views.py:9 in show
CS201 url('old')  shop/views.py:12 in Cart.show  url_for('shop.cart')
CS201 url('old')  shop/views.py:30 in Cart.show  url_for('shop.cart')

The baseline can shrink

what            where         was  is
--------------  ------------  ---  --
CS101 pylons.c  shop/gone.py  2    0

Outside of the project

what            where                    write instead
--------------  -----------------------  -------------
CS101 pylons.c  <string>:1
CS101 pylons.c  pylibrary/__init__.py:9

What remains

code   places  rule
-----  ------  --------------------------------
CS101  1       Import from the legacy framework
CS201  2       Legacy name of a route
CS302  1       Undeclared attribute of c
CS401  1       Controller class
"""


def test_compared_with_a_baseline(make_report: Callable[..., Report]) -> None:
    # The first table is wider than a line here can be.
    assert _without_rules(render("text", make_report())) == _without_rules(COMPARED)


def _without_rules(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [line for line in lines if not line.startswith("---")]


def test_without_a_baseline_every_place_is_listed(
    make_report: Callable[..., Report],
) -> None:
    text = render("text", make_report(comparison=None))
    assert text.startswith("Still legacy: 5 places in 4 files\n\nwhat")
    for place in ("cart.py:3", "cart.py:5", "new.py:7", "views.py:12", "views.py:30"):
        assert place in text
    assert "baseline" not in text


def test_all_of_it_is_allowed(make_report: Callable[..., Report]) -> None:
    text = render("text", make_report(comparison=Comparison()))
    assert "; none not allowed by compatshim-baseline.json\n\nOutside of" in text


def test_part_of_the_suite_is_not_shown_as_the_whole(
    make_report: Callable[..., Report],
) -> None:
    partial = Comparison(partial=("-k", "tests were deselected (3)"))
    text = render("text", make_report(comparison=partial))
    assert text.startswith(
        "Still legacy: at least 5 places in 4 files; none not allowed by"
        " compatshim-baseline.json\n\n"
        "There may be more: -k, tests were deselected (3).\n\n"
    )
    assert "There may be more" not in render("text", make_report())


def test_nothing_is_left(make_report: Callable[..., Report]) -> None:
    report = make_report(findings=(), comparison=None)
    assert render("text", report) == "Still legacy: 0 places in 0 files\n"


def test_table() -> None:
    rows = [("1", "a\nlonger", "end"), ("22", "", "the last one is not padded")]
    assert table(("n", "what", ""), rows) == (
        "n   what\n"
        "--  ------  --------------------------\n"
        "1   a       end\n"
        "    longer\n"
        "22          the last one is not padded\n"
    )


words = strategies.text(strategies.characters(categories=("L", "Nd")), min_size=1)


@given(rows=strategies.lists(strategies.tuples(words, words, words), min_size=1))
def test_no_cell_is_cut_and_columns_stay_in_line(
    rows: list[tuple[str, str, str]],
) -> None:
    lines = table(("one", "two", "three"), rows).splitlines()
    assert [tuple(line.split("  ", 1)[0:1]) for line in lines[2:]] == [
        (row[0],) for row in rows
    ]
    starts = {index for index, sign in enumerate(lines[1]) if sign != "-"}
    for line, row in zip(lines[2:], rows, strict=True):
        assert tuple(line.split()) == row
        assert all(line[index : index + 1] in ("", " ") for index in starts)
