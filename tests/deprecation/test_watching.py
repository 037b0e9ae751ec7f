"""``watch()``: the uses of a module's names are counted, and it works as it did."""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.resources
import importlib.util
import inspect
import pickle
import pkgutil
import sys
import threading
import unittest.mock
import warnings
import zipfile
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.deprecation import LegacyImportWarning, recorder, watch
from compatshim.errors import WatchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


SOURCES = {
    "__init__.py": """
from legacyweb.local import request, session
from legacyweb import i18n

import legacyweb

VERSION = "2.5"

class Response:
    pass

def own_use():
    return legacyweb.request

def helper():
    return "helped"
""",
    "local.py": "request, session = ['request'], ['session']\n",
    "i18n.py": "def ugettext(text):\n    return text\n",
    "decorators.py": "import legacyweb\nfrom legacyweb import request\nvalidate = legacyweb.session\n",
    "data.txt": "data",
}
NAMES = {
    "request": "compatshim.common.request",
    "session": "compatshim.common.session",
    "Response": "flask.Response",
    "helper": "shop.helpers.helper",
}


def write(folder: Path, sources: dict[str, str]) -> None:
    for name, source in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An in-house framework, ``legacyweb``, that is not imported yet."""
    folder = tmp_path / "legacyweb"
    write(folder, SOURCES)
    monkeypatch.syspath_prepend(tmp_path)
    recorder.clear()
    yield folder
    for name in [name for name in sys.modules if name.startswith("legacyweb")]:
        del sys.modules[name]


@pytest.fixture(params=["imported before", "imported after"])
def watched(package: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """It is watched, and was imported before or is imported when it is used."""
    if request.param == "imported before":
        importlib.import_module("legacyweb")
    with watch("legacyweb", NAMES):
        yield


@pytest.fixture(autouse=True)
def told() -> Iterator[list[warnings.WarningMessage]]:
    """The warnings so far; they are errors in our tests otherwise."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def run(
    source: str, filename: str = "/app/shop.py", module: str = "shop"
) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": module}
    exec(compile(source, filename, "exec"), names)
    return names


def uses() -> list[tuple[str, str, int, int]]:
    return sorted(
        (use.site.code, use.site.name, use.site.line, use.count)
        for use in recorder.uses()
    )


ALL = ["Response", "helper", "request", "session"]

SPELLINGS = {
    "from legacyweb import request": [("CS101", "request", 1)],
    "from legacyweb import request as r, VERSION": [("CS101", "request", 1)],
    "import legacyweb\nlegacyweb.request": [("CS102", "request", 2)],
    "import legacyweb as tg\ntg.helper()": [("CS102", "helper", 2)],
    "from legacyweb import *": [("CS101", name, 1) for name in ALL],
    "import importlib\nimportlib.import_module('legacyweb').session": [
        ("CS102", "session", 2)
    ],
    "def f():\n    from legacyweb import Response\nf()": [("CS101", "Response", 2)],
    "import legacyweb\nclass Page(legacyweb.Response): pass": [
        ("CS102", "Response", 2)
    ],
    "import operator, legacyweb\ngetattr(legacyweb, 'request')": [
        ("CS102", "request", 2)
    ],
    "import legacyweb\ngetattr(\n    legacyweb,\n    'request',\n)": [
        ("CS102", "request", 2)
    ],
    "import legacyweb\nget = getattr\nget(legacyweb, 'request')": [],
    "import legacyweb\ngetattr(1, 'real')\nhasattr(legacyweb, 'request')": [],
    "import legacyweb\n'getattr', hasattr(legacyweb, 'request')": [],
    "import inspect, legacyweb\ninspect.getmembers(legacyweb)": [],
    "import legacyweb.decorators": [],
    "import legacyweb.decorators as d\nd.validate": [],
    "from legacyweb import decorators, VERSION": [],
    "from legacyweb.local import request": [],
    "import legacyweb\nlegacyweb.VERSION, legacyweb.own_use()": [],
}


@pytest.mark.parametrize(
    ("source", "expected"), SPELLINGS.items(), ids=range(len(SPELLINGS))
)
@pytest.mark.usefixtures("watched")
def test_spelling(source, expected, told):
    run(source)
    assert uses() == sorted(
        (code, f"legacyweb.{name}", line, 1) for code, name, line in expected
    )
    assert len(told) == len(expected)


