"""What uses are findings of which files, and whose those are."""

from __future__ import annotations

import sysconfig

import pytest

from compatshim.deprecation import CallSite, Use
from compatshim.ratchet.findings import (
    NO_FILE,
    OUTSIDE,
    OWN,
    TESTS,
    THIRD_PARTY,
    Finding,
    findings_of,
)
from compatshim.ratchet.places import Places


def _use(path, line, name="pylons.request", count=1, callers=()):
    site = CallSite("CS102", name, str(path), line)
    return Use(site, "module", "write this", count, list(callers))


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop" / "views.py"
    path.parent.mkdir()
    path.write_text("def show():\n    a(\n        b)\n    c()\n")
    return path


def test_a_finding(tmp_path, shop):
    callers = [
        "test_a.py::test",
        f"{tmp_path}/shop/other.py:3 in go",
        "/usr/x.py:1 in y",
    ]
    [finding] = findings_of([_use(shop, 4, count=7, callers=callers)], tmp_path)
    assert finding == Finding(
        path="shop/views.py",
        line=4,
        code="CS102",
        name="pylons.request",
        function="show",
        instead="write this",
        callers=("test_a.py::test", "shop/other.py:3 in go", "/usr/x.py:1 in y"),
        count=7,
        origin=OWN,
    )
    assert finding.key == ("shop/views.py", "CS102", "pylons.request", "show")


def test_uses_in_one_statement_are_one_finding(tmp_path, shop):
    uses = [
        _use(shop, 3, count=2, callers=["one", "two"]),
        _use(shop, 2, count=3, callers=["two", "three"]),
        _use(shop, 2, name="pylons.c"),
    ]
    found = findings_of(uses, tmp_path)
    assert [(one.name, one.line, one.count) for one in found] == [
        ("pylons.c", 2, 1),
        ("pylons.request", 2, 5),
    ]
    assert sorted(found[1].callers) == ["one", "three", "two"]


def test_findings_are_sorted(tmp_path, shop):
    other = tmp_path / "a.py"
    uses = [_use(shop, 4), _use(other, 10), _use(shop, 2), _use(other, 9)]
    found = findings_of(uses, tmp_path)
    assert [(one.path, one.line) for one in found] == [
        ("a.py", 9),
        ("a.py", 10),
        ("shop/views.py", 2),
        ("shop/views.py", 4),
    ]


def test_ignored_files(tmp_path, shop):
    assert findings_of([_use(shop, 2)], tmp_path, ["shop"]) == []


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("shop/views.py", OWN),
        ("shop/templates/page.html", OWN),
        ("shop/testing.py", OWN),
        ("shop/latest/views.py", OWN),
        ("tests/helpers.py", TESTS),
        ("shop/tests/data/page.py", TESTS),
        ("shop/test/page.py", TESTS),
        ("test_shop.py", TESTS),
        ("shop/views_test.py", TESTS),
        ("shop/tests.py", TESTS),
        ("conftest.py", TESTS),
    ],
)
def test_own_code_and_tests(tmp_path, path, origin):
    assert Places(tmp_path).of(str(tmp_path / path)) == (path, origin)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".venv/lib/python3.12/site-packages/flask/app.py", "flask/app.py"),
        ("lib/python3/dist-packages/flask/tests/a.py", "flask/tests/a.py"),
        ("/opt/x/lib/python3.12/site-packages/one.py", "one.py"),
        (f"{sysconfig.get_path('stdlib')}/json/x.py", None),
    ],
)
def test_third_party(tmp_path, path, expected):
    absolute = path if path.startswith("/") else str(tmp_path / path)
    assert Places(tmp_path).of(absolute) == (expected or path, THIRD_PARTY)


@pytest.mark.parametrize("name", ["<string>", "<template>", "<template page.html>"])
def test_what_is_in_no_file(tmp_path, name):
    assert Places(tmp_path).of(name) == (name, NO_FILE)


def test_outside_of_the_root(tmp_path):
    root = tmp_path / "apps" / "shop"
    common = tmp_path / "libs" / "common.py"
    assert Places(root).of(str(common)) == (common.as_posix(), OUTSIDE)
    (tmp_path / ".git").mkdir()
    assert Places(root).of(str(common)) == ("libs/common.py", OUTSIDE)
    assert Places(root).of("/elsewhere/x.py") == ("/elsewhere/x.py", OUTSIDE)
    assert Places(root).of(str(root / "x.py")) == ("x.py", OWN)


def test_a_backslash_in_a_name_is_read_again_from_the_baseline(tmp_path):
    assert Places(tmp_path).of(str(tmp_path / "a\\b.py")).path == "a/b.py"


def test_python_inside_of_the_project(tmp_path, monkeypatch):
    library = tmp_path / "python" / "lib"
    monkeypatch.setattr("compatshim.ratchet.places._LIBRARY", (f"{library}/",))
    assert Places(tmp_path).of(str(library / "json.py")).origin == THIRD_PARTY
    assert Places(tmp_path).of(str(tmp_path / "python" / "libs.py")).origin == OWN


@pytest.mark.parametrize("folder", ["", "src/"])
def test_the_project_itself_installed(tmp_path, folder):
    source = tmp_path / folder / "shop" / "views.py"
    source.parent.mkdir(parents=True)
    source.write_text("")
    installed = tmp_path / ".tox/py/lib/python3.12/site-packages/shop/views.py"
    assert Places(tmp_path).of(str(installed)) == (f"{folder}shop/views.py", OWN)


def test_relative_names_and_links(tmp_path, shop, monkeypatch):
    monkeypatch.chdir(shop.parent)
    assert Places(tmp_path).of("views.py") == ("shop/views.py", OWN)
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    assert Places(link).of(str(shop)) == ("shop/views.py", OWN)
    assert Places(tmp_path).of(str(link / "shop/views.py")) == ("shop/views.py", OWN)


@pytest.mark.parametrize(
    ("pattern", "is_ignored"),
    [
        ("shop/views.py", True),
        ("shop", True),
        ("shop/", True),
        ("shop/*.py", True),
        ("*/views.py", True),
        ("*.py", True),
        ("views.py", False),
        ("sho", False),
        ("Shop", False),
        ("", False),
    ],
)
def test_patterns(tmp_path, shop, pattern, is_ignored):
    place = Places(tmp_path, [pattern]).of(str(shop))
    assert (place is None) == is_ignored
