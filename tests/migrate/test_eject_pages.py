"""What eject says of templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from compatshim.migrate.ejecting.pages import needs_in, pages_in
from compatshim.migrate.sources import Unreadable, decode

ROOT = Path(__file__).parents[2]


def listed(text: str) -> list[str]:
    found = needs_in(decode("a.html", text.encode()))
    assert not isinstance(found, Unreadable)
    assert all(one.code == "CS604" and one.reason for one in found)
    return [f"{one.line} {one.name}" for one in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ h.a() }}", ["1 h"]),
        ("<p>\n{% if c.a %}\n{{ tmpl_context.b }}{% endif %}", ["2 c", "3 tmpl_context"]),
        ("{{ url('a') }}", ["1 url"]),
        ("{{ is_flask_request() }}{{ app_globals.a }}", ["1 app_globals", "1 is_flask_request"]),
        ("{{ N_('a') }} {{ ungettext('a', 'b', 1) }}", ["1 N_", "1 ungettext"]),
        ("{{ 'a' | ours(h.b) if a is ours }}", ["1 h"]),
        ("{% macro m() %}{{ h.a }}{% endmacro %}", ["1 h"]),
        ("{{ request.params.a }}{{ request['POST'] }}", ["1 request.POST", "1 request.params"]),
        ("{{ request.path }}{{ request.urlvars }}", ["1 request.path", "1 request.urlvars"]),
        ("{{ session.id }}{{ session.is_new }}", ["1 session.id", "1 session.is_new"]),
        ("{{ config['site.title'] }}{{ config.debug }}", ["1 config.debug", "1 config.site.title"]),
        ("{{ config.get('a') }}{{ config.get('A', 1) }}", ["1 config.get"]),
        ("{{ translator.gettext('a') }}", ["1 translator"]),
        ("{{ url_for('/a.css') }}", ["1 url_for"]),
        ("{{ url_for(controller='a', action='b') }}", ["1 url_for"]),
        ("{{ url_for('a', qualified=true) }}", ["1 url_for"]),
        ("{{ url_for() }}", ["1 url_for"]),
        ("{% trans n=h.n() %}{{ n }}{% endtrans %}{% do c.x() %}", ["1 c", "1 h"]),
    ],
)  # fmt: skip
def test_what_only_compatshim_gives(text: str, names: list[str]) -> None:
    assert listed(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "h c url are words",
        "{{ x.h }} {{ f(h=1) }} {{ 'h' }} {# h #}",
        "{% raw %}{{ h }}{% endraw %}",
        "{{ request.args.a }}{{ request.method }}{{ request.cookies.a }}",
        "{{ session.name }}{{ session['id'] }}",
        "{{ config.DEBUG }}{{ config.get('A') }}",
        "{{ url_for('a.b', id=1, _external=true) }}{{ url_for(x) }}{{ url_for(**y) }}",
        "{{ _('a') }}{{ ngettext('a', 'b', 1) }}{{ get_flashed_messages() }}{{ g.a }}",
        "{% set url = 1 %}{{ url }}{% for h in x %}{{ h.a }}{% endfor %}",
        "{% macro m(c) %}{{ c.a }}{% endmacro %}",
        "{% import 'a' as h %}{{ h.a() }}",
        "{% set url_for = x %}{{ url_for() }}{% set request = x %}{{ request.params }}",
        "{{ request[name] }}{{ f().params }}{{ config.get('A') }}",
        "{{ h.a }}{# compatshim: ignore #}",
        "{{ a b }}{# compatshim: ignore #}",
        "",
    ],
)
def test_what_flask_gives_too(text: str) -> None:
    assert listed(text) == []


def test_template_that_cannot_be_read_is_told() -> None:
    found = needs_in(decode("a.html", b"<p>\n{{ a b }}"))
    assert isinstance(found, Unreadable)
    assert found.reason.startswith("line 2 is not Jinja2: ")


def test_files(tmp_path: Path) -> None:
    for name in ("a.html", "b.txt", "c.py", "d.md", ".git/e.html", "f/g.j2"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{{ h.a }}", encoding="utf-8")
    found = [Path(page.path).name for page in pages_in([str(tmp_path)])]
    assert sorted(found) == ["a.html", "b.txt", "g.j2"]
    assert [page.path for page in pages_in([str(tmp_path / "f" / "g.j2")])] == [
        str(tmp_path / "f" / "g.j2")
    ]
    assert list(pages_in([str(tmp_path / "c.py")])) == []
