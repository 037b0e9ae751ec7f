"""Where a response leads to, without the host that the client has named."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import webob

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["start_without_host"]


def start_without_host(
    response: Any, environ: WSGIEnvironment, start_response: StartResponse
) -> StartResponse:
    """Return what a WebOb ``response`` is to be started with.

    WebOb completes a relative ``Location`` from the ``Host`` header, which the client
    chose: it is sent as it was set.
    """
    location: str | None = response.headers.get("Location")
    if location is None or urlsplit(location).scheme:
        return start_response
    return partial(_start, environ, start_response)


def _start(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: str,
    headers: list[tuple[str, str]],
    *exc_info: Any,
) -> Any:
    host_url = webob.Request(environ).host_url
    headers = [
        (name, value.removeprefix(host_url) if name.lower() == "location" else value)
        for name, value in headers
    ]
    return start_response(status, headers, *exc_info)
