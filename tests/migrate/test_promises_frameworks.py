"""Neither command needs a web framework, nor a template engine, whatever it is asked for."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("tree_sitter_python")

_CODE = """\
import sys
for name in (
    "beaker", "flask", "genshi", "mako", "paste", "pylons", "routes", "webob", "werkzeug"
):
    sys.modules[name] = None
from compatshim.cli import main
main(sys.argv[1:])
"""
FORMATS = ("text", "json", "sarif", "github", "csv", "html")
AUDITS = [
    ("audit", "--flow", "--baseline", "known.json", "--format", name, ".")
    for name in FORMATS
]
RULES = ("--rule", "CS120", "--rule", "CS121", "--rule", "CS122", "--rule", "CS123")
REWRITE = ("rewrite", "--strings", "--templates", "--routes", "r.json", *RULES, ".")


@pytest.mark.parametrize("arguments", [*AUDITS, REWRITE], ids=" ".join)
def test_without_any(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "base.py").write_text("from pylons import request\n")
    (tmp_path / "a.py").write_text("from base import request\nrequest.params['x']\n")
    (tmp_path / "a.mako").write_text("<%! from pylons import c %>${c.x}")
    (tmp_path / "a.genshi").write_text("<a><?python from pylons import c ?>$c.x</a>")
    (tmp_path / "r.json").write_text("[]")
    done = subprocess.run(
        [sys.executable, "-c", _CODE, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Error" not in done.stderr
    assert "request" in done.stdout
