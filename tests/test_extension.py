"""compatshim.CompatShim: what it joins, and what it refuses to join."""

from __future__ import annotations

import flask
import pytest
from flask import Flask
from routes import Mapper
from webob import Request, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from compatshim import CompatShim, errors
from compatshim.common import (
    c,
    config,
    is_flask_request,
    request,
    response,
    session,
    url_for,
)
from compatshim.deprecation import LegacyUrlWarning
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context


def build_flask(name="sample", **views):
    app = Flask(name)
    app.secret_key = "for tests"
    for view_name, view in views.items():
        app.add_url_rule(f"/flask/{view_name}", view_name, view)
    return app


def build_legacy(**actions):
    """Return a PylonsApp that serves ``/legacy/{action}``."""
    methods = {name: staticmethod(action) for name, action in actions.items()}
    conf = PylonsConfig()
    conf.init_app({}, {"colour": "blue"}, package="sample")
    conf["routes.map"] = mapper = Mapper()
    mapper.connect(
        "action", "/legacy/{action}", controller=type("C", (WSGIController,), methods)
    )
    return PylonsApp(conf)


def where():
    return f"{flask.current_app.name} {request.path} {is_flask_request()}"


class Labelled:
    """Middleware that labels what it has seen."""

    def __init__(self, wsgi_app, label="yes"):
        self.wsgi_app = wsgi_app
        self.label = label

    def __call__(self, environ, start_response):
        def start(status, headers, *exc_info):
            return start_response(
                status, [*headers, ("X-Label", self.label)], *exc_info
            )

        return self.wsgi_app(environ, start)


# How it is set up.


def test_the_application_as_an_argument():
    app = build_flask(where=where)
    CompatShim(app, legacy=build_legacy(where=where))
    client = app.test_client()
    assert client.get("/flask/where").text == "sample /flask/where True"
    assert client.get("/legacy/where").text == "sample /legacy/where False"


def test_init_app():
    shim = CompatShim()
    app = build_flask(where=where)
    shim.init_app(app, legacy=build_legacy(where=where))
    client = app.test_client()
    assert client.get("/flask/where").text == "sample /flask/where True"
    assert client.get("/legacy/where").text == "sample /legacy/where False"


@pytest.mark.parametrize("first", ["constructor", "init_app"])
def test_init_app_twice_on_one_application(first):
    app = build_flask("twice")
    shim = CompatShim(app) if first == "constructor" else CompatShim()
    if first == "init_app":
        shim.init_app(app)
    served_by = app.wsgi_app
    for again in (shim.init_app, CompatShim):
        with pytest.raises(errors.AlreadyInitialisedError, match="'twice'") as caught:
            again(app)
        assert caught.value.app_name == "twice"
        assert isinstance(caught.value, RuntimeError)
    assert app.wsgi_app is served_by


def test_an_application_that_is_already_wrapped():
    app = build_flask("wrapped")
    app.wsgi_app = Labelled(app.wsgi_app)
    with pytest.raises(errors.WrappedApplicationError) as caught:
        CompatShim(app, legacy=build_legacy())
    assert caught.value.app_name == "wrapped"
    assert caught.value.middleware is app.wsgi_app
    assert "wrap app.wsgi_app afterwards" in str(caught.value)
    assert 'inner_middleware="flask-only"' in str(caught.value)


def test_a_refused_application_is_as_it_was():
    app = build_flask(where=lambda: "flask")
    app.wsgi_app = wrapped = Labelled(app.wsgi_app)
    with pytest.raises(errors.WrappedApplicationError):
        CompatShim(app, legacy=build_legacy())
    assert app.wsgi_app is wrapped
    assert app.test_client().get("/flask/where").text == "flask"
    app.wsgi_app = wrapped.wsgi_app
    del app.wsgi_app
    CompatShim(app, legacy=build_legacy())


def test_middleware_for_flask_only():
    app = build_flask(where=where)
    app.wsgi_app = Labelled(app.wsgi_app)
    CompatShim(app, legacy=build_legacy(where=where), inner_middleware="flask-only")
    client = app.test_client()
    assert client.get("/flask/where").headers["X-Label"] == "yes"
    assert "X-Label" not in client.get("/legacy/where").headers


def test_middleware_put_around_it_afterwards_covers_both():
    app = build_flask(where=where)
    CompatShim(app, legacy=build_legacy(where=where))
    app.wsgi_app = Labelled(app.wsgi_app)
    client = app.test_client()
    for path in ("/flask/where", "/legacy/where", "/nowhere"):
        assert client.get(path).headers["X-Label"] == "yes"


def test_proxy_fix_put_around_it_afterwards_covers_both():
    def see():
        return (
            f"{request.host_url} {request.remote_addr} {url_for('/x', qualified=True)}"
        )

    app = build_flask(see=see)
    CompatShim(app, legacy=build_legacy(see=see))
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
    headers = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "www.example.org",
    }
    for side in ("flask", "legacy"):
        answer = app.test_client().get(f"/{side}/see", headers=headers)
        assert answer.text.split() == [
            "https://www.example.org",
            "1.2.3.4",
            "https://www.example.org/x",
        ]


# What the legacy application may be.


def wsgi_app(environ, start_response):
    text = f"legacy {environ['PATH_INFO']} {is_flask_request()}"
    return Response(text, content_type="text/plain")(environ, start_response)


def test_any_wsgi_callable_gets_what_flask_does_not_match():
    app = build_flask(where=where)
    CompatShim(app, legacy=wsgi_app)
    client = app.test_client()
    assert client.get("/flask/where").text == "sample /flask/where True"
    assert client.get("/any/thing").text == "legacy /any/thing False"
    assert client.get("/").text == "legacy / False"


