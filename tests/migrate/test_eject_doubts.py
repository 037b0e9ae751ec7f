"""Where the source does not tell enough, something is listed: nothing differs in silence."""

from __future__ import annotations

import pytest

from compatshim.migrate.ejecting.ejection import eject_source
from compatshim.migrate.ejecting.names import CommonNames
from compatshim.migrate.sources import decode
from ejected import COMMON, eject

ROUTE = "@app.route('/a')\ndef a():\n    "


@pytest.mark.parametrize(
    ("name", "rest", "listed"),
    [
        # Two descriptions would not even be a program.
        (
            "abort",
            "abort(404, detail='a', description='b')",
            "2 CS602 abort",
        ),
        ("abort", "abort(404, 'a', description='b')", "2 CS602 abort"),
        ("render", "def f(*a):\n    return render('a', *a)", "3 CS602 render"),
        # Flask keeps these categories as they are.
        ("flash", "flash('a', None)", "2 CS602 flash"),
        ("flash", "flash('a', category='')", "2 CS602 flash"),
        # Uploads that are looked at later.
        (
            "request",
            "def f():\n    a = request.POST['a']\n    return a.filename",
            "3 CS602 request.POST",
        ),
        (
            "request",
            "def f():\n    a = request.params.get('a')\n    if hasattr(a, 'file'): pass",
            "3 CS602 request.params",
        ),
        (
            "request",
            "if (a := request.POST.get('a')) is not None: b = a.value",
            "2 CS602 request.POST",
        ),
        ("request", "request.files['a'].file.read()", "2 CS602 request.files"),
        ("request", "request.files.get('a').value", "2 CS602 request.files"),
        ("request", "a = request.files['a']\na.type", "2 CS602 request.files"),
    ],
)
def test_by_hand(name: str, rest: str, listed: str) -> None:
    before = f"{COMMON}{name}\n{rest}\n"
    assert eject(before) == (before, [listed], [])


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        # What reads the name, or any name, in a way that no rename reaches.
        ("c", 'c.a = 1\n"""\n>>> c.a\n"""'),
        ("request", 'request.method\ndef f():\n    """>>> request.params"""'),
        ("c", "def f(a: 'c.A'): c.a = 1"),
        ("c", "c.a = 1\neval('c.a')"),
        ("c", "c.a = 1\nx = globals()['c']"),
        ("session", "session['a']\nexec(code)"),
    ],
)
def test_name_that_is_read_otherwise_stays(name: str, rest: str) -> None:
    before = f"{COMMON}{name}\n{rest}\n"
    assert eject(before) == (before, [f"1 CS605 compatshim.common.{name}"], [])


def test_what_is_the_same_may_be_read_otherwise() -> None:
    result = eject(f'{COMMON}get_locale\n""">>> get_locale()"""\nglobals()\n')
    assert result.text.startswith("from flask_babel import get_locale\n")
    assert result.hands == []


def test_attribute_of_a_class_stays() -> None:
    before = (
        f"class A:\n    {COMMON}request\n\n"
        "    def f(self):\n        return self.request.params['a']\n"
    )
    assert eject(before) == (before, ["2 CS605 compatshim.common.request"], [])


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("__import__('compatshim')", "compatshim"),
        ("app.extensions['compatshim']", "compatshim"),
        ("environ['compatshim.app']", "compatshim.app"),
        ("patch(f'compatshim.common.{name}')", "compatshim.common"),
        ("run([python, '-c', 'from compatshim.common import c'])", "compatshim.common"),
        ('""">>> import compatshim.testing"""', "compatshim.testing"),
    ],
)
def test_strings_are_listed(line: str, name: str) -> None:
    assert eject(f"\n{line}\n").hands == [f"2 CS602 {name}"]


@pytest.mark.parametrize(
    "line",
    ["x = 'compatshims'", "'''Was written for compatshim.'''", "x = 'a compatshim.b'"],
)
def test_other_strings_are_not_listed(line: str) -> None:
    assert eject(f"{line}\n") == (f"{line}\n", [], [])


# A name that was surely set, and one that may not have been.

