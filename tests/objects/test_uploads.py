"""An upload has the names of both libraries."""

from __future__ import annotations

import cgi
import io

import pytest
from werkzeug.datastructures import FileStorage, Headers

from compatshim.objects.uploads import Upload

BODY = (
    b'--x\r\nContent-Disposition: form-data; name="document"; filename="a.txt"\r\n'
    b"Content-Type: text/plain; charset=utf-8\r\nX-Own: 1\r\n\r\nhello\r\n--x--\r\n"
)


def make_storage():
    headers = Headers({"Content-Type": "text/plain; charset=utf-8", "X-Own": "1"})
    return FileStorage(io.BytesIO(b"hello"), "a.txt", "document", headers=headers)


def make_field():
    fields = cgi.FieldStorage(
        io.BytesIO(BODY),
        environ={
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(len(BODY)),
        },
    )
    return fields["document"]


MAKERS = [
    (make_storage, Upload.from_storage),
    (make_field, Upload.from_field),
]


@pytest.fixture(params=MAKERS, ids=["werkzeug", "webob"])
def upload(request):
    make, convert = request.param
    original = make()
    made = convert(original)
    yield made
    made.close()


@pytest.mark.parametrize(("make", "convert"), MAKERS, ids=["werkzeug", "webob"])
def test_upload_outlives_what_it_was_made_of(make, convert):
    upload = convert(make())
    with upload.stream as stream:
        assert stream.read() == b"hello"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("filename", "a.txt"),
        ("name", "document"),
        ("type", "text/plain"),
        ("mimetype", "text/plain"),
        ("content_type", "text/plain; charset=utf-8"),
        ("mimetype_params", {"charset": "utf-8"}),
        ("value", b"hello"),
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


def test_upload_is_true_and_a_file_storage(upload):
    assert bool(upload) is True
    assert isinstance(upload, FileStorage)
