"""What shared code imports: the same names, whoever serves.

``from compatshim.common import request, session, c, url_for, _`` works at import time,
in a request of either framework, in a thread, a command and a test. The objects are
proxies; the functions forward by themselves. What they forward to is in ``objects/``, and
who is asked in ``frameworks/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.local import LocalProxy

from compatshim.frameworks import serving
from compatshim.functions import (
    UrlFunction,
    abort,
    context_namespace,
    copy_current_context,
    flash,
    force_locale,
    get_flashed_messages,
    get_lang,
    redirect,
    render,
    render_mako,
    render_mako_def,
    set_lang,
    streaming_response,
    strict_namespace,
    url_for,
)
from compatshim.objects.messages import Messages
from compatshim.serving import is_flask_request

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from compatshim.objects.request import Request
    from compatshim.objects.session import Session

request: Request = LocalProxy(lambda: serving().request())  # type: ignore[assignment]
response: Any = LocalProxy(lambda: serving().response())
session: Session = LocalProxy(lambda: serving().session())  # type: ignore[assignment]

c: Any = LocalProxy(context_namespace)
tmpl_context: Any = c
g: Any = LocalProxy(strict_namespace)
app_globals: Any = LocalProxy(lambda: serving().app_globals())
config: MutableMapping[str, Any] = LocalProxy(lambda: serving().config())  # type: ignore[assignment]
cache: Any = LocalProxy(lambda: serving().cache())
h: Any = LocalProxy(lambda: serving().helpers())

url = UrlFunction()

_messages = Messages(lambda: serving().translations())
gettext = ugettext = _ = _messages.gettext
ngettext = ungettext = _messages.ngettext
pgettext = _messages.pgettext
npgettext = _messages.npgettext
lazy_gettext = lazy_ugettext = _messages.lazy_gettext
lazy_ngettext = lazy_ungettext = _messages.lazy_ngettext
N_ = _messages.mark

__all__ = [
    "N_",
    "_",
    "abort",
    "app_globals",
    "c",
    "cache",
    "config",
    "copy_current_context",
    "flash",
    "force_locale",
    "g",
    "get_flashed_messages",
    "get_lang",
    "gettext",
    "h",
    "is_flask_request",
    "lazy_gettext",
    "lazy_ngettext",
    "lazy_ugettext",
    "lazy_ungettext",
    "ngettext",
    "npgettext",
    "pgettext",
    "redirect",
    "render",
    "render_mako",
    "render_mako_def",
    "request",
    "response",
    "session",
    "set_lang",
    "streaming_response",
    "tmpl_context",
    "ugettext",
    "ungettext",
    "url",
    "url_for",
]
