"""The signal of the first use of each call site; it needs blinker, as Flask does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blinker import Signal

from compatshim.deprecation.recorder import recorder

if TYPE_CHECKING:
    from compatshim.deprecation.uses import Use

__all__ = ["first_occurrence"]

first_occurrence = Signal(
    "Sent by the recorder with use=... at the first use of a call site."
)


@recorder.add_listener
def _send(use: Use) -> None:
    first_occurrence.send(recorder, use=use)
