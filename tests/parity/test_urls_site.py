"""What URLs begin with: ``site_url``, root paths, mount points and locales."""

from __future__ import annotations

import flask
import pytest
from werkzeug.routing import Rule

from compatshim.common import redirect, request, url, url_for
from compatshim.errors import SiteUrlError, UrlBuildError
from compatshim.legacy import url as pylons_url

SITE_URL = "https://example.org/data"
FORGED = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}


def add_pages(site):
    """Add one page of each side, named after it."""
    site.app.add_url_rule("/flask", "flask", str)
    site.app.add_url_rule("/slash/", "slash", str)
    site.mapper.connect("routes", "/routes", controller="x", action="y")
    site.mapper.redirect("/moved", "/routes")


def in_flasks_config(value):
    return {"config": {"site_url": value}}


def in_the_legacy_config(value):
    return {"legacy_config": {"site_url": value}}


@pytest.fixture(params=[in_flasks_config, in_the_legacy_config])
def site_url(request):
    """A function that makes the options of a site with this ``site_url``."""
    return request.param


def build(serve, options, *arguments, **values):
    headers = values.pop("headers", FORGED)
    path = values.pop("path", "/page")
    function = values.pop("function", url_for)
    served = serve(
        lambda: function(*arguments, **values),
        path,
        rule="/page",
        setup=add_pages,
        headers=headers,
        **options,
    )
    return served.result


@pytest.mark.parametrize("name", ["flask", "routes"])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "/data/NAME"),
        ({"_external": True}, "https://example.org/data/NAME"),
        ({"qualified": True, "anchor": "x"}, "https://example.org/data/NAME#x"),
        ({"_scheme": "http"}, "http://example.org/data/NAME"),
        ({"protocol": ""}, "//example.org/data/NAME"),
        ({"host": "other"}, "https://other/data/NAME"),
        ({"sub_domain": "api"}, "https://api.example.org/data/NAME"),
    ],
    ids=str,
)
def test_site_url_rules_and_not_the_host_header(
    serve, site_url, name, values, expected
):
    built = build(serve, site_url(SITE_URL), name, **values)
    assert built == expected.replace("NAME", name)


@pytest.mark.parametrize("values", [{}, {"_external": True}], ids=str)
def test_path_and_current_url_of_the_site(serve, values):
    origin = "https://example.org" if values else ""
    options = in_the_legacy_config(SITE_URL)
    assert build(serve, options, "/a.css", **values) == f"{origin}/data/a.css"
    assert (
        build(serve, options, function=url.current, **values) == f"{origin}/data/page"
    )


@pytest.mark.parametrize("framework", ["legacy"])
def test_pylons_own_url_of_the_site(serve, site_url):
    options = site_url(SITE_URL)
    built = build(serve, options, "routes", function=pylons_url, qualified=True)
    assert built == "https://example.org/data/routes"


@pytest.mark.parametrize("name", ["flask", "routes"])
@pytest.mark.parametrize(
    ("configured", "script_name", "expected"),
    [
        ("https://example.org/data", "", "/data"),
        ("https://example.org/data/", "/data", "/data"),
        ("https://example.org/data", "/data/sub", "/data/sub"),
        ("https://example.org/data", "/database", "/data"),
        ("https://example.org/data", "/inside", "/data"),
        ("https://example.org", "/mount", "/mount"),
        ("https://example.org/", "", ""),
        ("https://example.org/dä ta", "", "/d%C3%A4%20ta"),
        ("https://example.org/d%C3%A4ta", "/dÃ¤ta", "/d%C3%A4ta"),
        ("", "/mo unt/100%", "/mo%20unt/100%25"),
    ],
    ids=str,
)
def test_root_path_and_script_name_appear_once(
    serve, name, configured, script_name, expected
):
    def view():
        return url_for(name), url_for(name, _external=True)

    served = serve(
        view,
        setup=add_pages,
        legacy_config={"site_url": configured},
        environ_overrides={"SCRIPT_NAME": script_name},
    )
    origin = "https://example.org" if configured else "http://localhost"
    path = f"{expected}/{name}"
    assert served.result == (path, origin + path)


@pytest.mark.filterwarnings("ignore:Current server name")  # of Werkzeug before 3.0
@pytest.mark.parametrize("name", ["flask", "routes"])
def test_server_name_of_flask_rules_where_there_is_no_site_url(make_site, name):
    site = make_site({"SERVER_NAME": "localhost:8000"})
    add_pages(site)
    with site.context(base_url="http://evil.example:8000"):
        assert url_for(name, _external=True) == f"http://localhost:8000/{name}"


