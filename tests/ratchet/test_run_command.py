"""``python -m compatshim.deprecation run``: what it finds, reports and allows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from compatshim.ratchet.baseline import DEFAULT_PATH

RUN = [sys.executable, "-W", "ignore", "-m", "compatshim.deprecation", "run"]

LIBRARY = """
from compatshim.deprecation import deprecated

@deprecated(since="2.0", use="new()")
def old():
    pass

def use_it(times=1):
    for _ in range(times):
        old()
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "library.py").write_text(LIBRARY)
    return tmp_path


@pytest.fixture
def environment():
    """Return an environment in which programs find what is beside them, as tox's do not."""
    return {name: os.environ[name] for name in os.environ if name != "PYTHONSAFEPATH"}


@pytest.fixture
def run(project, environment):
    def run(*words, program=None, cwd=project, **variables):
        if program is not None:
            (project / "manage.py").write_text(program)
        return subprocess.run(
            [*RUN, *words],
            check=False,
            capture_output=True,
            cwd=cwd,
            env={**environment, **variables},
            text=True,
            timeout=60,
        )

    return run


def counted(report: Path) -> dict[tuple[str, int], int]:
    """Return the uses that a report in JSON has, by file and line."""
    findings = json.loads(report.read_text())["findings"]
    return {(one["path"], one["line"]): one["count"] for one in findings}


USE = LIBRARY.splitlines().index("        old()") + 1


def test_the_table_says_what_where_who_and_what_to_write(run):
    done = run("--", "manage.py", program="from library import use_it\nuse_it(3)")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Still legacy: 1 place in 1 file" in done.stderr
    for part in ("CS501 old", f"library.py:{USE}", "manage.py:2 in <module>", "new()"):
        assert part in done.stderr


def test_uses_at_import_in_threads_at_the_end_and_before_a_failure(run, project):
    done = run(
        "--report=json:report.json",
        "manage.py",
        program="""
import atexit, threading
from library import old, use_it
old()
atexit.register(lambda: old())
thread = threading.Thread(target=lambda: old())
thread.start()
thread.join()
old(); raise ValueError
""",
    )
    assert done.returncode == 1
    assert done.stderr.endswith("ValueError\n")  # the report is in the file only
    lines = [4, 5, 6, 9]
    expected = {("manage.py", line): 1 for line in lines}
    assert counted(project / "report.json") == expected


CHILDREN = {
    "subprocess": """
import subprocess, sys
code = "from library import use_it; use_it(1000)"
subprocess.run([sys.executable, "-c", code], check=True)
""",
    "grandchild": """
import subprocess, sys
code = "from library import use_it; use_it(1000)"
outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
subprocess.run([sys.executable, "-c", outer], check=True)
""",
    "fork": """
import os
from library import use_it
use_it(400)  # before: the child has no part in it
if not os.fork():
    use_it(600)
    raise SystemExit
os.wait()
""",
    "fork of a process that reports": """
import subprocess, sys
code = '''
import os
from library import use_it
use_it(400)
if not os.fork():
    use_it(600)
    raise SystemExit
os.wait()
'''
subprocess.run([sys.executable, "-c", code], check=True)
""",
    **{
        f"multiprocessing {method}": f"""
import multiprocessing
from library import use_it
if __name__ == "__main__":
    context = multiprocessing.get_context({method!r})
    processes = [context.Process(target=use_it, args=(500,)) for _ in range(2)]
    for process in processes:
        process.start()
"""
        for method in ("fork", "spawn", "forkserver")
    },
    "pool": """
import multiprocessing
from library import use_it
pool = multiprocessing.get_context("fork").Pool(2)
pool.map(use_it, [250] * 4)
pool.close()
pool.join()
""",
    "executor": """
from concurrent.futures import ProcessPoolExecutor
from library import use_it
if __name__ == "__main__":
    ProcessPoolExecutor(2).map(use_it, [100] * 10)
""",
    "a run in a run": """
import subprocess, sys
run = [sys.executable, "-m", "compatshim.deprecation", "run", "--report=json:inner.json"]
subprocess.run([*run, "inner.py"], check=True)
""",
}


@pytest.mark.parametrize("name", CHILDREN)
def test_processes_that_it_starts(name, run, project):
    (project / "inner.py").write_text("from library import use_it; use_it(1000)")
    report = "--report=json:report.json"
    done = run(report, "manage.py", program=CHILDREN[name])
    assert (done.returncode, done.stderr) == (0, "")
    assert counted(project / "report.json") == {("library.py", USE): 1000}


@pytest.mark.parametrize(
    "end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "os.execv('/bin/true', ['true'])"]
)
def test_a_child_that_does_not_end_as_it_should_has_named_its_places(end, run, project):
    code = f"import os; from library import use_it; use_it(7); {end}"
    program = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
    )
    run("--report=json:report.json", "manage.py", program=program)
    assert list(counted(project / "report.json")) == [("library.py", USE)]


