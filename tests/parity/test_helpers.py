"""``h`` has the same helpers under either framework."""

from __future__ import annotations

import types
from types import SimpleNamespace

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError

from compatshim import CompatShim
from compatshim.common import c, h, render, request
from compatshim.deprecation import (
    DeprecatedNameWarning,
    LegacyUrlWarning,
    deprecated,
)
from compatshim.errors import HelperNotFoundError
from compatshim.legacy import templating
from compatshim.objects.state import state_of

legacy_only = pytest.mark.parametrize("framework", ["legacy"])


def shout(text):
    return f"{text.upper()}!"


# What helpers there are.


@pytest.mark.parametrize(
    ("name", "add"),
    [
        ("shout", lambda shim: shim.helper(shout)),
        ("shout", lambda shim: shim.helper()(shout)),
        ("loud", lambda shim: shim.helper("loud")(shout)),
        ("loud", lambda shim: shim.helper(name="loud")(shout)),
    ],
    ids=["plain", "called", "with a name", "with the name by keyword"],
)
def test_helper_of_the_application(make_site, write_template, name, add):
    write_template(
        "page.html", "{{ h.NAME('a') }} {{ h['NAME']('b') }}".replace("NAME", name)
    )
    site = make_site()
    add(site.shim)
    site.add(
        "/page", lambda: [render("page.html"), getattr(h, name)("c"), h[name]("d")]
    )
    assert site.open("/page").result == ["A! B!", "C!", "D!"]


def test_decorated_function_is_still_the_function(make_site):
    shim = make_site().shim
    assert shim.helper(shout) is shout
    assert shim.helper("loud")(shout) is shout


def test_helper_added_before_there_is_an_application(serve):
    shim = CompatShim()
    shim.helper(shout)
    first, second = Flask("first"), Flask("second")
    for app in (first, second):
        shim.init_app(app)
        with app.app_context():
            assert h.shout("a") == "A!"


def test_helpers_of_one_shim_are_not_those_of_another(make_site):
    make_site().shim.helper(shout)
    other = make_site()
    with other.context():
        assert not hasattr(h, "shout")


def test_helper_uses_the_common_objects(make_site, write_template):
    write_template("page.html", "{{ h.where() }}")
    site = make_site()

    @site.shim.helper
    def where():
        return f"{request.path} {c.title}"

    site.add("/page", lambda: render("page.html"))
    assert site.open("/page").result == "/page The site"


def made_module(**names):
    module = types.ModuleType("site.lib.helpers")
    vars(module).update(names)
    return module


@pytest.mark.parametrize(
    "make",
    [made_module, SimpleNamespace, dict, lambda **names: type("Helpers", (), names)],
    ids=["module", "object", "mapping", "class"],
)
def test_helpers_of_the_legacy_application(serve, write_template, make):
    write_template("page.html", "{{ h.upper('a') }} {{ h['upper']('b') }} {{ h.SIZE }}")
    legacy_helpers = make(upper=str.upper, SIZE=3)
    served = serve(
        lambda: render("page.html") + f" {h.upper('c')} {h['upper']('d')}",
        legacy_config={"pylons.h": legacy_helpers},
    )
    assert served.result == "A B 3 C D"


def test_helper_that_the_legacy_application_adds_later(make_site):
    module = made_module()
    site = make_site(legacy_config={"pylons.h": module})
    module.late = lambda: "late"
    with site.context():
        assert h.late() == "late"


@pytest.mark.parametrize("name", ["get", "items", "keys", "add", "name"])
@pytest.mark.parametrize("make", [dict, SimpleNamespace])
def test_helper_of_any_name(serve, name, make):
    options = {"pylons.h": make(**{name: lambda: "called"})}
    served = serve(lambda: (getattr(h, name)(), h[name]()), legacy_config=options)
    assert served.result == ("called", "called")


