"""To whom a use is still to be announced: each call site once, and not too many."""

from __future__ import annotations

import warnings
from types import BuiltinMethodType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from compatshim.deprecation.categories import LimitReachedWarning

if TYPE_CHECKING:
    from compatshim.deprecation.categories import CompatShimDeprecationWarning
    from compatshim.deprecation.uses import Use

__all__ = ["Announcer"]

_names_of_warnings = vars(warnings)
_RECEIVER = "_showwarnmsg_impl"  # record=True puts another one there


class Announcer:
    """Knows who was told what: whoever reads what the process shows, or a recording.

    A recording is ``warnings.catch_warnings(record=True)``, as ``pytest.warns`` is one.
    The recorder's lock is held while methods are called.
    """

    def __init__(self) -> None:
        self.state = _State()
        self._process = _Audience()
        self._recordings: WeakKeyDictionary[Any, _Audience] = WeakKeyDictionary()

    def warning_for(
        self, use: Use, limit: int | None
    ) -> CompatShimDeprecationWarning | None:
        """Return what is to be shown for ``use``, if anything is.

        What a filter makes an error is to be raised each time. What a filter ignores
        does not count against the limit.
        """
        if not self.state.is_current():
            self.state = self.state.now()
        warning = use.warning()
        action = _action(warning, use, self.state.contents)
        if action == "error":
            return warning
        self.state.settled.add(use)
        if action == "ignore":
            return None
        return self._audience().told(use, warning, limit)

    def _audience(self) -> _Audience:
        receiver = _names_of_warnings[_RECEIVER]
        if not isinstance(receiver, BuiltinMethodType):  # it is not a list's append
            return self._process
        return self._recordings.setdefault(receiver, _Audience())


class _State:
    """The filters and the receiver of warnings, and the uses that are settled for them.

    There is nothing to be shown for those, as long as the state is the current one.
    """

    def __init__(self) -> None:
        # The list itself, so that no other one can have its identity.
        self.filters: Any = warnings.filters
        self.contents = tuple(self.filters)
        self.length = len(self.contents)
        self.first = self.contents[0] if self.contents else None
        # Not the receiver itself, which would keep all that was recorded; nor its id,
        # which a later one may have.
        self.receiver = ref(_names_of_warnings[_RECEIVER])
        self.settled: set[Use] = set()

    def is_current(self) -> bool:
        """Return whether nothing has changed, in less time than comparing all filters."""
        filters = warnings.filters
        return (
            filters is self.filters
            and len(filters) == self.length
            and (not filters or filters[0] is self.first)
            and _names_of_warnings[_RECEIVER] is self.receiver()
        )

    def now(self) -> _State:
        """Return the present state; what was settled stays so where it is the same."""
        state = _State()
        is_same_receiver = state.receiver() is self.receiver()
        if is_same_receiver and state.contents == self.contents:
            state.settled = self.settled
        return state


class _Audience:
    """Somebody who is told of each call site once."""

    def __init__(self) -> None:
        self._uses: set[Use] = set()
        self._shown = 0
        self._knows_of_limit = False

    def told(
        self, use: Use, warning: CompatShimDeprecationWarning, limit: int | None
    ) -> CompatShimDeprecationWarning | None:
        if use in self._uses:
            return None
        self._uses.add(use)
        if limit is None or self._shown < limit:
            self._shown += 1
            self._knows_of_limit = False
            return warning
        if self._knows_of_limit:
            return None
        self._knows_of_limit = True
        return LimitReachedWarning(self._shown)


def _action(
    warning: CompatShimDeprecationWarning, use: Use, filters: tuple[Any, ...]
) -> str:
    """Return what the first filter that matches says, as ``warn_explicit`` finds it."""
    text, category, line = str(warning), type(warning), use.site.line
    for action, message, wanted, module, only_line in filters:
        if (
            issubclass(category, wanted)
            and only_line in {0, line}
            and _matches(message, text)
            and _matches(module, use.module)
        ):
            return str(action)
    return str(_names_of_warnings["defaultaction"])


def _matches(pattern: Any, text: str) -> bool:
    # Python's own filters have strings, which are to be equal.
    if pattern is None or isinstance(pattern, str):
        return pattern is None or pattern == text
    return pattern.match(text) is not None
