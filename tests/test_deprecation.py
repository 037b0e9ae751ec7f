"""Warnings point at the line that is to be changed."""

from __future__ import annotations

import functools
import warnings

import pytest
from jinja2 import DictLoader, Environment
from werkzeug.local import LocalProxy

from compatshim.deprecation import (
    DeprecatedHelperWarning,
    LegacyRouteWarning,
    deprecated,
    warn_at_caller,
    warn_of_legacy_route,
)


def run_as(module, source, **names):
    """Run ``source`` as a module of this name, in a file of this name."""
    code = compile(source, f"<{module}>", "exec")
    exec(code, {"__name__": module, **names})  # noqa: S102


@pytest.mark.parametrize(
    ("module", "is_caller"),
    [
        ("compatshim", False),
        ("compatshim.functions", False),
        ("werkzeug.local", False),
        ("compatshim.demo.views.pages", True),
        ("compatshimmer", True),
        ("application", True),
    ],
)
def test_caller_is_outside_of_compatshim(module, is_caller):
    with pytest.warns(UserWarning, match="old") as record:
        run_as(module, "\nfunction()", function=_warning_of_ours())
    expected = (f"<{module}>", 2) if is_caller else (__file__, record[0].lineno)
    assert (record[0].filename, record[0].lineno) == expected


def _warning_of_ours():
    names = {"warn": warn_at_caller}
    source = "def function(*_):\n    warn(UserWarning('old'))"
    exec(source, {"__name__": "compatshim.made_up"} | names, names)  # noqa: S102
    return names["function"]


@pytest.mark.parametrize("wrap", [LocalProxy, functools.partial])
def test_what_stands_between_is_not_the_caller(wrap):
    function = _warning_of_ours()
    wrapped = LocalProxy(lambda: function) if wrap is LocalProxy else wrap(function)
    with pytest.warns(UserWarning, match="old") as record:
        wrapped()
    assert record[0].filename == __file__


def test_warning_of_a_route_knows_both_calls():
    warning = LegacyRouteWarning("url_for('old')", "url_for('new')")
    assert isinstance(warning, DeprecationWarning)
    assert (warning.old_call, warning.new_call) == ("url_for('old')", "url_for('new')")
    assert "write url_for('new')" in str(warning)


def test_line_is_shown_once_where_the_filter_says_so():
    names = {"__name__": "application_of_the_test", "function": _warning_of_a_route()}
    code = compile("function()", "application_of_the_test.py", "exec")
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("default")
        for _ in range(3):
            exec(code, names)  # noqa: S102
    assert [warning.filename for warning in record] == ["application_of_the_test.py"]


def _warning_of_a_route():
    """Return a function as deep in compatshim as ``url_for``, which warns."""
    source = (
        "def first(): second()\n"
        "def second(): third()\n"
        "def third(): warn('new', 'old')\n"
    )
    names = {"__name__": "compatshim.made_up", "warn": warn_of_legacy_route}
    exec(source, names)  # noqa: S102
    return names["first"]


@deprecated("new()")
def old(text="", *, end=""):
    """Say what it is."""
    return f"old {text}{end}"


def test_deprecated_function_is_otherwise_what_it_was():
    assert (old.__name__, old.__doc__) == ("old", "Say what it is.")
    with pytest.warns(DeprecatedHelperWarning) as record:
        assert old("a", end="!") == "old a!"
    assert record[0].filename == __file__
    assert record[0].category is DeprecatedHelperWarning
    assert isinstance(record[0].message, DeprecationWarning)


@pytest.mark.parametrize(
    ("removed_in", "expected"),
    [
        (None, "old() is deprecated: write new()."),
        ("3.0", "old() is deprecated and will be removed in 3.0: write new()."),
    ],
)
def test_warning_of_a_helper_has_its_data(removed_in, expected):
    warning = DeprecatedHelperWarning("old", "new()", removed_in)
    assert (warning.name, warning.instead) == ("old", "new()")
    assert warning.removed_in == removed_in
    assert str(warning) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("page.html", "page.html"), (None, "<template>")]
)
def test_line_of_a_template_that_is_in_no_file(name, expected):
    text = "a\n\n{{ old() }}"
    environment = Environment(loader=DictLoader({"page.html": text}), autoescape=True)
    template = environment.get_template(name) if name else environment.from_string(text)
    with pytest.warns(DeprecatedHelperWarning) as record:
        template.render(old=old)
    assert (record[0].filename, record[0].lineno) == (expected, 3)
