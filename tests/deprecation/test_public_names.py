"""compatshim.deprecation and compatshim.errors: all is there, and little is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from compatshim import deprecation, errors

NEEDED_BY_NO_SITE = [
    "blinker",
    "compatshim.deprecation.declarations",
    "compatshim.deprecation.marking",
    "compatshim.deprecation.renaming",
    "compatshim.deprecation.signals",
    "compatshim.deprecation.wrapping",
    "compatshim.errors._tools",
    "sqlite3",
]


def printed(code):
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(
        command, capture_output=True, check=True, text=True, timeout=60
    ).stdout


@pytest.mark.parametrize(
    "module", ["compatshim.deprecation", "compatshim.legacy", "compatshim.errors"]
)
def test_what_no_site_needs_is_loaded_when_it_is_asked_for(module):
    code = (
        "import sys; before = set(sys.modules)\n"  # what measures coverage has some
        f"import {module}\n"
        f"print(*(set(sys.modules) - before) & set({NEEDED_BY_NO_SITE}))"
    )
    assert printed(code) == "\n"


@pytest.mark.parametrize("module", [deprecation, errors], ids=lambda one: one.__name__)
def test_every_name_is_there(module):
    found = printed(f"from {module.__name__} import *; print(*dir())").split()
    assert set(module.__all__) <= set(found)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("module", [deprecation, errors], ids=lambda one: one.__name__)
def test_no_such_name(module):
    with pytest.raises(AttributeError, match=f"{module.__name__!r} has no attribute"):
        _ = module.nothing
