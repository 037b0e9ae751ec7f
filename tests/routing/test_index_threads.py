"""Routes are added by one thread while others match."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from compatshim.routing import IndexedMapper

ROUTES = 150
READERS = 3

pytestmark = pytest.mark.usefixtures("often_switched_threads")


def run(writers, reader):
    """Run all at once, ``reader`` again and again until all ``writers`` are done."""
    threads = len(writers) + READERS
    start, done = threading.Barrier(threads, timeout=60), threading.Event()

    def write(writer):
        start.wait()
        writer()

    def read():
        start.wait()
        while not done.is_set():
            reader()

    with ThreadPoolExecutor(threads) as pool:
        reading = [pool.submit(read) for _ in range(READERS)]
        writing = [pool.submit(write, writer) for writer in writers]
        try:
            for future in writing:
                future.result()
        finally:
            done.set()
        for future in reading:
            future.result()


def test_route_is_found_once_it_is_connected():
    mapper = IndexedMapper(register=False)
    connected = []

    def connect():
        for number in range(ROUTES):
            # other arguments each time: Routes keeps them in one more table
            mapper.connect(f"/page{number}/{{x{number}}}", action=f"a{number}")
            connected.append(number)

    def match():
        for number in connected[-3:]:
            found, route = mapper.routematch(f"/page{number}/b")
            assert found == {f"x{number}": "b", "action": f"a{number}"}
            assert route.routepath == f"/page{number}/{{x{number}}}"
        # what may be there by now is found whole or not at all
        coming = len(connected)
        found = mapper.match(f"/page{coming}/b")
        assert found in (None, {f"x{coming}": "b", "action": f"a{coming}"})

    run([connect], match)
    assert len(mapper.matchlist) == ROUTES


def test_several_threads_connect():
    mapper = IndexedMapper(register=False)

    def connecting(letter):
        def connect():
            for number in range(ROUTES // 3):
                mapper.connect(f"/{letter}{number}/{{{letter}{number}}}")

        return connect

    run([connecting(letter) for letter in "abc"], lambda: mapper.match("/a0/x"))
    for letter in "abc":
        for number in range(ROUTES // 3):
            name = f"{letter}{number}"
            assert mapper.match(f"/{name}/x") == {name: "x"}


def is_free(lock):
    acquired = lock.acquire(blocking=False)
    if acquired:
        lock.release()
    return acquired


def test_no_match_sees_a_redirect_before_it_is_one():
    free = []

    class Watched(IndexedMapper):
        def connect(self, *args, **kargs):
            super().connect(*args, **kargs)
            with ThreadPoolExecutor(1) as pool:
                # whoever sees a new route needs the lock
                free.append(pool.submit(is_free, self.create_regs_lock).result())

    Watched(register=False).redirect("/old", "/new")
    assert free == [False, False]


def test_regular_expressions_made_again():
    mapper = IndexedMapper(register=False)
    for number in range(30):
        mapper.connect(f"/page{number}")

    def make():
        for _ in range(20):
            mapper.create_regs()

    def match():
        assert mapper.match("/page0") == mapper.match("/page29") == {}

    run([make], match)


def test_first_match_by_several_threads_at_once():
    mapper = IndexedMapper(register=False)
    for number in range(100):
        mapper.connect(f"/page{number}")
    barrier = threading.Barrier(READERS, timeout=60)

    def match():
        barrier.wait()
        return mapper.match("/page99")

    with ThreadPoolExecutor(READERS) as pool:
        futures = [pool.submit(match) for _ in range(READERS)]
    assert [future.result() for future in futures] == [{}] * READERS
