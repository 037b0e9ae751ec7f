"""The controllers that legacy applications inherit from, as ``pylons.controllers``."""

from __future__ import annotations

from compatshim.legacy.controllers.core import WSGIController

__all__ = ["WSGIController"]
