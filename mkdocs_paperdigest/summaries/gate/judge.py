"""Decides field by field which part of a model's answer may reach a page, and says why the rest may not.

Every rule is a small function in a module beside this one or in `language`; this module says which fields it
applies to. The rules are deterministic and take a few milliseconds for a paper.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from mkdocs_paperdigest.models import Answer, Claim, FullText, Omission, Paper
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.gate import grounding, metadata, shape, wording
from mkdocs_paperdigest.summaries.gate.padding import hollow
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.trimming import trimmed
from mkdocs_paperdigest.summaries.language import foreign_stretch, written_in
from mkdocs_paperdigest.text import squeezed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of an answer."""

    passed: Answer
    """Only what may be shown; all other fields are None or empty."""
    failed: tuple[Omission, ...]
    """Each field that was given and may not be shown, with the reason."""


def check(
    answer: Answer,
    *,
    paper: Paper,
    text: FullText | None,
    language: str,
    instructions: str = "",
    known: KnownPaper | None = None,
) -> Verdict:
    """Judges every field of `answer` on its own; None and empty fields do not count as failed.

    A sentence at either end that only talks to the user is cut off if the rest is sound, so every text that
    passes is a part of the given one.

    Arguments:
        answer: The model's answer.
        paper: What arXiv says; names, ids, links, numbers and terms are compared with it.
        text: The full text, if it was read.
        language: The language that the prose has to be in (BCP 47).
        instructions: The prompt without the paper, to recognize echoes of it.
        known: Paper and text as they were prepared for an earlier call.
    """
    context = _AnswerContext(known or KnownPaper(paper, text), language, squeezed(instructions))
    passed: dict[str, Any] = {}
    failed: list[Omission] = []
    for field in fields(answer):
        value = getattr(answer, field.name)
        if value is None or value == ():
            continue
        kept, reason = _judge(value, field.name, context)
        if reason is None:
            passed[field.name] = kept
        else:
            failed.append(Omission(field.name, reason))
    for name, reason in _tainted(answer, passed, failed):
        del passed[name]
        failed.append(Omission(name, reason))
    order = [field.name for field in fields(answer)]
    failed.sort(key=lambda omission: order.index(omission.field))
    return Verdict(Answer(**passed), tuple(failed))


class _FieldText:
    """The text of one field or list item, and what the rules judge it by."""

    def __init__(self, text: str, field: str, context: "_AnswerContext") -> None:
        self.text = text
        self.size = shape.size(text)
        self.field = field
        self.prose = field not in _NOT_PROSE
        """Whether the field holds sentences rather than names and terms."""
        self.known = context.known
        self.language = context.language
        self.instructions = context.instructions

    @cached_property
    def unquoted(self) -> str:
        """The text with what it quotes blanked."""
        return wording.unquoted(self.text)


