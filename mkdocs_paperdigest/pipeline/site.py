"""From options to the files of the site, for the plugin and the command line alike."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from mkdocs_paperdigest.archive.folder import (
    add_archived,
    bring_figures,
    read_archive,
    write_archive,
)
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.publish import build_pages
from mkdocs_paperdigest.pipeline.digest import Report, make_digests
from mkdocs_paperdigest.pipeline.progress import Progress
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.storage.store import open_store
from mkdocs_paperdigest.summaries.batches.batches import check_batch_mode
from mkdocs_paperdigest.summaries.llm.prices import cost

if TYPE_CHECKING:
    from mkdocs_paperdigest.documents.cluster.reader import Cluster

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@dataclass(frozen=True, slots=True)
class Site:
    """The generated files of one build and how they came about."""

    files: tuple[SiteFile, ...]
    report: Report


@dataclass(frozen=True, slots=True)
class Update:
    """What an update learnt."""

    report: Report
    records: int
    """Records of the archive that were written."""


def build_site(
    options: Options,
    *,
    now: datetime,
    environ: Mapping[str, str],
    progress: Progress | None = None,
) -> Site:
    """Makes all digests and writes their pages into the cache folder.

    What the archive has of a topic is shown as it is; the sources of all other topics are asked.

    Arguments:
        options: The options.
        now: The time of the build, in UTC.
        environ: Environment variables, for the model's key.
        progress: Told of each paper that is finished.

    Raises:
        ConfigurationError: For the user's mistakes.
        StoreError: The cache cannot be used.
    """
    with open_store(options.cache_dir) as store:
        archive = read_archive(options.archive_dir, store)
        rest = tuple(topic for topic in options.topics if topic.slug not in archive.as_of)
        report = make_digests(
            replace(options, topics=rest),
            store,
            now=now,
            environ=environ,
            progress=progress,
            archived=archive.records,
        )
        if archive.records or archive.as_of:
            report = add_archived(report, archive, options, store)
        files = build_pages(report.digests, options, now=now)
    _log_report(report, options, now)
    return Site(tuple(files), report)


def update(
    options: Options,
    *,
    now: datetime,
    environ: Mapping[str, str],
    since: date | None = None,
    progress: Progress | None = None,
    by_batch: bool = False,
    cluster: "Cluster | None" = None,
) -> Update:
    """Asks the sources of all topics, does the work on their papers, and writes the archive's records.

    Arguments:
        options: The options; `topics` may be fewer than the site has.
        now: The time of the update, in UTC.
        environ: Environment variables, for the model's key.
        since: Papers submitted before this day are not worked on.
        progress: Told of each paper that is finished.
        by_batch: The model is asked by batch; a later update or build has what it says.
        cluster: Machines that read PDFs; None for this one.

    Raises:
        ConfigurationError: For the user's mistakes, and where `by_batch` is not for this model.
        StoreError: The cache cannot be used, or the archive not be written.
    """
    if by_batch:
        check_batch_mode(options)
    with open_store(options.cache_dir) as store:
        archive = read_archive(options.archive_dir, store)
        bring_figures(archive, options)
        report = make_digests(
            options,
            store,
            now=now,
            environ=environ,
            progress=progress,
            archived=archive.records,
            since=since,
            by_batch=by_batch,
            cluster=cluster,
        )
        with Run(options, store, now, environ) as run:
            records = write_archive(report, run)
    _log_report(report, options, now)
    return Update(report, records)


def _log_report(report: Report, options: Options, now: datetime) -> None:
    """Tells in one line what the build did, and each topic's trouble in a line of its own."""
    for digest in report.digests:
        if digest.trouble:
            shown = f"; shown as of {digest.as_of:%Y-%m-%d %H:%M} UTC" if digest.as_of else ""
            log.log(options.log_level, "topic '%s': %s%s", digest.title, digest.trouble, shown)
    nothing = [
        digest for digest in report.digests if digest.state == "never" and not digest.entries
    ]
    if nothing and not report.shown:
        # The one trouble of the world that is worth failing a strict build: there is nothing to show.
        log.warning(
            "no papers to show: topic '%s' could not be fetched (%s); its page says so",
            nothing[0].title,
            nothing[0].trouble,
        )
    spent = report.usage
    price = cost(spent, options.model, now.date())
    log.info(
        "%d papers shown (%d new, %d cached), %d waiting, %d failed%s%s; model calls: %d, tokens: %d%s",
        report.shown,
        report.new,
        report.cached,
        report.waiting,
        report.failed,
        f", {report.incomplete} incomplete" if report.incomplete else "",
        f", {report.batched} in a batch" if report.batched else "",
        spent.calls,
        spent.input_tokens + spent.output_tokens,
        f", about ${price:.3f}" if price else "",
    )
