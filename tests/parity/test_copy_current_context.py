"""``copy_current_context``: a thread sees the request, and gives nothing back."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import flask
import pytest

from compatshim import legacy
from compatshim.common import (
    c,
    copy_current_context,
    flash,
    g,
    get_flashed_messages,
    get_lang,
    is_flask_request,
    request,
    response,
    session,
    set_lang,
    streaming_response,
    url_for,
)
from compatshim.errors import BodyNotReadError, NoRequestError

# Pylons' own objects are there on the legacy side.
legacy_only = pytest.mark.parametrize("framework", ["legacy"])


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


@pytest.mark.parametrize("takes_it_out", [False, True])
def test_teardown_of_the_thread_closes_what_it_finds_in_g(make_site, takes_it_out):
    """The request's own connection, unless the function has taken that out of ``g``."""
    site = make_site()

    @site.app.teardown_appcontext
    def close(error):
        connection = flask.g.pop("connection", None)
        if connection is not None:
            connection.close()

    def work():
        if takes_it_out:
            g.pop("connection", None)
            g.connection = io.StringIO("of the thread")
        return g.connection

    def view():
        g.connection = io.StringIO("of the request")
        used = in_thread(copy_current_context(work))
        return used.closed, g.connection.closed

    site.add("/page", view)
    assert site.open("/page").result == (True, not takes_it_out)


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


# The session.


def test_thread_changes_nothing_in_the_session(make_site):
    def change():
        seen = session["a"], session["list"]
        session["a"] = 2
        session["b"] = 3
        session["list"].append(2)
        del session["gone"]
        return (*seen, dict(session))

    def view():
        session.update(a=1, list=[1], gone=0)
        seen = in_thread(copy_current_context(change))
        return seen, dict(session)

    site = make_site()
    site.add("/page", view)
    seen, own = site.open("/page").result
    assert seen == (1, [1, 2], {"a": 2, "b": 3, "list": [1, 2]})
    assert own == {"a": 1, "list": [1], "gone": 0}
    with site.client.session_transaction() as stored:
        assert dict(stored) == own


def test_session_is_that_of_the_moment_of_the_copy(serve):
    def view():
        session["a"] = "before"
        copied = copy_current_context(lambda: session["a"])
        session["a"] = "after"
        return in_thread(copied)

    assert serve(view).result == "before"


def test_session_that_only_the_thread_changes_is_not_stored(make_site):
    def change():
        session["a"] = 1
        session.save()
        return session["a"]

    site = make_site()
    site.add("/page", lambda: in_thread(copy_current_context(change)))
    served = site.open("/page")
    assert served.result == 1
    assert "Set-Cookie" not in served.response.headers


def test_thread_opens_a_session_that_the_request_has_not_opened(make_site):
    site = make_site()
    site.add("/page", lambda: in_thread(copy_current_context(lambda: session["a"])))
    with site.client.session_transaction() as stored:
        stored["a"] = 1
    assert site.open("/page").result == 1


def test_invalidate_in_a_thread_leaves_the_session_of_the_request(serve):
    def change():
        session.invalidate()
        return dict(session)

    def view():
        session["a"] = 1
        return in_thread(copy_current_context(change)), session["a"]

    assert serve(view).result == ({}, 1)


@pytest.mark.parametrize("attribute", ["permanent", "modified", "new"])
def test_attribute_of_the_session_that_a_thread_sets(serve, attribute):
    def change():
        setattr(session, attribute, "thread")
        return getattr(session, attribute)

    def view():
        session["a"] = 1
        before = getattr(session, attribute)
        in_thread(copy_current_context(change))
        return before == getattr(session, attribute)

    assert serve(view).result is True


def test_session_without_a_secret_key_is_the_null_session_in_a_thread(serve):
    def change():
        with pytest.raises(RuntimeError, match="secret key"):
            session["a"] = 1
        return session.get("a", "none")

    def view():
        assert session.get("a", "none") == "none"
        return in_thread(copy_current_context(change))

    assert serve(view, config={"SECRET_KEY": None}).result == "none"


