"""The report for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compatshim import __version__
from compatshim.ratchet.reports import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from compatshim.ratchet.history import Run
    from compatshim.ratchet.reports import Report


def read(report: Report) -> Any:
    return json.loads(render("json", report))


def test_what_it_is(make_report: Callable[..., Report]) -> None:
    values = read(make_report())
    assert (values["version"], values["compatshim"]) == (1, __version__)
    assert values["totals"] == {"CS101": 1, "CS201": 2, "CS302": 1, "CS401": 1}


def test_findings(make_report: Callable[..., Report]) -> None:
    findings = read(make_report())["findings"]
    assert [(one["path"], one["line"], one["status"]) for one in findings] == [
        ("<string>", 1, None),
        ("pylibrary/__init__.py", 9, None),
        ("shop/controllers/cart.py", 5, "known"),
        ("shop/lib/cart.py", 3, "known"),
        ("shop/new.py", 7, "new"),
        ("shop/views.py", 12, "more"),
        ("shop/views.py", 30, "more"),
    ]
    assert [one["origin"] for one in findings[:3]] == ["no file", "third-party", "own"]
    assert findings[4] == {
        "path": "shop/new.py",
        "line": 7,
        "code": "CS302",
        "name": "c.title",
        "function": "show",
        "instead": "getattr(c, 'title', '')",
        "callers": ["tests/test_new.py::test_show[a,b]", "shop/views.py:9 in show"],
        "count": 4,
        "origin": "own",
        "status": "new",
    }


def test_baseline(make_report: Callable[..., Report]) -> None:
    baseline = read(make_report())["baseline"]
    assert baseline["path"] == "compatshim-baseline.json"
    assert [(one["path"], one["was"], one["now"]) for one in baseline["new"]] == [
        ("shop/new.py", 0, 1)
    ]
    assert [(one["path"], one["was"], one["now"]) for one in baseline["more"]] == [
        ("shop/views.py", 1, 2)
    ]
    assert baseline["gone"] == [
        {
            "path": "shop/gone.py",
            "code": "CS101",
            "name": "pylons.c",
            "function": "",
            "was": 2,
            "now": 0,
        }
    ]
    assert (baseline["fewer"], baseline["partial"]) == ([], [])


def test_without_baseline_change_and_history(
    make_report: Callable[..., Report],
) -> None:
    values = read(make_report(comparison=None))
    assert (values["baseline"], values["changed"], values["history"]) == (None,) * 2 + (
        [],
    )
    assert {one["status"] for one in values["findings"]} == {None}


def test_change_and_history(
    make_report: Callable[..., Report], make_runs: Callable[..., tuple[Run, ...]]
) -> None:
    changed = frozenset({"b.py", "a.py"})
    values = read(make_report(changed=changed, history=make_runs(3, 2)))
    assert values["changed"] == ["a.py", "b.py"]
    assert values["history"][1] == {
        "date": "2026-03-02T12:00:00+00:00",
        "commit": "0" * 39 + "1",
        "files": 1,
        "total": 2,
        "codes": {"CS101": 2},
    }
