"""The tables of eject say what Flask, Flask-Babel and the common objects really have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import flask
import flask_babel
import pytest
import werkzeug.exceptions
from werkzeug.test import EnvironBuilder

import compatshim.common
from compatshim import CompatShim
from compatshim.migrate.ejecting import attributes, functions
from compatshim.migrate.ejecting.checks import CHECKS
from compatshim.migrate.ejecting.names import ADVICE, TARGETS

PARITY = Path(__file__).parents[2] / "docs" / "parity.md"

HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Cookie": "a=1",
    "Pragma": "no-cache",
    "Referer": "http://example.org/x",
    "User-Agent": "Browser/1",
    "X-Requested-With": "XMLHttpRequest",
}
# Those that are objects without a comparison of their own, or made anew.
NOT_COMPARED = {"input_stream", "stream", "body_file", "routing_exception"}


def rows(heading: str) -> dict[str, str]:
    """The names in the table below a heading of the page, and the second column."""
    if not PARITY.is_file():
        pytest.skip("needs a checkout")
    text = PARITY.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    table = text.partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]*?) \|", table, re.MULTILINE))


def test_every_common_name_has_a_counterpart_or_an_advice() -> None:
    names = set(compatshim.common.__all__)
    assert {*TARGETS, *ADVICE} == names
    assert not TARGETS.keys() & ADVICE.keys()
    assert CHECKS.keys() <= TARGETS.keys()


@pytest.mark.parametrize(("name", "target"), TARGETS.items())
def test_target_is_there(name: str, target: str) -> None:
    module, _, attribute = target.rpartition(".")
    modules = {"flask": flask, "flask_babel": flask_babel}
    assert hasattr(modules[module], attribute)


def test_statuses_are_those_of_werkzeug() -> None:
    assert set(werkzeug.exceptions.default_exceptions) >= functions._STATUSES


def test_same_attributes_are_those_of_werkzeug() -> None:
    listed = rows("`request`")
    both = [name for name, whose in listed.items() if "Werkzeug has it, too" in whose]
    same = {*attributes.SAME} - {*both}
    assert {listed[name] for name in same} <= {"Werkzeug", "Flask"}
    # Of a name that both have, it is one that answers alike.
    assert {*attributes.SAME} & {*both} == {
        "content_length",
        "max_forwards",
        "method",
        "referrer",
        "remote_addr",
        "remote_user",
        "scheme",
    }


def test_every_attribute_of_webob_is_in_a_table_or_flask_has_none() -> None:
    ours = {
        *attributes.SAME,
        *attributes.MAPPINGS,
        *attributes.MULTIDICTS,
        *attributes.COUNTERPARTS,
    }
    tables = [attributes.SAME, attributes.MULTIDICTS, attributes.COUNTERPARTS]
    assert sum(map(len, tables)) + len(attributes.MAPPINGS) == len(ours)
    assert not ours & attributes.BY_HAND.keys()
    for name in attributes.SAME:
        assert hasattr(flask.Request, name) or name in {
            "environ",
            "routing_exception",
            "url_rule",
            "view_args",
            "scheme",
            "server",
            "root_path",
            "method",
            "remote_addr",
        }


@pytest.fixture
def app() -> flask.Flask:
    made = flask.Flask("made")
    CompatShim(made)
    return made


def context(app: flask.Flask, body: bytes = b'{"a": 1}') -> Any:
    environ = EnvironBuilder(
        "/a/b",
        "http://example.org/mount",
        query_string="q=1&r=2",
        method="POST",
        data=body,
        headers=HEADERS,
        environ_base={"REMOTE_ADDR": "10.0.0.9", "REMOTE_USER": "ann"},
    ).get_environ()
    return app.request_context(environ)


@pytest.mark.parametrize("name", sorted({*attributes.SAME} - NOT_COMPARED))
def test_same_attribute_is_the_same(app: flask.Flask, name: str) -> None:
    with context(app):
        common = getattr(compatshim.common.request, name)
        common = common() if callable(common) else common
    with context(app):
        own = getattr(flask.request, name)
        own = own() if callable(own) else own
        if name != "environ":
            assert common == own
        assert str(type(common)) == str(type(own))


@pytest.mark.parametrize("name", sorted(attributes.COUNTERPARTS.keys() - NOT_COMPARED))
def test_counterpart_is_the_same(app: flask.Flask, name: str) -> None:
    with context(app):
        common = getattr(compatshim.common.request, name)
    with context(app):
        expression = attributes.COUNTERPARTS[name].expression
        own = eval(expression, {"request": flask.request})  # noqa: S307 (it is ours)
        assert common == own
        assert type(common) is type(own)


@pytest.mark.parametrize("name", ["user_agent", "pragma", "is_xhr", "content_type"])
def test_counterpart_of_what_was_not_sent_is_the_same(
    app: flask.Flask, name: str
) -> None:
    with app.test_request_context("/", headers={"User-Agent": ""}) as bare:
        bare.request.environ.pop("HTTP_USER_AGENT", None)
        expression = attributes.COUNTERPARTS[name].expression
        own = eval(expression, {"request": flask.request})  # noqa: S307 (it is ours)
        assert getattr(compatshim.common.request, name) == own


@pytest.mark.parametrize("name", attributes.MULTIDICTS)
def test_multidicts_differ_in_the_value_of_a_repeated_key_only(
    app: flask.Flask, name: str
) -> None:
    form = {"data": {"a": ["1", "2"], "b": "3"}, "query_string": "a=1&a=2&b=3"}
    with app.test_request_context("/", method="POST", **form):
        common = getattr(compatshim.common.request, name)
        own = getattr(flask.request, attributes.MULTIDICTS[name])
        assert (common["b"], common.get("b"), "b" in common) == ("3", "3", True)
        assert (own["b"], own.get("b"), "b" in own) == ("3", "3", True)
        assert (common.get("x"), common.get("x", 1)) == (None, 1)
        assert (own.get("x"), own.get("x", 1)) == (None, 1)
        assert common.getall("a") == own.getlist("a")
        assert (common["a"], own["a"]) == ("2", "1")


def test_session_has_what_is_kept(app: flask.Flask) -> None:
    app.secret_key = "a"
    with app.test_request_context("/"):
        for name in attributes.SAME_OF_SESSION:
            assert hasattr(flask.session, name)
