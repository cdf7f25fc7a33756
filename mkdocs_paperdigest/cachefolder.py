"""What lies in the cache folder: how much, whether it is sound, and what nobody needs any more."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mkdocs_paperdigest.archive import read_archive
from mkdocs_paperdigest.errors import PaperDigestError
from mkdocs_paperdigest.lab import Lab
from mkdocs_paperdigest.models import Paper
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
_OF_A_PAPER = ("document", "text", "summary", "latest", "extract", "relevance", "reply")
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

    Spending is remembered all the same, and the lists of all topics stay.

    Raises:
        NeverListedError: A topic was never listed.
        ConfigurationError: For the user's mistakes.
    """
    before = _size(settings.cache_dir)
    store = Store(settings.cache_dir / "store")
    try:
        listed = _listed(settings, store, now, environ)
        keys, stems = {paper.key for paper in listed}, {paper.file_stem for paper in listed}
        stale = [
            name
            for kind in _OF_A_PAPER
            for name in store.keys(kind)
            if name.removeprefix(f"{kind}:").rpartition(":")[0] not in keys
        ]
        # Records are parsed again in a moment; those of older contents never.
        stale += store.keys("record")
        for name in stale:
            store.forget(name)
        store.shrink()
    finally:
        store.close()
    folders = [
        path
        for part in ("papers", "figures")
        for path in _folders(settings.cache_dir / part)
        if path.name not in stems
    ]
    folders += settings.cache_dir.glob("store-broken-*")
    for path in folders:
        shutil.rmtree(path)
    return Pruned(before - _size(settings.cache_dir), len(folders), len(stale))


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
    for path in _files(settings.cache_dir / "figures", "*.webp"):
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
