"""Cookies that were tampered with, entries that cannot be read, stores that are down."""

from __future__ import annotations

import logging
import pickle

import pytest
from beaker.ext.memcached import MemcachedNamespaceManager
from beaker.ext.redisnm import RedisNamespaceManager
from beaker.session import SignedCookie
from flask import Flask, session
from hypothesis import HealthCheck, given, settings, strategies as st
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

import ports
from compatshim.errors import (
    BeakerOptionError,
    BeakerStoreError,
    SessionTooLargeError,
)
from compatshim.sessions.beaker import BeakerSessionInterface
from compatshim.sessions.beaker_options import options_from
from compatshim.sessions.beaker_store import BeakerStore


def make_app(ini):
    app = Flask("shop")
    app.config["TESTING"] = True
    app.session_interface = BeakerSessionInterface.from_config(ini)

    @app.get("/login")
    def login():
        session["user"] = "anna"
        return ""

    @app.get("/whoami")
    def whoami():
        return session.get("user", "nobody")

    @app.get("/large")
    def large():
        session["text"] = "x" * 2_000_000
        return ""

    return app


@pytest.fixture
def app(ini):
    return make_app(ini)


def _text(app, path, cookie=None):
    client = app.test_client(use_cookies=False)
    headers = {} if cookie is None else {"Cookie": f"shop={cookie}"}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.text


def _cookie_of_anna(app):
    client = app.test_client()
    client.get("/login")
    return client.get_cookie("shop").value


# Cookies.


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cookie: cookie[:-1],
        lambda cookie: cookie[:40],
        lambda cookie: cookie[:10],
        lambda cookie: cookie + "0",
        lambda cookie: "0" * 40 + cookie[40:],
        lambda cookie: cookie[:40] + cookie[40:][::-1],
        lambda cookie: "",
        lambda cookie: '"',
        lambda cookie: f'"{cookie[:40]}\\000{cookie[40:]}"',
        lambda cookie: "x" * 60_000,
        lambda cookie: "\xff" * 50,
    ],
)
def test_cookie_that_was_tampered_with_is_a_new_session(app, spoil):
    cookie = _cookie_of_anna(app)
    assert _text(app, "/whoami", cookie) == "anna"
    assert _text(app, "/whoami", spoil(cookie)) == "nobody"
    assert _text(app, "/login", spoil(cookie)) == ""


@given(
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=99)
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_cookie_is_answered(app, text):
    assert _text(app, "/whoami", text) == "nobody"


@pytest.mark.parametrize(
    "ident",
    ["", "../../../etc/passwd", "a" * 5000, "\x00" * 32, "with space in it", "ü" * 9],
)
@pytest.mark.parametrize("is_signed", [True, False])
def test_what_is_no_id_never_reaches_the_store(
    configure, ident, is_signed, monkeypatch
):
    ini = configure("file")
    if not is_signed:
        del ini["beaker.session.secret"]
    app = make_app(ini)
    cookie = (
        SignedCookie("a secret of old").value_encode(ident)[1] if is_signed else ident
    )
    manager = "beaker.container.FileNamespaceManager.__init__"
    monkeypatch.setattr(manager, None)
    assert _text(app, "/whoami", cookie) == "nobody"


def test_session_that_is_too_large_for_a_cookie(configure):
    app = make_app(configure("cookie"))
    with pytest.raises(SessionTooLargeError, match="4000 bytes"):
        app.test_client().get("/large")


def test_session_that_is_too_large_for_memcached_is_not_half_stored(configure):
    app = make_app(configure("memcached"))
    cookie = _cookie_of_anna(app)
    with pytest.raises(BeakerStoreError, match="did not keep"):
        _text(app, "/large", cookie)
    assert _text(app, "/whoami", cookie) == "anna"


# Entries.


def _corrupt(ini, ident, value):
    """Put ``value`` where the serialized session was."""
    store = BeakerStore(options_from((ini,), {}))
    header = f"shop={SignedCookie('a secret of old').value_encode(ident)[1]}"
    beaker_session = store.load(header)
    assert beaker_session["user"] == "anna"
    namespace = beaker_session.namespace
    namespace.acquire_write_lock()
    namespace["session"] = value
    namespace.release_write_lock()


@pytest.mark.parametrize(
    "value",
    [
        "no base64!",
        "AAAA",
        "",
        b"\x80\x04.",
        "gAJLAS4=",  # 1, pickled
        "Y25vc3VjaAptb2R1bGUKLg==",  # a class of no module, pickled
        {"a": "dict"},
        None,
        7,
    ],
)
def test_entry_that_cannot_be_read_is_a_new_session(stored_ini, value):
    app = make_app(stored_ini)
    cookie = _cookie_of_anna(app)
    _corrupt(stored_ini, cookie[40:], value)
    assert _text(app, "/whoami", cookie) == "nobody"
    assert _text(app, "/login", cookie) == ""


def test_entry_that_cannot_be_read_is_logged_without_what_it_holds(configure, caplog):
    ini = configure("file")
    app = make_app(ini)
    cookie = _cookie_of_anna(app)
    _corrupt(ini, cookie[40:], "AAAA")
    caplog.clear()
    _text(app, "/whoami", cookie)
    (record,) = caplog.records
    assert record.name == "compatshim.sessions.beaker_store"
    assert "could not be read" in record.getMessage()
    assert cookie[40:] not in record.getMessage()


def test_entry_that_cannot_be_read_is_an_error_where_the_site_says_so(configure):
    ini = {**configure("file"), "beaker.session.invalidate_corrupt": "false"}
    app = make_app(ini)
    cookie = _cookie_of_anna(app)
    _corrupt(ini, cookie[40:], "AAAA")
    with pytest.raises(pickle.UnpicklingError):
        _text(app, "/whoami", cookie)


