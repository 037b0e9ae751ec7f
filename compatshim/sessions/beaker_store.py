"""The store and the cookie of a legacy site's Beaker sessions, used as they are."""

from __future__ import annotations

import contextlib
import importlib
import logging
import re
import secrets
from http.cookies import CookieError
from typing import TYPE_CHECKING, Any

from beaker.cache import clsmap
from beaker.container import OpenResourceNamespaceManager
from beaker.cookie import SimpleCookie
from beaker.exceptions import BeakerException
from beaker.session import CookieSession, InvalidSignature, Session, SignedCookie
from flask.sessions import session_json_serializer

from compatshim.errors import BeakerOptionError, SessionTooLargeError
from compatshim.sessions.beaker_memcached import memcached_namespace
from compatshim.sessions.beaker_serializing import TaggedBeakerJSON, check_serializable
from compatshim.sessions.values import keeps_by_own_tag

if TYPE_CHECKING:
    from flask import Response

__all__ = ["INTERNAL_KEYS", "BeakerStore", "add_cookie", "expire_cookie"]

log = logging.getLogger(__name__)

INTERNAL_KEYS = frozenset(
    {"_accessed_time", "_creation_time", "_domain", "_expires", "_id", "_path"}
)
"""What Beaker keeps for itself in a session."""

# Beaker has made ids of MD5, of SHA-1 and of random UUIDs, all in hexadecimal digits; a
# site's own session class may do otherwise. What is no id never reaches the store, where
# it would be a file's name or a key.
_ID = re.compile(r"[0-9A-Za-z_-]{8,200}")

# Where the store's library says that the store has failed; the rest is OSError.
_FAILURES = {
    "ext:database": ("sqlalchemy.exc", "SQLAlchemyError"),
    "ext:mongodb": ("pymongo.errors", "PyMongoError"),
    "ext:redis": ("redis.exceptions", "RedisError"),
    "ext:rediscluster": ("redis.exceptions", "RedisError"),
    "ext:sqla": ("sqlalchemy.exc", "SQLAlchemyError"),
}


