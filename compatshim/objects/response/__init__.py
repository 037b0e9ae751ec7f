"""``response``: what shared code sets before the framework has a response to set it on.

And after: while Flask's functions look at the one that was made (``followed``), and once
that is the server's, when nothing can be set any more (``pending``, ``read_only``). Beside a
``PylonsApp`` it is that one's own (``noting``).
"""

from __future__ import annotations

from compatshim.objects.response.bodiless import BodilessPendingResponse
from compatshim.objects.response.noting import noting_bodies
from compatshim.objects.response.pending import KEY, PendingResponse
from compatshim.objects.response.read_only import ReadOnlyResponse

__all__ = [
    "KEY",
    "BodilessPendingResponse",
    "PendingResponse",
    "ReadOnlyResponse",
    "noting_bodies",
]
