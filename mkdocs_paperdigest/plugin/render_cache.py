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
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import AnchorLink, get_toc
from mkdocs.utils import weak_property
from mkdocs.utils.meta import get_data

from mkdocs_paperdigest.encoding import decode, encode, hash_of
from mkdocs_paperdigest.files import write_if_possible
from mkdocs_paperdigest.plugin.fingerprint import fingerprint, is_self_contained
from mkdocs_paperdigest.plugin.raw_blocks import RawBlocks

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Render = Callable[["MkDocsConfig", Files], None]
"""MkDocs' own rendering of a page."""


def render_from(folder: Path, page: Page, *, own_templates: bool) -> None:
    """Lets a page take its HTML from the last build where it would come out the same.

    Arguments:
        folder: Where rendered pages are kept.
        page: A page that MkDocs is about to read and render.
        own_templates: Whether the page is made by our templates alone.
    """
    # MkDocs has no event around rendering. It has made the page already, with the title that `nav` gives it.
    if type(page) is Page:
        page.__class__ = LightPage
    page.render = partial(_render, page.render, page, folder, own_templates)  # type: ignore[method-assign]


def forget_others(folder: Path, uris: Iterable[str]) -> None:
    """Deletes what is kept of pages that no longer belong to the site, or as older versions have kept it."""
    kept = {f"{uri}{suffix}" for uri in uris for suffix in (HTML, SEARCH)}
    for path in folder.rglob("*.md.*"):
        if path.relative_to(folder).as_posix() not in kept:
            # A file that cannot be deleted does no harm.
            with suppress(OSError):
                path.unlink()


def let_go(page: Page, *, can_read_again: bool) -> None:
    """Has a page take little memory from now on, since all plugins have seen its new HTML.

    Arguments:
        page: One that `render_from` knows, before MkDocs assigns its HTML for the last time.
        can_read_again: Whether its Markdown is what its file has.
    """
    if isinstance(page, LightPage):
        page.settled = True
        if can_read_again and page.markdown is page.source:
            vars(page)["markdown"] = _ON_DISK
        page.source = None


class _Place(Enum):
    """Where something is; unlike other objects, a member stays itself when a plugin copies a page."""

    DISK = "disk"


class LightPage(Page):
    """A page whose HTML is held as UTF-8, and whose Markdown is read again when a plugin asks for it.

    MkDocs holds the Markdown and the HTML of all pages until the last page is written. One character that is not Latin
    makes every character of a text take two bytes or four.
    """

    settled = False
    source: str | None = None
    """The Markdown as it was read."""

    @property
    def content(self) -> str | None:
        """The HTML."""
        held = vars(self).get("content")
        return held.decode("utf-8", "surrogatepass") if isinstance(held, bytes) else held

    @content.setter
    def content(self, value: str | None) -> None:
        kept = vars(self).get(_RESTORED)
        if not self.settled or value is None:
            vars(self)["content"] = value
        elif kept and kept.text is value:
            vars(self)["content"], kept.text = kept.html, None
        else:
            vars(self)["content"] = _encoded(value)

    @property
    def markdown(self) -> str | None:
        """The Markdown without its front matter."""
        held = vars(self).get("markdown")
        return get_data(self.file.content_string)[0] if held is _ON_DISK else held

    @markdown.setter
    def markdown(self, value: str | None) -> None:
        if self.source is None and not self.settled:
            self.source = value
        vars(self)["markdown"] = value

    @weak_property
    def title(self) -> str | None:
        """As MkDocs states it. It asks whether there is Markdown, which needs no reading."""
        if vars(self).get("markdown") is _ON_DISK:
            if "title" in self.meta:
                return cast("str | None", self.meta["title"])
            if self._title_from_render:
                return self._title_from_render
        return cast("str | None", Page.title.func(self))


@dataclass(slots=True)
class Restored:
    """The HTML that a page has from the last build."""

    text: str | None
    """None when only the bytes are held."""
    html: bytes
    digest: str


def content_digest(page: Page) -> str:
    """A fingerprint of a page's HTML; it is not computed again where the HTML is that of the last build."""
    kept, content = vars(page).get(_RESTORED), vars(page).get("content")
    if isinstance(kept, Restored) and content is not None and (content is kept.text or content is kept.html):
        return kept.digest
    return hash_of(_encoded(page.content or ""))


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
    digest: str
    """Fingerprint of the HTML."""
    size: int
    """Its bytes."""
    title: str | None
    """The text of the first heading."""
    toc: tuple[Heading, ...]
    anchors: tuple[str, ...]
    """Ids that can be linked to."""
    targets: dict[str, str]
    """URLs of the files that it links to and shows, by their sources."""
    places: tuple[tuple[str, str, str], ...]
    """Links with an anchor: the source of the file, empty for the page itself; the anchor; the whole link."""
    others: tuple[tuple[str, str], ...]
    """Other relative links as the Markdown has them, and as the HTML has them."""


