"""Where an application's own catalogues are: Flask-Babel's, then the legacy ones."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, Any

from compatshim.catalogues import Source

if TYPE_CHECKING:
    from compatshim.objects.state import ShimState

__all__ = ["own_sources"]

_USUAL_DIRECTORIES = ["translations"]


def own_sources(state: ShimState) -> list[Source]:
    """Return the sources of Flask-Babel, if the application has it, and of Pylons.

    A folder that is only where it would usually be, and is not there, counts only where
    it is the last one. Raises ``ValueError`` where ``BABEL_TRANSLATION_DIRECTORIES`` and
    ``BABEL_DOMAIN`` do not go together.
    """
    legacy = _legacy_sources(state.legacy_config)
    if state.babel is None:
        return legacy
    configuration = state.babel.configuration
    own, legacy = _babel_sources(configuration), _existing(legacy)
    if legacy and configuration.default_directories == _USUAL_DIRECTORIES:
        own = _existing(own)
    return [*own, *legacy]


def _existing(sources: list[Source]) -> list[Source]:
    return [source for source in sources if os.path.isdir(source.directory)]


def _babel_sources(configuration: Any) -> list[Source]:
    directories = configuration.translation_directories
    domains = configuration.default_domain.split(";")
    if len(domains) == 1:
        domains *= len(directories)
    elif len(directories) == 1:
        directories = directories * len(domains)
    if len(directories) != len(domains):
        raise ValueError(
            f"BABEL_TRANSLATION_DIRECTORIES has {len(directories)} directories, and"
            f" BABEL_DOMAIN {len(domains)} domains: write one of either, or as many."
        )
    return [Source(*pair) for pair in zip(directories, domains, strict=True)]


def _legacy_sources(legacy_config: Any) -> list[Source]:
    root = (legacy_config.get("pylons.paths") or {}).get("root")
    package = legacy_config.get("pylons.package")
    return [Source(os.path.join(root, "i18n"), package)] if root and package else []
