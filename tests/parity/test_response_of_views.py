"""Whatever a view returns, its own values win, and what shared code set is added."""

from __future__ import annotations

import gc
import weakref

import flask
import pytest
import webob
import webob.exc
import werkzeug.exceptions
from werkzeug.wrappers import Response as WerkzeugResponse

from compatshim import CompatShim
from compatshim.common import (
    abort,
    is_flask_request,
    redirect,
    render,
    request,
    response,
    streaming_response,
)
from compatshim.errors import NotForwardedError, NotInitialisedError
from compatshim.legacy import response as pylons_response
from compatshim.legacy.controllers import WSGIController
from compatshim.objects.errors import http_exception

# Tuples, dictionaries and Flask's responses are what Flask's views return.
flask_only = pytest.mark.parametrize("framework", ["flask"])
legacy_only = pytest.mark.parametrize("framework", ["legacy"])

JSON = "application/json"
HTML = "text/html; charset=utf-8"


@pytest.fixture
def answer(make_site, framework):
    """Return a function that serves one request, with exactly what ``view`` returns."""

    def get(view, setup=None, config=None, **options):
        site = make_site(config)
        if framework == "flask":
            site.app.add_url_rule("/page", "page", view)
        else:
            members = {"show": staticmethod(view)}
            controller = type("PageController", (WSGIController,), members)
            site.mapper.connect("page", "/page", controller=controller, action="show")
        if setup is not None:
            setup(site.app)
        return site.client.open("/page", buffered=True, **options)

    return get


def set_all():
    response.status = 404
    response.headers["X-Own"] = response.headers["X-Other"] = "shared"
    response.content_type = "text/plain"
    response.set_cookie("shared", "1")


def sets(change, result):
    """Return a view that changes ``response`` and returns ``result``, or its result."""

    def view():
        change()
        return result() if callable(result) else result

    return view


# What the view states wins.


@flask_only
@pytest.mark.parametrize(
    ("result", "status"),
    [
        (lambda: "page", 404),
        (lambda: b"page", 404),
        (lambda: bytearray(b"page"), 404),
        (lambda: iter(["pa", "ge"]), 404),
        (lambda: (part for part in [b"pa", "ge"]), 404),
        (lambda: {"a": 1}, 404),
        (lambda: [1], 404),
        (lambda: ("page", {"X-A": "b"}), 404),
        (lambda: ("page", None, {"X-A": "b"}), 404),
        (lambda: ({"a": 1}, {"X-A": "b"}), 404),
        (lambda: ("page", 200), 200),
        (lambda: ("page", 201), 201),
        (lambda: ("page", "200 Fine"), 200),
        (lambda: ("page", 200, {"X-A": "b"}), 200),
        (lambda: ({"a": 1}, 200), 200),
        (lambda: ([1], 202), 202),
        (lambda: flask.Response("page"), 200),
        (lambda: flask.Response("page", status=200), 200),
        (lambda: flask.Response("page", status=202), 202),
        (lambda: (flask.Response("page"), 203), 203),
        (lambda: flask.make_response("page"), 200),
        (lambda: flask.make_response("page", 203), 203),
        (lambda: flask.jsonify(a=1), 200),
        (lambda: WerkzeugResponse("page"), 200),
        (lambda: webob.Response("page", charset="utf-8"), 200),
        (lambda: streaming_response(["page"]), 200),
        (werkzeug.exceptions.Conflict, 409),
        (webob.exc.HTTPConflict, 409),
        (lambda: http_exception(409), 409),
    ],
)
def test_status_that_a_flask_view_states_wins(answer, result, status):
    served = answer(sets(set_all, result))
    assert served.status_code == status
    assert served.headers.getlist("X-Other") == ["shared"]
    assert served.headers.getlist("Set-Cookie") == ["shared=1; Path=/"]


@flask_only
@pytest.mark.parametrize(
    ("result", "sent"),
    [
        (lambda: "page", "text/plain; charset=UTF-8"),
        (lambda: ("page", 200), "text/plain; charset=UTF-8"),
        (lambda: iter(["page"]), "text/plain; charset=UTF-8"),
        (lambda: {"a": 1}, "text/plain; charset=UTF-8"),
        (lambda: ("page", {"Content-Type": "text/x"}), "text/x"),
        (lambda: ("page", 200, [("content-type", "text/x")]), "text/x"),
        (lambda: ({"a": 1}, {"Content-Type": "text/x"}), "text/x"),
        (lambda: flask.Response("page"), HTML),
        (lambda: flask.Response("page", mimetype="text/x"), "text/x; charset=utf-8"),
        (lambda: flask.jsonify(a=1), JSON),
        (lambda: webob.Response(b"page", content_type="image/x"), "image/x"),
        (lambda: streaming_response(["page"], "text/csv"), "text/csv; charset=utf-8"),
    ],
)
def test_content_type_that_a_flask_view_states_wins(answer, result, sent):
    served = answer(sets(set_all, result))
    assert served.headers.getlist("Content-Type") == [sent]


