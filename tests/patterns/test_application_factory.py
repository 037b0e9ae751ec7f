from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup, ScriptInfo

from compatshim.testing import client_for


@pytest.fixture
def new_app(page):
    return page.create_app


def test_each_half_serves_its_own(new_app):
    client = client_for(new_app())
    assert client.get("/").served_by == "flask"
    assert client.get("/orders").served_by == "legacy"


def test_each_call_makes_a_site_of_its_own(new_app):
    first, second = client_for(new_app(TITLE="A")), client_for(new_app(TITLE="B"))
    assert first.get("/").text == "A: see /orders"
    assert second.get("/").text == "B: see /orders"
    assert first.get("/orders").text == "Orders of A: back to /"
    assert second.get("/orders").text == "Orders of B: back to /"


def test_a_new_module_brings_a_page_and_may_replace_a_legacy_one(new_app, tmp_path):
    assert client_for(new_app()).get("/orders").served_by == "legacy"
    (tmp_path / "shop/views/orders.py").write_text(
        "from flask import Blueprint\n"
        "bp = Blueprint('orders', __name__)\n"
        "bp.add_url_rule('/orders', 'index', lambda: 'moved')\n"
    )
    answer = client_for(new_app()).get("/orders")
    assert (answer.served_by, answer.text) == ("flask", "moved")


def test_the_flask_command_finds_the_factory(page):
    assert "shop" in sys.modules
    group = FlaskGroup(create_app=None, load_dotenv=False)
    result = CliRunner().invoke(
        group, ["routes"], obj=ScriptInfo("shop"), catch_exceptions=False
    )
    assert "pages.index" in result.output
