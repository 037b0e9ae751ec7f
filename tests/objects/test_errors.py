"""The exceptions that inherit from both libraries' classes."""

from __future__ import annotations

import copy
import pickle

import pytest
import webob
import webob.exc
import werkzeug.exceptions
import werkzeug.wrappers
from routes.util import GenerationException
from werkzeug.routing import BuildError
from werkzeug.test import create_environ, run_wsgi_app

from compatshim.errors import CompatShimError, HTTPException, UrlBuildError
from compatshim.objects.errors import as_common, http_exception, response_exception

IN_BOTH = sorted(webob.exc.status_map.keys() & werkzeug.exceptions.default_exceptions)
OF_WERKZEUG_ALONE = sorted(
    werkzeug.exceptions.default_exceptions.keys() - webob.exc.status_map
)


def answer(error, path="/", **options):
    body, status, headers = run_wsgi_app(error, create_environ(path, **options))
    return b"".join(body), status, headers


@pytest.mark.parametrize("code", IN_BOTH)
def test_class_inherits_from_both_libraries(code):
    error = http_exception(code)
    assert isinstance(error, HTTPException)
    assert isinstance(error, webob.exc.status_map[code])
    assert isinstance(error, werkzeug.exceptions.default_exceptions[code])
    assert error.code == error.status_int == code


@pytest.mark.parametrize("code", sorted(webob.exc.status_map))
def test_status_of_the_answer(code):
    error = (
        http_exception(code, location="/x")
        if 300 <= code < 400
        else (http_exception(code))
    )
    assert answer(error)[1].startswith(f"{code} ")


@pytest.mark.parametrize("code", [0, 299, 999, None, "404"])
def test_code_that_has_no_exception_is_a_lookup_error(code):
    with pytest.raises(LookupError, match=repr(code)):
        http_exception(code)


def test_class_is_made_once():
    assert type(http_exception(404)) is type(http_exception(404))
    assert type(http_exception(404)) is not type(http_exception(403))


def test_description_is_the_explanation_where_none_is_given():
    assert http_exception(404).description == "The resource could not be found."


def test_description_and_detail_are_one():
    error = http_exception(404, "No page")
    assert (error.description, error.detail, str(error)) == (
        "No page",
        "No page",
        "No page",
    )


def test_name_is_werkzeugs():
    assert http_exception(404).name == "Not Found"


def test_headers_are_sent():
    error = http_exception(429, headers={"Retry-After": "10"})
    assert answer(error)[2]["Retry-After"] == "10"


def test_comment_is_not_markup():
    environ = {"headers": {"Accept": "text/html"}}
    body, _, _ = answer(http_exception(404, comment="--><script>"), **environ)
    assert b"<script>" not in body


def test_werkzeug_response_without_an_environ():
    response = http_exception(404, "No page").get_response()
    assert response.status_code == 404
    assert "No page" in response.get_data(as_text=True)


@pytest.mark.parametrize("code", [204, 304])
def test_answer_without_a_body_has_no_content_type(code):
    response = http_exception(code).get_response(create_environ())
    assert "Content-Type" not in response.headers
    assert response.get_data() == b""


@pytest.mark.parametrize("host", ["localhost", "localhost:80", "evil.example"])
@pytest.mark.parametrize("location", ["/x", "/x?y=http://z/", "/x#http://z"])
def test_host_of_the_client_is_not_in_the_location(host, location):
    error = http_exception(302, location=location)
    assert answer(error, headers={"Host": host})[2]["Location"] == location


def test_location_below_a_mount_point_stays_as_it_is():
    error = http_exception(302, location="/mount/x")
    sent = answer(error, base_url="http://localhost/mount")[2]["Location"]
    assert sent == "/mount/x"


def test_answer_can_be_given_twice():
    error = http_exception(404, "No page")
    assert answer(error)[0] == answer(error)[0]


def test_copy_is_the_same_error():
    error = copy.copy(http_exception(404, "No page"))
    assert (error.code, error.description) == (404, "No page")


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_redirect_that_is_answered_twice_keeps_its_location(host):
    error = http_exception(302, location="new")
    for _ in range(2):
        sent = answer(error, "/folder/page", headers={"Host": host})[2]["Location"]
        assert sent == "/folder/new"
    assert error.get_response().headers["Location"] == "/new"


