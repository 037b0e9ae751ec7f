"""The recipes of docs/ci.md, run in a small project that is half migrated.

What needs a network is left out: the actions that others have written, and pip.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema.validators import validator_for

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., "subprocess.CompletedProcess[str]"]

PAGE = Path(__file__).parents[2] / "docs" / "ci.md"
INSTALL = "python -m pip install -e '.[test]'"
OUTSIDE = ("actions/", "github/codeql-action/")
EXPRESSIONS = {"github.base_ref || github.ref_name": "main"}
NOT_ALLOWED = 9

FILES = {
    "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
    ".gitignore": "__pycache__/\n.pytest_cache/\n",
    "shop/__init__.py": "",
    "shop/cart.py": "from compatshim.legacy import request, session\n",
    "shop/basket.py": "from compatshim.legacy import url\n",
    "shop/views.py": "from compatshim.common import request\n",
    "manage.py": "import sys\nfrom shop import cart, views\nprint(sys.argv[1:])\n",
    "tests/test_shop.py": "def test_it():\n    from shop import basket, cart, views\n",
    "tests/test_other.py": "def test_other():\n    pass\n",
}
LEGACY = "from compatshim.legacy import config\n"


def blocks(language: str) -> list[str]:
    text = PAGE.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


ACTIONS, CODE_SCANNING, GITLAB, PRE_COMMIT, AUDIT = map(yaml.safe_load, blocks("yaml"))
BEGIN, MERGING, WITHOUT_PYTEST, BEGIN_AUDIT = blocks("sh")


needs_audit = pytest.mark.skipif(
    not (find_spec("tree_sitter") and find_spec("pathspec")),
    reason="needs the extra for the audit",
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs lines of a shell in the project, as CI does."""
    for name in os.environ:
        if name.startswith(("GIT_", "PYTEST_", "PYTHONSAFEPATH")):
            monkeypatch.delenv(name)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    programs = tmp_path / "bin"
    programs.mkdir()
    for program, arguments in (
        ("python", ""),
        ("compatshim", "-m compatshim"),
        ("pre-commit", "-m pre_commit"),
    ):
        path = programs / program
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)

    def run_lines(
        lines: str,
        expected: int = 0,
        folder: Path = tmp_path / "project",
        **env: str,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", lines],
            cwd=folder,
            env={**os.environ, **env},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == expected, done.stdout + done.stderr
        return done

    return run_lines


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    """Return a clone with a baseline, on a branch that is going to be a change."""
    origin = tmp_path / "origin"
    for name, text in FILES.items():
        path = origin / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    run("git init --quiet --initial-branch=main; git add .", folder=origin)
    run("git commit --quiet --message=first", folder=origin)
    run(BEGIN, folder=origin)
    run("git clone --quiet origin project", folder=tmp_path)
    run("git switch --quiet -c topic")
    return tmp_path / "project"


@pytest.fixture
def worse(project: Path, run: Run) -> Path:
    """Return the project after a commit that adds something legacy."""
    path = project / "shop" / "views.py"
    path.write_text(path.read_text() + LEGACY)
    run("git commit --quiet --all --message=worse")
    return project


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    (job,) = workflow["jobs"].values()
    found = [step for step in job["steps"] if "run" in step]
    others = [step["uses"] for step in job["steps"] if "run" not in step]
    assert all(action.startswith(OUTSIDE) for action in others)
    installing, testing = found
    assert installing["run"] == INSTALL
    return [testing]


def evaluated(text: str) -> str:
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: EXPRESSIONS[found[1]], text)


def run_step(run: Run, workflow: dict[str, Any], expected: int = 0) -> str:
    (step,) = steps(workflow)
    # A script with an expression in it would run whatever a branch is called.
    assert "${{" not in step["run"]
    env = {name: evaluated(value) for name, value in step.get("env", {}).items()}
    return run(step["run"], expected, **env).stdout


def uploaded(workflow: dict[str, Any], key: str) -> str:
    (job,) = workflow["jobs"].values()
    (path,) = (
        step["with"][key]
        for step in job["steps"]
        if key in step.get("with", {}) and step.get("if") == "always()"
    )
    return str(path)


