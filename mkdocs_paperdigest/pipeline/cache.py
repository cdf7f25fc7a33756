"""What is in the cache folder: how much, whether it is sound, and what is no longer needed."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mkdocs_paperdigest.archive.folder import read_archive
from mkdocs_paperdigest.errors import PaperDigestError
from mkdocs_paperdigest.models import Overview, Paper, Summary, Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pipeline.listing import Listing, list_papers
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import MADE_AGAIN, OF_A_PAPER
from mkdocs_paperdigest.pipeline.spending import expected_usage
from mkdocs_paperdigest.pipeline.versions import former_versions
from mkdocs_paperdigest.sources.downloads import FILE_NAME, PDF_NAME
from mkdocs_paperdigest.storage.layout import (
    BIRTH,
    FOLDERS,
    LAST_SITE,
    MARK,
    PARTS,
    delete_brought_links,
    holds_images_only,
    images_folder,
)
from mkdocs_paperdigest.storage.store import Store, first_part, open_store
from mkdocs_paperdigest.summaries.llm.prices import cost


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was deleted."""

    bytes: int
    folders: int
    values: int
    """Of the store."""


@dataclass(frozen=True, slots=True)
class Paid:
    """Summaries that models were paid for."""

    papers: int
    """How many papers have one."""
    usage: Usage
    """About what it takes to make them again."""
    dollars: float | None
    """What that costs; None where the price is not known."""


class NeverListedError(PaperDigestError):
    """A topic was never listed, so it is not known which papers are still needed."""


def sizes(cache_dir: Path) -> dict[str, int]:
    """Bytes of each part, and of everything else in the folder as `other`."""
    folders = {part: cache_dir / part for part in PARTS}
    parts = {part: 0 if folder.is_symlink() else _size(folder) for part, folder in folders.items()}
    return {**parts, "other": _size(cache_dir) - sum(parts.values())}


def prune(
    options: Options,
    *,
    now: datetime,
    environ: Mapping[str, str],
    confirm: Callable[[Paid], None] = lambda _: None,
) -> Pruned:
    """Deletes what belongs to papers that neither a topic nor the archive lists any more, and overviews that name one.

    Also what older versions of this package have stored, after what is still needed of it was taken over.
    What was spent on models is remembered all the same, and the lists of all topics stay.

    Arguments:
        options: The options, which name cache and archive.
        now: The time, in UTC.
        environ: Environment variables.
        confirm: Called before anything is deleted if summaries of a model are among it; raises to stop.

    Raises:
        NeverListedError: A topic was never listed.
        ConfigurationError: For the user's mistakes.
    """
    before = _size(options.cache_dir)
    with open_store(options.cache_dir) as store:
        listings = [*_listings(options, store, now, environ)]
        archived = (record.paper for record in read_archive(options.archive_dir, store).records.values())
        listed = (paper for listing in listings for paper in listing.papers)
        papers = {paper.key: paper for paper in (*archived, *listed)}
        with Run(replace(options, offline=True), store, now, environ) as run:
            paid = _paid(papers, run)
            if paid.papers:
                confirm(paid)
            retired = store.retire()
            current = {paper.key: found for paper in papers.values() if (found := _current(paper, run))}
            used = {run.shelves.related.key(), *map(run.shelves.closeness.key, options.topics)}
            names = (name for topic in options.topics for name in topic.interests if isinstance(name, str))
            used.update(map(run.shelves.interest.key, names))
            used.update(map(run.shelves.document.key, former_versions(listings).values()))
        stale = [*_stale(store, papers, current, used)]
        for name in stale:
            store.forget(name)
        store.shrink()
    folders = [*_stale_folders(options.cache_dir, papers, current)]
    for path in folders:
        shutil.rmtree(path)
    return Pruned(before - _size(options.cache_dir), len(folders), retired + len(stale))


def clear(cache_dir: Path) -> None:
    """Deletes everything that this package keeps in the folder, and nothing else."""
    from mkdocs_paperdigest.pages.publish import forget_pages

    if not cache_dir.is_dir():
        return
    delete_brought_links(cache_dir)
    for path in (*_paper_folders(cache_dir), *_stores(cache_dir), *(cache_dir / LAST_SITE).glob("*")):
        shutil.rmtree(path)
    forget_pages(cache_dir)
    files = (*(cache_dir / "rendered").rglob("*.md.*"), *(cache_dir / "locks").glob("*.lock"))
    # Without these, links of a cache that is unpacked here later are deleted again.
    for path in (*files, cache_dir / BIRTH, cache_dir / MARK):
        path.unlink(missing_ok=True)
    for part in FOLDERS:
        for folder, _, _ in os.walk(cache_dir / part, topdown=False):
            with suppress(OSError):  # not empty: it holds files of others
                Path(folder).rmdir()


