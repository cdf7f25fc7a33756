"""Summarizes a paper with a language model, and keeps only what passes the gate."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from mkdocs_paperdigest.models import (
    Answer,
    Claim,
    Document,
    FullText,
    Omission,
    Paper,
    Summary,
    TextSource,
    Usage,
)
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries import JUDGEMENT_VERSION
from mkdocs_paperdigest.summaries.answer.fields import ABSTRACT_FIELDS, ALL_FIELDS, values_of
from mkdocs_paperdigest.summaries.asking import Round, Task, ask_twice
from mkdocs_paperdigest.summaries.judging import each_claim, judged
from mkdocs_paperdigest.summaries.llm.calls import LanguageModel
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from mkdocs_paperdigest.summaries.prompts.excerpt import is_cut


def summarize(
    paper: Paper,
    document: Document,
    text: FullText,
    topic: Topic,
    options: Options,
    model: LanguageModel,
    *,
    now: datetime,
    previous: Summary | None = None,
) -> Summary:
    """A summary in which every field has passed the gate.

    The model is asked once, and once more for fields that failed and for quotes that are not in the paper.
    A field that fails again becomes an omission with its reason. A one-sentence summary or takeaways that
    failed are replaced by those of the abstract.

    Arguments:
        paper: What to summarize.
        document: What was found in it.
        text: Its text; empty if only the abstract is known.
        topic: What `relevance` is judged against.
        options: Language and templates.
        model: The model to ask.
        now: The time that the summary gets.
        previous: An earlier summary with omissions; only these fields are asked for again.

    Returns:
        The summary; its `usage` is what this function has spent, without that of `previous`. If the model
        would not speak about this paper, it is an extract of the abstract, with the reason in its omissions.

    Raises:
        ModelError: The model could not be used (limits, network, key), so there is nothing to keep.
    """
    task = Task(paper, text if text.sections or text.pages else None, topic, options, model)
    names = _open_fields(task, previous) if task.text or paper.abstract else ()
    result, read = _ask(task, names) if names else (Round(Answer(), (), Usage()), task.text)
    kept = _kept(previous)
    values = {**kept, **values_of(result.answer)}
    failed = {omission.field: omission.reason for omission in result.failed}
    reasons = {name: failed.get(name, ReasonCode.NOT_GIVEN) for name in _fields(task) if name not in values}
    basis, excerpt = _basis(document, read, model, previous if kept else None)
    made = Summary(
        model=model.name,
        language=options.language,
        made_at=now,
        basis=basis,
        excerpt=excerpt,
        omissions=tuple(Omission(name, reason) for name, reason in reasons.items()),
        attempts=1 + (previous.attempts if previous else 0),
        usage=result.usage,
        judged=JUDGEMENT_VERSION,
        **values,
    )
    return completed(made, paper)


def _basis(
    document: Document, read: FullText | None, model: LanguageModel, previous: Summary | None
) -> tuple[TextSource, bool]:
    """The most complete text that the model was given, now or for what is kept of `previous`, and whether it was cut."""
    if read is not None:
        return document.source, is_cut(read, model.text_budget)
    return (previous.basis, previous.excerpt) if previous else ("abstract", False)


def _ask(task: Task, names: tuple[str, ...]) -> tuple[Round, FullText | None]:
    """What came of asking, and the text that the model was given.

    A model that cannot read enough of the text is asked about the abstract alone. The other fields count as
    failed, so a later build asks for them again; by then the model may have been given a longer context.
    """
    try:
        return ask_twice(task, names), task.text
    except ModelCallError as error:
        if not (error.too_long and task.text):
            raise
        spent = error.usage
    lost = tuple(Omission(name, ReasonCode.TOO_LONG) for name in names if name not in ABSTRACT_FIELDS)
    names = tuple(name for name in names if name in ABSTRACT_FIELDS)
    if not names:
        return Round(Answer(), lost, spent), None
    try:
        result = ask_twice(replace(task, text=None), names)
    except ModelCallError as error:
        error.usage = spent + error.usage
        raise
    return replace(result, failed=(*result.failed, *lost), usage=spent + result.usage), None


def judged_again(
    summary: Summary, paper: Paper, text: FullText | None, *, kept: Collection[str] = ()
) -> Summary:
    """A summary of an older version as marks and gate judge it now; no model is asked.

    A field that fails now becomes an omission, and a later build asks for it.

    Arguments:
        summary: A model's, as it was stored.
        paper: What it is about.
        text: The text that the model was given; None where it is not at hand. Then the fields stay and lose their
            marks, and the summary still counts as judged by the older version.
        kept: Fields that people have written; they stay as they are.
    """
    values = {name: value for name, value in values_of(summary).items() if name != "relevance"}
    ours = {name: value for name, value in values.items() if name not in (*kept, *summary.extracted)}
    if text is None:
        unmarked = {name: each_claim(value, _unmarked) for name, value in ours.items()}
        return replace(summary, **unmarked)
    whole = text if text.sections or text.pages else None
    verdict = judged(Answer(**ours), paper=paper, text=whole, language=summary.language)
    passed = values_of(verdict.passed)
    if summary.checked:
        # The model's second look took these marks, and its verdicts may be in another cache.
        doubted = {claim.text for claim in Answer(**ours).claims if not claim.verified}
        passed = {name: each_claim(value, partial(_without_mark, doubted)) for name, value in passed.items()}
    lost = {omission.field for omission in verdict.failed}
    cleared = {name: () if isinstance(value, tuple) else None for name, value in ours.items() if name in lost}
    omissions = (*(one for one in summary.omissions if one.field not in lost), *verdict.failed)
    made = replace(summary, **{**cleared, **passed}, omissions=omissions, judged=JUDGEMENT_VERSION)
    return completed(made, paper)


def _without_mark(texts: Collection[str], claim: Claim) -> Claim:
    return _unmarked(claim) if claim.text in texts else claim


def _unmarked(claim: Claim) -> Claim:
    return replace(claim, verified=False, page=None)


def score_relevance(paper: Paper, topic: Topic, options: Options, model: LanguageModel) -> tuple[int, Usage]:
    """How well a paper fits a topic, from 0 to 10, judged by its abstract.

    Raises:
        UnscoredError: The model answered without a score.
        ModelError: The model could not be used.
    """
    result = ask_twice(Task(paper, None, topic, options, model), ("relevance",))
    if result.answer.relevance is None:
        raise UnscoredError(
            Outcome.BAD_SHAPE, f"{model.name} gave no relevance for {paper.key}", usage=result.usage
        )
    return result.answer.relevance, result.usage


class UnscoredError(ModelCallError):
    """A model answered without a relevance score."""


def _fields(task: Task) -> tuple[str, ...]:
    """The fields of a complete answer."""
    names = ALL_FIELDS if task.text else ABSTRACT_FIELDS
    if task.options.language.lower().startswith("en"):
        return tuple(name for name in names if name != "title_translation")
    return names


def _open_fields(task: Task, previous: Summary | None) -> tuple[str, ...]:
    if previous is None:
        return _fields(task)
    lost = {omission.field for omission in previous.omissions if not omission.settled}
    return tuple(name for name in _fields(task) if name in lost)


def _kept(previous: Summary | None) -> dict[str, Any]:
    """The fields that an earlier answer of the model has already."""
    if previous is None or previous.model == _EXTRACTIVE:
        return {}
    lost = {omission.field for omission in previous.omissions} | set(previous.extracted)
    return {name: value for name, value in values_of(previous).items() if name not in lost}


def completed(made: Summary, paper: Paper) -> Summary:
    """The summary; if its one sentence or its takeaways are missing, they are taken from the abstract."""
    lacking = [name for name in _ESSENTIAL if not getattr(made, name)]
    if not lacking:
        return made
    # Most answers have both, and the first question of a build should not wait for this import.
    from mkdocs_paperdigest.summaries.extract.extract import summarize_abstract

    extract = summarize_abstract(paper, now=made.made_at)
    if not values_of(made):
        # Nothing in it comes from the model, so it does not carry the model's name.
        return replace(extract, omissions=made.omissions, attempts=made.attempts, usage=made.usage)
    filled = {name: getattr(extract, name) for name in lacking if getattr(extract, name)}
    return replace(made, **filled, extracted=(*made.extracted, *filled))


_ESSENTIAL = ("summary", "takeaways")
_EXTRACTIVE = "extractive"