@pytest.mark.parametrize("name", ["flask", "routes"])
@pytest.mark.parametrize(
    "value",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://a:b/",
        "https://u:p@x/",
        "https://x/?q",
    ],
)
def test_site_url_that_is_none(serve, name, value):
    with pytest.raises(SiteUrlError) as error:
        build(serve, in_the_legacy_config(value), name)
    assert error.value.site_url == value
    assert "'https://example.org/data'" in str(error.value)


@pytest.mark.parametrize("name", ["flask", "routes"])
def test_international_host(serve, name):
    options = in_the_legacy_config("https://Bücher.example")
    built = build(serve, options, name, _external=True)
    assert built == f"https://xn--bcher-kva.example/{name}"


def test_rule_of_a_subdomain_of_the_site(make_site):
    site = make_site({"site_url": SITE_URL})
    site.app.subdomain_matching = True
    site.app.url_map.add(Rule("/x", endpoint="api", subdomain="api"))
    site.app.view_functions["api"] = str
    with site.context("/page", base_url="http://evil.example"):
        assert url_for("api") == "https://api.example.org/data/x"


def test_address_of_an_error_handler_is_left_alone(make_site):
    site = make_site({"site_url": SITE_URL})
    handlers = site.app.url_build_error_handlers
    handlers.append(lambda error, endpoint, values: "http://localhost.example/x")
    with site.context():
        assert url_for("missing") == "http://localhost.example/x"
        assert url_for("missing", _external=True) == "http://localhost.example/x"


def test_sub_domains_of_a_mapper_in_a_forged_request(make_site):
    site = make_site({"site_url": "https://example.org"})
    site.mapper.sub_domains = True
    site.mapper.connect("routes", "/routes", controller="x", action="y")
    with site.context("/", base_url="http://evil.example"):
        assert url_for("routes", sub_domain="a") == "https://a.example.org/routes" or (
            url_for("routes", sub_domain="a", protocol="https")
            == "https://a.example.org/routes"
        )
        assert url_for("routes", qualified=True) == "https://example.org/routes"
    with site.context("/", base_url="http://a.example.org"):
        assert url_for("routes", sub_domain="a") == "/routes"


# Outside of a request.


@pytest.fixture
def outside(make_site, no_site_yet):
    """Return a function that makes a site whose ``url_for`` is called in no request."""

    def make(**options):
        site = make_site(**options)
        add_pages(site)
        return site

    return make


