"""Templates before and after: their Python is rewritten, and not one other byte."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings, strategies as st

import compatshim
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.sources import decode
from compatshim.migrate.templates.rewriting import rewrite_template

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("tree_sitter_python")

CATALOGUE = Catalogue()


def rewritten(before: bytes, path: str = "page.mako") -> Any:
    return rewrite_template(decode(path, before), CATALOGUE)


def check_transformed(before: str, after: str, path: str = "page.mako") -> None:
    result = rewritten(before.encode(), path)
    assert result.data.decode() == after
    assert result.refusals == ()
    again = rewritten(result.data, path)
    assert not again.is_changed
    assert again.refusals == ()


def check_refused(before: str, *reasons: str, path: str = "page.mako") -> None:
    result = rewritten(before.encode(), path)
    assert not result.is_changed
    assert len(result.refusals) == len(reasons)
    for refusal, reason in zip(result.refusals, reasons, strict=True):
        assert reason in refusal.reason
        assert refusal.code in ("CS113", "CS114")


# Mako


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<%! from pylons import request %>\n${request.path}\n",
            "<%! from compatshim.common import request %>\n${request.path}\n",
        ),
        ("<%!from pylons import c%>", "<%!from compatshim.common import c%>"),
        (
            "<%!\nfrom pylons import request\nfrom pylons.i18n import _\n%>\n",
            "<%!\nfrom compatshim.common import _, request\n%>\n",
        ),
        (
            "<%!\n\t# é\n\tfrom pylons import request # one\n\n\tfrom pylons import c\n%>",
            "<%!\n\t# é\n\tfrom compatshim.common import c, request # one\n\n%>",
        ),
        (
            "<%def name='f()'>\n<%\n  from pylons import tmpl_context as c, foo\n%>\n</%def>",
            "<%def name='f()'>\n<%\n  from compatshim.common import c\n"
            "  from pylons import foo\n%>\n</%def>",
        ),
        (
            "<%def name='f()'>\n<%\nfrom pylons import tmpl_context as c, foo\n%>\n</%def>",
            "<%def name='f()'>\n<%\nfrom compatshim.common import c\n"
            "from pylons import foo\n%>\n</%def>",
        ),
        (
            "<%\n    if x:\n        from pylons import request\n        y = 1\n%>",
            "<%\n    if x:\n        from compatshim.common import request\n"
            "        y = 1\n%>",
        ),
        (
            "<%! import pylons %>\n% if pylons.config['x']:\n${pylons.request.path | n}\n"
            "% elif pylons.c.y:\n% endif\n<%include file='${pylons.c.z}'/>\n",
            "<%! from compatshim.common import c, config, request %>\n"
            "% if config['x']:\n${request.path | n}\n% elif c.y:\n% endif\n"
            "<%include file='${c.z}'/>\n",
        ),
        (
            "<%! import pylons %><%def name='f(a=pylons.config)'>${pylons.c.a}</%def>"
            "<%block name='b'>${pylons.c.b}</%block>",
            "<%! from compatshim.common import c, config %><%def name='f(a=config)'>"
            "${c.a}</%def><%block name='b'>${c.b}</%block>",
        ),
        (
            "% for x in y:\n <% from pylons import c %>\n% endfor\r\n<% z = 1 %>\r\n",
            "% for x in y:\n <% from compatshim.common import c %>\n% endfor\r\n"
            "<% z = 1 %>\r\n",
        ),
        (
            "<%!\r\n  from pylons import request\r\n  from pylons import c\r\n%>\r\n",
            "<%!\r\n  from compatshim.common import c, request\r\n%>\r\n",
        ),
        (
            '<%namespace module="pylons.i18n" import="_, ungettext"/>\n',
            '<%namespace module="compatshim.common" import="_, ungettext"/>\n',
        ),
        (
            "<%text><% from pylons import c %></%text>\n## <% from pylons import c %>\n"
            "<%doc><% from pylons import c %></%doc><% from pylons import c %>\n",
            "<%text><% from pylons import c %></%text>\n## <% from pylons import c %>\n"
            "<%doc><% from pylons import c %></%doc>"
            "<% from compatshim.common import c %>\n",
        ),
    ],
)
def test_mako(before: str, after: str) -> None:
    check_transformed(before, after)


def test_what_is_long_is_wrapped_with_the_indentation_of_its_block() -> None:
    names = "c, config, request, response, session, url, app_globals, cache"
    check_transformed(
        f"<%def name='f()'>\n<%\nfrom pylons import {names}\n%>\n</%def>",
        "<%def name='f()'>\n<%\nfrom compatshim.common import (\n"
        + "".join(f"    {name},\n" for name in sorted(names.split(", ")))
        + ")\n%>\n</%def>",
    )


def test_names_of_two_blocks_stay_in_them() -> None:
    check_transformed(
        "<% from pylons import c %>\n<% from pylons import request, c %>\n",
        "<% from compatshim.common import c %>\n"
        "<% from compatshim.common import c, request %>\n",
    )


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("<%! from pylons import * %>", "which names a star imports"),
        ("<% from pylons import c %><% c = 1 %>", "rebound"),
        ("<% from pylons import c %><%def name='c()'></%def>", "rebound"),
        ("<% from pylons import c %>\n% for c in x:\n% endfor\n", "rebound"),
        ("<%! from pylons import c %><%namespace name='c' file='x'/>", "rebound"),
        ("<%! import pylons %>${pylons.c.x} ${c.y}", "something else already"),
        (
            "<%! import pylons %><%def name='f(c)'>${pylons.c.x}</%def>",
            "another name there",
        ),
        ("<% import pylons %><% import pylons %>${pylons.c}", "import it once"),
        ("<%! import pylons %><% import pylons %>${pylons.c}", "import it once"),
        ("<% import pylons %><%def name='f(x=pylons.c)'></%def>", "not there yet"),
        ("<%! from pylons import c %>${x", "could not read"),
        ("<%! from pylons import c\n x( %>", "could not read"),
        ("<%namespace name='p' module='pylons'/>", "other names may be read"),
        ("<%namespace module='pylons.i18n' import='*'/>", "a star imports"),
        ("<%namespace module='pylons.util' import='x'/>", "no counterpart"),
        ("<%namespace module='pylons' import='tmpl_context'/>", "cannot give"),
    ],
)
def test_mako_is_refused(before: str, reason: str) -> None:
    check_refused(before, reason)


@pytest.mark.parametrize(
    "template",
    [
        "## compatshim: ignore\n<%! from pylons import c %>",
        "## compatshim: ignore[CS113]\n<%! from pylons import c %>",
        "## compatshim: ignore\n<%! import pylons %>${pylons.c}",
        "<%!\n  from pylons import c  # compatshim: ignore[CS113]\n%>",
        '## compatshim: ignore[CS114]\n<%namespace module="pylons" import="c"/>',
        "<%def name='f(pylons)'>${pylons.c.x}</%def>",
        "<%! from mine import pylons %>${pylons.c.x}",
        "from pylons import c",
    ],
)
def test_mako_is_left_alone(template: str) -> None:
    result = rewritten(template.encode())
    assert not result.is_changed
    assert result.refusals == ()


def test_a_function_does_not_see_what_another_binds() -> None:
    check_transformed(
        "<%def name='f()'><% import pylons %>${pylons.c.x}</%def>\n"
        "<%def name='g()'>${pylons.c.y} ${c.z}</%def>\n",
        "<%def name='f()'><% from compatshim.common import c\n import pylons %>"
        "${c.x}</%def>\n"
        "<%def name='g()'>${pylons.c.y} ${c.z}</%def>\n",
    )


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_encodings(encoding: str) -> None:
    before = f"## -*- coding: {encoding} -*-\n<b>Grüße</b><% from pylons import c %>ß\n"
    after = before.replace("pylons", "compatshim.common")
    assert rewritten(before.encode(encoding)).data == after.encode(encoding)


def test_wrong_encoding() -> None:
    result = rewritten("Grüße <% from pylons import c %>".encode("latin-1"))
    assert not result.is_changed
    assert [one.code for one in result.refusals] == ["CS113"]


# Genshi


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<a><?python from pylons import request ?>$request.path</a>",
            "<a><?python from compatshim.common import request ?>$request.path</a>",
        ),
        (
            "<a>\n<?python\nfrom pylons import request\nfrom pylons import c\n?>\n</a>",
            "<a>\n<?python\nfrom compatshim.common import c, request\n?>\n</a>",
        ),
        (
            "<a><?python import pylons ?><b py:if='pylons.c.x &lt; 3' title='$pylons.c.y'>"
            "${pylons.request.path} $$pylons.c.x <!-- $pylons.c.z --></b></a>",
            "<a><?python from compatshim.common import c, request ?>"
            "<b py:if='c.x &lt; 3' title='$c.y'>"
            "${request.path} $$pylons.c.x <!-- $pylons.c.z --></b></a>",
        ),
        (
            "<a><?python from pylons import c ?><b py:def='f(x=None, y=c.z, *a)'/></a>",
            "<a><?python from compatshim.common import c ?>"
            "<b py:def='f(x=None, y=c.z, *a)'/></a>",
        ),
        (
            "<a xmlns:g='http://genshi.edgewall.org/'><?python import pylons\n?>"
            "<g:for each='x in pylons.c.xs'>${x}</g:for></a>",
            "<a xmlns:g='http://genshi.edgewall.org/'>"
            "<?python from compatshim.common import c\n?>"
            "<g:for each='x in c.xs'>${x}</g:for></a>",
        ),
    ],
)
def test_genshi(before: str, after: str) -> None:
    check_transformed(before, after, "page.html")


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("<?python from pylons import * ?>", "which names a star imports"),
        ("<?python from pylons import c ?><p py:def='c()'/>", "rebound"),
        ("<?python from pylons import c ?><p py:def='f(c)'/>", "rebound"),
        ("<?python from pylons import c ?><p py:def='f(a, ** c)'/>", "rebound"),
        ("<?python from pylons import c ?><p py:with='c=1'/>", "rebound"),
        ("<?python from pylons import c ?><py:for each='c in x'/>", "rebound"),
        ("<?python import pylons ?>$pylons.c.x $c.y", "something else already"),
    ],
)
def test_genshi_is_refused(before: str, reason: str) -> None:
    check_refused(before, reason, path="page.html")


def test_genshi_declares_its_encoding() -> None:
    before = '<?xml version="1.0" encoding="latin-1"?>\n<a>é<?python from pylons import c ?></a>'
    after = before.replace("pylons", "compatshim.common")
    assert rewritten(before.encode("latin-1"), "a.xml").data == after.encode("latin-1")


def test_jinja2_has_nothing_to_rewrite() -> None:
    result = rewritten(b'{{ pylons.config["x"] }}', "page.html")
    assert not result.is_changed


# What a rewritten template renders

NAMES = ("request", "c", "config", "_")
BLOCKS = st.sampled_from(
    [
        "<%! import pylons %>",
        "<%! from pylons import request, c %>",
        "<%!\nfrom pylons import c\nfrom pylons.i18n import _\n%>",
        "<% from pylons import request as c %>",
        "<%\n    from pylons import request\n    from pylons import tmpl_context as c\n%>",
        "<%\n    import pylons\n    if x:\n        from pylons import config\n%>",
        "<% import pylons %>",
        "<% request = 'bound' %>",
        '<%namespace module="pylons.i18n" import="_"/>',
    ]
)
USES = st.sampled_from(
    [
        "${request}",
        "${c | h}",
        "${pylons.request}",
        "${pylons.tmpl_context if x else pylons.config}",
        "${[pylons.c for c in (1, 2)]}",
        "\n% for c in (1, 2):\n ${c}\n% endfor\n",
        "\n% if pylons.config:\n yes ${config}\n% else:\n no\n% endif\n",
        "\n% for y in (pylons.request, 'é'):\n ${y}\n% endfor\n",
        "text é  \r\n",
        "## pylons.request\n",
        "<%text>${pylons.request}</%text>",
    ]
)
PARTS = st.lists(st.one_of(BLOCKS, USES, USES), min_size=1, max_size=5).map("".join)


@st.composite
def templates(draw: Any) -> str:
    parts = [draw(PARTS)]
    if draw(st.booleans()):
        argument = draw(st.sampled_from(["", "request=1", "x=pylons.request"]))
        parts.append(f'<%def name="f({argument})">{draw(PARTS)}</%def>${{f()}}')
    if draw(st.booleans()):
        parts.append(f'<%block name="b">{draw(PARTS)}</%block>')
    parts.append(draw(PARTS))
    return "".join(parts)


def with_fakes(render: Callable[[], object]) -> str:
    """Return what is rendered with made-up modules, or the name of the exception."""
    names = {"request", "c", "config", "tmpl_context"}
    both = {name: f"[{name.replace('tmpl_context', 'c')}]" for name in names}
    pylons = types.ModuleType("pylons")
    i18n = types.ModuleType("pylons.i18n")
    common = types.ModuleType("compatshim.common")
    for module in (pylons, i18n, common):
        vars(module).update(both, _=lambda *_given: "[_]")
    pylons.i18n = i18n
    with pytest.MonkeyPatch.context() as patch:
        for module in (pylons, i18n, common):
            patch.setitem(sys.modules, module.__name__, module)
        patch.setattr(compatshim, "common", common, raising=False)
        try:
            return str(render())
        except Exception as error:  # noqa: BLE001 (whichever it is, it is the same)
            return type(error).__name__


@settings(deadline=None)
@given(templates())
@example(
    "<%! import pylons %><%def name='f()'>${request}</%def>${f()}"
    "<%block name='b'>${pylons.request}</%block><% request = 'bound' %>"
)
@example("<% import pylons %><%block name='b'>${pylons.request}</%block>")
@example(
    "<%! import pylons %><%def name='f(x=pylons.c)'></%def>${f()}<% import pylons %>"
)
def test_mako_renders_the_same(template: str) -> None:
    pytest.importorskip("mako")
    from mako.template import Template

    def render(text: str) -> str:
        return with_fakes(lambda: Template(text).render_unicode(x=True))  # noqa: S702 (nothing to escape)

    result = rewritten(template.encode())
    assert rewritten(result.data).data == result.data
    assert render(result.data.decode()) == render(template)


IN_GENSHI = st.sampled_from(
    [
        "<?python import pylons ?>",
        "<?python from pylons import request, c ?>",
        "<?python\n  from pylons import c\n  from pylons.i18n import _\n?>",
        "<?python\n\nimport pylons\nif x:\n    from pylons import config\n?>",
        "<?python request = 'bound' ?>",
        "$request",
        "${c}",
        "<b py:if='pylons.request != 1 &lt; 2'>$pylons.request</b>",
        "<b py:for='c in (1, pylons.c)' title='${c}'>${pylons.c}</b>",
        "<b py:def='f(request, y=2)'>$request</b>${f(pylons.config)}",
        "<b py:def='f(y=pylons.c)'>$y $pylons.request</b>${f()}",
        "<py:with vars='c = pylons.request; d=1'>$c $d</py:with>",
        "<b py:with='pylons = x'>$pylons</b>",
        "<b py:content='pylons.config'/>",
        "$$pylons.request <!-- $pylons.c --> é",
    ]
)


@settings(deadline=None)
@given(st.lists(IN_GENSHI, min_size=1, max_size=7).map("".join))
def test_genshi_renders_the_same(inside: str) -> None:
    markup = pytest.importorskip("genshi.template").MarkupTemplate

    def render(text: str) -> str:
        return with_fakes(lambda: markup(text).generate(x=True).render())

    template = f"<a xmlns:py='http://genshi.edgewall.org/'>{inside}</a>"
    result = rewritten(template.encode(), "page.xml")
    assert rewritten(result.data, "page.xml").data == result.data
    assert render(result.data.decode()) == render(template)
