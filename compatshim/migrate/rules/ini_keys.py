"""``use = egg:Beaker#beaker_session``: what only the legacy framework reads in an ini."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.distributions import DISTRIBUTIONS
from compatshim.migrate.ini_files import options_of
from compatshim.migrate.kinds import SETTINGS, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.ini_files import Option
    from compatshim.migrate.other_files import OtherFile

CODE = "CS116"
EXAMPLE = "site.ini"
BEFORE = "[server:main]\nuse = egg:Paste#http\n\n[app:main]\nuse = egg:shop\n"
AFTER = BEFORE

_EGG = re.compile(r"egg:([\w.-]+)(?:#([\w.-]+))?")
_FACTORY = re.compile(r"paste\.(\w+_(?:factory|runner))")
_CALLABLE = re.compile(r"[^\W\d][\w.]*:[\w.]+")
_OF_PACKAGING = ("setup.cfg", ".toml")
_COMPOSITES = ("composite:", "composit:")  # their other options name applications
_USES = ("use", "filter-with", "next", "pipeline", "app")

# By the package that reads them: keys, and what takes the place of each.
_KEYS = {
    "cache_dir": ("pylons", ""),
    "full_stack": ("pylons", ""),
    "static_files": ("pylons", ""),
    "lang": ("pylons", ""),
}
_PREFIXES = {
    "beaker.session.": "compatshim.sessions.beaker.BeakerSessionInterface",
    "beaker.cache.": "compatshim.common.cache",
}
_EGGS = {
    "beaker_session": "compatshim.sessions.beaker.BeakerSessionInterface",
    "beaker_cache": "compatshim.common.cache",
    "prefix": "werkzeug.middleware.proxy_fix.ProxyFix",
    "urlmap": "werkzeug.middleware.dispatcher.DispatcherMiddleware",
    "static": "werkzeug.middleware.shared_data.SharedDataMiddleware",
    "evalerror": "werkzeug.debug.DebuggedApplication",
}
_FACTORIES = {"app_factory": "compatshim.CompatShim.from_ini"}
_LOGGERS = {
    "pylons": "compatshim.legacy",
    "routes": "compatshim.routing",
    "beaker": "compatshim.sessions",
}


def search(file: OtherFile) -> Iterator[Finding]:
    """Yield a finding for each option that only legacy packages read."""
    if kind_of(file.path) != SETTINGS or file.path.endswith(_OF_PACKAGING):
        return
    options = list(options_of(file.source.text))
    is_deployed = any(
        _EGG.match(one.value) or _FACTORY.match(one.name) for one in options
    )
    for option in options:
        name = option.name.removeprefix("set ").removeprefix("get ").strip()
        if is_deployed and option.section.partition(":")[0] in ("app", "DEFAULT"):
            yield from _key(file, option, name)
        yield from _prefix(file, option, name)
        yield from _named(file, option, name)


def _key(file: OtherFile, option: Option, name: str) -> Iterator[Finding]:
    if name in _KEYS:
        module, replacement = _KEYS[name]
        yield _finding(file, option, module, name, replacement)


def _prefix(file: OtherFile, option: Option, name: str) -> Iterator[Finding]:
    for prefix, replacement in _PREFIXES.items():
        if name.startswith(prefix):
            module = prefix.rstrip(".")
            yield _finding(file, option, module, name.removeprefix(prefix), replacement)


def _named(file: OtherFile, option: Option, name: str) -> Iterator[Finding]:
    """Yield what the value names: a distribution, a factory, a logger."""
    factory = _FACTORY.fullmatch(name)
    if name in _USES or option.section.startswith(_COMPOSITES):
        for distribution, entry in _EGG.findall(option.value):
            module = DISTRIBUTIONS.get(distribution.lower())
            if module is not None:
                yield _finding(file, option, module, entry, _EGGS.get(entry, ""))
    elif factory and option.section:
        replacement = _FACTORIES.get(factory[1], "")
        yield _finding(file, option, "paste", factory[1], replacement)
        yield from _callable(file, option, file.catalogue)
    elif name == "qualname" and option.section.startswith("logger_"):
        module = option.value.strip()
        if file.catalogue.package_of(module):
            replacement = _LOGGERS.get(module.partition(".")[0], "")
            yield _finding(file, option, module, "", replacement)
    else:
        yield from _callable(file, option, file.catalogue)


def _callable(
    file: OtherFile, option: Option, catalogue: Catalogue
) -> Iterator[Finding]:
    for found in _CALLABLE.findall(option.value):
        module, _, name = found.partition(":")
        if catalogue.package_of(module):
            replacement = catalogue.replacement(module, name)
            yield _finding(file, option, module, name, replacement)


def _finding(
    file: OtherFile, option: Option, module: str, name: str, replacement: str
) -> Finding:
    return file.finding(
        (option.start, option.end),
        code=CODE,
        module=module,
        name=name,
        replacement=replacement,
    )
