"""An application half ejected answers as before, and all of it without compatshim."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = """
from flask import Flask
from flask_babel import Babel
from compatshim import CompatShim


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", TITLE="Shop")
    Babel(app)
    CompatShim(app)
    from shop import account, api, cart
    for module in (account, api, cart):
        app.register_blueprint(module.bp)
    return app
"""

HELPERS = """# -*- coding: latin-1 -*-
from compatshim.common import (
    _,
    abort,
    c,
    config,
    flash,
    redirect,
    request as req,
    session,
    url_for,
)


def title():
    return config["TITLE"] + " \xe4"


def page():
    try:
        return int(req.params.get("page", "1"))
    except ValueError:
        abort(404, detail=_("No such page"))


def require_user():
    if "user" not in session:
        flash(_("Log in first"), "error")
        redirect(url_for("account.login", next=req.path_info))
    c.user = session["user"]


def add(item):
    c.item = item
    session.setdefault("cart", []).append(item)
    session.save()
"""

CART = """
from flask import Blueprint
from compatshim.common import c, redirect, render, request, streaming_response, url_for
from shop import helpers

bp = Blueprint("cart", __name__)


@bp.route("/")
def index():
    c.title = helpers.title()
    c.page = helpers.page()
    return render("index.html", names=[c for c in "ab"])


@bp.route("/add", methods=["GET", "POST"])
def add():
    helpers.require_user()
    helpers.add(request.params["item"])
    return redirect(url_for("cart.show"))


@bp.route("/cart")
def show():
    helpers.require_user()
    from compatshim.common import session
    return "%s: %s" % (c.user, ",".join(session.get("cart", [])))


@bp.route("/rows")
def rows():
    def data():
        yield request.args["name"]
    return streaming_response(data(), mimetype="text/csv")
"""

ACCOUNT = """
from flask import Blueprint
{imports}

bp = Blueprint("account", __name__)


@bp.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        session["user"] = request.POST["user"]
        session.save()
        return redirect(request.GET.get("next") or url("cart.index"))
    return ";".join(get_flashed_messages())
"""
STAR = "from compatshim.common import *\nfrom compatshim.common import url"
NAMED = (
    "from compatshim.common import (\n"
    "    get_flashed_messages, redirect, request, session, url)"
)

API = """
from flask import Blueprint, jsonify
from flask.views import MethodView
import compatshim.common as common
from compatshim.common import abort, redirect, request, url_for

bp = Blueprint("api", __name__)


class Items(MethodView):
    def get(self, id):
        if request.headers.get("X-Bad"):
            abort(403)
        if id == 0:
            return redirect(url_for("api.items", id=1))
        return jsonify(id=id, query=request.query_string, a=common.request.args["a"])

    def post(self, id):
        return jsonify(data=request.json["a"], xhr=request.is_xhr)


bp.add_url_rule("/items/<int:id>", view_func=Items.as_view("items"))
"""

PAGE = "{{ g.title }}|{{ g.page }}|{{ names|join }}|{{ url_for('cart.show') }}|{{ _('a') }}"

DRIVE = """
import json, sys
if sys.argv[1] == "without":
    sys.modules["compatshim"] = None
sys.path.insert(0, sys.argv[2])
from shop.application import create_app
client = create_app().test_client()
seen = []
def ask(method, path, **options):
    answer = client.open(path, method=method, **options)
    text = answer.text if answer.status_code == 200 else ""
    seen.append((method, path, answer.status_code, answer.location, text))
for path in ("/", "/?page=3", "/?page=x", "/add?item=1", "/login", "/rows?name=%C3%A4",
             "/items/0", "/items/3?a=1&a=2", "/absent"):
    ask("GET", path)
ask("POST", "/login?next=/cart", data={"user": "u"})
ask("GET", "/add?item=1")
ask("POST", "/add", data={"item": "2"})
ask("GET", "/cart")
ask("POST", "/items/3", json={"a": 1}, headers={"X-Requested-With": "XMLHttpRequest"})
ask("GET", "/items/3", headers={"X-Bad": "1"})
print(json.dumps(seen))
"""


def answers(how: str, site: Path) -> list[list[object]]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", DRIVE, how, str(site)],
        capture_output=True,
        check=True,
    )
    found: list[list[object]] = json.loads(done.stdout)
    return found


def eject(site: Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "compatshim", "eject", "--write", "."],
        capture_output=True,
        check=False,
        cwd=site,
        encoding="utf-8",
    )
    lines = [line for line in done.stderr.splitlines() if " needs a hand: " in line]
    return done.returncode, [line.partition(" needs")[0] for line in lines]


def test_each_step_answers_as_before(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    (shop / "templates").mkdir(parents=True)
    (shop / "templates" / "index.html").write_text(PAGE, encoding="utf-8")
    files = {
        "__init__": "",
        "application": APPLICATION,
        "account": ACCOUNT.format(imports=STAR),
        "api": API,
        "cart": CART,
    }
    for name, text in files.items():
        (shop / f"{name}.py").write_text(text, encoding="utf-8")
    helpers = HELPERS.replace("\n", "\r\n").encode("latin-1")
    (shop / "helpers.py").write_bytes(helpers)
    before = answers("with", tmp_path)
    assert [status for _, _, status, *_ in before] == [
        *(200, 200, 404, 302, 200, 200, 302, 200, 404),
        *(302, 302, 302, 200, 200, 403),
    ]
    assert before[12][-1] == "u: 1,2"

    assert eject(tmp_path) == (
        1,
        [
            "./shop/account.py:3: CS601 compatshim.common.*",
            "./shop/account.py:4: CS605 compatshim.common.url",
            "./shop/api.py:16: CS601 compatshim.common",
            "./shop/application.py:4: CS606 compatshim.CompatShim",
        ],
    )
    assert answers("with", tmp_path) == before
    changed = (shop / "helpers.py").read_bytes()
    assert b"compatshim" not in changed
    assert changed.count(b"\r\n") == changed.count(b"\n")
    assert (
        'return current_app.config["TITLE"] + " \xe4"\r\n'.encode("latin-1") in changed
    )

    account = ACCOUNT.format(imports=NAMED)
    (shop / "account.py").write_text(account, encoding="utf-8")
    api = (shop / "api.py").read_text(encoding="utf-8")
    api = api.replace("import compatshim.common as common\n", "")
    api = api.replace("common.request", "request")
    (shop / "api.py").write_text(api, encoding="utf-8")
    assert eject(tmp_path) == (0, [])
    assert answers("without", tmp_path) == before
