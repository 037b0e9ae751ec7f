"""A program of pieces, and where each of its ranges is from."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings, strategies as st

from compatshim.migrate.edits import Edit, edited_data, edited_text
from compatshim.migrate.extracts import Extract, Extraction
from compatshim.migrate.sources import Inside, decode

INSIDE = Inside("CS113", "template")


def extract(text: str, *pieces: tuple[str, str]) -> Extract:
    """Each piece is what is made up before it, and what is taken from ``text``."""
    source = decode("a.mako", text.encode())
    extraction = Extraction(source)
    for made_up, taken in pieces:
        extraction.make_up(made_up.encode())
        start = source.text.index(taken.encode())
        extraction.take(start, start + len(taken.encode()))
    return extraction.finish(INSIDE)


def test_ranges_and_places() -> None:
    found = extract(
        "é\n<é one>\n<two>\n", ("if 1: ", "one"), ("; x", "two"), ("\n", "")
    )
    assert found.text == b"if 1: one; xtwo\n"
    start = found.text.index(b"one")
    assert found.position(start) == (2, 4)
    assert found.in_whole(start, start + 3) == (7, 10)
    # What is made up around a range is not in the file.
    assert found.within(0, 10) == (6, 9)
    assert found.in_whole(0, 10) == (7, 10)
    assert found.lines(0, len(found.text)) == (2, 3)
    # What is made up as a whole is where what comes before it ends.
    assert found.in_whole(9, 11) == (10, 10)
    assert found.in_whole(0, 2) == (7, 7)
    assert found.within(0, 2) == (0, 0)


def test_without_pieces() -> None:
    found = extract("text", ("pass\n", ""))
    assert found.in_whole(0, 4) == (0, 0)
    assert found.position(0) == (1, 1)


def test_order_of_pieces() -> None:
    """A program may have the end of a file first."""
    found = extract("<one> <two>", ("", "two"), ("+", "one"))
    edits = [Edit(0, 3, "2"), Edit(4, 7, "1")]
    assert edited_text(found, edits) == b"2+1"
    assert edited_data(found, edits) == b"<1> <2>"


def test_indentation_of_new_lines() -> None:
    source = decode("a.mako", b"<%\n\tx = 1\r\n%>")
    extraction = Extraction(source)
    extraction.stand_in(b"   ", 3, 4, ("   ", "\t"))
    extraction.take(4, 11, ("   ", "\t"))
    found = extraction.finish(INSIDE)
    assert found.text == b"   x = 1\r\n"
    edit = Edit(3, 8, "a\r\n   b\r\n      c")
    assert edited_data(found, [edit]) == b"<%\n\ta\r\n\tb\r\n\t   c\r\n%>"
    # Its first line goes with the indentation that it has in the file.
    assert edited_data(found, [Edit(0, 10, "")]) == b"<%\n%>"


def test_nested() -> None:
    outer = extract("text <python 'doctest'>", ("\n", "python 'doctest'"))
    extraction = Extraction(outer)
    start = outer.text.index(b"doctest")
    extraction.take(start, start + 7)
    inner = extraction.finish(Inside("CS109", "string"))
    assert inner.whole is outer.outer
    assert inner.position(0) == (1, 15)
    assert inner.in_whole(3, 7) == (17, 21)
    assert edited_data(inner, [Edit(0, 3, "é")]) == "text <python 'étest'>".encode()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.text("x\n é", max_size=4), st.text("y\n é", max_size=4))),
    st.sampled_from(["utf-8", "latin-1", "utf-16-le"]),
    st.data(),
)
def test_every_range_of_a_piece_is_where_it_is_from(
    parts: list[tuple[str, str]], encoding: str, data: Any
) -> None:
    cookie = "#coding:latin-1\n" if encoding == "latin-1" else ""
    text = cookie + "".join(between + piece for between, piece in parts)
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    source = decode("a", mark + text.encode(encoding))
    assert source.problem is None
    extraction = Extraction(source)
    at = len(cookie.encode())
    for between, piece in parts:
        at += len(between.encode())
        extraction.make_up(between[::-1].encode())
        extraction.take(at, at + len(piece.encode()))
        at += len(piece.encode())
    found = extraction.finish(INSIDE)
    position = 0
    for between, piece in parts:
        position += len(between.encode())
        for index in range(len(piece)):
            start = position + len(piece[:index].encode())
            end = start + len(piece[index].encode())
            first, last = found.original(start, end)
            assert found.data[first:last] == piece[index].encode(encoding)
            assert (
                source.text[slice(*found.in_whole(start, end))]
                == (found.text[start:end])
            )
        position += len(piece.encode())
