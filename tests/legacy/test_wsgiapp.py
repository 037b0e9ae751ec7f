"""compatshim.legacy.wsgiapp: one request, and several at once or inside each other."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from wsgiref.validate import validator

import pytest
import webob

from compatshim import legacy
from compatshim.errors import NotConfiguredError
from compatshim.legacy import request, tmpl_context as c, url
from compatshim.legacy.controllers.util import abort, forward, redirect
from compatshim.legacy.i18n import _
from compatshim.legacy.middleware import StatusCodeRedirect
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.lifetime import run_legacy
from compatshim.serving import (
    LEGACY_REQUEST_KEY,
    LegacyRequest,
    legacy_request,
)


def get(app, path="/index", **options):
    return webob.Request.blank(path, **options).get_response(app)


def test_a_legacy_application_alone_never_imports_flask():
    code = """
import sys
import webob
from routes import Mapper
from compatshim.legacy.configuration import pylons_config
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.middleware import ErrorHandler, StatusCodeRedirect
from compatshim.legacy.templating import render_mako
from compatshim.legacy.wsgiapp import PylonsApp
class C(WSGIController):
    def index(self):
        return "ok"
pylons_config["routes.map"] = mapper = Mapper()
mapper.connect("/{action}", controller=C)
app = StatusCodeRedirect(ErrorHandler(PylonsApp(), {}))
assert webob.Request.blank("/index").get_response(app).text == "ok"
found = {"flask", "beaker", "mako", "jinja2", "werkzeug.debug"} & set(sys.modules)
assert not found, found
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


def test_the_configuration_in_use_is_the_default(make_config):
    config = make_config(colour="blue")
    legacy.config.push_process_config(config)
    try:
        assert PylonsApp().config is config
    finally:
        legacy.config.pop_process_config(config)


@pytest.mark.parametrize("charset", ["utf-8", "UTF8"])
def test_a_request_charset_that_webob_decodes(make_app, charset):
    options = {"charset": charset, "language": "de"}
    app = make_app(**{"pylons.request_options": options})
    assert app.request_options is options


def test_a_request_charset_that_webob_does_not_decode(make_app):
    with pytest.raises(ValueError, match="'latin-1'"):
        make_app(**{"pylons.request_options": {"charset": "latin-1"}})


