"""``flash`` on one page, shown once on the next, whoever serves either."""

from __future__ import annotations

import flask
import pytest
from markupsafe import Markup

from compatshim.common import flash, get_flashed_messages, redirect, render

# Flask.flash is there on the Flask side.
flask_only = pytest.mark.parametrize("framework", ["flask"])


def flash_two():
    flash("Saved ä")
    flash("Careful", "warning")


@pytest.fixture
def show(make_site, other, write_template):
    """Return what ``other`` shows after the framework has written, and a second time."""
    write_template("page.html", "{{ get_flashed_messages()|join(',') }}")

    def run(write, read):
        site = make_site()
        site.add("/write", write)
        site.add("/read", read, framework=other)
        site.open("/write")
        return site.open("/read").result, site.open("/read").result

    return run


@pytest.mark.parametrize(
    ("read", "first"),
    [
        (get_flashed_messages, ["Saved ä", "Careful"]),
        (
            lambda: get_flashed_messages(with_categories=True),
            [("message", "Saved ä"), ("warning", "Careful")],
        ),
        (lambda: get_flashed_messages(category_filter=["warning"]), ["Careful"]),
        (
            lambda: get_flashed_messages(
                with_categories=True, category_filter=("warning",)
            ),
            [("warning", "Careful")],
        ),
    ],
    ids=["messages", "categories", "filter", "both"],
)
def test_messages_are_shown_once_on_the_next_page(show, read, first):
    assert show(flash_two, read) == (first, [])


def test_messages_are_shown_by_a_template(show):
    assert show(flash_two, lambda: render("page.html")) == ("Saved ä,Careful", "")


def test_markup_stays_markup(show):
    first, _ = show(lambda: flash(Markup("<b>")), get_flashed_messages)
    assert first == [Markup("<b>")]
    assert isinstance(first[0], Markup)


def test_message_is_shown_on_the_same_page(serve):
    def view():
        flash_two()
        return get_flashed_messages()

    assert serve(view).result == ["Saved ä", "Careful"]


def test_message_is_taken_once_in_a_request_and_stays_for_its_rest(serve):
    def view():
        flash_two()
        return get_flashed_messages() == get_flashed_messages()

    assert serve(view).result is True


@flask_only
def test_messages_of_flask_itself_are_shown(make_site):
    site = make_site()
    site.add("/write", lambda: flask.flash("from Flask"))
    site.add("/read", get_flashed_messages, framework="legacy")
    site.open("/write")
    assert site.open("/read").result == ["from Flask"]


def test_page_without_messages_opens_no_stored_session(serve):
    served = serve(get_flashed_messages)
    assert served.result == []
    assert "Set-Cookie" not in served.response.headers


def test_messages_are_kept_over_a_redirect(make_site, other):
    site = make_site()

    def view():
        flash("Saved")
        redirect("/read")

    site.add("/write", view)
    site.add("/read", get_flashed_messages, framework=other)
    assert site.open("/write", follow_redirects=True).result == ["Saved"]
