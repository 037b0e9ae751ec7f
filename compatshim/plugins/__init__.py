"""Plugins: distributions, or objects, that add to a site on both sides.

A plugin is a class, an object or a module whose functions are marked with
:data:`hookimpl`; their names and arguments are those of :class:`Hooks`. It is found by an
entry point of the group ``compatshim.plugins``, or given to ``shim.register_plugin()``.
This package needs pluggy: ``pip install 'compatshim[plugins]'``.
"""

from __future__ import annotations

from compatshim.plugins.hooks import Hooks, hookimpl
from compatshim.plugins.loading import installed_plugins, load

__all__ = ["Hooks", "hookimpl", "installed_plugins", "load"]
