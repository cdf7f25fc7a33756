"""Writes a site's pages into the cache folder, and only those that changed."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.encoding import decode, hash_of
from mkdocs_paperdigest.files import is_inside, write_whole
from mkdocs_paperdigest.models import Digest, SiteFile
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.plan.contents import (
    Bibliography,
    Feed,
    IndexPage,
    Page,
    PageEntry,
    PaperIndex,
    SiteAddress,
    TopicPage,
)
from mkdocs_paperdigest.pages.plan.outline import outline
from mkdocs_paperdigest.text import printable

if TYPE_CHECKING:
    from mkdocs_paperdigest.pages.feeds import Item
    from mkdocs_paperdigest.pages.labels import Language
    from mkdocs_paperdigest.pages.render.render import Renderer

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

_ON_REDIRECTS = "https://mkdocs-paperdigest.github.io/mkdocs-paperdigest/plugins/#redirects"

Content = Page | Bibliography | PaperIndex | Feed
Stamp = tuple[str, str, int, int]
"""What a file was made from and what was written, as fingerprints; its size and modification time (ns)."""


def build_pages(
    digests: Sequence[Digest],
    options: Options,
    *,
    now: datetime,
    site: SiteAddress | None = None,
    writer: "Writer | None" = None,
) -> list[SiteFile]:
    """Brings the pages of all digests up to date and returns all files of the site.

    A page with the same content, templates and language as in the last build is not rendered again, and a
    page whose text stays the same is not written again. Pages of the last build that no longer belong to
    the site are deleted.

    Arguments:
        digests: What there is to show.
        options: The site's options.
        now: The time of the build.
        site: Where the site will stand; without it there are no feeds.
        writer: One for these options that may be prepared already.

    Raises:
        ConfigurationError: One of the user's templates is wrong.
    """
    plan = outline(digests, options, now=now, site=site)
    contents: list[Content] = [*plan.pages, *plan.bibliographies, *plan.papers, *plan.feeds]
    folder = options.cache_dir / "pages"
    manifest = options.cache_dir / "pages.json"
    before = _read_manifest(manifest)
    after = dict(_bring_up_to_date(contents, options, folder, before, writer or Writer(options)))
    if after != before:
        write_whole(manifest, json.dumps(after, indent=0).encode())
        gone = before.keys() - after.keys()
        _delete(folder, gone)
        if pages := sorted(uri for uri in gone if uri.endswith(".md")):
            log.info(
                "%s: %s; to redirect visitors, see %s",
                "a page of the last build is gone"
                if len(pages) == 1
                else f"{len(pages)} pages of the last build are gone",
                ", ".join(map(printable, pages)),
                _ON_REDIRECTS,
            )
    indexes = {page.uri for page in plan.pages if isinstance(page, IndexPage | TopicPage)}
    files = [
        SiteFile(content.uri, folder / content.uri, in_nav=content.uri in indexes) for content in contents
    ]
    return files + [SiteFile(uri, path) for uri, path in plan.images.items()]


def forget_pages(cache_dir: Path) -> None:
    """Deletes the pages of the last build, and no other files."""
    manifest = cache_dir / "pages.json"
    _delete(cache_dir / "pages", _read_manifest(manifest))
    manifest.unlink(missing_ok=True)


def _bring_up_to_date(
    contents: Iterable[Content], options: Options, folder: Path, before: dict[str, Stamp], writer: "Writer"
) -> Iterator[tuple[str, Stamp]]:
    """Renders and writes the files that changed; yields the stamp of every file."""
    shared = _shared_inputs(options)
    pages = ""
    for content in contents:
        # Indexes of papers and feeds come last and change with the pages: their entries are not hashed twice.
        match content:
            case PaperIndex():
                made_from = content.uri + pages
            case Feed():
                made_from = f"{content.uri} {content.site} {pages}"
            case _:
                made_from = repr(content)
        fingerprint = hash_of(shared + made_from.encode())
        pages += fingerprint
        path = folder / content.uri
        stamp = before.get(content.uri)
        if stamp is None or stamp[0] != fingerprint or not _is_unchanged(path, stamp):
            written = writer.text(content).encode("utf-8", "replace")
            write_whole(path, written)
            stamp = (fingerprint, hash_of(written), 0, 0)
        yield content.uri, (*stamp[:2], *_size_and_time(path))


class Writer:
    """Turns content into the text of files; it loads templates and labels when the first file needs them.

    Arguments:
        options: The site's options.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._items: dict[int, tuple[PageEntry, Item]] = {}

    def prepare(self) -> None:
        """Loads in advance what almost every file needs: while a build waits for a network, this costs no time."""
        from mkdocs_paperdigest.pages import data, feeds  # noqa: F401 - to have them loaded

        # Formats of dates are read with the first of them.
        self._language.day(datetime.now(UTC))
        self._renderer.load()

    @cached_property
    def _language(self) -> "Language":
        from mkdocs_paperdigest.pages.labels import load_language

        return load_language(self._options.language)

    @cached_property
    def _renderer(self) -> "Renderer":
        from mkdocs_paperdigest.pages.render.render import Renderer

        return Renderer(self._language, self._options)

    def text(self, content: Content) -> str:
        """The text of a file; raises `ConfigurationError` for a template of the user's that is wrong."""
        if isinstance(content, Bibliography):
            from mkdocs_paperdigest.pages.render.bibtex import bibliography
            from mkdocs_paperdigest.pages.render.ris import references

            write = references if content.uri.endswith(".ris") else bibliography
            return write(tuple(entry.paper for entry in content.entries))
        if isinstance(content, PaperIndex):
            from mkdocs_paperdigest.pages.data import papers_json, papers_script

            write_papers = papers_json if content.uri.endswith(".json") else papers_script
            return write_papers(content, self._language)
        if isinstance(content, Feed):
            from mkdocs_paperdigest.pages.feeds import atom, json_feed

            write_feed = atom if content.uri.endswith(".xml") else json_feed
            return write_feed(content, self._language, self._items)
        return self._renderer.render(content)


