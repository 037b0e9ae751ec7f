"""What every exception of compatshim is."""

from __future__ import annotations

from typing import Any

__all__ = ["CompatShimError", "FileError", "MissingExtraError", "UnboundError"]


class CompatShimError(Exception):
    """The base of every exception class of compatshim.

    They can be pickled, and so come out of a process pool, where their data can.
    """

    __module__ = "compatshim.errors"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.__module__.startswith(f"{CompatShimError.__module__}."):
            cls.__module__ = CompatShimError.__module__  # where users find it

    def __reduce__(self) -> tuple[Any, ...]:
        # Python would call the class with what is in ``args``, which is the message.
        return _made_again, (type(self), self.args, self._data())

    def _data(self) -> dict[str, Any]:
        """Return the attributes that a copy is to have."""
        return dict(vars(self))


def _made_again(
    cls: type[CompatShimError], args: tuple[Any, ...], data: dict[str, Any]
) -> CompatShimError:
    error = cls.__new__(cls)
    error.args = args
    for name, value in data.items():
        setattr(error, name, value)
    return error


class FileError(CompatShimError, ValueError):
    """A file is not as it must be; the base of the errors of certain files.

    ``path`` is the file, ``line`` the number of the line, or ``None`` where the file as
    a whole is meant, and ``reason`` what is wrong with it.
    """

    _text = "{place}: {reason}"

    def __init__(self, path: str, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        place = path if line is None else f"{path}:{line}"
        super().__init__(self._text.format(place=place, reason=reason))


class UnboundError(CompatShimError, RuntimeError, TypeError, AttributeError):
    """An object was used while there is nothing that it could stand for.

    It is a ``RuntimeError``, as Flask's proxies raise, a ``TypeError``, as Pylons'
    did, and an ``AttributeError``, so that ``hasattr`` is false and ``getattr`` takes
    its default.
    """


class MissingExtraError(UnboundError):
    """A feature needs a library that is an optional extra of compatshim.

    ``feature`` is what was used, ``extra`` the name to install.
    """

    def __init__(self, feature: str, extra: str) -> None:
        self.feature = feature
        self.extra = extra
        super().__init__(f"{feature} needs: pip install 'compatshim[{extra}]'")
