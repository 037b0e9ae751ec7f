"""Whether the audit sees each import that a Python sees, of whatever age that is.

    python benchmarks/audit_recall.py --python python2.7 /usr/lib/python2.7

Every file below the folders that this Python's own ``ast`` can parse is compared: what it
imports from where, by which name. What differs is shown, and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.sources import decode
from compatshim.migrate.syntax import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Name = tuple[str, str, str | None]  # module, name, alias

# It runs on the other Python, which may be 2.7: one line for each file.
_BY_AST = r"""
import ast, json, os, sys, warnings
warnings.simplefilter("ignore")
for folder, _, names in os.walk(sys.argv[1]):
    for name in sorted(names):
        path = os.path.join(folder, name)
        if not name.endswith(".py"):
            continue
        try:
            with open(path, "rb") as opened:
                tree = ast.parse(opened.read())
        except Exception:  # what this Python cannot parse, for whichever reason
            continue
        found = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found += [(one.name, "", one.asname) for one in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                if node.module != "__future__":
                    found += [(node.module, one.name, one.asname) for one in node.names]
        print(json.dumps([path, found]))
"""


class Compared(NamedTuple):
    """A file: how many names it imports, and which only one of both has seen."""

    path: str
    names: int
    missed: tuple[Name, ...]
    made_up: tuple[Name, ...]


def compare(python: str, folder: str) -> Iterator[Compared]:
    """Yield each file below ``folder`` that ``python`` can parse."""
    done = subprocess.run(  # noqa: S603 (the Python that was named)
        [python, "-c", _BY_AST, folder], check=True, capture_output=True, text=True
    )
    for line in done.stdout.splitlines():
        path, found = json.loads(line)
        theirs = Counter(tuple(name) for name in found)
        ours = Counter(_ours(path, {module for module, _, _ in theirs}))
        yield Compared(
            path,
            len(found),
            tuple((theirs - ours).elements()),
            tuple((ours - theirs).elements()),
        )


def _ours(path: str, modules: set[str]) -> Iterator[Name]:
    packages = {module.partition(".")[0] for module in modules}
    tree = Tree(decode(path, Path(path).read_bytes()).text)
    for statement in tree.imports([package.encode() for package in packages]):
        for one in statement.names:
            if not statement.level and one.module.partition(".")[0] in packages:
                yield one.module, one.name, one.asname


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and return 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, metavar="PROGRAM")
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    options = parser.parse_args(arguments)
    found = [one for name in options.folders for one in compare(options.python, name)]
    differing = [one for one in found if one.missed or one.made_up]
    for one in differing:
        print(f"{one.path}: missed {one.missed}, made up {one.made_up}")
    names = sum(one.names for one in found)
    print(f"{names} names in {len(found)} files: {len(differing)} files differ")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
