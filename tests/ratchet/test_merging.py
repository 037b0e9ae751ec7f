"""Merging baselines, by hand, by the command and by git."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st

from compatshim.cli import main
from compatshim.errors import BaselineError
from compatshim.ratchet.baseline import RUNS, SOURCE, Key, load, render, save
from compatshim.ratchet.merging import merge, merge_files, resolve

NAMES = st.sampled_from([Key(f"{name}.py", "CS101", "x", "f") for name in "abcdef"])
COUNTS = st.dictionaries(NAMES, st.integers(1, 5))

A, B, C = (Key(f"{name}.py", "CS101", "pylons.request", "show") for name in "abc")


@given(COUNTS, COUNTS)
def test_the_lower_count(ours, theirs):
    merged = merge(ours, theirs)
    for key in {*ours, *theirs}:
        assert merged.get(key, 0) == min(ours.get(key, 0), theirs.get(key, 0))
    assert set(merged) <= {*ours, *theirs}
    assert merged == merge(theirs, ours)


@given(COUNTS, COUNTS, COUNTS)
def test_from_a_common_base(base, ours, theirs):
    merged = merge(ours, theirs, base)
    assert merged == merge(theirs, ours, base)
    for key in {*base, *ours, *theirs}:
        before, one, two = (side.get(key, 0) for side in (base, ours, theirs))
        if one == before:
            assert merged.get(key, 0) == two
        elif two == before:
            assert merged.get(key, 0) == one
        else:
            assert merged.get(key, 0) == min(one, two)


@given(COUNTS, COUNTS)
def test_a_side_that_has_changed_nothing(base, theirs):
    assert merge(base, theirs, base) == theirs


def _conflict(ours, theirs, base=None):
    middle = "" if base is None else f"||||||| base\n{base}"
    return (
        '{\n  "version": 1,\n  "entries": [\n'
        f"<<<<<<< ours\n{ours}{middle}=======\n{theirs}>>>>>>> theirs\n"
        "  ]\n}\n"
    )


def _lines(*entries):
    lines = [
        "    "
        + json.dumps(
            {
                "file": key.path,
                "code": key.code,
                "name": key.name,
                "function": key.function,
                "count": count,
            }
        )
        for key, count in entries
    ]
    return ",\n".join(lines) + "\n" if lines else ""


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "compatshim-baseline.json"


def test_marks_of_a_conflict(path):
    path.write_text(_conflict(_lines((A, 1), (B, 5)), _lines((A, 3), (B, 2), (C, 1))))
    assert resolve(path) == {A: 1, B: 2}
    assert path.read_text() == render({RUNS: {A: 1, B: 2}, SOURCE: {}})


def test_marks_of_a_conflict_with_the_base(path):
    ours, theirs = _lines((A, 1), (C, 1)), _lines((A, 3), (B, 2))
    path.write_text(_conflict(ours, theirs, _lines((A, 3), (B, 1))))
    assert resolve(path) == {A: 1, C: 1}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_commas_that_a_merge_of_lines_leaves(path, end):
    torn = _lines((A, 1)).rstrip("\n") + ",\n"
    text = _conflict(torn, torn).replace("  ]", _lines((B, 1)) + _lines((C, 2)) + "  ]")
    path.write_bytes(text.replace("\n", end).encode())
    assert resolve(path) == {A: 1, B: 1, C: 2}
    path.write_text(_conflict(torn, _lines()))
    assert resolve(path) == {}


def test_names_that_look_like_what_is_torn(path):
    odd = Key("}, ]{.py", "CS101", "=======", ",\n]}\n{")
    save(path, {odd: 2})
    assert resolve(path) == {odd: 2}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
FILES = st.sampled_from(["shop/views.py", "<<<<<<< a.py", "é.py"])
ANY_COUNTS = st.dictionaries(
    st.builds(Key, FILES, TEXT, TEXT, TEXT), st.integers(1, 9), max_size=4
)


@given(ANY_COUNTS)
def test_without_a_conflict_nothing_changes(tmp_path_factory, counts):
    path = tmp_path_factory.mktemp("merge") / "known.json"
    save(path, counts)
    assert resolve(path) == counts
    assert load(path) == counts


def test_entries_that_are_there_twice(path):
    path.write_text('{"version": 1, "entries": [\n' + _lines((A, 3), (A, 2)) + "]}")
    assert resolve(path) == {A: 2}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[1]",
        "<<<<<<< ours\n{}\n",
        _conflict("x", "y"),
        _conflict("", "").replace(">>>>>>> theirs\n", ""),
    ],
)
def test_what_is_no_baseline_is_left(path, content):
    path.write_text(content)
    with pytest.raises(BaselineError) as caught:
        resolve(path)
    assert caught.value.path == str(path)
    assert path.read_text() == content


def test_three_files(tmp_path):
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    save(base, {A: 3, B: 3})
    save(ours, {A: 1, C: 2})
    save(theirs, {A: 2, B: 3})
    assert merge_files(base, ours, theirs) == {A: 1, C: 2}
    assert load(ours) == {A: 1, C: 2}
    assert load(theirs) == {A: 2, B: 3}


def test_the_numbers_of_runs_and_of_the_audit_are_merged_apart(path, tmp_path):
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    for file, runs, source in (
        (base, {A: 3}, {A: 5, B: 2}),
        (ours, {A: 2}, {A: 5, B: 1}),
        (theirs, {A: 3, C: 1}, {A: 4}),
    ):
        save(file, runs)
        save(file, source, SOURCE)
    assert merge_files(base, ours, theirs) == {A: 4, C: 1}
    assert load(ours) == {A: 2, C: 1}
    assert load(ours, SOURCE) == {A: 4}
    texts = [file.read_text() for file in (ours, theirs)]
    path.write_text("<<<<<<< o\n{}=======\n{}>>>>>>> t\n".format(*texts))
    assert resolve(path) == {A: 4, C: 1}
    assert load(path, SOURCE) == {A: 4}


def test_three_files_without_a_base(tmp_path):
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    base.write_text("")
    save(ours, {A: 1, C: 2})
    save(theirs, {A: 2, B: 3})
    assert merge_files(base, ours, theirs) == {A: 1}


def _run(*arguments):
    return CliRunner().invoke(main, ["baseline", "merge", *map(str, arguments)])


def test_command(path):
    path.write_text(_conflict(_lines((A, 1)), _lines((A, 3))))
    result = _run()
    assert result.exit_code == 0
    assert result.output == "compatshim-baseline.json is merged: it allows 1 uses.\n"
    assert load(path) == {A: 1}


def test_command_with_a_file(tmp_path):
    path = tmp_path / "known.json"
    path.write_text(_conflict(_lines((A, 1)), _lines((A, 3))))
    assert _run(path).exit_code == 0
    assert load(path) == {A: 1}


@pytest.mark.parametrize("content", [None, "{}"])
def test_command_for_what_is_no_baseline(path, content):
    if content is not None:
        path.write_text(content)
    result = _run()
    assert result.exit_code == 1
    assert result.output.startswith("Error: The baseline 'compatshim-baseline.json'")
    assert result.output.count("\n") == 1
    assert path.exists() == (content is not None)


def test_command_for_two_files():
    result = _run("one", "two")
    assert result.exit_code == 2
    assert "Name one file, or three" in result.output


def test_help():
    result = _run("--help")
    assert result.exit_code == 0
    text = " ".join(result.output.split())
    for part in ("merge driver of git", "exit code is 0", "%O %A %B"):
        assert part in text
    assert "Resolve a merge conflict" in CliRunner().invoke(main, ["baseline"]).output


@pytest.fixture
def git(tmp_path, monkeypatch):
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "none"))

    def run(*arguments, check=True):
        words = [
            "git",
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.org",
            *arguments,
        ]
        return subprocess.run(words, cwd=tmp_path, check=check, capture_output=True)

    run("init", "--quiet", "--initial-branch=main")
    return run


def _two_branches(git, path):
    """Lower one count on each of two branches, and let each add an entry."""
    d, e = (Key(f"{name}.py", "CS101", "pylons.request", "show") for name in "de")
    save(path, {A: 3, B: 3, C: 3})
    git("add", ".")
    git("commit", "-qm", "base")
    git("checkout", "-qb", "other")
    save(path, {A: 1, B: 2, d: 1})
    git("commit", "-qam", "theirs")
    git("checkout", "-q", "main")
    save(path, {A: 2, B: 3, C: 2, e: 1})
    git("commit", "-qam", "ours")
    return d, e


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_a_conflict_that_git_leaves(git, path, style):
    d, e = _two_branches(git, path)
    git("config", "merge.conflictStyle", style)
    assert git("merge", "other", check=False).returncode == 1
    assert "<<<<<<<" in path.read_text()
    assert _run().exit_code == 0
    counts = load(path)
    assert counts[A] == 1
    assert counts[B] == 2
    assert C not in counts
    assert set(counts) <= {A, B, d, e}


def test_merge_driver(git, path):
    d, e = _two_branches(git, path)
    # As documented, with this Python's command in the place of the installed one.
    driver = f'"{sys.executable}" -m compatshim baseline merge %O %A %B'
    git("config", "merge.compatshim.driver", driver)
    attributes = path.parent / ".gitattributes"
    attributes.write_text("compatshim-baseline.json merge=compatshim\n")
    git("merge", "-m", "merged", "other")
    assert load(path) == {A: 1, B: 2, d: 1, e: 1}
