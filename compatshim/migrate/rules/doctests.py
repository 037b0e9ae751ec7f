"""``>>> from pylons import request``: legacy names in the examples of docstrings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.embedded import findings_in_doctests
from compatshim.migrate.findings import ASSISTED, MANUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding

CODE = "CS109"
BEFORE = '"""\n>>> from pylons import request\n"""\n'
AFTER = '"""\n>>> from compatshim.common import request\n"""\n'


def find(examined: Examined) -> Iterator[Finding]:
    """Yield what the other rules find in the examples of a docstring."""
    from compatshim.migrate.rules import findings_in

    for string in examined.strings:
        for finding in findings_in_doctests(examined, string, CODE, findings_in):
            fix = ASSISTED if finding.replacement else MANUAL
            yield finding._replace(fix=fix, also=())
