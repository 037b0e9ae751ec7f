"""The table of codes, and that what was announced in it is done."""

from __future__ import annotations

import importlib.util
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import flask
import pytest
from werkzeug.test import EnvironBuilder

import compatshim
import compatshim.common
from compatshim import deprecation
from compatshim.deprecation import (
    CODES,
    CompatShimDeprecationWarning,
    LegacyControllerWarning,
    LegacyUrlWarning,
    LimitReachedWarning,
)
from compatshim.deprecation.declarations import is_reached
from compatshim.deprecation.names import (
    HELPERS,
    LEGACY_NAMES,
    REQUEST_ATTRIBUTES,
    import_line,
)
from compatshim.errors import HTTP_EXCEPTIONS
from compatshim.objects.request import Request

SCRIPT = Path(__file__).parents[2] / "docs" / "deprecation_table.py"

IMPORT_ALL = """
import importlib, pkgutil, sys
import compatshim
from compatshim.deprecation import overdue

for found in pkgutil.walk_packages(compatshim.__path__, "compatshim.", onerror=id):
    if not found.name.endswith("__main__"):
        try:
            importlib.import_module(found.name)
        except ImportError:  # of an optional library
            pass
print("compatshim.dispatcher" in sys.modules)
print(overdue("compatshim", compatshim.__version__))
"""

# Codes are never renumbered, and never go: baselines of applications have them.
PUBLISHED = {
    "CS001": "LimitReachedWarning",
    "CS101": "LegacyImportWarning",
    "CS102": "LegacyImportWarning",
    "CS103": "LegacyImportWarning",
    "CS104": "LegacyImportWarning",
    "CS105": "LegacyImportWarning",
    "CS106": "LegacyImportWarning",
    "CS107": "LegacyImportWarning",
    "CS108": "LegacyImportWarning",
    "CS109": "LegacyImportWarning",
    "CS110": "LegacyImportWarning",
    "CS111": "LegacyImportWarning",
    "CS112": "LegacyImportWarning",
    "CS113": "LegacyImportWarning",
    "CS114": "LegacyImportWarning",
    "CS115": "LegacyImportWarning",
    "CS116": "LegacyImportWarning",
    "CS117": "LegacyImportWarning",
    "CS118": "LegacyImportWarning",
    "CS120": "LegacyImportWarning",
    "CS121": "LegacyUrlWarning",
    "CS122": "LegacyAttributeWarning",
    "CS123": "LegacyAttributeWarning",
    "CS201": "LegacyUrlWarning",
    "CS202": "LegacyUrlWarning",
    "CS301": "LegacyAttributeWarning",
    "CS302": "LegacyAttributeWarning",
    "CS303": "LegacyAttributeWarning",
    "CS401": "LegacyControllerWarning",
    "CS501": "DeprecatedNameWarning",
    "CS502": "DeprecatedNameWarning",
    "CS601": "CompatShimDeprecationWarning",
    "CS602": "CompatShimDeprecationWarning",
    "CS603": "CompatShimDeprecationWarning",
    "CS604": "CompatShimDeprecationWarning",
    "CS605": "CompatShimDeprecationWarning",
    "CS606": "CompatShimDeprecationWarning",
}


def test_codes_are_what_they_were():
    assert {name: code.category.__name__ for name, code in CODES.items()} == PUBLISHED
    assert list(CODES) == sorted(CODES)


@pytest.mark.parametrize("code", CODES.values(), ids=str)
def test_code_is_explained(code):
    assert CODES[code.code] is code
    assert re.fullmatch(r"CS\d{3}", code.code)
    assert code.title[0].isupper()
    assert not code.title.endswith(".")
    assert code.explanation.endswith(".")
    assert issubclass(code.category, CompatShimDeprecationWarning)
    assert code.pending is issubclass(code.category, PendingDeprecationWarning)


def test_table_cannot_be_changed():
    with pytest.raises(TypeError):
        CODES["CS999"] = CODES["CS101"]


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_what_is_to_go_by_this_version_has_gone(code):
    gone = code.removed_in is not None and is_reached(
        code.removed_in, compatshim.__version__
    )
    assert not gone, f"{code.code} was to go in {code.removed_in}: take it away"


def test_names_of_ours_that_are_to_go_by_this_version_have_gone():
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_ALL]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True", "[]"]


@pytest.mark.parametrize(
    ("wanted", "version", "expected"),
    [
        ("1.0", "0.9", False),
        ("1.0", "1.0", True),
        ("1.0", "1", True),
        ("1.0", "1.0rc1", True),
        ("1.2", "1.10", True),
        ("1.10", "1.2", False),
        ("2", "10.0", True),
        ("0.1.1", "0.1.0", False),
        ("3.0.1", "3.0a1", False),
        ("3.0", "3.0a1", True),
        ("3.0", "3.0.dev20", True),
        ("2.0", "1!1.0", True),
        ("1!1.0", "2.0", False),
        ("2.0", "v2.0.post1+local.9", True),
        ("2.1", "2.0+local.9", False),
    ],
)
def test_versions_are_compared_by_their_numbers(wanted, version, expected):
    assert is_reached(wanted, version) is expected


def test_what_is_no_version():
    with pytest.raises(ValueError, match="'next' is not a version"):
        is_reached("next", "2.0")


# Warnings.


