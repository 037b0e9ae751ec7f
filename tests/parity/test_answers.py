"""``abort`` and ``redirect`` answer alike, and old ``except`` clauses catch them."""

from __future__ import annotations

import pytest
import webob.exc
import werkzeug.exceptions

from compatshim import errors, legacy
from compatshim.common import abort, c, redirect, render, response, session

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


def test_location_with_a_line_break_is_refused(serve):
    def view():
        with pytest.raises(ValueError, match=r"(?i)control characters|newline"):
            redirect("/a\r\nSet-Cookie: evil=1")

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
