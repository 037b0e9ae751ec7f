"""Whether the session of a request can still be stored.

It cannot once it was stored with the headers of the response: nothing that is changed
from then on would be kept. (A legacy request opens its session when that is touched;
there ``FlaskSide.is_session_stored`` says so.)
"""

from __future__ import annotations

from typing import Any

__all__ = ["is_stored", "stop_storing", "store_again"]

# Of the request, whose copies go without such attributes.
_ATTRIBUTE = "_compatshim_session_is_stored"


def is_stored(request: Any) -> bool:
    """Return whether a change of the session of a Flask ``request`` comes too late."""
    return _ATTRIBUTE in vars(request)


def stop_storing(request: Any) -> None:
    """Note that the response has its headers: from now on a change is an error."""
    vars(request)[_ATTRIBUTE] = True


def store_again(request: Any) -> None:
    """Note that another response is made: that of the handler of an exception."""
    vars(request).pop(_ATTRIBUTE, None)
