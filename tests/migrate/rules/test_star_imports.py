from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize("module", ["pylons", "pylons.i18n", "webob.exc"])
def test_found(look: Look, module: str) -> None:
    assert look(f"from {module} import *\n_('x')") == [
        f"CS105 from-import {module}:* - manual"
    ]


@pytest.mark.parametrize(
    "source", ["from .pylons import *", "from mine import *", "import pylons"]
)
def test_not_found(look: Look, source: str) -> None:
    assert look(source, "CS105") == []
