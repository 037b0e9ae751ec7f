from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.demo.store import Attachment, Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compatshim.demo.scan import ScannedPackage


@pytest.fixture
def store(tmp_path: Path, make_package: Callable[..., ScannedPackage]) -> Store:
    store = Store(tmp_path)
    store.refresh(make_package(name) for name in ("a", "a-b", "b", "c_%"))
    return store


def edit(store: Store, name: str, **fields: Any) -> None:
    values: dict[str, Any] = {"summary": "Mine", "notes": "", "tags": ()}
    store.update(name, **{"attachment": None, **values, **fields})


def names(store: Store, query: str) -> list[str]:
    return [package.name for package in store.search(query, 10, 0)]


def test_search_wants_every_word(store: Store) -> None:
    assert names(store, "") == ["a", "a-b", "b", "c_%"]
    assert names(store, "does A-B") == ["a-b"]
    assert names(store, "a-b nothing") == []


@pytest.mark.parametrize("query", ["%", "_", "_%"])
def test_search_takes_wildcards_literally(store: Store, query: str) -> None:
    assert names(store, query) == ["c_%"]


def test_search_finds_tags_and_not_what_is_between_them(store: Store) -> None:
    edit(store, "b", tags=["web", "größe"])
    assert names(store, "größe") == ["b"]
    assert names(store, '"') == []


def test_search_with_very_many_words(store: Store) -> None:
    assert store.count("what " * 5000) == 4


def test_iterate_goes_on_where_the_last_batch_ended(store: Store) -> None:
    found = [package.name for package in store.iterate("", batch=2)]
    assert found == store.names()


def test_edits_survive_a_refresh(
    store: Store, make_package: Callable[..., ScannedPackage]
) -> None:
    edit(store, "a")
    store.refresh([make_package("a", version="2.0"), make_package("new")])
    package = store.get("a")
    assert package is not None
    assert (package.summary, package.version) == ("Mine", "2.0")
    assert store.names() == ["a", "new"]


def test_what_is_gone_but_edited_is_kept(store: Store) -> None:
    edit(store, "b")
    store.refresh([])
    assert store.names() == ["b"]


def test_a_replaced_file_is_removed(store: Store) -> None:
    first = store.keep_attachment("one.txt", b"1")
    edit(store, "a", attachment=first)
    second = store.keep_attachment("two.txt", b"2")
    edit(store, "a", attachment=second)
    assert [path.name for path in store.attachments.iterdir()] == [second.key]
    edit(store, "a", attachment=None)
    assert list(store.attachments.iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute", "absolute"),
        ("a\r\nb.txt", "a_b.txt"),
        ("..", "attachment"),
        ("ملف", "attachment"),
    ],
)
def test_file_names_of_a_sender_never_reach_the_disk(
    store: Store, sent: str, kept: str
) -> None:
    attachment = store.keep_attachment(sent, b"content")
    path = store.attachment_path(attachment)
    assert attachment == Attachment(attachment.key, kept, 7)
    assert path.parent == store.attachments
    assert path.read_bytes() == b"content"
    assert set(path.name) <= set("0123456789abcdef")


def test_recent_edits_are_the_latest_first(store: Store) -> None:
    edit(store, "b")
    edit(store, "a")
    assert [package.name for package in store.recently_edited(5)] == ["a", "b"]
    assert store.counts() == (4, 2, 0)


def test_threads_may_share_a_store(store: Store) -> None:
    threads = [
        threading.Thread(target=edit, args=(store, name)) for name in ("a", "b") * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.counts().edited == 2
