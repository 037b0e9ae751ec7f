from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "from webob.exc import HTTPNotFound\nraise HTTPNotFound",
            ["from-import webob.exc:HTTPNotFound"],
        ),
        ("from webob import exc\nexc", ["from-import webob:exc"]),
        (
            "import webob.exc\nwebob.exc.HTTPNotFound()",
            ["import webob.exc:", "attribute webob.exc:HTTPNotFound"],
        ),
        (
            "from webob import exc\nexc.HTTPNotFound()",
            ["from-import webob:exc", "attribute webob.exc:HTTPNotFound"],
        ),
        (
            "import paste.fixture as f\nf.TestApp",
            ["import paste.fixture: as f", "attribute paste.fixture:TestApp"],
        ),
        (
            "from paste.deploy import loadapp\nloadapp",
            ["from-import paste.deploy:loadapp"],
        ),
        (
            "from beaker.cache import cache_region\ncache_region",
            ["from-import beaker.cache:cache_region"],
        ),
        (
            "from webhelpers.html import literal\nliteral",
            ["from-import webhelpers.html:literal"],
        ),
        ("from webhelpers.html.tags import *", []),
        ("from routes import Mapper\nMapper", ["from-import routes:Mapper"]),
    ],
)
def test_found(look: Look, source: str, expected: list[str]) -> None:
    assert look(source, "CS106") == [f"CS106 {one} - manual" for one in expected]


@pytest.mark.parametrize(
    "source",
    [
        "from routes import url_for",
        "from mine.routes import Mapper",
        "from .routes import Mapper",
        "from webobx import y",
        "webob.exc.HTTPNotFound",
        "import webhelpers2",
    ],
)
def test_not_found(look: Look, source: str) -> None:
    assert look(source, "CS106") == []
