"""An HTML page as a reader without a browser sees it."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"meta", "link", "img", "wbr"}
_APART = {"dd", "td", "th", "tr", "p", "span", "h1", "section", "li"}


class Page(HTMLParser):
    """Reads a page: its text, what it refers to, and whether all is closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in _APART:
            self.texts.append(" ")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """What can be read."""
        return " ".join("".join(self.texts).split())

    def tags(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of this name."""
        return [found for tag, found in self.elements if tag == name]

    def count(self, name: str) -> int:
        """Return how many elements of this name there are."""
        return len(self.tags(name))

    def values(self, name: str) -> list[str]:
        """Return the values of all attributes of this name."""
        return [str(found[name]) for _, found in self.elements if name in found]
