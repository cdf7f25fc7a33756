"""The archive: a folder of records that people review, edit and commit, and that builds are made from.

    <archive_dir>/2410.13786.yaml                 a paper; see `records`
    <archive_dir>/figures/2410.13786v1/fig-1.webp its figures
    <archive_dir>/topics.yml                      when each topic's sources were last asked

A topic that the archive knows is shown from it alone, whatever cache, network and clock say. Only
`write_archive` writes here, and no build calls it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from mkdocs_paperdigest.archive.records import Record, read_record, write_record
from mkdocs_paperdigest.archive.topics import TOPICS, read_topics, write_topics
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.files import UNFINISHED, UNFINISHED_NAME, write_whole
from mkdocs_paperdigest.models import Digest, Entry, LedgerLine, Listing, Summary, Usage
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pipeline.digest import HIDDEN, Report, assemble
from mkdocs_paperdigest.pipeline.keys import ledger_key
from mkdocs_paperdigest.pipeline.known import Known, Worked, relevance
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.storage.layout import holds_images_only, images_folder
from mkdocs_paperdigest.storage.migrations import RECORD_SCHEMA
from mkdocs_paperdigest.storage.store import Store, key


@dataclass(frozen=True, slots=True)
class Archive:
    """What the folder holds."""

    records: Mapping[str, Record] = field(default_factory=dict)
    """By the paper's id."""
    as_of: Mapping[str, datetime] = field(default_factory=dict)
    """When the sources of each topic were last asked, by its slug."""


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
    records = (_record(path, store) for path in sorted(folder.glob("[!.]*.yaml")))
    return Archive({record.paper.id: record for record in records}, read_topics(folder / TOPICS))


def bring_figures(archive: Archive, options: Options) -> None:
    """Copies the images of all records to the cache where they are missing there, or others."""
    for record in archive.records.values():
        _bring_figures(record, options)


def add_archived(report: Report, archive: Archive, options: Options, store: Store) -> Report:
    """The digests of a run and those of the archive, in the order of the options."""
    # A topic that the archive does not know yet may list papers that people have hidden.
    hidden = {record.paper.id for record in archive.records.values() if record.hidden}
    digests = {digest.slug: _without(hidden, digest) for digest in report.digests}
    for topic in options.topics:
        if topic.slug in archive.as_of:
            digest = _digest(topic, archive, options)
            store.put(ledger_key(topic.slug), digest.ledger)
            digests[topic.slug] = digest
    ordered = tuple(digests[topic.slug] for topic in options.topics)
    shown = {entry.paper.key for digest in ordered for entry in digest.entries}
    waiting = {paper.key for digest in ordered for paper in digest.waiting}
    return replace(report, digests=ordered, shown=len(shown), waiting=len(waiting))


def write_archive(report: Report, run: Run) -> int:
    """Brings the records of all papers in the digests up to date, but for what people changed.

    A paper that its sources no longer list keeps its record, without the topic, unless it is pinned.
    A topic whose sources could not be asked stays as it was.

    Returns:
        How many records were written.

    Raises:
        ConfigurationError: A record is wrong.
        OSError: The folder cannot be written.
    """
    folder = run.options.archive_dir
    if folder is None:
        return 0
    old = read_archive(folder, run.store)
    topics = {topic.slug: topic for topic in run.options.topics}
    asked = [digest for digest in report.digests if digest.state == "fresh"]
    new = _records(asked, topics, old, run)
    written = 0
    for record in new:
        before = old.records.get(record.paper.id)
        content = write_record(record, before)
        _keep_figures(record, run.options, folder)
        if content is not None:
            written += write_whole(folder / f"{record.paper.slug}.yaml", content)
    as_of = {**old.as_of, **{digest.slug: digest.as_of for digest in asked if digest.as_of}}
    write_topics(as_of, folder / TOPICS)
    _tidy(
        folder,
        {record.paper.file_stem for record in read_archive(folder, run.store).records.values()},
    )
    return written


def _without(hidden: set[str], digest: Digest) -> Digest:
    return replace(
        digest,
        entries=tuple(entry for entry in digest.entries if entry.paper.id not in hidden),
        set_aside=tuple(entry for entry in digest.set_aside if entry.paper.id not in hidden),
        waiting=tuple(paper for paper in digest.waiting if paper.id not in hidden),
    )


def _digest(topic: Topic, archive: Archive, options: Options) -> Digest:
    """A topic as the archive has it."""
    records = [record for record in archive.records.values() if topic.slug in record.topics]
    records.sort(key=lambda record: (record.paper.published, record.paper.id), reverse=True)
    known, done, hidden, papers = {}, {}, [], []
    for record in records:
        paper = record.paper
        if record.hidden:
            hidden.append(LedgerLine(paper.key, paper.title, *HIDDEN))
            continue
        papers.append(paper)
        known[paper.key] = _known(record)
        if record.trouble:
            done[paper.key] = Worked(known[paper.key], Usage(), record.trouble)
        _bring_figures(record, options)
    scores = {record.paper.key: record.relevance.get(topic.slug) for record in records}
    listing = Listing(tuple(papers), archive.as_of[topic.slug], left_out=tuple(hidden))
    digest = assemble(topic, listing, known, done, lambda paper: scores[paper.key])
    notes = {record.paper.key: record.notes for record in records}
    noted = (replace(entry, note=notes[entry.paper.key]) for entry in digest.entries)
    return replace(digest, entries=tuple(noted))


