"""``h.url`` and ``h.url_for``: where the helpers have the framework's own function."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.handed_on import COMMON, Imported
from compatshim.migrate.modules import Modules
from compatshim.migrate.proposals import reads_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Attribute, Examined, LegacyUse
    from compatshim.migrate.handed_on import Exported
    from compatshim.migrate.known import Known
    from compatshim.migrate.syntax import ImportedName, ImportStatement

__all__ = ["URL_FUNCTIONS", "HelperRead", "helper_reads"]

URL_FUNCTIONS = (f"{COMMON}.url_for", f"{COMMON}.url")
"""What builds URLs, by whichever name."""

_NAMES = ("url", "url_for")
_MODULE = "helpers"
_WORDS = (b"import",)


class HelperRead(NamedTuple):
    """``h.url``, with the attributes after it, and why it is not certain what it is."""

    use: LegacyUse
    after: list[Attribute]
    reason: str | None


def helper_reads(examined: Examined, known: Known) -> Iterator[HelperRead]:
    """Yield where a function that builds URLs is read from the helpers.

    These are a module called ``helpers``, by whatever name it is imported, and the ``h``
    of ``compatshim.common``.
    """
    for statement in examined.tree.imports(_WORDS):
        for imported in statement.names:
            if not _is_helpers(imported):
                continue
            for use, parts in reads_of(examined, statement, imported):
                if use.name in _NAMES:
                    reason = _doubt(examined, known, statement, imported, use)
                    yield HelperRead(use, parts[1:], reason)


def _is_helpers(imported: ImportedName) -> bool:
    dotted = f"{imported.module}.{imported.name}".rstrip(".")
    is_module = dotted.rpartition(".")[2] == _MODULE
    has_own_name = bool(imported.name or imported.asname or "." not in imported.module)
    return (is_module and has_own_name) or dotted == f"{COMMON}.h"


def _doubt(
    examined: Examined,
    known: Known,
    statement: ImportStatement,
    imported: ImportedName,
    use: LegacyUse,
) -> str | None:
    """Return why what is read may be something else, or ``None``."""
    reader = Modules.location_of(examined.source.path)
    one = Imported.of(imported, statement.level)
    dotted = f"{imported.module}.{imported.name}"
    if dotted == f"{COMMON}.h":
        places = [
            location
            for file in known.files
            if _is_named_helpers(location := Modules.location_of(file.location))
        ]
    else:
        brought = known.flow.brought(reader, one)
        places = [what.location for _, _, what in brought if what.location]
    if not places:
        return f"the helpers of {use.source.bound!r} are not below any PATH"
    for place in places:
        what = known.flow.exports_of(place).get(use.name)
        if what is None or not what.is_certain or not _is_url(known, what):
            module = known.modules.names_of(place)[0]
            return f"{module}.{use.name} is not, or not only, the framework's own"
    return None


def _is_named_helpers(location: str) -> bool:
    return location.endswith((f"/{_MODULE}.py", f"/{_MODULE}/__init__.py"))


def _is_url(known: Known, what: Exported) -> bool:
    catalogue = known.catalogue
    target = what.target
    if not target.startswith(f"{COMMON}."):
        target = catalogue.replacement(*catalogue.split(target))
    return target in URL_FUNCTIONS
