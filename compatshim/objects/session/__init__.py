"""``session``: one session for both sides, with Flask's and Beaker's vocabulary."""

from __future__ import annotations

from compatshim.objects.session.mapping import refuse_where_stored
from compatshim.objects.session.opening import open_session
from compatshim.objects.session.session import Session

__all__ = ["Session", "open_session", "refuse_where_stored"]
