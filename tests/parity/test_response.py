"""What shared code sets on ``response`` reaches the client, whoever serves."""

from __future__ import annotations

import pytest

from compatshim.common import request, response
from compatshim.legacy.controllers.util import Request as PylonsRequest

# A view's own tuple is Flask's.
flask_only = pytest.mark.parametrize("framework", ["flask"])


def test_header(serve):
    def view():
        response.headers["X-Trace"] = "12"
        return "page"

    served = serve(view)
    assert served.response.headers["X-Trace"] == "12"
    assert served.response.text == "page"


def test_header_that_was_set_is_read_back(serve):
    def view():
        response.headers["X-Trace"] = "12"
        return response.headers["x-trace"]

    assert serve(view).result == "12"


def test_header_with_several_values(serve):
    def view():
        response.headers.add("Link", "</a>; rel=prev")
        response.headers.add("Link", "</b>; rel=next")
        return "page"

    values = serve(view).response.headers.getlist("Link")
    assert values == ["</a>; rel=prev", "</b>; rel=next"]


@pytest.mark.parametrize("status", [201, 404, 418])
def test_status_code(serve, status):
    def view():
        response.status_int = status
        return "page"

    assert serve(view).response.status_code == status


def test_status_line(serve):
    def view():
        response.status = "404 Not Found"
        return "page"

    assert serve(view).response.status == "404 Not Found"


def test_status_set_by_number(serve):
    def view():
        response.status = 404
        return "page"

    assert serve(view).response.status == "404 Not Found"


def test_content_type(serve):
    def view():
        response.content_type = "text/plain"
        return "page"

    assert serve(view).response.mimetype == "text/plain"


def test_content_type_header_with_a_charset(serve):
    def view():
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        return "a,ä"

    served = serve(view)
    assert served.response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert served.response.text == "a,ä"


def test_content_type_is_html_where_nothing_is_set(serve):
    served = serve(lambda: "page")
    assert served.response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_cookie(serve):
    def view():
        response.set_cookie("theme", "dark", path="/", httponly=True)
        return "page"

    cookie = serve(view).response.headers["Set-Cookie"]
    assert cookie == "theme=dark; Path=/; HttpOnly"


def test_cookies_accumulate(serve):
    def view():
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return "page"

    cookies = serve(view).response.headers.getlist("Set-Cookie")
    assert cookies == ["a=1; Path=/", "b=2; Path=/"]


def test_cookie_is_deleted(serve):
    def view():
        response.delete_cookie("theme")
        return "page"

    cookie = serve(view).response.headers["Set-Cookie"]
    assert cookie.startswith("theme=; Max-Age=0; Path=/;")


def test_cookie_comes_back_with_the_next_request(make_site):
    site = make_site()
    site.add("/set", lambda: response.set_cookie("a", "1"))
    site.add("/get", lambda: request.cookies["a"])
    site.open("/set")
    assert site.open("/get").result == "1"


def test_signed_cookie_comes_back_with_the_next_request(make_site, other):
    site = make_site()
    site.add("/set", lambda: response.signed_cookie("a", [1, "ä"], secret="key"))
    site.add("/get", lambda: request.signed_cookie("a", "key"), framework=other)
    site.open("/set")
    assert site.open("/get").result == [1, "ä"]


def test_cache_control(serve):
    def view():
        response.cache_control.max_age = 60
        return "page"

    header = serve(view).response.headers["Cache-Control"]
    assert "max-age=60" in header


def test_etag_and_last_modified(serve):
    def view():
        response.etag = "version-1"
        response.headers["Last-Modified"] = "Sat, 21 Nov 2026 08:00:00 GMT"
        return "page"

    headers = serve(view).response.headers
    assert headers["ETag"] == '"version-1"'
    assert headers["Last-Modified"] == "Sat, 21 Nov 2026 08:00:00 GMT"


def test_nothing_that_was_set_reaches_the_next_request(make_site):
    site = make_site()

    def set_header():
        response.headers["X-Trace"] = "12"
        return "page"

    site.add("/set", set_header)
    site.add("/next", lambda: "page")
    site.open("/set")
    assert "X-Trace" not in site.open("/next").response.headers


@flask_only
def test_header_of_a_flask_view_wins(serve):
    def view():
        response.headers["X-Trace"] = "shared"
        response.headers["X-Other"] = "shared"
        return "page"

    def setup(site):
        inner = site.app.view_functions.pop("own")
        site.app.view_functions["own"] = lambda: (inner(), {"X-Trace": "own"})

    headers = serve(view, name="own", setup=setup).response.headers
    assert headers.getlist("X-Trace") == ["own"]
    assert headers["X-Other"] == "shared"


@flask_only
def test_cookies_of_a_flask_view_and_of_shared_code_are_both_sent(serve):
    def setup(site):
        inner = site.app.view_functions.pop("own")

        def view():
            answer = site.app.make_response(inner())
            answer.set_cookie("own", "1")
            return answer

        site.app.view_functions["own"] = view

    def shared():
        response.set_cookie("shared", "2")
        return "page"

    cookies = serve(shared, name="own", setup=setup).response.headers
    assert cookies.getlist("Set-Cookie") == ["own=1; Path=/", "shared=2; Path=/"]


def test_request_class_is_pylons_own(serve):
    served = serve(lambda: isinstance(request._get_current_object(), PylonsRequest))
    assert served.result is True


@pytest.mark.parametrize("status", [204, 304])
def test_status_without_a_body_has_none(serve, status):
    def view():
        response.status_int = status
        return "page"

    served = serve(view)
    assert (served.response.status_code, served.response.data) == (status, b"")


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_location_has_no_host_that_the_client_names(serve, host):
    def view():
        response.status_int = 302
        response.location = "/there"
        return ""

    served = serve(view, base_url=f"http://{host}")
    assert served.response.headers["Location"] == "/there"
