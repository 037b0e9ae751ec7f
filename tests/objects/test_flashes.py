"""Flash messages: what is kept of one, and those of a legacy application alone."""

from __future__ import annotations

import pytest
from markupsafe import Markup, escape

from compatshim.legacy.i18n._lazy import LazyString
from compatshim.objects import flashes


class SavedSession(dict):
    """A session that stores nothing by itself, as Beaker's."""

    saved = 0

    def save(self):
        self.saved += 1


@pytest.fixture(params=[dict, SavedSession])
def session(request):
    made = request.param()
    flashes.keep(made, "one", "message")
    flashes.keep(made, "two", "warning")
    return made


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["one", "two"]),
        ({"with_categories": True}, [("message", "one"), ("warning", "two")]),
        ({"category_filter": ("warning",)}, ["two"]),
        ({"category_filter": ("none",)}, []),
    ],
)
def test_messages_are_taken_once(session, options, expected):
    assert flashes.take(session, **options) == expected
    assert flashes.take(session, **options) == []


def test_messages_are_popped_once(session):
    assert flashes.pop(session) == [
        flashes.FlashedMessage("message", "one"),
        flashes.FlashedMessage("warning", "two"),
    ]
    assert flashes.pop(session) == []


def test_session_is_saved_after_each_change_and_not_otherwise():
    session = SavedSession()
    flashes.take(session)
    flashes.pop(session)
    assert session.saved == 0
    flashes.keep(session, "one", "message")
    flashes.take(session)
    flashes.pop(session)
    assert session.saved == 2


def test_list_of_messages_is_replaced_so_that_the_change_is_seen():
    session = {}
    flashes.keep(session, "one", "message")
    before = session["_flashes"]
    flashes.keep(session, "two", "message")
    assert session["_flashes"] is not before


@pytest.mark.parametrize(
    ("message", "category", "expected"),
    [
        ("one", "message", True),
        ("one", "warning", False),
        ("two", "message", False),
        (Markup("one"), "message", False),
    ],
)
def test_is_kept(session, message, category, expected):
    assert flashes.is_kept(session, message, category) is expected


class Literal(Markup):
    """As webhelpers had one."""


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("a", "a"),
        (Markup("<b>"), Markup("<b>")),
        (Literal("<b>"), Markup("<b>")),
        (LazyString(lambda: "Gespeichert"), "Gespeichert"),
        (LookupError("missing"), "missing"),
        (7, "7"),
    ],
)
def test_text_of_a_message(message, kept):
    text = flashes.as_text(message)
    assert text == kept
    assert type(text) is (Markup if isinstance(message, Markup) else str)


def test_message_is_text_and_escapes_itself():
    message = flashes.FlashedMessage("warning", "<b>")
    assert str(message) == "<b>"
    assert escape(message) == Markup("&lt;b&gt;")
    assert escape(flashes.FlashedMessage("", Markup("<b>"))) == Markup("<b>")
    assert repr(message) == "FlashedMessage('warning', '<b>')"


def test_messages_are_equal_by_category_and_text():
    message = flashes.FlashedMessage("a", "b")
    assert message == flashes.FlashedMessage("a", "b")
    assert message != flashes.FlashedMessage("b", "b")
    assert message != "b"
    assert len({message, flashes.FlashedMessage("a", "b")}) == 1
