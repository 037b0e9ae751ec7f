# ruff: noqa: PLW0108 (the proxies are to be asked in the view, not here)
"""``request`` answers alike, whoever serves."""

from __future__ import annotations

import flask
import pytest
from werkzeug.test import create_environ

from compatshim.common import render, request
from compatshim.errors import NotForwardedError

FORM = "application/x-www-form-urlencoded"


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
    "read", [lambda: request.params["a"], lambda: request.GET["a"]]
)
def test_query_that_is_not_utf8_answers_400(serve, read):
    served = serve(read, "/page?a=%ff")
    assert served.response.status_code == 400


@pytest.mark.parametrize("name", ["args", "values"])
@pytest.mark.parametrize("query", ["a=%ff", "a=%ff&b=1", "%ff=1", "a=%", "a=%zz"])
def test_query_that_is_not_utf8_is_to_werkzeugs_names_what_it_is_to_werkzeug(
    serve, name, query
):
    served = serve(lambda: getattr(request, name).to_dict(), f"/page?{query}")
    own = flask.Request(create_environ(f"/page?{query}"))
    assert served.result == getattr(own, name).to_dict()


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


# Flask.request is there on the Flask side.
@pytest.mark.parametrize("framework", ["flask"])
def test_flasks_own_request_stays_as_flask_made_it(serve):
    def view():
        request.params["a"], request.POST
        own = flask.request._get_current_object()
        return type(own), flask.request.path, flask.request.args["a"]

    served = serve(view, "/straße?a=1&a=2")
    assert served.result == (flask.Request, "/straße", "1")
