"""Cookie values with a signature, as text without pickled data."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

__all__ = ["signed", "unsigned"]

_SIGNATURE_LENGTH = 64


def signed(name: str, data: Any, secret: str | bytes) -> str:
    """Return a cookie value for ``data`` that only holders of ``secret`` can make."""
    payload = base64.urlsafe_b64encode(json.dumps(data).encode())
    return _signature(name, payload, secret) + payload.decode()


def unsigned(name: str, value: str, secret: str | bytes) -> Any:
    """Return the data in a cookie value, or ``None`` if its signature is not good."""
    signature, payload = value[:_SIGNATURE_LENGTH], value[_SIGNATURE_LENGTH:].encode()
    expected = _signature(name, payload, secret)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    return json.loads(base64.urlsafe_b64decode(payload))


def _signature(name: str, payload: bytes, secret: str | bytes) -> str:
    if not secret:
        raise ValueError("a signed cookie needs a secret")
    key = secret.encode() if isinstance(secret, str) else secret
    # The name is signed too: a value is good for the cookie it was made for only.
    return hmac.new(key, b"%b=%b" % (name.encode(), payload), "sha256").hexdigest()
