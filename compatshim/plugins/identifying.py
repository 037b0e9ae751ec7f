"""Who makes a request: the first plugin that knows says it, on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask

from compatshim.common import request
from compatshim.errors import PluginError
from compatshim.objects.state import current_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.hooks import Hooks
    from compatshim.plugins.calling import Plugin

__all__ = ["Identifiers"]

_HOOK = "compatshim_identify"


class Identifiers:
    """The plugins of one application that say who makes a request.

    Sets ``c.user`` and ``c.userobj`` before each request of either side.

    Where no plugin knows, they stay as they are, and are ``""`` and ``None`` where
    nobody has set them.
    """

    def __init__(self, hooks: Hooks | None) -> None:
        self._hooks = hooks
        self._plugins: list[Plugin] = []

    def add(self, plugin: Plugin) -> None:
        """Ask a further plugin, after those that were added before."""
        if self._hooks is not None:
            _install(self._hooks)
        self._plugins.append(plugin)

    def identify(self) -> None:
        """Set the names, unless there is no plugin to ask."""
        if not self._plugins:
            return
        user, userobj = next(self._answers(), (None, None))
        if user is None:
            flask.g.setdefault("user", "")
            flask.g.setdefault("userobj", None)
        else:
            flask.g.user, flask.g.userobj = user, userobj

    def _answers(self) -> Iterator[tuple[str, Any]]:
        for plugin in self._plugins:
            answer = plugin.ask(_HOOK, request=request)
            if answer is not None:
                yield _pair(plugin, answer)


def _install(hooks: Hooks) -> None:
    """Identify in each request of the applications that share ``hooks``."""
    if _identify not in hooks.before:
        hooks.add("before", _identify)
        hooks.before.insert(0, hooks.before.pop())  # who it is, the others may ask


def _identify() -> None:
    # Not a method: the hooks would keep each of their applications alive.
    plugins = current_state(_HOOK).plugins
    if plugins is not None:
        plugins.identifiers.identify()


def _pair(plugin: Plugin, answer: Any) -> tuple[str, Any]:
    match answer:
        case str():
            return answer, None
        case (str() as name, userobj):
            return name, userobj
    problem = f"it returned {answer!r}, and not a name, or a name and an object"
    raise PluginError(plugin.name, _HOOK, problem)
