"""WebOb's multidicts, which also take Werkzeug's ``items(multi=...)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import webob.multidict

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FormDict", "NoFormDict", "ParamsDict", "QueryDict"]


class _ItemsOfBoth:
    """``items()`` as WebOb's: every pair. ``multi`` is Werkzeug's keyword."""

    def items(self: Any, multi: bool = True) -> Iterable[tuple[str, Any]]:
        """Return every pair; with ``multi=False`` one for each key, the last one."""
        pairs: Iterable[tuple[str, Any]] = super().items()  # type: ignore[misc]  # of the other base
        return pairs if multi else dict(pairs).items()


class QueryDict(_ItemsOfBoth, webob.multidict.GetDict):
    """The parameters of a query string: ``request.GET``."""


class FormDict(_ItemsOfBoth, webob.multidict.MultiDict):
    """The fields and uploads of a form: ``request.POST``."""


class NoFormDict(_ItemsOfBoth, webob.multidict.NoVars):
    """``request.POST`` of a request that brings no form; empty and read-only."""


class ParamsDict(_ItemsOfBoth, webob.multidict.NestedMultiDict):
    """Query and form together: ``request.params``."""
