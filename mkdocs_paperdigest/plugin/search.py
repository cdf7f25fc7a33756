"""Shows the site's search index only what is worth finding on digest pages, and takes it from the last build.

Search plugins parse the whole HTML of every page in every build. That costs more than all other work on a page
whose HTML was kept. Our pages are mostly readings, quotations and captions, which bloat an index.
"""

import json
import logging
import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from mkdocs.plugins import PluginCollection
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.encoding import decode, encode, hash_of
from mkdocs_paperdigest.files import installed_versions, write_if_possible
from mkdocs_paperdigest.options.options import SearchScope
from mkdocs_paperdigest.plugin.render_cache import SEARCH, content_digest

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Handler = Callable[..., Any]
"""A plugin's handler of `page_context`, where search plugins add the page to their index."""
MKDOCS_ENTRIES = "_entries"
ENTRIES = ("entries", MKDOCS_ENTRIES)
"""Attributes of Material's and MkDocs' index that hold its entries, a list of objects for JSON."""
PACKAGES = ("mkdocs", "mkdocs-material", "jieba")
"""Packages whose versions are part of the fingerprint."""
META = ("search", "title")
"""Front matter that an index reads; other plugins put the time of the build beside it."""
DICTIONARIES = ("jieba_dict", "jieba_dict_user")
"""Options of Material's search that name dictionaries for splitting Chinese text into words."""
DETAIL = "detail"
"""Value of `data-search-exclude` on what a search may find if a site wants it: readings, quotes, captions."""
KEYWORD = "pd-keyword"
"""Class of a paper's keywords, which a search finds wherever they stand."""
BOOST = 0.5
"""Factor for a page's own entry in Material's search, which ranks pages up to 2.5 times above their sections."""

ROW = "row"
"""Value of `data-search-exclude` on the entry in a row that opens. The index of Material and Zensical would file its
text under the heading before the row's own, which is nested more deeply; here it is filed rightly."""

_PAPERS = re.compile(r'<ul class="pd-newest pd-papers\b.*?</ul>', re.DOTALL)
"""Papers in people's own pages, which a search finds in the digests."""
_FIRST_HEADING = re.compile(r'<h1[^>]*?\sid="([^"]*)"')
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "li", "ol", "ul", "code", "pre", "sub", "sup"})
"""Elements that Material's search shows in its results."""
_HIDDEN = frozenset({"script", "style", "object"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "source", "track", "wbr"}
)


def index_lightly(
    plugins: PluginCollection, is_ours: Callable[[Page], bool], scope: SearchScope, folder: Path
) -> None:
    """Makes search plugins index only what is searchable on our pages.

    Arguments:
        plugins: All plugins of the site; search plugins are recognized by their index.
        is_ours: Whether a page is one of ours.
        scope: How much of our pages a search finds.
        folder: Where the entries of each page are kept for later builds.
    """
    # No event surrounds this step, and other plugins must not see a page without its details.
    handlers = plugins.events["page_context"]
    for place, handler in enumerate(handlers):
        index = getattr(getattr(handler, "__self__", None), "search_index", None)
        if hasattr(index, "add_entry_from_context"):
            rules = _rules(index, scope)
            handlers[place] = partial(_handle, handler, index, is_ours, scope, rules, folder)


@dataclass(frozen=True, slots=True)
class Indexed:
    """The entries that a page added to an index."""

    made_from: str
    """Fingerprint of everything that they depend on."""
    entries: list[dict[str, Any]]


