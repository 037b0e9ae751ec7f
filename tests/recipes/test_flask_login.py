"""docs/recipes/flask-login.md."""

from __future__ import annotations

import flask
import flask_login
import jinja2
import pytest

from compatshim.common import c, is_flask_request, render


@pytest.fixture
def page(site, run_page):
    page = run_page("flask-login")
    for name in ("flask", "legacy"):

        def show():
            return f"{c.user} {getattr(c.userobj, 'id', None)}"

        def log_in():
            page.log_in(page.USERS["ann"])
            return page.current_user.id

        def log_out():
            page.log_out()
            return str(page.current_user.is_authenticated)

        def secret():
            page.require_login()
            return f"secret of {page.current_user.id} {is_flask_request()}"

        site.add(f"/{name}", show, on=name)
        site.add(f"/{name}/login", log_in, on=name)
        site.add(f"/{name}/logout", log_out, on=name)
        site.add(f"/{name}/secret", secret, on=name)
    return page


@pytest.mark.parametrize("other", ["flask", "legacy"])
def test_who_logs_in_on_one_side_is_logged_in_on_the_other(site, page, side, other):
    client = site.client
    assert client.get(f"/{side}/secret").status_code == 401
    assert client.get(f"/{side}").text == " None"
    assert client.get(f"/{side}/login").text == "ann"
    assert client.get(f"/{other}").text == "ann ann"
    expected = f"secret of ann {other == 'flask'}"
    assert client.get(f"/{other}/secret").text == expected
    assert client.get(f"/{other}/logout").text == "False"
    assert client.get(f"/{side}/secret").status_code == 401


def test_the_user_is_loaded_once_for_a_request(site, page, side):
    loaded = []
    load = page.load_user
    page.login_manager.user_loader(lambda name: loaded.append(name) or load(name))
    site.client.get(f"/{side}/login")
    loaded.clear()
    site.client.get(f"/{side}/secret")
    assert loaded == ["ann"]


def test_templates_have_flask_logins_own_user(site, page, side):
    loader = jinja2.DictLoader({"page.html": "{{ current_user.id }}"})
    site.app.jinja_loader = loader
    site.add("/template", lambda: render("page.html"))
    site.client.get(f"/{side}/login")
    assert site.client.get("/template").text == "ann"


@pytest.mark.parametrize("hooks", [True, False])
def test_the_cookie_that_remembers_the_user(site, page, side, hooks):
    site.app.config["COMPATSHIM_FLASK_HOOKS_ON_LEGACY"] = hooks

    def remember():
        with site.shim.flask_request_context():
            flask_login.login_user(page.USERS["ann"], remember=True)
        return ""

    site.add("/remember", remember)
    answer = site.client.get("/remember")
    has_cookie = "remember_token=" in str(answer.headers)
    assert has_cookie is (hooks or side == "flask")
    site.client.get("/flask")
    assert site.client.get_cookie("remember_token") is not None


def test_no_request_context_is_left(site, page, side):
    def look():
        assert page.current_user.is_anonymous
        return str(flask.has_request_context())

    site.add("/look", look)
    assert site.client.get("/look").text == str(side == "flask")