def test_begin(project: Path, run: Run) -> None:
    baseline = json.loads((project / "compatshim-baseline.json").read_text())
    assert [(one["file"], one["name"]) for one in baseline["entries"]] == [
        ("shop/basket.py", "pylons.url"),
        ("shop/cart.py", "pylons.request"),
        ("shop/cart.py", "pylons.session"),
    ]
    assert run("git status --porcelain").stdout == ""


def test_github_actions(project: Path, run: Run) -> None:
    output = run_step(run, ACTIONS)
    assert not re.search("^::", output, re.MULTILINE)
    assert "<!DOCTYPE html>" in (project / uploaded(ACTIONS, "path")).read_text()
    (cached,) = (
        step["with"]["path"]
        for step in ACTIONS["jobs"]["tests"]["steps"]
        if step.get("uses", "").startswith("actions/cache@")
    )
    assert len((project / cached).read_text().splitlines()) == 1


def test_github_actions_with_something_new(worse: Path, run: Run) -> None:
    (worse / "shop" / "cart.py").write_text(FILES["shop/cart.py"] + "# touched\n")
    output = run_step(run, ACTIONS, NOT_ALLOWED)
    annotations = re.findall(r"^::(\w+) file=([^,]+),line=(\d+),", output, re.MULTILINE)
    assert annotations == [
        ("error", "shop/views.py", "2"),
        ("warning", "shop/cart.py", "1"),
        ("warning", "shop/cart.py", "1"),
    ]
    page = (worse / uploaded(ACTIONS, "path")).read_text()
    assert "4 places to migrate" in page
    assert "shop/views.py" in page


def test_the_trend_grows_from_run_to_run(project: Path, run: Run) -> None:
    for name in ("cart", "basket"):
        run_step(run, ACTIONS)
        (project / "shop" / f"{name}.py").write_text("")
        run("git commit --quiet --all --message=better")
    lines = (project / "compatshim-history.jsonl").read_text().splitlines()
    assert [json.loads(line)["codes"] for line in lines] == [{"CS101": 3}, {"CS101": 1}]


def test_code_scanning(worse: Path, run: Run) -> None:
    run_step(run, CODE_SCANNING, NOT_ALLOWED)
    log = json.loads((worse / uploaded(CODE_SCANNING, "sarif_file")).read_text())
    levels = {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: one["level"]
        for one in log["runs"][0]["results"]
    }
    assert levels == {
        "shop/basket.py": "warning",
        "shop/cart.py": "warning",
        "shop/views.py": "error",
    }


def test_gitlab(project: Path, run: Run) -> None:
    job = GITLAB["tests"]
    assert job["before_script"] == [INSTALL]
    (script,) = job["script"]
    run(script)
    artifacts = job["artifacts"]
    (page,) = artifacts["paths"]
    (history,) = job["cache"]["paths"]
    for path in (page, history, artifacts["reports"]["junit"]):
        assert (project / path).read_text()


def test_gitlab_with_something_new(worse: Path, run: Run) -> None:
    job = GITLAB["tests"]
    assert job["allow_failure"]["exit_codes"] == [NOT_ALLOWED]
    run(job["script"][0], NOT_ALLOWED)
    junit = (worse / job["artifacts"]["reports"]["junit"]).read_text()
    assert 'failures="1"' in junit
    assert 'file="shop/views.py" line="2"' in junit


def install_hooks(project: Path, run: Run) -> None:
    path = project / ".pre-commit-config.yaml"
    path.write_text(yaml.safe_dump(PRE_COMMIT))
    assert "pre-push" in run("pre-commit install").stdout
    run("git add .; git commit --quiet --message=hooks")


def test_pre_commit_runs_the_tests_of_the_commit(project: Path, run: Run) -> None:
    install_hooks(project, run)
    (project / "tests" / "test_other.py").write_text(f"def test_other():\n    {LEGACY}")
    done = run("git add .; git commit --message=worse", 1)
    assert "changed tests use nothing new that is deprecated" in done.stderr
    assert "CS101" in done.stderr

    (project / "tests" / "test_other.py").write_text("def test_other():\n    pass\n")
    (project / "shop" / "views.py").write_text(LEGACY)
    run("git add .; git commit --message='no test has changed'")


