"""Which function judges the uses of a name; the others are the same in Flask."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from compatshim.migrate.ejecting import functions, messages, objects, urls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compatshim.migrate.ejecting.uses import Use, Verdict

__all__ = ["CHECKS"]

CHECKS: Mapping[str, Callable[[Use], Verdict]] = MappingProxyType(
    {
        "abort": functions.check_abort,
        "c": objects.check_namespace,
        "config": objects.check_config,
        "copy_current_context": functions.check_copy,
        "flash": messages.check_flash,
        "g": objects.check_namespace,
        "lazy_ngettext": messages.check_ngettext,
        "lazy_ungettext": messages.check_ungettext,
        "ngettext": messages.check_ngettext,
        "npgettext": messages.check_npgettext,
        "lazy_npgettext": messages.check_npgettext,
        "redirect": functions.check_redirect,
        "render": functions.check_render,
        "request": objects.check_request,
        "session": objects.check_session,
        "streaming_response": functions.check_stream,
        "tmpl_context": objects.check_namespace,
        "ungettext": messages.check_ungettext,
        "url": urls.check_url_for,
        "url_for": urls.check_url_for,
    }
)
