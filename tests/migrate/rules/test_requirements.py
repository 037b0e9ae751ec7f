from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.audit import audit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Look = Callable[..., list[str]]

PYLONS = "pylons: compatshim assisted"


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("setup.py", "setup(install_requires=['Pylons>=1.0', 'flask'])", [PYLONS]),
        ("setup.py", "setup(install_requires='Pylons')", [PYLONS]),
        (
            "setup.py",
            "needs = ['WebHelpers == 1.3', ('Beaker[x]',)]\nsetup(install_requires=needs)",
            ["webhelpers: - manual", "beaker: - manual"],
        ),
        (
            "setup.py",
            "setup(setup_requires=['PasteScript>=1.6.3'],\n"
            " extras_require={'x': ['PasteDeploy'], 'Routes': []})",
            ["paste.script: - manual", "paste.deploy: - manual"],
        ),
        (
            "setup.py",
            "setup(install_requires='''\n   Pylons\n   WebOb<2 ; python_version < \"3\"\n''')",
            [PYLONS, "webob: compatshim assisted"],
        ),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n    flask\n    Pylons>=1.0\n"
            "[options.extras_require]\nold =\n  Routes\n",
            [PYLONS, "routes: compatshim assisted"],
        ),
        (
            "pyproject.toml",
            "[project]\n\"dependencies\" = [ # isn't\n  'Pylons', # it's\n  'Routes',\n]\n",
            [PYLONS, "routes: compatshim assisted"],
        ),
        (
            "pyproject.toml",
            '[build-system]\nrequires = ["PasteScript"]\n[project]\nname = "routes"\n'
            "dependencies = [\n  'flask',\n  'Pylons',\n]\n",
            ["paste.script: - manual", PYLONS],
        ),
    ],
)
def test_found(look: Look, path: str, source: str, expected: list[str]) -> None:
    found = look(source, path=path)
    assert found == [f"CS118 config {one}" for one in expected]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("setup.py", "setup(name='Pylons', keywords=['pylons'], packages=['routes'])"),
        ("setup.py", "setup(classifiers=['Framework :: Pylons'], url='pylons')"),
        ("setup.py", "setup(install_requires=['PylonsTools', 'paste-x'])"),
        ("other.py", "needs = ['Pylons>=1.0']"),
        ("setup.cfg", "[metadata]\nname = pylons\nkeywords =\n   routes\n"),
        ("pyproject.toml", '[project]\nname = "pylons"\nkeywords = ["routes"]\n'),
        ("pyproject.toml", '[project]\ndependencies = [\n  # "Pylons>=1",\n]\n'),
    ],
)
def test_not_found(look: Look, path: str, source: str) -> None:
    assert look(source, path=path) == []


def test_a_setup_py_is_never_run(tmp_path: Path) -> None:
    """It is looked at although no other word in it is legacy."""
    mark = tmp_path / "was-run"
    path = tmp_path / "setup.py"
    path.write_text(
        f"open({str(mark)!r}, 'w')\nsetup(install_requires=['Pylons>=1.0'])\n"
    )
    found = audit([str(path)]).findings
    assert [(one.code, one.line, one.column) for one in found] == [("CS118", 2, 26)]
    assert not mark.exists()


def test_a_long_list_takes_its_time_once(look: Look) -> None:
    """Each string is looked at with what is next to it, not with all above."""
    source = "[project]\ndependencies = [\n" + "  'Pylons',\n" * 60_000 + "]\n"
    assert len(look(source, path="pyproject.toml")) == 60_000
