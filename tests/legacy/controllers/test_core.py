"""compatshim.legacy.controllers.core: how actions are called and their results merged."""

from __future__ import annotations

import functools

import pytest
import webob
import werkzeug.exceptions
import werkzeug.wrappers
from webob.exc import (
    HTTPException,
    HTTPForbidden,
    HTTPFound,
    HTTPNoContent,
    HTTPNotFound,
    HTTPNotModified,
)

from compatshim import legacy
from compatshim.legacy import request, response
from compatshim.legacy.controllers.util import Response
from compatshim.legacy.i18n import lazy_gettext


def test_each_controller_class_is_served(serve):
    served = serve(lambda self: "text")
    assert served.status_int == 200
    assert served.headers["Content-Type"] == "text/html; charset=utf-8"
    assert served.headers["Cache-Control"] == "no-cache"
    assert served.headers["Pragma"] == "no-cache"
    assert served.headers["Content-Length"] == "4"


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("é", "é"),
        ("é".encode(), "é"),
        (None, ""),
        (["a", b"b", "é"], "abé"),
        (("a",), "a"),
        (iter(["a", "é"]), "aé"),
        (lazy_gettext("lazy"), "lazy"),
        (webob.Response("plain WebOb"), "plain WebOb"),
        (Response("Pylons"), "Pylons"),
        (HTTPForbidden("returned"), "returned"),
    ],
)
def test_what_an_action_returns(serve, result, text):
    assert text in serve(lambda self: result).text


def test_text_is_added_to_what_was_written(serve):
    def index(self):
        response.write("written ")
        return "returned"

    assert serve(index).text == "written returned"


def test_text_in_the_charset_of_the_response(serve):
    def index(self):
        response.charset = "latin-1"
        return "é"

    assert serve(index).body == b"\xe9"


def test_text_in_a_response_whose_type_has_no_charset(serve):
    def index(self):
        response.headers["Content-Type"] = "application/json"
        return '"é"'

    assert serve(index).body == '"é"'.encode()


def test_the_response_itself_is_returned_with_its_cookies_once(serve):
    def index(self):
        response.set_cookie("a", "1")
        response.text = "itself"
        return response

    served = serve(index)
    assert served.text == "itself"
    assert served.headers.getall("Set-Cookie") == ["a=1; Path=/"]


@pytest.mark.parametrize("raised", [True, False])
def test_headers_and_cookies_are_merged_into_a_response_of_its_own(serve, raised):
    error = HTTPNotFound("gone", headers=[("X-B", "2")])
    error.set_cookie("own", "1")

    def index(self):
        response.set_cookie("shared", "1")
        response.headers["X-A"] = "1"
        response.headers["X-B"] = "1"
        if raised:
            raise error
        return error

    for _attempt in range(2):
        served = serve(index)
        assert served.status_int == 404
        assert "gone" in served.text
        assert (served.headers["X-A"], served.headers["X-B"]) == ("1", "2")
        assert served.headers["Cache-Control"] == "no-cache"
        assert sorted(served.headers.getall("Set-Cookie")) == [
            "own=1; Path=/",
            "shared=1; Path=/",
        ]
    assert error.headers.getall("Set-Cookie") == ["own=1; Path=/"]
    assert "X-A" not in error.headers


def test_an_http_exception_that_only_holds_a_response(serve):
    def index(self):
        response.set_cookie("a", "1")
        raise HTTPException("message", webob.Response("held", status=418))

    served = serve(index)
    assert (served.status_int, served.text) == (418, "held")
    assert "Set-Cookie" in served.headers


def test_an_exception_class_of_the_application_s_own(serve):
    class Gone(HTTPFound):
        def __init__(self, place):
            super().__init__(location=f"/{place}")

    def index(self):
        raise Gone("there")

    served = serve(index)
    assert served.status_int == 302
    assert served.location == "/there"


def test_the_exception_is_in_the_environ(serve):
    environ = {}
    error = HTTPNotFound("Custom")

    def index(self):
        environ.update(request.environ)
        raise error

    def after(self):
        assert request.environ["pylons.controller.exception"] is error
        assert response.status_int == 404

    assert serve(index, members={"__after__": after}).status_int == 404


