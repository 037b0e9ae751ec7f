"""The headers of a response, on which a line break is refused where it is set."""

from __future__ import annotations

from typing import Any

from webob.headers import ResponseHeaders

__all__ = ["CheckedHeaders", "without_line_break"]


class CheckedHeaders(ResponseHeaders):
    """WebOb's headers, whose names and values are text of one line.

    As in Werkzeug's ``Headers``, a value that is no text becomes its text, and a line
    break is a ``ValueError``: with one, whoever chooses a value could write headers.
    """

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, _checked(key, value))

    def add(self, key: str, value: Any) -> None:
        """Add a header beside those of its name."""
        super().add(key, _checked(key, value))

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return the header, set to ``default`` if there is none."""
        return super().setdefault(key, _checked(key, default))

    def extend(self, other: Any = None, **kwargs: Any) -> None:
        """Add headers, of a mapping or in pairs, beside those of their names."""
        if hasattr(other, "items"):
            pairs = list(other.items())
        elif hasattr(other, "keys"):
            pairs = [(key, other[key]) for key in other.keys()]  # noqa: SIM118 (no dict)
        else:
            pairs = list(other or ())
        super().extend([(key, _checked(key, value)) for key, value in pairs], **kwargs)


def without_line_break(what: str, value: Any) -> Any:
    """Return ``value``; raise ``ValueError`` where it is text or bytes of two lines."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if isinstance(text, str) and ("\n" in text or "\r" in text):
        raise ValueError(f"{what} has a line break: {value!r}")
    return value


def _checked(name: str, value: Any) -> str:
    without_line_break("The name of a header", name)
    text = value if isinstance(value, str) else str(value)
    without_line_break(f"The value of the header {name!r}", text)
    return text
