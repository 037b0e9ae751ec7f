"""What ``routes.request_config()`` is in a request that Flask serves.

So code that calls ``routes.url_for`` goes on working when its route moves to Flask.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from compatshim._flask_context import current_request_context
from compatshim.legacy._request_config import RequestConfig, use_flask_request
from compatshim.objects.state import state_of
from compatshim.objects.urls.surroundings import FlaskSurroundings

if TYPE_CHECKING:
    from compatshim.objects.state import ShimState

__all__ = ["install_request_config"]

_KEY = "compatshim.flask_request_config"


def _current_config() -> RequestConfig | None:
    """Return the config of the Flask request, ``None`` where no route is known.

    It has no ``mapper_dict`` and no ``route``, as where Routes has found none.
    """
    context: Any = current_request_context()
    state: ShimState | None = None if context is None else state_of(context.app)
    if state is None or state.mapper is None:
        return None
    environ = context.request.environ
    kept = environ.get(_KEY)
    if kept is None or kept[0]() is not context:
        config = RequestConfig(FlaskSurroundings(state, context).generator())
        kept = environ[_KEY] = (weakref.ref(context), config)
    return kept[1]  # type: ignore[no-any-return]


def install_request_config() -> None:
    """Let ``routes.request_config()`` answer in Flask requests, too."""
    use_flask_request(_current_config)
