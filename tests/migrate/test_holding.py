"""``compatshim audit --baseline``: the file of ``pytest --compatshim``, held by both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

import compatshim
from command_line import invoke
from compatshim.migrate.projects import project_root
from compatshim.ratchet.baseline import RUNS, SOURCE, Key, load, read, save

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

CHECKOUT = Path(compatshim.__path__[0]).parent
BASELINE = "compatshim-baseline.json"

FILES = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "shop/__init__.py": "",
    "shop/cart.py": (
        "from compatshim.legacy import request, session\n\n\n"
        "def show():\n"
        "    from compatshim.legacy import url\n"
        "    return url\n\n\n"
        "def never_run():\n"
        "    from compatshim.legacy import (\n"
        "        response,\n"
        "    )\n"
        "    return response\n"
    ),
    "shop/base.py": (
        "from compatshim.legacy.controllers import WSGIController\n\n\n"
        "class Base:\n"
        "    @staticmethod\n"
        "    def config():\n"
        "        from compatshim.legacy import config, config as other\n"
        "        return config, other\n"
    ),
    "tests/test_shop.py": (
        "from shop import base, cart\n\n\n"
        "def test_show():\n"
        "    cart.show()\n"
        "    base.Base.config()\n"
    ),
}


@pytest.fixture
def project(make_project: Callable[..., Path]) -> Path:
    return make_project(FILES)


def run(*arguments: str) -> Result:
    return invoke("audit", *arguments)


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "COVERAGE_", "COV_"))
    }
    paths = filter(None, (str(CHECKOUT), env.get("PYTHONPATH", "")))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "compatshim.pytest_plugin", *arguments],
        cwd=folder,
        env={
            **env,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["entries"]
    return found


def numbers(path: Path) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Return what runs and the audit have of each name in each function."""
    return {
        (one["code"], one["name"], one["function"]): (
            one.get("count", 0),
            one.get("source", 0),
        )
        for one in entries(path)
    }


BOTH = {
    ("CS101", "pylons.request", ""): (1, 1),
    ("CS101", "pylons.session", ""): (1, 1),
    ("CS101", "pylons.url", "show"): (1, 1),
    # Two names of one statement that are the same are one use, for both.
    ("CS101", "pylons.config", "Base.config"): (1, 1),
}
AUDIT_ONLY = {
    ("CS101", "pylons.response", "never_run"): (0, 1),
    ("CS103", "pylons.controllers.WSGIController", ""): (0, 1),
}


def test_both_write_one_file_and_call_all_the_same(project: Path) -> None:
    done = run_pytest(project, "--compatshim-update")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {key: runs for key, (runs, _) in numbers(project / BASELINE).items()} == {
        key: runs for key, (runs, _) in BOTH.items()
    }
    result = run(".", "--update")
    assert result.exit_code == 0, result.output
    assert result.stderr == f"{project / BASELINE} was written: 2 more, 0 fewer.\n"
    assert numbers(project / BASELINE) == {**BOTH, **AUDIT_ONLY}


def test_what_runs_allow_the_audit_allows(project: Path) -> None:
    run_pytest(project, "--compatshim-update")
    result = run(".", "--baseline", BASELINE)
    assert result.exit_code == 1
    listed = [line for line in result.output.splitlines() if ".py:" in line]
    assert [line.partition(":  ")[0].split(":")[0] for line in listed] == [
        "shop/base.py",
        "shop/cart.py",
    ]
    assert f"2 legacy names more than {BASELINE} allows" in result.output
    assert "allow them with --update" in result.output