@flask_only
@pytest.mark.parametrize(
    "result",
    [
        lambda: ("page", {"X-Own": "own"}),
        lambda: ("page", 200, [("x-own", "own")]),
        lambda: flask.Response("page", headers={"X-Own": "own"}),
        lambda: (flask.Response("page", headers={"X-Own": "no"}), {"X-Own": "own"}),
        lambda: webob.Response(b"page", headerlist=[("X-Own", "own")]),
        lambda: streaming_response(["page"], headers={"X-Own": "own"}),
        lambda: http_exception(404, headers={"X-Own": "own"}),
        lambda: abort(404, headers={"X-Own": "own"}),
    ],
)
def test_header_that_a_flask_view_states_wins(answer, result):
    headers = answer(sets(set_all, result)).headers
    assert headers.getlist("X-Own") == ["own"]
    assert headers.getlist("X-Other") == ["shared"]


@pytest.mark.parametrize(
    "result",
    [
        lambda: webob.Response("page", status=202, headers={"X-Own": "own"}),
        lambda: http_exception(202, headers={"X-Own": "own"}),
        lambda: abort(202, headers={"X-Own": "own"}),
        lambda: webob.exc.HTTPAccepted(headers={"X-Own": "own"}.items()),
    ],
    ids=["response", "returned", "raised", "webob"],
)
def test_response_of_webob_wins_under_both(answer, result):
    served = answer(sets(set_all, result))
    assert served.status_code == 202
    assert served.headers.getlist("X-Own") == ["own"]
    assert served.headers.getlist("X-Other") == ["shared"]
    assert served.headers.getlist("Set-Cookie") == ["shared=1; Path=/"]
    assert served.mimetype != "text/csv"


def test_cookies_accumulate_with_those_of_a_returned_response(answer):
    def view():
        response.set_cookie("shared", "1")
        own = webob.Response("page")
        own.set_cookie("own", "2")
        return own

    cookies = answer(view).headers.getlist("Set-Cookie")
    assert sorted(cookies) == ["own=2; Path=/", "shared=1; Path=/"]


def test_cookie_of_one_name_is_sent_twice(answer):
    def view():
        response.set_cookie("a", "shared")
        own = webob.Response("page")
        own.set_cookie("a", "own")
        return own

    assert len(answer(view).headers.getlist("Set-Cookie")) == 2


def test_explicit_default_status_stays(answer):
    def view():
        response.status = 200
        return "page"

    assert answer(view).status_code == 200


def test_shared_values_go_into_text(answer):
    served = answer(sets(set_all, "page"))
    assert served.status_code == 404
    assert served.headers["X-Own"] == "shared"
    assert served.mimetype == "text/plain"
    assert served.text == "page"


@flask_only
def test_json_keeps_its_type_where_only_a_charset_was_set(answer):
    def view():
        response.charset = "latin-1"
        return {"a": 1}

    assert answer(view).headers["Content-Type"] == JSON


@flask_only
def test_text_with_a_type_of_its_own_is_utf_8(answer):
    def view():
        response.charset = "latin-1"
        return "ä", {"Content-Type": "text/x; charset=utf-8"}

    assert answer(view).text == "ä"


@flask_only
@pytest.mark.parametrize("result", [(), ("page",), ("page", 1, {}, 2), object(), 5])
def test_what_no_view_may_return_is_flasks_own_error(answer, result):
    with pytest.raises(TypeError, match="did not return a valid response"):
        answer(sets(set_all, lambda: result))


def test_template_is_encoded_as_was_set(answer, write_template):
    write_template("page.html", "ä")

    def view():
        response.charset = "latin-1"
        return render("page.html")

    assert answer(view).data == b"\xe4"


def test_stream_of_text_is_encoded_as_was_set(answer):
    closed = []

    def view():
        def stream():
            try:
                yield "ä"
                yield b"\xff"
            finally:
                closed.append(True)

        response.charset = "latin-1"
        return stream()

    assert answer(view).data == b"\xe4\xff"
    assert closed == [True]


