"""The work on the papers of a run: each is read and summarized, and each result is stored at once."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from mkdocs_paperdigest.errors import ConfigurationError, ModelError, StoreError
from mkdocs_paperdigest.models import Document, FullText, Paper, Summary, Usage
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pipeline.known import (
    Known,
    exact_summary,
    recall,
    text_of,
    to_ask_again,
    to_check,
    to_score,
    with_abstract,
)
from mkdocs_paperdigest.pipeline.progress import no_progress
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.spending import note_spending
from mkdocs_paperdigest.pipeline.threads import in_threads
from mkdocs_paperdigest.reasons import Reason, ReasonCode

if TYPE_CHECKING:
    from mkdocs_paperdigest.summaries.llm.calls import LanguageModel

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@dataclass(frozen=True, slots=True)
class WorkResult:
    """What came of the work on one paper."""

    known: Known
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Work:
    """What came of the work of a run."""

    known: dict[str, Known] = field(default_factory=dict)
    """What is known now of each paper that was worked on, by its key."""
    new: int = 0
    """Papers that were read or summarized."""
    sent: int = 0
    """Papers that a batch was sent for."""
    usage: Usage = field(default_factory=Usage)


def work_on(chosen: Sequence[Known], run: Run, prepare: Callable[[], object] | None = None) -> Work:
    """Reads papers and has them summarized, as far as that is left to do.

    Arguments:
        chosen: What is known of the papers.
        run: What to work with.
        prepare: Called once, when one paper is finished and others are under way.

    Raises:
        ConfigurationError: A prompt template or the model's options are wrong.
        StoreError: The store takes nothing more.
    """
    if not chosen:
        return Work()
    before = {known.paper.key: known for known in chosen}
    # Opened here, in one thread, because `cached_property` may run twice in two.
    model, reader = run.model, run.reader
    _ = run.session, run.shelves
    reader.start(sum(known.to_read for known in chosen))
    if model is not None:
        model.begin([*before], run.options.max_new_papers)
    results = dict(_results(chosen, run, prepare))
    if model is not None:
        sent = model.finish()
        for name, why in sent.failed.items():
            results[name] = _with_trouble(results[name], why)
    in_a_batch, postponed = Reason(ReasonCode.BATCHED), Reason(ReasonCode.POSTPONED)
    # As if papers beyond `max_new_papers` had not been chosen, but for what batches have brought.
    done = {
        name: _with_trouble(result) if postponed in result.known.trouble else result
        for name, result in results.items()
        if postponed not in result.known.trouble or replace(result.known, trouble=()) != before[name]
    }
    return Work(
        known={name: result.known for name, result in done.items()},
        new=sum(
            before[name].to_read or (before[name].to_ask and in_a_batch not in result.known.trouble)
            for name, result in done.items()
        ),
        sent=len(sent.papers) if model is not None else 0,
        usage=sum((result.usage for result in done.values()), Usage()),
    )


def _results(
    chosen: Sequence[Known], run: Run, prepare: Callable[[], object] | None
) -> Iterator[tuple[str, WorkResult]]:
    """Each paper's key with what came of it, in the order in which they are finished."""
    # While one half asks the model, the other half reads papers for the next calls. More would only wait in
    # memory.
    threads = max(2 * run.options.model_concurrency + 2, run.reader.at_once)
    progress = run.progress or no_progress
    progress(0, len(chosen), "")
    results = in_threads(lambda known: _work(known, run), chosen, threads)
    # After an error that ends the build, the threads must not begin another paper.
    with closing(results):
        for done, (known, outcome) in enumerate(results, 1):
            yield known.paper.key, _result_of(outcome, known, run)
            progress(done, len(chosen), known.paper.key)
            # Not before: until then, what the first papers need is being loaded.
            if done == 1 and prepare is not None:
                _try(prepare)


