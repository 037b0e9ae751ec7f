"""docs/parity.md is what the common objects have, and hides no difference."""

from __future__ import annotations

import importlib.util
from importlib.metadata import version
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "docs" / "parity_table.py"


def load():
    spec = importlib.util.spec_from_file_location("parity_table", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


table = load()


@pytest.fixture(scope="module")
def found():
    return table.attributes()


@pytest.mark.parametrize("name", table.OBJECTS)
def test_attribute_of_one_side_is_on_the_other_or_in_the_table(found, name):
    flask, legacy = found[name]["flask"], found[name]["legacy"]
    assert (flask ^ legacy) - set(table.DIFFERENCES[name]) == set()


@pytest.mark.parametrize("name", table.OBJECTS)
def test_difference_in_the_table_is_about_an_attribute(found, name):
    names = found[name]["flask"] | found[name]["legacy"]
    assert set(table.DIFFERENCES[name]) - names == set()


# The page is that of the newest libraries: older ones show some values differently, and
# have attributes that are gone.
if tuple(map(int, version("werkzeug").split(".")[:2])) >= (3, 1):

    def test_page_is_what_the_script_writes():
        assert table.PAGE.read_text(encoding="utf-8") == table.render()

    @pytest.mark.parametrize("name", table.OBJECTS)
    def test_every_attribute_is_on_the_page(found, name):
        page = table.PAGE.read_text(encoding="utf-8")
        section = page.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]
        listed = {line.split("`")[1] for line in section.splitlines() if "| `" in line}
        assert (found[name]["flask"] | found[name]["legacy"]) - listed == set()
