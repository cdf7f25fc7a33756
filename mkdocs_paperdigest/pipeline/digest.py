"""The pipeline: topics in, digests out, from the store where possible. Read this file first."""

from collections.abc import Callable, Iterable

from mkdocs_paperdigest.models import Digest
from mkdocs_paperdigest.pipeline.assembly import assemble
from mkdocs_paperdigest.pipeline.choice import choose, log_missing_key, log_renewals, places_left
from mkdocs_paperdigest.pipeline.known import meanwhile, recall_papers
from mkdocs_paperdigest.pipeline.listing import list_papers
from mkdocs_paperdigest.pipeline.overviews import with_overviews, write_overviews
from mkdocs_paperdigest.pipeline.report import Report, report_on
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.versions import what_is_new
from mkdocs_paperdigest.pipeline.work import work_on


def make_digests(run: Run, prepare: Callable[[], object] | None = None) -> Report:
    """Everything there is to show for every topic of a run, from the store where possible.

    Arguments:
        run: What to work with.
        prepare: Called once while papers are under way, if there are some, to load what comes next.

    Raises:
        ConfigurationError: For the user's mistakes; the world's trouble stands in the digests.
        StoreError: The store takes nothing more.
    """
    log_missing_key(run)
    run.fetch_replies()  # of batches that earlier runs sent
    run.reads_on = True
    listings = [list_papers(topic, run) for topic in run.topics]  # ask the sources, or recall their answers
    known = recall_papers(listings, run)  # what the store has of each paper
    chosen = choose(known, run)  # what this run works on
    left = places_left(chosen, run)
    log_renewals(known, chosen, run)
    work = work_on(chosen, run, prepare)  # read, summarize, keep
    known |= work.known
    known = {name: meanwhile(what, run) for name, what in known.items()}
    changes = what_is_new(listings, known, run)  # in papers whose earlier version is known
    digests = [assemble(listing, known, changes) for listing in listings]
    overviews = write_overviews(digests, known, run, places=left)  # of the newest periods, by a model
    digests = [with_overviews(digest, run) for digest in digests]
    keep_ledgers(digests, run)
    return report_on(digests, work, overviews)


def keep_ledgers(digests: Iterable[Digest], run: Run) -> None:
    """Stores what became of each topic and each paper, for `paperdigest status`.

    A topic that was never fetched gets no ledger; an empty one would claim that it has no papers. That a rebuild of
    `serve` asks nothing is no news of a topic.
    """
    for digest in digests:
        keep = run.shelves.state.add if run.options.offline else run.shelves.state.put
        keep(digest.topic, digest.topic.slug)
        if digest.topic.state != "never":
            run.shelves.ledger.put(digest.ledger, digest.topic.slug)
