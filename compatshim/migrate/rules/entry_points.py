"""``paste.app_factory`` in ``setup.py``: entry points that only the framework asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.packaging import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.other_files import OtherFile

CODE = "CS117"
EXAMPLE = "setup.py"
BEFORE = AFTER = (
    'setup(\n    name="shop",\n    entry_points="""\n    [paste.app_install]\n'
    '    main = pylons.util:PylonsInstaller\n    """,\n)\n'
)

_GROUP = re.compile(
    r"paste\.(\w*(?:factory|runner|install|paster_command|paster_create_template))"
)
_ENTRY = re.compile(r"(?:[^=]+=)?\s*([^\W\d][\w.]*)\s*:\s*([\w.]+)(?:\s*\[.*\])?\s*")
_REPLACEMENTS = {
    "app_factory": "compatshim.CompatShim.from_ini",
    "paster_command": "flask.cli.AppGroup",
    "global_paster_command": "flask.cli.AppGroup",
}


def search(file: OtherFile) -> Iterator[Finding]:
    """Yield a finding for each entry point that is legacy."""
    for one in said_in(file.path, file.source.text):
        group = _GROUP.fullmatch(one.text.strip())
        entry = _ENTRY.fullmatch(one.text)
        if group:
            found = "paste", group[1], _REPLACEMENTS.get(group[1], "")
        elif entry and file.catalogue.package_of(entry[1]):
            replacement = file.catalogue.replacement(entry[1], entry[2])
            found = entry[1], entry[2], replacement
        elif one.keyword == "paster_plugins":
            found = "paste.script", one.text.strip(), ""
        else:
            continue
        module, name, replacement = found
        yield file.finding(
            (one.start, one.end),
            code=CODE,
            module=module,
            name=name,
            replacement=replacement,
        )
