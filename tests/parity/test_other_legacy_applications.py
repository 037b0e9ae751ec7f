"""The common objects under a legacy application that is no ``PylonsApp``."""

from __future__ import annotations

import flask
import pytest
from routes import Mapper
from webob import Response

from compatshim import CompatShim
from compatshim.common import (
    _,
    app_globals,
    c,
    config,
    flash,
    g,
    get_flashed_messages,
    get_lang,
    h,
    is_flask_request,
    render,
    request,
    response,
    session,
    url,
    url_for,
)


@pytest.fixture(params=[True, False], ids=["with a mapper", "without routes"])
def has_mapper(request):
    return request.param


@pytest.fixture
def serve_wsgi(has_mapper, tmp_path):
    """Return what a function returns in a legacy WSGI application."""

    def run(function, path="/item/one?a=1&a=2", legacy_config=None, **options):
        results = []

        def legacy_app(environ, start_response):
            assert is_flask_request() is False
            results.append(function())
            return Response("page", content_type="text/plain")(environ, start_response)

        app = flask.Flask("sample", root_path=str(tmp_path))
        app.config.update(TESTING=True, SECRET_KEY="secret")
        app.add_url_rule("/about", "about", lambda: "about")
        mapper = None
        if has_mapper:
            mapper = Mapper()
            mapper.connect("item", "/item/{name}", controller="item")
        CompatShim(app, legacy=legacy_app, mapper=mapper, legacy_config=legacy_config)
        answer = app.test_client().open(path, buffered=True, **options)
        return results[0], answer

    return run


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: request.path, "/item/one"),
        (lambda: (request.params["a"], request.args["a"]), ("2", "1")),
        (lambda: url_for("about"), "/about"),
        (lambda: url_for("/x", _external=True), "http://localhost/x"),
        (lambda: config["SECRET_KEY"], "secret"),
        (lambda: session.get("a", "none"), "none"),
        (lambda: (flash("text"), get_flashed_messages())[1], ["text"]),
    ],
)
def test_common_object(serve_wsgi, read, expected):
    assert serve_wsgi(read)[0] == expected


def test_namespace_is_shared_with_flask_g(serve_wsgi):
    def view():
        c.user = "sara"
        app_globals.title = "The site"
        return g.user, flask.g.user, c.title, hasattr(h, "helper")

    assert serve_wsgi(view)[0] == ("sara", "sara", "The site", False)


def test_session_is_stored(serve_wsgi):
    answer = serve_wsgi(lambda: session.__setitem__("a", 1))[1]
    assert answer.headers["Set-Cookie"].startswith("session=")


def test_response_is_added_to_the_answer(serve_wsgi):
    def view():
        response.headers["X-Trace"] = "12"
        response.set_cookie("a", "1")
        response.status_int = 201

    answer = serve_wsgi(view)[1]
    assert answer.headers["X-Trace"] == "12"
    assert answer.headers["Set-Cookie"] == "a=1; Path=/"
    assert (answer.status_code, answer.text) == (201, "page")


def test_template_is_rendered(serve_wsgi, write_template):
    write_template("page.html", "{{ request.path }} {{ c.user }}")

    def view():
        c.user = "sara"
        return render("page.html")

    assert serve_wsgi(view)[0] == "/item/one sara"


def test_lax_c_follows_the_given_configuration(serve_wsgi):
    config_of_site = {"pylons.strict_tmpl_context": False}
    assert serve_wsgi(lambda: c.missing, legacy_config=config_of_site)[0] == ""


@pytest.mark.parametrize("has_mapper", [True])
def test_current_url(serve_wsgi):
    assert serve_wsgi(lambda: url.current(q="x"))[0] == "/item/one?q=x"


def test_text_is_translated_by_nobody_without_catalogues(serve_wsgi):
    assert serve_wsgi(lambda: (_("text"), get_lang()))[0] == ("text", None)


@pytest.mark.parametrize(
    ("status", "name", "value"),
    [
        ("200 OK\r\nX-Evil: 1", "X-A", "1"),
        ("200 OK", "X-A\r\nX-Evil", "1"),
        ("200 OK", "X-A", "1\nX-Evil: 1"),
    ],
)
def test_line_break_in_what_it_starts_its_answer_with(status, name, value):
    def legacy_app(environ, start_response):
        start_response(status, [(name, value), ("X-B", "2")])
        return [b"page"]

    app = flask.Flask("sample")
    CompatShim(app, legacy=legacy_app)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "X-Evil" not in str(answer.headers)
