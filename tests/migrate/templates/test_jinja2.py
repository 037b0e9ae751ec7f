"""What is code in a Jinja2 template is what Jinja2's own lexer says it is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings, strategies as st
from jinja2 import Environment, TemplateSyntaxError

from compatshim.migrate.templates.jinja2 import parts_of, reads_of

_BEGIN = {"variable_begin", "block_begin"}
_END = {"variable_end", "block_end"}


def theirs(text: str) -> list[str] | None:
    """Return the code of a template without blanks; ``None`` if Jinja2 cannot read it."""
    found: list[str] = []
    inside = False
    try:
        for _, kind, value in Environment().lex(text):  # noqa: S701 (nothing is rendered)
            if kind in _BEGIN:
                found.append("")
            inside = (inside or kind in _BEGIN) and kind not in _END
            if inside and kind not in _BEGIN and kind != "whitespace":
                found[-1] += value
    except TemplateSyntaxError:
        return None
    return found


def ours(text: str) -> list[str]:
    data = text.encode()
    found = [data[part.start : part.end].decode() for part in parts_of(data)]
    return ["".join(code.strip("-+").split()) for code in found]


PIECES = st.sampled_from(
    [
        "{{ pylons.config['}}'] }}",
        "{{- {'a': {'b': 1}} -}}",
        "{{ x|f }}{{y}}",
        "{% if x == '%}' %}",
        "{%- endif -%}",
        "{%+ set a = (1, [2]) %}",
        "{# {{ no }} #}",
        "{#- {% no %} -#}",
        "{% raw %} {{ no }} {% endraw %}",
        "{%- raw -%} {% no %} {%- endraw -%}",
        '{{ "a\\"}}" }}',
        "text é { } % # ' \"",
        "\n",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
@example("{{ a }} } }} {{ b }}")
@example("{{ '{{' }} {{ \"{%\" }}")
def test_as_jinja2_reads_it(text: str) -> None:
    expected = theirs(text)
    if expected is not None:
        assert ours(text) == ["".join(code.split()) for code in expected]


def reads(text: str) -> list[str]:
    return [text[start:end] for start, end in reads_of(text.encode(), b"pylons")]


def test_reads() -> None:
    assert reads("{{ pylons.config['x'] }}{% if pylons . request.path %}") == [
        "pylons.config",
        "pylons . request.path",
    ]
    assert reads("{{ f(pylons) }}{{ pylons.c }}") == ["pylons.c"]


def test_no_reads() -> None:
    for text in (
        "pylons.config",
        "{# {{ pylons.config }} #}",
        "{{ 'pylons.config' }}",
        "{{ c.pylons.config }}",
        "{{ pylons_config.x }} {{ pylons }}",
        "{% set pylons = 1 %}{{ pylons.config }}",
        "{% for pylons in x %}{{ pylons.config }}{% endfor %}",
        "{% macro f(pylons) %}{{ pylons.config }}{% endmacro %}",
        "{% import 'x.html' as pylons %}{{ pylons.config() }}",
        "{{ pylons.config ",
    ):
        assert reads(text) == [], text


@pytest.mark.parametrize("opening", ["{#", "{% raw %}", "{{ (", "{{ '", "{% "])
def test_what_is_never_closed_is_looked_for_once(opening: str) -> None:
    assert not list(parts_of(opening.encode() * 100_000))
