from __future__ import annotations

import codecs
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from compatshim.migrate.sources import decode, read_bytes, read_source

if TYPE_CHECKING:
    from pathlib import Path

# The name that says it, the name of Python's codec, and text that it has.
ENCODINGS = [
    ("utf-8", "utf-8", "é 世 😀"),
    ("latin-1", "iso8859-1", "é ÿ"),
    ("iso-8859-15", "iso8859-15", "€ é"),
    ("latin-1-unix", "iso8859-1", "é"),
    ("utf-8-unix", "utf-8", "é"),
    ("cp1252", "cp1252", "€ é"),
    ("cp932", "cp932", "世界 ｱ 表"),
    ("gbk", "gbk", "世界"),
    ("euc-jp", "euc_jp", "世界"),
    ("iso-2022-jp", "iso2022_jp", "世界"),
    ("koi8-r", "koi8-r", "мир"),
]


@pytest.mark.parametrize(("name", "codec", "text"), ENCODINGS)
@pytest.mark.parametrize("before", ["", "#!/usr/bin/python\n", "\n", " \f# hm\n"])
@pytest.mark.parametrize(
    "cookie", ["# -*- coding: {} -*-", "#coding={}", "# vim: set fileencoding={} :"]
)
def test_a_cookie(name: str, codec: str, text: str, before: str, cookie: str) -> None:
    whole = f"{before}{cookie.format(name)}\nx = '{text}'\n"
    data = whole.encode(codec)
    source = decode("a.py", data)
    assert source.problem is None
    assert source.encoding == codec
    assert source.text.decode() == whole
    assert source.encode(text) == text.encode(codec)


@pytest.mark.parametrize(
    ("bom", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark(bom: bytes, codec: str) -> None:
    whole = "# coding: latin-1\nx = 'é😀'\n"
    source = decode("a.py", bom + whole.encode(codec))
    assert source.encoding == codec
    assert source.bom == bom
    assert source.text.decode() == whole
    start, end = source.original(source.text.index(b"x"), len(source.text))
    assert source.data[start:end].decode(codec) == "x = 'é😀'\n"


@pytest.mark.parametrize(
    "data",
    [
        b"x = 1\n\n# coding: latin-1\n",  # in the third line
        b"x = 1\n# coding: latin-1\n",  # after code
        b"x = '# coding: latin-1'\n",
        b"",
    ],
)
def test_no_cookie(data: bytes) -> None:
    assert decode("a.py", data).encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = '\xe9'\n", "utf-8"),
        (b"# coding: utf-8\nx = '\xe9'\n", "utf-8"),
        (b"# coding: ascii\nx = '\xe9'\n", "ascii"),
        (b"# coding: gbk\nx = '\xff'\n", "gbk"),
        (b"# coding: no-such-thing\nx = '\xc3\xa9'\n", "no-such-thing"),
        (b"# coding: rot13\nx = 1\n", "rot13"),
        (b"# coding: base64\nx = 1\n", "base64"),
        (codecs.BOM_UTF16_LE + b"x\x00\x00\xd8", "utf-16-le"),
        # What has no characters for what it says is not what it says.
        (b"# coding: utf-16\nx = 1\n", "utf-16"),
        (b"# coding: utf-16\nx = 11\n", "utf-16"),
        (b"# coding: utf-32\nx = 1\n", "utf-32"),
        (b"# coding: cp037\nx = 1\n", "cp037"),
        # These are codecs, but not of files.
        (b"# coding: idna\nx = 1\n", "idna"),
        (b"# coding: punycode\nx = 1\n", "punycode"),
        (b"# coding: undefined\nx = 1\n", "undefined"),
        ("x = 1\n".encode("utf-16-le"), "no byte order mark"),
        ("x = 1\n".encode("utf-16-be"), "no byte order mark"),
    ],
)
def test_what_is_not_what_it_says_is_read_all_the_same(
    data: bytes, reason: str
) -> None:
    source = decode("a.py", data)
    assert source.problem is not None
    assert reason in source.problem
    assert b"x" in source.text
    source.text.decode()


@pytest.mark.parametrize(
    ("data", "newline"),
    [
        (b"", "\n"),
        (b"a\nb\r\n c\n", "\n"),
        (b"a\r\nb\nc\r\n", "\r\n"),
        (b"a\rb\r\n", "\r"),
        ("a\r\nb\r\n".encode("utf-16"), "\r\n"),
    ],
)
def test_line_endings(data: bytes, newline: str) -> None:
    source = decode("a.py", data)
    if newline == "\r":
        assert source.text == b"a\nb\r\n"  # a parser knows no lone "\r"
    else:
        assert source.newline == newline


def test_positions_count_characters() -> None:
    source = decode("a.py", "x\né = y\n".encode())
    assert source.position(0) == (1, 1)
    assert source.position(source.text.index(b"y")) == (2, 5)


def test_a_cookie_after_a_long_line() -> None:
    line = "é" * 1000
    data = f"# {line}\n# coding: latin-1\nx = 1\n".encode("latin-1")
    source = decode("a.py", data)
    assert (source.encoding, source.problem) == ("iso8859-1", None)


def test_text_without_a_byte_order_mark_is_read() -> None:
    source = decode("a.py", "import x\n".encode("utf-16-be"))
    assert source.text == b"import x\n"


def test_each_position_of_a_text() -> None:
    source = decode("a.py", "é\n\nab\n".encode())
    offsets = [0, 2, 3, 4, 5, 6, 7]
    assert [source.position(offset) for offset in offsets] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (3, 1),
        (3, 2),
        (3, 3),
        (4, 1),
    ]


def test_each_position_of_a_text_without_a_last_line_end() -> None:
    source = decode("a.py", b"a\r\nb")
    assert [source.position(offset) for offset in range(5)] == [
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 1),
        (2, 2),
    ]


def test_what_might_never_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(OSError, match="no regular file"):
            read_bytes(path)


def test_what_is_larger_than_any_source_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.touch()
    os.truncate(path, 20_000_000_000)  # a hole
    with pytest.raises(OSError, match="larger than 16 MB"):
        read_bytes(path)


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x = 1\n")
    source = read_source(path)
    assert (source.path, source.data) == (str(path), b"x = 1\n")
    with pytest.raises(OSError, match="missing"):
        read_source(tmp_path / "missing.py")


CODECS = [codec for _, codec, _ in ENCODINGS if codec != "utf-8"]


@settings(deadline=None)
@given(st.data())
def test_ranges_of_the_text_are_ranges_of_the_bytes(data: st.DataObject) -> None:
    codec = data.draw(st.sampled_from([*CODECS, "utf-8", "utf-16-le", "gb18030"]))
    pieces = [
        piece
        for piece in data.draw(st.lists(st.text(max_size=5), max_size=6))
        if piece.encode(codec, "ignore").decode(codec, "ignore") == piece
    ]
    head = "" if codec == "utf-16-le" else f"# coding: {codec}\n"
    bom = codecs.BOM_UTF16_LE if codec == "utf-16-le" else b""
    text = head + "\n".join(f"{piece}\nimport x" for piece in pieces)
    source = decode("a.py", bom + text.encode(codec))
    assert source.problem is None
    offset = 0
    while (start := source.text.find(b"\nimport x", offset)) >= 0:
        span = source.original(start + 1, start + 9)
        assert source.data[slice(*span)] == "import x".encode(codec)
        offset = start + 1
