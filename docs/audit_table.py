"""Write the lists of rules in docs/audit.md and docs/rewrite.md, from the rules themselves.

``python docs/audit_table.py`` writes them into the pages, between their marks;
tests/migrate/test_docs.py holds the pages to what the code has.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from compatshim.deprecation.codes import CODES
from compatshim.migrate.opt_in import OptInRule, opt_in_rules
from compatshim.migrate.rules import Rule, all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = Path(__file__).with_name("audit.md")
REWRITE_PAGE = PAGE.with_name("rewrite.md")

_WHO = re.compile(r" Only the (audit finds|rewriter looks for) it\.$")


def listed(rules: Iterable[Rule | OptInRule]) -> Iterator[str]:
    for rule in rules:
        yield f"### {rule.code} {CODES[rule.code].title}"
        yield ""
        yield _WHO.sub("", CODES[rule.code].explanation)
        yield ""
        if rule.before == rule.after:
            yield from _example(rule.before)
            continue
        yield from _example(rule.before)
        yield "becomes" if rule.after else "goes."
        yield ""
        if rule.after:
            yield from _example(rule.after)


def _example(source: str) -> Iterator[str]:
    # "text": the page's examples in Python are run, and these need the legacy framework
    yield "```text"
    yield source.rstrip("\n")
    yield "```"
    yield ""


def render() -> str:
    """Return the text of the page of the audit, with its list as it is to be."""
    return _with_list(PAGE, all_rules())


def render_rewrite() -> str:
    """Return the text of the page of the rewriter, likewise."""
    return _with_list(REWRITE_PAGE, opt_in_rules().values())


def _with_list(page: Path, rules: Iterable[Rule | OptInRule]) -> str:
    text = "\n".join(listed(rules))
    return re.sub(
        r"(?s)(<!-- rules: begin -->\n).*?(<!-- rules: end -->)",
        lambda marks: f"{marks[1]}{text}{marks[2]}",
        page.read_text(encoding="utf-8"),
    )


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    REWRITE_PAGE.write_text(render_rewrite(), encoding="utf-8")
