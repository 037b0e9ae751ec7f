"""``abort`` and ``redirect`` answer alike, and old ``except`` clauses catch them."""

from __future__ import annotations

import pytest
import webob
import webob.exc
import werkzeug.exceptions
from werkzeug.wrappers import Response as WerkzeugResponse

from compatshim import errors, legacy
from compatshim.common import abort, c, redirect, render, request, response, session
from compatshim.legacy.controllers import WSGIController
from compatshim.objects.errors import http_exception

BOTH_LIBRARIES = sorted(
    {*webob.exc.status_map, *werkzeug.exceptions.default_exceptions}
)

# A legacy controller answers WebOb's exceptions itself.
flask_only = pytest.mark.parametrize("framework", ["flask"])


def catch(function, classes):
    try:
        function()
    except classes as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (400, "400 Bad Request"),
        (401, "401 Unauthorized"),
        (403, "403 Forbidden"),
        (404, "404 Not Found"),
        (405, "405 Method Not Allowed"),
        (409, "409 Conflict"),
        (410, "410 Gone"),
        (500, "500 Internal Server Error"),
        (503, "503 Service Unavailable"),
    ],
)
def test_abort_answers_with_its_status(serve, code, status):
    served = serve(lambda: abort(code, "The <reason>"), headers={"Accept": "text/html"})
    assert served.response.status == status
    assert served.response.mimetype == "text/html"
    assert "The &lt;reason&gt;" in served.response.text


def test_abort_answers_json_to_who_accepts_it(serve):
    served = serve(
        lambda: abort(404, "No page"), headers={"Accept": "application/json"}
    )
    assert served.response.mimetype == "application/json"
    assert served.response.json["code"] == "404 Not Found"
    assert "No page" in served.response.json["message"]


def test_abort_answers_text_to_who_accepts_that_alone(serve):
    served = serve(lambda: abort(404, "No page"), headers={"Accept": "text/plain"})
    assert served.response.mimetype == "text/plain"
    assert "No page" in served.response.text


def test_abort_has_headers_of_its_own(serve):
    served = serve(
        lambda: abort(401, headers={"WWW-Authenticate": 'Basic realm="site"'})
    )
    assert served.response.headers["WWW-Authenticate"] == 'Basic realm="site"'


def test_abort_for_a_code_without_an_exception_is_a_lookup_error(serve):
    def view():
        with pytest.raises(LookupError, match="299"):
            abort(299)

    serve(view)


@pytest.mark.parametrize(
    "classes",
    [
        errors.HTTPException,
        errors.HTTP_EXCEPTIONS,
        errors.CompatShimError,
        werkzeug.exceptions.HTTPException,
        werkzeug.exceptions.NotFound,
        webob.exc.HTTPException,
        webob.exc.HTTPNotFound,
        webob.exc.HTTPClientError,
    ],
    ids=repr,
)
def test_abort_is_caught_as_either_library_raises_it(serve, classes):
    def view():
        error = catch(lambda: abort(404, "No page"), classes)
        return error.code, error.description, error.detail, "No page" in str(error)

    served = serve(view)
    assert served.result == (404, "No page", "No page", True)
    assert served.response.status_code == 200


@pytest.mark.parametrize(
    "fail",
    [
        lambda: abort(404),
        lambda: werkzeug.exceptions.abort(404),
        lambda: legacy.controllers.util.abort(404),
        lambda: redirect("/"),
    ],
    ids=["common", "werkzeug", "pylons", "redirect"],
)
def test_http_exceptions_catches_what_either_library_raises(serve, fail):
    served = serve(lambda: catch(fail, errors.HTTP_EXCEPTIONS).code)
    assert served.result in {404, 302}


@pytest.mark.parametrize(
    "classes",
    [
        errors.HTTPException,
        errors.HTTP_EXCEPTIONS,
        werkzeug.exceptions.HTTPException,
        webob.exc.HTTPException,
        webob.exc.HTTPRedirection,
        webob.exc.HTTPFound,
    ],
    ids=repr,
)
def test_redirect_is_caught_as_either_library_raises_it(serve, classes):
    def view():
        error = catch(lambda: redirect("/new"), classes)
        return error.code, error.get_response().headers["Location"]

    assert serve(view).result == (302, "/new")


