"""docs/recipes/database-session.md."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from compatshim.common import abort, copy_current_context, streaming_response


@pytest.fixture
def page(run_page):
    page = run_page("database-session")
    with page.engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (word TEXT)"))
    yield page
    page.engine.dispose()


def words(page):
    with page.engine.connect() as connection:
        return connection.execute(text("SELECT word FROM note")).scalars().all()


def add(page, word):
    page.Session.execute(text("INSERT INTO note VALUES (:word)"), {"word": word})


def sessions_of(page):
    return list(page.Session.registry.registry)


def test_one_session_for_a_request_closed_at_its_end(site, page):
    seen = []

    def view():
        seen.append(page.Session())
        assert page.Session() is seen[-1]
        add(page, "kept")
        page.Session.commit()
        return "page"

    site.add("/page", view)
    for _ in range(2):
        assert site.client.get("/page").text == "page"
        assert sessions_of(page) == []
    assert seen[0] is not seen[1]
    assert words(page) == ["kept", "kept"]


@pytest.mark.parametrize("error", [ZeroDivisionError, None])
def test_what_was_not_committed_is_rolled_back(site, page, error):
    def view():
        add(page, "lost")
        if error:
            raise error
        abort(403)

    site.add("/page", view)
    assert site.client.get("/page").status_code == (500 if error else 403)
    assert words(page) == []
    assert sessions_of(page) == []


def test_it_is_open_while_a_response_streams(site, page):
    def view():
        own = page.Session()

        def items():
            assert page.Session() is own
            assert len(sessions_of(page)) == 1
            add(page, "streamed")
            page.Session.commit()
            yield "page"

        return streaming_response(items())

    site.add("/page", view)
    assert site.client.get("/page", buffered=True).text == "page"
    assert words(page) == ["streamed"]
    assert sessions_of(page) == []


@pytest.mark.parametrize("other", ["flask", "legacy"])
def test_a_request_in_a_request_has_its_own(site, page, other):
    seen = []

    def outer():
        seen.append(page.Session())
        site.app.test_client().get("/inner")
        assert page.Session() is seen[0]
        return ""

    site.add("/outer", outer)
    site.add("/inner", lambda: seen.append(page.Session()) or "", on=other)
    site.client.get("/outer")
    assert seen[0] is not seen[1]
    assert sessions_of(page) == []


def test_a_copied_context_has_its_own(site, page):
    seen = []

    def view():
        seen.append(page.Session())
        copy_current_context(lambda: seen.append(page.Session()))()
        assert page.Session() is seen[0]
        return ""

    site.add("/page", view)
    site.client.get("/page")
    assert seen[0] is not seen[1]
    assert sessions_of(page) == []
