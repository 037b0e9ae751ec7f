"""The page docs/audit.md says what the audit does."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

from compatshim.cli import main
from compatshim.migrate.findings import Finding
from compatshim.migrate.opt_in import opt_in_rules
from compatshim.migrate.rules import all_rules

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "audit.md"
TEXT = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""

pytestmark = pytest.mark.skipif(not TEXT, reason="needs a checkout")


def test_the_page_has_the_rules() -> None:
    render = runpy.run_path(str(DOCS / "audit_table.py"))["render"]
    assert render() == TEXT, "run: python docs/audit_table.py"
    assert all(f"### {rule.code} " in TEXT for rule in all_rules())


def test_the_page_has_the_options() -> None:
    for option in main.commands["audit"].params:
        if option.name != "paths":
            assert all(f"`{name}" in TEXT for name in option.opts), option.opts


def test_the_example_has_the_keys() -> None:
    example = json.loads(re.findall(r"(?s)## JSON\n.*?```json\n(.*?)```", TEXT)[0])
    ours = set(Finding._fields) - {"start", "end", "root"}
    assert set(example["findings"][0]) == ours


def test_the_page_of_the_rewriter_has_its_rules() -> None:
    page = PAGE.with_name("rewrite.md").read_text(encoding="utf-8")
    render = runpy.run_path(str(DOCS / "audit_table.py"))["render_rewrite"]
    assert render() == page, "run: python docs/audit_table.py"
    assert all(f"### {code} " in page for code in opt_in_rules())


def test_the_page_of_the_rewriter_has_the_options() -> None:
    page = PAGE.with_name("rewrite.md").read_text(encoding="utf-8")
    for option in main.commands["rewrite"].params:
        if option.name != "paths":
            assert all(f"{name}" in page for name in option.opts), option.opts
