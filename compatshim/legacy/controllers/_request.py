"""The request class of a legacy application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from webob import Request as WebObRequest
from webob.exc import status_map
from werkzeug.exceptions import HTTPException as WerkzeugHTTPException

from compatshim.legacy.controllers._signing import unsigned
from compatshim.parsing.bodies import (
    FORM_TYPES,
    CopiedBody,
    keep_body,
    werkzeug_request,
)
from compatshim.parsing.forms import read_form
from compatshim.parsing.multidicts import FormDict, NoFormDict, ParamsDict, QueryDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Request as WerkzeugRequest

    from compatshim.parsing.forms import Form

__all__ = ["Request"]

_LANGUAGE_KEY = "pylons.language"
_QUERY_VARS_KEY = "webob._parsed_query_vars"  # where WebOb keeps them


def _readable(webob_property: Any, text: str, *errors: type[Exception]) -> Any:
    """Return the property, answering 400 where the client sent what it cannot read."""
    unreadable: tuple[type[Exception], ...] = (ValueError, *errors)

    def read(request: Request) -> Any:
        try:
            return webob_property.fget(request)
        except unreadable:
            request._refuse(400, text)  # noqa: SLF001 (a part of the class)

    return property(
        read, webob_property.fset, webob_property.fdel, webob_property.__doc__
    )


def _readable_header(name: str, webob_property: Any) -> Any:
    return _readable(webob_property, f"The header {name} cannot be read.")


class Request(WebObRequest):
    """The WebOb request, with the additions of Pylons 1.0's ``Request``.

    The body is read once for all, with the limits of the Flask application that serves
    beside it. Where the client sent what cannot be read, ``GET``, ``POST``, ``params``,
    ``cookies``, ``text`` and ``json`` raise WebOb's ``HTTPBadRequest``, and where it sent
    too much, its ``HTTPRequestEntityTooLarge``.
    """

    @property
    def werkzeug_request(self) -> WerkzeugRequest:
        """The Werkzeug request over the same ``environ``."""
        return werkzeug_request(self.environ)

    def _refuse(self, code: int, text: str | None) -> NoReturn:
        raise status_map[code](text)

    def make_body_seekable(self) -> None:
        """Keep the body where it can be read again, at its start."""
        try:
            keep_body(self.werkzeug_request)
        except WerkzeugHTTPException as error:
            self._refuse(error.code or 400, error.description)

    @property
    def body_file(self) -> Any:
        """The body as a file, which can be read again after ``seek(0)``."""
        if self.is_body_readable and not self.is_body_seekable:
            self.make_body_seekable()
        return super().body_file

    @body_file.setter
    def body_file(self, value: Any) -> None:
        WebObRequest.body_file.__set__(self, value)

    @body_file.deleter
    def body_file(self) -> None:
        WebObRequest.body_file.__delete__(self)

    def make_tempfile(self) -> CopiedBody:
        """Return the file into which WebOb copies a long body."""
        return CopiedBody()

    def _form(self) -> Form:
        try:
            return read_form(self.werkzeug_request)
        except WerkzeugHTTPException as error:
            self._refuse(error.code or 400, error.description)

    @property
    def GET(self) -> QueryDict:  # WebOb's name
        """The parameters in the query string."""
        try:
            found = super().GET
        except ValueError:
            self._refuse(400, "The query string is not UTF-8.")
        if not isinstance(found, QueryDict):
            found = QueryDict(found.items(), self.environ)
            self.environ[_QUERY_VARS_KEY] = found, self.query_string
        return found

    @property
    def POST(self) -> FormDict | NoFormDict:  # WebOb's name
        """The parameters and uploads in the body of a form."""
        content_type = self.content_type
        # As WebOb: without a type only what is posted.
        if content_type not in FORM_TYPES and (content_type or self.method != "POST"):
            return NoFormDict(f"Not an HTML form (Content-Type: {content_type})")
        form = self._form()
        if form.unreadable:
            self._refuse(400, form.unreadable)
        return form.fields

    @property
    def cookies(self) -> Any:
        """The cookies that the client sent, by name."""
        found = super().cookies
        try:
            len(found)  # it reads the header when it is first asked
        except ValueError:
            self._refuse(400, "The cookies are not UTF-8.")
        return found

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        WebObRequest.cookies.__set__(self, cookies)

    def as_text(self) -> str:
        """Return the request as it was sent; what is not UTF-8 as U+FFFD."""
        return str(self.as_bytes(), "utf-8", "replace")

    __str__ = as_text

    @property
    def params(self) -> ParamsDict:
        """The parameters of the query string, and then those in the body."""
        return ParamsDict(self.GET, self.POST)

    text = _readable(WebObRequest.text, "The body is not text.", LookupError)
    json_body = _readable(
        WebObRequest.json_body, "The body is not JSON.", LookupError, RecursionError
    )
    json = json_body
    path_info = upath_info = _readable(
        WebObRequest.path_info, "The path of the URL is not UTF-8."
    )
    script_name = uscript_name = _readable(
        WebObRequest.script_name, "The path of the URL is not UTF-8."
    )
    max_forwards = _readable_header("Max-Forwards", WebObRequest.max_forwards)
    date = _readable_header("Date", WebObRequest.date)
    if_modified_since = _readable_header(
        "If-Modified-Since", WebObRequest.if_modified_since
    )
    if_unmodified_since = _readable_header(
        "If-Unmodified-Since", WebObRequest.if_unmodified_since
    )
    if_range = _readable_header("If-Range", WebObRequest.if_range)

    @property
    def language(self) -> str:
        """The application's own language, kept for all request objects alike."""
        language: str | None = self.environ.get(_LANGUAGE_KEY)
        return self._application_language() if language is None else language

    @language.setter
    def language(self, language: str) -> None:
        self.environ[_LANGUAGE_KEY] = language

    def _application_language(self) -> str:
        return "en-us"

    def determine_browser_charset(self) -> Any:
        """Return ``accept_charset``."""
        return self.accept_charset

    @property
    def languages(self) -> list[str]:
        """The languages that the client asks for, the best first.

        As in Pylons, the application's own ``language`` takes the place of the first
        one that it matches and of all after it, or else it is added at the end.
        """
        wanted: list[str] = []
        ranges = self.accept_language.parsed or []
        for tag, quality in sorted(ranges, key=lambda item: -item[1]):
            if quality == 0:
                continue
            if _same_language(tag, self.language):
                break
            wanted.append(tag)
        return [*wanted, self.language]

    def match_accept(self, mimetypes: Sequence[str]) -> str | None:
        """Return the first of ``mimetypes`` that the client accepts, else the first."""
        offers = {offer for offer, _ in self.accept.acceptable_offers(mimetypes)}
        for mimetype in mimetypes:
            if mimetype in offers:
                return mimetype
        return mimetypes[0] if mimetypes else None

    def signed_cookie(self, name: str, secret: str | bytes) -> Any:
        """Return the data in a cookie that :meth:`Response.signed_cookie` has set.

        ``None`` where there is none, or its signature is not good.
        """
        return unsigned(name, self.cookies.get(name) or "", secret)


def _same_language(tag: str, language: str) -> bool:
    """Return whether a language range and a language are of one kind, to WebOb 1.0."""
    tag, language = tag.lower(), language.replace("_", "-").lower()
    return (
        tag in ("*", language, language.split("-")[0])
        or language == (tag.split("-")[0])
    )
