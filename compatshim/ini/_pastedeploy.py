"""PasteDeploy's loader over :class:`IniParser`: what needs PasteDeploy."""

from __future__ import annotations

import os.path
from configparser import InterpolationError
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from paste.deploy import loadwsgi

from compatshim.errors import IniError
from compatshim.ini import IniValues
from compatshim.ini._parser import IniParser

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["appconfig", "loadapp"]


def _protocols(kind: Any) -> frozenset[str]:
    return frozenset(name for names in kind.egg_protocols for name in names)


_APP_FACTORIES = _protocols(loadwsgi.APP)
_FACTORIES = _APP_FACTORIES | _protocols(loadwsgi.FILTER)

# The options that name other sections, or other files.
_USES = ("use", "next", "pipeline", "filter-with")

# In the place of a factory that is not wanted.
_NO_FACTORY = "egg:"


class _Reading:
    """One reading of an ini file, and of all that it uses.

    ``sections`` are those that were read, with their loaders, the first one first;
    ``unfinished`` those that wait for others. ``has_factory`` is whether one of them
    names what makes an application.
    """

    def __init__(self, with_factories: bool) -> None:
        self.with_factories = with_factories
        self.has_factory = False
        self.sections: list[tuple[_Loader, str]] = []
        self.unfinished: list[tuple[str, str]] = []

    def find_origin(self, key: str) -> tuple[str, int | None]:
        """Return the file and the line that give ``key`` its value."""
        for loader, section in self.sections:
            line = loader.parser.line_set(section, key)
            if line is not None:
                return loader.filename, line
        return self.sections[0][0].filename, None


class _Loader(loadwsgi.ConfigLoader):
    """PasteDeploy's ``ConfigLoader`` of one file.

    PasteDeploy asks ``get_context`` for each section and each thing that a section uses.
    """

    parser: IniParser

    def __init__(
        self, path: str, global_conf: dict[str, str], reading: _Reading
    ) -> None:
        # Not ConfigLoader's own, which reads what it is given as a default a second
        # time, so that a "%" in it is an error, and leaves the encoding to the locale.
        self.filename = os.path.abspath(path)
        self._here = os.path.dirname(self.filename)
        own = {"here": self._here, "__file__": self.filename}
        self.parser = IniParser(self.filename, {**global_conf, **own})
        self._reading = reading
        self._asked_for: str | None = None

    def get_context(
        self,
        object_type: Any,
        name: str | None = None,
        global_conf: dict[str, str] | None = None,
    ) -> Any:
        """Return PasteDeploy's ``LoaderContext`` of a section, or of a URI."""
        self._asked_for = name
        if name is not None and self.absolute_name(name):
            return self._get_elsewhere(object_type, name, global_conf or {})
        section = self._find_section(object_type, name)
        reading, place = self._reading, (self.filename, section)
        if place in reading.unfinished:
            raise IniError(self.filename, None, f"[{section}] uses itself")
        reading.sections.append((self, section))
        reading.unfinished.append(place)
        if not reading.with_factories:
            self._forget_factories(section)
        try:
            return super().get_context(object_type, name, global_conf)
        except InterpolationError as error:
            raise self.parser.interpolation_error(error) from None
        except IniError as error:
            if error.line is not None:
                raise
            raise self._at_the_use(section, error) from None
        except KeyError as error:
            # PasteDeploy's own, where "get x = y" finds no y.
            line = self._line_of_get(section, error.args[0])
            if line is None:
                raise
            reason = f"[DEFAULT] does not set {error}"
            raise IniError(self.filename, line, reason) from None
        except (LookupError, ImportError, AttributeError) as error:
            raise self._at_the_use(section, error) from error
        finally:
            reading.unfinished.pop()

    def _get_elsewhere(
        self, object_type: Any, uri: str, global_conf: dict[str, str]
    ) -> Any:
        scheme, _, rest = uri.partition(":")
        if scheme.lower() == "config":
            path, _, name = rest.partition("#")
            path = os.path.join(self._here, unquote(path.strip()))
            loader = _Loader(path, global_conf, self._reading)
            return loader.get_context(object_type, name or "main", global_conf)
        if self._reading.with_factories:
            return super().get_context(object_type, uri, global_conf)
        if object_type is loadwsgi.APP and uri != _NO_FACTORY:
            self._reading.has_factory = True
        return loadwsgi.LoaderContext(None, object_type, "", global_conf, {}, self)

    def _find_section(self, object_type: Any, name: str | None) -> str:
        try:
            section: str = self.find_config_section(object_type, name=name)
        except LookupError as error:
            wanted = name or "main"
            names = self.parser.sections()
            if any(found.partition(":")[2].strip() == wanted for found in names):
                # There are several, of this type or of others.
                raise IniError(self.filename, None, str(error)) from None
            kind = object_type.config_prefixes[0][0]
            there = ", ".join(
                f"[{found}] in line {self.parser.line_of(found)}" for found in names
            )
            reason = f"no section [{kind}:{wanted}]; there is {there or 'none at all'}"
            raise IniError(self.filename, None, reason) from None
        return section

    def _forget_factories(self, section: str) -> None:
        """Take away what would be imported."""
        if section.partition(":")[0] == "pipeline":
            return
        options = set(self.parser.options(section))
        self.parser.remove_option(section, "require")
        for option in options & _FACTORIES:
            self.parser.remove_option(section, option)
            self._reading.has_factory |= option in _APP_FACTORIES
        if "use" not in options:
            self.parser.set(section, "use", _NO_FACTORY)

    def _line_of_get(self, section: str, name: object) -> int | None:
        for option in self.parser.options(section):
            if option.startswith("get ") and self.parser.get(section, option) == name:
                return self.parser.line_of(section, option)
        return None

    def _at_the_use(self, section: str, error: Exception) -> IniError:
        """Return the error for what ``section`` uses and is not there."""
        reason = str(error)
        for option in (*_USES, *_FACTORIES):
            if self.parser.has_option(section, option):
                value = self.parser.get(section, option)
                if option in _FACTORIES or self._asked_for in (value, *value.split()):
                    line = self.parser.line_of(section, option)
                    return IniError(self.filename, line, reason)
        return IniError(self.filename, self.parser.line_of(section), reason)


def _context(
    path: str | PathLike[str],
    name: str,
    global_conf: dict[str, str],
    reading: _Reading,
) -> Any:
    loader = _Loader(os.fspath(path), global_conf, reading)
    return loader.get_context(loadwsgi.APP, name, global_conf)


def appconfig(
    path: str | PathLike[str], name: str, global_conf: dict[str, str]
) -> IniValues:
    """See :func:`compatshim.ini.appconfig`."""
    reading = _Reading(with_factories=False)
    context = _context(path, name, global_conf, reading)
    while True:
        behind = getattr(context, "app_context", None)
        behind = behind or getattr(context, "next_context", None)
        if behind is None:
            break
        context = behind
    return IniValues(
        context.global_conf,
        context.local_conf,
        reading.has_factory,
        reading.find_origin,
    )


def loadapp(path: str | PathLike[str], name: str, global_conf: dict[str, str]) -> Any:
    """See :func:`compatshim.ini.loadapp`."""
    return _context(path, name, global_conf, _Reading(with_factories=True)).create()