# The body.


@pytest.mark.parametrize(
    "change",
    [
        lambda: setattr(response, "body", "pägé".encode()),
        lambda: setattr(response, "text", "pägé"),
        lambda: response.write("pägé"),
        lambda: response.body_file.write("pägé"),
        lambda: response.body_file.writelines(["pä", "gé"]),
        lambda: setattr(response, "app_iter", ["pä".encode(), "gé".encode()]),
        lambda: setattr(response, "app_iter", iter(["pä".encode(), "gé".encode()])),
        lambda: setattr(response, "content", "pägé".encode()),
    ],
    ids=range(8),
)
@pytest.mark.parametrize("is_returned", [False, True])
def test_body_that_was_set_is_that_of_a_view_that_returns_nothing(
    answer, change, is_returned
):
    served = answer(sets(change, lambda: response if is_returned else None))
    assert served.text == "pägé"
    assert served.status_code == 200
    assert served.headers["Content-Type"] == HTML


def test_json_body(answer):
    def view():
        response.json_body = {"a": "ä"}
        response.content_type = JSON

    served = answer(view)
    assert (served.json, served.headers["Content-Type"]) == ({"a": "ä"}, JSON)


def test_body_with_status_headers_and_cookies(answer):
    def view():
        response.body = b"x"
        set_all()

    served = answer(view)
    assert (served.status_code, served.text) == (404, "x")
    assert served.headers["X-Own"] == "shared"
    assert served.headers["Content-Length"] == "1"
    assert served.headers.getlist("Set-Cookie") == ["shared=1; Path=/"]


def test_empty_body_that_was_set(answer):
    served = answer(sets(lambda: setattr(response, "body", b""), None))
    assert (served.status_code, served.text) == (200, "")


@flask_only
def test_body_with_a_status_of_the_views_own(answer):
    def view():
        response.text = "made"
        return None, 201

    served = answer(view)
    assert (served.status_code, served.text) == (201, "made")


@flask_only
def test_nothing_and_no_body_is_flasks_own_error(answer):
    with pytest.raises(TypeError, match="did not return a valid response"):
        answer(sets(set_all, lambda: None))
    with pytest.raises(TypeError, match="did not return a valid response"):
        answer(lambda: None)


def test_response_itself_without_a_body(answer):
    served = answer(sets(set_all, lambda: response))
    assert (served.status_code, served.text) == (404, "")
    assert served.headers.getlist("Set-Cookie") == ["shared=1; Path=/"]


@pytest.mark.parametrize("result", ["text", b"text"])
def test_text_comes_after_what_was_written(answer, result):
    served = answer(sets(lambda: response.write("written "), lambda: result))
    assert served.text == "written text"
    assert served.headers["Content-Length"] == "12"


@flask_only
def test_text_of_a_tuple_comes_after_what_was_written(answer):
    written = sets(lambda: response.write("a "), lambda: ("b", 201, {"X-A": "1"}))
    assert answer(written).text == "a b"


@pytest.mark.parametrize(
    "result",
    [
        lambda: webob.Response("own"),
        lambda: iter(["own"]),
        lambda: ["own"],
        lambda: streaming_response(["own"]),
        lambda: flask.Response("own"),
        lambda: flask.redirect("/own"),
        lambda: {"a": 1},
    ],
)
def test_body_that_would_be_lost_is_refused(answer, framework, result):
    with pytest.raises(NotForwardedError, match="a body of its own") as caught:
        answer(sets(lambda: response.write("written "), result))
    assert caught.value.attribute == "response.body"
    assert caught.value.framework == framework
    assert "return None" in caught.value.instead


@flask_only
@pytest.mark.parametrize(
    "result",
    [
        lambda: (["own"], 201),
        lambda: (flask.Response("own"), {"X-A": "1"}),
        lambda: flask.jsonify("own"),
    ],
)
def test_body_that_would_be_lost_beside_a_tuple_or_json(answer, result):
    with pytest.raises(NotForwardedError):
        answer(sets(lambda: response.write("written "), result))


@legacy_only
@pytest.mark.parametrize(
    "result", [lambda: webob.Response("own"), lambda: iter([b"own"])]
)
@pytest.mark.parametrize("change", [set_all, lambda: response.write("common ")])
def test_body_of_pylons_own_response_is_dropped_as_in_pylons(answer, result, change):
    def change_both():
        change()
        pylons_response.body = b"written "

    assert answer(sets(change_both, result)).text == "own"


