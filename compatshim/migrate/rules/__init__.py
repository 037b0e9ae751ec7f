"""What an audit looks for: one module for each rule, and nothing else lists them.

A rule has its ``CODE``, which ``compatshim.deprecation.codes`` explains, an example
``BEFORE`` and ``AFTER`` (the same where only people can tell what to write), and one of
four functions:

- ``find(examined)`` yields a finding for each legacy name;
- ``holds(examined, found)`` tells what else is true of an import that another rule has
  found; its code is then in ``Finding.also``;
- ``follow(examined, location, flow)`` yields a finding for what reaches the file through
  others, where that is asked for;
- ``search(file)`` yields a finding for each legacy name in a template or in settings. Its
  ``EXAMPLE`` is the name of the file that ``BEFORE`` and ``AFTER`` are in.

Each rule recognises without changing anything. An import or use belongs to one rule with
a ``find``.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from compatshim.migrate.certainty import with_automatic_ones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compatshim.migrate.examined import Examined, LegacyImport
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.flow import Flow
    from compatshim.migrate.other_files import OtherFile

__all__ = ["Rule", "all_rules", "findings_in", "findings_in_other"]


class Rule(NamedTuple):
    """A rule, as its module has it."""

    name: str
    code: str
    before: str
    after: str
    find: Callable[[Examined], Iterator[Finding]] | None
    holds: Callable[[Examined, LegacyImport], bool] | None
    follow: Callable[[Examined, str, Flow], Iterator[Finding]] | None
    search: Callable[[OtherFile], Iterator[Finding]] | None
    example: str


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return all rules, in the order of their codes."""
    modules = (
        import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    )
    rules = (
        Rule(
            module.__name__.rpartition(".")[2],
            cast("str", module.CODE),
            cast("str", module.BEFORE),
            cast("str", module.AFTER),
            getattr(module, "find", None),
            getattr(module, "holds", None),
            getattr(module, "follow", None),
            getattr(module, "search", None),
            getattr(module, "EXAMPLE", "example.py"),
        )
        for module in modules
    )
    return tuple(sorted(rules, key=lambda rule: rule.code))


def findings_in(examined: Examined) -> list[Finding]:
    """Return what all rules find in one source, by line and column."""
    found = [
        finding for rule in all_rules() if rule.find for finding in rule.find(examined)
    ]
    also = _also(examined)
    marked = (
        finding._replace(also=(*finding.also, *also.get(finding.start, ())))
        for finding in with_automatic_ones(examined, found)
    )
    return sorted(marked, key=lambda finding: finding.place)


def findings_in_other(file: OtherFile) -> list[Finding]:
    """Return what all rules find in a template or in settings, by line and column."""
    found = [
        finding for rule in all_rules() if rule.search for finding in rule.search(file)
    ]
    return sorted(found, key=lambda finding: finding.place)


def _also(examined: Examined) -> dict[int, tuple[str, ...]]:
    rules = [(rule.code, rule.holds) for rule in all_rules() if rule.holds]
    return {
        examined.source.in_whole(one.imported.start, one.imported.end)[0]: tuple(
            code for code, holds in rules if holds(examined, one)
        )
        for one in examined.imports
    }
