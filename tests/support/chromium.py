"""Debian's Chromium, without a window and without a network of its own."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from selenium import webdriver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHROMIUM = "/usr/bin/chromium"
_DRIVER = "/usr/bin/chromedriver"

NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (shutil.which(_CHROMIUM) and shutil.which(_DRIVER)),
        reason="Debian's chromium and chromium-driver are not installed",
    ),
]
"""The marks of tests with a browser."""


@contextmanager
def opened(
    profile: Path, size: tuple[int, int], scheme: str = "light"
) -> Iterator[Any]:
    """Yield a driver whose pages are as wide and high as ``size`` says, in pixels."""
    options = webdriver.ChromeOptions()
    options.binary_location = _CHROMIUM
    options.set_capability(
        "goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"}
    )
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(_DRIVER))
    try:
        width, height = size
        # A window cannot be as narrow as a phone; its viewport can.
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )
        yield driver
    finally:
        driver.quit()
