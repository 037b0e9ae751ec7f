"""Warnings point at the line that is to be changed."""

from __future__ import annotations

import functools
import sys
import types

import pytest
from jinja2 import DictLoader, Environment
from werkzeug.local import LocalProxy

from compatshim.deprecation import (
    Recorder,
    callers,
    look_past,
    recorder as process_recorder,
    watch,
)


def run_as(module, source, **names):
    """Run ``source`` as a module of this name, in a file of this name."""
    names = {"__name__": module, **names}
    code = compile(source, f"<{module}>", "exec")
    exec(code, names)
    return names


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def function(recorder):
    """Return a function of compatshim's own that records, in a module of its own."""
    source = "def function(*_):\n    return record('CS501', 'old')"
    return run_as("compatshim.made_up", source, record=recorder.record)["function"]


def places(recorder):
    return [(use.site.filename, use.site.line) for use in recorder.uses()]


@pytest.mark.parametrize(
    ("module", "is_caller"),
    [
        ("compatshim", False),
        ("compatshim.functions", False),
        ("werkzeug.local", False),
        ("importlib", False),
        ("importlib._bootstrap", False),
        ("abc", False),
        ("asyncio.events", False),
        ("concurrent.futures.thread", False),
        ("contextlib", False),
        ("copy", False),
        ("dataclasses", False),
        ("enum", False),
        ("functools", False),
        ("inspect", False),
        ("pydoc", False),
        ("threading", False),
        ("types", False),
        ("typing", False),
        ("compatshim.demo.views.pages", True),
        ("compatshimmer", True),
        ("application", True),
    ],
)
@pytest.mark.filterwarnings("ignore:CS501")
def test_caller_is_outside_of_compatshim(recorder, function, module, is_caller):
    run_as(module, "\nfunction()", function=function)
    ((filename, line),) = places(recorder)
    assert (filename == f"<{module}>") is is_caller
    assert filename in {f"<{module}>", __file__}
    assert not is_caller or line == 2


@pytest.mark.parametrize("wrap", [LocalProxy, functools.partial])
@pytest.mark.filterwarnings("ignore:CS501")
def test_what_stands_between_is_not_the_caller(recorder, function, wrap):
    wrapped = LocalProxy(lambda: function) if wrap is LocalProxy else wrap(function)
    wrapped()
    assert [filename for filename, _ in places(recorder)] == [__file__]


@pytest.mark.filterwarnings("ignore:CS501")
def test_module_that_only_passes_on_is_looked_past(recorder, function, monkeypatch):
    monkeypatch.setattr(callers, "_between", list(callers._between))
    source = "def own(*args):\n    return function(*args)"
    own = run_as("looked_past_in_a_test.links", source, function=function)["own"]
    own()
    assert places(recorder) == [("<looked_past_in_a_test.links>", 2)]
    look_past("looked_past_in_a_test")
    try:
        recorder.clear()
        own()
        assert [filename for filename, _ in places(recorder)] == [__file__]
    finally:
        monkeypatch.undo()
        callers.forget()


@pytest.fixture
def read(monkeypatch):
    """Return a function that reads a watched name, by one of two instructions."""
    names = types.ModuleType("legacy_of_callers")
    names.request = 1
    monkeypatch.setitem(sys.modules, names.__name__, names)
    process_recorder.clear()
    source = "def read(way): return names.request if way else names.request"
    with watch(names.__name__, {"request": "compatshim.common.request"}):
        yield run_as("looked_past_later", source, names=names)["read"]
    process_recorder.clear()


@pytest.mark.filterwarnings("ignore:CS102")
def test_line_that_was_seen_is_looked_past_too(read, monkeypatch):
    monkeypatch.setattr(callers, "_between", list(callers._between))
    read(True)
    look_past("looked_past_later")
    read(True)
    monkeypatch.undo()
    callers.forget()
    found = places(process_recorder)
    assert [filename for filename, _ in found] == ["<looked_past_later>", __file__]


@pytest.mark.filterwarnings("ignore:CS102")
def test_line_that_was_seen_counts_after_clearing(read):
    read(True)
    process_recorder.clear()
    for way in (False, True, False, True):
        read(way)
    assert [use.count for use in process_recorder.uses()] == [4]


@pytest.mark.parametrize(
    ("name", "expected"), [("page.html", "<template page.html>"), (None, "<template>")]
)
@pytest.mark.filterwarnings("ignore:CS501")
def test_line_of_a_template_that_is_in_no_file(recorder, function, name, expected):
    text = "a\n\n{{ old() }}"
    environment = Environment(loader=DictLoader({"page.html": text}), autoescape=True)
    template = environment.get_template(name) if name else environment.from_string(text)
    template.render(old=function)
    assert places(recorder) == [(expected, 3)]


@pytest.mark.filterwarnings("ignore:CS501")
def test_modules_made_again_and_again_do_not_fill_memory(
    recorder, function, monkeypatch
):
    monkeypatch.setattr(callers, "MODULES_KEPT", 10)
    for number in range(50):
        run_as(f"made_{number}", "function()", function=function)
    assert len(callers._known_modules) <= 10
    assert len(places(recorder)) == 50


@pytest.mark.filterwarnings("ignore:CS501")
def test_module_without_a_caller_is_blamed_itself(recorder):
    run_as("application", "record('CS501', 'old')", record=recorder.record)
    assert places(recorder) == [("<application>", 1)]
    assert recorder.uses()[0].module == "application"
