"""The functions of ``compatshim.common``: each asks who is serving, and forwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from werkzeug.urls import iri_to_uri

from compatshim.frameworks import serving
from compatshim.legacy._engines import mako_page
from compatshim.legacy._fragments import cached_page
from compatshim.objects.errors import http_exception, response_exception
from compatshim.objects.flashes import FlashedMessage, as_text, is_kept, pop
from compatshim.objects.namespace import LaxNamespace, StrictNamespace
from compatshim.objects.url_function import UrlFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from _typeshed.wsgi import WSGIApplication
    from markupsafe import Markup

_Result = TypeVar("_Result")


def context_namespace() -> StrictNamespace:
    """Return ``c``: strict or lax as the legacy application's ``tmpl_context`` is."""
    framework = serving()
    names = framework.namespace("c")
    kind = StrictNamespace if framework.strict_tmpl_context() else LaxNamespace
    return kind(names, framework.app_globals)


def strict_namespace() -> StrictNamespace:
    """Return ``g``."""
    framework = serving()
    return StrictNamespace(framework.namespace("g"), framework.app_globals)


def url_for(*args: Any, **values: Any) -> str:
    """Build a URL, with the syntax of either router and whoever serves.

    ``url_for("blueprint.view", id=1)`` is a Flask endpoint, ``url_for("route_name",
    id=1)`` a named route, ``url_for(controller="package", action="read", id=1)`` a route
    as Routes generates it, ``url_for("/style.css")`` a path below the application's
    root. ``_external``/``qualified``, ``_scheme``/``protocol``, ``_anchor``/``anchor``
    and ``host`` are understood everywhere. Raises ``errors.UrlBuildError``.
    """
    return serving().url_for(*args, **values)


def current_url(**values: Any) -> str:
    """Build the URL of the current route, with ``values`` in place of its own."""
    return serving().current_url(**values)


url = UrlFunction(url_for, current_url)


def abort(
    code: int | WSGIApplication,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    comment: str | None = None,
    *,
    description: str | None = None,
) -> NoReturn:
    """Raise the exception for an HTTP status code.

    It inherits from both libraries' classes, and from ``errors.HTTPException``.
    ``description`` is Flask's name for Pylons' ``detail``. A response of either library
    in place of ``code`` is the answer as it is. Raises ``LookupError`` for a code that
    neither library has an exception for.
    """
    if callable(code):
        raise response_exception(code)
    if detail is None:
        detail = description
    raise http_exception(code, detail, headers, comment)


def redirect(location: str, code: int = 302) -> NoReturn:
    """Raise the redirect to ``location``, also where the caller returns it.

    A relative location stays relative in the answer: the ``Host`` header, which a
    client chooses, is not made a part of it. One that begins with ``//`` or a backslash
    leads to a path of this site, not to another one. Raises ``ValueError`` for a code
    that is no redirect, and for a location with a line break.
    """
    if code not in {301, 302, 303, 307, 308}:
        raise ValueError(f"{code!r} is not the code of a redirect.")
    # Browsers take a backslash for a slash, and two of these for another site.
    target = iri_to_uri(str(location)).replace("\\", "%5C")
    raise http_exception(code, location=target)


def render(
    template_name: str,
    extra_vars: Mapping[str, Any] | None = None,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    **variables: Any,
) -> Markup:
    """Render a template with the Flask application's Jinja2 environment.

    Under both frameworks, with the common objects as globals. Given ``cache_key``,
    ``cache_type`` or ``cache_expire`` (seconds, or ``"never"``), the page is kept in
    ``cache``, in memory unless ``cache_type`` says otherwise. Raises
    ``errors.TemplateNotFoundError``.
    """
    framework = serving()

    def draw() -> Markup:
        return framework.render(template_name, {**(extra_vars or {}), **variables})

    options = cache_key, cache_type, cache_expire
    # Mako's pages have the keys that they have in Pylons.
    return cached_page(
        framework.cache, template_name, draw, *options, language="jinja2"
    )


