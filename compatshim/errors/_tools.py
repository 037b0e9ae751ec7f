"""What the tools say: the ratchet, its reports, and the stores of what a site uses.

Loaded when one of them is asked for: serving requests needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.errors._base import CompatShimError, FileError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BaselineError",
    "ChangedFilesError",
    "DeprecationStoreError",
    "HistoryFileError",
    "ProgramNotFoundError",
    "ReportOptionError",
]


class BaselineError(CompatShimError, ValueError):
    """A baseline cannot be read, or not be written. The file was left as it is.

    ``path`` is the file, ``reason`` what is wrong with it, and ``advice`` the way out: a
    sentence, or "" where the reason says it.
    """

    def __init__(
        self,
        path: str,
        reason: str,
        advice: str = "Restore it from version control, name another file, or take it away"
        " and make a new one with 'pytest --compatshim-update'.",
    ) -> None:
        self.path = path
        self.reason = reason
        self.advice = advice
        text = f"The baseline {path!r} was left as it is: {reason}. {advice}"
        super().__init__(text.rstrip())


class ChangedFilesError(CompatShimError):
    """Git could not say which files are in a change.

    ``ref`` is what they were to be compared with, ``root`` the folder where git was
    asked, and ``reason`` what is the matter.
    """

    def __init__(self, ref: str, root: str, reason: str) -> None:
        self.ref = ref
        self.root = root
        self.reason = reason
        super().__init__(
            f"Which files of {root!r} differ from {ref!r} cannot be told: {reason}."
        )


class HistoryFileError(FileError):
    """A file is not a history of runs. It was left as it is.

    ``path`` is the file, ``line`` the number of the line, or ``None`` where the file as
    a whole is meant, and ``reason`` what is wrong with it.
    """

    _text = (
        "{place} is not a line of a history of runs: {reason}. Nothing was written."
        " Take the line out, or name another file."
    )


class ReportOptionError(CompatShimError, ValueError):
    """A report was asked for that there is not.

    ``option`` is what was asked for, ``formats`` the names of those that there are.
    """

    def __init__(self, option: str, formats: Iterable[str], reason: str) -> None:
        self.option = option
        self.formats = tuple(formats)
        self.reason = reason
        super().__init__(
            f"There is no report {option!r}: {reason}. Write FORMAT or FORMAT:PATH, where"
            f" FORMAT is one of {', '.join(self.formats)}."
        )


class ProgramNotFoundError(CompatShimError):
    """There is no such Python program to run.

    ``target`` is what was to be run, ``reason`` what is the matter.
    """

    def __init__(self, target: str, reason: str) -> None:
        self.target = target
        self.reason = reason
        super().__init__(
            f"{target!r} cannot be run: {reason}. Name a file, a module after -m, or a"
            " command that is written in Python."
        )


class DeprecationStoreError(CompatShimError):
    """What a running site counts cannot be kept in a store, or not be read from it.

    ``address`` is that of the store, as it was configured, ``reason`` what is the
    matter. What was in the store is still there.
    """

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"The store of deprecated uses {address!r} cannot be used: {reason}."
        )
