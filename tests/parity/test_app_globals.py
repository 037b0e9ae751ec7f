"""``app_globals`` is one object for the whole application, on both sides."""

from __future__ import annotations

import flask

from compatshim import legacy
from compatshim.common import app_globals, c, g


def test_what_one_request_sets_every_other_one_finds(make_site, other):
    def write():
        app_globals.visits = 1

    site = make_site()
    site.add("/write", write)
    site.add("/read", lambda: (app_globals.visits, c.visits, g.visits), framework=other)
    site.open("/write")
    assert site.open("/read").result == (1, 1, 1)
    assert site.app_globals.visits == 1


def test_it_is_the_legacy_application_s(make_site):
    def view():
        own = legacy.app_globals if site.framework == "legacy" else site.app_globals
        return app_globals == own, app_globals._get_current_object() is site.app_globals

    site = make_site()
    site.add("/page", view)
    assert site.open("/page").result == (True, True)


def test_site_whose_legacy_application_has_none_has_one(make_site, other):
    def write():
        app_globals.visits = 1

    site = make_site(legacy_config={"pylons.app_globals": None})
    site.add("/write", write)
    site.add("/read", lambda: (app_globals.visits, c.visits), framework=other)
    site.open("/write")
    assert site.open("/read").result == (1, 1)


def test_flask_g_itself_has_none_of_its_names(serve):
    served = serve(lambda: (c.title, g.title, hasattr(flask.g, "title")))
    assert served.result == ("The site", "The site", False)
