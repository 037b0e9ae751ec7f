"""What other modules take from one stays in it: by a star, an import, an attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.rewrite import Rewritten, rewrite, write

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("tree_sitter_python")

BASE = b"import pylons\nprint(pylons.request)\n"
KEPT = b"from compatshim.common import request\nimport pylons\nprint(request)\n"
GONE = b"from compatshim.common import request\nprint(request)\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return the folder of a project, with a package that has ``shop.lib.base``."""
    for folder in ("shop", "shop/lib", "shop/controllers"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "shop" / "lib" / "base.py").write_bytes(BASE)
    return tmp_path


def rewritten(*paths: Path) -> list[tuple[int, str, str, str]]:
    found = []
    for one in list(rewrite(map(str, paths))):
        assert isinstance(one, Rewritten)
        write(one)
        found += [tuple(refusal) for refusal in one.rewriting.refusals]
    return found


@pytest.mark.parametrize(
    ("consumer", "code"),
    [
        ("shop/controllers/cart.py", "from shop.lib.base import pylons\n"),
        ("shop/controllers/cart.py", "from ..lib.base import (x,\n  pylons as p)\n"),
        (
            "shop/controllers/cart.py",
            "import shop.lib.base\nx = shop.lib.base.pylons\n",
        ),
        ("shop/controllers/cart.py", "from shop.lib import base\nx = base.pylons.c\n"),
        ("shop/lib/cart.py", "from base import pylons  # as Python 2 does\n"),
        ("shop/lib/cart.py", "if x:\n    from .base import x, \\\n        pylons\n"),
        ("tests/test_cart.py", "mock.patch('shop.lib.base.pylons.request')\n"),
    ],
)
def test_module_that_others_have_from_here_stays(
    shop: Path, consumer: str, code: str
) -> None:
    (shop / consumer).parent.mkdir(exist_ok=True)
    (shop / consumer).write_text(code)
    assert rewritten(shop) == []
    assert (shop / "shop" / "lib" / "base.py").read_bytes() == KEPT
    assert rewritten(shop) == []
    assert (shop / "shop" / "lib" / "base.py").read_bytes() == KEPT


@pytest.mark.parametrize(
    ("consumer", "code"),
    [
        ("shop/controllers/cart.py", "from shop.lib.base import request\n"),
        ("shop/controllers/cart.py", "from shop.lib.other import *\n"),
        ("shop/controllers/base.py", "from other.lib.base import pylons\n"),
        ("shop/controllers/cart.py", "# from shop.lib.base import *\n"),
    ],
)
def test_what_others_take_elsewhere_is_of_no_account(
    shop: Path, consumer: str, code: str
) -> None:
    (shop / consumer).write_text(code)
    assert rewritten(shop) == []
    assert (shop / "shop" / "lib" / "base.py").read_bytes() == GONE


@pytest.mark.parametrize(
    "star", ["from shop.lib.base import *", "from ..lib.base import*"]
)
def test_no_name_is_added_to_what_a_star_imports(shop: Path, star: str) -> None:
    cart = shop / "shop" / "controllers" / "cart.py"
    cart.write_text(f"from flask import request\n{star}\n")
    assert rewritten(shop) == [
        (
            2,
            "CS102",
            "pylons.request",
            "others import * from this module, and would get request; name what they"
            " import",
        )
    ]
    assert (shop / "shop" / "lib" / "base.py").read_bytes() == BASE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b"from pylons import request\nimport pylons\nprint(pylons.request)\n",
            b"from compatshim.common import request\nimport pylons\nprint(request)\n",
        ),
        (
            b"__all__ = ['x']\nimport pylons\nprint(pylons.request)\n",
            b"__all__ = ['x']\nfrom compatshim.common import request\nimport pylons\n"
            b"print(request)\n",
        ),
        (
            b"def f():\n    import pylons\n    return pylons.request\n",
            b"def f():\n    from compatshim.common import request\n    return request\n",
        ),
    ],
)
def test_name_that_the_star_has_already_or_never_has(
    shop: Path, before: bytes, after: bytes
) -> None:
    (shop / "shop" / "controllers" / "cart.py").write_text(
        "from shop.lib.base import *\n"
    )
    (shop / "shop" / "lib" / "base.py").write_bytes(before)
    assert rewritten(shop) == []
    assert (shop / "shop" / "lib" / "base.py").read_bytes() == after


def test_name_in_a_package(shop: Path) -> None:
    (shop / "shop" / "lib" / "__init__.py").write_bytes(BASE)
    (shop / "shop" / "lib" / "base.py").write_text("from . import pylons\n")
    (shop / "shop" / "cart.py").write_text(
        "import shop.lib\nprint(shop.lib.pylons.c)\n"
    )
    assert rewritten(shop) == []
    assert (shop / "shop" / "lib" / "__init__.py").read_bytes() == KEPT
