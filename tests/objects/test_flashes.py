"""Flash messages of a legacy application without a CompatShim."""

from __future__ import annotations

import pytest

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


def test_session_is_saved_after_each_change_and_not_otherwise():
    session = SavedSession()
    flashes.take(session)
    assert session.saved == 0
    flashes.keep(session, "one", "message")
    flashes.take(session)
    flashes.take(session)
    assert session.saved == 2


def test_list_of_messages_is_replaced_so_that_the_change_is_seen():
    session = {}
    flashes.keep(session, "one", "message")
    before = session["_flashes"]
    flashes.keep(session, "two", "message")
    assert session["_flashes"] is not before
