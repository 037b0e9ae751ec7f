from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from command_line import invoke

if TYPE_CHECKING:
    from pathlib import Path


class Outcome(NamedTuple):
    """The files after a rewriting, what was left and why, and the exit code."""

    files: dict[str, str]
    left: list[str]
    exit_code: int


Apply = Callable[..., Outcome]


def route(endpoint: str, **values: Any) -> dict[str, Any]:
    """A row of the table of routes; of Flask unless it says otherwise."""
    return {
        "rule": "/",
        "methods": ["GET", "HEAD", "OPTIONS"],
        "endpoint": endpoint,
        "name": None,
        "framework": "flask",
        "arguments": [],
        "view": None,
        "replaces": [],
        **values,
    }


@pytest.fixture
def apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Apply:
    """Return what writes files, rewrites them with a rule, and tells the outcome."""
    folder = tmp_path / "tree"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def apply(
        files: Mapping[str, str],
        code: str | Sequence[str],
        routes: Sequence[Mapping[str, Any]] | None = None,
    ) -> Outcome:
        for name, source in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(source))
        codes = [code] if isinstance(code, str) else code
        options = [word for one in codes for word in ("--rule", one)]
        if routes is not None:
            table = tmp_path / "routes.json"
            table.write_text(json.dumps(routes))
            options += ["--routes", str(table)]
        result = invoke("rewrite", "--write", *options, ".")
        assert result.exit_code < 2, result.stderr
        after = {name: (folder / name).read_text() for name in files}
        return Outcome(after, result.stderr.splitlines()[:-1], result.exit_code)

    return apply
