"""However a legacy import is spelled, the line that does it is told."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import pytest

import compatshim.common
import compatshim.legacy
from compatshim.deprecation import LegacyImportWarning, recorder
from compatshim.deprecation.names import LEGACY_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FROM, READ = "CS101", "CS102"


class Told(NamedTuple):
    """A warning: the line, the code, what was used and what to write."""

    line: int
    code: str
    name: str
    instead: str


def common(line: int, code: str, name: str, instead: str | None = None) -> Told:
    """Return the warning for a name that ``compatshim.common`` has."""
    there = instead or name.rpartition(".")[2]
    return Told(line, code, name, f"from compatshim.common import {there}")


def module(line: int, name: str) -> Told:
    """Return the warning for a module whose names ``compatshim.common`` has."""
    return Told(line, FROM, name, "from compatshim import common")


STAR = [
    common(1, FROM, f"pylons.{name}", "c" if name == "tmpl_context" else None)
    for name in (
        "app_globals",
        "cache",
        "config",
        "request",
        "response",
        "session",
        "tmpl_context",
        "url",
    )
]

SPELLINGS = {
    "from pylons import request": [common(1, FROM, "pylons.request")],
    "from pylons import (\n    config,\n    url as u,\n)": [
        common(1, FROM, "pylons.config"),
        common(1, FROM, "pylons.url"),
    ],
    "from pylons import tmpl_context as c": [
        common(1, FROM, "pylons.tmpl_context", "c")
    ],
    "import pylons\n\npylons.request": [common(3, READ, "pylons.request")],
    "import pylons as p\np.config.get\np.session": [
        common(2, READ, "pylons.config"),
        common(3, READ, "pylons.session"),
    ],
    "import pylons\ngetattr(pylons, 'url')": [common(2, READ, "pylons.url")],
    "from pylons.i18n import _": [common(1, FROM, "pylons.i18n._")],
    "from pylons.i18n.translation import lazy_ugettext as _": [
        common(1, FROM, "pylons.i18n.translation.lazy_ugettext")
    ],
    "import pylons.i18n\npylons.i18n.set_lang": [
        common(2, READ, "pylons.i18n.set_lang")
    ],
    "from pylons import i18n\ni18n.N_": [
        module(1, "pylons.i18n"),
        common(2, READ, "pylons.i18n.N_"),
    ],
    "import pylons.controllers.util as u\n\nu.abort\nu.redirect": [
        module(1, "pylons.controllers.util"),
        common(3, READ, "pylons.controllers.util.abort"),
        common(4, READ, "pylons.controllers.util.redirect"),
    ],
    "import pylons.controllers.util as u\nu.Response\nu.forward\nu.etag_cache": [
        module(1, "pylons.controllers.util"),
    ],
    "import pylons.i18n.translation as t": [module(1, "pylons.i18n.translation")],
    "from pylons import (\n    Response,\n    i18n,\n    templating as t,\n)": [
        module(1, "pylons.i18n"),
        module(1, "pylons.templating"),
    ],
    "def f():\n    from pylons.controllers import util\n\nf()\nf()": [
        module(2, "pylons.controllers.util")
    ],
    "import compatshim.legacy.configuration as c": [module(1, "pylons.configuration")],
    "from pylons.controllers.util import abort, Response": [
        common(1, FROM, "pylons.controllers.util.abort")
    ],
    "from pylons.configuration import config": [
        common(1, FROM, "pylons.configuration.config")
    ],
    "from pylons.templating import render_jinja2 as render": [
        common(1, FROM, "pylons.templating.render_jinja2", "render")
    ],
    "import importlib\nm = importlib.import_module('pylons')\nm.request": [
        common(3, READ, "pylons.request")
    ],
    "__import__('pylons.i18n').i18n.ungettext": [
        common(1, READ, "pylons.i18n.ungettext")
    ],
    "from pylons import *": STAR,
    "def f():\n    from pylons import cache\n\nf()\nf()": [
        common(2, FROM, "pylons.cache")
    ],
    "def f():\n    import pylons\n    return pylons.response\n\nf()": [
        common(3, READ, "pylons.response")
    ],
    "class C:\n    from pylons import session": [common(2, FROM, "pylons.session")],
    "try:\n    from pylons import request\nexcept ImportError:\n    request = None": [
        common(2, FROM, "pylons.request")
    ],
    "from compatshim.legacy import request": [common(1, FROM, "pylons.request")],
    "from compatshim import legacy\nlegacy.request": [
        common(2, READ, "pylons.request")
    ],
    "from compatshim.legacy.i18n import *": [
        common(1, FROM, f"pylons.i18n.{name}")
        for name in sorted(compatshim.legacy.i18n.__all__)
        if name not in {"LanguageError", "LazyString", "gettext_noop", "lazify"}
    ]
    + [common(1, FROM, "pylons.i18n.gettext_noop", "N_")],
    # What the legacy side itself needs, and common has not.
    "from pylons import Request, Response, translator": [],
    "import pylons": [],
    "import pylons as p\np.Response": [],
    "import pylons.controllers.util\npylons.controllers.util.forward": [],
    "import pylons\npylons.i18n\ngetattr(pylons, 'i18n')": [],
    "import pylons.controllers as c, pylons.wsgiapp as w\nc.WSGIController": [],
    "from pylons import controllers, wsgiapp": [],
    "from pylons.controllers import WSGIController": [],
    "from pylons.wsgiapp import PylonsApp": [],
    "from pylons.configuration import PylonsConfig, asbool": [],
    "from pylons.middleware import ErrorHandler, StatusCodeRedirect": [],
    "from pylons.i18n.translation import LanguageError, LazyString": [],
    "from pylons.util import ContextObj": [],
    "import pylons\nassert not hasattr(pylons, 'no_such_name')": [],
}


@pytest.fixture
def pylons(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make ``pylons`` an alias until the test ends."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    compatshim.legacy.install_alias("pylons")
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "pylons"]:
        del sys.modules[name]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[[], list[Told]]]:
    """Return what was told of the files in ``tmp_path`` so far."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield lambda: [
            read(caught.lineno, str(caught.message))
            for caught in caught
            if caught.category is LegacyImportWarning
        ]


