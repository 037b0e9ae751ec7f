"""``import pylons`` finds ``compatshim.legacy``, and never hides a real Pylons."""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

import compatshim.legacy
import compatshim.legacy.i18n
from compatshim.errors import AliasError
from compatshim.legacy import install_alias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_alias_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if name.startswith(("pylons", "oldframework")):
            del sys.modules[name]


def make_package(folder: Path, name: str = "pylons", source: str = "") -> Path:
    path = folder / name / "__init__.py"
    path.parent.mkdir(parents=True)
    path.write_text(source)
    return path


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".configuration",
        ".controllers",
        ".controllers.core",
        ".controllers.util",
        ".i18n",
        ".i18n.translation",
        ".middleware",
        ".templating",
        ".util",
        ".wsgiapp",
    ],
)
def test_alias_is_the_very_same_module(name):
    install_alias("pylons")
    real = importlib.import_module(f"compatshim.legacy{name}")
    spec = real.__spec__
    assert importlib.import_module(f"pylons{name}") is real
    assert real.__spec__ is spec
    assert spec.name == real.__name__ == f"compatshim.legacy{name}"
    assert sys.modules[f"pylons{name}"] is sys.modules[f"compatshim.legacy{name}"]


def test_alias_can_be_imported_first():
    """Then the legacy package is loaded by its own name all the same."""
    done = run(
        "import compatshim.deprecation.aliasing as a; a.install_alias()\n"
        "import sys, pylons.i18n.translation as t\n"
        "import compatshim.legacy.i18n.translation as real\n"
        "print(t is real, t.__name__, t.__spec__.name, sys.modules['pylons'].__spec__.name)"
    )
    assert done.stdout == (
        "True compatshim.legacy.i18n.translation compatshim.legacy.i18n.translation"
        " compatshim.legacy\n"
    )


def test_any_name_will_do():
    install_alias("oldframework")
    names: dict[str, object] = {}
    exec("import oldframework.i18n as i18n", names)
    assert names["i18n"] is compatshim.legacy.i18n


def test_installed_again_it_changes_nothing():
    install_alias("pylons")
    before = list(sys.meta_path)
    importlib.import_module("pylons")
    install_alias("pylons")
    install_alias()
    assert sys.meta_path == before


def test_two_names_at_a_time():
    install_alias("pylons")
    install_alias("oldframework")
    first = importlib.import_module("pylons.templating")
    assert importlib.import_module("oldframework.templating") is first


def test_module_that_the_legacy_package_lacks():
    install_alias("pylons")
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'pylons\.nothing'"):
        importlib.import_module("pylons.nothing")
    assert importlib.util.find_spec("pylons.nothing") is None


def test_spec_of_a_reloaded_package_is_kept():
    install_alias("pylons")
    importlib.import_module("pylons")
    spec = importlib.reload(compatshim.legacy).__spec__
    del sys.modules["pylons"]
    assert importlib.import_module("pylons").__spec__ is spec


def test_reload_and_pickle_by_the_alias():
    install_alias("pylons")
    pylons = importlib.import_module("pylons")
    assert importlib.reload(pylons) is compatshim.legacy
    util = importlib.import_module("pylons.util")
    stored = b"cpylons.util\nclass_name_from_module_name\n."  # as Pylons has pickled it
    assert pickle.loads(stored) is util.class_name_from_module_name  # noqa: S301 (made here)


def test_threads_that_import_it_at_once_never_see_an_empty_module():
    code = """
import importlib, sys, threading
from compatshim.deprecation.aliasing import install_alias
install_alias("pylons")
sys.setswitchinterval(1e-6)
start, failed = threading.Barrier(8), []
names = ["pylons", "pylons.i18n", "pylons.i18n.translation", "pylons.controllers.core",
         "pylons.controllers", "pylons.templating", "pylons.configuration", "pylons.util"]
def work(number):
    start.wait()
    try:
        for name in names[number:] + names[:number]:
            importlib.import_module(name)
        from pylons import request, session
        from pylons.templating import render_mako
        from pylons.i18n.translation import ugettext
    except BaseException as error:
        failed.append(error)
threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failed)
"""
    done = run(code)
    assert done.stdout == "[]\n", done.stderr


