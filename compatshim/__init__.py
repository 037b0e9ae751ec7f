"""Serve a legacy WebOb + Routes application and a Flask application as one.

``from compatshim import CompatShim`` is the Flask extension that joins them;
``compatshim.common`` is what shared code imports. Importing this package alone loads
no web framework.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compatshim.extension import CompatShim as CompatShim

__all__ = ["CompatShim", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "CompatShim":
        from compatshim.extension import CompatShim

        return CompatShim
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _install_alias() -> None:
    # Here, so that it is there before anything of the legacy application is imported.
    from compatshim.deprecation.aliasing import install_alias_of

    install_alias_of(os.environ, "COMPATSHIM_ALIAS")


if "COMPATSHIM_ALIAS" in os.environ:
    _install_alias()
