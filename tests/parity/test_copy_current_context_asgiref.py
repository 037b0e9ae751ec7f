"""Coroutine functions in ``copy_current_context``, as Flask runs them."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from compatshim.common import copy_current_context, request


async def read():
    return request.path


def test_coroutine_function_runs_to_its_end(serve):
    def view():
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(copy_current_context(read)).result()

    assert serve(view).result == "/page"


def test_coroutine_function_needs_asgiref_as_in_flask(serve, monkeypatch):
    monkeypatch.setitem(sys.modules, "asgiref.sync", None)

    def view():
        with pytest.raises(RuntimeError, match="async"):
            copy_current_context(read)

    serve(view)
