"""The two views of one namespace."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pytest

from compatshim.objects.namespace import LaxNamespace, StrictNamespace

KINDS = [StrictNamespace, LaxNamespace]


@pytest.fixture(params=KINDS)
def make_namespace(request):
    def make(names=None, **app_globals):
        names = {} if names is None else names
        return request.param(names, lambda: SimpleNamespace(**app_globals))

    return make


def test_names_are_kept_in_the_dictionary_that_was_given(make_namespace):
    names = {"a": 1}
    namespace = make_namespace(names)
    namespace.b = 2
    del namespace.a
    assert names == {"b": 2}
    assert vars(namespace) is names


def test_two_views_of_one_dictionary_agree():
    names = {}
    StrictNamespace(names, SimpleNamespace).a = 1
    assert LaxNamespace(names, SimpleNamespace).a == 1


def test_app_globals_are_asked_only_for_what_is_not_there():
    def fail():
        raise AssertionError("app_globals were asked")

    assert StrictNamespace({"a": 1}, fail).a == 1


def test_false_value_of_app_globals_counts(make_namespace):
    namespace = make_namespace(nothing=None, empty="", zero=0)
    assert (namespace.nothing, namespace.empty, namespace.zero) == (None, "", 0)


@pytest.mark.parametrize("name", ["__html__", "__wrapped__", "__len__", "__x"])
def test_dunder_name_is_never_taken_from_app_globals(make_namespace, name):
    namespace = make_namespace(**{name: "from app_globals"})
    assert not hasattr(namespace, name)


def test_error_names_what_is_missing():
    with pytest.raises(AttributeError, match="'missing'") as caught:
        StrictNamespace({}, SimpleNamespace).missing  # noqa: B018
    assert caught.value.name == "missing"


def test_lax_namespace_answers_with_empty_text():
    assert LaxNamespace({}, SimpleNamespace).missing == ""


def test_lax_namespace_is_strict_about_deleting():
    namespace = LaxNamespace({}, SimpleNamespace)
    with pytest.raises(AttributeError):
        del namespace.missing


def test_copy_has_names_of_its_own(make_namespace):
    names = {"a": 1}
    copied = copy.copy(make_namespace(names))
    copied.a = 2
    assert (copied.a, names) == (2, {"a": 1})


def test_repr_lists_the_names_and_no_values(make_namespace):
    namespace = make_namespace({"b": "hidden", "a": 1})
    assert repr(namespace).endswith("Namespace ['a', 'b']>")
