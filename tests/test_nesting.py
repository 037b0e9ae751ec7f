"""Requests inside requests, in both directions: the innermost one is serving."""

from __future__ import annotations

import flask
import pytest
from flask import Flask, Response
from hypothesis import given, strategies as st
from routes import Mapper
from werkzeug.test import create_environ

from compatshim import CompatShim
from compatshim.common import (
    c,
    g,
    is_flask_request,
    request,
    session,
    streaming_response,
)
from compatshim.legacy import request as legacy_request, tmpl_context
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context
from sample_site import build_legacy


def build_app(*, views=None, **actions):
    """Return a Flask application of ``/flask/{name}`` and ``/legacy/{name}``."""
    app = Flask("sample")
    app.secret_key = "for tests"
    for name, view in (views or {}).items():
        app.add_url_rule(f"/flask/{name}", name, view, methods=["GET", "POST"])
    CompatShim(app, legacy=build_legacy(**actions))
    app.testing = True
    return app


def context(app, kind, path):
    """Return a context manager for a request of either framework."""
    if kind == "flask":
        return app.test_request_context(path)
    return legacy_request_context(app, path)


def mark(name):
    """Leave ``name`` wherever a request keeps things of its own."""
    c.name = name
    session["name"] = name
    request.own_name = name


def assert_current(kind, path, name):
    """Check that everything is what :func:`mark` left in this request."""
    assert is_flask_request() is (kind == "flask")
    assert request.path == path
    assert c.name == g.name == flask.g.name == name
    assert session["name"] == name
    assert request.own_name == name
    if kind == "flask":
        assert flask.request.path == path
        assert flask.session["name"] == name
    else:
        assert legacy_request.path == path
        assert tmpl_context.name == name


KINDS = ["flask", "legacy"]

PAIRS = [(outer, inner) for outer in KINDS for inner in KINDS]


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_pushed_request_in_a_pushed_request(outer, inner):
    app = build_app()
    with context(app, outer, "/outer"):
        mark("outer")
        with context(app, inner, "/inner"):
            assert not hasattr(c, "name")
            assert "name" not in session
            assert not hasattr(request, "own_name")
            mark("inner")
            assert_current(inner, "/inner", "inner")
        assert_current(outer, "/outer", "outer")
    assert is_flask_request() is False


@pytest.mark.parametrize("first", KINDS)
def test_six_requests_inside_each_other(first):
    app = build_app()

    def descend(depth):
        kind = KINDS[(KINDS.index(first) + depth) % 2]
        path = f"/{depth}"
        with context(app, kind, path):
            mark(path)
            if depth < 5:
                descend(depth + 1)
            assert_current(kind, path, path)

    descend(0)


def without_bare_flask(tree, above=()):
    """Return ``tree`` with legacy requests for what PAIRS leaves out."""
    kind, children = tree
    if kind == "flask" and above and "legacy" not in above:
        kind = "legacy"
    return kind, [without_bare_flask(child, (*above, kind)) for child in children]


TREES = st.recursive(
    st.tuples(st.sampled_from(KINDS), st.just([])),
    lambda children: st.tuples(
        st.sampled_from(KINDS), st.lists(children, min_size=1, max_size=3)
    ),
    max_leaves=8,
).map(without_bare_flask)


def walk(app, tree, path):
    kind, children = tree
    with context(app, kind, path):
        mark(path)
        for number, child in enumerate(children):
            walk(app, child, f"{path}/{number}")
            assert_current(kind, path, path)
        assert_current(kind, path, path)


@given(TREES)
def test_any_tree_of_pushed_requests_follows_the_rule(tree):
    walk(APP, tree, "/0")
    assert is_flask_request() is False


@given(TREES)
def test_any_tree_of_served_requests_follows_the_rule(tree):
    """Each request is served, and makes its children with test clients."""
    assert serve(tree, "0") == expected_answer(tree, "0")
    assert is_flask_request() is False


def serve(tree, name):
    kind, children = tree
    TREE_OF[name] = children
    return APP.test_client().get(f"/{kind}/walk?name={name}").text


def expected_answer(tree, name):
    kind, children = tree
    inner = (
        expected_answer(child, f"{name}.{number}")
        for number, child in enumerate(children)
    )
    return f"{kind} {name}({' '.join(inner)})"


def walk_served():
    name = request.GET["name"]
    kind = "flask" if is_flask_request() else "legacy"
    mark(name)
    answers = []
    for number, child in enumerate(TREE_OF[name]):
        answers.append(serve(child, f"{name}.{number}"))
        assert_current(kind, f"/{kind}/walk", name)
    return f"{kind} {name}({' '.join(answers)})"


