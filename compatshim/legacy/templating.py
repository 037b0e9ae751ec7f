"""Render functions that give templates the objects of the request.

They find the loader of their template language on ``app_globals``: ``mako_lookup`` or
``jinja2_env``. Where it has no ``mako_lookup``, there is one as Pylons' project template
made it, for the folders in ``pylons.paths``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.errors import NotConfiguredError
from compatshim.legacy import _proxy
from compatshim.legacy._engines import jinja2_page, mako_lookup, mako_page, require
from compatshim.legacy._fragments import cached_page
from compatshim.legacy.configuration import config
from compatshim.legacy.i18n.translation import N_, _, ungettext
from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from markupsafe import Markup

__all__ = [
    "cached_template",
    "pylons_globals",
    "render_jinja2",
    "render_mako",
    "render_mako_def",
]


def pylons_globals() -> dict[str, Any]:
    """Return the names that every template can use, as Pylons 1.0's.

    ``session`` is among them where the application has sessions. It is the proxy, so
    that rendering alone opens none. ``h`` has the helpers of both sides where a
    CompatShim serves. Raises ``NoRequestError`` outside of a request.
    """
    conf = config._current_obj()
    context = _proxy.tmpl_context._current_obj()
    shared = _shared_by(conf)
    names = {
        "c": context,
        "tmpl_context": context,
        "config": conf,
        "app_globals": conf.get("pylons.app_globals"),
        "h": conf.get("pylons.h") if shared is None else shared.h,
        "request": _proxy.request._current_obj(),
        "response": _proxy.response._current_obj(),
        "url": _proxy.url._current_obj(),
        "translator": _proxy.translator._current_obj(),
        "ungettext": ungettext,
        "_": _,
        "N_": N_,
    }
    if _has_session(conf):
        names["session"] = _proxy.session
    return names


def _shared_by(conf: Mapping[str, Any]) -> Any:
    record = legacy_request()
    return None if record is None else record.shared_by(conf)


def _has_session(conf: Mapping[str, Any]) -> bool:
    record = legacy_request()
    if record is not None and record.open_session is not None:
        return True
    key = conf["pylons.environ_config"].get("session", "beaker.session")
    return key in _proxy.request.environ


def cached_template(
    template_name: str,
    render_func: Callable[[], Any],
    ns_options: Iterable[str] = (),
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    **kwargs: Any,
) -> Any:
    """Return what ``render_func`` renders, from the cache if a cache option is given.

    ``ns_options`` name those of ``kwargs`` by which cached copies differ;
    ``cache_expire`` is in seconds, or ``"never"``. As Pylons 1.0's, except that
    ``cache_type`` is ``"memory"`` unless given, not ``"dbm"``: Beaker pickles what it
    keeps in files. Raises ``MissingExtraError`` or ``NotConfiguredError`` where there is
    no cache.
    """
    namespace = template_name + "".join(str(kwargs.get(name)) for name in ns_options)
    return cached_page(
        _cache, namespace, render_func, cache_key, cache_type, cache_expire
    )


def _cache() -> Any:
    try:
        return _proxy.cache._current_obj()
    except NotConfiguredError:
        require("beaker", "Caching a template")
        raise


def render_mako(
    template_name: str,
    extra_vars: Mapping[str, Any] | None = None,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
) -> Markup:
    """Render a Mako template.

    As in Pylons, Pylons' own names win over ``extra_vars``. Raises
    ``TemplateNotFoundError``, and ``MissingExtraError`` or ``NotConfiguredError`` where
    there is no lookup.
    """
    options = cache_key, cache_type, cache_expire
    return _mako(template_name, None, extra_vars, *options)


def render_mako_def(
    template_name: str,
    def_name: str,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    **kwargs: Any,
) -> Markup:
    """Render a ``<%def>`` of a Mako template; ``kwargs`` are its arguments.

    Without a ``cache_key`` it is cached apart from the template; with one, as in Pylons,
    it is what has that key. Raises as :func:`render_mako`.
    """
    options = cache_key, cache_type, cache_expire
    return _mako(template_name, def_name, kwargs, *options)


def _mako(
    template_name: str,
    def_name: str | None,
    variables: Mapping[str, Any] | None,
    *options: Any,
) -> Markup:
    def render() -> Markup:
        names = _names(variables)
        return mako_page(_mako_lookup(names), template_name, names, def_name)

    return cached_page(_cache, template_name, render, *options, def_name=def_name)


def render_jinja2(
    template_name: str,
    extra_vars: Mapping[str, Any] | None = None,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
) -> Markup:
    """Render a Jinja template, otherwise as :func:`render_mako`."""

    def render() -> Markup:
        names = _names(extra_vars)
        return jinja2_page(names["app_globals"], template_name, names)

    options = cache_key, cache_type, cache_expire
    return cached_page(_cache, template_name, render, *options)


def _names(extra_vars: Mapping[str, Any] | None) -> dict[str, Any]:
    return {**(extra_vars or {}), **pylons_globals()}


def _mako_lookup(names: Mapping[str, Any]) -> Any:
    conf = names["config"]
    shared = _shared_by(conf)
    if shared is not None:
        return shared.mako_lookup
    return mako_lookup(names["app_globals"], conf.get("pylons.paths"))
