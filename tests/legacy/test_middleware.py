"""compatshim.legacy.middleware."""

from __future__ import annotations

from wsgiref.validate import validator

import pytest
import webob

from compatshim.legacy import request
from compatshim.legacy._error_page import ErrorPage
from compatshim.legacy.controllers.util import abort
from compatshim.legacy.middleware import (
    ErrorHandler,
    StatusCodeRedirect,
    error_document_template,
    error_mapper,
)


def get(app, path="/", **options):
    return webob.Request.blank(path, **options).send(app, catch_exc_info=True)


@pytest.fixture
def pages(counting):
    """An application that is missing everything but its error document."""

    class Pages:
        def __init__(self):
            self.first, self.second = counting(b"first"), counting(b"second")
            self.environs = []
            self.status = "404 Not Found"

        def __call__(self, environ, start_response):
            self.environs.append(environ)
            is_document = environ["PATH_INFO"] == "/error/document"
            status = "200 OK" if is_document else self.status
            start_response(status, [("Content-Type", "text/plain")])
            return self.second if is_document else self.first

    return Pages()


def test_the_error_document_stands_in_for_the_response(pages):
    response = get(validator(StatusCodeRedirect(pages)), "/missing")
    assert response.status == "404 Not Found"
    assert response.body == b"second"
    first, second = pages.environs
    assert first["PATH_INFO"] == "/missing"
    assert second["PATH_INFO"] == "/error/document"
    assert second["pylons.original_request"].path_info == "/missing"
    assert second["pylons.original_response"].status_int == 404
    assert (pages.first.closed, pages.second.closed) == (1, 1)


def test_the_error_document_may_read_the_original_response(pages):
    response = get(StatusCodeRedirect(pages), "/missing")
    assert pages.environs[1]["pylons.original_response"].body == b"first"
    assert pages.first.closed == 1
    response.app_iter.close()
    response.app_iter.close()
    assert (pages.first.closed, pages.second.closed) == (1, 1)


def test_an_error_document_that_fails_closes_the_original_response(pages):
    def app(environ, start_response):
        if environ["PATH_INFO"] == "/error/document":
            raise ZeroDivisionError
        return pages(environ, start_response)

    with pytest.raises(ZeroDivisionError):
        get(StatusCodeRedirect(app), "/missing")
    assert pages.first.closed == 1


def test_closing_goes_on_where_closing_fails(pages, counting):
    class Unclosable(counting):
        def close(self):
            raise ZeroDivisionError

    pages.second = Unclosable(b"second")
    response = get(StatusCodeRedirect(pages), "/missing")
    with pytest.raises(ZeroDivisionError):
        response.app_iter.close()
    assert pages.first.closed == 1


def test_a_status_that_is_not_among_the_errors(pages):
    pages.status = "410 Gone"
    response = get(StatusCodeRedirect(pages), "/missing")
    assert (response.status_int, response.body) == (410, b"first")
    response = get(StatusCodeRedirect(pages, errors=[410]), "/missing")
    assert (response.status_int, response.body) == (410, b"second")


def test_without_an_error_path(pages):
    assert get(StatusCodeRedirect(pages, path=""), "/missing").body == b"first"


def test_a_response_that_wants_to_be_left_alone(make_app, make_controller):
    def index(self):
        request.environ["pylons.status_code_redirect"] = True
        abort(404, "mine")

    app = StatusCodeRedirect(make_app(make_controller(index)))
    assert "mine" in get(app, "/index").text


def test_a_posted_request_has_an_error_document_too(make_app, make_controller):
    def document(self):
        original = request.environ["pylons.original_request"]
        return f"{original.POST['a']} {request.POST['a']}"

    controller = make_controller(
        lambda self: abort(403, request.POST["a"]), document=document
    )
    app = StatusCodeRedirect(make_app(controller), path="/document")
    response = get(app, "/index", method="POST", POST={"a": "é"})
    assert (response.status_int, response.text) == (403, "é é")


@pytest.mark.parametrize(
    ("code", "conf", "expected"),
    [
        (404, None, "/error/document/?message=a+b&code=404"),
        (500, {}, "/error/document/?message=a+b&code=500"),
        (500, {"debug": "true"}, None),
        (410, None, None),
    ],
)
def test_error_mapper(code, conf, expected):
    assert error_mapper(code, "a b", {}, conf) == expected


def test_error_mapper_maps_once():
    environ = {}
    assert error_mapper(404, "a", environ, None, unknown=1)
    assert error_mapper(404, "a", environ) is None


def test_error_document_template():
    page = error_document_template % {"code": 404, "prefix": "/p", "message": "<b>"}
    assert "Server Error 404" in page
    assert 'href="/p/error/style/black.css"' in page
    assert "&lt;b&gt;" in page


def failing(environ, start_response):
    raise ZeroDivisionError("secret")


def test_error_handler_in_production():
    app = ErrorHandler(failing, {"debug": "false"}, debug=False, error_message="Sorry")
    assert isinstance(app, ErrorPage)
    response = get(app)
    assert response.status_int == 500
    assert "Sorry" in response.text
    assert "secret" not in response.text


def test_error_handler_with_debug():
    """Werkzeug's debugger, which shows the exception and logs it to wsgi.errors."""
    response = get(ErrorHandler(failing, {"debug": "true"}))
    assert response.status_int == 500
    assert "ZeroDivisionError: secret" in response.text
