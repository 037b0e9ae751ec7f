"""Both kinds of store: what is added is there, bounded, and never spoilt."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from compatshim.deprecation import CallSite, Use
from compatshim.deprecation.stores import open_store
from compatshim.errors import DeprecationStoreError

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=timezone.utc)
ADDRESSES = {"sqlite": "sqlite:///{}/uses.db", "json": "{}/uses.json"}


@pytest.fixture(params=ADDRESSES)
def address(request, tmp_path):
    return ADDRESSES[request.param].format(tmp_path)


def use(name="old", count=1, line=1, **details):
    return Use(
        CallSite("CS501", name, "/site/views.py", line), "site", count=count, **details
    )


def summary(store):
    """Return the count, first and last second of each name, from ``NOW`` on."""
    return {
        one.use.site.name: (
            one.use.count,
            (one.first_seen - NOW).total_seconds(),
            (one.last_seen - NOW).total_seconds(),
        )
        for one in store.read().uses
    }


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def test_counts_are_added_and_times_are_kept(address):
    store = open_store(address)
    store.add([use("a", 2), use("b", 3)], NOW)
    store.add([use("b", 4), use("c", 1)], later(60))
    open_store(address).add([use("a", 1)], later(90))
    assert summary(store) == {"a": (3, 0, 90), "b": (7, 0, 60), "c": (1, 60, 60)}
    assert (store.read().started, store.read().dropped) == (NOW, 0)


def test_a_clock_that_is_set_back_changes_no_time(address):
    store = open_store(address)
    store.add([use("a")], NOW)
    store.add([use("a")], later(-100))
    assert summary(store) == {"a": (2, 0, 0)}


def test_all_that_is_known_of_a_use_comes_back(address):
    whole = use(
        "größe",
        line=7,
        instead='write "x"\n',
        callers=["/site/app.py:1 in f"],
        since="1.2",
        removed_in="2.0",
    )
    store = open_store(address)
    store.add([whole], NOW)
    (stored,) = store.read().uses
    assert stored.use.to_dict() == whole.to_dict()


def test_call_sites_are_told_apart_by_code_name_file_and_line(address):
    sites = [
        CallSite("CS101", "a", "/a.py", 1),
        CallSite("CS102", "a", "/a.py", 1),
        CallSite("CS101", "b", "/a.py", 1),
        CallSite("CS101", "a", "/b.py", 1),
        CallSite("CS101", "a", "/a.py", 2),
    ]
    store = open_store(address)
    for _ in range(2):
        store.add([Use(site, "site", count=1) for site in sites], NOW)
    contents = store.read().uses
    assert [(one.use.site, one.use.count) for one in contents] == [
        (site, 2) for site in sorted(sites)
    ]


def test_callers_are_joined_and_few(address):
    store = open_store(address)
    store.add([use(callers=["a", "b"])], NOW)
    store.add([use(callers=["b", "c"])], NOW)
    assert store.read().uses[0].use.callers == ["a", "b", "c"]
    store.add([use(callers=list("defgh"))], NOW)
    assert store.read().uses[0].use.callers == ["a", "b", "c", "d", "e"]


def test_beyond_the_limit_what_was_not_seen_for_the_longest_time_is_dropped(address):
    store = open_store(address, limit=2)
    store.add([use("a", 10), use("b", 20)], NOW)
    store.add([use("a", 1)], later(1))
    store.add([use("c", 5)], later(2))
    assert summary(store) == {"a": (11, 0, 1), "c": (5, 2, 2)}
    assert store.read().dropped == 20
    store.add([use("d", 1), use("e", 3), use("f", 2)], later(3))
    assert summary(store) == {"e": (3, 3, 3), "f": (2, 3, 3)}
    assert store.read().dropped == 20 + 16 + 1


def test_long_texts_are_cut_and_those_that_are_none_escaped(address, tmp_path):
    store = open_store(address)
    long = "x" * 100_000
    for number in range(3):
        name = f"{long}{number}"
        store.add([use(name, instead=long, callers=[long] * 5)], NOW)
    store.add([use("\udcff", line=2)], NOW)
    cut, escaped = sorted(store.read().uses, key=lambda one: one.use.site.line)
    assert cut.use.count == 3
    assert len(cut.use.site.name) == 1000
    assert escaped.use.site.name == r"\udcff"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 40_000


batches = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 9)), max_size=6),
        st.integers(0, 100),
    ),
    max_size=8,
)


@given(batches=batches, limit=st.integers(1, 6))
def test_nothing_is_lost_and_both_kinds_hold_the_same(batches, limit, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stores")
    stores = [open_store(form.format(folder), limit) for form in ADDRESSES.values()]
    total: Counter[str] = Counter()
    for names, seconds in batches:
        for name, count in names:
            total[name] += count
        for store in stores:
            store.add([use(*pair) for pair in names], later(seconds))
    if not batches:
        return
    first, second = (store.read() for store in stores)
    assert summary(stores[0]) == summary(stores[1])
    assert (first.started, first.dropped) == (second.started, second.dropped)
    assert len(first.uses) <= limit
    kept = sum(one.use.count for one in first.uses)
    assert kept + first.dropped == sum(total.values())


# What is not a store of ours is never touched.


def test_there_is_no_store_yet(address, tmp_path):
    with pytest.raises(DeprecationStoreError) as caught:
        open_store(address).read()
    assert caught.value.address == address
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("operation", ["add", "read"])
@pytest.mark.parametrize(
    "content",
    [b"no store", b"\xff\xfe", b"{}", b"[]", b'{"version": 2, "uses": []}', b'{"version": 1, "started": "x", "dropped": 0, "uses": []}'],
)  # fmt: skip
def test_a_corrupt_or_foreign_file_is_left_alone(address, operation, content):
    store = open_store(address)
    with open(store.path, "wb") as file:
        file.write(content)
    with pytest.raises(DeprecationStoreError, match=r"cannot be used: .+\.$"):
        store.add([use()], NOW) if operation == "add" else store.read()
    with open(store.path, "rb") as file:
        assert file.read() == content


WRONG = {
    "line": ["7", 7.5, None, True],
    "count": ["5", None, 1.0, False, [1]],
    "name": [5, None, ["old"]],
    "instead": [None, 1],
    "callers": ["text", None, [5], {"a": 1}],
    "since": [1, []],
    "first_seen": [5, None, "soon", "2026-11-21T18:30:00"],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in WRONG.items() for value in values],
)
def test_a_value_of_another_kind_is_a_store_that_cannot_be_used(tmp_path, name, value):
    path = tmp_path / "uses.json"
    store = open_store(str(path))
    store.add([use()], NOW)
    values = json.loads(path.read_text())
    assert name in values["uses"][0]
    values["uses"][0][name] = value
    path.write_text(json.dumps(values))
    before = path.read_bytes()
    for operation in (store.read, lambda: store.add([use()], NOW)):
        with pytest.raises(DeprecationStoreError, match="not one of compatshim's"):
            operation()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("uses", {}),
        ("uses", [5]),
        ("uses", [{}]),
        ("dropped", "5"),
        ("dropped", None),
        ("started", 5),
    ],
)
def test_a_file_whose_values_are_of_another_kind(tmp_path, name, value):
    path = tmp_path / "uses.json"
    store = open_store(str(path))
    store.add([use()], NOW)
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))
    with pytest.raises(DeprecationStoreError, match="not one of compatshim's"):
        store.read()


def test_a_file_that_is_nested_too_deeply(tmp_path):
    path = tmp_path / "uses.json"
    path.write_text("[" * 200_000)
    store = open_store(str(path))
    for operation in (store.read, lambda: store.add([use()], NOW)):
        with pytest.raises(DeprecationStoreError, match="nested too deeply"):
            operation()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE uses SET count = 'many'",
        "UPDATE uses SET count = 1.5",
        "UPDATE uses SET line = 'seven'",
        "UPDATE uses SET name = x'00'",
        "UPDATE uses SET callers = '{}'",
        "UPDATE uses SET callers = '[5]'",
        "UPDATE uses SET callers = printf('%.*c', 200000, '[')",
        "UPDATE uses SET first_seen = 5",
        "UPDATE store SET dropped = 'some'",
        "UPDATE store SET started = 5",
        "DELETE FROM store",
        "ALTER TABLE uses DROP COLUMN callers",
        "ALTER TABLE uses ADD COLUMN others",
    ],
)
def test_a_row_of_a_database_that_somebody_else_has_changed(tmp_path, change):
    store = open_store(f"sqlite:///{tmp_path}/uses.db")
    store.add([use()], NOW)
    with sqlite3.connect(store.path) as database:
        database.execute(change)
    database.close()
    with pytest.raises(DeprecationStoreError):
        store.read()


@pytest.mark.parametrize("value", ["'[5]'", "printf('%.*c', 200000, '[')"])
def test_nothing_is_added_to_callers_that_are_none(tmp_path, value):
    store = open_store(f"sqlite:///{tmp_path}/uses.db")
    store.add([use()], NOW)
    with sqlite3.connect(store.path) as database:
        database.execute(f"UPDATE uses SET callers = {value}")  # noqa: S608 (ours)
    database.close()
    with pytest.raises(DeprecationStoreError):
        store.add([use()], NOW)


def test_a_file_that_was_cut_off_is_left_alone(address):
    store = open_store(address)
    store.add([use(f"name {number}") for number in range(100)], NOW)
    with open(store.path, "rb+") as file:
        file.truncate(3000)
        file.seek(0)
        content = file.read()
    with pytest.raises(DeprecationStoreError):
        store.add([use()], NOW)
    with open(store.path, "rb") as file:
        assert file.read() == content


def test_a_newer_version_is_left_alone(address):
    store = open_store(address)
    store.add([use()], NOW)
    if address.startswith("sqlite"):
        with sqlite3.connect(store.path) as database:
            database.execute("PRAGMA user_version = 2")
        database.close()
    else:
        with open(store.path, encoding="utf-8") as file:
            values = json.load(file)
        with open(store.path, "w", encoding="utf-8") as file:
            json.dump({**values, "version": 2}, file)
    for operation in (store.read, lambda: store.add([use()], NOW)):
        with pytest.raises(DeprecationStoreError, match="version is 2"):
            operation()


def test_the_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "site.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE uses (id INTEGER)")
    database.close()
    before = path.read_bytes()
    store = open_store(f"sqlite:///{path}")
    for operation in (store.read, lambda: store.add([use()], NOW)):
        with pytest.raises(DeprecationStoreError, match="not one of compatshim's"):
            operation()
    assert path.read_bytes() == before


def test_a_missing_folder(tmp_path):
    for form in ADDRESSES.values():
        store = open_store(form.format(tmp_path / "missing"))
        with pytest.raises(DeprecationStoreError):
            store.add([use()], NOW)
    assert list(tmp_path.iterdir()) == []


# The file that is locked stands where others may have put theirs.


def test_what_is_in_the_file_that_is_locked_stays(tmp_path):
    lock = tmp_path / "uses.json.lock"
    lock.write_text("somebody's")
    open_store(str(tmp_path / "uses.json")).add([use()], NOW)
    assert lock.read_text() == "somebody's"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_in_place_of_the_file_that_is_locked_is_not_followed(tmp_path, is_there):
    precious = tmp_path / "precious"
    if is_there:
        precious.write_text("precious")
    (tmp_path / "uses.json.lock").symlink_to(precious)
    with pytest.raises(DeprecationStoreError, match=r"uses\.json\.lock"):
        open_store(str(tmp_path / "uses.json")).add([use()], NOW)
    assert precious.exists() == is_there
    assert not is_there or precious.read_text() == "precious"
    assert not (tmp_path / "uses.json").exists()


# Addresses.


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "no path"),
        ("sqlite:///", "no path"),
        ("postgresql://host/site", "write sqlite:///"),
        ("sqlite://uses.db", "write sqlite:///"),
    ],
)
def test_an_address_that_is_none(address, reason):
    with pytest.raises(DeprecationStoreError, match=reason) as caught:
        open_store(address)
    assert caught.value.address == address


def test_a_system_that_cannot_lock_files(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(DeprecationStoreError, match="write sqlite:///"):
        open_store(str(tmp_path / "uses.json"))
    open_store(f"sqlite:///{tmp_path}/uses.db").add([use()], NOW)


def test_a_relative_path_and_a_link(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    real = tmp_path / "elsewhere"
    real.mkdir()
    name = address.rpartition("/")[2]
    (tmp_path / name).symlink_to(real / name)
    scheme = "sqlite:///" if address.startswith("sqlite") else ""
    open_store(scheme + name).add([use()], NOW)
    assert (tmp_path / name).is_symlink()
    assert (real / name).is_file()
    monkeypatch.chdir("/")
    assert summary(open_store(address)) == {"old": (1, 0, 0)}


def test_a_path_with_signs_that_mean_something_in_urls(tmp_path):
    for number, form in enumerate(ADDRESSES.values()):
        folder = tmp_path / f"a b?mode=memory#%41{number}"
        folder.mkdir()
        store = open_store(form.format(folder))
        store.add([use()], NOW)
        assert summary(store) == {"old": (1, 0, 0)}
        assert any(folder.iterdir())


def test_a_database_is_known_by_its_content(tmp_path):
    path = tmp_path / "uses"
    open_store(f"sqlite:///{path}").add([use()], NOW)
    assert summary(open_store(str(path))) == {"old": (1, 0, 0)}


def test_a_file_keeps_its_permissions(tmp_path):
    store = open_store(str(tmp_path / "uses.json"))
    store.add([use()], NOW)
    (tmp_path / "uses.json").chmod(0o640)
    store.add([use()], NOW)
    assert (tmp_path / "uses.json").stat().st_mode & 0o777 == 0o640
