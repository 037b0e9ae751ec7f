from __future__ import annotations

import pytest
from werkzeug.test import Client as WSGIClient

from compatshim.testing import client_for, legacy_request_context


def test_the_object_is_a_wsgi_application_of_both_halves(page):
    client = WSGIClient(page.Shop("Books"))
    assert client.post("/order?item=Emma").text == "Ordered from Books"
    assert client.get("/").text == "Books: Emma"


def test_each_half_serves_its_own(page):
    client = client_for(page.Shop("Books").app)
    assert client.get("/").served_by == "flask"
    assert client.post("/order?item=Emma").served_by == "legacy"


def test_objects_share_nothing(page):
    books, tools = page.Shop("Books"), page.Shop("Tools")
    books.app.test_client().post("/order?item=Emma")
    assert (books.orders, tools.orders) == (["Emma"], [])


@pytest.mark.parametrize("inner", ["flask", "legacy"])
@pytest.mark.parametrize("outer", ["flask", "legacy"])
def test_the_proxy_is_the_one_that_serves(page, outer, inner):
    books, tools = page.Shop("Books"), page.Shop("Tools")
    contexts = {
        "flask": lambda shop: shop.app.test_request_context(),
        "legacy": lambda shop: legacy_request_context(shop.app),
    }
    with contexts[outer](books):
        assert page.shop.title == "Books"
        with contexts[inner](tools):
            assert page.shop.title == "Tools"
        tools.app.test_client().post("/order?item=saw")
        assert page.shop.title == "Books"
    assert tools.orders == ["saw"]


def test_outside_of_a_request(page):
    books = page.Shop("Books")
    with pytest.raises(RuntimeError, match="application context"):
        _title = page.shop.title
    with books.app.app_context():
        assert page.shop.title == "Books"
