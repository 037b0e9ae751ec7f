from __future__ import annotations

import symtable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from compatshim.migrate.scopes import (
    BINDING,
    DELETE,
    GLOBAL,
    IMPORT,
    NONLOCAL,
    UNCLEAR,
    USE,
    Scopes,
    qualified_name,
)
from compatshim.migrate.syntax import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator


def kinds(source: str, name: str = "x") -> list[str]:
    return [one.kind for one in Scopes(Tree(source.encode())).occurrences(name)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x", [USE]),
        ("x.x", [USE]),
        ("a.x", []),
        ("f(x=x)", [USE]),
        ("'x'", []),
        ("# x", []),
        ("xx = x_x = éx", []),
        ("f'{x}'", [USE]),
        ("x[0] = 1", [USE]),
        ("x.a = 1", [USE]),
        ("x = x", [BINDING, USE]),
        ("x: x = x", [BINDING, USE, USE]),
        ("x += 1", [BINDING]),
        ("a = x = 1", [BINDING]),
        ("a, (x, b) = c", [BINDING]),
        ("[a, *x] = c", [BINDING]),
        ("(x) = 1", [BINDING]),
        ("(x := 1)", [BINDING]),
        ("for a, x in x: pass", [BINDING, USE]),
        ("with x as x: pass", [USE, BINDING]),
        ("with a as (b, x): pass", [BINDING]),
        ("try: pass\nexcept x as x: pass", [USE, BINDING]),
        ("try: pass\nexcept x, x: pass", [USE, BINDING]),
        ("try: pass\nexcept a, (b, x): pass", [BINDING]),
        ("try: pass\nexcept (a, x): pass", [USE]),
        ("def x(): pass", [BINDING]),
        ("class x: pass", [BINDING]),
        ("class a(x, m=x): pass", [USE, USE]),
        ("def f(x, *a, b=x): pass", [BINDING, USE]),
        ("def f(*x): pass", [BINDING]),
        ("def f(**x): pass", [BINDING]),
        ("def f((a, x)): pass", [BINDING]),
        ("def f(x: x = x) -> x: pass", [BINDING, USE, USE, USE]),
        ("lambda x, a=x: x", [BINDING, USE, USE]),
        ("[x for x in x]", [USE, BINDING, USE]),
        ("import x", [IMPORT]),
        ("import x.y", [IMPORT]),
        ("import y.x", []),
        ("import y as x", [IMPORT]),
        ("import x as y", []),
        ("from x import y", []),
        ("from y import x", [IMPORT]),
        ("from y import x as y", []),
        ("from y import y as x", [IMPORT]),
        ("from . import x", [IMPORT]),
        ("global x", [GLOBAL]),
        ("def f():\n  nonlocal x", [NONLOCAL]),
        ("del x", [DELETE]),
        ("del a, (x, b)", [DELETE]),
        ("del x.a", [USE]),
        ("print x, x.a", [USE, USE]),
        ("print >>x, x", [USE, USE]),
        ("exec x in x", [USE, USE]),
        ("raise x, x", [USE, USE]),
        ("@x.y\ndef f(): pass", [USE]),
        ("match a:\n  case x: pass", [BINDING]),
        ("match a:\n  case x.y: pass", [USE]),
        ("match a:\n  case x(x=x): pass", [USE, BINDING]),
        ("match a:\n  case [x, *y]: pass", [BINDING]),
        ("match a:\n  case {**x}: pass", [BINDING]),
        ("match x:\n  case 1 as x: pass", [USE, BINDING]),
        ("exec x.a", [UNCLEAR]),
        ("lambda a=x,]b*)", [USE]),
    ],
)
def test_kinds(source: str, expected: list[str]) -> None:
    assert kinds(source) == expected
    scopes = Scopes(Tree(source.encode()))
    more_than_uses = [kind for kind in expected if kind not in (USE, UNCLEAR)]
    assert [one.kind for one in scopes.bindings("x")] == more_than_uses
    assert scopes.is_used("x") == (USE in expected or UNCLEAR in expected)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("x", ""),
        ("def f():\n  x", "f"),
        ("def f():\n  def g(): x", "f.g"),
        ("class C(B):\n  def m(self):\n    return lambda: x", "C.m"),
        ("class C(x): pass", ""),
        ("def f(a=x): pass", ""),
        ("class C:\n  @x\n  def m(self): pass", "C"),
        ("async def f():\n  x", "f"),
    ],
)
def test_qualified_names(source: str, name: str) -> None:
    tree = Tree(source.encode())
    (occurrence,) = Scopes(tree).occurrences("x")
    assert qualified_name(tree, occurrence.path) == name


