# ruff: noqa: PLW0108 (the proxies are to be asked in the view, not here)
"""Uploads have the names of both libraries, under either framework."""

from __future__ import annotations

import io

import pytest

from compatshim.common import request


def multipart(*parts, boundary="cut"):
    """Return the body and the content type of a multipart form."""
    lines = []
    for head, content in parts:
        lines += [
            f"--{boundary}\r\nContent-Disposition: form-data; {head}".encode(),
            content,
        ]
    body = b"\r\n".join(lines) + f"\r\n--{boundary}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


UPLOAD = multipart(
    ('name="title"', b"\r\nA title"),
    (
        'name="document"; filename="read.txt"\r\n'
        "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\nX-Own: 1",
        b"\r\nhello",
    ),
)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: request.POST["document"].filename, "read.txt"),
        (lambda: request.POST["document"].file.read(), b"hello"),
        (lambda: request.POST["document"].value, b"hello"),
        (lambda: request.POST["document"].type, "text/plain"),
        (lambda: request.POST["document"].name, "document"),
        (lambda: request.params["document"].stream.read(), b"hello"),
        (lambda: request.files["document"].filename, "read.txt"),
        (lambda: request.files["document"].stream.read(), b"hello"),
        (lambda: request.files["document"].read(), b"hello"),
        (lambda: request.files["document"].mimetype, "text/plain"),
        (lambda: request.files["document"].content_type, "text/plain; charset=utf-8"),
        (lambda: request.files["document"].file.read(), b"hello"),
        (lambda: request.files["document"].value, b"hello"),
        (lambda: request.files["document"].type, "text/plain"),
        (lambda: request.files["document"].headers["X-Own"], "1"),
        (lambda: request.files["document"].content_length, 5),
        (lambda: request.files["document"] is request.POST["document"], True),
        (lambda: list(request.files), ["document"]),
        (lambda: list(request.form.items()), [("title", "A title")]),
        (lambda: sorted(request.POST), ["document", "title"]),
        (lambda: bool(request.POST["document"]), True),
        (lambda: hasattr(request.POST["document"], "filename"), True),
    ],
)
def test_upload_has_both_spellings(serve, read, expected):
    assert serve(read, method="POST", **UPLOAD).result == expected


@pytest.mark.parametrize("name", ["POST", "files"])
def test_upload_is_saved_to_a_path(serve, tmp_path, name):
    target = tmp_path / "saved.txt"
    serve(
        lambda: getattr(request, name)["document"].save(target), method="POST", **UPLOAD
    )
    assert target.read_bytes() == b"hello"


@pytest.mark.parametrize("name", ["POST", "files"])
def test_upload_is_saved_to_an_open_file(serve, name):
    target = io.BytesIO()
    serve(
        lambda: getattr(request, name)["document"].save(target), method="POST", **UPLOAD
    )
    assert target.getvalue() == b"hello"


def test_upload_with_a_non_ascii_file_name(serve):
    body = multipart(('name="document"; filename="Übersicht.txt"', b"\r\n\r\nx"))
    served = serve(
        lambda: (request.POST["document"].filename, request.files["document"].filename),
        method="POST",
        **body,
    )
    assert served.result == ("Übersicht.txt", "Übersicht.txt")


def test_two_uploads_in_one_field(serve):
    body = multipart(
        ('name="document"; filename="one.txt"', b"\r\n1"),
        ('name="document"; filename="two.txt"', b"\r\n2"),
    )
    served = serve(
        lambda: (
            [upload.filename for upload in request.POST.getall("document")],
            [upload.filename for upload in request.files.getlist("document")],
            request.POST["document"].filename,
            request.files["document"].filename,
        ),
        method="POST",
        **body,
    )
    names = ["one.txt", "two.txt"]
    assert served.result == (names, names, "two.txt", "one.txt")


def test_uploads_of_another_request_with_an_empty_file(serve):
    body = multipart(('name="document"; filename="empty.txt"', b"\r\n"))
    served = serve(
        lambda: (request.files["document"].filename, request.files["document"].read()),
        method="POST",
        **body,
    )
    assert served.result == ("empty.txt", b"")


def test_upload_field_without_a_chosen_file_is_empty(serve):
    body = multipart(('name="document"; filename=""', b"\r\n"))
    served = serve(
        lambda: (
            request.POST["document"],
            request.params["document"],
            [bool(file) for file in request.files.getlist("document")],
            request.files["document"].filename,
            request.files["document"].read(),
        ),
        method="POST",
        **body,
    )
    assert served.result == (b"", b"", [False], "", b"")


def test_part_of_a_form_in_an_unknown_charset_is_no_server_error(make_site):
    site = make_site()
    site.add("/page", lambda: str(len(request.POST)))
    head = 'name="document"; filename="a.txt"\r\nContent-Type: text/plain; charset=x'
    response = site.client.post("/page", **multipart((head, b"\r\nhello")))
    assert response.status_code in {200, 400}
