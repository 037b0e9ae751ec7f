"""Pylons 1.0's public API on Python 3: the embedded legacy runtime.

Its module tree mirrors ``pylons`` name for name. Law: nothing here knows of Flask.
The objects of the current request are proxies, usable from import time on; outside of
a request, using one raises :class:`compatshim.errors.NoRequestError`.

:func:`install_alias` lets ``import pylons`` find all this. Whoever uses a name that
``compatshim.common`` has too is told so: see :mod:`compatshim.deprecation`.
"""

from __future__ import annotations

from compatshim.deprecation.aliasing import install_alias as install_alias
from compatshim.deprecation.watching import watch_legacy
from compatshim.legacy._proxy import (
    app_globals,
    cache,
    request,
    response,
    session,
    tmpl_context,
    translator,
    url,
)
from compatshim.legacy.configuration import config
from compatshim.legacy.controllers.util import Request, Response

__all__ = [
    "Request",
    "Response",
    "app_globals",
    "cache",
    "config",
    "request",
    "response",
    "session",
    "tmpl_context",
    "translator",
    "url",
]

watch_legacy()