def test_pre_push_runs_all_tests(project: Path, run: Run) -> None:
    install_hooks(project, run)
    run("git push --quiet origin topic")
    (project / "shop" / "views.py").write_text(LEGACY)
    run("git commit --quiet --all --message=worse")
    done = run("git push origin topic", 1)
    assert "no new deprecated uses" in done.stdout + done.stderr
    assert "shop/views.py" in done.stdout + done.stderr


def test_merge_conflicts(project: Path, run: Run) -> None:
    run(f"{MERGING}\ngit add .; git commit --quiet --message=merging")
    run("git switch --quiet -c other")
    for branch, name in (("topic", "cart"), ("other", "basket")):
        run(f"git switch --quiet {branch}")
        (project / "shop" / f"{name}.py").write_text("")
        run("python -m pytest --compatshim-update")
        run(
            "python -m pytest --compatshim --compatshim-history=compatshim-history.jsonl"
        )
        run("git add .; git commit --quiet --message=better")
    run("git merge --quiet --no-edit topic")
    baseline = json.loads((project / "compatshim-baseline.json").read_text())
    assert baseline["entries"] == []
    lines = (project / "compatshim-history.jsonl").read_text().splitlines()
    assert len(lines) == 2
    run("python -m pytest --compatshim --compatshim-strict")


def test_without_pytest(worse: Path, run: Run) -> None:
    done = run(WITHOUT_PYTEST, NOT_ALLOWED)
    assert done.stdout == "['check']\n"
    assert "shop/views.py:2" in done.stderr
    run("git switch --quiet main")
    run(WITHOUT_PYTEST)


def run_audit(run: Run, expected: int = 0) -> str:
    (job,) = AUDIT["jobs"].values()
    installing, holding, showing = (step for step in job["steps"] if "run" in step)
    assert installing["run"] == "python -m pip install 'compatshim[audit]'"
    assert showing["if"] == "always()"
    output = run(holding["run"], expected).stdout
    run(showing["run"])
    return output


@needs_audit
def test_the_audit(project: Path, run: Run) -> None:
    unused = project / "shop" / "unused.py"
    unused.write_text("import pylons\n")
    run(f"git add .\n{BEGIN_AUDIT}")
    assert "::error" not in run_audit(run)
    assert "4 legacy names" in (project / uploaded(AUDIT, "path")).read_text()
    # What the audit has added is nothing to a run, not even if it is strict.
    run("python -m pytest --compatshim --compatshim-strict")
    (project / "shop" / "views.py").write_text(LEGACY)
    output = run_audit(run, 1)
    (line,) = re.findall(r"^::error file=([^,]+),line=\d+,", output, re.MULTILINE)
    assert line == "shop/views.py"


@needs_audit
def test_the_audit_of_a_project_that_is_clean(project: Path, run: Run) -> None:
    run("rm shop/cart.py shop/basket.py manage.py")
    run_audit(run)


@pytest.mark.parametrize(
    ("schema", "recipe"),
    [
        ("github-workflows", ACTIONS),
        ("github-workflows", CODE_SCANNING),
        ("github-workflows", AUDIT),
        ("gitlab-ci", GITLAB),
    ],
)
def test_recipe_is_what_its_reader_takes(schema: str, recipe: dict[Any, Any]) -> None:
    rules = vendored_schema(schema)
    # YAML 1.1 takes "on" for true; those that read workflows do not.
    recipe = {"on" if key is True else key: value for key, value in recipe.items()}
    errors = validator_for(rules)(rules).iter_errors(recipe)
    assert [error.message for error in errors] == []


def vendored_schema(name: str) -> Any:
    """Return a schema that check-jsonschema keeps, without importing that package.

    It has those of GitHub and GitLab; its newest code needs a click that is newer than
    the oldest one that we allow.
    """
    spec = find_spec("check_jsonschema")
    assert spec is not None
    (folder,) = spec.submodule_search_locations or ()
    path = Path(folder) / "builtin_schemas" / "vendor" / f"{name}.json"
    return json.loads(path.read_text("utf-8"))


def test_pre_commit_takes_its_recipe(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(PRE_COMMIT))
    run(f"pre-commit validate-config {path}", folder=tmp_path)


def test_every_format_is_on_the_page() -> None:
    from compatshim.ratchet.reports import formats

    table = PAGE.read_text("utf-8").partition("## Reports")[2].partition("## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == list(formats())
