from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pylons\npylons.request", "import pylons: - automatic"),
        ("import pylons as p\np.request", "import pylons: as p - automatic"),
        ("import pylons.i18n\npylons.i18n._", "import pylons.i18n: - automatic"),
        ("from pylons import i18n\ni18n._", "from-import pylons:i18n - automatic"),
        (
            "import compatshim.legacy\ncompatshim.legacy.url",
            "import compatshim.legacy: - automatic",
        ),
        ("import pylons\nf(pylons.request, pylons)", "import pylons: - assisted"),
        ("import pylons\npylons.request\npylons = 1", "import pylons: - assisted"),
        ("import pylons\npylons.request\npylons.test", "import pylons: - assisted"),
        ("import pylons\npylons.url\npylons.request = 1", "import pylons: - assisted"),
        ("import pylons\ngetattr(pylons, x)", "import pylons: - manual"),
        ("import pylons\npylons.wsgiapp.PylonsApp", "import pylons: - manual"),
    ],
)
def test_found(look: Look, source: str, expected: str) -> None:
    assert look(source, "CS104") == [f"CS104 {expected}"]


@pytest.mark.parametrize(
    "source",
    ["import webob", "import pylons.config as config", "from pylons import request"],
)
def test_other_rules_have_these(look: Look, source: str) -> None:
    assert look(source, "CS104") == []
    assert len(look(source)) == 1