TREE_OF: dict[str, list[object]] = {}
APP = build_app(views={"walk": walk_served}, walk=walk_served)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_test_client_inside_a_served_request(outer, inner):
    def inside():
        assert not hasattr(c, "name")
        assert "name" not in session
        mark("inner")
        assert_current(inner, f"/{inner}/inside", "inner")
        return f"{request.method} {request.body.decode()}"

    def outside():
        mark("outer")
        answer = app.test_client().post(f"/{inner}/inside", data="body")
        assert_current(outer, f"/{outer}/outside", "outer")
        assert request.method == "GET"
        return answer.text

    rule = {"inside": inside, "outside": outside}
    app = build_app(views=rule, **rule)
    assert app.test_client().get(f"/{outer}/outside").text == "POST body"


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_client_block_inside_a_served_request_keeps_its_context(outer, inner):
    def outside():
        mark("outer")
        with app.test_client() as client:
            client.get(f"/{inner}/inside")
            seen = f"{request.path} {c.name} {is_flask_request()}"
        assert_current(outer, f"/{outer}/outside", "outer")
        return seen

    def inside():
        mark("inner")
        return ""

    actions = {"inside": inside, "outside": outside}
    app = build_app(views=actions, **actions)
    answer = app.test_client().get(f"/{outer}/outside").text
    assert answer == f"/{inner}/inside inner {inner == 'flask'}"


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_pushed_request_inside_a_served_one(outer, inner):
    def action():
        mark("outer")
        with context(app, inner, "/inner?a=1"):
            mark("inner")
            assert_current(inner, "/inner", "inner")
            seen = request.GET["a"]
        assert_current(outer, f"/{outer}/action", "outer")
        return seen

    app = build_app(views={"action": action}, action=action)
    assert app.test_client().get(f"/{outer}/action").text == "1"


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_body_is_consumed_after_the_outer_request_went_on(outer, inner):
    def stream():
        mark("inner")

        def body():
            for _ in range(3):
                assert_current(inner, f"/{inner}/stream", "inner")
                yield "x"

        return streaming_response(body(), mimetype="text/plain")

    def outside():
        mark("outer")
        answer = app.test_client().get(f"/{inner}/stream")
        assert_current(outer, f"/{outer}/outside", "outer")
        chunks = []
        for chunk in answer.response:
            assert_current(outer, f"/{outer}/outside", "outer")
            chunks.append(chunk)
        answer.close()
        assert_current(outer, f"/{outer}/outside", "outer")
        return b"".join(chunks).decode()

    actions = {"stream": stream, "outside": outside}
    app = build_app(views=actions, **actions)
    assert app.test_client().get(f"/{outer}/outside").text == "xxx"


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_body_that_makes_requests_itself(outer, inner):
    def stream():
        mark("outer")

        def body():
            for _ in range(2):
                yield app.test_client().get(f"/{inner}/inside").text
                assert_current(outer, f"/{outer}/stream", "outer")

        return streaming_response(body(), mimetype="text/plain")

    def inside():
        mark("inner")
        assert_current(inner, f"/{inner}/inside", "inner")
        return "x"

    actions = {"stream": stream, "inside": inside}
    app = build_app(views=actions, **actions)
    assert app.test_client().get(f"/{outer}/stream").text == "xx"


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_two_bodies_consumed_in_turn(outer, inner):
    def stream():
        mark(name := request.GET["name"])

        def body():
            for _ in range(3):
                assert c.name == session["name"] == request.own_name == name
                yield name

        return streaming_response(body(), mimetype="text/plain")

    app = build_app(views={"stream": stream}, stream=stream)
    one = app.test_client().get(f"/{outer}/stream?name=a")
    two = app.test_client().get(f"/{inner}/stream?name=b")
    pairs = list(zip(one.response, two.response, strict=True))
    one.close()
    two.close()
    assert pairs == [(b"a", b"b")] * 3


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_another_application_with_its_own_shim_inside(outer, inner):
    def inside():
        mark("inner")
        assert flask.current_app.name == "other"
        return request.path

    def outside():
        mark("outer")
        answer = other.test_client().get(f"/{inner}/inside").text
        assert flask.current_app.name == "sample"
        assert_current(outer, f"/{outer}/outside", "outer")
        return answer

    other = build_app(views={"inside": inside}, inside=inside)
    other.name = "other"
    app = build_app(views={"outside": outside}, outside=outside)
    assert app.test_client().get(f"/{outer}/outside").text == f"/{inner}/inside"