def _shared_inputs(options: Options) -> bytes:
    """Everything that a page depends on besides its content: language, templates, labels and this code.

    Files are compared by what they hold: an installation on another machine of CI gives them other times.
    """
    ours = Path(__file__).parent
    folders = [ours, *([options.templates_dir] if options.templates_dir else [])]
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    contents = [
        (path.name, hash_of(path.read_bytes()))
        for path in [*map(ours.with_name, ("addresses.py", "models.py", "text.py")), *paths]
        # Python writes files with temporary names into its folder and removes them at any time.
        if path.suffix != ".pyc" and path.parent.name != "__pycache__" and path.is_file()
    ]
    return repr((__version__, options.language, options.search_scope, contents)).encode()


def _is_unchanged(path: Path, stamp: Stamp) -> bool:
    """Whether a file is as it was written; a cache that CI has unpacked may have given it another time."""
    _, written, size, time = stamp
    try:
        return _size_and_time(path) == (size, time) or hash_of(path.read_bytes()) == written
    except OSError:
        return False


def _size_and_time(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _delete(folder: Path, uris: Iterable[str]) -> None:
    for uri in uris:
        path = folder / uri
        # A page that cannot be deleted is still on no site, and folders that are not empty must stay.
        with suppress(OSError):
            path.unlink(missing_ok=True)
            path.parent.rmdir()


def _read_manifest(path: Path) -> dict[str, Stamp]:
    """The stamps of the last build; none if the manifest is missing or damaged, which only costs time."""
    try:
        stamps = decode(path.read_bytes(), dict[str, Stamp])
    except (OSError, ValueError):
        return {}
    # The cache may come from elsewhere, and must not cause deletions outside the folder.
    return {uri: stamp for uri, stamp in stamps.items() if is_inside(uri)}
