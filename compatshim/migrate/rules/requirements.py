"""``install_requires=["Pylons>=1.0"]``: a distribution of the legacy framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.distributions import DISTRIBUTIONS, replacement_of
from compatshim.migrate.packaging import required_distribution, said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.other_files import OtherFile

CODE = "CS118"
EXAMPLE = "setup.py"
BEFORE = 'setup(name="shop", install_requires=["Pylons>=1.0"])\n'
AFTER = 'setup(name="shop", install_requires=["compatshim"])\n'


def search(file: OtherFile) -> Iterator[Finding]:
    """Yield a finding for each requirement that is legacy."""
    for one in said_in(file.path, file.source.text):
        distribution = required_distribution(one)
        if distribution is None:
            continue
        yield file.finding(
            (one.start, one.end),
            code=CODE,
            module=DISTRIBUTIONS[distribution],
            name="",
            replacement=replacement_of(distribution),
        )
