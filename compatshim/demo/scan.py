"""What is installed on this machine: ``importlib.metadata``, as rows for the store."""

from __future__ import annotations

import importlib.metadata
import re
from email.utils import getaddresses
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ScannedPackage", "normalised", "scan"]

_LICENCE_PREFIX = "License :: "
_LONGEST_LICENCE = 60
_HOMEPAGE_LABELS = ("homepage", "home", "source", "source code", "repository")


class ScannedPackage(NamedTuple):
    """One installed distribution; ``name`` is normalised as PEP 503 says."""

    name: str
    title: str
    version: str
    summary: str
    author: str
    licence: str
    homepage: str
    requires: tuple[str, ...]


def normalised(name: str) -> str:
    """Return the one spelling under which a distribution is kept."""
    return re.sub(r"[-_.]+", "-", name).lower()


def scan(
    distributions: Iterable[importlib.metadata.Distribution] | None = None,
) -> Iterator[ScannedPackage]:
    """Yield every installed distribution once: the one that an import would find."""
    if distributions is None:
        distributions = importlib.metadata.distributions()
    seen = set()
    for distribution in distributions:
        package = _scanned(distribution)
        if package is not None and package.name not in seen:
            seen.add(package.name)
            yield package


def _scanned(
    distribution: importlib.metadata.Distribution,
) -> ScannedPackage | None:
    title = _first(distribution, "Name")
    if not title:
        # What an interrupted uninstallation leaves behind has no metadata.
        return None
    return ScannedPackage(
        name=normalised(title),
        title=title,
        version=_first(distribution, "Version"),
        summary=_first(distribution, "Summary"),
        author=_author(distribution),
        licence=_licence(distribution),
        homepage=_homepage(distribution),
        requires=tuple(_requirements(distribution.requires or ())),
    )


def _all(distribution: importlib.metadata.Distribution, field: str) -> list[str]:
    values: Iterable[object] = distribution.metadata.get_all(field) or ()
    texts = (str(value).strip() for value in values)
    return [text for text in texts if text and text != "UNKNOWN"]


def _first(distribution: importlib.metadata.Distribution, field: str) -> str:
    return next(iter(_all(distribution, field)), "")


def _author(distribution: importlib.metadata.Distribution) -> str:
    for field in ("Author", "Maintainer"):
        if name := _first(distribution, field):
            return name
    addresses = _all(distribution, "Author-email")
    addresses += _all(distribution, "Maintainer-email")
    return ", ".join(dict.fromkeys(name for name, _ in getaddresses(addresses) if name))


def _licence(distribution: importlib.metadata.Distribution) -> str:
    if expression := _first(distribution, "License-Expression"):
        return expression
    for classifier in _all(distribution, "Classifier"):
        if classifier.startswith(_LICENCE_PREFIX):
            return classifier.rpartition(" :: ")[2]
    # Some packages put the whole text of the licence here.
    first_line = _first(distribution, "License").partition("\n")[0].strip()
    return first_line if len(first_line) <= _LONGEST_LICENCE else ""


def _homepage(distribution: importlib.metadata.Distribution) -> str:
    found: dict[str, str] = {}
    for entry in _all(distribution, "Project-URL"):
        label, _, url = entry.partition(",")
        found.setdefault(label.strip().lower(), url.strip())
    candidates = [
        _first(distribution, "Home-page"),
        *(found.get(label, "") for label in _HOMEPAGE_LABELS),
        *found.values(),
    ]
    # A page shows this as a link, so "javascript:" and the like stay out.
    return next((url for url in candidates if _is_web_address(url)), "")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _requirements(requires: Iterable[str]) -> Iterator[str]:
    """Yield the requirements without those of extras, each without its marker."""
    for requirement in requires:
        wanted, _, marker = requirement.partition(";")
        if "extra" not in marker:
            yield wanted.strip()