def test_forged_cookie_is_a_new_session_whatever_the_site_says(ini, caplog):
    app = make_app({**ini, "beaker.session.invalidate_corrupt": "false"})
    cookie = _cookie_of_anna(app)
    caplog.clear()
    assert _text(app, "/whoami", "0" * 40 + cookie[40:]) == "nobody"
    assert caplog.records == []


def test_file_that_cannot_be_read_is_a_new_session(configure, tmp_path):
    app = make_app(configure("file"))
    cookie = _cookie_of_anna(app)
    (path,) = tmp_path.rglob("*.cache")
    path.write_bytes(b"garbage")
    assert _text(app, "/whoami", cookie) == "nobody"


# Stores that are down.


@pytest.fixture
def closed_port():
    with ports.held() as port:
        yield port


@pytest.fixture
def forget_clients():
    """Forget what Beaker keeps connected, so that servers can come and go."""
    yield
    for manager in (MemcachedNamespaceManager, RedisNamespaceManager):
        for client in manager.clients.dict.values():
            getattr(client, "disconnect_all", getattr(client, "close", None))()
        manager.clients.dict.clear()


def _down(name, port, tmp_path):
    return {
        "ext:redis": f"redis://127.0.0.1:{port}/0",
        "ext:memcached": f"127.0.0.1:{port}",
        "ext:database": f"sqlite:///{tmp_path}/missing/folder/sessions.db",
    }[name]


@pytest.mark.parametrize("path", ["/whoami", "/login"])
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("ext:redis", RedisError),
        ("ext:memcached", BeakerStoreError),
        ("ext:database", SQLAlchemyError),
    ],
)
@pytest.mark.filterwarnings(
    # Memcached's client does not close a socket that could not connect.
    "ignore:unclosed <socket:ResourceWarning"
)
@pytest.mark.usefixtures("forget_clients")
def test_store_that_is_down_is_no_new_session(
    configure, closed_port, tmp_path, kind, error, path
):
    cookie = _cookie_of_anna(make_app(configure("file")))
    ini = {
        **configure("file"),
        "beaker.session.type": kind,
        "beaker.session.url": _down(kind, closed_port, tmp_path),
    }
    app = make_app(ini)
    with pytest.raises(error):
        _text(app, path, cookie)


@pytest.mark.usefixtures("forget_clients")
def test_visitor_without_a_cookie_does_not_need_the_store(
    configure, closed_port, tmp_path
):
    url = _down("ext:redis", closed_port, tmp_path)
    ini = {**configure("file"), "beaker.session.type": "ext:redis"}
    app = make_app({**ini, "beaker.session.url": url})
    assert _text(app, "/whoami") == "nobody"


@pytest.mark.parametrize(
    ("program", "url", "error"),
    [
        ("redis-server", "redis://127.0.0.1:{}/0", RedisError),
        ("memcached", "127.0.0.1:{}", BeakerStoreError),
    ],
)
@pytest.mark.usefixtures("forget_clients")
def test_store_that_goes_down_while_the_session_is_open(
    configure, start_server, program, url, error
):
    server = start_server(program)
    kind = {"redis-server": "ext:redis", "memcached": "ext:memcached"}[program]
    ini = {
        **configure("file"),
        "beaker.session.type": kind,
        "beaker.session.url": url.format(server.port),
    }
    app = make_app(ini)

    @app.get("/slow")
    def slow():
        assert session["user"] == "anna"
        session["user"] = "otto"
        server.stop()
        return ""

    cookie = _cookie_of_anna(app)
    with pytest.raises(error):
        _text(app, "/slow", cookie)
    server.start()


# What is said at the start.


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"type": "file", "data_dir": "data"}, "whoever can write to it can run code"),
        (
            {"data_dir": "data", "data_serializer": "json"},
            "with its JSON serializer too",
        ),
        (
            {"type": "ext:redis", "url": "redis://x", "data_serializer": "json"},
            "pickled",
        ),
        (
            {"type": "cookie", "validate_key": "v"},
            "whoever knows their keys can run code",
        ),
    ],
)
def test_store_that_is_pickled_is_said_once(caplog, options, said):
    caplog.set_level(logging.DEBUG)
    interface = BeakerSessionInterface(**options)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert said in record.getMessage()
    assert interface.pickle_based is True


@pytest.mark.parametrize(
    "options",
    [
        {"type": "memory"},
        {},
        {"type": "cookie", "validate_key": "v", "data_serializer": "json"},
    ],
)
def test_nothing_is_said_where_nothing_is_unpickled(caplog, options):
    interface = BeakerSessionInterface(**options)
    assert caplog.records == []
    assert interface.pickle_based is False


def test_docstring_says_that_stores_are_pickled():
    assert "can run code" in " ".join(BeakerSessionInterface.__doc__.split())


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"timeout": "soon"}, "timeout must be an integer"),
        ({"type": "ext:nothing"}, "ext:nothing"),
        ({"type": "cookie"}, "validate_key"),
        ({"encrypt_key": "e"}, "encrypt_key needs validate_key"),
        ({"timeout": "9", "save_accessed_time": "false"}, "save_accessed_time"),
        ({"data_serializer": "xml"}, "xml"),
        ({"invalidate_corrupt": "perhaps"}, "perhaps"),
    ],
)
def test_options_that_make_no_session(options, problem):
    with pytest.raises(BeakerOptionError, match=problem) as caught:
        BeakerSessionInterface(**options)
    assert problem in caught.value.problem


def test_library_of_the_store_is_missing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "redis.exceptions", None)
    with pytest.raises(BeakerOptionError, match="lacks its library"):
        BeakerSessionInterface(type="ext:redis", url="redis://x")
