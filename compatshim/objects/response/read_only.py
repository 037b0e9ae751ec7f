"""A response on which nothing can be set: each attempt says what to do instead."""

from __future__ import annotations

from typing import Any, NoReturn

from webob.cachecontrol import CacheControl

from compatshim.errors import NotForwardedError
from compatshim.legacy.controllers.util import Response as PylonsResponse

__all__ = ["ReadOnlyResponse"]

_INSTEAD = (
    "The response has begun: its status and headers are with the server. Set it before"
    " the view returns, or return a response object that has it."
)


class _ReadOnlyHeaders(list[tuple[str, str]]):
    """The list of headers, which WebOb's other views of them change."""

    def __init__(self, headers: list[tuple[str, str]], framework: str) -> None:
        super().__init__(headers)
        self._framework = framework

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise NotForwardedError("response.headers", self._framework, _INSTEAD)

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = extend = insert = remove = pop = clear = sort = reverse = _refuse


class ReadOnlyResponse(PylonsResponse):
    """What ``response`` is once its status and headers are with the server.

    It has these, and the body where that is no stream. Setting anything raises
    ``NotForwardedError``.
    """

    _framework: str

    def __init__(self, response: PylonsResponse, framework: str) -> None:
        """Say what ``response`` says, in a request that ``framework`` serves."""
        headers = _ReadOnlyHeaders(response.headerlist, framework)
        state = {**vars(response), "_headerlist": headers, "_framework": framework}
        self.__dict__.update(state)

    def copy(self) -> PylonsResponse:
        """Return a response of its own, that says the same."""
        return PylonsResponse(
            status=self.status,
            headerlist=list(self.headerlist),
            app_iter=list(self.app_iter),
        )

    def _refuse(self, name: str) -> NoReturn:
        raise NotForwardedError(f"response.{name}", self._framework, _INSTEAD)

    # WebOb itself sets names with an underscore: what it has computed to answer.

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_"):
            self._refuse(name)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        self._refuse(name)

    # What would be refused by another name, or not at all.

    def write(self, text: str | bytes) -> None:
        """Raise ``NotForwardedError``."""
        self._refuse("write")

    def set_cookie(self, name: str, value: Any = "", *args: Any, **kwargs: Any) -> None:
        """Raise ``NotForwardedError``."""
        self._refuse("set_cookie")

    def unset_cookie(self, name: str, strict: bool = True) -> None:
        """Raise ``NotForwardedError``."""
        self._refuse("unset_cookie")

    @property
    def cache_control(self) -> Any:
        """What the header says; it can be read only."""
        value = self.headers.get("Cache-Control", "")
        # Told of no change yet: parsing is one for WebOb.
        parsed = CacheControl.parse(value, lambda _: None, "response")
        parsed.properties.updated = lambda _: self._refuse("cache_control")
        return parsed