@pytest.mark.parametrize("code", BOTH_LIBRARIES)
def test_every_code_of_either_library_answers(serve, code):
    served = serve(lambda: abort(code, "The reason"))
    assert served.response.status_code == code


@pytest.mark.parametrize(
    ("code", "status", "webob_base"),
    [
        (418, "418 I'm a teapot", webob.exc.HTTPClientError),
        (507, "507 Insufficient Storage", webob.exc.HTTPServerError),
    ],
)
def test_code_that_one_library_alone_knows(serve, code, status, webob_base):
    served = serve(lambda: abort(code, "The reason"))
    assert served.response.status.upper() == status.upper()
    assert "The reason" in served.response.text
    for base in (
        webob_base,
        webob.exc.HTTPException,
        werkzeug.exceptions.HTTPException,
    ):
        assert isinstance(served.error, base)


def test_teapot_is_werkzeugs_too(serve):
    error = serve(lambda: abort(418)).error
    assert isinstance(error, werkzeug.exceptions.ImATeapot)
    assert error.description == werkzeug.exceptions.ImATeapot.description


def test_description_is_flasks_name_for_the_detail(serve):
    served = serve(lambda: abort(404, description="No page"))
    assert "No page" in served.response.text


@pytest.mark.parametrize(
    "make",
    [
        lambda: WerkzeugResponse("own", status=429, headers={"X-Own": "own"}),
        lambda: webob.Response(b"own", status=429, headers={"X-Own": "own"}),
    ],
    ids=["werkzeug", "webob"],
)
def test_abort_with_a_response_answers_with_it(serve, make):
    def view():
        response.headers["X-Own"] = response.headers["X-Other"] = "shared"
        response.set_cookie("a", "1")
        abort(make())

    served = serve(view)
    assert (served.response.status_code, served.response.text) == (429, "own")
    assert served.response.headers.getlist("X-Own") == ["own"]
    assert served.response.headers["X-Other"] == "shared"
    assert served.response.headers.getlist("Set-Cookie") == ["a=1; Path=/"]
    assert isinstance(served.error, errors.HTTPException)
    assert served.error.get_response().status_code == 429
    assert (served.error.code, "429" in str(served.error)) == (None, True)


def test_abort_with_the_common_response(serve):
    def view():
        response.status = 429
        response.text = "own"
        abort(response)

    served = serve(view)
    assert (served.response.status_code, served.response.text) == (429, "own")


def test_abort_with_a_response_passes_by_the_error_handlers(serve):
    served = serve(
        lambda: abort(WerkzeugResponse("own", status=404)),
        setup=lambda site: site.app.register_error_handler(404, lambda _: "handled"),
    )
    assert (served.response.status_code, served.response.text) == (404, "own")


def test_exception_of_werkzeug_is_an_answer(serve):
    served = serve(lambda: werkzeug.exceptions.abort(404, "No page"))
    assert served.response.status_code == 404
    assert "No page" in served.response.text


def test_caught_exception_may_be_returned(serve):
    served = serve(lambda: catch(lambda: abort(403, "No"), errors.HTTPException))
    assert served.response.status_code == 403
    assert "No" in served.response.text


def test_exception_gives_its_answer_as_a_werkzeug_response(serve):
    def view():
        error = catch(lambda: abort(403, "No"), errors.HTTPException)
        answer = error.get_response()
        return (
            answer.status_code,
            answer.mimetype,
            "No" in answer.get_data(as_text=True),
        )

    assert serve(view).result == (403, "text/plain", True)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirect(serve, code):
    served = serve(lambda: redirect("/new?a=1", code))
    assert served.response.status_code == code
    assert served.response.headers["Location"] == "/new?a=1"


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("/new", "/new"),
        ("new", "/folder/new"),
        ("?a=1", "/folder/page?a=1"),
        ("../up", "/up"),
        ("http://example.org/x", "http://example.org/x"),
        ("/login?next=http://localhost/x", "/login?next=http://localhost/x"),
        ("//evil.example/x", "/%2fevil.example/x"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("\\\\evil.example", "/folder/%5C%5Cevil.example"),
    ],
)
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_location_has_no_host_that_the_client_names(serve, location, sent, host):
    served = serve(lambda: redirect(location), "/folder/page", headers={"Host": host})
    assert served.response.headers["Location"] == sent


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("/日", "/%E6%97%A5"),
        ("/ä?x=ä", "/%C3%A4?x=%C3%A4"),
        ("/a b", "/a%20b"),
        ("/%C3%A4", "/%C3%A4"),
    ],
)
def test_location_is_sent_as_ascii(serve, location, sent):
    served = serve(lambda: redirect(location))
    assert served.response.headers["Location"] == sent


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_redirect_to_nowhere_leads_to_the_page_itself(serve, host):
    served = serve(lambda: redirect(""), "/folder/page", headers={"Host": host})
    assert served.response.headers["Location"] == "/folder/page"


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirection_by_abort_without_a_location_leads_to_the_page(serve, code, host):
    served = serve(lambda: abort(code), "/folder/page", headers={"Host": host})
    assert served.response.status_code == code
    assert served.response.headers["Location"] == "/folder/page"


