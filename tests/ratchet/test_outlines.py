"""Which function and statement a line is in, on every version of Python alike."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, strategies as st

from compatshim.ratchet.outlines import Outline, outline_of

SOURCE = """\
import os

@first(
    second)
@third
def outer(argument=os.name,
          other=2):
    def inner():
        return [
            one
            for one in other
        ]
    return inner


class Page(
        Base):
    name = call(
        1)

    @property
    async def show(self):
        try:
            with self:
                go(lambda: (
                    1))
        except ValueError:
            a()
        else:
            b()
        finally:
            c()
        match self:
            case 1:
                d()
        if e(
                1):
            f()
        elif g():
            h()

    class Inner:
        def deep(self): return i()

# the end
"""

# What each line belongs to: the function, and the first line of the statement.
EXPECTED = {
    1: ("", 1),
    2: ("", 2),
    3: ("", 3),
    4: ("", 3),
    5: ("", 5),
    6: ("", 6),
    7: ("", 6),
    8: ("outer", 8),
    9: ("outer.inner", 9),
    11: ("outer.inner", 9),
    13: ("outer", 13),
    14: ("", 14),
    16: ("", 16),
    17: ("", 16),
    18: ("Page", 18),
    19: ("Page", 18),
    21: ("Page", 21),
    22: ("Page", 22),
    25: ("Page.show", 25),
    26: ("Page.show", 25),
    28: ("Page.show", 28),
    30: ("Page.show", 30),
    32: ("Page.show", 32),
    35: ("Page.show", 35),
    36: ("Page.show", 36),
    37: ("Page.show", 36),
    38: ("Page.show", 38),
    39: ("Page.show", 39),
    40: ("Page.show", 40),
    43: ("Page.Inner.deep", 43),
    45: ("", 45),
    99: ("", 99),
}


@pytest.mark.parametrize("line", EXPECTED)
def test_line(line):
    assert Outline(SOURCE.encode()).at(line) == EXPECTED[line]


@pytest.mark.parametrize(
    "source",
    [b"print 'Python 2'", b"\x00", b"\xff\xfe", b"<html>${c.x}</html>", b"(" * 5000],
)
def test_what_is_no_python(source):
    assert Outline(source).at(7) == ("", 7)


def test_encodings(tmp_path):
    path = tmp_path / "latin.py"
    path.write_bytes(b"# coding: latin-1\ndef caf\xe9():\n    pass\n")
    assert outline_of(str(path)).at(3) == ("caf\xe9", 3)


@pytest.mark.parametrize("name", ["missing.py", ".", "\0", "<string>"])
def test_files_that_cannot_be_read(tmp_path, name):
    assert outline_of(str(tmp_path / name)).at(3) == ("", 3)


@given(st.integers(-3, 60))
def test_lines_never_fail_and_never_move_down(line):
    spot = Outline(SOURCE.encode()).at(line)
    assert spot.line <= line


def test_its_own_source():
    path = outline_of.__code__.co_filename
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    outline = outline_of(path)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert outline.at(node.body[-1].lineno).function == node.name
