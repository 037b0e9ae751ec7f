"""compatshim.common can be imported, scanned and used wherever code runs."""

from __future__ import annotations

import copy
import doctest
import gc
import inspect
import pydoc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from unittest import mock

import pytest
from flask import Flask

from compatshim import CompatShim, common, errors
from compatshim.testing import legacy_request_context
from sample_site import build_legacy

# Which objects there are must not depend on what other tests have left; nor is their
# garbage to be collected each time that one of the application's objects is looked at.
pytestmark = pytest.mark.usefixtures("no_site_yet")

OBJECTS = ["request", "response", "session", "c", "tmpl_context", "g"]
APPLICATION_OBJECTS = ["app_globals", "config", "cache", "h"]


def build_app(**actions):
    """Return a Flask application that serves ``/flask`` and ``/legacy/{action}``."""
    app = Flask("sample")
    app.secret_key = "for tests"
    CompatShim(app, legacy=build_legacy(**actions))
    return app


@contextmanager
def nothing():
    yield


@contextmanager
def several_applications():
    applications = build_app(), build_app()
    with pytest.raises(errors.SeveralApplicationsError):
        common.config.get("DEBUG")
    yield applications


def run_in_thread(check):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(check).result()


SITUATIONS = {
    "nothing": nothing,
    "an application context": lambda: build_app().app_context(),
    "an application context without CompatShim": lambda: Flask("bare").app_context(),
    "a Flask request": lambda: build_app().test_request_context("/"),
    "a legacy request": lambda: legacy_request_context(build_app(), "/legacy/index"),
}


def signature(value):
    # It says so of what cannot be called, and of what has no signature.
    try:
        return inspect.signature(value)
    except (ValueError, TypeError):
        return None


SCANS = {
    "callable": callable,
    "hasattr": lambda value: hasattr(value, "no_such_attribute"),
    "hasattr wrapped": lambda value: hasattr(value, "__wrapped__"),
    "getattr default": lambda value: getattr(value, "no_such_attribute", None),
    "repr": repr,
    "bool": bool,
    "dir": dir,
    "isinstance": lambda value: isinstance(value, str),
    "getdoc": inspect.getdoc,
    "unwrap": inspect.unwrap,
    "signature": signature,
    "isclass": inspect.isclass,
    "isroutine": inspect.isroutine,
    "iscoroutinefunction": inspect.iscoroutinefunction,
}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("scan", SCANS)
def test_scanning_every_global_raises_nothing(scan, situation):
    with SITUATIONS[situation]():
        for name in common.__all__:
            SCANS[scan](getattr(common, name))


@pytest.mark.parametrize("scan", SCANS)
def test_scanning_beside_several_applications_raises_nothing(scan, monkeypatch):
    monkeypatch.setattr(gc, "collect", lambda: 0)  # which takes its time, at each look
    with several_applications():
        for name in common.__all__:
            SCANS[scan](getattr(common, name))


@pytest.mark.parametrize(
    "situation", [situation for situation in SITUATIONS if "request" not in situation]
)
@pytest.mark.parametrize("name", common.__all__)
def test_a_mock_can_be_made_of_each_global_outside_of_requests(name, situation):
    # Inside, autospec reads every property of the real request, also what fails.
    with SITUATIONS[situation]():
        assert mock.create_autospec(getattr(common, name)) is not None


@pytest.mark.parametrize("scan", SCANS)
def test_scanning_in_a_worker_thread_raises_nothing(scan):
    def check():
        for name in common.__all__:
            SCANS[scan](getattr(common, name))

    run_in_thread(check)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_doctest_finds_its_way_through_the_module(situation):
    with SITUATIONS[situation]():
        found = doctest.DocTestFinder(exclude_empty=False).find(common)
    assert "compatshim.common" in [test.name for test in found]


def test_doctest_finds_its_way_through_code_that_imports_the_objects():
    code = (
        "from compatshim.common import *\ndef f():\n    '''\n    >>> 1\n    1\n    '''"
    )
    module = type(sys)("shared")
    exec(code, vars(module))
    names = [test.name for test in doctest.DocTestFinder().find(module)]
    assert names == ["shared.f"]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_pydoc_documents_the_module(situation):
    with SITUATIONS[situation]():
        text = pydoc.render_doc(common)
    assert "What shared code imports" in text


@pytest.mark.parametrize("name", common.__all__)
def test_pydoc_documents_each_name(name):
    assert pydoc.render_doc(getattr(common, name))


@pytest.mark.parametrize("name", common.__all__)
def test_a_test_can_patch_each_name_with_autospec(name):
    original = vars(common)[name]
    with mock.patch.object(common, name, autospec=True):
        assert vars(common)[name] is not original
    assert vars(common)[name] is original


def test_the_whole_module_can_be_specified_for_a_mock():
    assert mock.create_autospec(common).redirect


