"""The hooks as pre-commit runs them: only the environment is this one, for the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

pytest.importorskip("tree_sitter_python")
pytest.importorskip("pre_commit")
yaml = pytest.importorskip("yaml")

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
BEFORE = "from pylons import request\nfrom pylons import tmpl_context as c\n"
AFTER = "from compatshim.common import c, request\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command in a repository that has the hooks."""
    if not HOOKS.is_file():
        pytest.skip("not in a checkout")
    monkeypatch.chdir(tmp_path)
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "COVERAGE_", "PRE_COMMIT"))
    }
    environ |= {"PRE_COMMIT_HOME": str(tmp_path / ".cache"), "HOME": str(tmp_path)}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=environ, text=True, capture_output=True, check=False
        )

    hooks = yaml.safe_load(HOOKS.read_text())
    for hook in hooks:
        hook["language"] = "system"
        hook["entry"] = f"'{sys.executable}' -m {hook['entry']}"
        del hook["additional_dependencies"]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    Path(".gitignore").write_text(".cache\n")
    run("git", "init", "--quiet", ".")
    return run


def run_hook(run: Run, name: str) -> subprocess.CompletedProcess[str]:
    run("git", "add", "--all")
    return run(sys.executable, "-m", "pre_commit", "run", name, "--all-files")


def test_rewrite(tmp_path: Path, run: Run) -> None:
    (tmp_path / "shop.py").write_text(BEFORE)
    (tmp_path / "notes.txt").write_text(BEFORE)
    script = tmp_path / "script"
    script.write_text(f"#!/usr/bin/env python\n{BEFORE}")
    script.chmod(0o755)
    done = run_hook(run, "compatshim-rewrite")
    assert done.returncode == 1, done.stdout
    assert "files were modified by this hook" in done.stdout
    assert (tmp_path / "shop.py").read_text() == AFTER
    assert script.read_text() == f"#!/usr/bin/env python\n{AFTER}"
    assert (tmp_path / "notes.txt").read_text() == BEFORE
    done = run_hook(run, "compatshim-rewrite")
    assert done.returncode == 0, done.stdout


def test_rewrite_of_what_is_not_sure(tmp_path: Path, run: Run) -> None:
    (tmp_path / "shop.py").write_text("from pylons.i18n import *\n")
    done = run_hook(run, "compatshim-rewrite")
    assert done.returncode == 1
    assert "shop.py:1: CS105 pylons.i18n.* is left as it is" in done.stdout
    (tmp_path / "shop.py").write_text(
        "from pylons.i18n import *  # compatshim: ignore[CS105]\n"
    )
    done = run_hook(run, "compatshim-rewrite")
    assert done.returncode == 0, done.stdout


def test_audit(tmp_path: Path, run: Run) -> None:
    (tmp_path / "shop.py").write_text(BEFORE)
    done = run_hook(run, "compatshim-audit")
    assert done.returncode == 1
    assert "CS101" in done.stdout
    (tmp_path / "shop.py").write_text(AFTER)
    done = run_hook(run, "compatshim-audit")
    assert done.returncode == 0, done.stdout


def test_audit_of_templates(tmp_path: Path, run: Run) -> None:
    (tmp_path / "page.mako").write_text("<%! from pylons import request %>\n")
    (tmp_path / "site.ini").write_text("[app:main]\nuse = egg:Pylons\n")
    (tmp_path / "README.md").write_text(BEFORE)
    done = run_hook(run, "compatshim-audit-templates")
    assert done.returncode == 1
    assert "page.mako:1:" in done.stdout
    assert "README.md" not in done.stdout