def _try(prepare: Callable[[], object]) -> None:
    try:
        prepare()
    except Exception as error:  # noqa: BLE001 - papers under way are paid for; what needs the preparation reports it
        log.debug("not prepared: %s: %s", type(error).__name__, error)


def _result_of(outcome: WorkResult | Exception, known: Known, run: Run) -> WorkResult:
    """What came of a paper; an odd one must not cost the site, an error of the user's or the disk ends it."""
    if isinstance(outcome, WorkResult):
        return outcome
    if isinstance(outcome, ConfigurationError | StoreError):
        raise outcome
    name, fault = known.paper.key, type(outcome).__name__
    log.log(run.options.log_level, "%s: %s: %s", name, fault, outcome)
    log.debug("%s", name, exc_info=outcome)
    why = Reason(ReasonCode.OTHER, text=fault)
    return WorkResult(replace(known, trouble=(Reason(ReasonCode.NOT_READ, why),)))


def _work(known: Known, run: Run) -> WorkResult:
    from mkdocs_paperdigest.storage.locks import paper_lock

    with paper_lock(known.paper.key, run.options.cache_dir, run.stopped):
        # Another build may have done it meanwhile.
        return _read_and_ask(recall(known.paper, known.topics, run), run)


def _read_and_ask(known: Known, run: Run) -> WorkResult:
    paper, document = known.paper, known.document
    if known.to_read:
        paper, document = _read(paper, document, run)
    usage = Usage()
    trouble: tuple[Reason, ...] = ()
    model = run.model
    if model is not None and document is not None:
        try:
            for spent in _ask(paper, document, known.topics, model, run):
                usage += spent
        except ModelError as error:
            trouble, lost = (error.reason,), getattr(error, "usage", Usage())
            usage += lost
            note_spending(paper, "failed", lost, run)
            if lost.batch_input_tokens:
                # Its cost is counted now; the next build must not read the reply and count it again.
                model.settle(paper.key)
            log.debug("%s: %s", paper.key, error)
    done = recall(paper, known.topics, run)
    if not trouble and done.document is not None and not done.document.final:
        trouble = done.document.notes
    if not trouble and done.to_ask and done.to_read:
        trouble = (Reason(ReasonCode.TEXT_LOST),)
    return WorkResult(replace(done, trouble=trouble), usage)


def _read(paper: Paper, before: Document | None, run: Run) -> tuple[Paper, Document]:
    """Reads a paper and stores what is found, unless passing trouble makes that less than before.

    Arguments:
        paper: What to read.
        before: What an earlier reading of the same file found.
        run: Where to read and store.

    Returns:
        The paper with its abstract, and what is known of it now.
    """
    from mkdocs_paperdigest.pipeline.reading import read_document

    if before is not None and paper.abstract == before.abstract:
        # This abstract is the text's own, not stated by the source: it is looked for again.
        paper = replace(paper, abstract="")
    document, text = read_document(paper, run.options, run.session, run.reader)
    if before is not None:
        if not document.final and _worth(document) < _worth(before):
            return with_abstract(paper, before), before
        if before.source != "abstract" or document.source == "abstract":
            # Part of a summary's key, so that it need not be paid for again.
            document = replace(document, text_hash=before.text_hash)
    run.shelves.text.put(text, paper)
    run.shelves.document.put(document, paper)
    run.shelves.reading.put(document, paper)
    return with_abstract(paper, document), document


def _worth(document: Document) -> tuple[bool, bool, int]:
    return document.final, document.source != "abstract", len(document.figures)


def _ask(
    paper: Paper, document: Document, topics: Sequence[Topic], model: "LanguageModel", run: Run
) -> Iterator[Usage]:
    """Asks the model what is open, and yields what each part of it has cost."""
    from mkdocs_paperdigest.summaries.llm.outcomes import LATER, ModelCallError

    later: ModelCallError | None = None
    for ask in _open_questions(paper, document, topics, model, run):
        try:
            yield ask()
        except ModelCallError as error:
            if error.outcome not in LATER:
                raise
            # The other questions go into the same batch, or their replies came with it.
            later = error
    if later:
        raise later


