"""What holds for every rule, whichever there are."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

from compatshim.deprecation import CODES
from compatshim.migrate import rules
from compatshim.migrate.audit import audit_source
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.rules import Rule, all_rules
from compatshim.migrate.sources import decode

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)


def codes_in(source: str, path: str = "a.py") -> set[str]:
    found = audit_source(decode(path, source.encode()), Catalogue(), path).findings
    return {code for one in found for code in (one.code, *one.also)}


def test_each_module_is_a_rule() -> None:
    modules = {module.name for module in pkgutil.iter_modules(rules.__path__)}
    assert {rule.name for rule in all_rules()} == modules
    assert len({rule.code for rule in all_rules()}) == len(modules)


@RULES
def test_its_code_is_explained(rule: Rule) -> None:
    assert CODES[rule.code].explanation


@RULES
def test_it_either_finds_or_marks(rule: Rule) -> None:
    assert rule.find or rule.holds or rule.follow or rule.search


@RULES
def test_its_example_is_found(rule: Rule) -> None:
    if rule.follow:  # in more than one file, which its own tests have
        return
    assert rule.code in codes_in(rule.before, rule.example)


@RULES
def test_its_example_is_better_afterwards(rule: Rule) -> None:
    if rule.after == rule.before:  # nobody but people can tell what to write
        return
    assert codes_in(rule.after, rule.example) == set()


@RULES
def test_it_has_tests(rule: Rule) -> None:
    here = Path(__file__).parent
    assert (here / "rules" / f"test_{rule.name}.py").is_file()
