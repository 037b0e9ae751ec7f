"""The distributions that the legacy framework is made of, as requirements name them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DISTRIBUTIONS", "may_be_named_in", "replacement_of"]

DISTRIBUTIONS: Mapping[str, str] = MappingProxyType(
    {
        "pylons": "pylons",
        "paste": "paste",
        "pastedeploy": "paste.deploy",
        "pastescript": "paste.script",
        "webhelpers": "webhelpers",
        "beaker": "beaker",
        "routes": "routes",
        "webob": "webob",
        "weberror": "weberror",
    }
)
"""By the lower-case name of each: the package that it has."""

_BY_COMPATSHIM = ("pylons", "routes", "webob", "weberror")


def may_be_named_in(data: bytes) -> bool:
    """Tell whether a file with these bytes may name a legacy distribution."""
    lower = data.lower()
    return any(name.encode() in lower for name in DISTRIBUTIONS)


def replacement_of(distribution: str) -> str:
    """Return the distribution that brings what a legacy one has, or ``""``."""
    return "compatshim" if distribution in _BY_COMPATSHIM else ""
