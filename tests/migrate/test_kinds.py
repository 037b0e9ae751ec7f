"""Files of all kinds, as a user has them audited and rewritten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from compatshim.cli import main
from compatshim.migrate.audit import audit
from compatshim.migrate.kinds import PYTHON, SETTINGS, TEMPLATE, kind_of
from fresh_python import printed_by

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

pytest.importorskip("tree_sitter_python")

MAKO = "<%! from pylons import request %>\n${request.path}\n"
REWRITTEN = "<%! from compatshim.common import request %>\n${request.path}\n"
FILES = {
    "a.py": "from pylons import request\nprint(request)\n",
    "page.mako": MAKO,
    "page.html": "<a><?python from pylons import c ?>$c.x</a>",
    "page.jinja2": "{{ pylons.config.x }}",
    "site.ini": "[server:main]\nuse = egg:Paste#http\n",
    "setup.py": "setup(install_requires=['Pylons>=1.0'])\n",
    "notes.txt": "from pylons import request\n",
    "page.js": "<% from pylons import request %>",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    result: Result = CliRunner().invoke(main, arguments)
    return result


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/b.mako", TEMPLATE),
        ("b.MAK", TEMPLATE),
        ("b.tpl", TEMPLATE),
        ("b.ini_tmpl", SETTINGS),
        ("setup.cfg", SETTINGS),
        ("pyproject.toml", SETTINGS),
        ("other.toml", PYTHON),
        ("setup.py", PYTHON),
        ("script", PYTHON),
    ],
)
def test_kinds(path: str, kind: str) -> None:
    assert kind_of(path) == kind


@pytest.mark.usefixtures("here")
def test_audit() -> None:
    report = json.loads(run("audit", "--format", "json", ".").stdout)
    found = [(one["path"], one["code"], one["kind"]) for one in report["findings"]]
    assert found == [
        ("a.py", "CS101", "from-import"),
        ("page.html", "CS113", "template"),
        ("page.jinja2", "CS115", "template"),
        ("page.mako", "CS113", "template"),
        ("setup.py", "CS118", "config"),
        ("site.ini", "CS116", "config"),
    ]
    assert report["files"] == 7
    assert report["unreadable"] == []


@pytest.mark.usefixtures("here")
def test_audit_of_a_file_by_its_name() -> None:
    for name, code in (("page.mako", "CS113"), ("site.ini", "CS116")):
        report = json.loads(run("audit", "--format", "json", name).stdout)
        assert [one["code"] for one in report["findings"]] == [code]


def test_codes_to_fail_on(here: Path) -> None:
    assert run("audit", "--fail-on", "CS113", "page.mako").exit_code == 1
    assert run("audit", "--fail-on", "CS101", "page.mako").exit_code == 1
    assert run("audit", "--fail-on", "CS114", "page.mako").exit_code == 0
    (here / "page.mako").write_text(MAKO + "## compatshim: ignore\n")
    assert run("audit", "page.mako").exit_code == 1
    (here / "page.mako").write_text("## compatshim: ignore\n" + MAKO)
    assert run("audit", "page.mako").exit_code == 0


def test_data_is_left_out(here: Path) -> None:
    """A dump in XML may be of any length."""
    (here / "dump.xml").write_text(MAKO + " " * (1 << 20))
    paths = {one.path for one in audit([str(here)]).findings}
    assert "page.mako" in paths
    assert "dump.xml" not in paths
    assert audit([str(here / "dump.xml")]).findings


def test_rewrite_only_what_is_asked_for(here: Path) -> None:
    assert run("rewrite", "--write", ".").exit_code == 0
    assert {name: (here / name).read_text() for name in FILES} == {
        **FILES,
        "a.py": FILES["a.py"].replace("pylons", "compatshim.common"),
    }
    result = run("rewrite", "--write", "page.mako", "site.ini")
    assert result.exit_code == 0
    assert (here / "page.mako").read_text() == MAKO


def test_rewrite_templates(here: Path) -> None:
    (here / "page.mako").chmod(0o755)
    result = run("rewrite", "--templates", "page.mako")
    assert result.exit_code == 1
    assert "-<%! from pylons import request %>\n" in result.stdout
    assert "+<%! from compatshim.common import request %>\n" in result.stdout
    assert run("rewrite", "--templates", "--write", ".").exit_code == 0
    assert (here / "page.mako").read_text() == REWRITTEN
    assert (here / "page.mako").stat().st_mode & 0o777 == 0o755
    assert (here / "page.html").read_text() == (
        "<a><?python from compatshim.common import c ?>$c.x</a>"
    )
    for name in ("page.jinja2", "site.ini", "setup.py", "notes.txt", "page.js"):
        assert (here / name).read_text() == FILES[name]
    again = run("rewrite", "--templates", ".")
    assert (again.exit_code, again.stdout.count("@@")) == (0, 0)


def test_refusals_of_templates_are_told(here: Path) -> None:
    (here / "page.mako").write_text("\n<% from pylons import * %>\n")
    result = run("rewrite", "--templates", "--write", "page.mako")
    assert result.exit_code == 1
    assert "page.mako:2: CS113 pylons.* is left as it is: " in result.output


def test_no_template_engine_is_loaded(here: Path) -> None:
    code = (
        "import sys\n"
        "from compatshim.migrate.audit import audit\n"
        "from compatshim.migrate.rewrite import rewrite\n"
        "assert audit(['.']).findings\n"
        "assert list(rewrite(['.'], templates=True))\n"
        "print(*sorted({'mako', 'genshi', 'jinja2', 'flask', 'webob', 'paste.deploy'}"
        " & set(sys.modules)))\n"
    )
    assert printed_by(code, here).strip() == ""