def test_what_the_audit_allows_runs_allow_and_never_shrink(project: Path) -> None:
    run(".", "--update")
    before = (project / BASELINE).read_text()
    done = run_pytest(project, "--compatshim", "--compatshim-strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none more than compatshim-baseline.json allows" in done.stdout
    assert (project / BASELINE).read_text() == before
    run_pytest(project, "--compatshim-update")
    assert numbers(project / BASELINE) == {**BOTH, **AUDIT_ONLY}


def test_in_turn_they_come_to_rest(project: Path) -> None:
    run_pytest(project, "--compatshim-update")
    run(".", "--update")
    before = (project / BASELINE).read_text()
    for _ in range(2):
        assert run_pytest(project, "--compatshim-update").returncode == 0
        assert run(".", "--baseline", BASELINE, "--update").exit_code == 0
        assert (project / BASELINE).read_text() == before
    done = run_pytest(project, "--compatshim", "--compatshim-strict")
    assert done.returncode == 0, done.stdout
    assert run(".", "--baseline", BASELINE, "--strict").exit_code == 0


def test_each_shrinks_its_own_number(project: Path) -> None:
    run_pytest(project, "--compatshim-update")
    run(".", "--update")
    path = project / "shop/cart.py"
    path.write_text(path.read_text().replace("request, session", "request"))
    result = run(".", "--baseline", BASELINE, "--strict")
    assert result.exit_code == 1
    assert "The baseline can shrink: 1 legacy name fewer" in result.output
    assert run(".", "--baseline", BASELINE).exit_code == 0
    result = run(".", "--update")
    assert result.stderr.endswith("was written: 0 more, 1 fewer.\n")
    key = ("CS101", "pylons.session", "")
    assert numbers(project / BASELINE)[key] == (1, 0)
    assert run(".", "--baseline", BASELINE, "--strict").exit_code == 0
    run_pytest(project, "--compatshim-update")
    assert key not in numbers(project / BASELINE)


def test_entries_of_codes_that_only_runs_find_are_left_alone(project: Path) -> None:
    key = Key("shop/cart.py", "CS302", "c.title", "show")
    save(project / BASELINE, {key: 3})
    run(".", "--update")
    assert load(project / BASELINE) == {key: 3}
    assert run(".", "--baseline", BASELINE, "--strict").exit_code == 0


def test_entries_of_what_was_not_asked_for_are_left_alone(project: Path) -> None:
    (project / "shop/helpers.py").write_text(
        "from shop.cart import request\nrequest.path\n"
    )
    run(".", "--update", "--flow")
    found = load(project / BASELINE, SOURCE)
    followed = {key for key in found if key.code == "CS120"}
    assert followed
    assert run(".", "--baseline", BASELINE, "--strict").exit_code == 0
    run(".", "--update")
    assert load(project / BASELINE, SOURCE) == found


# A part of the tree.


@pytest.mark.parametrize("part", ["shop/cart.py", "tests"])
def test_a_part_neither_complains_of_the_rest_nor_shrinks_it(
    project: Path, part: str
) -> None:
    run(".", "--update")
    before = (project / BASELINE).read_text()
    (project / "elsewhere.py").write_text("from pylons import c\n")
    (project / "shop/base.py").write_text("")
    assert run(part, "--baseline", BASELINE, "--strict").exit_code == 0
    run(part, "--update")
    assert (project / BASELINE).read_text() == before


def test_a_file_that_is_gone_shrinks_it_where_it_was_looked_for(project: Path) -> None:
    run(".", "--update")
    (project / "shop/base.py").unlink()
    assert run("tests", "--baseline", BASELINE, "--strict").exit_code == 0
    assert run("shop/cart.py", "--baseline", BASELINE, "--strict").exit_code == 0
    assert run("shop", "--baseline", BASELINE, "--strict").exit_code == 1
    run("shop", "--update")
    assert {key.path for key in load(project / BASELINE, SOURCE)} == {"shop/cart.py"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("# pylons\ndef broken(:\n"),
        lambda path: path.write_bytes(b"x = '\xe9' # pylons\n"),
        lambda path: path.parent.joinpath(".gitignore").write_text("base.py\n"),
    ],
)
def test_what_could_not_be_read_is_not_gone(project: Path, spoil: Any) -> None:
    (project / ".git").mkdir()
    run(".", "--update")
    spoil(project / "shop/base.py")
    assert run(".", "--baseline", BASELINE, "--strict").exit_code == 0
    before = (project / BASELINE).read_text()
    run(".", "--update")
    assert {one["file"] for one in entries(project / BASELINE)} == {
        "shop/base.py",
        "shop/cart.py",
    }
    assert set(before.splitlines()) >= {
        line for line in (project / BASELINE).read_text().splitlines() if "base" in line
    }


