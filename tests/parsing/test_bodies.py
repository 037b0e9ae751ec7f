"""What a body is copied into, and the request that it is read through."""

from __future__ import annotations

import pytest
from werkzeug.test import create_environ

from compatshim.legacy.controllers.util import Request
from compatshim.parsing.bodies import CopiedBody, werkzeug_request
from open_files import files_without_a_name


def test_short_body_is_in_memory_and_a_long_one_in_a_file():
    before = files_without_a_name()
    with CopiedBody() as body:
        body.write(b"x" * 1000)
        assert files_without_a_name() == before
        body.write(b"x" * 1_000_000)
        assert files_without_a_name() == before + 1
    assert files_without_a_name() == before


@pytest.mark.parametrize("size", [1000, 1_000_000])
def test_file_goes_with_the_body_without_a_warning(size):
    before = files_without_a_name()
    body = CopiedBody()
    body.write(b"x" * size)
    del body
    assert files_without_a_name() == before


def test_one_werkzeug_request_stands_behind_an_environ():
    environ = create_environ()
    copied = {**environ}
    first, second = werkzeug_request(environ), werkzeug_request(copied)
    assert werkzeug_request(environ) is first
    assert (first.environ, second.environ) == (environ, copied)
    assert werkzeug_request({**environ}) is not first


def test_copy_of_a_request_has_a_form_of_its_own():
    request = Request.blank("/", POST={"a": "1"})
    assert request.POST["a"] == "1"
    other = request.copy()
    other.body = b"a=2"
    assert (other.POST["a"], request.POST["a"]) == ("2", "1")
