"""Write what this process counts to a store, now and then, and beside its requests."""

from __future__ import annotations

import logging
import os
from datetime import datetime, timezone
from threading import Timer
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.increments import Increments
from compatshim.deprecation.process_end import call_at_end
from compatshim.deprecation.recorder import recorder
from compatshim.deprecation.stores import LIMIT, open_store
from compatshim.errors import DeprecationStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from compatshim.deprecation.stores import Store
    from compatshim.deprecation.uses import Use

__all__ = ["INTERVAL", "KeepingApplication", "Writer", "keeping", "writer_to"]

INTERVAL = 60.0
"""How many seconds after a request its uses are written, unless told otherwise."""

_log = logging.getLogger("compatshim.deprecation")


class Writer:
    """Writes what the recorder counts to ``store``.

    ``interval`` seconds after :meth:`wait` was called, in a thread of its own, and when
    the process ends. A process that is forked off this one writes what it has counted
    itself. Where the store fails, that is logged, once until it works again; what was
    not written then is written with the next.
    """

    def __init__(self, store: Store, interval: float) -> None:
        self._store = store
        self._interval = interval
        self._increments = Increments(recorder)
        self._has_failed = False
        self.is_waiting = False

    def wait(self) -> None:
        """Write after the interval; nothing is waited for in here."""
        self.is_waiting = True
        timer = Timer(self._interval, self._end_wait)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no more threads, or the end of the process
            self.is_waiting = False

    def _end_wait(self) -> None:
        self.is_waiting = False  # first, for what is counted while this writes
        self.write()

    def write(self) -> None:
        """Write what was counted since the last time; what fails is logged."""
        try:
            self._increments.write(self._add)
        except DeprecationStoreError as error:
            self._log_failure(str(error))
        except Exception as error:  # noqa: BLE001 (counting must not break the site)
            self._log_failure(f"Nothing was written: {error!r}.", exc_info=True)

    def _log_failure(self, message: str, *, exc_info: bool = False) -> None:
        if not self._has_failed:
            _log.warning(
                "%s What is counted is kept in memory.", message, exc_info=exc_info
            )
        self._has_failed = True

    def _add(self, uses: list[Use]) -> None:
        self._store.add(uses, datetime.now(timezone.utc))
        self._has_failed = False

    def before_fork(self) -> None:
        """Write what was counted by a process that serves no requests but its children.

        Else nobody would know of its imports before it ends.
        """
        if not self.is_waiting:
            self.write()

    def after_fork(self) -> None:
        """Forget the thread that waits in the process that this one was forked off."""
        self.is_waiting = False


class KeepingApplication:
    """A WSGI application that sees to it that the uses of its requests are written."""

    def __init__(self, wsgi_app: WSGIApplication, writer: Writer) -> None:
        self._wsgi_app = wsgi_app
        self._writer = writer

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one request."""
        try:
            return self._wsgi_app(environ, start_response)
        finally:  # what it has counted is written, though no other request may come
            if not self._writer.is_waiting:
                self._writer.wait()


def keeping(wsgi_app: WSGIApplication, config: Mapping[str, Any]) -> KeepingApplication:
    """Return ``wsgi_app``, whose uses are written to the store that ``config`` names.

    In ``COMPATSHIM_DEPRECATION_STORE``, ``_INTERVAL`` and ``_LIMIT``, or in lower case
    after ``compatshim.``. Raises ``DeprecationStoreError`` for values that cannot be.
    """
    address = os.fspath(_option(config, "deprecation_store", None))
    try:
        interval = float(_option(config, "deprecation_store_interval", INTERVAL))
        limit = int(_option(config, "deprecation_store_limit", LIMIT))
    except (TypeError, ValueError) as error:
        raise DeprecationStoreError(address, f"its options: {error}") from None
    return KeepingApplication(wsgi_app, writer_to(address, interval, limit))


def _option(config: Mapping[str, Any], name: str, default: Any) -> Any:
    for key in (f"compatshim.{name}", f"COMPATSHIM_{name.upper()}"):
        if config.get(key) is not None:
            return config[key]
    return default


_writers: dict[str, Writer] = {}


def writer_to(address: str, interval: float = INTERVAL, limit: int = LIMIT) -> Writer:
    """Return what writes to the store at ``address``: one for all of this process.

    Else two applications would each write the counts of both; the options of the first
    one hold. Raises ``DeprecationStoreError`` for what is no address.
    """
    store = open_store(address, limit)
    if not _writers:
        call_at_end(_write_all)
    return _writers.setdefault(store.path, Writer(store, interval))


def _write_all() -> None:
    for writer in _writers.values():
        writer.write()


def _before_fork() -> None:
    for writer in _writers.values():
        writer.before_fork()


def _after_fork() -> None:
    for writer in _writers.values():
        writer.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=_after_fork)
