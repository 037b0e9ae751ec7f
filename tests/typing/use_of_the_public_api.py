"""Never run: what type checkers must make of the public API, as users write it.

Read by ``mypy`` (strict) and, where it is installed, by ``pyright``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from flask import Flask
from typing_extensions import assert_type

from compatshim import CompatShim, __version__, errors
from compatshim.common import (
    N_,
    _,
    c,
    config,
    copy_current_context,
    flash,
    force_locale,
    g,
    get_flashed_messages,
    get_lang,
    gettext,
    is_flask_request,
    lazy_gettext,
    ngettext,
    redirect,
    render,
    request,
    response,
    session,
    set_lang,
    streaming_response,
    tmpl_context,
    ungettext,
    url,
    url_for,
)
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, MutableMapping

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from routes import Mapper

    from compatshim.objects.request import Request
    from compatshim.objects.session import Session


def any_wsgi_app(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [str(environ["PATH_INFO"]).encode()]


def set_up(mapper: Mapper) -> Flask:
    app = Flask(__name__)
    shim = CompatShim(app, legacy=PylonsApp(PylonsConfig()))
    shim.alias("old", "new")

    later = CompatShim()
    later.init_app(app, legacy=any_wsgi_app, mapper=mapper)
    CompatShim(app, any_wsgi_app, inner_middleware="flask-only", legacy_config={})
    return app


class PackageController(WSGIController):
    def read(self, name: str) -> str:
        c.name = tmpl_context.other = g.third = name
        return render("read.html", {"name": name}, title=_("Package"))


def objects() -> None:
    common_request: Request = request
    common_session: Session = session
    configuration: MutableMapping[str, Any] = config
    assert_type(is_flask_request(), bool)
    session["name"] = common_session.get("name", "")
    session.save()
    configuration["colour"] = "blue"
    response.headers["X-A"] = common_request.method


def links() -> list[str]:
    assert_type(url_for("package.read", id=1, _external=True), str)
    assert_type(url(controller="package", action="read", id=1), str)
    return [url.current(page=2), url_for("/style.css")]


def texts(n: int) -> list[str]:
    assert_type(gettext("Hello %(name)s", name="x"), str)
    assert_type(ngettext("%(num)s file", "%(num)s files", n, num=n), str)
    assert_type(get_lang(), "list[str] | None")
    set_lang("de")
    set_lang(["de", "en"])
    set_lang(None)
    with force_locale("de"):
        flash(lazy_gettext("Saved"), "info")
    assert_type(force_locale("de"), AbstractContextManager[None])
    assert_type(get_flashed_messages(with_categories=True), list[Any])
    return [_("Hello"), N_("Bye"), ungettext("one", "many", n)]


def leave() -> str:
    try:
        redirect(url_for("home"), code=303)
    except errors.HTTPException as error:
        return f"{error.code} {error.description}"
    except errors.HTTP_EXCEPTIONS:
        return ""


def stream() -> Any:
    def body() -> Iterator[str]:
        yield request.path

    return streaming_response(body(), mimetype="text/csv", headers={"X-A": "1"})


def count(word: str, times: int = 1) -> int:
    return len(word) * times


def in_a_thread() -> None:
    copied: Callable[..., int] = copy_current_context(count)
    assert_type(copied("a", times=2), int)


def in_a_test(app: Flask, legacy_app: PylonsApp) -> None:
    with legacy_request_context(app, "/path?a=1", method="POST", data={"b": "2"}):
        objects()
    with legacy_request_context(legacy_app):
        objects()


def what_went_wrong(error: errors.CompatShimError) -> str | None:
    if isinstance(error, errors.NoRequestError):
        return error.object_name
    if isinstance(error, errors.NotForwardedError):
        return f"{error.attribute} {error.framework} {error.instead}"
    if isinstance(error, errors.AlreadyInitialisedError):
        return error.app_name
    return __version__
