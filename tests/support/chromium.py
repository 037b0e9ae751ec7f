"""Debian's Chromium, without a window and without a network of its own."""

from __future__ import annotations

import json
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


@pytest.fixture(params=["light", "dark"], scope="module")
def scheme(request: pytest.FixtureRequest) -> str:
    """Whether the user likes it light or dark."""
    return str(request.param)


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desk", "phone"], scope="module")
def browser(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    scheme: str,
) -> Iterator[Any]:
    """A browser of the width of a desk, and one of a phone, in either scheme."""
    profile = tmp_path_factory.mktemp("profile")
    with opened(profile, request.param, scheme) as driver:
        yield driver


def show(browser: Any, path: Path) -> None:
    """Open the page in the file at ``path``; its logs have what it brings, and no more."""
    for log in ("browser", "performance"):
        browser.get_log(log)  # what other tests have left there
    browser.get(path.as_uri())


def asked_for(browser: Any) -> list[str]:
    """Return the addresses that were asked for since a page was shown."""
    logged = [json.loads(entry["message"]) for entry in browser.get_log("performance")]
    asked = [
        one["message"]["params"]["request"]["url"]
        for one in logged
        if one["message"]["method"] == "Network.requestWillBeSent"
    ]
    return [url for url in asked if not url.startswith("chrome:")]  # the empty tab
