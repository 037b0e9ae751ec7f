"""``url_for``: both syntaxes, both routers.

``building`` chooses the router, ``flask_urls`` and ``legacy_urls`` each ask one of them,
``keywords`` knows what they have in common, ``surroundings`` what a URL is built in.
"""

from __future__ import annotations

from compatshim.objects.urls.building import build_url
from compatshim.objects.urls.flask_urls import build_flask_url
from compatshim.objects.urls.legacy_urls import build_legacy_url
from compatshim.objects.urls.surroundings import (
    FlaskSurroundings,
    LegacySurroundings,
    OutsideSurroundings,
    PylonsSurroundings,
    no_current_route,
)

__all__ = [
    "FlaskSurroundings",
    "LegacySurroundings",
    "OutsideSurroundings",
    "PylonsSurroundings",
    "build_flask_url",
    "build_legacy_url",
    "build_url",
    "no_current_route",
]
