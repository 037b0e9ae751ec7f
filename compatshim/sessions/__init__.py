"""The sessions of a site that two frameworks serve.

``interface`` stands before whatever session interface the application has; ``values``
says what a session keeps, ``storing`` until when it can be changed, and ``unavailable``
what happens where its store is down.
``beaker`` is an interface for the sessions that a legacy site already has, and
``adoption`` the way from these to the application's own.
"""

from __future__ import annotations
