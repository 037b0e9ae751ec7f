"""docs/production.md: its module and its commands, as a reader would use them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from compatshim.ratchet.stored_uses import render_store

PAGE = Path(__file__).parents[2] / "docs" / "production.md"
STORE = "/var/lib/shop/deprecations.db"


def blocks(language):
    pattern = rf"^```{language}\n(.*?)^```$"
    return re.findall(pattern, PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def run(tmp_path):
    in_the_folder = {**os.environ}
    in_the_folder.pop("PYTHONSAFEPATH", None)  # a reader's python looks there

    def run(command):
        # The first "python" of PATH may be another one.
        command = re.sub(r"^python\b", f"{sys.executable} -W ignore", command)
        command = re.sub(r"^compatshim\b", f"{sys.executable} -m compatshim", command)
        return subprocess.run(  # noqa: S602 (the commands of the page)
            command.replace(STORE, f"{tmp_path}/deprecations.db"),
            shell=True,
            check=True,
            capture_output=True,
            cwd=tmp_path,
            env=in_the_folder,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def shop(tmp_path):
    (code,) = blocks("python")
    path = tmp_path / "shop.py"
    path.write_text(code.replace(STORE, f"{tmp_path}/deprecations.db"))
    return path


def test_the_command_is_run_and_reported(run, shop):
    manage = "import sys, shop\nprint(sys.argv)\nshop.index()"
    (shop.parent / "manage.py").write_text(manage)
    done = run(blocks("sh")[0])
    assert done.stdout == "['manage.py', 'import-orders', 'yesterday.csv']\n"
    assert "CS501 price" in done.stderr


def test_the_site_says_what_it_has_used(run, shop):
    request = "shop.app.test_client().get('/')"
    run(f'python -c "import shop; {request}; {request}"')
    shown = run(blocks("sh")[1]).stdout
    (line,) = (line for line in shown.splitlines() if "price" in line)
    number = (
        shop.read_text().splitlines().index("    return f\"{price('tea')} euros\"") + 1
    )
    assert line.split()[:2] == ["CS501", "price"]
    assert f"shop.py:{number}" in shown
    assert "2 uses at 1 place" in shown
    assert "price_of(item)" in render_store(f"{shop.parent}/deprecations.db", "json")
    example = blocks("text")[0].splitlines()
    heading = next(line for line in shown.splitlines() if line.startswith("what"))
    assert heading.split() == example[2].split()