@legacy_only
def test_body_before_that_of_another_application_is_no_result(answer):
    """As in Pylons, an action may send the response itself."""

    def show(environ, start_response):
        response.text = "written"
        return response(environ, start_response)

    assert answer(show).text == "written"


@pytest.mark.parametrize(
    "change",
    [
        lambda: setattr(response, "body", b"x"),
        lambda: setattr(response, "text", "x"),
        lambda: setattr(response, "json_body", {}),
        lambda: setattr(response, "app_iter", [b"", b"x"]),
        lambda: setattr(response, "app_iter", iter([b"x"])),
        lambda: response.body_file.write("x"),
    ],
    ids=range(6),
)
def test_body_that_would_be_lost_however_it_was_set(answer, change):
    with pytest.raises(NotForwardedError):
        answer(sets(change, lambda: webob.Response("own")))


@pytest.mark.parametrize(
    "change",
    [
        set_all,
        lambda: setattr(response, "body", b""),
        lambda: response.write(""),
        lambda: setattr(response, "app_iter", []),
        lambda: (response.write("x"), delattr(response, "body")),
        lambda: response.body,
    ],
    ids=range(6),
)
def test_nothing_would_be_lost_of_an_empty_body(answer, change):
    assert answer(sets(change, lambda: webob.Response("own"))).text == "own"


def test_refused_result_is_closed(answer):
    source = Source()
    with pytest.raises(NotForwardedError):
        answer(sets(lambda: response.write("x"), lambda: streaming_response(source)))
    assert source.closed == 1


def test_page_where_a_body_would_be_lost_is_an_internal_error(answer):
    view = sets(lambda: response.write("written"), lambda: webob.Response("own"))
    config = {"TESTING": False, "PROPAGATE_EXCEPTIONS": False}
    served = answer(view, config=config)
    assert served.status_code == 500
    assert "written" not in served.text
    assert "own" not in served.text


def test_body_that_the_handler_of_an_exception_would_lose_is_refused(answer):
    def handle(_):
        response.write("written")
        return {"a": 1}

    def fail():
        raise KeyError

    with pytest.raises(NotForwardedError):
        answer(fail, lambda app: app.register_error_handler(KeyError, handle))


@flask_only
def test_handler_of_what_an_after_request_function_raises(answer):
    """Its answer is its own, whatever the view has returned and set before."""

    def setup(app):
        @app.after_request
        def fail(made):
            if made.status_code == 201:
                abort(409)
            return made

        @app.errorhandler(409)
        def handle(_):
            response.write("written ")
            return "handled", 409

    served = answer(sets(lambda: response.write("x"), lambda: ("view", 201)), setup)
    assert (served.status_code, served.text) == (409, "written handled")


def test_body_is_read_back(answer):
    def view():
        response.write("a")
        response.text += "b"
        assert (response.body, response.has_body) == (b"ab", True)

    assert answer(view).text == "ab"


class Source:
    def __init__(self):
        self.closed = 0
        self.seen = []

    def __iter__(self):
        for item in [b"a", b"b"]:
            self.seen.append((request.path, is_flask_request()))
            yield item

    def close(self):
        self.closed += 1


def test_iterable_is_streamed_within_the_request(answer, framework):
    source = Source()

    def view():
        response.app_iter = source
        response.content_length = 2

    served = answer(view)
    assert served.text == "ab"
    assert served.headers["Content-Length"] == "2"
    assert source.seen == [("/page", framework == "flask")] * 2
    assert source.closed == 1


def test_iterable_is_closed_for_a_head_request(answer):
    source = Source()
    answer(sets(lambda: setattr(response, "app_iter", source), None), method="HEAD")
    assert source.closed == 1


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({}, 200, b"page"),
        ({"If-None-Match": '"v1"'}, 304, b""),
        ({"If-None-Match": '"v2"'}, 200, b"page"),
        ({"Range": "bytes=1-2"}, 206, b"ag"),
        ({"Range": "bytes=9-"}, 416, None),
    ],
)
def test_conditional_response(answer, headers, status, body):
    def view():
        response.etag = "v1"
        response.conditional_response = True
        return "page"

    served = answer(view, headers=headers)
    assert served.status_code == status
    assert body is None or served.data == body
    if status in {200, 304}:
        assert served.headers["ETag"] == '"v1"'


# Answers to exceptions.


