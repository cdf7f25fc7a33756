"""What an update would ask for and what that would cost, before anything is spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mkdocs_paperdigest.archive.folder import bring_figures
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.assembly import assemble
from mkdocs_paperdigest.pipeline.choice import choose, log_renewals, places_left
from mkdocs_paperdigest.pipeline.known import Known, recall_papers
from mkdocs_paperdigest.pipeline.listing import Listing, list_papers
from mkdocs_paperdigest.pipeline.overviews import is_open, newest_pages
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.spending import expected_usage
from mkdocs_paperdigest.reasons import Reason
from mkdocs_paperdigest.sources.downloads import downloads_left
from mkdocs_paperdigest.summaries.llm.prices import cost


@dataclass(frozen=True, slots=True)
class Forecast:
    """The work that is left."""

    listed: int
    """Papers of all topics."""
    papers: int
    """Papers that the update would work on."""
    first: tuple[str, ...]
    """Their titles, in the order of the work."""
    waiting: int
    """Papers that would wait for a later one."""
    in_batches: int
    """Papers that a batch has yet to bring something for, or has brought it: they cost no more."""
    overviews: int
    """Of periods, that a model would write."""
    requests: int
    """To arXiv for papers, at most; its lists are asked for by the forecast itself."""
    seconds: float
    """That the pauses between these requests take, at least."""
    usage: Usage
    """Of the model, about."""
    dollars: float | None
    """None where the price is not known, and where no model is asked."""
    trouble: tuple[Reason, ...]
    """Of topics whose sources could not be asked."""


def forecast(run: Run) -> Forecast:
    """Lists the papers as an update would, asking arXiv for lists that are not fresh, and stops there.

    Raises:
        ConfigurationError: For the user's mistakes.
        StoreError: The cache cannot be used.
    """
    bring_figures(run.archive.records.values(), run.options.archive_dir, run.options.cache_dir)
    listings = [list_papers(topic, run) for topic in run.topics]
    known = recall_papers(listings, run)
    chosen = choose(known, run)
    log_renewals(known, chosen, run)
    # Paid for already, or as good as paid for.
    pending = run.pending
    new = [paper for paper in chosen if paper.paper.key not in pending]
    overviews = _overviews(listings, known, chosen, run)
    usage = expected_usage(
        sum(paper.to_ask for paper in new), sum(paper.to_check for paper in new), run, overviews=overviews
    )
    requests = sum(_requests(paper, run.options) for paper in new)
    return Forecast(
        listed=len(known),
        papers=len(new),
        first=tuple(paper.paper.title for paper in new),
        waiting=sum(paper.to_do for paper in known.values()) - len(chosen),
        in_batches=len(chosen) - len(new),
        overviews=overviews,
        requests=requests,
        seconds=requests * run.options.request_interval_s,
        usage=usage,
        dollars=cost(usage, run.options.model, run.now.date()),
        trouble=tuple(listing.state.trouble for listing in listings if listing.state.trouble),
    )


def _overviews(
    listings: Sequence[Listing], known: Mapping[str, Known], chosen: Sequence[Known], run: Run
) -> int:
    """How many overviews the update would ask for, once it has done its work on papers."""
    if not (run.options.overview and run.wants_model):
        return 0
    begun = {paper.paper.key for paper in chosen if paper.to_ask}
    pages = []
    for listing in listings:
        pages += newest_pages(assemble(listing, known, {}), run)
    left = [paper for paper in known.values() if paper.to_ask and paper.paper.key not in begun]
    waiting = {paper.paper.key for paper in left}
    pending = run.pending
    count = 0
    for page in (page for page in pages if page.name not in pending):
        keys = {entry.paper.key for entry in page.entries}
        count += not keys & waiting and (bool(keys & begun) or is_open(page, run))
    return min(count, max(places_left(chosen, run), 0))


def _requests(known: Known, options: Options) -> int:
    if options.offline or not (known.to_read and known.paper.on_arxiv):
        return 0
    return downloads_left(known.paper, options) + options.license_decides
