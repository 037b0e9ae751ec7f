"""What plugins bring works on both sides, and of two the first one's is used."""

from __future__ import annotations

import gc
import sys
import weakref
from types import ModuleType

import click
import pytest
from flask import Flask, g, got_request_exception
from flask.cli import with_appcontext

from compatshim import CompatShim
from compatshim.common import abort, c, config, h, is_flask_request, render
from compatshim.errors import PluginError
from compatshim.plugins import hookimpl


def plugin(name="Plugin", **hooks):
    """Return a class with these hooks, given without ``compatshim_``."""
    functions = {
        f"compatshim_{hook}": staticmethod(hookimpl(function))
        for hook, function in hooks.items()
    }
    return type(name, (), functions)()


# The configuration.


def test_configuration_is_changed_before_the_other_hooks(make_page):
    seen = []

    def see():
        seen.append(config["colour"])
        return {}

    first = plugin("First", helpers=see)
    second = plugin("Second", config=lambda config: config.update(colour="red"))
    site = make_page(lambda: config["colour"], first, second)
    assert seen == ["red"]
    assert site.text("/page") == "red"
    assert site.app.config.get("colour", site.legacy_config["colour"]) == "red"


# Helpers.


def test_helper_overrides_that_of_the_site(make_page):
    site = make_page(
        lambda: f"{h.star()} {h.moon()} {h.sun()}",
        plugin("First", helpers=lambda: {"star": lambda: "first"}),
        plugin("Second", helpers=lambda: dict.fromkeys(["star", "moon"], str)),
    )
    for name in ("star", "moon", "sun"):
        site.shim.helper(name)(lambda: "site's")
    assert site.text("/page") == "first  site's"


# Templates.


def test_template_overrides_that_of_the_site(make_page, write):
    write("templates/page.html", "{% include 'a.html' %} {% include 'b.html' %}")
    write("templates/a.html", "site's")
    write("templates/b.html", "site's")
    folders = [write("one/a.html", "first"), write("two/a.html", "second")]
    write("two/b.html", "second")
    site = make_page(
        lambda: render("page.html"),
        plugin("First", template_dirs=lambda: folders[:1]),
        plugin("Second", template_dirs=lambda: folders[1:]),
    )
    assert site.text("/page") == "first second"


def test_directory_below_the_folder_of_the_module(
    make_page, write, tmp_path, monkeypatch
):
    write("a_plugin/templates/page.html", "found")
    write(
        "a_plugin/__init__.py",
        "from compatshim.plugins import hookimpl\n"
        "@hookimpl\ndef compatshim_template_dirs():\n    return ['templates']\n",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import a_plugin

    try:
        site = make_page(lambda: render("page.html"), a_plugin)
        assert site.text("/page") == "found"
    finally:
        del sys.modules["a_plugin"]


# Files.


PUBLIC = "public/stars/star.txt"


@pytest.fixture
def public(tmp_path, write):
    write(PUBLIC, "a star")
    write("secret.txt", "a secret")
    return plugin(public_dirs=lambda: [tmp_path / "public"])


def test_file_is_served_where_no_route_is(make_page, public):
    site = make_page(lambda: "page", public)
    response = site.client.get("/stars/star.txt", buffered=True)
    assert (response.text, response.mimetype) == ("a star", "text/plain")
    assert site.client.head("/stars/star.txt", buffered=True).content_length == len(
        "a star"
    )
    etag = response.headers["ETag"]
    headers = {"If-None-Match": etag}
    again = site.client.get("/stars/star.txt", headers=headers, buffered=True)
    assert again.status_code == 304


def test_file_hides_no_route(make_page, write, tmp_path):
    write("public/page", "a file")
    files = plugin(public_dirs=lambda: [tmp_path / "public"])
    assert make_page(lambda: "page", files).text("/page") == "page"


def test_file_hides_no_route_for_another_method(make_site, public):
    site = make_site(public)
    site.app.add_url_rule("/stars/star.txt", "post", lambda: "posted", methods=["POST"])
    assert site.client.get("/stars/star.txt").status_code == 405


def test_file_of_the_first_plugin(make_site, write, tmp_path):
    for name in ("one", "two"):
        write(f"{name}/star.txt", name)
    site = make_site(
        plugin("First", public_dirs=lambda: [tmp_path / "one"]),
        plugin("Second", public_dirs=lambda: [tmp_path / "two"]),
    )
    assert site.text("/star.txt") == "one"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/stars/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//{root}/secret.txt",
        "/stars/%00star.txt",
        "/stars/%ff",
        "/stars",
        "/",
    ],
)
def test_nothing_else_is_served(make_site, public, tmp_path, path):
    site = make_site(public)
    response = site.client.get(path.format(root=tmp_path))
    assert response.status_code in {308, 400, 404}
    assert "a secret" not in response.text