def test_redirection_by_abort_has_its_location_in_the_headers(serve):
    served = serve(lambda: abort(302, headers={"Location": "/new"}))
    assert served.response.headers["Location"] == "/new"


@pytest.mark.parametrize("breaking", ["\r\n", "\n", "\r"])
def test_location_with_a_line_break_is_refused(serve, breaking):
    def view():
        with pytest.raises(ValueError, match=r"(?i)control characters|newline"):
            redirect(f"/a{breaking}Set-Cookie: evil=1")

    assert "Set-Cookie" not in serve(view).response.headers


def test_redirect_may_stand_in_a_return(serve):
    def view():
        return redirect("/new")

    assert serve(view).response.headers["Location"] == "/new"


def test_redirect_keeps_what_was_put_into_the_session(make_site, other):
    site = make_site()

    def view():
        session["a"] = 1
        redirect("/read")

    site.add("/write", view)
    site.add("/read", lambda: session["a"], framework=other)
    assert site.open("/write").response.status_code == 302
    assert site.open("/read").result == 1


def test_redirect_keeps_a_cookie_of_the_response(serve):
    def view():
        response.set_cookie("a", "1")
        redirect("/new")

    served = serve(view)
    assert served.response.status_code == 302
    assert served.response.headers["Set-Cookie"] == "a=1; Path=/"


@pytest.mark.parametrize("code", [200, 304, 404, "302"])
def test_redirect_with_another_code_is_a_value_error(serve, code):
    def view():
        with pytest.raises(ValueError, match="is not the code of a redirect"):
            redirect("/new", code)

    serve(view)


def test_abort_in_shared_code_below_a_template(serve, write_template):
    write_template("page.html", "{{ stop() }}")
    served = serve(lambda: render("page.html", stop=lambda: abort(403)))
    assert served.response.status_code == 403


def test_head_request_has_no_body(make_site):
    site = make_site()
    site.add("/page", lambda: abort(404, "No page"))
    got = site.client.head("/page")
    assert (got.status_code, got.data) == (404, b"")


@pytest.mark.parametrize(
    "caught",
    [404, werkzeug.exceptions.NotFound, werkzeug.exceptions.HTTPException],
    ids=["code", "class", "base"],
)
@flask_only
def test_error_handler_of_flask_answers_abort_in_a_flask_view(serve, caught):
    def handle(error):
        return f"handled {error.code} {error.description} {c.user}", error.code

    def view():
        c.user = "sara"
        abort(404, "No page")

    served = serve(
        view, setup=lambda site: site.app.register_error_handler(caught, handle)
    )
    assert served.response.text == "handled 404 No page sara"
    assert served.response.status_code == 404


def test_error_handler_of_flask_answers_any_other_exception(serve):
    served = serve(
        lambda: {}[1],
        setup=lambda site: site.app.register_error_handler(
            KeyError, lambda error: ("handled", 500)
        ),
    )
    assert served.response.status_code == 500
    assert served.response.text == "handled"


def test_header_of_abort_with_a_line_break_is_refused(serve):
    def view():
        with pytest.raises(ValueError, match="line break"):
            abort(404, headers={"X-A": "a\r\nX-Evil: 1"})

    assert "X-Evil" not in serve(view).response.headers


# WebOb's own exceptions.


class PageGone(webob.exc.HTTPGone):
    explanation = "It was here."


