"""The demo is an application that has none of what it tells others to replace."""

from __future__ import annotations

import subprocess
import sys


def test_importing_it_tells_nothing():
    code = (
        "from compatshim.deprecation import recorder\n"
        "import compatshim.demo.application, compatshim.plugins\n"
        "print(recorder.uses())"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
