"""The main path in a real browser, at the width of a desk and of a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.support.ui import WebDriverWait

import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

IS_NEXT_PAGE = "return !window.isOld && document.readyState === 'complete'"

pytestmark = chromium.NEEDED


@pytest.fixture(params=[(1280, 900), (360, 780)], ids=["desk", "phone"])
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    with chromium.opened(tmp_path / "profile", request.param) as driver:
        yield driver


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    from compatshim.demo.server import running

    with running(app) as address:
        yield address


class Page:
    """What a visitor sees and does."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def find_all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def write(self, selector: str, text: str) -> None:
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def follow(self, selector: str) -> None:
        """Click, and wait for the next page.

        The old one is known by a mark on its window: to ask for an element of a page
        that is just going away is sometimes an error of Chromium's own.
        """
        self.driver.execute_script("window.isOld = true")
        self.find(selector).click()
        wait = WebDriverWait(self.driver, 60, ignored_exceptions=[WebDriverException])
        wait.until(lambda driver: driver.execute_script(IS_NEXT_PAGE))

    def check(self, served_by: str, language: str = "en") -> None:
        badge = self.find(".served-by")
        assert badge.get_attribute("data-served-by") == served_by
        assert badge.is_displayed()
        assert self.find("html").get_attribute("lang") == language
        width, available = self.driver.execute_script(
            "return [document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert width <= available
        errors = [
            entry
            for entry in self.driver.get_log("browser")
            # A refused form is answered with 422, which Chromium logs.
            if entry["level"] == "SEVERE" and " 422 " not in entry["message"]
        ]
        assert errors == []


def test_search_open_edit_and_switch_language(
    browser: Any, address: str, tmp_path: Path
) -> None:
    page = Page(browser)
    browser.get(address)
    page.check("flask")

    page.write("#q", "comprehensive")
    page.follow(".search button")
    page.check("legacy")
    assert len(page.find_all(".packages tbody a")) == 1

    page.follow(".packages tbody a")
    page.check("legacy")
    assert "Werkzeug" in page.find("h1").text

    page.follow(".package-head .button")
    page.check("legacy")
    page.write("#summary", "")
    page.follow(".edit [type=submit]")
    assert page.find("#summary-error").text == "A summary is needed."

    file = tmp_path / "notes.txt"
    file.write_text("From a browser")
    page.write("#summary", "A summary from a browser")
    page.write("#tags", "seen")
    page.find("#attachment").send_keys(str(file))
    page.follow(".edit [type=submit]")
    page.check("flask")
    assert page.find(".flash").text == "Werkzeug was saved."
    assert "A summary from a browser" in page.find(".recent").text

    page.follow(".languages [value=ar]")
    page.check("flask", "ar")
    assert page.find("html").get_attribute("dir") == "rtl"
    assert page.find_all(".flash") == []

    page.follow(".recent a")
    page.check("legacy", "ar")
    assert "notes.txt" in page.find(".facts").text

    page.follow(".languages [value=de]")
    page.check("legacy", "de")
    assert page.find("html").get_attribute("dir") == "ltr"
    assert page.find(".package-head .button").text == "Bearbeiten"


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_no_page_is_wider_than_the_screen(
    browser: Any, address: str, language: str
) -> None:
    page = Page(browser)
    browser.get(address)
    page.follow(f".languages [value={language}]")
    for path, served_by in (
        ("/", "flask"),
        ("/about", "flask"),
        ("/package", "legacy"),
        ("/package?q=absent", "legacy"),
        ("/package/flask", "legacy"),
        ("/package/flask/edit", "legacy"),
    ):
        browser.get(address + path)
        page.check(served_by, language)


def test_the_keyboard_reaches_the_content_first(browser: Any, address: str) -> None:
    browser.get(address)
    page = Page(browser)
    page.find("body").send_keys("\ue004")  # the tab key
    link = browser.switch_to.active_element
    assert link.text == "Skip to the content"
    assert link.rect["height"] > 20