@pytest.mark.parametrize("path", ["/stars/%ff", "/stars/..", "/stars/%00"])
def test_nothing_else_is_served_by_flask_alone(public, path):
    app = Flask("sample")
    CompatShim(app).register_plugin(public)
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "//stars/star.txt",
        "/stars//star.txt",
        "/./stars/star.txt",
        "/stars/./star.txt",
        "/stars/../stars/star.txt",
        "/stars/star.txt/",
        "/stars/.hidden",
        "/.git/config",
    ],
)
@pytest.mark.parametrize("has_legacy_side", [False, True])
def test_path_that_names_no_public_file(
    make_site, public, write, path, has_legacy_side
):
    write("public/stars/.hidden", "a secret")
    write("public/.git/config", "a secret")
    if has_legacy_side:
        app = make_site(public).app
    else:
        app = Flask("sample")
        CompatShim(app).register_plugin(public)
    assert app.test_client().get(path).status_code in {308, 404}


def test_public_file_behind_a_wall_that_is_built_later(make_site, public):
    site = make_site(public)
    site.app.before_request(lambda: ("log in", 401))
    response = site.client.get("/stars/star.txt")
    assert (response.status_code, response.text) == (401, "log in")


def test_public_file_of_a_site_whose_legacy_side_takes_everything_is_walled(public):
    app = Flask("sample")
    shim = CompatShim(app, lambda environ, start_response: [])
    shim.register_plugin(public)
    app.before_request(lambda: ("log in", 401))
    assert app.test_client().get("/stars/star.txt").status_code == 401


def test_only_reading_a_file(make_site, public):
    assert make_site(public).client.post("/stars/star.txt").status_code == 404


def test_file_before_a_legacy_application_that_takes_everything(tmp_path, write):
    write(PUBLIC, "a star")

    def legacy(environ, start_response):
        start_response("200 OK", [])
        return [environ["REQUEST_METHOD"].encode()]

    app = Flask("sample")
    shim = CompatShim(app, legacy)
    shim.register_plugin(plugin(public_dirs=lambda: [tmp_path / "public"]))
    client = app.test_client()
    assert client.get("/stars/star.txt", buffered=True).text == "a star"
    assert client.post("/stars/star.txt").text == "POST"
    assert client.get("/stars/other.txt").text == "GET"


# Middleware.


class Tag:
    """Middleware that writes its name down, and who has served."""

    def __init__(self, application, name, seen):
        self.application, self.name, self.seen = application, name, seen

    def __call__(self, environ, start_response):
        self.seen.append(self.name)
        answer = self.application(environ, start_response)
        self.seen.append(environ["compatshim.app"])
        return answer


def test_middleware_is_around_both_sides_the_first_one_outermost(make_page, framework):
    seen = []

    def tag(name):
        return plugin(name, middleware=lambda wsgi_app: Tag(wsgi_app, name, seen))

    site = make_page(
        lambda: "page", tag("first"), plugin(helpers=lambda: None), tag("second")
    )
    site.shim.register_plugin(tag("third"))
    assert site.text("/page") == "page"
    assert seen == ["first", "second", "third", *[framework] * 3]


def test_middleware_gets_the_common_configuration(make_site):
    seen = []

    def wrap(wsgi_app, config):
        seen.append((config["SECRET_KEY"], config["routes.map"]))
        return wsgi_app

    site = make_site(plugin(middleware=wrap))
    assert seen == [("secret", site.mapper)]


# Errors.


def fail():
    raise LookupError("the page is broken")


class Report:
    """Middleware as it reports errors: it sees them pass."""

    def __init__(self, application, seen):
        self.application, self.seen = application, seen

    def __call__(self, environ, start_response):
        try:
            yield from self.application(environ, start_response)
        except Exception as error:
            self.seen.append((str(error), environ["PATH_INFO"]))
            raise


