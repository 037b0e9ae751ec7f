from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (
            "from pylons.controllers import WSGIController\nWSGIController",
            "from-import pylons.controllers:WSGIController",
        ),
        (
            "from pylons.decorators import validate\nvalidate",
            "from-import pylons.decorators:validate",
        ),
        (
            "from pylons.decorators.rest import dispatch_on as d\nd",
            "from-import pylons.decorators.rest:dispatch_on as d",
        ),
        (
            "import pylons\npylons.wsgiapp.PylonsApp()",
            "attribute pylons.wsgiapp:PylonsApp",
        ),
        ("import pylons.nothing as n\nn", "import pylons:nothing as n"),
    ],
)
def test_found(look: Look, source: str, name: str) -> None:
    assert look(source, "CS103") == [f"CS103 {name} - manual"]


@pytest.mark.parametrize(
    "source",
    [
        "from pylons import request",
        "from pylons import i18n",
        "from pylons import *",
        "from webob import Request",
        "import pylons",
    ],
)
def test_other_rules_have_these(look: Look, source: str) -> None:
    assert look(source, "CS103") == []
    assert len(look(source)) == 1
