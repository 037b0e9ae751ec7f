"""The proxies for the objects of the legacy request that is current."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

from werkzeug.local import LocalProxy

from compatshim.errors import NoRequestError
from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from compatshim.legacy.controllers.util import Request, Response
    from compatshim.serving import LegacyRequest

__all__ = ["ContextProxy"]

T = TypeVar("T")

_Pushed = tuple[tuple["LegacyRequest | None", Any], ...]


class ContextProxy(LocalProxy[T]):
    """A ``LocalProxy`` with the methods of Pylons' ``StackedObjectProxy``.

    It stands for the attribute ``name`` of the current legacy request's
    ``PylonsContext``. Tests and shells may push an object of their own: it counts in
    the context it was pushed in, and not in a request that begins later.
    """

    __slots__ = ("__name", "__stack")

    __name: str
    __stack: ContextVar[_Pushed]

    def __init__(self, name: str) -> None:
        stack: ContextVar[_Pushed] = ContextVar(f"compatshim.legacy.{name}", default=())
        # LocalProxy forwards plain assignment to the object that it stands for.
        object.__setattr__(self, "_ContextProxy__name", name)
        object.__setattr__(self, "_ContextProxy__stack", stack)

        def find() -> T:
            # The local names spare two look-ups through the proxy's __getattr__.
            pushed = stack.get()
            request = legacy_request()
            if pushed and pushed[-1][0] is request:
                return cast("T", pushed[-1][1])
            if request is None or request.objects is None:
                return self._default_object()
            return cast("T", getattr(request.objects, name))

        super().__init__(find)

    def _default_object(self) -> T:
        raise NoRequestError(self.__name)

    def _current_obj(self) -> T:
        """Return the object itself, as Pylons' ``_current_obj()`` did."""
        return self._get_current_object()

    def _push_object(self, obj: T) -> None:
        """Put ``obj`` in the place of the current object, until it is popped."""
        self.__stack.set((*self.__stack.get(), (legacy_request(), obj)))

    def _pop_object(self, obj: T | None = None) -> None:
        """Take back the object pushed last.

        Raises ``IndexError`` where none was pushed, and ``AssertionError`` where ``obj``
        is given and is another one.
        """
        pushed = self.__stack.get()
        if not pushed:
            raise IndexError(f"nothing was pushed for {self.__name!r} in this context")
        if obj is not None and pushed[-1][1] is not obj:
            raise AssertionError(
                f"the object pushed last for {self.__name!r} is {pushed[-1][1]!r},"
                f" not {obj!r}"
            )
        self.__stack.set(pushed[:-1])


request = cast("Request", ContextProxy[Any]("request"))
response = cast("Response", ContextProxy[Any]("response"))
app_globals: Any = ContextProxy[Any]("app_globals")
cache: Any = ContextProxy[Any]("cache")
session: Any = ContextProxy[Any]("session")
tmpl_context: Any = ContextProxy[Any]("tmpl_context")
translator: Any = ContextProxy[Any]("translator")
url: Any = ContextProxy[Any]("url")
