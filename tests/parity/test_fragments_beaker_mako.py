"""Mako pages, and parts of them, that are kept in the cache."""

from __future__ import annotations

from uuid import uuid4

import pytest

from compatshim.common import cache, render, render_mako, render_mako_def
from compatshim.legacy import templating

TEXT = """<%def name="one(n)">one ${n}</%def><%def name="two(n)">two ${n}</%def>\
page ${n}"""


@pytest.fixture
def name(write_template):
    """The name of a template: Beaker keeps memory caches for the whole process."""
    name = f"{uuid4()}.mako"
    write_template(name, TEXT)
    return name


@pytest.fixture
def draw(make_site, tmp_path):
    """Return what a function gives in a request of a site with Mako templates."""

    def run(function):
        paths = {"root": str(tmp_path), "templates": [str(tmp_path / "templates")]}
        site = make_site(legacy_config={"pylons.paths": paths})
        site.add("/page", function)
        return site.open("/page").result

    return run


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["page 1", "page 2"]),
        ({"cache_key": "key"}, ["page 1", "page 1"]),
        ({"cache_expire": "never"}, ["page 1", "page 1"]),
        ({"cache_type": "memory", "cache_expire": 3600}, ["page 1", "page 1"]),
    ],
)
def test_page(draw, name, options, expected):
    assert draw(lambda: [render_mako(name, n=n, **options) for n in (1, 2)]) == expected


def test_defs_are_kept_apart_from_the_page_and_from_each_other(draw, name):
    def view():
        return [
            page
            for n in (1, 2)
            for page in (
                render_mako(name, n=n, cache_expire="never"),
                render_mako_def(name, "one", cache_expire="never", n=n),
                render_mako_def(name, "two", cache_expire="never", n=n),
            )
        ]

    assert draw(view) == ["page 1", "one 1", "two 1"] * 2


def test_page_of_one_language_is_not_taken_for_that_of_the_other(
    draw, name, write_template
):
    write_template(name, "Jinja2 {{ n }} Mako ${n}")

    def view():
        return [
            page
            for n in (1, 2)
            for page in (
                render(name, n=n, cache_key="key"),
                render_mako(name, n=n, cache_key="key"),
            )
        ]

    assert draw(view) == ["Jinja2 1 Mako ${n}", "Jinja2 {{ n }} Mako 1"] * 2


def test_key_is_that_of_pylons(draw, name):
    """So a site's own code goes on dropping what it dropped."""

    def view():
        drawn = [render_mako(name, n=1, cache_key="key")]
        drawn.append(render_mako_def(name, "one", "other", n=1))
        kept = cache.get_cache(name, type="memory")
        for key in ("key", "other"):
            kept.remove_value(key)
        drawn.append(render_mako(name, n=2, cache_key="key"))
        return [*drawn, render_mako_def(name, "one", "other", n=2)]

    assert draw(view) == ["page 1", "one 1", "page 2", "one 2"]


def test_def_with_a_key(draw, name):
    def view():
        return [render_mako_def(name, "one", "key", n=n) for n in (1, 2)]

    assert draw(view) == ["one 1", "one 1"]


@pytest.mark.parametrize("framework", ["legacy"])
def test_pylons_functions_find_what_the_common_ones_keep(draw, name):
    def view():
        render_mako(name, n=1, cache_expire="never")
        render_mako_def(name, "one", cache_expire="never", n=1)
        return [
            templating.render_mako(name, {"n": 2}, cache_expire="never"),
            templating.render_mako_def(name, "one", cache_expire="never", n=2),
        ]

    assert draw(view) == ["page 1", "one 1"]