def test_module_of_the_legacy_application_is_no_helper_itself(serve):
    served = serve(
        lambda: [hasattr(h, "__file__"), "__builtins__" in h, "__name__" in h],
        legacy_config={"pylons.h": types},
    )
    assert served.result == [False, False, False]


def helpers_of(site):
    return state_of(site.app).helpers


def test_plugin_comes_before_the_application_and_that_before_the_legacy_one(make_site):
    names = dict.fromkeys("abcd", "legacy")
    site = make_site(legacy_config={"pylons.h": names})
    registry = helpers_of(site)
    registry.add({"a": "first"}, owner="first")
    registry.add({"a": "second", "b": "second"}, owner="second")
    for name in ("a", "b", "c"):
        site.shim.helper(name)(shout)
    with site.context():
        assert [h.a, h.b, h.c, h.d] == ["first", "second", shout, "legacy"]
    owners = [registry.owner_of(name) for name in ("a", "b", "c", "d")]
    assert owners == ["first", "second", "core", "legacy"]


def test_helper_of_a_plugin_in_a_template(make_site, write_template):
    write_template("page.html", "{{ h.shout('a') }}")
    site = make_site()
    helpers_of(site).add({"shout": shout}, owner="stars")
    site.add("/page", lambda: render("page.html"))
    assert site.open("/page").result == "A!"


def test_names_of_all_helpers(make_site):
    legacy_helpers = SimpleNamespace(old=1, _private=2, shout=3)
    site = make_site(legacy_config={"pylons.h": legacy_helpers})
    site.shim.helper(shout)
    helpers_of(site).add({"star": 1}, owner="stars")
    with site.context():
        assert list(h) == ["old", "shout", "star"]
        assert dir(h) == ["old", "shout", "star"]
        assert [name in h for name in ("old", "star", "missing")] == [True, True, False]
        assert repr(h._get_current_object()) == "<Helpers: old, shout, star>"


# Pylons' own render functions.


@legacy_only
def test_pylons_templates_have_them_too(make_site):
    environment = Environment(
        loader=DictLoader({"a": "{{ h.old() }} {{ h.shout('a') }}"}), autoescape=True
    )
    globals_ = SimpleNamespace(jinja2_env=environment)
    options = {"pylons.app_globals": globals_, "pylons.h": {"old": lambda: "old"}}
    site = make_site(legacy_config=options)
    site.shim.helper(shout)
    site.add("/page", lambda: templating.render_jinja2("a"))
    assert site.open("/page").result == "old A!"


# A helper that there is not.


@pytest.fixture
def site(make_site):
    site = make_site(legacy_config={"pylons.h": SimpleNamespace(link_to=1, date=2)})
    site.shim.helper("link_of")(shout)
    return site


@pytest.mark.parametrize(
    "use", [lambda: h.link_too, lambda: h["link_too"]], ids=["attribute", "item"]
)
@pytest.mark.parametrize("expected", [AttributeError, KeyError, HelperNotFoundError])
def test_missing_helper_names_the_nearest(site, use, expected):
    with site.context(), pytest.raises(expected) as caught:
        use()
    assert caught.value.name == "link_too"
    assert caught.value.nearest == ("link_to", "link_of")
    assert "'link_too'" in str(caught.value)
    assert "'link_to', 'link_of'" in str(caught.value)


def test_missing_helper_that_is_like_no_other(site):
    with site.context(), pytest.raises(HelperNotFoundError) as caught:
        h.xyz  # noqa: B018
    assert caught.value.nearest == ()
    assert "Like it" not in str(caught.value)
    assert "@shim.helper" in str(caught.value)


def test_asking_whether_there_is_a_helper(site):
    with site.context():
        assert not hasattr(h, "link_too")
        assert getattr(h, "link_too", "default") == "default"
        assert "link_too" not in h
        assert 3 not in h


