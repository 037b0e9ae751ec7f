"""``python -m compatshim.deprecation run`` runs a program exactly as ``python`` does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile

import pytest

PLAIN = [sys.executable]
OURS = [sys.executable, "-m", "compatshim.deprecation", "run", "--"]
REPORT = "Still legacy:"

FACTS = """
import os, sys
print(sys.argv, sys.orig_argv, sys.path)
print(__name__, __file__, __package__, __doc__, __builtins__)
print(__spec__ and (__spec__.name, __spec__.origin), type(__loader__))
print(sys.modules["__main__"].__dict__ is globals(), __cached__)
"""

PROGRAMS = {
    "facts": FACTS,
    "the end": "print('done')",
    "coding": "# coding: latin-1\nprint(ascii('\xe9'))",
    "exit": "import sys\nsys.exit()",
    "exit 3": "import sys\nsys.exit(3)",
    "exit true": "import sys\nsys.exit(True)",
    "exit 300": "import sys\nsys.exit(300)",
    "exit text": "import sys\nsys.exit('what is the matter')",
    "exit tuple": "raise SystemExit((1, 2))",
    "os._exit": "import os\nos._exit(5)",
    "error": "def f():\n    raise ValueError('no')\nf()",
    "chained": "try:\n    1 / 0\nexcept Exception as error:\n    raise OSError from error",
    "syntax error": "print(1)\nprint 2",
    "interrupt": "raise KeyboardInterrupt",
    "sigint": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)",
    "abort": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "hook": """
import sys
sys.excepthook = lambda kind, error, traceback: print(
    kind, error, traceback.tb_frame.f_code.co_name, traceback.tb_next
)
raise LookupError(1)
""",
    "threads and atexit": """
import atexit, threading, sys
ended = threading.Event()
def work():
    ended.wait()
    print("work")
atexit.register(print, "atexit")
threading.Thread(target=work).start()
print("main")
threading.Timer(0, ended.set).start()
sys.exit(4)
""",
    "executor": """
from concurrent.futures import ThreadPoolExecutor
ThreadPoolExecutor().submit(print, "done")
raise RuntimeError("not shut down")
""",
    "failing thread": """
import threading
thread = threading.Thread(target=lambda: 1 / 0, name="worker")
thread.start()
thread.join()
""",
    "fork": """
