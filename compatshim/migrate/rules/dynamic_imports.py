"""``__import__("pylons")`` and the like: an import that stands in a string."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.embedded import findings_in_code
from compatshim.migrate.findings import ASSISTED, IMPORT, MANUAL
from compatshim.migrate.literals import called_name, literal_of
from compatshim.migrate.noting import finding_of_string
from compatshim.migrate.once import once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

    from compatshim.migrate.examined import Examined, LegacyString
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.literals import Call

CODE = "CS107"
BEFORE = 'request = __import__("pylons").request\n'
AFTER = "from compatshim.common import request\n"

_OF_PYTHON = "__import__"
_IMPORTERS = (_OF_PYTHON, "import_module", "importorskip")
_ALIAS = re.compile(rb"import_module(?<!\wimport_module)[ \t]+as[ \t]+(\w+)")
_BEFORE_FROMLIST = 3  # name, globals and locals


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each import that has a legacy module in a string."""
    from compatshim.migrate.rules import findings_in

    for string in examined.strings:
        call = called_name(examined.tree, string)
        if is_importer(call, examined):
            yield from _imported(examined, string, call)
        for finding in findings_in_code(examined, string, CODE, findings_in):
            fix = ASSISTED if finding.replacement else MANUAL
            yield finding._replace(fix=fix, also=())


def is_importer(call: Call | None, examined: Examined) -> TypeGuard[Call]:
    """Tell whether ``call`` imports the module that it is given the name of."""
    return call is not None and call.name in _importers(examined)


@once
def _importers(examined: Examined) -> frozenset[str]:
    aliases = _ALIAS.findall(examined.source.text)
    return frozenset((*_IMPORTERS, *(alias.decode() for alias in aliases)))


def _imported(
    examined: Examined, string: LegacyString, call: Call
) -> Iterator[Finding]:
    catalogue = examined.catalogue
    dotted = literal_of(string)
    if dotted is None or catalogue.package_of(dotted) is None:
        return
    module, name = dotted, ""
    if call.attributes:
        result = dotted.partition(".")[0] if _gives_package(call) else dotted
        module, name = catalogue.split(".".join((result, *call.attributes)))
    yield finding_of_string(
        examined, string, code=CODE, kind=IMPORT, module=module, name=name
    )


def _gives_package(call: Call) -> bool:
    """Tell whether the result is the outermost package, as of ``import a.b``."""
    has_names = call.arguments > _BEFORE_FROMLIST or "fromlist" in call.keywords
    return call.name == _OF_PYTHON and not has_names
