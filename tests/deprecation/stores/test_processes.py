"""Several processes write to one store, are killed, and have nowhere to write."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest

from compatshim.deprecation.stores import open_store

NOBODY = 65534


def counted(address):
    """Return how often the one call site was counted; 0 where there is no store yet."""
    store = open_store(address)
    if not os.path.exists(store.path):
        return 0
    return sum(one.use.count for one in store.read().uses)


def test_processes_that_write_at_once_lose_nothing(told, address):
    processes = [told() for _ in range(4)]
    for process in processes:  # none gives up while a slow disk keeps the others
        process.do("from compatshim.deprecation.stores import json_file, sqlite")
        process.do("json_file.PATIENCE = sqlite.PATIENCE = 600")
    for number, process in enumerate(processes, start=1):
        process.tell(f"for _ in range(40): count({number}); writer.write()")
    for process in processes:
        assert process.wait() == ""
    assert counted(address) == 40 * (1 + 2 + 3 + 4)
    assert len(open_store(address).read().uses) == 1


def test_the_rest_is_written_at_the_end(told, address):
    process = told()
    process.do("count(3); writer.write(); count(4)")
    assert counted(address) == 3
    assert process.end() == ""
    assert counted(address) == 7


@pytest.mark.parametrize("lines", range(1, 9))
def test_a_killed_process_loses_what_it_had_not_written(told, address, lines):
    """At whatever moment it is killed, and the store can be used as before."""
    process = told()
    process.tell(
        "for number in range(10**6): count(1); writer.write(); print(number, flush=True)"
    )
    printed = [int(process._process.stdout.readline()) for _ in range(lines)]
    process.kill()
    printed += map(int, process._process.stdout.read().split())
    # Of the use that it was about when it was killed, nobody knows.
    assert counted(address) - (printed[-1] + 1) in {0, 1}
    before = counted(address)
    other = told()
    other.do("count(5); writer.write()")
    assert counted(address) == before + 5


def test_forked_processes_write_their_own(told, address):
    process = told()
    process.do("count(100)")
    for _ in range(2):
        logged = process.do(
            "child = os.fork(); count(0 if child else 1000);"
            " os.waitpid(child, 0) if child else sys.exit()"
        )
        assert logged == ""
    assert counted(address) == 100 + 2 * 1000
    process.do("count(5)")
    process.end()
    assert counted(address) == 105 + 2 * 1000


def test_a_forked_process_that_ends_by_multiprocessing(told, address):
    process = told()
    process.do("import multiprocessing; count(10)")
    process.do(
        "child = multiprocessing.get_context('fork').Process(target=count, args=[7]);"
        " child.start(); child.join()"
    )
    assert counted(address) == 17


# Where it cannot be written.


def test_a_failure_is_logged_once_and_what_was_counted_is_kept(told, address, tmp_path):
    folder = tmp_path / "later"
    there = address.replace(str(tmp_path), str(folder))
    process = told(there)
    logged = process.do("count(2); writer.write()")
    assert logged.startswith("WARNING The store of deprecated uses")
    assert there in logged
    assert logged.count("\n") == 1
    assert process.do("count(3); writer.write()") == ""
    folder.mkdir()
    assert process.do("writer.write()") == ""
    assert counted(there) == 5
    folder.rename(tmp_path / "away")
    # It worked in between, so this is another failure.
    assert process.do("count(4); writer.write()").startswith("WARNING")
    (tmp_path / "away").rename(folder)
    process.end()
    assert counted(there) == 9


def test_a_folder_that_is_read_only(told, address, tmp_path):
    # Not tmp_path, which only its owner may see. Root may write everywhere.
    folder = Path(tempfile.mkdtemp())
    there = address.replace(str(tmp_path), str(folder))
    process = told(there)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, -1)
        process.do(f"os.setuid({NOBODY})")
    try:
        folder.chmod(0o500)
        assert "WARNING" in process.do("count(2); writer.write()")
        assert list(folder.iterdir()) == []
        folder.chmod(0o700)
        assert process.do("writer.write()") == ""
        assert counted(there) == 2
    finally:
        process.kill()
        shutil.rmtree(folder)


def test_a_full_disk(told, address):
    """Simulated by what the system allows a process to write to one file."""
    process = told()
    process.do("count(1); writer.write()")
    process.do("import resource; unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)")
    process.do("resource.setrlimit(resource.RLIMIT_FSIZE, (100, unlimited[1]))")
    assert "WARNING" in process.do("count(2); writer.write()")
    assert counted(address) == 1
    process.do("resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)")
    assert process.do("count(4); writer.write()") == ""
    assert counted(address) == 7


def test_a_corrupt_store_is_logged_and_left_alone(told, address):
    path = open_store(address).path
    with open(path, "w", encoding="utf-8") as file:
        file.write("broken")
    process = told()
    assert "WARNING" in process.do("count(2); writer.write()")
    with open(path, encoding="utf-8") as file:
        assert file.read() == "broken"
    os.unlink(path)
    process.end()
    assert counted(address) == 2


def test_a_store_with_a_count_that_is_none(told, tmp_path):
    """Such as one that was edited by hand: logged once, also at the end."""
    path = tmp_path / "uses.json"
    process = told(path)
    process.do("count(1); writer.write()")
    path.write_text(path.read_text().replace('"count": 1', '"count": "1"'))
    logged = process.do("count(2); writer.write(); writer.write()")
    assert logged.count("\n") == 1
    assert "'1' is no int" in logged
    assert process.end() == ""


def test_a_store_that_another_process_has_locked(told, address):
    process = told()
    process.do("count(1); writer.write()")
    store = open_store(address)
    process.do("from compatshim.deprecation.stores import json_file, sqlite")
    process.do("json_file.PATIENCE = sqlite.PATIENCE = 0.05")
    if address.startswith("sqlite"):
        holder = sqlite3.connect(store.path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    else:
        holder = open(f"{store.path}.lock", "wb")  # noqa: SIM115 (closed below)
        fcntl.lockf(holder, fcntl.LOCK_EX)
    try:
        assert "WARNING" in process.do("count(1); writer.write()")
    finally:
        holder.close()
    process.end()
    assert counted(address) == 2
