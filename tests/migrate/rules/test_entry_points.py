from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]

FACTORY = "paste:app_factory compatshim.CompatShim.from_ini assisted"
INSTALL = ["paste:app_install - manual", "pylons.util:PylonsInstaller - manual"]


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        (
            "setup.py",
            'setup(entry_points="""\n  [paste.app_factory]\n  main = shop:make_app\n\n'
            '  [paste.app_install]\n  main = pylons.util:PylonsInstaller\n""")',
            [FACTORY, *INSTALL],
        ),
        (
            "shop/setup.py",
            "POINTS = {'paste.app_install': ['main=pylons.util:PylonsInstaller [x]'],\n"
            "  u'paste.app_factory': 'main = shop:make_app'}\nsetup(entry_points=POINTS)",
            [*INSTALL, FACTORY],
        ),
        (
            "setup.py",
            "print 'Python 2'\nsetup(paster_plugins=['PasteScript', 'Pylons'])",
            ["paste.script:PasteScript - manual", "paste.script:Pylons - manual"],
        ),
        (
            "setup.py",
            "setup(entry_points={'paste.paster_create_template': ['x = shop:T'],\n"
            " 'paste.global_paster_command': []})",
            [
                "paste:paster_create_template - manual",
                "paste:global_paster_command flask.cli.AppGroup assisted",
            ],
        ),
        (
            "setup.cfg",
            "[options.entry_points]\npaste.app_factory =\n    main = shop:make_app\n"
            "paste.app_install =\n    main = pylons.util:PylonsInstaller\n",
            [FACTORY, *INSTALL],
        ),
        (
            "pyproject.toml",
            "[project.entry-points.'paste.app_install']\n"
            'main = "pylons.util:PylonsInstaller"\n',
            INSTALL,
        ),
    ],
)
def test_found(look: Look, path: str, source: str, expected: list[str]) -> None:
    found = look(source, path=path)
    assert found == [f"CS117 config {one}" for one in expected]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("setup.py", "setup(name='pylons', entry_points='[flask.commands]\\nx = a:b')"),
        ("setup.py", "setup(description='paste.app_factory and pylons.util:x, both')"),
        ("other.py", "{'paste.app_factory': ['main = shop:make_app']}  # paste"),
        ("setup.cfg", "[metadata]\nname = paste.app_factory\n"),
        ("setup.cfg", "[options.entry_points]\nconsole_scripts =\n  pylons = a:b\n"),
        ("pyproject.toml", '[project.scripts]\npylons = "shop.cli:main"\n'),
        ("setup.py", "x = 'paste.app_factory'  # compatshim: ignore[CS117]"),
    ],
)
def test_not_found(look: Look, path: str, source: str) -> None:
    assert look(source, code="CS117", path=path) == []
