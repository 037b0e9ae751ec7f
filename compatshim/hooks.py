"""The functions around every request, whichever framework serves it.

On Flask requests they stand around Flask's own ``before_request``, ``after_request`` and
``teardown_request`` functions; on legacy requests :mod:`compatshim.answering` and
:mod:`compatshim.lending` call them.
"""

from __future__ import annotations

import inspect
import sys
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from werkzeug.wrappers import Response

from compatshim._flask_context import (
    current_request_context,
    leading_arguments,
    staying_in_context,
)
from compatshim.errors import HookResultError
from compatshim.objects.finalizing import answer_to
from compatshim.serving import is_flask_request, legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flask import Flask

    Function = Callable[..., Any]
    Kind = Literal["before", "after", "teardown"]

__all__ = ["Hooks", "RequestHooks", "closed_if_it_fails", "in_place_of"]

_OF_CONTEXT = "_compatshim_hooks"


class Hooks:
    """What ``shim.before_request`` and its like were given, for all its applications.

    An application in which no function was registered knows nothing of this: ``exist``
    says whether there are any.
    """

    exist = False

    def __init__(self) -> None:
        self.before: list[Function] = []
        self.after: list[Function] = []
        self.teardown: list[Function] = []
        self._apps: WeakKeyDictionary[Flask, set[Kind]] = WeakKeyDictionary()

    def add(self, kind: Kind, function: Function) -> None:
        """Call ``function`` in every request from now on."""
        functions: list[Function] = getattr(self, kind)
        functions.append(function)
        self.exist = True
        for app in list(self._apps):
            self._install(app)

    def join(self, app: Flask) -> None:
        """Call the functions in the requests of ``app``, too."""
        self._apps[app] = set()
        self._install(app)

    def _install(self, app: Flask) -> None:
        """Give to Flask what is wanted there, and is not there yet."""
        wanted: dict[Kind, bool] = {
            "before": bool(self.before),
            "after": bool(self.after or self.teardown),  # that waits for its body
            "teardown": bool(self.teardown),
        }
        installed = self._apps[app]
        for kind, is_wanted in wanted.items():
            if is_wanted and kind not in installed:
                installed.add(kind)
                getattr(self, f"_install_{kind}")(app)

    def _install_before(self, app: Flask) -> None:
        functions = app.before_request_funcs.setdefault(None, [])
        functions.insert(0, partial(self._call_before, app))

    def _install_after(self, app: Flask) -> None:
        functions = app.after_request_funcs.setdefault(None, [])
        functions.insert(0, partial(self._call_after, app))  # which is called last

    def _install_teardown(self, app: Flask) -> None:
        """Stand after Flask's functions, which end where one of them raises."""
        hooked: Any = app
        call_flasks_own: Function = app.do_teardown_request

        def do_teardown_request(*arguments: Any, **options: Any) -> None:
            given = arguments[len(leading_arguments()) :]
            error = given[0] if given else options.get("exc", sys.exc_info()[1])
            try:
                call_flasks_own(*arguments, **options)
            except BaseException:
                self._current(app).sent = None  # it will not be
                raise
            finally:
                self._call_teardown(app, error)

        hooked.do_teardown_request = do_teardown_request

    # What Flask calls, also in the request context that it lends to a legacy request.

    def _call_before(self, app: Flask) -> Any:
        return self._current(app).call_before()

    def _call_after(self, app: Flask, response: Response) -> Response:
        hooks = self._current(app)
        body = response.response
        response = hooks.call_after(response, partial(answer_to, app))
        hooks.sent = response, body
        return response

    def _call_teardown(self, app: Flask, error: BaseException | None) -> None:
        hooks = self._current(app)
        sent, hooks.sent = hooks.sent, None
        if sent is not None and _waits_to_stream(sent[1]):
            # Flask will call again after that, but for a client that leaves before.
            call = partial(hooks.call_teardown, None)
            sent[0].call_on_close(staying_in_context(call))
        elif isinstance(error, GeneratorExit):  # which is how a client leaves
            hooks.call_teardown(None)
        else:
            hooks.call_teardown(error)

    def _current(self, app: Flask) -> RequestHooks:
        """Return the functions of the current request."""
        if not is_flask_request():
            record: Any = legacy_request()
            return record.flask_side.hooks  # type: ignore[no-any-return]
        context: Any = current_request_context()
        # Not of the request, which Flask's copies of the context share.
        hooks: RequestHooks | None = vars(context).get(_OF_CONTEXT)
        if hooks is None:
            hooks = vars(context)[_OF_CONTEXT] = RequestHooks(self, app)
        return hooks


