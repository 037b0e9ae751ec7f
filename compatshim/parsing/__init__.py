"""What is read out of a request: once, for both libraries, with both vocabularies.

Law: nothing here knows who serves, nor an application; the legacy runtime and the common
``request`` are made of it.
"""

from __future__ import annotations
