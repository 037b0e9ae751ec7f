"""Reading PasteDeploy's ini files, beside PasteDeploy itself."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from hypothesis import given, strategies as st
from paste.deploy import appconfig as paste_appconfig, converters, loadapp as paste_app

from compatshim import ini
from compatshim.errors import IniError


@pytest.fixture
def write(tmp_path):
    """Return a function that writes an ini file, and gives its path."""

    def write_file(text, name="site.ini", encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    return write_file


@pytest.fixture
def factories(monkeypatch):
    """A module ``legacy_site`` with factories that return what they were given."""

    def make_app(global_conf, **app_conf):
        return SimpleNamespace(global_conf=global_conf, app_conf=app_conf)

    def make_filter(global_conf, **app_conf):
        return lambda app: ("filtered", app)

    def make_composite(loader, global_conf, **app_conf):
        apps = app_conf.items()
        return {path: loader.get_app(name, global_conf) for path, name in apps}

    module = SimpleNamespace(
        make_app=make_app, make_filter=make_filter, make_composite=make_composite
    )
    monkeypatch.setitem(sys.modules, "legacy_site", module)
    return module


def raised(path, *args, read=ini.appconfig):
    with pytest.raises(IniError) as caught:
        read(path, *args)
    assert "\n" not in str(caught.value)
    return caught.value


# What a file says.

SITE = """\
[DEFAULT]
debug = true
Smtp.Server = localhost
size = 1
root = %(here)s/data

[app:main]
use = config:base.ini#site
set debug = false
size = 2
cache_dir = %(root)s/cache
beaker.session.key = site
percent = 100%%
get mail = Smtp.Server
"""

BASE = """\
[DEFAULT]
size = 3
lang = en

[app:site]
paste.app_factory = legacy_site:make_app
site.title = A %(lang)s site
folder = %(here)s
beaker.session.key = base
"""


@pytest.fixture
def site(write):
    write(BASE, "base.ini")
    return write(SITE)


def test_values_of_a_section_and_of_what_it_builds_upon(site):
    values = ini.appconfig(site)
    here = str(site.parent)
    assert values.local_conf == {
        "cache_dir": f"{here}/data/cache",
        "beaker.session.key": "site",
        "percent": "100%",
        "mail": "localhost",
        "site.title": "A en site",
        "folder": here,
    }
    assert values.global_conf == {
        "here": here,
        "__file__": str(site),
        "debug": "false",
        "Smtp.Server": "localhost",
        "size": "1",
        "root": f"{here}/data",
        "lang": "en",
    }
    assert values == {**values.global_conf, **values.local_conf}
    assert values.has_factory is True


def test_values_are_those_of_pastedeploy(site, factories):
    values, theirs = ini.appconfig(site), paste_appconfig(f"config:{site}")
    assert dict(theirs) == values
    assert theirs.global_conf == values.global_conf
    assert theirs.local_conf == values.local_conf


def test_given_global_values_win_as_in_pastedeploy(site, factories):
    given_values = {"size": "9", "lang": "fr", "own": "yes"}
    values = ini.appconfig(site, global_conf=given_values)
    theirs = paste_appconfig(f"config:{site}", global_conf=given_values)
    assert dict(theirs) == values
    assert (values["size"], values["own"]) == ("9", "yes")


def test_origin_of_a_value(site):
    values = ini.appconfig(site)
    base = str(site.parent / "base.ini")
    assert values.find_origin("percent") == (str(site), 13)
    assert values.find_origin("debug") == (str(site), 9)
    assert values.find_origin("mail") == (str(site), 14)
    assert values.find_origin("root") == (str(site), 5)
    assert values.find_origin("site.title") == (base, 7)
    assert values.find_origin("own") == (str(site), None)


def test_values_without_any_factory(write):
    values = ini.appconfig(write("[app:main]\nsite.title = A site\n"))
    assert values["site.title"] == "A site"
    assert values.has_factory is False


@pytest.mark.parametrize(
    "factory",
    [
        "use = egg:NotInstalledAnywhere",
        "use = call:not_there:make_app",
        "paste.app_factory = not_there:make_app",
        "paste.app_factory = not_there:make_app\nrequire = NotInstalledAnywhere",
    ],
)
def test_reading_values_imports_no_factory(write, factory):
    values = ini.appconfig(write(f"[app:main]\n{factory}\na = 1\n"))
    assert values.local_conf == {"a": "1"}
    assert values.has_factory is True


STACK = """\
[DEFAULT]
paste = nothing

