"""The classes of our warnings: what to filter on, and where their data is."""

from __future__ import annotations

__all__ = [
    "CompatShimDeprecationWarning",
    "DeprecatedNameWarning",
    "LegacyAttributeWarning",
    "LegacyControllerWarning",
    "LegacyImportWarning",
    "LegacyUrlWarning",
    "LimitReachedWarning",
]

_PUBLIC = __name__.rpartition(".")[0]


class CompatShimDeprecationWarning(DeprecationWarning):
    """Something was used that is to be left behind; the line shown is at fault.

    ``code`` is its stable code in ``compatshim.deprecation.CODES``, ``name`` what was
    used, ``instead`` what to write (or empty), ``since`` the version from which on it is
    deprecated and ``removed_in`` the one that will not have it any more (or ``None``).
    """

    __module__ = _PUBLIC

    def __init__(
        self,
        code: str,
        name: str,
        instead: str = "",
        since: str | None = None,
        removed_in: str | None = None,
    ) -> None:
        # All are arguments of the exception, so that it can be pickled (pytest-xdist).
        super().__init__(code, name, instead, since, removed_in)
        self.code = code
        self.name = name
        self.instead = instead
        self.since = since
        self.removed_in = removed_in

    def __str__(self) -> str:
        """Return one line that begins with the code, so that it can be filtered on."""
        text = f"{self.code} {self.name}: "
        text += f"write `{self.instead}`" if self.instead else "it is deprecated"
        versions = [
            f"{word} {version}"
            for word, version in (("since", self.since), ("goes in", self.removed_in))
            if version
        ]
        return f"{text} ({', '.join(versions)})" if versions else text


class LegacyImportWarning(CompatShimDeprecationWarning):
    """A name of the legacy framework was imported or read from its own module."""

    __module__ = _PUBLIC


class LegacyUrlWarning(CompatShimDeprecationWarning):
    """A URL of a Flask view was built with the legacy route's name or action."""

    __module__ = _PUBLIC


class LegacyAttributeWarning(CompatShimDeprecationWarning):
    """An attribute was read that only the legacy framework knows."""

    __module__ = _PUBLIC


class LegacyControllerWarning(CompatShimDeprecationWarning, PendingDeprecationWarning):
    """A controller class was defined: it is to become a view, in the end."""

    __module__ = _PUBLIC


class DeprecatedNameWarning(CompatShimDeprecationWarning):
    """A name was used that its owner has deprecated."""

    __module__ = _PUBLIC


class LimitReachedWarning(CompatShimDeprecationWarning):
    """No more call sites are announced in this process; they are counted only.

    ``limit`` is the recorder's, which was reached.
    """

    __module__ = _PUBLIC

    def __init__(self, limit: int) -> None:
        super().__init__("CS001", "limit of announcements")
        self.args = (limit,)
        self.limit = limit

    def __str__(self) -> str:
        return (
            f"{self.code} {self.limit} call sites with deprecations were announced:"
            " the others are only counted by compatshim.deprecation.recorder"
        )
