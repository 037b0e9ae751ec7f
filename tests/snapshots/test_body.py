"""compatshim.snapshots.body: the body of a request, for a copy of it."""

from __future__ import annotations

import io
import os
from tempfile import SpooledTemporaryFile

import pytest
from hypothesis import given, strategies as st

from compatshim.errors import BodyNotReadError
from compatshim.snapshots.body import copy_body

LONG = b"0123456789" * 60_000


def body_of(content):
    body = SpooledTemporaryFile(max_size=1000)  # noqa: SIM115 (the tests close it)
    body.write(content)
    body.seek(3)
    return body


@pytest.mark.parametrize("content", [b"0123456789", LONG], ids=["short", "long"])
def test_copy_has_a_position_and_an_end_of_its_own(content):
    body = body_of(content)
    copied = copy_body(body, is_kept=True)
    again = copy_body(copied, is_kept=True)
    assert copied.read(2) == b"01"
    assert body.tell() == 3
    body.close()
    assert copied.read() == content[2:]
    copied.close()
    assert again.read() == content
    again.close()
    assert again.closed


def test_long_body_is_not_copied():
    body = body_of(LONG)
    copied = copy_body(body, is_kept=True)
    assert os.path.sameopenfile(copied.fileno(), body.fileno())
    copied.close()
    body.close()


def test_long_body_without_pread(monkeypatch):
    monkeypatch.delattr(os, "pread")
    body = body_of(LONG)
    copied = copy_body(body, is_kept=True)
    body.close()
    assert copied.read() == LONG


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("read"), st.integers(0, 700_000)),
            st.tuples(st.just("seek"), st.integers(0, 700_000)),
            st.tuples(st.just("readline"), st.integers(0, 50)),
        )
    )
)
def test_it_reads_as_any_file(steps):
    with body_of(LONG) as body, copy_body(body, is_kept=True) as copied:
        expected = io.BytesIO(LONG)
        for name, argument in steps:
            assert getattr(copied, name)(argument) == getattr(expected, name)(argument)
        assert copied.tell() == expected.tell()
        for whence in (os.SEEK_END, os.SEEK_CUR):
            assert copied.seek(0, whence) == expected.seek(0, whence)


@pytest.mark.parametrize("is_kept", [True, False])
def test_body_that_is_gone(is_kept):
    body = io.BytesIO(b"body")
    if is_kept:
        body.close()
    copied = copy_body(body, is_kept=is_kept)
    for read in (copied.read, copied.readline, copied.readlines):
        with pytest.raises(BodyNotReadError):
            read()
    assert copied.readable()