@pytest.mark.parametrize("testing", [False, True])
def test_error_log_middleware_sees_what_nobody_handles(make_page, testing):
    first, second = [], []
    site = make_page(
        fail,
        plugin("A", error_log_middleware=lambda wsgi_app: Report(wsgi_app, first)),
        plugin("B", error_log_middleware=lambda wsgi_app: Report(wsgi_app, second)),
        config={"TESTING": testing},
    )
    if testing:
        with pytest.raises(LookupError):
            site.text("/page")
    else:
        assert site.client.get("/page").status_code == 500
    assert first == second == [("the page is broken", "/page")]


def test_error_log_middleware_does_not_see_what_is_handled(make_page):
    seen = []
    site = make_page(
        fail, plugin(error_log_middleware=lambda wsgi_app: Report(wsgi_app, seen))
    )
    site.app.register_error_handler(LookupError, lambda _: ("handled", 418))
    assert site.client.get("/page").status_code == 418
    assert seen == []


def test_error_log_middleware_that_fails_is_logged(make_page, caplog):
    def broken(wsgi_app):
        def application(environ, start_response):
            raise OSError("no network")

        return application

    site = make_page(
        fail, plugin("Mail", error_log_middleware=broken), config={"TESTING": False}
    )
    assert site.client.get("/page").status_code == 500
    messages = [one.getMessage() for one in caplog.records if "plugins" in one.name]
    assert messages == ["The error log middleware of the plugin 'Mail' failed."]


def test_error_log_middleware_of_two_applications(make_site):
    seen = []
    make_site(plugin(error_log_middleware=lambda wsgi_app: Report(wsgi_app, seen)))
    other = Flask("other")
    with other.test_request_context():
        got_request_exception.send(other, exception=LookupError())
    assert seen == []


def test_error_outside_of_a_request_is_no_request_s(make_site):
    seen = []
    site = make_site(
        plugin(error_log_middleware=lambda wsgi_app: Report(wsgi_app, seen))
    )
    with site.app.app_context():
        got_request_exception.send(site.app, exception=LookupError())
    assert seen == []


# Who it is.


def show_user():
    return f"{c.user}, {c.userobj}"


@pytest.mark.parametrize(
    ("answer", "text"),
    [("ann", "ann, None"), (("ann", {"id": 1}), "ann, {'id': 1}"), (None, ", None")],
)
def test_identify(make_page, answer, text):
    site = make_page(show_user, plugin(identify=lambda: answer))
    assert site.text("/page") == text


def test_first_plugin_that_knows_says_who_it_is(make_page):
    asked = []

    def knows(name):
        def identify(request):
            asked.append(name)
            return request.headers.get(name)

        return plugin(name, identify=identify)

    site = make_page(show_user, *map(knows, ["A", "B", "C"]))
    assert site.text("/page", headers={"B": "bob", "C": "carl"}) == "bob, None"
    assert asked == ["A", "B"]


def test_identify_is_asked_once_by_the_side_that_serves(make_page, framework):
    asked = []

    def identify(request):
        asked.append(("flask" if is_flask_request() else "legacy", request.path))

    site = make_page(show_user, plugin(identify=identify))
    site.text("/page")
    assert asked == [(framework, "/page")]


def test_identify_comes_before_the_hooks_of_the_site(make_site, framework):
    seen = []
    site = make_site()
    getattr(site, f"add_{framework}")("/page", show_user)
    site.shim.before_request(lambda: seen.append(c.user))
    site.app.before_request(lambda: seen.append(c.user))
    site.shim.register_plugin(plugin(identify=lambda: "ann"))
    site.text("/page")
    assert set(seen) == {"ann"}


def test_identify_leaves_alone_what_is_set(make_site, framework):
    site = make_site(plugin(identify=lambda: None))
    getattr(site, f"add_{framework}")("/page", show_user)
    site.shim.before_request(lambda: setattr(c, "user", "set"))
    assert site.text("/page") == "set, None"


def test_identify_with_an_answer_that_is_none(make_page):
    site = make_page(show_user, plugin("Stars", identify=lambda: {"id": 1}))
    with pytest.raises(PluginError, match="not a name") as caught:
        site.text("/page")
    assert (caught.value.plugin, caught.value.hook) == ("Stars", "compatshim_identify")


def test_identify_may_answer(make_page):
    site = make_page(show_user, plugin(identify=lambda: abort(403)))
    assert site.client.get("/page").status_code == 403


