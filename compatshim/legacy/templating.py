"""Render functions that give templates the objects of the request.

They find the loader of their template language on ``app_globals``: ``mako_lookup`` or
``jinja2_env``.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from compatshim.errors import MissingExtraError, NotConfiguredError
from compatshim.legacy import _proxy
from compatshim.legacy.configuration import config
from compatshim.legacy.i18n.translation import N_, _, ungettext
from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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
    that rendering alone opens none. Raises ``NoRequestError`` outside of a request.
    """
    conf = config._current_obj()
    context = _proxy.tmpl_context._current_obj()
    names = {
        "c": context,
        "tmpl_context": context,
        "config": conf,
        "app_globals": conf.get("pylons.app_globals"),
        "h": conf.get("pylons.h"),
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
    if cache_key is None and cache_type is None and cache_expire is None:
        return render_func()
    namespace = template_name + "".join(str(kwargs.get(name)) for name in ns_options)
    try:
        container = _proxy.cache.get_cache(namespace, type=cache_type or "memory")
    except NotConfiguredError:
        _require("beaker", "Caching a template")
        raise
    return container.get_value(
        cache_key or "default",
        createfunc=render_func,
        expiretime=None if cache_expire == "never" else cache_expire,
    )


def render_mako(
    template_name: str,
    extra_vars: Mapping[str, Any] | None = None,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
) -> Markup:
    """Render a Mako template.

    As in Pylons, Pylons' own names win over ``extra_vars``. Raises ``MissingExtraError``
    or ``NotConfiguredError`` where ``app_globals`` has no loader.
    """

    def render() -> Markup:
        names = _names(extra_vars)
        template = _loader(names, "mako", "mako_lookup").get_template(template_name)
        return Markup(template.render_unicode(**names))  # noqa: S704  # it is a page

    return _cached(template_name, render, cache_key, cache_type, cache_expire)


def render_mako_def(
    template_name: str,
    def_name: str,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    **kwargs: Any,
) -> Markup:
    """Render a ``<%def>`` of a Mako template; ``kwargs`` are its arguments.

    Raises as :func:`render_mako`.
    """

    def render() -> Markup:
        names = _names(kwargs)
        template = _loader(names, "mako", "mako_lookup").get_template(template_name)
        text = template.get_def(def_name).render_unicode(**names)
        return Markup(text)  # noqa: S704  # it is part of a page

    return _cached(template_name, render, cache_key, cache_type, cache_expire)


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
        template = _loader(names, "jinja2", "jinja2_env").get_template(template_name)
        return Markup(template.render(**names))  # noqa: S704  # it is a page

    return _cached(template_name, render, cache_key, cache_type, cache_expire)


def _names(extra_vars: Mapping[str, Any] | None) -> dict[str, Any]:
    return {**(extra_vars or {}), **pylons_globals()}


def _cached(template_name: str, render: Callable[[], Markup], *options: Any) -> Markup:
    cache_key, cache_type, cache_expire = options
    page: Markup = cached_template(
        template_name,
        render,
        cache_key=cache_key,
        cache_type=cache_type,
        cache_expire=cache_expire,
    )
    return page


def _loader(names: Mapping[str, Any], library: str, attribute: str) -> Any:
    try:
        return getattr(names["app_globals"], attribute)
    except AttributeError:
        _require(library, "Rendering this template")
        raise NotConfiguredError(
            f"app_globals.{attribute}",
            f"Set it to a loader of {library} in config/environment.py.",
        ) from None


def _require(library: str, feature: str) -> None:
    if find_spec(library) is None:
        raise MissingExtraError(feature, library)
