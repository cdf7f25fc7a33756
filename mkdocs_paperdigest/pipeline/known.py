"""What the store knows of papers already, and which work is left on them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mkdocs_paperdigest.archive.records import Record, fields_of_people
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.documents.images.webp import is_whole
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Document, FullText, Paper, Summary
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pipeline.listing import Listing
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.reasons import Reason
from mkdocs_paperdigest.storage.layout import images_folder
from mkdocs_paperdigest.summaries import JUDGEMENT_VERSION
from mkdocs_paperdigest.summaries.checking import ClaimChecks, unchecked, with_verdicts

MAX_ATTEMPTS = 3
"""Builds that may ask a model for the same fields of a paper."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store has on a paper, and what a build could still do for it."""

    paper: Paper
    topics: tuple[Topic, ...] = ()
    """The topics that list it; it is summarized for the first one."""
    document: Document | None = None
    summary: Summary | None = None
    """What a page would show now; not always what the current options ask for."""
    to_read: bool = False
    to_ask: bool = False
    to_check: bool = False
    """Whether statements and quotations are left to be compared, now or once the paper is summarized."""
    renews: bool = False
    """Whether the work left replaces what another version, another model or other options made."""
    relevance: Mapping[str, int] = field(default_factory=dict)
    """How well it fits topics, 0-10, by their slugs, where that is known and matters."""
    rank: float = 0.0
    """Papers with higher ones are worked on first."""
    hidden: bool = False
    """Whether people have hidden it in its record."""
    trouble: tuple[Reason, ...] = ()
    """Why something could not be had in this run."""

    @property
    def to_do(self) -> bool:
        """Whether there is any work left."""
        return self.to_read or self.to_ask or self.to_check

    @property
    def showable(self) -> bool:
        """Whether a page can show the paper as it is, without the work that is left."""
        return self.document is not None or self.paper.withdrawn


def recall_papers(listings: Sequence[Listing], run: Run) -> dict[str, Known]:
    """What is known of each listed paper, by its key; the archive's records included.

    Raises:
        ConfigurationError: Two libraries give the same key to different papers.
    """
    papers: dict[str, Paper] = {}
    topics: dict[str, list[Topic]] = {}
    for listing in listings:
        for paper in listing.papers:
            known = papers.setdefault(paper.key, paper)
            if known.pdf != paper.pdf:
                raise ConfigurationError(
                    f"two libraries call different papers `{paper.id}` ({known.pdf} and "
                    f"{paper.pdf}); rename the entry in one of them"
                )
            if known.citation is None:
                papers[paper.key] = paper
            topics.setdefault(paper.key, []).append(listing.topic)
    ranks: dict[str, float] = {}
    for listing in listings:
        for name, why in listing.whys.items():
            ranks[name] = max(why.rank, ranks.get(name, why.rank))
    return {
        name: replace(_recall_listed(paper, tuple(topics[name]), run), rank=ranks.get(name, 0.0))
        for name, paper in papers.items()
    }


def recall(paper: Paper, topics: tuple[Topic, ...], run: Run) -> Known:
    """What is known of a paper without reading it or asking a model."""
    scores = {topic.slug: relevance(paper, topic, run) for topic in topics}
    known_scores = {slug: score for slug, score in scores.items() if score is not None}
    if paper.withdrawn:
        return Known(paper, topics, relevance=known_scores)
    document, up_to_date = recall_document(paper, run)
    if document is None:
        return Known(
            paper,
            topics,
            to_read=True,
            to_ask=run.wants_model,
            to_check=run.wants_model and run.options.check_claims,
        )
    paper = with_abstract(paper, document)
    stored = _stored_summary(paper, document, run)
    # By what was stored: fields that fail only now are asked for in a later build.
    to_ask = run.wants_model and (
        stored is None or to_ask_again(stored, run) or any(to_score(paper, topic, run) for topic in topics)
    )
    summary = _as_judged_now(stored, paper, document, run)
    shown = _checked(summary, paper, run) if summary else _substitute(paper, document, run)
    needs_text = to_ask or (shown is not None and _is_outdated(shown) and not run.options.offline)
    has_text = not needs_text or text_of(paper, document, run) is not None
    to_read = not (up_to_date and document.final and has_text)
    replaces = to_ask and summary is None and shown is not None and is_language_model(shown.model)
    return Known(
        paper,
        topics,
        document,
        shown,
        to_read,
        to_ask,
        to_check=run.wants_model
        and run.options.check_claims
        and (summary is None or to_check(paper, summary, run)),
        renews=replaces or not up_to_date,
        relevance=known_scores,
    )


