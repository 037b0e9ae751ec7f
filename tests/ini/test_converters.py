"""compatshim.ini.converters."""

from __future__ import annotations

import pytest

from compatshim.ini import asbool, asint, aslist


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        (" On ", True),
        ("1", True),
        ("no", False),
        (None, False),
        (1, True),
        ([], False),
    ],
)
def test_asbool(value, expected):
    assert asbool(value) is expected


def test_asbool_refuses_what_spells_no_truth():
    with pytest.raises(ValueError, match="'maybe'"):
        asbool("maybe")


@pytest.mark.parametrize(("value", "expected"), [("7", 7), (" -7 ", -7), (7.9, 7)])
def test_asint(value, expected):
    assert asint(value) == expected


@pytest.mark.parametrize("value", ["seven", "", None])
def test_asint_refuses_what_is_no_integer(value):
    with pytest.raises(ValueError, match="not an integer"):
        asint(value)


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("a b\n c", {}, ["a", "b", "c"]),
        ("a, b", {"sep": ","}, ["a", "b"]),
        ("a, b", {"sep": ",", "strip": False}, ["a", " b"]),
        ("", {}, []),
        (["a"], {}, ["a"]),
        (("a", "b"), {}, ["a", "b"]),
        (None, {}, []),
        (7, {}, [7]),
    ],
)
def test_aslist(value, options, expected):
    assert aslist(value, **options) == expected
