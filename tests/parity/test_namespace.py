"""``c``, ``g`` and ``tmpl_context`` are one namespace of the request."""

from __future__ import annotations

import copy
import pickle

import flask
import pytest

from compatshim import legacy
from compatshim.common import app_globals, c, g, render, tmpl_context

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


@pytest.mark.parametrize("framework", ["flask", "legacy"])
@pytest.mark.parametrize("other", ["flask", "legacy"])
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


# Every operation, whichever the spelling: the methods are those of flask.g.

SPELLINGS = {"c": c, "g": g, "tmpl_context": tmpl_context, "flask.g": flask.g}
RAW = {"legacy.tmpl_context": legacy.tmpl_context}

every_spelling = pytest.mark.parametrize(
    ("framework", "namespace"),
    [
        pytest.param(framework, namespace, id=f"{framework}-{name}")
        for framework in ("flask", "legacy")
        for name, namespace in (
            SPELLINGS | (RAW if framework == "legacy" else {})
        ).items()
    ],
)
settings = pytest.mark.parametrize("options", [{}, LAX], ids=["strict", "lax"])


def delete_missing(namespace):
    del namespace.missing


def delete_name(namespace):
    del namespace.name
    return vars(namespace)


def setattr_name(namespace):
    namespace.name = "new"
    return vars(namespace)


