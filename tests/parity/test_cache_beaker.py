"""``cache`` is one Beaker cache manager for the site."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from beaker.cache import CacheManager
from beaker.util import parse_cache_config_options

from compatshim import legacy
from compatshim.common import cache

# The legacy cache is there on the legacy side.
legacy_only = pytest.mark.parametrize("framework", ["legacy"])


def remember(namespace, value):
    return cache.get_cache(namespace).get_value("key", createfunc=lambda: value)


def test_value_is_made_once_and_read_by_either_framework(make_site, other, tmp_path):
    namespace = str(tmp_path)  # Beaker keeps memory caches for the whole process
    site = make_site()
    site.add("/first", lambda: remember(namespace, 1))
    site.add("/second", lambda: remember(namespace, 2), framework=other)
    assert [site.open(path).result for path in ("/first", "/second")] == [1, 1]


def test_cache_of_app_globals_is_used(serve):
    manager = CacheManager(**parse_cache_config_options({"cache.type": "memory"}))
    options = {"pylons.app_globals": SimpleNamespace(cache=manager)}
    served = serve(cache._get_current_object, legacy_config=options)
    assert served.result is manager


@legacy_only
def test_cache_of_app_globals_is_the_legacy_one(serve):
    manager = CacheManager(**parse_cache_config_options({"cache.type": "memory"}))
    options = {"pylons.app_globals": SimpleNamespace(cache=manager)}
    served = serve(
        lambda: legacy.cache._current_obj() is manager, legacy_config=options
    )
    assert served.result is True


def test_options_are_those_of_the_configuration(serve, tmp_path):
    served = serve(
        lambda: cache.get_cache("space").nsargs["data_dir"],
        legacy_config={
            "beaker.cache.type": "file",
            "beaker.cache.data_dir": str(tmp_path),
        },
    )
    assert served.result == str(tmp_path)


def test_values_are_kept_in_memory_unless_configured(serve):
    served = serve(lambda: type(cache.get_cache("plain").namespace).__name__)
    assert served.result == "MemoryNamespaceManager"
