"""What a Routes route tells of the path segments that it can match.

Everything here errs on one side: a path that the route matches always agrees with what
is told of it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from routes.route import Route

__all__ = ["PathSegments", "Segment", "is_told_by_its_path", "path_segments"]

# What decides how a route matches. Where a subclass has other ones, its routelist does
# not tell what it matches.
_MATCHING = ("match", "makeregexp", "buildfullreg", "buildnextreg", "_pathkeys")

# Patterns, which are compiled when they are needed: importing is to be cheap.

# In the one regular expression that Routes makes of a whole table, these mean something
# else than in a route's own: references to groups, named groups, flags for everything.
_DEPENDS_ON_TABLE = r"\\[1-9]|\(\?(?![:=!>#]|<[=!]|[a-zA-Z]*-?[a-zA-Z]+:)"

# Requirements that a slash cannot meet: a conservative reading of what people write.
_CLASS = (
    r"\[(?:-?(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|\\[dws.-]|[\w.,;:@~!%+ ](?!-[^\]]))+-?"
    r"|\^\\?/[\w.,;:@~?#!%+ ]*)\]"
)
_WITHOUT_SLASH = rf"(?:[\w,;:@~!% -]|\\[dws.-]|{_CLASS}|\(\?:|\(\?<!\\\\\)|[()|?*+]|\{{\d*,?\d*\}})*\Z"


class Segment(NamedTuple):
    """One segment of a path: it is ``text``, or only begins with it if not ``whole``."""

    text: str
    whole: bool


class PathSegments(NamedTuple):
    """The segments with which a path begins; where ``complete``, there are no others."""

    segments: list[Segment]
    complete: bool


def is_told_by_its_path(route: Any) -> bool:
    """Return whether :func:`path_segments` holds for ``route``.

    It does not for routes that match in a way of their own, for requirements that mean
    something else in the regular expression of the whole table, nor for line breaks,
    which ``$`` passes over.
    """
    cls = type(route)
    return (
        (cls is Route or all(_inherits(cls, name) for name in _MATCHING))
        and vars(route).keys().isdisjoint(_MATCHING)
        and hasattr(route, "regmatch")
        and not any(re.search(_DEPENDS_ON_TABLE, text) for text in route.reqs.values())
        and not any("\n" in part for part in route.routelist if isinstance(part, str))
    )


def _inherits(cls: type, name: str) -> bool:
    return getattr(cls, name, None) is getattr(Route, name)


def path_segments(route: Any, prefix: str) -> PathSegments:
    """Return the segments of the paths that ``route`` can match.

    ``prefix`` is the static one under which Routes keeps the route.
    """
    if route.minimization:
        return _of_minimized(route.routelist, prefix)
    return _of_full(route)


def _of_minimized(parts: list[Any], prefix: str) -> PathSegments:
    """Tell nothing beyond the static prefix: all the rest may be left out of a path."""
    *before, last = prefix.split("/")
    segments = [Segment(text, whole=True) for text in before]
    is_static = all(isinstance(part, str) for part in parts)
    leading = parts[0] if parts and isinstance(parts[0], str) else "/"
    segments.append(Segment(last, whole=is_static or leading.endswith("/")))
    return PathSegments(segments, complete=False)


def _of_full(route: Any) -> PathSegments:
    segments = []
    current = Segment("", whole=True)
    for part in route.routelist:
        if isinstance(part, str):
            text, *others = part.split("/")
            if current.whole:
                current = Segment(current.text + text, whole=True)
            for other in others:
                segments.append(current)
                current = Segment(other, whole=True)
        else:
            current = Segment(current.text, whole=False)
            if not _stays_in_segment(part, route.reqs):
                return PathSegments([*segments, current], complete=False)
    return PathSegments([*segments, current], complete=True)


def _stays_in_segment(part: dict[str, str], requirements: dict[str, str]) -> bool:
    if part["name"] == "controller":
        return False  # names of controllers may have slashes
    requirement = requirements.get(part["name"])
    if requirement:
        return re.match(_WITHOUT_SLASH, requirement) is not None
    return part["type"] in (":", ".")
