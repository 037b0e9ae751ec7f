"""What holds for every test: nothing leaks, and missing extras are skipped once."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import weakref
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import flask
import hypothesis
import pytest

import compatshim
from compatshim import _flask_context, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["pytester"]

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("without deadline", deadline=None)
hypothesis.settings.load_profile("without deadline")

# Patterns of test files, with the libraries without which they cannot be collected: the
# `bare` environment has none of these. pytest puts this folder's path in front; * also
# matches slashes. A folder's pattern ends with its name and *, because with /* its
# conftest.py would be loaded all the same.
NEEDED = {
    "sessions/beaker*": ("Crypto", "beaker", "memcache", "redis", "sqlalchemy"),
    "migrate*": ("pathspec", "tree_sitter", "tree_sitter_python"),
    "demo*": ("babel", "flask_babel", "selenium", "waitress"),
    "typing*": ("mypy",),
    "*test_*babel*.py": ("babel", "flask_babel"),
    "*test_*beaker*.py": ("beaker",),
    "*test_*browser*.py": ("selenium",),
    "*test_*i18n*.py": ("babel", "flask_babel"),
    "*test_ini*.py": ("paste",),
    "*test_*mako*.py": ("mako",),
    "*test_*asgiref*.py": ("asgiref",),
    "*test_*jsonschema*.py": ("jsonschema",),
    "*test_*junitparser*.py": ("junitparser",),
    "*test_*yaml*.py": ("check_jsonschema", "pre_commit", "yaml"),
    "recipes/*database*.py": ("sqlalchemy",),
    "recipes/*flask_login*.py": ("flask_login",),
    "recipes/*repoze_who*.py": ("repoze", "zope"),
    "*test_*gevent*.py": ("gevent",),
    "*test_*redis*.py": ("flask_session", "flask_sqlalchemy", "redis"),
    "*test_*waitress*.py": ("waitress",),
}


def ignored_globs(find: Callable[[str], object | None]) -> list[str]:
    """Return the patterns that need a library which ``find`` does not find."""
    return [
        pattern
        for pattern, libraries in NEEDED.items()
        if not all(find(library) for library in libraries)
    ]


collect_ignore_glob = ignored_globs(importlib.util.find_spec)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "missing"


def pytest_report_header() -> list[str]:
    names = ("flask", "werkzeug", "webob", "routes", "flask-babel", "beaker", "mako")
    return [
        f"compatshim: {compatshim.__version__} from {compatshim.__path__[0]}",
        "with: " + ", ".join(f"{name} {_version(name)}" for name in names),
        *(f"ignored, an extra is missing: {name}" for name in collect_ignore_glob),
    ]


def _bound_legacy_proxies() -> dict[str, Any]:
    """Return the Pylons proxies that stand for something."""
    module = sys.modules.get("compatshim.legacy._proxy")
    bound = {}
    for name, value in vars(module).items() if module else ():
        # Not isinstance(), which asks the object behind the proxy.
        if type(value).__name__ == "ContextProxy":
            with contextlib.suppress(RuntimeError):
                value._get_current_object()
                bound[name] = value
    return bound


def leaks() -> list[str]:
    """Name every context that is current although no request is."""
    found = []
    if flask.has_request_context():
        found.append(f"Flask request context {flask.request!r}")
    if flask.has_app_context():
        found.append(f"Flask application context of {flask.current_app!r}")
    if serving.legacy_request() is not None:
        found.append(f"legacy request {serving.legacy_request()!r}")
    found += [f"bound legacy proxy {name!r}" for name in _bound_legacy_proxies()]
    return found


def _drop_contexts() -> None:
    """Drop what leaked, so that the next test is not blamed for it."""
    serving._legacy_request.set(None)
    for proxy in _bound_legacy_proxies().values():
        with contextlib.suppress(IndexError):
            while True:
                proxy._pop_object()
    for _ in range(20):
        context: Any = _flask_context.current_request_context()
        if context is None and flask.has_app_context():
            app_ctx: Any = flask.globals.app_ctx
            context = app_ctx._get_current_object()
        if context is None:
            return
        # Teardown functions may fail, and contexts leave in the order of their coming.
        with contextlib.suppress(Exception):
            context.pop(None)


@pytest.fixture(autouse=True)
def leak_detector() -> Iterator[None]:
    """Fail the test after which a context of either framework is still there."""
    yield
    found = leaks()
    if found:
        _drop_contexts()
        pytest.fail("this test left behind: " + "; ".join(found), pytrace=False)


class CountingIterable:
    """A response iterable that counts how often it was closed.

    An item that is an exception is raised in its turn.
    """

    def __init__(self, *items: Any) -> None:
        self.items = iter(items)
        self.closed = 0

    def __iter__(self) -> CountingIterable:
        return self

    def __next__(self) -> Any:
        item = next(self.items)
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def no_site_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process forget the sites of other tests, which may not be collected yet."""
    monkeypatch.setattr("compatshim.objects.state._states", weakref.WeakSet())


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The mails that the test sends, which go nowhere else."""
    sent: list[Any] = []

    class Server:
        def __init__(self, *args: Any, **options: Any) -> None:
            pass

        def send_message(self, message: Any) -> None:
            sent.append(message)

        def quit(self) -> None:
            pass

    monkeypatch.setattr("smtplib.SMTP", Server)
    return sent


@pytest.fixture
def often_switched_threads() -> Iterator[None]:
    """Let threads take turns as often as they can, so that they get in each other's way."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def counting() -> type[CountingIterable]:
    """The class of a response iterable that counts how often it was closed."""
    return CountingIterable
