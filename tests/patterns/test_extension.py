from __future__ import annotations

import pytest

from compatshim.testing import client_for

PATHS = {"flask": "/letter", "legacy": "/old/letter"}


@pytest.mark.parametrize("side", PATHS)
def test_an_application_has_its_own_settings(unserved_page, side):
    books = unserved_page.create_app("books@shop")
    tools = unserved_page.create_app("tools@shop")
    for app, text in (
        (books, "books@shop wrote to a"),
        (tools, "tools@shop wrote to a"),
    ):
        answer = client_for(app).get(f"{PATHS[side]}?to=a")
        assert (answer.served_by, answer.text) == (side, text)
    assert books.extensions["mailer"]["sent"] == ["a"]
    assert tools.extensions["mailer"]["sent"] == ["a"]


@pytest.mark.parametrize("outer", PATHS)
@pytest.mark.parametrize("inner", PATHS)
def test_a_request_inside_of_another_application_s(
    unserved_page, monkeypatch, outer, inner
):
    books = unserved_page.create_app("books@shop")
    tools = unserved_page.create_app("tools@shop")
    send, texts = unserved_page.mailer.send, []

    def send_through_both(recipient):
        monkeypatch.setattr(unserved_page.mailer, "send", send)
        texts.append(tools.test_client().get(f"{PATHS[inner]}?to=inner").text)
        return send(recipient)

    monkeypatch.setattr(unserved_page.mailer, "send", send_through_both)
    answer = client_for(books).get(f"{PATHS[outer]}?to=outer")
    assert texts == ["tools@shop wrote to inner"]
    assert (answer.served_by, answer.text) == (outer, "books@shop wrote to outer")


def test_an_extension_made_with_its_application(unserved_page):
    app = unserved_page.Flask("alone")
    mailer = unserved_page.Mailer(app)
    with app.app_context():
        assert mailer.send("ann") == "nobody@localhost wrote to ann"