def _open_questions(
    paper: Paper, document: Document, topics: Sequence[Topic], model: "LanguageModel", run: Run
) -> Iterator[Callable[[], Usage]]:
    """What to ask, each part only when the one before it was asked."""
    later = False
    summary = exact_summary(paper, document, run)
    has_text = text_of(paper, document, run) is not None
    if has_text and (summary is None or to_ask_again(summary, run)):
        yield partial(_summarize, paper, document, topics[0], summary, model, run)
        if exact_summary(paper, document, run) == summary:
            # The summary is in a batch, and the score for its topic with it.
            topics = topics[1:]
            later = True
    for topic in topics:
        if to_score(paper, topic, run):
            yield partial(_score, paper, topic, model, run)
    summary = exact_summary(paper, document, run)
    if summary is not None and not later and to_check(paper, summary, run):
        yield partial(_check, paper, summary, model, run)


def _summarize(
    paper: Paper, document: Document, topic: Topic, previous: Summary | None, model: "LanguageModel", run: Run
) -> Usage:
    from mkdocs_paperdigest.summaries.summarize import summarize

    text = text_of(paper, document, run) or FullText()
    made = summarize(paper, document, text, topic, run.options, model, now=run.now, previous=previous)
    spent = made.usage
    note_spending(paper, "summary", spent, run)
    if previous is not None:
        made = replace(made, usage=previous.usage + spent)
    run.shelves.summary.put(made, paper, document)
    run.shelves.latest.put(made, paper)
    if made.relevance is not None:
        run.shelves.relevance.put(made.relevance, paper, topic)
    model.settle(paper.key)
    return spent


def _score(paper: Paper, topic: Topic, model: "LanguageModel", run: Run) -> Usage:
    from mkdocs_paperdigest.summaries.summarize import UnscoredError, score_relevance

    try:
        score, spent = score_relevance(paper, topic, run.options, model)
        run.shelves.relevance.put(score, paper, topic)
    except UnscoredError as error:
        # The same question would get the same answer; a second build on the same day must not pay for that.
        run.shelves.unscored.put(run.now, paper, topic)
        log.debug("%s: %s", paper.key, error)
        spent = error.usage
    note_spending(paper, f"relevance {topic.slug}", spent, run)
    model.settle(paper.key)
    return spent


def _check(paper: Paper, summary: Summary, model: "LanguageModel", run: Run) -> Usage:
    """Asks which statements their quotations support; a call that fails leaves the marks as they are."""
    from mkdocs_paperdigest.summaries.checking import ClaimChecks, check_claims, unchecked
    from mkdocs_paperdigest.summaries.llm.outcomes import ABOUT_THE_PAPER, LATER, ModelCallError

    known = run.shelves.checks.get(paper) or ClaimChecks()
    claims = unchecked(summary, known.verdicts)
    try:
        verdicts, spent = check_claims(paper, claims, run.options, model)
        answered = True
    except ModelCallError as error:
        if error.outcome in LATER:
            raise
        log.debug("%s: statements not compared with their quotations: %s", paper.key, error)
        verdicts, spent = {}, error.usage
        answered = error.outcome in ABOUT_THE_PAPER or spent.input_tokens > 0
    note_spending(paper, "claims", spent, run, checks=True)
    if not answered:
        # Nothing was paid for, so the next build may ask at once.
        return spent
    settled = known.verdicts | verdicts
    missing = bool(unchecked(summary, settled))
    run.shelves.checks.put(
        ClaimChecks(settled, known.attempts + 1, run.now) if missing else ClaimChecks(settled), paper
    )
    model.settle(paper.key)
    return spent


def _with_trouble(result: WorkResult, *trouble: Reason) -> WorkResult:
    return replace(result, known=replace(result.known, trouble=trouble))
