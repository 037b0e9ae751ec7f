"""Names of the framework that reach a module through others: ``--flow``."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st

from compatshim.cli import main
from compatshim.migrate.audit import audit
from compatshim.migrate.rules import reexported

if TYPE_CHECKING:
    from pathlib import Path

Follow = Callable[[Mapping[str, str]], list[str]]

BASE = "from pylons import request, tmpl_context as c\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))


def followed(*paths: Path) -> list[str]:
    found = audit(map(str, paths), flow=True).findings
    return [
        f"{one.path}:{one.line}:{one.column} {one.kind} {one.full_name}"
        f"{f' as {one.asname}' if one.asname else ''}"
        f" {one.replacement.removeprefix('compatshim.common') or '-'} {one.fix}"
        for one in found
        if one.code == "CS120"
    ]


@pytest.fixture
def follow(tmp_path: Path) -> Follow:
    def follow(files: Mapping[str, str]) -> list[str]:
        write(tmp_path, files)
        return followed(tmp_path)

    return follow


def test_example(follow: Follow) -> None:
    files = {
        "myapp/__init__.py": "",
        "myapp/lib/__init__.py": "",
        "myapp/lib/base.py": BASE,
    }
    assert follow({**files, "a.py": reexported.BEFORE}) == [
        "a.py:1:28 from-import myapp.lib.base.request .request assisted"
    ]
    assert follow({**files, "a.py": reexported.AFTER}) == []


def test_only_where_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"base.py": BASE, "a.py": "from base import request\n"})
    assert not any(one.code == "CS120" for one in audit([str(tmp_path)]).findings)
    runner = CliRunner()
    plain = runner.invoke(main, ["audit", "--format", "json", str(tmp_path)])
    asked = runner.invoke(main, ["audit", "--flow", "--format", "json", str(tmp_path)])
    codes = [
        [one["code"] for one in json.loads(result.stdout)["findings"]]
        for result in (plain, asked)
    ]
    assert codes == [["CS101", "CS101"], ["CS120", "CS101", "CS101"]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "from base import request as r, c, other\n",
            [
                "1:18 from-import base.request as r .request",
                "1:32 from-import base.c .c",
            ],
        ),
        ("from base \\\n    import c\n", ["1:12 from-import base.c .c"]),
        ("import os, base as b, re\nb.c\n", ["2:1 attribute base.c .c"]),
        (
            "from base import (other,  # (why)\n    c)\n",
            ["1:5 from-import base.c .c"],
        ),
        ("if x: import base; base.c\n", ["1:20 attribute base.c .c"]),
        ("def f():\n    from base import c\n", ["2:22 from-import base.c .c"]),
        ("import base as b\nb.c.x\n", ["2:1 attribute base.c .c"]),
        (
            "import base\nprint(base.request.path)\n",
            ["2:7 attribute base.request .request"],
        ),
        ("import base\ndef f(base):\n    base.c\n", []),
        ("import base\nbase.c = 1\n", []),
        ("import base\nbase.other\n", []),
        (
            "from base import *\nprint(request, len(c.x), other)\n",
            ["1:18 from-import base.request .request", "1:18 from-import base.c .c"],
        ),
        ("from base import *\nc = 1\nprint(c)\n", []),
        ("from base import *\n", []),
        (
            "try:\n    from base import c\nexcept ImportError:\n    c = None\n",
            ["2:22 from-import base.c .c"],
        ),
        ("x = 1; from base import (\n    c,\n)\n", ["1:5 from-import base.c .c"]),
        ("from base import c  # compatshim: ignore[CS120]\n", []),
        ("from nowhere.base import c\nimport pylons.base\n", []),
        ('"""from base import c"""\n# from base import c\n', []),
    ],
)
def test_ways(follow: Follow, source: str, expected: list[str]) -> None:
    assert follow({"base.py": BASE, "a.py": source}) == [
        f"a.py:{one} assisted" for one in expected
    ]


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("pkg/lib/a.py", "from .base import c\n", ["1:19 from-import pkg.lib.base.c"]),
        (
            "pkg/a.py",
            "from .lib import base as b\nb.c\n",
            ["2:1 attribute pkg.lib.base.c"],
        ),
        (
            "pkg/lib/in/a.py",
            "from ..base import c\n",
            ["1:20 from-import pkg.lib.base.c"],
        ),
        (
            "pkg/lib/a.py",
            "from . import base\nbase.c\n",
            ["2:1 attribute pkg.lib.base.c"],
        ),
        # Python 2
        ("pkg/lib/a.py", "from base import c\n", ["1:18 from-import pkg.lib.base.c"]),
        (
            "a.py",
            "import pkg.lib.base\npkg.lib.base.c\n",
            ["2:1 attribute pkg.lib.base.c"],
        ),
        ("a.py", "import pkg.lib\npkg.lib.base.c\n", ["2:1 attribute pkg.lib.base.c"]),
        ("a.py", "from pkg import lib\nlib.base.c\n", ["2:1 attribute pkg.lib.base.c"]),
        ("a.py", "import pkg.lib.base\npkg.lib.other.c\n", []),
    ],
)
def test_packages(follow: Follow, name: str, source: str, expected: list[str]) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/lib/__init__.py": "",
        "pkg/lib/in/__init__.py": "",
        "pkg/lib/base.py": "from pylons import c\n",
        name: source,
    }
    assert follow(files) == [f"{name}:{one} .c assisted" for one in expected]


def test_init_of_a_package(follow: Follow) -> None:
    assert follow(
        {
            "pkg/__init__.py": "from pylons import c\n",
            "pkg/a.py": "from . import c\n",
            "pkg/sub/__init__.py": "from .. import c as cc\n",
            "b.py": "from pkg import c\nfrom pkg.sub import cc\nimport pkg\npkg.sub.cc\n",
        }
    ) == [
        "b.py:1:17 from-import pkg.c .c assisted",
        "b.py:2:21 from-import pkg.sub.cc .c assisted",
        "b.py:4:1 attribute pkg.sub.cc .c assisted",
        "pkg/a.py:1:15 from-import pkg.c .c assisted",
        "pkg/sub/__init__.py:1:16 from-import pkg.c as cc .c assisted",
    ]


def test_several_steps_and_circles(follow: Follow) -> None:
    assert follow(
        {
            "base.py": "from last import *\nfrom pylons import c\n",
            "first.py": "from base import c as mine\nimport last\n",
            "second.py": "from first import *\n",
            "last.py": "import second as s\nfrom second import mine\n\ns.mine, mine\n",
            "other.py": "import first\nfirst.last.mine\n",
        }
    ) == [
        "first.py:1:18 from-import base.c as mine .c assisted",
        "last.py:2:20 from-import second.mine .c assisted",
        "last.py:4:1 attribute second.mine .c assisted",
        "other.py:2:1 attribute last.mine .c assisted",
    ]


@pytest.mark.parametrize(
    ("head", "used"),
    [
        ("", {"c", "request"}),
        ("__all__ = ['c', '_']\n", {"c", "_"}),
        ("__all__ = ()\n__all__ += ['request']\n", {"request"}),
        # As Pylons' own template had it.
        (
            "__all__ = [n for n in locals().keys() if n[0] != '_' or n == '_']\n",
            {"_", "c", "request"},
        ),
    ],
)
def test_stars_and_all(follow: Follow, head: str, used: set[str]) -> None:
    base = f"from pylons import c, request\nfrom pylons.i18n import _\n{head}"
    found = follow({"base.py": base, "a.py": "from base import *\nc, request, _\n"})
    assert {line.split()[2] for line in found} == {f"base.{name}" for name in used}


def test_star_of_the_framework_itself(follow: Follow) -> None:
    assert follow(
        {
            "base.py": "from pylons.i18n import *\n",
            "a.py": "from base import ugettext\n",
        }
    ) == ["a.py:1:18 from-import base.ugettext .ugettext assisted"]


def test_what_has_no_counterpart(follow: Follow) -> None:
    assert follow(
        {
            "base.py": "from pylons.controllers import WSGIController\nimport pylons\n",
            "a.py": "from base import WSGIController, pylons\npylons.request\n",
        }
    ) == [
        "a.py:1:18 from-import base.WSGIController - manual",
        "a.py:1:34 from-import base.pylons - manual",
    ]


@pytest.mark.parametrize("source", ["c = object()\n", "from flask import g as c\n"])
def test_name_of_another_module_is_its_own(follow: Follow, source: str) -> None:
    files = {
        "base.py": BASE,
        "web.py": f"from base import *\n{source}",
        "a.py": "from web import c\n",
    }
    assert follow(files) == []


def test_name_that_is_ours_already_is_not_legacy(follow: Follow) -> None:
    assert (
        follow(
            {
                "base.py": "from compatshim.common import c\n",
                "a.py": "from base import c\n",
            }
        )
        == []
    )


def test_what_an_error_touches_is_not_sure(follow: Follow) -> None:
    assert follow({"base.py": BASE, "a.py": "from base import c\ndef (:\n"}) == [
        "a.py:1:18 from-import base.c .c manual"
    ]


# Which file a module is in


def test_source_layout_and_several_roots(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "one/src/app/__init__.py": "",
            "one/src/app/base.py": "from pylons import c\n",
            "one/src/app/a.py": "from app.base import c\n",
            "two/app/__init__.py": "",
            "two/app/base.py": "c = 1\n",
            "two/app/a.py": "from app.base import c\n",
            "tests/test_app.py": "from app.base import c\n",
        },
    )
    found = followed(tmp_path / "one", tmp_path / "two")
    assert found == ["src/app/a.py:1:22 from-import app.base.c .c assisted"]
    found = followed(tmp_path / "one" / "src", tmp_path / "tests")
    assert found == [
        "app/a.py:1:22 from-import app.base.c .c assisted",
        "test_app.py:1:22 from-import app.base.c .c assisted",
    ]


def test_path_within_the_package(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/base.py": "from pylons import c\n",
            "app/a.py": "from app.base import c\n",
        },
    )
    assert followed(tmp_path / "app") == [
        "a.py:1:22 from-import app.base.c .c assisted"
    ]
    paths = tmp_path / "app" / "a.py", tmp_path / "app" / "base.py"
    assert [line.partition("a.py")[2] for line in followed(*paths)] == [
        ":1:22 from-import app.base.c .c assisted"
    ]


def test_packages_without_a_file_for_it(follow: Follow) -> None:
    assert follow(
        {
            "src/ns/app/base.py": "from pylons import c\n",
            "src/ns/app/a.py": "from ns.app.base import c\n",
            "src/ns/app/b.py": "from .base import c\n",
        }
    ) == [
        "src/ns/app/a.py:1:25 from-import ns.app.base.c .c assisted",
        "src/ns/app/b.py:1:19 from-import base.c .c assisted",
    ]


def test_encodings(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("from pylons import c\n", encoding="utf-16")
    (tmp_path / "a.py").write_bytes(
        "# coding: latin-1\r\nx = 'é'; from base import c\r\n".encode("latin-1")
    )
    (tmp_path / "b.py").write_text("from base import c\n", encoding="utf-16")
    assert followed(tmp_path) == [
        "a.py:2:27 from-import base.c .c assisted",
        "b.py:1:18 from-import base.c .c assisted",
    ]


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"base.py": BASE, "a.py": "from base import c\n"})
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    assert len(followed(tmp_path)) == 1


# In general: a name is followed along a chain of imports, whatever each is like.

STEPS = st.lists(
    st.sampled_from(
        [
            "from {before} import {name}\n",
            "from {before} import {name} as {name}_\n",
            "from {before} import *\n",
            "from .{before} import {name}\n",
            "import os\nfrom pkg.{before} import ({name})\n",
        ]
    ),
    max_size=6,
)


@given(STEPS)
def test_chains(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    folder = tmp_path_factory.mktemp("chain") / "pkg"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "m0.py").write_text("from pylons import request\n")
    name = "request"
    for number, step in enumerate(steps):
        source = step.format(before=f"m{number}", name=name)
        (folder / f"m{number + 1}.py").write_text(source)
        name += "_" * (" as " in step)
    (folder / "end.py").write_text(f"from pkg.m{len(steps)} import {name}\n")
    found = [line for line in followed(folder.parent) if "end.py" in line]
    assert [line.split()[2:] for line in found] == [
        [f"pkg.m{len(steps)}.{name}", ".request", "assisted"]
    ]