def test_messages_that_a_thread_takes_stay_with_the_request(serve):
    def view():
        flash("hello")
        taken = in_thread(copy_current_context(get_flashed_messages))
        return taken, get_flashed_messages()

    assert serve(view).result == (["hello"], ["hello"])


# The response.


def test_thread_changes_nothing_on_the_response(serve):
    def change():
        seen = response.headers["X-Own"]
        response.headers["X-Own"] = "thread"
        response.headers["X-Thread"] = "thread"
        response.set_cookie("thread", "1")
        response.cache_control.max_age = 5
        response.status_int = 404
        return seen, response.status_int

    def view():
        response.headers["X-Own"] = "request"
        response.cache_control.private = True
        return in_thread(copy_current_context(change))

    served = serve(view)
    assert served.result == ("request", 404)
    assert served.response.status_code == 200
    assert served.response.headers["X-Own"] == "request"
    assert "max-age" not in served.response.headers["Cache-Control"]
    assert "X-Thread" not in served.response.headers
    assert "Set-Cookie" not in served.response.headers


def test_response_that_only_the_thread_touches(serve):
    def change():
        response.headers["X-Thread"] = "thread"
        response.status_int = 404

    served = serve(lambda: in_thread(copy_current_context(change)))
    assert served.response.status_code == 200
    assert "X-Thread" not in served.response.headers


# The request.


def test_attribute_of_the_request_that_a_thread_sets(serve):
    def change():
        seen = request.own, request.kept
        request.own = "thread"
        request.more = 1
        del request.kept
        return (*seen, request.own)

    def view():
        request.own = "request"
        request.kept = True
        seen = in_thread(copy_current_context(change))
        return seen, request.own, request.kept, hasattr(request, "more")

    assert serve(view).result == (
        ("request", True, "thread"),
        "request",
        True,
        False,
    )


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("path_info", "/elsewhere"),
        ("method", "DELETE"),
        ("host", "elsewhere.example.org"),
        ("remote_user", "sara"),
        ("query_string", "a=2"),
        ("urlvars", {"a": "2"}),
    ],
)
def test_what_webob_writes_to_environ_stays_in_the_thread(serve, attribute, value):
    def change():
        setattr(request, attribute, value)
        return getattr(request, attribute)

    def view():
        before = getattr(request, attribute)
        changed = in_thread(copy_current_context(change))
        return changed, before == getattr(request, attribute)

    assert serve(view, "/page?a=1").result == (value, True)


def test_query_parameters_that_a_thread_changes(serve):
    def change():
        request.GET["a"] = "2"
        return request.GET["a"], request.params["a"]

    def view():
        assert request.GET["a"] == "1"
        return in_thread(copy_current_context(change)), request.GET["a"]

    assert serve(view, "/page?a=1").result == (("2", "2"), "1")


def test_route_variables_that_a_thread_changes(serve):
    def change():
        request.urlvars["name"] = "thread"
        return request.urlvars["name"]

    def view(name):
        before = dict(request.urlvars)
        in_thread(copy_current_context(change))
        return before == dict(request.urlvars), name

    assert serve(view, "/page/x", rule="/page/<name>").result == (True, "x")


def test_two_calls_do_not_see_what_the_other_sets_anywhere(serve):
    def change():
        seen = hasattr(request, "own"), session.get("a"), response.headers.get("X-A")
        request.own = session["a"] = response.headers["X-A"] = "x"
        return seen

    def view():
        session["b"] = 1
        response.headers["X-B"] = "1"
        copied = copy_current_context(change)
        return in_thread(copied), in_thread(copied)

    nothing = (False, None, None)
    assert serve(view).result == (nothing, nothing)


@pytest.mark.parametrize("framework", ["flask"])
def test_flask_request_is_the_same_one_as_the_common_one(serve):
    def change():
        flask.request.own = "thread"
        request.environ["own"] = "thread"
        return flask.request.environ["own"], flask.request.headers["X-A"]

    def view():
        seen = in_thread(copy_current_context(change))
        return seen, hasattr(flask.request, "own"), "own" in flask.request.environ

    served = serve(view, headers={"X-A": "1"})
    assert served.result == (("thread", "1"), False, False)


