from __future__ import annotations

from types import SimpleNamespace

import pytest

from compatshim.common import c, copy_current_context, streaming_response
from compatshim.errors import NoRequestError
from compatshim.testing import client_for, legacy_request_context

SIDES = ["flask", "legacy"]
PREFIXES = {"flask": "", "legacy": "/old"}
SEEN = {"ann": "plan news", "bob": "bill news", "root": "plan bill news", "eve": "news"}


@pytest.fixture(params=SIDES)
def side(request):
    return request.param


@pytest.fixture(params=SIDES)
def other(request):
    return request.param


def context(page, side):
    """Return a request of a side, for a ``with`` block."""
    if side == "flask":
        return page.app.test_request_context()
    return legacy_request_context(page.app)


def mount(page, view):
    page.app.view_functions["index"] = view
    page.DocumentController.index = lambda self: view()


@pytest.mark.parametrize("name", SEEN)
def test_a_login_on_one_side_counts_on_both(client, side, other, name):
    login = client.post(f"{PREFIXES[side]}/login", data={"name": name})
    answer = client.get(f"{PREFIXES[other]}/index")
    assert (login.served_by, answer.served_by) == (side, other)
    assert (login.text, answer.text) == (SEEN[name], SEEN[name])


def test_another_login_takes_effect_at_once(client, side, other):
    client.post(f"{PREFIXES[side]}/login", data={"name": "root"})
    answer = client.post(f"{PREFIXES[other]}/login", data={"name": "bob"})
    assert answer.text == "bill news"


def test_nobody_sees_what_another_visitor_does(page, side, other):
    ann, eve = client_for(page.app), client_for(page.app)
    ann.post("/login", data={"name": "ann"})
    assert ann.get(f"{PREFIXES[side]}/index").text == "plan news"
    assert eve.get(f"{PREFIXES[other]}/index").text == "news"


@pytest.mark.parametrize(
    ("outer", "inner"), [("flask", "legacy"), ("legacy", "flask"), ("legacy", "legacy")]
)
def test_a_nested_request_is_somebody_s_own(page, outer, inner):
    eve, texts = client_for(page.app), []

    def view():
        c.user = page.USERS["root"]
        page.app.view_functions["index"] = page.show_titles
        page.DocumentController.index = lambda self: page.show_titles()
        texts.append(eve.get(f"{PREFIXES[inner]}/index").text)
        return page.show_titles()

    mount(page, view)
    answer = client_for(page.app).get(f"{PREFIXES[outer]}/index")
    assert answer.text == "plan bill news"
    assert texts == ["news"]


@pytest.mark.parametrize("strict", [True, False])
def test_a_lax_or_a_shared_name_is_no_user(unserved_page, side, strict):
    page = unserved_page
    page.legacy_config["pylons.strict_tmpl_context"] = strict
    with context(page, side):
        assert strict or c.user == ""
        assert page.show_titles() == "news"
    page.legacy_config["pylons.app_globals"] = SimpleNamespace(user=page.USERS["root"])
    with context(page, side):
        assert c.user is page.USERS["root"]
        assert page.show_titles() == "news"


def test_an_argument_of_a_route_is_no_user(unserved_page):
    page = unserved_page
    page.app.testing = True
    page.legacy_config["pylons.tmpl_context_attach_args"] = True
    page.DocumentController.of = lambda self, user: page.show_titles()
    page.routes_map.connect(
        "/of/{user}", controller=page.DocumentController, action="of"
    )
    with pytest.raises(PermissionError, match="'root'"):
        client_for(page.app).get("/of/root")


def test_a_command_says_for_whom_it_works(page):
    with page.app.app_context():
        with pytest.raises(NoRequestError):
            page.show_titles()
        c.user = page.USERS["root"]
        assert page.show_titles() == "plan bill news"


def test_a_copied_function_has_the_user(page, side):
    with context(page, side):
        c.user = page.USERS["bob"]
        copied = copy_current_context(page.show_titles)
    assert copied() == "bill news"


def test_a_stream_has_the_user(page, side):
    client = client_for(page.app)
    client.post("/login", data={"name": "ann"})
    mount(page, lambda: streaming_response(iter(page.documents), "text/plain"))
    assert client.get(f"{PREFIXES[side]}/index").text == "plannews"
