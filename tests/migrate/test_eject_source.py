"""What becomes of each name of ``compatshim.common`` in one file, and what stays."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, strategies as st

from ejected import COMMON, eject


def view(line: str) -> str:
    return f"@bp.get('/')\ndef view():\n    {line}\n"


def helper(line: str) -> str:
    return f"def helper():\n    {line}\n"


# Names in one import, what stands below, and both afterwards.
TRANSFORMS = [
    # The issue's own example.
    (
        "request, session, url_for, _",
        "",
        "from flask import request, session, url_for\nfrom flask_babel import gettext as _",
        "",
    ),
    (
        "request",
        "request.params['a']",
        "from flask import request",
        "request.values['a']",
    ),
    ("request", "request.GET.get('a', 1)", None, "request.args.get('a', 1)"),
    ("request", "'a' in request.POST", None, "'a' in request.form"),
    ("request", "'a' not in request.POST", None, "'a' not in request.form"),
    ("request", "request.params.getall('a')", None, "request.values.getlist('a')"),
    ("request", "request.args.items()", None, "request.args.items()"),
    ("request", "request.cookies.get('a')", None, "request.cookies.get('a')"),
    ("request", "request.headers['A']", None, "request.headers['A']"),
    ("request", "request.body", None, "request.get_data()"),
    ("request", "request.json", None, "request.get_json(force=True)"),
    ("request", "request.json['a']", None, "request.get_json(force=True)['a']"),
    ("request", "request.referer", None, "request.referrer"),
    ("request", "f'{request.referer!r:>9}'", None, "f'{request.referrer!r:>9}'"),
    ("request", "request.path_info", None, "request.path"),
    ("request", "request.user_agent", None, 'request.headers.get("User-Agent")'),
    (
        "request",
        "not request.is_xhr",
        None,
        'not (request.headers.get("X-Requested-With") == "XMLHttpRequest")',
    ),
    (
        "request as req",
        "req.params['a']",
        "from flask import request as req",
        "req.values['a']",
    ),
    ("c", "c.a = 1", "from flask import g", "g.a = 1"),
    ("tmpl_context", "tmpl_context.a = 1", "from flask import g", "g.a = 1"),
    ("tmpl_context as c", "c.a = c.a + 1", "from flask import g", "g.a = g.a + 1"),
    ("c, g", "c.a = g.b = 1", "from flask import g", "g.a = g.b = 1"),
    ("c", "self.c.c = f(c=c)", "from flask import g", "self.c.c = f(c=g)"),
    ("c as d", "d.a = 1", "from flask import g as d", "d.a = 1"),
    ("session", "session['a'] = 1", "from flask import session", "session['a'] = 1"),
    ("session", "session.save()", None, "session.modified = True"),
    ("session", "session.permanent = True", None, "session.permanent = True"),
    (
        "config",
        helper("return config['DEBUG'], config.get('A', 1), 'A' in config"),
        "from flask import current_app",
        helper(
            "return current_app.config['DEBUG'], current_app.config.get('A', 1), 'A' in"
            " current_app.config"
        ),
    ),
    ("abort", "abort(404)", "from flask import abort", "abort(404)"),
    ("abort", "abort(404, 'x')", None, "abort(404, 'x')"),
    ("abort", "abort(404, detail=x)", None, "abort(404, description=x)"),
    # Flask's redirect returns, and only a view's result is sent.
    ("redirect", view("return redirect('/')"), "from flask import redirect", None),
    (
        "redirect",
        view("redirect('/')"),
        "from flask import abort, redirect",
        view("abort(redirect('/'))"),
    ),
    (
        "redirect",
        helper("return redirect('/', code=303)"),
        "from flask import abort, redirect",
        helper("return abort(redirect('/', code=303))"),
    ),
    (
        "redirect",
        "@login_required\n" + view("return redirect('/')"),
        "from flask import abort, redirect",
        "@login_required\n" + view("return abort(redirect('/'))"),
    ),
    (
        "redirect",
        view("return [redirect('/') for x in y]"),
        "from flask import abort, redirect",
        view("return [abort(redirect('/')) for x in y]"),
    ),
    (
        "redirect",
        view("with a: return redirect('/')"),
        "from flask import abort, redirect",
        view("with a: return abort(redirect('/'))"),
    ),
    (
        "redirect",
        view("def inner(): return redirect('/')"),
        "from flask import abort, redirect",
        view("def inner(): return abort(redirect('/'))"),
    ),
    (
        "redirect, url, request",
        helper("redirect(url('a', b=request.params['b']))"),
        "from flask import abort, redirect, request, url_for",
        helper("abort(redirect(url_for('a', b=request.values['b'])))"),
    ),
    (
        "render",
        view("return render('a', b=1)"),
        "from flask import render_template",
        view("return render_template('a', b=1)"),
    ),
    (
        "render",
        view("return (render('a'), 404)"),
        None,
        view("return (render_template('a'), 404)"),
    ),
    (
        "render as draw",
        view("return draw('a')"),
        "from flask import render_template as draw",
        None,
    ),
    (
        "render",
        "x = make_response(render('a'))",
        None,
        "x = make_response(render_template('a'))",
    ),
    ("flash", "flash('a', category='b')", "from flask import flash", None),
    (
        "get_flashed_messages",
        "get_flashed_messages(True)",
        "from flask import get_flashed_messages",
        None,
    ),
    (
        "streaming_response",
        "streaming_response(data(1), headers={})",
        "from flask import Response, stream_with_context",
        "Response(stream_with_context(data(1)),"
        ' mimetype="application/octet-stream", headers={})',
    ),
    (
        "streaming_response as s",
        "s(x, mimetype='text/plain')",
        "from flask import Response, stream_with_context",
        "Response(stream_with_context(x), mimetype='text/plain')",
    ),
    ("url_for", "url_for('a', _external=True)", "from flask import url_for", None),
    ("url", "url('a')", "from flask import url_for", "url_for('a')"),
    (
        "url, url_for",
        "url('a') + url_for('b')",
        "from flask import url_for",
        "url_for('a') + url_for('b')",
    ),
    (
        "copy_current_context",
        "@copy_current_context\ndef f(): pass",
        "from flask import copy_current_request_context",
        "@copy_current_request_context\ndef f(): pass",
    ),
    (
        "_, gettext, ugettext",
        "ugettext('a') % 1",
        "from flask_babel import gettext as _, gettext",
        "gettext('a') % 1",
    ),
    (
        "lazy_ugettext as _",
        "x = _('a')",
        "from flask_babel import lazy_gettext as _",
        None,
    ),
    (
        "ngettext",
        "ngettext('a %(num)s', 'as %(num)d', n)",
        "from flask_babel import ngettext",
        None,
    ),
    (
        "ungettext",
        "ungettext('%(a)d a', '%(a)d as', n, a=2)",
        "from flask_babel import ngettext",
        "ngettext('%(a)d a', '%(a)d as', n, a=2)",
    ),
    (
        "npgettext",
        "npgettext('x', 'a %(num)s', 'as', n)",
        "from flask_babel import npgettext",
        None,
    ),
    (
        "format_date, get_locale, force_locale",
        "format_date()",
        "from flask_babel import force_locale, format_date, get_locale",
        None,
    ),
]


@pytest.mark.parametrize(("names", "before", "line", "after"), TRANSFORMS)
def test_transforms(
    names: str, before: str, line: str | None, after: str | None
) -> None:
    result = eject(f"{COMMON}{names}\n\n{before}\n")
    name = names.partition(" ")[0]
    target = {"render": "render_template"}.get(name, name)
    line = line or f"from flask import {target}"
    after = before if after is None else after
    assert result.text == f"{line}\n\n{after}\n"
    assert result.hands == []
    again = eject(result.text)
    assert again.text == result.text
    assert (again.hands, again.notes) == ([], [])


# What is returned to Flask, and what is returned to somebody else.


@pytest.mark.parametrize(
    "decorators",
    [
        "@app.route('/')",
        "@bp.route(rule='/a', methods=['GET'])",
        "@bp.post('')",
        "@app.before_request",
        "@app.errorhandler(404)",
        "@bp.get('/')\n@bp.get('/a')",
    ],
)
def test_what_a_view_returns_is_sent(decorators: str) -> None:
    function = f"{decorators}\ndef view():\n    return redirect('/')\n"
    result = eject(f"{COMMON}redirect\n{function}")
    assert result == (f"from flask import redirect\n{function}", [], [])


@pytest.mark.parametrize(
    "start",
    [
        "@cache.get('key')\ndef f():\n    ",
        "@app.route(rule)\ndef f():\n    ",
        "@app.route\ndef f():\n    ",
        "@app.teardown_request\ndef f():\n    ",
        "@route('/')\ndef f():\n    ",
        "@app.route('/')\n@as_json\ndef f():\n    ",
        "@app.route('/')\ndef f():\n    yield 1\n    ",
        "class View(MethodView):\n    def get(self):\n        ",
        "async def f():\n    ",
        "def f():\n    if x: ",
    ],
)
def test_what_other_functions_return_is_raised(start: str) -> None:
    result = eject(f"{COMMON}redirect\n{start}return redirect('/')\n")
    after = f"from flask import abort, redirect\n{start}return abort(redirect('/'))\n"
    assert result == (after, [], [])


# What is not sure: a name, its use, and by which code and name it is listed in line 2.
BY_HAND = [
    ("request", "x = request", "CS602 request"),
    ("request", "getattr(request, x)", "CS602 request"),
    ("request", "request.path", "CS602 request.path"),
    ("request", "request.url", "CS602 request.url"),
    ("request", "request.host", "CS602 request.host"),
    ("request", "request.urlvars['id']", "CS602 request.urlvars"),
    ("request", "request.accept", "CS602 request.accept"),
    ("request", "request.method = 'PUT'", "CS602 request.method"),
    ("request", "request.user, x = 1, 2", "CS602 request.user"),
    ("request", "del request.user", "CS602 request.user"),
    ("request", "request.user", "CS602 request.user"),
    ("request", "dict(request.params)", "CS602 request.params"),
    ("request", "request.params.items()", "CS602 request.params"),
    ("request", "request.params.get(*x)", "CS602 request.params"),
    ("request", "request.params['a'] = 1", "CS602 request.params"),
    ("request", "request.POST['a'].filename", "CS602 request.POST"),
    ("request", "request.POST.get('a').file", "CS602 request.POST"),
    ("request", "for key in request.POST: pass", "CS602 request.POST"),
    ("request", "request.cookies.items()", "CS602 request.cookies"),
    ("request", "f'{request.user_agent}'", "CS602 request.user_agent"),
    ("session", "session.id", "CS602 session.id"),
    ("session", "session.invalidate()", "CS602 session.invalidate"),
    ("session", "x = session.save()", "CS602 session.save"),
    ("session", "session.save(True)", "CS602 session.save"),
    ("session", "save(session)", "CS602 session"),
    ("config", "config['DEBUG']", "CS602 config"),
    ("config", "def f(x=config['DEBUG']): pass", "CS602 config"),
    ("config", "def f(): return config['site.title']", "CS602 config"),
    ("config", "def f(): return config[key]", "CS602 config"),
    ("config", "def f(): return config.load_ini('a')", "CS602 config"),
    ("abort", "abort(302)", "CS602 abort"),
    ("abort", "abort(402)", "CS602 abort"),
    ("abort", "abort(status)", "CS602 abort"),
    ("abort", "abort(404, headers={})", "CS602 abort"),
    ("abort", "abort(*x)", "CS602 abort"),
    ("abort", "f(abort)", "CS602 abort"),
    ("abort", "f(g(abort(404), *x), abort)", "CS602 abort"),
    ("redirect", "f(redirect)", "CS602 redirect"),
    ("redirect", "redirect('//a')", "CS602 redirect"),
    ("redirect", "redirect(*x)", "CS602 redirect"),
    ("render", "x = render('a')", "CS602 render"),
    ("render", "def f(): return render('a', {'b': 1})", "CS602 render"),
    ("render", "def f(): return render('a', cache_key=1)", "CS602 render"),
    ("flash", "flash.pop_messages()", "CS602 flash"),
    ("flash", "flash('a', ignore_duplicate=True)", "CS602 flash"),
    (
        "streaming_response",
        "streaming_response(x, 'text/csv')",
        "CS602 streaming_response",
    ),
    ("url_for", "url_for('/a.css')", "CS602 url_for"),
    ("url_for", "url_for('http://a/')", "CS602 url_for"),
    ("url_for", "url_for(controller='a', action='b')", "CS602 url_for"),
    ("url_for", "url_for('a', qualified=True)", "CS602 url_for"),
    ("url_for", "url_for()", "CS602 url_for"),
    ("url_for", "f(url_for)", "CS602 url_for"),
    ("url", "url.current()", "CS602 url.current"),
    ("ngettext", "ngettext('%d a', '%d as', n) % n", "CS602 ngettext"),
    ("ngettext", "ngettext(a, b, n)", "CS602 ngettext"),
    ("ungettext", "ungettext('%(num)s a', '%(num)s as', n)", "CS602 ungettext"),
    ("request", "(request # a\n.json)", "CS602 request.json"),
    ("request", "(request).path", "CS602 request"),
    ("request", "x.get(request.params)", "CS602 request.params"),
    ("config", "def f(): return config[f'{x}']", "CS602 config"),
    ("config", "def f(): return config[b'A']", "CS602 config"),
    ("flash", "f(flash)", "CS602 flash"),
    ("render", "f(render)", "CS602 render"),
    ("streaming_response", "f(streaming_response)", "CS602 streaming_response"),
    (
        "streaming_response",
        "streaming_response(x for x in y)",
        "CS602 streaming_response",
    ),
    ("url_for", "url_for(**x)", "CS602 url_for"),
    ("ngettext", "f(ngettext)", "CS602 ngettext"),
    ("ngettext", "ngettext(*x)", "CS602 ngettext"),
    ("ngettext", "ngettext('\\x25d', '', n)", "CS602 ngettext"),
    ("h", "h.a()", "CS601 compatshim.common.h"),
    ("response", "response.status = 1", "CS601 compatshim.common.response"),
    ("app_globals", "app_globals.a", "CS601 compatshim.common.app_globals"),
    ("cache", "cache.get_cache('a')", "CS601 compatshim.common.cache"),
    (
        "is_flask_request",
        "is_flask_request()",
        "CS601 compatshim.common.is_flask_request",
    ),
    ("N_", "N_('a')", "CS601 compatshim.common.N_"),
    ("get_lang", "get_lang()", "CS601 compatshim.common.get_lang"),
    ("set_lang", "set_lang('a')", "CS601 compatshim.common.set_lang"),
    ("render_mako", "render_mako('a')", "CS601 compatshim.common.render_mako"),
]


@pytest.mark.parametrize(("name", "use", "listed"), BY_HAND)
def test_what_is_not_sure_stays_as_it_is(name: str, use: str, listed: str) -> None:
    before = f"{COMMON}{name}\n{use}\n"
    result = eject(before)
    assert result.text == before
    assert result.hands == [f"2 {listed}"]


def test_names_that_are_sure_go_and_others_stay() -> None:
    before = (
        f"{COMMON}c, h, request, session\n\n"
        "def f():\n    c.a = session['a']\n    return h.b(request.path), request.params\n"
    )
    result = eject(before)
    assert result.text == (
        "from flask import g, session\nfrom compatshim.common import h, request\n\n"
        "def f():\n    g.a = session['a']\n    return h.b(request.path), request.params\n"
    )
    assert result.hands == [
        "5 CS601 compatshim.common.h",
        "5 CS602 request.params",
        "5 CS602 request.path",
    ]


def test_imports_that_are_there_are_extended_and_places_kept() -> None:
    before = (
        "import os\nfrom flask import Blueprint, g\nfrom flask_babel import Babel\n"
        f"{COMMON}_, c\n\n"
        "def f():\n"
        f"    try:\n        {COMMON}session\n"
        "    except ImportError:\n        session = None\n    return session['a']\n"
        "c.a = g.b = _('a')\n"
    )
    assert eject(before).text == (
        "import os\nfrom flask import Blueprint, g\n"
        "from flask_babel import Babel, gettext as _\n\n"
        "def f():\n"
        "    try:\n        from flask import session\n"
        "    except ImportError:\n        session = None\n    return session['a']\n"
        "g.a = g.b = _('a')\n"
    )


def test_style_of_a_long_import_is_kept_for_what_is_long() -> None:
    before = f"{COMMON.rstrip()} (\n    _,\n    abort,\n    request,\n)\n"
    assert eject(before).text == (
        "from flask import (\n    abort,\n    request,\n)\n"
        "from flask_babel import gettext as _\n"
    )


# What is in the way of a new name.
TAKEN = [
    ("c", "g = 1\nc.a = 1"),
    ("c", "def f(g):\n    return c.a"),
    ("c", "def f():\n    c.a = 1\n    for g in x: pass"),
    ("c", "from x import *\nc.a = 1"),
    ("c", "def f():\n    global c\n    c = 1"),
    ("c", "c.a = 1\nc = 2"),
    ("c", "c.a = 1\ndel c"),
    ("c", "from gettext import gettext as g\nc.a = 1"),
    ("url", "def url_for(): pass\nurl('a')"),
    ("config", "def f(current_app):\n    return config['A']"),
    ("redirect", "def abort(): pass\nredirect('/')"),
    ("streaming_response", "Response = 1\nstreaming_response(x)"),
    ("c", "c.a = 1\n__all__ = ['c']"),
    ("request", "request.method\n__all__ = ['request']"),
]


@pytest.mark.parametrize(("name", "rest"), TAKEN)
def test_name_that_cannot_be_bound_is_refused(name: str, rest: str) -> None:
    before = f"{COMMON}{name}\n{rest}\n"
    result = eject(before)
    assert result.text == before
    assert result.hands == [f"1 CS605 compatshim.common.{name}"]


@pytest.mark.parametrize(
    "line", [f"{COMMON}c", f"{COMMON}tmpl_context as t", "from flask import g"]
)
def test_copied_context_has_another_namespace(line: str) -> None:
    before = f"{line}\n{COMMON}copy_current_context\ncopy_current_context(f)\n"
    assert eject(before).hands == ["3 CS602 copy_current_context"]


AFTER = [
    "@app.after_request\ndef after(response): ({call})",
    "@bp.after_app_request\ndef after(response): ({call})",
    "@after_this_request\ndef after(response): ({call})",
    "def after(response): ({call})\napp.after_request(after)",
    "def after(response): ({call})\napp.after_request(hooks.after)",
    "app.after_request(lambda response: {call})",
]


@pytest.mark.parametrize("call", ["abort(404)", "redirect('/')"])
@pytest.mark.parametrize("function", AFTER)
def test_after_request_cannot_raise(function: str, call: str) -> None:
    name = call.partition("(")[0]
    before = f"{COMMON}{name}\n{function.format(call=call)}\n"
    line = 2 if function.startswith(("def", "app")) else 3
    assert eject(before) == (before, [f"{line} CS602 {name}"], [])


def test_others_than_after_request_can_raise() -> None:
    for function in ("def after(a): ({call})", "app.add(lambda: {call})"):
        before = f"{COMMON}abort\n{function.format(call='abort(404)')}\n"
        assert eject(before).hands == []


def test_name_that_is_one_of_several_stays() -> None:
    before = (
        f"try:\n    {COMMON}lazy_gettext as _\n"
        f"except ImportError:\n    {COMMON}gettext as _\n"
    )
    result = eject(before)
    assert result.text == before
    assert result.hands == ["2 CS605 compatshim.common.lazy_gettext"]


def test_abort_of_compatshim_is_in_the_way_of_flasks() -> None:
    before = f"{COMMON}abort, redirect\nabort(302)\nredirect('/')\n"
    result = eject(before)
    assert result.text == before
    assert result.hands == ["1 CS605 compatshim.common.redirect", "2 CS602 abort"]
    before = f"{COMMON}abort, redirect\nabort(302)\n" + view("return redirect('/')")
    assert eject(before).text.startswith("from flask import redirect\n")


def test_local_names_are_others() -> None:
    before = (
        f"{COMMON}c, request\nc.a = 1\n"
        "def f(c, request):\n    return c.b, request.path\n"
        "class A:\n    c = request = None\n"
    )
    after = before.replace(
        f"{COMMON}c, request\nc", "from flask import g, request\ng", 1
    )
    assert eject(before) == (after, [], [])


NOTED = [
    ("request", "request.params['a']", "request.params"),
    ("request", "request.content_type", "request.content_type"),
    ("request", "request.stream", "request.stream"),
    ("c", "c.a", "c.a"),
    ("g", "g.a", "g.a"),
    ("redirect", "redirect(a)", "redirect"),
    ("url_for", "url_for(a)", "url_for"),
    ("render", "def f(): return render('a')", "render"),
    ("config", "def f(): return config['A']", "config"),
    ("copy_current_context", "copy_current_context(f)", "copy_current_context"),
]


@pytest.mark.parametrize(("name", "use", "listed"), NOTED)
def test_what_differs_a_little_is_noted(name: str, use: str, listed: str) -> None:
    result = eject(f"{COMMON}{name}\n{use}\n")
    assert result.hands == []
    assert result.notes == [f"2 CS603 {listed}"]


NOT_NOTED = [
    ("request", "request.method, request.args, request.is_json"),
    ("c", "c.a = 1\nprint(c.a)"),
    ("c", "c.get('a')"),
    ("redirect", "redirect(url_for('a'))"),
    ("render", view("return render('a')")),
    ("config", view("return config['A']")),
]


@pytest.mark.parametrize(("name", "use"), NOT_NOTED)
def test_what_is_the_same_is_not_noted(name: str, use: str) -> None:
    result = eject(f"{COMMON}{name}\n{use}\n")
    assert (result.hands, result.notes) == ([], [])


# Other ways to have something of compatshim's.
OTHER_IMPORTS = [
    ("from compatshim.common import *", "CS601 compatshim.common.*"),
    ("import compatshim", "CS601 compatshim"),
    ("import compatshim.common", "CS601 compatshim.common"),
    ("import compatshim.common as common", "CS601 compatshim.common"),
    ("from compatshim import common", "CS601 compatshim.common"),
    (
        "from compatshim.errors import HTTPException",
        "CS601 compatshim.errors.HTTPException",
    ),
    ("from compatshim.testing import client", "CS601 compatshim.testing.client"),
    ("from compatshim.sessions.beaker import X", "CS601 compatshim.sessions.beaker.X"),
    ("patch('compatshim.common.request')", "CS602 compatshim.common.request"),
    ("import_module('compatshim.common')", "CS602 compatshim.common"),
]


@pytest.mark.parametrize(("line", "listed"), OTHER_IMPORTS)
def test_other_imports_are_listed(line: str, listed: str) -> None:
    result = eject(f"\n{line}\n")
    assert result.text == f"\n{line}\n"
    assert result.hands == [f"2 {listed}"]


def test_use_of_the_module_is_listed_at_its_line() -> None:
    before = "from compatshim import common\n\ncommon.request.path\n"
    assert eject(before).hands == ["3 CS601 compatshim.common"]


def test_ignored_import_stays() -> None:
    before = f"{COMMON}h  # compatshim: ignore\nh.a\n"
    assert eject(before) == (before, [], [])


def test_what_cannot_be_parsed_is_listed() -> None:
    result = eject(f"{COMMON}c\nc.a = 1\n\n\ndef broken(:\n    x = \n")
    assert any(hand.endswith("CS605 all of it") for hand in result.hands)


# The extension.


def test_extension_stays_as_long_as_it_is_needed() -> None:
    before = "from compatshim import CompatShim\ndef make(app):\n    CompatShim(app)\n    return app\n"
    assert eject(before).text == before


@pytest.mark.parametrize("statement", ["CompatShim(app)", "shim = CompatShim(app)"])
def test_extension_goes(statement: str) -> None:
    before = (
        "import os\nfrom compatshim import CompatShim\n"
        f"def make(app):\n    app.x = 1\n    {statement}  # both sides\n    return app\n"
    )
    after = "import os\ndef make(app):\n    app.x = 1\n    return app\n"
    assert eject(before, drops_extension=True).text == after


@pytest.mark.parametrize(
    "statement",
    [
        "CompatShim(app, legacy=x)",
        "CompatShim(app, x)",
        "CompatShim()",
        "CompatShim(*app)",
        "CompatShim.from_ini(app)",
        "x = [CompatShim(app)]",
        "x = f(CompatShim)",
        "shim = CompatShim(app)",
        "def f():\n    shim = CompatShim(app)\n    shim.helper(x)",
        "def f():\n    CompatShim(app)",
        "def f():\n    self.shim = CompatShim(app)\n    return 1",
    ],
)
def test_extension_that_is_more_is_listed(statement: str) -> None:
    before = f"from compatshim import CompatShim\n{statement}\n"
    result = eject(before, drops_extension=True)
    assert result.text == before
    assert [hand.partition(" ")[2] for hand in result.hands] == [
        "CS606 compatshim.CompatShim"
    ]


# Whatever stands together.

NAMES = [*{names for names, *_ in TRANSFORMS}]
LINES = [
    *{line for _, line, *_ in TRANSFORMS if "def " not in line},
    *{line for _, line, *_ in BY_HAND if "def " not in line},
]


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
    st.lists(st.sampled_from(LINES), max_size=8),
    st.lists(st.sampled_from(LINES), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "from flask import g, Flask\n", "import flask\n"]),
)
def test_result_is_a_program_with_all_of_its_names(
    imports: list[str], inside: list[str], outside: list[str], newline: str, first: str
) -> None:
    before = first + "".join(f"{COMMON}{names}\n" for names in imports)
    before += "".join(f"{line}\n" for line in outside)
    body = "".join(f"    {line}\n" for line in inside if "\n" not in line)
    before += f"def function(x, y, n):\n{body}    return 1\n"
    before = before.replace("\n", newline)
    result = eject(before)
    assert eject(result.text).text == result.text
    assert result.text.count(newline) == result.text.count("\n")
    assert _unbound(result.text) <= _unbound(before)


def _unbound(text: str) -> set[str]:
    tree = ast.parse(text)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {
        (one.asname or one.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for one in node.names
    }
    return {node.id for node in names} - bound
