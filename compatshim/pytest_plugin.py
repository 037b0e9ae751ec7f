"""pytest fixtures for an application that is half migrated.

pytest loads this module by itself where compatshim is installed, in every run, so it
imports nothing but pytest. The tests define a fixture ``app``, as for pytest-flask, that
returns the application: a Flask application with a CompatShim, or for ``compatshim_client``
and ``legacy_request_context`` also a legacy application alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from compatshim.testing import Client, LegacyClient

__all__ = [
    "EitherFramework",
    "compatshim_client",
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
