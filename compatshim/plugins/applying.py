"""What a plugin brings, put where the site looks for it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.errors import PartlyRegisteredError
from compatshim.objects.templates import add_template_directories
from compatshim.plugins import results
from compatshim.plugins.calling import blaming
from compatshim.plugins.identifying import Identifiers
from compatshim.plugins.middleware import (
    ErrorReporters,
    MiddlewareChain,
    Slot,
    raise_error,
)
from compatshim.plugins.public_files import PublicFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIApplication
    from click import Command

    from compatshim.objects.state import ShimState
    from compatshim.plugins.calling import Plugin

__all__ = ["Installer"]


class _Brought(NamedTuple):
    """What the hooks of one plugin have returned, without the routes."""

    helpers: dict[str, Any]
    template_dirs: list[str]
    public_dirs: list[str]
    translations: list[tuple[str, str]]
    commands: list[Command]
    slot: Slot
    middleware: WSGIApplication | None
    reporter: WSGIApplication | None


class Installer:
    """Installs plugins in one application, one after the other.

    Nothing of a plugin is used before all its hooks have returned what they may.
    """

    def __init__(self, state: ShimState) -> None:
        self._state = state
        self._middleware = MiddlewareChain(state.app)
        self._error_reporters = ErrorReporters(state.app)
        self.identifiers = Identifiers(state.hooks)
        self._public_files = PublicFiles(state.app)

    def install(self, plugin: Plugin) -> None:
        """Call the hooks of ``plugin`` and use the results.

        Raises ``PluginError``, and of that ``PartlyRegisteredError`` where something of
        the plugin stays in the application.
        """
        brought = self._ask(plugin)
        with _restoring(self._state.mapper):
            self._connect_routes(plugin)
            self._register_blueprints(plugin)
        self._use(plugin, brought)

    def _ask(self, plugin: Plugin) -> _Brought:
        call, group = plugin.call, self._state.app.cli
        directories = partial(results.directories, plugin=plugin.object)
        sources = partial(results.sources, plugin=plugin.object)
        slot = Slot()
        return _Brought(
            helpers=call("compatshim_helpers", results.helpers),
            template_dirs=call("compatshim_template_dirs", directories),
            public_dirs=call("compatshim_public_dirs", directories),
            translations=call("compatshim_translations", sources),
            commands=call(
                "compatshim_commands", partial(results.commands, taken=group.commands)
            ),
            slot=slot,
            middleware=self._wrap(plugin, "compatshim_middleware", slot),
            reporter=self._wrap(plugin, "compatshim_error_log_middleware", raise_error),
        )

    def _use(self, plugin: Plugin, brought: _Brought) -> None:
        state = self._state
        state.helpers.add(brought.helpers, owner=plugin.name)
        add_template_directories(state, brought.template_dirs)
        self._public_files.add(brought.public_dirs)
        state.public_files = self._public_files
        for directory, domain in brought.translations:
            state.translations.add(directory, domain)
        for command in brought.commands:
            state.app.cli.add_command(command)
        if brought.middleware is not None:
            self._middleware.add(brought.middleware, brought.slot)
        if brought.reporter is not None:
            self._error_reporters.add(plugin.name, brought.reporter)
        if plugin.has("compatshim_identify"):
            self.identifiers.add(plugin)

    def _wrap(self, plugin: Plugin, hook: str, wsgi_app: Any) -> Any:
        """Return what the hook makes of ``wsgi_app``, or ``None`` without the hook."""
        if not plugin.has(hook):
            return None
        config = self._state.config
        return plugin.call(hook, results.application, wsgi_app=wsgi_app, config=config)

    def _connect_routes(self, plugin: Plugin) -> None:
        mapper, marked = self._state.mapper, self._state.origins.routes
        if mapper is None:
            return
        for hook in ("compatshim_routes_before", "compatshim_routes_after"):
            comes_first = hook == "compatshim_routes_before"
            with marked.marking(mapper, plugin.name, comes_first=comes_first):
                plugin.call(hook, mapper=mapper)
        _make_regs_again(mapper)

    def _register_blueprints(self, plugin: Plugin) -> None:
        app, hook = self._state.app, "compatshim_blueprints"
        check = partial(results.blueprints, taken=app.blueprints)
        for blueprint in plugin.call(hook, check):
            with blaming(plugin.name, hook, PartlyRegisteredError):
                app.register_blueprint(blueprint)


@contextmanager
def _restoring(mapper: Any) -> Iterator[None]:
    """Take what is connected in the block out of ``mapper`` again, if it fails."""
    if mapper is None:
        yield
        return
    routes, names = list(mapper.matchlist), dict(mapper._routenames)  # noqa: SLF001 (no other way)
    by_arguments = {key: list(found) for key, found in mapper.maxkeys.items()}
    try:
        yield
    except Exception:
        mapper.matchlist[:] = routes
        mapper._routenames = names  # noqa: SLF001
        mapper.maxkeys = by_arguments
        mapper._created_gens = False  # noqa: SLF001
        _make_regs_again(mapper)
        raise


def _make_regs_again(mapper: Any) -> None:
    if mapper._created_regs:  # noqa: SLF001 (then Routes overlooks later routes)
        mapper.create_regs()
