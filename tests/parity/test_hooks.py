"""``shim.before_request``, ``after_request``, ``teardown_request``: once, on either side."""

from __future__ import annotations

import flask
import pytest
import webob
import werkzeug.exceptions
from flask import Flask
from werkzeug.wrappers import Response as WerkzeugResponse

from compatshim import CompatShim
from compatshim.common import (
    abort,
    c,
    copy_current_context,
    is_flask_request,
    redirect,
    request,
    response,
    session,
    url_for,
)
from compatshim.errors import HookResultError, NoRequestError
from compatshim.objects.errors import http_exception


@pytest.fixture
def site(make_site):
    """A site with one page, and what its hooks have noted."""
    site = make_site()
    site.seen = []

    def page():
        site.seen.append("view")
        return "page"

    site.add("/page", page)
    site.add("/page/<name>", lambda name: name)
    return site


def get(site, path="/page", **options):
    return site.client.get(path, buffered=True, **options)


def note(site, shim_method, name):
    """Register a function that notes ``name``."""

    def hook(*args):
        site.seen.append(name)
        return args[0] if args else None

    getattr(site.shim, shim_method)(hook)


# Each of them once, in a stated order.


def test_functions_stand_around_the_view(site):
    for method in ("before_request", "after_request", "teardown_request"):
        note(site, method, f"{method} 1")
        note(site, method, f"{method} 2")
    assert get(site).text == "page"
    assert site.seen == [
        "before_request 1",
        "before_request 2",
        "view",
        "after_request 2",
        "after_request 1",
        "teardown_request 2",
        "teardown_request 1",
    ]


