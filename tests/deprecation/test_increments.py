"""compatshim.deprecation.increments: what was counted since it was last written down."""

from __future__ import annotations

import threading

import pytest

from compatshim.deprecation import Recorder
from compatshim.deprecation.increments import Increments


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def increments(recorder):
    return Increments(recorder)


@pytest.fixture
def written():
    return []


def record(recorder, times=1):
    for _ in range(times):
        recorder.record("CS401", "Name")  # which is not announced


def test_what_is_written_is_not_written_again(recorder, increments, written):
    record(recorder, 3)
    increments.write(written.extend)
    increments.write(written.extend)
    record(recorder, 2)
    increments.write(written.extend)
    assert [use.count for use in written] == [3, 2]


def test_what_could_not_be_written_is_written_with_the_next(
    recorder, increments, written
):
    def fail(uses):
        raise LookupError

    record(recorder, 3)
    with pytest.raises(LookupError):
        increments.write(fail)
    record(recorder, 1)
    increments.write(written.extend)
    assert [use.count for use in written] == [4]


def test_a_recorder_that_was_cleared(recorder, increments, written):
    record(recorder, 3)
    increments.write(written.extend)
    recorder.clear()
    record(recorder, 2)
    increments.write(written.extend)
    assert [use.count for use in written] == [3, 2]


def test_two_threads_write_nothing_twice(recorder, increments, written):
    record(recorder, 3)
    is_writing, go_on = threading.Event(), threading.Event()

    def write_slowly(uses):
        is_writing.set()
        assert go_on.wait(30)
        written.extend(uses)

    threads = [
        threading.Thread(target=increments.write, args=(write_slowly,))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert is_writing.wait(30)
    go_on.set()
    for thread in threads:
        thread.join()
    assert [use.count for use in written] == [3]