@pytest.mark.usefixtures("watched")
def test_warning_says_what_to_write(told):
    run("from legacyweb import request, helper")
    assert sorted(
        (str(warning.message), warning.filename, warning.lineno, warning.category)
        for warning in told
    ) == [
        (
            f"CS101 legacyweb.{name}: write `{instead}` (since 0.1, goes in 1.0)",
            "/app/shop.py",
            1,
            LegacyImportWarning,
        )
        for name, instead in (
            ("helper", "from shop.helpers import helper"),
            ("request", "from compatshim.common import request"),
        )
    ]


@pytest.mark.usefixtures("watched")
def test_star_import_of_what_all_names(package):
    with (package / "__init__.py").open("a") as file:
        file.write("__all__ = ['helper', 'VERSION']\n")
    for name in [name for name in sys.modules if name.startswith("legacyweb")]:
        del sys.modules[name]
    names = run("from legacyweb import *")
    assert uses() == [("CS101", "legacyweb.helper", 1, 1)]
    assert names["VERSION"] == "2.5"


@pytest.mark.usefixtures("watched")
def test_from_imported_name_costs_nothing_afterwards():
    run("from legacyweb import helper\nfor i in range(10):\n    helper()")
    assert uses() == [("CS101", "legacyweb.helper", 1, 1)]


@pytest.mark.usefixtures("watched")
def test_each_read_is_counted_and_told_once(told):
    run("import legacyweb\nfor i in range(1000):\n    legacyweb.request")
    assert uses() == [("CS102", "legacyweb.request", 3, 1000)]
    assert len(told) == 1


@pytest.mark.usefixtures("watched")
def test_two_names_in_one_line_and_one_name_in_two():
    run("import legacyweb as l\nl.request, l.session\nl.request")
    assert uses() == [
        ("CS102", "legacyweb.request", 2, 1),
        ("CS102", "legacyweb.request", 3, 1),
        ("CS102", "legacyweb.session", 2, 1),
    ]


@pytest.mark.usefixtures("watched")
def test_error_filter_raises_each_time():
    read = run("import legacyweb\ndef read():\n    return legacyweb.request")["read"]
    read()
    with warnings.catch_warnings():
        warnings.simplefilter("error", LegacyImportWarning)
        for _ in range(3):
            with pytest.raises(LegacyImportWarning, match=r"^CS102 legacyweb\.request"):
                read()
    assert read() == ["request"]
    assert uses() == [("CS102", "legacyweb.request", 3, 5)]


@pytest.mark.usefixtures("watched")
def test_counts_after_the_recorder_was_cleared():
    read = run("import legacyweb\ndef read():\n    return legacyweb.request")["read"]
    read()
    recorder.clear()
    assert uses() == []
    read()
    assert uses() == [("CS102", "legacyweb.request", 3, 1)]


@pytest.mark.usefixtures("watched")
def test_code_that_is_made_again_and_again():
    """A new code object may have the address of one that is gone."""
    for line in range(1, 200):
        run("import legacyweb" + "\n" * line + "legacyweb.request")
    assert sorted(line for _, _, line, _ in uses()) == list(range(2, 201))


@pytest.mark.usefixtures("watched", "often_switched_threads")
def test_threads_do_not_multiply_warnings_and_lose_no_count(told):
    read = run(
        "import legacyweb\ndef read():\n    for i in range(2000): legacyweb.request"
    )["read"]
    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert uses() == [("CS102", "legacyweb.request", 3, 16_000)]
    assert len(told) == 1


# The module works as it did.


@pytest.mark.usefixtures("watched")
def test_it_is_a_module_as_before():
    module = importlib.import_module("legacyweb")
    assert isinstance(module, ModuleType)
    assert inspect.ismodule(module)
    assert repr(module) == f"<module 'legacyweb' from {module.__file__!r}>"
    assert {"request", "VERSION", "__path__"} <= set(dir(module))
    assert vars(module)["request"] == ["request"]
    assert module.VERSION == "2.5"
    assert sys.modules["legacyweb"] is module
    with pytest.raises(AttributeError, match="'legacyweb' has no attribute 'nothing'"):
        _ = module.nothing
    with pytest.raises(ImportError, match="cannot import name 'nothing'"):
        run("from legacyweb import nothing")


