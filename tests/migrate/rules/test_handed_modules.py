from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("page.jinja2", '{{ pylons.config["x"] }}'),
        ("page.html", "{% if pylons . config.x %}{% endif %}"),
        ("page.mako", "${pylons.config['x']}"),
        ("page.mako", "<%def name='f()'>\n% if pylons.config:\n% endif\n</%def>"),
        ("page.genshi", "<a>${pylons.config['x']}</a>"),
        ("page.genshi", "<a href='$pylons.config'/>"),
    ],
)
def test_found(look: Look, path: str, template: str) -> None:
    expected = ["CS115 template pylons:config .config assisted"]
    assert look(template, path=path) == expected


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("page.jinja2", "{% for pylons in xs %}{{ pylons.config }}{% endfor %}"),
        ("page.jinja2", "{{ routes.url_for() }} {{ pylons.towers }}"),
        ("page.jinja2", "${pylons.config}"),
        ("page.mako", "{{ pylons.config }}"),
        ("page.mako", "<%page args='pylons'/>${pylons.config}"),
        ("page.mako", "<%def name='f(pylons)'>${pylons.config}</%def>"),
        ("page.mako", "${len(pylons)} ${pylons.count}"),
        ("page.genshi", "<a py:for='pylons in xs'>$pylons.config</a>"),
        ("page.txt", "pylons.config"),
        ("page.html", "{{ pylons.config }} {# compatshim: ignore #}"),
        ("page.html", "{# compatshim: ignore[CS115] #}\n{{ pylons.config }}"),
        ("page.genshi", "<!-- # compatshim: ignore -->\n<a>$pylons.config</a>"),
    ],
)
def test_not_found(look: Look, path: str, template: str) -> None:
    assert look(template, path=path) == []
