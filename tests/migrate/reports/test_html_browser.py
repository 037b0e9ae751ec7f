"""The page in a real browser, from a file, at the width of a desk and of a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import chromium

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RIGHT, DOWN, ENTER = "\ue014", "\ue015", "\ue007"

pytestmark = chromium.NEEDED
scheme, browser = chromium.scheme, chromium.browser

# Each text of the picture with its colour, and that of the box it stands in.
LABELS = """
return [...document.querySelectorAll(".treemap text")]
  .filter(one => one.getClientRects().length)
  .map(one => [one.textContent, getComputedStyle(one).fill,
    getComputedStyle(one.parentElement.querySelector("rect")).fill]);
"""
SIZES = """
return [...document.querySelectorAll(".treemap text")]
  .filter(one => one.getClientRects().length)
  .map(one => [one.textContent, one.getBoundingClientRect().height,
    one.getBoundingClientRect().right
      <= one.parentElement.querySelector("rect").getBoundingClientRect().right]);
"""


@pytest.fixture
def opened(
    browser: Any, html: Callable[..., str], tmp_path: Path
) -> Callable[..., Any]:
    """Return what makes a page and opens it."""

    def open_page(*arguments: str) -> Any:
        path = tmp_path / "report.html"
        path.write_text(html(*arguments), encoding="utf-8")
        chromium.show(browser, path)
        return browser

    return open_page


@pytest.fixture
def page(opened: Callable[..., Any]) -> Any:
    return opened()


def find_all(page: Any, selector: str) -> list[Any]:
    return list(page.find_elements("css selector", selector))


def picture(page: Any) -> Any:
    (shown,) = (one for one in find_all(page, ".treemap") if one.is_displayed())
    return shown


def test_it_works_from_a_file_without_network(page: Any) -> None:
    assert page.title == "project: 9 legacy names"
    assert page.get_log("browser") == []
    asked = chromium.asked_for(page)
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    assert sum(url.startswith("file:") for url in asked) == 1


def test_nothing_is_wider_than_the_screen(page: Any) -> None:
    assert page.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth"
    )
    too_wide = page.execute_script(
        """return [...document.querySelectorAll("h1, h2, table, svg, p, pre, summary")]
        .filter(one => !one.closest(".scroll") && !one.closest(".hidden"))
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .map(one => one.outerHTML)"""
    )
    assert too_wide == []


def test_labels_of_the_picture_can_be_read(page: Any) -> None:
    labels = page.execute_script(LABELS)
    assert {"page.py", "cart.py"} <= {text for text, _, _ in labels}
    faint = [one for one in labels if _contrast(one[1], one[2]) < 4.5]
    assert faint == []
    for text, height, fits in page.execute_script(SIZES):
        assert height > 9, text
        assert fits, text


def test_boxes_are_links_to_the_code(page: Any) -> None:
    find_all(page, "details[open] > summary")[0].click()  # all are open at first
    (link,) = (
        one
        for one in picture(page).find_elements("css selector", "a")
        if "cart.py" in one.text
    )
    table = page.find_element("id", link.get_dom_attribute("href")[1:])
    assert not table.is_displayed()
    link.click()
    assert table.is_displayed()
    assert "session" in table.text


def test_the_picture_by_the_keyboard(page: Any) -> None:
    links = picture(page).find_elements("css selector", "a")
    stops = [one for one in links if one.get_attribute("tabindex") == "0"]
    assert len(stops) == 1
    page.execute_script("arguments[0].focus()", stops[0])
    seen = {_focused(page)}
    for key in (DOWN, RIGHT, DOWN, RIGHT):
        page.switch_to.active_element.send_keys(key)
        seen.add(_focused(page))
    assert len(seen) > 1
    assert all("legacy name" in title for title in seen)
    page.switch_to.active_element.send_keys(ENTER)
    target = page.execute_script("return location.hash.slice(1)")
    assert page.find_element("id", target).is_displayed()


def _focused(page: Any) -> str:
    return str(
        page.execute_script(
            "return document.activeElement.querySelector('title').textContent"
        )
    )


def column(page: Any, table: int, number: int) -> list[str]:
    found: list[str] = page.execute_script(
        """return [...document.querySelectorAll(".sortable")[arguments[0]].tBodies[0].rows]
        .map(row => row.cells[arguments[1]].textContent)""",
        table,
        number,
    )
    return found


def test_tables_are_sorted_by_their_headings(page: Any) -> None:
    assert column(page, 0, 1) == ["5", "2", "1", "1"]
    table = find_all(page, ".sortable")[0]
    rule, total = table.find_elements("css selector", "th button")[:2]
    total.click()
    assert column(page, 0, 1) == ["1", "1", "2", "5"]
    assert _sorted_by(table) == [("All", "ascending")]
    rule.send_keys(ENTER)
    assert [text.split()[0] for text in column(page, 0, 0)] == [
        "CS101",
        "CS102",
        "CS103",
        "CS104",
    ]
    assert _sorted_by(table) == [("Rule", "ascending")]
    rule.click()
    assert column(page, 0, 0)[0].startswith("CS104")


def _sorted_by(table: Any) -> list[tuple[str, str]]:
    return [
        (one.text, one.get_attribute("aria-sort"))
        for one in table.find_elements("css selector", "th[aria-sort]")
    ]


def test_names_that_were_made_to_do_harm_do_none(page: Any) -> None:
    for summary in find_all(page, "details:not([open]) > summary"):
        summary.click()
    assert find_all(page, "img") == []
    assert "<script>alert(4)</script>" in page.find_element("tag name", "main").text
    # A script that comes by another way does not run.
    page.execute_script(
        """const script = document.createElement("script");
        script.textContent = "document.title = 'harm'";
        document.body.append(script)"""
    )
    assert page.title == "project: 9 legacy names"


def test_without_its_script_all_can_be_read(
    opened: Callable[..., Any], browser: Any
) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page = opened()
        assert find_all(page, ".sortable button") == []
        assert picture(page).is_displayed()
        assert "By directory" in page.find_element("tag name", "main").text
    finally:
        browser.execute_cdp_cmd(
            "Emulation.setScriptExecutionDisabled", {"value": False}
        )


def test_a_large_tree(opened: Callable[..., Any], tree: Path) -> None:
    for number in range(2000):
        folder = tree / f"part_{number % 17}" / f"inner_{number % 5}"
        folder.mkdir(parents=True, exist_ok=True)
        source = "import pylons\n" if number % 3 else ""
        (folder / f"module_{number}.py").write_text(source + "x = 1\n" * (number % 400))
    page = opened()
    assert "of 2,005 files" in page.find_element("tag name", "h1").text
    boxes = picture(page).find_elements("css selector", ".cell")
    assert 100 < len(boxes) < 4000
    assert page.get_log("browser") == []


def _contrast(one: str, other: str) -> float:
    lower, higher = sorted(map(_luminance, (one, other)))
    return (higher + 0.05) / (lower + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of ``rgb(...)`` by WCAG 2.2."""
    numbers = colour.partition("(")[2].rstrip(")").split(",")[:3]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (int(number) / 255 for number in numbers)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