@pytest.mark.parametrize("framework", ["flask"])
def test_view_arguments_that_a_thread_changes(serve):
    def change():
        seen = dict(flask.request.view_args), flask.request.endpoint
        flask.request.view_args["name"] = "thread"
        return seen

    def view():
        flask.request.view_args.pop("lang")  # as a url_value_preprocessor does
        seen = in_thread(copy_current_context(change))
        return seen, flask.request.view_args

    served = serve(view, "/en/x", rule="/<lang>/<name>", name="page")
    assert served.result == (({"name": "x"}, "page"), {"name": "x"})


# The objects of Pylons.


@legacy_only
def test_pylons_objects_that_a_thread_changes(serve):
    def change():
        legacy.tmpl_context.user = "thread"
        legacy.request.own = "thread"
        legacy.request.tmpl_context.more = 1
        legacy.request.environ["own"] = "thread"
        legacy.response.headers["X-Own"] = "thread"
        legacy.session["a"] = "thread"
        legacy.request.session["b"] = "thread"
        assert request.environ is legacy.request.environ
        assert request.environ["pylons.pylons"].request is legacy.request._current_obj()
        return c.user, request.own, c.more, response.headers["X-Own"], dict(session)

    def view():
        legacy.tmpl_context.user = "request"
        legacy.session["a"] = "request"
        seen = in_thread(copy_current_context(change))
        own = hasattr(legacy.request, "own"), "own" in legacy.request.environ
        headers = "X-Own" in legacy.response.headers
        return seen, own, headers, dict(legacy.session), vars(legacy.tmpl_context)

    in_the_thread = {"a": "thread", "b": "thread"}
    assert serve(view).result == (
        ("thread", "thread", 1, "thread", in_the_thread),
        (False, False),
        False,
        {"a": "request"},
        {"user": "request"},
    )


@legacy_only
def test_translations_that_a_thread_adds(serve):
    class Fallback:
        def gettext(self, text):
            return text.upper()

    def change():
        legacy.translator.add_fallback(Fallback())
        return legacy.translator.gettext("hello")

    def view():
        return (
            in_thread(copy_current_context(change)),
            legacy.translator.gettext("hello"),
        )

    assert serve(view).result == ("HELLO", "hello")


@legacy_only
def test_body_of_the_response_so_far(serve):
    def change():
        seen = legacy.response.body
        legacy.response.body = b"thread"
        return seen

    def view():
        legacy.response.body = b"request"
        return in_thread(copy_current_context(change)), legacy.response.body

    assert serve(view).result == (b"request", b"request")


@legacy_only
def test_body_of_the_response_that_is_a_stream_is_not_consumed(serve):
    def view():
        legacy.response.app_iter = iter([b"request"])
        return (
            in_thread(copy_current_context(lambda: legacy.response.body)),
            legacy.response.body,
        )

    assert serve(view).result == (b"", b"request")


# The body.


@pytest.fixture
def form():
    file = (io.BytesIO(b"text"), "x.txt")
    return {"method": "POST", "data": {"a": "1", "file": file}}


@pytest.mark.parametrize(
    "parse",
    [lambda: request.POST, lambda: request.form, lambda: request.params],
    ids=["POST", "form", "params"],
)
def test_form_that_the_request_had_parsed(serve, form, parse):
    def read():
        upload = request.files["file"]
        upload.stream.seek(0)
        return request.POST["a"], request.form["a"], request.params["a"], upload.read()

    def view():
        parse()
        return in_thread(copy_current_context(read))

    assert serve(view, **form).result == ("1", "1", "1", b"text")


def test_thread_leaves_the_uploads_of_the_request_open(serve, form):
    def view():
        parsed = request.POST["file"]
        in_thread(copy_current_context(lambda: request.POST["a"]))
        return parsed.read()

    assert serve(view, **form).result == b"text"