def recall_document(paper: Paper, run: Run) -> tuple[Document | None, bool]:
    """What was found in a paper, and whether reading it now would find no more.

    A document that an older version read, or that was read under other options, is shown until the paper is
    read again. What a model said of it stays: it was said of the same paper.
    """
    document = run.shelves.document.get(paper)
    if document is not None and _has_images(paper, document, run):
        return document, True
    return run.shelves.reading.get(paper) or document, False


def text_of(paper: Paper, document: Document, run: Run) -> FullText | None:
    """The text that belongs to a document, or None where the paper has to be read again first.

    It has to where the document comes from an archive, or from an older version of the reader.
    """
    text = run.shelves.text.get(paper)
    return FullText() if text is None and document.source == "abstract" else text


def with_abstract(paper: Paper, document: Document) -> Paper:
    """The paper with the abstract that its text has, where its source states none."""
    return paper if paper.abstract else replace(paper, abstract=document.abstract)


def exact_summary(paper: Paper, document: Document, run: Run) -> Summary | None:
    """What the model of the options said of this text, as it is judged now."""
    return _as_judged_now(_stored_summary(paper, document, run), paper, document, run)


def _as_judged_now(stored: Summary | None, paper: Paper, document: Document, run: Run) -> Summary | None:
    if stored is None:
        return None
    return _judged_now(
        stored, paper, document, run, lambda made: run.shelves.summary.put(made, paper, document)
    )


def _stored_summary(paper: Paper, document: Document, run: Run) -> Summary | None:
    if not is_language_model(run.options.model):
        return None
    summary = run.shelves.summary.get(paper, document)
    if summary is None and not paper.on_arxiv:
        summary = run.shelves.summary.get(paper, document, titled=True)
    return summary


def _is_outdated(summary: Summary) -> bool:
    """Whether an older version of marks and gate has judged it."""
    return is_language_model(summary.model) and summary.judged != JUDGEMENT_VERSION


def _judged_now(
    summary: Summary, paper: Paper, document: Document, run: Run, keep: Callable[[Summary], object]
) -> Summary:
    """The summary as it is judged now; `keep` stores it where the text was at hand."""
    if not _is_outdated(summary):
        return summary
    from mkdocs_paperdigest.summaries.summarize import judged_again

    record = run.archive.records.get(paper.id)
    kept = fields_of_people(record) if record is not None and record.paper.key == paper.key else ()
    text = text_of(paper, document, run)
    made = judged_again(summary, paper, text, kept=kept)
    if text is not None:
        keep(made)
    return made


def to_ask_again(summary: Summary, run: Run) -> bool:
    """Whether fields that failed are worth another question in this build."""
    # Not before `refresh` is over: a second build on the same day must not pay for the same luck.
    return (
        not all(omission.settled for omission in summary.omissions)
        and summary.attempts < MAX_ATTEMPTS
        and not run.is_fresh(summary.made_at)
    )


def to_check(paper: Paper, summary: Summary, run: Run) -> bool:
    """Whether the model has to be asked whether quotations support the statements of `summary`."""
    if not run.options.check_claims:
        return False
    known = run.shelves.checks.get(paper) or ClaimChecks()
    # As with fields that failed: not twice on one day, and not for ever.
    tried = known.at is not None and run.is_fresh(known.at)
    return bool(unchecked(summary, known.verdicts)) and known.attempts < MAX_ATTEMPTS and not tried


def _checked(summary: Summary, paper: Paper, run: Run) -> Summary:
    """The summary as the verdicts on its statements leave it."""
    if not run.options.check_claims:
        return summary
    known = run.shelves.checks.get(paper)
    checked = with_verdicts(summary, known.verdicts if known else {})
    if checked.takeaways or not summary.takeaways:
        return checked
    from mkdocs_paperdigest.summaries.summarize import completed

    return completed(checked, paper)


