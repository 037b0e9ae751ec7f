"""Spare Flask's router the paths that none of its rules can match."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.routing import Map, Rule

__all__ = ["LeadingSegments"]


class LeadingSegments:
    """The first path segments with which the rules of a ``url_map`` begin.

    Conservative: where it is not certain that nothing can match, the router is asked.
    """

    def __init__(self, url_map: Map) -> None:
        self._url_map = url_map
        self._segments: frozenset[str] | None = None
        self._watch()

    def _watch(self) -> None:
        add = self._url_map.add

        def add_and_forget(*args: object, **kwargs: object) -> None:
            self._segments = None
            add(*args, **kwargs)  # type: ignore[arg-type]
            self._segments = None

        self._url_map.add = add_and_forget  # type: ignore[method-assign]

    def may_match(self, path: str) -> bool:
        """Return whether a rule might match ``path``, a ``PATH_INFO``.

        ``True`` for every path that Werkzeug would rewrite before it looks (repeated or
        missing leading slashes) or that is not ASCII.
        """
        if path[:1] != "/" or path[1:2] == "/" or not path.isascii():
            return True
        segments = self._segments
        if segments is None:
            segments = self._segments = self._collect()
        return not segments or path[1:].partition("/")[0] in segments

    def _collect(self) -> frozenset[str]:
        """Return the segments, or nothing where one rule may begin with anything."""
        segments = set()
        for rule in self._url_map.iter_rules():
            segment = _leading_segment(rule)
            if segment is None:
                return frozenset()
            segments.add(segment)
        return frozenset(segments)


def _leading_segment(rule: Rule) -> str | None:
    # Werkzeug merges repeated slashes, unless told otherwise.
    segment = rule.rule.lstrip("/").partition("/")[0]
    return None if "<" in segment else segment