@pytest.mark.parametrize("error", [KeyError, werkzeug.exceptions.Conflict])
@pytest.mark.parametrize(
    ("result", "status", "own"),
    [
        (lambda _: "handled", 404, "shared"),
        (lambda _: ("handled", 200), 200, "shared"),
        (lambda _: ("handled", 409, {"X-Own": "own"}), 409, "own"),
        (lambda _: flask.Response("handled", headers={"X-Own": "own"}), 200, "own"),
    ],
)
def test_answer_of_an_error_handler(answer, error, result, status, own):
    def fail():
        response.write("half a page")
        raise error

    served = answer(
        sets(set_all, fail), lambda app: app.register_error_handler(error, result)
    )
    assert (served.status_code, served.text) == (status, "handled")
    assert served.headers.getlist("X-Own") == [own]
    assert served.headers.getlist("X-Other") == ["shared"]
    assert served.headers.getlist("Set-Cookie") == ["shared=1; Path=/"]


def test_error_handler_returns_the_response_itself(answer):
    def handle(_):
        response.text = "handled"
        return response

    def fail():
        raise KeyError

    served = answer(fail, lambda app: app.register_error_handler(KeyError, handle))
    assert (served.status_code, served.text) == (200, "handled")


def test_error_handler_sets_what_its_answer_has(answer):
    def handle(_):
        response.status = 418
        response.headers["X-Own"] = "handler"
        response.set_cookie("handler", "2")
        return "handled"

    def fail():
        raise KeyError

    served = answer(
        sets(set_all, fail), lambda app: app.register_error_handler(KeyError, handle)
    )
    assert served.status_code == 418
    assert served.headers.getlist("X-Own") == ["handler"]
    assert served.headers.getlist("Set-Cookie") == [
        "shared=1; Path=/",
        "handler=2; Path=/",
    ]


@pytest.mark.parametrize("is_handled", [False, True])
def test_page_of_an_unexpected_exception_has_the_cookies_only(answer, is_handled):
    def setup(app):
        if is_handled:
            app.register_error_handler(500, lambda _: ("sorry", 500))

    def fail():
        response.body = b"half a page"
        raise KeyError

    config = {"TESTING": False, "PROPAGATE_EXCEPTIONS": False}
    served = answer(sets(set_all, fail), setup, config)
    assert served.status_code == 500
    assert "X-Own" not in served.headers
    assert served.mimetype == "text/html"
    assert "half" not in served.text
    assert served.headers.getlist("Set-Cookie") == ["shared=1; Path=/"]


@pytest.mark.parametrize(
    "fail",
    [lambda: abort(403, "No"), lambda: redirect("/new")],
    ids=["abort", "redirect"],
)
def test_headers_are_added_to_what_is_raised(answer, fail):
    served = answer(sets(set_all, fail))
    assert served.status_code in {403, 302}
    assert served.headers.getlist("X-Own") == ["shared"]
    assert served.headers.getlist("Set-Cookie") == ["shared=1; Path=/"]


@pytest.mark.parametrize(
    "result",
    [
        lambda: abort(403, "No"),
        lambda: http_exception(403, "No"),
        webob.exc.HTTPForbidden,
        werkzeug.exceptions.Forbidden,
    ],
)
def test_body_is_not_added_to_an_exception_raised_or_returned(answer, result):
    served = answer(sets(lambda: response.write("half a page"), result))
    assert served.status_code == 403
    assert "half" not in served.text


# The functions before and after a view.


@flask_only
def test_before_request_function_sets_it(answer):
    def setup(app):
        app.before_request(set_all)

    served = answer(lambda: ("page", 200), setup)
    assert served.status_code == 200
    assert served.headers["X-Own"] == "shared"


@flask_only
def test_after_request_function_sees_and_changes_the_response(answer):
    seen = []

    def setup(app):
        @app.after_request
        def change(made):
            seen.append((response.status_int, response.headers["X-Own"], response.text))
            assert made.headers["X-Other"] == "shared"
            response.status = 202
            response.headers["X-Own"] = "changed"
            del response.headers["X-Other"]
            response.set_cookie("late", "2")
            response.text += " and more"
            return made

    served = answer(sets(set_all, lambda: ("page", 201, {"X-Own": "own"})), setup)
    assert seen == [(201, "own", "page")]
    assert (served.status_code, served.text) == (202, "page and more")
    assert served.headers.getlist("X-Own") == ["changed"]
    assert "X-Other" not in served.headers
    assert served.headers["Content-Length"] == "13"
    assert served.headers.getlist("Set-Cookie") == [
        "shared=1; Path=/",
        "late=2; Path=/",
    ]


