"""compatshim.legacy.util."""

from __future__ import annotations

import pytest
import webob

from compatshim.legacy.util import (
    AttribSafeContextObj,
    ContextObj,
    PylonsContext,
    call_wsgi_application,
    class_name_from_module_name,
    close_iterable,
    resolve_dotted,
)


def test_a_strict_context_raises_for_a_missing_name():
    with pytest.raises(AttributeError):
        ContextObj().missing  # noqa: B018


def test_a_lax_context_is_empty_for_a_missing_name():
    assert AttribSafeContextObj().missing == ""


def test_a_lax_context_raises_for_a_dunder_name():
    assert not hasattr(AttribSafeContextObj(), "__html__")


@pytest.mark.parametrize("cls", [ContextObj, AttribSafeContextObj])
def test_a_context_shares_the_dictionary_it_is_given(cls):
    namespace = {"a": 1}
    context = cls(namespace)
    assert vars(context) is namespace
    context.b = 2
    assert namespace == {"a": 1, "b": 2}
    namespace["c"] = 3
    assert context.c == 3


def test_a_context_s_repr_shows_what_is_on_it():
    context = ContextObj()
    context.b = "x" * 100
    context.a = 1
    context._private = 2
    text = repr(context)
    assert text.startswith("<compatshim.legacy.util.ContextObj at 0x")
    assert " a=1, b='xxx" in text
    assert "...xxxx'" in text
    assert "private" not in text


def test_a_pylons_context_opens_once_and_when_asked_for():
    opened = []
    context = PylonsContext(session=lambda: opened.append(1) or "session")
    assert "session" not in vars(context)
    assert (context.session, context.session) == ("session", "session")
    assert opened == [1]
    with pytest.raises(AttributeError, match="'other'"):
        context.other  # noqa: B018


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("with-dashes", "WithDashes"),
        ("with_underscores", "WithUnderscores"),
        ("oneword", "Oneword"),
    ],
)
def test_class_name_from_module_name(module, expected):
    assert class_name_from_module_name(module) == expected


def test_resolve_dotted():
    assert resolve_dotted("os.path:join").__name__ == "join"


def call(application, **options):
    return call_wsgi_application(
        application, webob.Request.blank("/").environ, **options
    )


def test_call_returns_the_iterable_unread(counting):
    iterable = counting(b"a")

    def application(environ, start_response):
        start_response("200 OK", [("A", "b")])
        return iterable

    assert call(application) == ("200 OK", [("A", "b")], iterable)
    assert not iterable.closed


def test_call_reads_and_closes_what_was_started_late(counting):
    class Late(counting):
        def __next__(self):
            start_response("200 OK", [])
            return super().__next__()

    iterable = Late(b"a", b"b")
    start_response = None

    def application(environ, given):
        nonlocal start_response
        start_response = given
        return iterable

    assert call(application)[2] == [b"a", b"b"]
    assert iterable.closed == 1


def test_call_joins_what_was_written(counting):
    iterable = counting(b"b")

    def application(environ, start_response):
        start_response("200 OK", [])(b"a")
        return iterable

    assert call(application)[2] == [b"a", b"b"]
    assert iterable.closed == 1


def test_call_closes_what_fails_to_be_read(counting):
    iterable = counting(ZeroDivisionError())

    def application(environ, start_response):
        start_response("200 OK", [])(b"a")
        return iterable

    with pytest.raises(ZeroDivisionError):
        call(application)
    assert iterable.closed == 1


def test_call_of_an_application_that_never_starts():
    with pytest.raises(RuntimeError, match="did not call start_response"):
        call(lambda environ, start_response: [])


def failing(environ, start_response):
    error = ZeroDivisionError()
    start_response("500 Oops", [], (type(error), error, error.__traceback__))
    return []


def test_call_raises_the_exception_that_was_handed_over():
    with pytest.raises(ZeroDivisionError):
        call(failing)


def test_call_catches_the_exception_that_was_handed_over():
    status, _headers, _iterable, exc_info = call(failing, catch_exc_info=True)
    assert status == "500 Oops"
    assert exc_info[0] is ZeroDivisionError


def test_closing_what_cannot_be_closed():
    close_iterable([])
