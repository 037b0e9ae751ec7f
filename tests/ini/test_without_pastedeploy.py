"""Without PasteDeploy, an ini file cannot be read, and the rest works."""

from __future__ import annotations

import sys

import pytest

from compatshim import ini
from compatshim.errors import MissingExtraError


@pytest.mark.parametrize("read", [ini.appconfig, ini.loadapp])
def test_the_error_names_the_extra(read, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "compatshim.ini._pastedeploy", raising=False)
    monkeypatch.delattr(ini, "_pastedeploy", raising=False)
    for name in [name for name in sys.modules if name.split(".")[0] == "paste"]:
        monkeypatch.delitem(sys.modules, name)

    class Blocker:
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] == "paste":
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(sys, "meta_path", [Blocker(), *sys.meta_path])
    with pytest.raises(MissingExtraError, match=r"pip install 'compatshim\[ini\]'"):
        read(tmp_path / "site.ini")
