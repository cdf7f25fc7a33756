"""Asks a model about a paper in at most two calls: one for all fields, one for those that failed."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from mkdocs_paperdigest.models import Answer, Claim, FullText, Omission, Paper, Usage
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.decode import decode
from mkdocs_paperdigest.summaries.answer.fields import values_of
from mkdocs_paperdigest.summaries.answer.normalise import normalise
from mkdocs_paperdigest.summaries.judging import judged
from mkdocs_paperdigest.summaries.llm.calls import LanguageModel, Prompt, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import ABOUT_THE_PAPER, REPAIRABLE, ModelCallError, Outcome
from mkdocs_paperdigest.summaries.prompts.prompts import build_prompt

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@dataclass(frozen=True, slots=True)
class Task:
    """What both calls for one paper have in common."""

    paper: Paper
    text: FullText | None
    """None if only the abstract is known."""
    topic: Topic
    options: Options
    model: LanguageModel


@dataclass(frozen=True, slots=True)
class Round:
    """The result of one call, or of both."""

    answer: Answer
    """Only fields that passed the gate; `verified` is set in claims that carry a quotation."""
    failed: tuple[Omission, ...]
    """Fields that should be asked for again."""
    usage: Usage


def ask_twice(task: Task, names: Sequence[str]) -> Round:
    """Asks for fields, and once more for those that failed or whose claims are not marked.

    Raises:
        ModelCallError: There is no answer, for a reason that has nothing to do with the paper.
    """
    try:
        first = _ask(task, names, ())
    except ModelCallError as error:
        if error.outcome not in ABOUT_THE_PAPER:
            raise
        log.debug("%s: %s", task.paper.key, error)
        return _all_failed(names, error)
    complaints = (*first.failed, *(Omission(name, ReasonCode.UNVERIFIED) for name in _doubtful(first.answer)))
    if not complaints:
        return first
    try:
        second = _ask(task, [complaint.field for complaint in complaints], complaints)
    except ModelCallError as error:
        if error.outcome is Outcome.BATCHED:
            # A later run reads both answers once the second has arrived, and counts their cost then.
            raise
        if error.outcome not in ABOUT_THE_PAPER and not values_of(first.answer):
            error.usage = first.usage + error.usage
            raise
        # The first answer is good and paid for; a later build asks for the rest.
        log.debug("%s: no second answer: %s", task.paper.key, error)
        return replace(first, usage=first.usage + error.usage)
    return _merged(first, second)


def _ask(task: Task, names: Sequence[str], complaints: Sequence[Omission]) -> Round:
    try:
        prompt, reply = _exchange(task, names, complaints)
    except ModelCallError as error:
        if error.outcome not in REPAIRABLE:
            raise
        log.debug("%s: %s", task.paper.key, error)
        return _all_failed(names, error)
    try:
        answer, failed = read_answer(reply.text, names, truncated=reply.truncated)
        return _judged(task, answer, failed, prompt, reply.usage)
    except Exception as error:
        # The answer is paid for: its cost is counted, and it is not asked for again without end.
        fault = type(error).__name__
        log.log(task.options.log_level, "%s: the model's answer cannot be read (%s)", task.paper.key, fault)
        log.debug("%s", task.paper.key, exc_info=error)
        failure = ModelCallError(Outcome.BAD_SHAPE, fault, usage=reply.usage)
        return _all_failed(names, failure)


def _exchange(task: Task, names: Sequence[str], complaints: Sequence[Omission]) -> tuple[Prompt, Reply]:
    """Prompt and reply, with as much of the text as the model reads.

    Raises:
        ModelCallError: There is no reply; with the outcome TOO_LONG if hardly any of the text could be sent.
    """
    spent = Usage()
    while True:
        budget = task.model.text_budget
        prompt = build_prompt(
            task.paper,
            task.text,
            task.topic,
            names,
            language=task.options.language,
            templates_dir=task.options.templates_dir,
            text_budget=budget,
            complaints=complaints,
        )
        if any(complaint.reason is ReasonCode.TRUNCATED for complaint in complaints):
            prompt = replace(prompt, max_output_tokens=2 * prompt.max_output_tokens)
        try:
            reply = task.model.ask(prompt)
        except ModelCallError as error:
            spent += error.usage
            if not (error.too_long and _shorten(task, prompt, budget, error.excess, str(error))):
                error.usage = spent
                raise
            continue
        spent += reply.usage
        if not (reply.excess and prompt.characters):
            return prompt, replace(reply, usage=spent)
        # Instructions or paper are missing from what the model read: this answer is not worth judging.
        if not _shorten(task, prompt, budget, reply.excess, reply.warning):
            raise ModelCallError(Outcome.TOO_LONG, reply.warning, usage=spent)


def _shorten(task: Task, prompt: Prompt, budget: int, excess: int | None, why: str) -> bool:
    """Whether less of the paper's text can be sent; `excess` is in characters."""
    fitting = None if excess is None else prompt.characters - excess
    return bool(prompt.characters) and task.model.shorten(budget, fitting, why)


def read_answer(
    text: str, names: Sequence[str], *, truncated: bool = False
) -> tuple[Answer, tuple[Omission, ...]]:
    """The fields of a reply, and those that it does not have in a usable form.

    Arguments:
        text: The reply as it came.
        names: The fields that were asked for.
        truncated: Whether the provider said that it was cut off.
    """
    decoded = decode(text, names)
    answer, failed = normalise(decoded.fields, names)
    trouble = Outcome.TRUNCATED if truncated else decoded.trouble
    if trouble is None:
        return answer, failed
    # The model did not leave these fields out: they were lost with the rest of the answer.
    lost = [name for name in names if name not in decoded.fields]
    others = [omission for omission in failed if omission.field not in lost]
    return answer, (*others, *(Omission(name, ReasonCode(trouble.value)) for name in lost))


def _judged(task: Task, answer: Answer, failed: tuple[Omission, ...], prompt: Prompt, usage: Usage) -> Round:
    verdict = judged(
        answer,
        paper=task.paper,
        text=task.text,
        language=task.options.language,
        instructions=prompt.instructions,
    )
    return Round(verdict.passed, (*failed, *verdict.failed), usage)


def _all_failed(names: Collection[str], error: ModelCallError) -> Round:
    failed = tuple(Omission(name, error.reason.code) for name in names)
    return Round(Answer(), failed, error.usage)


def _doubtful(answer: Answer) -> list[str]:
    """Fields with a claim that is not marked; none if the model gives no quotes at all, because it cannot."""
    if not any(claim.quote.strip() for claim in answer.claims):
        return []
    return [name for name, value in values_of(answer).items() if _unverified(value)]


def _unverified(value: object) -> int:
    claims = value if isinstance(value, tuple) else (value,)
    return sum(isinstance(claim, Claim) and not claim.verified for claim in claims)


def _merged(first: Round, second: Round) -> Round:
    """The first answer, with the fields that the second one improved."""
    values = values_of(first.answer)
    for name, value in values_of(second.answer).items():
        # Of two good values, the one with fewer unverified claims is kept.
        if name not in values or _unverified(value) < _unverified(values[name]):
            values[name] = value
    again = {omission.field: omission for omission in second.failed}
    failed = tuple(again[omission.field] for omission in first.failed if omission.field in again)
    return Round(Answer(**values), failed, first.usage + second.usage)
