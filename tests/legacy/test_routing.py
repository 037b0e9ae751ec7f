"""compatshim.legacy._routing: whose match is used, and what it looks like."""

from __future__ import annotations

import pytest
import webob
from routes.middleware import RoutesMiddleware

from compatshim.errors import NotConfiguredError
from compatshim.legacy import request, url
from compatshim.legacy.middleware import StatusCodeRedirect
from compatshim.routing.matching import MATCH_KEY, LegacyMatch

PLACES = ["alone", "behind Routes' middleware"]


@pytest.fixture(params=PLACES)
def put(request):
    """Return how an application finds its route."""

    def put(app):
        if request.param == "alone":
            return app
        return RoutesMiddleware(app, app.config["routes.map"], singleton=False)

    return put


def get(app, path="/index", **options):
    return webob.Request.blank(path, **options).get_response(app)


def test_path_arguments_are_text(put, make_app, make_controller):
    controller = make_controller(lambda self, item, town: f"{item} {town}")
    route = ("/x/{item}",), {"controller": controller, "action": "index", "town": "é"}
    assert get(put(make_app(None, route)), "/x/%E6%97%A5%E6%9C%AC").text == "日本 é"


def test_a_path_argument_whose_default_is_not_ascii(put, make_app, make_controller):
    controller = make_controller(lambda self, item: item)
    route = ("/x/{item}",), {"controller": controller, "action": "index", "item": "é"}
    assert get(put(make_app(None, route)), "/x/%C3%A9").text == "é"


def test_a_route_that_is_not_ascii(make_app, make_controller):
    """Routes' own middleware does not find it: it compares with undecoded text."""
    controller = make_controller(lambda self, item: item)
    route = ("/köln/{item}",), {"controller": controller, "action": "index"}
    assert get(make_app(None, route), "/k%C3%B6ln/%E6%97%A5%E6%9C%AC").text == "日本"


def test_arguments_that_are_no_strings_or_no_path_text(put, make_app, make_controller):
    def condition(environ, arguments):
        arguments.update(number=3, text="日本")
        return True

    controller = make_controller(lambda self, number, text: f"{number} {text}")
    route = (
        ("/x",),
        {
            "controller": controller,
            "action": "index",
            "conditions": {"function": condition},
        },
    )
    assert get(put(make_app(None, route)), "/x").text == "3 日本"


def test_a_path_that_is_not_utf8_is_a_bad_request(put, make_app, make_controller):
    app = put(make_app(make_controller(lambda self, item: item)))
    response = get(app, "/index/%ff")
    assert response.status_int == 400
    assert "not UTF-8" in response.text


def test_a_path_that_is_no_wsgi_text_is_a_bad_request(make_app):
    environ = webob.Request.blank("/").environ
    environ["PATH_INFO"] = "/日本"
    assert webob.Request(environ).get_response(make_app()).status_int == 400


def test_no_route_matches(put, make_app):
    assert get(put(make_app()), "/nowhere").status_int == 404


def test_a_redirect_route(put, make_app):
    app = make_app()
    app.config["routes.map"].redirect(
        "/old/{item}", "/new/{item}", _redirect_code="301 Moved"
    )
    response = get(put(app), "/old/3")
    assert response.status == "301 Moved"
    assert response.headers["Location"] == "/new/3"
    assert response.body == b""


@pytest.mark.parametrize(
    ("path", "seen"),
    [("/blog/%C3%A9/b", "/blog|/é/b"), ("/blog//b", "/blog|/b"), ("/blog/", "/blog|/")],
)
def test_a_path_info_route_moves_the_prefix(put, make_app, path, seen):
    def inner(environ, start_response):
        text = f"{environ['SCRIPT_NAME']}|{environ['PATH_INFO']}"
        start_response("200 OK", [("Content-Type", "text/plain; charset=UTF-8")])
        return [text.encode("latin-1")]

    route = ("/blog/{path_info:.*}",), {"controller": inner}
    assert get(put(make_app(None, route)), path).text == seen


