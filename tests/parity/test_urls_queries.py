"""What ends in the query string: every value that was given, and no keyword."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import flask
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from routes import Mapper

from compatshim import CompatShim
from compatshim.common import url, url_for
from compatshim.deprecation import LegacyUrlWarning
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context

pytestmark = pytest.mark.filterwarnings(
    f"ignore::{LegacyUrlWarning.__module__}.{LegacyUrlWarning.__name__}"
)

KEYWORDS = [
    {"qualified": True},
    {"qualified": False},
    {"_external": True},
    {"_external": False},
    {"protocol": "https"},
    {"_scheme": "https"},
    {"anchor": "top"},
    {"_anchor": "top"},
    {"host": "www.example.org"},
    {"_method": "GET"},
    {"sub_domain": "api"},
    {"locale": "de"},
    {"locale": None},
    {"_external": True, "protocol": "https", "_anchor": "top", "sub_domain": "api"},
    {
        "qualified": True,
        "_scheme": "https",
        "anchor": "top",
        "host": "h",
        "_method": "GET",
    },
]
NAMES = sorted({name for keywords in KEYWORDS for name in keywords})

CALLS = {
    "endpoint": (url_for, ["pages.read"], {"id": "x"}),
    "named route": (url_for, ["package_read"], {"id": "x"}),
    "values": (url_for, [], {"controller": "package", "action": "read", "id": "x"}),
    "old name": (url_for, ["old_read"], {"id": "x"}),
    "old values": (url_for, [], {"controller": "old", "action": "read", "id": "x"}),
    "static path": (url_for, ["/a.css"], {}),
    "absolute": (url_for, ["https://www.example.org/x"], {}),
    "static route": (url_for, ["wiki"], {"id": "x"}),
    "url": (url, ["package_read"], {"id": "x"}),
    "current": (url.current, [], {}),
}


def make_app():
    app = Flask("sample")
    app.config.update(COMPATSHIM_LOCALE_PREFIX=True, COMPATSHIM_LOCALES="de fr")
    app.config["site_url"] = "https://example.org"
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    mapper = config["routes.map"] = Mapper()
    shim = CompatShim(app, legacy=PylonsApp(config))
    mapper.connect("package_read", "/package/{id}", controller="package", action="read")
    mapper.connect("here", "/here/{id}", controller="package", action="here")
    mapper.connect("wiki", "https://wiki.example/{id}", _static=True)
    pages = flask.Blueprint("pages", __name__)

    @pages.get("/pages/<id>")
    @shim.replaces(route="old_read", controller="old", action="read")
    def read(id):  # noqa: A002 (the name in the rule)
        return id

    pages.add_url_rule("/there/<id>", "there", read)
    app.register_blueprint(pages)
    return app


APP = make_app()

# Outside of a request, nothing is current.
PLACES = {
    "flask": lambda: APP.test_request_context("/there/1"),
    "legacy": lambda: legacy_request_context(APP, "/here/1"),
    "outside": APP.app_context,
}


@pytest.mark.parametrize("keywords", KEYWORDS, ids=str)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("place", PLACES)
def test_no_keyword_ends_in_the_query_string(place, call, keywords):
    function, arguments, values = CALLS[call]
    if (place, call) == ("outside", "current"):
        return
    with PLACES[place]():
        built = function(*arguments, **values, **keywords, q="1")
    assert parse_qsl(urlsplit(built).query) == [("q", "1")]
    assert not any(f"{name}=" in built for name in NAMES)


# Every value arrives.

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), max_size=8
)
VALUES = st.one_of(
    TEXTS,
    st.integers(),
    st.lists(TEXTS, max_size=3),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.none(),
)
QUERIES = st.dictionaries(st.sampled_from(["a", "b", "page", "tag"]), VALUES)


def expected_pairs(query):
    pairs = []
    for name, value in query.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(name, str(one)) for one in values if one is not None]
    return sorted(pairs)


@pytest.mark.parametrize("name", ["pages.read", "package_read", "old_read"])
@pytest.mark.parametrize("place", PLACES)
@given(text=TEXTS.filter(bool), query=QUERIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_arrives(place, name, text, query):
    with PLACES[place]():
        built = url_for(name, id=text, **query)
    assert built.isascii()
    parts = urlsplit(built)
    assert unquote(parts.path).rpartition("/")[2] == text
    assert sorted(parse_qsl(parts.query, keep_blank_values=True)) == expected_pairs(
        query
    )


@pytest.mark.parametrize("call", ["static path", "values"])
@pytest.mark.parametrize("place", PLACES)
@given(query=QUERIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_arrives_without_a_name(place, call, query):
    function, arguments, values = CALLS[call]
    with PLACES[place]():
        built = function(*arguments, **values, **query)
    pairs = parse_qsl(urlsplit(built).query, keep_blank_values=True)
    assert sorted(pairs) == expected_pairs(query)