OPERATIONS = {
    "getattr": (lambda n: n.name, "value"),
    "getattr of a dunder": (lambda n: n.__html__, AttributeError),
    "getattr of two underscores": (lambda n: getattr(n, "__x"), AttributeError),
    "hasattr": (lambda n: hasattr(n, "name"), True),
    "in": (lambda n: "name" in n, True),
    "in, missing": (lambda n: "missing" in n, False),
    "in, app_globals": (lambda n: "title" in n, False),
    "in, a method": (lambda n: "get" in n, False),
    "in, no text": (lambda n: 1 in n, False),
    "iteration": (list, ["name"]),
    "unpacking": (lambda n: [*n], ["name"]),
    "vars": (vars, {"name": "value"}),
    "__dict__": (lambda n: n.__dict__, {"name": "value"}),
    "dir": (
        lambda n: [name for name in dir(n) if not name.startswith("_")],
        ["get", "name", "pop", "setdefault"],
    ),
    "get": (lambda n: n.get("name"), "value"),
    "get, missing": (lambda n: n.get("missing"), None),
    "get, default": (lambda n: n.get("missing", 1), 1),
    "get, keyword": (lambda n: n.get(name="missing", default=1), 1),
    "get, app_globals": (lambda n: n.get("title"), None),
    "setdefault": (lambda n: n.setdefault("name", 1), "value"),
    "setdefault, missing": (lambda n: (n.setdefault("a", 1), n.a), (1, 1)),
    "setdefault, none": (lambda n: (n.setdefault("a"), "a" in n), (None, True)),
    "setdefault, app_globals": (lambda n: (n.setdefault("title", 1), n.title), (1, 1)),
    "pop": (lambda n: (n.pop("name"), list(n)), ("value", [])),
    "pop, missing": (lambda n: n.pop("missing"), KeyError),
    "pop, app_globals": (lambda n: n.pop("title"), KeyError),
    "pop, default": (lambda n: n.pop("missing", 1), 1),
    "pop, keyword": (lambda n: n.pop("missing", default=None), None),
    "setattr": (setattr_name, {"name": "new"}),
    "del": (delete_name, {}),
    "del, missing": (delete_missing, AttributeError),
    "del, app_globals": (lambda n: delattr(n, "title"), AttributeError),
    "bool": (bool, True),
    "len": (len, TypeError),
    "item": (lambda n: n["name"], TypeError),
    "call": (lambda n: n(), TypeError),
    "sum": (lambda n: n + 1, TypeError),
    "int": (int, TypeError),
    "float": (float, TypeError),
    "index": (lambda n: [0][n], TypeError),
    "order": (lambda n: n < n, TypeError),  # noqa: PLR0124
    "with": (lambda n: n.__enter__(), AttributeError),
    "equal": (lambda n: n == n, True),  # noqa: PLR0124
    "unequal": (lambda n: n == {"name": "value"}, False),
    "hash": (lambda n: hash(n) == hash(n), True),
    "copy": (lambda n: vars(copy.copy(n)), {"name": "value"}),
    "deep copy": (lambda n: vars(copy.deepcopy(n)), {"name": "value"}),
    "pickle": (pickle.dumps, pickle.PicklingError),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@settings
@every_spelling
def test_operation(serve, namespace, options, operation):
    function, expected = OPERATIONS[operation]

    def view():
        namespace.name = "value"
        if isinstance(expected, type):
            with pytest.raises(expected):
                function(namespace)
            return expected
        result = function(namespace)
        return dict(result) if isinstance(result, dict) else result

    assert serve(view, legacy_config=options).result == expected


@settings
def test_names_that_hide_a_method(serve, options):
    def view():
        c.get, g.pop = "get", "pop"
        seen = c.get, g.get, flask.g.get, c.pop, sorted(c)
        del g.get
        return seen, c.get("pop")

    assert serve(view, legacy_config=options).result == (
        ("get", "get", "get", "pop", ["get", "pop"]),
        "pop",
    )


@pytest.mark.parametrize("name", ["_private", "find_app_globals", "names", "é", "a b"])
def test_any_other_name_can_be_set(serve, name):
    def view():
        setattr(c, name, 1)
        return getattr(g, name), getattr(flask.g, name), vars(c)

    assert serve(view).result == (1, 1, {name: 1})


def test_every_spelling_is_equal_to_the_others(serve, framework):
    spellings = [*SPELLINGS.values(), *(RAW.values() if framework == "legacy" else ())]
    served = serve(lambda: [one == other for one in spellings for other in spellings])
    assert set(served.result) == {True}


def test_namespaces_of_two_requests_are_not_equal(make_site):
    site = make_site()
    with site.context("/"):
        first = c._get_current_object()
    with site.context("/"):
        assert c != first
        assert c == c._get_current_object()


def test_copy_of_a_namespace_falls_back_to_app_globals(serve):
    def view():
        c.user = "sara"
        copied = copy.copy(c)
        copied.user = "copy"
        return copied.user, copied.title, c.user

    assert serve(view).result == ("copy", "The site", "sara")


def test_deep_copy_has_values_of_its_own(serve):
    def view():
        c.names = []
        copied = copy.deepcopy(c)
        copied.names.append(1)
        return copied.names, c.names

    assert serve(view).result == ([1], [])


@settings
def test_lax_is_for_attributes_of_c_only(serve, options):
    def view():
        return c.get("missing"), c.pop("missing", None), "missing" in c, list(c)

    assert serve(view, legacy_config=options).result == (None, None, False, [])


def test_lax_text_is_not_kept(serve):
    def view():
        assert c.missing == ""
        return vars(c)

    assert serve(view, legacy_config=LAX).result == {}


@legacy_only
@settings
def test_legacy_tmpl_context_is_as_strict_as_c(serve, options):
    def view():
        raw = legacy.tmpl_context
        return hasattr(raw, "missing") == hasattr(c, "missing") == bool(options)

    assert serve(view, legacy_config=options).result is True


@legacy_only
def test_legacy_tmpl_context_has_no_names_of_app_globals(serve):
    """As in Pylons, whose own it stays."""
    served = serve(lambda: (hasattr(legacy.tmpl_context, "title"), hasattr(c, "title")))
    assert served.result == (False, True)


def test_value_of_app_globals_is_found_when_it_is_read(make_site):
    site = make_site()

    def view():
        before = hasattr(c, "later")
        site.app_globals.later = 1
        return before, c.later

    site.add("/page", view)
    assert site.open("/page").result == (False, 1)


def test_app_globals_that_computes_its_attributes(serve):
    class Globals:
        @property
        def computed(self):
            return "computed"

        def __getattr__(self, name):
            if name == "dynamic":
                return "dynamic"
            raise AttributeError(name)

    def view():
        return c.computed, g.dynamic, hasattr(c, "missing")

    options = {"pylons.app_globals": Globals()}
    assert serve(view, legacy_config=options).result == ("computed", "dynamic", False)


# Templates: Mako's are in test_namespace_mako.py.


@pytest.mark.parametrize("name", ["c", "g", "tmpl_context"])
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ %s.name }}", "value"),
        ("{{ %s['name'] }}", "value"),
        ("{{ %s.title }}", "The site"),
        ("{{ %s.get('name') }}|{{ %s.get('missing', 1) }}", "value|1"),
        ("{{ 'name' in %s }} {{ 'missing' in %s }}", "True False"),
        ("{% for name in %s %}{{ name }},{% endfor %}", "name,"),
        ("{{ %s.setdefault('a', 1) }}{{ %s.a }}", "11"),
        ("{{ %s.pop('name') }} {{ 'name' in %s }}", "value False"),
        ("{{ %s is defined }}", "True"),
        ("{{ %s.missing is defined }}", "False"),
        ("[{{ %s.missing }}]", "[]"),
        ("{{ %s.missing|default('none') }}", "none"),
    ],
)
def test_template(serve, write_template, name, template, expected):
    write_template("page.html", template.replace("%s", name))

    def view():
        c.name = "value"
        return render("page.html")

    assert serve(view).result == expected


def test_missing_name_is_defined_in_a_template_where_c_is_lax(serve, write_template):
    write_template("page.html", "{{ c.missing is defined }} {{ g.missing is defined }}")
    served = serve(lambda: render("page.html"), legacy_config=LAX)
    assert served.result == "True False"
