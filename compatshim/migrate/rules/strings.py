"""``mock.patch("pylons.request")``: a legacy name that a string spells out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.findings import STRING
from compatshim.migrate.literals import called_name, literal_of
from compatshim.migrate.noting import finding_of_string
from compatshim.migrate.rules.dynamic_imports import is_importer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined, LegacyString
    from compatshim.migrate.findings import Finding

CODE = "CS108"
BEFORE = 'mock.patch("pylons.request")\n'
AFTER = 'mock.patch("compatshim.common.request")\n'

# What takes the name of an object: the functions of mock, monkeypatch and the like.
_TAKE_NAMES = ("patch", "setattr", "delattr", "dict", "multiple", "import_string")


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each string that is a legacy name."""
    for string in examined.strings:
        dotted = literal_of(string)
        if dotted is not None and _is_name(examined, string, dotted):
            module, name = examined.catalogue.split(dotted)
            yield finding_of_string(
                examined, string, code=CODE, kind=STRING, module=module, name=name
            )


def _is_name(examined: Examined, string: LegacyString, dotted: str) -> bool:
    """Tell whether a string names something legacy, and is no key such as an option's."""
    catalogue = examined.catalogue
    if catalogue.package_of(dotted) is None:
        return False
    call = called_name(examined.tree, string)
    if is_importer(call, examined):
        return False
    if call is not None and call.name in _TAKE_NAMES:
        return True
    return bool(catalogue.replacement(*catalogue.split(dotted)))