def test_routes_keys_are_in_the_environ(put, make_app, make_controller):
    seen = {}
    app = put(make_app(make_controller(lambda self: seen.update(request.environ))))
    get(app)
    generator, arguments = seen["wsgiorg.routing_args"]
    assert seen["routes.url"] is generator
    assert arguments["action"] == "index"
    assert seen["pylons.routes_dict"] is arguments
    assert seen["routes.route"].routepath == "/{action}"


def test_the_dispatcher_s_match_is_used_and_the_map_not_asked_again(
    make_app, make_controller
):
    app = make_app(make_controller(lambda self, item: item))
    mapper = app.config["routes.map"]
    first = mapper.routematch("/index/1")
    match = LegacyMatch(
        arguments={**first[0], "item": "given"},
        route=first[1],
        mapper=mapper,
        method="GET",
        path_info="/index/1",
        host="localhost:80",
        asked="GET",
    )
    assert get(app, "/index/1", environ={MATCH_KEY: match}).text == "given"
    assert get(app, "/index/2", environ={MATCH_KEY: match}).text == "2"


def test_an_application_without_a_map_needs_someone_in_front(make_app, make_controller):
    app = make_app(make_controller(lambda self: "here"))
    mapper = app.config.pop("routes.map")
    with pytest.raises(NotConfiguredError, match=r"routes\.map"):
        get(app)
    assert get(RoutesMiddleware(app, mapper, singleton=False)).text == "here"


def test_routing_args_of_other_middleware(make_app, make_controller):
    app = make_app(make_controller(lambda self, item: f"{item} {url('/x')}"))
    arguments = {"controller": make_controller(lambda self: "given"), "action": "index"}
    environ = {"wsgiorg.routing_args": (lambda *args: "/built", arguments)}
    assert get(app, "/index/1", environ=environ).text == "given"


@pytest.mark.parametrize("position", ["outside", "inside", "alone"])
def test_an_error_document_is_found_wherever_the_routes_middleware_is(
    make_app, make_controller, position
):
    def document(self):
        return f"sorry: {request.environ['pylons.original_request'].path_info}"

    app = make_app(make_controller(None, document=document))
    app.config["routes.map"].connect("/error/{action}", controller="unused")
    mapper = app.config["routes.map"]
    mapper.connect("/e/{action}", controller=make_controller(None, document=document))
    if position == "outside":
        app = StatusCodeRedirect(RoutesMiddleware(app, mapper), path="/e/document")
    elif position == "inside":
        app = RoutesMiddleware(StatusCodeRedirect(app, path="/e/document"), mapper)
    else:
        app = StatusCodeRedirect(app, path="/e/document")
    for path in ("/nowhere/to/go", "/missing"):
        response = get(app, path)
        assert response.status_int == 404
        assert response.text == f"sorry: {path}"


def test_absolute_urls_do_not_believe_the_client_s_forwarding_headers(
    put, make_app, make_controller
):
    app = put(make_app(make_controller(lambda self: url("/x", qualified=True))))
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert get(app, headers=headers).text == "http://localhost:80/x"


@pytest.mark.parametrize(
    ("environ", "host_url"),
    [
        ({"HTTP_HOST": "a.example:81"}, "http://a.example:81/x"),
        ({"HTTP_HOST": "", "SERVER_NAME": "s", "SERVER_PORT": "80"}, "http://s/x"),
        ({"HTTP_HOST": "", "SERVER_NAME": "s", "SERVER_PORT": "81"}, "http://s:81/x"),
        (
            {
                "HTTP_HOST": "",
                "SERVER_NAME": "s",
                "SERVER_PORT": "443",
                "wsgi.url_scheme": "https",
            },
            "https://s/x",
        ),
    ],
)
def test_absolute_urls(make_app, make_controller, environ, host_url):
    app = make_app(make_controller(lambda self: url("/x", qualified=True)))
    assert get(app, environ=environ).text == host_url
