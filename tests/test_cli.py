from __future__ import annotations

import importlib
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import compatshim

click_testing = pytest.importorskip("click.testing")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


def run(*arguments: str) -> Result:
    from compatshim.cli import main

    result: Result = click_testing.CliRunner().invoke(main, arguments)
    return result


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_version() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert compatshim.__version__ in result.output


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(option: str) -> None:
    assert "demo" in run(option).output
    demo = run("demo", option).output
    assert "--port" in demo
    assert "5000" in demo


def test_python_m_compatshim() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compatshim", "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert compatshim.__version__ in done.stdout


def test_the_command_line_loads_no_web_framework() -> None:
    code = (
        "import sys, compatshim.cli;"
        "print({'flask', 'webob', 'routes', 'waitress', 'babel'} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter, and code from above
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "set()\n"


def test_an_unknown_command() -> None:
    assert run("demos").exit_code == 2


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_a_port_that_cannot_be(port: str) -> None:
    assert run("demo", "--port", port).exit_code == 2


class TestDemo:
    @pytest.fixture(autouse=True)
    def _needs_the_extra(self) -> None:
        pytest.importorskip("flask_babel", reason="the demo needs flask-babel")
        pytest.importorskip("waitress", reason="the demo needs waitress")

    def test_a_port_in_use_is_one_line(self, taken_port: int) -> None:
        done = subprocess.run(  # noqa: S603 - this interpreter
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
    def test_a_host_that_is_not_here_is_one_line(self, host: str) -> None:
        result = run("demo", "--port", "0", "--host", host)
        assert result.exit_code == 1
        assert "--host" in result.output
        assert result.output.count("\n") == 1

    def test_a_folder_that_cannot_be_made_is_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        result = run("demo", "--check", "--data", str(tmp_path / "file" / "data"))
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert result.output.count("\n") == 1

    def test_a_file_that_is_no_catalogue_is_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "catalogue.sqlite3").write_text("Not a database. " * 100)
        result = run("demo", "--check", "--data", str(tmp_path))
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert result.output.count("\n") == 1


@pytest.mark.parametrize("missing", ["flask_babel", "waitress"])
def test_a_missing_extra_is_one_line(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    package = importlib.import_module("compatshim.demo")
    for name in ("application", "check", "server"):
        monkeypatch.delitem(sys.modules, f"compatshim.demo.{name}", raising=False)
        monkeypatch.delattr(package, name, raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(sys.modules, f"{missing}.server", None)
    result = run("demo")
    assert result.exit_code == 1
    assert result.output == (
        "Error: compatshim demo needs: pip install 'compatshim[demo]'\n"
    )