def read(line: int, text: str) -> Told:
    found = re.fullmatch(
        r"(CS\d{3}) (\S+): write `(.+)` \(since 0\.1, goes in 1\.0\)", text
    )
    assert found is not None, text
    return Told(line, *found.groups())


def run(source: str, filename: str = "legacy_code.py") -> dict[str, object]:
    names: dict[str, object] = {"__name__": "shop.legacy_code"}
    exec(compile(source, filename, "exec"), names)
    return names


@pytest.mark.parametrize(
    ("source", "expected"), SPELLINGS.items(), ids=range(len(SPELLINGS))
)
@pytest.mark.usefixtures("pylons")
def test_spelling(source, expected, told):
    run(source)
    assert sorted(told()) == sorted(expected)


def test_spellings_in_a_process_of_its_own(tmp_path):
    for number, source in enumerate(SPELLINGS):
        (tmp_path / f"spelling{number}.py").write_text(source)
    start = f"import compatshim; import {', '.join(f'spelling{n}' for n in range(number + 1))}"
    done = python(
        *("-W", "always", "-c", start),
        COMPATSHIM_ALIAS="pylons",
        PYTHONPATH=str(tmp_path),
    )
    found: list[list[Told]] = [[] for _ in SPELLINGS]
    for place, text in re.findall(
        r"^(.+): LegacyImportWarning: (.*)$", done.stderr, re.MULTILINE
    ):
        path, line = place.rsplit(":", 1)
        number = int(path.removeprefix(f"{tmp_path}/spelling").removesuffix(".py"))
        found[number].append(read(int(line), text))
    for told, expected in zip(found, SPELLINGS.values(), strict=True):
        assert sorted(told) == sorted(expected)


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.usefixtures("pylons")
def test_names_are_the_objects_themselves():
    names = run("from pylons import *\nfrom pylons.i18n import _\nimport pylons.i18n")
    assert names["request"] is vars(compatshim.legacy)["request"]
    assert names["_"] is vars(compatshim.legacy.i18n)["_"]
    assert names["pylons"] is compatshim.legacy


