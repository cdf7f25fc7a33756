"""What a search should find on a page: its HTML without what is marked as not searchable."""

from html.parser import HTMLParser

DETAIL = "detail"
"""Value of `data-search-exclude` on what a search may find if a site wants it: readings, quotes, captions."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "li", "ol", "ul", "code", "pre", "sub", "sup"})
"""Elements that Material's search shows in its results."""
_HIDDEN = frozenset({"script", "style", "object"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "source", "track", "wbr"}
)


def searchable(html: str, *, details: bool) -> str:
    """Headings with their ids and the text below them, without what is marked `data-search-exclude`.

    An excluded heading excludes everything down to the next heading of its rank. Other elements are replaced by
    their text, because the time to index a page grows with the number of its tags.

    Arguments:
        html: A rendered page.
        details: Whether to keep what is excluded as a detail.
    """
    reader = _Reader(details)
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    def __init__(self, details: bool) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._details = details
        self._leaving_out = 0
        """Depth inside an element that is left out."""
        self._section = ""
        """The heading whose section is left out."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._add(" ")
            return
        if self._leaving_out:
            self._leaving_out += 1
            return
        marks = dict(attrs)
        excluded = "data-search-exclude" in marks and not (
            self._details and marks["data-search-exclude"] == DETAIL
        )
        if tag in _HEADINGS and "id" in marks:
            below = self._section and tag > self._section
            if not below:
                self._section = tag if excluded else ""
        if excluded or tag in _HIDDEN or marks.get("class") == "headerlink":
            self._leaving_out = 1
        elif tag in _HEADINGS:
            self._add(self.get_starttag_text() or "")
        elif tag in _BLOCKS:
            self._add(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._leaving_out:
            self._leaving_out -= 1
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def _add(self, part: str) -> None:
        if not self._leaving_out and not self._section:
            self.parts.append(part)