@pytest.mark.parametrize("framework", ["legacy"])
class TestOutside:
    @pytest.mark.parametrize(
        ("arguments", "values", "expected"),
        [
            (["flask"], {}, "https://example.org/data/flask"),
            (["routes"], {}, "https://example.org/data/routes"),
            (["/a.css"], {}, "https://example.org/data/a.css"),
            (["https://other/x"], {}, "https://other/x"),
            (
                [],
                {"controller": "x", "action": "y"},
                "https://example.org/data/routes",
            ),
            (["flask"], {"_external": False}, "/data/flask"),
            (["routes"], {"qualified": False}, "/data/routes"),
            (["flask"], {"_scheme": "http"}, "http://example.org/data/flask"),
            (["routes"], {"protocol": "http"}, "http://example.org/data/routes"),
            (["flask"], {"_anchor": "a"}, "https://example.org/data/flask#a"),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("has_context", [True, False])
    def test_site_url(
        self, outside, site_url, has_context, arguments, values, expected
    ):
        site = outside(**site_url(SITE_URL))
        if not has_context:
            assert url_for(*arguments, **values) == expected
            return
        with site.app.app_context():
            assert url_for(*arguments, **values) == expected

    @pytest.mark.parametrize("name", ["flask", "routes"])
    def test_server_name(self, outside, name):
        config = {
            "SERVER_NAME": "example.org",
            "APPLICATION_ROOT": "/app",
            "PREFERRED_URL_SCHEME": "https",
        }
        site = outside(config=config)
        with site.app.app_context():
            assert url_for(name) == f"https://example.org/app/{name}"

    @pytest.mark.parametrize("name", ["flask", "routes"])
    def test_site_url_comes_before_server_name(self, outside, name):
        site = outside(config={"SERVER_NAME": "localhost", "site_url": SITE_URL})
        with site.app.app_context():
            assert url_for(name) == f"{SITE_URL}/{name}"
            assert flask.url_for("flask") == "http://localhost/flask"  # as before

    @pytest.mark.parametrize("name", ["flask", "routes", "/a.css"])
    def test_neither_is_one_sentence(self, outside, name):
        site = outside()
        with site.app.app_context(), pytest.raises(UrlBuildError) as error:
            url_for(name)
        assert error.value.endpoint == name
        assert error.value.reason == (
            "outside of a request the configuration key site_url, or Flask's"
            " SERVER_NAME, must be set."
        )

    def test_defaults_of_the_application_see_its_context(self, outside):
        site = outside(config={"site_url": SITE_URL})

        @site.app.url_defaults
        def add_default(endpoint, values):
            values["from"] = flask.g.origin

        with site.app.app_context():
            flask.g.origin = "job"
            assert url_for("flask") == f"{SITE_URL}/flask?from=job"

    def test_no_teardown_function_runs(self, outside):
        site = outside(config={"site_url": SITE_URL})
        ended = []
        site.app.teardown_appcontext(ended.append)
        with site.app.app_context():
            url_for("flask")
            assert ended == []


def test_defaults_of_the_application_in_a_request(make_site):
    site = make_site()
    add_pages(site)

    @site.app.url_defaults
    def add_default(endpoint, values):
        values["from"] = flask.request.path

    with site.context("/page"):
        assert url_for("flask") == "/flask?from=/page"


# Hosts of the Flask application.


if "TRUSTED_HOSTS" in flask.Flask.default_config:  # from 3.1 on

    @pytest.mark.parametrize("path", ["/flask-page", "/legacy-page"])
    def test_host_that_is_not_trusted_is_refused_on_both_sides(make_site, path):
        site = make_site({"TRUSTED_HOSTS": ["localhost"]})
        site.add(
            "/flask-page", lambda: url_for("page", _external=True), framework="flask"
        )
        site.add(
            "/legacy-page", lambda: url_for("page", _external=True), framework="legacy"
        )
        site.add("/x", str, name="page")
        assert (
            site.client.get(path, headers={"Host": "evil.example"}).status_code == 400
        )
        assert site.open(path).result == "http://localhost/x"


def test_host_matching(make_site):
    site = make_site()
    site.app.url_map.host_matching = True
    site.app.url_map.add(Rule("/x", endpoint="api", host="api.example.org"))
    site.mapper.connect("routes", "/routes", controller="x", action="y")
    site.app.view_functions["api"] = str
    with site.context("/page", base_url="http://www.example.org"):
        assert url_for("api") == "http://api.example.org/x"
        assert url_for("routes") == "/routes"
        assert url_for("routes", _external=True) == "http://www.example.org/routes"
    with site.context("/page", base_url="http://api.example.org"):
        assert url_for("api") == "/x"
        assert url_for("api", _external=True) == "http://api.example.org/x"


def test_subdomain_matching(make_site):
    site = make_site({"SERVER_NAME": "example.org"})
    site.app.subdomain_matching = True
    site.app.url_map.add(Rule("/x", endpoint="api", subdomain="api"))
    site.app.view_functions["api"] = str
    with site.context("/page", base_url="http://example.org"):
        assert url_for("api") == "http://api.example.org/x"
    with site.context("/page", base_url="http://api.example.org"):
        assert url_for("api") == "/x"


# Locales.

LOCALES = {"COMPATSHIM_LOCALE_PREFIX": True, "COMPATSHIM_LOCALES": "de fr pt_BR"}
DATA = {**LOCALES, "COMPATSHIM_LOCALE_ROOT_PATH": "/data/{{LANG}}"}


@pytest.fixture
def open_page(make_site):
    """Return a function that opens a page which builds URLs of both routers."""

    def run(path, config, values=None, **request):
        site = make_site(config)
        add_pages(site)
        names = ("flask", "routes", "/a.css")
        site.add("/page", lambda: [url_for(name, **(values or {})) for name in names])
        return site.open(path, **request).result

    return run


@pytest.mark.parametrize(
    ("path", "config", "expected"),
    [
        ("/de/page", LOCALES, "/de"),
        ("/pt_BR/page", LOCALES, "/pt_BR"),
        ("/page", LOCALES, ""),
        ("/data/de/page", DATA, "/data/de"),
        ("/data/page", DATA, "/data"),
        ("/de/page", {**LOCALES, "site_url": SITE_URL}, "/data/de"),
        ("/data/de/page", {**DATA, "site_url": SITE_URL}, "/data/de"),
        ("/data/page", {**DATA, "site_url": SITE_URL}, "/data"),
        ("/data/page", {**DATA, "site_url": "https://example.org"}, "/data"),
    ],
    ids=str,
)
@pytest.mark.parametrize("external", [False, True])
@pytest.mark.parametrize("mount", ["", "/mount"])
def test_locale_prefix_appears_once(open_page, path, config, expected, external, mount):
    built = open_page(
        path,
        config,
        {"_external": external},
        environ_overrides={"SCRIPT_NAME": mount},
    )
    root_path = "/data" if config.get("site_url") == SITE_URL else ""
    root = expected if root_path else mount + expected
    origin = ""
    if external:
        origin = "https://example.org" if "site_url" in config else "http://localhost"
    assert built == [f"{origin}{root}/{name}" for name in ("flask", "routes", "a.css")]


@pytest.mark.parametrize(
    ("locale", "expected"), [("fr", "/fr"), ("de", "/de"), (None, "")]
)
@pytest.mark.parametrize("path", ["/de/page", "/page"])
@pytest.mark.parametrize("external", [False, True])
def test_url_in_another_locale(open_page, path, locale, expected, external):
    values = {"locale": locale, "_external": external}
    origin = "http://localhost" if external else ""
    assert open_page(path, LOCALES, values) == [
        f"{origin}{expected}/{name}" for name in ("flask", "routes", "a.css")
    ]


@pytest.mark.parametrize("name", ["flask", "routes"])
def test_locale_that_the_site_does_not_have(make_site, name):
    site = make_site(LOCALES)
    add_pages(site)
    with site.context(), pytest.raises(UrlBuildError, match="'en' is none of"):
        url_for(name, locale="en")


def test_locale_that_is_an_argument_of_the_route(make_site):
    site = make_site(LOCALES)
    site.app.add_url_rule("/flask/<locale>", "flask", str)
    site.mapper.connect("routes", "/routes/{locale}", controller="x", action="y")
    with site.context():
        assert url_for("flask", locale="en") == "/flask/en"
        assert url_for("routes", locale="en") == "/routes/en"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/de/slash", "/de/slash/"), ("/de/moved", "/de/routes"), ("/moved", "/routes")],
)
def test_redirect_of_a_router_keeps_the_locale(make_site, path, expected):
    site = make_site(LOCALES)
    add_pages(site)
    location = site.client.get(path).headers["Location"]
    assert location.removeprefix("http://localhost") == expected


@pytest.mark.parametrize("name", ["flask", "routes"])
def test_redirect_of_a_view_keeps_the_locale(make_site, name):
    site = make_site(LOCALES)
    add_pages(site)
    site.add("/page", lambda: redirect(url_for(name)))
    response = site.client.get("/de/page")
    assert response.headers["Location"] == f"/de/{name}"


def test_view_sees_its_path_without_the_locale(make_site):
    site = make_site(LOCALES)
    site.add(
        "/page",
        lambda: (
            request.path_info,
            request.environ["compatshim.locale"],
            url.current(),
        ),
    )
    assert site.open("/fr/page").result == ("/page", "fr", "/fr/page")
    assert site.open("/page").result == ("/page", None, "/page")


@pytest.mark.parametrize("path", ["/de", "/de/"])
def test_path_of_a_locale_alone_is_the_front_page(make_site, path):
    site = make_site(LOCALES)
    site.add("/", lambda: url_for("/"))
    assert site.open(path).result == "/de/"


def test_path_that_only_looks_like_a_locale(make_site):
    site = make_site(LOCALES)
    site.add("/dessert", lambda: url_for("/"))
    assert site.open("/dessert").result == "/"


@pytest.mark.parametrize("framework", ["legacy"])
@pytest.mark.parametrize("name", ["flask", "routes"])
@pytest.mark.parametrize(
    ("config", "values", "expected"),
    [
        ({**LOCALES, "site_url": SITE_URL}, {}, "/data"),
        ({**LOCALES, "site_url": SITE_URL}, {"locale": "de"}, "/data/de"),
        ({**DATA, "site_url": SITE_URL}, {"locale": "de"}, "/data/de"),
        ({**DATA, "site_url": "https://example.org"}, {}, "/data"),
        ({**DATA, "site_url": "https://example.org"}, {"locale": "de"}, "/data/de"),
    ],
    ids=str,
)
def test_locale_outside_of_a_request(make_site, name, config, values, expected):
    site = make_site(config)
    add_pages(site)
    with site.app.app_context():
        assert url_for(name, **values) == f"https://example.org{expected}/{name}"
