"""The template languages of a legacy application, each loaded when it is first used."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from compatshim.errors import MissingExtraError, NotConfiguredError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

__all__ = ["jinja2_page", "mako_lookup", "mako_page", "require"]

_FEATURE = "Rendering this template"


def mako_lookup(
    app_globals: Any, paths: Mapping[str, Any] | None, before: Iterable[str] = ()
) -> Any:
    """Return ``app_globals.mako_lookup``, or else one for the templates of ``paths``.

    The latter has the options that Pylons 1.0's project template gave it. The folders in
    ``before`` are searched first. Raises ``MissingExtraError`` or ``NotConfiguredError``
    where there are none at all.
    """
    lookup = getattr(app_globals, "mako_lookup", None)
    if lookup is not None:
        first = list(before)
        if first and lookup.directories[: len(first)] != first:
            others = [folder for folder in lookup.directories if folder not in first]
            lookup.directories[:] = [*first, *others]
        return lookup
    require("mako", _FEATURE)
    templates = (paths or {}).get("templates") or ()
    directories = (*before, *([templates] if isinstance(templates, str) else templates))
    if not directories:
        raise NotConfiguredError(
            "app_globals.mako_lookup",
            "Set it to a mako.lookup.TemplateLookup in config/environment.py, or list"
            " the folders of the templates in config['pylons.paths']['templates'].",
        )
    from compatshim.legacy import _mako

    return _mako.make_lookup(directories)


def mako_page(
    lookup: Any, name: str, variables: Mapping[str, Any], def_name: str | None = None
) -> Markup:
    """Render a Mako template, or one ``<%def>`` of it, that ``lookup`` finds.

    Raises ``TemplateNotFoundError``.
    """
    from compatshim.legacy import _mako

    return _mako.render(lookup, name, variables, def_name)


def jinja2_page(app_globals: Any, name: str, variables: Mapping[str, Any]) -> Markup:
    """Render a Jinja template that ``app_globals.jinja2_env`` finds.

    Raises ``TemplateNotFoundError``, and ``NotConfiguredError`` where there is none.
    """
    environment = getattr(app_globals, "jinja2_env", None)
    if environment is None:
        require("jinja2", _FEATURE)
        raise NotConfiguredError(
            "app_globals.jinja2_env",
            "Set it to a jinja2.Environment in config/environment.py.",
        )
    from compatshim.legacy import _jinja

    return _jinja.render(environment, name, variables)


def require(library: str, feature: str) -> None:
    """Raise ``MissingExtraError`` where ``library`` is not installed."""
    if find_spec(library) is None:
        raise MissingExtraError(feature, library)
