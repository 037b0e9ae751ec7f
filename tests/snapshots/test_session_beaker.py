"""compatshim.snapshots.session: a legacy application alone, inside Beaker's middleware."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest
from beaker.middleware import SessionMiddleware
from routes import Mapper
from werkzeug.test import Client

from compatshim import legacy
from compatshim.common import copy_current_context
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.snapshots.session import SessionSnapshot


def in_thread(function):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def serve(show):
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    methods = {"show": staticmethod(show)}
    mapper.connect("/", controller=type("C", (WSGIController,), methods), action="show")
    app = SessionMiddleware(PylonsApp(config), {"session.type": "memory"})
    return Client(app).get("/")


def test_what_a_thread_changes_stays_there():
    def change():
        seen = legacy.session["list"], legacy.request.session["a"]
        legacy.session["a"] = "thread"
        legacy.session["list"].append(2)
        legacy.session.save()
        own = legacy.request.environ["beaker.session"]
        return [*seen[0]], seen[1], own["a"], legacy.session.id

    def show():
        legacy.session.update(a="request", list=[1])
        result.append(in_thread(copy_current_context(change)))
        result.append((dict(legacy.session), legacy.session.id))
        return ""

    result = []
    serve(show)
    (in_the_thread, (own, session_id)) = result
    assert in_the_thread == ([1, 2], "request", "thread", session_id)
    assert (own["a"], own["list"]) == ("request", [1])


def test_session_that_is_not_touched_is_not_opened():
    def show():
        in_thread(copy_current_context(lambda: None))
        assert not legacy.request.environ["beaker.session"].accessed()
        return ""

    assert "Set-Cookie" not in serve(show).headers


def test_session_that_only_the_thread_touches():
    def show():
        assert in_thread(copy_current_context(lambda: legacy.session.get("a"))) is None
        return ""

    assert serve(show).status_code == 200


def test_invalidate_is_for_the_copy():
    def change():
        legacy.session.invalidate()
        return dict(legacy.session)

    def show():
        legacy.session["a"] = 1
        assert in_thread(copy_current_context(change)) == {}
        assert legacy.session["a"] == 1
        return ""

    assert serve(show).status_code == 200


class Opened(dict):
    accessed = True
    sid = "sid"

    def regenerate(self):
        raise AssertionError("the request's session was reached")


def test_methods_of_the_session_itself_are_not_there():
    snapshot = SessionSnapshot(Opened(a=1))
    assert (snapshot.sid, dict(snapshot), len(snapshot)) == ("sid", {"a": 1}, 1)
    with pytest.raises(AttributeError, match="'regenerate'"):
        snapshot.regenerate()
    with pytest.raises(AttributeError, match="'missing'"):
        snapshot.missing  # noqa: B018
    assert "Opened" not in dir(copy.copy(snapshot))


def test_modified_is_about_the_copy():
    session = Opened(a=1)
    session.modified = False
    snapshot = SessionSnapshot(session)
    assert snapshot.modified is False
    del snapshot["a"]
    assert (snapshot.modified, session.modified) == (True, False)
    snapshot.revert()
    assert dict(snapshot) == {"a": 1}
    assert "of {'a': 1}" in repr(snapshot)
