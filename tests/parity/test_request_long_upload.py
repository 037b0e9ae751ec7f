"""An upload of 500 MB lies on the disk while it is served, and nowhere after that."""

from __future__ import annotations

import json
import os
import subprocess
import sys

SIZE = 500 * 10**6

PROGRAM = """
import itertools, json, os, resource, sys
import flask
from routes import Mapper
from compatshim import CompatShim, legacy
from compatshim.common import is_flask_request, request
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

# What the process may have in memory, all in all.
resource.setrlimit(resource.RLIMIT_DATA, (200 * 10**6,) * 2)

SIZE = int(sys.argv[2])
HEAD = b'--cut\\r\\nContent-Disposition: form-data; name="document"; filename="a.bin"'
DIGITS = b"0123456789" * 10_000
TAIL = b"\\r\\n--cut--\\r\\n"

class Sent:
    "The body of the request, made as it is read."
    length = len(HEAD) + 4 + SIZE + len(TAIL)
    rest = HEAD + b"\\r\\n\\r\\n"
    parts = itertools.chain(itertools.repeat(DIGITS, SIZE // len(DIGITS)), [TAIL])
    def read(self, size):
        part = self.rest or next(self.parts, b"")
        self.rest = part[size:]
        return part[:size]

class Counter:
    "A file to save to."
    count = 0
    def write(self, part):
        self.count += len(part)

def open_files():
    return len(os.listdir("/dev/fd"))

def look():
    upload, saved = request.POST["document"], Counter()
    own = flask.request.files if is_flask_request() else legacy.request.POST
    upload.save(saved)
    upload.seek(SIZE - 4)
    end = upload.read(10).decode()
    upload.file.seek(SIZE // 2)
    return {
        "framework": "flask" if is_flask_request() else "legacy",
        "one object": upload is request.files["document"] is own["document"],
        "on disk": os.stat(upload.file.fileno()).st_size,
        "saved": saved.count,
        "end": end,
        "middle": upload.file.read(5).decode(),
        "opened files": open_files() > files_before,
    }

class Documents(WSGIController):
    def legacy(self):
        return json.dumps(look())

config = PylonsConfig()
config.init_app({}, {}, package="sample")
config["routes.map"] = mapper = Mapper()
mapper.connect("/{action}", controller=Documents)
app = flask.Flask("sample")
app.add_url_rule("/flask", "flask", look, methods=["POST"])
CompatShim(app, legacy=PylonsApp(config))
client = app.test_client()
files_before = open_files()
answer = client.post("/" + sys.argv[1], environ_overrides={
    "CONTENT_TYPE": "multipart/form-data; boundary=cut",
    "CONTENT_LENGTH": str(Sent.length),
    "wsgi.input": Sent(),
})
seen = answer.get_json(force=True)
answer.close()
print(json.dumps({**seen, "left open": open_files() - files_before}))
"""


def test_upload_of_500_megabytes_stays_on_disk(framework, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, framework, str(SIZE)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    assert json.loads(done.stdout) == {
        "framework": framework,
        "one object": True,
        "on disk": SIZE,
        "saved": SIZE,
        "end": "6789",
        "middle": "01234",
        "opened files": True,
        "left open": 0,
    }
    assert list(tmp_path.iterdir()) == []
