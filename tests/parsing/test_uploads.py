"""An upload has the names of both libraries."""

from __future__ import annotations

import cgi
import gc
import io

import pytest
from werkzeug.datastructures import FileStorage, Headers

from compatshim.parsing.uploads import Upload


def make_storage():
    headers = Headers({"Content-Type": "text/plain; charset=utf-8", "X-Own": "1"})
    return FileStorage(io.BytesIO(b"hello"), "a.txt", "document", headers=headers)


@pytest.fixture
def upload():
    made = Upload.from_storage(make_storage())
    yield made
    made.close()


def test_upload_outlives_what_it_was_made_of():
    upload = Upload.from_storage(make_storage())
    gc.collect()
    with upload.stream as stream:
        assert stream.read() == b"hello"


def test_stream_outlives_the_upload():
    upload = Upload.from_storage(make_storage())
    stream = upload.stream
    del upload
    gc.collect()
    assert stream.read() == b"hello"


def test_upload_is_an_instance_of_both_libraries_classes(upload):
    assert isinstance(upload, FileStorage)
    assert isinstance(upload, cgi.FieldStorage)


def test_upload_has_no_length(upload):
    with pytest.raises(TypeError, match="seek to its end"):
        len(upload)


def test_repr_names_the_file(upload):
    assert "a.txt" in repr(upload)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("filename", "a.txt"),
        ("name", "document"),
        ("type", "text/plain"),
        ("mimetype", "text/plain"),
        ("content_type", "text/plain; charset=utf-8"),
        ("mimetype_params", {"charset": "utf-8"}),
        ("type_options", {"charset": "utf-8"}),
        ("list", None),
        ("value", b"hello"),
        ("content_length", 0),  # the client has not said it
    ],
)
def test_attribute(upload, name, expected):
    assert getattr(upload, name) == expected


def test_file_and_stream_are_one(upload):
    assert upload.file is upload.stream
    assert upload.file.read() == b"hello"


def test_value_is_the_whole_content_whatever_was_read(upload):
    upload.read(3)
    assert (upload.value, upload.read()) == (b"hello", b"hello")


def test_header(upload):
    assert upload.headers["X-Own"] == "1"


def test_upload_is_saved_to_a_path(upload, tmp_path):
    upload.save(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == b"hello"


def test_upload_is_saved_to_an_open_file(upload):
    target = io.BytesIO()
    upload.save(target)
    assert target.getvalue() == b"hello"


def test_lines_are_iterated(upload):
    assert list(upload) == [b"hello"]


def test_upload_is_true():
    assert bool(Upload(io.BytesIO(b""), "a.txt")) is True


def test_upload_without_a_chosen_file_is_false():
    assert bool(Upload(io.BytesIO(b""), "")) is False
