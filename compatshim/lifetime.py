"""How long a legacy request lives: from the call to the end of its response."""

from __future__ import annotations

from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING

from compatshim.serving import serve_from_here_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextvars import Context

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from compatshim.serving import LegacyRequest

    Finish = Callable[[BaseException | None], None]
    Recover = Callable[[Exception, bool], Iterable[bytes]]

__all__ = ["ResponseIterable", "run_apart", "run_legacy"]


def run_legacy(
    request: LegacyRequest,
    application: WSGIApplication,
    start_response: StartResponse,
    finish: Finish | None = None,
    recover: Recover | None = None,
) -> Iterable[bytes]:
    """Serve ``request`` with ``application`` in a ``contextvars.Context`` of its own.

    Everything of the request runs in that Context: the call, and every ``next()`` and
    ``close()`` of what it returns. Lists and tuples are returned as they are.

    ``finish`` is called once at the end, with the exception if there was one: for a
    list before this function returns, otherwise at exhaustion or ``close()``,
    whichever comes first. ``recover`` is called with an exception and whether a part
    of the body was already sent; it returns another response iterable, or raises.
    """
    context = copy_context()
    return context.run(
        _run, context, request, application, start_response, finish, recover
    )


def run_apart(
    application: WSGIApplication,
    environ: WSGIEnvironment,
    start_response: StartResponse,
) -> Iterable[bytes]:
    """Call ``application`` in a ``contextvars.Context`` of its own, body included.

    So a request that Flask serves inside a legacy one cannot disturb it.
    """
    context = copy_context()
    iterable = context.run(application, environ, start_response)
    if isinstance(iterable, list | tuple):
        return iterable
    return context.run(ResponseIterable, context, iterable)


def _run(
    context: Context,
    request: LegacyRequest,
    application: WSGIApplication,
    start_response: StartResponse,
    finish: Finish | None,
    recover: Recover | None,
) -> Iterable[bytes]:
    serve_from_here_on(request)
    error: BaseException | None = None
    iterable: Iterable[bytes] | None = None
    try:
        try:
            iterable = application(request.environ, start_response)
        except Exception as caught:
            error = caught
            if recover is None:
                raise
            iterable = recover(caught, False)
    except BaseException as caught:
        error = caught
        raise
    finally:
        if finish is not None and (
            iterable is None or isinstance(iterable, list | tuple)
        ):
            finish(error)
    if isinstance(iterable, list | tuple):
        return iterable
    return ResponseIterable(context, iterable, finish, recover, error)


class ResponseIterable:
    """A response iterable, each step of which runs in the Context of its request.

    A class and not a generator, because a server may ``close()`` what it never
    iterated, and an unstarted generator's ``finally`` does not run.
    """

    __slots__ = (
        "_close",
        "_context",
        "_ended",
        "_error",
        "_finish",
        "_iterator",
        "_recover",
        "_started",
    )

    def __init__(
        self,
        context: Context,
        iterable: Iterable[bytes],
        finish: Finish | None = None,
        recover: Recover | None = None,
        error: BaseException | None = None,
    ) -> None:
        self._context = context
        self._finish = finish
        self._recover = recover
        self._error = error
        self._ended = False
        self._started = False
        self._take(iterable)

    def _take(self, iterable: Iterable[bytes]) -> None:
        self._close: Callable[[], None] | None = getattr(iterable, "close", None)
        self._iterator: Iterator[bytes] = iter(iterable)

    def __iter__(self) -> ResponseIterable:
        return self

    def __next__(self) -> bytes:
        if self._ended:
            raise StopIteration
        return self._context.run(self._next)

    def _next(self) -> bytes:
        try:
            item = next(self._iterator)
        except StopIteration:
            self._end()
            raise
        except Exception as error:  # noqa: BLE001 (recovered from, or raised again)
            return self._recovered(error)
        except BaseException as error:
            self._error = error
            self._end()
            raise
        self._started = True
        return item

    def _recovered(self, error: Exception) -> bytes:
        self._error = error
        recover, self._recover = self._recover, None
        if recover is None:
            self._end()
            raise error
        try:
            self._close_iterable()
            self._take(recover(error, self._started))
        except BaseException as raised:
            self._error = raised
            self._end()
            raise
        return self._next()

    def close(self) -> None:
        """End the request, also one that was never iterated; twice does nothing."""
        if not self._ended:
            self._context.run(self._end)

    def __del__(self) -> None:
        # Of a copied generator that was dropped, say. Servers close.
        if not getattr(self, "_ended", True):
            with suppress(RuntimeError):  # that Context is just running
                self.close()

    def _close_iterable(self) -> None:
        close, self._close = self._close, None
        if close is not None:
            close()

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        try:
            self._close_iterable()
        except BaseException as error:
            self._error = self._error or error
            raise
        finally:
            if self._finish is not None:
                self._finish(self._error)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._iterator!r}>"
