"""Apply the rules that were asked for, with what they know beside the one source."""

from __future__ import annotations

import difflib
import re
from functools import cached_property
from typing import TYPE_CHECKING

from compatshim.migrate.examined import Examined
from compatshim.migrate.flow import Flow, data_of
from compatshim.migrate.kinds import PYTHON, kind_of
from compatshim.migrate.merging import import_edits
from compatshim.migrate.modules import Modules
from compatshim.migrate.moves import Plan, is_ignored
from compatshim.migrate.objections import UNSURE, Refusal, line_of
from compatshim.migrate.opt_in import opt_in_rules
from compatshim.migrate.rewriting import Rewriting, edited
from compatshim.migrate.routes_table import RoutesTable, read_routes
from compatshim.migrate.trees import files_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.opt_in import OptInRule
    from compatshim.migrate.proposals import Proposal
    from compatshim.migrate.sources import Source
    from compatshim.migrate.trees import File

__all__ = ["Known"]

_BASES = re.compile(rb"^[ \t]*class\s+\w+\s*\(([^)]*)\)", re.MULTILINE)
_WORD = re.compile(rb"\w+")


class Known:
    """The rules with the given ``codes``, and what is known of the files below ``paths``.

    ``routes`` is the path of the table of routes, for rules that need one. The files are
    read as they are when a rule first asks, before any of them is written.
    """

    def __init__(
        self,
        paths: Sequence[str],
        catalogue: Catalogue,
        codes: Sequence[str],
        routes: str | None = None,
    ) -> None:
        self._paths = paths
        self.catalogue = catalogue
        # Those that are for one kind of name come before those that are for many.
        self._rules = [
            opt_in_rules()[code] for code in sorted(set(codes), reverse=True)
        ]
        self.routes = read_routes(routes) if routes is not None else RoutesTable(())

    @property
    def words(self) -> frozenset[bytes]:
        """The words one of which a file has that a rule is for."""
        return frozenset(word for rule in self._rules for word in rule.words)

    @cached_property
    def files(self) -> list[File]:
        """The files of Python below the paths."""
        files = files_in(self._paths, lambda _path, _why: None)
        return [file for file in files if kind_of(file.path) == PYTHON]

    @cached_property
    def flow(self) -> Flow:
        """What reaches which modules, through others."""
        return Flow(self.files, self.catalogue)

    @cached_property
    def modules(self) -> Modules:
        """Which file a module is in."""
        return Modules(self.files)

    def is_inherited(self, name: str) -> bool:
        """Tell whether a class below the paths may have one called ``name`` as its base."""
        return name.encode() in self._bases

    @cached_property
    def _bases(self) -> frozenset[bytes]:
        return frozenset(
            word
            for file in self.files
            for bases in _BASES.findall(data_of(file.location))
            for word in _WORD.findall(bases)
        )

    def apply(self, rewriting: Rewriting) -> Rewriting:
        """Return ``rewriting`` with what the rules do after it.

        One rule can make another find something, so they take turns until none does.
        """
        data, refusals = rewriting.data, list[Refusal]()
        before = None
        while data != before and any(word in data for word in self.words):
            before, refusals = data, []
            for rule in self._rules:
                data, left = self._applied(rule, rewriting.source.reread(data))
                refusals += left
        text = rewriting.source.reread(data).text
        refusals = _in_lines_of(rewriting.source.text, text, refusals)
        return rewriting._replace(
            data=data, refusals=tuple(sorted([*rewriting.refusals, *refusals]))
        )

    def _applied(self, rule: OptInRule, source: Source) -> tuple[bytes, list[Refusal]]:
        examined = Examined(source, self.catalogue, source.path)
        made = Plan()
        for proposal in rule.propose(examined, self):
            _take(examined, rule, proposal, made)
        edits = sorted([*import_edits(examined, made), *made.uses])
        if not edits:
            return source.data, made.refusals
        data, problem = edited(examined, edits)
        if problem:
            made.refusals.append(Refusal(1, rule.code, "all of it", problem))
        return data, made.refusals


def _take(examined: Examined, rule: OptInRule, proposal: Proposal, made: Plan) -> None:
    """Put a proposal into the plan, unless something is against it."""
    span = proposal.start, proposal.end
    if any(span[0] <= edit.start < span[1] for edit in made.uses):
        return  # another rule has taken it
    if is_ignored(examined, rule.code, span, proposal.path):
        return
    reason = proposal.reason
    if examined.is_unsure(*span):
        reason = UNSURE
    if reason is not None:
        line = line_of(examined, proposal.start)
        made.refusals.append(Refusal(line, rule.code, proposal.name, reason))
        return
    made.uses += proposal.edits
    made.moves += [move for move in proposal.moves if move not in made.moves]


def _in_lines_of(
    before: bytes, after: bytes, refusals: Sequence[Refusal]
) -> list[Refusal]:
    """Return ``refusals`` with the lines that they are in before the imports change."""
    if before == after or not refusals:
        return list(refusals)
    matcher = difflib.SequenceMatcher(
        None, before.split(b"\n"), after.split(b"\n"), autojunk=False
    )
    lines: dict[int, int] = {}
    for old, new, size in matcher.get_matching_blocks():
        lines.update({new + step + 1: old + step + 1 for step in range(size)})
    return [one._replace(line=lines.get(one.line, one.line)) for one in refusals]
