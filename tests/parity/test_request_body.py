# ruff: noqa: PLW0108 (the proxies are to be asked in the view, not here)
"""The body is read and parsed once, and says the same in whatever order it is asked."""

from __future__ import annotations

import io

import flask
import pytest
import webob
from hypothesis import HealthCheck, given, settings, strategies as st
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import create_environ

from compatshim import legacy
from compatshim.common import request
from compatshim.errors import HTTP_EXCEPTIONS, NotForwardedError

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
    "get_json()": 415,
    "get_json(force)": 400,
    "get_json(silent)": None,
}
JSON = ["json", "get_json()", "get_json(force)", "get_json(silent)"]
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
            **{key: {"a": 1} for key in JSON},
        },
    ),
    "chunked JSON": (
        chunked(b"[1]", "application/json"),
        {
            **dict.fromkeys(("data", "get_data()", "body", "body_file"), b"[1]"),
            "text": "[1]",
            **{key: [1] for key in JSON},
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
    # Without Werkzeug's cache, which does not ask for the content type again.
    "get_json()": lambda: request.get_json(cache=False),
    "get_json(force)": lambda: request.get_json(force=True),
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


@pytest.mark.parametrize("first", EXPRESSIONS)
@pytest.mark.parametrize("body", BODIES)
def test_what_is_asked_first_and_second(make_site, body, first):
    options, expected = BODIES[body]
    site, asked = make_site(), []
    site.add("/page", lambda: [answer(name) for name in asked])
    found = {}
    for second in EXPRESSIONS:
        asked[:] = [first, second]
        found[second] = site.open("/page", **fresh(options)).result
    wanted = {**EMPTY, **expected}
    assert found == {name: [wanted[first], wanted[name]] for name in EXPRESSIONS}


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


class OpenConnection:
    """A body whose client waits for the answer: to read beyond its end is to hang."""

    def __init__(self, data):
        self._rest = data

    def read(self, size=-1):
        assert 0 <= size <= len(self._rest), "this would wait for ever"
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("body", ["form", "multipart", "JSON", "text", "empty form"])
def test_nothing_is_read_beyond_the_body(serve, body, name):
    options, expected = BODIES[body]
    data = options["data"]
    served = serve(
        lambda: answer(name),
        method="POST",
        environ_overrides={
            "CONTENT_TYPE": options["content_type"],
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": OpenConnection(data),
        },
    )
    assert served.result == {**EMPTY, **expected}[name]


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_body_of_unknown_length_is_not_waited_for(serve, name):
    served = serve(
        lambda: answer(name),
        method="POST",
        content_type=FORM,
        environ_overrides={"wsgi.input": OpenConnection(b"")},
    )
    assert served.result == EMPTY[name]


@pytest.mark.parametrize("name", sorted({*EXPRESSIONS} - {"body_file"}))
@pytest.mark.parametrize("body", ["form", "multipart", "JSON", "text"])
def test_body_is_whole_after_the_stream_was_read(serve, body, name):
    def view():
        return request.stream.read(), answer(name)

    options, expected = BODIES[body]
    served = serve(view, **options)
    assert served.result == (options["data"], {**EMPTY, **expected}[name])


def test_stream_is_read_in_parts(serve):
    served = serve(
        lambda: (request.stream.read(2), request.stream.read(2), request.body),
        **post(b"abcd", "text/plain"),
    )
    assert served.result == (b"ab", b"cd", b"abcd")


@pytest.mark.parametrize("name", ["body", "get_data()", "json", "get_json(force)"])
def test_stream_begins_again_after_the_whole_body_was_read(serve, name):
    def view():
        return request.stream.read(2), answer(name), request.stream.read()

    served = serve(view, **post(b"[1]", "application/json"))
    whole = [1] if "json" in name else b"[1]"
    assert served.result == (b"[1", whole, b"[1]")


@pytest.mark.parametrize("name", ["POST", "form", "files", "values", "params"])
def test_stream_is_whole_after_a_form_was_read(serve, name):
    def view():
        getattr(request, name)
        return request.stream.read()

    assert serve(view, **post(DOCUMENT, MULTIPART)).result == DOCUMENT


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


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_form_in_the_body_of_any_method(serve, method):
    served = serve(
        lambda: (request.POST["a"], request.form["a"], request.values.get("a")),
        method=method,
        data=b"a=1",
        content_type=FORM,
    )
    # Werkzeug's values are the query alone where the method is GET.
    assert served.result == ("1", "1", None if method == "GET" else "1")


@pytest.mark.parametrize(
    "read",
    [
        lambda: request.params["größe"],
        lambda: request.POST["größe"],
        lambda: request.form["größe"],
        lambda: request.values["größe"],
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        post(b"gr%C3%B6%C3%9Fe=%C3%A4+x", FORM),
        post(
            b'--cut\r\nContent-Disposition: form-data; name="gr\xc3\xb6\xc3\x9fe"'
            b"\r\n\r\n\xc3\xa4 x\r\n--cut--\r\n",
            MULTIPART,
        ),
    ],
    ids=["urlencoded", "multipart"],
)
def test_non_ascii_text_in_a_form(serve, read, body):
    assert serve(read, **body).result == "ä x"


def test_text_of_a_body(serve):
    served = serve(
        lambda: (request.text, request.body, request.get_data(as_text=True)),
        **post("ä€".encode(), "text/plain; charset=utf-8"),
    )
    assert served.result == ("ä€", b"\xc3\xa4\xe2\x82\xac", "ä€")


@pytest.mark.parametrize("length", ["x", "-5", "0"])
def test_form_of_no_known_length_is_empty(serve, length):
    served = serve(
        lambda: (request.POST.mixed(), request.form.to_dict(), request.body),
        **post(b"a=1", FORM),
        environ_overrides={"CONTENT_LENGTH": length},
    )
    assert served.result == ({}, {}, b"")


# What cannot be read.

WEBOB = ["POST", "params"]
WERKZEUG = ["form", "values", "files"]
UNREADABLE = {
    "escape that is not UTF-8": post(b"a=%ff&b=1", FORM),
    "bytes that are not UTF-8": post(b"a=\xff&b=1", FORM),
    "form in another charset": post(b"b=1", f"{FORM}; charset=latin-1"),
    "no boundary": post(DOCUMENT, "multipart/form-data"),
    "boundary that is not ASCII": post(DOCUMENT, "multipart/form-data; boundary=\xe4"),
    "multipart that ends too early": post(DOCUMENT[:-20], MULTIPART),
    "multipart of nothing": post(b"nothing", MULTIPART),
}


@pytest.mark.parametrize("asked_before", [[], ["form"], ["body"], ["files", "body"]])
@pytest.mark.parametrize("name", WEBOB)
@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_form_answers_400_to_webobs_names(serve, case, name, asked_before):
    options = UNREADABLE[case]
    served = serve(lambda: [answer(n) for n in (*asked_before, name)][-1], **options)
    assert served.result == 400


@pytest.mark.parametrize("name", WEBOB)
def test_answer_to_an_unreadable_form_is_short_text(serve, name):
    served = serve(
        lambda: getattr(request, name)["a"],
        **UNREADABLE["escape that is not UTF-8"],
        headers={"Accept": "text/plain"},
    )
    assert served.response.status_code == 400
    assert "The form data is not UTF-8." in served.response.text


@pytest.mark.parametrize("asked_before", [[], ["POST"], ["body"]])
@pytest.mark.parametrize("name", WERKZEUG)
@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_form_is_to_werkzeugs_names_what_it_is_to_werkzeug(
    serve, case, name, asked_before
):
    options = UNREADABLE[case]
    served = serve(
        lambda: (
            [answer(n) for n in asked_before],
            getattr(request, name).to_dict(flat=False),
        )[1],
        **options,
    )
    own = flask.Request(create_environ("/page", **options))
    try:
        expected = getattr(own, name).to_dict(flat=False)
    except RequestEntityTooLarge:
        expected = {}  # up to 2.3 Werkzeug takes what is not ASCII for too much
    assert served.result == expected


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


def test_client_that_leaves_while_it_sends_a_form_is_answered_400(make_site):
    site = make_site()
    site.add("/page", lambda: request.POST["a"])
    options = {**post(b"a=1", FORM), "environ_overrides": {"CONTENT_LENGTH": "50"}}
    assert site.client.open("/page", **options).status_code == 400


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
JSON_ONLY = {"get_json()", "get_json(silent)"}


TOO_LONG = {
    "of known length": post(b"a=" + b"1" * 50, FORM),
    "chunked": chunked(b"a=" + b"1" * 50, FORM),
}


@pytest.mark.parametrize("body", TOO_LONG)
@pytest.mark.parametrize("name", sorted(set(READERS) - JSON_ONLY))
def test_body_above_the_limit_answers_413_each_time(serve, framework, name, body):
    read = READERS[name.removeprefix("legacy ") if framework == "flask" else name]

    def view():
        with pytest.raises(HTTP_EXCEPTIONS):
            read()
        read()

    served = serve(view, config={"MAX_CONTENT_LENGTH": 20}, **fresh(TOO_LONG[body]))
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


class CountingStream(io.BytesIO):
    """A request body that counts the bytes it gives away."""

    given = 0

    def read(self, size=-1):
        return self._counted(super().read(size))

    def readline(self, size=-1):
        return self._counted(super().readline(size))

    def readinto(self, buffer):
        size = super().readinto(buffer)
        self.given += size
        return size

    def _counted(self, chunk):
        self.given += len(chunk)
        return chunk


@pytest.mark.parametrize("body", ["form", "multipart"])
def test_body_of_the_client_is_read_and_parsed_once(serve, body):
    options, expected = BODIES[body]
    stream = CountingStream(options["data"])

    def view():
        names = {*request.form, *request.files, *request.values, *request.params}
        return names, request.POST is request.POST

    served = serve(
        view,
        method="POST",
        input_stream=stream,
        environ_overrides={"CONTENT_TYPE": options["content_type"]},
    )
    assert served.result == ({*expected["POST"]}, True)
    assert stream.given == len(options["data"])


def test_own_request_of_the_framework_shares_the_form(serve, framework):
    def view():
        own = {
            "flask": lambda: flask.request.form,
            "legacy": lambda: legacy.request.POST,
        }
        return request.POST["a"], own[framework]()["a"], request.form["a"]

    assert serve(view, **post(b"a=1", FORM)).result == ("1", "1", "1")


def test_webobs_own_request_shares_the_form(serve):
    served = serve(
        lambda: request.POST is webob.Request(request.environ).POST,
        **post(DOCUMENT, MULTIPART),
    )
    assert served.result is True


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


# What is opened for it is closed with the request.


def files_of_the_body():
    return [request.files["document"].file, request.body_file]


@pytest.mark.parametrize("chosen", [b"a.txt", b""])
def test_files_are_closed_with_the_request(make_site, chosen):
    site = make_site()
    site.add("/page", files_of_the_body)
    body = DOCUMENT.replace(b"a.txt", chosen)
    files = site.open("/page", **post(body, MULTIPART)).result
    assert [file.closed for file in files] == [True, True]


def test_body_can_be_read_in_the_with_block_of_a_client(make_site):
    site = make_site()
    site.add("/page", files_of_the_body)
    with site.client:
        site.open("/page", **post(DOCUMENT, MULTIPART))
        assert request.POST["title"] == "A title"
        assert answer("body") == DOCUMENT


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


# flask.request is there on the Flask side.
flask_only = pytest.mark.parametrize("framework", ["flask"])


@flask_only
def test_form_that_flask_has_parsed_before_is_shared(serve):
    def view():
        own = flask.request.form["title"], flask.request.files["document"].filename
        return own, request.POST["title"], request.POST["document"].value

    served = serve(view, **post(DOCUMENT, MULTIPART))
    assert served.result == (("A title", "a.txt"), "A title", b"hello")


@flask_only
def test_flasks_own_form_is_there_after_the_common_one(serve):
    def view():
        common = request.POST["title"], request.files["document"].read()
        return common, flask.request.form["title"], request.body[:5]

    served = serve(view, **post(DOCUMENT, MULTIPART))
    assert served.result == (("A title", b"hello"), "A title", b"--cut")


@flask_only
@pytest.mark.parametrize("name", ["body", "text", "body_file", "stream", "get_data"])
def test_body_after_flask_has_parsed_it_is_an_error_that_says_so(serve_checked, name):
    def view():
        with pytest.raises(NotForwardedError) as caught:
            request.get_data() if name == "get_data" else getattr(request, name)
        return caught.value

    error = serve_checked(view, **post(b"a=1", FORM)).result
    assert (error.attribute, error.framework) == ("request.body", "flask")
    assert "flask.request.form has read it" in str(error)


@flask_only
def test_what_flask_has_left_of_its_stream_is_read(serve):
    def view():
        return flask.request.stream.read(2), request.stream.read()

    assert serve(view, **post(b"body", "text/plain")).result == (b"bo", b"dy")


@flask_only
def test_stream_that_flask_has_opened_goes_on_where_it_was(serve):
    def view():
        whole = request.body
        start = flask.request.stream.read(3)
        return whole, start, request.form["a"], flask.request.stream.read()

    served = serve(view, **post(b"a=1&b=2", FORM))
    assert served.result == (b"a=1&b=2", b"a=1", "1", b"&b=2")


@pytest.mark.parametrize("name", ["body_file", "stream"])
def test_position_in_the_body_is_kept_where_a_form_is_read(serve, name):
    def view():
        start = getattr(request, name).read(3)
        return start, request.form["a"], getattr(request, name).read()

    assert serve(view, **post(b"a=1&b=2", FORM)).result == (b"a=1", "1", b"&b=2")


def test_limits_of_the_application_s_own_request_class(make_site):
    class Strict(flask.Request):
        max_form_parts = 1

    site = make_site()
    site.app.request_class = Strict
    site.add("/page", lambda: request.POST.mixed())
    assert site.open("/page", **many_parts(2)).response.status_code == 413
