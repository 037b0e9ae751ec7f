"""The ``Authorization`` header, with WebOb's and Werkzeug's spelling."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from webob.descriptors import parse_auth
from werkzeug.datastructures import Authorization as WerkzeugAuthorization

__all__ = ["Authorization"]


class _Pair(NamedTuple):
    authtype: str
    params: Any


class Authorization(_Pair):
    """WebOb's pair of scheme and parameters, with the names of Werkzeug's object.

    ``authtype`` and ``params`` are what WebOb makes of the header. ``type``, ``token``,
    ``username``, ``password``, ``parameters``, ``get(name)`` and ``auth["name"]`` are
    Werkzeug's; where that cannot read the header they are ``None``.
    """

    werkzeug: WerkzeugAuthorization | None = None

    @classmethod
    def of(cls, header: str | None) -> Authorization | None:
        """Return what is in ``header``, or ``None`` where there is none."""
        if header is None:
            return None
        pair = cls(*parse_auth(header))
        with suppress(ValueError):  # no ASCII
            pair.werkzeug = WerkzeugAuthorization.from_header(header)
        return pair

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":  # Python's own, to which Werkzeug's answers None
            raise AttributeError(name)
        return None if self.werkzeug is None else getattr(self.werkzeug, name)

    def __getitem__(self, key: Any) -> Any:
        return self.get(key) if isinstance(key, str) else super().__getitem__(key)

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return a parameter, as Werkzeug reads them."""
        return default if self.werkzeug is None else self.werkzeug.get(name, default)
