"""compatshim.serving and .lifetime: who serves, and how long a legacy request lives."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from types import SimpleNamespace

import pytest
from flask import Flask, has_app_context

from compatshim.lifetime import run_apart, run_legacy
from compatshim.serving import (
    LEGACY_REQUEST_KEY,
    LegacyRequest,
    is_flask_request,
    legacy_request,
    serving_legacy,
)

APP = Flask("sample")


def start_response(*_):
    """Take what a server would send."""


class Body:
    """A body that notes in which request each of its steps ran."""

    def __init__(self, *items):
        self.items = list(items)
        self.seen = []

    def __iter__(self):
        return self

    def __next__(self):
        self.seen.append(legacy_request())
        if not self.items:
            raise StopIteration
        item = self.items.pop(0)
        if isinstance(item, BaseException):
            raise item
        return item

    def close(self):
        self.seen.append(("closed", legacy_request()))


def serve(returned, **options):
    """Run a legacy request that returns, or raises, ``returned``."""
    record = LegacyRequest({})

    def application(environ, start_response):
        assert legacy_request() is record
        if isinstance(returned, BaseException):
            raise returned
        return returned

    return record, run_legacy(record, application, start_response, **options)


# The rule.


def test_nobody_serves_without_a_request():
    assert is_flask_request() is False
    assert legacy_request() is None


def test_flask_serves_in_its_own_request():
    with APP.test_request_context("/"):
        assert is_flask_request() is True


def test_flask_does_not_serve_under_the_context_in_which_a_legacy_request_began():
    with APP.test_request_context("/"):
        with serving_legacy(LegacyRequest({})):
            assert is_flask_request() is False
        assert is_flask_request() is True


def test_flask_serves_in_a_context_pushed_inside_a_legacy_request():
    with serving_legacy(LegacyRequest({})):
        with APP.test_request_context("/"):
            assert is_flask_request() is True
        assert is_flask_request() is False


def test_pushing_the_very_same_context_again_is_the_case_that_is_not_seen():
    """Documented in DESIGN.md: the context is the one that the request noted."""
    context = APP.test_request_context("/")
    with context, serving_legacy(LegacyRequest({})), context:
        assert is_flask_request() is False


def test_a_copied_context_answers_as_the_one_that_it_was_copied_from():
    with serving_legacy(LegacyRequest({})), APP.test_request_context("/"):
        copied = copy_context()
        with serving_legacy(LegacyRequest({})):
            assert copied.run(is_flask_request) is True
            assert is_flask_request() is False
    assert copied.run(is_flask_request) is True


def test_a_thread_begins_without_a_request():
    with (
        serving_legacy(LegacyRequest({})),
        APP.test_request_context("/"),
        ThreadPoolExecutor(1) as pool,
    ):
        assert pool.submit(is_flask_request).result() is False
        assert pool.submit(legacy_request).result() is None


def test_asking_who_serves_does_not_import_flask():
    code = """
import sys
from compatshim.serving import LegacyRequest, is_flask_request, serving_legacy
assert str(is_flask_request()) == "False"
with serving_legacy(LegacyRequest({})):
    assert is_flask_request() is False
assert "flask" not in sys.modules
import flask
with flask.Flask("late").test_request_context("/"):
    assert is_flask_request() is True
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


# Records.


def test_a_record_is_found_in_its_environ():
    environ = {}
    record = LegacyRequest(environ)
    assert environ[LEGACY_REQUEST_KEY] is record
    assert record.namespace == {}


def test_another_pass_of_a_request_shares_its_namespace():
    record = LegacyRequest({}, {"name": "x"}, "side")
    record.open_session = dict
    with APP.test_request_context("/"):
        again = record.again({})
    assert again.namespace is record.namespace
    assert (again.flask_side, again.open_session) == ("side", dict)
    assert len(again.flask_contexts) == 2


# A request from its beginning to its end.


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_is_returned_as_it_is_and_ends_the_request(kind):
    ends = []
    items = kind([b"x"])
    _, returned = serve(items, finish=ends.append)
    assert returned is items
    assert ends == [None]
    assert legacy_request() is None