@pytest.mark.usefixtures("watched")
def test_names_can_be_set_and_deleted():
    module: Any = importlib.import_module("legacyweb")
    local: Any = importlib.import_module("legacyweb.local")
    module.request = "another"
    assert (module.request, vars(module)["request"]) == ("another", "another")
    del module.request
    assert not hasattr(module, "request")
    with pytest.raises(AttributeError):
        del module.request
    with pytest.raises(ImportError, match="cannot import name 'request'"):
        run("from legacyweb import request")
    module.request = local.request
    assert module.request == ["request"]


@pytest.mark.usefixtures("watched")
def test_patches_of_tests(monkeypatch):
    module: Any = importlib.import_module("legacyweb")
    before = module.request
    with unittest.mock.patch("legacyweb.request", "patched"):
        assert run("from legacyweb import request")["request"] == "patched"
    with monkeypatch.context() as patched:
        patched.setattr("legacyweb.request", "patched")
        assert module.request == "patched"
    assert module.request is before


@pytest.mark.usefixtures("watched")
def test_reload():
    module = importlib.import_module("legacyweb")
    old = vars(module)["Response"]
    assert importlib.reload(module) is module
    assert vars(module)["Response"] is not old
    run("from legacyweb import Response")
    assert uses() == [("CS101", "legacyweb.Response", 1, 1)]


@pytest.mark.usefixtures("watched")
def test_imported_anew():
    first = importlib.import_module("legacyweb")
    del sys.modules["legacyweb"]
    second = importlib.import_module("legacyweb")
    assert first is not second
    run("from legacyweb import request")
    assert uses() == [("CS101", "legacyweb.request", 1, 1)]


PICKLERS = {"C": pickle.dumps, "Python": pickle._dumps}


@pytest.mark.parametrize("dumps", PICKLERS.values(), ids=PICKLERS)
@pytest.mark.usefixtures("watched")
def test_pickles(dumps):
    """What is pickled by its name is not used by its name."""
    names = run("from legacyweb import Response, helper")
    recorder.clear()
    thing = names["Response"]()
    pickled = run(
        "def both(dumps, *things):\n    return [dumps(thing) for thing in things]"
    )["both"](dumps, thing, names["helper"], names["Response"])
    loaded = [pickle.loads(data) for data in pickled]  # noqa: S301 (made here)
    assert type(loaded[0]) is names["Response"]
    assert loaded[1:] == [names["helper"], names["Response"]]
    assert type(copy.deepcopy(thing)) is names["Response"]
    assert [use for use in recorder.uses() if use.site.filename == "/app/shop.py"] == []


PICKLING = {
    "beside a getattr": """
def store(dumps, thing):
    if getattr(thing, "stored", None) is None:
        return dumps(thing)
""",
    "what a getattr returns": """
def store(dumps, thing):
    return dumps(
        getattr([thing], "copy")()[0]
    )
""",
}


@pytest.mark.parametrize("source", PICKLING.values(), ids=PICKLING)
@pytest.mark.parametrize("dumps", PICKLERS.values(), ids=PICKLERS)
@pytest.mark.usefixtures("watched")
def test_pickles_in_a_function_that_has_a_getattr(source, dumps):
    thing = run("from legacyweb import Response")["Response"]()
    recorder.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stored = run(source)["store"](dumps, thing)
        loaded = [pickle.loads(stored), pickle._loads(stored)]  # noqa: S301 (made here)
    assert {type(copy) for copy in loaded} == {type(thing)}
    assert uses() == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="Python does not say where in a line it is"
)
@pytest.mark.usefixtures("watched")
def test_what_else_is_called_in_the_line_of_a_getattr():
    source = "import legacyweb\ngetattr(1, 'real'), hasattr(legacyweb, 'request')"
    run(source)
    assert uses() == []


@pytest.mark.usefixtures("watched")
def test_getattr_where_columns_are_not_known():
    """As with ``python -X no_debug_ranges``."""
    tree = ast.parse("import legacyweb\ngetattr(legacyweb, 'request')\ngetattr\n")
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt)):
            node.col_offset = node.end_col_offset = -1
    exec(compile(tree, "/app/shop.py", "exec"), {"__name__": "shop"})
    assert uses() == [("CS102", "legacyweb.request", 2, 1)]


@pytest.mark.usefixtures("watched")
def test_submodules():
    names = run(
        "import legacyweb.decorators, legacyweb.i18n as i18n\n"
        "from legacyweb.decorators import validate\n"
        "from legacyweb import i18n as same\n"
    )
    assert names["legacyweb"].decorators.validate == ["session"]
    assert names["i18n"] is names["same"] is names["legacyweb"].i18n
    assert uses() == []


