"""Tell who builds a Flask view's URL with the name or action of its legacy route."""

from __future__ import annotations

import sys
from functools import lru_cache

from compatshim.deprecation.recorder import recorder

__all__ = ["record_former_name"]


def record_former_name(
    endpoint: str,
    route: str | None = None,
    controller: object = None,
    action: str | None = None,
) -> None:
    """Record at the caller's line which endpoint ``url_for`` is to be called with.

    It was called with the name of a legacy ``route`` (CS201), or else with
    ``controller`` and ``action`` (CS202).
    """
    # Up to the function of compatshim.common, to save looking at each.
    frame = sys._getframe(4)  # noqa: SLF001 (as logging does)
    recorder.record(*_use(endpoint, route, controller, action), frame)


@lru_cache(maxsize=1024)
def _use(
    endpoint: str, route: str | None, controller: object, action: str | None
) -> tuple[str, str, str]:
    # A page may have many links: making the texts takes longer than counting.
    instead = f"url_for({endpoint!r}, ...)"
    if route is not None:
        return "CS201", f"url_for({route!r}, ...)", instead
    name = f"url_for(controller={controller!r}, action={action!r}, ...)"
    return "CS202", name, instead
