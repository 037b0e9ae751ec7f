"""``compatshim demo``: what goes wrong is said in one line."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import click.testing
import pytest

from compatshim.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


def run(*arguments: str) -> Result:
    return click.testing.CliRunner().invoke(main, arguments)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_in_use_is_one_line(taken_port: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compatshim", "demo", "--port", str(taken_port)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Error: Port {taken_port} on 127.0.0.1 is already in use:"
        " choose another with --port.\n"
    )


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_here_is_one_line(host: str) -> None:
    result = run("demo", "--port", "0", "--host", host)
    assert result.exit_code == 1
    assert "--host" in result.output
    assert result.output.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("demo", "--check", "--data", str(tmp_path / "file" / "data"))
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1


def test_a_file_that_is_no_catalogue_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite3").write_text("Not a database. " * 100)
    result = run("demo", "--check", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
