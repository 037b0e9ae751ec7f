"""Whatever serves a Flask application serves both sides, from ``module:app``."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

import ports

SITE = """
from flask import Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.common import is_flask_request, request
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp


def who():
    return f"{'flask' if is_flask_request() else 'legacy'} {request.path}"


class WhoController(WSGIController):
    def index(self):
        return who()


config = PylonsConfig()
config.init_app({}, {}, package="site")
config["routes.map"] = Mapper()
config["routes.map"].connect("/old", controller=WhoController, action="index")

app = Flask("site")
app.add_url_rule("/new", "new", who)
CompatShim(app, legacy=PylonsApp(config))
"""

SCRIPTS = Path(sysconfig.get_path("scripts"))
SERVERS = {
    "flask": ["flask", "--app", "site_of_both", "run", "--port", "{port}"],
    "gunicorn": ["gunicorn", "--bind", "127.0.0.1:{port}", "site_of_both:app"],
    "waitress": ["waitress-serve", "--listen=127.0.0.1:{port}", "site_of_both:app"],
}
PATIENCE = 60  # seconds for a server to start, on a machine that does other things


def command(name, port):
    script, *arguments = (part.format(port=port) for part in SERVERS[name])
    return [sys.executable, SCRIPTS / script, *arguments]


def wait_for(port, server):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)  # a server has no other way to say that it is ready
    server.kill()
    pytest.fail(server.communicate()[0].decode())


@pytest.fixture(
    params=[name for name in SERVERS if (SCRIPTS / SERVERS[name][0]).exists()]
)
def port(request, tmp_path):
    """The port of a server, started as a user would start it."""
    (tmp_path / "site_of_both.py").write_text(SITE, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    with (
        ports.held() as number,
        subprocess.Popen(
            command(request.param, number),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        wait_for(number, server)
        yield number
        server.terminate()
        server.communicate()


def test_a_server_of_flask_applications_serves_both_sides(port):
    for path, expected in (("/new", b"flask /new"), ("/old", b"legacy /old")):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, expected)
        connection.close()
