"""Write the tables of docs/eject.md, from those that eject itself has.

``python docs/eject_table.py`` writes them into the page, between their marks;
tests/migrate/test_eject_docs.py holds the page to what the code has.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from compatshim.migrate.ejecting.attributes import BY_HAND, COUNTERPARTS, MULTIDICTS
from compatshim.migrate.ejecting.names import ADVICE, TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).with_name("eject.md")


def heading(*names: str) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join(['---'] * len(names))} |"


def names() -> Iterator[str]:
    yield from heading("in `compatshim.common`", "becomes")
    by_target: dict[str, list[str]] = {}
    for name, target in TARGETS.items():
        by_target.setdefault(target, []).append(f"`{name}`")
    for target, own in by_target.items():
        yield f"| {', '.join(own)} | `{target}` |"


def attributes() -> Iterator[str]:
    yield from heading("`request.`", "becomes", "but")
    for name, instead in MULTIDICTS.items():
        yield f"| `{name}` | `request.{instead}` | of a repeated key the first value |"
    for name, (expression, differs_in) in COUNTERPARTS.items():
        yield f"| `{name}` | `{expression}` | {differs_in} |"


def advice() -> Iterator[str]:
    yield from heading("name", "what to do")
    for name, text in sorted(ADVICE.items()):
        yield f"| `{name}` | {text} |"


def hands() -> Iterator[str]:
    yield from heading("`request.`", "what to do")
    for name, text in sorted(BY_HAND.items()):
        yield f"| `{name}` | {text} |"


TABLES = {"names": names, "attributes": attributes, "advice": advice, "hands": hands}


def render() -> str:
    """Return the text of the page, with its tables as they are to be."""
    text = PAGE.read_text(encoding="utf-8")
    for name, lines in TABLES.items():
        rows = "".join(f"{line}\n" for line in lines())
        pattern = rf"(?s)(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->\n)"
        text = re.sub(pattern, lambda marks: f"{marks[1]}{rows}{marks[2]}", text)  # noqa: B023 (called at once)
    return text


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
