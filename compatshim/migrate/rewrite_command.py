"""What ``compatshim rewrite`` does and says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.rewrite import Rewritten, diff, rewrite, write
from compatshim.migrate.settings import legacy_packages
from compatshim.ratchet.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["run_rewrite"]


def run_rewrite(
    paths: Sequence[str],
    show: Callable[[bytes], object],
    tell: Callable[[str], object],
    *,
    writes: bool = False,
    strings: bool = False,
    templates: bool = False,
    rules: Sequence[str] = (),
    routes: str | None = None,
) -> int:
    """Rewrite the files below ``paths``, or only ``show`` how they would change.

    ``tell`` is told of what is left as it is. Return 0 if that is nothing, and nothing is
    waiting to be written.
    """
    changed = left = 0
    own = legacy_packages(paths)
    for one in rewrite(
        paths,
        strings=strings,
        templates=templates,
        own=own,
        rules=rules,
        routes=routes,
    ):
        if not isinstance(one, Rewritten):
            tell(one_line(f"{one.path}: cannot be read: {one.reason}"))
            left += 1
            continue
        for refusal in one.rewriting.refusals:
            place = f"{one.path}:{refusal.line}: {refusal.code}"
            tell(one_line(f"{place} {refusal.name} is left as it is: {refusal.reason}"))
        left += len(one.rewriting.refusals)
        if not one.rewriting.is_changed:
            continue
        problem = write(one) if writes else one.problem
        if problem is not None:
            tell(one_line(f"{one.path}: is left as it is: {problem}"))
            left += 1
            continue
        changed += 1
        if not writes:
            show(diff(one))
    tell(_summary(changed, left, writes=writes))
    return int(left > 0 or (changed > 0 and not writes))


def _summary(changed: int, left: int, *, writes: bool) -> str:
    files = f"{changed} file{'s' * (changed != 1)}"
    done = f"{files} rewritten" if writes else f"{files} would be rewritten (--write)"
    return f"{done}, {left} left as {'it is' if left == 1 else 'they are'}."
