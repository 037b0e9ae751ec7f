"""Pages of both sides, as a visitor without a browser sees them."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.demo.application import MAX_UPLOAD, create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("path", "served_by"),
    [
        ("/", "flask"),
        ("/about", "flask"),
        ("/package", "legacy"),
        ("/package/flask", "legacy"),
        ("/package/flask/edit", "legacy"),
    ],
)
def test_the_footer_says_who_served(
    client: FlaskClient, path: str, served_by: str
) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["X-Served-By"] == served_by
    assert f'data-served-by="{served_by}"' in response.text
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/package", "/absent", "/package/absent"])
def test_both_sides_send_the_same_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_the_frame_is_the_same_whoever_serves(client: FlaskClient) -> None:
    def frame(path: str) -> str:
        page = client.get(path).text
        page = page.replace(f'value="{path}"', "").replace("legacy", "flask")
        page = page.replace("Pylons", "Flask").replace(' aria-current="true"', "")
        return re.sub("(?s)<title>.*?</title>|<main.*?</main>", "", page)

    assert frame("/") == frame("/package") == frame("/about")


def test_the_old_route_name_leads_to_the_migrated_page(client: FlaskClient) -> None:
    assert 'href="/about"' in client.get("/package").text
    assert client.get("/about").headers["X-Served-By"] == "flask"


@pytest.mark.parametrize(
    ("path", "served_by"),
    [
        ("/package/absent", "legacy"),
        ("/package/absent/edit", "legacy"),
        ("/package/absent/attachment", "flask"),
        ("/package/flask/attachment", "flask"),
    ],
)
def test_not_found_looks_the_same_on_both_sides(
    client: FlaskClient, path: str, served_by: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["X-Served-By"] == served_by
    assert "This page was not found" in response.text
    assert f'data-served-by="{served_by}"' in response.text


def test_an_address_of_neither_side_has_the_same_page(client: FlaskClient) -> None:
    response = client.get("/absent")
    assert response.status_code == 404
    assert "This page was not found" in response.text


def test_search(client: FlaskClient) -> None:
    page = client.get("/package?q=werkzeug").text
    assert 'data-count="1"' in page
    assert "comprehensive &lt;b&gt;WSGI" in page
    assert "/export.csv?q=werkzeug" in page


def test_search_without_results(client: FlaskClient) -> None:
    page = client.get("/package?q=<script>").text
    assert "No package has all of these words." in page
    assert "<script>" not in page


@pytest.mark.parametrize("number", ["2", "99", "9" * 5000])
def test_the_last_page(client: FlaskClient, number: str) -> None:
    assert 'aria-current="page">' in client.get(f"/package?page={number}").text


@pytest.mark.parametrize("number", ["", "x", "-1", "²"])
def test_a_page_that_is_no_number_is_the_first(
    client: FlaskClient, number: str
) -> None:
    response = client.get("/package", query_string={"page": number})
    assert response.status_code == 200
    assert ">filler-00<" in response.text.lower()


def test_requirements_lead_to_packages_that_are_here(client: FlaskClient) -> None:
    page = client.get("/package/flask").text
    assert '<a href="/package/werkzeug">Werkzeug&gt;=3.1</a>' in page
    assert "/package/absent-package" not in page


def test_an_edit_flashes_on_the_other_side(
    client: FlaskClient, edit: Callable[..., Any]
) -> None:
    response = edit(notes="First\r\nsecond", tags="web, <b>")
    assert (response.status_code, response.headers["X-Served-By"]) == (303, "legacy")
    home = client.get(response.headers["Location"])
    assert home.headers["X-Served-By"] == "flask"
    assert "Flask was saved." in home.text
    assert "Flask was saved." not in client.get("/").text
    page = client.get("/package/flask").text
    assert "First\nsecond" in page
    assert "&lt;b&gt;" in page


def test_an_edit_that_cannot_be_kept_is_shown_again(
    client: FlaskClient, edit: Callable[..., Any]
) -> None:
    response = edit(summary="", notes="Kept </textarea>")
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert "A summary is needed." in response.text
    assert "Kept &lt;/textarea&gt;" in response.text
    assert "What flask does" in client.get("/package/flask").text


@pytest.mark.parametrize("path", ["/package/flask/edit", "/language"])
@pytest.mark.parametrize("token", [None, "", "wrong", "ü"])
def test_a_form_of_another_site_is_refused(
    client: FlaskClient, path: str, token: str | None
) -> None:
    client.get("/")
    data = {"summary": "Evil", "language": "de"}
    if token is not None:
        data["csrf_token"] = token
    response = client.post(path, data=data)
    assert response.status_code == 403
    assert "This form has expired." in response.text
    assert "What flask does" in client.get("/package/flask").text


def test_a_form_without_a_session_is_refused(app: Flask) -> None:
    response = app.test_client().post("/language", data={"csrf_token": ""})
    assert response.status_code == 403


class TestAttachment:
    def test_comes_back_as_it_was_sent(
        self, client: FlaskClient, edit: Callable[..., Any]
    ) -> None:
        content = b"<script>\0\xff" * 90
        edit(attachment=(io.BytesIO(content), "../../evil.html"))
        with client.get("/package/flask/attachment") as response:
            assert response.headers["X-Served-By"] == "flask"
            assert response.data == content
            assert response.headers["Content-Disposition"] == (
                "attachment; filename=evil.html"
            )
            assert response.headers["Content-Type"] == "application/octet-stream"
            assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_stays_when_no_file_is_chosen(
        self, client: FlaskClient, edit: Callable[..., Any]
    ) -> None:
        edit(attachment=(io.BytesIO(b"1"), "one.txt"))
        edit(attachment=(io.BytesIO(b""), ""))
        assert "one.txt" in client.get("/package/flask").text

    def test_hint_speaks_of_a_file_only_where_there_is_one(
        self, client: FlaskClient, edit: Callable[..., Any]
    ) -> None:
        hint = "It replaces the one that is there."
        assert hint not in client.get("/package/flask/edit").text
        edit(attachment=(io.BytesIO(b"1"), "one.txt"))
        assert hint in client.get("/package/flask/edit").text

    def test_can_be_removed(
        self, client: FlaskClient, edit: Callable[..., Any]
    ) -> None:
        edit(attachment=(io.BytesIO(b"1"), "one.txt"))
        edit(remove_attachment="yes")
        assert client.get("/package/flask/attachment").status_code == 404

    def test_that_is_too_large_is_refused(self, client: FlaskClient) -> None:
        response = client.post(
            "/package/flask/edit",
            data=bytes(MAX_UPLOAD + 1),
            content_type="multipart/form-data; boundary=x",
            buffered=True,
        )
        assert response.status_code == 413
        assert "The file is too large" in response.text
        assert client.get("/package/flask/attachment").status_code == 404


class TestLanguage:
    @pytest.mark.parametrize(
        ("language", "direction", "word"),
        [("de", "ltr", "Pakete"), ("ar", "rtl", "الحزم"), ("en", "ltr", "Packages")],
    )
    def test_a_choice_holds_on_both_sides(
        self,
        client: FlaskClient,
        token: Callable[[], str],
        language: str,
        direction: str,
        word: str,
    ) -> None:
        response = client.post(
            "/language",
            data={
                "csrf_token": token(),
                "language": language,
                "return_to": "/package?q=a&page=2",
            },
        )
        assert response.status_code == 303
        assert response.headers["Location"].endswith("/package?q=a&page=2")
        for path in ("/", "/package", "/package/absent", "/about"):
            page = client.get(path, headers={"Accept-Language": "fr"}).text
            assert f'<html lang="{language}" dir="{direction}">' in page
            assert word in page

    def test_an_unknown_one_is_refused(
        self, client: FlaskClient, token: Callable[[], str]
    ) -> None:
        data = {"csrf_token": token(), "language": "../de"}
        assert client.post("/language", data=data).status_code == 400

    @pytest.mark.parametrize("target", ["//example.org", "https://example.org", ""])
    def test_no_way_to_another_site(
        self, client: FlaskClient, token: Callable[[], str], target: str
    ) -> None:
        data = {"csrf_token": token(), "language": "de", "return_to": target}
        location = client.post("/language", data=data).headers["Location"]
        assert location in {"/", "http://localhost/"}

    def test_the_switch_leads_back_to_the_page(self, client: FlaskClient) -> None:
        page = client.get("/package?q=a&page=2").text
        assert 'name="return_to" value="/package?q=a&amp;page=2"' in page

    @pytest.mark.parametrize("path", ["/", "/package"])
    def test_the_browser_is_asked_first(self, client: FlaskClient, path: str) -> None:
        page = client.get(path, headers={"Accept-Language": "ar,en;q=0.5"}).text
        assert 'dir="rtl"' in page

    def test_a_get_changes_nothing(self, client: FlaskClient) -> None:
        assert client.get("/language?language=de").status_code in {404, 405}
        assert 'lang="en"' in client.get("/").text


class TestExport:
    def test_has_what_a_search_finds(self, client: FlaskClient) -> None:
        with client.get("/export.csv?q=filler") as response:
            assert response.headers["X-Served-By"] == "legacy"
            assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
            assert "packages.csv" in response.headers["Content-Disposition"]
            rows = list(csv.DictReader(io.StringIO(response.text)))
        assert len(rows) == 20

    def test_is_streamed(self, client: FlaskClient) -> None:
        with client.get("/export.csv", buffered=False) as response:
            assert "Content-Length" not in response.headers
            first = next(response.iter_encoded())
        assert first == b"name,version,summary,author,licence,homepage,tags\r\n"

    def test_has_no_formulas(self, client: FlaskClient) -> None:
        with client.get("/export.csv?q=formula") as response:
            assert "\"'=HYPERLINK" in response.text


class TestSecretKey:
    def test_is_kept_with_the_data_and_for_the_owner_only(self, tmp_path: Path) -> None:
        first = create_app(tmp_path, []).secret_key
        assert create_app(tmp_path, []).secret_key == first
        assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600

    def test_differs_between_folders(self, tmp_path: Path) -> None:
        one = create_app(tmp_path / "one", [])
        assert one.secret_key != create_app(tmp_path / "two", []).secret_key


def test_an_empty_catalogue(tmp_path: Path) -> None:
    client = create_app(tmp_path, []).test_client()
    assert client.get("/").status_code == 200
    assert client.get("/package").status_code == 200
