from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.audit import audit_source
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.sources import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from compatshim.migrate.findings import Finding

    Look = Callable[..., list[str]]


def shown(finding: Finding) -> str:
    """A finding without its place: code, kind, name, alias, replacement, fix, marks."""
    alias = f" as {finding.asname}" if finding.asname else ""
    replacement = finding.replacement.removeprefix("compatshim.common") or "-"
    marks = "".join(f" +{code}" for code in finding.also)
    return (
        f"{finding.code} {finding.kind} {finding.module}:{finding.name}{alias}"
        f" {replacement} {finding.fix}{marks}"
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the test runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def make_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Mapping[str, str]], Path]:
    """Return what writes a project's files, and has the test run in its folder."""

    def make_project(files: Mapping[str, str]) -> Path:
        project = tmp_path / "project"
        for name, text in files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.chdir(project)
        return project

    return make_project


@pytest.fixture
def look() -> Look:
    """Return what shows the findings in a source; ``code`` takes one rule's only."""

    def look(
        source: str | bytes, code: str | None = None, path: str = "a.py"
    ) -> list[str]:
        data = source.encode() if isinstance(source, str) else source
        found = audit_source(decode(path, data), Catalogue(), path).findings
        return [shown(one) for one in found if code is None or one.code == code]

    return look