def problems(options: Options) -> Iterator[str]:
    """What is damaged in the cache and the archive, in words."""
    with open_store(options.cache_dir) as store:
        for problem in store.problems():
            yield f"store: {problem}"
        try:
            read_archive(options.archive_dir, store)
        except PaperDigestError as error:
            yield f"archive: {error}"
    for path in _files(options.cache_dir / "papers", PDF_NAME):
        content = path.read_bytes()
        if b"%PDF-" not in content[:1024] or b"%%EOF" not in content[-8192:]:
            yield f"{path}: not a whole PDF; delete it, and it is fetched again"
    for path in _files(options.cache_dir / "figures", "*/*.webp"):
        if not _is_image(path):
            yield f"{path}: not an image; delete it, and its paper is read again"


def _listings(options: Options, store: Store, now: datetime, environ: Mapping[str, str]) -> Iterator[Listing]:
    with Run(replace(options, offline=True), store, now, environ) as run:
        for topic in options.topics:
            listing = list_papers(topic, run)
            if listing.state.state == "never":
                raise NeverListedError(
                    f"topic {topic.title!r} was never listed; run `paperdigest update` first"
                )
            yield listing


def _paid(listed: Collection[str], run: Run) -> Paid:
    """What models were paid for, for papers that are not listed."""
    models: dict[str, str] = {}
    for name in run.store.keys("summary"):
        paper = first_part(name)
        if paper not in listed and (summary := run.store.get(name, Summary)):
            models[paper] = summary.model
    for name in run.store.keys("reply"):
        paper = first_part(name)
        if paper not in listed:
            models.setdefault(paper, run.options.model)
    if not models:
        return Paid(0, Usage(), None)
    # Without a model now, what was made with the one of the summaries.
    usual = run.options.model
    model = usual if is_language_model(usual) else Counter(models.values()).most_common(1)[0][0]
    with Run(replace(run.options, model=model), run.store, run.now, run.environ) as other:
        usage = expected_usage(len(models), 0, other)
    return Paid(len(models), usage, cost(usage, model, run.now.date()))


@dataclass(frozen=True, slots=True)
class _Current:
    """What this version and these options have made of a paper without asking a model."""

    keys: tuple[str, ...]
    images: Path


def _current(paper: Paper, run: Run) -> _Current | None:
    """None where the paper was not read yet; an older reading is shown then."""
    document = run.shelves.document.get(paper)
    if document is None:
        return None
    whole = replace(paper, abstract=paper.abstract or document.abstract)
    images = images_folder(run.options.cache_dir, paper, document.reader)
    shelves = run.shelves
    keys = (shelves.document.key(paper), shelves.text.key(paper), shelves.extract.key(whole))
    return _Current(keys, images)


def _stale(
    store: Store, papers: Mapping[str, Paper], current: Mapping[str, _Current], used: Collection[str]
) -> Iterator[str]:
    """Keys of what belongs to papers that are no longer listed, and of older readings of the others.

    Arguments:
        store: What is looked through.
        papers: Those that are listed, by their keys.
        current: By the same keys.
        used: What interests and comparisons with other papers and earlier versions need.
    """
    for kind in OF_A_PAPER:
        for name in store.keys(kind):
            paper = first_part(name)
            read_again = kind in MADE_AGAIN and paper in current
            stale = paper not in papers or (read_again and name not in current[paper].keys)
            if stale and name not in used:
                yield name
    # These belong to older contents of files; the present contents are read again quickly.
    for kind in ("record", "library", "works", "content"):
        yield from store.keys(kind)
    # No page can show these again: it would have to show all papers that the overview names.
    ids = {paper.id for paper in papers.values()}
    for name in store.keys("overview"):
        overview = store.get(name, Overview)
        if overview and not ids.issuperset(id_ for one in overview.sentences for id_ in one.papers):
            yield name
    for kind in ("interest", "closeness", "related"):
        yield from (name for name in store.keys(kind) if name not in used)


def _stale_folders(
    cache_dir: Path, papers: Mapping[str, Paper], current: Mapping[str, _Current]
) -> Iterator[Path]:
    stems = {paper.file_stem for paper in papers.values()}
    yield from (path for path in _paper_folders(cache_dir) if path.name not in stems)
    for found in current.values():
        # A newer version, which shares the cache, has images of its own.
        readings = _folders(found.images.parent)
        yield from (path for path in readings if _older(path, found.images) and holds_images_only(path))
    yield from (path for path in _stores(cache_dir) if path.name != "store")


def _paper_folders(cache_dir: Path) -> Iterator[Path]:
    """Folders that were made for papers; others may be in a `cache_dir` that is shared."""
    for path in _folders(cache_dir / "papers"):
        if all(FILE_NAME.fullmatch(item.name) for item in path.iterdir()):
            yield path
    for path in _folders(cache_dir / "figures"):
        readings = _folders(path)
        ours = all(one.name.isdecimal() and holds_images_only(one) for one in readings)
        if ours and len(readings) == len([*path.iterdir()]):
            yield path


def _stores(cache_dir: Path) -> list[Path]:
    """The store, and those that were set aside."""
    paths = (cache_dir / "store", *cache_dir.glob("store-broken-*"))
    return [path for path in paths if not path.is_symlink() and (path / "cache.db").is_file()]


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
    """Folders without links, which lead to files of others."""
    if folder.is_symlink():
        return []
    return [path for path in folder.glob("*") if path.is_dir() and not path.is_symlink()]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
