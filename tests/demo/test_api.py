from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

API = "/api/3/action"


def result(client: FlaskClient, action: str) -> Any:
    response = client.get(f"{API}/{action}")
    assert response.headers["X-Served-By"] == "flask"
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["success"] is True
    return response.json["result"]


def test_package_list(client: FlaskClient) -> None:
    assert "flask" in result(client, "package_list")


def test_package_search(client: FlaskClient) -> None:
    found = result(client, "package_search?q=filler&rows=2&start=1")
    assert found["count"] == 20
    assert [package["name"] for package in found["results"]] == [
        "filler-01",
        "filler-02",
    ]


def test_package_show(client: FlaskClient, edit: Callable[..., Any]) -> None:
    assert result(client, "package_show?id=flask")["attachment"] is None
    edit(tags="web")
    package = result(client, "package_show?id=Flask")
    assert package["url"] == "/package/flask"
    assert package["summary"] == "Edited"
    assert package["tags"] == ["web"]


def test_status_show(client: FlaskClient) -> None:
    assert result(client, "status_show")["packages"] == 23


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{API}/package_show?id=absent", 404),
        (f"{API}/package_show", 400),
        (f"{API}/package_search?rows=many", 400),
        (f"{API}/package_search?rows=1001", 400),
        (f"{API}/package_search?start=-1", 400),
        (f"{API}/package_search?start={'9' * 5000}", 400),
        (f"{API}/package_delete", 404),
        ("/api/4", 404),
    ],
)
def test_errors_are_json(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.json is not None
    assert response.json["success"] is False
    assert response.json["error"]["message"]


def test_a_wrong_method_is_an_error_in_json(client: FlaskClient) -> None:
    response = client.post(f"{API}/package_list")
    assert response.status_code == 405
    assert response.json is not None
    assert response.json["success"] is False
