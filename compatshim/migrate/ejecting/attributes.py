"""What Flask's objects have for the attributes of the common ones."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from compatshim.deprecation.names import REQUEST_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BY_HAND",
    "COUNTERPARTS",
    "MAPPINGS",
    "MULTIDICTS",
    "SAME",
    "SAME_OF_SESSION",
    "Counterpart",
]


class Counterpart(NamedTuple):
    """An expression that takes the place of ``request.name``, and where it differs."""

    expression: str
    differs_in: str = ""


SAME: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            """
            access_control_request_headers access_control_request_method accept_charsets
            accept_encodings accept_languages accept_mimetypes access_route args base_url
            blueprint blueprints content_encoding content_length content_md5 data endpoint
            environ files form full_path get_json is_json is_multiprocess is_multithread
            is_run_once is_secure max_content_length max_form_memory_size max_form_parts
            max_forwards method mimetype mimetype_params origin referrer remote_addr
            remote_user root_path root_url routing_exception scheme script_root server
            url_root url_rule values view_args
            """.split(),  # noqa: SIM905 (a list this long is read like this)
            "",
        ),
        "get_data": "it is empty where the form was read before",
        "input_stream": "it can be read once, and not after the form",
        "stream": "it can be read once, and not after the form",
    }
)
"""The attributes of the common request that Flask's has, and where they differ."""

MAPPINGS = ("cookies", "headers")
"""What both have, with keys to look up and otherwise of another class."""

MULTIDICTS: Mapping[str, str] = MappingProxyType(
    {
        name: REQUEST_ATTRIBUTES[name].instead.removeprefix("request.")
        for name in ("GET", "POST", "params")
    }
)
"""WebOb's multidicts, and Werkzeug's."""


def _known(name: str) -> Counterpart:
    instead, differs_in = REQUEST_ATTRIBUTES[name]
    return Counterpart(instead.removeprefix("flask."), differs_in)


COUNTERPARTS: Mapping[str, Counterpart] = MappingProxyType(
    {
        **{
            name: _known(name)
            for name in (
                "application_url",
                "body",
                "body_file",
                "json_body",
                "path_info",
                "path_qs",
                "path_url",
                "text",
            )
        },
        "content_type": Counterpart("request.mimetype", "it is in lower case"),
        "host_url": Counterpart(
            'request.host_url.rstrip("/")', "what is not ASCII is unquoted"
        ),
        "is_xhr": Counterpart(
            'request.headers.get("X-Requested-With") == "XMLHttpRequest"'
        ),
        "json": Counterpart("request.get_json(force=True)"),
        "pragma": Counterpart('request.headers.get("Pragma")'),
        "query_string": Counterpart('request.query_string.decode("latin-1")'),
        "referer": Counterpart("request.referrer"),
        "script_name": Counterpart(
            "request.script_root", "a slash at its end is not there"
        ),
        "user_agent": Counterpart('request.headers.get("User-Agent")'),
    }
)
"""The attributes of the common request that something else of Flask's stands for."""

BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        **{
            name: f"Flask has {found.instead}: {found.differs_in}"
            for name, found in REQUEST_ATTRIBUTES.items()
            if name not in COUNTERPARTS and name not in MULTIDICTS
        },
        "path": "Flask's request.path has neither the script name (request.script_root)"
        " nor quoted characters",
        "url": "Flask's request.url is not quoted where it is not ASCII",
        "host": "Flask's request.host is without the port of the scheme",
        "session": "import session",
        "config": "use flask.current_app.config",
        "link": "use flask.url_for",
    }
)
"""What to do about those that nothing stands for in all cases."""

SAME_OF_SESSION = frozenset(
    """
    accessed clear copy get items keys modified new permanent pop setdefault update
    values
    """.split()  # noqa: SIM905 (a list this long is read like this)
)
"""The attributes of the common session that each session of Flask's has."""
