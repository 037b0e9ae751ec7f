"""An uploaded file, with WebOb's and Werkzeug's spelling."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from webob.compat import cgi_FieldStorage
from werkzeug.datastructures import FileStorage

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Upload"]


class Upload(FileStorage, cgi_FieldStorage):
    """An uploaded file: Werkzeug's ``FileStorage``, with ``cgi.FieldStorage``'s names.

    ``file`` is the binary stream (as ``stream``), ``value`` all its bytes, and ``type``
    the media type without parameters (as ``mimetype``). An instance of both classes, so
    that code which asks for either goes on working. It is false where no file was
    chosen: then it has no ``filename``.
    """

    # What a cgi.FieldStorage has where it is no form of its own.
    list = None
    done = 1

    @classmethod
    def from_storage(cls, storage: FileStorage) -> Self:
        """Make one of a plain ``FileStorage``, around the same stream."""
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
    def type_options(self) -> dict[str, str]:
        """The parameters of the media type."""
        return self.mimetype_params

    @property
    def value(self) -> bytes:
        """The whole content; the stream is left at its start."""
        self.stream.seek(0)
        content = self.stream.read()
        self.stream.seek(0)
        return content

    def __del__(self) -> None:
        # Not as a FieldStorage, which closes its file: the stream may be in use.
        pass

    def __len__(self) -> Any:
        # The content_length is what the client says of it, and most say nothing.
        raise TypeError("an upload has no length: read it, or seek to its end and tell")
