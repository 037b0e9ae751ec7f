"""Templates that stand in Python's strings, for ``render_template_string``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.sources import Unreadable, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.objections import Refusal

__all__ = ["RENDERERS", "needs_in_strings"]

RENDERERS = (b"render_template_string", b"stream_template_string", b"from_string")
"""The functions whose name tells that a file may have templates in its strings."""

_TAG = re.compile(rb"\{\{|\{%")


def needs_in_strings(examined: Examined) -> Iterator[Refusal]:
    """Yield what has to be done by hand in the strings that are templates."""
    text = examined.source.text
    if not any(name in text for name in RENDERERS):
        return
    from compatshim.migrate.ejecting.pages import needs_in

    seen = set()
    for tag in _TAG.finditer(text):
        node = examined.tree.path_at(tag.start())[-1].node
        if node.type != "string_content" or node.start_byte in seen:
            continue
        seen.add(node.start_byte)
        first = examined.source.position(node.start_byte)[0]
        needs = needs_in(decode(examined.path, text[node.start_byte : node.end_byte]))
        if not isinstance(needs, Unreadable):  # or else it is no template, most often
            for need in needs:
                yield need._replace(line=first + need.line - 1)