def test_package_is_a_real_one(tmp_path, monkeypatch):
    path = make_package(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AliasError, match="'pylons' cannot be an alias") as caught:
        install_alias("pylons")
    assert caught.value.alias == "pylons"
    assert str(path) in caught.value.reason


def test_package_was_imported_already(tmp_path, monkeypatch):
    path = make_package(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("pylons")
    with pytest.raises(AliasError) as caught:
        install_alias("pylons")
    assert caught.value.reason == f"that module is imported already, from {path}"


def test_package_has_come_since(tmp_path, monkeypatch):
    """The import fails, rather than hiding what was installed meanwhile."""
    install_alias("pylons")
    make_package(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AliasError, match="it is installed"):
        importlib.import_module("pylons")


def test_folder_of_that_name_is_no_package(tmp_path, monkeypatch):
    (tmp_path / "pylons").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    install_alias("pylons")
    assert importlib.import_module("pylons") is compatshim.legacy


@pytest.mark.parametrize("name", ["", "mycompany.web", "py lons", "1"])
def test_not_the_name_of_a_module(name):
    with pytest.raises(AliasError, match="such as 'pylons'") as caught:
        install_alias(name)
    assert caught.value.alias == name


# Where it is asked for.

IMPORTS = "import pylons.i18n; print(pylons.__name__)"


def test_environment_variable():
    done = run(f"import compatshim; {IMPORTS}", COMPATSHIM_ALIAS="pylons")
    assert done.stdout == "compatshim.legacy\n"


@pytest.mark.parametrize("environment", [{}, {"COMPATSHIM_ALIAS": ""}])
def test_without_it_there_is_none(environment):
    done = run(f"import compatshim; {IMPORTS}", **environment)
    assert "No module named 'pylons'" in done.stderr


SPAWNING = """
import multiprocessing

def work(number):
    from pylons import request
    import pylons.i18n
    return pylons.__name__

if __name__ == "__main__":
    import compatshim
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(1) as pool:
            print(*pool.map(work, [1]))
"""


def test_processes_that_are_spawned(tmp_path):
    """The recipe of docs/legacy_imports.md: Python imports it wherever it starts."""
    (tmp_path / "sitecustomize.py").write_text("import compatshim\n")
    script = tmp_path / "work.py"
    script.write_text(SPAWNING)
    here = os.path.dirname(compatshim.__path__[0])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script)],
        env={
            **os.environ,
            "COMPATSHIM_ALIAS": "pylons",
            "PYTHONPATH": os.pathsep.join([str(tmp_path), here]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    methods = len(multiprocessing.get_all_start_methods())
    assert done.stdout.splitlines() == ["compatshim.legacy"] * methods, done.stderr


def test_environment_variable_loads_no_framework():
    code = "import compatshim, sys; print({'flask', 'webob'} & set(sys.modules))"
    done = run(code, COMPATSHIM_ALIAS="pylons")
    assert done.stdout == "set()\n"


def test_environment_variable_does_not_hide_a_real_package(tmp_path):
    path = make_package(tmp_path)
    done = run("import compatshim", COMPATSHIM_ALIAS="pylons", PYTHONPATH=str(tmp_path))
    assert "AliasError: 'pylons' cannot be an alias of compatshim.legacy" in done.stderr
    assert str(path) in done.stderr
    assert "COMPATSHIM_ALIAS" in done.stderr


def test_pytest_has_the_alias_for_conftest_and_tests(pytester, monkeypatch):
    """The plugin imports compatshim before anything of the user's."""
    monkeypatch.setenv("COMPATSHIM_ALIAS", "pylons")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(compatshim.__path__[0]))
    pytester.makeconftest("from pylons import request")
    pytester.makepyfile("import pylons\ndef test_it(): pylons.request")
    result = pytester.runpytest_subprocess("-p", "compatshim.pytest_plugin")
    result.assert_outcomes(passed=1)


def test_legacy_star_import_does_not_bring_install_alias():
    assert "install_alias" not in compatshim.legacy.__all__


def test_no_thread_waits():
    """An alias imported within a thread, while another imports the package."""
    install_alias("pylons")
    done = []
    thread = threading.Thread(
        target=lambda: done.append(importlib.import_module("pylons.middleware"))
    )
    thread.start()
    thread.join(60)
    assert [module.__name__ for module in done] == ["compatshim.legacy.middleware"]
