"""The examples run, one after the other on each page, as a reader would type them."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import compatshim.common
from compatshim.deprecation.stores import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

# Pages with examples, and what these need beside compatshim itself.
PAGES = {
    "README.md": (),
    "docs/configuration.md": ("paste",),
    "docs/deprecation.md": (),
    "docs/hooks.md": (),
    "docs/legacy_imports.md": (),
    "docs/plugins.md": (),
    "docs/production.md": (),
    "docs/ratchet.md": (),
    "docs/sessions.md": ("beaker",),
    "docs/templates.md": ("beaker", "mako"),
    "docs/testing.md": (),
    "docs/translations.md": ("flask_babel",),
    "docs/urls.md": (),
}


def examples(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    # That one is for Pylons on Python 2.
    return [block for block in blocks if not block.startswith("# before")]


@pytest.fixture
def made_up_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget the alias and the modules that examples make."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(writing, "_writers", {})  # nor write to a store at the end
    yield
    for name in list(sys.modules):
        if name.partition(".")[0] in {"pylons", "mycompany_web"}:
            del sys.modules[name]


@pytest.mark.parametrize(
    "page", [page for page, needed in PAGES.items() if all(map(find_spec, needed))]
)
@pytest.mark.usefixtures("made_up_modules")
def test_examples_run(page: str) -> None:
    namespace: dict[str, Any] = {"__name__": "readme"}
    for block in examples(page):
        exec(block, namespace)


def test_every_page_with_examples_is_run() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    names = [page.relative_to(ROOT).as_posix() for page in pages]
    assert [name for name in names if examples(name)] == list(PAGES)


def test_readme_names_every_common_object() -> None:
    table = README.partition("## The common objects")[2].partition("## Where")[0]
    for name in compatshim.common.__all__:
        documented = f"`{name}`" in table
        assert documented or (name.startswith("lazy_") and "`lazy_*`" in table), name