@flask_only
def test_after_request_function_is_the_first_to_use_it(answer):
    seen = []

    def setup(app):
        @app.after_request
        def change(made):
            seen.append((response.status_int, response.content_type, response.body))
            response.headers["X-Late"] = "1"
            return made

    served = answer(lambda: ({"a": 1}, 201), setup)
    assert seen == [(201, JSON, b'{"a":1}\n')]
    assert served.status_code == 201
    assert served.headers["X-Late"] == "1"
    assert served.headers["Content-Type"] == JSON


@flask_only
def test_after_request_function_changes_a_stream(answer):
    source = Source()

    def setup(app):
        @app.after_request
        def change(made):
            response.body = response.body.upper()
            return made

    served = answer(lambda: streaming_response(source), setup)
    assert served.text == "AB"
    assert source.closed == 1


@flask_only
def test_after_request_function_unsets_a_cookie(answer):
    def setup(app):
        @app.after_request
        def change(made):
            response.unset_cookie("shared")
            return made

    def view():
        flask.session["a"] = 1
        return "page"

    (cookie,) = answer(sets(set_all, view), setup).headers.getlist("Set-Cookie")
    assert cookie.startswith("session=")


@flask_only
def test_after_request_function_that_fails_leaves_the_cookies(answer):
    def setup(app):
        @app.after_request
        def change(made):
            if made.status_code != 500:
                response.set_cookie("late", "2")
                raise ZeroDivisionError
            return made

    served = answer(sets(set_all, "page"), setup, {"PROPAGATE_EXCEPTIONS": False})
    assert served.status_code == 500
    assert "X-Own" not in served.headers
    assert served.headers.getlist("Set-Cookie") == [
        "shared=1; Path=/",
        "late=2; Path=/",
    ]


# What it does not touch.


@flask_only
def test_view_that_does_not_use_it_gets_its_response_as_flask_made_it(answer):
    made = []

    def view():
        made.append(flask.make_response("page"))
        return made[0]

    def setup(app):
        app.after_request(lambda response: made.append(response) or response)

    served = answer(view, setup)
    assert made[0] is made[1]
    assert [name for name, _ in served.headers] == ["Content-Type", "Content-Length"]


@flask_only
def test_reading_changes_nothing(answer):
    def view():
        assert response.headers["Pragma"] == "no-cache"
        assert response.status_int == 200
        assert response.body == b""
        return "page", 201

    served = answer(view)
    assert served.status_code == 201
    assert [name for name, _ in served.headers] == ["Content-Type", "Content-Length"]


@flask_only
def test_response_made_on_the_way_is_not_the_views(answer):
    def view():
        response.status = 404
        flask.make_response("other", 201)
        return "page"

    assert answer(view).status_code == 404


@flask_only
def test_stream_is_let_go_with_its_request(answer):
    class Data:
        pass

    references = []

    def view():
        data = Data()
        references.append(weakref.ref(data))

        def stream():
            yield b"a"
            assert data

        response.headers["X-A"] = "1"
        return streaming_response(stream())

    gc.disable()
    try:
        assert answer(view).text == "a"
        assert references[0]() is None
    finally:
        gc.enable()


# A legacy application that is no PylonsApp makes its own response.


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda: setattr(response, "body", b"x"), "response.body"),
        (lambda: setattr(response, "content", b"x"), "response.body"),
        (lambda: setattr(response, "text", "x"), "response.body"),
        (lambda: setattr(response, "json_body", {}), "response.body"),
        (lambda: setattr(response, "app_iter", [b"x"]), "response.app_iter"),
        (lambda: setattr(response, "body_file", iter(())), "response.app_iter"),
        (lambda: response.write("x"), "response.write"),
        (lambda: response.body_file.write("x"), "response.write"),
    ],
)
def test_body_cannot_be_set_beside_a_wsgi_application(change, name):
    def legacy_app(environ, start_response):
        assert (response.body, response.has_body) == (b"", False)
        with pytest.raises(
            NotForwardedError, match="return the text from it"
        ) as caught:
            change()
        assert (caught.value.attribute, caught.value.framework) == (name, "legacy")
        response.status = 201
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"own"]

    app = flask.Flask("sample")
    app.testing = True
    CompatShim(app, legacy=legacy_app)
    served = app.test_client().get("/page")
    assert (served.status_code, served.text) == (201, "own")
    assert served.headers["Content-Type"] == "text/plain"


def test_flask_application_without_a_compatshim_says_so():
    app = flask.Flask("sample")
    with app.test_request_context(), pytest.raises(NotInitialisedError):
        response.headers["X-A"] = "1"