import os, sys
child = os.fork()
if child:
    print("child", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit(7)
""",
    "failing fork": """
import os, sys
child = os.fork()
if not child:
    raise ValueError("in the child")
print("child", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
""",
    "pickle": """
import pickle
class Value:
    pass
print(type(pickle.loads(pickle.dumps(Value()))).__module__)
""",
    "spawn": """
import multiprocessing
def work():
    print("work in", __name__, flush=True)
if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    print(process.exitcode)
""",
    "stdin": "print(input() * 2)",
    "warnings": "import warnings\nwarnings.warn('here', DeprecationWarning)",
}


@pytest.fixture
def execute(tmp_path):
    def execute(*words, **options):
        # One that is killed leaves its temporary folder there.
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tmp_path)}
        env.pop("PYTHONSAFEPATH", None)
        return subprocess.run(
            [os.fspath(word) for word in words],
            check=False,
            capture_output=True,
            cwd=tmp_path,
            env=env,
            text=True,
            timeout=60,
            **{"input": "twice\n", **options},
        )

    return execute


def assert_same(execute, *words, before=()):
    """Run the same in both ways; all that we add is the report."""
    python, *ours = OURS
    expected = execute(python, *before, *words)
    done = execute(python, *before, *ours, *words)
    shown, _, report = done.stderr.partition(REPORT)
    assert (done.returncode, done.stdout, shown) == (
        expected.returncode,
        expected.stdout,
        expected.stderr,
    )
    return report


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_script(name, execute, tmp_path):
    encoding = "latin-1" if name == "coding" else "utf-8"
    (tmp_path / "program.py").write_text(PROGRAMS[name], encoding=encoding)
    report = assert_same(execute, "program.py", "--option", "-m", "value")
    assert bool(report) == (name not in {"os._exit", "abort"})


@pytest.mark.parametrize("name", ["facts", "error", "exit 3", "interrupt", "spawn"])
def test_a_module(name, execute, tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("print('package')")
    (tmp_path / "package" / "program.py").write_text(PROGRAMS[name])
    (tmp_path / "package" / "__main__.py").write_text(PROGRAMS[name])
    for module in ("package.program", "package"):
        plain = execute(*PLAIN, "-m", module, "-x", "--")
        done = execute(*OURS[:-1], "-m", module, "-x", "--")
        shown = done.stderr.partition(REPORT)[0]
        # Python shows the lines of runpy, too, through which it runs modules.
        expected = "".join(
            line
            for line in plain.stderr.splitlines(keepends=True)
            if "<frozen runpy>" not in line and "/runpy.py" not in line
        )
        assert (done.returncode, done.stdout) == (plain.returncode, plain.stdout)
        assert shown.splitlines()[-2:] == expected.splitlines()[-2:]
        assert "compatshim" not in shown


def test_a_folder_and_an_archive(execute, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "__main__.py").write_text(FACTS + "import beside")
    (tmp_path / "folder" / "beside.py").write_text("print('beside')")
    with zipfile.ZipFile(tmp_path / "archive.pyz", "w") as archive:
        for file in (tmp_path / "folder").glob("*.py"):
            archive.write(file, file.name)
    assert_same(execute, "folder", "argument")
    assert_same(execute, "archive.pyz", "argument")


def test_a_script_elsewhere_and_through_a_link(execute, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "program.py").write_text(FACTS)
    (tmp_path / "link.py").symlink_to(tmp_path / "real" / "program.py")
    assert_same(execute, "real/program.py")
    assert_same(execute, "link.py")
    assert_same(execute, tmp_path / "real" / "program.py")


@pytest.mark.parametrize(
    "options", [["-I"], ["-W", "error", "-X", "utf8"], ["-Werror", "-B"], ["-bb"]]
)
def test_options_of_python(options, execute, tmp_path):
    (tmp_path / "program.py").write_text(FACTS)
    if "-I" in options and "PYTHONPATH" in os.environ:
        pytest.skip("compatshim is found through PYTHONPATH, which -I ignores")
    assert_same(execute, "program.py", before=options)


@pytest.mark.parametrize("spelling", [["-mcompatshim.deprecation"], ["-Bm", OURS[2]]])
def test_what_a_reloader_starts_is_the_program_itself(spelling, execute, tmp_path):
    (tmp_path / "program.py").write_text("import sys; print(sys.orig_argv)")
    done = execute(sys.executable, *spelling, "run", "program.py", "run")
    flags = ["-B"] if "-Bm" in spelling else []
    assert done.stdout == f"{[sys.executable, *flags, 'program.py', 'run']}\n"


def test_a_command_that_is_written_in_python(execute, tmp_path, monkeypatch):
    command = tmp_path / "bin" / "manage-site"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\n{FACTS}")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(command.parent), prepend=os.pathsep)
    done = execute(*OURS, "manage-site", "upgrade")
    assert done.stdout == execute(*PLAIN, command, "upgrade").stdout
    # One of the folder where this Python has its own is found wherever PATH leads.
    monkeypatch.setenv("PATH", "")
    assert "usage: pytest" in execute(*OURS, "pytest", "--help").stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["missing.py"], "'missing.py' cannot be run: there is no such file"),
        (["folder/missing.py"], "'folder/missing.py' cannot be run"),
        (["sh"], "is not written in Python"),
        (["-m", "missing"], "'missing' cannot be run: there is no such module"),
        (["-m", "json"], "'json.__main__' cannot be run: there is no such module"),
        (["-m", "missing.part"], "ModuleNotFoundError: No module named 'missing'"),
        ([], "there is no command to run"),
        (["--"], "there is no command to run"),
        (["--report=pdf", "x.py"], "There is no report 'pdf'"),
        (["--baseline=broken.json", "x.py"], "broken.json"),
    ],
)
def test_what_cannot_be_run(words, reason, execute, tmp_path):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "x.py").write_text("print('it runs')")
    done = execute(*OURS[:-1], *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_help(execute):
    assert "run a Python program" in execute(*OURS[:3], "--help").stdout
    assert "--baseline" in execute(*OURS[:4], "-h").stdout


def test_ctrl_c_while_threads_are_waited_for(execute, tmp_path):
    """It ends the waiting, as without us, and still there is a report."""
    (tmp_path / "program.py").write_text("""
import threading
def interrupt():
    raise KeyboardInterrupt
# Called by what waits for the threads, where a signal would come a little later.
threading._register_atexit(interrupt)
""")
    done = execute(*OURS, "program.py")
    assert done.returncode == execute(*PLAIN, "program.py").returncode == 0
    assert REPORT in done.stderr


def test_ctrl_c_while_the_first_one_is_shown(execute, tmp_path):
    (tmp_path / "program.py").write_text("""
import sys
def hook(*_):
    raise KeyboardInterrupt
sys.excepthook = hook
raise KeyboardInterrupt
""")
    done = execute(*OURS, "program.py")
    assert done.returncode == -signal.SIGINT
    assert done.stderr.startswith(REPORT)
