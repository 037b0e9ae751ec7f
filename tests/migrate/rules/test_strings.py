from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("mock.patch('pylons.request')", "pylons:request .request assisted"),
        ("@patch('pylons.request')\ndef f(): pass", "pylons:request .request assisted"),
        ("patch.dict('pylons.config', {})", "pylons:config .config assisted"),
        ("monkeypatch.setattr('pylons.url', f)", "pylons:url .url assisted"),
        ("patch('pylons.request.params')", "pylons:request .request assisted"),
        ("patch('webob.exc.HTTPNotFound')", "webob.exc:HTTPNotFound - manual"),
        ("patch('pylons.wsgiapp.PylonsApp')", "pylons.wsgiapp:PylonsApp - manual"),
        ("NAMES = ['pylons.tmpl_context']", "pylons:tmpl_context .c assisted"),
    ],
)
def test_found(look: Look, source: str, expected: str) -> None:
    assert look(source) == [f"CS108 string {expected}"]


@pytest.mark.parametrize(
    "source",
    [
        "patch('mine.pylons.request')",
        "patch('mine.lib.base.request')",
        "environ['pylons.routes_dict']",
        "environ['beaker.session']",
        "config['pylons.strict_tmpl_context']",
        "'about pylons.request and others'",
        "patch('pylons.' + name)",
        "f'pylons.{name}'",
        "logging.getLogger('routes.middleware')",
        "x = 'pylons'",
        "`x.pylons.request`",
    ],
)
def test_not_found(look: Look, source: str) -> None:
    assert look(source) == []
