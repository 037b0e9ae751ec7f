"""A port for a server that a test starts, or for one that must not be there."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def held() -> Iterator[int]:
    """Yield a port of 127.0.0.1 where nobody listens, but who is told of it.

    It is bound in here as long as the block runs, so that the system gives it to nobody
    who asks for any free one. That is not in the way of a server that reuses addresses,
    as all of them do; until it comes, connections are refused.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
