"""What several tests of deprecations need."""

from __future__ import annotations

import pytest

from compatshim.deprecation import DeprecatedNameWarning


@pytest.fixture
def warned():
    """Return what tells a call's result and its only warning, which is at its line."""

    def result_and_warning(call):
        with pytest.warns(DeprecatedNameWarning) as record:
            result = call()
        (warning,) = record
        place = call.__code__.co_filename, call.__code__.co_firstlineno
        assert (warning.filename, warning.lineno) == place
        return result, warning.message

    return result_and_warning
