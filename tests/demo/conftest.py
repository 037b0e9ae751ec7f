"""A demo with a small catalogue of its own, and what a visitor's browser would do."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.demo.application import create_app
from compatshim.demo.scan import ScannedPackage
from compatshim.deprecation import LegacyUrlWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


def scanned(name: str, **fields: Any) -> ScannedPackage:
    values: dict[str, Any] = {
        "name": name,
        "title": name.capitalize(),
        "version": "1.0",
        "summary": f"What {name} does",
        "author": "Somebody",
        "licence": "MIT",
        "homepage": f"https://example.org/{name}",
        "requires": (),
    }
    return ScannedPackage(**{**values, **fields})


PACKAGES = [
    scanned("flask", requires=("Werkzeug>=3.1", "absent-package")),
    scanned("werkzeug", summary="The comprehensive <b>WSGI</b> library"),
    scanned("formula", summary='=HYPERLINK("http://example.org")', author="+49 30"),
    *(scanned(f"filler-{number:02}") for number in range(20)),
]


@pytest.fixture(autouse=True)
def _old_names() -> Iterator[None]:
    """Let the pages use the old name of a route, which shows that it works."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LegacyUrlWarning)
        yield


@pytest.fixture
def make_package() -> Callable[..., ScannedPackage]:
    return scanned


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(tmp_path / "data", PACKAGES, plugins=())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def in_flask(app: Flask) -> Iterator[None]:
    """Run a test as a Flask view would be run."""
    with app.test_request_context("/"):
        yield


@pytest.fixture
def token(client: FlaskClient) -> Callable[[], str]:
    """Return the CSRF token of the client's session."""

    def find() -> str:
        found = re.search('name="csrf_token" value="([^"]+)"', client.get("/").text)
        assert found is not None
        return found[1]

    return find


@pytest.fixture
def edit(client: FlaskClient, token: Callable[[], str]) -> Callable[..., Any]:
    """Send the edit form of Flask's page."""

    def send(**fields: Any) -> Any:
        data = {
            "csrf_token": token(),
            "summary": "Edited",
            "notes": "",
            "tags": "",
            **fields,
        }
        # Buffered, so that the response is closed, as a server does.
        return client.post("/package/flask/edit", data=data, buffered=True)

    return send