class RequestHooks:
    """The functions that are still to be called in one request: each of them once.

    ``sent`` is, before the teardown, the response that Flask sends, and the body that it
    had before the functions.
    """

    def __init__(self, hooks: Hooks, app: Flask) -> None:
        self.sent: tuple[Response, object] | None = None
        self._app = app
        self._hooks = hooks
        self._before = list(hooks.before)
        self._after = list(hooks.after)
        self._teardown = list(hooks.teardown)

    @property
    def change_responses(self) -> bool:
        """Whether there is a function that wants the response."""
        return bool(self._after)

    def call_before(self) -> Any:
        """Return the first answer of a function, or ``None``; the others are not called."""
        functions, self._before = self._before, []
        for function in functions:
            answer = self._app.ensure_sync(function)()
            if answer is not None:
                return answer
        return None

    def expect_another(self) -> None:
        """Call all functions again, with the page for a response that was not sent."""
        self._after = list(self._hooks.after)

    def call_first(self, functions: Iterable[Function]) -> None:
        """Call these functions, too, before the others that want the response."""
        self._after.extend(reversed([*functions]))

    def call_after(
        self, response: Response, answer_to_error: Callable[[Exception], Response]
    ) -> Response:
        """Return what the functions make of ``response``.

        What one of them raises is given to ``answer_to_error``, whose answer the next
        one gets. It raises what nobody handles: then the others are still to be called,
        with the page for that. A response that another one takes the place of is closed.
        """
        while self._after:
            function = self._after.pop()
            try:
                changed = self._changed(response, function)
            except Exception as error:  # noqa: BLE001 (answered, or raised again)
                with closed_if_it_fails(response):
                    changed = answer_to_error(error)
            response = in_place_of(response, changed)
        return response

    def _changed(self, response: Response, function: Function) -> Response:
        changed = self._app.ensure_sync(function)(response)
        if not isinstance(changed, Response):
            raise HookResultError(function, changed)
        return changed

    def call_teardown(self, error: BaseException | None) -> None:
        """Call all functions, the last one first, also where one of them raises."""
        functions, self._teardown = self._teardown, []
        with ExitStack() as stack:
            for function in functions:
                stack.callback(self._app.ensure_sync(function), error)


def in_place_of(former: Response, response: Response) -> Response:
    """Return ``response``; ``former`` is closed with it, which may be made of it.

    It is closed once, whoever else does so.
    """
    if response is not former:
        _close_once(former)
        response.call_on_close(former.close)
    return response


@contextmanager
def closed_if_it_fails(response: Response) -> Iterator[None]:
    """Close ``response``, once, where the block raises: it is not sent then."""
    try:
        yield
    except BaseException:
        _close_once(response)
        response.close()
        raise


def _close_once(response: Response) -> None:
    response.close = cache(response.close)  # type: ignore[method-assign]


def _waits_to_stream(body: object) -> bool:
    """Return whether ``body`` is of ``stream_with_context``, and still to be read.

    Flask 3.1.2 and 3.1.3 tear the contexts down before that, and after it once more.
    """
    frame = body.gi_frame if inspect.isgenerator(body) else None
    return (
        frame is not None  # it has not ended
        and frame.f_globals.get("__name__") == "flask.helpers"
        and inspect.getgeneratorstate(body) == inspect.GEN_SUSPENDED  # type: ignore[arg-type]  # it is a generator
    )
