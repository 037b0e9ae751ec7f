"""Which formats there are, how one is asked for, and where it goes."""

from __future__ import annotations

import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compatshim.errors import ReportOptionError
from compatshim.ratchet import reports
from compatshim.ratchet.findings import Finding
from compatshim.ratchet.reports import ReportOption, formats, parse_option, write
from fresh_python import printed_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from compatshim.ratchet.reports import Report

PROMISED = ("github", "html", "json", "junit", "sarif", "text")


def test_the_promised_formats_are_there() -> None:
    assert formats() == PROMISED


def test_formats_are_found_by_walking(
    make_report: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that is put beside the others is a format, and nothing lists it."""
    (tmp_path / "shout.py").write_text("def render(report):\n    return 'HEY'\n")
    (tmp_path / "_private.py").write_text("")
    monkeypatch.setattr(reports, "__path__", [*reports.__path__, str(tmp_path)])
    assert formats() == (*PROMISED[:5], "shout", "text")
    shown: list[str] = []
    write(parse_option("shout"), make_report(), shown.append)
    assert shown == ["HEY"]
    sys.modules.pop(f"{reports.__name__}.shout")
    monkeypatch.delattr(reports, "shout")


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("text", ReportOption("text")),
        ("html:out.html", ReportOption("html", Path("out.html"))),
        ("json:a:b.json", ReportOption("json", Path("a:b.json"))),
        ("sarif:/tmp/x y", ReportOption("sarif", Path("/tmp/x y"))),  # noqa: S108
    ],
)
def test_option(option: str, expected: ReportOption) -> None:
    assert parse_option(option) == expected


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("", "'' is no format"),
        ("pdf", "'pdf' is no format"),
        ("pdf:out", "'pdf' is no format"),
        ("HTML", "'HTML' is no format"),
        ("_table", "'_table' is no format"),
        ("html:", "no path after the colon"),
    ],
)
def test_no_such_report(option: str, reason: str) -> None:
    with pytest.raises(ReportOptionError) as caught:
        parse_option(option)
    assert caught.value.option == option
    assert caught.value.formats == PROMISED
    assert reason in str(caught.value)
    assert "github, html, json, junit, sarif, text" in str(caught.value)


def test_stored_at_a_path_and_not_shown(
    make_report: Callable[..., Report], tmp_path: Path
) -> None:
    path = tmp_path / "new" / "folders" / "report.txt"
    path.parent.parent.mkdir()
    shown: list[str] = []
    write(ReportOption("text", path), make_report(), shown.append)
    assert path.read_text().startswith("Still legacy: 5 places in 4 files")
    assert shown == []


def test_an_older_report_is_replaced(
    make_report: Callable[..., Report], tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    path.write_text("x" * 100_000)
    write(ReportOption("json", path), make_report(), print)
    assert path.read_text().startswith("{\n")
    assert "xxx" not in path.read_text()


def test_a_path_that_cannot_be_written_is_an_os_error(
    make_report: Callable[..., Report], tmp_path: Path
) -> None:
    with pytest.raises(IsADirectoryError):
        write(ReportOption("text", tmp_path), make_report(), print)


@pytest.mark.parametrize("format_name", PROMISED)
def test_same_report_same_text_whatever_the_order(
    format_name: str, make_report: Callable[..., Report]
) -> None:
    report = make_report()
    turned = make_report(findings=report.findings[::-1])
    assert reports.render(format_name, report) == reports.render(format_name, turned)


@pytest.mark.parametrize("format_name", PROMISED)
def test_file_name_that_is_no_text(
    format_name: str, make_report: Callable[..., Report], tmp_path: Path
) -> None:
    """Such a name has lone surrogates, which no encoding has."""
    findings = (Finding("latin-\udce9.py", 1, "CS101", "pylons.c"),)
    path = tmp_path / "report"
    report = make_report(findings=findings, comparison=None)
    write(ReportOption(format_name, path), report, print)
    assert "latin-" in path.read_text("utf-8")


@pytest.mark.parametrize("format_name", PROMISED)
def test_nothing_found(format_name: str, make_report: Callable[..., Report]) -> None:
    text = reports.render(format_name, make_report(findings=(), comparison=None))
    assert text == "" if format_name == "github" else text


def test_only_a_page_loads_jinja2() -> None:
    others = [name for name in PROMISED if name != "html"]
    code = (
        "import sys; from pathlib import Path; from compatshim.ratchet import reports\n"
        "report = reports.Report(root=Path(), findings=())\n"
        f"for name in {others}: reports.render(name, report)\n"
        "print({'jinja2', 'flask', 'webob', 'routes'} & set(sys.modules))\n"
        "reports.render('html', report); print('jinja2' in sys.modules)"
    )
    assert printed_by(code).split() == ["set()", "True"]


def test_every_module_renders() -> None:
    for module in pkgutil.iter_modules(reports.__path__):
        is_format = module.name in PROMISED
        assert module.name.startswith("_") != is_format
