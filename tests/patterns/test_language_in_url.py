from __future__ import annotations

import pytest

from compatshim.common import request, url_for
from compatshim.testing import client_for


def serve(page, side, view):
    """Serve a German page with ``view``, and return what that returned."""
    results = []

    def run(**_):
        results.append(view())
        return ""

    page.app.view_functions["item"] = run
    page.AboutController.index = lambda self: run()
    path = {"flask": "/de/item/1", "legacy": "/de/about"}[side]
    assert client_for(page.app).get(path).served_by == side
    return results[0]


@pytest.fixture(params=["flask", "legacy"])
def side(request):
    return request.param


def test_neither_sees_the_code_as_an_argument(client):
    view, action = client.get("/fr/item/3"), client.get("/fr/about")
    assert (view.served_by, action.served_by) == ("flask", "legacy")
    assert view.text == "item 3 (fr): /fr/item/2 /fr/about"
    assert action.text == "about (fr): /fr/item/1 /fr/about"


def test_urls_keep_the_language(page, side):
    urls = serve(page, side, lambda: (url_for("item", number=2), url_for("about")))
    assert urls == ("/de/item/2", "/de/about")


def test_another_language_may_be_asked_for(page, side):
    def view():
        return url_for("item", number=2, lang_code="fr"), url_for(
            "about", lang_code="fr"
        )

    assert serve(page, side, view) == ("/fr/item/2", "/fr/about")


def test_the_code_is_in_c(page, side):
    assert serve(page, side, lambda: page.c.lang_code) == "de"
    assert serve(page, side, lambda: page.g.lang_code) == "de"


def test_what_is_left_in_view_args(page, side):
    left = serve(page, side, lambda: "lang_code" in request.view_args)
    assert left is (side == "legacy")


def test_the_preprocessor_is_for_flask_requests(unserved_page):
    page = unserved_page
    del page.BaseController.__before__
    page.AboutController.index = lambda self: str("lang_code" in page.g)
    assert client_for(page.app).get("/de/about").text == "False"


def test_without_a_language(page):
    with page.app.test_request_context("/"):
        assert url_for("item", number=2) == "/en/item/2"
        assert url_for("about") == "/en/about"
