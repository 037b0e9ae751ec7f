"""The page docs/eject.md says what eject does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from compatshim.cli import main
from compatshim.deprecation import CODES
from compatshim.migrate.ejecting.ejection import eject_source
from compatshim.migrate.ejecting.names import CommonNames
from compatshim.migrate.sources import decode

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "eject.md"
TEXT = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""

pytestmark = pytest.mark.skipif(not TEXT, reason="needs a checkout")


def test_the_page_has_the_tables() -> None:
    render = runpy.run_path(str(ROOT / "docs" / "eject_table.py"))["render"]
    assert render() == TEXT, "run: python docs/eject_table.py"


def test_the_example_is_what_comes_out() -> None:
    before, after = re.findall(
        r"(?s)<!-- (?:before|after) -->\n```text\n(.*?)```", TEXT
    )
    found = eject_source(decode("a.py", before.encode()), CommonNames())
    assert found.rewriting.data.decode() == after
    assert found.rewriting.refusals == ()


def test_the_page_has_the_options_and_codes() -> None:
    for option in main.commands["eject"].params:
        if option.name != "paths":
            assert all(f"`{name}`" in TEXT for name in option.opts), option.opts
    for code in CODES:
        if code.startswith("CS6"):
            assert code in TEXT


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/eject.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
