"""One module for each answer to "who is serving?", with the same functions in each.

Law: they never import each other. Learn one and you know the next; a new framework is
one more module and one more line in :func:`serving`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from compatshim.serving import is_flask_request, legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping
    from contextlib import AbstractContextManager
    from gettext import NullTranslations

    from markupsafe import Markup

__all__ = ["Framework", "load_all", "serving"]

_Result = TypeVar("_Result")


class Framework(Protocol):
    """What the modules of this package offer, in this order."""

    name: str

    def request(self) -> Any:
        """Return the current request."""

    def response(self) -> Any:
        """Return the object on which code sets what the response shall have."""

    def session(self) -> MutableMapping[str, Any]:
        """Return the session, opening it if need be."""

    def namespace(self, wanted: str) -> dict[str, Any]:
        """Return the dictionary behind ``c`` and ``g``, whichever is ``wanted``."""

    def strict_tmpl_context(self) -> bool:
        """Return whether ``c`` raises for a missing name."""

    def app_globals(self) -> Any:
        """Return the application-wide object."""

    def config(self) -> Any:
        """Return the configuration."""

    def helpers(self) -> Any:
        """Return the template helpers."""

    def cache(self) -> Any:
        """Return the Beaker cache manager."""

    def translations(self) -> NullTranslations:
        """Return the translations of the current locale."""

    def get_lang(self) -> list[str] | None:
        """Return the current languages."""

    def text_direction(self) -> str:
        """Return how text in the current language runs."""

    def set_lang(self, lang: str | list[str] | None) -> None:
        """Set the language for the rest of the request."""

    def add_fallback(self, lang: str | list[str]) -> None:
        """Search the catalogues for ``lang``, too."""

    def force_locale(self, locale: str) -> AbstractContextManager[None]:
        """Return a context manager that sets the language for its block."""

    def url_for(self, *args: Any, **values: Any) -> str:
        """Build a URL."""

    def current_url(self, **values: Any) -> str:
        """Build the URL of the current route with other values."""

    def template_globals(self) -> dict[str, Any]:
        """Return the names that every template knows."""

    def mako_lookup(self) -> Any:
        """Return what finds Mako templates."""

    def render(self, template_name: str, variables: dict[str, Any]) -> Markup:
        """Render a template with Jinja2."""

    def flash(self, message: Any, category: str) -> None:
        """Keep a message for the next page."""

    def get_flashed_messages(self, **options: Any) -> list[Any]:
        """Take the messages that were kept."""

    def streaming_response(
        self, data: Iterable[Any], mimetype: str, headers: Mapping[str, str]
    ) -> Any:
        """Return what a view or action returns to stream ``data``."""

    def copy_current_context(
        self, function: Callable[..., _Result]
    ) -> Callable[..., _Result]:
        """Return ``function`` for another thread."""


def serving() -> Framework:
    """Return the module of the framework that serves the innermost request.

    Without any request it is ``outside``, for what an application context, or nothing at
    all, can answer.
    """
    if is_flask_request():
        name = "flask"
    else:
        name = "outside" if legacy_request() is None else "pylons"
    return _loaded.get(name) or _load(name)


# By name. What only imports the common objects needs none of them.
_loaded: dict[str, Framework] = {}


def _load(name: str) -> Framework:
    module: Any = import_module(f"{__name__}.{name}")
    framework: Framework = module
    _loaded[name] = framework
    return framework


def load_all() -> None:
    """Load all of them now, and not when they are asked for."""
    for name in ("flask", "outside", "pylons"):
        _load(name)
