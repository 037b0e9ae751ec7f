"""Paths that begin with a locale: ``/de/dataset``, served as ``/dataset``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.locales import as_locale_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import WSGIEnvironment

__all__ = [
    "LOCALE_KEY",
    "PREFIXES_KEY",
    "UNPREFIXED_KEY",
    "LocalePrefixes",
    "take_locale",
]

LOCALE_KEY = "compatshim.locale"
"""The ``environ`` key of the locale that the path began with, ``None`` if with none."""

PREFIXES_KEY = "compatshim.locale_prefixes"
"""The ``environ`` key of the :class:`LocalePrefixes` of the site."""

UNPREFIXED_KEY = "compatshim.unprefixed_script_name"
"""The ``environ`` key of the ``SCRIPT_NAME`` that the server gave."""

_PLACE = "/{{LANG}}"


class LocalePrefixes:
    """The locales of a site, and where they stand in its paths.

    ``root_path`` is what paths begin with, with ``{{LANG}}`` in place of the locale, as
    in ``"/data/{{LANG}}"``; the default is ``"/{{LANG}}"``. A path without a locale is
    the same without this segment. Raises ``ValueError`` where ``root_path`` has no such
    segment.
    """

    def __init__(
        self, locales: str | Iterable[str], root_path: str | None = None
    ) -> None:
        self.locales = as_locale_list(locales)
        self.root_path = f"/{(root_path or _PLACE).strip('/')}"
        self._head, place, self._tail = self.root_path.partition(_PLACE)
        if not place:
            raise ValueError(f"{root_path!r} has no segment '{{{{LANG}}}}'.")
        self._prefixes = {self.prefix(locale): locale for locale in self.locales}

    def prefix(self, locale: str | None) -> str:
        """Return what paths begin with for ``locale``, or ``None`` for no locale.

        Raises ``LookupError`` for one that the site does not have.
        """
        if locale is None:
            return self._head + self._tail
        if locale not in self.locales:
            raise LookupError(f"{locale!r} is none of the locales {self.locales!r}")
        return f"{self._head}/{locale}{self._tail}"

    def split(self, path: str) -> tuple[str, str | None]:
        """Return the prefix that ``path`` begins with, and the locale in there."""
        for prefix, locale in self._prefixes.items():
            if _begins_with(path, prefix):
                return prefix, locale
        prefix = self.prefix(None)
        return (prefix if _begins_with(path, prefix) else ""), None


def _begins_with(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def take_locale(environ: WSGIEnvironment, prefixes: LocalePrefixes) -> None:
    """Take the locale from the path of a request, before anything is matched.

    The prefix moves from ``PATH_INFO`` to ``SCRIPT_NAME``, as WSGI has it for what
    stands before an application's own path. So both routers match the rest of the path,
    and whatever either of them builds, redirects included, keeps the locale. A further
    pass of the same request, such as a forward, is left alone.
    """
    if PREFIXES_KEY in environ:
        return
    script_name = environ.get("SCRIPT_NAME", "")
    path = environ.get("PATH_INFO", "")
    prefix, locale = prefixes.split(path)
    environ[PREFIXES_KEY] = prefixes
    environ[LOCALE_KEY] = locale
    environ[UNPREFIXED_KEY] = script_name
    if prefix:
        environ["SCRIPT_NAME"] = script_name + prefix
        environ["PATH_INFO"] = path[len(prefix) :] or "/"
