"""``render``: the Flask application's Jinja2 environment under both frameworks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import flask
from flask.templating import DispatchingJinjaLoader
from jinja2 import ChoiceLoader, FileSystemLoader, UndefinedError
from jinja2.utils import missing
from markupsafe import Markup
from werkzeug.local import LocalProxy

from compatshim.legacy._jinja import naming_places, places_of
from compatshim.objects.helpers import Helpers, not_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flask import Flask
    from jinja2 import Environment, Undefined

    from compatshim.errors import HelperNotFoundError
    from compatshim.objects.state import ShimState

__all__ = [
    "add_template_directories",
    "common_names",
    "install_globals",
    "render_flask_template",
]

common_names: dict[str, Any] = {}
"""What every template knows: the objects of ``compatshim.common``, which fills it."""

_GETTEXT_NAMES = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})


def install_globals(app: Flask, names: dict[str, Any]) -> None:
    """Give every template of ``app`` the common objects, macros included.

    And let a template that uses one outside of a request fail with ``NoRequestError``,
    as Python code does: Jinja2 would print nothing in its place.
    """
    if "jinja_env" in vars(app):
        _prepare(app.jinja_env, names)
        return
    create = app.create_jinja_environment

    def create_jinja_environment() -> Environment:
        environment = create()
        _prepare(environment, names)
        return environment

    app.create_jinja_environment = create_jinja_environment  # type: ignore[assignment,method-assign]


def _prepare(environment: Environment, names: dict[str, Any]) -> None:
    if "gettext" not in environment.globals:  # Flask-Babel has not brought {% trans %}
        environment.add_extension("jinja2.ext.i18n")
        environment.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
            names["gettext"],
            names["ngettext"],
            pgettext=names["pgettext"],
            npgettext=names["npgettext"],
        )
    for name, value in names.items():
        # Flask-Babel's functions for templates fill in placeholders in their own way.
        if not (name in _GETTEXT_NAMES and name in environment.globals):
            environment.globals[name] = value
    environment.undefined = _explaining(environment.undefined)


def _explaining(base: type[Undefined]) -> type[Undefined]:
    """Return a kind of undefined value that knows why a common object lacks something.

    Jinja2 has tried the attribute and the item. It has taken ``NoRequestError``, which is
    an ``AttributeError`` and a ``TypeError``, for "there is none": that is raised here.
    And it does not say which helper of ``h`` may be meant.
    """

    class Explaining(base):  # type: ignore[misc,valid-type]  # known at run time
        def __init__(
            self,
            hint: Any = None,
            obj: Any = missing,
            name: Any = None,
            exc: Any = UndefinedError,
        ) -> None:
            if isinstance(obj, LocalProxy):
                current = obj._get_current_object()
                if isinstance(current, Helpers):
                    exc = _undefined(not_found(current, name))
            super().__init__(hint, obj, name, exc)

    Explaining.__name__ = base.__name__
    return Explaining


def _undefined(error: HelperNotFoundError) -> Callable[[str], UndefinedError]:
    """Return what makes the exception where a helper that there is not is used.

    Its cause is ``error``. It must not be one itself: what is an ``AttributeError`` or a
    ``KeyError``, Jinja2 takes for one more undefined value.
    """

    def make(_: str) -> UndefinedError:
        undefined = UndefinedError(str(error))
        undefined.__cause__ = error
        return undefined

    return make


def add_template_directories(state: ShimState, directories: Iterable[str]) -> None:
    """Search ``directories``, a plugin's, before the site's: by Jinja2 and by Mako.

    Those of several plugins are searched in the order in which they were added.
    """
    folders = [os.fspath(directory) for directory in directories]
    if folders and not state.template_directories:
        app, loader = state.app, FileSystemLoader([])
        loader.searchpath = state.template_directories  # which may become longer
        loaders = [loader, app.jinja_loader]
        app.jinja_loader = ChoiceLoader([loader for loader in loaders if loader])
    state.template_directories += folders


@places_of.register(DispatchingJinjaLoader)
def _(loader: DispatchingJinjaLoader, name: str) -> Iterator[str]:
    for part in (loader.app, *loader.app.iter_blueprints()):
        yield from places_of(part.jinja_loader, name)


def render_flask_template(
    state: ShimState, name: str, variables: dict[str, Any]
) -> Markup:
    """Render a template of the Flask application, under any framework.

    Raises ``TemplateNotFoundError``.
    """
    # Flask puts its own objects of these names before the environment's globals.
    common = {
        name: state.template_globals[name] for name in ("g", "request", "session")
    }
    with naming_places(state.app.jinja_env):
        page = flask.render_template(name, **{**common, **variables})
    return Markup(page)  # noqa: S704 (a page is markup)
