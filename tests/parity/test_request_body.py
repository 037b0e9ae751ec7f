# ruff: noqa: PLW0108 (the proxies are to be asked in the view, not here)
"""The body is read and parsed once, and says the same in whatever order it is asked."""

from __future__ import annotations

import io
import tracemalloc

import flask
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from compatshim import legacy
from compatshim.common import request
from compatshim.errors import HTTP_EXCEPTIONS

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=cut"
DOCUMENT = (
    b'--cut\r\nContent-Disposition: form-data; name="title"\r\n\r\nA title\r\n'
    b'--cut\r\nContent-Disposition: form-data; name="document"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nhello\r\n--cut--\r\n"
)


def chunked(data, content_type):
    """Return a request with a body of unknown length, whose end the server finds."""
    return {
        "method": "POST",
        "input_stream": io.BytesIO(data),
        "content_type": content_type,
        "environ_overrides": {
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input_terminated": True,
        },
    }


def fresh(options):
    """Return the same request with a body that nobody has read."""
    if "input_stream" not in options:
        return options
    return {**options, "input_stream": io.BytesIO(options["input_stream"].getvalue())}


def post(data, content_type):
    return {"method": "POST", "data": data, "content_type": content_type}


# What each expression gives for a body, whatever was asked before it.
EMPTY = {
    "POST": {},
    "params": {},
    "form": {},
    "files": [],
    "values": {},
    "data": b"",
    "get_data()": b"",
    "body": b"",
    "text": "",
    "body_file": b"",
    "json": 400,
    "get_json(force)": 400,
    "get_json(silent)": None,
}
BODIES = {
    "form": (
        post(b"a=1&b=2", FORM),
        {
            **{
                key: {"a": "1", "b": "2"}
                for key in ("POST", "params", "form", "values")
            },
            **dict.fromkeys(("get_data()", "body", "body_file"), b"a=1&b=2"),
            "text": "a=1&b=2",
        },
    ),
    "chunked form": (
        chunked(b"a=1", FORM),
        {
            **{key: {"a": "1"} for key in ("POST", "params", "form", "values")},
            **dict.fromkeys(("get_data()", "body", "body_file"), b"a=1"),
            "text": "a=1",
        },
    ),
    "multipart": (
        post(DOCUMENT, MULTIPART),
        {
            **{
                key: {"title": "A title", "document": b"hello"}
                for key in ("POST", "params")
            },
            **{key: {"title": "A title"} for key in ("form", "values")},
            "files": [("document", b"hello")],
            **dict.fromkeys(("get_data()", "body", "body_file"), DOCUMENT),
            "text": DOCUMENT.decode(),
        },
    ),
    "JSON": (
        post(b'{"a": 1}', "application/json"),
        {
            **dict.fromkeys(("data", "get_data()", "body", "body_file"), b'{"a": 1}'),
            "text": '{"a": 1}',
            **{
                key: {"a": 1} for key in ("json", "get_json(force)", "get_json(silent)")
            },
        },
    ),
    "chunked JSON": (
        chunked(b"[1]", "application/json"),
        {
            **dict.fromkeys(("data", "get_data()", "body", "body_file"), b"[1]"),
            "text": "[1]",
            **{key: [1] for key in ("json", "get_json(force)", "get_json(silent)")},
        },
    ),
    "text": (
        post(b"12", "text/plain"),
        {
            **dict.fromkeys(("data", "get_data()", "body", "body_file"), b"12"),
            "text": "12",
            **dict.fromkeys(("json", "get_json(force)"), 12),
        },
    ),
    "empty form": (post(b"", FORM), {}),
    "no body": ({"method": "POST"}, {}),
    "no length": (
        {**post(b"a=1", FORM), "environ_overrides": {"CONTENT_LENGTH": ""}},
        {},
    ),
}
EXPRESSIONS = {
    "POST": lambda: contents(request.POST.items()),
    "params": lambda: contents(request.params.items()),
    "form": lambda: request.form.to_dict(),
    "files": lambda: [(name, file.value) for name, file in request.files.items()],
    "values": lambda: request.values.to_dict(),
    "data": lambda: request.data,
    "get_data()": lambda: request.get_data(),
    "body": lambda: request.body,
    "text": lambda: request.text,
    "body_file": lambda: read_again(request.body_file),
    "json": lambda: request.json,
    "get_json(force)": lambda: request.get_json(force=True),
    # Without Werkzeug's cache, which does not ask for the content type again.
    "get_json(silent)": lambda: request.get_json(silent=True, cache=False),
}


def contents(pairs):
    return {name: getattr(value, "value", value) for name, value in pairs}


def read_again(file):
    content = file.read()
    if content:
        file.seek(0)
    return content