@pytest.mark.parametrize(
    ("make", "status", "text"),
    [
        (lambda: webob.exc.HTTPNotFound("No <page>"), "404 Not Found", "&lt;page&gt;"),
        (lambda: webob.exc.HTTPNotFound(comment="-->"), "404 Not Found", "--&gt;"),
        (lambda: PageGone("Really"), "410 Gone", "It was here."),
        (lambda: webob.exc.HTTPOk("fine"), "200 OK", "fine"),
        (lambda: webob.exc.HTTPConflict(body=b"own body"), "409 Conflict", "own body"),
        (
            lambda: webob.exc.HTTPConflict(body_template="<p>${detail}</p>"),
            "409 Conflict",
            "<p></p>",
        ),
        (
            lambda: webob.exc.HTTPException(
                "x", webob.Response(b"held", status="409 Held")
            ),
            "409 Held",
            "held",
        ),
    ],
)
def test_exception_of_webob_is_an_answer(serve, make, status, text):
    def view():
        response.headers["X-A"] = "1"
        raise make()

    served = serve(view, headers={"Accept": "text/html"})
    assert served.response.status == status
    assert text in served.response.text
    assert served.response.headers["X-A"] == "1"


def test_exception_of_webob_has_its_own_headers(serve):
    def view():
        error = webob.exc.HTTPUnauthorized(headers=[("WWW-Authenticate", "Basic")])
        error.headers.add("X-A", "1")
        raise error

    headers = serve(view).response.headers
    assert (headers["WWW-Authenticate"], headers["X-A"]) == ("Basic", "1")


@flask_only
@pytest.mark.parametrize(
    ("make", "location"),
    [
        (lambda: webob.exc.HTTPFound(location="/new"), "/new"),
        (
            lambda: webob.exc.HTTPFound(location="http://b.example/"),
            "http://b.example/",
        ),
        (webob.exc.HTTPFound, "/folder/page"),
        (lambda: webob.exc.HTTPMovedPermanently(add_slash=True), "/folder/page/?a=1"),
        (lambda: legacy.controllers.util.redirect("/new"), "/new"),
    ],
)
def test_redirection_of_webob_has_no_host_that_the_client_names(serve, make, location):
    def view():
        raise make()

    headers = {"Host": "evil.example"}
    served = serve(view, "/folder/page?a=1", headers=headers)
    assert served.response.headers["Location"] == location


def test_exception_of_webob_that_is_kept_has_nothing_of_a_request(serve):
    kept = webob.exc.HTTPNotFound("No page")

    def view():
        response.set_cookie("a", "1")
        raise kept

    for _ in range(2):
        served = serve(view)
        assert served.response.headers.getlist("Set-Cookie") == ["a=1; Path=/"]
    assert "Set-Cookie" not in kept.headers


