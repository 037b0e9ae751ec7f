"""A thread with a copy of the request has a locale of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import flask_babel
import pytest

from compatshim.common import copy_current_context, force_locale, get_lang, set_lang


def in_thread(function):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


@pytest.fixture
def serve_with_babel(serve):
    def serve_once(view):
        return serve(view, setup=lambda site: flask_babel.Babel(site.app)).result

    return serve_once


@pytest.mark.parametrize("first", [None, "de"])
def test_language_that_a_thread_sets(serve_with_babel, first):
    def change():
        seen = get_lang()
        set_lang("fr")
        return seen, get_lang()

    def view():
        set_lang(first)
        before = get_lang()
        seen, changed = in_thread(copy_current_context(change))
        return seen == before, changed, get_lang() == before

    assert serve_with_babel(view) == (True, ["fr"], True)


def test_thread_goes_back_to_the_usual_language(serve_with_babel):
    def change():
        set_lang(None)
        return get_lang()

    def view():
        set_lang("de")
        return in_thread(copy_current_context(change)), get_lang()

    assert serve_with_babel(view) == (["en"], ["de"])


def test_language_that_is_forced_for_a_block_of_the_request(serve_with_babel):
    def view():
        with force_locale("de"):
            seen = in_thread(copy_current_context(get_lang))
        return seen, get_lang()

    assert serve_with_babel(view) == (["de"], ["en"])


def test_language_that_is_forced_for_a_block_of_the_thread(serve_with_babel):
    def change():
        with force_locale("fr"):
            return get_lang()

    def view():
        set_lang("de")
        copied = copy_current_context(change)
        return in_thread(copied), get_lang()

    assert serve_with_babel(view) == (["fr"], ["de"])


def test_language_of_a_copy_when_the_request_changes_its_own(serve_with_babel):
    def view():
        set_lang("de")
        copied = copy_current_context(get_lang)
        set_lang("fr")
        return in_thread(copied), get_lang()

    assert serve_with_babel(view) == (["de"], ["fr"])


def test_domain_that_a_thread_makes_the_default(serve_with_babel):
    def change():
        flask_babel.Domain(domain="other").as_default()
        return flask_babel.get_domain().domain

    def view():
        get_lang()
        changed = in_thread(copy_current_context(change))
        return changed, flask_babel.get_domain().domain

    assert serve_with_babel(view) == (["other"], ["messages"])
