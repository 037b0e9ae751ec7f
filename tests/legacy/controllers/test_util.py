"""compatshim.legacy.controllers.util."""

from __future__ import annotations

import pytest
import webob
from webob.exc import HTTPFound

from compatshim.legacy import request, response
from compatshim.legacy.controllers.util import (
    Request,
    Response,
    abort,
    etag_cache,
    forward,
    redirect,
)

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("fr;q=0.6, en;q=0.1, ja;q=0.3", ["fr", "ja", "en-us"]),
        ("en", ["en-us"]),
        ("en-US", ["en-us"]),
        ("en-gb", ["en-gb", "en-us"]),
        ("de, fr", ["de", "fr", "en-us"]),
        ("de;q=0, fr", ["fr", "en-us"]),
        ("de;q=0.5, *;q=0.1", ["de", "en-us"]),
        ("not a / header", ["en-us"]),
        (None, ["en-us"]),
    ],
)
def test_languages(header, languages):
    blank = Request.blank("/")
    if header is not None:
        blank.headers["Accept-Language"] = header
    assert blank.languages == languages


def test_languages_for_an_application_whose_language_has_no_region():
    blank = Request.blank("/", headers={"Accept-Language": "fr, de-at, es"})
    blank.language = "de"
    assert blank.languages == ["fr", "de"]


def test_the_browser_s_charset():
    blank = Request.blank("/", headers={"Accept-Charset": "latin-1"})
    assert str(blank.determine_browser_charset()) == "latin-1"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html", "text/html"),
        ("text/*;q=0.1", "text/plain"),
        ("image/png", "text/plain"),
    ],
)
def test_match_accept(header, expected):
    blank = Request.blank("/", headers={"Accept": header})
    assert blank.match_accept(["text/plain", "text/html"]) == expected


def test_match_accept_of_nothing():
    assert Request.blank("/").match_accept([]) is None


@pytest.mark.parametrize("query", ["q=%ff", "q=\u65e5"])
def test_a_query_string_that_is_not_utf8_is_a_bad_request(serve, query):
    served = serve(lambda self: request.GET["q"], environ={"QUERY_STRING": query})
    assert served.status_int == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [(f"{FORM}; charset=latin-1", b"q=1"), ("multipart/form-data", b"q")],
)
def test_a_form_that_cannot_be_decoded_is_a_bad_request(serve, content_type, body):
    served = serve(
        lambda self: request.params["q"],
        method="POST",
        body=body,
        content_type=content_type,
    )
    assert served.status_int == 400


def test_the_response_s_additions():
    res = Response("é", charset="utf-8")
    assert res.content == res.get_content() == "é".encode()
    assert res.determine_charset() == "utf-8"
    assert res.has_header("content-type")
    assert not res.has_header("x-a")
    assert res.wsgi_response() == ("200 OK", res.headers, "é".encode())
    res.content = b"x"
    assert res.body == b"x"


def cookie_of(res, name):
    return res.headers["Set-Cookie"].split(";")[0].removeprefix(f"{name}=")


@pytest.mark.parametrize("secret", ["secret", b"secret"])
@pytest.mark.parametrize("data", ["é", 3, None, {"a": [1, 2]}])
def test_a_signed_cookie_comes_back(secret, data):
    res = Response()
    res.signed_cookie("a", data, secret=secret, path="/x", httponly=True)
    assert "; Path=/x; HttpOnly" in res.headers["Set-Cookie"]
    blank = Request.blank("/", cookies={"a": cookie_of(res, "a")})
    assert blank.signed_cookie("a", "secret") == data


def test_a_signed_cookie_that_was_changed():
    res = Response()
    res.signed_cookie("a", {"admin": False}, secret="secret")
    value = cookie_of(res, "a")
    for changed in (value[:-1], "0" + value[1:], value + "A", value[:64], "", "é" * 80):
        blank = Request.blank("/", environ={})
        blank.environ["HTTP_COOKIE"] = f"a={changed}".encode().decode("latin-1")
        assert blank.signed_cookie("a", "secret") is None
    assert Request.blank("/").signed_cookie("a", "secret") is None


def test_a_signed_cookie_under_another_name_or_secret():
    res = Response()
    res.signed_cookie("a", "data", secret="secret")
    value = cookie_of(res, "a")
    blank = Request.blank("/", cookies={"a": value, "b": value})
    assert blank.signed_cookie("b", "secret") is None
    assert blank.signed_cookie("a", "other") is None


def test_a_signed_cookie_needs_a_secret_and_json():
    with pytest.raises(ValueError, match="secret"):
        Response().signed_cookie("a", "data")
    with pytest.raises(TypeError):
        Response().signed_cookie("a", object(), secret="secret")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 200),
        ('"other"', 200),
        ('"1"', 304),
        ('W/"1"', 304),
        ('"0", "1"', 304),
    ],
)
def test_etag_cache(serve, header, status):
    def index(self):
        etag_cache(key=1)
        return "page"

    served = serve(index, headers={"If-None-Match": header} if header else {})
    assert served.status_int == status
    assert served.headers["ETag"] == '"1"'
    assert ("Content-Type" in served.headers) == (status == 200)
    assert ("Cache-Control" in served.headers) == (status == 200)


def test_forward_adds_cookies(serve):
    def other(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"other"]

    def index(self):
        response.set_cookie("a", "1")
        return forward(other)

    served = serve(index)
    assert served.text == "other"
    assert served.headers["Set-Cookie"] == "a=1; Path=/"


def test_forward_outside_of_a_controller(make_app):
    def function(environ, start_response):
        return forward(function)

    app = make_app(function)
    with pytest.raises(RuntimeError, match="WSGIController only"):
        webob.Request.blank("/index").get_response(app)


def test_abort(serve):
    def index(self):
        abort(404, "<b>", headers=[("X-A", "1")], comment="why")

    served = serve(index, headers={"Accept": "text/html"})
    assert served.status_int == 404
    assert "&lt;b&gt;" in served.text
    assert "<!-- why -->" in served.text
    assert served.headers["X-A"] == "1"


@pytest.mark.parametrize(
    ("args", "location"),
    [
        ((302, "/there"), "/there"),
        ((301, "/a", [("Location", "/b")]), "/b"),
        ((302,), "http://localhost/index"),
    ],
)
def test_abort_with_a_redirection(serve, args, location):
    served = serve(lambda self: abort(*args))
    assert served.status_int == args[0]
    assert served.location == location


def test_abort_with_an_unknown_status():
    with pytest.raises(KeyError):
        abort(999)


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("/there?a=1&b=%20#c", "/there?a=1&b=%20#c"),
        ("http://other.example/", "http://other.example/"),
        ("/köln", "/k%C3%B6ln"),
        ("/a\r\nX-Evil: 1", "/a%0D%0AX-Evil:%201"),
    ],
)
def test_redirect(serve, url, location):
    def index(self):
        response.set_cookie("a", "1")
        redirect(url, code=303)

    served = serve(index)
    assert served.status_int == 303
    assert served.headers["Location"] == location
    assert served.headers["Set-Cookie"] == "a=1; Path=/"


def test_redirect_is_found_unless_told_otherwise():
    with pytest.raises(HTTPFound):
        redirect("/")
