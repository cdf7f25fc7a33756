"""Writes a site's pages into the cache folder, touching only what has changed."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

from pydantic import TypeAdapter

from mkdocs_paperdigest import __version__, text
from mkdocs_paperdigest.files import is_inside, write_whole
from mkdocs_paperdigest.models import Digest, SiteFile
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.plan.contents import Bibliography, IndexPage, Page, TopicPage
from mkdocs_paperdigest.pages.plan.outline import outline

Content = Page | Bibliography
Stamp = tuple[str, int, int]
"""Fingerprint of what a file was made from; its size and modification time (ns) once written."""


def build_pages(digests: Sequence[Digest], options: Options, *, now: datetime) -> list[SiteFile]:
    """Brings the pages of all digests up to date and tells where each file of the site lies.

    A page that would be made from the same content, templates and language as in the last build is not
    even rendered; one whose text stays the same is not written. Pages of the last build that no longer
    belong to the site are deleted.

    Raises:
        ConfigurationError: A template of the user's is wrong.
    """
    plan = outline(digests, options, now=now)
    contents: list[Content] = [*plan.pages, *plan.bibliographies]
    folder = options.cache_dir / "pages"
    manifest = options.cache_dir / "pages.json"
    before = _read_manifest(manifest)
    after = dict(_bring_up_to_date(contents, options, folder, before))
    if after != before:
        write_whole(manifest, json.dumps(after, indent=0).encode())
        _delete(folder, before.keys() - after.keys())
    indexes = {page.uri for page in plan.pages if isinstance(page, IndexPage | TopicPage)}
    files = [
        SiteFile(content.uri, folder / content.uri, in_nav=content.uri in indexes)
        for content in contents
    ]
    return files + [SiteFile(uri, path) for uri, path in plan.images.items()]


def forget_pages(cache_dir: Path) -> None:
    """Deletes the pages that the last build has listed, and nothing else."""
    manifest = cache_dir / "pages.json"
    _delete(cache_dir / "pages", _read_manifest(manifest))
    manifest.unlink(missing_ok=True)


def _bring_up_to_date(
    contents: Iterable[Content], options: Options, folder: Path, before: dict[str, Stamp]
) -> Iterator[tuple[str, Stamp]]:
    """Renders and writes what has changed; yields the stamp of every file."""
    style = _style(options)
    write_out = _text_of(options)
    for content in contents:
        fingerprint = blake2b(style + repr(content).encode(), digest_size=16).hexdigest()
        path = folder / content.uri
        stamp = _stamp(path, fingerprint)
        if stamp is None or stamp != before.get(content.uri):
            write_whole(path, write_out(content).encode("utf-8", "replace"))
            stamp = _stamp(path, fingerprint)
        assert stamp is not None
        yield content.uri, stamp


def _text_of(options: Options) -> Callable[[Content], str]:
    """How content becomes text; templates and labels are read when the first page needs them."""

    @cache
    def render() -> Callable[[Page], str]:
        from mkdocs_paperdigest.pages.labels import load_language
        from mkdocs_paperdigest.pages.render.render import renderer

        return renderer(load_language(options.language), options)

    def write_out(content: Content) -> str:
        if isinstance(content, Bibliography):
            from mkdocs_paperdigest.pages.render.bibtex import bibliography

            return bibliography(content.papers)
        return render()(content)

    return write_out


def _style(options: Options) -> bytes:
    """What every page depends on beside its content: language, templates, labels and this code."""
    folders = [Path(__file__).parent, *([options.templates_dir] if options.templates_dir else [])]
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    states = [
        (str(path), status.st_size, status.st_mtime_ns)
        for path in [Path(text.__file__), *paths]
        if path.suffix != ".pyc" and path.is_file() and (status := path.stat())
    ]
    return repr((__version__, options.language, states)).encode()


def _stamp(path: Path, fingerprint: str) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return fingerprint, status.st_size, status.st_mtime_ns


def _delete(folder: Path, uris: Iterable[str]) -> None:
    for uri in uris:
        path = folder / uri
        # A page that stays is on no site; of a folder, "not empty" is well.
        with suppress(OSError):
            path.unlink(missing_ok=True)
            path.parent.rmdir()


def _read_manifest(path: Path) -> dict[str, Stamp]:
    """The stamps of the last build; none where the record is missing or damaged, which costs time only."""
    try:
        stamps = TypeAdapter(dict[str, Stamp]).validate_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
    # It may have been brought: nothing outside the folder is ever deleted for it.
    return {uri: stamp for uri, stamp in stamps.items() if is_inside(uri)}
