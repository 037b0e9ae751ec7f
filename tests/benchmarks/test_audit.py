"""What benchmarks/audit.py compares and prints; no test here asserts a time."""

from __future__ import annotations

import re
import sys
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

RATIO = r" +\d+\.\d{3}  \[\d+\.\d{3}, \d+\.\d{3}\]"
VERDICT = r"(?:met|MISSED)"
PER_CALL = r" +\d+\.\d us per call"


def lines_of_tree(files: str, compared: str, *, with_jobs: bool) -> list[str]:
    """Return patterns of what is printed for one tree, if there is LibCST's failure."""
    memory = [
        rf"memory of all processes, {jobs}, {files} files +\d+\.\d MB  bar 200 MB  met"
        for jobs in ("default --jobs", "--jobs 1", "--jobs 2")
        if sys.platform == "linux"
    ]
    jobs = [
        rf"--jobs 2 / --jobs 1, {files} files{RATIO}  bar 0\.60  {VERDICT} *{PER_CALL}"
    ]
    return [
        rf"imports in a sample of {files} files +{compared} not read by LibCST:"
        r" [1-9]\d* found by both, 0 by compatshim only, 0 by LibCST only",
        rf"compatshim / LibCST, {files} files, by file{RATIO}  bar 0\.08  {VERDICT} *{PER_CALL}",
        rf"an audit of {files} files +\d+\.\d{{3}} s  \d+ of {files} parsed:"
        r" walk \d+%, read \d+%, prefilter \d+%, decode \d+%, parse \d+%, rules \d+%",
        *(jobs if with_jobs else []),
        *memory,
    ]


@pytest.fixture
def bench(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    module = load("audit")
    monkeypatch.setattr(module, "START_PAIRS", 6)
    monkeypatch.setattr(module, "WORTH_TWO_JOBS", 40)
    # Files of some 400 bytes.
    monkeypatch.setattr(sys.modules["_legacy_trees"], "_SIZES", NormalDist(6, 0.5))
    return module


def test_a_run_that_really_measures_prints_a_line_for_each_bar(
    bench: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["--sizes", "20", "50", "--pairs", "6"]) in (0, 1)
    lines = capsys.readouterr().out.splitlines()
    expected = [
        rf"a {which} file of \d+\.\d kB / 120 ms{RATIO}  bar 1\.00  {VERDICT} *{PER_CALL}"
        for which in ("median", "large")
    ]
    expected += lines_of_tree("20", r"\d+ compared, \d+", with_jobs=False)
    expected += lines_of_tree("50", r"\d+ compared, \d+", with_jobs=True)
    expected.append(rf"50 / 20 files, by file{RATIO}  bar 1\.15  {VERDICT} *{PER_CALL}")
    assert len([one for one in lines if "of the bars missed" not in one]) == len(
        expected
    )
    for pattern, line in zip(expected, lines, strict=False):
        assert re.fullmatch(pattern, line), line


def test_a_tree_that_is_there(
    bench: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/base.py").write_text("from pylons import url\n")
    (tmp_path / "lib/old.py").write_text("from pylons import url\nprint url\n")
    before = sorted(tmp_path.rglob("*"))
    assert bench.main([str(tmp_path), "--pairs", "6"]) in (0, 1)
    lines = capsys.readouterr().out.splitlines()
    expected = lines_of_tree("2", "1 compared, 1", with_jobs=False)
    for pattern, line in zip(expected, lines, strict=False):
        assert re.fullmatch(pattern, line), line
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bar_that_is_missed_gives_the_exit_code(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [bench.Peak("memory", 200.0)]
    monkeypatch.setattr(bench, "of_generated", lambda *_: lines)
    assert bench.main([]) == 1
    lines[0] = bench.Peak("memory", 199.9)
    assert bench.main([]) == 0
    lines[0] = bench.Agreement("tree", 3, 0, both=2, only_ours=0, only_theirs=1)
    assert bench.main([]) == 1
    lines[0] = bench.Agreement("tree", 3, 1, both=2, only_ours=1, only_theirs=0)
    assert bench.main([]) == 0


def test_the_bars_and_the_sizes(bench: ModuleType) -> None:
    assert bench.SIZES == (100, 1_000, 5_000, 20_000)
    assert bench.LIBCST_BAR == 1 / 12
    assert (bench.JOBS_BAR, bench.GROWTH_BAR, bench.MEMORY_BAR) == (0.6, 1.15, 200)
    assert bench.START_BAR == 120_000_000
    assert bench.PAIRS >= 11


def test_both_look_for_the_same(bench: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import os, pylons\n"
        "import pylons.config as config\n"
        "from pylons import request, tmpl_context as c\n"
        "from pylons.i18n import *\n"
        "from . import pylons\n"
        "from paste import deploy\n"
        "from compatshim import legacy, common\n"
        "def f():\n"
        "    from routes import url_for\n"
        "    return '''from pylons import session'''\n"
        "try:\n"
        "    import webob.exc\n"
        "except ImportError:\n"
        "    __import__('pylons')\n"
    )
    expected = [
        ("a.py", "pylons", None),
        ("a.py", "pylons.config", "config"),
        ("a.py", "pylons.request", None),
        ("a.py", "pylons.tmpl_context", "c"),
        ("a.py", "pylons.i18n.*", None),
        ("a.py", "paste.deploy", None),
        ("a.py", "compatshim.legacy", None),
        ("a.py", "routes.url_for", None),
        ("a.py", "webob.exc", None),
    ]
    assert bench.our_imports(tmp_path) == expected
    assert bench.legacy_imports(tmp_path, ["a.py"], Catalogue()) == expected


def test_a_sample_has_what_both_can_read(bench: ModuleType, tmp_path: Path) -> None:
    tree, folder = tmp_path / "tree", tmp_path / "sample"
    (tree / "lib").mkdir(parents=True)
    (tree / "lib/a.py").write_text("import pylons\n")
    (tree / "b.py").write_text("print 'Python 2'\n")
    (tree / "c.py").write_bytes(b"# coding: latin-1\nimport pylons # \xe9\n")
    (tree / "d.py").write_text("# coding: none-such\nimport pylons\n")
    sample = bench.Sample.of(tree, folder)
    assert (sample.paths, sample.failures) == (["c.py", "lib/a.py"], 2)
    copies = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.read_bytes() for path in copies} == {
        b"# coding: latin-1\nimport pylons # \xe9\n",
        b"import pylons\n",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")
def test_the_memory_of_all_processes_is_counted(
    load: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    processes = load("_audit_processes")
    load("_legacy_trees").make_tree(tmp_path, 300)
    alone = processes.peak_memory(tmp_path, "--jobs", "1")
    assert (
        5_000_000 < alone < 1.5 * alone < processes.peak_memory(tmp_path, "--jobs", "2")
    )


def test_an_audit_that_cannot_run_is_not_measured(
    load: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="could not run"):
        load("_audit_processes").run_time(tmp_path / "none", "--jobs", "1")
