"""``url_for`` wherever it is called: in helpers, templates, commands, jobs and at import."""

from __future__ import annotations

import sys
import threading

import click
import flask
import pytest
import routes

from compatshim.common import copy_current_context, h, render, url, url_for
from compatshim.testing import legacy_request_context

SITE_URL = "https://example.org/data"


def add_pages(site):
    pages = flask.Blueprint("dataset", "dataset")
    pages.add_url_rule("/dataset/<id>", "read", str)
    site.app.register_blueprint(pages)
    site.mapper.connect("dataset_read", "/old/{id}", controller="x", action="read")


@pytest.fixture
def only_site(make_site, no_site_yet):
    """Return a function that makes the only site of this process."""

    def make(**options):
        site = make_site(**options)
        add_pages(site)
        return site

    return make


# Helpers.


class Helpers:
    """As ``lib/helpers.py`` of a legacy application has them."""

    url_for = staticmethod(url_for)
    url = url
    routes_url_for = staticmethod(routes.url_for)


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda: h.url_for("dataset.read", id="x"), "/dataset/x"),
        (lambda: h.url_for("dataset_read", id="x"), "/old/x"),
        (
            lambda: h.url("dataset_read", id="x", qualified=True),
            "http://localhost/old/x",
        ),
        (lambda: h.url.current(q=1), "/page?q=1"),
        (lambda: h.routes_url_for("dataset_read", id="x"), "/old/x"),
    ],
)
def test_helper(serve, build, expected):
    options = {"legacy_config": {"pylons.h": Helpers}}
    assert serve(build, setup=add_pages, **options).result == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ h.url_for('dataset.read', id='x') }}", "/dataset/x"),
        ("{{ h.url_for('dataset_read', id='x') }}", "/old/x"),
        ("{{ h.url.current() }}", "/page"),
        ("{{ url_for('dataset.read', id='x') }}", "/dataset/x"),
        ("{{ url('dataset_read', id='x', q=['a', 'b']) }}", "/old/x?q=a&q=b"),
        ("{{ url.current(q='a') }}", "/page?q=a"),
    ],
)
def test_template(serve, write_template, text, expected):
    write_template("page.html", f"{{% autoescape false %}}{text}{{% endautoescape %}}")
    options = {"legacy_config": {"pylons.h": Helpers}}
    served = serve(lambda: render("page.html"), setup=add_pages, **options)
    assert served.result == expected


# Relative endpoints.


def test_relative_endpoint_where_no_blueprint_is_current(serve):
    """As Flask itself takes it: an endpoint of the application."""

    def setup(site):
        site.app.add_url_rule("/about", "about", str)

    assert serve(lambda: url_for(".about"), setup=setup).result == "/about"


@pytest.mark.parametrize("framework", ["flask"])
def test_relative_endpoint_of_a_nested_blueprint(make_site):
    site = make_site()
    outer = flask.Blueprint("outer", "outer", url_prefix="/outer")
    inner = flask.Blueprint("inner", "inner", url_prefix="/inner")
    inner.add_url_rule("/here", "here", lambda: url_for(".there", q="a", anchor="b"))
    inner.add_url_rule("/there", "there", str)
    outer.register_blueprint(inner)
    site.app.register_blueprint(outer)
    assert site.client.get("/outer/inner/here").text == "/outer/inner/there?q=a#b"


# Threads of a request, and the streamed part of an answer.


@pytest.mark.parametrize("name", ["dataset.read", "dataset_read", "/a.css"])
def test_thread_of_a_request(serve, name):
    built = []

    def view():
        def job():
            values = {} if name.startswith("/") else {"id": "x"}
            built.append(url_for(name, **values))

        thread = threading.Thread(target=copy_current_context(job))
        thread.start()
        thread.join()
        job()

    serve(view, setup=add_pages, base_url="http://localhost/mount")
    assert built[0] == built[1]
    assert built[0].startswith("/mount/")


# Outside of requests.

URLS = [
    ("dataset.read", f"{SITE_URL}/dataset/x"),
    ("dataset_read", f"{SITE_URL}/old/x"),
]


@pytest.mark.parametrize("framework", ["legacy"])
@pytest.mark.parametrize(("name", "expected"), URLS)
class TestOutside:
    def test_command(self, only_site, name, expected):
        site = only_site(config={"site_url": SITE_URL})

        @site.app.cli.command("link")
        def link():
            click.echo(url_for(name, id="x"))

        result = site.app.test_cli_runner().invoke(args=["link"])
        assert result.output == f"{expected}\n"

    def test_command_of_a_legacy_script(self, only_site, name, expected):
        """It knows nothing of Flask, and so has no context."""
        site = only_site(legacy_config={"site_url": SITE_URL})
        assert url_for(name, id="x") == expected
        assert url(name, id="x") == expected
        del site  # it is found while it lives

    def test_job_in_a_thread(self, only_site, name, expected):
        site = only_site(config={"site_url": SITE_URL})
        built = []

        def job():
            with site.app.app_context():
                built.append(url_for(name, id="x"))
            built.append(url_for(name, id="x"))

        thread = threading.Thread(target=job)
        thread.start()
        thread.join()
        assert built == [expected] * 2

    def test_import_of_a_template(self, only_site, write_template, name, expected):
        write_template("links.html", f"{{% set link = url_for('{name}', id='x') %}}")
        site = only_site(config={"site_url": SITE_URL})
        template = site.app.jinja_env.get_template("links.html")
        assert template.module.link == expected

    def test_import_of_a_module(self, only_site, tmp_path, monkeypatch, name, expected):
        (tmp_path / "links_of_a_site.py").write_text(
            f"from compatshim.common import url_for\nlink = url_for({name!r}, id='x')\n"
        )
        monkeypatch.syspath_prepend(tmp_path)
        site = only_site(config={"site_url": SITE_URL})
        try:
            module = __import__("links_of_a_site")
        finally:
            sys.modules.pop("links_of_a_site", None)
        assert module.link == expected
        del site  # it is found while it lives

    def test_request_for_tests(self, only_site, name, expected):
        site = only_site(config={"site_url": SITE_URL})
        path = expected.removeprefix("https://example.org")
        with site.app.test_request_context("/"):
            assert url_for(name, id="x") == path
        with legacy_request_context(site.app, "/"):
            assert url_for(name, id="x") == path
        with site.app.test_request_context("/"), site.app.app_context():
            assert url_for(name, id="x", qualified=True) == expected


@pytest.mark.parametrize(
    "place", ["{}", "{{% import 'm.html' as m %}}{{{{ m.link }}}}"]
)
def test_import_of_a_template_in_a_request(serve, write_template, place):
    write_template("m.html", "{% set link = url_for('dataset.read', id='x') %}")
    write_template("page.html", place.format("{{ url_for('dataset.read', id='x') }}"))
    served = serve(lambda: render("page.html"), setup=add_pages)
    assert served.result == "/dataset/x"