def test_text_in_the_query_string_and_in_a_form(serve):
    def index(self):
        return f"{request.GET['q']} {request.POST['p']} {request.params['q']}"

    response = serve(
        index,
        "/index?q=k%C3%B6ln",
        method="POST",
        body="p=日本".encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.text == "köln 日本 köln"


def test_the_request_s_own_additions(serve):
    def index(self):
        assert request.tmpl_context is c._current_obj()
        assert request.route_dict is request.environ["pylons.routes_dict"]
        assert request.link is url._current_obj()
        assert request.config is legacy.config._current_obj()
        return request.language

    assert serve(index).text == "en-us"


def test_tmpl_context_is_the_request_s_one_namespace(serve):
    def index(self):
        assert vars(c) is legacy_request().namespace
        c.name = "x"
        return c.name

    assert serve(index).text == "x"


@pytest.mark.parametrize(("strict", "text"), [(True, "none"), (False, "''")])
def test_a_missing_name_of_tmpl_context(serve, strict, text):
    def index(self):
        return repr(c.name) if hasattr(c, "name") else "none"

    options = {"pylons.strict_tmpl_context": strict}
    assert serve(index, options=options).text == text


def test_a_session_from_middleware(serve):
    def index(self):
        assert legacy.session._current_obj() is request.session
        return legacy.session["user"]

    environ = {"beaker.session": {"user": "me"}}
    assert serve(index, environ=environ).text == "me"
    options = {"pylons.environ_config": {"session": "my.session"}}
    environ = {"my.session": {"user": "you"}}
    assert serve(index, environ=environ, options=options).text == "you"


def test_without_sessions_the_error_says_what_to_do(serve):
    def index(self):
        assert not hasattr(legacy.session, "get")
        assert not legacy.session
        with pytest.raises(NotConfiguredError, match="SessionMiddleware"):
            legacy.session.get("a")

    serve(index)


def run_opened(app, path="/index", open_session=None, environ=None):
    """Serve as the dispatcher does: with a record, in its own context."""
    environ = webob.Request.blank(path, environ).environ
    record = LegacyRequest(environ, {"shared": "yes"})
    record.open_session = open_session
    started = []
    body = b"".join(
        run_legacy(
            record, app, lambda status, headers, exc=None: started.append(status)
        )
    )
    return record, started[0], body.decode()


def test_a_request_that_the_dispatcher_has_opened(make_app, make_controller):
    def index(self):
        return f"{c.shared} {legacy_request() is request.environ[LEGACY_REQUEST_KEY]}"

    record, _status, text = run_opened(make_app(make_controller(index)))
    assert text == "yes True"
    assert record.objects.request.path == "/index"


def test_middleware_in_between_that_copies_the_environ(make_app, make_controller):
    app = make_app(
        make_controller(lambda self: str(legacy_request().environ is request.environ))
    )
    text = run_opened(lambda environ, start: app({**environ}, start))[2]
    assert text == "True"


def test_the_dispatcher_s_session_is_opened_when_first_touched(
    make_app, make_controller
):
    opened = []

    def open_session():
        opened.append(1)
        return {"user": "me"}

    controller = make_controller(
        lambda self: "nothing",
        touch=lambda self: request.session["user"] + legacy.session["user"],
    )
    app = make_app(controller)
    assert run_opened(app, open_session=open_session)[2] == "nothing"
    assert not opened
    assert run_opened(app, "/touch", open_session=open_session)[2] == "meme"
    assert opened == [1]


def test_another_pass_of_a_request_has_objects_of_its_own(make_app, make_controller):
    def index(self):
        first = legacy_request()
        environ = {**request.environ, "PATH_INFO": "/other"}
        text = webob.Request(environ).get_response(app).text
        assert legacy_request() is first
        assert request.path == "/index"
        return f"{text} {c.seen}"

    def other(self):
        assert legacy_request() is request.environ[LEGACY_REQUEST_KEY]
        c.seen = "seen"
        return f"{c.shared} {request.path}"

    app = make_app(make_controller(index, other=other))
    assert run_opened(app)[2] == "yes /other seen"


def test_an_error_document_in_a_request_that_the_dispatcher_has_opened(
    make_app, make_controller
):
    def index(self):
        c.seen = "seen"
        abort(404)

    def document(self):
        assert request.environ[LEGACY_REQUEST_KEY] is legacy_request()
        yield f"{c.shared} {c.seen} {legacy.session['user']} "
        yield request.path

    app = make_app(make_controller(index, document=document))
    app = StatusCodeRedirect(app, path="/document")
    _record, status, text = run_opened(app, open_session=lambda: {"user": "me"})
    assert status == "404 Not Found"
    assert text == "yes seen me /document"


def test_a_cache_from_middleware_or_app_globals(serve, make_config):
    def index(self):
        return legacy.cache._current_obj()

    assert serve(index, environ={"beaker.cache": "in environ"}).text == "in environ"
    app_globals = make_config()["pylons.app_globals"]
    app_globals.cache = "on app_globals"
    options = {"pylons.app_globals": app_globals}
    assert serve(index, options=options).text == "on app_globals"


def test_without_a_cache_the_error_says_what_to_do(serve):
    def index(self):
        with pytest.raises(NotConfiguredError, match="CacheManager"):
            legacy.cache.get_cache("x")

    serve(index)


def test_a_subclass_changes_the_objects_before_they_are_used(
    make_config, make_controller
):
    class App(PylonsApp):
        def register_globals(self, environ):
            environ["pylons.pylons"].app_globals = "mine"
            super().register_globals(environ)

    app = App(make_config(**{"routes.map": None}))
    app.config["routes.map"] = mapper = legacy_mapper()
    mapper.connect(
        "/{action}", controller=make_controller(lambda self: legacy.app_globals)
    )
    assert get(app).text == "mine"


def legacy_mapper():
    from routes import Mapper

    return Mapper()


def test_the_objects_can_be_made_without_serving(make_app):
    """For shells: outside of a record, setup_app_env() only fills the environ."""
    app = make_app()
    environ = webob.Request.blank("/").environ
    generator = object()
    environ.update({"wsgiorg.routing_args": (generator, {}), "routes.url": generator})
    app.setup_app_env(environ, None)
    objects = environ["pylons.pylons"]
    assert objects.url is generator
    assert vars(objects.tmpl_context) == {}
    assert not hasattr(objects, "session")


@pytest.fixture
def package(monkeypatch):
    """An application's package with two controllers."""

    class HelloController:
        def __call__(self, environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"hello"]

    class Named(HelloController):
        pass

    for name in ("sample", "sample.controllers", "sample.controllers.admin"):
        module = ModuleType(name)
        module.__path__ = []
        monkeypatch.setitem(sys.modules, name, module)
    hello = ModuleType("sample.controllers.admin.hello_you")
    hello.HelloYouController = HelloController
    monkeypatch.setitem(sys.modules, hello.__name__, hello)
    named = ModuleType("sample.controllers.named")
    named.Named = Named
    named.__controller__ = "Named"
    monkeypatch.setitem(sys.modules, named.__name__, named)
    return {"HelloYou": HelloController, "Named": Named}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("admin/hello_you", "HelloYou"),
        ("named", "Named"),
        ("sample.controllers.named:Named", "Named"),
        ("sample.controllers.named.Named", "Named"),
    ],
)
def test_a_controller_is_found_by_its_name_once(make_app, package, name, expected):
    app = make_app()
    assert app.find_controller(name) is package[expected]
    assert app.controller_classes == {name: package[expected]}
    assert app.find_controller(name) is package[expected]


def test_a_controller_that_is_no_name_is_the_controller(make_app):
    assert make_app().find_controller(get) is get


def test_a_controller_that_does_not_exist(make_app, package):
    with pytest.raises(ModuleNotFoundError):
        make_app().find_controller("missing")