def answer(name):
    try:
        return EXPRESSIONS[name]()
    except HTTP_EXCEPTIONS as error:
        return error.code


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("body", BODIES)
def test_what_is_asked_first(serve, body, name):
    options, expected = BODIES[body]
    served = serve(lambda: answer(name), **fresh(options))
    assert served.result == {**EMPTY, **expected}[name]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    body=st.sampled_from(sorted(BODIES)),
    names=st.lists(st.sampled_from(sorted(EXPRESSIONS)), min_size=2, max_size=8),
)
def test_order_in_which_the_body_is_asked_changes_no_answer(serve, body, names):
    options, expected = BODIES[body]
    served = serve(lambda: [answer(name) for name in names], **fresh(options))
    wanted = {**EMPTY, **expected}
    assert served.result == [wanted[name] for name in names]


@pytest.mark.parametrize("name", ["get_data()", "body", "json", "form", "POST"])
def test_body_is_whole_after_the_stream_was_read(serve, name):
    def view():
        return request.stream.read(), answer(name)

    options, expected = BODIES["JSON"]
    first, second = serve(view, **options).result
    assert first == b'{"a": 1}'
    assert second == {**EMPTY, **expected}[name]


def test_stream_is_read_in_parts(serve):
    served = serve(
        lambda: (request.stream.read(2), request.stream.read(2), request.body),
        **post(b"abcd", "text/plain"),
    )
    assert served.result == (b"ab", b"cd", b"abcd")


def test_body_file_is_read_in_parts(serve):
    served = serve(
        lambda: (request.body_file.read(2), request.body_file.read(2), request.body),
        **post(b"abcd", "text/plain"),
    )
    assert served.result == (b"ab", b"cd", b"abcd")


def test_body_that_is_replaced_is_parsed_anew(serve):
    def view():
        first = request.POST["a"], request.form["a"]
        request.body = b"a=new"
        return first, request.POST["a"], request.form["a"], request.get_data()

    served = serve(view, **post(b"a=old", FORM))
    assert served.result == (("old", "old"), "new", "new", b"a=new")


def test_body_file_that_is_replaced_is_read(serve):
    def view():
        request.body_file = io.BytesIO(b"new")
        return request.body

    assert serve(view, **post(b"old", "text/plain")).result == b"new"


def test_body_that_is_deleted_is_empty(serve):
    def view():
        del request.body_file
        return request.body

    assert serve(view, **post(b"old", "text/plain")).result == b""


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_form_of_a_method_without_a_type_is_none(serve, method):
    served = serve(
        lambda: (dict(request.POST), request.form.to_dict(), request.body),
        method=method,
        data=b"a=1",
    )
    assert served.result == ({}, {}, b"a=1")


def test_posted_form_without_a_type_is_a_form_for_webob_only(serve):
    served = serve(
        lambda: (request.POST.mixed(), request.form.to_dict(), request.get_data()),
        method="POST",
        data=b"a=1",
    )
    assert served.result == ({"a": "1"}, {}, b"a=1")


@pytest.mark.parametrize("content_type", ["; charset=utf-8", "; charset=UTF-8", ";"])
def test_content_type_of_a_charset_alone_breaks_nothing(serve, content_type):
    served = serve(
        lambda: (dict(request.POST), request.form.to_dict(), request.body),
        **post(b"a=1", content_type),
    )
    assert served.result == ({}, {}, b"a=1")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_form_in_the_body_of_any_method(serve, method):
    served = serve(
        lambda: (request.POST["a"], request.form["a"]),
        method=method,
        data=b"a=1",
        content_type=FORM,
    )
    assert served.result == ("1", "1")


# What cannot be read.

WEBOB = ["POST", "params"]
WERKZEUG = ["form", "values", "files"]
UNREADABLE = {
    "escape that is not UTF-8": (post(b"a=%ff&b=1", FORM), 400, "b"),
    "bytes that are not UTF-8": (post(b"a=\xff&b=1", FORM), 400, None),
    "form in another charset": (post(b"b=1", f"{FORM}; charset=latin-1"), 400, "b"),
    "no boundary": (post(DOCUMENT, "multipart/form-data"), 400, None),
    "boundary that is not ASCII": (
        post(DOCUMENT, "multipart/form-data; boundary=\xe4"),
        400,
        None,
    ),
    "multipart that ends too early": (post(DOCUMENT[:-20], MULTIPART), 400, None),
    "multipart of nothing": (post(b"nothing", MULTIPART), 400, None),
}


@pytest.mark.parametrize("asked_before", [[], ["form"], ["body"], ["files", "body"]])
@pytest.mark.parametrize("name", WEBOB)
@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_form_answers_400_to_webobs_names(serve, case, name, asked_before):
    options, code, _ = UNREADABLE[case]
    served = serve(lambda: [answer(n) for n in (*asked_before, name)][-1], **options)
    assert served.result == code


