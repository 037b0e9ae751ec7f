"""A Routes mapper is asked as Routes' own middleware asks it, with text."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, strategies as st
from routes import Mapper
from werkzeug.test import create_environ
from werkzeug.wrappers import Request

from compatshim.routing.matching import (
    LegacyMatch,
    match_routes,
    path_text,
    posted_form,
    routing_args,
)

FORM = "application/x-www-form-urlencoded"


def make_mapper(*routes, **options):
    mapper = Mapper(**options)
    for path, conditions in routes:
        mapper.connect(path, **conditions)
    return mapper


def method_is(*methods):
    return {"conditions": {"method": list(methods)}}


def arguments_of(match):
    return None if match is None else match.arguments


@pytest.mark.parametrize(
    ("path_info", "expected"),
    [
        ("/item/a", {"name": "a"}),
        ("/item/Ã¤", {"name": "ä"}),
        ("/item/æ\x97¥", {"name": "日"}),
        ("/item/a b", {"name": "a b"}),
        ("/item/", None),
        ("/other", None),
    ],
)
def test_path_arguments_are_text(make_environ, path_info, expected):
    mapper = make_mapper(("/item/{name}", {}))
    assert arguments_of(match_routes(mapper, make_environ(path_info))) == expected


@pytest.mark.parametrize("path_info", ["/item/\xff", "/item/\xc3", "/item/Ā", "/日"])
def test_path_that_is_no_utf8_is_an_error(make_environ, path_info):
    mapper = make_mapper(("/item/{name}", {}))
    with pytest.raises(UnicodeError):
        match_routes(mapper, make_environ(path_info))


def test_empty_path_is_the_root(make_environ):
    mapper = make_mapper(("/", {"controller": "home", "action": "index"}))
    match = match_routes(mapper, make_environ(""))
    assert match.arguments == {"controller": "home", "action": "index"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_path_text_undoes_what_a_server_does(text):
    path_info = text.encode().decode("latin-1")
    assert path_text({"PATH_INFO": path_info}) == text


@pytest.mark.parametrize(
    ("method", "expected"), [("GET", "read"), ("HEAD", None), ("POST", "save")]
)
def test_conditions_on_the_method(make_environ, method, expected):
    mapper = make_mapper(
        ("/item", {"action": "read", **method_is("GET")}),
        ("/item", {"action": "save", **method_is("POST")}),
    )
    match = match_routes(mapper, make_environ("/item", method=method))
    assert (match and match.arguments["action"]) == expected


def test_condition_function_sees_the_request_and_changes_the_arguments(make_environ):
    def condition(environ, arguments):
        arguments["agent"] = environ.get("HTTP_USER_AGENT")
        return "a" in arguments["name"]

    mapper = make_mapper(("/item/{name}", {"conditions": {"function": condition}}))
    environ = make_environ("/item/a", headers={"User-Agent": "test"})
    assert match_routes(mapper, environ).arguments == {"name": "a", "agent": "test"}
    assert match_routes(mapper, make_environ("/item/b")) is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.example.org", {"sub_domain": "www"}),
        ("example.org", None),
        ("api.example.org", {"sub_domain": "api"}),
    ],
)
def test_condition_on_the_sub_domain(make_environ, host, expected):
    mapper = make_mapper(("/item", {"conditions": {"sub_domain": True}}))
    mapper.sub_domains = True
    environ = make_environ("/item", base_url=f"http://{host}")
    assert arguments_of(match_routes(mapper, environ)) == expected


@pytest.mark.parametrize(
    ("query", "form", "method", "expected"),
    [
        ("_method=PUT", None, "GET", "replace"),
        ("_method=put", None, "GET", "replace"),
        ("_method=PUT", "a=1", "POST", "replace"),
        ("", "_method=PUT", "POST", "replace"),
        ("", "_method=delete&a=1", "POST", "remove"),
        ("", "a=1", "POST", "save"),
        ("", "_method=PUT", "GET", "read"),
        ("a=_method", None, "GET", "read"),
        ("%5Fmethod=PUT", None, "GET", "read"),
        ("_method=%ff", None, "GET", "read"),
    ],
)
def test_method_is_overridden_by_query_and_form(
    make_environ, query, form, method, expected
):
    mapper = make_mapper(
        ("/item", {"action": "read", **method_is("GET")}),
        ("/item", {"action": "save", **method_is("POST")}),
        ("/item", {"action": "replace", **method_is("PUT")}),
        ("/item", {"action": "remove", **method_is("DELETE")}),
    )
    environ = make_environ(
        "/item", method=method, query_string=query, data=form, content_type=FORM
    )
    assert match_routes(mapper, environ).arguments == {"action": expected}
    assert environ["REQUEST_METHOD"] == method


def read_little(environ):
    request = Request(environ, populate_request=False)
    request.max_content_length = 5
    return posted_form(request)


def test_form_above_the_limit_is_not_read_for_an_override(make_environ):
    mapper = make_mapper(("/item", {"action": "read", **method_is("POST")}))
    environ = make_environ(
        "/item", method="POST", data="_method=PUT&a=1", content_type=FORM
    )
    body = environ["wsgi.input"]
    match = match_routes(mapper, environ, read_little)
    assert match.arguments == {"action": "read"}
    assert environ["wsgi.input"] is body
    assert body.tell() == 0


def test_form_that_was_read_is_there_for_who_serves(make_environ):
    mapper = make_mapper(("/item", {}))
    environ = make_environ(
        "/item", method="POST", data="_method=PUT&a=1", content_type=FORM
    )
    environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read())
    match_routes(mapper, environ)
    assert environ["wsgi.input"].read() == b"_method=PUT&a=1"
    assert environ["CONTENT_LENGTH"] == "15"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"_method": "PUT"}'),
        ("text/plain", b"_method=PUT"),
        ("application/octet-stream", b"\xff" * 10),
    ],
)
def test_body_that_is_no_form_is_not_read(make_environ, content_type, body):
    mapper = make_mapper(("/item", {}))
    environ = make_environ("/item", method="POST", data=body, content_type=content_type)
    before = dict(environ)
    assert match_routes(mapper, environ) is not None
    assert environ == before
    assert environ["wsgi.input"].read() == body


@pytest.mark.parametrize(
    "options",
    [
        {"content_type": "multipart/form-data", "data": b"--x"},
        {"content_type": "multipart/form-data; boundary=x", "data": b"no boundary"},
        {"content_type": f"{FORM}; charset=latin-1", "data": b"_method=P\xdcT"},
        {"content_type": f"{FORM}; charset=none-such", "data": b"_method=PUT"},
        {
            "content_type": "multipart/form-data; boundary=x",
            "data": b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"'
            b"\r\nContent-Type: text/plain; charset=none-such\r\n\r\ny\r\n--x--\r\n",
        },
    ],
    ids=[
        "no boundary",
        "nothing in it",
        "latin-1",
        "unknown charset",
        "unknown in part",
    ],
)
def test_form_that_cannot_be_read_is_matched_by_its_own_method(make_environ, options):
    mapper = make_mapper(("/item", {"action": "save", **method_is("POST")}))
    environ = make_environ("/item", method="POST", **options)
    assert match_routes(mapper, environ).arguments == {"action": "save"}


def test_client_that_leaves_while_it_sends_a_form_is_matched_all_the_same(make_environ):
    mapper = make_mapper(("/item", {"action": "save", **method_is("POST")}))
    environ = make_environ("/item", method="POST", data="a=1", content_type=FORM)
    environ["CONTENT_LENGTH"] = "50"
    assert match_routes(mapper, environ).arguments == {"action": "save"}


@pytest.mark.parametrize("path_info", ["/item/a", "/missing"])
@pytest.mark.parametrize("query", ["", "a=1", "_method=PUT"])
def test_asking_leaves_environ_as_it_was(make_environ, path_info, query):
    mapper = make_mapper(("/item/{name}", {}))
    environ = make_environ(path_info, query_string=query)
    before = dict(environ)
    match_routes(mapper, environ)
    assert environ == before


def test_mapper_is_left_as_it_was(make_environ):
    mapper = make_mapper(("/item/{name}", {}))
    match_routes(mapper, make_environ("/item/a"))
    assert mapper.environ is None


@pytest.mark.parametrize(
    ("path_info", "expected"), [("/item/a", {"name": "a"}), ("/missing", None)]
)
def test_mapper_in_debug_mode(make_environ, path_info, expected):
    mapper = make_mapper(("/item/{name}", {}))
    mapper.debug = True
    assert arguments_of(match_routes(mapper, make_environ(path_info))) == expected


def test_mapper_without_routes(make_environ):
    assert match_routes(Mapper(), make_environ("/")) is None


def test_first_route_that_matches_wins(make_environ):
    mapper = make_mapper(("/item/{a}", {}), ("/item/{b}", {}))
    assert match_routes(mapper, make_environ("/item/x")).arguments == {"a": "x"}


def test_match_holds_for_its_own_question_only(make_environ):
    mapper = make_mapper(("/item/{name}", {}))
    environ = make_environ("/item/a")
    match = match_routes(mapper, environ)
    assert isinstance(match, LegacyMatch)
    assert match.holds_for(mapper, environ) is True
    assert match.holds_for(Mapper(), environ) is False
    assert match.holds_for(mapper, make_environ("/item/b")) is False
    assert match.holds_for(mapper, make_environ("/item/a", method="HEAD")) is False
    other_host = make_environ("/item/a", base_url="http://example.org")
    assert match.holds_for(mapper, other_host) is False


def test_match_of_an_overridden_method_answers_who_asks_with_that(make_environ):
    mapper = make_mapper(("/item", method_is("PUT")))
    environ = make_environ("/item", method="POST", query_string="_method=PUT")
    match = match_routes(mapper, environ)
    assert match.holds_for(mapper, environ) is True
    assert match.answers(environ) is False
    assert match.answers({**environ, "REQUEST_METHOD": "PUT"}) is True
    assert (
        match.answers({**environ, "REQUEST_METHOD": "PUT", "PATH_INFO": "/x"}) is False
    )


def test_keys_of_routes_own_middleware_are_set():
    mapper = make_mapper(("/item/{name}", {}))
    environ = create_environ("/item/a")
    match = match_routes(mapper, environ)
    url = routing_args(environ, match, mapper)
    assert environ["wsgiorg.routing_args"] == (url, {"name": "a"})
    assert environ["routes.route"] is match.route
    assert environ["routes.url"] is url
    assert url("/x") == "/x"


def test_keys_where_nothing_matched():
    mapper = make_mapper(("/item/{name}", {}))
    environ = create_environ("/missing")
    url = routing_args(environ, None, mapper)
    assert environ["wsgiorg.routing_args"] == (url, {})
    assert environ["routes.route"] is None
