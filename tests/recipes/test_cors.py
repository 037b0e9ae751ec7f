"""docs/recipes/cors.md."""

from __future__ import annotations

import pytest

from compatshim.common import abort

ORIGIN = "https://shop.example"


@pytest.fixture
def client(site, run_page):
    run_page("cors")
    site.add("/page", lambda: "page")
    site.add("/stop", lambda: abort(403))
    return site.client


@pytest.mark.parametrize(("path", "status"), [("/page", 200), ("/stop", 403)])
def test_an_allowed_origin(client, path, status):
    answer = client.get(path, headers={"Origin": ORIGIN})
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in answer.headers["Vary"]


def test_another_origin(client):
    answer = client.get("/page", headers={"Origin": "https://evil.example"})
    assert answer.text == "page"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_the_question_before_the_request(client):
    answer = client.options(
        "/page", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    )
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
