"""The Flask rules of extensions, which come before all others.

Werkzeug asks the more particular rule first and, of two alike, the older one; whose a
rule is, it does not know.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter, WebsocketMismatch

if TYPE_CHECKING:
    from flask.ctx import RequestContext
    from werkzeug.routing import Rule

__all__ = ["ExtensionRules", "is_extensions_answer"]


class ExtensionRules:
    """A second map, of the extensions' rules of ``url_map`` alone.

    From now on the adapters that ``url_map`` makes for requests ask it first, whoever
    uses them: the dispatcher, Flask, ``test_request_context``.
    """

    def __init__(self, url_map: Map) -> None:
        self._url_map = url_map
        self._originals: dict[int, Rule] = {}
        self._segments: set[str | None] = set()
        self._adapter_types: dict[type, type] = {}
        self.map = _map_like(url_map)
        self._watch()

    def _watch(self) -> None:
        bind = self._url_map.bind_to_environ

        def bind_to_environ(*args: Any, **kwargs: Any) -> MapAdapter:
            adapter: Any = bind(*args, **kwargs)
            known = type(adapter)
            if known not in self._adapter_types:
                self._adapter_types[known] = type(
                    known.__name__, (_ExtensionsFirst, known), {}
                )
            # Not a wrapper: an adapter's own methods call each other.
            adapter.__class__ = self._adapter_types[known]
            adapter.extension_rules = self
            return adapter  # type: ignore[no-any-return]

        self._url_map.bind_to_environ = bind_to_environ  # type: ignore[method-assign]

    def add(self, rule: Rule) -> None:
        """Add a rule that ``url_map`` has just got."""
        if rule.build_only:
            return
        again = copy(rule)  # Rule.empty() forgets some of its options
        again.map = None  # type: ignore[assignment]  # it is in no map yet
        self.map.converters = self._url_map.converters
        self.map.add(again)
        self._originals[id(again)] = rule
        self._segments.add(leading_segment(rule))

    def may_match(self, path: str) -> bool:
        """Return whether an extension's rule might match ``path``, a text."""
        segments = self._segments
        return (
            None in segments
            or not path.isascii()
            or path.lstrip("/").partition("/")[0] in segments
        )

    def original(self, rule: Rule) -> Rule:
        """Return the rule of ``url_map`` that ``rule`` stands for."""
        return self._originals[id(rule)]


class _ExtensionsFirst(MapAdapter):
    """An adapter that asks extensions first; ``is_extensions`` is whose answer it was."""

    extension_rules: ExtensionRules
    is_extensions = False

    def match(
        self,
        path_info: str | None = None,
        method: str | None = None,
        return_rule: bool = False,
        query_args: Any = None,
        websocket: bool | None = None,
    ) -> tuple[Any, Any]:
        rules = self.extension_rules
        self.is_extensions = False
        if rules.may_match(self.path_info if path_info is None else path_info):
            adapter = copy(self)
            adapter.map = rules.map
            self.is_extensions = True
            try:
                rule, arguments = super(_ExtensionsFirst, adapter).match(
                    path_info, method, True, query_args, websocket
                )
            except (NotFound, MethodNotAllowed, WebsocketMismatch):
                self.is_extensions = False
            else:
                rule = rules.original(rule)
                return (rule if return_rule else rule.endpoint), arguments
        return super().match(path_info, method, return_rule, query_args, websocket)  # type: ignore[no-any-return,call-overload]


def is_extensions_answer(context: RequestContext) -> bool:
    """Return whether an extension's rule, or its redirect, answered the last match."""
    return getattr(context.url_adapter, "is_extensions", False)


def leading_segment(rule: Rule) -> str | None:
    """Return the first segment of the paths that ``rule`` matches; ``None`` for any."""
    # Werkzeug merges repeated slashes, unless told otherwise.
    segment = rule.rule.lstrip("/").partition("/")[0]
    return None if "<" in segment else segment


def _map_like(url_map: Map) -> Map:
    return Map(
        default_subdomain=url_map.default_subdomain,
        strict_slashes=url_map.strict_slashes,
        merge_slashes=url_map.merge_slashes,
        redirect_defaults=url_map.redirect_defaults,
        converters=url_map.converters,
        sort_parameters=url_map.sort_parameters,
        sort_key=url_map.sort_key,
        host_matching=url_map.host_matching,
    )
