"""What an update would ask for and what that would cost, before anything is spent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mkdocs_paperdigest.archive.folder import bring_figures, read_archive
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.known import Known
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.spending import cost_by_model
from mkdocs_paperdigest.pipeline.survey import survey
from mkdocs_paperdigest.reasons import Reason
from mkdocs_paperdigest.sources.downloads import downloads_left
from mkdocs_paperdigest.storage.store import Store, open_store
from mkdocs_paperdigest.summaries.batches.batches import all_by_batch, check_batch_mode
from mkdocs_paperdigest.summaries.llm.prices import cost

TYPICAL = Usage(16_000, 2_500, 1)
"""One whole paper of 60,000 characters, where nothing was spent on the model yet."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The work that is left."""

    papers: int
    """Papers that the update would work on."""
    waiting: int
    """Papers that would wait for a later one."""
    in_batches: int
    """Papers that a batch has yet to bring something for, or has brought it: they cost no more."""
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


def forecast(
    options: Options,
    *,
    now: datetime,
    environ: Mapping[str, str],
    since: date | None = None,
    by_batch: bool = False,
) -> Forecast:
    """Lists the papers as an update would, asking arXiv for lists that are not fresh, and stops there.

    Raises:
        ConfigurationError: For the user's mistakes.
        StoreError: The cache cannot be used.
    """
    if by_batch:
        check_batch_mode(options)
    with open_store(options.cache_dir) as store:
        archive = read_archive(options.archive_dir, store)
        bring_figures(archive, options)
        with Run(options, store, now, environ) as run:
            found = survey(run, archived=archive.records, since=since)
            # Paid for already, or as good as paid for.
            sent = run.mailbox.ready | run.mailbox.waiting
        chosen = [found.known[name] for name in found.chosen if name not in sent]
        usage = _usage(sum(known.to_ask for known in chosen), options, store, by_batch=by_batch)
    requests = sum(_requests(known, options) for known in chosen)
    return Forecast(
        papers=len(chosen),
        waiting=sum(known.to_do for known in found.known.values()) - len(found.chosen),
        in_batches=len(found.chosen) - len(chosen),
        requests=requests,
        seconds=requests * options.request_interval_s,
        usage=usage,
        dollars=cost(usage, options.model, now.date()),
        trouble=tuple(listing.trouble for listing in found.listings if listing.trouble),
    )


def _usage(papers: int, options: Options, store: Store, *, by_batch: bool) -> Usage:
    """As much a paper as the model took so far."""
    so_far = next((one for one in cost_by_model(store) if one.model == options.model), None)
    one, times = (so_far.usage, so_far.papers) if so_far else (TYPICAL, 1)
    usage = Usage(
        round(one.input_tokens * papers / times),
        round(one.output_tokens * papers / times),
        round(one.calls * papers / times),
    )
    return all_by_batch(usage) if by_batch else usage


def _requests(known: Known, options: Options) -> int:
    if options.offline or not (known.to_read and known.paper.on_arxiv):
        return 0
    return downloads_left(known.paper, options) + options.license_decides
