"""What builds show of the archive, and what updates write into it."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from mkdocs_paperdigest.archive.folder import bring_figures, write_records
from mkdocs_paperdigest.archive.records import Record
from mkdocs_paperdigest.models import Changes, Digest, Entry, LedgerLine, Summary, TopicState
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pipeline.assembly import assemble
from mkdocs_paperdigest.pipeline.digest import keep_ledgers
from mkdocs_paperdigest.pipeline.known import Known, judged_record, meanwhile, relevance
from mkdocs_paperdigest.pipeline.listing import Listing
from mkdocs_paperdigest.pipeline.order import reasons_for
from mkdocs_paperdigest.pipeline.overviews import with_overviews
from mkdocs_paperdigest.pipeline.report import Report
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.versions import new_since_record
from mkdocs_paperdigest.reasons import Reason, ReasonCode

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


def with_archived(report: Report, run: Run) -> Report:
    """The report with the digests of the topics that the archive knows, in the order of the options."""
    digests = {digest.topic.slug: digest for digest in report.digests}
    archived = {
        topic.slug: _digest(topic, run) for topic in run.options.topics if topic.slug in run.archive.as_of
    }
    if archived:
        log.info(
            "%d of %d topics are shown from the archive as of %s; only `paperdigest update` asks their sources",
            len(archived),
            len(run.options.topics),
            f"{min(run.archive.as_of[slug] for slug in archived):%Y-%m-%d}",
        )
    keep_ledgers(archived.values(), run)
    digests |= archived
    return replace(report, digests=tuple(digests[topic.slug] for topic in run.options.topics))


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
    asked = [digest for digest in report.digests if digest.topic.state == "fresh"]
    as_of = {digest.topic.slug: digest.topic.as_of for digest in asked}
    from mkdocs_paperdigest.storage.locks import named_lock

    # One update at a time: each deletes the unfinished files that a killed one has left.
    with named_lock("archive", run.options.cache_dir, run.stopped):
        return write_records(
            _records(asked, run),
            {slug: at for slug, at in as_of.items() if at is not None},
            {digest.topic.slug: digest.overviews for digest in asked},
            run.archive,
            folder,
            run.store,
            run.options.cache_dir,
        )


def _digest(topic: Topic, run: Run) -> Digest:
    """A topic as the archive has it."""
    records = [record for record in run.archive.records.values() if topic.slug in record.topics]
    records.sort(key=lambda record: (record.paper.published, record.paper.id), reverse=True)
    reasons = {record.paper.id: reason for record in records if (reason := _why_hidden(record, topic))}
    shown = {record.paper.key: record for record in records if record.paper.id not in reasons}
    bring_figures(shown.values(), run.options.archive_dir, run.options.cache_dir)
    listing = Listing(
        topic,
        TopicState(topic.title, topic.slug, topic.description, as_of=run.archive.as_of[topic.slug]),
        tuple(record.paper for record in shown.values()),
        left_out=tuple(
            LedgerLine(record.paper.key, record.paper.title, "filtered", (reasons[record.paper.id],))
            for record in records
            if record.paper.id in reasons
        ),
        whys=reasons_for([record.paper for record in shown.values()], topic, run),
    )
    known = {name: meanwhile(_known(record, run), run) for name, record in shown.items()}
    digest = assemble(listing, known, {name: record.changes for name, record in shown.items()})
    noted = (replace(entry, note=shown[entry.paper.key].notes) for entry in digest.entries)
    return with_overviews(replace(digest, entries=tuple(noted)), run)


def _why_hidden(record: Record, topic: Topic) -> Reason | None:
    if record.hidden:
        return Reason(ReasonCode.HIDDEN)
    return Reason(ReasonCode.HIDDEN_IN_TOPIC) if record.paper.id in topic.hide else None


def _known(record: Record, run: Run) -> Known:
    withdrawn = record.paper.withdrawn
    return Known(
        record.paper,
        document=None if withdrawn else record.document,
        summary=None if withdrawn else judged_record(record, run),
        relevance=record.relevance,
        trouble=record.trouble,
    )


def _records(digests: Sequence[Digest], run: Run) -> list[Record]:
    """What the records should say, by what the sources have answered."""
    old = run.archive
    topics = {topic.slug: topic for topic in run.options.topics}
    entries: dict[str, Entry] = {}
    listed: dict[str, list[str]] = {}
    scores: dict[str, dict[str, int]] = {}
    for digest in digests:
        slug = digest.topic.slug
        for entry in (*digest.entries, *digest.hidden, *digest.set_aside):
            paper = entry.paper
            # That it waits is no trouble of the paper, and the next update may read it.
            entries.setdefault(paper.id, replace(entry, trouble=()) if entry.waiting else entry)
            listed.setdefault(paper.id, []).append(slug)
            score = relevance(paper, topics[slug], run)
            if score is not None:
                scores.setdefault(paper.id, {})[slug] = score
    asked = {digest.topic.slug for digest in digests}
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
            changes=entry.changes or _changes(old.records.get(name), entry),
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


def _changes(before: Record | None, entry: Entry) -> Changes | None:
    return new_since_record(before, entry.paper, entry.document) if before else None


def _elsewhere(before: Record | None, asked: set[str]) -> tuple[str, ...]:
    """The topics of a record that this update is not about."""
    return tuple(slug for slug in before.topics if slug not in asked) if before else ()


def _scores(before: Record | None, asked: set[str]) -> dict[str, int]:
    scores = before.relevance if before else {}
    return {slug: score for slug, score in scores.items() if slug not in asked}