@pytest.mark.parametrize("name", WEBOB)
def test_answer_to_an_unreadable_form_is_short_text(serve, name):
    served = serve(
        lambda: getattr(request, name)["a"],
        **UNREADABLE["escape that is not UTF-8"][0],
        headers={"Accept": "text/plain"},
    )
    assert served.response.status_code == 400
    assert "The form data is not UTF-8." in served.response.text


@pytest.mark.parametrize("asked_before", [[], ["POST"], ["body"]])
@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_form_is_what_can_be_read_to_werkzeugs_names(
    serve, case, asked_before
):
    options, _, readable = UNREADABLE[case]
    served = serve(
        lambda: ([answer(n) for n in asked_before], request.form.get("b"))[1], **options
    )
    assert served.result == (None if readable is None else "1")


def test_percent_sign_in_a_form_is_no_fault(serve):
    served = serve(
        lambda: (request.POST["a"], request.form["a"]), **post(b"a=100%25&b=%", FORM)
    )
    assert served.result == ("100%", "100%")


def test_replacement_character_that_was_sent_is_no_fault(serve):
    served = serve(lambda: request.POST["a"], **post("a=\ufffd".encode(), FORM))
    assert served.result == "\ufffd"


def test_part_of_a_form_without_a_name_is_no_field(serve):
    body = (
        b"--cut\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
        b'--cut\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--cut--\r\n'
    )
    served = serve(
        lambda: (repr(request.POST), repr(request.params)), **post(body, MULTIPART)
    )
    assert all("('a', '1')" in text for text in served.result)


def test_deeply_nested_json_answers_400(serve):
    served = serve(
        lambda: request.json, **post(b"[" * 100_000, "application/json; charset=utf-8")
    )
    assert served.response.status_code == 400


@pytest.mark.parametrize("name", ["json", "text"])
def test_body_in_an_unknown_charset_answers_400(serve, name):
    served = serve(
        lambda: getattr(request, name), **post(b"[1]", "text/plain; charset=none-such")
    )
    assert served.response.status_code == 400


# Limits.

READERS = {
    **EXPRESSIONS,
    "stream": lambda: request.stream.read(),
    "legacy POST": lambda: legacy.request.POST["a"],
    "legacy body": lambda: legacy.request.body,
    "legacy params": lambda: legacy.request.params["a"],
    "legacy body_file": lambda: legacy.request.body_file.read(),
}
SILENT = "get_json(silent)"  # asks for JSON only


@pytest.mark.parametrize("name", sorted(set(READERS) - {SILENT}))
def test_body_above_the_limit_answers_413(serve, framework, name):
    if framework == "flask":
        name = name.removeprefix("legacy ")
    served = serve(
        READERS[name],
        config={"MAX_CONTENT_LENGTH": 20},
        **post(b"a=" + b"1" * 50, FORM),
    )
    assert served.response.status_code == 413


@pytest.mark.parametrize("name", ["POST", "form", "body", "get_data()", "stream"])
def test_chunked_body_above_the_limit_answers_413(serve, name):
    served = serve(
        READERS[name],
        config={"MAX_CONTENT_LENGTH": 20},
        **chunked(b"a=" + b"1" * 50, FORM),
    )
    assert served.response.status_code == 413


def test_body_within_the_limit_is_read(serve):
    served = serve(
        lambda: request.POST["a"],
        config={"MAX_CONTENT_LENGTH": 20},
        **post(b"a=1", FORM),
    )
    assert served.result == "1"


def many_parts(count, size=1):
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="a{number}"\r\n\r\n'
        + "x" * size
        for number in range(count)
    ]
    return post(("\r\n".join(parts) + "\r\n--cut--\r\n").encode(), MULTIPART)


# Flask up to 3.0 has no such configuration.
if "MAX_FORM_PARTS" in flask.Flask.default_config:

    @pytest.mark.parametrize(
        ("config", "options"),
        [
            ({"MAX_FORM_PARTS": 3}, many_parts(4)),
            ({"MAX_FORM_MEMORY_SIZE": 100}, many_parts(1, size=200)),
        ],
        ids=["parts", "memory"],
    )
    @pytest.mark.parametrize(
        "name", ["POST", "params", "form", "files", "values", "legacy POST"]
    )
    def test_form_above_the_limit_answers_413(serve, framework, name, config, options):
        if framework == "flask":
            name = name.removeprefix("legacy ")
        assert (
            serve(READERS[name], config=config, **options).response.status_code == 413
        )

    def test_limit_may_be_set_for_one_request(serve):
        def view():
            request.max_content_length = 5
            return request.body

        assert serve(view, **post(b"more than five", FORM)).response.status_code == 413


