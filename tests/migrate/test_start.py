"""An audit of one file, as a hook or an editor runs it, starts without what it can do without."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CODE = """\
import atexit, sys
before = set(sys.modules)
from compatshim.cli import main
needless = {
    "asyncio", "compatshim.cli.demo", "compatshim.cli.eject", "compatshim.cli.rewrite",
    "compatshim.cli.routes", "compatshim.migrate.templates.jinja2",
    "compatshim.migrate.templates.mako", "compatshim.routes_command", "concurrent.futures", "csv", "doctest", "flask", "importlib.metadata",
    "jinja2", "logging", "multiprocessing", "pathspec", "sqlite3", "tomllib", "unittest",
    "webob",
}
atexit.register(lambda: print(needless & set(sys.modules) - before))
main(["audit", sys.argv[1]])
"""


def test_what_a_file_with_findings_does_not_load(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("from pylons import request\nprint(request)\n")
    done = subprocess.run(
        [sys.executable, "-c", _CODE, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "1 legacy name in 1 of 1 file" in done.stdout
    assert done.stdout.splitlines()[-1] == "set()"
