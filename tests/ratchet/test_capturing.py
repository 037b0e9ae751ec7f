"""Everything that a run uses is counted, whenever, wherever and however it happens."""

from __future__ import annotations

import pytest


def test_import_time_and_collection_time(project):
    project.write("early.py", "import framework\nframework.old()")
    project.write("test_shop.py", "import early\ndef test(): pass")
    result = project.run("--compatshim")
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        ["CS501 old * early.py:2 * collection of test_shop.py *", "1 deprecated*"]
    )


def test_generated_tests(project):
    project.write(
        "test_shop.py",
        "import framework\n"
        "def pytest_generate_tests(metafunc):\n"
        "    metafunc.parametrize('one', framework.old())\n"
        "def test(one): pass",
    )
    assert project.run("--compatshim").ret == 9


def test_conftest(project):
    project.write("conftest.py", "import framework\nframework.old()")
    project.write("sub/conftest.py", "import framework\nframework.older()")
    project.write("sub/test_sub.py", "def test_sub(): pass")
    (project.path / "test_shop.py").unlink()
    result = project.run_process("--compatshim")
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        [
            "In tests:",
            "CS501 old * conftest.py:2 * conftest.py *",
            "CS501 older * sub/conftest.py:2 * collection of * newer()",
            "2 deprecated uses more*",
        ]
    )


def test_a_plugin_that_is_loaded_late(project):
    project.write("conftest.py", "pytest_plugins = ['compatshim.pytest_plugin']")
    result = project.pytester.runpytest_subprocess("--compatshim")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["3 deprecated uses more*"])


def test_hooks_of_conftest(project):
    project.write(
        "conftest.py",
        "import framework\n"
        "def pytest_configure(): framework.old()\n"
        "def pytest_sessionstart(): framework.old()\n"
        "def pytest_collection_modifyitems(): framework.old()\n",
    )
    project.write("test_shop.py", "def test(): pass")
    result = project.run_process("--compatshim")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["3 deprecated uses more*"])


def test_fixtures_of_any_scope(project):
    project.write(
        "test_shop.py",
        "import framework, pytest\n"
        "@pytest.fixture(scope='session', autouse=True)\n"
        "def wide():\n"
        "    framework.old()\n"
        "    yield\n"
        "    framework.older()\n"
        "def test(): pass",
    )
    result = project.run("--compatshim")
    result.stdout.fnmatch_lines(["* test_shop.py:4 in wide *", "* test_shop.py:6 in*"])


def test_threads(project):
    project.write(
        "test_shop.py",
        "import shop, threading\n"
        "def test():\n"
        "    threads = [threading.Thread(target=shop.show) for _ in range(20)]\n"
        "    for thread in threads: thread.start()\n"
        "    for thread in threads: thread.join()\n",
    )
    result = project.run("--compatshim", "--compatshim-report=json:found.json")
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        ["CS501 old * shop.py:5 in show *", "1 deprecated use *"]
    )
    assert '"count": 20' in (project.path / "found.json").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["-W", "ignore"],
        ["-W", "ignore::DeprecationWarning"],
        ["-p", "no:warnings"],
        ["--disable-warnings"],
        ["-W", "always"],
    ],
    ids=" ".join,
)
def test_warning_filters(project, arguments):
    result = project.run_process("--compatshim", *arguments)
    result.assert_outcomes(passed=2)
    assert result.ret == 9
    result.stdout.fnmatch_lines(["3 deprecated uses more*"])


def test_python_that_shows_no_warnings(project, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    result = project.run_process("--compatshim", "-p", "no:warnings")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["3 deprecated uses more*"])


def test_warnings_that_tests_look_for(project):
    project.write(
        "test_shop.py",
        "import pytest, shop, warnings\n"
        "def test_a():\n"
        "    with pytest.deprecated_call(): shop.show()\n"
        "def test_b():\n"
        "    with warnings.catch_warnings(): shop.list_all()\n",
    )
    result = project.run("--compatshim")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["3 deprecated uses more*"])


def test_warnings_that_are_errors(project):
    result = project.run("--compatshim", "-W", "error::DeprecationWarning")
    result.assert_outcomes(failed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["2 deprecated uses more*"])


def test_imports_from_the_legacy_framework(bare):
    bare.write(
        "conftest.py",
        "from compatshim.legacy import install_alias\ninstall_alias('pylons')\n",
    )
    bare.write(
        "shop.py", "from pylons import request\n\ndef show():\n    import pylons\n"
    )
    bare.write("test_shop.py", "import shop\ndef test(): shop.show()")
    result = bare.run_process("--compatshim", "-W", "ignore")
    result.assert_outcomes(passed=1)
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        [
            "CS101 pylons.request * shop.py:1 * collection of test_shop.py"
            " * from compatshim.common import request",
        ]
    )


CHILDREN = {
    "subprocess": "subprocess.run([sys.executable, '-c', 'import shop; shop.show()'],"
    " check=True)",
    "of a child": "subprocess.run([sys.executable, '-c', 'import os, sys;"
    ' os.spawnl(os.P_WAIT, sys.executable, sys.executable, "-c",'
    ' "import shop; shop.show()")\'], check=True)',
    "fork": "run_process('fork')",
    "spawn": "run_process('spawn')",
}

TEST_OF_A_CHILD = """
import multiprocessing, os, subprocess, sys
import shop


def run_process(method):
    process = multiprocessing.get_context(method).Process(target=shop.show)
    process.start()
    process.join()
    assert process.exitcode == 0


def test_child():
    {child}
"""


@pytest.mark.parametrize("name", CHILDREN)
@pytest.mark.parametrize("workers", ["", "-n1"])
def test_processes_that_tests_start(project, name, workers):
    if workers:
        pytest.importorskip("xdist")
    source = TEST_OF_A_CHILD.format(child=CHILDREN[name])
    project.write("test_shop.py", source)
    arguments = [workers] if workers else []
    result = project.run_process(
        "--compatshim",
        "--compatshim-report=json:found.json",
        *arguments,
        plugins=["xdist"] if workers else [],
    )
    result.assert_outcomes(passed=1)
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        ["CS501 old * shop.py:5 in show *", "1 deprecated use *"]
    )
    assert '"count": 1,' in (project.path / "found.json").read_text()


def test_nothing_of_it_is_left_in_the_environment(project):
    project.write(
        "conftest.py",
        "import atexit, os\n"
        "name = 'COMPATSHIM_DEPRECATION_DIRECTORY'\n"
        "before = os.environ.get(name)\n"
        "def show(): print('left:', os.environ.get(name), os.path.exists(before))\n"
        "atexit.register(show)\n",
    )
    result = project.run_process("--compatshim")
    result.stdout.fnmatch_lines(["left: None False"])
