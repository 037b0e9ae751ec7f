"""What a store holds: how often each call site ran, and when it was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.stores.values import as_text, as_time, instance_of
from compatshim.deprecation.uses import CallSite, Use, with_callers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Contents", "StoredUse", "callers_in", "shortened"]

LONGEST_TEXT = 1000
"""How many characters of a name, of a path and so on are kept."""

_KINDS = {
    "code": str,
    "name": str,
    "filename": str,
    "line": int,
    "module": str,
    "instead": str,
    "count": int,
    "callers": list,
    "since": str,
    "removed_in": str,
    "first_seen": str,
    "last_seen": str,
}
_MAY_BE_NULL = {"since", "removed_in"}


@dataclass(frozen=True)
class StoredUse:
    """A use, and when processes have first and last written down that it was seen."""

    use: Use
    first_seen: datetime
    last_seen: datetime

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; :meth:`from_dict` takes it back."""
        return {
            **self.use.to_dict(),
            "first_seen": as_text(self.first_seen),
            "last_seen": as_text(self.last_seen),
        }

    @classmethod
    def from_dict(cls, names: Any) -> StoredUse:
        """Return the use that :meth:`to_dict` has written; else ``ValueError``."""
        names = _checked(names)
        first_seen, last_seen = names.pop("first_seen"), names.pop("last_seen")
        return cls(Use.from_dict(names), as_time(first_seen), as_time(last_seen))

    def joined(self, use: Use, now: datetime) -> StoredUse:
        """Return this with the increments of ``use``, which was seen ``now``."""
        callers = with_callers(self.use.callers, use.callers)
        count = self.use.count + use.count
        use = use.but(count=count, callers=callers)
        # The clock may have been set back.
        return StoredUse(use, self.first_seen, max(self.last_seen, now))


@dataclass(frozen=True)
class Contents:
    """All that a store holds, sorted by code, name, file and line.

    ``started`` is when it was made, and ``dropped`` how many uses it has counted of call
    sites that it has forgotten since, to stay within its limit.
    """

    started: datetime
    dropped: int = 0
    uses: tuple[StoredUse, ...] = field(default=())

    def added(self, uses: Iterable[Use], now: datetime, limit: int) -> Contents:
        """Return this with the increments in ``uses``.

        Of more than ``limit`` call sites those are forgotten that were not seen for the
        longest time, and among these the least used.
        """
        found: dict[CallSite, StoredUse] = {one.use.site: one for one in self.uses}
        for use in map(shortened, uses):
            known = found.get(use.site)
            found[use.site] = (
                known.joined(use, now) if known else StoredUse(use, now, now)
            )
        kept = sorted(found.values(), key=_worth)
        surplus = max(0, len(kept) - limit)
        dropped = self.dropped + sum(one.use.count for one in kept[:surplus])
        remaining = sorted(kept[surplus:], key=lambda one: one.use.site)
        return Contents(self.started, dropped, tuple(remaining))


def _worth(stored: StoredUse) -> tuple[datetime, int, CallSite]:
    return stored.last_seen, stored.use.count, stored.use.site


def _checked(names: Any) -> dict[str, Any]:
    """Return a copy of ``names``, which has all that is kept of a use, and no more."""
    if instance_of(names, dict).keys() != _KINDS.keys():
        raise ValueError(f"{names!r:.100} is no use")
    for name, kind in _KINDS.items():
        if names[name] is not None or name not in _MAY_BE_NULL:
            instance_of(names[name], kind)
    return {**names, "callers": callers_in(names["callers"])}


def callers_in(value: Any) -> list[str]:
    """Return ``value``, which is a list of texts, or raise ``ValueError``."""
    return [instance_of(caller, str) for caller in instance_of(value, list)]


def shortened(use: Use) -> Use:
    """Return ``use`` with texts that take bounded space, and that any file can hold."""
    code, name, filename, line = use.site
    return use.but(
        site=CallSite(_short(code), _short(name), _short(filename), line),
        module=_short(use.module),
        instead=_short(use.instead),
        callers=[_short(caller) for caller in use.callers],
        since=use.since and _short(use.since),
        removed_in=use.removed_in and _short(use.removed_in),
    )


def _short(text: str) -> str:
    # The names of files may hold what is no text in any encoding.
    return text[:LONGEST_TEXT].encode("utf-8", "backslashreplace").decode()
