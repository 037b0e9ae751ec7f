# ruff: noqa: PLW0108 (the proxies are to be asked in the view, not here)
"""``request`` as an object: its class, copies, attributes, and what clients may send."""

from __future__ import annotations

import contextlib
import copy
import pickle

import flask
import pytest
import webob
from hypothesis import HealthCheck, given, settings, strategies as st

from compatshim import legacy
from compatshim.common import config, render, request, session
from compatshim.errors import HTTP_EXCEPTIONS, CompatShimError
from compatshim.legacy.controllers.util import Request as PylonsRequest


def test_object_is_a_webob_and_a_pylons_request(serve):
    def view():
        own = request._get_current_object()
        kinds = webob.Request, PylonsRequest, flask.Request
        return [isinstance(own, kind) for kind in kinds]

    assert serve(view).result == [True, True, False]


def test_werkzeugs_request_behind_it_is_that_of_the_framework(serve, framework):
    def view():
        own = {
            "flask": lambda: flask.request._get_current_object(),
            "legacy": lambda: legacy.request.werkzeug_request,
        }
        behind = request.werkzeug_request
        return behind is own[framework](), isinstance(behind, flask.Request)

    assert serve(view).result == (True, True)


def test_application_s_own_request_class_is_behind_it(serve):
    class OwnRequest(flask.Request):
        shop = "here"

    def setup(site):
        site.app.request_class = OwnRequest

    assert serve(lambda: request.shop, setup=setup).result == "here"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_request_cannot_be_pickled(serve, protocol):
    def view():
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(request._get_current_object(), protocol)
        with pytest.raises((TypeError, pickle.PicklingError)):
            pickle.dumps(request, protocol)

    serve(view)


def test_copy_has_an_environ_and_a_body_of_its_own(serve):
    def view():
        other = request.copy()
        other.method = "PUT"
        other.body = b"new"
        other.environ["HTTP_X_OWN"] = "1"
        return (
            (other.method, other.body, other.headers["X-Own"], other.path),
            (request.method, request.body, "X-Own" in request.headers),
        )

    served = serve(view, method="POST", data=b"old", content_type="text/plain")
    assert served.result == (("PUT", b"new", "1", "/page"), ("POST", b"old", False))


def test_body_of_a_copy_is_read_apart(serve):
    def view():
        other = request.copy()
        request.body_file.seek(0)
        return other.body_file.read(2), request.body_file.read(), other.body

    served = serve(view, method="POST", data=b"body", content_type="text/plain")
    assert served.result == (b"bo", b"body", b"body")


def test_copy_of_a_long_body(serve):
    body = b"0123456789" * 10_000

    def view():
        other = request.copy()
        return other.body == request.body == body

    served = serve(view, method="POST", data=body, content_type="text/plain")
    assert served.result is True


def test_copy_has_both_vocabularies(serve):
    def view():
        other = request.copy()
        return (
            (other.params["a"], other.POST["b"], other.form["b"], other.args["a"]),
            (other.view_args, other.endpoint == request.endpoint),
        )

    served = serve(
        view, "/item/7?a=1", rule="/item/<id>", method="POST", data={"b": "2"}
    )
    assert served.result == (("1", "2", "2", "1"), ({"id": "7"}, True))


def test_copy_get_is_a_get_request_without_a_body(serve):
    def view():
        other = request.copy_get()
        return other.method, other.body, other.get_data(), other.params.mixed()

    served = serve(view, "/page?a=1", method="POST", data={"b": "2"})
    assert served.result == ("GET", b"", b"", {"a": "1"})


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copy_by_python_is_refused_as_pickling_is(serve, copied):
    def view():
        for found in (request, request._get_current_object()):
            with pytest.raises(TypeError, match="cannot be pickled"):
                copied(found)

    serve(view)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("method", "PUT", lambda: request.method),
        ("path_info", "/other", lambda: request.path),
        ("host", "example.org", lambda: request.host_url.removeprefix("http://")),
        ("query_string", "a=2", lambda: request.GET["a"]),
        ("remote_user", "sara", lambda: request.environ["REMOTE_USER"]),
        ("content_type", "text/plain", lambda: request.content_type),
        ("body", b"new", lambda: request.body),
        ("text", "new", lambda: request.text),
        ("json", [1], lambda: request.json_body),
        ("charset", "UTF-8", lambda: request.charset),
        ("language", "de", lambda: request.languages[-1]),
    ],
)
def test_webobs_attribute_that_is_set(serve, name, value, read):
    def view():
        setattr(request, name, value)
        return read()

    served = serve(view, "/page?a=1", method="POST", data="x")
    expected = {"path_info": "/other", "query_string": "2"}.get(name, value)
    assert served.result == expected


