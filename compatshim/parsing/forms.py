"""The form in a request's body: parsed once, for both libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from compatshim.parsing.bodies import (
    FORM_KEY,
    POST_VARS_KEY,
    body_from_its_start,
    is_parsed,
)
from compatshim.parsing.multidicts import FormDict
from compatshim.parsing.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.datastructures import FileStorage, MultiDict
    from werkzeug.wrappers import Request

__all__ = ["Form", "read_form"]

_URLENCODED = "application/x-www-form-urlencoded"
_UTF_8 = ("utf-8", "utf8")


class Form(NamedTuple):
    """What was read out of a body.

    ``fields`` is WebOb's multidict of fields and uploads, ``form`` and ``files`` are
    Werkzeug's two. Where the body cannot be read as the form that it says it is,
    ``unreadable`` is what to tell the client: WebOb's names answer 400 then, while for
    Werkzeug's the form has what could be read. ``body`` is what it was read from.
    """

    fields: FormDict
    form: MultiDict[str, str]
    files: MultiDict[str, Upload]
    unreadable: str | None
    body: Any

    def share_with(self, request: Request) -> None:
        """Let ``request.form`` and ``request.files`` be these."""
        storage: Callable[[Any], Any] = request.parameter_storage_class
        request.form = storage(self.form)
        request.files = storage(self.files)


def read_form(request: Request) -> Form:
    """Return the form in the body of ``request``, which is parsed at the first call.

    By Werkzeug's parser, also for WebOb's names: two parsers would disagree about what
    is broken, and only Werkzeug's has limits. Raises ``RequestEntityTooLarge`` beyond
    them and ``ClientDisconnected``.
    """
    environ = request.environ
    known: Form | None = environ.get(FORM_KEY)
    if known is not None and known.body is environ.get("wsgi.input"):
        if not is_parsed(request):
            known.share_with(request)
        return known
    if known is None and is_parsed(request):
        form = _form_of(request.form, request.files, None, environ["wsgi.input"])
    else:
        form = _parse(request)
    environ[FORM_KEY] = form
    environ[POST_VARS_KEY] = form.fields, form.body
    return form


def _parse(request: Request) -> Form:
    mimetype = request.mimetype
    if "CONTENT_TYPE" not in request.environ and request.method == "POST":
        mimetype = _URLENCODED  # as WebOb takes it
    with body_from_its_start(request) as body:
        form, files, unreadable = _read(request, mimetype, body)
    found = _form_of(form, files, unreadable, body)
    if request.mimetype != mimetype:  # what is a form for WebOb only
        return found._replace(form=ImmutableMultiDict(), files=ImmutableMultiDict())
    found.share_with(request)
    return found


def _read(
    request: Request, mimetype: str, body: Any
) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage], str | None]:
    """Return the fields, the uploads, and what to say where they cannot be read."""
    parser = request.make_form_data_parser()
    parser.silent = False
    form: MultiDict[str, str] = ImmutableMultiDict()
    files: MultiDict[str, FileStorage] = ImmutableMultiDict()
    unreadable = None
    try:
        _, form, files = parser.parse(
            request.stream, mimetype, request.content_length, request.mimetype_params
        )
    except (ValueError, RequestEntityTooLarge) as error:
        # Up to 2.3 Werkzeug takes what is not ASCII for too much.
        if not isinstance(error.__cause__ or error, ValueError):
            raise
        unreadable = "The form data cannot be decoded."
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in _UTF_8:
        unreadable = f"The form data is not UTF-8, but {charset}."
    elif mimetype == _URLENCODED and _may_be_undecodable(form):
        body.seek(0)
        unreadable = unreadable or _undecodable(body.read())
    return form, files, unreadable


def _form_of(
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    unreadable: str | None,
    body: Any,
) -> Form:
    uploads = [
        (name, Upload.from_storage(storage))
        for name, storage in files.items(multi=True)
    ]
    fields = FormDict(form.items(multi=True))
    for name, upload in uploads:
        fields.add(name, upload or b"")  # no file chosen, as WebOb says it
    fields.pop(None, None)  # parts without a name
    return Form(fields, form, ImmutableMultiDict(uploads), unreadable, body)


def _may_be_undecodable(form: MultiDict[str, str]) -> bool:
    # Werkzeug keeps undecodable escapes as they are; up to 2.3 it put U+FFFD there, or
    # it found nothing.
    return not form or any(
        "%" in text or "\ufffd" in text
        for pair in form.items(multi=True)
        for text in pair
    )


def _undecodable(body: bytes) -> str | None:
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        return "The form data is not UTF-8."
    return None
