"""``compatshim eject`` as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from command_line import invoke

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

BEFORE = b"from compatshim.common import c, request\nc.a = request.method\n"
AFTER = b"from flask import g, request\ng.a = request.method\n"
NEEDS = b"from compatshim.common import h\nh.a()\n"
DONE = "1 file ejected, 0 places need a hand.\n"


def eject(*arguments: object) -> Result:
    return invoke("eject", *arguments)


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name}.py"
        path.write_text(text, encoding="utf-8")


def test_diff(here: Path) -> None:
    (here / "shop").mkdir()
    (here / "shop" / "views.py").write_bytes(BEFORE + b"c.b")
    result = eject("shop")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- a/shop/views.py\n"
        "+++ b/shop/views.py\n"
        "@@ -1,3 +1,3 @@\n"
        "-from compatshim.common import c, request\n"
        "-c.a = request.method\n"
        "-c.b\n"
        "\\ No newline at end of file\n"
        "+from flask import g, request\n"
        "+g.a = request.method\n"
        "+g.b\n"
        "\\ No newline at end of file\n"
    )
    assert result.stderr == (
        "shop/views.py:3: CS603 c.b differs: if nothing has set it, flask.g raises"
        " AttributeError: it is never '', nor that of app_globals\n"
        "1 file would be ejected (--write), 0 places need a hand.\n"
    )
    assert (here / "shop" / "views.py").read_bytes() == BEFORE + b"c.b"


def test_write_and_again(here: Path) -> None:
    path = here / "a.py"
    path.write_bytes(BEFORE)
    result = eject("--write", ".")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", DONE)
    assert path.read_bytes() == AFTER
    inode = path.stat().st_ino
    result = eject("--write", ".")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "0 files ejected, 0 places need a hand.\n"
    assert (path.read_bytes(), path.stat().st_ino) == (AFTER, inode)


def test_hands_are_told(here: Path) -> None:
    (here / "a.py").write_bytes(NEEDS)
    result = eject("--write", "a.py")
    assert result.exit_code == 1
    assert result.stderr == (
        "a.py:2: CS601 compatshim.common.h needs a hand: call the helper's own function;"
        " give templates what they call with app.context_processor\n"
        "0 files ejected, 1 place needs a hand.\n"
    )
    assert (here / "a.py").read_bytes() == NEEDS


def test_it_refuses_while_something_is_legacy(here: Path) -> None:
    (here / "a.py").write_bytes(BEFORE)
    (here / "lib").mkdir()
    put(here / "lib", b="from pylons import request\nfrom webob import Response\n")
    result = eject("--write", ".")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: 2 legacy uses left, the first in ./lib/b.py:1: `compatshim audit` lists"
        " what has to go first; --force ejects what it can all the same.\n"
    )
    assert (here / "a.py").read_bytes() == BEFORE
    result = eject("--write", "--force", ".")
    assert (result.exit_code, result.stderr) == (0, DONE)
    assert (here / "a.py").read_bytes() == AFTER


def test_forced_it_leaves_what_the_legacy_side_serves(here: Path) -> None:
    before = (
        "from compatshim.common import c\nfrom pylons.controllers import X\nc.a = 1\n"
    )
    put(here, a=before, application=APPLICATION)
    result = eject("--write", "--force", ".")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "./a.py:2: CS605 all of it needs a hand: pylons.controllers.X is legacy: Flask"
        " does not serve what uses it"
    )
    assert (here / "a.py").read_text(encoding="utf-8") == before
    assert (here / "application.py").read_text(encoding="utf-8") == APPLICATION


def test_it_refuses_while_the_projects_own_legacy_package_is_used(here: Path) -> None:
    (here / "a.py").write_bytes(BEFORE + b"from oursite.web import old\n")
    (here / "pyproject.toml").write_text(
        '[tool.compatshim]\nlegacy = {"oursite.web" = {old = "compatshim.common.c"}}\n'
    )
    assert eject("--write", ".").exit_code == 2


def test_ignored_legacy_use_does_not_hold_it_up(here: Path) -> None:
    put(here, b="from pylons import request  # compatshim: ignore\n")
    assert eject(".").exit_code == 0


# The extension, which everything else needs.

APPLICATION = (
    "from compatshim import CompatShim\n\n\n"
    "def make(app):\n    CompatShim(app)\n    return app\n"
)
WITHOUT = "\n\ndef make(app):\n    return app\n"


def test_extension_goes_with_the_last_use(here: Path) -> None:
    put(here, application=APPLICATION, b=NEEDS.decode())
    (here / "c.py").write_bytes(BEFORE)
    result = eject("--write", ".")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "./application.py:1: CS606 compatshim.CompatShim needs a hand: it goes last: what"
        " else is listed here needs it yet",
        "./b.py:2: CS601 compatshim.common.h needs a hand: call the helper's own function;"
        " give templates what they call with app.context_processor",
        "1 file ejected, 2 places need a hand.",
    ]
    assert (here / "c.py").read_bytes() == AFTER
    put(here, b="import helpers as h\nh.a()\n")
    result = eject("--write", ".")
    assert (result.exit_code, result.stderr) == (0, DONE)
    assert (here / "application.py").read_text(encoding="utf-8") == WITHOUT


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.py", b"from compatshim.common import h  # compatshim: ignore\n"),
        ("a.py", b"# coding: klingon\nimport compatshim\n"),
        ("a.html", b"{{ h.a() }}"),
        ("a.html", b"{{ a b }}"),
        ("a.py", b"env.from_string('{{ h.a() }}')\n"),
    ],
)
def test_extension_stays_for(here: Path, name: str, data: bytes) -> None:
    put(here, application=APPLICATION)
    (here / name).write_bytes(data)
    assert eject("--write", ".").exit_code == 1
    assert (here / "application.py").read_text(encoding="utf-8") == APPLICATION


def test_extension_stays_for_a_file_that_cannot_be_written(here: Path) -> None:
    put(here, application=APPLICATION)
    (here / "a.py").write_bytes(BEFORE)
    (here / "a.py").chmod(0o444)
    result = eject("--write", ".")
    assert result.exit_code == 1
    assert "./a.py: is left as it is: it is read-only" in result.stderr
    assert (here / "application.py").read_text(encoding="utf-8") == APPLICATION


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tests/test_a.py", b"from compatshim.testing import client\n"),
        ("web/b.py", AFTER + b"from compatshim.common import g\n"),
        ("web/a.html", b"{{ h.a() }}"),
        ("web/b.py", b"env.from_string('{{ h.a() }}')\n"),
        ("tests/conftest.py", b"pytest_plugins = 'compatshim.pytest_plugin'\n"),
    ],
)
def test_extension_stays_for_what_is_below_no_path(
    here: Path, name: str, data: bytes
) -> None:
    (here / "pyproject.toml").touch()
    for folder in ("app", "tests", "web"):
        (here / folder).mkdir()
    put(here / "app", application=APPLICATION)
    (here / name).write_bytes(data)
    result = eject("--write", "app")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "app/application.py:1: CS606 compatshim.CompatShim needs a hand: it goes last:"
        f" {name}, which is below no PATH, needs it yet"
    )
    (here / name).unlink()
    assert eject("--write", "app").exit_code == 0


# Several files.


@pytest.mark.parametrize(
    "importer",
    [
        "from shop.base import c\n",
        "from .base import x, c as d\n",
        "from shop.base import (\n    x,\n    c,\n)\n",
        "from shop.base import *\n",
        "from shop import base\nbase.c.a = 1\n",
        "import shop.base as b\nb.c.a = 1\n",
        "patch('shop.base.c')\n",
        "from shop import base as b\nmonkeypatch.setattr(b, 'c', x)\n",
        "from shop import base\npatch.object(\n    base, 'c'\n)\n",
    ],
)
def test_name_that_other_modules_take_stays(here: Path, importer: str) -> None:
    (here / "shop").mkdir()
    base = "from compatshim.common import _, c, url_for\nc.a = 1\n"
    put(here / "shop", __init__="", base=base, views=importer)
    result = eject("--write", ".")
    told = "./shop/base.py:1: CS605 compatshim.common.c needs a hand: other modules"
    assert told in result.stderr
    assert result.exit_code == 1
    left = (here / "shop" / "base.py").read_text(encoding="utf-8")
    assert "from compatshim.common import c" in left
    # What means the same wherever it is used goes all the same.
    assert "from flask_babel import gettext as _\n" in left


def test_name_that_other_modules_take_by_its_alias_stays(here: Path) -> None:
    base = "from compatshim.common import request as req\nreq.method\n"
    put(here, base=base, views="from base import req\nreq.path\n")
    assert eject("--write", ".").exit_code == 1
    assert (here / "base.py").read_text(encoding="utf-8") == base


@pytest.mark.parametrize("line", ["from shop.base import c", "patch('shop.base.c')"])
def test_name_that_modules_below_no_path_take_stays(here: Path, line: str) -> None:
    (here / "pyproject.toml").touch()
    for folder in ("shop", "tests"):
        (here / folder).mkdir()
    put(here / "shop", base=BEFORE.decode())
    put(here / "tests", test_base=f"{line}\n")
    assert eject("--write", "shop").exit_code == 1
    left = (here / "shop" / "base.py").read_text(encoding="utf-8")
    assert "from compatshim.common import c" in left


def test_what_is_no_project_is_not_searched(here: Path) -> None:
    (here / "shop").mkdir()
    put(here / "shop", base=BEFORE.decode())
    put(here, other="from shop.base import c\n")
    assert eject("--write", "shop").exit_code == 0


def test_missing_babel_is_noted_once(here: Path) -> None:
    (here / "pyproject.toml").touch()
    (here / "shop").mkdir()
    before = "from compatshim.common import _\n_('a')\n"
    put(here / "shop", a=before, b=before)
    result = eject("shop")
    assert result.stderr == (
        "shop/a.py:1: CS603 flask_babel differs: no file of the project sets it up: it"
        " needs flask_babel.Babel(app)\n"
        "2 files would be ejected (--write), 0 places need a hand.\n"
    )
    put(here, application="from flask_babel import Babel\nBabel(app)\n")
    assert "CS603" not in eject("shop").stderr


# Templates.


def test_templates_are_read_and_not_changed(here: Path) -> None:
    (here / "templates").mkdir()
    page = here / "templates" / "a.html"
    page.write_text("<p>\n{{ h.a(c.b) }}\n", encoding="utf-8")
    put(
        here,
        views="from compatshim.common import render\n\n\ndef f():\n    return render('a.html')\n",
    )
    before = (here / "views.py").read_bytes()
    result = eject("--write", ".")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert lines[0].startswith(
        "./views.py:1: CS605 compatshim.common.render needs a hand"
    )
    assert lines[1:3] == [
        "./templates/a.html:2: CS604 c needs a hand: write g",
        "./templates/a.html:2: CS604 h needs a hand: call the helper's own function; give"
        " templates what they call with app.context_processor",
    ]
    assert (here / "views.py").read_bytes() == before
    page.write_text("<p>\n{{ helpers.a(g.b) }}\n", encoding="utf-8")
    assert eject("--write", ".").exit_code == 0
    assert page.read_text(encoding="utf-8") == "<p>\n{{ helpers.a(g.b) }}\n"


# What it has in common with rewrite.


@pytest.mark.parametrize("encoding", ["latin-1", "cp932", "utf-8", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_other_byte_stays(here: Path, encoding: str, newline: str) -> None:
    comment = {"latin-1": "Grüße ÿ", "cp932": "表示ソ"}.get(encoding, "Grüße ☃")
    cookie = "" if encoding == "utf-16" else f"# coding: {encoding}\n"
    before = (
        f"{cookie}# {comment}\t \nfrom compatshim.common import c, session\n"
        f"x = '{comment}' + c.get('a')  # {comment}  \n\f\nif x:\n\tsession.save() ; c.a = 1"
    )
    after = (
        f"{cookie}# {comment}\t \nfrom flask import g, session\n"
        f"x = '{comment}' + g.get('a')  # {comment}  \n\f\nif x:\n"
        "\tsession.modified = True ; g.a = 1"
    )
    path = here / "a.py"
    path.write_bytes(before.replace("\n", newline).encode(encoding))
    path.chmod(0o751)
    result = eject("--write", "a.py")
    assert (result.exit_code, result.stderr) == (0, DONE)
    assert path.read_bytes() == after.replace("\n", newline).encode(encoding)
    assert path.stat().st_mode & 0o777 == 0o751


def test_link_out_of_the_tree_is_reported_not_followed(here: Path) -> None:
    (here / "elsewhere.py").write_bytes(BEFORE)
    (here / "tree").mkdir()
    (here / "tree" / "link.py").symlink_to(here / "elsewhere.py")
    result = eject("--write", "tree")
    assert result.exit_code == 1
    assert "tree/link.py: is left as it is: it is a link to" in result.stderr
    assert (here / "elsewhere.py").read_bytes() == BEFORE


def test_file_changed_meanwhile_is_not_overwritten(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = here / "a.py"
    path.write_bytes(BEFORE)
    theirs = BEFORE + b"# theirs\n"
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(theirs))
    result = eject("--write", ".")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "./a.py: is left as it is: it was changed meanwhile"
    )
    assert path.read_bytes() == theirs


def test_path_that_is_not_there(here: Path) -> None:
    assert eject("nothing").exit_code == 2
    assert eject().exit_code == 2


def test_no_web_framework_is_needed(here: Path) -> None:
    (here / "a.py").write_bytes(BEFORE)
    (here / "a.html").write_text("{{ g.a }}", encoding="utf-8")
    code = (
        "import sys\n"
        "for name in ('flask', 'flask_babel', 'webob', 'routes', 'werkzeug.wrappers'):\n"
        "    sys.modules[name] = None\n"
        "from compatshim.cli import main\n"
        "main(['eject', '--write', '.'])\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (here / "a.py").read_bytes() == AFTER
