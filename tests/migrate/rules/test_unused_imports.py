from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    "source",
    [
        "from pylons import request",
        "from pylons import request\nx.request",
        "from pylons import request\nf(request=1)",
        "from pylons import request\n# request\n'request'",
        "from pylons import request\nrequest = 1",
        "from pylons import tmpl_context as c\ntmpl_context.x",
        "import pylons",
        "def f():\n    from pylons import request",
        "from pylons import request  # type: ignore",
        "from pylons import request\n'''\n>>> x.request\n'''",
    ],
)
def test_unused(look: Look, source: str) -> None:
    (found,) = look(source)
    assert found.endswith(" +CS110")


@pytest.mark.parametrize(
    "source",
    [
        "from pylons import request\nrequest",
        "from pylons import request\nprint request",
        "from pylons import request\ndef f(): return request.x",
        "from pylons import request\nf(x=request)",
        "from pylons import request\nf'{request}'",
        "from pylons import request\n__all__ = ['request']",
        "from pylons import *",
        "from pylons import request\nx = None  # type: request",
        "import pylons\nx = []  # type: List[pylons.Request]",
        "from pylons import request\ndef f(x: 'request'): pass",
        "from pylons import request\ndef f(x: 'List[request.X]'): pass",
        "from pylons import request\ndef f():\n    '''\n    >>> request.x\n    '''",
    ],
)
def test_used(look: Look, source: str) -> None:
    (found,) = look(source)
    assert "CS110" not in found
