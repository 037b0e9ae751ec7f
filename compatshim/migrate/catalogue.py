"""What is legacy: packages, their modules, and what takes the place of their names."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from compatshim.deprecation.names import LEGACY_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FRAMEWORKS", "LIBRARIES", "Catalogue"]

FRAMEWORKS = ("pylons", "compatshim.legacy")
"""The framework that is left behind, and what stands for it on Python 3."""

LIBRARIES = ("routes", "webob", "paste", "beaker", "webhelpers")
"""What such a framework was made of."""

_MODULES = """
    pylons.commands pylons.configuration pylons.controllers
    pylons.controllers.core pylons.controllers.jsonrpc pylons.controllers.util
    pylons.controllers.xmlrpc pylons.database pylons.decorators pylons.decorators.cache
    pylons.decorators.rest pylons.decorators.secure pylons.decorators.util pylons.error
    pylons.helpers pylons.i18n pylons.i18n.translation pylons.legacy pylons.log
    pylons.middleware pylons.templating pylons.test pylons.testutil
    pylons.util pylons.wsgiapp
    routes.base routes.lru routes.mapper routes.middleware routes.route routes.util
    webob.acceptparse webob.byterange webob.cachecontrol webob.client webob.compat
    webob.cookies webob.datetime_utils webob.dec webob.descriptors webob.etag webob.exc
    webob.headers webob.multidict webob.request webob.response webob.static webob.util
    paste.auth paste.cascade paste.config paste.debug paste.deploy paste.deploy.config
    paste.deploy.converters paste.deploy.loadwsgi paste.evalexception paste.exceptions
    paste.fileapp paste.fixture paste.gzipper paste.httpexceptions paste.httpheaders
    paste.httpserver paste.lint paste.proxy paste.recursive paste.registry paste.reloader
    paste.request paste.response paste.script paste.script.appinstall
    paste.script.command paste.script.templates paste.session paste.translogger
    paste.urlmap paste.urlparser paste.util paste.util.import_string paste.util.template
    paste.wsgilib paste.wsgiwrappers
    beaker.cache beaker.container beaker.crypto beaker.exceptions beaker.ext
    beaker.middleware beaker.session beaker.synchronization beaker.util
    webhelpers.constants webhelpers.containers webhelpers.date webhelpers.feedgenerator
    webhelpers.html webhelpers.html.builder webhelpers.html.converters
    webhelpers.html.grid webhelpers.html.tags webhelpers.html.tools webhelpers.media
    webhelpers.mimehelper webhelpers.misc webhelpers.number webhelpers.paginate
    webhelpers.pylonslib webhelpers.pylonslib.flash webhelpers.pylonslib.secure_form
    webhelpers.rails webhelpers.text webhelpers.util
""".split()  # noqa: SIM905 (a list of a hundred is read like this)

_URLS = {"url_for": "compatshim.common.url_for"}
_OF_LIBRARIES = {"routes": _URLS, "routes.util": _URLS}


class Catalogue:
    """The legacy packages: the known ones, and those of ``own``.

    ``own`` has, by the dotted name of a package or module, the names in it and what takes
    the place of each.
    """

    def __init__(self, own: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.own = dict(own or {})
        self._names = {**LEGACY_NAMES, **_OF_LIBRARIES}
        for module, names in self.own.items():  # which may be one of the known ones
            self._names[module] = {**self._names.get(module, {}), **names}
        self._modules = {
            *_MODULES,
            *(name.replace("pylons", "compatshim.legacy", 1) for name in _MODULES),
            *self.packages,
            *self._names,
        }

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """The dotted names of all legacy packages."""
        return (*FRAMEWORKS, *LIBRARIES, *self.own)

    @cached_property
    def _above_packages(self) -> frozenset[str]:
        return frozenset(
            package[:end]
            for package in self.packages
            for end, character in enumerate(package)
            if character == "."
        )

    @cached_property
    def package_parts(self) -> tuple[tuple[bytes, ...], ...]:
        """The words of each package: a file that uses it has them all."""
        return tuple(tuple(one.encode().split(b".")) for one in self.packages)

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """The first word of each package: whatever is legacy has one of them."""
        return tuple({parts[0] for parts in self.package_parts})

    def package_of(self, dotted: str) -> str | None:
        """Return the legacy package that ``dotted`` is, or is in."""
        for package in self.packages:
            if dotted == package or dotted.startswith(f"{package}."):
                return package
        return None

    def is_library(self, dotted: str) -> bool:
        """Tell whether ``dotted`` is one of the :data:`LIBRARIES`, or in one."""
        return dotted.partition(".")[0] in LIBRARIES

    def is_module(self, dotted: str) -> bool:
        """Tell whether ``dotted`` is a legacy module, as far as known."""
        return dotted in self._modules

    def leads_to_module(self, dotted: str) -> bool:
        """Tell whether ``dotted`` is a legacy module, or a package that has one in it."""
        return self.is_module(dotted) or dotted in self._above_packages

    def split(self, dotted: str) -> tuple[str, str]:
        """Return the module of ``dotted`` and the name in it.

        The name is ``""`` if it is a module; what follows after the name is dropped.
        """
        parts = dotted.split(".")
        for size in range(len(parts), 0, -1):
            module = ".".join(parts[:size])
            if module in self._modules:
                return module, parts[size] if size < len(parts) else ""
        return dotted, ""

    def names_in(self, module: str) -> tuple[str, ...]:
        """Return the names of a module that something takes the place of."""
        return tuple(self._names.get(_of_pylons(module), ()))

    def replacement(self, module: str, name: str) -> str:
        """Return the dotted name that takes the place of a legacy one, or ``""``."""
        return self._names.get(_of_pylons(module), {}).get(name, "")


def _of_pylons(module: str) -> str:
    """Return the name that a module of ours has in Pylons."""
    if module.startswith("compatshim.legacy"):
        return f"pylons{module.removeprefix('compatshim.legacy')}"
    return module
