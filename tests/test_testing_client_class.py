"""``client_for`` keeps what the application's own clients and responses have."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from compatshim import CompatShim
from compatshim.testing import client_for


def any_legacy_app(environ, start_response):
    start_response("200 OK", [])
    return [b"legacy"]


class OwnClient(FlaskClient):
    """A client that logs in, say."""

    def log_in(self):
        return self.get("/flask")


class OwnResponse(Response):
    def first_letter(self):
        return self.text[0]


@pytest.fixture
def app():
    app = Flask("sample")
    app.add_url_rule("/flask", "flask", lambda: "flask")
    CompatShim(app, legacy=any_legacy_app)
    return app


def test_application_s_own_client_class(app):
    app.test_client_class = OwnClient
    client = client_for(app)
    assert isinstance(client, OwnClient)
    assert client.log_in().served_by == "flask"
    assert client.get("/legacy").served_by == "legacy"


def test_response_class_that_the_test_asks_for(app):
    answer = client_for(app, response_wrapper=OwnResponse).get("/legacy")
    assert (answer.first_letter(), answer.served_by) == ("l", "legacy")


def test_client_without_cookies(app):
    client = client_for(app, use_cookies=False)
    with pytest.raises(TypeError, match=r"(?i)cookies are disabled"):
        client.set_cookie("a", "1")
    assert client.get("/legacy").served_by == "legacy"
