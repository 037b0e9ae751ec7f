"""What was used since a moment: for a test that looks at what it causes itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from compatshim.deprecation import recorder

if TYPE_CHECKING:
    from compatshim.deprecation import CallSite, Use

__all__ = ["Occurrences"]


class Occurrences(Sequence["Use"]):
    """The deprecated uses since this was made, or since its last ``clear()``.

    It grows as they happen, in any thread. Each call site is in it once, with its
    ``count`` since then.
    """

    def __init__(self) -> None:
        self._before: dict[CallSite, int] = {}
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._before = {use.site: use.count for use in recorder.uses()}

    @property
    def codes(self) -> list[str]:
        """The codes of the uses."""
        return [use.site.code for use in self]

    @property
    def names(self) -> list[str]:
        """The names that were used."""
        return [use.site.name for use in self]

    def _uses(self) -> list[Use]:
        return [
            use.but(count=use.count - before)
            for use in recorder.uses()
            if use.count > (before := self._before.get(use.site, 0))
        ]

    def __len__(self) -> int:
        return len(self._uses())

    @overload
    def __getitem__(self, index: int) -> Use: ...

    @overload
    def __getitem__(self, index: slice) -> list[Use]: ...

    def __getitem__(self, index: int | slice) -> Use | list[Use]:
        return self._uses()[index]

    def __str__(self) -> str:
        """Return a line for each of them."""
        return "\n".join(
            f"{use.site.filename}:{use.site.line}: {use.warning()}" for use in self
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>" if self else "<none>"
