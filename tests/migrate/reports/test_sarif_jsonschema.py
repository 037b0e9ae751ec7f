"""SARIF of the audit: valid, and the same shape as that of the ratchet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from command_line import invoke

SCHEMA = json.loads(
    (
        Path(__file__).parents[2] / "ratchet" / "reports" / "sarif-schema-2.1.0.json"
    ).read_text("utf-8")
)
VALIDATOR = jsonschema.Draft7Validator(
    SCHEMA, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "back end/shop").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "back end/pytest.ini").write_text("")
    (tmp_path / "back end/shop/a#b.py").write_text(
        "def show():\n    from pylons import (\n        c,\n        c as other,\n    )\n"
    )
    monkeypatch.chdir(tmp_path / "back end")
    return tmp_path


def sarif(*arguments: str) -> Any:
    result = invoke("audit", "--format", "sarif", *arguments)
    log = json.loads(result.stdout)
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    (run,) = log["runs"]
    return run


def test_a_result(tree: Path) -> None:
    run = sarif("shop")
    (result,) = run["results"]
    assert result["ruleId"] == "CS101"
    assert result["level"] == "warning"
    assert "from compatshim.common import c" in result["message"]["text"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {
            "uri": "back%20end/shop/a%23b.py",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 2, "endLine": 5},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "show"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "CS101"
    assert "invocations" not in run


def test_what_the_baseline_allows(tree: Path) -> None:
    arguments = ("shop", "--baseline", "known.json")
    assert [one["baselineState"] for one in sarif(*arguments)["results"]] == ["new"]
    (allowed,) = sarif(*arguments, "--update")["results"]
    assert (allowed["baselineState"], allowed["level"]) == ("unchanged", "warning")


def test_what_could_not_be_read(tree: Path) -> None:
    (tree / "back end/shop/bad.py").write_text("import pylons\ndef broken(:\n")
    (invocation,) = sarif("shop")["invocations"]
    (note,) = invocation["toolExecutionNotifications"]
    assert note["message"]["text"].startswith(
        "shop/bad.py was not read, or not all of it: "
    )


def test_nothing_found(tree: Path) -> None:
    (tree / "clean.py").write_text("")
    assert sarif(str(tree / "clean.py"))["results"] == []


def test_a_tree_elsewhere(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "site-packages" / "a.py"
    other.parent.mkdir()
    other.write_text("import pylons\n")
    (result,) = sarif(str(other.parent))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a.py"
