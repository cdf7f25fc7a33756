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
from mkdocs_paperdigest.models import NOT_GIVEN, Document, Entry, FullText, Paper, Summary, Usage
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
from mkdocs_paperdigest.pipeline.run import Lab
from mkdocs_paperdigest.pipeline.spending import note_spending

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
    trouble: str | None
    """Why something is not as it should be, in words for a reader."""


def recall(paper: Paper, topics: Sequence[Topic], lab: Lab) -> Known:
    """What is known of a paper without reading it or asking anybody.

    Arguments:
        paper: The paper as its source has it.
        topics: The topics that list it, the first being the one it is summarized for.
        lab: What to work with.
    """
    if paper.withdrawn:
        return Known(paper, None, None, to_read=False, to_ask=False)
    document, up_to_date = recall_reading(paper, lab)
    if document is None:
        return Known(paper, None, None, to_read=True, to_ask=_wants_model(lab))
    paper = with_abstract(paper, document)
    summary = _exact_summary(paper, document, lab)
    to_ask = _wants_model(lab) and (
        summary is None
        or _again(summary, lab)
        or any(_to_score(paper, topic, lab) for topic in topics)
    )
    has_text = not to_ask or text_of(paper, document, lab) is not None
    to_read = not (up_to_date and document.final and has_text)
    shown = summary or _last_resort(paper, lab)
    replaces = to_ask and summary is None and shown is not None and is_language_model(shown.model)
    return Known(paper, document, shown, to_read, to_ask, renews=replaces or not up_to_date)


def work(known: Known, topics: Sequence[Topic], lab: Lab) -> Worked:
    """Reads a paper and has it summarized, as far as that is left to do; stores each result at once."""
    from mkdocs_paperdigest.storage.locks import paper_lock

    with paper_lock(known.paper.key, lab.settings.cache_dir, lab.closed):
        # Another build may have done it meanwhile.
        return _work(recall(known.paper, topics, lab), topics, lab)


def _work(known: Known, topics: Sequence[Topic], lab: Lab) -> Worked:
    paper, document = known.paper, known.document
    if known.to_read:
        paper, document = read(paper, document, lab)
    usage, trouble = Usage(), None
    if _wants_model(lab) and document is not None:
        try:
            for spent in _ask(paper, document, topics, lab):
                usage += spent
        except ModelError as error:
            trouble, lost = error.reason, getattr(error, "usage", Usage())
            usage += lost
            note_spending(paper, "failed", lost, lab)
            if lost.batch_input_tokens:
                # Counted now; read again in the next build, it would be counted again.
                lab.mailbox.settle(paper.key)
            log.debug("%s: %s", paper.key, error)
    done = recall(paper, topics, lab)
    if trouble is None and done.document is not None and not done.document.final:
        trouble = "; ".join(done.document.notes)
    if trouble is None and done.to_ask and done.to_read:
        trouble = "not summarized: its text cannot be read again now"
    return Worked(done, usage, trouble)


def entry(known: Known, trouble: str | None = None) -> Entry:
    """The paper as a page shows it."""
    return Entry(known.paper, known.document, known.summary, trouble)


def relevance(paper: Paper, topic: Topic, lab: Lab) -> int | None:
    """How well the paper fits the topic, 0-10, or None where nobody has said."""
    if not topic.min_relevance:
        return None
    return lab.store.get(relevance_key(paper, topic, lab), int)


def remember(paper: Paper, record: Record, topics: Sequence[Topic], lab: Lab) -> None:
    """Takes into the store what an archived record says of a paper and the store does not know.

    So a machine without the cache of the one that made the record pays for nothing twice. A record
    bears no version of the prompt: what people have reviewed is not asked again for a new one.
    """
    if record.document is None:
        return
    document = recall_reading(paper, lab)[0]
    if document is None:
        # Not as what this reader finds unless it did, or it would never read the paper itself.
        document = lab.store.put(reading_key(paper, lab), record.document)
        if document.reader == DOCUMENT_VERSION:
            lab.store.put(document_key(paper, lab), document)
    paper, summary = with_abstract(paper, document), record.summary
    if summary is not None and summary.model == "extractive":
        _learn(extract_key(paper), summary, lab)
    elif summary is not None and summary.language == lab.settings.language:
        _learn(latest_key(paper, lab), summary, lab)
        if (summary.model, document.text_hash) == (lab.settings.model, record.document.text_hash):
            _learn(summary_key(paper, document, lab), summary, lab)
    for topic in topics:
        if topic.slug in record.relevance:
            _learn(relevance_key(paper, topic, lab), record.relevance[topic.slug], lab)


