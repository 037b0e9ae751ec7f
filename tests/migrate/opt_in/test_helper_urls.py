"""``h.url`` becomes ``url_for``, where the helpers have the framework's own function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.opt_in import helper_urls

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Apply = Callable[..., Any]

CODE = helper_urls.CODE
HELPERS = {
    "myapp/__init__.py": "",
    "myapp/lib/__init__.py": "",
    "myapp/lib/helpers.py": "from pylons import url\nfrom routes import url_for\n",
}
COMMON = "from compatshim.common import url_for\n"


def test_example(apply: Apply) -> None:
    outcome = apply({**HELPERS, "a.py": helper_urls.BEFORE}, CODE)
    assert outcome.files["a.py"] == helper_urls.AFTER
    assert (outcome.left, outcome.exit_code) == ([], 0)
    again = apply({"a.py": helper_urls.AFTER}, CODE)
    assert again.files["a.py"] == helper_urls.AFTER


def test_only_where_it_is_asked_for(apply: Apply) -> None:
    outcome = apply({**HELPERS, "a.py": helper_urls.BEFORE}, [])
    assert outcome.files["a.py"] == helper_urls.BEFORE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from myapp.lib import helpers as h\nh.url_for('x'), h.link_to()\n",
            f"{COMMON}from myapp.lib import helpers as h\nurl_for('x'), h.link_to()\n",
        ),
        (
            "from pylons import request\nimport myapp.lib.helpers as h\n"
            "print(h.url(id=request.params['x']))\n",
            "from compatshim.common import request, url_for\n"
            "import myapp.lib.helpers as h\nprint(url_for(id=request.params['x']))\n",
        ),
        (
            "def f():\n    from myapp.lib import helpers\n    return map(helpers.url, 'x')\n",
            f"def f():\n    {COMMON}    from myapp.lib import helpers\n"
            "    return map(url_for, 'x')\n",
        ),
        (
            "from compatshim.common import h\nh.url('x')\n",
            "from compatshim.common import h, url_for\nurl_for('x')\n",
        ),
    ],
)
def test_transforms(apply: Apply, before: str, after: str) -> None:
    outcome = apply({**HELPERS, "a.py": before}, CODE)
    assert (outcome.files["a.py"], outcome.left) == (after, [])


def test_helpers_that_are_ours_already(apply: Apply) -> None:
    helpers = {"helpers.py": "from compatshim.common import url_for, url\n"}
    outcome = apply({**helpers, "a.py": "import helpers as h\nh.url('x')\n"}, CODE)
    assert outcome.files["a.py"] == f"{COMMON}import helpers as h\nurl_for('x')\n"


@pytest.mark.parametrize(
    ("helpers", "source", "reason"),
    [
        (
            "def url(name): pass\n",
            "import helpers as h\nh.url('x')\n",
            "2: CS123 h.url is left as it is: helpers.url is not, or not only, the"
            " framework's own",
        ),
        (
            "from pylons import url\nif x:\n    url = None\n",
            "import helpers as h\nh.url('x')\n",
            "2: CS123 h.url is left as it is: helpers.url is not, or not only, the"
            " framework's own",
        ),
        (
            "from pylons import url\n",
            "import helpers as h\nh.url.current()\n",
            "2: CS123 h.url is left as it is: url_for has no 'current': read it from url",
        ),
        (
            "from pylons import url\n",
            "import helpers as h\nurl_for = 1\nh.url('x')\n",
            "3: CS123 h.url is left as it is: url_for is rebound",
        ),
        (
            "from pylons import url\n",
            "from elsewhere import helpers as h\nh.url('x')\n",
            "2: CS123 h.url is left as it is: the helpers of 'h' are not below any PATH",
        ),
        (
            "from pylons import url\ndef url_for(): pass\n",
            "from compatshim.common import h\nh.url_for('x')\n",
            "2: CS123 h.url_for is left as it is: helpers.url_for is not, or not only, the"
            " framework's own",
        ),
    ],
)
def test_refusals(apply: Apply, helpers: str, source: str, reason: str) -> None:
    outcome = apply({"helpers.py": helpers, "a.py": source}, CODE)
    assert outcome.files["a.py"] == source
    (left,) = [line for line in outcome.left if "CS123" in line]
    assert left.startswith(f"./a.py:{reason}")
    assert outcome.exit_code == 1


@pytest.mark.parametrize(
    "source",
    [
        "import helpers as h\nh.url('x')  # compatshim: ignore[CS123]\n",
        "import other as h\nh.url('x')\n",
        "def f(h):\n    h.url('x')\n",
        "import helpers as h\nh.link('x')\n",
        "import helpers as h\ndef f(h):\n    h.url('x')\n",
    ],
)
def test_what_is_not_meant(apply: Apply, source: str) -> None:
    outcome = apply({"helpers.py": "from pylons import url\n", "a.py": source}, CODE)
    assert (outcome.files["a.py"], outcome.left) == (source, [])


def test_lines_are_those_before_the_imports_change(apply: Apply) -> None:
    source = "from pylons import c\nfrom pylons import request\nimport x.helpers as h\nh.url\n"
    outcome = apply({"a.py": source}, CODE)
    assert outcome.files["a.py"].count("\n") == 3
    (left,) = outcome.left
    assert left.startswith("./a.py:4: CS123 h.url")
