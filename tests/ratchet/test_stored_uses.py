"""``compatshim deprecations show STORE``."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import click.testing
import pytest

from compatshim.cli import main
from compatshim.deprecation import CallSite, Use
from compatshim.deprecation.stores import open_store

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=timezone.utc)
LATER = NOW + timedelta(days=2, seconds=5)
NEW = Use(
    CallSite("CS101", "pylons.request", "/site/views.py", 12),
    module="site.views",
    instead="from compatshim.common import request",
    count=3,
    callers=["/site/app.py:7 in make_app"],
    since="0.1",
    removed_in="1.0",
)
OLD = Use(CallSite("CS501", "old", "/site/lib.py", 40), module="site.lib", count=2)


def show(*arguments):
    command = ["deprecations", "show", *map(str, arguments)]
    return click.testing.CliRunner().invoke(main, command)


@pytest.fixture(params=["sqlite:///{}/uses.db", "{}/uses.json"])
def address(request, tmp_path):
    return request.param.format(tmp_path)


@pytest.fixture
def store(address):
    store = open_store(address, limit=2)
    store.add([Use(OLD.site._replace(line=1), "site.lib", count=9)], NOW)
    store.add([OLD], NOW + timedelta(seconds=1))
    store.add([OLD, NEW], LATER)
    return store


def test_as_text(store, address):
    result = show(address)
    assert result.exit_code == 0
    assert result.output.startswith(
        "Counted since 2026-11-21T18:30:00Z: 7 uses at 2 places\n"
        "9 more uses at places that were forgotten"
    )
    first, second = (
        line.split() for line in result.output.splitlines() if line.startswith("CS")
    )
    assert first[:6] == [
        *("CS101", "pylons.request", "/site/views.py:12", "3"),
        *["2026-11-23T18:30:05Z"] * 2,
    ]
    assert second[2:] == [
        *("/site/lib.py:40", "4", "2026-11-21T18:30:01Z", "2026-11-23T18:30:05Z")
    ]
    assert "compatshim.common" in result.output


def test_as_json(store, address):
    values = json.loads(show("--format=json", address).output)
    uses = values.pop("uses")
    assert values == {"version": 1, "started": "2026-11-21T18:30:00Z", "dropped": 9}
    assert uses[0] == {
        "code": "CS101",
        "name": "pylons.request",
        "filename": "/site/views.py",
        "line": 12,
        "module": "site.views",
        "instead": "from compatshim.common import request",
        "count": 3,
        "callers": ["/site/app.py:7 in make_app"],
        "since": "0.1",
        "removed_in": "1.0",
        "first_seen": "2026-11-23T18:30:05Z",
        "last_seen": "2026-11-23T18:30:05Z",
    }
    assert [(one["name"], one["count"]) for one in uses[1:]] == [("old", 4)]


def test_just_the_path(store):
    assert show(store.path).output.startswith("Counted since")


def test_nothing_was_used(address):
    open_store(address).add([], NOW)
    assert show(address).output == (
        "Counted since 2026-11-21T18:30:00Z: 0 uses at 0 places\n"
    )


@pytest.mark.parametrize("text", ['"count": "5"', '"count": null'])
def test_a_store_that_was_spoilt(tmp_path, text):
    path = tmp_path / "uses.json"
    open_store(str(path)).add([OLD], NOW)
    path.write_text(path.read_text().replace('"count": 2', text))
    result = show(path)
    assert result.exit_code == 1
    assert result.output.startswith("Error: The store of deprecated uses")


@pytest.mark.parametrize("store", ["missing.json", "sqlite:///missing.db", "x://y"])
def test_no_store(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = show(store)
    assert result.exit_code == 1
    assert result.output.startswith("Error: The store of deprecated uses")
    assert list(tmp_path.iterdir()) == []
