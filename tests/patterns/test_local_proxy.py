from __future__ import annotations

from types import SimpleNamespace

import pytest

from compatshim.common import render, streaming_response
from compatshim.errors import NoRequestError
from compatshim.testing import client_for, legacy_request_context

PATHS = {"flask": "/basket", "legacy": "/old/basket"}


@pytest.fixture(params=PATHS)
def side(request):
    return request.param


@pytest.fixture
def context(page, side):
    """Return a function that makes a request current."""
    contexts = {
        "flask": page.app.test_request_context,
        "legacy": lambda: legacy_request_context(page.app),
    }
    return contexts[side]


def serve(page, side, view, client=None):
    page.app.view_functions["add"] = view
    page.BasketController.add = lambda self: view()
    answer = (client or client_for(page.app)).get(PATHS[side], buffered=True)
    assert answer.served_by == side
    return answer.text


@pytest.mark.parametrize("other", PATHS)
def test_a_visitor_has_one_basket_on_both_sides(client, side, other):
    first = client.get(f"{PATHS[side]}?item=tea")
    second = client.get(f"{PATHS[other]}?item=milk")
    assert (first.served_by, second.served_by) == (side, other)
    assert second.text == "2: tea, milk"


def test_visitors_have_baskets_of_their_own(page, side):
    for _ in range(2):
        assert client_for(page.app).get(f"{PATHS[side]}?item=tea").text == "1: tea"


def test_one_object_for_each_request(page, side):
    made = []

    def view():
        made.append(page.basket._get_current_object())
        made.append(page.basket._get_current_object())
        return ""

    serve(page, side, view)
    serve(page, side, view)
    assert made[0] is made[1]
    assert made[2] is made[3]
    assert made[0] is not made[2]


def test_a_nested_legacy_request_has_its_own(page, context):
    with context():
        page.basket.add("tea")
        with legacy_request_context(page.app):
            assert len(page.basket) == 0
        assert len(page.basket) == 1


def test_a_basket_in_app_globals_is_nobody_s(unserved_page, side):
    shared = unserved_page.Basket(["shared"])
    app_globals = SimpleNamespace(basket=shared)
    unserved_page.legacy_config["pylons.app_globals"] = app_globals

    def view():
        assert unserved_page.g.basket is shared
        return str(len(unserved_page.basket))

    assert serve(unserved_page, side, view) == "0"


def test_without_a_request(page):
    with pytest.raises(NoRequestError):
        len(page.basket)
    with page.app.app_context(), pytest.raises(NoRequestError):
        len(page.basket)


def test_in_a_template(page, side):
    page.app.jinja_env.globals["basket"] = page.basket
    template = page.app.jinja_env.from_string("{{ basket.items|join }}")

    def view():
        page.basket.add("tea")
        return render(template)

    assert serve(page, side, view) == "tea"


def test_while_a_response_streams(page, side):
    def lines():
        yield ",".join(page.basket.items)

    client = client_for(page.app)
    client.get("/basket?item=bread")
    streaming = serve(
        page, side, lambda: streaming_response(lines(), "text/plain"), client
    )
    assert streaming == "bread"
