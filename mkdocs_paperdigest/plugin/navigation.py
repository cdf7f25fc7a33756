"""Our pages in the navigation: their order, their names, and the topic that a period belongs to."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from mkdocs.structure import StructureItem
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils import dirname_to_title

Ours = Callable[[Page], bool]
"""Whether this plugin made a page."""


def arrange(nav: Navigation, files: Files, uris: Sequence[str], is_ours: Ours) -> None:
    """Puts our pages into the order of the options, and a topic in place of the section that holds only it.

    Sections that the user has named stay as they are. Pages of periods, which are not in the navigation, get
    the page of their topic as parent: so themes highlight the topic and show the way back.

    Arguments:
        nav: The site's navigation.
        files: All files of the site.
        uris: Sources of our pages in the order of the options.
        is_ours: Whether this plugin made a page.
    """
    places = {uri: place for place, uri in enumerate(uris)}

    def place_of(item: StructureItem) -> int:
        return places.get(item.file.src_uri, -1) if isinstance(item, Page) else -1

    def arranged(items: list[StructureItem]) -> list[StructureItem]:
        items = [_without_doubling(item, is_ours) for item in items]
        for section in (item for item in items if isinstance(item, Section)):
            children = section.children = arranged(section.children)
            spots = [spot for spot, item in enumerate(children) if isinstance(item, Page) and is_ours(item)]
            ours = [children[spot] for spot in spots]
            if any(isinstance(item, Page) and _is_named_by_mkdocs(section, item) for item in ours):
                for spot, item in zip(spots, sorted(ours, key=place_of), strict=True):
                    children[spot] = item
        return items

    nav.items = arranged(nav.items)
    _link_neighbours(nav)
    for file in files.documentation_pages():
        page, folder = file.page, PurePosixPath(file.src_uri).parent
        index = files.get_file_from_path(f"{folder}/index.md")
        if page and page.parent is None and file.name != "index" and is_ours(page) and index and index.page:
            page.parent = index.page  # type: ignore[assignment]  # MkDocs uses what pages and sections share


def name_sections(files: Files, is_ours: Ours, *, leads_to_index: bool) -> None:
    """Gives a section the title of our index in it, unless the user has named the section.

    Arguments:
        files: All files of the site, whose pages know their titles already.
        is_ours: Whether this plugin made a page.
        leads_to_index: Whether the theme makes the section itself lead to the index; else the index gets its
            `nav_title`, so that it does not stand below its own name.
    """
    for file in files.documentation_pages():
        page = file.page
        if page is None or file.name != "index" or not is_ours(page):
            continue
        section = page.parent
        if isinstance(section, Section) and _is_named_by_mkdocs(section, page):
            section.title = page.title or section.title
            if not leads_to_index:
                page.title = page.meta.get("nav_title") or page.title


def _without_doubling(item: StructureItem, is_ours: Ours) -> StructureItem:
    if not isinstance(item, Section) or len(item.children) != 1:
        return item
    only = item.children[0]
    if not isinstance(only, Page) or not is_ours(only) or not _is_named_by_mkdocs(item, only):
        return item
    only.parent = item.parent
    return only


def _is_named_by_mkdocs(section: Section, index: Page) -> bool:
    return index.file.name == "index" and section.title == dirname_to_title(
        PurePosixPath(index.file.src_uri).parent.name
    )


def _link_neighbours(nav: Navigation) -> None:
    """Brings the flat list of pages, and what their footers link to, into the order of the navigation."""
    known = {id(page) for page in nav.pages}
    ordered = [page for page in _pages(nav.items) if id(page) in known]
    if len(ordered) != len(known):
        return
    nav.pages[:] = ordered
    if ordered:
        ordered[0].previous_page = ordered[-1].next_page = None
    for before, after in pairwise(ordered):
        before.next_page, after.previous_page = after, before


def _pages(items: Sequence[StructureItem]) -> list[Page]:
    found: list[Page] = []
    for item in items:
        if isinstance(item, Page):
            found.append(item)
        elif isinstance(item, Section):
            found += _pages(item.children)
    return found
