"""A WSGI environment, and a site that says who served."""

from __future__ import annotations

import flask
import pytest
from routes import Mapper
from webob import Response
from werkzeug.test import create_environ

from compatshim import CompatShim
from compatshim.parsing.bodies import close_files


@pytest.fixture
def make_environ():
    """Return a function that makes an ``environ``; ``path_info`` is not quoted."""

    made = []

    def make(path_info="/", **options):
        environ = create_environ("/", **options)
        environ["PATH_INFO"] = path_info
        made.append(environ)
        return environ

    yield make
    for environ in made:  # as whoever serves does
        close_files(environ)


@pytest.fixture
def make_site():
    """Return a function that makes a Flask application with a legacy one behind it.

    The legacy one answers with its name and the route's arguments; ``add`` is called
    with the Flask application before the two are joined.
    """

    def legacy_app(environ, start_response):
        arguments = environ["wsgiorg.routing_args"][1]
        return Response(f"legacy {sorted(arguments.items())}")(environ, start_response)

    def make(*legacy_paths, add=None, **config):
        app = flask.Flask("sample")
        app.config.update({"TESTING": True, **config})
        mapper = Mapper()
        for path in legacy_paths:
            mapper.connect(path)
        if add is not None:
            add(app)
        CompatShim(app, legacy=legacy_app, mapper=mapper)
        return app

    return make
