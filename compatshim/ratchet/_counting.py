"""Counting in one process of a test run, and saying which test was the cause."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from compatshim.deprecation import recorder
from compatshim.deprecation.children import Children, report_otherwise
from compatshim.ratchet.gathering import Counted, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from doctest import DocTest

    from compatshim.deprecation import CallSite, Use

__all__ = ["Counting"]


class Counting:
    """A pytest plugin that begins to count when it is made, and ends with ``config``."""

    def __init__(self, config: pytest.Config) -> None:
        self._before = _total().begin_run()
        self._collecting: list[Use] = []
        self._doctests: dict[str, tuple[str, int]] = {}
        self._children = Children()
        self._children.start()
        recorder.context = "conftest.py"
        report_otherwise()
        config.add_cleanup(self._end)

    def _end(self) -> None:
        recorder.context = None
        _total().end_run()
        self._children.stop()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        """Name the file whose collection imports things."""
        recorder.context = f"collection of {collector.nodeid or '.'}"
        yield
        recorder.context = None

    def pytest_collection_finish(self) -> None:
        """Keep what was counted until here, because each worker has counted it."""
        self._collecting = self._uses()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Name the test, its fixtures included."""
        recorder.context = item.nodeid
        doctest: DocTest | None = getattr(item, "dtest", None)
        if doctest is not None:
            self._note_file_of(doctest)
        yield
        recorder.context = None

    def counted(self) -> Counted:
        """Return what this process has counted, and those that its tests have started."""
        children = Counted.from_dict({"uses": self._children.uses(), "collecting": []})
        uses = joined([Counted(self._uses()), children])
        return Counted(uses, self._collecting)

    def _uses(self) -> list[Use]:
        return [self._in_file(use) for use in _total().since(self._before)]

    def _note_file_of(self, doctest: DocTest) -> None:
        for number, example in enumerate(doctest.examples):
            line_before = (doctest.lineno or 0) + example.lineno
            # As the module doctest names what it compiles.
            name = f"<doctest {doctest.name}[{number}]>"
            self._doctests[name] = doctest.filename or name, line_before

    def _in_file(self, use: Use) -> Use:
        found = self._doctests.get(use.site.filename)
        if found is None:
            return use
        filename, line_before = found
        line = line_before + use.site.line
        return use.but(site=use.site._replace(filename=filename, line=line))


class _Total:
    """What this process has counted, whatever a test tells the recorder to forget."""

    def __init__(self) -> None:
        self._runs = 0
        self._of_ended_runs: dict[CallSite, int] = {}
        self._forgotten: list[Use] = []
        self._clear_recorder = recorder.clear
        recorder.clear = self._keep_and_clear  # type: ignore[method-assign]  # of it alone

    def begin_run(self) -> dict[CallSite, int]:
        """Return the counts that are no part of a run which begins now."""
        self._runs += 1
        return self._of_ended_runs

    def end_run(self) -> None:
        """Let what was counted until now be no part of the runs to come."""
        self._runs -= 1
        self._of_ended_runs = {use.site: use.count for use in self._uses()}

    def since(self, before: Mapping[CallSite, int]) -> list[Use]:
        """Return what has been added to the counts ``before``."""
        return [
            use.but(count=use.count - before.get(use.site, 0))
            for use in self._uses()
            if use.count > before.get(use.site, 0)
        ]

    def _uses(self) -> list[Use]:
        return joined([Counted(self._forgotten), Counted(recorder.uses())])

    def _keep_and_clear(self) -> None:
        if self._runs:
            self._forgotten = self._uses()
        else:
            self._forgotten, self._of_ended_runs = [], {}
        self._clear_recorder()


@cache
def _total() -> _Total:
    return _Total()