def test_identify_is_of_the_application_that_has_the_plugin():
    shim = CompatShim()
    apps = [Flask("one"), Flask("two")]
    knows = {"one": "ann", "two": "bob"}

    class Plugin:
        def __init__(self):
            self.name = knows[names.pop(0)]

        @hookimpl
        def compatshim_identify(self):
            return self.name

    names = ["one", "two"]
    shim.register_plugin(Plugin)
    for app in apps:
        shim.init_app(app)
        app.add_url_rule("/", "page", show_user)
    texts = [app.test_client().get("/").text for app in apps]
    assert texts == ["ann, None", "bob, None"]


def test_identify_leaves_an_application_without_the_plugin_alone(install, monkeypatch):
    source = (
        "from compatshim.plugins import hookimpl\n"
        "@hookimpl\ndef compatshim_identify():\n    return 'ann'\n"
    )
    install({"who": "who_plugin"}, who_plugin=source)
    monkeypatch.delitem(sys.modules, "who_plugin", raising=False)
    shim, plain, knowing = CompatShim(), Flask("plain"), Flask("knowing")
    knowing.config["COMPATSHIM_PLUGINS"] = ["who"]
    for app in (plain, knowing):
        shim.init_app(app)
        app.add_url_rule("/", "page", lambda: g.get("user", "not set"))
    texts = [app.test_client().get("/").text for app in (plain, knowing)]
    assert texts == ["not set", "ann"]


def test_applications_of_one_shim_are_not_kept_alive():
    asked = []

    class Plugin:
        @hookimpl
        def compatshim_identify(self):
            asked.append(self)
            return "ann"

    def make_app():
        app = Flask("sample")
        app.add_url_rule("/", "page", show_user)
        shim.init_app(app)
        return app

    shim = CompatShim()
    shim.register_plugin(Plugin)
    kept, dropped = make_app(), [make_app() for _ in range(3)]
    for app in dropped:
        assert app.test_client().get("/").text == "ann, None"
    references = [weakref.ref(app) for app in dropped]
    asked.clear()
    del app
    dropped.clear()
    gc.collect()
    assert [reference() for reference in references] == [None] * 3
    assert kept.test_client().get("/").text == "ann, None"
    assert len(asked) == 1


# Commands.


def test_command(make_site):
    @click.command("count-stars")
    @with_appcontext
    def count_stars():
        click.echo(f"{config['SECRET_KEY']} stars")

    site = make_site(plugin(commands=lambda: [count_stars]))
    result = site.app.test_cli_runner().invoke(args=["count-stars"])
    assert result.output == "secret stars\n"


def test_command_whose_name_is_taken(make_site):
    command = plugin(commands=lambda: [click.Command("compatshim")])
    with pytest.raises(PluginError, match="a Command 'compatshim' already") as caught:
        make_site(command)
    assert caught.value.hook == "compatshim_commands"


# What is no such thing.


@pytest.mark.parametrize(
    ("hook", "result", "problem"),
    [
        ("helpers", ["a"], "not a mapping of helpers"),
        ("template_dirs", "templates", "not a list"),
        ("template_dirs", ["/no/such/folder"], "there is no folder '/no/such/folder'"),
        ("public_dirs", [3], "TypeError"),
        ("translations", "i18n", "not a list"),
        ("translations", [("/no/such/folder", "stars")], "there is no folder"),
        ("blueprints", ["stars"], "not a Blueprint"),
        ("commands", [print], "not a Command"),
        ("middleware", None, "not a WSGI application"),
        ("error_log_middleware", None, "not a WSGI application"),
    ],
)
def test_wrong_result_names_plugin_and_hook(make_site, hook, result, problem):
    with pytest.raises(PluginError, match=problem) as caught:
        make_site(plugin("Stars", **{hook: lambda: result}))
    error = caught.value
    assert (error.plugin, error.hook) == ("Stars", f"compatshim_{hook}")
    assert f"'Stars' failed in compatshim_{hook}()" in str(error)
    assert isinstance(error.__cause__, TypeError | OSError)


@pytest.mark.parametrize(
    "hook",
    [
        "helpers",
        "template_dirs",
        "public_dirs",
        "translations",
        "blueprints",
        "commands",
    ],
)
def test_plugin_may_have_nothing_to_bring(make_page, hook):
    site = make_page(lambda: "page", plugin(**{hook: lambda: None}))
    assert site.text("/page") == "page"


def test_module_is_a_plugin(make_page):
    module = ModuleType("stars")
    module.compatshim_helpers = hookimpl(lambda: {"star": lambda: "a star"})
    site = make_page(lambda: str(h.star()), module)
    assert site.text("/page") == "a star"
