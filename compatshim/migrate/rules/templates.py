"""``<%! from pylons import request %>``: legacy names in the Python of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.findings import ASSISTED, AUTOMATIC
from compatshim.migrate.other_files import IN_TEMPLATE
from compatshim.migrate.rules import unused_imports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.other_files import OtherFile

CODE = IN_TEMPLATE
EXAMPLE = "page.mako"
BEFORE = "<%!\n    from pylons import request\n%>\n${request.path}\n"
AFTER = "<%!\n    from compatshim.common import request\n%>\n${request.path}\n"

_BODY = "render_body"


def search(file: OtherFile) -> Iterator[Finding]:
    """Yield what the other rules find in the Python of a Mako or Genshi template."""
    from compatshim.migrate.rules import findings_in

    if file.python is None:
        return
    for finding in findings_in(file.python):
        # It has to be asked for: --templates.
        fix = ASSISTED if finding.fix == AUTOMATIC else finding.fix
        function = finding.function.removeprefix(_BODY).removeprefix(".")
        also = finding.also
        if file.python.source.problem:  # what cannot be read may use it
            also = tuple(code for code in also if code != unused_imports.CODE)
        yield finding._replace(fix=fix, function=function, also=also)
