"""What lies in the cache folder: how much, whether it is sound, and what nobody needs any more."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mkdocs_paperdigest.archive import read_archive
from mkdocs_paperdigest.documents import images_folder
from mkdocs_paperdigest.errors import PaperDigestError
from mkdocs_paperdigest.keys import document_key, extract_key, text_key
from mkdocs_paperdigest.lab import Lab
from mkdocs_paperdigest.models import Document, Paper
from mkdocs_paperdigest.settings import Settings
from mkdocs_paperdigest.sources.listing import list_papers
from mkdocs_paperdigest.store import Store

PARTS = {
    "store": "lists, texts and summaries",
    "papers": "PDF and HTML files of papers",
    "figures": "images",
    "pages": "Markdown of the pages",
    "rendered": "HTML of the pages",
}
"""Folders in the cache folder, and what is in them."""
_MADE_AGAIN = ("document", "text", "extract")
"""Kinds of stored values whose keys name a paper, and which nobody is asked for anew."""
_OF_A_PAPER = (*_MADE_AGAIN, "reading", "summary", "latest", "relevance", "unscored", "reply")
"""Kinds of stored values whose keys name a paper."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was deleted."""

    bytes: int
    folders: int
    values: int
    """Of the store."""


class NeverListedError(PaperDigestError):
    """Nobody knows what a topic lists, so nobody can say what is not needed."""


def sizes(cache_dir: Path) -> dict[str, int]:
    """Bytes of each part, and of everything else in the folder as `other`."""
    parts = {part: _size(cache_dir / part) for part in PARTS}
    return {**parts, "other": _size(cache_dir) - sum(parts.values())}


def prune(settings: Settings, *, now: datetime, environ: Mapping[str, str]) -> Pruned:
    """Deletes what belongs to papers that neither a topic nor the archive lists any more.

    So too what older versions of this package have left of the others, once this one has taken it over.
    Spending is remembered all the same, and the lists of all topics stay.

    Raises:
        NeverListedError: A topic was never listed.
        ConfigurationError: For the user's mistakes.
    """
    before = _size(settings.cache_dir)
    store = Store(settings.cache_dir / "store")
    try:
        papers = {paper.key: paper for paper in _listed(settings, store, now, environ)}
        retired = store.retire()
        with Lab(replace(settings, offline=True), store, now, environ) as lab:
            read = {paper.key: found for paper in papers.values() if (found := _read(paper, lab))}
        stale = [*_stale(store, papers, read)]
        for name in stale:
            store.forget(name)
        store.shrink()
    finally:
        store.close()
    folders = [*_stale_folders(settings.cache_dir, papers, read)]
    for path in folders:
        shutil.rmtree(path)
    return Pruned(before - _size(settings.cache_dir), len(folders), retired + len(stale))


def clear(cache_dir: Path) -> None:
    """Deletes everything that this package keeps in the folder, and nothing else."""
    parts = (cache_dir / part for part in (*PARTS, "locks"))
    for path in (*parts, *cache_dir.glob("store-broken-*")):
        if path.is_dir():
            shutil.rmtree(path)
    (cache_dir / "pages.json").unlink(missing_ok=True)


def problems(settings: Settings) -> Iterator[str]:
    """What is damaged in the cache and the archive, in words."""
    store = Store(settings.cache_dir / "store")
    try:
        for problem in store.problems():
            yield f"store: {problem}"
        try:
            read_archive(settings.archive_dir, store)
        except PaperDigestError as error:
            yield f"archive: {error}"
    finally:
        store.close()
    for path in _files(settings.cache_dir / "papers", "paper.pdf"):
        content = path.read_bytes()
        if b"%PDF-" not in content[:1024] or b"%%EOF" not in content[-8192:]:
            yield f"{path}: not a whole PDF; delete it, and it is fetched again"
    for path in _files(settings.cache_dir / "figures", "*/*.webp"):
        if not _is_image(path):
            yield f"{path}: not an image; delete it, and its paper is read again"


def _listed(
    settings: Settings, store: Store, now: datetime, environ: Mapping[str, str]
) -> Iterable[Paper]:
    papers = [record.paper for record in read_archive(settings.archive_dir, store).records.values()]
    with Lab(replace(settings, offline=True), store, now, environ) as lab:
        for topic in settings.topics:
            listing = list_papers(topic, lab)
            if listing.state == "never":
                raise NeverListedError(
                    f"topic {topic.title!r} was never listed; run `paperdigest update` first"
                )
            papers += listing.papers
    return papers


@dataclass(frozen=True, slots=True)
class _Read:
    """What this version and these options have made of a paper, without asking a model."""

    keys: tuple[str, ...]
    images: Path


def _read(paper: Paper, lab: Lab) -> _Read | None:
    """None where it was not read yet: then an older reading is shown."""
    name = document_key(paper, lab)
    document = lab.store.get(name, Document)
    if document is None:
        return None
    whole = replace(paper, abstract=paper.abstract or document.abstract)
    images = images_folder(lab.settings.cache_dir, paper, document.reader)
    return _Read((name, text_key(paper, lab), extract_key(whole)), images)


def _stale(store: Store, papers: Collection[str], read: Mapping[str, _Read]) -> Iterator[str]:
    """Keys of what belongs to papers that nobody lists, and of older readings of those that are."""
    for kind in _OF_A_PAPER:
        for name in store.keys(kind):
            paper = name.removeprefix(f"{kind}:").rpartition(":")[0]
            read_anew = kind in _MADE_AGAIN and paper in read
            if paper not in papers or (read_anew and name not in read[paper].keys):
                yield name
    # Of older contents of files; what they say now is parsed again in a moment.
    for kind in ("record", "library"):
        yield from store.keys(kind)


def _stale_folders(
    cache_dir: Path, papers: Mapping[str, Paper], read: Mapping[str, _Read]
) -> Iterator[Path]:
    stems = {paper.file_stem for paper in papers.values()}
    for part in ("papers", "figures"):
        yield from (path for path in _folders(cache_dir / part) if path.name not in stems)
    for found in read.values():
        # A newer version, which shares the cache, has images of its own.
        yield from (path for path in _folders(found.images.parent) if _older(path, found.images))
    yield from cache_dir.glob("store-broken-*")


def _older(path: Path, than: Path) -> bool:
    return path.name.isdecimal() and int(path.name) < int(than.name)


def _is_image(path: Path) -> bool:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return False
    return True


def _files(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"*/{name}"))


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.is_dir()]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
