"""The archive: a folder of records that people review, edit and commit, and that builds are made from.

    <archive_dir>/2410.13786.yaml                 a paper; see `records`
    <archive_dir>/figures/2410.13786v1/fig-1.webp its figures
    <archive_dir>/topics.yml                      when each topic's sources were last asked
    <archive_dir>/overviews.yml                   what a model wrote of the newest periods

A topic that the archive knows is shown from it alone, whatever cache, network and clock say. Only
`write_records` writes here, and no build calls it.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mkdocs_paperdigest.archive.overviews import OVERVIEWS, Overviews, read_overviews, write_overviews
from mkdocs_paperdigest.archive.records import Record, read_record, write_record
from mkdocs_paperdigest.archive.strict_yaml import read_file
from mkdocs_paperdigest.archive.topics import TOPICS, read_topics, write_topics
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.files import (
    MOST_IMAGE_BYTES,
    UNFINISHED,
    UNFINISHED_NAME,
    is_webp,
    read_bounded,
    write_whole,
)
from mkdocs_paperdigest.storage.layout import holds_images_only, images_folder
from mkdocs_paperdigest.storage.migrations import RECORD_SCHEMA
from mkdocs_paperdigest.storage.store import Store, key

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@dataclass(frozen=True, slots=True)
class Archive:
    """What the folder holds."""

    records: Mapping[str, Record] = field(default_factory=dict)
    """By the paper's id."""
    as_of: Mapping[str, datetime] = field(default_factory=dict)
    """When the sources of each topic were last asked, by its slug."""
    overviews: Overviews = field(default_factory=dict)
    """What a model wrote of periods, by the topic's slug and the period's name."""


def read_archive(folder: Path | None, store: Store) -> Archive:
    """Everything in the archive; nothing where there is no folder yet.

    Arguments:
        folder: `archive_dir`.
        store: Remembers what the content of a file means, so that only changed files are parsed.

    Raises:
        ConfigurationError: A file is wrong; its line and field are named.
    """
    if folder is None or not folder.is_dir():
        return Archive()
    if (folder / "figures").is_symlink():
        # A pull request could bring one, and an update would write and delete wherever it leads.
        raise ConfigurationError(f"{folder / 'figures'} is a link; make it a folder of its own")
    records = {record.paper.id: record for record in _records(_files(folder), store)}
    return Archive(records, read_topics(folder / TOPICS), read_overviews(folder / OVERVIEWS))


def write_records(
    records: Iterable[Record],
    as_of: Mapping[str, datetime],
    overviews: Overviews,
    archive: Archive,
    folder: Path,
    store: Store,
    cache_dir: Path,
) -> int:
    """Brings records up to date, except for what people changed in them, and deletes images without a record.

    Arguments:
        records: What the records should say now.
        as_of: When the sources of each topic were last asked, by its slug.
        overviews: What a model wrote of the newest periods of these topics.
        archive: The archive as it was read before.
        folder: `archive_dir`.
        store: Remembers what the content of a file means.
        cache_dir: Where the images of the papers are.

    Returns:
        How many records were written.

    Raises:
        ConfigurationError: A record is wrong.
        OSError: The folder cannot be written.
    """
    written = 0
    stems = {name: record.paper.file_stem for name, record in archive.records.items()}
    for record in records:
        path = folder / f"{record.paper.slug}.yaml"
        # As it is now: people may have edited it while papers were read.
        content = write_record(record, _record(path, store) if os.path.lexists(path) else None)
        _keep_figures(record, cache_dir, folder)
        stems[record.paper.id] = record.paper.file_stem
        if content is not None:
            written += write_whole(path, content)
    # A record that people added meanwhile keeps its images too.
    known = {record.paper.slug for record in archive.records.values()}
    added = (path for path in _files(folder) if path.stem not in known)
    stems |= {record.paper.id: record.paper.file_stem for record in _records(added, store)}
    write_topics({**archive.as_of, **as_of}, folder / TOPICS)
    write_overviews({**archive.overviews, **overviews}, folder / OVERVIEWS)
    _tidy(folder, set(stems.values()))
    return written


def bring_figures(records: Iterable[Record], folder: Path | None, cache_dir: Path) -> None:
    """Copies the images of records from the archive to the cache where they are missing or differ."""
    for record in records:
        if folder is not None and record.document is not None and record.document.figures:
            target = images_folder(cache_dir, record.paper, record.document.reader)
            copied = _copy(_images(record), folder / "figures" / record.paper.file_stem, target)
            for figure in record.document.figures:
                if copied.intersection(figure.files):
                    # It shows another image; a build makes it again.
                    (target / figure.cover).unlink(missing_ok=True)


def _keep_figures(record: Record, cache_dir: Path, folder: Path) -> None:
    if record.document is not None and record.document.figures:
        source = images_folder(cache_dir, record.paper, record.document.reader)
        _copy(_images(record), source, folder / "figures" / record.paper.file_stem)


def _images(record: Record) -> Sequence[str]:
    figures = record.document.figures if record.document else ()
    return [name for figure in figures for name in figure.files]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[!.]*.yaml"))


def _records(paths: Iterable[Path], store: Store) -> Iterator[Record]:
    return (_record(path, store) for path in paths)


def _record(path: Path, store: Store) -> Record:
    text = read_file(path)
    name = key("record", path.name, RECORD_SCHEMA, hashlib.sha256(text).hexdigest())
    known = store.get(name, Record)
    if known is None:
        known = read_record(text, path)
        store.put(name, known)
    return known


def _copy(names: Iterable[str], source: Path, target: Path) -> set[str]:
    """Copies images that differ, and returns their names.

    One that the source lacks is left as it is, and what is no image is left out.
    """
    copied: set[str] = set()
    # This package makes no links here; one that came with a pull request could lead anywhere.
    if target.is_symlink():
        return copied
    there, kept = _sizes(source), _sizes(target)
    for name in names:
        path = source / name
        if there.get(name) == kept.get(name) if name in there else not os.path.lexists(path):
            continue
        try:
            write_whole(target / name, _image(path))
            copied.add(name)
        except (FileNotFoundError, ValueError) as error:
            log.info("%s %s; left out", path, error)
    return copied


def _image(path: Path) -> bytes:
    if path.parent.is_symlink():
        raise ValueError("lies in a folder that is a link")
    image = read_bounded(path, MOST_IMAGE_BYTES)
    if not is_webp(image):
        raise ValueError("is not a WebP image")
    return image


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes of the files in a folder; links are left out, because they may lead to files that must not be published."""
    if folder.is_symlink():
        return {}
    with suppress(OSError), os.scandir(folder) as items:
        files = (item for item in items if item.is_file(follow_symlinks=False))
        return {item.name: item.stat().st_size for item in files}
    return {}


def _tidy(folder: Path, stems: set[str]) -> None:
    """Deletes images of versions that no record has, and what a killed update left behind."""
    # The folder may hold other files too, such as `docs` does.
    for place in (folder, *(folder / "figures" / stem for stem in stems)):
        if place != folder and place.is_symlink():
            continue
        for path in place.glob(f"{UNFINISHED}*"):
            if UNFINISHED_NAME.fullmatch(path.name) and not path.is_dir():
                path.unlink(missing_ok=True)
    for path in (folder / "figures").glob("*"):
        if path.is_dir() and path.name not in stems and holds_images_only(path):
            shutil.rmtree(path)
