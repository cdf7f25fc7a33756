"""Lets mkdocs-llmstxt, which writes pages as Markdown for language models, read each statement of ours once.

Our pages repeat themselves for people: a topic's page shows its newest period, a paper may be in two topics, and rows
and lists say an entry's sentence.
"""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatch
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from mkdocs.plugins import PluginCollection
from mkdocs.structure.pages import Page

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

Handler = Callable[..., Any]
"""A plugin's handler of `page_content`."""

_FOR_PEOPLE = (
    ".pd-filter, .pd-elsewhere, .pd-words, .pd-home, .pd-keys, .pd-bibtex, .pd-chart, .pd-comparison, "
    ".pd-row > summary .pd-teaser"
)
"""What readers use, and what a table and a row repeat of the entries on the page."""
_AFTER_ENTRIES = {"pd-title", "pd-row", "pd-words", "pd-turn", "pd-period", "pd-elsewhere", "pd-thanks"}
"""Classes of what follows an entry."""


def read_once(plugins: PluginCollection, ours: Mapping[str, str]) -> None:
    """Hands mkdocs-llmstxt our pages without what another page of ours says that it reads too.

    Arguments:
        plugins: All plugins of the site.
        ours: The address within the site of each of our pages, by its file.
    """
    handlers = plugins.events["page_content"]
    for place, handler in enumerate(handlers):
        plugin = getattr(handler, "__self__", None)
        if type(plugin).__module__.partition(".")[0] == "mkdocs_llmstxt":
            patterns = [*_patterns(plugin.config["sections"].values())]  # type: ignore[union-attr]
            read = {uri: url for uri, url in ours.items() if any(fnmatch(uri, one) for one in patterns)}
            # No event surrounds this step, and other plugins must not see a page without its details.
            handlers[place] = partial(_handle, handler, read, {})


def _patterns(sections: Iterable[Iterable[str | dict[str, str]]]) -> Iterable[str]:
    for section in sections:
        for item in section:
            yield from (item,) if isinstance(item, str) else item


def _handle(
    handler: Handler, read: Mapping[str, str], said: dict[str, str], html: str, *, page: Page, **rest: Any
) -> Any:
    """Calls the handler; what it does with one of our pages has no effect on the page itself."""
    uri = page.file.src_uri
    if uri not in read:
        return handler(html, page=page, **rest)
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for element in soup.select(_FOR_PEOPLE):
        element.decompose()
    _drop_said(soup, uri, read, said)
    handler(str(soup), page=page, **rest)
    return html


def _drop_said(soup: "BeautifulSoup", uri: str, read: Mapping[str, str], said: dict[str, str]) -> None:
    """Leaves only the titles of entries that another page has in full, and no sentence beside a link to one.

    Arguments:
        soup: A page, which is changed.
        uri: Its file.
        read: The pages that are read.
        said: The page that has an entry in full, by the entry's id.
    """
    # On a topic's page, the entries under the first period have a page of their own.
    period = soup.select_one("h2.pd-period")
    home = f"{uri.rpartition('/')[0]}/{period.get('id')}.md" if period else uri
    home = home if home in read else uri
    for heading in soup.select("h2.pd-title"):
        if said.setdefault(str(heading.get("id")), home) != uri:
            _keep_title(heading)
    pages = set(read.values())
    for row in soup.select(".pd-newest > li"):
        link, teaser = row.find("a"), row.select_one(".pd-teaser")
        if link and teaser and urljoin(read[uri], str(link.get("href"))).partition("#")[0] in pages:
            teaser.decompose()


def _keep_title(heading: "Tag") -> None:
    row = heading.find_parent("details", class_="pd-row")
    if row:
        row.replace_with(heading.extract())
        return
    for element in list(heading.find_next_siblings()):
        if _AFTER_ENTRIES & set(element.get("class") or ()):
            return
        element.decompose()