@pytest.mark.parametrize("asked_before", [True, False])
def test_werkzeugs_names_stay_what_the_client_sent(serve, asked_before):
    def view():
        if asked_before:
            request.full_path, request.args  # noqa: B018
        request.method = "PUT"
        request.query_string = "a=2"
        request.path_info = "/other"
        return request.full_path, request.base_url, request.args["a"]

    served = serve(view, "/page?a=1", method="POST", base_url="http://example.org")
    assert served.result == ("/page?a=1", "http://example.org/page", "1")


@pytest.mark.parametrize("asked_before", [True, False])
def test_query_that_is_changed_is_webobs_alone(serve, asked_before):
    def view():
        if asked_before:
            request.args  # noqa: B018
        request.GET["a"] = "2"
        return request.GET["a"], request.params["a"], request.args["a"]

    assert serve(view, "/page?a=1").result == ("2", "2", "1")


def test_attribute_of_pylons_is_that_of_the_common_objects(serve):
    def view():
        session["a"] = 1
        return request.session["a"], request.config["pylons.package"] == config[
            "pylons.package"
        ]

    assert serve(view).result == (1, True)


def test_language_is_the_legacy_applications(serve):
    options = {"language": "de", "charset": "utf-8", "errors": "replace"}
    served = serve(
        lambda: (request.language, request.languages),
        legacy_config={"pylons.request_options": options},
        headers={"Accept-Language": "fr, de;q=0.5, en;q=0.2"},
    )
    assert served.result == ("de", ["fr", "de"])


def test_accepted_charsets(serve):
    served = serve(
        lambda: str(request.determine_browser_charset()),
        headers={"Accept-Charset": "utf-8, x;q=0.5"},
    )
    assert served.result == "utf-8, x;q=0.5"


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: request.params.items(multi=True), [("a", "1"), ("a", "2")]),
        (lambda: request.GET.items(multi=True), [("a", "1"), ("a", "2")]),
        (lambda: request.POST.items(multi=True), []),
        (lambda: request.GET.items(), [("a", "1"), ("a", "2")]),
        (lambda: request.GET.items(multi=False), [("a", "2")]),
        (lambda: request.params.dict_of_lists(), {"a": ["1", "2"]}),
    ],
)
def test_items_with_werkzeugs_keyword(serve, read, expected):
    served = serve(lambda: read(), "/page?a=1&a=2")
    found = served.result
    assert (found if isinstance(found, dict) else list(found)) == expected


# Authorization.


@pytest.mark.parametrize(
    ("header", "pair", "names"),
    [
        (
            "Basic c2FyYTpzZWNyZXQ=",
            ("Basic", "c2FyYTpzZWNyZXQ="),
            ("basic", "sara", "secret", None),
        ),
        ("Bearer abc", ("Bearer", "abc"), ("bearer", None, None, "abc")),
        (
            'Digest username="sara", realm="x"',
            ("Digest", {"username": "sara", "realm": "x"}),
            ("digest", "sara", None, None),
        ),
        ("Basic \xff", ("Basic", "\xff"), (None, None, None, None)),
        ("Basic", ("Basic", ""), None),
    ],
)
def test_authorization_in_both_vocabularies(serve, header, pair, names):
    def view():
        found = request.authorization
        return tuple(found), (found.type, found.username, found.password, found.token)

    served = serve(view, environ_overrides={"HTTP_AUTHORIZATION": header})
    assert served.result[0] == pair
    if names is not None:
        assert served.result[1] == names


def test_authorization_by_key(serve):
    def view():
        found = request.authorization
        return found["username"], found.get("missing", "x"), found[0], found.authtype

    headers = {"Authorization": "Basic c2FyYTpzZWNyZXQ="}
    assert serve(view, headers=headers).result == ("sara", "x", "Basic", "Basic")


def test_authorization_can_be_shown_in_a_template(serve, write_template):
    write_template("page.html", "{{ request.authorization }}")
    headers = {"Authorization": "Bearer abc"}
    served = serve(lambda: render("page.html"), headers=headers)
    assert "abc" in served.result


def test_no_authorization_is_none(serve):
    assert serve(lambda: request.authorization).result is None


# Whatever a client sends, no answer of a name is a server error.

