"""A tree to be audited, with names that were made to do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from command_line import invoke

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVIL = (
    "<script>alert(1)<\\script>\"'&amp; onload=alert(2) \N{RIGHT-TO-LEFT OVERRIDE}.py"
)

FILES = {
    "shop/controllers/page.py": (
        "import pylons\n"
        "from pylons import request, tmpl_context as c\n"
        "from pylons.controllers import WSGIController\n"
        "\n"
        "\n"
        "class Page(WSGIController):\n"
        "    def show(self):\n"
        "        c.name = request.params['name']\n"
        "        return pylons.config['</code></pre><img src=x onerror=alert(3)>']\n"
    )
    + "    # more\n" * 200,
    "shop/controllers/cart.py": "from pylons import (\n    request,\n    session,\n)\n"
    + "x = 1\n" * 100,
    "shop/lib/clean.py": "x = 1\n" * 150,
    f"shop/lib/{EVIL}": "from pylons import url  # </table><script>alert(4)</script>\n"
    + "x = 1\n" * 40,
    "shop/lib/bad.py": "import pylons\ndef broken(:\n",
}


@pytest.fixture
def tree(make_project: Callable[..., Path]) -> Path:
    return make_project(FILES)


@pytest.fixture
def html(tree: Path) -> Callable[..., str]:
    """Return what makes a page of the tree, as somebody does."""

    def make(*arguments: str) -> str:
        result = invoke("audit", "--format", "html", *(arguments or (".",)))
        assert result.exit_code in (0, 1), result.output
        page: str = result.stdout
        return page

    return make