def test_each_step_of_a_body_runs_in_its_request():
    body, ends = Body(b"a", b"b"), []
    record, iterable = serve(body, finish=ends.append)
    assert list(iterable) == [b"a", b"b"]
    iterable.close()
    assert body.seen == [record] * 3 + [("closed", record)]
    assert ends == [None]
    assert legacy_request() is None


def test_a_body_that_is_closed_before_it_began():
    body, ends = Body(b"a"), []
    record, iterable = serve(body, finish=ends.append)
    iterable.close()
    iterable.close()
    assert body.seen == [("closed", record)]
    assert ends == [None]
    assert list(iterable) == []


@pytest.mark.parametrize("error", [ValueError(), SystemExit()])
def test_an_exception_of_the_application(error):
    ends = []
    with pytest.raises(type(error)):
        serve(error, finish=ends.append)
    assert ends == [error]
    assert legacy_request() is None


@pytest.mark.parametrize("error", [ValueError(), SystemExit(), GeneratorExit()])
def test_an_exception_in_a_body(error):
    body, ends = Body(b"a", error), []
    record, iterable = serve(body, finish=ends.append)
    assert next(iterable) == b"a"
    with pytest.raises(type(error)):
        next(iterable)
    iterable.close()
    assert body.seen[-1] == ("closed", record)
    assert len(body.seen) == 3
    assert ends == [error]


def test_recovering_from_an_exception_of_the_application():
    error, asked = ValueError(), []

    def recover(*args):
        asked.append(args)
        return [b"sorry"]

    _, returned = serve(error, recover=recover)
    assert returned == [b"sorry"]
    assert asked == [(error, False)]


@pytest.mark.parametrize("items", [[], [b"a"]])
def test_recovering_from_an_exception_in_a_body(items):
    error, asked = ValueError(), []
    body = Body(*items, error)

    def recover(*args):
        asked.append(args)
        return [b"sorry"]

    record, iterable = serve(body, recover=recover)
    assert list(iterable) == [*items, b"sorry"]
    assert asked == [(error, bool(items))]
    assert body.seen.count(("closed", record)) == 1


def test_recovering_is_tried_once():
    first, second, asked, ends = ValueError("first"), ValueError("second"), [], []

    def recover(*args):
        asked.append(args)
        return Body(second)

    _, iterable = serve(Body(first), recover=recover, finish=ends.append)
    with pytest.raises(ValueError, match="second"):
        next(iterable)
    assert len(asked) == 1
    assert ends == [second]


def test_a_recovery_that_fails():
    failure, ends = ZeroDivisionError(), []

    def recover(*_):
        raise failure

    _, iterable = serve(Body(ValueError()), recover=recover, finish=ends.append)
    with pytest.raises(ZeroDivisionError):
        next(iterable)
    assert ends == [failure]


def test_what_a_request_sets_is_not_seen_outside():
    def application(environ, start_response):
        APP.app_context().push()
        return Body()

    run_legacy(LegacyRequest({}), application, start_response).close()
    assert not has_app_context()


def test_the_repr_of_a_response_names_what_it_is_of():
    _, iterable = serve(iter([b"x"]))
    assert "list_iterator" in repr(iterable)
    iterable.close()


def test_running_an_application_apart():
    def application(environ, start_response):
        APP.app_context().push()
        yield b"a" if has_app_context() else b"b"
        yield b"a" if has_app_context() else b"b"

    iterable = run_apart(application, {}, start_response)
    for _step in range(2):
        assert next(iterable) == b"a"
        assert not has_app_context()
    iterable.close()


def test_running_an_application_apart_that_returns_a_list():
    items = [b"x"]
    assert run_apart(lambda *_: items, {}, start_response) is items


def test_what_a_shim_has_for_both_sides_is_for_its_own_application_only():
    config = {"lang": "de"}
    state = SimpleNamespace(legacy_config=config)
    request = LegacyRequest({}, flask_side=SimpleNamespace(state=state))
    assert request.shared_by(config) is state
    assert request.shared_by(dict(config)) is None  # an application inside of it
    assert LegacyRequest({}).shared_by(config) is None
