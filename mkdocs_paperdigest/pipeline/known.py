"""One paper on its way to a page: what is known of it already, and the work that is left."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from mkdocs_paperdigest.archive.records import Record
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.errors import ModelError
from mkdocs_paperdigest.models import Document, Entry, FullText, Paper, Summary, Usage
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pipeline.keys import (
    document_key,
    extract_key,
    latest_key,
    reading_key,
    relevance_key,
    summary_key,
    unscored_key,
)
from mkdocs_paperdigest.pipeline.readings import read, recall_reading, text_of, with_abstract
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.spending import note_spending
from mkdocs_paperdigest.reasons import Reason, ReasonCode

if TYPE_CHECKING:
    from mkdocs_paperdigest.summaries.llm.model import Model

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

MAX_ATTEMPTS = 3
"""Builds that may ask a model for the same fields of a paper."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What the store has on a paper, and what a build could still do for it."""

    paper: Paper
    document: Document | None
    summary: Summary | None
    """What a page would show now; not always what the current options ask for."""
    to_read: bool
    to_ask: bool
    renews: bool = False
    """Whether the work left replaces what another version, another model or other options made."""

    @property
    def to_do(self) -> bool:
        """Whether there is any work left."""
        return self.to_read or self.to_ask

    @property
    def showable(self) -> bool:
        """Whether a page can show the paper as it is, without the work that is left."""
        return self.document is not None or self.paper.withdrawn


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of the work on one paper."""

    known: Known
    usage: Usage
    trouble: tuple[Reason, ...]
    """Why something is not as it should be."""


def recall(paper: Paper, topics: Sequence[Topic], run: Run) -> Known:
    """What is known of a paper without reading it or asking anybody.

    Arguments:
        paper: The paper as its source has it.
        topics: The topics that list it, the first being the one it is summarized for.
        run: What to work with.
    """
    if paper.withdrawn:
        return Known(paper, None, None, to_read=False, to_ask=False)
    document, up_to_date = recall_reading(paper, run)
    if document is None:
        return Known(paper, None, None, to_read=True, to_ask=_wants_model(run))
    paper = with_abstract(paper, document)
    summary = _exact_summary(paper, document, run)
    to_ask = _wants_model(run) and (
        summary is None
        or _again(summary, run)
        or any(_to_score(paper, topic, run) for topic in topics)
    )
    has_text = not to_ask or text_of(paper, document, run) is not None
    to_read = not (up_to_date and document.final and has_text)
    shown = summary or _last_resort(paper, run)
    replaces = to_ask and summary is None and shown is not None and is_language_model(shown.model)
    return Known(paper, document, shown, to_read, to_ask, renews=replaces or not up_to_date)


def work(known: Known, topics: Sequence[Topic], run: Run) -> Worked:
    """Reads a paper and has it summarized, as far as that is left to do; stores each result at once."""
    from mkdocs_paperdigest.storage.locks import paper_lock

    with paper_lock(known.paper.key, run.options.cache_dir, run.closed):
        # Another build may have done it meanwhile.
        return _work(recall(known.paper, topics, run), topics, run)


def _work(known: Known, topics: Sequence[Topic], run: Run) -> Worked:
    paper, document = known.paper, known.document
    if known.to_read:
        paper, document = read(paper, document, run)
    usage = Usage()
    trouble: tuple[Reason, ...] = ()
    if _wants_model(run) and document is not None:
        try:
            for spent in _ask(paper, document, topics, run):
                usage += spent
        except ModelError as error:
            trouble, lost = (error.reason,), getattr(error, "usage", Usage())
            usage += lost
            note_spending(paper, "failed", lost, run)
            if lost.batch_input_tokens:
                # Counted now; read again in the next build, it would be counted again.
                run.mailbox.settle(paper.key)
            log.debug("%s: %s", paper.key, error)
    done = recall(paper, topics, run)
    if not trouble and done.document is not None and not done.document.final:
        trouble = done.document.notes
    if not trouble and done.to_ask and done.to_read:
        trouble = (Reason(ReasonCode.TEXT_LOST),)
    return Worked(done, usage, trouble)


def entry(known: Known, trouble: tuple[Reason, ...] = ()) -> Entry:
    """The paper as a page shows it."""
    return Entry(known.paper, known.document, known.summary, trouble)


def relevance(paper: Paper, topic: Topic, run: Run) -> int | None:
    """How well the paper fits the topic, 0-10, or None where nobody has said."""
    if not topic.min_relevance:
        return None
    return run.store.get(relevance_key(paper, topic, run), int)


def remember(paper: Paper, record: Record, topics: Sequence[Topic], run: Run) -> None:
    """Takes into the store what an archived record says of a paper and the store does not know.

    So a machine without the cache of the one that made the record pays for nothing twice. A record
    bears no version of the prompt: what people have reviewed is not asked again for a new one.
    """
    if record.document is None:
        return
    document = recall_reading(paper, run)[0]
    if document is None:
        # Not as what this reader finds unless it did, or it would never read the paper itself.
        document = run.store.put(reading_key(paper, run), record.document)
        if document.reader == DOCUMENT_VERSION:
            run.store.put(document_key(paper, run), document)
    paper, summary = with_abstract(paper, document), record.summary
    if summary is not None and summary.model == "extractive":
        _learn(extract_key(paper), summary, run)
    elif summary is not None and summary.language == run.options.language:
        _learn(latest_key(paper, run), summary, run)
        if (summary.model, document.text_hash) == (run.options.model, record.document.text_hash):
            _learn(summary_key(paper, document, run), summary, run)
    for topic in topics:
        if topic.slug in record.relevance:
            _learn(relevance_key(paper, topic, run), record.relevance[topic.slug], run)


def _learn(where: str, value: T, run: Run) -> T:
    """What the store has there, which is the given value where it had nothing."""
    known = run.store.get(where, type(value))
    return run.store.put(where, value) if known is None else known


def _ask(paper: Paper, document: Document, topics: Sequence[Topic], run: Run) -> Iterator[Usage]:
    """Has the model say what is open, and yields what each part of it has cost."""
    from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

    if run.model is None:
        return
    # Another run may have sent a batch since this one began.
    run.mailbox.look()
    run.mailbox.check(paper.key)
    in_a_batch: ModelCallError | None = None
    for ask in _open_questions(paper, document, topics, run.model, run):
        try:
            yield ask()
        except ModelCallError as error:
            if error.outcome not in (Outcome.BATCHED, Outcome.POSTPONED):
                raise
            # What else is open goes by the same batch, or has come with it.
            in_a_batch = error
    if in_a_batch:
        raise in_a_batch


def _open_questions(
    paper: Paper, document: Document, topics: Sequence[Topic], model: "Model", run: Run
) -> Iterator[Callable[[], Usage]]:
    """What to ask, each part only when the one before it was asked."""
    summary = _exact_summary(paper, document, run)
    has_text = text_of(paper, document, run) is not None
    if has_text and (summary is None or _again(summary, run)):
        yield partial(_summarize, paper, document, topics[0], summary, model, run)
        if _exact_summary(paper, document, run) == summary:
            # A batch asks for it, and for the score for its topic with it.
            topics = topics[1:]
    for topic in topics:
        if _to_score(paper, topic, run):
            yield partial(_score, paper, topic, model, run)


def _summarize(
    paper: Paper,
    document: Document,
    topic: Topic,
    previous: Summary | None,
    model: "Model",
    run: Run,
) -> Usage:
    from mkdocs_paperdigest.summaries.summarize import summarize

    text = text_of(paper, document, run) or FullText()
    made = summarize(
        paper, document, text, topic, run.options, model, now=run.now, previous=previous
    )
    spent = made.usage
    note_spending(paper, "summary", spent, run)
    if previous is not None:
        made = replace(made, usage=previous.usage + spent)
    run.store.put(summary_key(paper, document, run), made)
    run.store.put(latest_key(paper, run), made)
    if made.relevance is not None:
        run.store.put(relevance_key(paper, topic, run), made.relevance)
    run.mailbox.settle(paper.key)
    return spent


def _score(paper: Paper, topic: Topic, model: "Model", run: Run) -> Usage:
    from mkdocs_paperdigest.summaries.summarize import UnscoredError, score_relevance

    try:
        score, spent = score_relevance(paper, topic, run.options, model)
        run.store.put(relevance_key(paper, topic, run), score)
    except UnscoredError as error:
        # It would say the same of the same paper; a second build on the same day must not pay for that.
        run.store.put(unscored_key(paper, topic, run), run.now)
        log.debug("%s: %s", paper.key, error)
        spent = error.usage
    note_spending(paper, f"relevance {topic.slug}", spent, run)
    run.mailbox.settle(paper.key)
    return spent


def _to_score(paper: Paper, topic: Topic, run: Run) -> bool:
    if not topic.min_relevance or relevance(paper, topic, run) is not None:
        return False
    tried = run.store.get(unscored_key(paper, topic, run), datetime)
    return tried is None or not run.is_fresh(tried)


def _wants_model(run: Run) -> bool:
    return is_language_model(run.options.model) and not run.options.offline


def _again(summary: Summary, run: Run) -> bool:
    # Not before `refresh` is over: a second build on the same day must not pay for the same luck.
    return (
        any(omission.reason is not ReasonCode.NOT_GIVEN for omission in summary.omissions)
        and summary.attempts < MAX_ATTEMPTS
        and not run.is_fresh(summary.made_at)
    )


def _exact_summary(paper: Paper, document: Document, run: Run) -> Summary | None:
    if not is_language_model(run.options.model):
        return None
    return run.store.get(summary_key(paper, document, run), Summary)


def _last_resort(paper: Paper, run: Run) -> Summary | None:
    """An older summary of the same version, else an extract of the abstract."""
    if run.options.model == "none":
        return None
    if is_language_model(run.options.model):
        latest = run.store.get(latest_key(paper, run), Summary)
        if latest is not None:
            return latest
    name = extract_key(paper)
    extract = run.store.get(name, Summary)
    if extract is None:
        from mkdocs_paperdigest.summaries.extract.extract import summarize_abstract

        extract = run.store.put(name, summarize_abstract(paper, now=run.now))
    return extract
