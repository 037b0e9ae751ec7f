"""What paths a rule of either router matches, as far as its text tells.

A pattern is a tuple of segments. Patterns are used in two ways, and each errs on its own
side: ``claims`` are paths that a rule surely takes, ``reach`` are all that it may serve.
"""

from __future__ import annotations

import re
import uuid
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from routes.route import Route
from werkzeug.routing import (
    AnyConverter,
    FloatConverter,
    IntegerConverter,
    PathConverter,
    UnicodeConverter,
    UUIDConverter,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from werkzeug.routing import Rule

__all__ = [
    "ANY",
    "PART",
    "REST",
    "TEXT",
    "Paths",
    "Pattern",
    "Segment",
    "flask_paths",
    "is_catch_all",
    "legacy_paths",
]

TEXT = "text"
ANY = "any"
PART = "part"
REST = "rest"


class Segment(NamedTuple):
    """A piece of a path between slashes, or all the rest of it.

    ``kind`` is ``TEXT``: exactly ``source``; ``ANY``: whatever is not empty; ``PART``:
    what ``source`` allows, which ``accepts`` tells where it can be told; ``REST``: this
    and all that follows, which may be nothing at all if ``source`` is ``"*"``.
    ``is_sure`` is false where the rule may refuse what the segment allows, and
    ``sample`` is a text that matches, where one is known.
    """

    kind: str
    source: str = ""
    accepts: Callable[[str], object] | None = None
    is_sure: bool = True
    sample: str | None = None


Pattern = tuple[Segment, ...]

_NOTHING = Segment(TEXT, sample="")  # after the last slash
_ANY = Segment(ANY, sample="x")
_ANYTHING = Segment(REST, "*", is_sure=False)


class Paths(NamedTuple):
    """The patterns of one rule."""

    claims: list[Pattern]
    reach: list[Pattern]


def _pattern(pieces: Iterable[str | Segment]) -> Pattern:
    """Return the segments of a path that is made of texts and arguments."""
    segments: list[list[str | Segment]] = [[]]
    for piece in pieces:
        if isinstance(piece, Segment):
            segments[-1].append(piece)
            continue
        text, *others = piece.split("/")
        segments[-1].append(text)
        segments += ([other] for other in others)
    return tuple(_until_rest(map(_joined, segments)))


def _joined(pieces: list[str | Segment]) -> Segment:
    """Return the one segment that texts and arguments make up together."""
    pieces = [piece for piece in pieces if piece != ""]
    if len(pieces) == 1 and isinstance(pieces[0], Segment):
        return pieces[0]
    texts = [piece for piece in pieces if isinstance(piece, str)]
    if len(texts) == len(pieces):
        text = "".join(texts)
        return Segment(TEXT, text, sample=text)
    if any(isinstance(piece, Segment) and piece.kind == REST for piece in pieces):
        return _ANYTHING
    parts = [
        re.escape(piece) if isinstance(piece, str) else f"({piece.kind} {piece.source})"
        for piece in pieces
    ]
    return Segment(PART, "".join(parts))


def _until_rest(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Yield ``segments``; one that may have slashes swallows those that follow it."""
    found = list(segments)
    for number, segment in enumerate(found, 1):
        if segment.kind == REST and number < len(found):
            yield _ANYTHING
            return
        yield segment


# Flask.

_FLASK_ARGUMENT = re.compile(
    r"<(?:([a-zA-Z_][a-zA-Z0-9_]*)(?:\(([^<>]*)\))?:)?([a-zA-Z_][a-zA-Z0-9_]*)>"
)


def flask_paths(rule: Rule, *, is_bound_to_host: bool) -> Paths:
    """Return the paths of a rule that is in a map.

    Where the application tells hosts apart (``is_bound_to_host``) it surely claims none.
    The path that Flask redirects to the one with a slash is claimed, but not reached.
    """
    text = re.sub("/{2,}", "/", rule.rule) if rule.merge_slashes else rule.rule
    pieces = _flask_pieces(text[1:], rule.map.converters)
    segments = _pattern(pieces)
    is_root = segments == (_NOTHING,)
    if is_root or segments[-1].kind == REST:
        # Merging the slashes is what makes <path:...> take those at its start.
        reach = [segments]
        claims = reach if is_root or rule.merge_slashes else []
    else:
        other = segments[:-1] if rule.is_branch else (*segments, _NOTHING)
        reach = [segments] if rule.strict_slashes else [segments, other]
        claims = [segments, other] if rule.is_branch else reach
    if is_bound_to_host or rule.websocket or not segments[-1].is_sure:
        claims = []
    return Paths(claims, reach)


def _flask_pieces(text: str, converters: Any) -> Iterator[str | Segment]:
    position = 0
    for found in _FLASK_ARGUMENT.finditer(text):
        yield text[position : found.start()]
        yield _flask_argument(found[1] or "default", found[2] or "", converters)
        position = found.end()
    yield text[position:]


def _flask_argument(name: str, options: str, converters: Any) -> Segment:
    converter = converters[name]
    if converter is AnyConverter:
        texts = [option.strip().strip("\"'") for option in options.split(",")]
        source = f"flask {name}({options})"
        return Segment(PART, source, texts.__contains__, sample=texts[0])
    if converter in _ARGUMENTS and not options:
        return _ARGUMENTS[converter]
    if not converter.part_isolating:
        return _ANYTHING
    return Segment(PART, f"flask {name}({options})")


# Routes.

_WHOLE_SEGMENT = ("[^/]+", "[^/]+?")
_REST = {".*": "*", ".*?": "*", ".+": "+", ".+?": "+"}

# Requirements that a slash cannot meet, as people write them.
_TEXT = r"(?:\\[dw]|\\?[\w.@:,;~ -](?<!\.)|\\\.|\[(?:\\[dw]|\\?[\w.@:,;~ -])+\])"
_WITHOUT_SLASH = re.compile(
    rf"(?:{_TEXT}(?:[*+?]|\{{\d*,?\d*\}})?\??|[|()]|\(\?:)+\Z", re.ASCII
)


def legacy_paths(route: Any, prefix: str | None) -> Paths:
    """Return the paths of a Routes route, whose mapper has this ``prefix``.

    It surely claims none where its conditions ask a function or a sub-domain, where it
    matches in a way of its own, or where ``minimization`` lets it leave out arguments.
    """
    if prefix and re.fullmatch(r"[\w/-]+", prefix) is None:  # a regular expression
        return Paths([], [(_ANYTHING,)])
    parts = [
        part if isinstance(part, str) else _argument(part, route)
        for part in route.routelist
    ]
    if not (parts and isinstance(parts[0], str) and parts[0].startswith("/")):
        if not route.minimization:
            return Paths([], [])  # no path begins so
        parts.insert(0, "/")
    parts.insert(0, prefix or "")
    if route.minimization:
        return _minimized_paths(route, parts)
    segments = _pattern(parts)[1:]
    claims = [segments] if segments[-1].is_sure and _is_plain(route) else []
    return Paths(claims, [segments])


def is_catch_all(route: Any) -> bool:
    """Return whether a Routes route is for every path, such as ``/*url``."""
    parts = [part for part in route.routelist if part != "/"]
    if len(parts) != 1 or isinstance(parts[0], str):
        return False
    requirement = route.reqs.get(parts[0]["name"])
    return requirement in _REST if requirement else parts[0]["type"] == "*"


def _minimized_paths(route: Any, parts: list[str | Segment]) -> Paths:
    """Return the paths of a route that may end with a slash, or end early.

    From the first argument with a default on, nothing is certain.
    """
    added = len(parts) - len(route.routelist)
    for place, part in enumerate(route.routelist, added):
        if isinstance(part, dict) and part["name"] in route.defaults:
            end = min([place - 1, *_optional_texts(route, parts, added, place)])
            before = _pattern(parts[: end + 1])[1:-1]
            reach = [(*before, _ANYTHING), *([before] if before else [])]
            return Paths([], [tuple(_until_rest(pattern)) for pattern in reach])
    shorter = [
        [*parts[:place], str(parts[place])[:-1]]
        for place in _optional_texts(route, parts, added, len(parts))
    ]
    reach = list(dict.fromkeys(chain(*map(_with_and_without_slash, [parts, *shorter]))))
    is_text = all(segment.kind == TEXT for segment in reach[0])
    return Paths(reach if is_text and _is_plain(route) else [], reach)


def _optional_texts(
    route: Any, parts: list[str | Segment], start: int, end: int
) -> Iterator[int]:
    """Yield the places of the texts before ``end`` that Routes lets out, last one first.

    From their last character on, which is a slash or the like.
    """
    for place in reversed(range(start, end)):
        part = parts[place]
        if not isinstance(part, str) or not part.endswith(route.done_chars):
            return
        yield place


def _with_and_without_slash(parts: list[str | Segment]) -> list[Pattern]:
    segments = _pattern(parts)[1:]
    if segments[-1] == _NOTHING:
        segments = segments[:-1]
    with_slash = tuple(_until_rest((*segments, _NOTHING)))
    return [with_slash, segments] if segments else [with_slash]


def _argument(part: dict[str, str], route: Any) -> Segment:
    if part["name"] == "controller":  # one that exists, perhaps with slashes
        return _ANYTHING
    requirement = route.reqs.get(part["name"])
    if part["type"] == ".":  # may be left out, together with its dot
        return Segment(PART, f"routes .{requirement}")
    if requirement:
        return _requirement(requirement)
    if part["type"] == "*":
        return Segment(REST, "*" if route.minimization else "+", sample="x")
    return _ANY


def _requirement(requirement: str) -> Segment:
    """Return what a requirement of Routes, a regular expression, allows."""
    if requirement in _WHOLE_SEGMENT:
        return _ANY
    if requirement in _REST:
        return Segment(REST, _REST[requirement], sample="x")
    if _WITHOUT_SLASH.match(requirement) is None:
        return _ANYTHING
    return Segment(PART, requirement, re.compile(rf"(?:{requirement})\Z").match)


def _is_plain(route: Any) -> bool:
    conditions = route.conditions or {}
    return (
        type(route).match is Route.match
        and "match" not in vars(route)
        and not conditions.get("function")
        and "sub_domain" not in conditions
    )


# Without options, which may refuse what the regular expression allows.
_ARGUMENTS: dict[Any, Segment] = {
    UnicodeConverter: _ANY,
    PathConverter: Segment(REST, "+", sample="x"),
    IntegerConverter: _requirement(r"\d+")._replace(sample="1"),
    FloatConverter: Segment(PART, "flask float", sample="1.5"),
    UUIDConverter: Segment(PART, "flask uuid", sample=str(uuid.UUID(int=0))),
}