def test_an_interpreter_shell_can_import_and_print_everything():
    code = """
from compatshim.common import *
import compatshim.common as common
for name in common.__all__:
    repr(getattr(common, name))
    dir(getattr(common, name))
    hasattr(getattr(common, name), "shape")

print(is_flask_request(), repr(request))
help(request)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore:'cgi' is deprecated", "-i"],
        input=code,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in done.stderr
    assert "False <ScopedProxy unbound>" in done.stdout


def test_importing_needs_no_optional_library():
    code = """
import sys
for name in ("babel", "flask_babel", "beaker", "mako", "waitress", "flask_session"):
    sys.modules[name] = None
import compatshim.common
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


def test_importing_loads_no_tools():
    code = """
import sys
import compatshim.common, compatshim.extension
tools = ("compatshim.migrate", "compatshim.cli", "compatshim.demo", "pytest", "mako")
assert not set(tools) & set(sys.modules)
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


def test_importing_the_package_alone_loads_no_framework():
    code = """
import sys
import compatshim
assert not {"flask", "webob", "routes", "werkzeug"} & set(sys.modules)
assert compatshim.CompatShim.__name__ == "CompatShim"
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


@pytest.mark.parametrize("expected", [RuntimeError, TypeError, AttributeError])
def test_touching_the_request_without_one(expected):
    with pytest.raises(errors.NoRequestError) as caught:
        _ = common.request.path
    assert isinstance(caught.value, expected)
    assert isinstance(caught.value, errors.CompatShimError)


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize(
    "use",
    [
        lambda value: value.path,
        lambda value: setattr(value, "path", 1),
        lambda value: delattr(value, "path"),
        lambda value: value["path"],
        lambda value: "path" in value,
        len,
        copy.copy,
    ],
    ids=["get", "set", "delete", "item", "in", "len", "copy"],
)
def test_using_an_object_of_a_request_without_one(use, name):
    with pytest.raises(errors.NoRequestError):
        use(getattr(common, name))


@pytest.mark.parametrize("name", OBJECTS)
def test_an_unbound_object_has_no_attribute_and_gives_the_default(name):
    value = getattr(common, name)
    assert not hasattr(value, "path")
    assert getattr(value, "path", "default") == "default"


@pytest.mark.parametrize("name", APPLICATION_OBJECTS)
def test_an_object_of_an_application_without_one_has_no_attribute(name):
    value = getattr(common, name)
    assert not hasattr(value, "no_such_name")
    assert getattr(value, "no_such_name", "default") == "default"


@pytest.mark.parametrize("name", APPLICATION_OBJECTS)
def test_using_an_object_of_an_application_without_one(name):
    with pytest.raises(errors.CompatShimError, match="app_context"):
        getattr(common, name).get("colour")


@pytest.mark.parametrize("name", ["request", "response", "session"])
def test_the_error_says_which_object_which_context_and_how_to_push_one(name):
    with pytest.raises(errors.NoRequestError) as caught:
        _ = getattr(common, name).path
    text = str(caught.value)
    assert caught.value.object_name == name
    assert repr(name) in text
    assert "neither a Flask request context nor a legacy request is current" in text
    assert "app.test_request_context(" in text
    assert "compatshim.testing.legacy_request_context(app" in text
    assert "copy_current_context" in text


def test_the_ways_out_that_the_error_names_work():
    app = build_app()
    with app.test_request_context("/"):
        assert common.request.path == "/"
    with legacy_request_context(app, "/legacy/index"):
        assert common.request.path == "/legacy/index"


@pytest.mark.parametrize(
    "call",
    [
        lambda: common.flash("hello"),
        common.get_flashed_messages,
        lambda: common.streaming_response(["a"]),
        lambda: common.copy_current_context(len),
        lambda: common.set_lang("de"),
        lambda: common.force_locale("de"),
    ],
    ids=["flash", "flashed", "stream", "copy", "set_lang", "force_locale"],
)
def test_a_function_that_needs_a_request_without_one(call):
    with pytest.raises(errors.NoRequestError):
        call()


def test_in_a_thread_that_a_request_starts_there_is_no_request():
    with (
        build_app().test_request_context("/"),
        pytest.raises(errors.NoRequestError),
    ):
        run_in_thread(lambda: common.request.path)


def test_what_needs_no_request_works_without_one():
    assert common._("Hello") == "Hello"
    assert common.ngettext("one", "many", 2) == "many"
    assert str(common.lazy_gettext("Hello")) == "Hello"
    assert common.N_("Hello") == "Hello"
    assert common.get_lang() is None
    with pytest.raises(errors.HTTPException):
        common.abort(404)


def test_the_namespace_of_an_application_context():
    with build_app().app_context():
        common.c.colour = "blue"
        assert common.g.colour == "blue"
        assert common.app_globals is not None


def test_who_serves_without_a_request():
    assert common.is_flask_request() is False
    assert str(common.is_flask_request()) == "False"


@pytest.mark.parametrize("situation", SITUATIONS)
def test_who_serves_is_always_a_bool(situation):
    with SITUATIONS[situation]():
        expected = situation == "a Flask request"
        assert common.is_flask_request() is expected
