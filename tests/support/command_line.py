"""The ``compatshim`` command as its users call it, within the process of the tests."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from compatshim.cli import main

if TYPE_CHECKING:
    from click.testing import Result

# Click 8.2 has always told the two streams apart; 8.1 has to be asked.
_SEPARATE: Any = (
    {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
)


def invoke(*arguments: object) -> Result:
    """Return what ``compatshim`` with ``arguments`` has printed, and its exit code."""
    return CliRunner(**_SEPARATE).invoke(main, [str(one) for one in arguments])
