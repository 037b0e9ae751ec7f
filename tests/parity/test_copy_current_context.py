"""``copy_current_context``: a thread sees the request, and gives nothing back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import flask
import pytest

from compatshim.common import (
    c,
    copy_current_context,
    g,
    is_flask_request,
    request,
    session,
    url_for,
)
from compatshim.errors import NoRequestError


def in_thread(function, *args, **kwargs):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *args, **kwargs).result()


def test_thread_without_a_copy_has_no_request(serve):
    def read():
        with pytest.raises(NoRequestError):
            request.path  # noqa: B018
        return str(is_flask_request())

    assert serve(lambda: in_thread(read)).result == "False"


def test_thread_sees_the_request(serve, framework):
    def read():
        own = is_flask_request() == (framework == "flask")
        return own, request.path, request.params["a"], url_for("/x")

    served = serve(lambda: in_thread(copy_current_context(read)), "/page?a=1")
    assert served.result == (True, "/page", "1", "/x")


def test_thread_sees_the_names_of_the_request(serve):
    def read():
        return c.user, g.user, flask.g.user, c.title

    def view():
        c.user = "sara"
        return in_thread(copy_current_context(read))

    assert serve(view).result == ("sara", "sara", "sara", "The site")


def test_names_are_those_of_the_moment_of_the_copy(serve):
    def view():
        c.user = "before"
        copied = copy_current_context(lambda: c.user)
        c.user = "after"
        return in_thread(copied), c.user

    assert serve(view).result == ("before", "after")


def test_thread_sets_nothing_in_the_request(serve):
    def write():
        c.user = "thread"
        g.more = 1
        del c.kept
        return c.user

    def view():
        c.user = "request"
        c.kept = True
        return (
            in_thread(copy_current_context(write)),
            c.user,
            hasattr(c, "more"),
            c.kept,
        )

    assert serve(view).result == ("thread", "request", False, True)


def test_two_calls_do_not_see_each_other(serve):
    def write():
        seen = c.get("count", 0)
        c.count = seen + 1
        return seen

    def view():
        copied = copy_current_context(write)
        return in_thread(copied), in_thread(copied)

    assert serve(view).result == (0, 0)


def test_arguments_and_result_are_passed_on(serve):
    def add(a, b):
        return a + b

    def view():
        copied = copy_current_context(add)
        return in_thread(copied, 1, b=2), copied.__name__

    assert serve(view).result == (3, "add")


def test_error_is_passed_on(serve):
    def view():
        with pytest.raises(LookupError, match="on purpose"):
            in_thread(copy_current_context(fail))

    def fail():
        raise LookupError("on purpose")

    serve(view)


def test_thread_has_an_application_context_and_teardown_of_its_own(make_site):
    ended = []
    site = make_site()

    @site.app.teardown_appcontext
    def end(error):
        ended.append((flask.g.get("who"), error))

    def read():
        c.who = "thread"
        return flask.current_app.name

    def view():
        c.who = "request"
        name = in_thread(copy_current_context(read))
        return name, list(ended)

    site.add("/page", view)
    assert site.open("/page").result == ("sample", [("thread", None)])
    assert ended == [("thread", None), ("request", None)]


def test_thread_that_fails_gives_its_teardown_the_error(make_site):
    ended = []
    site = make_site()
    site.app.teardown_appcontext(ended.append)

    def fail():
        raise LookupError("on purpose")

    def view():
        with pytest.raises(LookupError):
            in_thread(copy_current_context(fail))

    site.add("/page", view)
    site.open("/page")
    assert [type(error) for error in ended] == [LookupError, type(None)]


def test_thread_reads_the_session(serve):
    def view():
        session["a"] = 1
        return in_thread(copy_current_context(lambda: session["a"]))

    assert serve(view).result == 1


def test_copy_may_be_called_in_the_request_itself(serve):
    def write():
        c.user = "copy"
        return request.path

    def view():
        c.user = "request"
        return copy_current_context(write)(), c.user, request.path

    assert serve(view).result == ("/page", "request", "/page")


def test_many_threads_at_once(serve):
    def read(number):
        c.number = number
        return c.number, request.path

    def view():
        copied = copy_current_context(read)
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(copied, range(50)))

    assert serve(view).result == [(number, "/page") for number in range(50)]
