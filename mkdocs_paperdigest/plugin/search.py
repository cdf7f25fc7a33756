"""Lets the site's search index see of digest pages what is worth finding, and that quickly.

Search plugins parse the whole HTML of every page in every build, which costs more than all the rest of a
page that is not rendered anew. Ours are mostly readings, quotations and captions, which bloat an index.
"""

import json
import logging
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

from mkdocs.plugins import PluginCollection
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext
from pydantic import TypeAdapter

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.files import installed_versions, write_if_possible
from mkdocs_paperdigest.options.options import SearchScope
from mkdocs_paperdigest.plugin.searchable import searchable

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Handler = Callable[..., Any]
"""What a plugin does with the context of a page: search plugins take the page into their index there."""
ENTRIES = ("entries", "_entries")
"""Where Material's index and that of MkDocs have what they found, as a list of objects for JSON."""
PACKAGES = ("mkdocs", "mkdocs-material", "jieba")
"""Whose versions count."""
META = ("search", "tags", "title")
"""What an index reads in a page's front matter, where other plugins put the time of the build."""
DICTIONARIES = ("jieba_dict", "jieba_dict_user")
"""Options of Material's search that name files of Chinese words, by which it parts texts."""


def index_lightly(
    plugins: PluginCollection, is_ours: Callable[[Page], bool], scope: SearchScope, folder: Path
) -> None:
    """Has search plugins index our pages by what is searchable in them.

    Arguments:
        plugins: All plugins of the site; those with a search index are found by it.
        is_ours: Whether a page is one of ours.
        scope: How much of our pages a search finds.
        folder: Where the entries of each page are kept for later builds.
    """
    # There is no event around it, and other plugins must not see a page without its details.
    handlers = plugins.events["page_context"]
    for place, handler in enumerate(handlers):
        index = getattr(getattr(handler, "__self__", None), "search_index", None)
        if hasattr(index, "add_entry_from_context"):
            rules = _rules(index, scope)
            handlers[place] = partial(_handle, handler, index, is_ours, scope, rules, folder)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a page gave an index."""

    made_from: str
    """Fingerprint of all that has a say in it."""
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
    """What a search plugin's handler does, but for one of our pages with what is searchable in it."""
    if not is_ours(page):
        return handler(context, page=page, **rest)
    if scope == "none":
        return None
    found = (vars(index).get(name) for name in ENTRIES)
    entries = next((one for one in found if isinstance(one, list)), None)
    path = folder / f"{page.file.src_uri}.search"
    made_from = _fingerprint(page, rules)
    kept = _read(path)
    if entries is not None and kept is not None and kept.made_from == made_from:
        entries += kept.entries
        return None
    before = len(entries or ())
    light = copy(page)
    light.content = searchable(page.content or "", details=scope == "all")
    result = handler(context, page=light, **rest)
    if entries is not None:
        write_if_possible(path, _ADAPTER.dump_json(Indexed(made_from, entries[before:])))
    return result


def _fingerprint(page: Page, rules: str) -> str:
    # MkDocs' index takes titles from the table of contents, which not every heading is in.
    meta = {name: page.meta.get(name) for name in META}
    parts = [rules, page.url, page.title, meta, str(page.toc)]
    return _hash(f"{json.dumps(parts, default=str)}\n{page.content}")


def _rules(index: Any, scope: SearchScope) -> str:
    """A fingerprint of what has a say in the entries of every page."""
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
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@cache
def _versions() -> dict[str, str]:
    return installed_versions(PACKAGES)


def _read(path: Path) -> Indexed | None:
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        log.debug("%s: not read: %s", path, error)
        return None


_ADAPTER = TypeAdapter(Indexed)
