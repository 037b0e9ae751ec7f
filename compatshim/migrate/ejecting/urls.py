"""What becomes of each use of ``url_for`` and ``url``: Flask's has endpoints only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.ejecting.uses import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compatshim.migrate.ejecting.uses import Use

__all__ = ["check_url_for", "objection_to_url"]

_OF_ROUTES = {
    "action": "name the endpoint",
    "anchor": "write _anchor",
    "controller": "name the endpoint",
    "host": "Flask's has no host: put it before the path",
    "locale": "Flask's has no locale, unless the route has",
    "protocol": "write _scheme",
    "qualified": "write _external",
    "sub_domain": "Flask's has no sub_domain, unless the route has",
}


def check_url_for(use: Use) -> Verdict:
    """``url_for`` and ``url``: the same for an endpoint and its values."""
    read = use.attribute
    if read is not None:
        return Verdict(
            hand="write url_for(request.endpoint, **request.view_args), with the other"
            " values",
            name=f"{use.name}.{read.attribute_name}",
        )
    call = use.value.call
    if call is None:
        return Verdict(hand="what calls it may ask for more than endpoints")
    given = call.arguments
    name = next(iter(given.positional), given.keywords.get("endpoint"))
    if name is None and not given.is_whole:
        return Verdict(hand="what is in * or ** cannot be told")
    literal = call.literal(name)
    objection = objection_to_url(name is not None, literal, given.keywords)
    if objection is not None:
        return Verdict(hand=objection)
    note = ""
    if literal is None:
        note = "Flask's takes endpoints only, no paths and no routes' names"
    elif not given.is_whole:
        note = "Flask's takes what is in * or ** as values of the endpoint"
    return Verdict(note=note)


def objection_to_url(
    has_name: bool, name: str | None, keywords: Iterable[str]
) -> str | None:
    """Return why Flask's ``url_for`` cannot build a URL for it, or ``None``.

    ``name`` is what is asked for, where it is written out.
    """
    for keyword in keywords:
        if keyword in _OF_ROUTES:
            return f"{keyword}= is of Routes: {_OF_ROUTES[keyword]}"
    if not has_name:
        return "Flask's needs an endpoint"
    if name is not None and ("/" in name or "#" in name):
        return "Flask's takes endpoints only: write the path, below request.script_root"
    return None
