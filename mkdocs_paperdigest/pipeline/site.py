"""The files of a site, and the update of its archive: what plugin and command line run."""

from dataclasses import dataclass, replace

from mkdocs_paperdigest.archive.folder import bring_figures
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.pages.plan.contents import SiteAddress
from mkdocs_paperdigest.pages.publish import Writer, build_pages
from mkdocs_paperdigest.pipeline.archived import with_archived, write_archive
from mkdocs_paperdigest.pipeline.closeness import load_words
from mkdocs_paperdigest.pipeline.covers import make_covers
from mkdocs_paperdigest.pipeline.digest import make_digests
from mkdocs_paperdigest.pipeline.related import relate
from mkdocs_paperdigest.pipeline.report import Report, log_report
from mkdocs_paperdigest.pipeline.run import Run


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


def build_site(run: Run, address: SiteAddress | None = None) -> Site:
    """Makes all digests and writes their pages into the cache folder.

    What the archive has of a topic is shown as it is; the sources of all other topics are asked.

    Arguments:
        run: What to build from.
        address: Where the site will stand; without it there are no feeds.

    Raises:
        ConfigurationError: For the user's mistakes.
        StoreError: The cache cannot be used.
    """
    writer = Writer(run.options)

    def prepare() -> None:
        writer.prepare()
        load_words()

    report = with_archived(make_digests(run, prepare), run)
    report = replace(report, digests=relate(report.digests, run))
    make_covers(report.digests, run.options)
    files = build_pages(report.digests, run.options, now=run.now, site=address, writer=writer)
    log_report(report, run)
    return Site(tuple(files), report)


def update(run: Run) -> Update:
    """Asks the sources of all topics, does the work on their papers, and writes the archive's records.

    Arguments:
        run: One that `updates`; its topics may be fewer than the site has.

    Raises:
        ConfigurationError: For the user's mistakes, and where `by_batch` is not for this model.
        StoreError: The cache cannot be used, or the archive not be written.
    """
    bring_figures(run.archive.records.values(), run.options.archive_dir, run.options.cache_dir)
    report = make_digests(run)
    records = write_archive(report, run)
    log_report(report, run)
    return Update(report, records)
