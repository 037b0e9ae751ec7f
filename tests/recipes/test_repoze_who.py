"""docs/recipes/repoze-who.md."""

from __future__ import annotations

import pytest

from compatshim.common import abort, c, request


@pytest.fixture
def page(site, run_page):
    page = run_page("repoze-who")
    for name in ("flask", "legacy"):

        def show():
            identity = request.environ.get("repoze.who.identity", {})
            userid = identity.get("repoze.who.userid")
            return f"{request.remote_user} {userid} {c.user} {c.userobj}"

        def log_in():
            page.log_in(request.params["name"], request.params["password"])
            return "welcome"

        def log_out():
            page.log_out()
            return "bye"

        def secret():
            if not c.user:
                abort(401)
            return "secret"

        site.add(f"/{name}", show, on=name)
        site.add(f"/{name}/login", log_in, on=name)
        site.add(f"/{name}/logout", log_out, on=name)
        site.add(f"/{name}/secret", secret, on=name)
    return page


FORM = {"name": "ann", "password": "secret"}


@pytest.mark.parametrize("other", ["flask", "legacy"])
def test_who_logs_in_on_one_side_is_logged_in_on_the_other(site, page, side, other):
    client = site.client
    assert client.get(f"/{other}").text == "None None  None"
    assert client.post(f"/{side}/login", data=FORM).text == "welcome"
    assert client.get(f"/{other}").text == "ann ann ann {'name': 'Ann'}"
    assert client.get(f"/{other}/secret").text == "secret"
    assert client.get(f"/{other}/logout").text == "bye"
    assert client.get(f"/{side}").text == "None None  None"


def test_a_wrong_password(site, page, side):
    answer = site.client.post(f"/{side}/login", data={**FORM, "password": "x"})
    assert answer.status_code == 403
    assert site.client.get(f"/{side}").text == "None None  None"


def test_a_401_of_either_side_is_challenged(site, page, side):
    answer = site.client.get(f"/{side}/secret")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="shop"'
    answer = site.client.get(f"/{side}/secret", auth=("ann", "secret"))
    assert answer.text == "secret"


def test_the_servers_own_user_comes_first(site, page, side):
    answer = site.client.get(f"/{side}", environ_overrides={"REMOTE_USER": "ann"})
    assert answer.text == "ann None ann {'name': 'Ann'}"