def test_what_was_allowed_in_a_file_that_is_broken_is_allowed(project: Path) -> None:
    run(".", "--update")
    path = project / "shop/cart.py"
    path.write_text(f"{path.read_text()}\n\ndef broken(:\n")
    before = (project / BASELINE).read_text()
    for part in (".", "shop", "shop/cart.py"):
        assert run(part, "--baseline", BASELINE, "--strict").exit_code == 0
        run(part, "--update")
        assert (project / BASELINE).read_text() == before
    path.write_text(f"from compatshim.legacy import app_globals\n{path.read_text()}")
    assert run("shop", "--baseline", BASELINE).exit_code == 1


def test_a_broken_file_hides_none_of_its_name_below_another_path(project: Path) -> None:
    for folder in ("one", "two"):
        (project / folder).mkdir()
        (project / folder / "a.py").write_text("from pylons import request\n")
    run(".", "--update")
    (project / "one/a.py").write_text("")
    (project / "two/a.py").write_text("from pylons import request\ndef broken(:\n")
    result = run("one", "two", "--baseline", BASELINE, "--strict")
    assert result.exit_code == 1
    assert "1 legacy name fewer" in result.stdout
    assert f"{os.path.join('two', 'a.py')}  line 2 cannot be parsed" in result.stdout