class BeakerStore:
    """Beaker's sessions of one site.

    ``options`` are those of :func:`compatshim.sessions.beaker_options.options_from`.
    Sessions are Beaker's own objects. Raises ``BeakerOptionError`` where Beaker cannot
    make sessions of the options.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.key: str = options["key"]
        self.is_cookie_only = options["type"] == "cookie"
        # The decision about what is corrupt is taken here: Beaker takes a store that is
        # down for a store full of corrupt sessions.
        self._arguments = {**options, "invalidate_corrupt": False}
        if options["data_serializer"] == "json":
            self._arguments["data_serializer"] = TaggedBeakerJSON()
        if options["type"] == "ext:memcached":
            self._arguments.setdefault("namespace_class", memcached_namespace)
        own_class = self._arguments.pop("session_class", None)
        self._class = own_class or (CookieSession if self.is_cookie_only else Session)
        self._failures: tuple[type[Exception], ...] = (
            OSError,
            *self._failures_of_library(),
        )
        self._check()

    def _failures_of_library(self) -> tuple[type[Exception], ...]:
        if self.is_cookie_only:
            return ()
        found: tuple[type[Exception], ...] = (BeakerException,)
        if self.options["type"] in _FAILURES:
            module, name = _FAILURES[self.options["type"]]
            try:
                found += (getattr(importlib.import_module(module), name),)
                # Which Beaker 1.12 forgets for ext:database.
                clsmap[self.options["type"]]._init_dependencies()  # noqa: SLF001
            except ImportError as error:
                raise BeakerOptionError(
                    f"type = {self.options['type']} lacks its library ({error})"
                ) from None
        return found

    def _check(self) -> None:
        if self.options.get("encrypt_key") and not self.options.get("validate_key"):
            raise BeakerOptionError("encrypt_key needs validate_key")
        try:
            self.new()
        except KeyError as error:  # of Beaker's table of types
            raise BeakerOptionError(f"there is no type = {error}") from None
        except (BeakerException, TypeError, ValueError) as error:
            raise BeakerOptionError(str(error)) from None

    @property
    def is_pickled(self) -> bool:
        """Whether what comes out of the store is unpickled.

        It is for every store outside of the process, whatever the serializer: Beaker's
        containers pickle what the serializer has made. A cookie-only session is as its
        serializer is.
        """
        if self.is_cookie_only:
            return bool(self.options["data_serializer"] == "pickle")
        return self._container != "memory"

    @property
    def _container(self) -> str:
        default = "file" if self.options.get("data_dir") else "memory"
        return self.options["type"] or default

    def warn_if_pickled(self, user: str) -> None:
        """Log, for the ``user`` of the store, that it can run code, if it can."""
        if not self.is_pickled:
            return
        danger = (
            "cookies are pickled: whoever knows their keys can run code in this process"
            if self.is_cookie_only
            else "store is pickled, with its JSON serializer too: whoever can write to"
            " it can run code in this process"
        )
        log.warning("%s: the Beaker session %s.", user, danger)

    def new(self) -> Any:
        """Return a new session, which nothing is stored of yet.

        Its id is made by :mod:`secrets`, of the length of Beaker's own.
        """
        session = self._make({"cookie": ""})
        ident = secrets.token_hex(16)
        if self.is_cookie_only:
            session["_id"] = ident
        else:
            session.id = ident
            # Beaker makes the cookie anew when its path is set.
            session.path = session.path
        return session

    def load(self, cookie_header: str) -> Any:
        """Return the visitor's session, or a new one.

        It is new where the cookie is missing, tampered with, or names no session that
        is stored, readable and not expired. A new session never has an id that the
        visitor chose. Raises what the store raises when it is down.
        """
        if not self._names_a_session(cookie_header):
            return self.new()
        try:
            session = self._make({"cookie": cookie_header})
        except self._failures:
            raise
        except BeakerException:  # the signature of a cookie-only session
            return self.new()
        except Exception as error:
            if not self.options["invalidate_corrupt"]:
                raise
            log.warning(
                "A Beaker session could not be read, and the visitor gets a new one: %s",
                type(error).__name__,
            )
            return self.new()
        return self.new() if self._is_void(session) else session

    def save(self, session: Any) -> None:
        """Store ``session``, or raise and leave what is stored as it is.

        Raises ``SessionValueError`` for a value that Beaker's serializer does not take,
        and ``SessionTooLargeError`` for what does not fit into a cookie.
        """
        # Beaker finds out what it cannot serialize with the stored session open for
        # writing, and stores an empty one then.
        check_serializable(session)
        try:
            session.save()
        except BeakerException as error:
            if not self.is_cookie_only:
                raise
            raise SessionTooLargeError(str(error)) from None

    def keeps(self, value: object) -> bool:
        """Return whether a value beyond TaggedJSON's comes back as it was."""
        if self.options["data_serializer"] == "json":
            return keeps_by_own_tag(session_json_serializer, value)
        try:
            self.new().serializer.dumps(value)
        except Exception:  # noqa: BLE001 (pickling runs the value's own methods)
            return False
        return True

    def keep_alive(self, session: Any) -> bool:
        """Store that ``session`` was read now; return whether the site stores that."""
        if not session.save_atime:
            return False
        # Beaker would store what this request has read and may have changed inside, and
        # over what others stored since.
        if self.is_cookie_only:
            now = self._make({**session.request})
            if "_expires" not in session:
                now.pop("_expires", None)
            session.accessed_dict = dict(now)
            session.save(accessed_only=True)
            return True
        now = self._stored(session.id)
        if not now.is_new:
            now.save(accessed_only=True)
        return True

    def has(self, session: Any) -> bool:
        """Return whether ``session`` is still stored; a cookie-only one always is."""
        return self.is_cookie_only or not self._stored(session.id).is_new

    def remove(self, session: Any) -> None:
        """Remove ``session`` from the store, if there is one."""
        namespace = getattr(session, "namespace", None)
        if isinstance(namespace, OpenResourceNamespaceManager):
            namespace.remove()
        elif namespace is not None:
            # Not remove(), which empties a whole memcached.
            namespace.acquire_write_lock()
            try:
                with contextlib.suppress(KeyError):
                    del namespace["session"]
            finally:
                namespace.release_write_lock()

    def remove_by_id(self, ident: str) -> None:
        """Remove the session with this id from the store, if there is one."""
        if not self.is_cookie_only and _ID.fullmatch(ident) is not None:
            self.remove(self._stored(ident))

    def _stored(self, ident: str) -> Any:
        """Return the session with this id; it is new where none is stored."""
        return self._make({}, id=ident, use_cookies=False)

    def _make(self, request: dict[str, Any], **arguments: Any) -> Any:
        return self._class(request, **{**self._arguments, **arguments})

    def _names_a_session(self, cookie_header: str) -> bool:
        if self.is_cookie_only:
            return bool(cookie_header)
        secret = self.options.get("secret")
        try:
            cookie = (
                SignedCookie(secret, cookie_header)
                if secret
                else SimpleCookie(cookie_header)
            )
        except CookieError:
            return False
        ident = cookie[self.key].value if self.key in cookie else None
        return (
            ident is not InvalidSignature
            and isinstance(ident, str)
            and _ID.fullmatch(ident) is not None
        )

    def _is_void(self, session: Any) -> bool:
        # Beaker empties an expired cookie-only session, and does not call it new.
        return session.is_new or (
            self.is_cookie_only and not session.keys() - INTERNAL_KEYS
        )


def add_cookie(session: Any, response: Response) -> None:
    """Add the ``Set-Cookie`` header, if Beaker wants one for ``session``."""
    request = session.request
    if request.get("set_cookie") and request.get("cookie_out"):
        response.headers.add("Set-Cookie", request["cookie_out"].strip())


def expire_cookie(session: Any, response: Response) -> None:
    """Add the ``Set-Cookie`` header that has the browser forget ``session``."""
    session.delete()
    add_cookie(session, response)
    response.vary.add("Cookie")
