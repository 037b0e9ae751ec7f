# ruff: noqa: PLW0108 (the proxies are to be asked in the view, not here)
"""``request`` answers alike, whoever serves."""

from __future__ import annotations

import io

import flask
import pytest

from compatshim.common import render, request
from compatshim.errors import NotForwardedError

# Flask.request is there on the Flask side.
flask_only = pytest.mark.parametrize("framework", ["flask"])

FORM = "application/x-www-form-urlencoded"


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


def multipart(*parts, boundary="cut"):
    """Return the body and the content type of a multipart form."""
    lines = []
    for head, content in parts:
        lines += [
            f"--{boundary}\r\nContent-Disposition: form-data; {head}".encode(),
            content,
        ]
    body = b"\r\n".join(lines) + f"\r\n--{boundary}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


UPLOAD = multipart(
    ('name="title"', b"\r\nA title"),
    (
        'name="document"; filename="read.txt"\r\nContent-Type: text/plain; charset=utf-8',
        b"\r\nhello",
    ),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("path", "/mount/folder/page"),
        ("path_info", "/folder/page"),
        ("script_name", "/mount"),
        ("path_qs", "/mount/folder/page?a=1&b=x+y"),
        ("path_url", "http://example.org:8080/mount/folder/page"),
        ("query_string", "a=1&b=x+y"),
        ("method", "GET"),
        ("scheme", "http"),
        ("host", "example.org:8080"),
        ("domain", "example.org"),
        ("host_url", "http://example.org:8080"),
        ("url", "http://example.org:8080/mount/folder/page?a=1&b=x+y"),
        ("application_url", "http://example.org:8080/mount"),
        ("content_type", ""),
        ("body", b""),
        ("text", ""),
        ("is_xhr", False),
        ("remote_addr", "127.0.0.1"),
        # Werkzeug's names, as Werkzeug answers.
        ("full_path", "/folder/page?a=1&b=x+y"),
        ("base_url", "http://example.org:8080/mount/folder/page"),
        ("root_url", "http://example.org:8080/mount/"),
        ("root_path", "/mount"),
        ("data", b""),
        ("is_json", False),
        ("mimetype", ""),
    ],
)
def test_attribute_of_a_request_below_a_mount_point(serve, name, expected):
    served = serve(
        lambda: getattr(request, name),
        "/folder/page?a=1&b=x+y",
        base_url="http://example.org:8080/mount",
    )
    assert served.result == expected


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_method(serve, method):
    assert serve(lambda: request.method, method=method).result == method


def test_https_is_the_scheme_where_the_server_says_so(serve):
    served = serve(lambda: request.url, "/page", base_url="https://example.org")
    assert served.result == "https://example.org/page"


def test_non_ascii_path_is_text_in_path_info_and_quoted_in_path(serve):
    served = serve(lambda: (request.path_info, request.path), "/straße/日本")
    assert served.result == ("/straße/日本", "/stra%C3%9Fe/%E6%97%A5%E6%9C%AC")


def test_non_ascii_argument_of_a_route_reaches_the_view_as_text(serve):
    served = serve(lambda name: name, "/item/Übergrößenträger", rule="/item/<name>")
    assert served.result == "Übergrößenträger"


def test_headers_are_found_in_any_case(serve):
    served = serve(
        lambda: (request.headers["x-trace"], request.headers.get("X-TRACE")),
        headers={"X-Trace": "12"},
    )
    assert served.result == ("12", "12")


def test_missing_header_has_the_default(serve):
    served = serve(lambda: request.headers.get("X-Missing", "none"))
    assert served.result == "none"


def test_cookies(serve):
    served = serve(
        lambda: (request.cookies["a"], request.cookies.get("missing")),
        setup=lambda site: site.client.set_cookie("a", "1"),
    )
    assert served.result == ("1", None)


def test_accept_language_is_webobs(serve):
    served = serve(
        lambda: request.accept_language.lookup(["de", "en"], default="en"),
        headers={"Accept-Language": "fr, de;q=0.5"},
    )
    assert served.result == "de"


def test_referrer_has_both_spellings(serve):
    served = serve(
        lambda: (request.referer, request.referrer),
        headers={"Referer": "http://example.org/from"},
    )
    assert served.result == ("http://example.org/from", "http://example.org/from")


def test_request_by_javascript(serve):
    headers = {"X-Requested-With": "XMLHttpRequest"}
    assert serve(lambda: request.is_xhr, headers=headers).result is True


