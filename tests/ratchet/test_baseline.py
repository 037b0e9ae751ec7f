"""The baseline file: written sorted, read whole or not at all, compared by counts."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, strategies as st

from compatshim.errors import BaselineError
from compatshim.ratchet.baseline import (
    RUNS,
    SOURCE,
    Key,
    allowed_by,
    compare,
    load,
    parse,
    render,
    save,
    updated,
)
from compatshim.ratchet.findings import NO_FILE, OUTSIDE, THIRD_PARTY, Finding
from compatshim.ratchet.merging import resolve

TEXT = st.text(max_size=8).filter(
    lambda text: (
        text
        == text.encode("utf-16-le", "surrogatepass").decode(
            "utf-16-le", "surrogatepass"
        )
    )
)
FILES = st.lists(st.sampled_from(["shop", "é.py", "x y", "\udce9.py"]), min_size=1)
KEYS = st.builds(Key, FILES.map("/".join), TEXT, TEXT, TEXT)
COUNTS = st.dictionaries(KEYS, st.integers(1, 9), max_size=6)

A = Key("a.py", "CS101", "pylons.request", "")
B = Key("b.py", "CS102", "pylons.c", "show")


def _findings(key, count, origin="own"):
    return [Finding(key.path, line, *key[1:], origin=origin) for line in range(count)]


def _all(counts):
    return [one for key, count in counts.items() for one in _findings(key, count)]


@given(COUNTS, COUNTS)
def test_what_is_written_is_read(counts, source):
    numbers = {RUNS: counts, SOURCE: source}
    assert parse(render(numbers)) == numbers


@given(COUNTS)
def test_one_line_for_each_entry_sorted(counts):
    text = render({RUNS: counts, SOURCE: {}})
    lines = [line for line in text.split("\n") if line.lstrip().startswith('{"file"')]
    entries = [json.loads(line.rstrip(",")) for line in lines]
    keys = [(e["file"], e["code"], e["name"], e["function"]) for e in entries]
    assert len(keys) == len(counts)
    assert keys == sorted(keys)
    assert text == render({RUNS: dict(reversed(counts.items())), SOURCE: {}})


def test_a_file_that_is_not_there(tmp_path):
    assert load(tmp_path / "missing.json") == {}


def test_saving(tmp_path):
    path = tmp_path / "ci" / "known.json"
    save(path, {A: 2})
    assert load(path) == {A: 2}
    assert path.read_bytes().endswith(b"}\n")
    path.chmod(0o640)
    save(path, {A: 1, B: 3})
    assert load(path) == {A: 1, B: 3}
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(path.parent) == ["known.json"]


def test_saving_through_a_link(tmp_path):
    target = tmp_path / "target.json"
    save(target, {})
    link = tmp_path / "link.json"
    link.symlink_to(target)
    save(link, {A: 1})
    assert link.is_symlink()
    assert load(target) == {A: 1}


def test_saving_that_fails_leaves_the_file(tmp_path, monkeypatch):
    path = tmp_path / "known.json"
    save(path, {A: 1})

    def fail(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BaselineError, match="No space left") as caught:
        save(path, {})
    assert caught.value.path == str(path)
    assert load(path) == {A: 1}
    assert os.listdir(tmp_path) == ["known.json"]


GOOD = {"file": "a", "code": "b", "name": "c", "function": "d", "count": 1}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({**GOOD, "count": 0}, "no count of at least 1"),
        ({**GOOD, "count": -1}, "no count of at least 1"),
        ({**GOOD, "count": "1"}, "no count of at least 1"),
        ({**GOOD, "count": True}, "no count of at least 1"),
        ({**GOOD, "count": 1.5}, "no count of at least 1"),
        ({**GOOD, "source": 0}, "no count of at least 1"),
        ({**GOOD, "source": "1"}, "no count of at least 1"),
        ({**GOOD, "name": None}, "something else than text"),
        ({"file": "a"}, "has not all of file"),
        ("file", "has not all of file"),
    ],
)
def test_entries_that_are_none(tmp_path, entry, reason):
    path = tmp_path / "known.json"
    path.write_text(json.dumps({"version": 1, "entries": [entry]}))
    with pytest.raises(BaselineError, match=reason) as caught:
        load(path)
    assert caught.value.path == str(path)
    assert reason in caught.value.reason


def test_an_entry_that_is_there_twice(tmp_path):
    path = tmp_path / "known.json"
    path.write_text(json.dumps({"version": 1, "entries": [GOOD, GOOD]}))
    with pytest.raises(BaselineError, match=r"twice\. Resolve that with 'compatshim"):
        load(path)


@pytest.mark.parametrize("text", ["<<<<<<< ours\n", '{"version": 1, "entries": [7]}'])
def test_the_advice_is_the_best_that_is_known(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "ci" / "known uses.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(BaselineError) as caught:
        load(path)
    merge = "Resolve that with 'compatshim baseline merge 'ci/known uses.json''."
    is_conflict = text.startswith("<")
    assert (caught.value.advice == merge) == is_conflict
    assert str(caught.value).endswith(caught.value.advice)
    assert ("Restore it" in str(caught.value)) != is_conflict


def test_a_folder_in_the_place_of_the_file(tmp_path):
    with pytest.raises(BaselineError, match="it cannot be read") as caught:
        load(tmp_path)
    assert "Restore" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"version": 1, "entries": [' + '{"a":' * 100_000,
        '{"version": 1, "entries": [' + "[" * 900 + "]" * 900 + "]}",
    ],
)
@pytest.mark.parametrize("read", [load, resolve])
def test_what_is_nested_too_deeply(tmp_path, text, read):
    path = tmp_path / "known.json"
    path.write_text(text)
    with pytest.raises(BaselineError) as caught:
        read(path)
    assert len(str(caught.value)) < 1000
    assert path.read_text() == text


def test_a_file_name_that_is_not_utf8(tmp_path):
    key = Key(os.fsdecode(b"caf\xe9.py"), "CS101", "pylons.c", "\U0001f600")
    path = tmp_path / "known.json"
    save(path, {key: 1})
    assert b'"caf\\udce9.py"' in path.read_bytes()
    assert "\U0001f600" in path.read_text("utf-8")
    assert load(path) == {key: 1}


@pytest.mark.parametrize(
    "spelling",
    ["./shop/views.py", "shop\\views.py", "shop//views.py", "lib/../shop/views.py"],
)
def test_other_spellings_of_a_path(spelling):
    text = json.dumps({"version": 1, "entries": [{**GOOD, "file": spelling}]})
    assert parse(text)[RUNS] == {Key("shop/views.py", "b", "c", "d"): 1}


def test_comparing():
    c, d, e = (Key(f"{name}.py", "CS101", "x", "f") for name in "cde")
    before = {A: 1, B: 1, c: 3, d: 2}
    now = {A: 1, B: 2, c: 1, e: 1}
    comparison = compare(before, _all(now))
    assert [(one.key, one.was, one.now) for one in comparison.new] == [(e, 0, 1)]
    assert [(one.key, one.was, one.now) for one in comparison.more] == [(B, 1, 2)]
    assert [(one.key, one.was, one.now) for one in comparison.fewer] == [(c, 3, 1)]
    assert [(one.key, one.was, one.now) for one in comparison.gone] == [(d, 2, 0)]
    assert [one.line for one in comparison.more[0].findings] == [0, 1]
    assert [one.key for one in comparison.worse] == [B, e]
    assert [one.key for one in comparison.better] == [c, d]


@pytest.mark.parametrize("origin", [THIRD_PARTY, OUTSIDE, NO_FILE])
def test_what_is_not_the_projects_is_not_compared(origin):
    assert compare({}, _findings(A, 3, origin)).worse == ()


@given(COUNTS, COUNTS)
def test_updating_makes_the_baseline_what_was_found(before, now):
    comparison = compare(before, _all(now))
    assert updated(before, comparison) == now
    assert compare(now, _all(now)) == compare({}, [])


@given(COUNTS, COUNTS)
def test_a_part_never_shrinks_and_never_complains_of_the_rest(before, now):
    comparison = compare(before, _all(now), ["-k"])
    assert comparison.better == ()
    assert {one.key for one in comparison.worse} <= set(now)
    after = updated(before, comparison)
    assert all(after[key] >= count for key, count in before.items())
    assert all(after[key] >= count for key, count in now.items())


@given(COUNTS, COUNTS)
def test_each_kind_keeps_the_numbers_of_the_other(tmp_path_factory, runs, source):
    path = tmp_path_factory.mktemp("kinds") / "known.json"
    save(path, runs)
    save(path, source, SOURCE)
    assert load(path) == runs
    assert load(path, SOURCE) == source
    save(path, {})
    assert load(path, SOURCE) == source
    assert load(path) == {}


@given(COUNTS, COUNTS, COUNTS)
def test_the_higher_number_is_what_is_allowed(own, others, now):
    comparison = compare(own, _all(now), (), others)
    for change in comparison.worse:
        allowed = max(own.get(change.key, 0), others.get(change.key, 0))
        assert change.was == allowed < change.now
    assert {one.key for one in comparison.better} == {
        key for key, count in own.items() if now.get(key, 0) < count
    }
    # Whatever the other kind has, what is written are the numbers of this one.
    assert updated(own, comparison) == now


@given(COUNTS, COUNTS)
def test_runs_and_audits_in_turn_come_to_rest(runs, source):
    """Both find what they find, again and again; each writes once, and none complains."""
    numbers = {RUNS: {}, SOURCE: {}}
    found = {RUNS: runs, SOURCE: source}
    for kind, other in ((RUNS, SOURCE), (SOURCE, RUNS)):
        comparison = compare(numbers[kind], _all(found[kind]), (), numbers[other])
        numbers[kind] = updated(numbers[kind], comparison)
    for kind, other in ((RUNS, SOURCE), (SOURCE, RUNS)):
        comparison = compare(numbers[kind], _all(found[kind]), (), numbers[other])
        assert comparison == compare({}, [])
    assert allowed_by(numbers) == {
        key: max(runs.get(key, 0), source.get(key, 0)) for key in {*runs, *source}
    }