def test_413_is_caught_by_the_classes_of_both_libraries(serve):
    def view():
        with pytest.raises(HTTP_EXCEPTIONS) as caught:
            request.POST  # noqa: B018
        return caught.value.code

    served = serve(view, config={"MAX_CONTENT_LENGTH": 2}, **post(b"a=1", FORM))
    assert served.result == 413


def test_limits_are_read(serve):
    served = serve(
        lambda: (request.max_content_length, request.max_form_parts),
        config={"MAX_CONTENT_LENGTH": 7},
    )
    assert served.result == (7, 1000)


# One result for everybody.


def test_own_request_of_the_framework_shares_the_form(serve, framework):
    def view():
        own = {
            "flask": lambda: flask.request.form,
            "legacy": lambda: legacy.request.POST,
        }
        return request.POST["a"], own[framework]()["a"], request.form["a"]

    assert serve(view, **post(b"a=1", FORM)).result == ("1", "1", "1")


def test_error_handler_of_flask_sees_the_form_that_was_read(make_site):
    site = make_site({"PROPAGATE_EXCEPTIONS": False})
    site.app.register_error_handler(KeyError, lambda _: (flask.request.form["a"], 500))

    def view():
        request.POST["missing"]

    site.add("/page", view)
    response = site.client.post("/page", data={"a": "1"})
    assert response.text == "1"


def test_form_that_routing_has_read_is_not_read_again(make_site):
    stream = io.BytesIO(b"_method=PUT&a=1")
    site = make_site()
    site.add("/page", lambda: (request.method, request.POST["a"], request.form["a"]))
    served = site.open(
        "/page",
        method="POST",
        input_stream=stream,
        content_type=FORM,
        environ_overrides={"CONTENT_LENGTH": "15"},
    )
    assert served.result == ("POST", "1", "1")


class LongBody(io.RawIOBase):
    """A multipart form with one upload of many bytes, made as it is read."""

    def __init__(self, size):
        self._start = b'--cut\r\nContent-Disposition: form-data; name="a"; filename="a.bin"\r\n\r\n'
        self._rest = size
        self._end = b"\r\n--cut--\r\n"
        self.size = len(self._start) + size + len(self._end)

    def readable(self):
        return True

    def readinto(self, buffer):
        if self._start:
            chunk, self._start = self._start, b""
        elif self._rest:
            chunk = b"x" * min(self._rest, len(buffer))
            self._rest -= len(chunk)
        else:
            chunk, self._end = self._end, b""
        buffer[: len(chunk)] = chunk
        return len(chunk)


@pytest.mark.parametrize("name", ["POST", "files"])
def test_long_upload_stays_on_disk(make_site, name):
    megabyte = 1024 * 1024
    body = LongBody(24 * megabyte)

    def view():
        upload = getattr(request, name)["a"]
        upload.seek(0, io.SEEK_END)
        return upload.tell()

    site = make_site()
    site.add("/page", view)
    tracemalloc.start()
    served = site.open(
        "/page",
        method="POST",
        environ_overrides={
            "CONTENT_TYPE": MULTIPART,
            "CONTENT_LENGTH": str(body.size),
            "wsgi.input": body,
        },
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert served.result == 24 * megabyte
    assert peak < 8 * megabyte


# Who else has been at the body.


@pytest.fixture
def serve_checked(serve):
    """Serve a request whose form an extension reads first, as CSRF protection does."""

    def run(view, **options):
        def setup(site):
            site.app.before_request(lambda: flask.request.form.get("token") and None)

        return serve(view, setup=setup, **options)

    return run


@pytest.mark.parametrize("name", sorted(EXPRESSIONS))
@pytest.mark.parametrize("body", ["JSON", "text", "no body", "chunked JSON"])
def test_body_is_whole_after_an_extension_has_looked_for_a_form(
    serve_checked, body, name
):
    options, expected = BODIES[body]
    served = serve_checked(lambda: answer(name), **fresh(options))
    assert served.result == {**EMPTY, **expected}[name]


@pytest.mark.parametrize("name", ["POST", "params", "form", "values", "files"])
@pytest.mark.parametrize("body", ["form", "multipart"])
def test_form_is_whole_after_an_extension_has_read_it(serve_checked, body, name):
    options, expected = BODIES[body]
    served = serve_checked(lambda: answer(name), **options)
    assert served.result == {**EMPTY, **expected}[name]


def test_position_in_the_body_is_kept_where_a_form_is_read(serve):
    def view():
        start = request.body_file.read(3)
        return start, request.form["a"], request.body_file.read()

    assert serve(view, **post(b"a=1&b=2", FORM)).result == (b"a=1", "1", b"&b=2")


def test_limits_of_the_application_s_own_request_class(make_site):
    class Strict(flask.Request):
        max_form_parts = 1

    site = make_site()
    site.app.request_class = Strict
    site.add("/page", lambda: request.POST.mixed())
    assert site.open("/page", **many_parts(2)).response.status_code == 413
