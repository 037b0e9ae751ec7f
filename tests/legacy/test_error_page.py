"""compatshim.legacy._error_page: what becomes of an exception in production."""

from __future__ import annotations

import logging
import smtplib
from wsgiref.validate import validator

import pytest
import webob

from compatshim.legacy._error_page import ErrorPage


def failing(environ, start_response):
    raise ZeroDivisionError("secret")


def get(app, path="/", **options):
    return webob.Request.blank(path, **options).send(app, catch_exc_info=True)


def starting(iterable):
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iterable

    return app


def test_the_page_and_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        response = get(validator(ErrorPage(failing)), "/a/%C3%A9/%ff")
    assert response.status == "500 Internal Server Error"
    assert response.content_type == "text/html"
    assert "An internal server error occurred" in response.text
    assert "secret" not in response.text
    (record,) = caplog.records
    assert record.getMessage() == "Exception on GET /a/é/\ufffd"
    assert record.exc_info[0] is ZeroDivisionError


def test_the_message_is_escaped():
    assert "&lt;b&gt;" in get(ErrorPage(failing, error_message="<b>")).text


def test_head_has_no_body():
    response = get(validator(ErrorPage(failing)), method="HEAD")
    assert response.status_int == 500
    assert response.body == b""


def test_a_list_is_returned_as_it_is():
    body = [b"ok"]
    result = ErrorPage(starting(body))(
        webob.Request.blank("/").environ, lambda *_: None
    )
    assert result is body


@pytest.mark.parametrize("iterated", [True, False])
def test_an_iterable_is_streamed_and_closed_once(counting, iterated):
    iterable = counting(b"a", b"b")
    app = ErrorPage(starting(iterable))
    result = app(webob.Request.blank("/").environ, lambda *_: None)
    if iterated:
        assert list(result) == [b"a", b"b"]
    result.close()
    result.close()
    assert iterable.closed == 1


def test_an_exception_before_the_first_item_is_answered_by_the_page(counting):
    iterable = counting(ZeroDivisionError())
    calls = []
    app = ErrorPage(starting(iterable))
    result = app(webob.Request.blank("/").environ, lambda *args: calls.append(args))
    assert b"Server Error" in b"".join(result)
    result.close()
    assert iterable.closed == 1
    assert [call[0] for call in calls] == ["200 OK", "500 Internal Server Error"]
    assert calls[1][2][0] is ZeroDivisionError


def test_an_exception_after_the_headers_were_sent_goes_to_the_server(counting):
    def start_response(status, headers, exc_info=None):
        if exc_info:
            raise exc_info[1].with_traceback(exc_info[2])

    iterable = counting(b"a", ZeroDivisionError())
    app = ErrorPage(starting(iterable))
    result = app(webob.Request.blank("/").environ, start_response)
    assert next(result) == b"a"
    with pytest.raises(ZeroDivisionError):
        next(result)
    with pytest.raises(StopIteration):
        next(result)
    result.close()
    assert iterable.closed == 1


def test_a_test_wants_to_see_the_exception():
    with pytest.raises(ZeroDivisionError):
        get(ErrorPage(failing), environ={"paste.throw_errors": True})


def test_the_log_file(tmp_path):
    path = tmp_path / "errors.log"
    app = ErrorPage(failing, error_log=str(path))
    get(app, "/a")
    for handler in app.log.handlers:
        handler.close()
    text = path.read_text(encoding="utf-8")
    assert "ERROR Exception on GET /a" in text
    assert "ZeroDivisionError: secret" in text


@pytest.fixture
def sent(monkeypatch):
    """What is done with an SMTP server."""
    calls = []

    class Server:
        def __init__(self, host, port, timeout=None):
            calls.append(("connect", host, port))

        def login(self, *args):
            calls.append(("login", *args))

        def send_message(self, message):
            calls.append(("send", message))

        def __getattr__(self, name):
            return lambda *args, **kwargs: None

    monkeypatch.setattr(smtplib, "SMTP", Server)
    return calls


@pytest.mark.parametrize(
    "addresses", ["a@example.org, b@example.org", ["a@example.org", "b@example.org"]]
)
def test_mail(sent, addresses):
    app = ErrorPage(
        failing,
        error_email=addresses,
        from_address="site@example.org",
        error_subject_prefix="Site: ",
    )
    get(app, "/a")
    (connect, send) = sent
    assert connect == ("connect", "localhost", smtplib.SMTP_PORT)
    message = send[1]
    assert message["Subject"] == "Site: ZeroDivisionError"
    assert message["From"] == "site@example.org"
    assert message["To"].split(",")[0] == "a@example.org"
    assert "b@example.org" in message["To"]
    assert "Exception on GET /a" in message.get_content()


def test_mail_through_a_server_that_wants_a_name(sent):
    app = ErrorPage(
        failing,
        error_email="a@example.org",
        smtp_server="mail.example.org:2525",
        smtp_username="me",
        smtp_password="pass",
    )
    get(app)
    assert sent[:2] == [
        ("connect", "mail.example.org", 2525),
        ("login", "me", "pass"),
    ]