@pytest.mark.parametrize("path", ["/page", "/nowhere"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_they_run_once_for_every_method_and_path(site, path, method):
    for name in ("before_request", "after_request", "teardown_request"):
        note(site, name, name)
    for _ in range(2):
        site.seen.clear()
        site.client.open(path, method=method, buffered=True)
        assert [name for name in site.seen if name != "view"] == [
            "before_request",
            "after_request",
            "teardown_request",
        ]


def test_they_are_returned_to_be_used_as_decorators(site):
    def hook(*args):
        return args[0] if args else None

    assert site.shim.before_request(hook) is hook
    assert site.shim.after_request(hook) is hook
    assert site.shim.teardown_request(hook) is hook


def test_they_may_be_registered_before_the_applications_are_joined(framework):
    seen = []
    shim = CompatShim()
    shim.before_request(lambda: seen.append((flask.current_app.name, request.path)))
    for name in ("one", "two"):
        app = Flask(name)
        legacy = None if framework == "flask" else empty_application
        if framework == "flask":
            app.add_url_rule("/page", "page", lambda: "")
        shim.init_app(app, legacy)
        app.test_client().get("/page")
    assert seen == [("one", "/page"), ("two", "/page")]


def empty_application(environ, start_response):
    start_response("200 OK", [])
    return []


def test_applications_of_another_shim_have_none_of_them(make_site):
    site, other = make_site(), make_site()
    site.shim.before_request(lambda: "stop")
    for one in (site, other):
        one.add("/page", lambda: "page")
    assert [get(one).text for one in (site, other)] == ["stop", "page"]


def test_without_functions_the_flask_application_has_none(make_site):
    app = make_site().app
    assert not app.before_request_funcs
    assert not app.after_request_funcs
    assert not app.teardown_request_funcs
    assert "do_teardown_request" not in vars(app)


# What they see.


def test_they_see_the_request(site):
    seen = []

    def look(*args):
        seen.append(
            (
                request.path,
                request.args["a"],
                request.view_args,
                request.endpoint is not None,
                is_flask_request(),
                url_for("/x"),
            )
        )
        return args[0] if args else None

    site.shim.before_request(look)
    site.shim.after_request(look)
    site.shim.teardown_request(look)
    assert get(site, "/page/ada?a=1").text == "ada"
    expected = (
        "/page/ada",
        "1",
        {"name": "ada"},
        True,
        site.framework == "flask",
        "/x",
    )
    assert seen == [expected] * 3


def test_they_share_c_with_the_view(make_site):
    site = make_site()
    site.add("/page", lambda: f"{c.user} {flask.g.user}")

    @site.shim.before_request
    def identify():
        c.user = "ada"

    @site.shim.teardown_request
    def look(error):
        seen.append(c.user)

    seen = []
    assert get(site).text == "ada ada"
    assert seen == ["ada"]


def test_they_share_the_form_with_the_view(make_site):
    site = make_site()
    site.add("/page", lambda: request.form["name"])
    seen = []
    site.shim.before_request(lambda: seen.append(request.form["name"]))
    answer = site.client.post("/page", data={"name": "ada"})
    assert (answer.text, seen) == ("ada", ["ada"])


@pytest.mark.parametrize("method", ["before_request", "after_request"])
def test_what_they_put_into_the_session_is_stored(site, method):
    @getattr(site.shim, method)
    def keep(*args):
        session["name"] = "ada"
        return args[0] if args else None

    answer = get(site)
    with site.client.session_transaction() as stored:
        assert dict(stored) == {"name": "ada"}
    cookies = answer.headers.getlist("Set-Cookie")
    assert len([cookie for cookie in cookies if cookie.startswith("session=")]) == 1


def test_the_session_can_be_used_at_the_end(site):
    seen = []
    with site.client.session_transaction() as stored:
        stored["name"] = "ada"
    site.shim.teardown_request(lambda error: seen.append(session.get("name")))
    get(site)
    assert seen == ["ada"]


# A function before the view answers.


def webob_answer():
    return webob.Response(text="answer", status=202, headerlist=[("X-Own", "yes")])


ANSWERS = {
    "text": (lambda: "answer", 200, "answer"),
    "tuple": (lambda: ("answer", 202, {"X-Own": "yes"}), 202, "answer"),
    "dict": (lambda: {"a": 1}, 200, '{"a":1}\n'),
    "Flask": (lambda: flask.Response("answer", 202), 202, "answer"),
    "Werkzeug": (lambda: WerkzeugResponse("answer", 202), 202, "answer"),
    "WebOb": (webob_answer, 202, "answer"),
    "stream": (lambda: iter(["ans", "wer"]), 200, "answer"),
    "abort": (lambda: abort(403, "stop"), 403, None),
    "returned": (lambda: http_exception(403, "stop"), 403, None),
    "flask.abort": (lambda: flask.abort(403, "stop"), 403, None),
    "webob.exc": (lambda: webob.exc.HTTPForbidden("stop"), 403, None),
    "redirect": (lambda: redirect("/other"), 302, None),
    "flask.redirect": (lambda: flask.redirect("/other"), 302, None),
}


@pytest.mark.parametrize(("answer", "status", "text"), ANSWERS.values(), ids=ANSWERS)
def test_a_function_before_the_view_answers(site, answer, status, text):
    site.shim.before_request(answer)
    note(site, "before_request", "second")
    note(site, "after_request", "after")
    note(site, "teardown_request", "teardown")
    got = get(site)
    assert got.status_code == status
    if text is not None:
        assert got.text == text
    elif status == 403:
        assert "stop" in got.text
    else:
        assert got.headers["Location"] == "/other"
    assert site.seen == ["after", "teardown"]


def test_such_an_answer_has_what_was_set_on_response(site):
    @site.shim.before_request
    def stop():
        response.headers["X-Hook"] = "yes"
        response.set_cookie("hook", "1")
        response.status = 202
        return "answer"

    got = get(site)
    assert (got.status_code, got.text) == (202, "answer")
    assert got.headers["X-Hook"] == "yes"
    assert got.headers.getlist("Set-Cookie") == ["hook=1; Path=/"]


def test_what_is_set_on_response_before_the_view_is_added(make_site):
    site = make_site()

    @site.shim.before_request
    def before():
        response.headers["X-Hook"] = "hook"
        response.headers["X-Both"] = "hook"
        response.set_cookie("hook", "1")

    @site.shim.after_request
    def look(made):
        seen.append(made.headers["X-Hook"])
        return made

    def page():
        response.headers["X-Both"] = "view"
        response.set_cookie("view", "1")
        return "page"

    seen = []
    site.add("/page", page)
    got = get(site)
    assert got.headers["X-Hook"] == "hook"
    assert got.headers.getlist("X-Both") == ["view"]
    assert sorted(got.headers.getlist("Set-Cookie")) == [
        "hook=1; Path=/",
        "view=1; Path=/",
    ]
    assert seen == ["hook"]


def test_the_answer_to_a_head_request_has_no_body(site):
    site.shim.before_request(lambda: "answer")
    got = site.client.head("/page")
    assert (got.data, got.headers["Content-Length"]) == (b"", "6")


# A function after the view changes the response.


def test_a_function_after_the_view_changes_headers_status_and_cookies(make_site):
    site = make_site()

    def page():
        response.headers["X-View"] = "yes"
        response.headers["X-Drop"] = "yes"
        response.set_cookie("view", "1")
        return "page"

    site.add("/page", page)

    @site.shim.after_request
    def change(made):
        assert isinstance(made, flask.Response)
        assert made.status_code == 200
        assert made.headers["X-View"] == "yes"
        assert made.get_data() == b"page"
        made.headers["X-Hook"] = "hook"
        made.headers.pop("X-Drop")
        made.set_cookie("hook", "1")
        made.status_code = 202
        return made

    got = get(site)
    assert (got.status_code, got.text) == (202, "page")
    assert got.headers["X-Hook"] == "hook"
    assert "X-Drop" not in got.headers
    cookies = got.headers.getlist("Set-Cookie")
    assert cookies == ["view=1; Path=/", "hook=1; Path=/"]


def test_it_may_use_the_common_response(site):
    @site.shim.after_request
    def change(made):
        assert response.status_int == 200
        response.headers["X-Hook"] = "hook"
        response.set_cookie("hook", "1")
        response.status = 202
        return made

    got = get(site)
    assert (got.status_code, got.text) == (202, "page")
    assert got.headers["X-Hook"] == "hook"
    assert got.headers.getlist("Set-Cookie") == ["hook=1; Path=/"]


def test_it_may_use_the_common_response_where_a_function_before_has_answered(site):
    site.shim.before_request(lambda: ("answer", 202))

    @site.shim.after_request
    def change(made):
        assert (response.status_int, response.body) == (202, b"answer")
        response.headers["X-Hook"] = "hook"
        return made

    got = get(site)
    assert (got.status_code, got.text, got.headers["X-Hook"]) == (202, "answer", "hook")


def test_the_body_that_the_common_response_shows_can_be_replaced(site):
    @site.shim.after_request
    def change(made):
        assert response.body == b"page"
        response.text = "changed"
        return made

    got = get(site)
    assert (got.text, got.headers["Content-Length"]) == ("changed", "7")


def test_a_conditional_answer(site):
    @site.shim.after_request
    def change(made):
        response.etag = "tag"
        response.conditional_response = True
        return made

    assert get(site, headers={"If-None-Match": '"tag"'}).status_code == 304


def test_it_changes_the_body(site):
    @site.shim.after_request
    def change(made):
        made.set_data(made.get_data() + b" and more")
        return made

    got = get(site)
    assert (got.text, got.headers["Content-Length"]) == ("page and more", "13")


def test_a_status_without_a_body_drops_it(site):
    @site.shim.after_request
    def change(made):
        made.status_code = 204
        return made

    got = get(site)
    assert (got.status_code, got.data) == (204, b"")


def test_it_returns_another_response(site):
    closed = []

    @site.shim.after_request
    def replace(made):
        made.call_on_close(lambda: closed.append("first"))
        return flask.Response("other", 202)

    got = get(site)
    assert (got.status_code, got.text) == (202, "other")
    if site.framework == "legacy":  # Flask itself forgets the first one
        assert closed == ["first"]


def test_it_sees_the_answer_to_a_head_request(make_site):
    site = make_site()
    site.add("/page", lambda: "page")
    site.shim.after_request(lambda made: made.headers.add("X-Hook", "1") or made)
    got = site.client.head("/page")
    assert (got.data, got.headers["X-Hook"]) == (b"", "1")
    assert got.headers["Content-Length"] == "4"


@pytest.mark.parametrize("result", [None, "text", 7])
def test_what_is_no_response_is_an_error_that_names_the_function(site, result):
    @site.shim.after_request
    def forgets_it(made):
        return result

    with pytest.raises(HookResultError, match="forgets_it") as caught:
        get(site)
    assert caught.value.function is forgets_it
    assert caught.value.result is result
    assert isinstance(caught.value, TypeError)


# Other requests, and copies of this one.


def test_a_request_in_a_request_has_functions_of_its_own(make_site, other):
    site = make_site()

    def outer():
        inner = site.app.test_client().get("/inner")
        return f"{inner.text} {inner.headers['X-Path']} {request.path}"

    site.add("/outer", outer)
    site.add("/inner", lambda: request.path, framework=other)
    seen = []

    @site.shim.before_request
    def before():
        seen.append(f"before {request.path}")

    @site.shim.after_request
    def after(made):
        made.headers["X-Path"] = request.path
        return made

    @site.shim.teardown_request
    def teardown(error):
        seen.append(f"teardown {request.path}")

    got = get(site, "/outer")
    assert (got.text, got.headers["X-Path"]) == ("/inner /inner /outer", "/outer")
    assert seen == [
        "before /outer",
        "before /inner",
        "teardown /inner",
        "teardown /outer",
    ]


def test_a_copy_of_the_request_is_torn_down_by_itself(site, framework):
    seen = []
    site.shim.teardown_request(lambda error: seen.append(request.path))
    site.shim.before_request(lambda: seen.append("before"))

    def page():
        copy_current_context(lambda: seen.append("copy"))()
        return ""

    site.add("/copying", page)
    get(site, "/copying")
    assert seen == ["before", "copy", "/copying", "/copying"]


def test_a_copy_that_flask_makes_is_torn_down_by_itself(site):
    site.shim.teardown_request(lambda error: site.seen.append("teardown"))

    def page():
        with site.shim.flask_request_context():
            run = flask.copy_current_request_context(lambda: site.seen.append("copy"))
            run()
        site.seen.append("view")
        return ""

    site.add("/copying", page)
    get(site, "/copying")
    assert site.seen == ["copy", "teardown", "view", "teardown"]


def test_a_pushed_context_is_torn_down_and_no_more(site):
    for method in ("before_request", "after_request", "teardown_request"):
        note(site, method, method)
    with site.context("/page"):
        assert site.seen == []
    assert site.seen == ["teardown_request"]


# The request context that is lent.


def test_flasks_request_context_can_be_had_for_a_block(make_site):
    site = make_site()

    def page():
        session["name"] = "ada"
        with site.shim.flask_request_context():
            flask.g.seen = flask.request.path, flask.session["name"]
            flask.session["name"] = "bob"
            assert is_flask_request() is (site.framework == "flask")
        assert flask.has_request_context() is (site.framework == "flask")
        return f"{c.seen} {session['name']}"

    site.add("/page", page)
    assert get(site).text == "('/page', 'ada') bob"


def test_there_is_none_outside_of_requests(make_site):
    site = make_site()
    with pytest.raises(NoRequestError, match="flask_request_context"):
        site.shim.flask_request_context()
    with site.app.app_context(), pytest.raises(NoRequestError):
        site.shim.flask_request_context()


def test_it_is_taken_back_where_the_block_raises(make_site):
    site = make_site()

    def page():
        with pytest.raises(ZeroDivisionError), site.shim.flask_request_context():
            raise ZeroDivisionError
        return str(flask.has_request_context() is (site.framework == "flask"))

    site.add("/page", page)
    assert get(site).text == "True"


def test_werkzeugs_exceptions_in_functions_before(site):
    @site.shim.before_request
    def stop():
        raise werkzeug.exceptions.Conflict("both")

    assert get(site).status_code == 409
