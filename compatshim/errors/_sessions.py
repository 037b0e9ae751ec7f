"""What a session cannot keep, and stores that do not work."""

from __future__ import annotations

from compatshim.errors._base import CompatShimError

__all__ = [
    "BeakerOptionError",
    "BeakerStoreError",
    "SessionTooLargeError",
    "SessionUnavailableError",
    "SessionValueError",
]


class SessionValueError(CompatShimError, TypeError):
    """A value was put into the session that would not come back as it was.

    ``key`` is the session's key, ``value_type`` the type that is refused, and ``path``
    where it stands: ``"session['cart'][0]"``.
    """

    def __init__(self, key: object, value_type: type, path: str, reason: str) -> None:
        self.key = key
        self.value_type = value_type
        self.path = path
        super().__init__(
            f"{path} cannot be kept in the session: {value_type.__qualname__!r} {reason}."
            " What comes back as it was: str, int, float, bool, None, bytes, uuid.UUID,"
            " markupsafe.Markup, aware datetimes of whole seconds, and lists, tuples and"
            " dicts with str keys of these. Convert it, such as by str(value) or"
            " value.isoformat(), or keep it elsewhere and its id in the session."
        )


class SessionUnavailableError(CompatShimError):
    """The store of the sessions failed, and is not to be done without.

    ``action`` is what failed (``"read"``, ``"stored"``, ``"renewed"``), ``interface``
    the name of the session interface's class. The store's own exception is the
    ``__cause__``.
    """

    def __init__(self, action: str, interface: str) -> None:
        self.action = action
        self.interface = interface
        super().__init__(
            f"The session could not be {action}: the store of {interface} does not"
            " answer as it should. Nothing of the session was stored in this request."
            ' With COMPATSHIM_SESSION_UNAVAILABLE = "empty" in app.config, pages are'
            " served with an empty session instead, and what they write is dropped."
        )


class SessionTooLargeError(CompatShimError, ValueError):
    """A session does not fit into the cookie that is to hold all of it.

    ``problem`` is what the session's library says.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"The session was not stored: {problem}. Browsers keep some 4000 bytes:"
            " put large values into a database and their ids into the session, or keep"
            " sessions in a store, such as beaker.session.type = ext:redis."
        )


class BeakerOptionError(CompatShimError, ValueError):
    """The ``beaker.session.*`` keys of a configuration make no Beaker session.

    ``problem`` is what Beaker says of them.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"Beaker cannot make sessions of this configuration: {problem}. The keys"
            " are those that the legacy site gave to beaker.middleware"
            ".SessionMiddleware: beaker.session.type, .data_dir, .url, .key, .secret,"
            " ... ."
        )


class BeakerStoreError(CompatShimError, ConnectionError):
    """The store of the Beaker sessions did not do its work.

    It is an ``OSError``, as what other stores raise: memcached's clients raise nothing.
    ``problem`` is what went wrong.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"{problem}: see that the servers in beaker.session.url run, and that a"
            " session is no larger than they take."
        )
