"""``{{ pylons.config["x"] }}``: the framework, handed to a template by the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.templates.languages import JINJA2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.other_files import OtherFile

CODE = "CS115"
EXAMPLE = "page.html"
BEFORE = '{{ pylons.config["site.title"] }}\n'
AFTER = '{{ config["site.title"] }}\n'


def search(file: OtherFile) -> Iterator[Finding]:
    """Yield a finding for each name that is read from a module that nothing imports."""
    catalogue = file.catalogue
    for package in catalogue.packages:
        if catalogue.is_library(package):  # "routes" may be anything
            continue
        for start, end in _reads(file, package):
            text = file.source.text[start:end].decode()
            module, name = catalogue.split("".join(text.split()))
            replacement = catalogue.replacement(module, name)
            if replacement:
                yield file.finding(
                    (start, end),
                    code=CODE,
                    module=module,
                    name=name,
                    replacement=replacement,
                )


def _reads(file: OtherFile, package: str) -> Iterator[tuple[int, int]]:
    if file.language == JINJA2:
        from compatshim.migrate.templates.jinja2 import reads_of  # seldom needed

        yield from reads_of(file.source.text, package.encode())
    elif file.python is not None and "." not in package:
        yield from _unbound_reads(file.python, package)


def _unbound_reads(examined: Examined, package: str) -> Iterator[tuple[int, int]]:
    for occurrence in examined.scopes.occurrences(package):
        attributes = examined.attributes(occurrence)
        if attributes and examined.scopes.scope_of(occurrence) is None:
            yield examined.source.in_whole(occurrence.start, attributes[-1].end)