def test_text_says_what_is_to_be_done():
    warning = LegacyUrlWarning("CS201", "url_for('a')", "url_for('b')", "0.1", "1.0")
    assert str(warning) == (
        "CS201 url_for('a'): write `url_for('b')` (since 0.1, goes in 1.0)"
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("now()",), "CS501 old: write `now()`"),
        (("now()", None, "3.0"), "CS501 old: write `now()` (goes in 3.0)"),
        (("now()", "2.0"), "CS501 old: write `now()` (since 2.0)"),
        ((), "CS501 old: it is deprecated"),
    ],
)
def test_text_leaves_out_what_nobody_has_said(arguments, expected):
    assert str(CompatShimDeprecationWarning("CS501", "old", *arguments)) == expected


def test_warning_has_its_data_also_after_pickling():
    """As pytest-xdist and multiprocessing send it."""
    warning = LegacyControllerWarning("CS401", "Pages", "a view", "0.1", None)
    for one in (warning, pickle.loads(pickle.dumps(warning))):  # noqa: S301 (our own)
        assert type(one) is LegacyControllerWarning
        assert (one.code, one.name, one.instead) == ("CS401", "Pages", "a view")
        assert (one.since, one.removed_in) == ("0.1", None)
    limit = pickle.loads(pickle.dumps(LimitReachedWarning(7)))  # noqa: S301 (our own)
    assert limit.limit == 7
    assert "7 call sites" in str(limit)


@pytest.mark.parametrize("name", [n for n in deprecation.__all__ if "Warning" in n])
def test_class_can_be_filtered_by_its_public_name(name):
    category = getattr(deprecation, name)
    assert (category.__module__, category.__qualname__) == (
        "compatshim.deprecation",
        name,
    )
    assert issubclass(category, DeprecationWarning)


# Names.


@pytest.mark.parametrize(
    "target",
    sorted(
        {*HELPERS.values(), *(t for n in LEGACY_NAMES.values() for t in n.values())}
    ),
)
def test_what_takes_the_place_of_a_legacy_name_is_there(target):
    names = {}
    exec(import_line(target), names)
    assert names[target.rpartition(".")[2]] is getattr(
        compatshim.common, target.rpartition(".")[2]
    )


REQUESTS = {
    "plain": {"path": "/shop/a"},
    "in a folder": {"path": "/a", "base_url": "http://shop.example/b/"},
    "keys": {"path": "/a", "query_string": "x=1&y=2"},
    "form": {"path": "/a", "method": "POST", "data": {"x": "1"}},
    "json": {"path": "/a", "method": "POST", "json": {"x": [1]}},
    "json as text": {
        "path": "/a",
        "method": "PUT",
        "data": b"[1]",
        "content_type": "text/plain",
    },
}
OTHERS = {
    "repeated": {"path": "/a", "query_string": "x=1&x=2"},
    "repeated in a form": {"path": "/a", "method": "POST", "data": {"x": ["1", "2"]}},
    "not ASCII": {"path": "/\xe4", "base_url": "http://shop.example/\xe4/"},
    "forwarded": {"path": "/a", "headers": {"X-Forwarded-For": "9.9.9.9"}},
    "no path": {"path": "", "base_url": "http://shop.example/b"},
}


def differs(name, instead, request):
    """Return whether WebOb's attribute and Flask's answer unlike each other."""
    common, theirs = (
        cls(EnvironBuilder(**request).get_environ()) for cls in (Request, flask.Request)
    )
    names = {"flask": SimpleNamespace(request=theirs)}
    return plain(f"request.{name}", {"request": common}) != plain(
        instead, {"request": theirs, **names}
    )


def plain(expression, names):
    """Return the value as something that can be compared, be it WebOb's or Flask's."""
    try:
        value = eval(expression, names)  # noqa: S307 (our own)
    except HTTP_EXCEPTIONS as error:
        return error.code
    if hasattr(value, "read"):
        return value.read()
    if isinstance(value, Mapping):
        value = {name: value[name] for name in value}
    return value or None


@pytest.mark.parametrize(("name", "found"), REQUEST_ATTRIBUTES.items())
def test_attribute_is_webobs_and_its_successor_flasks(name, found):
    assert hasattr(Request, name)
    assert not hasattr(flask.Request, name)
    if name.startswith("accept"):
        assert "other methods" in found.differs_in
        assert hasattr(flask.Request, found.instead.rpartition(".")[2])
    else:
        assert not [
            label
            for label, request in REQUESTS.items()
            if differs(name, found.instead, request)
        ]


@pytest.mark.parametrize(("name", "found"), REQUEST_ATTRIBUTES.items())
def test_attribute_that_differs_says_where(name, found):
    if name.startswith("accept"):
        return
    unlike = {
        label
        for label, request in OTHERS.items()
        if differs(name, found.instead, request)
    }
    words = {
        "repeated": "repeated key",
        "repeated in a form": "repeated key",
        "not ASCII": "not ASCII",
        "forwarded": "X-Forwarded-For",
        "no path": "is empty",
    }
    assert [label for label in unlike if words[label] not in found.differs_in] == []
    assert unlike or "repeated" not in found.differs_in


# The page.


def test_page_has_the_table():
    spec = importlib.util.spec_from_file_location("deprecation_table", SCRIPT)
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    assert table.PAGE.read_text(encoding="utf-8") == table.render()
    for code in CODES.values():
        assert f"| {code.code} |" in table.render()
        assert code.title in table.render()
