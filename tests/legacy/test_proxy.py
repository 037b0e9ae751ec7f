"""The proxies of compatshim.legacy, in and outside of requests."""

from __future__ import annotations

import contextvars

import pytest
import webob

from compatshim import legacy
from compatshim.errors import NoRequestError
from compatshim.serving import LegacyRequest, legacy_request, serving_legacy

NAMES = [
    "app_globals",
    "cache",
    "request",
    "response",
    "session",
    "tmpl_context",
    "translator",
    "url",
]


@pytest.mark.parametrize("name", NAMES)
def test_outside_of_a_request_the_error_names_the_object(name):
    proxy = getattr(legacy, name)
    with pytest.raises(NoRequestError, match=f"'{name}' was used outside") as caught:
        proxy._current_obj()
    assert caught.value.object_name == name
    assert not hasattr(proxy, "anything")
    assert not proxy
    assert "unbound" in repr(proxy)


def test_a_request_whose_objects_are_not_made_yet_is_none():
    environ = webob.Request.blank("/").environ
    with serving_legacy(LegacyRequest(environ)), pytest.raises(NoRequestError):
        legacy.request._current_obj()


@pytest.mark.parametrize("name", [*NAMES, "config"])
def test_in_a_request_each_proxy_is_the_request_s_object(serve, name):
    seen = []

    def index(self):
        seen.append(getattr(legacy, name)._current_obj())
        seen.append(getattr(legacy_request().objects, name))

    serve(index, environ={"beaker.session": {"a": 1}, "beaker.cache": {"b": 1}})
    assert seen[0] is seen[1]


def test_a_pushed_object_counts_until_it_is_popped():
    first, second = object(), object()
    legacy.app_globals._push_object(first)
    legacy.app_globals._push_object(second)
    assert legacy.app_globals._current_obj() is second
    legacy.app_globals._pop_object(second)
    assert legacy.app_globals._current_obj() is first
    legacy.app_globals._pop_object()
    assert not hasattr(legacy.app_globals, "x")


def test_popping_what_was_not_pushed_last():
    first, second = object(), object()
    legacy.app_globals._push_object(first)
    with pytest.raises(AssertionError, match="'app_globals'"):
        legacy.app_globals._pop_object(second)
    legacy.app_globals._pop_object(first)
    with pytest.raises(IndexError, match="'app_globals'"):
        legacy.app_globals._pop_object()


def test_a_push_is_seen_in_its_own_context_only():
    def push():
        legacy.url._push_object("pushed")
        return legacy.url._current_obj()

    assert contextvars.copy_context().run(push) == "pushed"
    with pytest.raises(NoRequestError):
        legacy.url._current_obj()


def test_a_push_made_outside_does_not_hide_the_objects_of_a_later_request(serve):
    legacy.request._push_object("pushed")
    try:
        response = serve(lambda self: legacy.request.path)
    finally:
        legacy.request._pop_object()
    assert response.text == "/index"


def test_a_push_made_in_a_request_counts_in_it(serve):
    def index(self):
        legacy.app_globals._push_object("pushed")
        return legacy.app_globals._current_obj()

    assert serve(index).text == "pushed"
