"""The text of one ini file: its values, its lines, and what is wrong with it."""

from __future__ import annotations

import configparser
import os
from collections import ChainMap
from typing import TYPE_CHECKING, Any

from compatshim.errors import IniError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["IniParser", "escape"]

_ENVIRONMENT = "ENV_"


def escape(value: str) -> str:
    """Return ``value`` so that interpolation gives it back as it is."""
    return value.replace("%", "%%")


class _Interpolation(configparser.BasicInterpolation):
    """``%(name)s`` as PasteDeploy has it, and ``%(ENV_NAME)s`` from the environment."""

    def __init__(self) -> None:
        self._environment = {
            f"{_ENVIRONMENT}{name}": escape(value) for name, value in os.environ.items()
        }

    def before_get(
        self, parser: Any, section: str, option: str, value: str, defaults: Any
    ) -> str:
        names = ChainMap(defaults, self._environment)
        return super().before_get(parser, section, option, value, names)


class IniParser(configparser.ConfigParser):
    """The parser of the file at ``path``, which it reads as UTF-8.

    ``defaults`` are the values that hold where ``[DEFAULT]`` has none, taken literally.
    Raises ``IniError`` where the file cannot be read or parsed.
    """

    def __init__(self, path: str, defaults: Mapping[str, str]) -> None:
        literal = {key: escape(value) for key, value in defaults.items()}
        super().__init__(literal, interpolation=_Interpolation())
        self._path = path
        self._text = _read(path)
        try:
            self.read_string(self._text, path)
        except configparser.Error as error:
            raise _parsing_error(path, error) from None

    def optionxform(self, optionstr: str) -> str:
        """Keep the case of keys."""
        return optionstr

    def defaults(self) -> Any:
        """Return the values of ``[DEFAULT]``, interpolated."""
        return {key: self.get(self.default_section, key) for key in super().defaults()}

    def line_of(self, section: str, option: str | None = None) -> int | None:
        """Return the line of an option, or of the section itself; ``None`` if none."""
        current = None
        for number, line in enumerate(self._text.split("\n"), start=1):
            header = self.SECTCRE.match(line.strip())
            if header is not None:
                current = header["header"]
                if current == section and option is None:
                    return number
            elif current == section:
                found = self.OPTCRE.match(line.strip())
                if found is not None and found["option"] == option:
                    return number
        return None

    def line_set(self, section: str, key: str) -> int | None:
        """Return the line that gives ``key`` its value in ``section``, or ``None``."""
        for option in (key, f"set {key}", f"get {key}"):
            line = self.line_of(section, option)
            if line is not None:
                return line
        return self.line_of(self.default_section, key)

    def interpolation_error(self, error: configparser.InterpolationError) -> IniError:
        """Return the error for a value that cannot be interpolated."""
        line = self.line_set(error.section, error.option)
        reason = f"the value of {error.option!r} cannot be interpolated"
        if isinstance(error, configparser.InterpolationMissingOptionError):
            name = error.reference
            reason = f"{error.option!r} uses %({name})s, "
            if name.startswith(_ENVIRONMENT):
                variable = name.removeprefix(_ENVIRONMENT)
                reason += f"and the environment has no variable {variable!r}"
            else:
                reason += f"which neither [{error.section}] nor [DEFAULT] sets"
        elif isinstance(error, configparser.InterpolationSyntaxError):
            reason = f"{error.option!r} has a '%' that begins no %(name)s: write '%%'"
        elif isinstance(error, configparser.InterpolationDepthError):
            reason = f"{error.option!r} refers to itself, or too deep"
        return IniError(self._path, line, reason)


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise IniError(path, None, error.strerror or str(error)) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise IniError(path, line, "this is not UTF-8") from None


def _parsing_error(path: str, error: configparser.Error) -> IniError:
    line = getattr(error, "lineno", None)
    if isinstance(error, configparser.DuplicateOptionError):
        return IniError(path, line, f"[{error.section}] sets {error.option!r} again")
    if isinstance(error, configparser.DuplicateSectionError):
        return IniError(path, line, f"there is a second [{error.section}]")
    if isinstance(error, configparser.MissingSectionHeaderError):
        return IniError(path, line, "this stands before the first [section]")
    lines = [number for number, _ in getattr(error, "errors", ())]
    return IniError(path, lines[0] if lines else line, "this is no 'key = value'")
