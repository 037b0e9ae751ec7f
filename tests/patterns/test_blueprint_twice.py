from __future__ import annotations

import pytest

from compatshim.common import request, url_for
from compatshim.errors import UrlBuildError
from compatshim.testing import client_for, legacy_request_context

SHOPS = ["books", "tools"]


@pytest.fixture(params=["flask", "legacy"])
def context(page, request):
    contexts = {
        "flask": lambda: page.app.test_request_context("/books/"),
        "legacy": lambda: legacy_request_context(page.app, "/books/basket"),
    }
    return contexts[request.param]


@pytest.mark.parametrize("shop", SHOPS)
def test_each_half_serves_each_shop(client, shop):
    view = client.get(f"/{shop}/")
    assert view.served_by == "flask"
    assert view.text == f"{shop}: /{shop}/item/1 /{shop}/basket"
    action = client.get(f"/{shop}/basket")
    assert action.served_by == "legacy"
    assert action.text == f"basket of {shop}: /{shop}/item/1"


@pytest.mark.parametrize("shop", SHOPS)
def test_urls_are_built_alike(context, shop):
    with context():
        assert url_for(f"{shop}.item", number=2) == f"/{shop}/item/2"
        assert url_for(f"{shop}.index") == f"/{shop}/"
        assert url_for(f"{shop}_basket") == f"/{shop}/basket"


def test_urls_outside_of_a_request(page):
    page.app.config["SERVER_NAME"] = "shop.example"
    with page.app.app_context():
        assert url_for("tools.item", number=2, _external=False) == "/tools/item/2"


def test_the_value_is_an_argument_on_both_sides(context):
    with context():
        assert request.view_args["shop"] == "books"


def test_a_relative_name_needs_a_blueprint(page):
    with page.app.test_request_context("/tools/"):
        assert url_for(".item", number=1) == "/tools/item/1"
    with (
        legacy_request_context(page.app, "/tools/basket"),
        pytest.raises(UrlBuildError),
    ):
        url_for(".item", number=1)


def test_an_unknown_shop_is_not_found(client):
    assert client.get("/toys/").status_code == 404
    assert client.get("/toys/basket").status_code == 404


def test_as_extensions_they_come_before_legacy_routes(unserved_page):
    page = unserved_page
    page.routes_map.connect("/toys/", controller=page.BasketController, action="show")
    page.shim.register_blueprint(
        page.bp,
        origin="extension",
        name="toys",
        url_prefix="/toys",
        url_defaults={"shop": "books"},
    )
    assert client_for(page.app).get("/toys/").served_by == "flask"
