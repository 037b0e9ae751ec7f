"""Serving legacy requests reads no watched name: it takes as long as it did."""

from __future__ import annotations

import flask
import pytest
import routes

from compatshim import CompatShim, common
from compatshim.deprecation import recorder, watched_names
from compatshim.legacy import request, response, session, tmpl_context, url
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.controllers.util import abort, redirect
from compatshim.legacy.i18n import _, set_lang
from compatshim.legacy.wsgiapp import PylonsApp


def shared_code() -> str:
    common.c.user = common.request.params.get("user", "nobody")
    common.session["seen"] = True
    common.response.headers["X-Seen"] = "yes"
    common.config.get("shop.name")
    return str(common._("Hello")) + common.url_for("page", action="own") + common.c.user


class ShopController(WSGIController):
    def own(self):
        tmpl_context.user = request.params.get("user", "nobody")
        session["seen"] = True
        response.headers["X-Seen"] = "yes"
        set_lang(None)
        return _("Hello") + url("page", action="own") + tmpl_context.user

    def shared(self):
        common.set_lang(None)
        return shared_code()

    def missing(self):
        abort(404)

    def moved(self):
        redirect("/own")


def make_app() -> flask.Flask:
    config = PylonsConfig()
    config.init_app({}, {}, package="shop")
    config["routes.map"] = mapper = routes.Mapper()
    mapper.connect("page", "/{action}", controller=ShopController)
    app = flask.Flask("shop")
    app.secret_key = "a secret of this test"
    app.add_url_rule("/flask", "flask_page", shared_code)
    CompatShim(app, legacy=PylonsApp(config))
    return app


@pytest.mark.parametrize(
    ("path", "status"),
    [("own", 200), ("shared", 200), ("flask", 200), ("missing", 404), ("moved", 302)],
)
def test_serving_reads_no_watched_name(path, status, monkeypatch):
    client = make_app().test_client()
    recorder.clear()
    reads = []
    find_frame = watched_names.current_frame
    monkeypatch.setattr(
        watched_names,
        "current_frame",
        lambda depth: reads.append(path) or find_frame(depth + 1),
    )
    for _number in range(2):
        assert client.get(f"/{path}?user=me").status_code == status
    assert reads == []
    assert [use.site for use in recorder.uses()] == []
    # And it would have been seen.
    exec("from compatshim.legacy import request", {"__name__": "shop"})
    assert reads
