"""Names of locales: how they are written, which is meant, and how its script runs.

Three spellings are read alike: ``pt-BR`` as browsers write it, ``pt_BR`` and
``zh_Hans_CN`` as Babel does, ``sr_RS@latin`` as gettext does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "LocaleName",
    "as_locale_list",
    "negotiate",
    "parse_locale_name",
    "text_direction",
]


@lru_cache(maxsize=1)  # compiled when it is needed: importing is to be cheap
def _name_pattern() -> re.Pattern[str]:
    return re.compile(
        r"([a-z]{2,3}|[a-z]{5,8})"  # language
        r"(?:[-_]([a-z]{4}))?"  # script
        r"(?:[-_]([a-z]{2}|[0-9]{3}))?"  # territory
        r"(?:[-_]([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))?"  # variant
        r"(?:[-_][a-z0-9]{1,8})*"  # what catalogues make no difference of
        r"(?:\.[a-z0-9-]+)?"  # encoding
        r"(?:@([a-z]+))?",  # modifier
        re.ASCII | re.IGNORECASE,
    )


# Scripts that gettext writes as modifiers.
_SCRIPTS = {
    "arabic": "Arab",
    "cyrillic": "Cyrl",
    "devanagari": "Deva",
    "latin": "Latn",
}
_MODIFIERS = {script: modifier for modifier, script in _SCRIPTS.items()}

_RIGHT_TO_LEFT = frozenset(
    [
        *("Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"),
        *("apc", "ar", "arc", "azb", "bal", "bgn", "ckb", "dv", "fa", "he", "iw", "ks"),
        *("lrc", "mzn", "nqo", "ps", "rhg", "sd", "sdh", "skr", "syr", "trw", "ug"),
        *("ur", "yi"),
    ]
)
"""Scripts, and languages that are written in one of them."""


class LocaleName(NamedTuple):
    """The parts of a locale's name, each with its usual capitals or empty."""

    language: str
    script: str = ""
    territory: str = ""
    variant: str = ""
    modifier: str = ""

    def __str__(self) -> str:
        parts = (self.language, self.script, self.territory, self.variant)
        name = "_".join(part for part in parts if part)
        return f"{name}@{self.modifier}" if self.modifier else name

    @property
    def identifier(self) -> str:
        """The name that Babel knows: it has scripts, not the modifiers for them."""
        if self.script or self.modifier not in _SCRIPTS:
            return str(self)
        return str(self._replace(script=_SCRIPTS[self.modifier], modifier=""))

    def generalised(self) -> Iterator[str]:
        """Yield the names that this one is a case of, itself first.

        ``zh_Hans_CN``, ``zh_Hans``, ``zh_CN``, ``zh``. A script is yielded in both
        spellings: ``sr_Latn``, ``sr@latin``, ``sr``.
        """
        yield str(self)
        script = self.script or _SCRIPTS.get(self.modifier, "")
        modifier = self.modifier or _MODIFIERS.get(script, "")
        for parts in ((script, ""), ("", modifier), ("", "")):
            for territory in (self.territory, ""):
                yield str(
                    LocaleName(self.language, parts[0], territory, modifier=parts[1])
                )


@lru_cache(maxsize=1024)
def parse_locale_name(name: str) -> LocaleName:
    """Return the parts of ``name``. Raises ``ValueError`` where it is no such name."""
    found = _name_pattern().fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is not the name of a locale.")
    parts = [part or "" for part in found.groups()]
    capitals = (str.lower, str.title, str.upper, str.upper, str.lower)
    return LocaleName(
        *(write(part) for write, part in zip(capitals, parts, strict=True))
    )


def as_locale_list(locales: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names in a text with blanks or commas between them, or in a list."""
    if isinstance(locales, str):
        return tuple(locales.replace(",", " ").split())
    return tuple(locales)


@lru_cache(maxsize=256)
def negotiate(accept_language: str, offered: tuple[str, ...]) -> str | None:
    """Return which of the ``offered`` names a browser likes best, or ``None``.

    Its languages are tried in its own order. For each, the offer that shares the most
    with it is taken: ``de`` for ``de-AT``, ``pt_BR`` for ``pt``, ``sr@latin`` for
    ``sr-Latn-RS``. Names that are none are passed over.
    """
    exact, cases = _offers(offered)
    accepted = parse_accept_header(accept_language, LanguageAccept)
    for language, quality in accepted:
        if quality > 0 and _name_pattern().fullmatch(language):
            for general in parse_locale_name(language).generalised():
                offer = exact.get(general) or cases.get(general)
                if offer is not None:
                    return offer
    return None


def _offers(offered: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the offers by their names, and by the names that they are cases of."""
    exact: dict[str, str] = {}
    cases: dict[str, str] = {}
    for offer in filter(_name_pattern().fullmatch, offered):
        name = parse_locale_name(offer)
        exact.setdefault(str(name), offer)
        for general in name.generalised():
            cases.setdefault(general, offer)
    return exact, cases


def text_direction(name: str) -> str:
    """Return ``"rtl"`` or ``"ltr"``: how text of the locale ``name`` runs.

    ``"ltr"`` where that is no name of a locale, but one of a legacy site's own folders.
    """
    if _name_pattern().fullmatch(name) is None:
        return "ltr"
    parsed = parse_locale_name(name)
    script = parsed.script or _SCRIPTS.get(parsed.modifier)
    return "rtl" if (script or parsed.language) in _RIGHT_TO_LEFT else "ltr"
