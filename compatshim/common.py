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
    abort,
    add_fallback,
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
    text_direction,
    url,
    url_for,
)
from compatshim.objects.i18n.formats import (
    format_currency,
    format_date,
    format_datetime,
    format_decimal,
    format_number,
    format_percent,
    format_scientific,
    format_time,
    format_timedelta,
    get_locale,
)
from compatshim.objects.messages import Messages
from compatshim.objects.templates import common_names
from compatshim.scoped import ScopedProxy, application_scope, request_scope
from compatshim.serving import is_flask_request

if TYPE_CHECKING:
    from compatshim.objects.config import Config
    from compatshim.objects.request import Request
    from compatshim.objects.session import Session

request: Request = ScopedProxy(  # type: ignore[assignment]  # it stands for one
    "request", lambda: serving().request(), request_scope
)
response: Any = LocalProxy(lambda: serving().response())
session: Session = ScopedProxy(  # type: ignore[assignment]  # it stands for one
    "session", lambda: serving().session(), request_scope
)

c: Any = ScopedProxy("c", context_namespace, application_scope)
tmpl_context: Any = c
g: Any = ScopedProxy("g", strict_namespace, application_scope)
app_globals: Any = LocalProxy(lambda: serving().app_globals())
config: Config = ScopedProxy(  # type: ignore[assignment]  # it stands for one
    "config", lambda: serving().config(), application_scope
)
cache: Any = LocalProxy(lambda: serving().cache())
h: Any = LocalProxy(lambda: serving().helpers())

_messages = Messages(lambda: serving().translations())
gettext = ugettext = _ = _messages.gettext
ngettext = _messages.ngettext
ungettext = _messages.ungettext
pgettext = _messages.pgettext
npgettext = _messages.npgettext
lazy_gettext = lazy_ugettext = _messages.lazy_gettext
lazy_ngettext = _messages.lazy_ngettext
lazy_ungettext = _messages.lazy_ungettext
lazy_pgettext = _messages.lazy_pgettext
lazy_npgettext = _messages.lazy_npgettext
N_ = _messages.mark

__all__ = [
    "N_",
    "_",
    "abort",
    "add_fallback",
    "app_globals",
    "c",
    "cache",
    "config",
    "copy_current_context",
    "flash",
    "force_locale",
    "format_currency",
    "format_date",
    "format_datetime",
    "format_decimal",
    "format_number",
    "format_percent",
    "format_scientific",
    "format_time",
    "format_timedelta",
    "g",
    "get_flashed_messages",
    "get_lang",
    "get_locale",
    "gettext",
    "h",
    "is_flask_request",
    "lazy_gettext",
    "lazy_ngettext",
    "lazy_npgettext",
    "lazy_pgettext",
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
    "text_direction",
    "tmpl_context",
    "ugettext",
    "ungettext",
    "url",
    "url_for",
]

common_names.update(
    (name, globals()[name]) for name in __all__ if name != "copy_current_context"
)
# As Pylons' templates have it.
common_names["translator"] = LocalProxy(lambda: serving().translations())
