"""Which framework owns a path, and what Routes' mapper makes of it.

Law: nothing here serves a request or reads a context variable. Everything is a function
of a route table and an ``environ``.
"""

from __future__ import annotations
