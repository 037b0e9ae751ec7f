"""What the application in context has for each of its requests, and outside of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask

from compatshim.objects.state import current_state, outside_state, state_of

if TYPE_CHECKING:
    from compatshim.objects.config import Config

__all__ = [
    "app_globals",
    "cache",
    "config",
    "config_outside",
    "helpers",
    "mako_lookup",
    "strict_tmpl_context",
    "template_globals",
]


def strict_tmpl_context() -> bool:
    """Return whether the legacy application's ``tmpl_context`` is strict."""
    state = state_of(flask.current_app)
    return state is None or state.strict_tmpl_context


def app_globals() -> Any:
    """Return the legacy application's ``app_globals``, or one for the site."""
    return current_state("app_globals").app_globals


def config() -> Config:
    """Return the configuration of both sides."""
    return current_state("config").config


def config_outside() -> Config:
    """Return the configuration of the application in context, or of the only one."""
    return outside_state("config").config


def helpers() -> Any:
    """Return the helpers of the application, its plugins and the legacy application."""
    return current_state("h").h


def cache() -> Any:
    """Return the cache manager of the site."""
    return current_state("cache").cache


def mako_lookup() -> Any:
    """Return what finds the Mako templates of the site."""
    return current_state("render_mako").mako_lookup


def template_globals() -> dict[str, Any]:
    """Return the names that every template of the site knows."""
    return current_state("render").template_globals