@pytest.mark.parametrize("outer", KINDS)
def test_an_application_without_a_shim_inside(outer):
    bare = Flask("bare")
    bare.add_url_rule("/", "index", lambda: f"{is_flask_request()} {len(vars(g))}")

    def outside():
        mark("outer")
        with bare.test_request_context("/pushed"):
            assert is_flask_request() is True
            assert request.path == "/pushed"
        answer = bare.test_client().get("/").text
        assert_current(outer, f"/{outer}/outside", "outer")
        return answer

    app = build_app(views={"outside": outside}, outside=outside)
    assert app.test_client().get(f"/{outer}/outside").text.startswith("True")


@pytest.mark.parametrize("outer", KINDS)
def test_a_legacy_application_called_directly_inside(outer):
    def inside():
        c.name = "inner"
        assert is_flask_request() is False
        return request.path

    def outside():
        mark("outer")
        environ = create_environ("/legacy/inside")
        answer = b"".join(legacy_only(inside)(environ, lambda *_: None)).decode()
        assert_current(outer, f"/{outer}/outside", "outer")
        return answer

    app = build_app(views={"outside": outside}, outside=outside)
    assert app.test_client().get(f"/{outer}/outside").text == "/legacy/inside"


def legacy_only(inside):
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    methods = {"inside": staticmethod(inside)}
    mapper.connect("/legacy/{action}", controller=type("C", (WSGIController,), methods))
    return PylonsApp(config)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_the_outer_request_is_intact_after_an_inner_one_failed(outer, inner):
    def fail():
        mark("inner")
        raise ZeroDivisionError

    def outside():
        mark("outer")
        with pytest.raises(ZeroDivisionError):
            app.test_client().get(f"/{inner}/fail")
        assert_current(outer, f"/{outer}/outside", "outer")
        return "intact"

    actions = {"fail": fail, "outside": outside}
    app = build_app(views=actions, **actions)
    assert app.test_client().get(f"/{outer}/outside").text == "intact"


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_each_request_is_torn_down_by_itself(outer, inner):
    torn_down = []

    def inside():
        c.name = "inner"
        return ""

    def outside():
        c.name = "outer"
        app.test_client().get(f"/{inner}/inside")
        assert torn_down == ["inner"]
        return ""

    actions = {"inside": inside, "outside": outside}
    app = build_app(views=actions, **actions)
    app.teardown_appcontext(lambda error: torn_down.append(flask.g.name))
    app.test_client().get(f"/{outer}/outside")
    assert torn_down == ["inner", "outer"]


def test_a_flask_request_in_a_flask_request_has_its_own_request_and_session():
    app = build_app()
    with app.test_request_context("/outer"):
        session["name"] = "outer"
        with app.test_request_context("/inner"):
            assert request.path == flask.request.path == "/inner"
            assert "name" not in session
            assert is_flask_request() is True
        assert request.path == flask.request.path == "/outer"
        assert session["name"] == "outer"


def test_an_application_context_inside_a_legacy_request_is_no_flask_request():
    app = build_app()
    with legacy_request_context(app, "/legacy/x"), app.app_context():
        assert is_flask_request() is False
        assert request.path == "/legacy/x"


def test_the_session_of_a_legacy_request_makes_flask_serve_nothing():
    """The Flask request context that the session needs is lent, and invisible."""

    def action():
        session["name"] = "x"
        assert is_flask_request() is False
        assert flask.has_request_context() is False
        return str(is_flask_request())

    app = build_app(action=action)
    assert app.test_client().get("/legacy/action").text == "False"


def test_headers_and_body_of_a_legacy_request_are_the_real_ones():
    def action():
        return (
            f"{request.method} {request.path} {request.headers['X-A']} {request.body}"
        )

    app = build_app(action=action)
    answer = app.test_client().put("/legacy/action", data="b", headers={"X-A": "1"})
    assert answer.text == "PUT /legacy/action 1 b'b'"


def test_a_flask_view_that_returns_the_answer_of_a_legacy_route():
    def view():
        mark("outer")
        answer = app.test_client().get("/legacy/inside")
        assert_current("flask", "/flask/view", "outer")
        return Response(answer.data, answer.status, answer.headers)

    app = build_app(views={"view": view}, inside=lambda: "from legacy")
    assert app.test_client().get("/flask/view").text == "from legacy"
