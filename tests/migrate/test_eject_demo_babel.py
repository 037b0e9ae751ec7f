"""The fully migrated demo: with compatshim, ejected, and then where that is not there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import compatshim.demo
from compatshim.demo.visitor import Answer, Request, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = Path(compatshim.demo.__file__).parent
OURS = Path(__file__).with_name("migrated_demo")

# What is the same before the migration and after it.
FILES = ["helpers.py", "logic.py", "middleware.py", "scan.py", "server.py", "store.py"]
FOLDERS = ("static", "templates", "translations")
VIEWS = ("api.py", "attachments.py", "pages.py")

# What the team has changed on the way, beside the controllers.
CHANGED = {
    "helpers.py": [
        ("_, config, is_flask_request, request,", "_, config, request,"),
        (r"(?s)def served_by\(\).*?(?=def current_language)", ""),
        ('    "served_by",\n', ""),
        (
            r"(?s)    # An error document.*?return str\(asked.path_qs\)",
            '    if request.method in {"GET", "HEAD"}:\n        return request.path_qs',
        ),
    ],
    "logic.py": [
        (
            r"import _, app_globals, url_for",
            "import _, url_for\nfrom flask import current_app",
        ),
        (r"app_globals\.store", 'current_app.extensions["catalogue.store"]'),
        ('"package_read"', '"packages.read"'),
    ],
    "middleware.py": [
        (r"            served_by = environ.get.*\n", ""),
        (r'\[\("X-Served-By", served_by\), \*_SECURITY_HEADERS\]', "_SECURITY_HEADERS"),
    ],
    "api.py": [
        (r"from compatshim import __version__\n", ""),
        (r'        "compatshim_version": __version__,\n', ""),
    ],
    "attachments.py": [
        ("from flask import Blueprint,", "from flask import Blueprint, current_app,"),
        ("import abort, app_globals", "import abort"),
        (r"app_globals\.store", 'current_app.extensions["catalogue.store"]'),
    ],
}
IN_TEMPLATES = [
    (r"(?s)    <p class=\"served-by\".*?</p>\n", ""),
    (r"\bh\.", "helpers."),
    (r"'package_list'|\"package_list\"", "'packages.search'"),
    (r"'package_(read|edit|save)'", r"'packages.\1'"),
    (r"'package_export'", "'export.packages'"),
    (r"'language'\)", "'language.switch')"),
    (r"url_for\('about'\)", "url_for('pages.about')"),
]

SERVE = """
import importlib.util, sys
sys.path[:0] = sys.argv[2:]
without = sys.argv[1] == "without"
assert (importlib.util.find_spec("compatshim") is None) is without
from catalogue import server
from catalogue.application import create_app
from catalogue.scan import ScannedPackage
names = ["flask", "werkzeug", *(f"filler-{number:02}" for number in range(14))]
packages = [
    ScannedPackage(
        name, name.title(), "1.0", f"What {name} <does>", "Somebody", "MIT",
        f"https://example.org/{name}", ("Werkzeug>=3",),
    )
    for name in names
]
app = create_app(sys.argv[2] + "/data", packages)
listener = server.listen("127.0.0.1", 0)
print(server.address_of(listener), flush=True)
if without:
    gone = {"compatshim", "webob", "routes", "beaker"}
    assert not gone & {name.partition(".")[0] for name in sys.modules}
