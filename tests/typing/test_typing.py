"""The type checker accepts the public API as users write it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


def run(*command: str) -> None:
    done = subprocess.run(
        command, cwd=_ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_accepts_the_use_of_the_public_api(tmp_path: Path) -> None:
    # From site-packages or from here: the types are found where compatshim is.
    run(
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        str(_ROOT / "pyproject.toml"),
        "--cache-dir",
        str(tmp_path),
        "--follow-imports=silent",
        str(_HERE / "use_of_the_public_api.py"),
    )


def test_mypy_refuses_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from compatshim.common import is_flask_request, url_for\n"
        "number: int = url_for('home')\n"
        "text: str = is_flask_request()\n"
    )
    options = ("--config-file", str(_ROOT / "pyproject.toml"))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            *options,
            "--cache-dir",
            str(tmp_path / "cache"),
            "--follow-imports=silent",
            str(wrong),
        ],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("error: Incompatible types in assignment") == 2
