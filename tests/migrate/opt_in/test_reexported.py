"""Names that come from another module are imported from where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.opt_in import reexported

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Apply = Callable[..., Any]

CODE = reexported.CODE
FILES = {
    "myapp/__init__.py": "",
    "myapp/lib/__init__.py": "",
    "myapp/lib/base.py": (
        "from pylons import request, tmpl_context as c\n\n\nclass BaseController: pass\n"
    ),
}
OURS = "from compatshim.common import c, request\n\n\nclass BaseController: pass\n"


def test_example(apply: Apply) -> None:
    outcome = apply({**FILES, "a.py": reexported.BEFORE}, CODE)
    assert outcome.files["a.py"] == reexported.AFTER
    assert (outcome.left, outcome.exit_code) == ([], 0)


def test_name_that_comes_from_ours_by_now(apply: Apply) -> None:
    files = {**FILES, "myapp/lib/base.py": OURS, "a.py": reexported.BEFORE}
    assert apply(files, CODE).files["a.py"] == reexported.AFTER


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from myapp.lib.base import c as ctx, request\n",
            "from compatshim.common import c as ctx, request\n",
        ),
        (
            "from compatshim.common import _\nfrom myapp.lib.base import c\n",
            "from compatshim.common import _, c\n",
        ),
        (
            "from pylons.i18n import _\nfrom myapp.lib.base import c\n",
            "from compatshim.common import _, c\n",
        ),
        (
            "import myapp.lib.base as base\nprint(base.c.x, base.BaseController)\n",
            "from compatshim.common import c\nimport myapp.lib.base as base\n"
            "print(c.x, base.BaseController)\n",
        ),
        (
            "def f():\n    from myapp.lib.base import c\n    return c\n",
            "def f():\n    from compatshim.common import c\n    return c\n",
        ),
    ],
)
def test_transforms(apply: Apply, before: str, after: str) -> None:
    outcome = apply({**FILES, "a.py": before}, CODE)
    assert (outcome.files["a.py"], outcome.left) == (after, [])


def test_relative_import(apply: Apply) -> None:
    source = "from .base import BaseController, c\n"
    outcome = apply({**FILES, "myapp/lib/a.py": source}, CODE)
    assert outcome.files["myapp/lib/a.py"] == (
        "from compatshim.common import c\nfrom .base import BaseController\n"
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("from myapp.lib.base import *\nc\n", "nobody can tell which names a star"),
        ("from myapp.lib.base import c\nc = c or 1\n", "c is rebound"),
        ("import myapp.lib.base as b\nc = 1\nb.c\n", "c is rebound"),
    ],
)
def test_refusals(apply: Apply, source: str, reason: str) -> None:
    outcome = apply({**FILES, "a.py": source}, CODE)
    assert outcome.files["a.py"] == source
    (left,) = outcome.left
    assert "CS120" in left
    assert reason in left


def test_module_that_has_the_name_from_several_places(apply: Apply) -> None:
    base = "try:\n    from pylons import c\nexcept ImportError:\n    from x import c\n"
    source = "from base import c\n"
    outcome = apply({"base.py": base, "a.py": source}, CODE)
    assert outcome.files["a.py"] == source
    assert outcome.left[-1].endswith(
        "the module that it is from binds it in several places"
    )


def test_what_has_no_counterpart_stays(apply: Apply) -> None:
    files = {
        "base.py": "from pylons.controllers import WSGIController\n",
        "a.py": "from base import WSGIController\n",
    }
    outcome = apply(files, CODE)
    assert (outcome.files, outcome.left) == (files, [])
