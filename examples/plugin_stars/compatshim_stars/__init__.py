"""Stars for packages: a plugin of the compatshim demo, start reading here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.plugins import hookimpl
from compatshim_stars import helpers, views
from compatshim_stars.controllers import StarsController

if TYPE_CHECKING:
    from flask import Blueprint
    from routes import Mapper

__all__ = ["Stars"]


class Stars:
    """What the entry point ``stars`` names."""

    @hookimpl
    def compatshim_routes_before(self, mapper: Mapper) -> None:
        package = {"controller": StarsController}
        # The name and the path are the demo's own: links to the page lead here.
        mapper.connect(
            "package_read",
            "/package/{name}",
            **package,
            action="read",
            conditions={"method": ["GET", "HEAD"]},
        )
        mapper.connect(
            "package_star",
            "/package/{name}/star",
            **package,
            action="star",
            conditions={"method": ["POST"]},
        )

    @hookimpl
    def compatshim_blueprints(self) -> list[Blueprint]:
        return [views.make_blueprint()]

    @hookimpl
    def compatshim_helpers(self) -> dict[str, Any]:
        return {"starred": helpers.starred, "is_starred": helpers.is_starred}

    @hookimpl
    def compatshim_template_dirs(self) -> list[str]:
        return ["templates"]

    @hookimpl
    def compatshim_public_dirs(self) -> list[str]:
        return ["public"]

    @hookimpl
    def compatshim_translations(self) -> tuple[str, str]:
        return "translations", "stars"
