"""``render``: the Flask application's Jinja2 environment under both frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
from jinja2.utils import missing
from markupsafe import Markup
from werkzeug.local import LocalProxy

if TYPE_CHECKING:
    from flask import Flask
    from jinja2 import Environment, Undefined

    from compatshim.objects.state import ShimState

__all__ = ["install_globals", "render_flask_template", "render_mako_template"]

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
    for name, value in names.items():
        # Flask-Babel's functions for templates fill in placeholders in their own way.
        if not (name in _GETTEXT_NAMES and name in environment.globals):
            environment.globals[name] = value
    environment.undefined = _noticing_unbound(environment.undefined)


def _noticing_unbound(base: type[Undefined]) -> type[Undefined]:
    """Return a kind of undefined value that is not made of an unbound proxy.

    Jinja2 has tried the attribute and the item, and has taken ``NoRequestError``, which
    is an ``AttributeError`` and a ``TypeError``, for "there is none".
    """

    class NoticingUnbound(base):  # type: ignore[misc,valid-type]
        def __init__(
            self, hint: Any = None, obj: Any = missing, *args: Any, **kwargs: Any
        ) -> None:
            if isinstance(obj, LocalProxy):
                obj._get_current_object()
            super().__init__(hint, obj, *args, **kwargs)

    NoticingUnbound.__name__ = base.__name__
    return NoticingUnbound


def render_flask_template(
    state: ShimState, name: str, variables: dict[str, Any]
) -> Markup:
    """Render a template of the Flask application, under any framework."""
    # Flask puts its own objects of these names before the environment's globals.
    common = {
        name: state.template_globals[name] for name in ("g", "request", "session")
    }
    page = flask.render_template(name, **{**common, **variables})
    return Markup(page)  # noqa: S704 (a page is markup)


def render_mako_template(
    lookup: Any, name: str, variables: dict[str, Any], def_name: str | None = None
) -> Markup:
    """Render a Mako template, or one ``<%def>`` of it, found by ``lookup``."""
    template = lookup.get_template(name)
    if def_name is not None:
        template = template.get_def(def_name)
    return Markup(template.render_unicode(**variables))  # noqa: S704 (a page is markup)
