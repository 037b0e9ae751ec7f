"""What was used, where and how often: always on, whatever the warning filters say."""

from __future__ import annotations

import os
import warnings
from threading import RLock
from types import FrameType
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.announcing import Announcer
from compatshim.deprecation.callers import caller_of, current_frame, forget, place_of
from compatshim.deprecation.codes import CODES
from compatshim.deprecation.uses import CALLERS_KEPT, CallSite, Use, with_callers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import CodeType, FunctionType

    from compatshim.deprecation.categories import CompatShimDeprecationWarning

    Listener = Callable[[Use], object]

__all__ = ["Recorder", "recorder"]

CALLS_LOOKED_AT = 16  # after that many, looking for one more caller costs too much
INSTRUCTIONS_KEPT = 16_384
SITES_KEPT = 10_000


class Recorder:
    """Counts each use of something deprecated, and announces it once per call site.

    A use is announced as a warning at the caller's line: once per process, anew to each
    recording of warnings (``pytest.warns``), and each time where a filter makes it an
    error. No more than ``limit`` call sites are announced (``None``: all) of those that no
    filter ignores; a last warning then says that the others are counted only. Listeners
    hear of the first use of each call site, without limit.

    ``context`` says who makes things run at present: the test, as a rule.
    ``show_pending`` lets what is pending be announced, too.

    Very many call sites, such as those of names that visitors choose, do not fill memory:
    from ``SITES_KEPT`` on they are one use per code, named ``and others``.
    """

    def __init__(self, limit: int | None = 100) -> None:
        self.limit = limit
        self.context: str | None = None
        self.show_pending = False
        self._lock = RLock()
        self._uses: dict[CallSite, Use] = {}
        self._told: set[Use] = set()
        self._listeners: tuple[Listener, ...] = ()
        self._announcer = Announcer()
        # By instruction, because asking a frame for its line takes longer than all else.
        # The code object is kept, so that no other one can have its identity.
        self._seen: dict[tuple[str, str, int, int], tuple[Use, CodeType]] = {}

    def record(
        self,
        code: str,
        name: str,
        instead: str = "",
        frame: FrameType | None = None,
        *,
        since: str | None = None,
        removed_in: str | None = None,
        otherwise: FunctionType | None = None,
    ) -> Use:
        """Count a use of ``name`` at ``frame``, by default the caller's.

        To blame is that frame or the innermost one around it that is not compatshim's
        own (``callers.caller_of``). Where there is none, as in a thread that runs nothing
        else, it is the definition of ``otherwise``, or else ``frame``. ``since`` and
        ``removed_in`` are those of the code unless given.
        """
        if frame is None:
            frame = current_frame(1)
        blamed = caller_of(frame) or otherwise or frame
        if isinstance(blamed, FrameType):
            code_object, instruction = blamed.f_code, blamed.f_lasti
        else:
            code_object, instruction = blamed.__code__, -1
        key = (code, name, id(code_object), instruction)
        seen = self._seen.get(key)
        if seen is None:
            place = place_of(blamed)
            site = CallSite(code, name, place.filename, place.line)
            since = since or CODES[code].since
            removed_in = removed_in or CODES[code].removed_in
            use = self._kept(Use(site, place.module, instead, 0, [], since, removed_in))
            self._remember(key, use, code_object)
        else:
            use = seen[0]
        self.repeat(use, blamed if isinstance(blamed, FrameType) else frame)
        return use

    def repeat(self, use: Use, frame: FrameType) -> None:
        """Count a use at a line that :meth:`record` has returned, and ``frame`` runs.

        It saves looking for the line, where that can be done better elsewhere.
        """
        # Without the lock, which takes longer than all else: from Python 3.10 on, threads
        # do not switch within this line.
        use.count += 1
        if use.count <= CALLS_LOOKED_AT or self.context is not None:
            with self._lock:
                if len(use.callers) < CALLERS_KEPT:
                    self._note_caller(use, frame)
        state = self._announcer.state
        if use not in state.settled or not state.is_current():
            self._announce(use)

    def _kept(self, use: Use) -> Use:
        """Return what is kept of the call site, which may be ``use`` from now on."""
        with self._lock:
            if use.site not in self._uses and len(self._uses) >= SITES_KEPT:
                site = CallSite(use.site.code, "and others", "<others>", 0)
                use = use.but(site=site, module="", instead="", callers=[])
            return self._uses.setdefault(use.site, use)

    def _remember(
        self, key: tuple[str, str, int, int], use: Use, code_object: CodeType
    ) -> None:
        with self._lock:
            if len(self._seen) >= INSTRUCTIONS_KEPT:  # of code made again and again
                self._seen.clear()
            self._seen[key] = use, code_object

    def _note_caller(self, use: Use, frame: FrameType) -> None:
        caller = self.context
        if caller is None:
            outer = frame.f_back
            if use.count > CALLS_LOOKED_AT or outer is None:
                return
            outer = caller_of(outer)
            if outer is None:
                return
            place = place_of(outer)
            caller = f"{place.filename}:{place.line} in {outer.f_code.co_name}"
        if caller not in use.callers:
            use.callers.append(caller)

    # Announcing.

    def add_listener(self, listener: Listener) -> Listener:
        """Call ``listener(use)`` at the first use of each call site from now on.

        An exception that it raises is logged, and goes no further.
        """
        with self._lock:
            self._listeners += (listener,)
        return listener

    def remove_listener(self, listener: Listener) -> None:
        """Call ``listener`` no more; it may never have been added."""
        with self._lock:
            self._listeners = tuple(
                other for other in self._listeners if other != listener
            )

    def _tell_listeners(self, use: Use) -> None:
        for listener in self._listeners:
            _tell(listener, use)

    def _announce(self, use: Use) -> None:
        with self._lock:
            self._uses.setdefault(use.site, use)  # it may have been cleared
            is_first = use not in self._told
            self._told.add(use)
        if is_first:
            self._tell_listeners(use)
        if CODES[use.site.code].pending and not self.show_pending:
            return
        with self._lock:
            warning = self._announcer.warning_for(use, self.limit)
        if warning is not None:
            _warn(warning, use)

    # What was counted.

    def uses(self) -> list[Use]:
        """Return all call sites in the order of their first use, as they are now."""
        with self._lock:
            return [use.but() for use in self._uses.values() if use.count]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return what JSON can hold, for another process to :meth:`merge`."""
        return [use.to_dict() for use in self.uses()]

    def merge(self, uses: Iterable[dict[str, Any]]) -> None:
        """Add what another process has counted (its :meth:`to_dicts`), silently."""
        for names in uses:
            other = Use.from_dict(names)
            with self._lock:
                use = self._kept(other.but(count=0))
                use.count += other.count
                use.callers = with_callers(use.callers, other.callers)

    def clear(self) -> None:
        """Forget all uses, so that each is a first one again; listeners stay."""
        with self._lock:
            for use in self._uses.values():  # which :meth:`repeat` may be called with
                use.count = 0
                use.callers.clear()
            self._uses.clear()
            self._told.clear()
            self._seen.clear()
            self._announcer = Announcer()
        forget()

    def _renew_lock(self) -> None:
        self._lock = RLock()


def _tell(listener: Listener, use: Use) -> None:
    try:
        listener(use)
    except Exception:  # counting must not break what is counted
        import logging  # which takes a while, and a tool may start without it

        log = logging.getLogger(__name__.rpartition(".")[0])
        log.exception("A listener has failed for %s", use.site)


def _warn(warning: CompatShimDeprecationWarning, use: Use) -> None:
    # Without the module's registry: whether it was shown before is our business.
    warnings.warn_explicit(
        warning, type(warning), use.site.filename, use.site.line, use.module
    )


recorder = Recorder()
"""The one of this process."""

if hasattr(os, "register_at_fork"):
    # A thread that is not there in the child must not hold the lock there.
    os.register_at_fork(after_in_child=recorder._renew_lock)  # noqa: SLF001 (ours)
