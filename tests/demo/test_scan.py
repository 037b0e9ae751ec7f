from __future__ import annotations

from email.message import Message
from types import SimpleNamespace
from typing import Any

import pytest

from compatshim.demo.scan import normalised, scan


def distribution(*fields: tuple[str, str], requires: Any = None) -> Any:
    metadata = Message()
    for name, value in fields:
        metadata[name] = value
    return SimpleNamespace(metadata=metadata, requires=requires)


def only(*fields: tuple[str, str], requires: Any = None) -> Any:
    [package] = scan([distribution(("Name", "A.b_c"), *fields, requires=requires)])
    return package


def test_this_machine_has_flask() -> None:
    packages = {package.name: package for package in scan()}
    assert packages["flask"].title == "Flask"
    assert packages["flask"].homepage.startswith("https://")
    assert any(
        name.lower().startswith("werkzeug") for name in packages["flask"].requires
    )


def test_names_are_normalised() -> None:
    assert normalised("A.b__c-D") == "a-b-c-d"
    assert (only().name, only().title) == ("a-b-c", "A.b_c")


def test_the_first_of_two_with_one_name_wins() -> None:
    first = distribution(("Name", "one"), ("Version", "1"))
    second = distribution(("Name", "One"), ("Version", "2"))
    assert [package.version for package in scan([first, second])] == ["1"]


def test_the_remains_of_a_package_are_left_out() -> None:
    assert list(scan([distribution()])) == []


def test_author_is_a_name_and_never_an_address() -> None:
    assert only(("Author", "Ann")).author == "Ann"
    assert only(("Author-email", "Ann <a@example.org>, b@example.org")).author == "Ann"
    assert only(("Author-email", "b@example.org")).author == ""


@pytest.mark.parametrize(
    ("field", "licence"),
    [
        (("License-Expression", "MIT OR Apache-2.0"), "MIT OR Apache-2.0"),
        (("Classifier", "License :: OSI Approved :: MIT License"), "MIT License"),
        (("License", "BSD"), "BSD"),
        (("License", "UNKNOWN"), ""),
        (("License", "Permission is hereby granted " * 5), ""),
    ],
)
def test_licence(field: tuple[str, str], licence: str) -> None:
    assert only(field).licence == licence


def test_homepage_is_the_best_of_several() -> None:
    package = only(
        ("Project-URL", "Changes, https://example.org/changes"),
        ("Project-URL", "Source, https://example.org/source"),
    )
    assert package.homepage == "https://example.org/source"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "http://[x"])
def test_homepage_that_is_no_web_address_is_left_out(url: str) -> None:
    assert only(("Home-page", url)).homepage == ""


def test_requirements_of_extras_are_left_out() -> None:
    package = only(requires=["one>=1; python_version < '4'", "two; extra == 'x'"])
    assert package.requires == ("one>=1",)
