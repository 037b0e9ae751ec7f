"""``<%namespace module="pylons.i18n" import="_"/>``: a legacy module as a namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.findings import ASSISTED, MANUAL
from compatshim.migrate.templates.languages import MAKO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.other_files import OtherFile

CODE = "CS114"
EXAMPLE = "page.mako"
BEFORE = '<%namespace module="pylons.i18n" import="_"/>\n'
AFTER = '<%namespace module="compatshim.common" import="_"/>\n'


def search(file: OtherFile) -> Iterator[Finding]:
    """Yield a finding for each name that a namespace has of a legacy module."""
    if file.language != MAKO:
        return
    # Not needed where there are no templates, and an audit of one file is to be quick.
    from compatshim.migrate.templates.namespaces import namespaces_in, objection_to

    catalogue = file.catalogue
    for namespace in namespaces_in(file.source.text, catalogue):
        objection = objection_to(namespace, catalogue)
        for name in namespace.names or ("",):
            yield file.finding(
                (namespace.start, namespace.end),
                code=CODE,
                module=namespace.module,
                name=name,
                replacement=catalogue.replacement(namespace.module, name),
                fix=MANUAL if objection else ASSISTED,
            )
