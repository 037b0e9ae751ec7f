"""The trend file: what it keeps, what it forgives, and what it refuses."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies

from compatshim.errors import HistoryFileError
from compatshim.ratchet import history
from compatshim.ratchet.findings import NO_FILE, OUTSIDE, THIRD_PARTY, Finding
from compatshim.ratchet.history import Run

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
LINE = '{"date": "2026-03-01T12:00:00Z", "commit": "abc", "files": 2, "codes": {"CS101": 3}}\n'


def run(day: float, total: int = 1, commit: str = "") -> Run:
    return Run(START + timedelta(days=day), commit, 1, {"CS101": total})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.jsonl"


def test_a_run_counts_places_and_files_of_the_project() -> None:
    findings = [
        Finding("a.py", 1, "CS101", "pylons.c"),
        Finding("a.py", 9, "CS101", "pylons.c", count=40),
        Finding("b.py", 1, "CS201", "url('x')"),
        Finding("library.py", 1, "CS101", "pylons.c", origin=THIRD_PARTY),
        Finding("other/part.py", 1, "CS101", "pylons.c", origin=OUTSIDE),
        Finding("<string>", 1, "CS101", "pylons.c", origin=NO_FILE),
    ]
    made = Run.of(findings, commit="abc", date=START)
    assert (made.date, made.commit, made.files) == (START, "abc", 2)
    assert made.codes == {"CS101": 2, "CS201": 1}
    assert made.total == 3


def test_a_run_is_of_now() -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    assert before <= Run.of([]).date <= datetime.now(timezone.utc)
    assert Run.of([]).total == 0


def test_one_line_for_each_run(path: Path) -> None:
    history.append(path, Run(START, "abc", 2, {"CS101": 3}))
    assert path.read_text() == LINE
    runs = history.append(path, run(1, total=2))
    assert path.read_text().startswith(LINE)
    assert path.read_text().count("\n") == 2
    assert [one.total for one in runs] == [3, 2]
    assert history.load(path) == runs


def test_times_are_stored_in_utc(path: Path) -> None:
    east = timezone(timedelta(hours=2))
    history.append(path, Run(START.astimezone(east), "abc", 2, {"CS101": 3}))
    assert path.read_text() == LINE


def test_no_file_is_no_history(path: Path) -> None:
    assert history.load(path) == []


def test_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "trend" / "history.jsonl"
    history.append(path, run(0))
    assert path.exists()


def test_the_last_line_may_have_lost_its_end(path: Path) -> None:
    path.write_text(LINE.rstrip("\n"))
    history.append(path, run(1))
    assert len(history.load(path)) == 2


def test_lines_in_any_order_twice_and_in_a_conflict(path: Path) -> None:
    lines = [run(day, total=day, commit=f"c{day}").to_line() for day in range(4)]
    path.write_text(
        f"{lines[2]}<<<<<<< HEAD\n{lines[3]}||||||| base\n=======\n{lines[1]}"
        f">>>>>>> topic\n\n{lines[0]}{lines[2]}"
    )
    assert [one.total for one in history.load(path)] == [0, 1, 2, 3]


def test_of_several_runs_of_a_commit_the_last_counts(path: Path) -> None:
    for day, total in ((0, 5), (2, 3), (1, 4)):
        history.append(path, run(day, total, commit="same"))
    history.append(path, run(3, 2, commit="other"))
    assert [one.total for one in history.load(path)] == [3, 2]


def test_git_merges_it_by_itself(tmp_path: Path) -> None:
    names = ("base", "ours", "theirs")
    for day, name in enumerate(names):
        base = "" if name == "base" else (tmp_path / "base").read_text()
        (tmp_path / name).write_text(base + run(day, total=day).to_line())
    ours, base, theirs = (tmp_path / name for name in ("ours", "base", "theirs"))
    subprocess.run(
        ["git", "merge-file", "--union", ours, base, theirs],
        check=True,
    )
    assert [one.total for one in history.load(ours)] == [0, 1, 2]


def test_runs_at_the_same_time_do_not_lose_each_other(path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda day: history.append(path, run(day)), range(40)))
    assert len(history.load(path)) == 40


def test_it_is_bounded_and_keeps_the_long_view(path: Path) -> None:
    path.write_text("".join(run(day, total=day).to_line() for day in range(40)))
    runs = history.append(path, run(40, total=40), limit=40)
    assert history.load(path) == runs
    # The newest twenty, and of the three weeks before them the last run of each.
    assert [one.total for one in runs] == [0, 7, 14, 20, *range(21, 41)]


def test_older_weeks_go_in_the_end(path: Path) -> None:
    path.write_text("".join(run(7 * week, total=week).to_line() for week in range(40)))
    runs = history.append(path, run(7 * 40, total=40), limit=40)
    assert [one.total for one in runs] == list(range(1, 41))


def test_bounding_leaves_the_permissions(path: Path) -> None:
    path.write_text("".join(run(day).to_line() for day in range(10)))
    path.chmod(0o640)
    history.append(path, run(10), limit=5)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nonsense", "Expecting value"),
        ("[]", "is no dict"),
        ("{}", "'date'"),
        ('{"date": "2026-03-01T12:00:00", "files": 1, "codes": {}}', "no time zone"),
        ('{"date": "soon", "files": 1, "codes": {}}', "soon"),
        ('{"date": 1, "files": 1, "codes": {}}', "1 is no str"),
        ('{"date": "2026-03-01T12:00:00Z", "codes": {}}', "'files'"),
        ('{"date": "2026-03-01T12:00:00Z", "files": "1", "codes": {}}', "is no int"),
        ('{"date": "2026-03-01T12:00:00Z", "files": 1, "codes": {"a": true}}', "True"),
        ('{"version": 1, "entries": []}', "'date'"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_another_file_is_refused_and_left_as_it_is(
    path: Path, line: str, reason: str
) -> None:
    path.write_text(f"{LINE}{line}\n")
    with pytest.raises(HistoryFileError) as caught:
        history.append(path, run(1))
    assert path.read_text() == f"{LINE}{line}\n"
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    assert reason in caught.value.reason
    assert f"{path}:2" in str(caught.value)
    assert "Nothing was written" in str(caught.value)


def test_a_file_that_is_no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HistoryFileError, match="no text") as caught:
        history.load(path)
    assert caught.value.line is None


@given(
    date=strategies.datetimes(
        min_value=datetime(1990, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
        timezones=strategies.just(timezone.utc),
    ),
    commit=strategies.text(),
    files=strategies.integers(min_value=0),
    codes=strategies.dictionaries(strategies.text(), strategies.integers(min_value=0)),
)
def test_a_line_gives_back_its_run(
    date: datetime, commit: str, files: int, codes: dict[str, int]
) -> None:
    made = Run(date.replace(microsecond=0), commit, files, codes)
    line = made.to_line()
    assert line.splitlines() == [line[:-1]]
    read = Run.from_line(line)
    assert (read, read.codes) == (made, codes)


def test_a_failure_while_bounding_leaves_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(run(day).to_line() for day in range(10))
    path.write_text(text)

    def fail(*_: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(PermissionError):
        history.append(path, run(10), limit=5)
    assert path.read_text() == text
    assert [file.name for file in path.parent.iterdir()] == [path.name]