@dataclass(frozen=True, slots=True)
class _AnswerContext:
    """What is the same for every text of one answer."""

    known: KnownPaper
    language: str
    instructions: str


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Sizes (`shape.size`) of a text, and how many items a list may have."""

    least: int
    most: int
    items: tuple[int, int] = (1, 1)


_BOUNDS = {
    "summary": _Bounds(5, 260),
    "takeaways": _Bounds(3, 150, (3, 7)),
    "title_translation": _Bounds(2, 90),
    "keywords": _Bounds(1, 24, (1, 8)),
    "affiliation": _Bounds(1, 120),
    "background": _Bounds(4, 450),
    "prior_work": _Bounds(4, 450),
    "approach": _Bounds(4, 520),
    "results": _Bounds(4, 450),
    "methods": _Bounds(2, 620, (1, 8)),
    "significance": _Bounds(4, 450),
    "innovation": _Bounds(4, 450),
    "performance": _Bounds(4, 620),
    "workload": _Bounds(4, 450),
}

_LONGEST = 12_000
"""Characters of any one text."""
_NOT_PROSE = frozenset({"title_translation", "keywords", "affiliation"})
_JUDGEMENTS = ("significance", "innovation", "performance", "workload")
"""Four judgements of the whole paper, written together: a serious defect in one discredits the others."""
_PADDED = frozenset({*_JUDGEMENTS, "methods"})
"""Fields that models fill with stock phrases where they have nothing to say."""
_OF_ONE_TEXT = frozenset({ReasonCode.SHAPE, ReasonCode.NUMBERS})
"""Reasons that say nothing about the other judgements."""
_SPOILING = frozenset({ReasonCode.PLACEHOLDER, ReasonCode.REFUSAL, ReasonCode.UNGROUNDED})
"""Reasons that show that the model had not read the paper: they discredit the whole list."""


def _judge(value: Any, name: str, context: _AnswerContext) -> tuple[Any, ReasonCode | None]:
    if isinstance(value, int):
        return (value, None) if 0 <= value <= 10 else (None, ReasonCode.SHAPE)
    if isinstance(value, tuple):
        return _judge_list(value, name, context)
    text, reason = _judge_text(_text_of(value), name, context)
    return _with_text(value, text), reason


def _judge_list(items: tuple[Any, ...], name: str, context: _AnswerContext) -> tuple[Any, ReasonCode | None]:
    least, most = _BOUNDS[name].items
    kept: list[Any] = []
    reasons: list[ReasonCode] = []
    for item in items:
        text, reason = _judge_text(_text_of(item), name, context)
        if reason is not None:
            reasons.append(reason)
        elif all(_text_of(other) != text for other in kept):
            kept.append(_with_text(item, text))
    spoilt = [reason for reason in reasons if reason in _SPOILING and name == "methods"]
    if spoilt:
        return (), spoilt[0]
    astray = 2 * reasons.count(ReasonCode.UNGROUNDED) >= len(items)
    if astray or grounding.strays_from("；".join(map(_text_of, items)), context.known):
        return (), ReasonCode.UNGROUNDED
    if len(kept) < least:
        return (), reasons[0] if reasons else ReasonCode.SHAPE
    return tuple(kept[:most]), None


def _judge_text(text: str, name: str, context: _AnswerContext) -> tuple[str, ReasonCode | None]:
    """The part of a text that may be shown, or the reason why none of it may."""
    # Searching runaway text could be slow, and it is rejected anyway.
    if len(text) > _LONGEST:
        return "", ReasonCode.DEGENERATE
    given = _FieldText(text.strip(), name, context)
    if given.size > 2 * _BOUNDS[name].most:
        return "", ReasonCode.DEGENERATE
    reason = _unread(given)
    if reason is not None:
        return "", reason
    if given.prose:
        kept, chatty = trimmed(given.text, given.unquoted)
        if not kept or chatty:
            return "", ReasonCode.CHATTER
        if kept != given.text:
            given = _FieldText(kept, name, context)
            # What was cut off may have stood before a sign that the paper was not read.
            if reason := _unread(given):
                return "", reason
    elif wording.chatter(given.unquoted):
        return "", ReasonCode.CHATTER
    reason = next((reason for rule in _RULES if (reason := rule(given))), None)
    return ("", reason) if reason else (given.text, None)


def _text_of(value: str | Claim) -> str:
    return value.text if isinstance(value, Claim) else value


def _with_text(value: str | Claim, text: str) -> str | Claim:
    return replace(value, text=text) if isinstance(value, Claim) else text


def _tainted(answer: Answer, passed: dict[str, Any], failed: list[Omission]) -> list[tuple[str, ReasonCode]]:
    """Judgements that passed, although another one shows that the model went astray."""
    spoilt = [
        omission.reason
        for omission in failed
        if omission.field in _JUDGEMENTS and omission.reason not in _OF_ONE_TEXT
    ]
    given = [name for name in _JUDGEMENTS if name in passed]
    if spoilt:
        return [(name, spoilt[0]) for name in given]
    whole = [name for name in given if passed[name].text == _text_of(getattr(answer, name)).strip()]
    return [(name, ReasonCode.CHATTER) for name in whole] if len(whole) < len(given) else []


def _unread(given: _FieldText) -> ReasonCode | None:
    """Signs anywhere in the text that the model did not have the paper; trimming would not help."""
    if wording.refusal(given.unquoted):
        return ReasonCode.REFUSAL
    return ReasonCode.UNGROUNDED if wording.guess(given.unquoted) else None


def _placeholder(given: _FieldText) -> ReasonCode | None:
    unfilled = (
        wording.filler(given.text)
        or (given.field == "affiliation" and wording.not_known(given.text))
        or wording.blanks(given.unquoted, given.known.writes)
        or wording.markup(given.text, given.known.prints)
        or wording.stage_direction(given.unquoted)
        or wording.machine_error(given.unquoted)
    )
    return ReasonCode.PLACEHOLDER if unfilled else None


def _echo(given: _FieldText) -> ReasonCode | None:
    if wording.leak(given.unquoted):
        return ReasonCode.LEAK
    return ReasonCode.ECHO if wording.echo(given.text, given.instructions, given.known.mentions) else None


def _degenerate(given: _FieldText) -> ReasonCode | None:
    runaway = (
        shape.breathless(given.text)
        or shape.repetitive(given.text)
        or shape.gibberish(given.text)
        or shape.jumping_numbers(given.text)
        or (given.field in _PADDED and hollow(given.text))
    )
    return ReasonCode.DEGENERATE if runaway else None


def _language(given: _FieldText) -> ReasonCode | None:
    if given.field in ("affiliation", "keywords"):
        return None
    foreign = not written_in(given.text, given.language) or foreign_stretch(given.text, given.language)
    return ReasonCode.LANGUAGE if foreign else None


def _truncated(given: _FieldText) -> ReasonCode | None:
    return ReasonCode.TRUNCATED if given.prose and shape.cut_off(given.text) else None


def _shape(given: _FieldText) -> ReasonCode | None:
    bounds = _BOUNDS[given.field]
    return None if bounds.least <= given.size <= bounds.most else ReasonCode.SHAPE


def _metadata(given: _FieldText) -> ReasonCode | None:
    wrong = (
        metadata.foreign_links(given.text, given.known)
        or metadata.foreign_names(given.text, given.field, given.known)
        or metadata.denies_metadata(given.text, given.known)
        or (given.field == "affiliation" and metadata.unprinted(given.text, given.known))
        or (given.field == "title_translation" and metadata.other_title(given.text, given.known))
    )
    return ReasonCode.METADATA if wrong else None


def _ungrounded(given: _FieldText) -> ReasonCode | None:
    foreign = given.prose and (
        grounding.foreign_terms(given.text, given.field, given.known)
        or grounding.foreign_concepts(given.text, given.field, given.known)
        or grounding.invented_method(given.text, given.known)
        or grounding.denies_results(given.text, given.known)
        or grounding.shares_nothing(given.text, given.language, given.known)
    )
    return ReasonCode.UNGROUNDED if foreign else None


def _numbers(given: _FieldText) -> ReasonCode | None:
    invented = given.prose and grounding.invented_numbers(given.text, given.field, given.known)
    return ReasonCode.NUMBERS if invented else None


_RULES: tuple[Callable[[_FieldText], ReasonCode | None], ...] = (
    _placeholder,
    _echo,
    _degenerate,
    _language,
    _truncated,
    _shape,
    _metadata,
    _ungrounded,
    _numbers,
)
