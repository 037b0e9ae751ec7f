"""The legacy side: Pylons controllers, one module for each.

Legacy is what they inherit from; everything else comes from ``compatshim.common``,
which is why little is left to do on the day one of them becomes a blueprint.
"""

from __future__ import annotations
