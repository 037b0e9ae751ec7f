"""``from myapp.lib.base import request``: import it from where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.examined import LegacyImport, LegacyUse
from compatshim.migrate.findings import ATTRIBUTE
from compatshim.migrate.handed_on import COMMON
from compatshim.migrate.modules import Modules
from compatshim.migrate.moves import Move
from compatshim.migrate.objections import STAR, Place, objection_to_binding
from compatshim.migrate.proposals import Proposal, by_imported_name
from compatshim.migrate.reaching import reached_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.known import Known
    from compatshim.migrate.reaching import Reached

CODE = "CS120"
BEFORE = "from myapp.lib.base import BaseController, request\n"
AFTER = (
    "from compatshim.common import request\nfrom myapp.lib.base import BaseController\n"
)
WORDS = (b"import",)
NEEDS_ROUTES = False

_SEVERAL = "the module that it is from binds it in several places"


def propose(examined: Examined, known: Known) -> Iterator[Proposal]:
    """Propose ``compatshim.common`` for what other modules have from there, or will."""
    location = Modules.location_of(examined.source.path)
    catalogue = examined.catalogue
    for one in reached_names(examined, location, known.flow):
        target = one.what.target
        if not target.startswith(f"{COMMON}."):
            target = catalogue.replacement(*catalogue.split(target))
        if not target or catalogue.package_of(one.module):
            continue
        reason = None if one.what.is_certain else _SEVERAL
        if one.kind == ATTRIBUTE:
            yield by_imported_name(examined, target, _use(one), reason)
        else:
            yield _of_import(examined, target, one, reason)


def _use(one: Reached) -> LegacyUse:
    source = LegacyImport(
        one.statement, one.imported, one.module, one.name, one.module, one.scope
    )
    return LegacyUse(
        one.module, one.name, one.start, one.end, source, tuple(one.path), written=False
    )


def _of_import(
    examined: Examined, target: str, one: Reached, reason: str | None
) -> Proposal:
    module, _, name = target.rpartition(".")
    bound = one.imported.bound
    if one.imported.name == "*":
        reason = STAR
    elif reason is None:
        place = Place(one.start, one.end, one.statement.path, one.scope)
        reason = objection_to_binding(examined, bound, target, place)
    return Proposal(
        f"{one.module}.{one.name}",
        one.start,
        one.end,
        one.path,
        reason,
        moves=(Move(one.statement, one.imported, module, name, bound),),
    )