def test_redirect_to_the_page_itself_depends_on_the_page():
    error = http_exception(302)
    assert answer(error, "/a")[2]["Location"] == "/a"
    assert answer(error, "/b?c=1")[2]["Location"] == "/b"


@pytest.mark.parametrize("code", OF_WERKZEUG_ALONE)
def test_class_that_webob_lacks_is_made_of_werkzeugs(code):
    error = http_exception(code)
    werkzeug_class = werkzeug.exceptions.default_exceptions[code]
    assert isinstance(error, webob.exc.HTTPClientError)
    assert isinstance(error, werkzeug_class)
    assert error.description == werkzeug_class.description
    assert error.code == error.status_int == code


def test_header_with_a_line_break_is_refused():
    error = http_exception(404)
    with pytest.raises(ValueError, match="line break"):
        error.headers["X-A"] = "a\nb"


# The twins of WebOb's own exceptions.


@pytest.mark.parametrize("code", sorted(webob.exc.status_map))
def test_twin_answers_as_the_exception_itself(code):
    raised = webob.exc.status_map[code]("The <reason>", comment="A comment")
    if 300 <= code < 400 and code != 304:
        raised.location = "http://localhost/x"
    twin = as_common(raised)
    assert isinstance(twin, HTTPException)
    assert isinstance(twin, type(raised))
    assert twin.__cause__ is raised
    assert (twin.code, twin.args) == (code, raised.args)
    for accept in ("text/html", "application/json", "text/plain"):
        headers = {"Accept": accept}
        assert answer(twin, headers=headers) == answer(raised, headers=headers)


def test_twin_keeps_what_was_set_on_the_exception():
    raised = webob.exc.HTTPNotFound("No page")
    raised.headers["X-A"] = "1"
    raised.note = "note"
    twin = as_common(raised)
    twin.headers["X-B"] = "2"
    assert (twin.note, twin.description, twin.detail) == ("note", "No page", "No page")
    assert answer(twin)[2]["X-A"] == "1"
    assert "X-B" not in raised.headers


@pytest.mark.parametrize(
    "error",
    [KeyError("a"), http_exception(404), werkzeug.exceptions.NotFound()],
    ids=lambda error: type(error).__name__,
)
def test_any_other_exception_is_its_own_twin(error):
    assert as_common(error) is error


def test_exception_of_a_response_is_of_both_libraries():
    error = response_exception(webob.Response(b"own", status=429))
    for base in (webob.exc.HTTPException, werkzeug.exceptions.HTTPException):
        assert isinstance(error, base)
    assert (error.code, error.description, str(error)) == (
        None,
        None,
        "429 Too Many Requests",
    )
    assert error.get_response().get_data() == b"own"
    assert answer(error)[0] == b"own"


def test_url_build_error_is_of_both_libraries():
    error = UrlBuildError("page", {"a": 1}, "no such route")
    for cls in (BuildError, GenerationException, CompatShimError, LookupError):
        assert isinstance(error, cls)
    assert (error.endpoint, error.values, error.reason) == (
        "page",
        {"a": 1},
        "no such route",
    )
    assert str(error) == "Could not build a URL for 'page': no such route"


class OwnNotFound(webob.exc.HTTPNotFound):
    """A site's own exception."""


@pytest.mark.parametrize("code", [*IN_BOTH, *OF_WERKZEUG_ALONE, 302, 303])
def test_http_exception_can_be_pickled(code):
    error = http_exception(code, "No page", {"X-Y": "z"}, location="/x")
    assert_is_the_same(pickle.loads(pickle.dumps(error)), error)  # noqa: S301 (our own)


@pytest.mark.parametrize(
    "error",
    [
        as_common(OwnNotFound("No page")),
        response_exception(werkzeug.wrappers.Response("No page", 409)),
        response_exception(webob.Response("No page", 409)),
    ],
    ids=["a site's own", "Werkzeug's response", "WebOb's response"],
)
def test_exception_of_other_kinds_can_be_pickled(error):
    assert_is_the_same(pickle.loads(pickle.dumps(error)), error)  # noqa: S301 (our own)


def assert_is_the_same(again, error):
    assert type(again) is type(error)
    assert (str(again), again.code) == (str(error), error.code)
    assert answer(again) == answer(error)