def _learn(where: str, value: T, lab: Lab) -> T:
    """What the store has there, which is the given value where it had nothing."""
    known = lab.store.get(where, type(value))
    return lab.store.put(where, value) if known is None else known


def _ask(paper: Paper, document: Document, topics: Sequence[Topic], lab: Lab) -> Iterator[Usage]:
    """Has the model say what is open, and yields what each part of it has cost."""
    from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

    if lab.model is None:
        return
    # Another run may have sent a batch since this one began.
    lab.mailbox.look()
    lab.mailbox.check(paper.key)
    in_a_batch: ModelCallError | None = None
    for ask in _open_questions(paper, document, topics, lab.model, lab):
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
    paper: Paper, document: Document, topics: Sequence[Topic], model: "Model", lab: Lab
) -> Iterator[Callable[[], Usage]]:
    """What to ask, each part only when the one before it was asked."""
    summary = _exact_summary(paper, document, lab)
    has_text = text_of(paper, document, lab) is not None
    if has_text and (summary is None or _again(summary, lab)):
        yield partial(_summarize, paper, document, topics[0], summary, model, lab)
        if _exact_summary(paper, document, lab) == summary:
            # A batch asks for it, and for the score for its topic with it.
            topics = topics[1:]
    for topic in topics:
        if _to_score(paper, topic, lab):
            yield partial(_score, paper, topic, model, lab)


def _summarize(
    paper: Paper,
    document: Document,
    topic: Topic,
    previous: Summary | None,
    model: "Model",
    lab: Lab,
) -> Usage:
    from mkdocs_paperdigest.summaries.summarize import summarize

    text = text_of(paper, document, lab) or FullText()
    made = summarize(
        paper, document, text, topic, lab.settings, model, now=lab.now, previous=previous
    )
    spent = made.usage
    note_spending(paper, "summary", spent, lab)
    if previous is not None:
        made = replace(made, usage=previous.usage + spent)
    lab.store.put(summary_key(paper, document, lab), made)
    lab.store.put(latest_key(paper, lab), made)
    if made.relevance is not None:
        lab.store.put(relevance_key(paper, topic, lab), made.relevance)
    lab.mailbox.settle(paper.key)
    return spent


def _score(paper: Paper, topic: Topic, model: "Model", lab: Lab) -> Usage:
    from mkdocs_paperdigest.summaries.summarize import UnscoredError, score_relevance

    try:
        score, spent = score_relevance(paper, topic, lab.settings, model)
        lab.store.put(relevance_key(paper, topic, lab), score)
    except UnscoredError as error:
        # It would say the same of the same paper; a second build on the same day must not pay for that.
        lab.store.put(unscored_key(paper, topic, lab), lab.now)
        log.debug("%s: %s", paper.key, error)
        spent = error.usage
    note_spending(paper, f"relevance {topic.slug}", spent, lab)
    lab.mailbox.settle(paper.key)
    return spent


def _to_score(paper: Paper, topic: Topic, lab: Lab) -> bool:
    if not topic.min_relevance or relevance(paper, topic, lab) is not None:
        return False
    tried = lab.store.get(unscored_key(paper, topic, lab), datetime)
    return tried is None or not lab.is_fresh(tried)


def _wants_model(lab: Lab) -> bool:
    return is_language_model(lab.settings.model) and not lab.settings.offline


def _again(summary: Summary, lab: Lab) -> bool:
    # Not before `refresh` is over: a second build on the same day must not pay for the same luck.
    return (
        any(omission.reason != NOT_GIVEN for omission in summary.omissions)
        and summary.attempts < MAX_ATTEMPTS
        and not lab.is_fresh(summary.made_at)
    )


def _exact_summary(paper: Paper, document: Document, lab: Lab) -> Summary | None:
    if not is_language_model(lab.settings.model):
        return None
    return lab.store.get(summary_key(paper, document, lab), Summary)


def _last_resort(paper: Paper, lab: Lab) -> Summary | None:
    """An older summary of the same version, else an extract of the abstract."""
    if lab.settings.model == "none":
        return None
    if is_language_model(lab.settings.model):
        latest = lab.store.get(latest_key(paper, lab), Summary)
        if latest is not None:
            return latest
    name = extract_key(paper)
    extract = lab.store.get(name, Summary)
    if extract is None:
        from mkdocs_paperdigest.summaries.extract.extract import summarize_abstract

        extract = lab.store.put(name, summarize_abstract(paper, now=lab.now))
    return extract
