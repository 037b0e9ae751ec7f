"""A process that counts and writes, told by its parent when."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

import pytest

ADDRESSES = {"sqlite": "sqlite:///{}/uses.db", "json": "{}/uses.json"}

TOLD = """
import logging, os, sys
from compatshim.deprecation import deprecated
from compatshim.deprecation.stores.writing import writer_to

logging.basicConfig(format="%(levelname)s %(message)s", stream=sys.stdout)

@deprecated(use="new")
def old():
    pass

def count(times):
    for _ in range(times):
        old()

writer = writer_to(sys.argv[1], 3600)
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
"""


class Told:
    """A Python process that runs one line after another, as its parent tells it."""

    def __init__(self, script, address):
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", script, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, line):
        """Let it start with a line of code."""
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def wait(self):
        """Return what it prints until it is done with the line."""
        printed = []
        for line in iter(self._process.stdout.readline, "done\n"):
            assert line, "it has ended"
            printed.append(line)
        return "".join(printed)

    def do(self, line):
        self.tell(line)
        return self.wait()

    def kill(self):
        self._process.kill()
        self._process.wait()

    def close(self):
        """Kill it, and leave no pipe open, whatever it was doing."""
        self.kill()
        self._process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()

    def end(self):
        """Let it end as processes do, and return what it still prints."""
        printed = self._process.communicate()[0]
        assert self._process.returncode == 0
        return printed


@pytest.fixture(params=ADDRESSES)
def address(request, tmp_path):
    return ADDRESSES[request.param].format(tmp_path)


@pytest.fixture
def told(tmp_path, address):
    """Return a function that starts a process; ``address`` is where it writes to."""
    # Written once: a process that is starting must not find the file half written.
    script = tmp_path / "told.py"
    script.write_text(TOLD)
    with contextlib.ExitStack() as started:

        def start(to=address):
            return started.enter_context(
                contextlib.closing(Told(script, os.fspath(to)))
            )

        yield start
