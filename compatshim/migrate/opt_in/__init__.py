"""What is rewritten only where it is asked for: one module for each rule.

A rule has its ``CODE``, which ``compatshim.deprecation.codes`` explains, an example
``BEFORE`` and ``AFTER``, the ``WORDS`` one of which is in each file that it is for,
``NEEDS_ROUTES``, and a function ``propose(examined, known)`` that yields proposals. They
are made for what the imports have become by then.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.known import Known
    from compatshim.migrate.proposals import Proposal

__all__ = ["OptInRule", "opt_in_rules"]


class OptInRule(NamedTuple):
    """A rule, as its module has it."""

    name: str
    code: str
    before: str
    after: str
    words: tuple[bytes, ...]
    needs_routes: bool
    propose: Callable[[Examined, Known], Iterator[Proposal]]


@cache
def opt_in_rules() -> dict[str, OptInRule]:
    """Return all rules by their codes, in order."""
    modules = (
        import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    )
    rules = (
        OptInRule(
            module.__name__.rpartition(".")[2],
            cast("str", module.CODE),
            cast("str", module.BEFORE),
            cast("str", module.AFTER),
            cast("tuple[bytes, ...]", module.WORDS),
            cast("bool", module.NEEDS_ROUTES),
            module.propose,
        )
        for module in modules
    )
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}
