"""What ``compatshim eject`` does and says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.eject import Ejected, eject, legacy_uses
from compatshim.migrate.rewrite import diff, write
from compatshim.migrate.settings import legacy_packages
from compatshim.migrate.sources import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compatshim.migrate.objections import Refusal

__all__ = ["run_eject"]


def run_eject(
    paths: Sequence[str],
    show: Callable[[bytes], object],
    tell: Callable[[str], object],
    *,
    writes: bool = False,
    force: bool = False,
) -> int:
    """Eject the files below ``paths``, or only ``show`` how they would change.

    ``tell`` is told of what needs a hand, and where a changed line differs a little.
    Return 0 if nothing needs one, and nothing is waiting to be written. Raise
    ``StillLegacyError`` if an audit finds anything, unless it is to ``force``.
    """
    legacy = legacy_uses(paths, legacy_packages(paths), force=force)
    changed = needs = 0
    for one in eject(paths, legacy):
        if isinstance(one, Unreadable):
            tell(f"{one.path}: cannot be read: {one.reason}")
            needs += 1
            continue
        refusals = (
            one.rewritten.rewriting.refusals if isinstance(one, Ejected) else one.needs
        )
        path = one.rewritten.path if isinstance(one, Ejected) else one.path
        for refusal in refusals:
            tell(_line(path, refusal, "needs a hand"))
        needs += len(refusals)
        if not isinstance(one, Ejected) or not one.rewritten.rewriting.is_changed:
            continue
        for note in one.notes:
            tell(_line(path, note, "differs"))
        problem = write(one.rewritten) if writes else one.rewritten.problem
        if problem is not None:
            tell(f"{path}: is left as it is: {problem}")
            needs += 1
            continue
        changed += 1
        if not writes:
            show(diff(one.rewritten))
    tell(_summary(changed, needs, writes=writes))
    return int(needs > 0 or (changed > 0 and not writes))


def _line(path: str, one: Refusal, what: str) -> str:
    return f"{path}:{one.line}: {one.code} {one.name} {what}: {one.reason}"


def _summary(changed: int, needs: int, *, writes: bool) -> str:
    files = f"{changed} file{'s' * (changed != 1)}"
    done = f"{files} ejected" if writes else f"{files} would be ejected (--write)"
    places = "1 place needs" if needs == 1 else f"{needs} places need"
    return f"{done}, {places} a hand."
