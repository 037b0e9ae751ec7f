"""A browser, as far as ``compatshim demo --check`` needs one."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

__all__ = ["Answer", "Request", "Visitor"]

_FILE_NAME = "check.txt"
_TIMEOUT = 30


@dataclass(frozen=True)
class Request:
    """What to ask for; a form can have a ``file``, and has the CSRF token if told."""

    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None
    with_token: bool = True


@dataclass(frozen=True)
class Answer:
    """A response, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def served_by(self) -> str:
        return self.headers.get("x-served-by", "unknown")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Visitor:
    """Keeps cookies, and the CSRF token of the last page that had one."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, request: Request) -> Answer:
        body, headers = self._body(request)
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=_TIMEOUT)
        try:
            connection.request(request.method, request.path, body, headers)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, received, response.read())
            self._remember(response.headers.get_all("Set-Cookie") or [], answer)
        finally:
            connection.close()
        return answer

    def _remember(self, set_cookies: list[str], answer: Answer) -> None:
        for text in set_cookies:
            for name, morsel in SimpleCookie(text).items():
                self.cookies[name] = morsel.value
        if answer.headers.get("content-type", "").startswith("text/html"):
            found = re.search('name="csrf_token" value="([^"]+)"', answer.text)
            self.token = found[1] if found else self.token

    def _body(self, request: Request) -> tuple[bytes | None, dict[str, str]]:
        if request.method != "POST":
            return None, {}
        fields = dict(request.form)
        if request.with_token:
            fields["csrf_token"] = self.token
        if request.file is None:
            kind = "application/x-www-form-urlencoded"
            return urlencode(fields).encode(), {"Content-Type": kind}
        boundary = secrets.token_hex(16)
        kind = f"multipart/form-data; boundary={boundary}"
        return _multipart(boundary, fields, request.file), {"Content-Type": kind}


def _multipart(boundary: str, fields: dict[str, str], file: bytes) -> bytes:
    start = f"--{boundary}\r\nContent-Disposition: form-data; name="
    parts = [f'{start}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    parts.append(
        f'{start}"attachment"; filename="{_FILE_NAME}"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    )
    return "".join(parts).encode() + file + f"\r\n--{boundary}--\r\n".encode()