def _records(
    digests: Sequence[Digest], topics: Mapping[str, Topic], old: Archive, run: Run
) -> list[Record]:
    """What the records should say, by what the sources have answered."""
    entries: dict[str, Entry] = {}
    listed: dict[str, list[str]] = {}
    scores: dict[str, dict[str, int]] = {}
    for digest in digests:
        waiting = (Entry(paper) for paper in digest.waiting)
        for entry in (*digest.entries, *digest.set_aside, *waiting):
            paper = entry.paper
            entries.setdefault(paper.id, entry)
            listed.setdefault(paper.id, []).append(digest.slug)
            score = relevance(paper, topics[digest.slug], run)
            if score is not None:
                scores.setdefault(paper.id, {})[digest.slug] = score
    asked = {digest.slug for digest in digests}
    gone = [
        replace(before, topics=_elsewhere(before, asked))
        for name, before in old.records.items()
        if name not in entries and not before.pinned and asked & set(before.topics)
    ]
    return gone + [
        Record(
            paper=entry.paper,
            topics=tuple(sorted([*_elsewhere(old.records.get(name), asked), *listed[name]])),
            relevance=_scores(old.records.get(name), asked) | scores.get(name, {}),
            trouble=entry.trouble,
            summary=_best_summary(entry, old.records.get(name)),
            document=entry.document,
        )
        for name, entry in entries.items()
    ]


def _best_summary(entry: Entry, before: Record | None) -> Summary | None:
    """The new summary, unless it is an extract where a model has spoken of the same version before.

    So an update on a machine without a key takes nothing away.
    """
    new, old = entry.summary, before.summary if before else None
    if before is None or old is None or before.paper.key != entry.paper.key:
        return new
    lost = is_language_model(old.model) and not (new and is_language_model(new.model))
    return old if lost else new


def _elsewhere(before: Record | None, asked: set[str]) -> tuple[str, ...]:
    """The topics of a record that this update does not speak of."""
    return tuple(slug for slug in before.topics if slug not in asked) if before else ()


def _scores(before: Record | None, asked: set[str]) -> dict[str, int]:
    scores = before.relevance if before else {}
    return {slug: score for slug, score in scores.items() if slug not in asked}


def _known(record: Record) -> Known:
    paper = record.paper
    if paper.withdrawn:
        return Known(paper, None, None, to_read=False, to_ask=False)
    return Known(paper, record.document, record.summary, to_read=False, to_ask=False)


def _record(path: Path, store: Store) -> Record:
    text = path.read_bytes()
    name = key("record", path.name, RECORD_SCHEMA, hashlib.sha256(text).hexdigest())
    known = store.get(name, Record)
    if known is None:
        known = read_record(text, path)
        store.put(name, known)
    return known


def _bring_figures(record: Record, options: Options) -> None:
    """Copies the paper's images from the archive to the cache where they are missing or others."""
    if options.archive_dir and record.document and record.document.figures:
        paper, document = record.paper, record.document
        names = [name for figure in document.figures for name in figure.files]
        target = images_folder(options.cache_dir, paper, document.reader)
        _copy(names, options.archive_dir / "figures" / paper.file_stem, target)


def _keep_figures(record: Record, options: Options, folder: Path) -> None:
    if record.document and record.document.figures:
        paper, document = record.paper, record.document
        names = [name for figure in document.figures for name in figure.files]
        source = images_folder(options.cache_dir, paper, document.reader)
        _copy(names, source, folder / "figures" / paper.file_stem)


def _copy(names: Iterable[str], source: Path, target: Path) -> None:
    """Copies files that differ; one that the source lacks is left as it is."""
    if target.is_symlink():
        # We make none, and a record's pull request could bring one that leads anywhere.
        return
    sizes = _sizes(target)
    for name, size in _sizes(source).items():
        if name in names and sizes.get(name) != size:
            write_whole(target / name, (source / name).read_bytes())


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes of the files in a folder; a link could lead to what is nobody's to publish."""
    if folder.is_symlink():
        return {}
    with suppress(OSError), os.scandir(folder) as items:
        files = (item for item in items if item.is_file(follow_symlinks=False))
        return {item.name: item.stat().st_size for item in files}
    return {}


def _tidy(folder: Path, stems: set[str]) -> None:
    """Deletes images of versions that no record speaks of, and what a killed update left behind."""
    # The folder may be one with files of others in it, such as `docs`.
    for place in (folder, *(folder / "figures" / stem for stem in stems)):
        for path in place.glob(f"{UNFINISHED}*"):
            if UNFINISHED_NAME.fullmatch(path.name) and not path.is_dir():
                path.unlink(missing_ok=True)
    for path in (folder / "figures").glob("*"):
        if path.is_dir() and path.name not in stems and holds_images_only(path):
            shutil.rmtree(path)
