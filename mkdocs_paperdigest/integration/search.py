"""Lets the site's search index see of digest pages what is worth finding, and that quickly.

Search plugins parse the whole HTML of every page in every build, which costs more than all the rest of a
page that is not rendered anew. Ours are mostly readings, quotations and captions, which bloat an index.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mkdocs.structure.pages import Page
from pydantic import TypeAdapter

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.pages.searchable import searchable
from mkdocs_paperdigest.settings import SearchScope
from mkdocs_paperdigest.writing import save_time

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Add = Callable[[Page], None]
"""How the search plugins of MkDocs and of Material take a page into their index."""
ENTRIES = ("entries", "_entries")
"""Where Material's index and that of MkDocs have what they found, as a list of objects for JSON."""
PACKAGES = ("mkdocs", "mkdocs-material", "jieba")
"""Whose versions count."""


def index_lightly(
    plugins: Iterable[object], is_ours: Callable[[Page], bool], scope: SearchScope, folder: Path
) -> None:
    """Has search plugins index our pages by what is searchable in them.

    Arguments:
        plugins: All plugins of the site; those with a search index are found by it.
        is_ours: Whether a page is one of ours.
        scope: How much of our pages a search finds.
        folder: Where the entries of each page are kept for later builds.
    """
    for plugin in plugins:
        index = getattr(plugin, "search_index", None)
        add = getattr(index, "add_entry_from_context", None)
        if add is not None:
            # They offer no event around it, and other plugins must not see a page without its details.
            vars(index)["add_entry_from_context"] = partial(
                _add, add, index, is_ours, scope, folder
            )


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a page gave an index."""

    made_from: str
    """Fingerprint of all that has a say in it."""
    entries: list[dict[str, Any]]


def _add(
    add: Add,
    index: Any,
    is_ours: Callable[[Page], bool],
    scope: SearchScope,
    folder: Path,
    page: Page,
) -> None:
    if not is_ours(page):
        add(page)
        return
    if scope == "none":
        return
    entries = next(
        (found for name in ENTRIES if (found := vars(index).get(name)) is not None), None
    )
    if not isinstance(entries, list):
        with _only_searchable(page, scope):
            add(page)
        return
    path = folder / f"{page.file.src_uri}.search"
    made_from = _fingerprint(page, scope, index)
    kept = _read(path)
    if kept is not None and kept.made_from == made_from:
        entries += kept.entries
        return
    before = len(entries)
    with _only_searchable(page, scope):
        add(page)
    save_time(path, _ADAPTER.dump_json(Indexed(made_from, entries[before:])))


@contextmanager
def _only_searchable(page: Page, scope: SearchScope) -> Iterator[None]:
    """Leaves a page for a while with nothing but what a search should find in it."""
    whole = page.content
    page.content = searchable(whole or "", details=scope == "all")
    try:
        yield
    finally:
        page.content = whole


def _fingerprint(page: Page, scope: SearchScope, index: Any) -> str:
    parts = [
        __version__,
        _versions(),
        f"{type(index).__module__}.{type(index).__qualname__}",
        getattr(index, "config", None),
        scope,
        page.url,
        page.title,
        page.meta,
    ]
    text = f"{json.dumps(parts, default=str)}\n{page.content}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@cache
def _versions() -> list[str]:
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return found


def _read(path: Path) -> Indexed | None:
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        log.debug("%s: not read: %s", path, error)
        return None


_ADAPTER = TypeAdapter(Indexed)
