"""A long download through the shim takes little memory."""

from __future__ import annotations

import http.client
import subprocess
import sys
from contextlib import closing

import pytest

PATIENCE = 30  # seconds, after which something that must happen has not


def connect(port):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)


BIG_DOWNLOAD = """
import os, resource, sys
from flask import Flask
from routes import Mapper
from waitress.server import create_server
from webob.static import FileApp
from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

size, path = 2 ** 30, sys.argv[1]
with open(path, "wb") as file:
    file.truncate(size)

def chunks():
    with open(path, "rb") as file:
        while chunk := file.read(2 ** 18):
            yield chunk

class Files(WSGIController):
    def generator(self):
        return chunks()
    def file_app(self, environ):
        return FileApp(path)(environ, self.start_response)
    def peak(self):
        return str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

config = PylonsConfig()
config.init_app({}, {}, package="sample")
config["routes.map"] = mapper = Mapper()
mapper.connect("/{action}", controller=Files)
app = Flask("sample")
CompatShim(app, legacy=PylonsApp(config))
server = create_server(app, host="127.0.0.1", port=0)
print(server.effective_port, flush=True)
server.run()
"""


@pytest.mark.parametrize("action", ["generator", "file_app"])
def test_a_download_of_one_gigabyte_takes_little_memory(tmp_path, action):
    command = [sys.executable, "-W", "ignore", "-c", BIG_DOWNLOAD, tmp_path / "big"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = int(server.stdout.readline())
            before = int(fetch(port, "/peak"))
            length = download(port, f"/{action}")
            grown = (int(fetch(port, "/peak")) - before) * 1024
        finally:
            server.kill()
    assert length == 2**30
    assert grown < 100 * 10**6


def fetch(port, path):
    with closing(connect(port)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


def download(port, path):
    """Return how many bytes of a body there are."""
    buffer = bytearray(2**20)
    length = 0
    with closing(connect(port)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        while count := answer.readinto(buffer):
            length += count
    return length
