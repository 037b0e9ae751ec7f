"""Load from wrk, which Debian has in a package of this name."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import NamedTuple

__all__ = ["Load", "check_wrk", "put_load", "read_load"]

THREADS = 1
CONNECTIONS = 16

_MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1_000, "m": 60_000}


class Load(NamedTuple):
    """What a server could do: 99 of 100 requests took no longer than ``p99`` ms."""

    requests_per_second: float
    p99: float

    def __str__(self) -> str:
        return f"{self.requests_per_second:10,.0f} {self.p99:10.2f}"


def check_wrk() -> None:
    """Raise ``SystemExit``, which says what to install, where wrk is missing."""
    if shutil.which("wrk") is None:
        raise SystemExit("this needs wrk: apt-get install wrk")


def put_load(url: str, seconds: int) -> Load:
    """Let wrk ask for ``url`` as often as the server answers."""
    options = [f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    command = ["wrk", "--latency", *options, url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own command)
    return read_load(done.stdout)


def read_load(output: str) -> Load:
    """Return what the output of ``wrk --latency`` says.

    Raises ``ValueError`` where not all requests were answered, and with success.
    """
    rate = re.search(r"^Requests/sec: +([\d.]+)$", output, re.MULTILINE)
    p99 = re.search(r"^ +99% +([\d.]+)(us|ms|s|m)$", output, re.MULTILINE)
    failed = re.search(r"Non-2xx|Socket errors", output)
    if rate is None or p99 is None or failed:
        raise ValueError(f"this is no measurement:\n{output}")
    return Load(float(rate[1]), float(p99[1]) * _MILLISECONDS[p99[2]])