[pipeline:main]
pipeline = outer site

[filter:outer]
paste.filter_factory = legacy_site:make_filter

[app:site]
paste.app_factory = legacy_site:make_app
filter-with = outer
site.title = behind

[filter-app:single]
paste.filter_factory = legacy_site:make_filter
next = site

[composite:all]
paste.composite_factory = legacy_site:make_composite
/ = site
/plain = plain

[app:plain]
site.title = plain
use = config:site.ini#site
"""


@pytest.mark.parametrize("name", ["main", "site", "single"])
def test_behind_pipelines_and_filters_is_the_application(write, name):
    values = ini.appconfig(write(STACK), name)
    assert values.local_conf == {"site.title": "behind"}
    assert values.has_factory is True


def test_application_that_the_factory_makes(site, factories):
    app = ini.loadapp(site)
    values = ini.appconfig(site)
    assert app.global_conf == values.global_conf
    assert app.app_conf == values.local_conf


def test_values_of_a_composite_are_its_own(write):
    values = ini.appconfig(write(STACK), "all")
    assert values.local_conf == {"/": "site", "/plain": "plain"}
    assert values.has_factory is True


@pytest.mark.parametrize("name", ["main", "site", "single", "all"])
def test_applications_are_composed_as_pastedeploy_does(write, factories, name):
    path = write(STACK)
    assert ini.loadapp(path, name) == paste_app(f"config:{path}", name)


# Variables of the environment.


@pytest.mark.parametrize(
    "value", ["plain", "50%", "%(here)s", "%%", "%(nothing)s", "a$b\\c", "", " x "]
)
def test_variable_of_the_environment_is_taken_literally(
    write, factories, monkeypatch, value
):
    monkeypatch.setenv("SITE_SECRET", value)
    write("[app:site]\nuse = call:legacy_site:make_app\nall = %(top)s\n", "base.ini")
    path = write(
        "[DEFAULT]\ntop = <%(ENV_SITE_SECRET)s>\n"
        "[app:main]\nuse = config:base.ini#site\n"
        "one = %(ENV_SITE_SECRET)s\nset two = 2%(ENV_SITE_SECRET)s\n"
    )
    values = ini.appconfig(path)
    assert values["top"] == values["all"] == f"<{value}>"
    assert (values["one"], values["two"]) == (value, f"2{value}")
    assert ini.loadapp(path).app_conf == values.local_conf


def test_the_environment_does_not_become_a_part_of_the_values(write, monkeypatch):
    monkeypatch.setenv("SITE_SECRET", "hidden")
    values = ini.appconfig(write("[app:main]\na = 1\n"))
    assert not [key for key in values if key.startswith("ENV_")]


def test_the_file_s_own_value_comes_before_the_environment(write, monkeypatch):
    monkeypatch.setenv("PLACE", "environment")
    path = write("[DEFAULT]\nENV_PLACE = file\n[app:main]\na = %(ENV_PLACE)s\n")
    assert ini.appconfig(path)["a"] == "file"


def test_percent_in_the_path_of_the_file(write):
    path = write("[app:main]\nuse = config:b.ini\na = %(here)s\n", "100%(x)s/a.ini")
    write("[app:main]\nb = %(here)s\n", "100%(x)s/b.ini")
    values = ini.appconfig(path)
    assert values["a"] == values["b"] == str(path.parent)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_file_is_utf_8_whatever_the_locale(write, encoding):
    values = ini.appconfig(write("[app:main]\ntitle = Größe\n", encoding=encoding))
    assert values["title"] == "Größe"


def test_relative_path(write, monkeypatch):
    path = write("[app:main]\na = %(here)s\n")
    monkeypatch.chdir(path.parent)
    assert ini.appconfig("site.ini")["a"] == str(path.parent)


# What is wrong with it.


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[app:main]\na = 1\nb = %(no)s\n", 3, "'b' uses %(no)s, which neither"),
        ("[DEFAULT]\na = %(no)s\n[app:main]\n", 2, "'a' uses %(no)s"),
        ("[app:main]\n\n# b = 1\nb: %(ENV_NOT_SET_X)s\n", 4, "variable 'NOT_SET_X'"),
        ("[app:main]\nset b = %(no)s\n", 2, "'set b' uses %(no)s"),
        ("[app:main]\na = 1\nb = 100%\n", 3, "write '%%'"),
        ("[app:main]\na = 1\nb = %(b)s\n", 3, "refers to itself"),
        ("[app:main]\na = 1\nget b = no\n", 3, "[DEFAULT] does not set 'no'"),
        ("a = 1\n[app:main]\n", 1, "before the first [section]"),
        ("[app:main]\na = 1\nthis and that\n", 3, "no 'key = value'"),
        ("[app:main]\na = 1\na = 2\n", 3, "sets 'a' again"),
        ("[app:main]\na = 1\n[app:main]\n", 3, "second [app:main]"),
        ("[app:main]\na = 1\nuse = other\n", 3, "no section [app:other]"),
        ("[app:main]\nuse = config:no.ini\n", 2, "no.ini: No such file"),
        ("[app:main]\nuse = config:site.ini#no\n[app:b]\n", 2, "[app:b] in line 3"),
        ("[app:main]\nuse = main\n", 2, "[app:main] uses itself"),
        ("[app:main]\nuse = config:site.ini\n", 2, "[app:main] uses itself"),
        ("[app:main]\nuse = a\n[app:a]\nuse = main\n", 4, "uses itself"),
        ("[pipeline:main]\npipeline = f a\n[app:a]\n", 2, "no section [filter:f]"),
        ("[pipeline:main]\na = 1\n", 1, "missing a 'pipeline'"),
        ("[filter-app:main]\na = 1\n", 1, "missing a 'next'"),
        ("[app:main]\nfilter-with = no\n", 2, "no section [filter:no]"),
        ("[app:other]\n", None, "no section [app:main]; there is [app:other] in line"),
        ("", None, "no section [app:main]; there is none at all"),
        ("[app:main]\n[pipeline:main]\npipeline = a\n", None, "Ambiguous section"),
    ],
)
def test_error_names_the_file_and_the_line(write, text, line, reason):
    path = write(text)
    error = raised(path)
    assert (error.path, error.line) == (str(path), line)
    assert reason in error.reason
    place = str(path) if line is None else f"{path}:{line}"
    assert str(error) == f"{place}: {error.reason}"


def test_error_in_a_file_that_is_used_names_that_file(write):
    base = write("[app:main]\na = %(no)s\n", "base.ini")
    error = raised(write("[app:main]\nuse = config:base.ini\n"))
    assert (error.path, error.line) == (str(base), 2)


def test_missing_file(tmp_path):
    error = raised(tmp_path / "no.ini")
    assert str(error) == f"{tmp_path / 'no.ini'}: No such file or directory"
    assert isinstance(error.__cause__, FileNotFoundError)


def test_file_that_is_not_utf_8(write):
    error = raised(write("[app:main]\ntitle = Größe\n", encoding="latin-1"))
    assert (error.line, error.reason) == (2, "this is not UTF-8")


@pytest.mark.parametrize(
    ("factory", "reason"),
    [
        ("use = egg:NotInstalledAnywhere", "NotInstalledAnywhere"),
        ("use = egg:PasteDeploy#no", "'no'"),
        ("use = call:not_there:make_app", "not_there"),
        ("use = nothing:at_all", "'nothing'"),
        ("paste.app_factory = not_there:make_app", "not_there"),
        ("paste.app_factory = legacy_site:not_there", "not_there"),
    ],
)
def test_factory_that_is_not_there(write, factories, factory, reason):
    path = write(f"[app:main]\na = 1\n{factory}\n")
    error = raised(path, read=ini.loadapp)
    assert (error.path, error.line) == (str(path), 3)
    assert reason in error.reason
    assert error.__cause__ is not None


def test_application_that_names_no_factory(write):
    error = raised(write("[app:main]\na = 1\n"), read=ini.loadapp)
    assert (error.line, error.reason) == (1, "No loader given in section 'app:main'")


def test_key_error_of_the_module_of_a_factory_is_not_changed(write, monkeypatch):
    folder = write("[app:main]\nuse = call:broken_site:make_app\n").parent
    (folder / "broken_site.py").write_text("{}['SITE_HOME']")
    monkeypatch.syspath_prepend(folder)
    with pytest.raises(KeyError, match="SITE_HOME"):
        ini.loadapp(folder / "site.ini")


def test_what_a_factory_raises_is_not_changed(write, factories):
    def make_app(global_conf, **app_conf):
        raise LookupError("the site's own")

    factories.make_app = make_app
    path = write("[app:main]\nuse = call:legacy_site:make_app\n")
    with pytest.raises(LookupError, match="the site's own") as caught:
        ini.loadapp(path)
    assert not isinstance(caught.value, IniError)


# Whatever a file says, PasteDeploy's answer.

KEYS = st.sampled_from(["a", "b", "C.d", "e_f", "set a", "get g"])
VALUES = st.sampled_from(
    ["1", "", "x y", "%(here)s/x", "100%%", "%(a)s-", "b", "ü", "a"]
)
SECTION = st.dictionaries(KEYS, VALUES, max_size=4)
DEFAULTS = st.dictionaries(st.sampled_from(["a", "b", "g", "C.d"]), VALUES, max_size=4)


def _text(defaults, sections):
    lines = []
    for header, values in (("DEFAULT", defaults), *sections):
        lines.append(f"[{header}]")
        lines += [f"{key} = {value}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


@given(DEFAULTS, SECTION, DEFAULTS, SECTION)
def test_values_are_those_of_pastedeploy_whatever_the_file(
    tmp_path_factory, defaults, main, base_defaults, base
):
    folder = tmp_path_factory.mktemp("ini")
    factory = {"paste.app_factory": "builtins:dict"}
    used = _text(base_defaults, [("app:main", {**base, **factory})])
    text = _text(defaults, [("app:main", {**main, "use": "config:base.ini"})])
    (folder / "base.ini").write_text(used, "utf-8")
    path = folder / "site.ini"
    path.write_text(text, "utf-8")
    try:
        theirs = paste_appconfig(f"config:{path}")
    except Exception:  # noqa: BLE001 (configparser's and PasteDeploy's own)
        # PasteDeploy reads some texts twice, so that we may well read what it cannot.
        theirs = None
    try:
        outcome = ini.appconfig(path)
    except IniError as error:
        outcome = str(error)
    assert theirs in (None, outcome) or "%" in "".join(theirs.values())


CONVERTERS = [
    (ini.asbool, converters.asbool),
    (ini.asint, converters.asint),
    (ini.aslist, converters.aslist),
]


@pytest.mark.parametrize(("ours", "theirs"), CONVERTERS)
@given(value=st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text())))
def test_converters_are_those_of_pastedeploy(ours, theirs, value):
    try:
        expected = theirs(value)
    except ValueError:
        with pytest.raises(ValueError, match=r"neither true|not an integer"):
            ours(value)
    else:
        assert ours(value) == expected