def test_modules_inside_are_watched_by_a_call_of_their_own(package):
    with watch("legacyweb.i18n", {"ugettext": "compatshim.common.ugettext"}):
        assert "legacyweb" not in sys.modules
        run("from legacyweb.i18n import ugettext\nimport legacyweb")
        run("import legacyweb\nlegacyweb.i18n.ugettext\nlegacyweb.request")
    assert uses() == [
        ("CS101", "legacyweb.i18n.ugettext", 1, 1),
        ("CS102", "legacyweb.i18n.ugettext", 2, 1),
    ]


@pytest.mark.parametrize("is_before", [True, False])
def test_module_inside_as_a_name_of_the_package(package, is_before):
    write(package, {"extra.py": "thing = 1"})
    if is_before:
        importlib.import_module("legacyweb")
    with watch("legacyweb", {"extra": "shop.extra"}):
        run("import legacyweb.extra\nlegacyweb.extra.thing")
        run("from legacyweb import extra\nextra.thing")
        run("import legacyweb.extra as extra\nfrom legacyweb.extra import thing")
    assert uses() == [
        ("CS101", "legacyweb.extra", 1, 2),
        ("CS102", "legacyweb.extra", 2, 1),
    ]


def test_module_inside_that_is_not_there(package):
    names = {"extra": "shop.extra"}
    with watch("legacyweb", names), pytest.raises(WatchError, match="no such name"):
        importlib.import_module("legacyweb")
    with pytest.raises(ModuleNotFoundError), watch("legacyweb", {}):
        importlib.import_module("legacyweb.extra")


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("legacyweb.plugins.extra", 0),
        ("legacyweb", 0),
        ("legacyweb2", 1),
        ("shop.legacyweb", 1),
        ("__main__", 1),
    ],
)
@pytest.mark.usefixtures("watched")
def test_its_own_code_does_not_count(module, expected):
    run("import legacyweb\nlegacyweb.request", module=module)
    assert len(recorder.uses()) == expected


@pytest.mark.usefixtures("package")
def test_framework_around_a_watched_module_does_not_count():
    names = {"request": "compatshim.common.request"}
    with watch("legacyweb.local", names):
        run("import legacyweb.decorators\nlegacyweb.local.request")
        assert uses() == [("CS102", "legacyweb.local.request", 2, 1)]
        run("from legacyweb.local import request", module="legacyweb.templates")
        assert len(uses()) == 1


HOUSE = {
    "shop.py": "from house.web.local import request, Page\n",
    "web/base.py": "from house.web.local import request\nfrom house.web import Page\n",
    "web/local.py": "request = 1\nfrom house.web import Page\n",
    "web/__init__.py": "class Page: pass\nfrom house.web.local import request\n",
}


@pytest.mark.parametrize("first", ["", "import house.web"])
@pytest.mark.parametrize("init", [None, "from house.web import Page\n"])
@pytest.mark.parametrize("module", ["house.web", "house.web.local"])
def test_application_and_framework_in_one_package(package, module, init, first):
    """What is around the framework is the application's, but for what it begins with."""
    house = package.parent / "house"
    write(house, HOUSE if init is None else {**HOUSE, "__init__.py": init})
    try:
        run(first)
        with watch(module, {"Page": "flask.views.View"}):
            run("import house.web.base, house.shop\nfrom house.web import Page")
    finally:
        for name in [name for name in sys.modules if name.startswith("house")]:
            del sys.modules[name]
    by_module = {"house.web": "/app/shop.py", "house.web.local": str(house / "shop.py")}
    assert [use.site.filename for use in recorder.uses()] == [by_module[module]]


def test_framework_that_is_named(package):
    write(package.parent / "house", {"web.py": "request = 1\n", "__init__.py": ""})
    names = {"request": "compatshim.common.request"}
    source = "from house.web import request"
    try:
        with watch("house.web", names):
            run(source, module="house.shop")
            assert uses() == []
        with watch("house.web", names, framework="house.web"):
            run(source, module="house.shop")
            assert uses() == [("CS101", "house.web.request", 1, 1)]
    finally:
        for name in ("house.web", "house"):
            del sys.modules[name]


