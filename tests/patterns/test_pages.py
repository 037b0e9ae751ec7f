"""Every page runs, is linked, and has its tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PATTERNS = Path(__file__).parents[2] / "docs" / "patterns"
PAGES = sorted(page.stem for page in PATTERNS.glob("*.md") if page.stem != "README")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs(run_page, name):
    run_page(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_tests(name):
    tests = Path(__file__).with_name(f"test_{name.replace('-', '_')}.py")
    assert tests.is_file()


def test_every_page_is_linked():
    index = (PATTERNS / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\(([\w-]+)\.md\)", index)) == PAGES
