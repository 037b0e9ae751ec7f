"""Every page of ``docs/recipes`` has tests, and ``docs/hooks.md`` does as it says."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def test_every_recipe_has_tests():
    pages = sorted(path.stem for path in (DOCS / "recipes").glob("*.md"))
    tests = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    for page in pages:
        assert f"test_{page.replace('-', '_')}" in tests


def test_every_recipe_is_linked():
    text = (DOCS / "hooks.md").read_text(encoding="utf-8")
    for path in (DOCS / "recipes").glob("*.md"):
        assert f"(recipes/{path.name})" in text


@pytest.mark.parametrize("path", ["/order/7", "/dataset/7"])
def test_error_mails(path, run_page, mails):
    page = run_page("../hooks")
    app = page.app
    before = list(app.logger.handlers)
    page.mail_errors(app)
    (handler,) = set(app.logger.handlers) - set(before)
    assert handler.level == logging.ERROR

    def fail(*_, **arguments):
        raise ZeroDivisionError

    app.view_functions["dataset"] = page.OrderController.read = fail
    try:
        answer = app.test_client().get(path)
    finally:
        app.logger.removeHandler(handler)
    assert answer.status_code == 500
    (mail,) = mails
    assert mail["To"] == "admin@shop.example"
    assert f"Exception on {path} [GET]" in mail.get_content()
