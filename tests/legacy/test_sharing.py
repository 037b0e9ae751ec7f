"""compatshim.legacy._sharing."""

from __future__ import annotations

import pytest

from compatshim.legacy._sharing import SharingDict


@pytest.fixture
def joined():
    """A dictionary that shares ``s`` and ``t``, and what it shares them with."""
    sharing, other = SharingDict({"a": 1, "s": 2}), {"s": 3, "t": 4}
    sharing.share(["s", "t", "u"], other)
    return sharing, other


def test_unshared_it_is_a_dictionary():
    sharing = SharingDict({"a": 1}, b=2)
    sharing["c"] = 3
    sharing.update([("d", 4)], e=5)
    del sharing["a"]
    assert sharing == {"b": 2, "c": 3, "d": 4, "e": 5}
    assert list(reversed(sharing)) == ["e", "d", "c", "b"]
    assert (sharing.pop("b"), sharing.pop("b", None)) == (2, None)
    assert sharing.popitem() == ("e", 5)
    assert sharing.setdefault("c", 7) == 3
    with pytest.raises(KeyError, match="'no'"):
        sharing["no"]
    sharing.clear()
    with pytest.raises(KeyError, match="empty"):
        sharing.popitem()


def test_reading(joined):
    sharing, _ = joined
    assert (sharing["a"], sharing["s"], sharing["t"]) == (1, 3, 4)
    assert (sharing.get("s"), sharing.get("u", 9), sharing.get("no")) == (3, 9, None)
    assert [key in sharing for key in ("a", "s", "t", "u", "no")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    for key in ("u", "no"):
        with pytest.raises(KeyError, match=f"'{key}'"):
            sharing[key]


def test_iteration_shows_the_shared_keys_that_were_set_here(joined):
    sharing, other = joined
    assert list(sharing) == ["a", "s"]
    assert (len(sharing), bool(sharing)) == (2, True)
    assert sharing.copy() == dict(sharing) == {**sharing} == {"a": 1, "s": 3}
    assert list(sharing.items()) == [("a", 1), ("s", 3)]
    assert (list(sharing.keys()), list(sharing.values())) == (["a", "s"], [1, 3])
    assert repr(sharing) == "{'a': 1, 's': 3}"
    sharing["t"] = 5
    del other["s"]
    assert list(sharing) == ["a", "t"]


def test_writing(joined):
    sharing, other = joined
    sharing["s"] = 5
    sharing.update({"t": 6, "b": 7})
    sharing |= {"u": 8}
    assert other == {"s": 5, "t": 6, "u": 8}
    assert sharing == {"a": 1, "b": 7, "s": 5, "t": 6, "u": 8}
    assert sharing.setdefault("u", 9) == 8
    assert (sharing.pop("u"), sharing.pop("u", 9)) == (8, 9)
    with pytest.raises(KeyError):
        sharing.pop("u")
    assert sharing.setdefault("u", 9) == 9
    del sharing["u"]
    with pytest.raises(KeyError):
        del sharing["u"]
    assert other == {"s": 5, "t": 6}
    sharing.clear()
    assert (sharing, other) == ({}, {})


def test_clearing_leaves_what_others_have_set(joined):
    sharing, other = joined
    sharing.clear()
    assert (list(sharing), other) == ([], {"t": 4})


def test_unions_and_comparisons(joined):
    sharing, _ = joined
    assert sharing | {"b": 2} == {"a": 1, "s": 3, "b": 2}
    assert {"b": 2, "s": 0} | sharing == {"b": 2, "s": 3, "a": 1}
    assert sharing == SharingDict({"a": 1, "s": 3})
    assert sharing != {"a": 1}
    with pytest.raises(TypeError):
        _ = sharing | 1
    with pytest.raises(TypeError):
        _ = 1 | sharing
    with pytest.raises(TypeError):
        hash(sharing)


def test_taking_back(joined):
    sharing, other = joined
    sharing["t"] = 5
    other["s"] = 6
    sharing.unshare()
    assert sharing == {"a": 1, "s": 2, "t": 5}
    sharing["s"] = 7
    assert other == {"s": 6, "t": 5}


def test_sharing_with_another(joined):
    sharing, other = joined
    another = {"s": 10}
    sharing.share(["s"], another)
    assert (sharing["s"], "t" in sharing) == (10, False)
    sharing["s"] = 11
    assert (other["s"], another["s"]) == (3, 11)
