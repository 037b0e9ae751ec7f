"""``compatshim rewrite`` as a user runs it: diffs, bytes, files that may not be written."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from command_line import invoke

if TYPE_CHECKING:
    from click.testing import Result

pytest.importorskip("tree_sitter_python")

BEFORE = b"from pylons import request\nfrom pylons import tmpl_context as c\n"
AFTER = b"from compatshim.common import c, request\n"


def rewrite(*arguments: object) -> Result:
    return invoke("rewrite", *arguments)


def test_diff(here: Path) -> None:
    (here / "shop").mkdir()
    (here / "shop" / "views.py").write_bytes(BEFORE + b"x = 1")
    result = rewrite("shop")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- a/shop/views.py\n"
        "+++ b/shop/views.py\n"
        "@@ -1,3 +1,2 @@\n"
        "-from pylons import request\n"
        "-from pylons import tmpl_context as c\n"
        "+from compatshim.common import c, request\n"
        " x = 1\n"
        "\\ No newline at end of file\n"
    )
    assert result.stderr == "1 file would be rewritten (--write), 0 left as they are.\n"
    assert (here / "shop" / "views.py").read_bytes() == BEFORE + b"x = 1"


def test_write_and_again(here: Path) -> None:
    (here / "a.py").write_bytes(BEFORE)
    result = rewrite("--write", ".")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 file rewritten, 0 left as they are.\n"
    assert (here / "a.py").read_bytes() == AFTER
    inode = (here / "a.py").stat().st_ino
    result = rewrite("--write", ".")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (here / "a.py").read_bytes() == AFTER
    assert (here / "a.py").stat().st_ino == inode


def test_refusals_are_told(here: Path) -> None:
    (here / "a.py").write_bytes(b"\n\nfrom pylons.i18n import *\n")
    result = rewrite("--write", "a.py")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "a.py:3: CS105 pylons.i18n.* is left as it is: nobody can tell which names a star"
        " imports; name those that are used"
    )


def test_strings(here: Path) -> None:
    (here / "test_a.py").write_bytes(b'mock.patch("pylons.request")\n')
    assert rewrite("--write", ".").exit_code == 0
    assert rewrite("--write", "--strings", ".").exit_code == 0
    after = b'mock.patch("compatshim.common.request")\n'
    assert (here / "test_a.py").read_bytes() == after


def test_hooks_of_pre_commit() -> None:
    path = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    if not path.is_file():
        pytest.skip("not in a checkout")
    clientlib = pytest.importorskip("pre_commit.clientlib")
    hooks = {hook["id"]: hook for hook in clientlib.load_manifest(path)}
    assert set(hooks) == {
        "compatshim-audit",
        "compatshim-audit-templates",
        "compatshim-rewrite",
    }
    for hook in hooks.values():
        program, *arguments = hook["entry"].split()
        assert program == "compatshim"
        assert invoke(*arguments, "--help").exit_code == 0


def test_path_that_is_not_there(here: Path) -> None:
    assert rewrite("nothing").exit_code == 2
    assert rewrite().exit_code == 2


@pytest.mark.parametrize(
    ("encoding", "mark", "comment"),
    [
        ("latin-1", b"", "Grüße ÿ"),
        ("cp932", b"", "表示ソ ｱ"),
        ("gbk", b"", "中文 誠"),
        ("euc-jp", b"", "日本語"),
        ("iso-2022-jp", b"", "日本語"),
        ("koi8-r", b"", "Привет"),
        ("utf-8", b"", "Grüße ☃ 😀"),
        ("utf-8", b"\xef\xbb\xbf", "Grüße"),
        ("utf-16-le", b"\xff\xfe", "Grüße 😀"),
        ("utf-16-be", b"\xfe\xff", "Grüße 😀"),
        ("utf-32-le", b"\xff\xfe\0\0", "Grüße 😀"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_other_byte_stays(
    here: Path, encoding: str, mark: bytes, comment: str, newline: str
) -> None:
    cookie = "" if mark else f"# vim: set fileencoding={encoding} :\n"
    before = (
        f"{cookie}# {comment}\t \n\n"
        f"from pylons import request  # {comment}  \n"
        f"\tx = '{comment}'  \n"
        f"from pylons import (c,  # {comment}\n"
        f"    Response)\n\f\n\n"
        f"y = '''\n{comment}  \n''' \n  "
    )
    after = (
        f"{cookie}# {comment}\t \n\n"
        f"from compatshim.common import (\n"
        f"    c,  # {comment}\n"
        f"    request,\n"
        f")  # {comment}  \n"
        f"\tx = '{comment}'  \n"
        f"from pylons import (Response)\n\f\n\n"
        f"y = '''\n{comment}  \n''' \n  "
    )
    before, after = before.replace("\tx", "x"), after.replace("\tx", "x")
    path = here / "a.py"
    path.write_bytes(mark + before.replace("\n", newline).encode(encoding))
    result = rewrite("--write", "a.py")
    assert result.stderr == "1 file rewritten, 0 left as they are.\n"
    assert path.read_bytes() == mark + after.replace("\n", newline).encode(encoding)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b"\xef\xbb\xbf# a \t\r\nfrom pylons import request\nx = 1 \r\r\n"
            b"from pylons import (c, \t\r\n  config)  # b \r\ndef f(): \n\tpass\t\r  # c\r",
            b"\xef\xbb\xbf# a \t\r\nfrom compatshim.common import (\r\n    c,\r\n"
            b"    config,  # b\r\n    request,\r\n)\n"
            b"x = 1 \r\r\ndef f(): \n\tpass\t\r  # c\r",
        ),
        (
            b"from pylons import c\rx = '''\r\n \n'''\nfrom pylons import request\r\n\ty = 1",
            b"from compatshim.common import c, request\rx = '''\r\n \n'''\n\ty = 1",
        ),
        (
            b"import pylons\r\n\x0c\nprint pylons.request, \\\r\n  pylons.c \t\n",
            b"from compatshim.common import c, request\r\n\x0c\nprint request, \\\r\n"
            b"  c \t\n",
        ),
    ],
)
def test_lines_may_end_each_in_its_own_way(
    here: Path, before: bytes, after: bytes
) -> None:
    (here / "a.py").write_bytes(before)
    assert rewrite("--write", "a.py").exit_code == 0
    assert (here / "a.py").read_bytes() == after


@pytest.mark.skipif(sys.platform != "linux", reason="names there are text")
@pytest.mark.parametrize("name", [b"caf\xe9.py", b"caf\xc3\xa9 au lait.py"])
def test_names_of_files_are_bytes(here: Path, name: bytes) -> None:
    path = here / os.fsdecode(name)
    path.write_bytes(BEFORE + b"from pylons.i18n import *\n")
    command = [sys.executable, "-m", "compatshim", "rewrite", "."]
    found = subprocess.run(command, capture_output=True, check=False)
    assert found.returncode == 1
    assert b"Traceback" not in found.stderr
    assert b"CS105" in found.stderr
    assert found.stdout.startswith(b"--- a/" + name)
    subprocess.run(["git", "apply"], input=found.stdout, check=True)
    assert path.read_bytes() == AFTER + b"from pylons.i18n import *\n"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_diff_can_be_applied(here: Path, newline: bytes) -> None:
    before = (
        b"# coding: latin-1\n# Gr\xfc\xdfe  \nfrom pylons import c\nimport os\n"
        b"from pylons import request\nx = '\xff'"
    ).replace(b"\n", newline)
    (here / "a.py").write_bytes(before)
    command = [sys.executable, "-m", "compatshim", "rewrite", "a.py"]
    found = subprocess.run(command, capture_output=True, check=False)
    assert found.returncode == 1, found.stderr
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn"],
        input=found.stdout,
        check=True,
    )
    applied = (here / "a.py").read_bytes()
    (here / "a.py").write_bytes(before)
    assert rewrite("--write", "a.py").exit_code == 0
    assert (here / "a.py").read_bytes() == applied != before


def test_file_in_an_unknown_encoding_is_left(here: Path) -> None:
    data = b"# coding: klingon\n" + BEFORE
    (here / "a.py").write_bytes(data)
    (here / "b.py").write_bytes(b"# \xff\n" + BEFORE)
    result = rewrite("--write", ".")
    assert result.exit_code == 1
    assert "a.py:2: CS101 pylons.request is left as it is" in result.stderr
    assert (here / "a.py").read_bytes() == data
    assert (here / "b.py").read_bytes() == b"# \xff\n" + BEFORE


def test_permissions_stay(here: Path) -> None:
    path = here / "run.py"
    path.write_bytes(b"#!/usr/bin/env python\n" + BEFORE)
    path.chmod(0o751)
    assert rewrite("--write", ".").exit_code == 0
    assert path.read_bytes() == b"#!/usr/bin/env python\n" + AFTER
    assert stat.S_IMODE(path.stat().st_mode) == 0o751


def test_read_only_file_is_reported(here: Path) -> None:
    path = here / "a.py"
    path.write_bytes(BEFORE)
    path.chmod(0o444)
    result = rewrite("--write", ".")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "./a.py: is left as it is: it is read-only"
    assert path.read_bytes() == BEFORE


def test_link_out_of_the_tree_is_reported_not_followed(here: Path) -> None:
    (here / "elsewhere.py").write_bytes(BEFORE)
    (here / "tree").mkdir()
    (here / "tree" / "link.py").symlink_to(here / "elsewhere.py")
    result = rewrite("--write", "tree")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "tree/link.py: is left as it is: it is a link to"
        f" {os.path.realpath('elsewhere.py')}, which is not below any PATH"
    )
    assert (here / "elsewhere.py").read_bytes() == BEFORE
    assert (here / "tree" / "link.py").is_symlink()


def test_folder_linked_from_out_of_the_tree(here: Path) -> None:
    (here / "elsewhere").mkdir()
    (here / "elsewhere" / "a.py").write_bytes(BEFORE)
    (here / "tree").mkdir()
    (here / "tree" / "link").symlink_to(here / "elsewhere")
    result = rewrite("--write", "tree")
    assert result.exit_code == 1
    assert (here / "elsewhere" / "a.py").read_bytes() == BEFORE


def test_link_in_the_tree_stays_one(here: Path) -> None:
    (here / "a.py").write_bytes(BEFORE)
    (here / "b.py").symlink_to("a.py")
    assert rewrite("--write", ".").exit_code == 0
    assert (here / "b.py").is_symlink()
    assert (here / "a.py").read_bytes() == AFTER


def test_named_link_leads_to_its_file_where_that_is_below_a_path(here: Path) -> None:
    (here / "lib").mkdir()
    (here / "lib" / "a.py").write_bytes(BEFORE)
    (here / "app").mkdir()
    (here / "app" / "b.py").symlink_to("../lib/a.py")
    assert rewrite("--write", "app/b.py").exit_code == 1
    assert (here / "lib" / "a.py").read_bytes() == BEFORE
    assert rewrite("--write", "app/b.py", "lib").exit_code == 0
    assert (here / "lib" / "a.py").read_bytes() == AFTER
    assert (here / "app" / "b.py").is_symlink()


def test_file_changed_meanwhile_is_not_overwritten(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = here / "a.py"
    path.write_bytes(BEFORE)
    theirs = BEFORE + b"# theirs\n"
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(theirs))
    result = rewrite("--write", ".")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "./a.py: is left as it is: it was changed meanwhile"
    )
    assert path.read_bytes() == theirs


KILLED = """
import os, signal, sys
from compatshim.cli import main
# It is ignored in what a shell runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
calls = []
def kill(_):
    calls.append(1)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.{signal})
