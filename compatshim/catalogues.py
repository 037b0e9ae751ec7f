"""Compiled catalogues (``.mo`` files) of several domains, searched one after another."""

from __future__ import annotations

import logging
import os.path
from copy import copy
from gettext import GNUTranslations, NullTranslations
from itertools import pairwise
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from compatshim.locales import parse_locale_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Catalogue", "Catalogues", "Source", "Untranslated"]

log = logging.getLogger(__name__)


class Catalogue(GNUTranslations):
    """One ``.mo`` file, with the names that Babel gives to gettext's functions, too."""

    ugettext = GNUTranslations.gettext
    ungettext = GNUTranslations.ngettext
    upgettext = GNUTranslations.pgettext
    unpgettext = GNUTranslations.npgettext


class Untranslated(NullTranslations):
    """What there is without any catalogue: the text as it is."""

    ugettext = NullTranslations.gettext
    ungettext = NullTranslations.ngettext
    upgettext = NullTranslations.pgettext
    unpgettext = NullTranslations.npgettext


_MOST_CHAINS = 256


class Source(NamedTuple):
    """Where catalogues are: ``<directory>/<locale>/LC_MESSAGES/<domain>.mo``."""

    directory: str
    domain: str

    def path(self, locale: str) -> str:
        """Return where the catalogue for ``locale`` is expected."""
        return os.path.join(self.directory, locale, "LC_MESSAGES", f"{self.domain}.mo")

    def paths(self, locale: str) -> list[str]:
        """Return the catalogues that there are for ``locale``, its own first."""
        names = dict.fromkeys(parse_locale_name(locale).generalised())
        return [path for path in map(self.path, names) if os.path.exists(path)]


class Catalogues:
    """The catalogues of an application: its own ones, then those that were added.

    ``find_own`` returns the application's own sources; it is asked when the first text
    is translated. What cannot be read, or is not there for a locale that is used, is
    one warning in the log for each file. Texts are written in ``source_locale()``,
    whose language needs no catalogue.
    """

    def __init__(
        self,
        find_own: Callable[[], Iterable[Source]],
        source_locale: Callable[[], str],
        root_path: str,
    ) -> None:
        self._find_own = find_own
        self._source_locale = source_locale
        self._root_path = root_path
        self._own: list[Source] | None = None
        self._added: list[Source] = []
        self._loaded: dict[str, Catalogue | None] = {}
        self._missing: set[str] = set()
        self._found: dict[tuple[str, ...], NullTranslations] = {}
        self._lock = RLock()

    def add(self, directory: str, domain: str) -> None:
        """Search a further domain, after all that were added before.

        A relative ``directory`` is below the application's root path.
        """
        source = Source(os.path.join(self._root_path, directory), domain)
        with self._lock:
            self._added.append(source)
            self._found.clear()

    def forget_own(self) -> None:
        """Ask again for the application's own sources."""
        with self._lock:
            self._own = None
            self._found.clear()

    def sources(self) -> list[Source]:
        """Return what is searched, in this order."""
        if self._own is None:
            self._own = list(self._find_own())
        return list(dict.fromkeys([*self._own, *self._added]))

    def has(self, locale: str) -> bool:
        """Return whether there is a catalogue for ``locale``, or none is needed."""
        return self._is_source_language(locale) or any(
            source.paths(locale) for source in self.sources()
        )

    def _is_source_language(self, locale: str) -> bool:
        own = parse_locale_name(self._source_locale())
        return parse_locale_name(locale).language == own.language

    def find(self, locales: tuple[str, ...]) -> NullTranslations:
        """Return the translations into ``locales``, the first one first.

        They are shared: do not add fallbacks to them.
        """
        found = self._found.get(locales)
        if found is None:
            with self._lock:
                found = self._found.get(locales)
                if found is None:
                    if len(self._found) >= _MOST_CHAINS:  # visitors may choose names
                        self._found.clear()
                    found = self._found[locales] = self._chain(locales)
        return found

    def _chain(self, locales: tuple[str, ...]) -> NullTranslations:
        """Return a chain of fallbacks: its links are copies, the messages are shared."""
        paths = dict.fromkeys(path for name in locales for path in self._paths(name))
        links = [copy(found) for found in map(self._load, paths) if found is not None]
        for link, fallback in pairwise(links):
            link.add_fallback(fallback)
        return links[0] if links else Untranslated()

    def _paths(self, locale: str) -> Iterator[str]:
        for source in self.sources():
            paths = source.paths(locale)
            yield from paths
            if not paths and not self._is_source_language(locale):
                self._report_missing(source, locale)

    def _report_missing(self, source: Source, locale: str) -> None:
        path = source.path(locale)
        if path not in self._missing:
            self._missing.add(path)
            log.warning(
                "There is no %s: texts of the domain %r are not translated into %r."
                " 'pybabel compile' makes the file of the .po file beside it.",
                path,
                source.domain,
                locale,
            )

    def _load(self, path: str) -> Catalogue | None:
        """Return the catalogue in a file, or ``None`` where it is broken."""
        if path not in self._loaded:
            try:
                with open(path, "rb") as file:
                    catalogue = Catalogue(file)
                catalogue.ngettext("", "", 1)  # the rule for plurals is a part of it
            except Exception as error:  # noqa: BLE001 (there are many ways to be broken)
                log.warning(
                    "%s cannot be read, and its texts are not translated: %s: %s",
                    path,
                    type(error).__name__,
                    error,
                )
                self._loaded[path] = None
            else:
                self._loaded[path] = catalogue
        return self._loaded[path]