def render_mako(
    template_name: str,
    extra_vars: Mapping[str, Any] | None = None,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    **variables: Any,
) -> Markup:
    """Render a Mako template, otherwise as :func:`render`.

    ``app_globals.mako_lookup`` finds it. Where there is none, it is looked for in the
    folders of ``pylons.paths``, and what it writes is escaped, as Pylons' project
    template had it.
    """
    names = {**(extra_vars or {}), **variables}
    return _mako(template_name, None, names, cache_key, cache_type, cache_expire)


def render_mako_def(
    template_name: str,
    def_name: str,
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    **variables: Any,
) -> Markup:
    """Render one ``<%def>`` of a Mako template, with its arguments by name."""
    options = cache_key, cache_type, cache_expire
    return _mako(template_name, def_name, variables, *options)


def _mako(
    template_name: str,
    def_name: str | None,
    variables: Mapping[str, Any],
    *options: Any,
) -> Markup:
    framework = serving()

    def draw() -> Markup:
        names = {**framework.template_globals(), **variables}
        return mako_page(framework.mako_lookup(), template_name, names, def_name)

    return cached_page(
        framework.cache, template_name, draw, *options, def_name=def_name
    )


class FlashFunction:
    """``flash``: a function as ``flask.flash``, and an object as webhelpers' ``Flash``."""

    def __call__(
        self,
        message: Any,
        category: str | None = None,
        *,
        ignore_duplicate: bool = False,
    ) -> None:
        """Keep a message for the next page, whoever serves that.

        Its text is kept, as ``Markup`` if it is that. With ``ignore_duplicate`` it is
        not kept a second time.
        """
        text, category = as_text(message), category or "message"
        if not (ignore_duplicate and is_kept(serving().session(), text, category)):
            serving().flash(text, category)

    def pop_messages(self) -> list[FlashedMessage]:
        """Take the messages that wait for a page, with their categories."""
        return pop(serving().session())


flash = FlashFunction()


def get_flashed_messages(
    with_categories: bool = False, category_filter: Iterable[str] = ()
) -> list[Any]:
    """Take the messages that were kept; as ``flask.get_flashed_messages``."""
    return serving().get_flashed_messages(
        with_categories=with_categories, category_filter=tuple(category_filter)
    )


def streaming_response(
    data: Iterable[str | bytes],
    mimetype: str = "application/octet-stream",
    headers: Mapping[str, str] | None = None,
) -> Any:
    """Return what a view or an action returns to stream ``data``.

    The common objects work in ``data`` while the server iterates it.
    """
    return serving().streaming_response(data, mimetype, headers or {})


def get_lang() -> list[str] | None:
    """Return the current languages, the first one first, as Pylons' ``get_lang``."""
    return serving().get_lang()


def text_direction() -> str:
    """Return ``"rtl"`` or ``"ltr"``: how text in the current language runs."""
    return serving().text_direction()


def set_lang(lang: str | list[str] | None) -> None:
    """Set the language for the rest of the request; ``None`` for the usual choice.

    The further languages of a list are fallbacks for the first. Raises
    ``compatshim.legacy.i18n.LanguageError`` for a language that there is not.
    """
    serving().set_lang(lang)


def add_fallback(lang: str | list[str]) -> None:
    """Look up in ``lang`` what the languages so far do not translate.

    Until :func:`set_lang` is called or the request ends. Raises as that does.
    """
    serving().add_fallback(lang)


def force_locale(locale: str) -> AbstractContextManager[None]:
    """Return a context manager that sets the language for its block.

    It works wherever an application context is. Entering it raises as
    :func:`set_lang` does.
    """
    return serving().force_locale(locale)


def copy_current_context(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Return ``function``, to be called in another thread as a part of this request.

    It sees the request, ``response`` and the session, ``c`` and ``g`` as they are now,
    and has an application context and teardown of its own: nothing that it sets there
    reaches the request, and what it sets in the session is not stored. The values of
    ``c`` and ``g`` are the same objects, those of the session are copies. So a connection
    in ``g`` that a teardown function closes is closed for the request, too, unless the
    function takes it out of ``g`` first. It may be called more than once, also after the
    request has ended, when its uploads are closed.

    A body or form that was read before is there. Reading one that was not raises
    ``errors.BodyNotReadError``. A generator function runs in the copy until it is
    exhausted or closed.
    """
    return serving().copy_current_context(function)
