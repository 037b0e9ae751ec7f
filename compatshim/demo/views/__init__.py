"""The Flask side: one blueprint in each module."""

from __future__ import annotations
