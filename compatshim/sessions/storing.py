"""Whether the session of a request can still be stored.

It cannot once it was stored with the headers of the response: nothing that is changed
from then on would be kept. (A legacy request opens its session when that is touched;
there ``FlaskSide.is_session_stored`` says so.)
"""

from __future__ import annotations

from typing import Any

__all__ = ["is_stored", "stop_storing", "store_again"]

# An attribute of the request, whose copies go without what is called like this. It is
# set as such: to read vars(request) would cost each request a dictionary.


def is_stored(request: Any) -> bool:
    """Return whether a change of the session of a Flask ``request`` comes too late."""
    return getattr(request, "_compatshim_session_is_stored", False)


def stop_storing(request: Any) -> None:
    """Note that the response has its headers: from now on a change is an error."""
    request._compatshim_session_is_stored = True  # noqa: SLF001 (ours)


def store_again(request: Any) -> None:
    """Note that another response is made: that of the handler of an exception."""
    request._compatshim_session_is_stored = False  # noqa: SLF001 (ours)
