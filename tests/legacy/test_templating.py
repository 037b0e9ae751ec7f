"""compatshim.legacy.templating, with Jinja and with a stand-in for Beaker."""

from __future__ import annotations

import importlib.util

import pytest
from jinja2 import (
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    TemplateNotFound,
)
from markupsafe import Markup

from compatshim import legacy
from compatshim.errors import (
    MissingExtraError,
    NoRequestError,
    NotConfiguredError,
    TemplateNotFoundError,
)
from compatshim.legacy import _engines
from compatshim.legacy.templating import (
    cached_template,
    pylons_globals,
    render_jinja2,
    render_mako,
    render_mako_def,
)
from compatshim.serving import legacy_request


class Cache:
    """What Beaker's CacheManager and its containers do."""

    def __init__(self):
        self.asked = []
        self.values = {}

    def get_cache(self, namespace, **options):
        self.asked.append((namespace, options["type"]))
        self.namespace = namespace
        return self

    def get_value(self, key, createfunc, expiretime):
        self.asked.append((key, expiretime))
        if (self.namespace, key) not in self.values:
            self.values[self.namespace, key] = createfunc()
        return self.values[self.namespace, key]


class Globals:
    def __init__(self, **attributes):
        vars(self).update(attributes)


@pytest.fixture
def rendered(serve):
    """Return what a function returns in a request, with these on ``app_globals``."""

    def rendered(function, globals_=None, **request):
        results = []
        options = {"pylons.app_globals": globals_ or Globals(), "pylons.h": "helpers"}
        serve(lambda self: results.append(function()), options=options, **request)
        return results[0]

    return rendered


def test_outside_of_a_request():
    with pytest.raises(NoRequestError):
        pylons_globals()


def test_the_names_in_every_template(rendered):
    names = rendered(pylons_globals)
    assert names["c"] is names["tmpl_context"]
    assert names["h"] == "helpers"
    assert names["request"].path == "/index"
    assert type(names["response"]) is legacy.Response
    assert names["url"]("/x") == "/x"
    assert {"config", "app_globals", "translator", "ungettext", "_", "N_"} <= set(names)
    assert "session" not in names


def test_the_session_is_among_them_where_there_is_one(rendered):
    environ = {"beaker.session": {"user": "me"}}
    assert rendered(lambda: dict(pylons_globals()["session"]), environ=environ) == {
        "user": "me"
    }


def test_rendering_does_not_open_the_dispatcher_s_session(rendered):
    def names():
        legacy_request().open_session = pytest.fail
        return pylons_globals()

    assert rendered(names)["session"] is legacy.session


@pytest.fixture
def jinja():
    templates = {"a.html": "<p>{{ name }} {{ c.name }} {{ h }} {{ request.path }}</p>"}
    return Globals(
        jinja2_env=Environment(loader=DictLoader(templates), autoescape=True),
        cache=Cache(),
    )


def test_jinja(rendered, jinja):
    extra = {"name": "<é>", "h": "extra"}

    def render():
        legacy.tmpl_context.name = "ours"
        return render_jinja2("a.html", extra)

    page = rendered(render, jinja)
    assert isinstance(page, Markup)
    assert page == "<p>&lt;é&gt; ours helpers /index</p>"
    assert extra == {"name": "<é>", "h": "extra"}


def test_without_a_cache_option_nothing_is_cached(rendered, jinja):
    rendered(lambda: render_jinja2("a.html"), jinja)
    assert jinja.cache.asked == []


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({"cache_expire": "never"}, [("a.html", "memory"), ("default", None)]),
        ({"cache_expire": 60}, [("a.html", "memory"), ("default", 60)]),
        ({"cache_key": "k"}, [("a.html", "memory"), ("k", None)]),
        ({"cache_type": "dbm"}, [("a.html", "dbm"), ("default", None)]),
    ],
)
def test_cache_options(rendered, jinja, options, asked):
    pages = rendered(
        lambda: [render_jinja2("a.html", {"name": i}, **options) for i in (1, 2)], jinja
    )
    assert pages[0] == pages[1]
    assert jinja.cache.asked == asked * 2


def test_cached_copies_that_differ_by_an_option(rendered, jinja):
    def render():
        return [
            cached_template("a", object, ("method",), cache_key="k", method=method)
            for method in ("xhtml", "text", "text")
        ]

    first, second, third = rendered(render, jinja)
    assert first is not second
    assert second is third


def test_missing_template_names_every_place(rendered, tmp_path):
    folders = [str(tmp_path / name) for name in ("one", "two")]
    loader = ChoiceLoader(
        [
            FileSystemLoader(folders),
            PrefixLoader({"a": PackageLoader("compatshim.demo"), "b": DictLoader({})}),
            DictLoader({}),
        ]
    )
    environment = Environment(loader=loader, autoescape=True)
    with pytest.raises(TemplateNotFoundError) as caught:
        rendered(lambda: render_jinja2("a/b.html"), Globals(jinja2_env=environment))
    assert isinstance(caught.value, TemplateNotFound)
    assert (caught.value.name, caught.value.template_name) == ("a/b.html", "a/b.html")
    package = "compatshim.demo:templates"
    assert caught.value.places == (*folders, package, "jinja2.loaders.DictLoader")
    assert all(place in str(caught.value) for place in caught.value.places)


@pytest.mark.parametrize(
    ("render", "what"),
    [
        (lambda: render_mako("a"), "app_globals.mako_lookup"),
        (lambda: render_mako_def("a", "b"), "app_globals.mako_lookup"),
        (lambda: render_jinja2("a"), "app_globals.jinja2_env"),
        (lambda: render_jinja2("a", cache_key="k"), "cache"),
    ],
)
def test_what_is_not_set_up(rendered, monkeypatch, render, what):
    monkeypatch.setattr(_engines, "find_spec", lambda name: True)
    with pytest.raises(NotConfiguredError) as caught:
        rendered(render)
    assert caught.value.object_name == what


@pytest.mark.parametrize(
    ("render", "extra"),
    [
        (lambda: render_mako("a"), "mako"),
        (lambda: render_jinja2("a", cache_key="k"), "beaker"),
    ],
)
def test_what_is_not_installed(rendered, monkeypatch, render, extra):
    assert _engines.find_spec is importlib.util.find_spec
    monkeypatch.setattr(_engines, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError) as caught:
        rendered(render)
    assert caught.value.extra == extra
