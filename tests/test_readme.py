"""The README's examples run, one after the other, as a reader would type them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import compatshim.common

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PYTHON_BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_readme_examples_run() -> None:
    namespace: dict[str, Any] = {"__name__": "readme"}
    ran = 0
    for block in PYTHON_BLOCKS:
        if not block.startswith("# before"):  # that one is for Pylons on Python 2
            exec(block, namespace)  # noqa: S102 (this is what a reader does)
            ran += 1
    assert ran == len(PYTHON_BLOCKS) - 1 >= 4


def test_readme_names_every_common_object() -> None:
    table = README.partition("## The common objects")[2].partition("## Where")[0]
    for name in compatshim.common.__all__:
        documented = f"`{name}`" in table
        assert documented or (name.startswith("lazy_") and "`lazy_*`" in table), name
