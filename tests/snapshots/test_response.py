"""compatshim.snapshots.response: copies of what an answer is set on."""

from __future__ import annotations

from gettext import NullTranslations

from webob import Response

from compatshim.snapshots.response import copy_response, copy_translator


def test_copy_of_a_response_says_the_same():
    response = Response("text", status=404, content_type="text/plain")
    response.own = "own"
    copied = copy_response(response)
    assert copied.headerlist == response.headerlist
    assert (copied.status, copied.body, copied.own) == (
        "404 Not Found",
        b"text",
        "own",
    )


def test_changes_of_a_copy_stay_there():
    response = Response("text")
    response.cache_control.private = True
    before = list(response.headerlist)
    copied = copy_response(response)
    copied.headers["X-Own"] = "copy"
    copied.cache_control.max_age = 5
    copied.body = b"copy"
    copied.status = 404
    copied.write("more")
    assert response.headerlist == before
    assert (response.status_int, response.body) == (200, b"text")
    assert "max-age=5" in copied.headers["Cache-Control"]


def test_changes_of_a_response_stay_there():
    response = Response("text")
    copied = copy_response(response)
    response.headers["X-Own"] = "response"
    response.write("more")
    assert "X-Own" not in copied.headers
    assert copied.body == b"text"


def test_stream_is_left_alone():
    response = Response(app_iter=iter([b"text"]))
    assert copy_response(response).body == b""
    assert response.body == b"text"


def test_fallback_of_a_copied_translator_is_its_own():
    class Upper(NullTranslations):
        def gettext(self, message):
            return message.upper()

    first = NullTranslations()
    first.add_fallback(NullTranslations())
    copied = copy_translator(first)
    copied.add_fallback(Upper())
    assert (copied.gettext("a"), first.gettext("a")) == ("A", "a")
