"""The walk of ``compatshim demo --check``: each step is one request to a real server.

A step names the framework that has to serve it. Both what the dispatcher says (a
header) and what the page itself says (its footer) must agree with that.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from compatshim.demo.server import running
from compatshim.demo.visitor import Answer, Request, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

__all__ = ["check"]

# The demo cannot run without this one, so every catalogue has it.
_PACKAGE = "flask"
_NOTES = "Seen by compatshim demo --check."
_FILE = b"Sent to a Pylons controller, fetched from a Flask view.\n"


class StepFailedError(Exception):
    """A step did not give what it must."""


def _anything(_: Answer) -> str:
    return ""


@dataclass(frozen=True)
class Step:
    """One request, who has to serve it, and what has to come back.

    ``verify`` returns a few words on what came back, or raises
    :exc:`StepFailedError`.
    """

    served_by: str
    method: str
    path: str
    verify: Callable[[Answer], str] = _anything
    status: int = 200
    form: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None
    with_token: bool = True

    def run(self, visitor: Visitor) -> str:
        answer = visitor.ask(
            Request(self.method, self.path, self.form, self.file, self.with_token)
        )
        _need(
            answer.status == self.status, f"status {answer.status}, not {self.status}"
        )
        served_by = answer.served_by
        _need(served_by == self.served_by, f"served by {served_by}")
        if answer.headers.get("content-type", "").startswith("text/html"):
            badge = f'data-served-by="{self.served_by}"'
            is_page = "<footer" in answer.text
            _need(not is_page or badge in answer.text, "the footer names another")
        return self.verify(answer)


def check(app: Flask, write: Callable[[str], None]) -> bool:
    """Walk through ``app`` on a real server; return whether every step went well.

    ``write`` is called with one line for each step.
    """
    failures = 0
    with running(app) as address:
        visitor = Visitor(address)
        steps = list(_steps())
        for step in steps:
            try:
                outcome, detail = "ok  ", step.run(visitor)
            except StepFailedError as failed:
                outcome, detail = "FAIL", str(failed)
            except (OSError, HTTPException, ValueError, LookupError) as error:
                outcome, detail = "FAIL", f"{type(error).__name__}: {error}"
            failures += outcome == "FAIL"
            request = f"{step.method:4} {step.path}"
            write(f"{outcome}  {step.served_by:6}  {request:48}  {detail}".rstrip())
    if failures:
        write(f"{failures} of {len(steps)} steps failed.")
    else:
        write(f"All {len(steps)} steps gave what they must.")
    return not failures


def _need(condition: bool, complaint: str) -> None:
    if not condition:
        raise StepFailedError(complaint)


def _steps() -> Iterator[Step]:
    yield from _look_around()
    yield from _edit()
    yield from _switch_language()
    yield from _export_and_api()
    yield from _what_is_refused()


def _look_around() -> Iterator[Step]:
    package = f"/package/{_PACKAGE}"
    yield Step("flask", "GET", "/", _has("<form", "the home page"))
    yield Step("flask", "GET", "/static/style.css", _has("{", "the style sheet"))
    yield Step("legacy", "GET", "/package", _count_results)
    yield Step("legacy", "GET", f"/package?q={_PACKAGE}", _count_results)
    yield Step("legacy", "GET", "/package?page=2", _count_results)
    yield Step("legacy", "GET", package, _has(f"{package}/edit", "a package"))
    yield Step(
        "legacy", "GET", package, _has('href="/about"', "the old route name leads on")
    )
    yield Step("flask", "GET", "/about", _has("<h1", "the migrated page"))


def _edit() -> Iterator[Step]:
    edit = f"/package/{_PACKAGE}/edit"
    form = {"summary": "A summary", "notes": _NOTES, "tags": "checked"}
    yield Step("legacy", "GET", edit, _has("multipart/form-data", "the form"))
    yield Step(
        "legacy",
        "POST",
        edit,
        _has('aria-invalid="true"', "without a summary: refused"),
        status=422,
        form={**form, "summary": ""},
        file=b"",
    )
    yield Step(
        "legacy",
        "POST",
        edit,
        _leads_to("/", "saved, with a file"),
        status=303,
        form=form,
        file=_FILE,
    )
    yield Step("flask", "GET", "/", _has('class="flash', "the legacy side's flash"))
    yield Step("flask", "GET", "/", _has_no('class="flash', "it is shown once"))
    yield Step("legacy", "GET", f"/package/{_PACKAGE}", _has(_NOTES, "the edit"))
    yield Step("flask", "GET", f"/package/{_PACKAGE}/attachment", _is_the_file)


def _switch_language() -> Iterator[Step]:
    for language in ("de", "ar"):
        direction = "rtl" if language == "ar" else "ltr"
        page = _has(f'<html lang="{language}" dir="{direction}"', direction)
        yield Step(
            "legacy",
            "POST",
            "/language",
            _leads_to("/package", f"chose {language}"),
            status=303,
            form={"language": language, "return_to": "/package"},
        )
        yield Step("legacy", "GET", "/package", page)
        yield Step("flask", "GET", "/about", page)


def _export_and_api() -> Iterator[Step]:
    api = "/api/3/action"
    yield Step("legacy", "GET", "/export.csv", _count_lines)
    yield Step("flask", "GET", f"{api}/status_show", _api(lambda r: "site_title" in r))
    yield Step("flask", "GET", f"{api}/package_list", _api(lambda r: _PACKAGE in r))
    yield Step(
        "flask",
        "GET",
        f"{api}/package_search?q={_PACKAGE}",
        _api(lambda r: r["count"] >= 1),
    )
    yield Step(
        "flask",
        "GET",
        f"{api}/package_show?id={_PACKAGE}",
        _api(lambda r: r["notes"] == _NOTES),
    )


def _what_is_refused() -> Iterator[Step]:
    yield Step(
        "flask",
        "GET",
        "/api/3/action/package_show?id=no-such-package",
        _is_api_error,
        status=404,
    )
    page = _has("<footer", "the error page")
    yield Step("legacy", "GET", "/package/no-such-package", page, status=404)
    yield Step("flask", "GET", "/package/no-such-package/attachment", page, status=404)
    yield Step(
        "legacy",
        "POST",
        f"/package/{_PACKAGE}/edit",
        _has("<footer", "without a CSRF token"),
        status=403,
        form={"summary": "Changed by another site"},
        with_token=False,
    )
    yield Step(
        "legacy",
        "POST",
        "/language",
        _leads_to("/", "no way to another site"),
        status=303,
        form={"language": "en", "return_to": "//example.org/"},
    )


def _has(text: str, detail: str) -> Callable[[Answer], str]:
    def verify(answer: Answer) -> str:
        _need(text in answer.text, f"{text!r} is not there")
        return detail

    return verify


def _has_no(text: str, detail: str) -> Callable[[Answer], str]:
    def verify(answer: Answer) -> str:
        _need(text not in answer.text, f"{text!r} is still there")
        return detail

    return verify


def _leads_to(path: str, detail: str) -> Callable[[Answer], str]:
    def verify(answer: Answer) -> str:
        location = urlsplit(answer.headers.get("location", ""))
        _need(location.path == path, f"leads to {location.geturl()!r}, not {path!r}")
        return detail

    return verify


def _count_results(answer: Answer) -> str:
    found = re.search('data-count="([0-9]+)"', answer.text)
    _need(found is not None and int(found[1]) > 0, "no results")
    return f"{found[1]} results" if found else ""


def _count_lines(answer: Answer) -> str:
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    _need(_PACKAGE in {row["name"] for row in rows}, f"{_PACKAGE} is not in the file")
    return f"{len(rows)} lines, streamed"


def _is_the_file(answer: Answer) -> str:
    _need(answer.body == _FILE, "another file came back")
    disposition = answer.headers.get("content-disposition", "")
    _need(disposition.startswith("attachment"), f"sent as {disposition!r}")
    return f"{len(answer.body)} bytes, as they were sent"


def _api(is_right: Callable[[Any], bool]) -> Callable[[Answer], str]:
    def verify(answer: Answer) -> str:
        _need(answer.json["success"] is True, "no success")
        _need(is_right(answer.json["result"]), f"result {answer.json['result']!r}")
        return "success"

    return verify


def _is_api_error(answer: Answer) -> str:
    _need(answer.json["success"] is False, "success")
    return str(answer.json["error"]["message"])
