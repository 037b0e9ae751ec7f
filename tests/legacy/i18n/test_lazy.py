"""compatshim.legacy.i18n._lazy: a lazy string is as good as a string."""

from __future__ import annotations

import copy
import pickle

import pytest
from markupsafe import Markup, escape

from compatshim.legacy.i18n import lazify, lazy_gettext

current = ["text %s"]


def show(suffix=""):
    return current[0] + suffix


@pytest.fixture
def lazy():
    current[0] = "text %s"
    return lazify(show)()


@pytest.mark.parametrize(
    "use",
    [
        str,
        repr,
        hash,
        len,
        list,
        bool,
        lambda text: text == "text %s",
        lambda text: text != "text %s",
        lambda text: text < "z",
        lambda text: text <= "a",
        lambda text: text > "z",
        lambda text: text >= "a",
        lambda text: text + "!",
        lambda text: "!" + text,
        lambda text: text * 2,
        lambda text: 2 * text,
        lambda text: text % "x",
        "<%s>".__mod__,
        lambda text: f"{text:>20}",
        lambda text: "ext" in text,
        lambda text: text[0] + text[-1] + text[1:3],
        lambda text: text.upper(),
        lambda text: text.format(),
        lambda text: {"text %s": 1}[text],
        escape,
        lambda text: hasattr(text, "__html__"),
    ],
)
def test_it_does_what_its_text_does(lazy, use):
    assert use(lazy) == use(str(lazy))


def test_two_lazy_strings(lazy):
    other = lazify(show)("!")
    assert lazy == lazify(show)()
    assert lazy != other
    assert lazy < other
    assert lazy + other == "text %stext %s!"
    assert "%s".__mod__(lazy) == "text %s"


def test_it_is_evaluated_at_each_use(lazy):
    assert str(lazy) == "text %s"
    current[0] = "other"
    assert str(lazy) == "other"
    assert lazy.eval() == "other"


def test_it_is_markup_if_its_text_is():
    lazy = lazify(Markup)("<b>")
    assert escape(lazy) == "<b>"


@pytest.mark.parametrize("remake", [copy.copy, copy.deepcopy])
def test_a_copy_is_lazy_too(lazy, remake):
    made = remake(lazy)
    assert type(made) is type(lazy)
    assert made == lazy


def test_a_pickled_one_is_lazy_too():
    made = pickle.loads(pickle.dumps(lazy_gettext("Hello")))  # noqa: S301  # our own
    assert type(made).__name__ == "LazyString"
    assert made == "Hello"


def test_other_special_names_are_not_the_text_s(lazy):
    with pytest.raises(AttributeError, match="__length_hint__"):
        lazy.__length_hint__  # noqa: B018


def test_the_name_of_a_lazy_function():
    assert lazify(show).__name__ == "lazy_show"
    assert "show()" in lazify(show).__doc__