@flask_only
@pytest.mark.parametrize(
    "caught",
    [
        404,
        werkzeug.exceptions.NotFound,
        werkzeug.exceptions.HTTPException,
        webob.exc.HTTPNotFound,
        webob.exc.HTTPClientError,
        webob.exc.HTTPException,
        errors.HTTPException,
        errors.CompatShimError,
        Exception,
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "fail",
    [
        lambda: abort(404, "No page"),
        lambda: legacy.controllers.util.abort(404, "No page"),
    ],
    ids=["common", "webob"],
)
def test_error_handler_of_flask_answers_either_exception(serve, caught, fail):
    def handle(error):
        assert isinstance(error, webob.exc.HTTPNotFound)
        assert isinstance(error, werkzeug.exceptions.NotFound)
        return f"handled {error.code} {error.description} {error.detail}", 409

    served = serve(
        fail, setup=lambda site: site.app.register_error_handler(caught, handle)
    )
    assert served.response.text == "handled 404 No page No page"
    assert served.response.status_code == 409


@flask_only
def test_error_handler_of_an_exception_class_of_ones_own(serve):
    def fail():
        raise PageGone("Really")

    def setup(site):
        site.app.register_error_handler(
            PageGone,
            lambda error: f"{error.__cause__ is not error} {error.explanation}",
        )

    assert serve(fail, setup=setup).response.text == "True It was here."


@flask_only
def test_handler_may_return_the_exception(serve):
    def fail():
        raise webob.exc.HTTPNotFound("No page")

    served = serve(
        fail,
        setup=lambda site: site.app.register_error_handler(404, lambda error: error),
    )
    assert served.response.status_code == 404
    assert "No page" in served.response.text


@flask_only
def test_redirection_of_webob_passes_by_the_error_handlers(serve):
    def fail():
        raise webob.exc.HTTPFound(location="/new")

    def setup(site):
        site.app.register_error_handler(
            werkzeug.exceptions.HTTPException, lambda _: "handled"
        )

    assert serve(fail, setup=setup).response.headers["Location"] == "/new"


@flask_only
def test_trapped_exception_of_webob_is_propagated_as_it_is(serve):
    def fail():
        raise webob.exc.HTTPNotFound("No page")

    with pytest.raises(webob.exc.HTTPNotFound) as caught:
        serve(fail, config={"TRAP_HTTP_EXCEPTIONS": True})
    assert type(caught.value) is webob.exc.HTTPNotFound


# From the functions before and after a view, or an action.

RAISED = [
    lambda: abort(403, "Stop"),
    lambda: redirect("/new"),
    lambda: legacy.controllers.util.abort(403, "Stop"),
]


@pytest.fixture
def serve_hooked(make_site, framework):
    """Return a function that serves a request with functions around its view."""

    def run(before=None, after=None):
        site = make_site()

        def page():
            response.set_cookie("view", "1")
            return "page"

        if framework == "flask":
            site.app.add_url_rule("/page", "page", page)
            if before is not None:
                site.app.before_request(before)
            if after is not None:
                site.app.after_request(lambda made: after() or made)
        else:
            members = {"show": staticmethod(page)}
            if before is not None:
                members["__before__"] = staticmethod(before)
            if after is not None:
                members["__after__"] = staticmethod(after)
            controller = type("PageController", (WSGIController,), members)
            site.mapper.connect("page", "/page", controller=controller, action="show")
        return site, site.client.get("/page", buffered=True)

    return run


@pytest.mark.parametrize("stop", RAISED, ids=["abort", "redirect", "webob"])
@pytest.mark.parametrize("where", ["before", "after"])
def test_raised_around_a_view(serve_hooked, where, stop):
    def hook():
        response.set_cookie("hook", "1")
        response.headers["Link"] = "</a>; rel=prev"
        return stop()

    answer = serve_hooked(**{where: hook})[1]
    assert answer.status_code in {403, 302}
    assert answer.text != "page"
    assert "hook=1; Path=/" in answer.headers.getlist("Set-Cookie")
    assert answer.headers["Link"] == "</a>; rel=prev"


@pytest.mark.parametrize("code", [403, 302])
def test_exception_that_is_returned_before_a_view(serve_hooked, code):
    answer = serve_hooked(before=lambda: http_exception(code, "Stop"))[1]
    assert answer.status_code == code


@flask_only
def test_cookies_are_kept_where_an_after_request_function_raises(serve_hooked):
    def after():
        response.set_cookie("hook", "1")
        redirect("/new")

    answer = serve_hooked(after=after)[1]
    assert answer.headers["Location"] == "/new"
    assert answer.headers.getlist("Set-Cookie") == ["view=1; Path=/", "hook=1; Path=/"]


def test_session_is_stored_where_a_function_after_the_view_raises(serve_hooked):
    def after():
        session["a"] = 1
        redirect("/new")

    site, answer = serve_hooked(after=after)
    assert answer.status_code == 302
    with site.client.session_transaction() as stored:
        assert dict(stored) == {"a": 1}


@flask_only
def test_error_handler_answers_what_an_after_request_function_raises(serve):
    def setup(site):
        site.app.register_error_handler(403, lambda error: ("handled", 409))

        @site.app.after_request
        def after(made):
            if made.status_code == 200:
                abort(403)
            return made

    served = serve(lambda: "page", setup=setup)
    assert (served.response.status_code, served.response.text) == (409, "handled")


@flask_only
def test_exception_of_werkzeug_after_a_view_is_flasks_own_affair(serve):
    def setup(site):
        site.app.after_request(lambda made: werkzeug.exceptions.abort(403))

    with pytest.raises(werkzeug.exceptions.Forbidden):
        serve(lambda: "page", setup=setup)


def test_request_is_that_of_the_page_in_every_function(serve_hooked):
    seen = []

    def look():
        seen.append(request.path)

    serve_hooked(look, look)
    assert seen == ["/page", "/page"]


@pytest.mark.parametrize("code", [204, 304])
def test_abort_without_a_body_has_no_content_type(serve, code):
    served = serve(lambda: abort(code))
    assert served.response.status_code == code
    assert "Content-Type" not in served.response.headers
