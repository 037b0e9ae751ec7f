"""``url_for(controller=..., action=...)`` becomes the endpoint that replaces the route."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st

from compatshim.cli import main
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.known import Known
from compatshim.migrate.opt_in import endpoints
from compatshim.migrate.rewriting import rewrite_source
from compatshim.migrate.routes_table import RoutesTable, Row
from compatshim.migrate.sources import decode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Apply = Callable[..., Any]

CODE = endpoints.CODE
IMPORT = "from compatshim.common import url, url_for\n"


def route(endpoint: str, *replaces: tuple[str, str], **values: Any) -> dict[str, Any]:
    replaced = [
        {"route": None, "controller": controller, "action": action}
        for controller, action in replaces
    ]
    return {
        "methods": ["GET"],
        "endpoint": endpoint,
        "name": None,
        "framework": "flask",
        "arguments": [],
        "view": None,
        "replaces": [
            {"route": "x", "controller": None, "action": None},
            *replaced,
        ],
        **values,
    }


ROUTES = [
    route("dataset.read", ("package", "read"), arguments=["id"]),
    route("dataset.index", ("package", "index")),
    route("one", ("twice", "read")),
    route("two", ("twice", "read")),
    route("home", ("home", "index")),
    route("home/index", name="home", framework="legacy"),
]


def test_example(apply: Apply) -> None:
    outcome = apply({"a.py": IMPORT + endpoints.BEFORE}, CODE, ROUTES)
    assert outcome.files["a.py"] == IMPORT + endpoints.AFTER
    assert (outcome.left, outcome.exit_code) == ([], 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("url(controller='package')", "url('dataset.index')"),
        (
            "url_for(action='read', id=f(1, 2), controller=u'package', q=[1])",
            "url_for('dataset.read', id=f(1, 2), q=[1])",
        ),
        (
            "url_for(id=3,\n        controller='package',\n        action='read')",
            "url_for('dataset.read', id=3)",
        ),
        (
            "url_for(\n    controller='package',\n    action='read',\n    id=x,\n)",
            "url_for(\n    'dataset.read',\n    id=x,\n)",
        ),
        (
            # Routes remembers nothing then.
            "url_for(controller='/package', action='read')",
            "url_for('dataset.read')",
        ),
        (
            "url_for(controller='package', action='read',"
            " id=url_for(controller='package', action='index'))",
            "url_for('dataset.read', id=url_for('dataset.index'))",
        ),
        ("x.y(link=url(controller='package'))", "x.y(link=url('dataset.index'))"),
    ],
)
def test_transforms(apply: Apply, before: str, after: str) -> None:
    outcome = apply({"a.py": f"{IMPORT}{before}\n"}, CODE, ROUTES)
    assert (outcome.files["a.py"], outcome.left) == (f"{IMPORT}{after}\n", [])


def test_names_that_the_same_run_makes_ours(apply: Apply) -> None:
    before = (
        "from routes import url_for as link\n"
        "import pylons\n"
        "link(controller='package'), pylons.url(controller='package')\n"
    )
    outcome = apply({"a.py": before}, CODE, ROUTES)
    assert outcome.files["a.py"] == (
        "from compatshim.common import url, url_for as link\n"
        "link('dataset.index'), url('dataset.index')\n"
    )
    assert outcome.left == []


def test_helpers(apply: Apply) -> None:
    files = {
        "helpers.py": "from routes import url_for\n",
        "a.py": "import helpers as h\nh.url_for(controller='package'), h.url_for('x')\n",
    }
    outcome = apply(files, CODE, ROUTES)
    assert outcome.files["a.py"] == (
        "from compatshim.common import url_for\n"
        "import helpers as h\n"
        "url_for('dataset.index'), h.url_for('x')\n"
    )
    files["a.py"] = "import helpers as h\nh.url_for(controller='x'), h.url_for('x')\n"
    assert apply(files, [CODE, "CS123"], ROUTES).files["a.py"] == (
        "from compatshim.common import url_for\n"
        "import helpers as h\n"
        "url_for(controller='x'), url_for('x')\n"
    )
    files["helpers.py"] = "def url_for(**values): pass\n"
    outcome = apply(files, CODE, ROUTES)
    assert outcome.files["a.py"] == files["a.py"]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            "url_for(action='read')",
            "its controller is that of the current route: write it",
        ),
        ("url_for(controller=name)", "its controller is not a plain text"),
        ("url_for(controller=f'{x}')", "its controller is not a plain text"),
        ("url_for(controller='package', action=a)", "its action is not a plain text"),
        ("url_for(controller='package', **kw)", "nobody can tell what is in its **"),
        (
            "url_for(controller='package',  # here\n action='index')",
            "there is a comment in it: move that",
        ),
        (
            "url_for(controller='package', action='read')",
            "the current route may fill in id: write it",
        ),
        (
            "url_for(controller='package', action='read', id=None)",
            "Routes leaves out id=None, and the endpoint asks for it",
        ),
        (
            "url_for(controller='twice', action='read')",
            "several endpoints replace it: one, two",
        ),
        ("url_for(controller='home')", "a legacy route is called 'home', too"),
    ],
)
def test_refusals(apply: Apply, call: str, reason: str) -> None:
    outcome = apply({"a.py": f"{IMPORT}{call}\n"}, CODE, ROUTES)
    assert outcome.files["a.py"] == f"{IMPORT}{call}\n"
    (left,) = outcome.left
    assert left.startswith("./a.py:2: CS121 url_for(")
    assert left.endswith(f", ...) is left as it is: {reason}")
    assert outcome.exit_code == 1


def test_name_that_is_bound_again(apply: Apply) -> None:
    source = f"{IMPORT}if x:\n    url_for = y\nurl_for(controller='package')\n"
    outcome = apply({"a.py": source}, CODE, ROUTES)
    assert outcome.files["a.py"] == source
    assert "the name of the function is bound in another way, too" in outcome.left[0]


@pytest.mark.parametrize(
    "source",
    [
        f"{IMPORT}url_for(controller='unknown', action='x')\n",
        f"{IMPORT}url_for('name', controller='package')\n",
        f"{IMPORT}url_for('dataset.read', id=3)\n",
        f"{IMPORT}url.current(controller='package')\n",
        f"{IMPORT}url_for(controller='package')  # compatshim: ignore\n",
        "from flask import url_for\nurl_for(controller='package')\n",
        "url_for(controller='package')\n",
        f"{IMPORT}def f(url_for):\n    url_for(controller='package')\n",
    ],
)
def test_what_is_not_meant(apply: Apply, source: str) -> None:
    outcome = apply({"a.py": source}, CODE, ROUTES)
    assert (outcome.files["a.py"], outcome.left) == (source, [])


NAMES = st.sampled_from(["id", "q", "page", "host", "_anchor"])
VALUES = st.sampled_from(["1", "x", "f(a, b=2)", "'a, b'", "[i for i in x]", "(1, 2)"])
SPACES = st.sampled_from(["", " ", "\n    "])


@given(st.data())
def test_other_arguments_stay_as_they_are(data: st.DataObject) -> None:
    others = data.draw(st.dictionaries(NAMES, VALUES, max_size=4))
    others.setdefault("id", "1")
    pairs = [("controller", "'package'"), ("action", '"read"'), *others.items()]
    pairs = data.draw(st.permutations(pairs))
    comma = data.draw(st.sampled_from(["", ","]))
    listed = ",".join(data.draw(SPACES) + f"{key}={value}" for key, value in pairs)
    source = f"{IMPORT}url_for({listed}{comma})\n"
    known = Known((), Catalogue(), [CODE])
    replaces = frozenset({("package", "read")})
    row = Row("flask", "a.b", None, None, None, frozenset({"id"}), replaces)
    known.routes = RoutesTable([row])
    rewriting = known.apply(
        rewrite_source(decode("a.py", source.encode()), Catalogue())
    )
    assert rewriting.refusals == ()
    call = ast.parse(rewriting.data).body[1].value
    assert [ast.literal_eval(one) for one in call.args] == ["a.b"]
    in_order = [(key, value) for key, value in pairs if key in others]
    assert [(one.arg, ast.unparse(one.value)) for one in call.keywords] == [
        (key, ast.unparse(ast.parse(value, mode="eval"))) for key, value in in_order
    ]


# The table


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not JSON: "),
        ("{}", "it is not a list of routes"),
        ("[1]", "route 1 in it has no 'arguments'"),
        ('[{"rule": "/"}]', "route 1 in it has no 'arguments'"),
        (
            '[{"arguments": 1, "endpoint": "", "framework": "", "methods": null,'
            ' "name": null, "replaces": [], "view": null}]',
            "route 1 in it has not the form of one: ",
        ),
    ],
)
def test_file_that_is_no_table(tmp_path: Path, text: str, reason: str) -> None:
    table = tmp_path / "routes.json"
    table.write_text(text)
    options = ["--rule", CODE, "--routes", str(table)]
    result = CliRunner().invoke(main, ["rewrite", *options, str(tmp_path)])
    assert result.exit_code == 2
    assert f"Error: {table} is no table of routes: {reason}" in result.output
    assert "compatshim routes --format json" in result.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rule", "CS121"], "CS121 needs --routes FILE, which compatshim routes"),
        (["--rule", "CS122"], "CS122 needs --routes FILE, which compatshim routes"),
        (
            ["--rule", "CS101"],
            "'CS101' is no such rule: CS120, CS121, CS122, CS123 are.",
        ),
    ],
)
def test_options_that_do_not_go_together(
    tmp_path: Path, options: list[str], message: str
) -> None:
    result = CliRunner().invoke(main, ["rewrite", *options, str(tmp_path)])
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