def _handle(
    handler: Handler,
    index: Any,
    is_ours: Callable[[Page], bool],
    scope: SearchScope,
    rules: str,
    folder: Path,
    context: TemplateContext,
    *,
    page: Page,
    **rest: Any,
) -> Any:
    """Calls a search plugin's handler; one of our pages is reduced to what is searchable on it."""
    if not is_ours(page):
        if _PAPERS.search(page.content or ""):
            # MkDocs' own search knows no parts of pages that are to be left out.
            light = copy(page)
            light.content = _PAPERS.sub("", page.content or "")
            return handler(context, page=light, **rest)
        return handler(context, page=page, **rest)
    # MkDocs' own search knows no pages that are to be left out.
    if scope == "none" or (page.meta.get("search") or {}).get("exclude"):
        return None
    found = (vars(index).get(name) for name in ENTRIES)
    entries = next((one for one in found if isinstance(one, list)), None)
    path = folder / f"{page.file.src_uri}{SEARCH}"
    made_from = _fingerprint(page, rules)
    kept = _read(path)
    if entries is not None and kept is not None and kept.made_from == made_from:
        entries += kept.entries
        return None
    before = len(entries or ())
    light = copy(page)
    light.content = searchable(page.content or "", details=scope == "all")
    # Material gives a page's tags to each of its sections, and ranks them above titles: every paper of the page
    # would be found by a keyword of one.
    light.meta = {name: value for name, value in page.meta.items() if name != "tags"}
    result = handler(context, page=light, **rest)
    if entries is not None:
        added = entries[before:]
        if entries is vars(index).get(MKDOCS_ENTRIES):
            entries[before:] = _each_text_once(added, page.url, light.content)
        else:
            factor = (page.meta.get("search") or {}).get("boost", 1)
            for entry in added:
                if entry["location"] == page.url and isinstance(factor, int | float):
                    entry["boost"] = BOOST * factor
        write_if_possible(path, encode(Indexed(made_from, entries[before:])))
    return result


def _each_text_once(entries: list[dict[str, Any]], url: str, html: str) -> list[dict[str, Any]]:
    """The entries that MkDocs' own index has of a page, with each text in one of them.

    MkDocs gives the page all the text of its sections, so that a word of one paper finds the page as well. The page
    keeps what stands under its first heading, unless the index has no sections. Titles are plain text for MkDocs'
    search, which shows entities as they are.
    """
    entries = [entry | {"title": unescape(entry["title"] or "")} for entry in entries]
    first = _FIRST_HEADING.search(html)
    head = f"{url}#{unescape(first[1])}" if first else ""
    sections = [entry for entry in entries if entry["location"] not in (url, head)]
    if not sections and "<h2" in html:
        return entries
    own = next((entry["text"] for entry in entries if entry["location"] == head), "")
    return [entry | {"text": own} for entry in entries if entry["location"] == url] + sections


def _fingerprint(page: Page, rules: str) -> str:
    # MkDocs' index takes titles from the table of contents, which lacks some headings.
    meta = {name: page.meta.get(name) for name in META}
    parts = [rules, page.url, page.title, meta, str(page.toc), content_digest(page)]
    return _hash(json.dumps(parts, default=str))


def _rules(index: Any, scope: SearchScope) -> str:
    """A fingerprint of what the entries of every page depend on."""
    config = getattr(index, "config", None) or {}
    kind = f"{type(index).__module__}.{type(index).__qualname__}"
    words = [_content(config[name]) for name in DICTIONARIES if config.get(name)]
    return _hash(json.dumps([__version__, _versions(), kind, config, words, scope], default=str))


def _content(path: str) -> str:
    try:
        return _hash(Path(path).read_text("utf-8", "replace"))
    except OSError:  # the search plugin says so
        return ""


def _hash(text: str) -> str:
    return hash_of(text.encode("utf-8", "surrogatepass"))


@cache
def _versions() -> dict[str, str]:
    return installed_versions(PACKAGES)


def _read(path: Path) -> Indexed | None:
    try:
        return decode(path.read_bytes(), Indexed)
    except (OSError, ValueError) as error:
        log.debug("%s: not read: %s", path, error)
        return None


def searchable(html: str, *, details: bool) -> str:
    """Headings with their ids and the text below them, without what is marked `data-search-exclude`.

    Keywords stay wherever they stand, because people search for them. An excluded heading excludes everything down
    to the next heading of its rank. Other elements are replaced by their text, because the time to index a page grows
    with the number of its tags.

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
        self._kept = {ROW, DETAIL} if details else {ROW}
        self._leaving_out = 0
        """Depth inside an element that is left out."""
        self._keyword = 0
        """Depth of a keyword inside it, 0 outside of keywords."""
        self._section = ""
        """The heading whose section is left out."""

    def updatepos(self, _i: int, j: int) -> int:
        """Counts no lines, which takes a fifth of the reading: the text is not reported on."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._add(" ")
            return
        marks = dict(attrs)
        if self._leaving_out:
            self._leaving_out += 1
            if marks.get("class") == KEYWORD:
                self._keyword = self._leaving_out
                self._add("<p>")
            return
        excluded = "data-search-exclude" in marks and marks["data-search-exclude"] not in self._kept
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
            if self._leaving_out == self._keyword:
                self._add("</p>")
                self._keyword = 0
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
        if (self._keyword or not self._leaving_out) and not self._section:
            self.parts.append(part)
