"""Write the tables of docs/deprecation.md: the codes, and what to write for each name.

``python docs/deprecation_table.py`` writes them into the page, between their marks;
tests/deprecation/test_codes.py holds the page to what the code has.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from compatshim.deprecation.codes import CODES
from compatshim.deprecation.names import LEGACY_NAMES, REQUEST_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = Path(__file__).with_name("deprecation.md")


def table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (heading, ("---",) * len(heading), *rows):
        yield f"| {' | '.join(row)} |"


def codes() -> Iterator[str]:
    rows = []
    for code in CODES.values():
        goes = code.removed_in or (
            "pending" if code.pending else "" if code.since else "as its owner says"
        )
        category = f"`{code.category.__name__}`"
        text = f"**{code.title}.** {code.explanation}"
        rows.append((code.code, text, category, code.since or "", goes))
    yield from table(("code", "what", "class", "since", "goes in"), rows)


def names() -> Iterator[str]:
    rows = [
        (f"`{module}`", f"`{name}`", f"`{instead.rpartition('.')[2]}`")
        for module, found in LEGACY_NAMES.items()
        for name, instead in found.items()
    ]
    yield from table(("module", "name", "in compatshim.common"), rows)


def attributes() -> Iterator[str]:
    rows = [
        (f"`request.{name}`", f"`{found.instead}`", found.differs_in)
        for name, found in REQUEST_ATTRIBUTES.items()
    ]
    yield from table(("WebOb's", "Flask's", "differs in"), rows)


TABLES = {"codes": codes, "names": names, "attributes": attributes}


def render() -> str:
    """Return the text of the page, with its tables as they are to be."""
    text = PAGE.read_text(encoding="utf-8")
    for name, lines in TABLES.items():
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
        pattern = re.compile(
            f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", re.DOTALL
        )
        text, count = pattern.subn(lambda _: "\n".join([*lines(), ""]), text)  # noqa: B023 (called at once)
        assert count == 1, f"{PAGE} has no marks for {name}"  # noqa: S101 (a script)
    return text


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