@pytest.mark.parametrize("error", [HTTPNotModified, HTTPNoContent])
@pytest.mark.parametrize("where", ["__before__", "index", "__after__"])
def test_responses_without_a_body_have_no_content_type(serve, error, where):
    def fail(self):
        raise error

    members = {where: fail} if where != "index" else {}
    served = serve(fail if where == "index" else lambda self: "x", members=members)
    assert served.status_int == error.code
    assert "Content-Type" not in served.headers
    assert "Content-Length" not in served.headers


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_set_on_the_response(serve, status):
    def index(self):
        response.status_int = status

    served = serve(index)
    assert served.status_int == status
    assert "Content-Type" not in served.headers
    assert "Content-Length" not in served.headers


def test_before_and_after_are_called_around_the_action(serve):
    calls = []
    members = {
        "__before__": lambda self, action: calls.append(f"before {action}"),
        "__after__": lambda self: (calls.append("after"), response.write(" after")),
    }
    served = serve(lambda self: calls.append("action") or "text", members=members)
    assert calls == ["before index", "action", "after"]
    assert served.text == "text after"


def test_before_may_end_the_request(serve):
    def before(self):
        response.set_cookie("a", "1")
        response.headers["X-A"] = "1"
        response.headers["Other"] = "1"
        raise HTTPForbidden

    def fail(self):
        raise AssertionError

    served = serve(fail, members={"__before__": before, "__after__": fail})
    assert served.status_int == 403
    assert served.headers["Set-Cookie"] == "a=1; Path=/"
    assert served.headers["X-A"] == "1"
    assert served.headers["Other"] == "1"  # more than in Pylons: as any other abort


def test_after_may_replace_the_response(serve):
    def after(self):
        raise HTTPForbidden

    assert serve(lambda self: "x", members={"__after__": after}).status_int == 403


def test_after_is_not_called_after_an_unexpected_exception(serve):
    def after(self):
        raise AssertionError

    with pytest.raises(ZeroDivisionError):
        serve(lambda self: 1 / 0, members={"__after__": after})


def test_an_action_that_calls_start_response_itself(serve):
    def index(self, start_response):
        response.set_cookie("a", "1")
        response.headers["x-a"] = "1"
        response.headers["Other"] = "1"
        start_response("201 Created", [("Content-Type", "text/plain")])
        return [b"mine"]

    served = serve(index)
    assert (served.status_int, served.text) == (201, "mine")
    assert served.headers["X-A"] == "1"
    assert served.headers["Set-Cookie"] == "a=1; Path=/"
    assert "Other" not in served.headers


def test_headers_that_an_action_keeps_are_left_alone(serve):
    headers = [("Content-Type", "text/plain")]

    def index(self, start_response):
        response.set_cookie("a", "1")
        start_response("200 OK", headers)
        return [b""]

    assert "Set-Cookie" in serve(index).headers
    assert headers == [("Content-Type", "text/plain")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/_private", 404),
        ("/-private", 404),
        ("/start_response", 404),
        ("/_py_object", 404),
        ("/text", 404),
        ("/missing", 404),
        ("/%D0%9E%D0%B1", 404),
        ("/with-dash", 200),
        ("/with_dash", 200),
    ],
)
def test_what_can_be_called(serve, path, status):
    members = {
        "_private": lambda self: "secret",
        "text": "no action",
        "with_dash": lambda self: "x",
    }
    assert serve(None, path, members=members).status_int == status


def test_a_missing_action_with_debug(serve):
    with pytest.raises(NotImplementedError, match="'missing'"):
        serve(None, "/missing", options={"debug": True})


def test_a_route_without_an_action(make_app, make_controller):
    app = make_app(make_controller(None))
    app.config["routes.map"].explicit = True
    app.config["routes.map"].connect("/x/y/z", controller=make_controller(None))
    with pytest.raises(LookupError, match="no 'action'"):
        webob.Request.blank("/x/y/z").get_response(app)