NOTED = [
    ("c", "def f():\n    c.a = 1\ndef h():\n    return c.a", "5 CS603 c.a"),
    ("c", "def f(x):\n    if x:\n        c.a = 1\n    return c.a", "5 CS603 c.a"),
    ("c", "def f():\n    try:\n        c.a = 1\n    except E: pass\n    c.a", "6 CS603 c.a"),
    ("c", "# c.a = 1\nc.a", "3 CS603 c.a"),
    ("c", "'c.a = 1'\nc.a", "3 CS603 c.a"),
    ("c", "c.a = c.a or 1", "2 CS603 c.a"),
    ("c", "c.a: int\nc.a", "3 CS603 c.a"),
    ("c", "c.a += 'x'", "2 CS603 c.a"),
    ("c", "getattr(c, 'a', None)", "2 CS603 c"),
    ("c", "hasattr(c, 'a')", "2 CS603 c"),
    ("c", "f(c)", "2 CS603 c"),
    ("c", "x = c", "2 CS603 c"),
    ("url_for", "url_for('a', **x)", "2 CS603 url_for"),
    ("flash", "flash(error)", "2 CS603 flash"),
    ("flash", "flash(lazy('a'))", "2 CS603 flash"),
    ("flash", "flash('a', category)", "2 CS603 flash"),
    ("request", "f(request.files['a'])", "2 CS603 request.files"),
    ("redirect", "try:\n    redirect('/')\nexcept HTTPException as e: e.code", "3 CS603 redirect"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rest", "listed"), NOTED)
def test_what_may_differ_is_noted(name: str, rest: str, listed: str) -> None:
    result = eject(f"{COMMON}{name}\n{rest}\n")
    assert (result.hands, result.notes) == ([], [listed])


NOT_NOTED = [
    ("c", "c.a = 1\nif x:\n    c.a"),
    ("c", "def f():\n    c.a = c.b = 1\n    for x in y:\n        c.a, c.b"),
    ("c", "(c.a, c.b) = 1, 2\nc.a, c.b"),
    ("c", "'a' in c"),
    ("c", "setattr(c, 'a', 1)"),
    ("c", "del c.a"),
    ("flash", "flash('a %s' % x)\nflash('a'.format(x), 'b')\nflash(f'{x}')\nflash(str(x))"),
    ("redirect", "try:\n    redirect('/')\nexcept ValueError: pass"),
    ("flash, _ as t", "flash(t('a') % 1)"),
    ("request", "request.files['a'].save(x)\n'a' in request.files"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rest"), NOT_NOTED)
def test_what_is_the_same_is_not_noted(name: str, rest: str) -> None:
    result = eject(f"{COMMON}{name}\n{rest}\n")
    assert (result.hands, result.notes) == ([], [])
    assert "compatshim" not in result.text


def test_lazy_text_is_not_a_text() -> None:
    assert eject(f"{COMMON}flash, lazy_gettext as _\nflash(_('a'))\n").notes == [
        "2 CS603 flash"
    ]


def test_view_that_the_file_calls_itself_raises_as_before() -> None:
    before = f"{COMMON}redirect\n{ROUTE}return redirect('/')\ndef b():\n    a()\n"
    after = before.replace(f"{COMMON}redirect", "from flask import abort, redirect")
    after = after.replace("redirect('/')", "abort(redirect('/'))")
    assert eject(before) == (after, [], [])


@pytest.mark.parametrize(
    "line",
    [
        "import compatshim.common",
        "import compatshim.common as common",
        "from compatshim import common",
    ],
)
def test_what_to_do_about_the_module_is_told(line: str) -> None:
    found = eject_source(decode("a.py", f"{line}\n".encode()), CommonNames())
    assert [one.reason for one in found.rewriting.refusals] == [
        "import the names themselves from compatshim.common, and eject again"
    ]


# Templates in strings.


@pytest.mark.parametrize(
    "function", ["render_template_string", "app.jinja_env.from_string"]
)
def test_templates_in_strings_are_read(function: str) -> None:
    before = (
        "from flask import render_template_string\n\n"
        "PAGE = '''<p>\n{{ c.a }}\n{% if g.b %}{{ h.x() }}{% endif %}'''\n"
        f"{function}(PAGE)\n{function}('{{{{ request.params.a }}}}')\n"
    )
    result = eject(before)
    assert result.text == before
    assert result.hands == ["4 CS604 c", "5 CS604 h", "7 CS604 request.params"]


@pytest.mark.parametrize(
    "line",
    [
        "x = '{{ c.a }}'",
        "render_template_string('{{ g.a }}', c='{% {{ c'.format())",
        "render_template_string('{{ c.a }}{# compatshim: ignore #}')",
    ],
)
def test_other_texts_are_no_templates(line: str) -> None:
    assert eject(f"{line}\n") == (f"{line}\n", [], [])