def test_content_type_is_without_its_parameters(serve):
    served = serve(
        lambda: (request.content_type, request.charset, request.mimetype_params),
        method="POST",
        data=b"x",
        content_type="text/plain; charset=utf-8",
    )
    assert served.result == ("text/plain", "UTF-8", {"charset": "utf-8"})


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: request.params["a"], "2"),
        (lambda: request.params.getall("a"), ["1", "2", "3", "4"]),
        (lambda: request.params.getone("q"), "5"),
        (lambda: request.params.mixed(), {"a": ["1", "2", "3", "4"], "q": "5"}),
        (lambda: request.params.get("none", "x"), "x"),
        (lambda: "q" in request.params, True),
        (lambda: request.GET["a"], "2"),
        (lambda: request.GET.getall("a"), ["1", "2"]),
        (lambda: request.GET.mixed(), {"a": ["1", "2"], "q": "5"}),
        (lambda: request.GET.dict_of_lists(), {"a": ["1", "2"], "q": ["5"]}),
        (lambda: request.POST["a"], "4"),
        (lambda: request.POST.getall("a"), ["3", "4"]),
        (lambda: list(request.POST.items()), [("a", "3"), ("a", "4")]),
        (lambda: request.args["a"], "1"),
        (lambda: request.args.getlist("a"), ["1", "2"]),
        (lambda: request.args.to_dict(), {"a": "1", "q": "5"}),
        (lambda: request.args.to_dict(flat=False), {"a": ["1", "2"], "q": ["5"]}),
        (lambda: request.args.get("q", type=int), 5),
        (lambda: request.args.get("none", "x"), "x"),
        (lambda: request.form["a"], "3"),
        (lambda: request.form.getlist("a"), ["3", "4"]),
        (lambda: request.form.to_dict(), {"a": "3"}),
        (lambda: request.form.get("a", type=int), 3),
        (lambda: list(request.form.items(multi=True)), [("a", "3"), ("a", "4")]),
        (lambda: request.values["a"], "1"),
        (lambda: request.values.getlist("a"), ["1", "2", "3", "4"]),
        (lambda: request.values.get("q"), "5"),
    ],
)
def test_repeated_key_answers_by_the_vocabulary_that_asks(serve, read, expected):
    served = serve(
        read,
        "/page?a=1&a=2&q=5",
        method="POST",
        data="a=3&a=4",
        content_type=FORM,
    )
    assert served.result == expected


def test_params_are_the_query_alone_where_there_is_no_form(serve):
    served = serve(lambda: (request.params.mixed(), len(request.POST)), "/page?a=1")
    assert served.result == ({"a": "1"}, 0)


@pytest.mark.parametrize(
    "read",
    [
        lambda: request.params["name"],
        lambda: request.GET["name"],
        lambda: request.args["name"],
        lambda: request.values["name"],
    ],
)
@pytest.mark.parametrize(
    "query", ["name=ä€日", "name=%C3%A4%E2%82%AC%E6%97%A5"], ids=["text", "quoted"]
)
def test_non_ascii_text_in_the_query(serve, read, query):
    assert serve(read, f"/page?{query}").result == "ä€日"


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
        {"data": "gr%C3%B6%C3%9Fe=%C3%A4+x", "content_type": FORM},
        multipart(('name="größe"', "\r\nä x".encode())),
    ],
    ids=["urlencoded", "multipart"],
)
def test_non_ascii_text_in_a_form(serve, read, body):
    assert serve(read, method="POST", **body).result == "ä x"


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: request.POST["document"].filename, "read.txt"),
        (lambda: request.POST["document"].file.read(), b"hello"),
        (lambda: request.POST["document"].value, b"hello"),
        (lambda: request.POST["document"].type, "text/plain"),
        (lambda: request.POST["document"].name, "document"),
        (lambda: request.params["document"].stream.read(), b"hello"),
        (lambda: request.files["document"].filename, "read.txt"),
        (lambda: request.files["document"].stream.read(), b"hello"),
        (lambda: request.files["document"].read(), b"hello"),
        (lambda: request.files["document"].mimetype, "text/plain"),
        (lambda: request.files["document"].content_type, "text/plain; charset=utf-8"),
        (lambda: request.files["document"].file.read(), b"hello"),
        (lambda: request.files["document"] is request.POST["document"], True),
        (lambda: list(request.files), ["document"]),
        (lambda: list(request.form.items()), [("title", "A title")]),
        (lambda: sorted(request.POST), ["document", "title"]),
        (lambda: bool(request.POST["document"]), True),
        (lambda: hasattr(request.POST["document"], "filename"), True),
    ],
)
def test_upload_has_both_spellings(serve, read, expected):
    assert serve(read, method="POST", **UPLOAD).result == expected


