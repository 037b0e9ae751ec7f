"""Translations and locale of a site, whoever serves.

What is said here holds wherever an application context is: in requests of either
framework, in commands, in jobs. ``languages`` has the rule that says which locale a visitor gets,
``babel`` makes Flask-Babel follow it, ``current`` has the functions, ``formats``
Flask-Babel's for dates and numbers, and ``translator`` is what legacy code has as
``pylons.translator``.
"""

from __future__ import annotations
