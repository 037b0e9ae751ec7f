"""Former names of attributes and of what is in modules."""

from __future__ import annotations

import importlib
import inspect
import pydoc
import sys
import types

import pytest

from compatshim.deprecation import (
    DeprecatedNameWarning,
    deprecated_alias,
    overdue,
    recorder,
)


class Shape:
    kind = "shape"
    sort = deprecated_alias("kind")
    size = deprecated_alias("length", since="2.0", removed_in="3.0")
    measure = deprecated_alias("tell")

    def __init__(self):
        self.length = 1

    def tell(self, unit):
        return f"{self.length} {unit}"


def test_former_name_of_an_attribute(warned):
    shape = Shape()
    result, message = warned(lambda: shape.size)
    assert result == 1
    assert str(message) == (
        "CS502 Shape.size: write `Shape.length` (since 2.0, goes in 3.0)"
    )
    warned(lambda: setattr(shape, "size", 4))
    assert vars(shape) == {"length": 4}
    warned(lambda: delattr(shape, "size"))
    assert vars(shape) == {}


def test_former_name_of_a_method_and_of_a_class_attribute(warned):
    assert warned(lambda: Shape().measure("cm"))[0] == "1 cm"
    assert warned(lambda: Shape.sort)[0] == "shape"


def test_former_name_in_a_subclass(warned):
    class Circle(Shape):
        kind = "circle"

    assert warned(lambda: Circle().sort)[0] == "circle"


def test_former_name_that_is_given_to_a_class_later(warned):
    class Line:
        length = 1

    Line.size = deprecated_alias("length")
    for use in (
        lambda: Line().size,
        lambda: Line.size,
        lambda: setattr(Line(), "size", 1),
    ):
        with pytest.raises(TypeError, match=r"'length'.* in the class statement"):
            use()
    vars(Line)["size"].__set_name__(Line, "size")
    assert warned(lambda: Line().size)[0] == 1


@pytest.mark.parametrize("look", [inspect.getmembers, pydoc.render_doc])
def test_line_that_looks_at_a_class_is_told(look):
    with pytest.warns(DeprecatedNameWarning) as record:
        look(Shape)
    line = sys._getframe().f_lineno - 1
    assert {(one.filename, one.lineno) for one in record} == {(__file__, line)}


def test_former_names_are_declared():
    assert "Shape.size" in {one.name for one in overdue(__name__, "3.0")}


# Of modules.

SHAPES = """
from compatshim.deprecation import deprecated_names

class Circle:
    pass

def draw():
    return "drawn"

__getattr__ = deprecated_names(
    __name__,
    {"Round": "Circle", "paint": "draw", "Text": "shapes.letters.Letter"},
    since="2.0",
    removed_in="3.0",
)
"""
LETTERS = "class Letter:\n    pass\n\ndef spell():\n    return 'abc'\n\n_private = 1\n"
FORMER = """
from compatshim.deprecation import deprecated_names

__getattr__ = deprecated_names(__name__, "shapes.letters", since="2.0")
"""


@pytest.fixture(autouse=True)
def package(tmp_path, monkeypatch):
    root = tmp_path / "shapes"
    root.mkdir()
    (root / "__init__.py").write_text(SHAPES)
    (root / "letters.py").write_text(LETTERS)
    (root / "texts.py").write_text(FORMER)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "shapes"]:
        del sys.modules[name]


def run(source):
    """Run ``source`` as a module, and return its names and its places with their names."""
    names = {"__name__": "application"}
    with pytest.warns(DeprecatedNameWarning) as record:
        exec(compile(source, "/app/module.py", "exec"), names)
    shown = [(one.filename, one.lineno, one.message.name) for one in record]
    return types.SimpleNamespace(**names), shown


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("from shapes import Round", 1),
        ("\nimport shapes\nRound = shapes.Round", 3),
        ("import importlib\nRound = importlib.import_module('shapes').Round", 2),
    ],
)
def test_former_name_in_a_module_is_the_object_itself(source, line):
    names, shown = run(source)
    assert names.Round is sys.modules["shapes"].Circle
    assert shown == [("/app/module.py", line, "shapes.Round")]


def test_use_is_counted_once_for_an_import():
    """``from package import name`` asks whether there is one before it reads it."""
    recorder.clear()
    run("from shapes import paint\npaint()\npaint()")
    assert [(use.site.line, use.count) for use in recorder.uses()] == [(1, 1)]


def test_former_name_of_what_is_elsewhere_now():
    names, shown = run("from shapes import Text")
    assert names.Text is sys.modules["shapes.letters"].Letter
    assert shown[0][2] == "shapes.Text"


@pytest.mark.parametrize(
    "source",
    [
        "from shapes.texts import Letter, spell",
        "from shapes.texts import *",
        "import shapes.texts as t; Letter, spell = t.Letter, t.spell",
    ],
)
def test_former_module(source):
    names, shown = run(source)
    letters = sys.modules["shapes.letters"]
    assert (names.Letter, names.spell) == (letters.Letter, letters.spell)
    assert not hasattr(names, "_private")
    assert {place[1:] for place in shown} == {
        (1, "shapes.texts.Letter"),
        (1, "shapes.texts.spell"),
    }


@pytest.mark.parametrize("module", ["shapes", "shapes.texts"])
def test_name_that_was_never_there(module):
    with pytest.raises(ImportError, match="missing"):
        exec(f"from {module} import missing", {})
    with pytest.raises(AttributeError, match=f"'{module}' has no attribute 'missing'"):
        exec(f"import {module}; {module}.missing", {})
    assert not hasattr(importlib.import_module(module), "__path_of_nobody__")


def test_names_of_a_module_are_declared():
    importlib.import_module("shapes")
    declared = [one for one in overdue("shapes", "3.0") if one.name == "shapes.Round"]
    assert [(one.use, one.since) for one in declared] == [("shapes.Circle", "2.0")]
