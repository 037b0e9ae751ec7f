"""The page, as its markup says it; test_html_browser.py has what is seen of it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from compatshim.migrate.reports._excerpts import excerpt
from html_page import Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Html = Callable[..., str]


def test_totals(html: Html) -> None:
    text = Page(html()).text
    assert "9 legacy names in 4 of 5 files" in text
    assert "Automatic 7 Assisted 0 Manual 2 Lines 506" in text
    rules = text.partition("By rule")[2].partition("By name")[0]
    assert "CS101 Import from the legacy framework 5 5 0 0 3" in rules
    assert "CS103 Legacy name without a counterpart 1 0 0 1 1" in rules
    names = text.partition("By name")[2].partition("By directory")[0]
    assert "pylons.request becomes compatshim.common.request 2 2 0 0 2" in names
    directories = text.partition("By directory")[2].partition("The code")[0]
    assert "shop/controllers 7 6 0 1 313 2.2" in directories


def test_code_and_what_to_write(html: Html) -> None:
    code = Page(html()).text.partition("The code")[2]
    assert "1 from pylons import ( request, session, ) CS101 pylons.request" in code
    assert "automatic, becomes compatshim.common.session, never used" in code


def test_what_could_not_be_read(html: Html) -> None:
    assert (
        "Not read, or not all of it There may be more in this file."
        in Page(html()).text
    )


def test_each_file_with_findings_is_a_link_in_each_picture(html: Html) -> None:
    page = Page(html())
    links = [one["href"] for one in page.tags("a") if "cell" in str(one.get("class"))]
    assert sorted(map(str, links)) == sorted(
        f"#file-{number}" for number in (1, 2, 3, 4) for _ in ("wide", "narrow")
    )
    assert "shop/lib/clean.py: 0 legacy names in 150 lines" in page.text


def test_links_lead_somewhere_and_names_are_unique(html: Html) -> None:
    page = Page(html())
    links = [link for link in page.values("href") if link != "data:,"]
    assert {link.removeprefix("#") for link in links} <= set(page.values("id"))
    assert len(page.values("id")) == len(set(page.values("id")))


def test_labels_and_captions_are_there(html: Html) -> None:
    page = Page(html())
    assert set(page.values("aria-labelledby")) <= set(page.values("id"))
    assert len(page.tags("caption")) == len(page.tags("table")) > 4
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert {one.get("scope") for one in page.tags("th")} == {"col", "row"}
    pictures = [one for one in page.tags("svg") if "treemap" in str(one.get("class"))]
    assert [one["role"] for one in pictures] == ["group", "group"]
    assert all("9 legacy names in" in str(one["aria-label"]) for one in pictures)


def test_whatever_stands_in_names_and_code_is_text(html: Html) -> None:
    markup = html()
    page = Page(markup)
    assert len(page.tags("script")) == 1
    assert page.tags("img") == []
    assert not [name for _, one in page.elements for name in one if name[:2] == "on"]
    assert "<script>alert(1)<\\script>\"'&amp; onload=alert(2) \\u202e.py" in page.text
    assert "# </table><script>alert(4)</script>" in page.text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in markup


def test_it_fetches_nothing_and_runs_nothing_but_its_own(html: Html) -> None:
    markup = html()
    (policy,) = (
        str(one["content"]) for one in Page(markup).tags("meta") if "http-equiv" in one
    )
    found = dict(one.split(" ", 1) for one in policy.split("; "))
    (style,) = re.findall("(?s)<style>(.*?)</style>", markup)
    (script,) = re.findall("(?s)<script>(.*)</script>", markup)
    assert found == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": hash_of(style),
        "script-src": hash_of(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert Page(markup).values("style") == Page(markup).values("src") == []
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in markup.replace("http-equiv", "")


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_baseline(html: Html, tree: Path) -> None:
    html("shop/controllers", "--baseline", "known.json", "--update")
    page = Page(html(".", "--baseline", "known.json"))
    assert "Not in known.json 2" in page.text
    assert page.text.count("not in the baseline") == 2
    assert "baseline" not in Page(html()).text


def test_nothing_found(html: Html) -> None:
    page = Page(html("shop/lib/clean.py"))
    assert "Nothing legacy in 1 file" in page.text
    assert "By rule" not in page.text
    assert len(page.tags("svg")) > 0


def test_no_file_at_all(html: Html, tree: Path) -> None:
    (tree / "empty").mkdir()
    page = Page(html("empty"))
    assert "Nothing legacy in 0 files" in page.text
    assert "The tree" not in page.text


def test_many_files_are_behind_their_directories(html: Html, tree: Path) -> None:
    for number in range(31):
        (tree / f"shop/lib/part_{number}.py").write_text("import pylons\n")
    text = Page(html()).text
    assert "shop/lib 33 files" in text
    assert "shop/lib 33 files" not in Page(html("shop/controllers")).text


def test_excerpts() -> None:
    lines = ["def f():", "\tfrom pylons import (", "\t\tc,", "\t)", ""]
    assert excerpt(lines, 2, 4) == "from pylons import (\n    c,\n)"
    assert excerpt(lines, 9, 9) == ""
    assert excerpt(["a" * 200], 1, 1) == "a" * 160 + "\N{HORIZONTAL ELLIPSIS}"
    many = [str(number) for number in range(20)]
    assert excerpt(many, 1, 20).split("\n") == [*many[:6], "\N{HORIZONTAL ELLIPSIS}"]
