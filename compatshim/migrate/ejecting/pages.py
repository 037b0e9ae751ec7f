"""Jinja2 templates: which of their names only compatshim gives them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.migrate.ejecting.attributes import (
    BY_HAND,
    COUNTERPARTS,
    MAPPINGS,
    MULTIDICTS,
    SAME,
)
from compatshim.migrate.ejecting.names import ADVICE, TARGETS
from compatshim.migrate.ejecting.urls import objection_to_url
from compatshim.migrate.objections import Refusal
from compatshim.migrate.sources import Unreadable, read_source
from compatshim.migrate.trees import files_in

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from jinja2 import Environment, nodes

    from compatshim.migrate.sources import Source

__all__ = ["Page", "needs_in", "pages_in"]

IN_TEMPLATE = "CS604"

_SUFFIXES = (".html", ".htm", ".j2", ".jinja", ".jinja2", ".txt", ".xml", ".svg")
_OF_FLASK = ("config", "g", "get_flashed_messages", "request", "session", "url_for")
_OF_BABEL = ("_", "gettext", "ngettext", "npgettext", "pgettext")
_COMMON_ONLY = {*TARGETS, *ADVICE, "translator"}.difference(_OF_FLASK, _OF_BABEL)
_OF_BEAKER = frozenset(
    """
    created delete id invalidate is_new last_accessed regenerate_id revert save
    """.split()  # noqa: SIM905 (a list this long is read like this)
)
_EXTENSIONS = ("jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols")
_IGNORED = re.compile(r"#\s*compatshim:\s*ignore\b")


class _Known(dict[str, Any]):
    """Filters or tests that have every name: those of the application, too."""

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, default) or str


class Page(NamedTuple):
    """A template, and what has to be done in it by hand."""

    path: str
    needs: tuple[Refusal, ...]


def pages_in(paths: Iterable[str]) -> Iterator[Page | Unreadable]:
    """Yield the templates below ``paths`` that need a hand, or cannot be read."""
    unreadable: list[Unreadable] = []  # the sources' walk tells of the same folders
    files = files_in(
        paths, lambda path, why: unreadable.append(Unreadable(path, why)), _is_template
    )
    for file in files:
        if not file.path.endswith(_SUFFIXES):
            continue
        try:
            source = read_source(file.location)
        except OSError as error:
            yield Unreadable(file.location, error.strerror or str(error))
            continue
        needs = needs_in(source)
        if isinstance(needs, Unreadable):
            yield needs
        elif needs:
            yield Page(file.location, needs)


def _is_template(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith(_SUFFIXES) and entry.is_file()


def needs_in(source: Source) -> tuple[Refusal, ...] | Unreadable:
    """Return what has to be done in a template by hand."""
    text = source.text.decode()
    if "{{" not in text and "{%" not in text:
        return ()
    import jinja2

    environment = jinja2.Environment(extensions=_EXTENSIONS, autoescape=True)
    environment.filters = _Known(environment.filters)
    environment.tests = _Known(environment.tests)
    try:
        found = _needs(environment, text)
    except jinja2.TemplateSyntaxError as error:
        if _IGNORED.search(text):
            return ()
        reason = f"line {error.lineno} is not Jinja2: {error.message}"
        return Unreadable(source.path, reason)
    lines = text.splitlines()
    return tuple(
        sorted(
            {
                need
                for need in found
                if not _IGNORED.search("".join(lines[need.line - 1 : need.line]))
            }
        )
    )


def _needs(environment: Environment, text: str) -> list[Refusal]:
    from jinja2 import meta, nodes

    tree = environment.parse(text)
    free = meta.find_undeclared_variables(tree)
    found = [
        Refusal(name.lineno, IN_TEMPLATE, name.name, _advice(name.name))
        for name in tree.find_all(nodes.Name)
        if name.ctx == "load" and name.name in free & _COMMON_ONLY
    ]
    kinds: Any = (nodes.Getattr, nodes.Getitem)
    for read in tree.find_all(kinds):
        found += _needs_of_read(read, free)
    for call in tree.find_all(nodes.Call):
        found += _needs_of_call(call, free)
    return found


def _advice(name: str) -> str:
    if name in ADVICE:
        return ADVICE[name]
    if name in ("c", "tmpl_context"):
        return "write g"
    if name == "url":
        return "write url_for"
    if name == "translator":
        return "call gettext and ngettext"
    return "give it to templates with app.context_processor"


def _needs_of_read(read: Any, free: set[str]) -> Iterator[Refusal]:
    """Yield why what is read from an object is not the same in Flask."""
    from jinja2 import nodes

    if not isinstance(read.node, nodes.Name) or read.node.name not in free:
        return
    owner = read.node.name
    name = read.attr if isinstance(read, nodes.Getattr) else _constant(read.arg)
    if not isinstance(name, str):
        return
    reason = ""
    if owner == "request" and name not in SAME and name not in MAPPINGS:
        reason = _advice_on_request(name)
    elif owner == "session" and name in _OF_BEAKER and isinstance(read, nodes.Getattr):
        reason = "it is Beaker's: Flask's session has no such attribute"
    elif owner == "config" and not name.isupper() and not hasattr(dict, name):
        reason = f"{name!r} is a key of the legacy configuration"
    if reason:
        yield Refusal(read.lineno, IN_TEMPLATE, f"{owner}.{name}", reason)


def _advice_on_request(name: str) -> str:
    if name in MULTIDICTS:
        return f"write request.{MULTIDICTS[name]}"
    if name in COUNTERPARTS:
        return f"write {COUNTERPARTS[name].expression}"
    return BY_HAND.get(name, "Flask's has no such attribute")


def _needs_of_call(call: nodes.Call, free: set[str]) -> Iterator[Refusal]:
    from jinja2 import nodes

    if isinstance(call.node, nodes.Getattr):
        yield from _needs_of_config(call, call.node, free)
    if not isinstance(call.node, nodes.Name) or call.node.name != "url_for":
        return
    if "url_for" not in free:
        return
    keywords = [pair.key for pair in call.kwargs]
    has_name = bool(call.args or call.dyn_args or call.dyn_kwargs)
    has_name = has_name or "endpoint" in keywords
    name = _constant(call.args[0]) if call.args else None
    literal = name if isinstance(name, str) else None
    objection = objection_to_url(has_name, literal, keywords)
    if objection is not None:
        yield Refusal(call.lineno, IN_TEMPLATE, "url_for", objection)


def _needs_of_config(
    call: nodes.Call, method: nodes.Getattr, free: set[str]
) -> Iterator[Refusal]:
    """Yield why what is asked of ``config`` by a key is not there: ``config.get("a")``."""
    from jinja2 import nodes

    if not isinstance(method.node, nodes.Name) or method.node.name != "config":
        return
    key = _constant(call.args[0]) if call.args else None
    if "config" in free and isinstance(key, str) and not key.isupper():
        reason = f"{key!r} is a key of the legacy configuration"
        yield Refusal(call.lineno, IN_TEMPLATE, f"config.{method.attr}", reason)


def _constant(node: Any) -> object:
    from jinja2 import nodes

    return node.value if isinstance(node, nodes.Const) else None
