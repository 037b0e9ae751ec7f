from __future__ import annotations

import ast
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compatshim.demo import helpers, logic

if TYPE_CHECKING:
    from flask import Flask

DEMO = Path(logic.__file__).parent
WEB = {"flask", "werkzeug", "webob", "routes", "flask_babel", "waitress", "jinja2"}


@pytest.mark.parametrize("module", ["logic.py", "helpers.py"])
def test_shared_code_imports_from_common_only(module: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((DEMO / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
        elif isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
    assert "compatshim.common" in imported
    assert not {name.partition(".")[0] for name in imported} & WEB
    assert not {name for name in imported if name.startswith("compatshim.legacy")}


@pytest.mark.usefixtures("in_flask")
class TestSearch:
    def test_package_list(self) -> None:
        assert logic.package_list()[-2:] == ["formula", "werkzeug"]
        assert len(logic.package_list()) == 23

    @pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (2, 2), (99, 2)])
    def test_a_page_that_is_not_there_is_the_nearest(
        self, asked: int, given: int
    ) -> None:
        page = logic.package_page("", asked)
        assert (page.number, page.pages, page.count) == (given, 2, 23)

    def test_no_results_are_one_empty_page(self) -> None:
        page = logic.package_page("absent", 1)
        assert (page.pages, page.count, page.packages) == (1, 0, [])

    def test_package_show_takes_any_spelling(self) -> None:
        assert logic.package_show("Filler_01").name == "filler-01"

    def test_package_show_of_an_unknown_one(self) -> None:
        with pytest.raises(logic.NotFoundError) as raised:
            logic.package_show("absent")
        assert raised.value.name == "absent"


@pytest.mark.usefixtures("in_flask")
class TestUpdate:
    def test_what_was_sent_is_tidied(self) -> None:
        package = logic.package_update(
            "flask",
            {"summary": " a\n b ", "notes": "1\r\n2\n", "tags": "Web, x  y،,web"},
        )
        assert package.summary == "a b"
        assert package.notes == "1\n2"
        assert package.tags == ("web", "x y")
        assert package.edited_at is not None

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("summary", "  "),
            ("summary", "x" * 201),
            ("notes", "x" * 5001),
            ("tags", "x" * 31),
            ("tags", ",".join("abcdefghi")),
        ],
    )
    def test_what_cannot_be_kept(self, field: str, value: str) -> None:
        with pytest.raises(logic.ValidationError) as raised:
            logic.package_update("flask", {"summary": "ok", field: value})
        assert list(raised.value.errors) == [field]
        assert logic.package_show("flask").edited_at is None

    def test_of_an_unknown_package(self) -> None:
        with pytest.raises(logic.NotFoundError):
            logic.package_update("absent", {"summary": "ok"})


@pytest.mark.usefixtures("in_flask")
def test_csv_has_no_formulas() -> None:
    [row] = csv.DictReader(io.StringIO("".join(logic.csv_lines("formula"))))
    assert row["summary"].startswith("'=HYPERLINK")
    assert row["author"] == "'+49 30"


@pytest.mark.usefixtures("in_flask")
class TestHelpers:
    @pytest.mark.parametrize("path", ["/", "/package?q=a&page=2", "/a/b#c"])
    def test_paths_of_this_site(self, path: str) -> None:
        assert helpers.local_path(path) == path

    @pytest.mark.parametrize(
        "target",
        [
            "",
            "package",
            "//example.org",
            "/\\example.org",
            "/\t/example.org",
            "\n//example.org",
            "/a\r\nSet-Cookie: a=b",
            "https://example.org/",
            "javascript:alert(1)",
        ],
    )
    def test_everything_else_leads_home(self, target: str) -> None:
        assert helpers.local_path(target) == "/"

    @pytest.mark.parametrize(
        ("current", "pages", "shown"),
        [
            (1, 1, [1]),
            (2, 3, [1, 2, 3]),
            (1, 9, [1, 2, None, 9]),
            (5, 9, [1, None, 4, 5, 6, None, 9]),
        ],
    )
    def test_page_numbers(
        self, current: int, pages: int, shown: list[int | None]
    ) -> None:
        assert list(helpers.page_numbers(current, pages)) == shown

    def test_csrf_tokens(self) -> None:
        assert not helpers.is_csrf_token("")
        token = helpers.csrf_token()
        assert helpers.csrf_token() == token
        assert helpers.is_csrf_token(token)
        assert not helpers.is_csrf_token(token + "ü")

    @pytest.mark.parametrize(
        ("requirement", "name"),
        [("Jinja2>=3.1", "jinja2"), ("a.b_c[x] (>1)", "a-b-c"), ("???", "")],
    )
    def test_requirement_name(self, requirement: str, name: str) -> None:
        assert helpers.requirement_name(requirement) == name

    def test_file_size(self) -> None:
        assert helpers.file_size(12) == "12 byte"
        assert helpers.file_size(1234) == "1.2 kB"
        assert helpers.file_size(2_000_000) == "2 MB"
        assert helpers.file_size(0) == "0 byte"


@pytest.mark.parametrize(
    ("header", "language"),
    [("de-AT,en;q=0.5", "de"), ("ar-EG", "ar"), ("fr", "en"), ("", "en")],
)
def test_the_browser_proposes_a_language(
    app: Flask, header: str, language: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": header}):
        assert helpers.current_language() == language
