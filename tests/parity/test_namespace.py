"""``c``, ``g`` and ``tmpl_context`` are one namespace of the request."""

from __future__ import annotations

import flask
import pytest

from compatshim import legacy
from compatshim.common import app_globals, c, g, tmpl_context

# The legacy tmpl_context is there on the legacy side.
legacy_only = pytest.mark.parametrize("framework", ["legacy"])

LAX = {"pylons.strict_tmpl_context": False}


def set_name(namespace):
    namespace.user = "sara"


@pytest.mark.parametrize("writer", [c, g, tmpl_context], ids=["c", "g", "tmpl_context"])
@pytest.mark.parametrize("reader", [c, g, tmpl_context], ids=["c", "g", "tmpl_context"])
def test_name_set_through_one_is_read_through_the_others(serve, writer, reader):
    def view():
        set_name(writer)
        return reader.user

    assert serve(view).result == "sara"


def test_name_is_shared_with_flask_g(serve):
    def view():
        set_name(c)
        flask.g.more = 1
        return flask.g.user, c.more, g.more

    assert serve(view).result == ("sara", 1, 1)


@legacy_only
def test_name_is_shared_with_the_legacy_tmpl_context(serve):
    def view():
        set_name(g)
        legacy.tmpl_context.more = 1
        return legacy.tmpl_context.user, c.more, flask.g.more

    assert serve(view).result == ("sara", 1, 1)


def test_missing_name_falls_back_to_app_globals(serve):
    served = serve(lambda: (c.title, g.title, app_globals.title))
    assert served.result == ("The site", "The site", "The site")


def test_name_of_the_request_hides_that_of_app_globals(serve):
    def view():
        c.title = "This page"
        return c.title, app_globals.title

    assert serve(view).result == ("This page", "The site")


def test_setting_never_writes_to_app_globals(make_site):
    site = make_site()

    def view():
        c.title = "This page"
        g.user = "sara"
        del c.title
        return c.title

    site.add("/page", view)
    assert site.open("/page").result == "The site"
    assert vars(site.app_globals) == {"title": "The site"}


def test_name_of_app_globals_cannot_be_deleted_from_the_request(serve):
    def view():
        with pytest.raises(AttributeError):
            del c.title

    serve(view)


@pytest.mark.parametrize("namespace", [c, g], ids=["c", "g"])
def test_strict_namespace_raises_for_a_missing_name(serve, namespace):
    def view():
        with pytest.raises(AttributeError, match="'missing'"):
            namespace.missing  # noqa: B018
        return hasattr(namespace, "missing"), getattr(namespace, "missing", "default")

    assert serve(view).result == (False, "default")


def test_lax_c_is_empty_text_for_a_missing_name(serve):
    served = serve(lambda: (c.missing, hasattr(c, "missing")), legacy_config=LAX)
    assert served.result == ("", True)


def test_g_is_strict_where_c_is_lax(serve):
    served = serve(lambda: hasattr(g, "missing"), legacy_config=LAX)
    assert served.result is False


def test_flask_g_is_never_lax(serve):
    served = serve(lambda: hasattr(flask.g, "missing"), legacy_config=LAX)
    assert served.result is False


@pytest.mark.parametrize("options", [{}, LAX], ids=["strict", "lax"])
def test_dunder_names_always_raise(serve, options):
    served = serve(
        lambda: (hasattr(c, "__html__"), hasattr(c, "__missing")),
        legacy_config=options,
    )
    assert served.result == (False, False)


@pytest.mark.parametrize("namespace", [c, g], ids=["c", "g"])
def test_methods_of_a_namespace(serve, namespace):
    def view():
        namespace.a = 1
        before = namespace.get("a"), namespace.get("b"), namespace.get("b", 2)
        first = namespace.setdefault("b", 3), namespace.setdefault("b", 4)
        inside = "a" in namespace, "missing" in namespace
        names = sorted(namespace)
        popped = namespace.pop("a"), namespace.pop("a", "gone")
        return before, first, inside, names, popped, vars(namespace)

    assert serve(view).result == (
        (1, None, 2),
        (3, 3),
        (True, False),
        ["a", "b"],
        (1, "gone"),
        {"b": 3},
    )


def test_pop_of_a_missing_name_is_a_key_error(serve):
    def view():
        with pytest.raises(KeyError):
            c.pop("missing")

    serve(view)


def test_name_of_app_globals_is_not_in_the_namespace_itself(serve):
    served = serve(lambda: ("title" in c, list(c), c.get("title", "none")))
    assert served.result == (False, [], "none")


def test_deleted_name_is_gone(serve):
    def view():
        set_name(c)
        del g.user
        return hasattr(c, "user")

    assert serve(view).result is False


def test_name_is_not_there_in_the_next_request(make_site, other):
    site = make_site()
    site.add("/set", lambda: set_name(c))
    site.add("/next", lambda: hasattr(c, "user"), framework=other)
    site.open("/set")
    assert site.open("/next").result is False


# Flask up to 3.1 shares g between nested requests of its own.
@pytest.mark.parametrize(
    ("framework", "other"),
    [("flask", "legacy"), ("legacy", "flask"), ("legacy", "legacy")],
)
def test_request_inside_another_has_a_namespace_of_its_own(make_site, other):
    site = make_site()
    site.add("/inner", lambda: (hasattr(c, "user"), set_name(g)), framework=other)

    def view():
        c.user = "outer"
        client = site.app.test_client()
        assert client.get("/inner").status_code == 200
        return c.user, g.user, flask.g.user

    site.add("/outer", view)
    site.client.get("/outer")
    outer, inner = site._served
    assert outer.result == ("outer", "outer", "outer")
    assert inner.result == (False, None)


def test_namespace_of_a_request_without_a_view(make_site):
    site = make_site()
    with site.context("/"):
        set_name(c)
        assert (g.user, flask.g.user, c.title) == ("sara", "sara", "The site")
