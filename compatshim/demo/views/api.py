"""A JSON API in the manner of CKAN: ``/api/3/action/<name>``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify
from werkzeug.exceptions import HTTPException

from compatshim import __version__
from compatshim.common import request
from compatshim.demo import logic

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

__all__ = ["api_error", "blueprint"]

blueprint = Blueprint("api", __name__, url_prefix="/api/3/action")

_MOST_ROWS = 1000


class BadParameterError(Exception):
    """A parameter of an action is missing or cannot be understood."""


def _package_list() -> Any:
    return logic.package_list()


def _package_search() -> Any:
    count, packages = logic.package_search(
        request.args.get("q", ""),
        limit=_whole_number("rows", default=10, most=_MOST_ROWS),
        offset=_whole_number("start", default=0),
    )
    return {
        "count": count,
        "results": [logic.package_as_dict(package) for package in packages],
    }


def _package_show() -> Any:
    name = request.args.get("id")
    if not name:
        raise BadParameterError("Missing parameter: 'id', the name of a package.")
    return logic.package_as_dict(logic.package_show(name))


def _status_show() -> Any:
    totals = logic.totals()
    return {
        "site_title": "compatshim demo",
        "compatshim_version": __version__,
        **totals._asdict(),
    }


_ACTIONS: dict[str, Callable[[], Any]] = {
    "package_list": _package_list,
    "package_search": _package_search,
    "package_show": _package_show,
    "status_show": _status_show,
}


@blueprint.get("/<name>")
def action(name: str) -> tuple[Response, int]:
    if name not in _ACTIONS:
        return api_error(404, f"There is no action {name!r}.")
    try:
        result = _ACTIONS[name]()
    except logic.NotFoundError as missing:
        return api_error(404, str(missing))
    except BadParameterError as bad:
        return api_error(400, str(bad))
    return jsonify(success=True, result=result), 200


@blueprint.errorhandler(HTTPException)
def _on_http_error(error: HTTPException) -> tuple[Response, int]:
    return api_error(error.code or 500, error.description or error.name)


def api_error(status: int, message: str) -> tuple[Response, int]:
    """Return an error as every answer of the API: JSON."""
    return jsonify(success=False, error={"message": message}), status


def _whole_number(name: str, default: int, most: int = 999_999_999) -> int:
    text = request.args.get(name, str(default))
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) > most:
        raise BadParameterError(
            f"Parameter {name!r} must be a whole number from 0 to {most}, not {text!r}."
        )
    return int(text)