def test_upload_is_saved(serve, tmp_path):
    target = tmp_path / "saved.txt"
    serve(lambda: request.files["document"].save(target), method="POST", **UPLOAD)
    assert target.read_bytes() == b"hello"


def test_upload_with_a_non_ascii_file_name(serve):
    body = multipart(('name="document"; filename="Übersicht.txt"', b"\r\n\r\nx"))
    served = serve(
        lambda: (request.POST["document"].filename, request.files["document"].filename),
        method="POST",
        **body,
    )
    assert served.result == ("Übersicht.txt", "Übersicht.txt")


def test_two_uploads_in_one_field(serve):
    body = multipart(
        ('name="document"; filename="one.txt"', b"\r\n1"),
        ('name="document"; filename="two.txt"', b"\r\n2"),
    )
    served = serve(
        lambda: (
            [upload.filename for upload in request.POST.getall("document")],
            [upload.filename for upload in request.files.getlist("document")],
            request.POST["document"].filename,
            request.files["document"].filename,
        ),
        method="POST",
        **body,
    )
    names = ["one.txt", "two.txt"]
    assert served.result == (names, names, "two.txt", "one.txt")


def test_uploads_of_another_request_with_an_empty_file(serve):
    body = multipart(('name="document"; filename="empty.txt"', b"\r\n"))
    served = serve(
        lambda: (request.files["document"].filename, request.files["document"].read()),
        method="POST",
        **body,
    )
    assert served.result == ("empty.txt", b"")


def test_upload_field_without_a_chosen_file_is_empty(serve):
    body = multipart(('name="document"; filename=""', b"\r\n"))
    served = serve(lambda: request.POST["document"], method="POST", **body)
    assert served.result == b""


@pytest.mark.parametrize(
    "read",
    [lambda: request.json, lambda: request.json_body, lambda: request.get_json()],
    ids=["json", "json_body", "get_json"],
)
def test_json_body(serve, read):
    served = serve(read, method="POST", json={"name": "ä", "numbers": [1, 2]})
    assert served.result == {"name": "ä", "numbers": [1, 2]}


def test_get_json_of_a_body_that_is_no_json_answers_400(serve):
    served = serve(
        lambda: request.get_json(),
        method="POST",
        data="{",
        content_type="application/json",
    )
    assert served.response.status_code == 400


def test_get_json_silent_of_another_content_type_is_none(serve):
    served = serve(lambda: request.get_json(silent=True), method="POST", data="{}")
    assert served.result is None


def test_get_json_of_another_content_type_answers_415(serve):
    served = serve(
        lambda: request.get_json(), method="POST", data="1", content_type="text/plain"
    )
    assert served.response.status_code == 415


def test_text_of_a_body(serve):
    served = serve(
        lambda: (request.text, request.body, request.get_data(as_text=True)),
        method="POST",
        data="ä€".encode(),
        content_type="text/plain; charset=utf-8",
    )
    assert served.result == ("ä€", b"\xc3\xa4\xe2\x82\xac", "ä€")


def test_body_is_read_twice(serve):
    served = serve(
        lambda: (request.body, request.body, request.body_file.read()),
        method="PUT",
        data=b"abc",
        content_type="text/plain",
    )
    assert served.result == (b"abc", b"abc", b"abc")


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: (request.POST["a"], request.body), ("1", b"a=1&b=2")),
        (lambda: (request.body, request.POST["a"]), (b"a=1&b=2", "1")),
        (lambda: (request.body, request.form["a"]), (b"a=1&b=2", "1")),
        (lambda: (request.form["a"], request.body), ("1", b"a=1&b=2")),
        (lambda: (request.get_data(), request.form["b"]), (b"a=1&b=2", "2")),
        (lambda: (request.values["a"], request.text), ("1", "a=1&b=2")),
        (
            lambda: (request.form["a"], request.POST["a"], request.params["a"]),
            ("1", "1", "1"),
        ),
        (lambda: (request.files.to_dict(), request.POST["b"]), ({}, "2")),
    ],
)
def test_form_is_read_in_any_order(serve, read, expected):
    served = serve(read, method="POST", data="a=1&b=2", content_type=FORM)
    assert served.result == expected


