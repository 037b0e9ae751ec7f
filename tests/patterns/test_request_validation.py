from __future__ import annotations

import pytest

from compatshim.legacy.controllers import WSGIController
from compatshim.testing import client_for

PATHS = {"flask": "/books/order", "legacy": "/old/books/order"}


@pytest.fixture(params=PATHS)
def side(request):
    return request.param


@pytest.fixture
def post(client, side):
    """Return a function that posts an order."""

    def post(**request):
        answer = client.post(PATHS[side], **request)
        assert answer.served_by == side
        return answer

    return post


def test_what_is_valid_is_passed_on(post):
    assert post(json={"item": "Emma", "number": 2}).text == "books: 2 x Emma"


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"item": 1, "number": 2}, {"item": "must be str"}),
        ({}, {"item": "must be str", "number": "must be int"}),
        ([], {"item": "must be str", "number": "must be int"}),
    ],
)
def test_what_is_not_valid_is_answered(post, data, errors):
    answer = post(json=data)
    assert (answer.status_code, answer.json) == (400, errors)


@pytest.mark.parametrize(
    ("content_type", "status"), [("application/json", 400), ("text/plain", 415)]
)
def test_a_body_that_is_no_json(post, content_type, status):
    answer = post(data="{", content_type=content_type)
    assert answer.status_code == status


def test_without_the_base_controller_a_wrapper_gets_everything(unserved_page):
    page = unserved_page
    action = vars(page.OrderController)["create"]
    plain = type("OrderController", (WSGIController,), {"create": action})
    page.routes_map.connect("/plain/{shop}", controller=plain, action="create")
    page.app.testing = True
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        client_for(page.app).post("/plain/books", json={"item": "Emma", "number": 2})
