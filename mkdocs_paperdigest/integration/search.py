"""Lets the site's search index see of digest pages what is worth finding, and that quickly.

Search plugins parse the whole HTML of every page in every build, which costs more than all the rest of a
page that is not rendered anew. Ours are mostly readings, quotations and captions, which bloat an index.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path

from mkdocs.structure.pages import Page

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.pages.searchable import searchable
from mkdocs_paperdigest.settings import SearchScope
from mkdocs_paperdigest.writing import write_whole

Add = Callable[[Page], None]
"""How the search plugins of MkDocs and of Material take a page into their index."""


def index_lightly(
    plugins: Iterable[object], is_ours: Callable[[Page], bool], scope: SearchScope, folder: Path
) -> None:
    """Has search plugins index our pages by what is searchable in them.

    Arguments:
        plugins: All plugins of the site; those with a search index are found by it.
        is_ours: Whether a page is one of ours.
        scope: How much of our pages a search finds.
        folder: Where the searchable part of each page is kept for later builds.
    """
    for plugin in plugins:
        index = getattr(plugin, "search_index", None)
        add = getattr(index, "add_entry_from_context", None)
        if add is not None:
            # They offer no event around it, and other plugins must not see a page without its details.
            vars(index)["add_entry_from_context"] = partial(_add, add, is_ours, scope, folder)


def _add(
    add: Add, is_ours: Callable[[Page], bool], scope: SearchScope, folder: Path, page: Page
) -> None:
    if not is_ours(page):
        add(page)
    elif scope != "none":
        whole, page.content = page.content, _searchable(page, scope, folder)
        try:
            add(page)
        finally:
            page.content = whole


def _searchable(page: Page, scope: SearchScope, folder: Path) -> str:
    """The searchable part of a page, taken from the last build if the page is the same."""
    html = page.content or ""
    parts = f"{__version__} {scope} {html}".encode("utf-8", "surrogatepass")
    made_from = blake2b(parts, digest_size=16).hexdigest()
    path = folder / f"{page.file.src_uri}.search"
    with suppress(OSError, UnicodeDecodeError):
        kept_from, _, kept = path.read_text(encoding="utf-8").partition("\n")
        if kept_from == made_from:
            return kept
    made = searchable(html, details=scope == "all")
    write_whole(path, f"{made_from}\n{made}".encode("utf-8", "replace"))
    return made
