"""``compatshim audit``, against the same search with LibCST, and against its own promises.

``python benchmarks/audit.py`` makes trees of 100 to 20,000 files; ``python
benchmarks/audit.py PATH...`` takes those that there are. It prints a line for each bar, and
exits with 1 if one is missed. ``_legacy_trees.py`` says what is in a tree that is made.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from _audit_processes import HAS_MEMORY, peak_memory, run_time
from _audit_shares import Shares
from _legacy_trees import make_tree
from _libcst_search import Imported, can_read, legacy_imports
from _pairs import compare_times, report

from compatshim.migrate.audit import audit
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.findings import FROM_IMPORT, IMPORT
from compatshim.migrate.trees import files_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _pairs import Line

SIZES = (100, 1_000, 5_000, 20_000)
PAIRS = 11
START_PAIRS = 21

LIBCST_BAR = 1 / 12
JOBS_BAR = 0.6  # half of the time, and what is done by one of the two alone
GROWTH_BAR = 1.15
MEMORY_BAR = 200
START_BAR = 120_000_000  # nanoseconds

SAMPLE = 200  # files that LibCST looks at: it takes a second for 40 of them
WORTH_TWO_JOBS = 5_000  # with a thousand, the start takes a quarter of --jobs 1
_BY_STRING = "CS107"  # __import__("pylons"), which the visitor does not look for


class Peak(NamedTuple):
    """What memory the audit of a tree takes at most, in megabytes."""

    name: str
    megabytes: float
    bar: float = MEMORY_BAR

    @property
    def missed(self) -> bool:
        """Whether it is more than the bar."""
        return self.megabytes >= self.bar

    def __str__(self) -> str:
        verdict = "MISSED" if self.missed else "met"
        return f"{self.name:<52} {self.megabytes:6.1f} MB  bar {self.bar} MB  {verdict}"


class Agreement(NamedTuple):
    """Which legacy imports both have found, and which only one of them.

    ``failures`` are files that LibCST cannot read, beside those that are compared.
    """

    name: str
    compared: int
    failures: int
    both: int
    only_ours: int
    only_theirs: int

    @property
    def missed(self) -> bool:
        """Whether the other one has found more."""
        return self.only_theirs > 0

    def __str__(self) -> str:
        return (
            f"{f'imports in a sample of {self.name}':<52} {self.compared} compared,"
            f" {self.failures} not read by LibCST: {self.both} found by both,"
            f" {self.only_ours} by compatshim only, {self.only_theirs} by LibCST only"
        )


class Sample(NamedTuple):
    """Copies of some files of a tree, all of which both can read."""

    folder: Path
    paths: list[str]
    failures: int

    @classmethod
    def of(cls, tree: Path, folder: Path) -> Sample:
        """Copy at most :data:`SAMPLE` files of ``tree``; count what LibCST cannot read."""
        files = files_in([str(tree)], lambda path, why: None)
        unreadable = {one.path for one in audit([str(tree)]).unreadable}
        chosen = random.Random(1).sample(files, min(SAMPLE, len(files)))  # noqa: S311 (no secret)
        paths, failures = [], 0
        for file in sorted(chosen):
            data = Path(file.location).read_bytes()
            if not can_read(data):
                failures += 1
            elif file.path not in unreadable:
                target = folder / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                paths.append(file.path)
        return cls(folder, paths, failures)


def our_imports(folder: Path) -> list[Imported]:
    """Return what the audit of ``folder`` finds that is an import."""
    return [
        Imported(one.path, one.full_name, one.asname)
        for one in audit([str(folder)], jobs=1).findings
        if one.kind in (IMPORT, FROM_IMPORT) and one.code != _BY_STRING
    ]


def audit_time(tree: Path, audits: int) -> int:
    """Return the nanoseconds that so many audits of ``tree`` take, in this process."""
    start = time.perf_counter_ns()
    for _ in range(audits):
        audit([str(tree)], jobs=1)
    return time.perf_counter_ns() - start


def search_time(sample: Sample, catalogue: Catalogue) -> int:
    """Return the nanoseconds that the same search takes with LibCST."""
    start = time.perf_counter_ns()
    legacy_imports(sample.folder, sample.paths, catalogue)
    return time.perf_counter_ns() - start


def against_libcst(name: str, tree: Path, pairs: int) -> Iterator[Line]:
    """Compare with LibCST, on files that both can read."""
    with tempfile.TemporaryDirectory() as folder:
        sample = Sample.of(tree, Path(folder))
        count = len(sample.paths)
        catalogue = Catalogue()
        ours = Counter(our_imports(sample.folder))
        theirs = Counter(legacy_imports(sample.folder, sample.paths, catalogue))
        yield Agreement(
            name,
            count,
            sample.failures,
            (ours & theirs).total(),
            (ours - theirs).total(),
            (theirs - ours).total(),
        )
        yield compare_times(
            f"compatshim / LibCST, {name}, by file",
            lambda _: audit_time(sample.folder, 1),
            lambda _: search_time(sample, catalogue),
            LIBCST_BAR,
            pairs,
            calls=count,
        )


def of_tree(tree: Path, pairs: int) -> Iterator[Line]:
    """Compare what a tree takes with LibCST, and with two processes."""
    files = audit([str(tree)]).files
    name = f"{files:,} files"
    yield from against_libcst(name, tree, pairs)
    yield Shares.of(name, tree)
    if files >= WORTH_TWO_JOBS:
        yield compare_times(
            f"--jobs 2 / --jobs 1, {name}",
            lambda _: run_time(tree, "--jobs", "2"),
            lambda _: run_time(tree, "--jobs", "1"),
            JOBS_BAR,
            pairs,
        )
    if HAS_MEMORY:
        for jobs in ((), ("--jobs", "1"), ("--jobs", "2")):
            options = " ".join(jobs) or "default --jobs"
            peak = peak_memory(tree, *jobs) / 1_000_000
            yield Peak(f"memory of all processes, {options}, {name}", peak)


def of_growth(trees: dict[int, Path], pairs: int) -> Iterator[Line]:
    """Compare each larger tree with the smallest, as often as makes it as large."""
    (small, smallest), *larger = sorted(trees.items())
    for size, tree in larger:
        yield compare_times(
            f"{size:,} / {small} files, by file",
            lambda _, tree=tree: audit_time(tree, 1),
            lambda _, times=size // small: audit_time(smallest, times),
            GROWTH_BAR,
            pairs,
            calls=size,
        )


def of_single_files(tree: Path, pairs: int) -> Iterator[Line]:
    """Compare what one file takes from start to exit with 120 milliseconds."""
    with_legacy = Counter(one.path for one in audit([str(tree)], jobs=1).findings)
    sizes = {path: (tree / path).stat().st_size for path in with_legacy}
    ordered = sorted(sizes, key=lambda path: (sizes[path], path))
    for which, path in (("median", ordered[len(ordered) // 2]), ("large", ordered[-1])):
        file = tree / path
        run_time(file)
        yield compare_times(
            f"a {which} file of {sizes[path] / 1000:.1f} kB / 120 ms",
            lambda _, file=file: run_time(file),
            lambda _: START_BAR,
            1,
            max(pairs, START_PAIRS),
        )


def of_generated(folder: Path, sizes: Sequence[int], pairs: int) -> Iterator[Line]:
    """Make trees of ``sizes``, and measure all that has a bar."""
    trees = {}
    for size in sorted(sizes):
        trees[size] = folder / str(size)
        make_tree(trees[size], size)
    yield from of_single_files(trees[min(trees)], pairs)
    for tree in trees.values():
        yield from of_tree(tree, pairs)
    yield from of_growth(trees, pairs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="FILES")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    options = parser.parse_args(arguments)
    if options.paths:
        return report(
            line for path in options.paths for line in of_tree(path, options.pairs)
        )
    with tempfile.TemporaryDirectory() as folder:
        return report(of_generated(Path(folder), options.sizes, options.pairs))


if __name__ == "__main__":
    raise SystemExit(main())
