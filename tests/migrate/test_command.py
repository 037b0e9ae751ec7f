"""``compatshim audit`` as somebody runs it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from command_line import invoke
from compatshim.cli import main
from compatshim.migrate import command, reports
from fresh_python import printed_by

if TYPE_CHECKING:
    from click.testing import Result

SOURCE = """\
import pylons
from pylons import request, tmpl_context as c
from pylons.controllers import WSGIController
from pylons.i18n import *

class Page(WSGIController):
    def show(self):
        c.name = request.params["name"]
        return pylons.config["title"]
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop/controllers").mkdir(parents=True)
    (tmp_path / "shop/controllers/page.py").write_text(SOURCE)
    (tmp_path / "shop/clean.py").write_text("import os\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return invoke("audit", *arguments)


def test_text(tree: Path) -> None:
    result = run("shop")
    assert result.exit_code == 1
    assert (
        result.output
        == """\
shop/controllers/page.py:1:8:   CS104  pylons                             assisted
shop/controllers/page.py:2:20:  CS101  pylons.request                     automatic, write compatshim.common.request
shop/controllers/page.py:2:29:  CS101  pylons.tmpl_context                automatic, write compatshim.common.c
shop/controllers/page.py:3:32:  CS103  pylons.controllers.WSGIController  manual
shop/controllers/page.py:4:25:  CS105  pylons.i18n.*                      manual
shop/controllers/page.py:9:16:  CS102  pylons.config                      assisted, write compatshim.common.config

By rule
  2  CS101 Import from the legacy framework
  1  CS102 Attribute of a legacy module
  1  CS103 Legacy name without a counterpart
  1  CS104 Import of a legacy module
  1  CS105 Star import from the legacy framework

By name
  1  pylons
  1  pylons.config
  1  pylons.controllers.WSGIController
  1  pylons.i18n.*
  1  pylons.request
  1  pylons.tmpl_context

By directory
  6  shop/controllers

6 legacy names in 1 of 2 files: 2 automatic, 2 assisted, 2 manual.
After 'compatshim rewrite' 4 names in 1 file remain: about 36 minutes of work.
"""
    )


def test_nothing_found(tree: Path) -> None:
    result = run("shop/clean.py")
    assert result.output == "Nothing legacy in 1 file.\n"
    assert result.exit_code == 0


def test_what_could_not_be_read(tree: Path) -> None:
    (tree / "bad.py").write_bytes(b"x = '\xe9'\nimport pylons\n")
    result = run(".")
    assert (
        "1 file not read, or not all of it:\nbad.py  it is not utf-8" in result.output
    )


def test_what_could_not_be_read_is_told_beside_a_table(tree: Path) -> None:
    (tree / "shop/ba\nd.py").write_bytes(b"x = '\xe9'\nimport pylons\n")
    result = run("--format", "csv", "shop")
    assert result.stderr.startswith(
        "Not read, or not all of it: shop/ba\\nd.py: it is not utf-8"
    )
    assert len(result.stderr.splitlines()) == 1
    assert "not read" not in result.stdout


SCHEMA = Path(__file__).parents[2] / "docs" / "audit.schema.json"


@pytest.mark.skipif(not SCHEMA.is_file(), reason="needs a checkout")
def test_json(tree: Path) -> None:
    (tree / "shop/bad.py").write_bytes(b"x = '\xe9'\nimport pylons\n")
    result = run("--format", "json", "shop")
    assert result.exit_code == 1
    report = json.loads(result.output)
    jsonschema.validate(report, json.loads(SCHEMA.read_text("utf-8")))
    assert report["files"] == 3
    assert [one["path"] for one in report["unreadable"]] == ["bad.py"]
    alias = report["findings"][3]
    assert alias == {
        "path": "controllers/page.py",
        "line": 2,
        "column": 29,
        "end_line": 2,
        "code": "CS101",
        "kind": "from-import",
        "module": "pylons",
        "name": "tmpl_context",
        "asname": "c",
        "replacement": "compatshim.common.c",
        "fix": "automatic",
        "function": "",
        "also": [],
    }
    assert report["findings"][6]["function"] == "Page.show"


def test_csv(tree: Path) -> None:
    result = run("--format", "csv", "shop")
    lines = list(csv.DictReader(io.StringIO(result.output)))
    assert [line["name"] for line in lines] == [
        "",
        "request",
        "tmpl_context",
        "WSGIController",
        "*",
        "config",
    ]
    report = json.loads(run("--format", "json", "shop").output)
    for line, finding in zip(lines, report["findings"], strict=True):
        assert list(line) == list(finding)
        assert line["line"] == str(finding["line"])
        assert line["asname"] == (finding["asname"] or "")


def test_the_formats_are_those_that_there_are() -> None:
    (option,) = (
        one for one in main.commands["audit"].params if one.name == "format_name"
    )
    assert tuple(sorted(option.type.choices)) == reports.formats()


@pytest.mark.parametrize(
    ("codes", "exit_code"),
    [
        (["CS101"], 1),
        (["CS108"], 0),
        (["CS108", "CS105"], 1),
    ],
)
def test_fail_on(tree: Path, codes: list[str], exit_code: int) -> None:
    options = [part for code in codes for part in ("--fail-on", code)]
    result = run(*options, "shop")
    assert result.exit_code == exit_code
    assert "6 legacy names" in result.output


def test_fail_on_what_else_is_true(tree: Path) -> None:
    (tree / "a.py").write_text("from pylons import request\n")
    assert run("--fail-on", "CS110", "a.py").exit_code == 1
    assert run("--fail-on", "CS110", "shop").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nowhere",),
        ("--fail-on", "CS999", "shop"),
        ("--format", "xml", "shop"),
        ("--output", ".", "shop"),
        ("--output", "shop/clean.py/report.txt", "shop"),
        ("--baseline", ".", "shop"),
        ("--root", "nowhere", "shop"),
        ("--jobs", "0", "shop"),
    ],
)
def test_could_not_run(tree: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_ctrl_c_does_not_look_like_findings(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: Any, **_options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "audit", interrupted)
    result = run("shop")
    assert (result.exit_code, result.stderr) == (2, "Error: It was interrupted.\n")


def test_a_missing_extra(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compatshim.migrate import syntax

    syntax._parser.cache_clear()
    monkeypatch.setitem(sys.modules, "tree_sitter", None)
    result = run("shop")
    assert result.exit_code == 2
    assert "pip install 'compatshim[audit]'" in result.stderr


@pytest.mark.parametrize(
    "program", [["-m", "compatshim"], ["-c", "from compatshim.cli import main; main()"]]
)
def test_as_a_program(tree: Path, program: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *program, "audit", "shop", "--jobs", "2"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "6 legacy names in 1 of 2 files" in done.stdout
    assert done.stderr == ""


def test_output(tree: Path) -> None:
    for format_name in reports.formats():
        shown = run("--format", format_name, "shop").stdout
        path = tree / "out" / f"report.{format_name}"
        result = run("--format", format_name, "--output", str(path), "shop")
        assert result.exit_code == 1
        assert result.output == ""
        assert path.read_text("utf-8") == shown
    assert len(os.listdir(tree / "out")) == len(reports.formats())


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tree / "report.json"
    path.write_text("old")

    def fail(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    result = run("--format", "json", "-o", "report.json", "shop")
    assert result.exit_code == 2
    assert "'report.json': No space left on device" in result.stderr
    assert path.read_text() == "old"
    assert sorted(os.listdir(tree)) == ["report.json", "shop"]


def test_a_file_name_that_is_not_utf8(tree: Path) -> None:
    os.rename("shop/clean.py", os.fsdecode(b"shop/caf\xe9.py"))
    Path(os.fsdecode(b"shop/caf\xe9.py")).write_text("import pylons\n")
    for format_name in reports.formats():
        result = run("--format", format_name, "shop")
        assert result.exit_code == 1
        assert any(name in result.output for name in ("caf\\udce9.py", "caf%E9.py"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestProgress:
    def stderr(self, monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
        monkeypatch.setattr(sys, "stderr", stream)
        options = {"format_name": "text", "fail_on": (), "jobs": 1}
        command.run_audit(["shop"], str, str, **options)
        return stream.getvalue()

    @pytest.mark.usefixtures("tree")
    def test_on_a_terminal_after_a_while(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "_PATIENCE", 0)
        shown = self.stderr(monkeypatch, Terminal())
        assert "100%" in shown
        assert shown.endswith("\n")

    @pytest.mark.usefixtures("tree")
    def test_not_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "_PATIENCE", 1000)
        assert self.stderr(monkeypatch, Terminal()) == ""

    @pytest.mark.usefixtures("tree")
    @pytest.mark.parametrize(("seconds", "is_shown"), [(0.9, False), (1.1, True)])
    def test_after_a_second(
        self, monkeypatch: pytest.MonkeyPatch, seconds: float, *, is_shown: bool
    ) -> None:
        clock = itertools.chain([100.0], itertools.repeat(100.0 + seconds))
        fake = SimpleNamespace(monotonic=lambda: next(clock))
        monkeypatch.setattr(command, "time", fake)
        assert ("100%" in self.stderr(monkeypatch, Terminal())) is is_shown

    @pytest.mark.usefixtures("tree")
    def test_not_in_a_pipe(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "_PATIENCE", 0)
        assert self.stderr(monkeypatch, io.StringIO()) == ""


PROGRESS = """
import sys
from compatshim.cli import main
from compatshim.migrate import command
command._PATIENCE = {patience}
main(["audit", "shop"])
"""


@pytest.mark.parametrize(("patience", "is_shown"), [(0, True), (1000, False)])
def test_progress_on_a_real_terminal(
    tree: Path, patience: int, *, is_shown: bool
) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRESS.format(patience=patience)],
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "TERM": "xterm"},
        )
        os.write(theirs, b"END")
        shown = b""
        while not shown.endswith(b"END"):
            shown += os.read(ours, 1024)
    finally:
        os.close(ours)
        os.close(theirs)
    assert "6 legacy names in 1 of 2 files" in done.stdout
    assert (b"100%" in shown) is is_shown
    assert is_shown or shown == b"END"


def test_what_a_clean_file_loads(tree: Path) -> None:
    """A hook that runs on a file must start quickly: no parser, no framework."""
    code = (
        "import atexit, sys\n"
        "before = set(sys.modules)\n"  # what measures coverage has some
        "from compatshim.cli import main\n"
        "slow = {'tree_sitter', 'pathspec', 'jinja2', 'compatshim.ratchet.baseline', 'flask', 'webob', 'multiprocessing',"
        " 'asyncio', 'unittest', 'doctest'}\n"
        "atexit.register(lambda: print(slow & set(sys.modules) - before))\n"
        "main(['audit', 'shop/clean.py'])\n"
    )
    assert printed_by(code) == "Nothing legacy in 1 file.\nset()\n"
