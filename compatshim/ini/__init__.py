"""PasteDeploy's ini files, which legacy sites are deployed with.

:func:`appconfig` and :func:`loadapp` read a file as PasteDeploy's functions of the same
names do, with two additions: ``%(ENV_NAME)s`` is the environment variable ``NAME``,
taken literally, and what is wrong with a file is an ``IniError`` that names its line.
They need PasteDeploy (``pip install 'compatshim[ini]'``); the converters for values,
:func:`asbool`, :func:`asint` and :func:`aslist`, need nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.deprecation.aliasing import INI_KEY, install_alias_of
from compatshim.errors import MissingExtraError
from compatshim.ini.converters import asbool, asint, aslist

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike
    from types import ModuleType

    from _typeshed.wsgi import WSGIApplication

__all__ = ["IniValues", "appconfig", "asbool", "asint", "aslist", "loadapp"]


class IniValues(dict[str, str]):
    """The values of one application of an ini file, those of ``[DEFAULT]`` included.

    ``global_conf`` are the latter, ``local_conf`` the section's own, which win;
    ``has_factory`` says whether the section names what makes an application of them;
    ``find_origin`` returns the file and the line of a key.
    """

    def __init__(
        self,
        global_conf: Mapping[str, str],
        local_conf: Mapping[str, str],
        has_factory: bool,
        find_origin: Callable[[str], tuple[str, int | None]],
    ) -> None:
        super().__init__({**global_conf, **local_conf})
        self.global_conf = dict(global_conf)
        self.local_conf = dict(local_conf)
        self.has_factory = has_factory
        self.find_origin = find_origin


def appconfig(
    path: str | PathLike[str],
    name: str = "main",
    global_conf: Mapping[str, str] | None = None,
) -> IniValues:
    """Return the values of the section ``[app:name]``, and of what it builds upon.

    Where ``name`` is a pipeline or a filter, they are those of the application behind
    it. No factory is imported. ``global_conf`` comes before the values of ``[DEFAULT]``.
    Raises ``IniError``, and ``MissingExtraError`` without PasteDeploy.
    """
    values: IniValues = _loader().appconfig(path, name, dict(global_conf or {}))
    return values


def loadapp(
    path: str | PathLike[str],
    name: str = "main",
    global_conf: Mapping[str, str] | None = None,
) -> WSGIApplication:
    """Return the application that the factory of ``[app:name]`` makes.

    The factory is called with ``(global_conf, **app_conf)``. Where the key
    ``compatshim.alias`` names one, :func:`compatshim.legacy.install_alias` is called
    before the factory is imported. Raises as :func:`appconfig` does, ``AliasError``, and
    what the factory raises.
    """
    install_alias_of(appconfig(path, name, global_conf), INI_KEY)
    app: Any = _loader().loadapp(path, name, dict(global_conf or {}))
    return app  # type: ignore[no-any-return]


def _loader() -> ModuleType:
    try:
        from compatshim.ini import _pastedeploy
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "paste":
            raise
        raise MissingExtraError("An ini file", "ini") from None
    return _pastedeploy
