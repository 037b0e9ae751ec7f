"""The users' own legacy packages, from pyproject.toml or setup.cfg."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from command_line import invoke
from compatshim.errors import ConfigurationError, MissingExtraError
from compatshim.migrate.settings import legacy_packages

if TYPE_CHECKING:
    from pathlib import Path


TOML = """\
[tool.compatshim]
legacy = {"mycompany.web" = {request = "compatshim.common.request"}}
"""
CFG = """\
[compatshim]
legacy =
    mycompany.web.request = compatshim.common.request
"""
BOTH = pytest.mark.parametrize(
    ("name", "text"), [("pyproject.toml", TOML), ("setup.cfg", CFG)]
)
EXPECTED = {"mycompany.web": {"request": "compatshim.common.request"}}


@BOTH
def test_audit(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "lib").mkdir()
    source = "from mycompany.web import request, Page\nimport mycompany.web\n"
    (tmp_path / "lib" / "a.py").write_text(source)
    result = invoke("audit", "--format", "json", tmp_path / "lib")
    found = [
        (one["code"], one["module"], one["name"], one["replacement"], one["fix"])
        for one in json.loads(result.stdout)["findings"]
    ]
    assert found == [
        (
            "CS101",
            "mycompany.web",
            "request",
            "compatshim.common.request",
            "automatic",
        ),
        ("CS103", "mycompany.web", "Page", None, "manual"),
        ("CS104", "mycompany.web", "", None, "manual"),
    ]


@BOTH
def test_rewrite(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    file = tmp_path / "a.py"
    file.write_text("import mycompany.web\n\nprint(mycompany.web.request.path)\n")
    result = invoke("rewrite", "--write", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.read_text() == (
        "from compatshim.common import request\n\nprint(request.path)\n"
    )


def test_several_processes_know_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TOML)
    for number in range(70):
        source = "from mycompany.web import request\n"
        (tmp_path / f"m{number}.py").write_text(source)
    result = invoke("audit", "--jobs", 2, "--format", "json", tmp_path)
    assert len(json.loads(result.stdout)["findings"]) == 70


def test_replacement_need_not_be_one_of_ours(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text(
        "[compatshim]\nlegacy =\n  # ours\n  old.web.page = new.pages.page\n"
    )
    (tmp_path / "a.py").write_text("from old.web import page as p\n")
    invoke("rewrite", "--write", tmp_path)
    assert (tmp_path / "a.py").read_text() == "from new.pages import page as p\n"


def test_names_of_a_known_package_are_added_to_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.compatshim.legacy]\npylons = {Response = "flask.Response"}\n'
    )
    (tmp_path / "a.py").write_text("from pylons import Response, c\n")
    assert invoke("rewrite", "--write", tmp_path).exit_code == 0
    assert (tmp_path / "a.py").read_text() == (
        "from compatshim.common import c\nfrom flask import Response\n"
    )


# Where it is found


@BOTH
def test_nearest_file_above(tmp_path: Path, name: str, text: str) -> None:
    inner = tmp_path / "project" / "lib"
    inner.mkdir(parents=True)
    (tmp_path / name).write_text(text.replace("request", "session"))
    (tmp_path / "project" / name).write_text(text)
    (inner / name).write_text("# compatshim has nothing here\n")
    assert legacy_packages([str(inner)]) == EXPECTED
    (inner / "a.py").touch()
    assert legacy_packages([str(inner / "a.py")]) == EXPECTED


def test_folder_that_all_paths_are_below(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(TOML)
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    assert legacy_packages([a]) == EXPECTED
    assert legacy_packages([a, b]) == {}


def test_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(TOML)
    (tmp_path / "lib").mkdir()
    monkeypatch.chdir(tmp_path / "lib")
    assert legacy_packages(["."]) == EXPECTED


def test_pyproject_comes_before_setup_cfg(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.compatshim]\n")
    (tmp_path / "setup.cfg").write_text(CFG)
    assert legacy_packages([str(tmp_path)]) == {}
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n# not compatshim\n")
    assert legacy_packages([str(tmp_path)]) == EXPECTED


def test_other_tools(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool = 1  # compatshim\n")
    assert legacy_packages([str(tmp_path)]) == {}


def test_file_without_a_word_of_it_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("this is no TOML")
    (tmp_path / "setup.cfg").write_text("nor is this a setup.cfg")
    assert legacy_packages([str(tmp_path)]) == {}


# What is wrong in it


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.compatshim\n", ": it is not TOML: "),
        ("tool = {compatshim = 1}", ": tool.compatshim: it is not a table."),
        (
            "[tool.compatshim]\nlegcay = {}",
            ": tool.compatshim legcay: there is no such key; 'legacy' is the only one.",
        ),
        (
            '[tool.compatshim]\nlegacy = "mycompany"',
            ": tool.compatshim.legacy: it is not a table of packages, such as",
        ),
        (
            '[tool.compatshim]\nlegacy = {"a.b" = "c"}',
            ': tool.compatshim.legacy."a.b": it is not a table that says what',
        ),
        (
            '[tool.compatshim]\nlegacy = {"a b" = {}}',
            ": 'a b' is not the dotted name of a package or module.",
        ),
        (
            '[tool.compatshim]\nlegacy = {a = {"x.y" = "z"}}',
            ': tool.compatshim.legacy."a".x.y: this is not a name that the module itself'
            " can have.",
        ),
        (
            "[tool.compatshim]\nlegacy = {a = {x = 7}}",
            ': tool.compatshim.legacy."a".x: what is to take its place is 7, and not the'
            " dotted name of it, such as 'compatshim.common.request'.",
        ),
    ],
)
def test_wrong_toml(tmp_path: Path, text: str, message: str) -> None:
    check_wrong(tmp_path, "pyproject.toml", text, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("compatshim\n", ": it cannot be read: File contains no section headers."),
        (
            "[compatshim]\nlegcay =\n",
            ": [compatshim] legcay: there is no such key; 'legacy' is the only one.",
        ),
        (
            "[compatshim]\nlegacy =\n  mycompany.web.request\n",
            ": [compatshim] legacy: 'mycompany.web.request': it has not the form",
        ),
        ("[compatshim]\nlegacy = request = x\n", "it has not the form package.name"),
        (
            "[compatshim]\nlegacy =\n  a.b = c d\n",
            ": [compatshim] legacy: 'a.b = c d': what is to take its place is 'c d', and",
        ),
        (
            "[compatshim]\nlegacy =\n  a..b = c\n",
            "'a.' is not the dotted name of a package or module.",
        ),
        ("[compatshim]\nlegacy =\n  a.b = c\n  a.b = d\n", "a.b is there twice."),
    ],
)
def test_wrong_setup_cfg(tmp_path: Path, text: str, message: str) -> None:
    check_wrong(tmp_path, "setup.cfg", text, message)


def check_wrong(folder: Path, name: str, text: str, message: str) -> None:
    (folder / name).write_text(text)
    for command in ("audit", "rewrite"):
        result = invoke(command, folder)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"Error: {folder / name}: ")
        assert message in " ".join(result.stderr.split())
    with pytest.raises(ConfigurationError) as caught:
        legacy_packages([str(folder)])
    assert caught.value.path == str(folder / name)


def test_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").mkdir()
    check = invoke("audit", tmp_path)
    assert check.exit_code == 2
    assert "setup.cfg: it cannot be read: Is a directory." in check.stderr


def test_old_python_without_a_library_for_toml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(name: str) -> object:
        if name in ("tomllib", "tomli"):
            raise ModuleNotFoundError(name=name)
        return importlib.import_module(name)

    monkeypatch.setattr("compatshim.migrate.settings.import_module", without)
    (tmp_path / "pyproject.toml").write_text(TOML)
    with pytest.raises(MissingExtraError, match=r"pip install 'compatshim\[audit\]'"):
        legacy_packages([str(tmp_path)])


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
DOTTED = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
TABLES = st.dictionaries(
    DOTTED, st.dictionaries(NAMES, DOTTED, min_size=1, max_size=3), max_size=3
)


@given(TABLES)
def test_both_spellings_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, dict[str, str]]
) -> None:
    toml, cfg = (tmp_path_factory.mktemp(kind) for kind in ("toml", "cfg"))
    packages = "".join(
        f'"{module}" = {{{", ".join(f"{a} = {json.dumps(b)}" for a, b in names.items())}}}\n'
        for module, names in table.items()
    )
    (toml / "pyproject.toml").write_text(f"[tool.compatshim.legacy]\n{packages}")
    lines = "".join(
        f"    {module}.{name} = {instead}\n"
        for module, names in table.items()
        for name, instead in names.items()
    )
    (cfg / "setup.cfg").write_text(f"[compatshim]\nlegacy =\n{lines}")
    assert legacy_packages([str(toml)]) == legacy_packages([str(cfg)]) == table