os.fsync = kill
main(["rewrite", "--write", "."])
"""


@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"])
def test_interrupted_run_leaves_files_old_or_new(here: Path, name: str) -> None:
    for number in range(6):
        (here / f"{number}.py").write_bytes(BEFORE)
    code = KILLED.format(signal=name)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert done.returncode == (-signal.SIGKILL if name == "SIGKILL" else 2)
    contents = [path.read_bytes() for path in sorted(here.glob("[0-9].py"))]
    assert contents == [AFTER, AFTER, BEFORE, BEFORE, BEFORE, BEFORE]
    if name == "SIGINT":
        assert len(list(here.iterdir())) == 6
    assert rewrite("--write", ".").exit_code == 0
    assert {path.read_bytes() for path in here.glob("[0-9].py")} == {AFTER}


KILLED_AT = """
import os, signal, sys
from compatshim.cli import main
left = int(sys.argv[1])
def kill(event, arguments):
    global left
    if arguments and "shop" in str(arguments[0]):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
main(["rewrite", "--write", "."])
"""


def test_killed_wherever_it_touches_a_file(here: Path) -> None:
    """Files are opened, made, given their permissions and renamed: at each of these."""
    kills = 0
    command = [sys.executable, "-c", KILLED_AT]
    while True:
        for number in range(2):
            (here / f"shop{number}.py").write_bytes(BEFORE)
        done = subprocess.run([*command, str(kills + 1)], check=False)
        contents = {path.read_bytes() for path in here.glob("shop?.py")}
        assert contents <= {BEFORE, AFTER}
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        kills += 1
        assert rewrite("--write", ".").exit_code == 0
        assert {path.read_bytes() for path in here.glob("shop?.py")} == {AFTER}
    assert kills >= 2 * len(("read", "make", "chmod", "rename"))


def test_no_web_framework_is_needed(here: Path) -> None:
    (here / "a.py").write_bytes(BEFORE)
    code = (
        "import sys\n"
        "for name in ('flask', 'webob', 'routes', 'werkzeug.wrappers', 'pylons'):\n"
        "    sys.modules[name] = None\n"
        "from compatshim.cli import main\n"
        "main(['rewrite', '--write', '.'])\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (here / "a.py").read_bytes() == AFTER


def test_what_is_told_of_a_file_is_one_line_whatever_it_is_called(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a\n\x1b[2Jb.py"
    path.write_bytes(b"from pylons import *\n")
    told = rewrite(path).stderr.splitlines()
    assert len(told) == 2
    assert told[0].startswith(rf"{tmp_path}/a\n\x1b[2Jb.py:1: CS105 ")