def relevance(paper: Paper, topic: Topic, run: Run) -> int | None:
    """How well the paper fits the topic, 0-10, or None where that is not known or does not matter."""
    return run.shelves.relevance.get(paper, topic) if topic.min_relevance else None


def to_score(paper: Paper, topic: Topic, run: Run) -> bool:
    """Whether the model has to be asked how well a paper fits a topic."""
    if not topic.min_relevance or relevance(paper, topic, run) is not None:
        return False
    tried: datetime | None = run.shelves.unscored.get(paper, topic)
    return tried is None or not run.is_fresh(tried)


def _recall_listed(paper: Paper, topics: tuple[Topic, ...], run: Run) -> Known:
    record = run.archive.records.get(paper.id)
    if record is None:
        return recall(paper, topics, run)
    if record.paper.key == paper.key:
        _learn_from(record, paper, topics, run)
    return replace(recall(paper, topics, run), hidden=record.hidden)


def _learn_from(record: Record, paper: Paper, topics: Sequence[Topic], run: Run) -> None:
    """Takes into the store what an archived record says and the store does not know.

    So a machine without the cache that the record was made from pays for nothing twice. A record has no
    prompt version: what people have reviewed is not asked again for a new prompt.
    """
    if record.document is None:
        return
    shelves = run.shelves
    document = recall_document(paper, run)[0]
    if document is None:
        # Only the reader that found this may count it as its own, or this reader would never read the paper.
        document = shelves.reading.put(record.document, paper)
        if document.reader == DOCUMENT_VERSION:
            shelves.document.put(document, paper)
    paper, summary = with_abstract(paper, document), record.summary
    if summary is not None and summary.model == "extractive":
        shelves.extract.add(summary, paper)
    elif summary is not None and summary.language == run.options.language:
        shelves.latest.add(summary, paper)
        if (summary.model, document.text_hash) == (run.options.model, record.document.text_hash):
            shelves.summary.add(summary, paper, document)
    scores: Mapping[str, int] = record.relevance
    for topic in topics:
        if topic.slug in scores:
            shelves.relevance.add(scores[topic.slug], paper, topic)


def _substitute(paper: Paper, document: Document, run: Run) -> Summary | None:
    """An older summary of the same version, else an extract of the abstract."""
    if run.options.model == "none":
        return None
    if is_language_model(run.options.model):
        latest = run.shelves.latest.get(paper)
        if latest is not None:
            return _judged_now(latest, paper, document, run, lambda made: run.shelves.latest.put(made, paper))
    return _extract(paper, run)


def meanwhile(known: Known, run: Run) -> Known:
    """What a page shows of a paper until it is read: what its abstract says."""
    if known.showable or known.summary is not None or run.options.model == "none":
        return known
    return replace(known, summary=_extract(known.paper, run))


def _extract(paper: Paper, run: Run) -> Summary:
    extract = run.shelves.extract.get(paper)
    if extract is None:
        from mkdocs_paperdigest.summaries.extract.extract import summarize_abstract

        extract = run.shelves.extract.put(summarize_abstract(paper, now=run.now), paper)
    return extract


def judged_record(record: Record, run: Run) -> Summary | None:
    """The summary of a record as it is judged now: from its text where that is at hand, else without marks."""
    summary, document = record.summary, record.document
    if summary is None or not _is_outdated(summary):
        return summary
    if document is None:
        from mkdocs_paperdigest.summaries.summarize import judged_again

        return judged_again(summary, record.paper, None, kept=fields_of_people(record))
    shelf = run.shelves.rejudged
    known = shelf.get(record.paper, summary)
    if known is not None:
        return known
    return _judged_now(
        summary, record.paper, document, run, lambda made: shelf.put(made, record.paper, summary)
    )


def _has_images(paper: Paper, document: Document, run: Run) -> bool:
    if not document.figures:
        return True
    folder = images_folder(run.options.cache_dir, paper, document.reader)
    names = (name for figure in document.figures for name in figure.files)
    return all(is_whole(folder / name) for name in names)
