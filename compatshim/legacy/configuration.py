"""The configuration of a legacy application, and the proxy for the one in use."""

from __future__ import annotations

import copy
import os.path
from typing import TYPE_CHECKING, Any, ClassVar

from compatshim.ini import asbool
from compatshim.legacy._proxy import ContextProxy
from compatshim.legacy._sharing import SharingDict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "PylonsConfig",
    "asbool",
    "config",
    "pylons_config",
    "request_defaults",
    "response_defaults",
]

request_defaults: dict[str, Any] = {
    "charset": "utf-8",
    "errors": "replace",
    "decode_param_names": False,
    "language": "en-us",
}
"""Options of each request, as Pylons 1.0's ``request_defaults``.

WebOb 1.8 decodes as UTF-8 only, so ``errors`` and ``decode_param_names`` have no effect.
"""

response_defaults: dict[str, Any] = {
    "content_type": "text/html",
    "charset": "utf-8",
    "errors": "strict",
    "headers": {"Cache-Control": "no-cache", "Pragma": "no-cache"},
}
"""Options of each response, as Pylons 1.0's ``response_defaults``."""


class PylonsConfig(SharingDict):
    """The configuration of one application, as Pylons 1.0's ``PylonsConfig``.

    A dictionary with the ini values and, among others, these keys:

    ``pylons.package``, ``pylons.paths``
        the name of the application's package and its absolute paths
    ``pylons.app_globals``, ``pylons.h``
        the application's globals and its helpers
    ``pylons.environ_config``
        under which ``environ`` keys middleware puts ``session`` and ``cache``
    ``pylons.strict_tmpl_context``
        whether a missing name of ``tmpl_context`` is an error, or else ``''``
    ``pylons.tmpl_context_attach_args``
        whether an action's arguments are put on ``tmpl_context`` too
    ``pylons.request_options``, ``pylons.response_options``
        see ``request_defaults`` and ``response_defaults``
    ``routes.map``
        the Routes ``Mapper``

    A CompatShim keeps some of its keys, such as ``debug``, in the Flask application's
    configuration: see :meth:`share`.
    """

    defaults: ClassVar[dict[str, Any]] = {
        "debug": False,
        "pylons.package": None,
        "pylons.paths": {
            "root": None,
            "controllers": None,
            "templates": [],
            "static_files": None,
        },
        "pylons.environ_config": {"session": "beaker.session", "cache": "beaker.cache"},
        "pylons.app_globals": None,
        "pylons.h": None,
        "pylons.request_options": request_defaults.copy(),
        "pylons.response_options": response_defaults.copy(),
        "pylons.strict_tmpl_context": True,
        "pylons.tmpl_context_attach_args": False,
    }

    def init_app(
        self,
        global_conf: Mapping[str, Any],
        app_conf: Mapping[str, Any],
        package: str | None = None,
        paths: dict[str, Any] | None = None,
    ) -> None:
        """Take over the ini values, with Pylons' defaults for what they leave out.

        ``global_conf`` are those of ``[DEFAULT]``, ``app_conf`` those of the
        application's section, which win. As Pylons 1.0's ``init_app``; raises
        ``ValueError`` where ``debug`` spells no truth value.
        """
        conf = {
            **global_conf,
            **app_conf,
            "app_conf": app_conf,
            "global_conf": global_conf,
            **self.pop("environment_load", {}),
        }
        if paths:
            conf["pylons.paths"] = paths
        conf["pylons.package"] = package
        conf["debug"] = asbool(conf.get("debug"))
        for key, value in copy.deepcopy(PylonsConfig.defaults).items():
            conf.setdefault(key, value)
        conf["pylons.errorware"] = _errorware(conf)
        if "cache_dir" in conf:
            for kind, folder in (("session", "sessions"), ("cache", "cache")):
                path = os.path.join(conf["cache_dir"], folder)
                conf.setdefault(f"beaker.{kind}.data_dir", path)
        conf["pylons.cache_dir"] = conf.pop("cache_dir", app_conf.get("cache_dir"))
        self.update(conf)


def _errorware(conf: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``middleware.ErrorHandler`` is to be called with."""
    if conf["debug"]:
        return {"debug": True}
    sender = conf.get("error_email_from", "pylons@yourapp.com")
    return {
        "debug": False,
        "error_email": conf.get("email_to"),
        "error_log": conf.get("error_log"),
        "smtp_server": conf.get("smtp_server", "localhost"),
        "error_subject_prefix": conf.get("error_subject_prefix", "WebApp Error: "),
        "from_address": conf.get("from_address", sender),
        "error_message": conf.get("error_message", "An internal server error occurred"),
    }


_process_configs: list[Any] = []


class DispatchingConfig(ContextProxy[Any]):
    """The configuration in use: the request's application's, else the process's.

    As PasteDeploy's ``DispatchingConfig``, which Pylons' ``config`` was.
    """

    __slots__ = ()

    def _default_object(self) -> Any:
        if not _process_configs:
            raise AttributeError("no configuration was pushed for this process")
        return _process_configs[-1]

    def current_conf(self) -> Any:
        """Return the configuration itself."""
        return self._get_current_object()

    def push_process_config(self, conf: Any) -> None:
        """Make ``conf`` the configuration wherever no request is current."""
        _process_configs.append(conf)

    def pop_process_config(self, conf: Any = None) -> None:
        """Take back the configuration pushed last.

        Raises ``IndexError`` where there is none, and ``AssertionError`` where ``conf``
        is given and is another one.
        """
        popped = _process_configs.pop()
        if conf is not None and popped is not conf:
            _process_configs.append(popped)
            raise AssertionError("the configuration pushed last is another one")


config: Any = DispatchingConfig("config")
"""The configuration in use, as ``pylons.config``."""

pylons_config = PylonsConfig(copy.deepcopy(PylonsConfig.defaults))
"""The process's configuration until another is pushed, as in Pylons."""

config.push_process_config(pylons_config)
