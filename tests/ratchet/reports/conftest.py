"""A small project's findings, its baseline and its history."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.ratchet.baseline import Change, Comparison
from compatshim.ratchet.findings import NO_FILE, THIRD_PARTY, Finding, Key
from compatshim.ratchet.history import Run
from compatshim.ratchet.reports import Report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IMPORT = "from compatshim.common import request"
KNOWN = Finding(
    "shop/lib/cart.py", 3, "CS101", "pylons.request", "", IMPORT, ("collection",), 2
)
MORE = (
    Finding(
        "shop/views.py", 12, "CS201", "url('old')", "Cart.show", "url_for('shop.cart')"
    ),
    Finding(
        "shop/views.py", 30, "CS201", "url('old')", "Cart.show", "url_for('shop.cart')"
    ),
)
NEW = Finding(
    "shop/new.py",
    7,
    "CS302",
    "c.title",
    "show",
    "getattr(c, 'title', '')",
    ("tests/test_new.py::test_show[a,b]", "shop/views.py:9 in show"),
    4,
)
PENDING = Finding("shop/controllers/cart.py", 5, "CS401", "CartController")
INSTALLED = Finding("pylibrary/__init__.py", 9, "CS101", "pylons.c", origin=THIRD_PARTY)
MADE = Finding("<string>", 1, "CS101", "pylons.c", origin=NO_FILE)
FINDINGS = (KNOWN, *MORE, NEW, PENDING, INSTALLED, MADE)

COMPARISON = Comparison(
    new=(Change(NEW.key, 0, 1, (NEW,)),),
    more=(Change(MORE[0].key, 1, 2, MORE),),
    gone=(Change(Key("shop/gone.py", "CS101", "pylons.c", ""), 2, 0),),
)


@pytest.fixture
def make_runs() -> Callable[..., tuple[Run, ...]]:
    """Return a function that makes a run a day, with so many places of CS101."""

    def make(*totals: int) -> tuple[Run, ...]:
        start = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
        return tuple(
            Run(start + timedelta(days=day), f"{day:040x}", 1, {"CS101": total})
            for day, total in enumerate(totals)
        )

    return make


@pytest.fixture
def make_report(tmp_path: Path) -> Callable[..., Report]:
    """Return a function that makes a report; by default of what is above."""

    def make(**values: Any) -> Report:
        defaults: dict[str, Any] = {
            "root": tmp_path,
            "findings": FINDINGS,
            "comparison": COMPARISON,
            "baseline_path": "compatshim-baseline.json",
        }
        return Report(**{**defaults, **values})

    return make
