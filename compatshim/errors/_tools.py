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
    "ChangedMeanwhileError",
    "ConfigurationError",
    "DeprecationStoreError",
    "HistoryFileError",
    "ProgramNotFoundError",
    "ReportFileError",
    "ReportOptionError",
    "RoutesTableError",
    "StillLegacyError",
    "WorkerLostError",
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


class ChangedMeanwhileError(CompatShimError):
    """A file is no longer what it was when it was read. It was left to who changed it.

    ``path`` is the file.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path!r} was changed while a new text was made for it, so it was left alone."
            " Run the command again."
        )


class ConfigurationError(CompatShimError, ValueError):
    """A project's configuration of compatshim says what it cannot say.

    ``path`` is the file, ``key`` what is wrong in it, or ``None`` where the file as a
    whole is meant, and ``reason`` what is wrong with it.
    """

    def __init__(self, path: str, key: str | None, reason: str) -> None:
        self.path = path
        self.key = key
        self.reason = reason
        place = path if key is None else f"{path}: {key}"
        super().__init__(f"{place}: {reason}.")


class RoutesTableError(FileError):
    """A file is not the table that ``compatshim routes --format json`` makes.

    ``path`` is the file and ``reason`` what is wrong with it; ``line`` is ``None``, as
    the file as a whole is meant.
    """

    _text = (
        "{place} is no table of routes: {reason}. Make it with"
        " 'compatshim routes --format json'."
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


class ReportFileError(CompatShimError):
    """A report cannot be written. What was in the file is still there.

    ``path`` is the file, and ``reason`` what is the matter.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The report could not be written to {path!r}: {reason}. Name another file."
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


class StillLegacyError(CompatShimError):
    """The last step of a migration comes before others are done.

    ``uses`` is how many legacy uses an audit finds, ``place`` where the first of them is.
    """

    def __init__(self, uses: int, place: str) -> None:
        self.uses = uses
        self.place = place
        found = "1 legacy use" if uses == 1 else f"{uses} legacy uses"
        super().__init__(
            f"{found} left, the first in {place}: `compatshim audit` lists what has to go"
            " first; --force ejects what it can all the same."
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


class WorkerLostError(CompatShimError):
    """A process that did a part of the work was ended from outside, before it was done."""

    def __init__(self) -> None:
        super().__init__(
            "One of the processes was ended from outside, as a system does that lacks"
            " memory. Run it with '--jobs 1'."
        )
