"""What a project says of itself for its installation: its strings, in whatever file.

``setup.py`` is read, never run.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.distributions import DISTRIBUTIONS
from compatshim.migrate.ini_files import options_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.steps import Step
    from compatshim.migrate.syntax import Tree

__all__ = ["Said", "required_distribution", "said_in"]

_REQUIREMENT = re.compile(r"\s*([A-Za-z][\w.-]*)\s*(?:\[[^\]]*\])?\s*([<>=!~;@(].*)?")
_REQUIRE = (
    *("install_requires", "setup_requires", "tests_require"),
    *("dependencies", "requires"),
)
_NO_REQUIREMENTS = (
    "keywords",
    "classifiers",
    "packages",
    "paster_plugins",
    "py_modules",
)
_LISTS = ("list", "tuple", "set")
_HEADING = re.compile(rb"\[\s*(.*?)\s*\]")
_QUOTES = re.compile(rb"[\"']+(?=[^\"'])")
_IN_TOML = re.compile(rb"#[^\r\n]*|\"([^\"\\\r\n]*)\"|'([^'\r\n]*)'")
_TOML_KEY = re.compile(rb"^[ \t]*[\"']?([\w.-]+)[\"']?[ \t]*=", re.MULTILINE)


class Said(NamedTuple):
    """A string in such a file, or a line of it.

    ``keyword`` is what it is given for, if that is known; it ``is_listed`` among others.
    """

    text: str
    start: int
    end: int
    keyword: str = ""
    is_listed: bool = False


def said_in(path: str, text: bytes) -> Iterator[Said]:
    """Yield the strings of a ``setup.py``, a ``setup.cfg`` or a ``pyproject.toml``."""
    name = path.rpartition("/")[2]
    if name == "setup.py":
        yield from _in_setup_py(text)
    elif name == "setup.cfg":
        yield from _in_cfg(text)
    elif name == "pyproject.toml":
        yield from _in_toml(text)


def required_distribution(said: Said) -> str | None:
    """Return the legacy distribution that is required, by its lower-case name, if any."""
    found = _REQUIREMENT.fullmatch(said.text)
    name = found[1].lower() if found else ""
    if name not in DISTRIBUTIONS or said.keyword in _NO_REQUIREMENTS:
        return None
    is_meant = said.is_listed or said.keyword in _REQUIRE or (found and found[2])
    return name if is_meant else None


def _in_setup_py(text: bytes) -> Iterator[Said]:
    from compatshim.migrate.syntax import Tree

    tree = Tree(text)
    for quotes in _QUOTES.finditer(text):
        path = tree.path_at(quotes.end())
        node = path[-1].node
        if path[-1].type == "string_content" and node.start_byte == quotes.end():
            is_listed = path[-3].type in _LISTS
            for line, start, end in _lines(text, node.start_byte, node.end_byte):
                yield Said(line, start, end, _keyword(tree, path), is_listed)


def _keyword(tree: Tree, path: Sequence[Step]) -> str:
    for step in path:
        if step.type == "keyword_argument":
            name = step.node.child_by_field_name("name")
            if name is not None:
                return tree.content(name)
    return ""


def _lines(text: bytes, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the lines of a string, each with its range; of ``[x]`` only ``x``."""
    for line in re.finditer(rb"[^\r\n]+", text[start:end]):
        content = line[0].strip()
        at = start + line.start() + line[0].find(content)
        heading = _HEADING.fullmatch(content)
        said = heading[1] if heading else content
        yield said.decode("utf-8", "replace"), at, at + len(content)


def _in_cfg(text: bytes) -> Iterator[Said]:
    for option in options_of(text):
        if not f"{option.section}.".startswith("options."):
            continue
        if option.section == "options.entry_points":
            yield Said(option.name, option.start, option.start + len(option.name))
        is_extra = option.section == "options.extras_require"
        for line, start in option.lines:
            end = start + len(line.encode())
            yield Said(line, start, end, option.name, is_extra)


def _in_toml(text: bytes) -> Iterator[Said]:
    keys = deque((one.end(), one[1].decode()) for one in _TOML_KEY.finditer(text))
    keyword, before = "", b""
    position = 0
    for found in _IN_TOML.finditer(text):
        between = text[position : found.start()]
        position = found.end()
        before = between.rstrip() or before
        if found[0].startswith(b"#"):
            continue
        while keys and keys[0][0] <= found.start():
            keyword = keys.popleft()[1]
        start, end = found.span(1 if found[1] is not None else 2)
        is_listed = before.endswith((b"[", b","))
        content = text[start:end].decode("utf-8", "replace")
        yield Said(content, start, end, keyword, is_listed)
        before = b""
