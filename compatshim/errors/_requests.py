"""What a request is asked for, and does not have."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from compatshim.errors._base import CompatShimError, UnboundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "BodyNotReadError",
    "HelperNotFoundError",
    "HookResultError",
    "NoRequestError",
    "NotForwardedError",
    "TemplateNotFoundError",
]


class NoRequestError(UnboundError):
    """A common object was used while no request of either framework is current.

    ``object_name`` is the name of the common object, such as ``"request"``.
    """

    def __init__(self, object_name: str) -> None:
        self.object_name = object_name
        super().__init__(
            f"{object_name!r} was used outside of a request: neither a Flask request"
            " context nor a legacy request is current. A running server makes one for"
            " each request. In a test or a shell, push one:"
            " 'with app.test_request_context(\"/\"):' for Flask, or 'with"
            ' compatshim.testing.legacy_request_context(app, "/"):\' for the legacy'
            " side. In a thread, start it with compatshim.common.copy_current_context."
        )


class NotForwardedError(CompatShimError, AttributeError):
    """What was asked for cannot be had under the framework that is serving.

    ``attribute`` is what was used (``"response.body_file"``), ``framework`` who is
    serving (``"flask"`` or ``"legacy"``), ``instead`` what to write.
    """

    def __init__(self, attribute: str, framework: str, instead: str) -> None:
        self.attribute = attribute
        self.framework = framework
        self.instead = instead
        super().__init__(
            f"{attribute!r} is not available while {framework} is serving. {instead}"
        )


class BodyNotReadError(CompatShimError, RuntimeError):
    """The body of a request was read in a copy of it, and the request had not read it."""

    def __init__(self) -> None:
        super().__init__(
            "A function copied by copy_current_context cannot read the body of the"
            " request, which is a stream that belongs to the request itself. Read it"
            " there first (request.form, request.files, request.json, request.body of"
            " compatshim.common), then call copy_current_context."
        )


class HookResultError(CompatShimError, TypeError):
    """A function of ``shim.after_request`` returned no response.

    ``function`` is that function, and ``result`` what it returned.
    """

    def __init__(self, function: object, result: object) -> None:
        self.function = function
        self.result = result
        name = getattr(function, "__qualname__", repr(function))
        super().__init__(
            f"The after_request function {name!r} returned {result!r}: it must return"
            " the response that it was given, or another one."
        )


class HelperNotFoundError(CompatShimError, AttributeError, KeyError):
    """``h`` has no helper of this name.

    ``name`` is what was asked for. An ``AttributeError``, so that ``hasattr`` is false,
    and a ``KeyError``. ``find_names`` returns the names of all helpers.
    """

    def __init__(self, name: object, find_names: Callable[[], Iterable[str]]) -> None:
        super().__init__(name)
        self.name = name  # type: ignore[assignment]  # an item may be asked for by any
        self._find_names: Callable[[], Iterable[str]] | None = find_names

    def _data(self) -> dict[str, Any]:
        # What was found, not where. Python itself keeps the ``name``.
        found = {"name": self.name, "nearest": self.nearest}
        return {**vars(self), **found, "_find_names": None}

    @cached_property
    def nearest(self) -> tuple[str, ...]:
        """The helpers whose names are most like ``name``, the nearest first."""
        from difflib import get_close_matches

        # Only where somebody looks: it compares with every helper.
        names = () if self._find_names is None else self._find_names()
        return tuple(get_close_matches(str(self.name), names))

    def __str__(self) -> str:
        text = f"h has no helper {self.name!r}."
        nearest = self.nearest
        if nearest:
            text += f" Like it: {', '.join(map(repr, nearest))}."
        return f"{text} A function becomes one with @shim.helper."


class TemplateNotFoundError(CompatShimError, LookupError):
    """A template is in none of the places where its library looks for it.

    What is raised is an exception of that library, too: of
    ``jinja2.TemplateNotFound``, or of ``mako.exceptions.TemplateLookupException``.
    ``template_name`` is the template that was asked for, by code or by another template,
    and ``places`` are the folders, and loaders of other kinds, that were searched.
    """

    def __init__(self, template_name: str, places: Iterable[str]) -> None:
        self.template_name = template_name
        self.places = tuple(dict.fromkeys(places))

    def __str__(self) -> str:
        searched = ", ".join(self.places) or "nothing, no folder is set up"
        return (
            f"The template {self.template_name!r} was not found. Searched: {searched}."
        )
