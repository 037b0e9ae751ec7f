"""Every text is translated, and what is compiled is what was written."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import compatshim.demo
from compatshim.demo.helpers import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

DEMO = Path(compatshim.demo.__file__).parent
TRANSLATED = sorted(set(LANGUAGES) - {"en"})


def messages_in_use() -> Iterator[str | tuple[str, ...]]:
    methods = [("**.py", "python"), ("templates/*.html", "jinja2")]
    for _, _, message, _, _ in extract_from_dir(DEMO, methods):
        yield message


def read(language: str, suffix: str) -> Catalog:
    path = DEMO / "translations" / language / "LC_MESSAGES" / f"messages.{suffix}"
    with path.open("rb") as file:
        return read_po(file) if suffix == "po" else read_mo(file)


def texts(catalog: Catalog) -> dict[object, object]:
    return {
        tuple(message.id) if isinstance(message.id, list) else message.id: (
            tuple(message.string)
            if isinstance(message.string, list)
            else message.string
        )
        for message in catalog
        if message.id
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    catalog = texts(read(language, "po"))
    in_use = set(messages_in_use())
    assert len(in_use) > 60
    assert set(catalog) == in_use
    for translation in catalog.values():
        parts = [translation] if isinstance(translation, str) else translation
        assert all(parts)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_marked_as_a_guess(language: str) -> None:
    assert not [message.id for message in read(language, "po") if message.fuzzy]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_matches(language: str) -> None:
    assert texts(read(language, "mo")) == texts(read(language, "po"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_same_placeholders(language: str) -> None:
    catalog = read(language, "po")
    assert not list(catalog.check())
    for message, translation in texts(catalog).items():
        if isinstance(message, str):
            assert isinstance(translation, str)
            assert placeholders(translation) == placeholders(message)


def placeholders(text: str) -> set[str]:
    return {part.partition(")")[0] for part in text.split("%(")[1:]}


@pytest.mark.parametrize(
    "path", sorted((DEMO / "templates").iterdir()), ids=lambda path: path.name
)
def test_templates_have_no_untranslated_words(path: Path) -> None:
    """Outside of tags and expressions only names of frameworks may stand."""
    text = path.read_text(encoding="utf-8")
    for noise in (r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", r'<.*?>|[a-z-]+="[^"]*"'):
        text = re.sub(noise, " ", text, flags=re.DOTALL)
    words = {word.strip(string.punctuation + "·…") for word in text.split()}
    assert words <= {"", "Flask", "Pylons"}
