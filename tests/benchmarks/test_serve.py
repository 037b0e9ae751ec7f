"""benchmarks/serve.py serves each application over HTTP, and reads what wrk says."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

import ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).parents[2]
PEERS = {
    "bare-flask": ["flask"],
    "bare-pylons": ["legacy"],
    "compatshim": ["flask", "legacy"],
    "ask-both": ["flask", "legacy"],
    "flask-first": ["flask", "legacy"],
}
SERVED = [
    (server, peer)
    for server, peers in {"waitress": PEERS, "gunicorn": ["compatshim"]}.items()
    if find_spec(server)
    for peer in peers
]
BODIES = {
    "flask": b"/dashboard/topic2/<id> of flask: x",
    "legacy": b"/organization/topic2/<id> of legacy: x",
}
PATIENCE = 60  # seconds, after which something that must happen has not

WRK = """\
Running 2s test @ http://127.0.0.1:8000/dashboard/topic2/x
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.27ms    1.90ms  20.49ms   74.37%
    Req/Sec     4.93k   313.55     5.51k    65.00%
  Latency Distribution
     50%    2.98ms
     75%    4.26ms
     90%    5.71ms
     99%    9.25ms
  9821 requests in 2.00s, 1.83MB read
Requests/sec:   4908.61
Transfer/sec:      0.92MB
"""


@pytest.fixture
def serve(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("serve")


@pytest.fixture
def wrk(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("_wrk")


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command; its folder is the first place where Python looks for modules."""
    environment = {**os.environ, "PYTHONSAFEPATH": "", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks" / "serve.py"), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            yield server
        finally:
            server.terminate()


def ask(url: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(("server_name", "peer"), SERVED)
def test_each_application_is_served_and_its_pages_are_named(
    serve: ModuleType, server_name: str, peer: str
) -> None:
    with (
        ports.held() as port,
        started(peer, f"--server={server_name}", f"--port={port}") as server,
    ):
        assert server.stdout is not None
        pages = dict(server.stdout.readline().split() for _ in PEERS[peer])
        assert list(pages) == [f"{side}:" for side in PEERS[peer]]
        serve.wait_for(server, port, urlsplit(next(iter(pages.values()))).path)
        for side in PEERS[peer]:
            assert ask(pages[f"{side}:"]) == (200, BODIES[side])


def test_a_server_that_ends_is_not_waited_for(serve: ModuleType) -> None:
    alone = pytest.raises(SystemExit, match="start the server alone to see why")
    with ports.held() as port, started("nobody") as server, alone:
        serve.wait_for(server, port, "/")


@pytest.mark.skipif(not find_spec("waitress"), reason="needs waitress")
def test_another_server_on_the_port_is_not_measured(serve: ModuleType) -> None:
    with (
        ports.held() as port,
        started("bare-flask", "--server=waitress", f"--port={port}") as server,
    ):
        serve.wait_for(server, port, "/dashboard/topic2/x")
        with pytest.raises(SystemExit, match=f"/other is not served on port {port}"):
            serve.wait_for(server, port, "/other")


def test_all_are_put_under_load_in_turn(
    serve: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[Any] = []

    @contextmanager
    def served(peer: str, options: Any) -> Iterator[None]:
        asked.append((peer, options.server, options.routes))
        yield
        asked.append(peer)

    def put_load(url: str, seconds: int) -> Any:
        asked.append((urlsplit(url).path, urlsplit(url).port, seconds))
        return sys.modules["_wrk"].Load(4908.61, 9.25)

    monkeypatch.setattr(serve, "check_wrk", lambda: None)
    monkeypatch.setattr(serve, "served", served)
    monkeypatch.setattr(serve, "put_load", put_load)
    serve.main(["all", "--routes=100", "--port=8123", "--seconds=2"])
    pages = {"flask": "/dashboard/topic17/x", "legacy": "/organization/topic17/x"}
    assert asked == [
        step
        for peer, sides in PEERS.items()
        for step in (
            (peer, "gunicorn", 100),
            *((pages[side], 8123, 2) for side in sides),
            peer,
        )
    ]
    title, heading, *rows = capsys.readouterr().out.splitlines()
    assert title == "gunicorn, 100 routes a side"
    assert heading.split() == [
        *("flask:", "requests/s", "p99", "ms"),
        *("legacy:", "requests/s", "p99", "ms"),
    ]
    for row, (peer, sides) in zip(rows, PEERS.items(), strict=True):
        assert row.split() == [peer, *(["4,909", "9.25"] * len(sides))]
    assert rows[0].endswith("9.25")
    assert rows[1].index("4,909") > len(rows[0])  # in the columns of the legacy side


def test_what_wrk_says_is_read(wrk: ModuleType) -> None:
    assert wrk.read_load(WRK) == (4908.61, 9.25)


@pytest.mark.parametrize(
    ("p99", "milliseconds"), [("812.00us", 0.812), ("1.20s", 1_200), ("1.50m", 90_000)]
)
def test_wrk_has_other_units_too(
    wrk: ModuleType, p99: str, milliseconds: float
) -> None:
    load = wrk.read_load(WRK.replace("9.25ms", p99))
    assert load.p99 == pytest.approx(milliseconds)


@pytest.mark.parametrize(
    "output",
    [
        "unable to connect to 127.0.0.1:8000 Connection refused\n",
        WRK + "  Non-2xx or 3xx responses: 9821\n",
        WRK + "  Socket errors: connect 0, read 3, write 0, timeout 0\n",
    ],
)
def test_what_is_no_measurement_is_refused(wrk: ModuleType, output: str) -> None:
    with pytest.raises(ValueError, match="this is no measurement"):
        wrk.read_load(output)


def test_a_missing_wrk_is_named_before_anything_is_served(
    serve: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit, match="apt-get install wrk"):
        serve.main(["all"])


@pytest.mark.parametrize("page", ["docs/load_test.md", "benchmarks/README.md"])
def test_the_commands_in_the_docs_are_understood(serve: ModuleType, page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    commands = re.findall(r"python benchmarks/serve\.py ([^#&\n]+)", text)
    assert commands
    for command in commands:
        serve.make_parser().parse_args(shlex.split(command))
