"""A legacy site's sessions, used by it and by a Flask application at the same time."""

from __future__ import annotations

import re

import pytest


@pytest.fixture(params=["old to new", "new to old"])
def writer_and_reader(request, sites):
    pair = (sites.old, sites.new)
    return pair if request.param == "old to new" else pair[::-1]


def test_who_is_logged_in_on_one_is_logged_in_on_the_other(writer_and_reader, browser):
    writer, reader = writer_and_reader
    browser.get(writer, "/login")
    assert browser.get(reader, "/whoami").text == "anna ['editor']"
    assert browser.get(writer, "/whoami").text == "anna ['editor']"


def test_both_keep_the_id(writer_and_reader, browser):
    writer, reader = writer_and_reader
    browser.get(writer, "/login")
    session_id = browser.get(writer, "/id").text
    assert browser.get(reader, "/id").text == session_id
    assert re.fullmatch("[0-9a-f]{32}", session_id)


def test_changes_of_one_are_seen_by_the_other(writer_and_reader, browser):
    writer, reader = writer_and_reader
    browser.get(writer, "/login")
    browser.get(reader, "/add-role")
    assert browser.get(writer, "/whoami").text == "anna ['editor', 'admin']"


@pytest.mark.parametrize("leave", ["/logout", "/invalidate"])
def test_who_leaves_one_has_left_the_other(writer_and_reader, browser, leave):
    writer, reader = writer_and_reader
    browser.get(writer, "/login")
    browser.get(reader, leave)
    assert browser.get(writer, "/whoami").text == "None None"
    assert browser.get(reader, "/whoami").text == "None None"


def test_another_visitor_is_not_logged_in(sites, browser):
    browser.get(sites.old, "/login")
    assert type(browser)().get(sites.new, "/whoami").text == "None None"


def test_cookie_has_the_same_attributes(sites, browser):
    def attributes(cookie):
        return cookie.partition(";")[2].lower()

    (old,) = browser.get(sites.old, "/login").cookies
    (new,) = type(browser)().get(sites.new, "/login").cookies
    assert attributes(new) == attributes(old)
