"""Every attribute of ``response`` reads back alike and is sent alike, whoever serves."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from compatshim.common import response

NOON = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
NOON_TEXT = "Sat, 21 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("name", "value", "header", "sent"),
    [
        ("status_int", 404, None, None),
        ("status_code", 404, None, None),
        ("status", "404 Not Found", None, None),
        ("allow", ("GET", "PUT"), "Allow", "GET, PUT"),
        ("vary", ("Accept", "Cookie"), "Vary", "Accept, Cookie"),
        ("content_language", ("de",), "Content-Language", "de"),
        ("content_encoding", "identity", "Content-Encoding", "identity"),
        ("content_location", "/other", "Content-Location", "/other"),
        ("content_disposition", "inline", "Content-Disposition", "inline"),
        ("content_type", "text/csv", "Content-Type", "text/csv; charset=UTF-8"),
        ("content_type", "application/json", "Content-Type", "application/json"),
        ("accept_ranges", "none", "Accept-Ranges", "none"),
        ("date", NOON, "Date", NOON_TEXT),
        ("expires", NOON, "Expires", NOON_TEXT),
        ("last_modified", NOON, "Last-Modified", NOON_TEXT),
        ("etag", "v1", "ETag", '"v1"'),
        ("location", "http://localhost/x", "Location", "http://localhost/x"),
        ("pragma", "x", "Pragma", "x"),
        ("age", 5, "Age", "5"),
        ("server", "sample", "Server", "sample"),
        (
            "www_authenticate",
            ("Basic", {"realm": "a"}),
            "WWW-Authenticate",
            'Basic realm="a"',
        ),
    ],
)
def test_attribute_that_was_set(serve, name, value, header, sent):
    def view():
        setattr(response, name, value)
        return "page"

    def read_back():
        view()
        found = getattr(response, name)
        return tuple(found) if isinstance(value, tuple) else found

    served = serve(read_back)
    assert served.result == value
    served = serve(view)
    assert served.response.status_code == (404 if header is None else 200)
    if header is not None:
        assert served.response.headers.getlist(header) == [sent]


@pytest.mark.parametrize(
    "name",
    [
        "status",
        "status_int",
        "content_type",
        "charset",
        "content_type_params",
        "content_length",
        "content_encoding",
        "content_language",
        "allow",
        "vary",
        "etag",
        "expires",
        "last_modified",
        "location",
        "age",
        "retry_after",
        "body",
        "text",
        "has_body",
        "app_iter",
        "conditional_response",
        "request",
        "environ",
        "pragma",
    ],
)
def test_attribute_that_nobody_set_has_the_same_default(make_site, name):
    def read(framework):
        site = make_site()
        site.add("/page", lambda: getattr(response, name), framework=framework)
        return site.open("/page").result

    assert read("flask") == read("legacy")


def test_headers_that_nobody_set_are_the_same(make_site):
    def read(framework):
        site = make_site()
        site.add("/page", lambda: dict(response.headers), framework=framework)
        return site.open("/page").result

    assert read("flask") == read("legacy") != {}


def test_defaults_are_the_legacy_applications(serve):
    options = {
        "content_type": "text/plain",
        "charset": "latin-1",
        "headers": {"A": "b"},
    }

    def view():
        return response.content_type, response.charset, response.headers["A"]

    served = serve(view, legacy_config={"pylons.response_options": options})
    assert served.result == ("text/plain", "latin-1", "b")


def test_default_header_can_be_deleted(serve):
    def view():
        del response.headers["Pragma"]
        del response.headers["Cache-Control"]
        return "page"

    headers = serve(view).response.headers
    assert "Pragma" not in headers
    assert "Cache-Control" not in headers


def test_default_header_can_be_set_to_its_own_value(serve):
    def view():
        response.headers["Pragma"] = response.headers["Pragma"] + ""
        response.cache_control = "no-cache"
        return "page"

    headers = serve(view).response.headers
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        (
            lambda: setattr(response.cache_control, "max_age", 60),
            "max-age=60, no-cache",
        ),
        (lambda: setattr(response, "cache_control", "public"), "public"),
        (lambda: setattr(response, "cache_expires", 60), "max-age=60"),
    ],
    ids=["max_age", "assigned", "cache_expires"],
)
def test_cache_control(serve, change, sent):
    def view():
        change()
        return "page"

    assert serve(view).response.headers["Cache-Control"] == sent


@pytest.mark.parametrize("seconds", [60, timedelta(seconds=60)])
def test_retry_after(serve, seconds):
    def view():
        response.retry_after = seconds
        return "page"

    assert "Retry-After" in serve(view).response.headers


@pytest.mark.parametrize("charset", ["latin-1", "utf-16-le"])
def test_charset_encodes_what_the_view_returns(serve, charset):
    def view():
        response.charset = charset
        return "päge"

    served = serve(view)
    assert served.response.headers["Content-Type"] == f"text/html; charset={charset}"
    assert served.response.data == "päge".encode(charset)


def test_content_type_with_its_charset(serve):
    def view():
        response.content_type = "text/csv; charset=latin-1"
        return "ä"

    served = serve(view)
    assert served.response.headers["Content-Type"] == "text/csv; charset=latin-1"
    assert served.response.data == b"\xe4"


def test_text_of_a_type_without_charset_is_utf_8(serve):
    def view():
        response.content_type = "application/json"
        return '"ä"'

    served = serve(view)
    assert served.response.headers["Content-Type"] == "application/json"
    assert served.response.json == "ä"


def test_content_type_that_was_removed(serve):
    def view():
        del response.content_type
        return b"page"

    assert "Content-Type" not in serve(view).response.headers


@pytest.mark.parametrize("status", [204, 304])
def test_status_without_a_body_has_no_content_type(serve, status):
    def view():
        response.status_int = status
        return ""

    served = serve(view)
    assert served.response.status_code == status
    assert "Content-Type" not in served.response.headers


def test_status_with_a_reason_of_its_own(serve):
    def view():
        response.status = "299 Strange"
        return "page"

    assert serve(view).response.status == "299 Strange"


def test_cookie_attributes(serve):
    def view():
        response.set_cookie(
            "a",
            "1",
            max_age=60,
            path="/x",
            domain="localhost",
            secure=True,
            httponly=True,
            samesite="lax",
        )
        return "page"

    cookie = serve(view).response.headers["Set-Cookie"]
    parts = cookie.split("; ")
    assert parts[0] == "a=1"
    assert {"Max-Age=60", "Path=/x", "Domain=localhost"} <= set(parts)
    assert {"secure", "HttpOnly", "SameSite=lax"} <= set(parts)


def test_cookie_that_was_unset_again(serve):
    def view():
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        response.unset_cookie("a")
        return "page"

    cookies = serve(view).response.headers.getlist("Set-Cookie")
    assert cookies == ["b=2; Path=/"]


def test_value_that_is_no_text_becomes_text(serve):
    def view():
        response.headers["X-Count"] = 5
        return response.headers["X-Count"]

    served = serve(view)
    assert (served.result, served.response.headers["X-Count"]) == ("5", "5")


BREAKS = ["a\r\nX-Evil: 1", "a\nb", "a\rb", "\n"]


@pytest.mark.parametrize("value", BREAKS)
@pytest.mark.parametrize(
    "change",
    [
        lambda value: response.headers.__setitem__("X-A", value),
        lambda value: response.headers.add("X-A", value),
        lambda value: response.headers.setdefault("X-A", value),
        lambda value: response.headers.update({"X-A": value}),
        lambda value: response.headers.extend([("X-A", value)]),
        lambda value: response.headers.extend({"X-A": value}),
        lambda value: response.headers.add(value, "a"),
        lambda value: setattr(response, "headers", {"X-A": value}),
        lambda value: setattr(response, "location", value),
        lambda value: setattr(response, "etag", value),
        lambda value: setattr(response, "content_type", value),
        lambda value: setattr(response, "charset", value),
        lambda value: setattr(response, "cache_control", value),
        lambda value: setattr(response, "status", f"200 {value}"),
        lambda value: response.set_cookie("a", value),
        lambda value: response.set_cookie("a", value.encode()),
        lambda value: response.set_cookie(value, "a"),
        lambda value: response.set_cookie("a", path=value),
        lambda value: response.set_cookie("a", "b", None, value),
        lambda value: response.set_cookie("a", domain=value),
        lambda value: response.delete_cookie("a", path=value),
    ],
)
def test_line_break_is_refused_where_it_is_set(serve, change, value):
    def view():
        with pytest.raises(ValueError, match=r"(?i)line break|control char"):
            change(value)
        return "page"

    served = serve(view)
    assert served.response.status_code == 200
    assert "X-Evil" not in served.response.headers


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(strategies.text(strategies.characters(max_codepoint=255)))
def test_any_header_value_is_sent_or_refused_alike(serve, value):
    def view():
        try:
            response.headers["X-A"] = value
        except ValueError:
            return "refused"
        return "set"

    served = serve(view)
    is_broken = "\n" in value or "\r" in value
    assert served.response.text == ("refused" if is_broken else "set")
    assert served.response.headers.get("X-A") == (None if is_broken else value)


@pytest.mark.parametrize(
    "name",
    [
        "determine_charset",
        "get_content",
        "md5_etag",
        "copy",
        "encode_content",
        "decode_content",
    ],
)
def test_method_can_be_called(serve, name):
    def view():
        getattr(response, name)()
        return "page"

    assert serve(view).response.status_code == 200


def test_copy_has_what_was_set(serve):
    def view():
        response.headers["X-A"] = "1"
        response.status = 201
        response.text = "page"
        copy = response.copy()
        return copy.status_int, copy.headers["X-A"], copy.text

    assert serve(view).result == (201, "1", "page")


def test_pylons_own_methods(serve):
    def view():
        response.headers["X-A"] = "1"
        status, headers, body = response.wsgi_response()
        return response.has_header("x-a"), status, headers["X-A"], body

    assert serve(view).result == (True, "200 OK", "1", b"")


def test_missing_attribute_is_an_error(serve):
    assert serve(lambda: hasattr(response, "no_such_attribute")).result is False
