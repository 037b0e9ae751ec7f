"""compatshim._flask_context: Flask's own context variables, touched in one place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
from flask import Flask
from werkzeug.test import create_environ

from compatshim import _flask_context as flask_context
from compatshim.serving import LegacyRequest, is_flask_request, serving_legacy


def build_app():
    app = Flask("sample")
    app.secret_key = "for tests"
    return app


def test_the_current_request_context():
    app = build_app()
    assert flask_context.current_request_context() is None
    with app.app_context():
        assert flask_context.current_request_context() is None
    with app.test_request_context("/") as context:
        assert flask_context.current_request_context() is context
    assert flask_context.current_request_context() is None


def test_a_request_context_with_an_application_context_of_its_own():
    app = build_app()
    with app.app_context():
        flask.g.name = "outer"
        with flask_context.bring_own_app_context(app.test_request_context("/")):
            assert not hasattr(flask.g, "name")
            flask.g.name = "inner"
        assert flask.g.name == "outer"
    assert not flask.has_app_context()


def test_its_application_context_is_popped_also_when_a_teardown_fails():
    app = build_app()

    @app.teardown_request
    def broken(error):
        raise ZeroDivisionError

    context = flask_context.bring_own_app_context(app.test_request_context("/"))
    context.push()
    with pytest.raises(ZeroDivisionError):
        context.pop(None)
    assert not flask.has_app_context()
    assert not flask.has_request_context()


def test_a_copy_of_the_request_context_for_another_thread():
    app = build_app()

    def work():
        seen = flask.request.path, flask.g.name
        flask.g.name = "in the thread"
        return seen

    with app.test_request_context("/page"), ThreadPoolExecutor(1) as pool:
        flask.g.name = "mine"
        copied = flask_context.copy_request_context(work, dict)
        flask.g.name = "later"
        assert pool.submit(copied).result() == ("/page", "mine")
        assert flask.g.name == "later"
    assert copied.__name__ == "work"


def test_a_lent_request_context_never_makes_flask_serve():
    app = build_app()
    torn_down = []
    app.teardown_request(torn_down.append)
    context = app.request_context(create_environ("/page"))
    with app.app_context() as app_context, serving_legacy(LegacyRequest({})):
        flask.g.name = "shared"
        lent = flask_context.LentRequestContext(context, app_context)
        lent.push()
        assert not flask.has_request_context()
        seen = lent.run(lambda: (flask.request.path, flask.g.name, is_flask_request()))
        assert seen == ("/page", "shared", False)
        assert not flask.has_request_context()
        assert torn_down == []
        lent.pop(None)
    assert torn_down == [None]


def test_what_runs_with_a_lent_context_may_raise():
    app = build_app()
    context = app.request_context(create_environ("/page"))
    with app.app_context() as app_context, serving_legacy(LegacyRequest({})):
        lent = flask_context.LentRequestContext(context, app_context)
        lent.push()
        with pytest.raises(ZeroDivisionError):
            lent.run(lambda: 1 // 0)
        assert not flask.has_request_context()
        lent.pop(None)


def test_flask_has_no_routing_exception_for_a_path_that_is_not_its_own():
    app = build_app()
    context = app.request_context(create_environ("/legacy"))
    with app.app_context() as app_context, serving_legacy(LegacyRequest({})):
        lent = flask_context.LentRequestContext(context, app_context)
        lent.push()
        assert lent.run(lambda: flask.request.routing_exception) is None
        lent.pop(None)


@pytest.mark.parametrize(
    ("ignore", "error", "expected"),
    [
        (None, ZeroDivisionError(), False),
        (lambda error: True, ZeroDivisionError(), True),
        (lambda error: False, ZeroDivisionError(), False),
        (lambda error: True, None, False),
    ],
)
def test_errors_that_an_application_wants_ignored(ignore, error, expected):
    app = build_app()
    app.should_ignore_error = ignore or (lambda error: False)
    assert flask_context.ignored(app, error) is expected
