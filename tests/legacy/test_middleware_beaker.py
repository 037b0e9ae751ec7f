"""Beaker's middleware in front of a legacy application."""

from __future__ import annotations

import webob
from beaker.middleware import CacheMiddleware, SessionMiddleware

from compatshim import legacy
from compatshim.legacy.templating import cached_template


def test_sessions_and_caches(make_app, make_controller):
    def index(self):
        legacy.session["count"] = legacy.session.get("count", 0) + 1
        legacy.session.save()
        return cached_template(
            "t", lambda: f"made at {legacy.session['count']}", cache_key="k"
        )

    app = make_app(make_controller(index))
    app = SessionMiddleware(CacheMiddleware(app, {}), {"session.type": "memory"})
    first = webob.Request.blank("/index").get_response(app)
    assert first.text == "made at 1"
    cookie = first.headers["Set-Cookie"].split(";")[0]
    again = webob.Request.blank("/index", headers={"Cookie": cookie})
    assert again.get_response(app).text == "made at 1"
