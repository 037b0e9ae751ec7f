"""compatshim.snapshots.copying, where a legacy application runs alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from routes import Mapper
from webob.multidict import MultiDict
from werkzeug.test import Client

from compatshim import legacy
from compatshim.common import c, copy_current_context, request, response
from compatshim.errors import BodyNotReadError, NotConfiguredError
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.serving import LegacyRequest, legacy_request, serving_legacy
from compatshim.snapshots.copying import copy_legacy_request


def in_thread(function):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def build(**actions):
    methods = {name: staticmethod(action) for name, action in actions.items()}
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    mapper.connect("/{action}", controller=type("C", (WSGIController,), methods))
    return PylonsApp(config)


def test_function_has_a_snapshot_of_the_request():
    record = LegacyRequest({"key": 1}, {"name": "before"})

    def read():
        current = legacy_request()
        seen = dict(current.namespace)
        current.namespace["name"] = "in the thread"
        return current is record, seen, current.environ["key"]

    with serving_legacy(record):
        copied = copy_legacy_request(record, read)
    record.namespace["name"] = "after"
    for _again in range(2):
        assert in_thread(copied) == (False, {"name": "before"}, 1)
    assert record.namespace == {"name": "after"}
    assert copied.__name__ == "read"


def test_everything_of_a_request_stays_with_the_request():
    def change():
        seen = c.name, request.own, response.headers["X-Own"], request.body
        c.name = request.own = response.headers["X-Own"] = "thread"
        request.path_info = "/elsewhere"
        legacy.tmpl_context.more = 1
        return seen, legacy.request.own, legacy.request.path_info, c.more

    def show():
        c.name = request.own = response.headers["X-Own"] = "request"
        assert request.body == b"body"
        seen.append(in_thread(copy_current_context(change)))
        own = legacy.tmpl_context.name, legacy.request.own, hasattr(c, "more")
        seen.append((own, legacy.request.path_info))
        return ""

    seen = []
    answer = Client(build(show=show)).post("/show", data=b"body")
    assert seen == [
        (("request", "request", "request", b"body"), "thread", "/elsewhere", 1),
        (("request", "request", False), "/show"),
    ]
    assert answer.headers["X-Own"] == "request"


def test_body_that_was_not_read():
    def show():
        with pytest.raises(BodyNotReadError):
            in_thread(copy_current_context(lambda: request.body))
        return request.body

    answer = Client(build(show=show)).post("/show", data=b"body")
    assert answer.data == b"body"


def test_session_that_is_not_configured():
    def show():
        with pytest.raises(NotConfiguredError):
            in_thread(copy_current_context(lambda: legacy.session["a"]))
        return ""

    assert Client(build(show=show)).get("/show").status_code == 200


def test_form_that_another_library_has_parsed():
    fields, body = MultiDict(a="1"), object()
    environ = {"wsgi.input": body, "webob._parsed_post_vars": (fields, body)}
    record = LegacyRequest(environ)

    def change():
        copied, read_from = legacy_request().environ["webob._parsed_post_vars"]
        copied["a"] = "2"
        return read_from is legacy_request().environ["wsgi.input"]

    assert in_thread(copy_legacy_request(record, change)) is True
    assert fields["a"] == "1"