def test_form_fields_that_a_thread_adds(serve, form):
    def change():
        request.POST.add("b", "2")
        return "b" in request.POST

    def view():
        assert request.POST["a"] == "1"
        return in_thread(copy_current_context(change)), "b" in request.POST

    assert serve(view, **form).result == (True, False)


SIZES = pytest.mark.parametrize("size", [10, 2_000_000], ids=["short", "long"])


@SIZES
def test_body_that_the_request_had_read(serve, size):
    body = b"0123456789" * (size // 10)

    def read():
        request.body_file.seek(5)
        return request.body_file.read(), request.body

    def view():
        assert request.body == body
        copied = copy_current_context(read)
        request.body_file.seek(3)
        seen = [in_thread(copied), in_thread(copied)]
        return seen, request.body_file.read(4)

    served = serve(view, method="POST", data=body, content_type="text/x")
    assert served.result == ([(body[5:], body)] * 2, b"3456")


@SIZES
def test_body_that_many_threads_read_at_once(serve, size):
    body = b"0123456789" * (size // 10)
    together = threading.Barrier(4, timeout=30)

    def read(_):
        together.wait()
        return request.body == body

    def view():
        assert request.body == body
        with ThreadPoolExecutor(4) as pool:
            return set(pool.map(copy_current_context(read), range(40)))

    served = serve(view, method="POST", data=body, content_type="text/x")
    assert served.result == {True}


def test_json_that_the_request_had_parsed(serve):
    def view():
        assert request.json == {"a": 1}
        return in_thread(
            copy_current_context(lambda: (request.json, request.get_json()))
        )

    served = serve(view, method="POST", json={"a": 1})
    assert served.result == ({"a": 1}, {"a": 1})


@pytest.mark.parametrize(
    "read",
    [
        lambda it: it.body,
        lambda it: it.text,
        lambda it: it.data,
        lambda it: it.get_data(),
        lambda it: it.body_file.read(),
        lambda it: it.stream.read(),
    ],
    ids=["body", "text", "data", "get_data", "body_file", "stream"],
)
def test_body_that_the_request_has_not_read(serve, read):
    def view():
        copied = copy_current_context(lambda: read(request))
        with pytest.raises(BodyNotReadError, match="Read it there first"):
            in_thread(copied)
        return request.body

    body = {"method": "POST", "data": b"body", "content_type": "text/plain"}
    assert serve(view, **body).result == b"body"


# Under legacy, Routes has read it already, for a field "_method".
@pytest.mark.parametrize("framework", ["flask"])
@pytest.mark.parametrize("name", ["POST", "form", "files", "params", "values"])
def test_form_that_the_request_has_not_read(serve, form, name):
    def view():
        copied = copy_current_context(lambda: getattr(request, name))
        with pytest.raises(BodyNotReadError, match="Read it there first"):
            in_thread(copied)
        return request.POST["a"]

    assert serve(view, **form).result == "1"


def test_request_without_a_body(serve):
    def read():
        return request.body, dict(request.POST), dict(request.form), request.get_data()

    served = serve(lambda: in_thread(copy_current_context(read)))
    assert served.result == (b"", {}, {}, b"")


# When and where copies are made and called.


def test_copy_that_is_called_after_the_request_has_ended(make_site, form):
    def read():
        c.user += " later"
        return (
            request.path,
            request.POST["a"],
            request.body_length,
            c.user,
            session["a"],
            is_flask_request(),
        )

    def view():
        c.user, session["a"] = "sara", 1
        request.body_length = len(request.body)
        request.POST  # noqa: B018
        return copy_current_context(read)

    site = make_site()
    site.add("/page", lambda: later.append(view()))
    later = []
    site.open("/page", **form)
    (copied,) = later
    path, field, length, *others = in_thread(copied)
    assert (path, field, length > 0) == ("/page", "1", True)
    assert others == ["sara later", 1, site.framework == "flask"]


@SIZES
def test_body_is_there_after_the_request_has_ended(make_site, size):
    def view():
        later.append((len(request.body), copy_current_context(lambda: request.body)))

    site = make_site()
    site.add("/page", view)
    later = []
    site.open("/page", method="POST", data=b"x" * size, content_type="text/x")
    ((length, copied),) = later
    assert in_thread(copied) == b"x" * length == b"x" * size


def test_uploads_are_closed_after_the_request_has_ended(make_site, form):
    def read():
        return request.files["file"].read()

    def view():
        assert request.files["file"]
        later.append(copy_current_context(read))

    site = make_site()
    site.add("/page", view)
    later = []
    site.open("/page", **form)
    with pytest.raises(ValueError, match="closed file"):
        in_thread(later[0])


def test_copy_made_inside_a_copy(serve):
    def innermost():
        seen = c.user, request.own, session["a"], response.headers["X-A"]
        c.user = request.own = session["a"] = response.headers["X-A"] = "innermost"
        return seen

    def inner():
        c.user = request.own = session["a"] = response.headers["X-A"] = "inner"
        seen = in_thread(copy_current_context(innermost))
        return seen, (c.user, request.own, session["a"], response.headers["X-A"])

    def view():
        c.user = request.own = session["a"] = response.headers["X-A"] = "outer"
        seen = in_thread(copy_current_context(inner))
        return seen, (c.user, request.own, session["a"], response.headers["X-A"])

    assert serve(view).result == (
        (("inner",) * 4, ("inner",) * 4),
        ("outer",) * 4,
    )


def test_body_in_a_copy_made_inside_a_copy(serve):
    def inner():
        return in_thread(copy_current_context(lambda: request.body)), request.body

    def view():
        assert request.body == b"x" * 1_000_000
        return in_thread(copy_current_context(inner))

    body = b"x" * 1_000_000
    served = serve(view, method="POST", data=body, content_type="text/x")
    assert served.result == (body, body)


def test_copy_made_while_the_response_is_streamed(make_site):
    def read():
        c.user += " in a thread"
        return f"{request.path} {c.user}"

    def stream():
        for _ in range(2):
            yield in_thread(copy_current_context(read)) + "\n"
        yield c.user

    def view():
        c.user = "sara"
        return streaming_response(stream(), mimetype="text/plain")

    site = make_site()
    site.add("/page", view)
    text = site.open("/page").response.text
    assert text == "/page sara in a thread\n" * 2 + "sara"


def test_copy_called_while_the_response_is_streamed(make_site):
    def stream(copied):
        yield in_thread(copied)

    def view():
        c.user = "sara"
        copied = copy_current_context(lambda: f"{request.path} {c.user}")
        return streaming_response(stream(copied), mimetype="text/plain")

    site = make_site()
    site.add("/page", view)
    assert site.open("/page").response.text == "/page sara"


def test_generator_function_runs_in_the_copy_until_it_is_exhausted(make_site):
    ended = []
    site = make_site()
    site.app.teardown_appcontext(lambda _: ended.append(flask.g.get("user")))

    def steps(number):
        c.user = "thread"
        for _ in range(number):
            yield request.path, c.user
            assert ended == []

    def view():
        c.user = "request"
        seen = in_thread(list, copy_current_context(steps)(2))
        return seen, c.user, list(ended)

    site.add("/page", view)
    assert site.open("/page").result == (
        [("/page", "thread")] * 2,
        "request",
        ["thread"],
    )


def test_generator_that_is_closed_ends_the_copy(make_site):
    ended = []
    site = make_site()
    site.app.teardown_appcontext(lambda _: ended.append(flask.g.get("user")))

    def steps():
        c.user = "thread"
        try:
            yield c.user
        finally:
            ended.append(request.path)

    def view():
        iterator = copy_current_context(steps)()
        first = next(iterator)
        iterator.close()
        return first, list(ended)

    site.add("/page", view)
    assert site.open("/page").result == ("thread", ["/page", "thread"])


def test_generator_that_is_never_started_ends_nothing(make_site):
    ended = []
    site = make_site()
    site.app.teardown_appcontext(ended.append)

    def steps():
        yield

    site.add("/page", lambda: copy_current_context(steps)().close())
    site.open("/page")
    assert ended == [None]


def test_context_variables_are_those_of_the_moment_of_the_copy(serve):
    variable = ContextVar("variable", default="default")

    def change():
        seen = variable.get()
        variable.set("thread")
        return seen

    def view():
        variable.set("before")
        copied = copy_current_context(change)
        variable.set("after")
        return in_thread(copied), in_thread(copied), variable.get()

    assert serve(view).result == ("before", "before", "after")


@pytest.mark.parametrize(
    ("framework", "other"),
    [("flask", "legacy"), ("legacy", "flask"), ("legacy", "legacy")],
)
def test_copy_in_a_nested_request_is_one_of_that(make_site, other):
    site = make_site()

    def read():
        c.user += " in a thread"
        return request.path, c.user, is_flask_request(), session.get("a")

    def inner():
        c.user, session["a"] = "inner", "inner"
        return in_thread(copy_current_context(read)), c.user

    def outer():
        c.user, session["a"] = "outer", "outer"
        site.app.test_client().get("/inner")
        return in_thread(copy_current_context(read)), c.user

    site.add("/inner", inner, framework=other)
    site.add("/outer", outer)
    site.client.get("/outer")
    assert [served.result for served in site._served] == [
        (
            ("/outer", "outer in a thread", site.framework == "flask", "outer"),
            "outer",
        ),
        (("/inner", "inner in a thread", other == "flask", "inner"), "inner"),
    ]


def test_request_inside_a_copy(make_site, other):
    site = make_site()
    site.add("/inner", lambda: f"{request.path} {c.get('user')}", framework=other)

    def call():
        c.user = "thread"
        text = site.app.test_client().get("/inner").text
        return text, request.path, c.user

    site.add("/outer", lambda: in_thread(copy_current_context(call)))
    site.client.get("/outer")
    text, *own = site._served[0].result
    assert text.startswith("/inner")
    assert own == ["/outer", "thread"]


def test_copy_without_a_view(make_site):
    site = make_site()
    with site.context("/page"):
        c.user = "sara"
        read = copy_current_context(lambda: (request.path, c.user))
        assert in_thread(read) == ("/page", "sara")
    assert in_thread(read) == ("/page", "sara")


def test_copy_outside_of_a_request_is_an_error():
    with pytest.raises(NoRequestError, match="'copy_current_context'"):
        copy_current_context(print)


def test_request_goes_on_while_the_thread_works(serve):
    """What both set at the same time is not mixed up."""
    both = threading.Barrier(2, timeout=30)

    def work(name):
        seen = []
        for number in range(20):
            value = f"{name} {number}"
            c.user = session["a"] = request.own = value
            both.wait()
            seen.append({c.user, session["a"], request.own} == {value})
            both.wait()
        return all(seen)

    def view():
        with ThreadPoolExecutor(1) as pool:
            result = pool.submit(copy_current_context(work), "thread")
            return work("request"), result.result()

    assert serve(view).result == (True, True)


# The language, where there is no Flask-Babel.


def write_catalogue(folder, lang):
    path = folder / "i18n" / lang / "LC_MESSAGES" / "sample.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(_EMPTY_CATALOGUE)


# A catalogue of no messages: see "The Format of GNU MO Files".
_EMPTY_CATALOGUE = bytes.fromhex("de120495" + "00" * 8 + "1c000000" * 3 + "00" * 4)


def test_language_that_a_thread_sets(serve, tmp_path):
    for lang in ("de", "fr"):
        write_catalogue(tmp_path, lang)

    def change():
        seen = get_lang()
        set_lang("fr")
        return seen, get_lang()

    def view():
        set_lang("de")
        return in_thread(copy_current_context(change)), get_lang()

    assert serve(view).result == ((["de"], ["fr"]), ["de"])