@pytest.mark.parametrize(
    "read",
    [
        lambda: (request.get_json()["a"], request.body),
        lambda: (request.json["a"], request.get_data()),
    ],
    ids=["werkzeug first", "webob first"],
)
def test_json_is_read_before_the_body(serve, read):
    served = serve(
        read, method="POST", data=b'{"a": 1}', content_type="application/json"
    )
    assert served.result == (1, b'{"a": 1}')


def test_body_is_read_before_json(serve):
    served = serve(
        lambda: (request.body, request.get_json()["a"], request.json["a"]),
        method="POST",
        data=b'{"a": 1}',
        content_type="application/json",
    )
    assert served.result == (b'{"a": 1}', 1, 1)


def test_upload_is_read_after_the_body(serve):
    served = serve(
        lambda: (request.body[:5], request.files["document"].read()),
        method="POST",
        **UPLOAD,
    )
    assert served.result == (b"--cut", b"hello")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_form_of_another_method(serve, method):
    served = serve(
        lambda: (request.POST["a"], request.form["a"], request.values["a"]),
        method=method,
        data="a=1",
        content_type=FORM,
    )
    assert served.result == ("1", "1", "1")


@pytest.mark.parametrize(
    "body",
    [{"data": b"title=x", "content_type": FORM}, UPLOAD],
    ids=["urlencoded", "multipart"],
)
def test_body_of_the_client_is_read_and_parsed_once(serve, body):
    stream = CountingStream(body["data"])

    def read():
        names = [*request.form, *request.files, *request.values, *request.params]
        return "title" in names, request.POST is request.POST

    served = serve(
        read,
        method="POST",
        input_stream=stream,
        content_type=body["content_type"],
    )
    assert served.result == (True, True)
    assert stream.given == len(body["data"])


def test_form_that_the_view_takes_apart_is_whole_the_next_time(serve):
    def read():
        first = dict(request.form)
        return first, dict(request.form), request.POST.mixed()

    served = serve(read, method="POST", data="a=1", content_type=FORM)
    assert served.result == ({"a": "1"}, {"a": "1"}, {"a": "1"})


@pytest.mark.parametrize(
    "read", [lambda: request.params["a"], lambda: request.GET["a"]]
)
def test_query_that_is_not_utf8_answers_400(serve, read):
    served = serve(read, "/page?a=%ff")
    assert served.response.status_code == 400


def test_args_of_a_query_that_is_not_utf8_are_lenient(serve):
    served = serve(lambda: request.args["a"], "/page?a=%ff", rule="/page")
    assert served.response.status_code == 200


@pytest.mark.parametrize(
    "read",
    [lambda: request.POST["title"], lambda: request.params["title"]],
    ids=["POST", "params"],
)
def test_multipart_form_without_a_boundary_answers_400(serve, read):
    served = serve(
        read,
        method="POST",
        data=UPLOAD["data"],
        content_type="multipart/form-data",
    )
    assert served.response.status_code == 400


def test_part_of_a_form_in_an_unknown_charset_is_no_server_error(make_site):
    site = make_site()
    site.add("/page", lambda: str(len(request.POST)))
    head = 'name="document"; filename="a.txt"\r\nContent-Type: text/plain; charset=x'
    response = site.client.post("/page", **multipart((head, b"\r\nhello")))
    assert response.status_code in {200, 400}


def test_client_that_leaves_while_it_sends_a_form_is_answered_400(make_site):
    site = make_site()
    site.add("/page", lambda: request.POST["a"])
    response = site.client.post(
        "/page",
        data="a=1",
        content_type=FORM,
        environ_overrides={"CONTENT_LENGTH": "50"},
    )
    assert response.status_code == 400


@pytest.mark.parametrize("length", ["x", "-5", "", "0"])
def test_form_of_no_known_length_is_empty(serve, length):
    served = serve(
        lambda: (request.POST.mixed(), request.form.to_dict(), request.body),
        method="POST",
        data="a=1",
        content_type=FORM,
        environ_overrides={"CONTENT_LENGTH": length},
    )
    assert served.result == ({}, {}, b"")


