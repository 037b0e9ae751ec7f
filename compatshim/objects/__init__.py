"""What the common objects forward to: one file for each, and what they share.

Law: these are descriptions of behaviour, the same under every framework. Who serves is
not asked here; ``frameworks/`` does that and puts the pieces together.
"""

from __future__ import annotations
