"""docs/recipes/request-id.md."""

from __future__ import annotations

import io
import logging
import re

import pytest

from compatshim.common import c


@pytest.fixture
def page(site, run_page):
    page = run_page("request-id")
    page.handler.setStream(io.StringIO())
    site.add("/page", lambda: c.request_id)
    site.add("/fail", fail)
    yield page
    site.app.logger.removeHandler(page.handler)


def fail():
    raise ZeroDivisionError


def test_that_of_the_proxy_is_kept(site, page):
    answer = site.client.get("/page", headers={"X-Request-ID": "abcd-1234"})
    assert answer.text == answer.headers["X-Request-ID"] == "abcd-1234"


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "abcd 1234 forged", "äöüäöüäöü"]
)
def test_another_one_is_made_for_what_is_none(site, page, given):
    headers = {"X-Request-ID": given.encode().decode("latin-1")}
    first, second = (site.client.get("/page", headers=headers) for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first.headers["X-Request-ID"])
    assert first.text == first.headers["X-Request-ID"] != second.text


def test_the_log_has_it(site, page):
    answer = site.client.get("/fail", headers={"X-Request-ID": "abcd-1234"})
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] == "abcd-1234"
    logged = page.handler.stream.getvalue()
    assert logged.startswith("abcd-1234 ERROR Exception on /fail [GET]")


def test_outside_of_requests_there_is_none(site, page):
    site.app.logger.setLevel(logging.INFO)
    site.app.logger.warning("at the start")
    assert page.handler.stream.getvalue() == "- WARNING at the start\n"
