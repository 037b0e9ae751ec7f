"""pytest fixtures for an application that is half migrated, and the ratchet's options.

pytest loads this module by itself where compatshim is installed, in every run, so it
imports nothing but pytest; what ``--compatshim`` asks for is in ``compatshim.ratchet``.
The tests define a fixture ``app``, as for pytest-flask, that
returns the application: a Flask application with a CompatShim, or for ``compatshim_client``
and ``legacy_request_context`` also a legacy application alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from compatshim.ratchet.occurrences import Occurrences
    from compatshim.testing import Client, LegacyClient

__all__ = [
    "EitherFramework",
    "compatshim_client",
    "compatshim_deprecations",
    "either_framework",
    "legacy_request_context",
]


@pytest.fixture
def compatshim_client(app: Any) -> Client | LegacyClient:
    """Return a test client for ``app``, whose responses have ``served_by``."""
    from compatshim.testing import client_for

    client: Client | LegacyClient = client_for(app)
    return client


@pytest.fixture
def legacy_request_context(app: Any) -> Callable[..., AbstractContextManager[None]]:
    """Return a function that makes a legacy request to ``app`` current for a block.

    Its arguments are the path and what ``werkzeug.test.EnvironBuilder`` takes.
    """
    from compatshim import testing

    def request_context(
        path: str = "/", **options: Any
    ) -> AbstractContextManager[None]:
        return testing.legacy_request_context(app, path, **options)

    return request_context


class EitherFramework:
    """Makes requests of one of the frameworks current: ``name`` says which.

    Called with a path and what ``werkzeug.test.EnvironBuilder`` takes, it returns a
    context manager. Under ``"flask"`` that is ``app.test_request_context``, and under
    ``"legacy"`` :func:`compatshim.testing.legacy_request_context`.
    """

    def __init__(self, app: Any, name: str) -> None:
        self.app = app
        self.name = name

    def __call__(
        self, path: str = "/", **options: Any
    ) -> AbstractContextManager[object]:
        """Return a context manager: inside of it a request is current."""
        if self.name == "flask":
            context: AbstractContextManager[object] = self.app.test_request_context(
                path, **options
            )
            return context
        from compatshim.testing import legacy_request_context

        return legacy_request_context(self.app, path, **options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"


@pytest.fixture(params=["flask", "legacy"])
def either_framework(app: Any, request: pytest.FixtureRequest) -> EitherFramework:
    """Run the test twice: shared code has to pass under each framework."""
    name: str = request.param
    if name == "flask" and not hasattr(app, "test_request_context"):
        pytest.skip("the app fixture returns a legacy application alone")
    return EitherFramework(app, name)


@pytest.fixture
def compatshim_deprecations() -> Occurrences:
    """Return the deprecated uses since this fixture was made: a sequence that grows."""
    from compatshim.ratchet.occurrences import Occurrences

    return Occurrences()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the ratchet."""
    group = parser.getgroup("compatshim", "deprecations, held by a baseline")
    group.addoption(
        "--compatshim",
        action="store_true",
        help="Count the deprecated uses of the run, and fail (exit code 9) if there are"
        " more than the baseline allows.",
    )
    group.addoption(
        "--compatshim-baseline",
        metavar="FILE",
        help="The baseline, relative to pytest's root folder, where it is"
        " compatshim-baseline.json by default.",
    )
    group.addoption(
        "--compatshim-update",
        action="store_true",
        help="Write the baseline as the run has found it. A run of part of the suite"
        " adds to it only. Implies --compatshim.",
    )
    group.addoption(
        "--compatshim-strict",
        action="store_true",
        help="Fail also if the baseline can shrink.",
    )
    group.addoption(
        "--compatshim-despite-skips",
        action="store_true",
        help="Let the baseline shrink though tests were skipped: for a suite that skips"
        " the same ones in every run.",
    )
    group.addoption(
        "--compatshim-report",
        action="append",
        default=[],
        metavar="FORMAT[:PATH]",
        help="With --compatshim, write a report: text, json, sarif, github, junit or"
        " html; without a path it is shown. May be given several times.",
    )
    group.addoption(
        "--compatshim-changed",
        metavar="REF",
        help="Annotate only the files that differ from REF, such as origin/main.",
    )
    group.addoption(
        "--compatshim-history",
        metavar="FILE",
        help="Add the numbers of the run to FILE, for the trend in the HTML report.",
    )
    parser.addini(
        "compatshim_ignore",
        "Patterns of files and folders whose deprecated uses are not looked at.",
        type="args",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin to count before the first conftest.py is imported."""
    _register_ratchet(early_config, early_config.known_args_namespace)


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count, if this plugin was loaded too late to do it before."""
    config.addinivalue_line(
        "markers", "no_legacy: the test must use nothing deprecated while it runs."
    )
    _register_ratchet(config, config.option)


def _register_ratchet(config: pytest.Config, options: Any) -> None:
    if options.compatshim or options.compatshim_update:
        from compatshim.ratchet._pytest_session import register

        register(config)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let a test that is marked with ``no_legacy`` fail for what it uses."""
    if item.get_closest_marker("no_legacy") is None:
        yield
        return
    from compatshim.ratchet.occurrences import Occurrences

    occurrences = Occurrences()
    outcome: Any = yield
    if occurrences and outcome.excinfo is None:
        text = f"this test must use nothing deprecated, and it used:\n{occurrences}"
        outcome.force_exception(pytest.fail.Exception(text, pytrace=False))