@pytest.mark.parametrize(
    "text", ["{{ h.link_too('a') }}", "{{ h['link_too']('a') }}", "{{ h.link_too.x }}"]
)
def test_missing_helper_in_a_template(site, write_template, text):
    write_template("page.html", text)
    site.add("/page", lambda: render("page.html"))
    with pytest.raises(UndefinedError, match="'link_to', 'link_of'") as caught:
        site.open("/page")
    cause = caught.value.__cause__
    assert isinstance(cause, HelperNotFoundError)
    assert (cause.name, cause.nearest) == ("link_too", ("link_to", "link_of"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ h.link_too is defined }} {{ h.date is defined }}", "False True"),
        ("[{{ h.link_too }}]", "[]"),
        ("{{ h.link_too|default('none') }}", "none"),
        ("{{ 'link_too' in h }} {{ 'date' in h }}", "False True"),
    ],
)
def test_template_asks_whether_there_is_a_helper(site, write_template, text, expected):
    write_template("page.html", text)
    site.add("/page", lambda: render("page.html"))
    assert site.open("/page").result == expected


def test_missing_helper_where_undefined_values_are_errors(site, write_template):
    write_template("page.html", "{{ h.link_too }}")
    site.app.jinja_options = {"undefined": StrictUndefined}
    site.add("/page", lambda: render("page.html"))
    with pytest.raises(UndefinedError, match="'link_to'"):
        site.open("/page")


# A helper that is to go.


@pytest.fixture
def old_link():
    @deprecated(use="h.link()", removed_in="3.0")
    def old_link(text, caller=None):
        return f"link {text}"

    return old_link


def add_to_application(site, function):
    site.shim.helper(function)


def add_to_plugin(site, function):
    helpers_of(site).add({"old_link": function}, owner="stars")


def add_to_legacy(site, function):
    site.legacy_config["pylons.h"] = made_module(old_link=function)


@pytest.mark.parametrize("add", [add_to_application, add_to_plugin, add_to_legacy])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n{{ h.old_link('x') }}", 2),
        ("a\n\n{% if 1 %}\n{{ h['old_link']('x') }}\n{% endif %}", 4),
        ("{% set link = h.old_link %}\n\n{{ link('x') }}", 3),
        ("{% macro m() %}\n{{ h.old_link('x') }}{% endmacro %}\n\n{{ m() }}", 2),
        ("{% call h.old_link('x') %}{% endcall %}", 1),
    ],
    ids=["plain", "item", "variable", "macro", "call"],
)
@pytest.mark.parametrize("file", ["page.html", "part.html"])
def test_deprecated_helper_warns_at_the_line_of_the_template(
    make_site, write_template, tmp_path, old_link, add, text, line, file
):
    write_template("page.html", "\n\n\n{% include 'part.html' %}")
    write_template(file, text)
    site = make_site()
    add(site, old_link)
    site.add("/page", lambda: render("page.html"))
    with pytest.warns(DeprecatedNameWarning) as record:
        assert "link x" in site.open("/page").result
    assert len(record) == 1
    place = str(tmp_path / "templates" / file), line
    assert (record[0].filename, record[0].lineno) == place
    message = record[0].message
    assert (message.name, message.instead) == ("old_link", "h.link()")
    assert message.removed_in == "3.0"
    assert "write `h.link()`" in str(message)


def test_deprecated_helper_warns_at_the_line_of_python_code(make_site, old_link):
    site = make_site()
    site.shim.helper(old_link)
    with site.context(), pytest.warns(DeprecatedNameWarning) as record:
        h.old_link("x")
    assert record[0].filename == __file__


def test_old_name_of_a_route_warns_at_the_line_of_the_template(
    make_site, write_template, tmp_path
):
    write_template("page.html", "a\n\n{{ url_for('old') }}")
    site = make_site()
    site.shim.alias("old", "new")
    site.add("/new", str, framework="flask", name="new")
    site.add("/page", lambda: render("page.html"))
    with pytest.warns(LegacyUrlWarning) as record:
        assert "/new" in site.open("/page").result
    assert record[0].filename == str(tmp_path / "templates" / "page.html")
    assert record[0].lineno == 3
