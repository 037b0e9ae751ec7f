"""Mako's part of rendering. Loaded by those who render one of its templates only."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mako.exceptions import TemplateLookupException, TopLevelLookupException
from mako.lookup import TemplateLookup
from markupsafe import Markup

from compatshim.errors import TemplateNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MakoPartNotFoundError",
    "MakoTemplateNotFoundError",
    "make_lookup",
    "render",
]


class MakoTemplateNotFoundError(TemplateNotFoundError, TopLevelLookupException):
    """A ``TemplateNotFoundError`` for the template that was to be rendered."""


class MakoPartNotFoundError(TemplateNotFoundError, TemplateLookupException):
    """A ``TemplateNotFoundError`` for one that another template names.

    Mako tells the two apart: only the first may be a page that there is not.
    """


@lru_cache(maxsize=64)
def make_lookup(directories: tuple[str, ...]) -> TemplateLookup:
    """Return a lookup with the options that Pylons 1.0's project template had.

    So what templates write is escaped, unless it is markup or they say ``| n``.
    """
    return TemplateLookup(
        directories=list(directories),
        input_encoding="utf-8",
        default_filters=["escape"],
        imports=["from markupsafe import escape"],
    )


def render(
    lookup: Any, name: str, variables: Mapping[str, Any], def_name: str | None = None
) -> Markup:
    """Render a template, or one ``<%def>`` of it. Raises ``TemplateNotFoundError``."""
    try:
        template = lookup.get_template(name)
        if def_name is not None:
            template = template.get_def(def_name)
        page = template.render_unicode(**variables)
    except TemplateNotFoundError:  # of a template within, rendered by a helper
        raise
    except TemplateLookupException as error:
        better = _naming_places(error, lookup)
        if better is None:
            raise
        raise better.with_traceback(error.__traceback__) from None
    return Markup(page)  # noqa: S704 (a page is markup)


def _naming_places(
    error: TemplateLookupException, lookup: Any
) -> TemplateNotFoundError | None:
    """Return the error that says where Mako looked, if it is about a missing template."""
    if isinstance(error, TopLevelLookupException):
        kind: type[TemplateNotFoundError] = MakoTemplateNotFoundError
    elif isinstance(error.__cause__, TopLevelLookupException):
        kind = MakoPartNotFoundError
    else:
        return None
    # Mako has the name in its text only.
    found = re.search(r"uri (['\"])(.*)\1$", str(error))
    places = getattr(lookup, "directories", None) or [repr(lookup)]
    return kind(found[2] if found else str(error), places)
