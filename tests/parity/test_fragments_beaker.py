"""Pages that are kept in the cache, under either framework."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest
from beaker.cache import CacheManager
from beaker.util import parse_cache_config_options
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from compatshim import legacy
from compatshim.common import cache, render
from compatshim.legacy import templating


@pytest.fixture
def name():
    """The name of a template: Beaker keeps memory caches for the whole process."""
    return f"{uuid4()}.html"


@pytest.fixture
def page(write_template, name):
    """The name of a template that is there."""
    write_template(name, "<b>{{ n }}</b>")
    return name


def drawn(site, *options_of_each, page):
    """Return what a page is that is drawn with these options, one after the other."""

    def view():
        return [
            render(page, {"n": n}, **options).striptags()
            for n, options in enumerate(options_of_each)
        ]

    site.add("/page", view)
    return site.open("/page").result


@pytest.mark.parametrize(
    "options",
    [
        {"cache_key": "key"},
        {"cache_type": "memory"},
        {"cache_expire": "never"},
        {"cache_expire": 3600},
        {"cache_expire": "3600"},  # as an ini file has it
        {"cache_key": "key", "cache_type": "memory", "cache_expire": 3600},
    ],
    ids=" ".join,
)
def test_page_is_drawn_once(make_site, page, options):
    assert drawn(make_site(), options, options, page=page) == ["0", "0"]


def test_page_without_an_option_is_drawn_each_time(make_site, page):
    assert drawn(make_site(), {}, {}, page=page) == ["0", "1"]


def test_options_by_position_as_pylons_has_them(make_site, page):
    def view():
        pages = [render(page, {"n": n}, "key", "memory", 3600) for n in (1, 2)]
        return [*pages, render(page, {"n": 3}, "other", "memory", 3600)]

    site = make_site()
    site.add("/page", view)
    assert site.open("/page").result == ["<b>1</b>", "<b>1</b>", "<b>3</b>"]


def test_pages_of_other_keys_are_kept_apart(make_site, page):
    one, two = {"cache_key": "one"}, {"cache_key": "two"}
    assert drawn(make_site(), one, two, one, two, page=page) == ["0", "1", "0", "1"]


def test_page_that_has_expired_is_drawn_again(make_site, page):
    once = {"cache_expire": -1}
    assert drawn(make_site(), once, once, page=page) == ["0", "1"]


def test_kept_page_is_markup(make_site, page):
    site = make_site()
    site.add("/page", lambda: render(page, n="<i>", cache_key="key"))
    pages = [site.open("/page").result for _ in range(2)]
    assert pages == [Markup("<b>&lt;i&gt;</b>")] * 2
    assert all(isinstance(page, Markup) for page in pages)


def test_error_is_not_kept(make_site, name, write_template):
    site = make_site()
    site.add("/page", lambda: render(name, cache_key="key"))
    with pytest.raises(LookupError):
        site.open("/page")
    write_template(name, "here")
    assert site.open("/page").result == "here"


def test_page_drawn_by_one_framework_is_kept_for_the_other(make_site, other, page):
    site = make_site()
    options = {"cache_key": "key"}
    site.add("/first", lambda: render(page, n=1, **options))
    site.add("/second", lambda: render(page, n=2, **options), framework=other)
    pages = [site.open(path).result for path in ("/first", "/second")]
    assert pages == ["<b>1</b>", "<b>1</b>"]


@pytest.mark.parametrize(
    "drop", [lambda kept: kept.clear(), lambda kept: kept.remove_value("jinja2 key")]
)
def test_page_can_be_dropped(make_site, other, page, drop):
    site = make_site()
    site.add("/page", lambda: render(page, n=1, cache_key="key"))
    site.add("/again", lambda: render(page, n=2, cache_key="key"), framework=other)
    site.add(
        "/drop", lambda: drop(cache.get_cache(page, type="memory")), framework=other
    )
    for path in ("/page", "/drop"):
        site.open(path)
    assert site.open("/again").result == "<b>2</b>"


def test_type_of_the_cache(make_site, page, tmp_path):
    options = {"beaker.cache.data_dir": str(tmp_path / "cache")}
    site = make_site(legacy_config=options)
    kept = {"cache_key": "key", "cache_type": "file"}
    assert drawn(site, kept, kept, page=page) == ["0", "0"]
    assert list((tmp_path / "cache").rglob("*.cache"))


def test_kept_in_memory_where_the_cache_has_another_type(make_site, page, tmp_path):
    options = {
        "beaker.cache.type": "file",
        "beaker.cache.data_dir": str(tmp_path / "d"),
    }
    site = make_site(legacy_config=options)
    kept = {"cache_key": "key"}
    assert drawn(site, kept, kept, page=page) == ["0", "0"]
    assert not list((tmp_path / "d").rglob("*.cache"))


def test_cache_of_app_globals_keeps_it(make_site, page, tmp_path):
    options = {"cache.type": "memory", "cache.data_dir": str(tmp_path / "cache")}
    manager = CacheManager(**parse_cache_config_options(options))
    site = make_site(
        legacy_config={"pylons.app_globals": SimpleNamespace(cache=manager)}
    )
    drawn(site, {"cache_key": "key", "cache_type": "file"}, page=page)
    assert list((tmp_path / "cache").rglob("*.cache"))


# Pylons' own functions and cache.


@pytest.mark.parametrize("framework", ["legacy"])
def test_pylons_cache_is_the_same(make_site):
    site = make_site()
    site.add(
        "/page", lambda: legacy.cache._current_obj() is cache._get_current_object()
    )
    assert site.open("/page").result is True


@pytest.mark.parametrize("framework", ["legacy"])
def test_pylons_render_function_keeps_pages_there(make_site, name):
    environment = Environment(loader=DictLoader({name: "{{ n }}"}), autoescape=True)
    globals_ = SimpleNamespace(jinja2_env=environment)
    site = make_site(legacy_config={"pylons.app_globals": globals_})

    def view():
        pages = [templating.render_jinja2(name, {"n": n}, "key") for n in (1, 2)]
        kept = cache.get_cache(name, type="memory").get_value("key", createfunc=str)
        return [*pages, kept]

    site.add("/page", view)
    assert site.open("/page").result == ["1", "1", "1"]


def test_outside_of_a_request(make_site, page):
    site = make_site()
    with site.app.app_context():
        pages = [render(page, n=n, cache_key="key") for n in (1, 2)]
    assert pages == ["<b>1</b>", "<b>1</b>"]