@pytest.mark.usefixtures("package")
def test_code_of_other_watched_packages_does_not_count():
    source = "import legacyweb\nlegacyweb.request"
    with watch("legacyweb", NAMES):
        run(source, module="colorsys")
        with watch("colorsys", {"rgb_to_yiq": "shop.colours.rgb_to_yiq"}):
            run(source, module="colorsys")
    assert uses() == [("CS102", "legacyweb.request", 2, 1)]


LAZY = {
    "module function": """
def __getattr__(name):
    if name == "request":
        return "made"
    raise AttributeError(name)
""",
    "property of its class": """
import sys, types
class Own(types.ModuleType):
    @property
    def request(self):
        return "made"
sys.modules[__name__].__class__ = Own
""",
    "__getattr__ of its class": """
import sys, types
class Own(types.ModuleType):
    def __getattr__(self, name):
        if name == "request":
            return "made"
        raise AttributeError(name)
sys.modules[__name__].__class__ = Own
""",
}


@pytest.mark.parametrize("source", LAZY.values(), ids=LAZY)
@pytest.mark.parametrize("is_before", [True, False])
def test_names_that_a_module_makes_when_asked(package, source, is_before):
    (package / "__init__.py").write_text(source)
    if is_before:
        importlib.import_module("legacyweb")
    with watch("legacyweb", {"request": "compatshim.common.request"}):
        names = run("from legacyweb import request\nimport legacyweb")
        assert names["request"] == names["legacyweb"].request == "made"
        with pytest.raises(AttributeError):
            _ = names["legacyweb"].nothing
    assert ("CS101", "legacyweb.request", 1, 1) in uses()
    assert names["legacyweb"].request == "made"


OWN = """
import sys, types
class Counted:
    def __get__(self, module, cls):
        return self if module is None else ("got", vars(module)["kept"])
    def __set__(self, module, value):
        vars(module)["kept"] = value
class Own(types.ModuleType):
    counted = Counted()
    @property
    def request(self):
        return self.kept
    @request.setter
    def request(self, value):
        self.kept = ("set", value)
    @request.deleter
    def request(self):
        self.kept = "deleted"
    @property
    def fixed(self):
        return "fixed"
kept = "kept"
request = fixed = "hidden by the class"
sys.modules[__name__].__class__ = Own
"""


@pytest.mark.parametrize("is_watched", [True, False])
def test_setters_of_a_modules_own_class(package, is_watched):
    (package / "__init__.py").write_text(OWN)
    module: Any = importlib.import_module("legacyweb")
    names = dict.fromkeys(("request", "fixed", "counted"), "compatshim.common.request")
    with watch("legacyweb", names if is_watched else {}):
        assert (module.request, module.fixed) == ("kept", "fixed")
        module.request = 2
        assert module.request == ("set", 2)
        del module.request
        assert module.request == "deleted"
        module.counted = 3
        assert module.counted == ("got", 3)
        with pytest.raises(AttributeError):
            module.fixed = 1
        with pytest.raises(AttributeError):
            del module.counted


@pytest.mark.usefixtures("watched")
def test_loader_is_the_modules_own():
    module = importlib.import_module("legacyweb")
    spec = module.__spec__
    assert spec is not None
    assert type(spec.loader).__name__ == "SourceFileLoader"
    assert module.__loader__ is spec.loader
    assert "def own_use():" in inspect.getsource(vars(module)["own_use"])
    assert "VERSION" in inspect.getsource(module)
    assert pkgutil.get_data("legacyweb", "data.txt") == b"data"
    data = importlib.resources.files("legacyweb").joinpath("data.txt")
    assert data.read_text() == "data"
    found = importlib.util.find_spec("legacyweb.decorators")
    assert found is not None
    assert found.has_location


def test_loader_can_be_asked_before_the_import(package):
    with watch("legacyweb", NAMES):
        spec = importlib.util.find_spec("legacyweb")
    assert spec is not None
    assert spec.origin == str(package / "__init__.py")
    loader: Any = spec.loader
    assert loader.get_filename("legacyweb") == spec.origin
    assert "legacyweb" not in sys.modules


def test_module_in_a_zip_file(tmp_path, package, monkeypatch):
    path = tmp_path / "packages.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("legacyzip/__init__.py", "request = 1\nother = 2")
    monkeypatch.syspath_prepend(path)
    with watch("legacyzip", {"request": "compatshim.common.request"}):
        try:
            run("from legacyzip import request, other")
        finally:
            sys.modules.pop("legacyzip", None)
    assert uses() == [("CS101", "legacyzip.request", 1, 1)]


