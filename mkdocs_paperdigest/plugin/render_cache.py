"""Keeps the rendered HTML of pages on disk, so that a build renders only those that have changed.

Rendering Markdown is more than half of a page's share of a build. What comes out depends on the Markdown
as other plugins left it, on the extensions with their settings, on where the page stands, and on what its
links lead to. The first three make the key. MkDocs itself resolves the links in every build, so it warns of
missing targets and anchors as usual; a page whose links lead elsewhere now is rendered again.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import AnchorLink, get_toc

from mkdocs_paperdigest.encoding import decode, encode
from mkdocs_paperdigest.files import write_if_possible
from mkdocs_paperdigest.plugin.fingerprint import fingerprint
from mkdocs_paperdigest.plugin.raw_blocks import RawBlocks

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Render = Callable[["MkDocsConfig", Files], None]
"""MkDocs' own rendering of a page."""


def render_from(folder: Path, page: Page, *, own_templates: bool) -> None:
    """Lets a page take its HTML from the last build where it would come out the same.

    Arguments:
        folder: Where rendered pages are kept, as JSON.
        page: A page that MkDocs is about to read and render.
        own_templates: Whether the page is made by our templates alone.
    """
    # MkDocs has no event around rendering, and pages of a class of our own would lose the title that
    # `nav` gives them.
    page.render = partial(_render, page.render, page, folder, own_templates)  # type: ignore[method-assign]


def forget_others(folder: Path, uris: Iterable[str]) -> None:
    """Deletes what is kept of pages that no longer belong to the site."""
    kept = set(uris)
    for path in folder.rglob("*.md.*"):
        if path.with_suffix("").relative_to(folder).as_posix() not in kept:
            # A file that cannot be deleted does no harm.
            with suppress(OSError):
                path.unlink()


@dataclass(frozen=True, slots=True)
class Heading:
    """An item of a table of contents."""

    name: str
    id: str
    level: int
    children: tuple["Heading", ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What rendering gives a page."""

    made_from: str
    """Fingerprint of the Markdown and of everything else that its rendering depends on."""
    content: str
    title: str | None
    """The text of the first heading."""
    toc: tuple[Heading, ...]
    anchors: tuple[str, ...]
    """Ids that can be linked to."""
    links: tuple[tuple[str, str], ...]
    """Each relative link and image address as the Markdown has it, and as the HTML has it."""


def _render(
    render: Render, page: Page, folder: Path, own_templates: bool, config: "MkDocsConfig", files: Files
) -> None:
    made_from = fingerprint(page, config)
    if made_from is None:
        render(config, files)
        return
    path = folder / _name(page.file.src_uri)
    kept = _read(path)
    if kept and kept.made_from == made_from and _restore(kept, page, config, files):
        return
    links = LinkNotes()
    noting = copy(config)
    # Markdown takes names and objects.
    extensions: list[Any] = [links, RawBlocks()] if own_templates else [links]
    noting.markdown_extensions = config.markdown_extensions + extensions
    render(noting, files)
    write_if_possible(path, encode(_rendered(page, made_from, links)))


def _restore(kept: Rendered, page: Page, config: "MkDocsConfig", files: Files) -> bool:
    """Gives a page what was kept of it, unless one of its links leads elsewhere now."""
    links = _RelativePathTreeprocessor(page.file, files, config)
    with _holding_back(_MKDOCS_LOG) as warnings:
        if any(links.path_to_url(url) != resolved for url, resolved in kept.links):
            # Rendering the page will log the same warnings again.
            return False
    for record in warnings:
        _MKDOCS_LOG.handle(record)
    page.content = kept.content
    page.toc = get_toc(list(map(_token, kept.toc)))
    page._title_from_render = kept.title
    page.present_anchor_ids = set(kept.anchors)
    page.links_to_anchors = links.links_to_anchors
    return True


@contextmanager
def _holding_back(logger: logging.Logger) -> Iterator[list[logging.LogRecord]]:
    """Collects log records instead of showing them; the caller handles those that should be seen."""
    records: list[logging.LogRecord] = []

    def collect(record: logging.LogRecord) -> bool:
        records.append(record)
        return False

    logger.addFilter(collect)
    try:
        yield records
    finally:
        logger.removeFilter(collect)


def _rendered(page: Page, made_from: str, links: "LinkNotes") -> Rendered:
    assert page.content is not None
    return Rendered(
        made_from,
        page.content,
        page._title_from_render,
        tuple(map(_heading, page.toc)),
        tuple(sorted(page.present_anchor_ids or ())),
        # Links to other hosts are never rewritten, and most of ours are such links.
        tuple({url: element.get(name, "") for element, name, url in links.found if _leads_here(url)}.items()),
    )


def _leads_here(url: str) -> bool:
    scheme, host, *_ = urlsplit(url)
    return not (scheme or host)


def _heading(link: AnchorLink) -> Heading:
    return Heading(link.title, link.id, link.level, tuple(map(_heading, link.children)))


def _token(heading: Heading) -> Any:
    """A heading as Markdown's own table of contents states it."""
    children = list(map(_token, heading.children))
    return {"name": heading.name, "id": heading.id, "level": heading.level, "children": children}


class LinkNotes(Extension, Treeprocessor):
    """A Markdown extension that notes the links of a page just before MkDocs resolves them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[Element, str, str]] = []
        """Elements with the name and first value of their address."""

    def extendMarkdown(self, md: Any) -> None:  # noqa: N802 - Markdown's name
        """Registers itself; MkDocs' own extension follows with the same priority."""
        md.treeprocessors.register(self, "paperdigest_links", 0)

    def run(self, root: Element) -> None:
        """Notes the elements; after rendering they hold the resolved links."""
        names = {"a": "href", "img": "src"}
        self.found += [
            (element, name, element.get(name, ""))
            for element in root.iter()
            if (name := names.get(element.tag))
        ]


def _name(uri: str) -> str:
    return f"{uri}.json"


def _read(path: Path) -> Rendered | None:
    try:
        return decode(path.read_bytes(), Rendered)
    except (OSError, ValueError) as error:
        log.debug("%s: not read: %s", path, error)
        return None


_MKDOCS_LOG = logging.getLogger(_RelativePathTreeprocessor.__module__)
"""MkDocs logs broken links here."""
