"""The overviews of the newest periods: which a model has written, which are left to write, and the work on them."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice

from mkdocs_paperdigest.encoding import hash_of
from mkdocs_paperdigest.errors import ConfigurationError, StoreError
from mkdocs_paperdigest.models import Digest, Entry, Overview, Usage
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pages.plan.periods import Span, by_span, span_of
from mkdocs_paperdigest.pipeline.known import MAX_ATTEMPTS, Known
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.spending import note_spending
from mkdocs_paperdigest.pipeline.threads import in_threads
from mkdocs_paperdigest.summaries.overview import FEWEST_SENTENCES, MOST_PAPERS, OVERVIEW_JUDGED
from mkdocs_paperdigest.summaries.overview.sources import Source, source_of

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

NEWEST = 4
"""Periods of a topic whose overviews a model writes."""


@dataclass(frozen=True)
class OverviewPage:
    """One period of a topic."""

    slug: str
    span: Span
    entries: tuple[Entry, ...]
    """All papers of the page, in its order."""

    @property
    def name(self) -> str:
        """Identifies it among the questions of batches."""
        return f"overview {self.slug} {self.span.name}"

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """What the page says of each paper."""
        return tuple(map(source_of, self.entries))

    @cached_property
    def basis(self) -> str:
        """Identifies what the page says of the papers that a model reads of: when that changes, it is asked again."""
        said = repr([(one.id, one.title, one.statements) for one in self._prompted])
        return hash_of(said.encode("utf-8", "replace"))

    @property
    def has_statements(self) -> bool:
        """Whether there is enough to write about."""
        return len(self._prompted) > 1

    @cached_property
    def _prompted(self) -> tuple[Source, ...]:
        # Only these: a page may have thousands of papers.
        found = (source for source in map(source_of, self.entries) if source.statements)
        return tuple(islice(found, MOST_PAPERS))


@dataclass(frozen=True, slots=True)
class Written:
    """What came of the work on overviews."""

    overviews: int = 0
    """Pages whose overview was asked for in this run and came."""
    usage: Usage = field(default_factory=Usage)


def with_overviews(digest: Digest, run: Run) -> Digest:
    """The digest with what a model has written of its newest periods, as far as their papers are the same."""
    if not run.options.overview or not (
        is_language_model(run.options.model) or run.archive.overviews.get(digest.topic.slug)
    ):
        return digest
    pages = newest_pages(digest, run)
    found = {page.span.name: overview for page in pages if (overview := _recalled(page, run))}
    good = {name: overview for name, overview in found.items() if len(overview.sentences) >= FEWEST_SENTENCES}
    return replace(digest, overviews=good)


def newest_pages(digest: Digest, run: Run) -> list[OverviewPage]:
    """The newest periods of a topic, those of one paper left out."""
    slug = digest.topic.slug
    kind = next((topic.period for topic in run.options.topics if topic.slug == slug), None)
    period = kind or run.options.period
    newest: dict[str, list[Entry]] = {}
    # Not all periods: a topic may have thousands of papers.
    for entry in sorted(digest.entries, key=lambda entry: entry.paper.published, reverse=True):
        name = "all" if period == "all" else span_of(entry.paper.published, period).name
        if name not in newest and len(newest) == NEWEST:
            break
        newest.setdefault(name, []).append(entry)
    spans = by_span(chain.from_iterable(newest.values()), period)
    return [OverviewPage(slug, span, entries) for span, entries in spans if len(entries) > 1]


def open_pages(digests: Sequence[Digest], known: Mapping[str, Known], run: Run) -> list[OverviewPage]:
    """The pages whose overview a model should write now, the newest first.

    A page waits while one of its papers is to be summarized: its overview would be paid for twice.
    """
    if not (run.options.overview and run.wants_model):
        return []
    pages = [page for digest in digests for page in newest_pages(digest, run)]
    pages.sort(key=lambda page: page.span.first, reverse=True)
    return [page for page in pages if not _waits(page, known) and is_open(page, run)]


def is_open(page: OverviewPage, run: Run) -> bool:
    """Whether the overview of a page, as it is, is left to be written; bounded, as for fields of summaries."""
    if not page.has_statements:
        return False
    overview = _recalled(page, run)
    if overview is None:
        return True
    few = len(overview.sentences) < FEWEST_SENTENCES
    return few and overview.attempts < MAX_ATTEMPTS and not run.is_fresh(overview.made_at)


def write_overviews(
    digests: Sequence[Digest], known: Mapping[str, Known], run: Run, *, places: int
) -> Written:
    """Has the model write overviews of the newest periods whose papers changed, and stores each at once.

    Arguments:
        digests: Of the topics whose sources were asked.
        known: What is known of each paper, by its key.
        run: Whom to ask.
        places: What is left of `max_new_papers`.

    Raises:
        ConfigurationError: A prompt template is wrong.
        StoreError: The store takes nothing more.
    """
    pages = open_pages(digests, known, run)
    if not pages:
        return Written()
    pending = run.pending
    paid = [page for page in pages if page.name in pending]
    new = [page for page in pages if page.name not in pending]
    places = max(places, 0)
    chosen = paid + new[:places]
    model = run.model if chosen else None
    if model is None:
        return Written()
    model.begin([page.name for page in chosen], places)
    written, usage = 0, Usage()
    for page, outcome in in_threads(lambda page: _write(page, run), chosen, run.options.model_concurrency):
        if isinstance(outcome, ConfigurationError | StoreError):
            raise outcome
        if isinstance(outcome, Exception):
            log.log(run.options.log_level, "%s: %s: %s", page.name, type(outcome).__name__, outcome)
            log.debug("%s", page.name, exc_info=outcome)
            continue
        written += outcome[0]
        usage += outcome[1]
    sent = model.finish().papers.intersection(page.name for page in chosen)
    log.info(
        "overviews: %d written%s%s",
        written,
        f", {len(sent)} sent in a batch" if sent else "",
        f", {len(new) - places} wait for a later build (`max_new_papers`)" if len(new) > places else "",
    )
    return Written(written, usage)


def _write(page: OverviewPage, run: Run) -> tuple[bool, Usage]:
    """Whether the overview came, and what asking has cost."""
    from mkdocs_paperdigest.storage.locks import paper_lock
    from mkdocs_paperdigest.summaries.llm.outcomes import ABOUT_THE_PAPER, ModelCallError
    from mkdocs_paperdigest.summaries.overview.ask import write_overview

    model = run.model
    with paper_lock(page.name, run.options.cache_dir, run.stopped):
        # Another build may have done it meanwhile.
        if model is None or not is_open(page, run):
            return False, Usage()
        before = run.shelves.overview.get(page.basis)
        attempts = before.attempts if before else 0
        paper = page.entries[0].paper
        try:
            made, usage = write_overview(
                page.name, page.sources, run.options, model, paper=paper, now=run.now, attempts=attempts
            )
        except ModelCallError as error:
            log.debug("%s: %s", page.name, error)
            note_spending(paper, page.name, error.usage, run, overview=True)
            if error.outcome in ABOUT_THE_PAPER:
                # Asked again on another day, and not for ever.
                failed = Overview(
                    model.name, run.options.language, run.now, basis=page.basis, attempts=attempts + 1
                )
                run.shelves.overview.put(failed, page.basis)
                model.settle(page.name)
            return False, error.usage
        note_spending(paper, page.name, usage, run, overview=True)
        run.shelves.overview.put(replace(made, basis=page.basis), page.basis)
        model.settle(page.name)
        return True, usage


def _recalled(page: OverviewPage, run: Run) -> Overview | None:
    """What was written of the papers as they are; what the archive has of it first, since people may have edited it."""
    archived = run.archive.overviews.get(page.slug, {}).get(page.span.name)
    if archived is not None and (archived.basis, archived.language) == (page.basis, run.options.language):
        return archived
    if not is_language_model(run.options.model):
        return None
    stored = run.shelves.overview.get(page.basis)
    if stored is None or stored.judged == OVERVIEW_JUDGED or not stored.given:
        return stored
    from mkdocs_paperdigest.summaries.overview.ask import judged

    return run.shelves.overview.put(judged(stored, page.sources, page.entries[0].paper), page.basis)


def _waits(page: OverviewPage, known: Mapping[str, Known]) -> bool:
    papers: Collection[Known | None] = [known.get(entry.paper.key) for entry in page.entries]
    return any(paper is not None and paper.to_ask for paper in papers)