def test_error_while_the_module_is_imported(package):
    (package / "__init__.py").write_text("request = 1/0")
    with watch("legacyweb", {"request": "compatshim.common.request"}):
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                importlib.import_module("legacyweb")
        (package / "__init__.py").write_text("request = 1.25")
        importlib.invalidate_caches()
        assert run("from legacyweb import request")["request"] == 1.25
    assert uses() == [("CS101", "legacyweb.request", 1, 1)]


def test_finders_that_ask_all_others(package, monkeypatch):
    """As import hooks of monitoring tools do."""

    class Hook:
        is_asking = False

        def find_spec(self, name, path=None, target=None):
            if name != "legacyweb" or self.is_asking:
                return None
            self.is_asking = True
            try:
                return importlib.util.find_spec(name)
            finally:
                self.is_asking = False

    with watch("legacyweb", NAMES):
        monkeypatch.setattr(sys, "meta_path", [Hook(), *sys.meta_path, Hook()])
        run("from legacyweb import request")
    assert uses() == [("CS101", "legacyweb.request", 1, 1)]


# Through others.


@pytest.mark.usefixtures("watched")
def test_reexport_through_the_users_own_module():
    ours = ModuleType("ours")
    exec("from legacyweb import request", vars(ours))
    recorder.clear()
    sys.modules["ours"] = ours
    try:
        run("from ours import request\nimport ours\nours.request\nfrom ours import *")
    finally:
        del sys.modules["ours"]
    assert uses() == []


@pytest.mark.usefixtures("watched")
def test_line_of_a_jinja_template(tmp_path):
    import jinja2

    (tmp_path / "page.html").write_text("\n\n{{ web.request[0] }}{{ web.VERSION }}")
    environment = jinja2.Environment(  # noqa: S701 (no page)
        loader=jinja2.FileSystemLoader(tmp_path)
    )
    template = environment.get_template("page.html")
    for _ in range(3):
        page = template.render(web=importlib.import_module("legacyweb"))
        assert page == "\n\nrequest2.5"
    [use] = recorder.uses()
    assert use.site.filename == str(tmp_path / "page.html")
    assert uses() == [("CS102", "legacyweb.request", 3, 3)]


@pytest.mark.usefixtures("watched")
def test_template_that_is_not_the_users():
    """What a template of ours reads says nothing of the next one."""
    import jinja2

    template = jinja2.Environment().from_string("{{ web.request }}")  # noqa: S701
    show = "def show(template, web):\n    return web.request, template.render(web=web)"
    web = importlib.import_module("legacyweb")
    ours = jinja2.Environment().from_string("{{ web.request }}")  # noqa: S701
    ours.root_render_func.__globals__["__name__"] = "compatshim.objects.templates"
    ours.render(web=web)
    assert uses() == []
    run(show)["show"](template, web)
    assert uses() == [
        ("CS102", "legacyweb.request", 1, 1),
        ("CS102", "legacyweb.request", 2, 1),
    ]


@pytest.mark.usefixtures("watched")
def test_functions_that_only_pass_on_what_they_read():
    source = "import legacyweb, operator, pkgutil\n"
    run(source + "operator.attrgetter('request')(legacyweb)")
    assert uses() == []
    run(source + "pkgutil.resolve_name('legacyweb:request')")
    assert uses() == [("CS102", "legacyweb.request", 2, 1)]


@pytest.mark.usefixtures("watched")
def test_test_that_patches_a_name_is_told(monkeypatch):
    monkeypatch.setattr("legacyweb.request", "patched")
    [use] = recorder.uses()
    assert (use.site.code, use.site.filename) == ("CS102", __file__)


# Stopping.


def test_stopped_watch_leaves_nothing(package):
    module = importlib.import_module("legacyweb")
    with watch("legacyweb", NAMES) as started:
        assert type(module) is not ModuleType
    assert type(module) is ModuleType
    started.stop()
    run("from legacyweb import request\nimport legacyweb\nlegacyweb.request")
    assert uses() == []
    del sys.modules["legacyweb"]
    assert type(importlib.import_module("legacyweb")) is ModuleType


def test_stopped_although_an_error_was_raised(package):
    module = importlib.import_module("legacyweb")
    with pytest.raises(ZeroDivisionError), watch("legacyweb", NAMES):
        _ = 1 / 0
    assert type(module) is ModuleType