@pytest.mark.parametrize("use", ["x", "def g(): return x", "class C: x"])
def test_a_name_that_a_function_binds_for_the_module(use: str) -> None:
    tree = Tree(f"def f():\n  global x\n  import x\n{use}".encode())
    scopes = Scopes(tree)
    last = scopes.occurrences("x")[-1]
    scope = scopes.scope_of(last)
    assert scope is not None
    assert scope.kind == "module"
    assert scopes.occurrences_of("x", scope) == scopes.occurrences("x")


# Python's own answers, for functions and classes in one another.

STATEMENTS = [
    "x = 1",
    "x",
    "global x",
    "nonlocal x",
    "del x",
    "import x",
    "import a as x",
    "for x in a: pass",
    "(lambda x: x)",
    "(lambda a=x: a)",
    "a = [x for x in a]",
    "a = [a for a in x]",
    "a = [x for a in a]",
    "def x(): pass",
    "class x: pass",
    "y = 2",
    "print(x)",
]


def blocks(depth: int) -> st.SearchStrategy[list[str]]:
    statement = st.sampled_from(STATEMENTS).map(lambda text: [text])
    if depth:
        heads = ["def f():", "def f(x):", "def f(a=x):", "class C:", "class C(x):"]
        inner = st.tuples(st.sampled_from(heads), blocks(depth - 1)).map(
            lambda pair: [pair[0], *(f"    {line}" for line in pair[1])]
        )
        statement = st.one_of(statement, inner)
    return st.lists(statement, min_size=1, max_size=4).map(
        lambda lists: [line for lines in lists for line in lines]
    )


def python_says(table: symtable.SymbolTable) -> Iterator[tuple[int, str]]:
    """Yield where ``x`` is bound, by the line and name of each scope that knows it."""
    if "x" in table.get_identifiers():
        symbol = table.lookup("x")
        if table.get_type() == "module":
            bound = "module" if symbol.is_assigned() or symbol.is_imported() else "none"
        elif symbol.is_declared_global() or symbol.is_global():
            bound = "global"
        else:
            bound = "here" if symbol.is_local() else "outside"
        yield table.get_lineno(), f"{table.get_name()} {bound}"
    for child in table.get_children():
        yield from python_says(child)


@settings(deadline=None, max_examples=300)
@given(blocks(3))
def test_as_python_resolves(lines: list[str]) -> None:
    source = "\n".join(lines) + "\n"
    try:
        table = symtable.symtable(source, "a.py", "exec")
    except SyntaxError:
        return
    answers = {
        line: answer.split()[1]
        for line, answer in python_says(table)
        if answer.split()[0] in ("f", "C")
    }
    scopes = Scopes(Tree(source.encode()))
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for one in scopes.occurrences("x"):
        line = source.count("\n", 0, one.scope.start) + 1
        if one.scope.kind not in ("function_definition", "class_definition"):
            continue
        found = scopes.scope_of(one)
        if found is None or found.kind == "module":
            # Python takes a name that is bound nowhere for a global one.
            assert answers[line] in ("global", "outside")
        elif found == one.scope:
            assert answers[line] == "here"
        else:
            assert answers[line] == "outside"
