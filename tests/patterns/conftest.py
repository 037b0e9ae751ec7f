"""Each page of docs/patterns as a module: its code runs as a reader would type it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from compatshim.testing import client_for

PATTERNS = Path(__file__).parents[2] / "docs" / "patterns"

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# The first line of a block that is a file: "# shop/views/pages.py".
_FILE = re.compile(r"# ([\w/]+\.py)$", re.MULTILINE)


def blocks_of(page):
    text = (PATTERNS / f"{page}.md").read_text(encoding="utf-8")
    return _BLOCK.findall(text)


class Page(ModuleType):
    """The names that a page's code defines."""

    def run(self, block, folder):
        """Run a block, or write it to the file that its first line names."""
        named = _FILE.match(block)
        if named is None:
            exec(compile(block, self.__name__, "exec"), vars(self))
            return
        file = folder / named[1]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block, encoding="utf-8")


@pytest.fixture
def run_page(tmp_path, monkeypatch):
    """Return a function that runs the code of a page, or its first ``count`` blocks."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def run(name, count=None):
        page = Page(f"page_{name.replace('-', '_')}")
        monkeypatch.setitem(sys.modules, page.__name__, page)
        for block in blocks_of(name)[:count]:
            page.run(block, tmp_path)
        return page

    yield run
    for module in set(sys.modules) - known:
        if (getattr(sys.modules[module], "__file__", None) or "").startswith(
            str(tmp_path)
        ):
            del sys.modules[module]


def _page_of(request):
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    return name.replace("_", "-")


@pytest.fixture
def page(request, run_page):
    """The page that the test module is named after, all of its code run."""
    return run_page(_page_of(request))


@pytest.fixture
def unserved_page(request, run_page):
    """The same with its first block run: the application has not served anything yet."""
    return run_page(_page_of(request), 1)


@pytest.fixture
def client(page):
    """A browser of the page's ``app``; its answers have ``served_by``."""
    return client_for(page.app)
