from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("from pylons import c\n__all__ = ['c']", "a.py"),
        ('from pylons import c\n__all__ = (\n    "x",\n    "c",  # hm\n)', "a.py"),
        ("from pylons import c\n__all__ = []\n__all__ += ['c']", "a.py"),
        ("from pylons import c\n__all__.extend(['c'])", "a.py"),
        ("from pylons import c as c", "a.py"),
        ("from pylons import c", "lib/__init__.py"),
        ("from pylons import *", "lib/__init__.py"),
    ],
)
def test_handed_on(look: Look, source: str, path: str) -> None:
    (found,) = look(source, path=path)
    assert found.endswith(" +CS111")


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("from pylons import c\nc.x", "a.py"),
        ("from pylons import c", "a.py"),
        ("from pylons import c\nc.x", "lib/__init__.py"),
        ("from pylons import c\n__all__ = ['cc']", "a.py"),
        ("from pylons import c\nother.__all__ = ['c']", "a.py"),
        ("from pylons import c\nmy__all__ = ['c']", "a.py"),
        ("def f():\n    from pylons import c\n__all__ = ['c']", "a.py"),
        ("import pylons.config as config\nconfig", "a.py"),
        ("from pylons import *", "a.py"),
    ],
)
def test_not_handed_on(look: Look, source: str, path: str) -> None:
    (found,) = look(source, path=path)
    assert "CS111" not in found
