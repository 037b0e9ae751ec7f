"""What can be told of Flask's rules without asking its router, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.routing import RuleFactory

from compatshim.routing.extension_rules import ExtensionRules, leading_segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.routing import Map, Rule

    from compatshim.routing.origins import Origins

__all__ = ["FlaskRules"]


class FlaskRules:
    """The first path segments with which the rules of a ``url_map`` begin.

    They spare Flask's router the paths that none of its rules can match. Conservative:
    where it is not certain that nothing can match, the router is asked.
    ``use_custom_converters`` says whether the application has converters of its own.
    ``origins`` learns of the rules that are added from now on.
    """

    def __init__(self, url_map: Map, origins: Origins | None = None) -> None:
        self._url_map = url_map
        self._origins = origins
        self._segments: frozenset[str | None] | None = None
        self.use_custom_converters = False
        self._watch()

    def _watch(self) -> None:
        add = self._url_map.add

        def add_and_forget(rulefactory: RuleFactory) -> None:
            self._segments = None
            noted = _Noted(rulefactory)
            try:
                add(noted)
            finally:
                self._segments = None
                for rule in noted.rules:
                    self._note(rule)

        self._url_map.add = add_and_forget  # type: ignore[method-assign]

    def _note(self, rule: Rule) -> None:
        if self._origins is not None and self._origins.rule_added(rule):
            if self._origins.flask_rules is None:
                self._origins.flask_rules = ExtensionRules(self._url_map)
            self._origins.flask_rules.add(rule)

    def may_match(self, path: str) -> bool:
        """Return whether a rule might match ``path``, a ``PATH_INFO``.

        ``True`` for every path that Werkzeug would rewrite before it looks (repeated or
        missing leading slashes) or that is not ASCII.
        """
        segments = self._segments
        if segments is None:
            segments = self._collect()
        try:
            if path.split("/", 2)[1] in segments:
                return True
        except IndexError:
            return True
        return not segments or path[0] != "/" or not path.isascii()

    def describe(self, url_map: Map) -> bool:
        """Return whether these are the rules of ``url_map``, which may be a later one."""
        return url_map is self._url_map

    def _collect(self) -> frozenset[str | None]:
        """Return the segments, or nothing where one rule may begin with anything."""
        url_map = self._url_map
        self.use_custom_converters = url_map.converters != url_map.default_converters
        segments = {leading_segment(rule) for rule in url_map.iter_rules()}
        # "" for the path "/" and for those that begin with "//".
        self._segments = frozenset() if None in segments else frozenset({"", *segments})
        return self._segments


class _Noted(RuleFactory):
    """The rules of ``factory``; those that a map has taken are remembered."""

    def __init__(self, factory: RuleFactory) -> None:
        self.rules: list[Rule] = []
        self._factory = factory

    def get_rules(self, map: Map) -> Iterator[Rule]:  # noqa: A002 (Werkzeug's name)
        for rule in self._factory.get_rules(map):
            yield rule
            self.rules.append(rule)  # it could be added
