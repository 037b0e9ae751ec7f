"""``watch()`` by an alias: it is the module itself that is watched."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

import pytest

import compatshim.legacy
from compatshim.deprecation import recorder, watch
from compatshim.errors import WatchError
from compatshim.legacy import install_alias

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = {"Response": "flask.Response"}

LATER = """
import compatshim, warnings
warnings.simplefilter("ignore")
from compatshim.deprecation import recorder, watch
watching = watch({module!r}, {{"Response": "flask.Response", "url": "shop.urls.url"}})
import sys
assert "webob" not in sys.modules, "it was imported"
from pylons import Response, request, url
for use in recorder.uses():
    print(use.site.name, use.instead)
watching.stop()
recorder.clear()
from pylons import Response, request, url
for use in recorder.uses():
    print(use.site.name, use.instead)
"""


@pytest.fixture(autouse=True)
def _alias(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    install_alias("pylons")
    recorder.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "pylons"]:
        del sys.modules[name]


def told_of(source: str) -> list[tuple[str, str]]:
    recorder.clear()
    exec(source, {"__name__": "shop"})
    return sorted((use.site.name, use.instead) for use in recorder.uses())


@pytest.mark.parametrize("start", ["", "import pylons"])
def test_watch_adds_to_the_built_in_one(start):
    exec(start, {})
    source = "import pylons\npylons.Response, pylons.request"
    built_in = ("pylons.request", "from compatshim.common import request")
    with watch("pylons", NAMES):
        assert told_of(source) == [
            ("pylons.Response", "from flask import Response"),
            built_in,
        ]
    assert told_of(source) == [built_in]


def test_module_inside():
    with watch("pylons.util", {"ContextObj": "shop.context.Context"}):
        told = told_of("from pylons.util import ContextObj")
        assert told == [("pylons.util.ContextObj", "from shop.context import Context")]
        by_its_own_name = told_of("from compatshim.legacy.util import ContextObj")
        assert by_its_own_name == told
    assert told_of("from pylons.util import ContextObj") == []


@pytest.mark.parametrize("module", ["pylons", "compatshim.legacy"])
def test_imported_later(module):
    done = subprocess.run(
        [sys.executable, "-c", LATER.format(module=module)],
        env={**os.environ, "COMPATSHIM_ALIAS": "pylons"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        f"{module}.Response from flask import Response",
        "pylons.request from compatshim.common import request",
        f"{module}.url from shop.urls import url",
        "pylons.request from compatshim.common import request",
        "pylons.url from compatshim.common import url",
    ], done.stderr


def test_no_such_name_or_module():
    with pytest.raises(WatchError, match=r"'compatshim\.legacy\.Respons'.*'Response'"):
        watch("pylons", {"Respons": "flask.Response"})
    with pytest.raises(WatchError, match="there is no such module"):
        watch("pylons.nothing", NAMES)
    assert told_of("from pylons import request")


def test_alias_that_someone_else_has_made(monkeypatch):
    monkeypatch.setitem(sys.modules, "olderframework", compatshim.legacy)
    with watch("olderframework", NAMES):
        assert told_of("from pylons import Response, request") == [
            ("olderframework.Response", "from flask import Response"),
            ("pylons.request", "from compatshim.common import request"),
        ]
    assert told_of("from pylons import Response, request") == [
        ("pylons.request", "from compatshim.common import request")
    ]


def test_alias_of_a_name_that_is_watched(tmp_path, monkeypatch):
    """The finders of both ask all others, and not each other without an end."""
    package = tmp_path / "olderframework"
    package.mkdir()
    (package / "__init__.py").write_text("request = 1\n")
    with monkeypatch.context() as there:
        there.syspath_prepend(tmp_path)
        watching = watch("olderframework", {"request": "compatshim.common.request"})
    with watching:
        install_alias("olderframework")
        names: dict[str, object] = {}
        exec("import olderframework", names)
        sys.modules.pop("olderframework", None)
        assert names["olderframework"] is compatshim.legacy
