"""The keys of sessions that mean the same on both sides: each pair is one value."""

from __future__ import annotations

__all__ = ["SESSION_TWINS"]

SESSION_TWINS = {
    "beaker.session.key": "SESSION_COOKIE_NAME",
    "beaker.session.secret": "SECRET_KEY",
    "beaker.session.cookie_domain": "SESSION_COOKIE_DOMAIN",
    "beaker.session.cookie_path": "SESSION_COOKIE_PATH",
    "beaker.session.secure": "SESSION_COOKIE_SECURE",
    "beaker.session.httponly": "SESSION_COOKIE_HTTPONLY",
    "beaker.session.samesite": "SESSION_COOKIE_SAMESITE",
}
"""Beaker's keys and the Flask keys that mean the same.

Only those are here whose values have the same type and meaning on both sides; so not
``beaker.session.timeout``, for one, which is no ``PERMANENT_SESSION_LIFETIME``.
"""
