"""One plugin, whose hooks are called by themselves; what goes wrong names both."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from compatshim.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pluggy

__all__ = ["Plugin", "blaming"]


class Plugin:
    """A plugin that is registered with ``manager`` under ``name``."""

    def __init__(self, manager: pluggy.PluginManager, name: str) -> None:
        self._manager = manager
        self.name = name
        self.object = manager.get_plugin(name)

    def has(self, hook: str) -> bool:
        """Return whether the plugin has the hook."""
        callers = self._manager.get_hookcallers(self.object) or []
        return any(caller.name == hook for caller in callers)

    def ask(self, hook: str, **arguments: Any) -> Any:
        """Return what the hook returns, or ``None`` where the plugin does not have it."""
        others = [one for one in self._manager.get_plugins() if one is not self.object]
        answers = self._manager.subset_hook_caller(hook, others)(**arguments)
        return answers[0] if answers else None

    def call(
        self, hook: str, check: Callable[[Any], Any] | None = None, **arguments: Any
    ) -> Any:
        """Return what the hook returns, as ``check`` returns it. Raises ``PluginError``."""
        with blaming(self.name, hook):
            answer = self.ask(hook, **arguments)
            return answer if check is None else check(answer)


@contextmanager
def blaming(
    name: str, hook: str | None, kind: type[PluginError] = PluginError
) -> Iterator[None]:
    """Raise a ``PluginError`` for whatever goes wrong in the block."""
    try:
        yield
    except kind:
        raise
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise kind(name, hook, problem) from error
