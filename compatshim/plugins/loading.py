"""Which plugins an application has, and the order of what they bring."""

from __future__ import annotations

import inspect
import logging
import re
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import pluggy

from compatshim.errors import PartlyRegisteredError, PluginError
from compatshim.plugins.applying import Installer
from compatshim.plugins.calling import Plugin, blaming
from compatshim.plugins.hooks import PROJECT, Hooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compatshim.objects.state import ShimState

__all__ = ["GROUP", "installed_plugins", "load"]

GROUP = "compatshim.plugins"
ERRORS_KEYS = ("compatshim.plugin_errors", "COMPATSHIM_PLUGIN_ERRORS")

_MODES = ("error", "log")

log = logging.getLogger("compatshim.plugins")


def installed_plugins() -> list[str]:
    """Return the names of the plugins of all installed distributions."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def load(state: ShimState, chosen: Any, registered: Mapping[str, Any]) -> None:
    """Load the plugins that the application does not have yet, and use what they bring.

    ``chosen`` are names, as a list or as a text, and ``registered`` are objects by name,
    which come after the chosen ones unless they are chosen, too.

    Raises ``PluginError``, unless the configuration wants it in the log, and the plugin
    left out, which one that is partly registered cannot be; and ``ValueError`` where it wants what there is not.
    """
    if state.plugins is None:
        state.plugins = Plugins(state)
    names = chosen.replace(",", " ").split() if isinstance(chosen, str) else chosen
    state.plugins.load(list(dict.fromkeys([*(names or ()), *registered])), registered)


class Plugins:
    """The plugins of one application; ``identifiers`` are those that say who it is."""

    def __init__(self, state: ShimState) -> None:
        self._state = state
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._installer = Installer(state)
        self.identifiers = self._installer.identifiers
        self._known: set[str] = set()

    def load(self, names: list[str], registered: Mapping[str, Any]) -> None:
        """Load those that are ``names``; see :func:`load`."""
        new = [name for name in names if name not in self._known]
        self._known.update(new)
        for name in new:
            with self._guarding(name):
                self._register(name, registered)
        for plugin in self._loaded(new):
            with self._guarding(plugin.name):
                plugin.call("compatshim_config", config=self._state.config)
        for plugin in self._loaded(new):
            with self._guarding(plugin.name):
                self._installer.install(plugin)

    def _loaded(self, names: list[str]) -> list[Plugin]:
        return [
            Plugin(self._manager, name)
            for name in names
            if self._manager.has_plugin(name)
        ]

    @contextmanager
    def _guarding(self, name: str) -> Iterator[None]:
        """Run a block for one plugin, and leave that out where the site wants it so."""
        state = self._state
        try:
            with state.app.app_context(), state.origins.marking(name):
                yield
        except PluginError as error:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            if self._mode() == "error" or isinstance(error, PartlyRegisteredError):
                raise
            if state.origins.has_rules_of(name):  # by app.add_url_rule, in a hook
                raise PartlyRegisteredError(name, error.hook, error.problem) from error
            log.exception("%s The site starts without it.", error.summary)

    def _mode(self) -> str:
        found = map(self._state.config.get, ERRORS_KEYS)
        mode = next((value for value in found if value is not None), _MODES[0])
        if mode not in _MODES:
            raise ValueError(
                f"{ERRORS_KEYS[0]} is {mode!r}: it may be one of {_MODES}."
            )
        return str(mode)

    def _register(self, name: str, registered: Mapping[str, Any]) -> None:
        with blaming(name, None):
            plugin = registered[name] if name in registered else _load_entry_point(name)
            if inspect.isclass(plugin):
                plugin = plugin()
        try:
            self._manager.register(plugin, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            hook = re.search(r"\bcompatshim_\w+", str(error))
            raise PluginError(name, hook[0] if hook else None, str(error)) from error
        except ValueError as error:  # the same object has two names
            raise PluginError(name, None, str(error)) from error
        if not self._manager.get_hookcallers(plugin):
            problem = f"none of the functions of {plugin!r} is marked with @hookimpl"
            raise PluginError(name, None, problem)


def _load_entry_point(name: str) -> Any:
    found = {point.value: point for point in entry_points(group=GROUP, name=name)}
    if not found:
        names = ", ".join(map(repr, installed_plugins())) or "none"
        raise LookupError(
            f"no installed distribution has it in its entry points {GROUP!r}; installed"
            f" are: {names}"
        )
    if len(found) > 1:
        raise LookupError(f"several are installed: {', '.join(found)}")
    return next(iter(found.values())).load()
