"""What can be told of Flask's rules without asking its router."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.routing import Map, Rule

__all__ = ["FlaskRules"]


class FlaskRules:
    """The first path segments with which the rules of a ``url_map`` begin.

    They spare Flask's router the paths that none of its rules can match. Conservative:
    where it is not certain that nothing can match, the router is asked.
    ``use_custom_converters`` says whether the application has converters of its own.
    """

    def __init__(self, url_map: Map) -> None:
        self._url_map = url_map
        self._segments: frozenset[str | None] | None = None
        self.use_custom_converters = False
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
        segments = self._segments
        if segments is None:
            segments = self._collect()
        return (
            not segments
            or path[:1] != "/"
            or path.split("/", 2)[1] in segments
            or not path.isascii()
        )

    def describe(self, url_map: Map) -> bool:
        """Return whether these are the rules of ``url_map``, which may be a later one."""
        return url_map is self._url_map

    def _collect(self) -> frozenset[str | None]:
        """Return the segments, or nothing where one rule may begin with anything."""
        url_map = self._url_map
        self.use_custom_converters = url_map.converters != url_map.default_converters
        segments = {_leading_segment(rule) for rule in url_map.iter_rules()}
        # "" for the path "/" and for those that begin with "//".
        self._segments = frozenset() if None in segments else frozenset({"", *segments})
        return self._segments


def _leading_segment(rule: Rule) -> str | None:
    # Werkzeug merges repeated slashes, unless told otherwise.
    segment = rule.rule.lstrip("/").partition("/")[0]
    return None if "<" in segment else segment
