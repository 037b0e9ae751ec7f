"""What to write for the names of the legacy framework: warnings, audit and docs ask here."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "HELPERS",
    "LEGACY_MODULES",
    "LEGACY_NAMES",
    "REQUEST_ATTRIBUTES",
    "RequestAttribute",
    "import_line",
    "objection_to_names",
]

_COMMON = "compatshim.common"


def _same(*names: str) -> dict[str, str]:
    return {name: f"{_COMMON}.{name}" for name in names}


def _other(**names: str) -> dict[str, str]:
    return {name: f"{_COMMON}.{instead}" for name, instead in names.items()}


_OBJECTS = {
    **_same("app_globals", "cache", "config", "request", "response", "session", "url"),
    # g was app_globals in Pylons, and is the request's namespace in Flask.
    **_other(tmpl_context="c", c="c", g="app_globals"),
}

_MESSAGES = {
    **_same("N_", "_", "add_fallback", "get_lang", "gettext", "set_lang"),
    **_same("lazy_gettext", "lazy_ngettext", "lazy_ugettext", "lazy_ungettext"),
    **_same("ngettext", "npgettext", "pgettext", "ugettext", "ungettext"),
    **_other(gettext_noop="N_"),
}

_ANSWERS = {
    **_same("abort", "redirect"),
    **_other(redirect_to="redirect"),
}

_TEMPLATES = {
    **_same("render", "render_mako", "render_mako_def"),
    **_other(render_jinja2="render"),
}

LEGACY_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "pylons": _OBJECTS,
        "pylons.configuration": _same("config"),
        "pylons.controllers.util": _ANSWERS,
        "pylons.i18n": _MESSAGES,
        "pylons.i18n.translation": _MESSAGES,
        "pylons.templating": _TEMPLATES,
    }
)
"""By module and name: the dotted name of what takes the place of each.

Names without a counterpart, such as ``WSGIController``, are not here.
"""


def _modules() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for module in LEGACY_NAMES:
        package, _, name = module.rpartition(".")
        if package:
            found.setdefault(package, {})[name] = _COMMON
    return found


LEGACY_MODULES: Mapping[str, Mapping[str, str]] = MappingProxyType(_modules())
"""By package: the modules in it that :data:`LEGACY_NAMES` has, and what has their names."""

HELPERS: Mapping[str, str] = MappingProxyType(
    {
        **_MESSAGES,
        **_ANSWERS,
        **_TEMPLATES,
        **_OBJECTS,
        **_same("url_for"),  # of Routes
    }
)
"""What takes the place of the framework's own names where ``h`` has them (``h.url``)."""


class RequestAttribute(NamedTuple):
    """What Flask's request has in the place of one of WebOb's attributes.

    ``differs_in`` says where the two are not equal, or is empty.
    """

    instead: str
    differs_in: str = ""


_KEYS = "of a repeated key it gives the first value, WebOb's gives the last one"
_HEADER = "an object of Werkzeug, with other methods"
_FILES = "uploads are in `request.files`"
_QUOTED = "what is not ASCII is unquoted"

REQUEST_ATTRIBUTES: Mapping[str, RequestAttribute] = MappingProxyType(
    {
        "GET": RequestAttribute("request.args", _KEYS),
        "POST": RequestAttribute("request.form", f"{_KEYS}; {_FILES}"),
        "accept": RequestAttribute("request.accept_mimetypes", _HEADER),
        "accept_charset": RequestAttribute("request.accept_charsets", _HEADER),
        "accept_encoding": RequestAttribute("request.accept_encodings", _HEADER),
        "accept_language": RequestAttribute("request.accept_languages", _HEADER),
        "application_url": RequestAttribute("request.url_root.rstrip('/')", _QUOTED),
        "body": RequestAttribute(
            "request.get_data()", "empty where the form was read before"
        ),
        "body_file": RequestAttribute(
            "request.stream", "can be read once, and not after the form"
        ),
        "client_addr": RequestAttribute(
            "request.remote_addr",
            "`X-Forwarded-For` counts only with Werkzeug's `ProxyFix`",
        ),
        "json_body": RequestAttribute("request.get_json(force=True)"),
        "params": RequestAttribute("request.values", f"{_KEYS}; {_FILES}"),
        # The common request's own path is WebOb's, and begins with the script name.
        "path_info": RequestAttribute(
            "flask.request.path", "`/` where WebOb's is empty"
        ),
        "path_qs": RequestAttribute(
            "request.script_root + request.full_path.rstrip('?')",
            f"{_QUOTED}; `/` where WebOb's path is empty",
        ),
        "path_url": RequestAttribute(
            "request.base_url", f"{_QUOTED}; `/` where WebOb's path is empty"
        ),
        "route_dict": RequestAttribute("request.view_args", "`None` for a 404"),
        "text": RequestAttribute(
            "request.get_data(as_text=True)", "empty where the form was read before"
        ),
        "urlvars": RequestAttribute("request.view_args", "`None` for a 404"),
    }
)
"""Flask's for the attributes of a request that only WebOb and Pylons have."""


def import_line(target: str) -> str:
    """Return the statement that imports the dotted name ``target``."""
    module, _, name = target.rpartition(".")
    return f"from {module} import {name}" if module else f"import {name}"


def objection_to_names(name: str, instead: object) -> str | None:
    """Return why ``instead`` cannot be what takes the place of ``name``, or ``None``.

    A module has ``name`` itself; ``instead`` is the dotted name of something.
    """
    if not name.isidentifier():
        return "this is not a name that the module itself can have"
    parts = instead.split(".") if isinstance(instead, str) else [""]
    if all(part.isidentifier() for part in parts):
        return None
    return (
        f"what is to take its place is {instead!r}, and not the dotted name of it,"
        " such as 'compatshim.common.request'"
    )