def _render(
    render: Render, page: Page, folder: Path, own_templates: bool, config: "MkDocsConfig", files: Files
) -> None:
    made_from = fingerprint(page, config)
    path = folder / f"{page.file.src_uri}{HTML}"
    kept, content = _read(path) if made_from else (None, b"")
    if kept and kept.made_from == made_from and _restore(kept, content, page, config, files):
        return
    # The Markdown of a page that was kept is known to be.
    if made_from is None or not is_self_contained(page):
        render(config, files)
        return
    links = LinkNotes()
    noting = copy(config)
    # Markdown takes names and objects.
    extensions: list[Any] = [links, RawBlocks()] if own_templates else [links]
    noting.markdown_extensions = config.markdown_extensions + extensions
    render(noting, files)
    html = _encoded(page.content or "")
    head = encode(_rendered(page, html, made_from, links, files))
    write_if_possible(path, b"%b\n%b" % (head, html))


def _restore(kept: Rendered, content: bytes, page: Page, config: "MkDocsConfig", files: Files) -> bool:
    """Gives a page what was kept of it, unless one of its links leads elsewhere now."""
    links = _RelativePathTreeprocessor(page.file, files, config)
    # MkDocs asks the same of each link. Thousands of images are found faster by one look at each file; plugins that
    # build one site for each language have a look of their own.
    find = files.src_uris.get if type(files) is Files else files.get_file_from_path
    for uri, url in kept.targets.items():
        file = find(uri)
        if file is None or file.url != url or file.inclusion.is_excluded():
            return False
    with _holding_back(_MKDOCS_LOG) as warnings:
        if any(links.path_to_url(url) != resolved for url, resolved in kept.others):
            # Rendering the page will log the same warnings again.
            return False
    for record in warnings:
        _MKDOCS_LOG.handle(record)
    for uri, anchor, link in kept.places:
        target = find(uri) if uri else page.file
        if target:
            links.links_to_anchors.setdefault(target, {}).setdefault(anchor, link)
    page.content = content.decode("utf-8", "surrogatepass")
    page.toc = get_toc(list(map(_token, kept.toc)))
    page._title_from_render = kept.title
    page.present_anchor_ids = set(kept.anchors)
    page.links_to_anchors = links.links_to_anchors
    vars(page)[_RESTORED] = Restored(page.content, content, kept.digest)
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


def _rendered(page: Page, html: bytes, made_from: str, links: "LinkNotes", files: Files) -> Rendered:
    targets: dict[str, str] = {}
    places: dict[tuple[str, str], str] = {}
    others: dict[str, str] = {}
    # Links to other hosts are never rewritten, and most of ours are such links.
    for url, resolved in {url: element.get(name, "") for element, name, url in links.found}.items():
        scheme, host, path, _, anchor = urlsplit(url)
        if scheme or host:
            continue
        target = _target(url, path, page, files)
        if target is None:
            others[url] = resolved
            continue
        if target is not page.file:
            targets[target.src_uri] = target.url
        if anchor:
            places.setdefault((target.src_uri if target is not page.file else "", anchor), url)
    return Rendered(
        made_from,
        hash_of(html),
        len(html),
        page._title_from_render,
        tuple(map(_heading, page.toc)),
        tuple(sorted(page.present_anchor_ids or ())),
        targets,
        tuple((uri, anchor, url) for (uri, anchor), url in places.items()),
        tuple(others.items()),
    )


def _target(url: str, path: str, page: Page, files: Files) -> File | None:
    """The file that a relative link leads to, as MkDocs finds it; None where MkDocs has more to say of the link."""
    if AMP_SUBSTITUTE in url or url.startswith(("/", "\\")):
        return None
    if not path:
        return page.file if url.startswith("#") else None
    uri = _RelativePathTreeprocessor._target_uri(page.file.src_uri, unquote(path))
    file = files.get_file_from_path(uri)
    return None if file is None or file.inclusion.is_excluded() else file


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


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _read(path: Path) -> tuple[Rendered | None, bytes]:
    """What was kept of a page, and its HTML."""
    try:
        head, _, content = path.read_bytes().partition(b"\n")
        kept = decode(head, Rendered)
    except (OSError, ValueError) as error:
        log.debug("%s: not read: %s", path, error)
        return None, b""
    # A power failure leaves files behind that end early, or have zeros in place of their last blocks.
    is_whole = len(content) == kept.size and b"\0" not in content
    return (kept, content) if is_whole else (None, b"")


HTML, SEARCH = ".html", ".search"
"""Ends of the names of what is kept of a page: a line of JSON and the HTML; the entries of the search index."""
_RESTORED = "_paperdigest_restored"
"""Attribute of a page: what it has from the last build."""
_ON_DISK = _Place.DISK
"""Stands in for Markdown that can be read again."""
_MKDOCS_LOG = logging.getLogger(_RelativePathTreeprocessor.__module__)
"""MkDocs logs broken links here."""