@pytest.mark.usefixtures("package")
def test_several_watches_add_up():
    source = "from legacyweb import request, session, helper"
    with watch("legacyweb", {"request": "one.request", "helper": "one.helper"}):
        with watch("legacyweb", {"request": "two.request", "session": "two.session"}):
            run(source, "/app/inner.py")
        run(source, "/app/outer.py")
    assert sorted(
        (use.site.filename, use.instead.split()[1], use.site.name.partition(".")[2])
        for use in recorder.uses()
    ) == [
        ("/app/inner.py", "one", "helper"),
        ("/app/inner.py", "two", "request"),
        ("/app/inner.py", "two", "session"),
        ("/app/outer.py", "one", "helper"),
        ("/app/outer.py", "one", "request"),
    ]


# What cannot be watched.


@pytest.mark.parametrize(
    "module", ["legacywebb", "legacyweb.i18nn", "legacyweb.local.request", "colorsys.x"]
)
def test_no_such_module(module, package):
    with pytest.raises(WatchError, match="there is no such module") as caught:
        watch(module, {"request": "compatshim.common.request"})
    assert (caught.value.module, caught.value.attribute) == (module, None)
    assert "legacyweb" not in sys.modules


def test_module_that_its_package_makes(package):
    with (package / "__init__.py").open("a") as file:
        file.write(
            "\nimport sys, types\nmoves = types.ModuleType('legacyweb.moves')\n"
            "moves.request = request\nsys.modules['legacyweb.moves'] = moves\n"
        )
    names = {"request": "compatshim.common.request"}
    with pytest.raises(WatchError, match="once it has been"):
        watch("legacyweb.moves", names)
    importlib.import_module("legacyweb")
    with watch("legacyweb.moves", names):
        run("from legacyweb.moves import request")
    assert uses() == [("CS101", "legacyweb.moves.request", 1, 1)]


def test_no_such_name(package):
    module = importlib.import_module("legacyweb")
    with pytest.raises(WatchError) as caught:
        watch("legacyweb", {**NAMES, "requset": "compatshim.common.request"})
    assert str(caught.value) == (
        "'legacyweb.requset' cannot be watched: the module has no such name; like it:"
        " 'request'."
    )
    assert (caught.value.module, caught.value.attribute) == ("legacyweb", "requset")
    assert type(module) is ModuleType


def test_no_such_name_in_a_module_imported_later(package):
    with watch("legacyweb", {"nothing": "compatshim.common.request"}):
        with pytest.raises(WatchError, match=r"'legacyweb\.nothing'"):
            importlib.import_module("legacyweb")
        assert "legacyweb" not in sys.modules


def test_namespace_package(package):
    """Nothing is run for it, after which it could be watched."""
    (package.parent / "legacyweb_space").mkdir()
    write(package.parent / "legacyweb_space", {"inner.py": ""})
    names = {"inner": "shop.inner"}
    with pytest.raises(WatchError, match="once it has been imported") as caught:
        watch("legacyweb_space", names)
    assert (caught.value.module, caught.value.attribute) == ("legacyweb_space", None)
    importlib.import_module("legacyweb_space")
    with watch("legacyweb_space", names):
        run("from legacyweb_space import inner")
    assert uses() == [("CS101", "legacyweb_space.inner", 1, 1)]


def test_name_in_a_module_inside(package):
    with pytest.raises(WatchError) as caught:
        watch("legacyweb", {"i18n.ugettext": "compatshim.common.ugettext"})
    assert "write watch('legacyweb.i18n', ...)" in str(caught.value)


@pytest.mark.parametrize("instead", ["", "write something else", "a..b", None, "a.b()"])
def test_instead_is_no_name(package, instead):
    with pytest.raises(WatchError, match="the dotted name of it"):
        watch("legacyweb", {"request": instead})


def test_not_a_name(package):
    with pytest.raises(WatchError, match="not a name that the module itself can have"):
        watch("legacyweb", {"not a name": "compatshim.common.request"})


def test_object_in_the_place_of_a_module(package):
    (package / "__init__.py").write_text(
        "import sys\nclass Web:\n    request = 1\nsys.modules[__name__] = Web()\n"
    )
    names = {"request": "compatshim.common.request"}
    with watch("legacyweb", names), pytest.raises(WatchError, match="a Web stands"):
        importlib.import_module("legacyweb")
    importlib.import_module("legacyweb")
    with pytest.raises(WatchError, match="a Web stands in the place of the module"):
        watch("legacyweb", names)