def test_nothing_is_left_behind(run, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    program = """
import os, subprocess, sys
print(os.environ["COMPATSHIM_DEPRECATION_DIRECTORY"], flush=True)
subprocess.run([sys.executable, "-c", "from library import use_it; use_it()"])
sys.exit(3)
"""
    done = run("manage.py", program=program, TMPDIR=os.fspath(temporary))
    assert done.returncode == 3
    assert Path(done.stdout.strip()).parent == temporary
    assert list(temporary.iterdir()) == []


USES = "from library import use_it\nuse_it()"


def test_what_the_baseline_does_not_allow_fails_the_command(run, project):
    arguments = ("--baseline=allowed.json", "manage.py")
    first = run(*arguments, program=USES)
    assert first.returncode == 9
    assert "1 not allowed by allowed.json" in first.stderr
    assert not (project / "allowed.json").exists()

    assert run("--update", *arguments).returncode == 0
    entries = json.loads((project / "allowed.json").read_text())["entries"]
    assert [(one["file"], one["function"], one["count"]) for one in entries] == [
        ("library.py", "use_it", 1)
    ]
    assert run(*arguments).returncode == 0

    more = "from library import old, use_it\nuse_it(); old()"
    assert run(*arguments, program=more).returncode == 9
    failing = run(*arguments, program=f"{more}\nraise SystemExit(4)")
    assert failing.returncode == 4  # the command's own comes first
    assert "1 not allowed by" in failing.stderr


def test_update_says_what_it_has_written_and_has_a_default(run, project):
    (project / "below").mkdir()
    options = ("--update", "--root=..", "--report=json:report.json", "../manage.py")
    done = run(*options, program=USES, cwd=project / "below")
    assert done.returncode == 0
    said = "compatshim-baseline.json was written: it allows 1 use more.\n"
    assert done.stderr == said
    assert len(json.loads((project / DEFAULT_PATH).read_text())["entries"]) == 1
    # It is held to one only where it is asked.
    assert run("manage.py", program="from library import old; old()").returncode == 0


def test_a_baseline_that_cannot_be_written(run, project):
    program = f"import os\nos.mkdir('allowed.json')\n{USES}"
    options = ("--baseline=allowed.json", "--update", "--report=json:report.json")
    done = run(*options, "manage.py", program=program)
    assert done.returncode == 2
    assert "it cannot be written" in done.stderr
    assert "was written" not in done.stderr
    assert counted(project / "report.json") == {("library.py", USE): 1}


def test_nobody_calls_the_program(run, project):
    (project / "manage.py").write_text(
        "from library import old, use_it\nold()\ndef go():\n    old()\ngo()"
    )
    for words in (["manage.py"], ["-m", "manage"]):
        run("--report=json:report.json", *words)
        findings = json.loads((project / "report.json").read_text())["findings"]
        assert {one["line"]: one["callers"] for one in findings} == {
            2: [],
            4: ["manage.py:5 in <module>"],
        }


def test_a_command_that_reaches_less_is_allowed_and_shrinks_nothing(run, project):
    run("--baseline=allowed.json", "--update", "manage.py", program=USES)
    before = (project / "allowed.json").read_text()
    arguments = ("--baseline=allowed.json", "--update", "manage.py")
    done = run(*arguments, program="print('nothing')")
    assert done.returncode == 0
    assert "can shrink" not in done.stderr
    assert (project / "allowed.json").read_text() == before


def test_the_project_is_elsewhere_and_some_of_it_is_ignored(run, project):
    (project / "below").mkdir()
    options = ("--report=json:../report.json", "--root=..")
    run(*options, "../manage.py", program=USES, cwd=project / "below")
    assert counted(project / "report.json") == {("library.py", USE): 1}
    options = (*options, "--ignore=lib*", "--ignore=nothing")
    run(*options, "../manage.py", cwd=project / "below")
    assert counted(project / "report.json") == {}


def test_paths_are_those_of_the_start(run, project):
    """Also of a program that goes somewhere else."""
    (project / "below").mkdir()
    program = f"import os; os.chdir('below')\n{USES}"
    options = ("--report=json:report.json", "--baseline=allowed.json", "--update")
    assert run(*options, "manage.py", program=program).returncode == 0
    assert counted(project / "report.json") == {("library.py", USE): 1}
    assert (project / "allowed.json").exists()


def test_several_reports(run, project):
    reports = ("--report=text", "--report=html:report.html", "--report=sarif:r.sarif")
    done = run(*reports, "manage.py", program=USES)
    assert "Still legacy: 1 place" in done.stderr
    assert "<html" in (project / "report.html").read_text()
    assert json.loads((project / "r.sarif").read_text())["version"] == "2.1.0"


def test_a_report_that_cannot_be_written(run, project):
    (project / "file").touch()
    report = "--report=json:file/report.json"
    done = run(report, "--report=html:r.html", "manage.py", program=USES)
    assert done.returncode == 2
    said = done.stderr.splitlines()[-1]
    path = project / "file" / "report.json"
    assert f"--report=json:{path} could not be written: " in said
    assert "Traceback" not in done.stderr
    assert (project / "r.html").exists()
    assert (
        run(report, "manage.py", program=f"{USES}\nraise SystemExit(4)").returncode == 4
    )


def test_the_table_is_shown_though_the_program_hides_what_it_writes(run):
    program = f"import io, sys\nsys.stderr = io.StringIO()\n{USES}"
    assert "Still legacy: 1 place" in run("manage.py", program=program).stderr


@pytest.mark.parametrize("options", [["-W", "error"], ["-W", "ignore"], []])
def test_uses_are_counted_whatever_the_filters_say(options, project, environment):
    (project / "manage.py").write_text(USES)
    words = [
        sys.executable,
        *options,
        *RUN[3:],
        "--report=json:report.json",
        "manage.py",
    ]
    done = subprocess.run(
        words,
        check=False,
        capture_output=True,
        cwd=project,
        env=environment,
        text=True,
        timeout=60,
    )
    assert done.returncode == (1 if "error" in options else 0)
    assert ("DeprecatedNameWarning" in done.stderr) == ("error" in options)
    assert counted(project / "report.json") == {("library.py", USE): 1}
