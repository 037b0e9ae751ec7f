"""``h.url(...)``: the framework's function, by way of the helpers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.helper_reads import URL_FUNCTIONS, helper_reads
from compatshim.migrate.proposals import by_imported_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.known import Known
    from compatshim.migrate.proposals import Proposal

CODE = "CS123"
BEFORE = 'import myapp.lib.helpers as h\n\nlink = h.url("about")\n'
AFTER = (
    "from compatshim.common import url_for\n"
    "import myapp.lib.helpers as h\n"
    "\n"
    'link = url_for("about")\n'
)
WORDS = (b"url",)
NEEDS_ROUTES = False

_URL_FOR = URL_FUNCTIONS[0]


def propose(examined: Examined, known: Known) -> Iterator[Proposal]:
    """Propose ``url_for`` where the helpers have what it stands for."""
    for read in helper_reads(examined, known):
        reason = read.reason
        if read.after:
            name = read.after[0].name
            reason = reason or f"url_for has no {name!r}: read it from url"
        yield by_imported_name(examined, _URL_FOR, read.use, reason)
