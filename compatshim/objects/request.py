"""``request``: one view of a request, with both vocabularies, under every framework."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from webob.exc import HTTPBadRequest
from webob.multidict import MultiDict, NoVars
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict

from compatshim.bodies import CopiedBody
from compatshim.errors import NotForwardedError
from compatshim.legacy.controllers.util import Request as PylonsRequest
from compatshim.objects.errors import http_exception
from compatshim.objects.uploads import Upload
from compatshim.serving import is_flask_request

if TYPE_CHECKING:
    from collections.abc import Callable

    import flask
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["Request"]

_FIELDS_KEY = "compatshim.form_fields"
_MULTIPART = "multipart/form-data"
_FORM_TYPES = ("application/x-www-form-urlencoded", _MULTIPART)
_NEED_THE_BODY = frozenset({"data", "get_data", "get_json", "stream"})
_AT_ONCE = 64 * 1024  # bytes


class Request(PylonsRequest):
    """A request as shared code sees it, the same under every framework.

    WebOb's names (``params``, ``GET``, ``POST``, ``body``, ``path_qs`` ...) have WebOb's
    semantics, also those that both libraries know. All others are Werkzeug's and
    Flask's (``args``, ``form``, ``files``, ``get_json``, ``view_args`` ...) with theirs.
    Attributes set here stay with the request, as WebOb keeps them: in ``environ``.
    """

    _make_werkzeug_request: Callable[[], flask.Request]
    _werkzeug_request: flask.Request | None = None
    _when_body_is_copied: Callable[[CopiedBody], None] | None

    def __init__(
        self,
        environ: WSGIEnvironment,
        make_werkzeug_request: Callable[[], flask.Request],
        when_body_is_copied: Callable[[CopiedBody], None] | None = None,
    ) -> None:
        super().__init__(environ)
        self._make_werkzeug_request = make_werkzeug_request
        self._when_body_is_copied = when_body_is_copied

    @property
    def werkzeug_request(self) -> flask.Request:
        """The Flask request object over the same ``environ``."""
        if self._werkzeug_request is None:
            self._werkzeug_request = self._make_werkzeug_request()
        return self._werkzeug_request

    def __getattr__(self, name: str) -> Any:
        adhoc = self.environ.get("webob.adhoc_attrs", {})
        if name in adhoc:
            return adhoc[name]
        if name in _NEED_THE_BODY:
            self.make_body_seekable()
        try:
            return getattr(self.werkzeug_request, name)
        except AttributeError:
            raise NotForwardedError(
                f"request.{name}",
                "flask" if is_flask_request() else "legacy",
                "Neither WebOb nor Flask has a request attribute of this name.",
            ) from None

    @property
    def GET(self) -> MultiDict:
        """The query parameters as WebOb's MultiDict: a repeated key's last value.

        Answers 400 where they are not UTF-8.
        """
        try:
            return super().GET
        except HTTPBadRequest as error:
            raise http_exception(400, error.detail) from None

    @property
    def POST(self) -> MultiDict:
        """The form fields and uploads as WebOb's MultiDict.

        The body is parsed once, by the framework that serves; ``form``, ``files`` and
        ``values`` are made from the same result. Answers 400 to a form that cannot be
        read.
        """
        if is_flask_request() and self.content_type in _FORM_TYPES:
            fields = self._fields_of_flask
        else:
            fields = self._fields_of_webob
        if _FIELDS_KEY not in self.environ:
            self.environ[_FIELDS_KEY] = fields()
        return self.environ[_FIELDS_KEY]

    def _fields_of_flask(self) -> MultiDict:
        request = self.werkzeug_request
        if request.mimetype == _MULTIPART and not request.mimetype_params.get(
            "boundary"
        ):
            # Werkzeug would take it for an empty form.
            raise http_exception(400, "The form data has no boundary.")
        if not _is_parsed(request):
            self.make_body_seekable()
        fields = MultiDict(request.form.items(multi=True))
        for key, storage in request.files.items(multi=True):
            fields.add(key, Upload.from_storage(storage) if storage else b"")
        return fields

    def _fields_of_webob(self) -> MultiDict:
        try:
            post = super().POST
        except HTTPBadRequest as error:
            raise http_exception(400, error.detail) from None
        if isinstance(post, NoVars):
            return post
        return MultiDict(
            (key, Upload.from_field(value) if hasattr(value, "filename") else value)
            for key, value in post.items()
        )

    @PylonsRequest.text.getter  # type: ignore[untyped-decorator]
    def text(self) -> str:
        """Return the body as text, as WebOb's; answer 400 where it is none."""
        try:
            return super().text  # type: ignore[no-any-return]
        except UnicodeDecodeError:
            raise http_exception(400, "The body is not text.") from None

    @PylonsRequest.json_body.getter  # type: ignore[untyped-decorator]
    def json_body(self) -> Any:
        """Return the body as JSON, as WebOb's; answer 400 where it is none."""
        try:
            return super().json_body
        except ValueError:
            raise http_exception(400, "The body is not JSON.") from None

    json = json_body

    @property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The form fields as Werkzeug's ``form``: a repeated key's first value."""
        return ImmutableMultiDict(
            item for item in self._post_items() if not isinstance(item[1], Upload)
        )

    @property
    def files(self) -> ImmutableMultiDict[str, Upload]:
        """The uploads as Werkzeug's ``files``."""
        return ImmutableMultiDict(
            item for item in self._post_items() if isinstance(item[1], Upload)
        )

    @property
    def values(self) -> CombinedMultiDict[str, str]:
        """The query parameters and form fields as Werkzeug's ``values``."""
        sources = [self.werkzeug_request.args]
        if self.method in {"POST", "PUT", "PATCH"}:
            sources.append(self.form)
        return CombinedMultiDict(sources)

    def _post_items(self) -> list[tuple[str, Any]]:
        post = self.POST
        return [] if isinstance(post, NoVars) else list(post.items())

    def make_body_seekable(self) -> None:
        """Keep the body where both libraries find it, at its start.

        It is read through Werkzeug's stream, which keeps to the limits of the
        application. Raises ``NotForwardedError`` where Flask has parsed a form out of
        it before this object was asked.
        """
        if not self.is_body_seekable:
            self.body_file_raw = self._read_body()
            self.is_body_seekable: bool = True
        self.body_file_raw.seek(0)

    def _read_body(self) -> Any:
        request = self.werkzeug_request
        if _is_parsed(request):
            raise NotForwardedError(
                "request.body",
                "flask",
                "flask.request.form has read it: use compatshim.common.request first.",
            )
        if "stream" in vars(request):
            return BytesIO(request.get_data())
        body = CopiedBody()
        if self._when_body_is_copied is not None:
            self._when_body_is_copied(body)
        while chunk := request.stream.read(_AT_ONCE):
            body.write(chunk)
        if size := body.tell():
            self.environ["CONTENT_LENGTH"] = str(size)
        del request.stream  # it reads anew, from where the body is now
        return body


def _is_parsed(request: flask.Request) -> bool:
    return "form" in vars(request)
