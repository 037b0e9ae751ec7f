"""What holds for every opt-in rule, whichever there are."""

from __future__ import annotations

import ast
import pkgutil
from pathlib import Path

import pytest

from compatshim.deprecation import CODES
from compatshim.migrate import opt_in
from compatshim.migrate.opt_in import OptInRule, opt_in_rules

RULES = pytest.mark.parametrize(
    "rule", opt_in_rules().values(), ids=lambda rule: rule.name
)


def test_each_module_is_a_rule() -> None:
    modules = {module.name for module in pkgutil.iter_modules(opt_in.__path__)}
    assert {rule.name for rule in opt_in_rules().values()} == modules
    assert len(opt_in_rules()) == len(modules)


@RULES
def test_it_is_explained_with_an_example(rule: OptInRule) -> None:
    assert CODES[rule.code].explanation
    assert ast.dump(ast.parse(rule.before)) != ast.dump(ast.parse(rule.after))
    assert any(word in rule.before.encode() for word in rule.words)


@RULES
def test_it_has_tests(rule: OptInRule) -> None:
    here = Path(__file__).parent
    assert (here / "opt_in" / f"test_{rule.name}.py").is_file()