NAMES = st.sampled_from(["request", "session", "url", "config", "response"])


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(["a/x.py", "a/y.py", "b.py"]), st.sets(NAMES)))
def test_any_part_changes_its_own_entries_only(
    tmp_path_factory: pytest.TempPathFactory, now: dict[str, set[str]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    (root / "a").mkdir()
    (root / "pytest.ini").write_text("")
    for name in ("a/x.py", "a/y.py", "b.py"):
        (root / name).write_text("from pylons import request, session\n")
    options = ("--baseline", str(root / BASELINE))
    assert run(str(root), *options, "--update").exit_code == 0
    for name, names in now.items():
        lines = [f"from pylons import {one}\n" for one in sorted(names)]
        (root / name).write_text("".join(lines))
    for part, files in (("b.py", {"b.py"}), ("a", {"a/x.py", "a/y.py"})):
        before = load(root / BASELINE, SOURCE)
        assert run(str(root / part), *options, "--update").exit_code == 0
        after = load(root / BASELINE, SOURCE)
        changed = {
            key for key in {*before, *after} if before.get(key) != after.get(key)
        }
        assert {key.path for key in changed} <= files
        for name in files & set(now):
            assert {key.name for key in after if key.path == name} == {
                f"pylons.{one}" for one in now[name]
            }
    assert run(str(root), *options, "--strict").exit_code == 0


# Paths, and what can go wrong.


def test_paths_are_those_of_the_project_wherever_it_is_called(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(".", "--update")
    monkeypatch.chdir(project / "shop")
    assert run(".", "--baseline", f"../{BASELINE}", "--strict").exit_code == 0
    assert run("cart.py", "--baseline", f"../{BASELINE}", "--strict").exit_code == 0
    monkeypatch.chdir(project.parent)
    arguments = ("project/shop", "--baseline", f"project/{BASELINE}", "--strict")
    assert run(*arguments).exit_code == 0
    assert run(*arguments, "--root", ".").exit_code == 1


def test_a_link_to_the_project_is_the_project(project: Path) -> None:
    run(".", "--update")
    link = project.parent / "link"
    link.symlink_to(project)
    options = ("--baseline", BASELINE, "--strict", "--root", str(project))
    assert run(str(link), *options).exit_code == 0


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pytest.ini": "", "a/setup.py": "", "a/pyproject.toml": "[project]"}, ""),
        ({"a/pyproject.toml": "[tool.pytest.ini_options]", "tox.ini": "[pytest]"}, "a"),
        ({"setup.cfg": "[tool:pytest]", "a/tox.ini": "[tox]"}, ""),
        ({"a/setup.py": "", "pyproject.toml": ""}, ""),
        ({"a/setup.py": "", ".git/config": ""}, "a"),
        ({"a/.git/config": ""}, "a"),
    ],
)
def test_the_root_is_where_pytest_finds_it(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert project_root([str(tmp_path / "a/b")]) == tmp_path / expected


def test_two_paths_have_one_root(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pytest.ini").write_text("")
    assert project_root([str(tmp_path / "a")]) == tmp_path / "a"
    (tmp_path / ".git").mkdir()
    assert project_root([str(tmp_path / name) for name in "ab"]) == tmp_path


@pytest.mark.parametrize(
    "text", ["[]", "{}", "<<<<<<< ours\n", '{"version": 2, "entries": []}', "\x00"]
)
def test_a_baseline_that_is_none(project: Path, text: str) -> None:
    (project / BASELINE).write_text(text)
    for more in ((), ("--update",)):
        result = run(".", "--baseline", BASELINE, *more)
        assert result.exit_code == 2
        assert BASELINE in result.stderr
        assert result.stdout == ""
    assert (project / BASELINE).read_text() == text


def test_without_the_file_nothing_is_allowed(project: Path) -> None:
    result = run(".", "--baseline", "ci/known.json")
    assert result.exit_code == 1
    assert "6 legacy names more than ci/known.json allows" in result.output
    assert run(".", "--baseline", "ci/known.json", "--update").exit_code == 0
    assert read(project / "ci/known.json")[RUNS] == {}
    result = run(".", "--baseline", "ci/known.json")
    assert result.exit_code == 0
    assert result.output.endswith(
        "6 legacy names, none more than ci/known.json allows.\n"
    )


def test_strict_needs_a_baseline(project: Path) -> None:
    result = run(".", "--strict")
    assert result.exit_code == 2
    assert "--strict needs a --baseline" in result.stderr


def test_only_some_codes_fail(project: Path) -> None:
    run("shop/cart.py", "--update")
    options = ("--baseline", BASELINE)
    assert run(".", *options, "--fail-on", "CS103").exit_code == 1
    assert run(".", *options, "--fail-on", "CS105").exit_code == 0
    (project / "shop/cart.py").write_text("")
    options = (*options, "--strict")
    assert run("shop/cart.py", *options, "--fail-on", "CS101").exit_code == 1
    assert run("shop/cart.py", *options, "--fail-on", "CS103").exit_code == 0


def test_what_another_format_does_not_say_is_said_on_stderr(project: Path) -> None:
    run("shop/cart.py", "--update")
    for options in (("--format", "json"), ("--format", "csv"), ("-o", "out.txt")):
        result = run(".", "--baseline", BASELINE, *options)
        assert result.exit_code == 1
        assert result.stderr == (
            f"2 legacy names more than {BASELINE} allows. Replace them, or allow them"
            " with --update.\n"
        )
    (project / "shop/cart.py").write_text("")
    arguments = ("shop/cart.py", "--baseline", BASELINE, "--format", "json")
    assert run(*arguments).stderr == ""
    assert "can shrink" in run(*arguments, "--strict").stderr


def test_one_more_in_a_function_that_has_some(project: Path) -> None:
    run(".", "--update")
    path = project / "shop/cart.py"
    path.write_text("\n\n# moved\n" + path.read_text() + "from pylons import request\n")
    result = run(".", "--baseline", BASELINE)
    assert result.exit_code == 1
    assert (
        "CS101 pylons.request, shop/cart.py: 1 allowed, 2 found: any of these."
        in result.output
    )


def test_outside_of_the_project_nothing_is_held(project: Path) -> None:
    other = project.parent / "other.py"
    other.write_text("from pylons import c\n")
    options = ("--baseline", BASELINE, "--root", ".")
    run(str(other), *options, "--update")
    assert entries(project / BASELINE) == []