NAMES = sorted(
    name
    for name in {*dir(webob.Request), *dir(flask.Request)} - {"blank", "make_alias"}
    if not name.startswith("_") and not callable(getattr(webob.Request, name, None))
)
TEXT = st.text(
    st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30
)
HEADERS = st.sampled_from(
    [
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_CHARSET",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_AUTHORIZATION",
        "HTTP_CACHE_CONTROL",
        "HTTP_COOKIE",
        "HTTP_DATE",
        "HTTP_IF_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_RANGE",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_MAX_FORWARDS",
        "HTTP_PRAGMA",
        "HTTP_RANGE",
        "HTTP_REFERER",
        "HTTP_USER_AGENT",
        "HTTP_X_FORWARDED_FOR",
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "QUERY_STRING",
    ]
)
VALUES = st.one_of(
    TEXT,
    st.sampled_from(
        [
            "9" * 5000,
            "-1",
            "bytes=5-1",
            "Sat, 29 Oct 99994 19:43:31 GMT",
            "Basic \xff",
            "multipart/form-data; boundary=\xff",
            "application/x-www-form-urlencoded; charset=none",
            "a=%ff",
            "a=\xff",
            "a=\xff; b=%ff",
            "*;q=x",
        ]
    ),
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Werkzeug's, of old names
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    environ=st.dictionaries(HEADERS, VALUES, max_size=4), data=st.binary(max_size=40)
)
def test_nothing_that_is_sent_is_a_server_error(make_site, environ, data):
    def view():
        for name in NAMES:
            with contextlib.suppress(*HTTP_EXCEPTIONS, CompatShimError):
                repr(getattr(request, name))

    site = make_site()
    site.client = site.app.test_client(use_cookies=False)
    site.add("/page", view)
    # Some are refused before they reach the view.
    answer = site.client.post("/page", data=data, environ_overrides=environ)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("name", "environ"),
    [
        ("max_forwards", {"HTTP_MAX_FORWARDS": "x"}),
        (
            "if_modified_since",
            {"HTTP_IF_MODIFIED_SINCE": "Sat, 29 Oct 99994 19:43:31 GMT"},
        ),
        ("args", {"QUERY_STRING": "a=\xff"}),
        ("values", {"QUERY_STRING": "a=\xff"}),
        ("GET", {"QUERY_STRING": "a=\xff"}),
        ("params", {"QUERY_STRING": "a=\xff"}),
        ("script_name", {"SCRIPT_NAME": "/\xff"}),
        ("path", {"SCRIPT_NAME": "/\xff"}),
    ],
)
def test_header_or_url_that_cannot_be_read_answers_400(serve, name, environ):
    def view():
        with pytest.raises(HTTP_EXCEPTIONS) as caught:
            getattr(request, name)
        return caught.value.code

    assert serve(view, environ_overrides=environ).result == 400


@pytest.mark.parametrize("name", ["cookies", "signed_cookie"])
def test_cookie_that_is_no_text_answers_400(make_site, name):
    def view():
        found = getattr(request, name)
        return found("a", "key") if name == "signed_cookie" else found["a"]

    site = make_site()
    site.client = site.app.test_client(use_cookies=False)
    site.add("/page", view)
    served = site.open("/page", headers={"Cookie": r'a="\377"'})
    assert served.response.status_code == 400


@pytest.mark.parametrize(
    ("name", "environ", "text"),
    [
        ("GET", {"QUERY_STRING": "a=%ff"}, "The query string is not UTF-8."),
        ("params", {"QUERY_STRING": "a=%ff"}, "The query string is not UTF-8."),
        ("cookies", {"HTTP_COOKIE": r'a="\377"'}, "The cookies are not UTF-8."),
        ("script_name", {"SCRIPT_NAME": "/\xff"}, "The path of the URL is not UTF-8."),
        ("text", {}, "The body is not text."),
        ("json", {}, "The body is not JSON."),
        ("json_body", {}, "The body is not JSON."),
        ("max_forwards", {"HTTP_MAX_FORWARDS": "x"}, "The header Max-Forwards cannot"),
        ("date", {"HTTP_DATE": "Sat, 29 Oct 99994 19:43:31 GMT"}, "The header Date"),
    ],
)
def test_answer_to_what_cannot_be_read_is_a_short_text(make_site, name, environ, text):
    site = make_site()
    site.client = site.app.test_client(use_cookies=False)
    site.add("/page", lambda: getattr(request, name))
    served = site.open(
        "/page",
        method="POST",
        data=b"\xff",
        headers={"Accept": "text/plain"},
        environ_overrides=environ,
    )
    assert served.response.status_code == 400
    assert served.response.mimetype == "text/plain"
    assert text in served.response.text
    assert len(served.response.text) < 200


def test_text_of_a_request_that_is_not_utf8(serve):
    served = serve(lambda: str(request), method="POST", data=b"\xff")
    assert served.result.endswith("\ufffd")


@pytest.mark.parametrize("charset", ["latin-1", "utf-8"])
def test_form_in_another_charset_is_decoded(serve, charset):
    served = serve(
        lambda: request.decode(charset).POST["a"],
        method="POST",
        data=b"a=%E4" if charset == "latin-1" else "a=ä".encode(),
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )
    assert served.result == "ä"


def test_request_is_made_by_webobs_class_methods(serve):
    def view():
        kind = type(request._get_current_object())
        made = kind.blank("/other?a=1", method="PUT", POST={"b": "2"})
        assert made.werkzeug_request is made.werkzeug_request
        read = kind.from_bytes(b"GET /third?c=3 HTTP/1.1\r\nHost: example.org\r\n\r\n")
        return made.method, made.params["a"], made.form["b"], read.args["c"], read.host

    assert serve(view).result == ("PUT", "1", "2", "3", "example.org")