def asked_for(self, item, environ, pylons, start_response, missing="default"):
    assert environ is request.environ
    assert pylons is self._py_object
    assert start_response is self.start_response
    return f"{item} {missing}"


def everything(self, **kwargs):
    return " ".join(sorted(kwargs))


def keyword_only(self, *, item):
    return item


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (asked_for, "7 default"),
        (everything, "action controller environ item pylons start_response"),
        (keyword_only, "7"),
        (lambda self: "nothing", "nothing"),
    ],
)
def test_an_action_gets_the_arguments_it_asks_for(serve, function, text):
    assert serve(function, "/index/7").text == text


def test_a_wrapper_is_called_as_it_is_declared(serve):
    @functools.wraps(asked_for)
    def wrapper(self, **kwargs):
        return " ".join(sorted(kwargs))

    text = "action controller environ item pylons start_response"
    assert serve(wrapper, "/index/7").text == text


def test_an_action_that_is_no_method(serve):
    class Callable:
        def __call__(self, item):
            return f"called with {item}"

    assert serve(Callable(), "/index/7").text == "called with 7"


def test_arguments_are_attached_to_tmpl_context_if_asked_for(serve):
    def index(self, item):
        return f"{legacy.tmpl_context.item} {hasattr(legacy.tmpl_context, 'action')}"

    options = {"pylons.tmpl_context_attach_args": True}
    assert serve(index, "/index/7", options=options).text == "7 False"


def test_a_signature_is_read_once_for_each_function(make_app, make_controller):
    controller = make_controller(lambda self: "x")
    app = make_app(controller)
    for _attempt in range(2):
        webob.Request.blank("/index").get_response(app)
    assert list(controller._cached_argspecs) == [controller.index]


def test_arguments_by_the_controller_s_own_method(serve):
    members = {"_get_method_args": lambda self: {"name": "mine"}}
    assert serve(lambda self, name: name, members=members).text == "mine"


def test_calls_by_the_controller_s_own_method(serve):
    members = {"_perform_call": lambda self, func, args: f"<{func(**args)}>"}
    assert serve(lambda self: "x", members=members).text == "<x>"


def test_a_generator_is_streamed_unread_and_without_a_length(serve):
    steps = []

    def body():
        steps.append("started")
        yield "é"

    def index(self):
        response.content_length = 0
        return body()

    served = serve(index)
    assert not steps
    assert served.content_length is None
    assert served.body == "é".encode()
    assert steps == ["started"]


def test_a_generator_s_error_is_the_server_s_to_see(serve):
    def index(self):
        yield "a"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _body = serve(index).body


def test_head_of_a_generator_closes_it(make_app, make_controller, counting):
    iterable = counting("a")
    app = make_app(make_controller(lambda self: iterable))
    environ = webob.Request.blank("/index", method="HEAD").environ
    result = app(environ, lambda *args: None)
    assert list(result) == []
    result.close()
    assert iterable.closed == 1


def test_a_test_sees_the_response(serve):
    testing = {}

    def index(self):
        raise HTTPNotFound

    serve(index, environ={"paste.testing_variables": testing})
    assert testing["response"].status_int == 404


@pytest.mark.parametrize(
    "make",
    [
        lambda: werkzeug.wrappers.Response("gone", 410, {"X-Own": "1"}),
        lambda: werkzeug.exceptions.Gone(
            response=werkzeug.wrappers.Response("gone", 410, {"X-Own": "1"})
        ),
    ],
    ids=["response", "exception"],
)
def test_what_flask_code_returns_is_the_response(serve, make):
    def index(self):
        response.set_cookie("a", "1")
        return make()

    served = serve(index)
    assert (served.status_int, served.text) == (410, "gone")
    assert served.headers["X-Own"] == "1"
    assert served.headers["Set-Cookie"] == "a=1; Path=/"


def test_every_value_of_a_header_is_put_into_a_returned_response(serve):
    def index(self):
        response.headers.add("Link", "</a>")
        response.headers.add("Link", "</b>")
        return Response("page")

    assert serve(index).headers.getall("Link") == ["</a>", "</b>"]