server.serve(app, listener)
"""


class Place(NamedTuple):
    """A folder with the application, and the packages of its environment."""

    site: Path
    packages: Path


def changed(text: str, changes: list[tuple[str, str]], *, each: bool = True) -> str:
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text)
        assert count or not each, pattern
    return text


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with the migrated demo, as the package ``catalogue``."""
    package = tmp_path / "site" / "catalogue"
    shutil.copytree(OURS, package, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in FOLDERS:
        shutil.copytree(DEMO / folder, package / folder)
    (package / "views" / "__init__.py").touch()
    copies = {DEMO / name: package / name for name in FILES}
    copies |= {DEMO / "views" / name: package / "views" / name for name in VIEWS}
    for old, new in copies.items():
        text = old.read_text(encoding="utf-8").replace("compatshim.demo", "catalogue")
        new.write_text(changed(text, CHANGED.get(old.name, [])), encoding="utf-8")
    for template in (package / "templates").iterdir():
        text = template.read_text(encoding="utf-8")
        text = changed(text, IN_TEMPLATES, each=False)
        template.write_text(text, encoding="utf-8")
    (tmp_path / "site" / "data").mkdir()
    return tmp_path / "site"


@pytest.fixture
def packages_without_compatshim(tmp_path: Path) -> Path:
    """Return the folder of an environment in which compatshim is not installed."""
    folder = tmp_path / "packages"
    folder.mkdir()
    gone = ("compatshim", "__editable__", "webob", "routes", "beaker")
    for key in ("purelib", "platlib"):
        for entry in Path(sysconfig.get_path(key)).iterdir():
            if not entry.name.lower().startswith(gone):
                link = folder / entry.name
                if not link.is_symlink():
                    link.symlink_to(entry)
    return folder


@contextmanager
def running(*command: str) -> Iterator[str]:
    """Run the application in a Python of its own; yield its address."""
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://"), "it did not start"
            yield address
        finally:
            process.terminate()


def steps() -> Iterator[Request]:
    edit = "/package/flask/edit"
    form = {"summary": "A summary", "notes": "Some <notes>", "tags": "a, b"}
    for path in (
        "/last",
        "/",
        "/about",
        "/static/style.css",
        "/package",
        "/package?q=flask",
        "/package?page=2",
        "/package?q=flask&page=x",
        "/package/flask",
        "/package/werkzeug",
        "/package/absent",
        edit,
    ):
        yield Request("GET", path)
    yield Request("POST", edit, {**form, "summary": ""}, b"")
    yield Request("POST", edit, form, b"A file\n")
    yield Request("POST", edit, form, with_token=False)
    for path in ("/", "/", "/package/flask", "/package/flask/attachment", "/last"):
        yield Request("GET", path)
    for target in ("/package", "//example.org/", "/\\example.org", "/päckage?a=b"):
        form = {"language": "de", "return_to": target}
        yield Request("POST", "/language", form)
    yield Request("POST", "/language", {"language": "xx", "return_to": "/"})
    for path in (
        "/package?q=f%C3%BCr",
        "/package/absent",
        "/package/absent/attachment",
        "/export.csv",
        "/export.csv?q=flask",
        "/api/3/action/status_show",
        "/api/3/action/package_list",
        "/api/3/action/package_show?id=flask",
        "/api/3/action/package_show?id=absent",
        "/api/3/action/absent",
        "/api/3/absent",
        "/absent",
    ):
        yield Request("GET", path)
    yield Request("POST", "/about")


def seen(answer: Answer) -> tuple[int, dict[str, str], str]:
    """Return an answer without what is another one each time."""
    headers = {
        name: re.sub(r"=[^;]*", "=...", value, count=name == "set-cookie")
        for name, value in answer.headers.items()
        if name not in ("date", "etag", "last-modified")
    }
    if 300 <= answer.status < 400:
        del headers["content-type"], headers["content-length"]
        return answer.status, headers, ""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "token", answer.text)
    body = re.sub(r"<time .*?</time>", "<time>", body)
    body = re.sub(r'"edited_at": ?"[^"]+"', "edited", body)
    if "content-length" in headers and body != answer.text:
        del headers["content-length"]
    return answer.status, headers, body


def walk(address: str) -> list[tuple[Request, int, dict[str, str], str]]:
    visitor = Visitor(address)
    return [(step, *seen(visitor.ask(step))) for step in steps()]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "compatshim", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def test_the_migrated_demo_runs_with_compatshim_uninstalled(
    site: Path, packages_without_compatshim: Path
) -> None:
    with running("-c", SERVE, "with", str(site)) as address:
        before = walk(address)
    statuses = {status for _, status, *_ in before}
    assert statuses == {200, 302, 303, 400, 403, 404, 405, 422}
    shutil.rmtree(site / "data")
    (site / "data").mkdir()

    done = run("eject", "--write", str(site))
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1].endswith(" ejected, 0 places need a hand.")
    for path in site.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("^.*import.*compatshim|from compatshim", text), path

    packages = str(packages_without_compatshim)
    isolated = ("-I", "-S", "-c", SERVE, "without", str(site), packages)
    with running(*isolated) as address:
        after = walk(address)
    for old, new in zip(before, after, strict=True):
        assert new == old


def test_twice_is_once(site: Path) -> None:
    assert run("eject", "--write", str(site)).returncode == 0
    once = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    done = run("eject", "--write", str(site))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "0 files ejected, 0 places need a hand.\n"
    assert {path: path.read_bytes() for path in once} == once
