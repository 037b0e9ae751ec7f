"""The page in a real browser, from a file, at the width of a desk and of a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import chromium
from compatshim.ratchet.findings import Finding
from compatshim.ratchet.reports import ReportOption, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compatshim.ratchet.history import Run
    from compatshim.ratchet.reports import Report


pytestmark = chromium.NEEDED
scheme, browser = chromium.scheme, chromium.browser

LONG = "a_rather_long_folder_name/" * 4 + "module_with_a_long_name_of_its_own.py"

# Each text with its colour, and the first ground that is not transparent behind it.
CONTRASTS = """
const ground = element => {
  for (let one = element; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (!/, 0\\)$|transparent/.test(colour)) return colour;
  }
  return getComputedStyle(document.documentElement).backgroundColor;
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || element.closest("title")) continue;
  const style = getComputedStyle(element);
  const ink = element.closest("svg") ? style.fill : style.color;
  found.push([walker.currentNode.data.trim(), ink, ground(element)]);
}
return found;
"""
AREAS = """
return [...document.querySelectorAll(".area, .legend rect")].map(element => [
  element.getAttribute("class"), getComputedStyle(element).fill,
  getComputedStyle(element.closest("section")).backgroundColor]);
"""


@pytest.fixture
def page(
    browser: Any,
    make_report: Callable[..., Report],
    make_runs: Callable[..., tuple[Run, ...]],
    tmp_path: Path,
) -> Any:
    """Open a page with all that there can be, and long names."""
    long = Finding(LONG, 7, "CS101", "x" * 90, "y" * 90, "z" * 90, (f"{LONG}::test",))
    # More than can be shown at once.
    many = (Finding("shop/views.py", line, "CS101", "c") for line in range(100, 106))
    path = tmp_path / "report.html"
    report = make_report(
        findings=(*make_report().findings, long, *many), history=make_runs(9, 30, 6)
    )
    write(ReportOption("html", path), report, print)
    chromium.show(browser, path)
    return browser


def open_all(page: Any) -> None:
    for summary in find_all(page, "details:not([open]) > summary"):
        summary.click()
    assert find_all(page, "details:not([open])") == []


def find_all(page: Any, selector: str) -> list[Any]:
    return list(page.find_elements("css selector", selector))


def test_it_works_from_a_file_without_network(page: Any) -> None:
    assert page.title.endswith(": 12 places to migrate")
    assert page.get_log("browser") == []
    asked = chromium.asked_for(page)
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    assert sum(url.startswith("file:") for url in asked) == 1


def test_nothing_is_wider_than_the_screen(page: Any) -> None:
    open_all(page)
    assert page.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth"
    )
    too_wide = page.execute_script(
        """return [...document.querySelectorAll("h1, h2, h3, table, svg, p, summary")]
        .filter(one => !one.closest(".scroll") && !one.closest(".hidden"))
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .map(one => one.outerHTML)"""
    )
    assert too_wide == []


def test_the_picture_is_seen(page: Any, scheme: str) -> None:
    (areas,) = find_all(page, ".areas")
    assert areas.size["height"] == 260
    assert areas.size["width"] > 200
    (area,) = find_all(page, ".area.colour-1")
    box = page.execute_script("return arguments[0].getBoundingClientRect()", area)
    assert box["height"] > 150
    assert box["width"] > 200
    axis, *others = (
        page.execute_script("return arguments[0].getBoundingClientRect()", text)
        for text in find_all(page, ".plot text")
    )
    assert axis["width"] > 5
    assert all(other["width"] > 5 and other["height"] > 10 for other in others)
    dark = page.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (_luminance(dark) < 0.1) is (scheme == "dark")


def test_a_file_is_opened_by_its_link_and_closed_by_the_keyboard(page: Any) -> None:
    link = find_all(page, "a[href^='#file-']")[0]
    name = link.text
    table = page.find_element("id", link.get_attribute("href").partition("#")[2])
    assert not table.is_displayed()
    link.click()
    assert table.is_displayed()
    (summary,) = find_all(page, "details:has(:target) > summary")
    assert name in summary.text
    top = page.execute_script(
        "return arguments[0].getBoundingClientRect().top", summary
    )
    assert 0 <= top <= page.execute_script("return innerHeight")
    plain = find_all(page, "details[open]:not(:has(:target)) > summary")[0]
    assert _ground(summary) != _ground(plain)
    summary.send_keys("\ue007")  # the enter key
    assert not table.is_displayed()


def test_texts_stand_out_from_their_ground(page: Any) -> None:
    open_all(page)
    texts = page.execute_script(CONTRASTS)
    assert len(texts) > 50
    faint = [one for one in texts if _contrast(one[1], one[2]) < 4.5]
    assert faint == []


def test_colours_stand_out_from_their_ground(page: Any) -> None:
    graphics = page.execute_script(AREAS)
    assert graphics
    assert [one for one in graphics if _contrast(one[1], one[2]) < 3] == []


def test_all_seven_colours_do(page: Any) -> None:
    """Those that this report has no use for, too: as WCAG wants of graphics."""
    colours = page.execute_script(
        """const style = getComputedStyle(document.documentElement);
        const names = [1, 2, 3, 4, 5, 6, 7].map(one => `--colour-${one}`);
        return [...names, "--surface"].map(one => style.getPropertyValue(one).trim())"""
    )
    *inks, ground = (_rgb(colour) for colour in colours)
    assert len(set(inks)) == 7
    assert [ink for ink in inks if _contrast(ink, ground) < 3] == []


def _ground(element: Any) -> str:
    return str(element.value_of_css_property("background-color"))


def _rgb(colour: str) -> str:
    pairs = re.findall("[0-9a-f]{2}", colour)
    return "rgb({}, {}, {})".format(*(int(pair, 16) for pair in pairs))


def _contrast(one: str, other: str) -> float:
    lower, higher = sorted(map(_luminance, (one, other)))
    return (higher + 0.05) / (lower + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of ``rgb(...)`` by WCAG 2.2."""
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
