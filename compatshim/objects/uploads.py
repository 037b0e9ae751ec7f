"""An uploaded file, with WebOb's and Werkzeug's spelling."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from werkzeug.datastructures import FileStorage, Headers

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Upload"]


class Upload(FileStorage):
    """An uploaded file: Werkzeug's ``FileStorage``, with ``cgi.FieldStorage``'s names.

    ``file`` is the binary stream (as ``stream``), ``value`` all its bytes, and ``type``
    the media type without parameters (as ``mimetype``).
    """

    _field: Any = None

    @classmethod
    def from_field(cls, field: Any) -> Self:
        """Make one of a ``cgi.FieldStorage``, WebOb's kind of upload."""
        headers = Headers(list(field.headers.items()))
        upload = cls(field.file, field.filename, field.name, headers=headers)
        upload._field = field  # which closes its file when it is collected
        return upload

    @classmethod
    def from_storage(cls, storage: FileStorage) -> Self:
        """Make one of a plain ``FileStorage``, Werkzeug's kind of upload."""
        return cls(
            storage.stream, storage.filename, storage.name, headers=storage.headers
        )

    @property
    def file(self) -> IO[bytes]:
        """The binary stream of the content."""
        return self.stream

    @property
    def type(self) -> str:
        """The media type that the client gave, without parameters."""
        return self.mimetype

    @property
    def value(self) -> bytes:
        """The whole content; the stream is left at its start."""
        self.stream.seek(0)
        content = self.stream.read()
        self.stream.seek(0)
        return content
