"""Jinja2's part of rendering. Loaded by those who render one of its templates only."""

from __future__ import annotations

from contextlib import contextmanager
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    TemplateNotFound,
    TemplatesNotFound,
)
from markupsafe import Markup

from compatshim.errors import TemplateNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["JinjaTemplateNotFoundError", "naming_places", "places_of", "render"]


class JinjaTemplateNotFoundError(TemplateNotFoundError, TemplatesNotFound):
    """A ``TemplateNotFoundError`` for ``except jinja2.TemplateNotFound``."""

    def __init__(self, names: Iterable[str], places: Iterable[str]) -> None:
        names = [str(name) for name in names]
        TemplatesNotFound.__init__(self, names)
        TemplateNotFoundError.__init__(self, ", ".join(names), places)

    __str__ = TemplateNotFoundError.__str__


def render(environment: Environment, name: str, variables: Mapping[str, Any]) -> Markup:
    """Render a template. Raises ``TemplateNotFoundError``."""
    with naming_places(environment):
        page = environment.get_template(name).render(variables)
    return Markup(page)  # noqa: S704 (a page is markup)


@contextmanager
def naming_places(environment: Environment) -> Iterator[None]:
    """Let the error for a template that ``environment`` does not find say where it looked.

    Also one that another template extends, includes or imports.
    """
    try:
        yield
    except TemplateNotFoundError:  # of a template within, rendered by a helper
        raise
    except TemplateNotFound as error:
        names = [str(name) for name in error.templates]
        places = [
            place for name in names for place in places_of(environment.loader, name)
        ]
        better = JinjaTemplateNotFoundError(names, places)
        raise better.with_traceback(error.__traceback__) from None


@singledispatch
def places_of(loader: object, name: str) -> Iterable[str]:
    """Return where ``loader`` looks for the template ``name``."""
    del name
    kind = type(loader)
    return () if loader is None else (f"{kind.__module__}.{kind.__qualname__}",)


@places_of.register(FileSystemLoader)
def _(loader: FileSystemLoader, name: str) -> Iterable[str]:
    del name
    return loader.searchpath


@places_of.register(PackageLoader)
def _(loader: PackageLoader, name: str) -> Iterable[str]:
    del name
    return (f"{loader.package_name}:{loader.package_path}",)


@places_of.register(ChoiceLoader)
def _(loader: ChoiceLoader, name: str) -> Iterable[str]:
    for choice in loader.loaders:
        yield from places_of(choice, name)


@places_of.register(PrefixLoader)
def _(loader: PrefixLoader, name: str) -> Iterable[str]:
    for prefix, loader_of_prefix in loader.mapping.items():
        start = f"{prefix}{loader.delimiter}"
        if name.startswith(start):
            yield from places_of(loader_of_prefix, name.removeprefix(start))
