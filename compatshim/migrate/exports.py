"""Which names a module means to hand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compatshim.migrate.examined import Examined, LegacyImport

__all__ = ["is_exported"]


def is_exported(examined: Examined, one: LegacyImport) -> bool:
    """Tell whether a module hands an imported name on, as far as it says so.

    It does by ``__all__``, by giving the name as its own alias, and in the ``__init__``
    of a package by not using it.
    """
    if one.scope.kind != "module":
        return False
    is_package = examined.path.endswith("__init__.py")
    if one.name == "*":
        return is_package
    if one.statement.is_from and one.imported.asname == one.name:
        return True
    if one.bound in examined.listed_names:
        return True
    return is_package and not examined.scopes.is_used(one.bound)
