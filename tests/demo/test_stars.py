"""``examples/plugin_stars``: a distribution that changes pages of both sides."""

from __future__ import annotations

import configparser
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask.cli
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from compatshim.demo.application import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin_stars"
PACKAGE = EXAMPLE / "compatshim_stars"
ADDRESS = "/package/flask"


@pytest.fixture
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the distribution, with the entry points of its ``setup.cfg``."""
    setup = configparser.ConfigParser()
    setup.read(EXAMPLE / "setup.cfg", encoding="utf-8")
    name, version = setup["metadata"]["name"], setup["metadata"]["version"]
    info = tmp_path / "installed" / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    for group, points in setup["options.entry_points"].items():
        text = f"[{group}]{points}\n"
        (info / "entry_points.txt").write_text(text, encoding="utf-8")
    for folder in (info.parent, EXAMPLE):
        monkeypatch.syspath_prepend(str(folder))
    yield
    for module in [one for one in sys.modules if one.startswith("compatshim_stars")]:
        del sys.modules[module]


@pytest.fixture
def app(tmp_path: Path, make_package: Callable[..., Any], _installed: None) -> Flask:
    return create_app(tmp_path / "data", [make_package("flask"), make_package("click")])


def star(client: FlaskClient, token: Callable[[], str]) -> Any:
    return client.post(f"{ADDRESS}/star", data={"csrf_token": token()})


def test_plugin_overrides_a_page_of_either_side(client: FlaskClient) -> None:
    for path, served_by, text in (
        (ADDRESS, "legacy", "Give a star"),
        ("/about", "flask", "No package has a star yet."),
    ):
        response = client.get(path)
        assert response.headers["X-Served-By"] == served_by
        assert text in response.text
        assert "<footer" in response.text
    assert "What flask does" in client.get(ADDRESS).text
    assert "About this catalogue" in client.get("/about").text


def test_star_is_given_on_one_side_and_seen_on_the_other(
    client: FlaskClient, token: Callable[[], str]
) -> None:
    response = star(client, token)
    assert (response.status_code, response.location) == (303, ADDRESS)
    assert "Take the star back" in client.get(ADDRESS).text
    assert (
        f'<li class="code"><a href="{ADDRESS}">flask</a></li>'
        in client.get("/about").text
    )
    star(client, token)
    assert "No package has a star yet." in client.get("/about").text


def test_star_needs_the_form_of_this_session(client: FlaskClient) -> None:
    assert client.post(f"{ADDRESS}/star").status_code == 403


def test_package_that_is_missing(client: FlaskClient, token: Callable[[], str]) -> None:
    assert client.get("/package/absent").status_code == 404
    data = {"csrf_token": token()}
    assert client.post("/package/absent/star", data=data).status_code == 404


@pytest.mark.parametrize("root", ["", "/catalogue"])
def test_style_sheet(client: FlaskClient, root: str) -> None:
    page = client.get(ADDRESS, environ_overrides={"SCRIPT_NAME": root}).text
    head = page.partition("</head>")[0]
    found = re.search('<link rel="stylesheet" href="([^"]*stars[^"]*)"', head)
    assert found is not None
    assert found[1] == f"{root}/stars/stars.css"
    response = client.get("/stars/stars.css", buffered=True)
    assert response.mimetype == "text/css"
    assert response.text == (PACKAGE / "public/stars/stars.css").read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "text"),
    [(ADDRESS, "Stern vergeben"), ("/about", "Noch hat kein Paket einen Stern.")],
)
def test_translation(client: FlaskClient, path: str, text: str) -> None:
    assert text in client.get(path, headers={"Accept-Language": "de"}).text


@pytest.mark.usefixtures("_installed")
def test_table_of_routes_names_the_plugin(tmp_path: Path) -> None:
    """The command is that of the example's README, but for its folder."""
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    found = re.search("flask --app '(.*)' (compatshim routes)", readme)
    assert found is not None
    application = found[1].replace("/tmp/catalogue", str(tmp_path / "data"))  # noqa: S108 (of the README)
    arguments = ["--app", application, *found[2].split()]
    result = CliRunner().invoke(flask.cli.cli, arguments)
    named = [line for line in result.output.splitlines() if "extension stars" in line]
    assert {line.split()[0] for line in named} == {
        "/about",
        "/package/{name}",
        "/package/{name}/star",
    }


def test_demo_without_it(tmp_path: Path, make_package: Callable[..., Any]) -> None:
    packages = [make_package("flask")]
    client = create_app(tmp_path / "data", packages, plugins=()).test_client()
    assert "Give a star" not in client.get(ADDRESS).text


@pytest.mark.parametrize("language", ["ar", "de"])
def test_every_text_is_translated_and_compiled(language: str) -> None:
    methods = [("templates/stars/*.html", "jinja2"), ("**.py", "python")]
    in_use = {message for _, _, message, _, _ in extract_from_dir(PACKAGE, methods)}
    folder = PACKAGE / "translations" / language / "LC_MESSAGES"
    found = []
    for name, read in (("stars.po", read_po), ("stars.mo", read_mo)):
        with (folder / name).open("rb") as file:
            found.append({one.id: one.string for one in read(file) if one.id})
    assert found[0] == found[1]
    assert set(found[0]) == in_use
    assert all(found[0].values())
