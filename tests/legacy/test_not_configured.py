"""What a legacy application does not configure, and code asks for."""

from __future__ import annotations

import pytest

from compatshim.errors import CompatShimError, NotConfiguredError


@pytest.mark.parametrize(
    "base", [CompatShimError, RuntimeError, TypeError, AttributeError]
)
def test_what_is_not_configured_can_be_caught_as_an_unbound_proxy_can(base):
    error = NotConfiguredError("session", "Wrap it.")
    assert isinstance(error, base)
    assert error.object_name == "session"
    assert "'session'" in str(error)
    assert "Wrap it." in str(error)