@pytest.mark.parametrize("content_type", [FORM, "text/plain"])
def test_chunked_body_is_whole(serve, content_type):
    served = serve(
        lambda: (request.body, request.get_data()),
        method="POST",
        input_stream=CountingStream(b"a=1"),
        content_type=content_type,
        environ_overrides={
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input_terminated": True,
        },
    )
    assert served.result == (b"a=1", b"a=1")


def test_chunked_form_is_parsed(serve):
    served = serve(
        lambda: (request.POST.mixed(), request.form.to_dict()),
        method="POST",
        input_stream=CountingStream(b"a=1"),
        content_type=FORM,
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )
    assert served.result == ({"a": "1"}, {"a": "1"})


def test_attribute_set_on_the_request_stays_for_the_request(serve):
    def view():
        request.user_name = "sara"
        return request.user_name, hasattr(request, "user_name")

    assert serve(view).result == ("sara", True)


def test_attribute_set_on_the_request_is_deleted(serve):
    def view():
        request.user_name = "sara"
        del request.user_name
        return hasattr(request, "user_name")

    assert serve(view).result is False


def test_attribute_set_on_one_request_is_not_on_the_next(make_site):
    site = make_site()

    def view():
        seen = getattr(request, "count", 0)
        request.count = seen + 1
        return seen

    site.add("/page", view)
    assert [site.open("/page").result for _ in range(2)] == [0, 0]


def test_attribute_that_no_library_has_is_named_in_the_error(serve, framework):
    def view():
        with pytest.raises(NotForwardedError) as caught:
            request.no_such_thing  # noqa: B018
        return caught.value

    error = serve(view).result
    assert error.attribute == "request.no_such_thing"
    assert error.framework == framework
    assert isinstance(error, AttributeError)
    assert "'request.no_such_thing'" in str(error)


def test_attribute_that_no_library_has_takes_the_default(serve):
    served = serve(
        lambda: (
            hasattr(request, "no_such_thing"),
            getattr(request, "no_such_thing", "default"),
        )
    )
    assert served.result == (False, "default")


def test_view_is_one_object_for_the_whole_request(serve):
    served = serve(
        lambda: request._get_current_object() is request._get_current_object()
    )
    assert served.result is True


def test_template_sees_both_vocabularies(serve, write_template):
    write_template(
        "page.html",
        "{{ request.path }} {{ request.params.a }} {{ request.args.a }}"
        " {{ request.params.getall('a')|join('+') }}",
    )
    served = serve(lambda: render("page.html"), "/page?a=1&a=2")
    assert served.result == "/page 2 1 1+2"


@flask_only
def test_flasks_own_request_stays_as_flask_made_it(serve):
    def view():
        request.params["a"], request.POST
        own = flask.request._get_current_object()
        return type(own), flask.request.path, flask.request.args["a"]

    served = serve(view, "/straße?a=1&a=2")
    assert served.result == (flask.Request, "/straße", "1")


@flask_only
def test_form_that_flask_has_parsed_before_is_shared(serve):
    def view():
        own = flask.request.form["title"], flask.request.files["document"].filename
        return own, request.POST["title"], request.POST["document"].value

    served = serve(view, method="POST", **UPLOAD)
    assert served.result == (("A title", "read.txt"), "A title", b"hello")


@flask_only
def test_flasks_own_form_is_there_after_the_common_one(serve):
    def view():
        common = request.POST["title"], request.files["document"].read()
        return common, flask.request.form["title"], request.body[:5]

    served = serve(view, method="POST", **UPLOAD)
    assert served.result == (("A title", b"hello"), "A title", b"--cut")


@flask_only
def test_body_after_flask_has_parsed_it_is_an_error_that_says_so(serve):
    def view():
        flask.request.form["a"]
        with pytest.raises(NotForwardedError) as caught:
            request.body  # noqa: B018
        return caught.value.attribute

    served = serve(view, method="POST", data="a=1", content_type=FORM)
    assert served.result == "request.body"


@pytest.mark.parametrize("name", ["json", "json_body"])
def test_body_that_is_no_json_answers_400(serve, name):
    served = serve(lambda: getattr(request, name), method="POST", data=b"{no json")
    assert served.response.status_code == 400


def test_body_that_is_no_text_answers_400(serve):
    served = serve(lambda: request.text, method="POST", data=b"\xff")
    assert served.response.status_code == 400


def test_text_and_json_can_be_set(serve):
    def view():
        request.text = "[1]"
        return request.json, request.body

    assert serve(view, method="POST", data=b"x").result == ([1], b"[1]")