def test_a_controller_named_in_the_route(make_app, package):
    assert get(make_app("named")).text == "hello"


def test_a_route_without_a_controller(make_app):
    assert get(make_app(None, (("/x",), {"action": "index"})), "/x").status_int == 404


def test_a_responder(make_app):
    route = ("/x",), {"responder": lambda req: webob.Response(f"at {req.path}")}
    app = make_app(None, route)
    assert get(app, "/x").text == "at /x"
    environ = {"paste.testing_variables": {}}
    get(app, "/x", environ=environ)
    assert environ["paste.testing_variables"]["response"].text == "at /x"


def test_a_controller_that_returns_nothing(make_app):
    with pytest.raises(TypeError, match="forget"):
        get(make_app(lambda environ, start_response: None))


def test_what_a_test_can_see(make_app, make_controller):
    testing = {}
    environ = {"paste.testing_variables": testing, "beaker.session": {"a": 1}}
    get(make_app(make_controller(lambda self: "x")), environ=environ)
    assert testing["req"].path == "/index"
    assert testing["response"].text == "x"
    assert testing["session"] == {"a": 1}
    assert "cache" not in testing
    assert {"tmpl_context", "app_globals", "g", "h", "config"} <= set(testing)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/index", "/bytes", "/stream", "/missing", "/away", "/nothing", "/a/b/c"]
)
def test_responses_are_valid_wsgi(make_app, make_controller, method, path):
    def stream(self):
        yield "a"
        yield "b"

    controller = make_controller(
        lambda self: "text",
        bytes=lambda self: b"bytes",
        stream=stream,
        away=lambda self: redirect("/ä"),
        nothing=lambda self: None,
    )
    response = get(validator(make_app(controller)), path, method=method)
    has_body = response.body != b""
    assert has_body == (method == "GET" and path != "/nothing")


def test_each_generator_reads_its_own_request_while_it_is_streamed_elsewhere(
    make_app, make_controller, translated
):
    """All responses are made first, then iterated at once, each in another thread."""
    count = 24

    def index(self, item):
        c.item = item
        legacy.i18n.set_lang("fr" if int(item) % 2 else "de")

        def body():
            for _step in range(20):
                barrier.wait(60)
                yield (
                    f"{request.path}|{c.item}|{url.current(item='x')}|"
                    f"{legacy.config['colour']}|{_('Hello')}\n"
                )

        return body()

    app = make_app(
        make_controller(index),
        colour="blue",
        **{"pylons.paths": translated["pylons.paths"]},
    )
    barrier = threading.Barrier(count)

    def start(number):
        environ = webob.Request.blank(f"/index/{number}").environ
        return app(environ, lambda status, headers, exc_info=None: None)

    def read(iterable):
        assert legacy_request() is None
        chunks = list(iterable)
        iterable.close()
        assert legacy_request() is None
        return b"".join(chunks).decode()

    iterables = [start(number) for number in range(count)]
    assert legacy_request() is None
    with ThreadPoolExecutor(count) as threads:
        texts = list(threads.map(read, iterables))
    for number, text in enumerate(texts):
        hello = "Bonjour" if number % 2 else "Hallo"
        line = f"/index/{number}|{number}|/index/x|blue|{hello}\n"
        assert text == line * 20


@pytest.mark.parametrize("iterated", [True, False])
def test_a_response_iterable_is_closed_once(
    make_app, make_controller, counting, iterated
):
    iterable = counting(b"a", "b")
    app = make_app(make_controller(lambda self: iterable))
    result = app(webob.Request.blank("/index").environ, lambda *args: None)
    if iterated:
        assert list(result) == [b"a", b"b"]
    result.close()
    result.close()
    assert iterable.closed == 1


def test_applications_inside_each_other(make_app, make_controller):
    def inner_index(self):
        legacy.response.set_cookie("inner", "1")
        c.name = "inner"

        def body():
            yield f"{request.environ['pylons.routes_dict']['item']} {c.name} "
            yield f"{legacy.config['colour']} {legacy.app_globals.name}"

        return body()

    inner = make_app(make_controller(inner_index), colour="blue")
    inner.globals.name = "inner globals"

    def outer_index(self, item):
        record, objects = legacy_request(), request.environ["pylons.pylons"]
        legacy.response.set_cookie("outer", "1")
        iterable = forward(inner)
        assert legacy_request() is record
        assert request.environ[LEGACY_REQUEST_KEY] is record
        assert request.environ["pylons.pylons"] is objects
        assert legacy.config["colour"] == "red"
        return iterable

    outer = make_app(make_controller(outer_index), colour="red")
    response = get(outer, "/index/7")
    assert response.text == "7 inner blue inner globals"
    assert sorted(response.headers.getall("Set-Cookie")) == [
        "inner=1; Path=/",
        "outer=1; Path=/",
    ]


def test_an_exception_leaves_no_request_behind(make_app, make_controller):
    app = make_app(make_controller(lambda self: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        get(app)
    assert legacy_request() is None
