"""A page that is one file, fetches nothing, and runs no script but its own.

Jinja2, which comes with Flask, is loaded only when a page is asked for.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from compatshim import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["render_page"]

# What is not seen, or makes a line look like another one: controls, marks of direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def render_page(
    package: str,
    template: str,
    context: dict[str, Any],
    styles: Sequence[str] = ("style.css",),
    script: str = "",
) -> str:
    """Return a page made from a template of ``package``.

    ``styles`` and ``script`` are templates, too: of ``package``, or of this one, as all
    are that a template includes or extends.
    """
    from markupsafe import Markup

    environment = _environment(package)
    style = "".join(_source(environment, name) for name in styles)
    code = _source(environment, script) if script else ""
    page: str = environment.get_template(template).render(
        version=__version__,
        policy=_policy(style, code),
        style=Markup(style),  # noqa: S704 (our own)
        script=Markup(code),  # noqa: S704 (our own)
        **context,
    )
    return page


def _environment(package: str) -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    packages = dict.fromkeys((package, "compatshim.ratchet.reports"))
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(one, "templates") for one in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        grouped=_grouped,
        many=_many,
        path=_path,
        prose=_prose,
        signed=_signed,
        visible=_visible,
    )
    return environment


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None  # noqa: S101 (for the type checker)
    return environment.loader.get_source(environment, name)[0]


def _policy(style: str, code: str) -> str:
    """Return a policy by which a page may do nothing but what it is made for.

    Whatever a file name or a comment may hold: it fetches nothing, and runs nothing.
    """
    sources = {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": _hash_of(style),
        "script-src": _hash_of(code) if code else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {source}" for name, source in sources.items())


def _hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _grouped(count: int) -> str:
    return f"{count:,}"


def _signed(count: int) -> str:
    return f"{count:+,}".replace("-", "\N{MINUS SIGN}") if count else "no change"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _visible(text: str) -> str:
    """Show by their escapes the characters that nobody sees."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _path(text: str) -> Markup:
    """Let a long path be broken behind its slashes."""
    from markupsafe import Markup

    return Markup("/<wbr>").join(_visible(text).split("/"))


def _prose(text: str) -> Markup:
    """Show what stands between backticks as code."""
    from markupsafe import Markup

    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else part
        for index, part in enumerate(parts)
    )
