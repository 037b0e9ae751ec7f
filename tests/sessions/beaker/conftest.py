"""A legacy site with its sessions, and the one that takes over from it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from beaker.middleware import SessionMiddleware
from flask import Flask, request, session
from webob import Request, Response
from werkzeug.test import Client

from compatshim.sessions.beaker import BeakerSessionInterface

# What both sites do with the session, asked for by the path.


def _login(session):
    session["user"] = "anna"
    session["roles"] = ["editor"]
    session.save()
    return "welcome"


def _add_role(session):
    session["roles"].append("admin")
    session.save()
    return "added"


ACTIONS = {
    "/static": lambda session: "nothing",
    "/whoami": lambda session: f"{session.get('user')} {session.get('roles')}",
    "/id": lambda session: session.id,
    "/login": _login,
    "/add-role": _add_role,
    "/logout": lambda session: session.delete() or "bye",
    "/invalidate": lambda session: session.invalidate() or session.save() or "bye",
}


def make_old_site(ini):
    """Return the legacy site: an application behind Beaker's own middleware."""

    def application(environ, start_response):
        session = environ["beaker.session"]
        text = ACTIONS[Request(environ).path_info](session)
        return Response(text, content_type="text/plain")(environ, start_response)

    return SessionMiddleware(application, dict(ini))


def make_new_site(ini):
    """Return the Flask application that takes over the sessions of the legacy site."""
    app = Flask("shop")
    app.session_interface = BeakerSessionInterface.from_config(ini)

    @app.get("/<path:action>")
    def show(action):
        return ACTIONS[request.path](session)

    return app


@pytest.fixture
def sites(ini, run):
    """The legacy site and the one that takes over from it, with the same store."""
    return SimpleNamespace(old=run(make_old_site(ini)), new=run(make_new_site(ini)))


@pytest.fixture
def browser(new_browser):
    return new_browser()


@pytest.fixture
def visit_old_site():
    """Return a function that makes a visitor of a legacy site, which kept ``values``.

    ``get("/")`` of the visitor says which of these are still there.
    """

    def visit(ini, **values):
        def application(environ, start_response):
            if environ["PATH_INFO"] == "/keep":
                environ["beaker.session"].update(values)
                environ["beaker.session"].save()
            kept = {
                key: value
                for key, value in environ["beaker.session"].items()
                if key in values
            }
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [repr(kept).encode()]

        client = Client(SessionMiddleware(application, dict(ini)))
        client.get("/keep")
        return client

    return visit


@pytest.fixture(params=["/flask", "/legacy"])
def path(request):
    return request.param


@pytest.fixture
def other_path(path):
    return {"/flask": "/legacy", "/legacy": "/flask"}[path]