def test_a_405_of_flask_stays_flasks_beside_any_wsgi_callable():
    app = build_flask(where=where)
    CompatShim(app, legacy=wsgi_app)
    answer = app.test_client().post("/flask/where")
    assert answer.status_code == 405
    assert set(answer.allow) == {"GET", "HEAD", "OPTIONS"}


def test_a_wsgi_callable_with_a_mapper_gets_what_its_routes_match():
    mapper = Mapper()
    mapper.connect("page", "/legacy/{page}")
    app = build_flask(where=where)
    CompatShim(app, legacy=wsgi_app, mapper=mapper)
    client = app.test_client()
    assert client.get("/legacy/x").text == "legacy /legacy/x False"
    assert client.get("/other/x").status_code == 404


def test_a_wsgi_callable_with_a_mapper_finds_its_match():
    def legacy(environ, start_response):
        arguments = environ["wsgiorg.routing_args"][1]
        text = f"{arguments['page']} {url_for('page', page='z')}"
        return Response(text)(environ, start_response)

    mapper = Mapper()
    mapper.connect("page", "/legacy/{page}")
    app = build_flask()
    CompatShim(app, legacy=legacy, mapper=mapper)
    assert app.test_client().get("/legacy/Zoé").text == "Zoé /legacy/z"


def test_the_common_objects_under_any_wsgi_callable():
    def legacy(environ, start_response):
        c.name = session["name"] = "x"
        response.headers["X-Set"] = "yes"
        text = f"{request.path} {flask.g.name} {flask.current_app.name}"
        return Response(text)(environ, start_response)

    app = build_flask()
    CompatShim(app, legacy=legacy)
    client = app.test_client()
    answer = client.get("/page")
    assert answer.text == "/page x sample"
    assert answer.headers["X-Set"] == "yes"
    with client.session_transaction() as stored:
        assert stored["name"] == "x"


def test_a_pylons_app_inside_middleware_of_its_own():
    legacy = build_legacy(where=where)
    app = build_flask(where=where)
    CompatShim(app, legacy=Labelled(legacy), legacy_config=legacy.config)
    client = app.test_client()
    answer = client.get("/legacy/where")
    assert (answer.text, answer.headers["X-Label"]) == (
        "sample /legacy/where False",
        "yes",
    )
    assert client.get("/nowhere").status_code == 404
    assert "X-Label" not in client.get("/flask/where").headers


def test_without_a_legacy_application_flask_serves_everything():
    app = build_flask(where=where)
    CompatShim(app)
    client = app.test_client()
    assert client.get("/flask/where").text == "sample /flask/where True"
    assert client.get("/nowhere").status_code == 404


def test_the_configuration_is_that_of_the_legacy_application():
    app = build_flask()
    CompatShim(app, legacy=build_legacy())
    with app.app_context():
        assert config["colour"] == "blue"
        assert config["SECRET_KEY"] == "for tests"


def test_an_alias_for_a_route_that_has_moved():
    app = build_flask(where=where)
    shim = CompatShim(app, legacy=build_legacy())
    shim.alias("old_name", "where")
    with legacy_request_context(app, "/legacy/x"), pytest.warns(LegacyUrlWarning):
        assert url_for("old_name") == "/flask/where"
    with app.test_request_context("/"), pytest.warns(LegacyUrlWarning):
        assert url_for("old_name") == "/flask/where"


# Several applications.


def test_two_applications_do_not_see_each_other():
    apps = []
    for name in ("one", "two"):
        app = build_flask(name, where=where)
        CompatShim(app, legacy=build_legacy(where=where))
        apps.append(app)
    for app in apps * 2:
        client = app.test_client()
        assert client.get("/legacy/where").text == f"{app.name} /legacy/where False"
        assert client.get("/flask/where").text == f"{app.name} /flask/where True"


def test_one_shim_for_two_applications():
    shim = CompatShim()
    apps = [build_flask(name, where=where) for name in ("one", "two")]
    for app in apps:
        shim.init_app(app, legacy=build_legacy(where=where))
    for app in apps:
        answer = app.test_client().get("/legacy/where")
        assert answer.text == f"{app.name} /legacy/where False"


def test_one_legacy_application_behind_two_flask_applications():
    legacy = build_legacy(where=where)
    for name in ("one", "two"):
        app = build_flask(name)
        CompatShim(app, legacy=legacy)
        answer = app.test_client().get("/legacy/where")
        assert answer.text == f"{name} /legacy/where False"


def test_the_legacy_application_still_runs_alone():
    legacy = build_legacy(path=lambda: request.path)
    CompatShim(build_flask(), legacy=legacy)
    answer = Request.blank("/legacy/path").get_response(legacy)
    assert answer.text == "/legacy/path"


def test_an_application_without_a_shim_is_no_worse_for_one_beside_it():
    CompatShim(build_flask(), legacy=build_legacy())
    bare = build_flask("bare", where=where)
    assert bare.test_client().get("/flask/where").text == "bare /flask/where True"
    with bare.app_context(), pytest.raises(errors.NotInitialisedError, match="'bare'"):
        len(config)


def test_removing_the_shim_leaves_the_flask_views_as_they_are():
    """Law 6: the day the last legacy route is gone, the shim can be deleted."""

    def view():
        flask.session["name"] = "x"
        flask.g.name = "x"
        return f"{flask.request.path} {flask.url_for('view')}", {"X-Own": "yes"}

    answers = []
    for with_shim in (True, False):
        app = build_flask(view=view)
        if with_shim:
            CompatShim(app, legacy=build_legacy())
        answer = app.test_client().get("/flask/view")
        headers = {key for key, _ in answer.headers}
        answers.append((answer.status, answer.data, headers))
    assert answers[0] == answers[1]
