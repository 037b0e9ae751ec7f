"""docs/ratchet.md has what there is."""

from __future__ import annotations

import re
import tokenize
from pathlib import Path

import pytest

from compatshim import pytest_plugin
from compatshim.ratchet import _suite

PAGE = Path(__file__).parents[2] / "docs" / "ratchet.md"


def _options(module):
    with tokenize.open(module.__file__) as file:
        return sorted(set(re.findall(r'"(--[a-z-]+)"', file.read())))


@pytest.mark.parametrize("module", [pytest_plugin, _suite])
def test_every_option_is_documented(module):
    text = PAGE.read_text(encoding="utf-8")
    options = _options(module)
    assert len(options) > 3
    assert [option for option in options if f"`{option}" not in text] == []


def test_exit_codes_are_documented():
    text = PAGE.read_text(encoding="utf-8")
    assert "exit code 9 if they have passed" in text
    assert "exit code 4 before the first test" in text
