"""Who makes a request: the first plugin that knows says it, on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask

from compatshim.common import request
from compatshim.objects.state import state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from compatshim.objects.state import ShimState

    Ask = Callable[..., Any]

__all__ = ["Identifiers"]


class Identifiers:
    """Sets ``c.user`` and ``c.userobj`` before each request of either side.

    Where no plugin knows, they stay as they are, and are ``""`` and ``None`` where
    nobody has set them.
    """

    def __init__(self, state: ShimState) -> None:
        self._state = state
        self._ask: list[Ask] = []

    def add(self, ask: Ask) -> None:
        """Ask a further plugin, after those that were added before."""
        if not self._ask:
            self._install()
        self._ask.append(ask)

    def _install(self) -> None:
        hooks = self._state.hooks
        if hooks is not None:
            hooks.add("before", self._identify)
            hooks.before.insert(0, hooks.before.pop())  # who it is, the others may ask

    def _identify(self) -> None:
        if state_of(flask.current_app) is not self._state:  # another's of this shim
            return
        found = next((user for user in self._answers() if user is not None), None)
        if found is None:
            flask.g.setdefault("user", "")
            flask.g.setdefault("userobj", None)
            return
        flask.g.user, flask.g.userobj = (
            (found, None) if isinstance(found, str) else found
        )

    def _answers(self) -> Iterable[Any]:
        for ask in self._ask:
            yield ask(request=request)