@pytest.mark.usefixtures("pylons")
def test_once_per_line_and_counted(told):
    recorder.clear()
    run("import pylons\nfor i in range(100):\n    pylons.request")
    [use] = recorder.uses()
    assert use.count == 100
    assert told() == [common(3, READ, "pylons.request")]


@pytest.mark.usefixtures("pylons")
def test_reexport_through_the_users_own_modules(tmp_path, monkeypatch):
    """Only the line that imports from pylons is blamed."""
    recorder.clear()
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "ours_base.py").write_text("import os\nfrom pylons import request\n")
    (tmp_path / "ours_lib.py").write_text("from ours_base import *\n")
    (tmp_path / "ours_page.py").write_text(
        "import ours_lib\nfrom ours_lib import request\nours_lib.request\n"
    )
    for name in ("ours_page", "ours_lib", "ours_base"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    importlib.import_module("ours_page")
    [use] = recorder.uses()
    assert (use.site.filename, use.site.line) == (str(tmp_path / "ours_base.py"), 2)
    assert use.module == "ours_base"


def test_reload_of_the_legacy_package_leaves_it_watched(told):
    assert importlib.reload(compatshim.legacy) is compatshim.legacy
    run("from compatshim import legacy\nlegacy.request")
    assert told() == [common(2, READ, "pylons.request")]


def test_legacy_modules_are_modules():
    assert isinstance(compatshim.legacy, ModuleType)
    assert repr(compatshim.legacy).startswith("<module 'compatshim.legacy' from")
    assert {"request", "__path__"} <= set(dir(compatshim.legacy))


# The demo is an application, our other modules are not.

IN_OUR_NAME = {
    "compatshim.demo": 1,
    "compatshim.demo.controllers.home": 1,
    "compatshim.objects.request": 0,
    "compatshim": 0,
    "compatshim.demonstration": 0,
    "compatshimmer": 1,
    "importlib._bootstrap": 0,
}


@pytest.mark.parametrize(("module", "expected"), IN_OUR_NAME.items())
def test_our_own_modules_are_excepted(module, expected, told):
    source = "from compatshim import legacy\nlegacy.request"
    exec(compile(source, "<ours>", "exec"), {"__name__": module})
    assert len(told()) == expected


def test_nothing_of_ours_uses_a_legacy_name():
    start = (
        "from compatshim.deprecation import recorder\n"
        "import compatshim.extension, compatshim.testing, compatshim.legacy.templating\n"
        "print(recorder.uses())"
    )
    assert python("-W", "ignore", "-c", start).stdout == "[]\n"


# The catalogue.

MODULES = {
    name: importlib.import_module(name.replace("pylons", "compatshim.legacy", 1))
    for name in (
        "pylons",
        "pylons.configuration",
        "pylons.controllers",
        "pylons.controllers.core",
        "pylons.controllers.util",
        "pylons.i18n",
        "pylons.i18n.translation",
        "pylons.middleware",
        "pylons.templating",
        "pylons.util",
        "pylons.wsgiapp",
    )
}


@pytest.mark.parametrize("module", LEGACY_NAMES)
def test_catalogue_names_what_there_is(module):
    assert module in MODULES
    for instead in LEGACY_NAMES[module].values():
        package, _, name = instead.rpartition(".")
        assert package == "compatshim.common"
        assert name in compatshim.common.__all__


@pytest.mark.parametrize("module", MODULES)
def test_catalogue_has_every_name_that_common_has_too(module):
    there = set(MODULES[module].__all__) & set(compatshim.common.__all__)
    assert there <= set(LEGACY_NAMES.get(module, ()))
