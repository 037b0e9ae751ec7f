"""``flash`` on one page, shown once on the next, whoever serves either."""

from __future__ import annotations

import flask
import pytest
from markupsafe import Markup, escape

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


# As webhelpers' Flash.


def test_pop_messages_gives_each_message_once(show):
    def read():
        return [(message.category, str(message)) for message in flash.pop_messages()]

    first = [("message", "Saved ä"), ("warning", "Careful")]
    assert show(flash_two, read) == (first, [])


def test_popped_messages_have_their_attributes(show):
    def read():
        return [
            (message.category, message.message, escape(message))
            for message in flash.pop_messages()
        ]

    def write():
        flash("<i>", "notice")
        flash(Markup("<b>"), category="notice")

    first, _ = show(write, read)
    assert first == [
        ("notice", "<i>", Markup("&lt;i&gt;")),
        ("notice", Markup("<b>"), Markup("<b>")),
    ]


READERS = {
    "pop first": lambda: (flash.pop_messages(), get_flashed_messages()),
    "get first": lambda: (get_flashed_messages(), flash.pop_messages()),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_message_is_shown_by_the_one_way_or_by_the_other(show, read):
    (first, second), _ = show(lambda: flash("Saved"), read)
    assert list(map(str, first)) == ["Saved"]
    assert second == []


def test_popped_messages_are_shown_by_a_template(make_site, other, write_template):
    write_template(
        "pop.html",
        "{% for message in flash.pop_messages() %}"
        "<p class={{ message.category }}>{{ message }}</p>{% endfor %}",
    )
    site = make_site()
    site.add("/write", lambda: (flash("<i>"), flash(Markup("<b>"), "ok")))
    site.add("/read", lambda: render("pop.html"), framework=other)
    site.open("/write")
    page = "<p class=message>&lt;i&gt;</p><p class=ok><b></p>"
    assert site.open("/read").response.text == page


def test_no_category_is_the_usual_one(show):
    first, _ = show(
        lambda: flash("Saved", None), lambda: get_flashed_messages(with_categories=True)
    )
    assert first == [("message", "Saved")]


def test_duplicate_is_ignored_where_that_is_asked_for(show):
    def write():
        for _ in range(2):
            flash("Saved", ignore_duplicate=True)
        flash("Saved")
        flash("Saved", "other", ignore_duplicate=True)

    assert show(write, get_flashed_messages)[0] == ["Saved"] * 3


def test_page_that_pops_nothing_stores_nothing(serve):
    served = serve(flash.pop_messages)
    assert served.result == []
    assert "Set-Cookie" not in served.response.headers


@pytest.mark.parametrize(
    ("message", "text"),
    [(LookupError("missing"), "missing"), (7, "7")],
    ids=["exception", "number"],
)
def test_text_of_a_message_is_kept(show, message, text):
    first, _ = show(lambda: flash(message), get_flashed_messages)
    assert first == [text]


# With Flask's own functions on one of the sides.


@flask_only
def test_messages_of_flask_itself_are_popped(make_site):
    site = make_site()
    site.add("/write", lambda: flask.flash(Markup("<b>"), "ok"))
    site.add("/read", flash.pop_messages, framework="legacy")
    site.open("/write")
    (message,) = site.open("/read").result
    assert (message.category, message.message) == ("ok", Markup("<b>"))
    assert site.open("/read").result == []


@flask_only
def test_messages_of_the_legacy_side_are_shown_by_flask_itself(make_site):
    site = make_site()
    site.add("/write", lambda: flash(Markup("<b>"), "ok"), framework="legacy")
    site.add("/read", lambda: flask.get_flashed_messages(with_categories=True))
    site.open("/write")
    assert site.open("/read").result == [("ok", Markup("<b>"))]
    assert site.open("/read").result == []


def test_flask_signals_a_message(make_site):
    site = make_site()
    said = []

    def note(app, message, category):
        said.append((app, message, category))

    site.add("/write", lambda: flash("Saved", "ok"))
    with flask.message_flashed.connected_to(note, site.app):
        site.open("/write")
    assert said == [(site.app, "Saved", "ok")]
