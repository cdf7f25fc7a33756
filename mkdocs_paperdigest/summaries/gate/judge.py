"""Decides field by field which part of a model's answer may reach a page, and says why the rest may not.

Every rule is a small function in one of the `gate_*` modules or in `language`; here it says which fields it
applies to. Deterministic, and a matter of a few milliseconds for a paper.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from mkdocs_paperdigest.models import Answer, Claim, FullText, Omission, Paper
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.gate import grounding as gate_grounding
from mkdocs_paperdigest.summaries.gate import metadata as gate_metadata
from mkdocs_paperdigest.summaries.gate import shape as gate_shape
from mkdocs_paperdigest.summaries.gate import wording as gate_wording
from mkdocs_paperdigest.summaries.gate.padding import hollow
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.trimming import trimmed
from mkdocs_paperdigest.summaries.language import foreign_stretch, written_in


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of an answer."""

    passed: Answer
    """Only what may be shown; the rest is None or empty."""
    failed: tuple[Omission, ...]
    """Each field that was given and may not be shown, with the reason."""


def check(
    answer: Answer, *, paper: Paper, text: FullText | None, language: str, instructions: str = ""
) -> Verdict:
    """Judge every field of `answer` on its own; None and empty fields are nobody's fault.

    Arguments:
        answer: What the model said.
        paper: What arXiv says; names, ids, links, numbers and terms are compared with it.
        text: The full text, where it was read.
        language: What the prose has to be written in (BCP 47).
        instructions: The prompt without the paper, to recognize echoes of it.

    A leading or trailing sentence that only talks to the user is cut off where the rest is sound, so that
    every text that passes is a part of the one that was given.
    """
    bench = _Bench(KnownPaper(paper, text), language, gate_wording.squeeze(instructions))
    passed: dict[str, Any] = {}
    failed: list[Omission] = []
    for field in fields(answer):
        value = getattr(answer, field.name)
        if value is None or value == ():
            continue
        kept, reason = _judge(value, field.name, bench)
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


class _Case:
    """One text before the gate, and what the rules judge it by."""

    def __init__(self, text: str, field: str, bench: "_Bench") -> None:
        self.text = text
        self.size = gate_shape.size(text)
        self.field = field
        self.prose = field not in _NOT_PROSE
        """Whether the field holds sentences rather than names and terms."""
        self.known = bench.known
        self.language = bench.language
        self.instructions = bench.instructions

    @cached_property
    def unquoted(self) -> str:
        """The text with what it quotes blanked."""
        return gate_wording.unquoted(self.text)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every text of one answer is judged by."""

    known: KnownPaper
    language: str
    instructions: str


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Sizes (`gate_shape.size`) of a text, and how many items a list may have."""

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
"""Four views of one whole paper, written in one breath: none is better than the worst of them."""
_PADDED = frozenset({*_JUDGEMENTS, "methods"})
"""Fields that models fill with stock phrases where they have nothing to say."""
_OF_ONE_TEXT = frozenset({ReasonCode.SHAPE, ReasonCode.NUMBERS})
"""Reasons that say nothing about the judgements beside."""
_SPOILING = frozenset({ReasonCode.PLACEHOLDER, ReasonCode.REFUSAL, ReasonCode.UNGROUNDED})
"""Reasons that say that nothing was read: no item of a list with such an item is better."""


def _judge(value: Any, name: str, bench: _Bench) -> tuple[Any, ReasonCode | None]:
    if isinstance(value, int):
        return (value, None) if 0 <= value <= 10 else (None, ReasonCode.SHAPE)
    if isinstance(value, tuple):
        return _judge_list(value, name, bench)
    text, reason = _judge_text(_text_of(value), name, bench)
    return _with_text(value, text), reason


def _judge_list(items: tuple[Any, ...], name: str, bench: _Bench) -> tuple[Any, ReasonCode | None]:
    least, most = _BOUNDS[name].items
    kept: list[Any] = []
    reasons: list[ReasonCode] = []
    for item in items:
        text, reason = _judge_text(_text_of(item), name, bench)
        if reason is not None:
            reasons.append(reason)
        elif all(_text_of(other) != text for other in kept):
            kept.append(_with_text(item, text))
    spoilt = [reason for reason in reasons if reason in _SPOILING and name == "methods"]
    if spoilt:
        return (), spoilt[0]
    astray = 2 * reasons.count(ReasonCode.UNGROUNDED) >= len(items)
    if astray or gate_grounding.strays_from("；".join(map(_text_of, items)), bench.known):
        return (), ReasonCode.UNGROUNDED
    if len(kept) < least:
        return (), reasons[0] if reasons else ReasonCode.SHAPE
    return tuple(kept[:most]), None


def _judge_text(text: str, name: str, bench: _Bench) -> tuple[str, ReasonCode | None]:
    """The part of a text that may be shown, or why none of it may."""
    # Runaway text is not worth a search, and could make one slow.
    if len(text) > _LONGEST:
        return "", ReasonCode.DEGENERATE
    case = _Case(text.strip(), name, bench)
    if case.size > 2 * _BOUNDS[name].most:
        return "", ReasonCode.DEGENERATE
    reason = _unread(case)
    if reason is not None:
        return "", reason
    if case.prose:
        kept, chatty = trimmed(case.text, case.unquoted)
        if not kept or chatty:
            return "", ReasonCode.CHATTER
        if kept != case.text:
            case = _Case(kept, name, bench)
    elif gate_wording.chatter(case.unquoted):
        return "", ReasonCode.CHATTER
    reason = next((reason for rule in _RULES if (reason := rule(case))), None)
    return ("", reason) if reason else (case.text, None)


def _text_of(value: str | Claim) -> str:
    return value.text if isinstance(value, Claim) else value


def _with_text(value: str | Claim, text: str) -> str | Claim:
    return replace(value, text=text) if isinstance(value, Claim) else text


def _tainted(
    answer: Answer, passed: dict[str, Any], failed: list[Omission]
) -> list[tuple[str, ReasonCode]]:
    """Judgements that passed beside one that shows that the model had lost its way."""
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


def _unread(case: _Case) -> ReasonCode | None:
    """Signs that the model did not have the paper, anywhere in the text: nothing to trim there."""
    if gate_wording.refusal(case.unquoted):
        return ReasonCode.REFUSAL
    return ReasonCode.UNGROUNDED if gate_wording.guess(case.unquoted) else None


def _placeholder(case: _Case) -> ReasonCode | None:
    unfilled = (
        gate_wording.filler(case.text)
        or (case.field == "affiliation" and gate_wording.not_known(case.text))
        or gate_wording.blanks(case.unquoted, case.known.writes)
        or gate_wording.markup(case.text, case.known.prints)
        or gate_wording.stage_direction(case.unquoted)
        or gate_wording.machine_error(case.unquoted)
    )
    return ReasonCode.PLACEHOLDER if unfilled else None


def _echo(case: _Case) -> ReasonCode | None:
    if gate_wording.leak(case.unquoted):
        return ReasonCode.LEAK
    echoed = gate_wording.echo(case.text, case.instructions, case.known.mentions)
    return ReasonCode.ECHO if echoed else None


def _degenerate(case: _Case) -> ReasonCode | None:
    runaway = (
        gate_shape.breathless(case.text)
        or gate_shape.repetitive(case.text)
        or gate_shape.gibberish(case.text)
        or gate_shape.jumping_numbers(case.text)
        or (case.field in _PADDED and hollow(case.text))
    )
    return ReasonCode.DEGENERATE if runaway else None


def _language(case: _Case) -> ReasonCode | None:
    if case.field in ("affiliation", "keywords"):
        return None
    foreign = not written_in(case.text, case.language) or foreign_stretch(case.text, case.language)
    return ReasonCode.LANGUAGE if foreign else None


def _truncated(case: _Case) -> ReasonCode | None:
    return ReasonCode.TRUNCATED if case.prose and gate_shape.cut_off(case.text) else None


def _shape(case: _Case) -> ReasonCode | None:
    bounds = _BOUNDS[case.field]
    return None if bounds.least <= case.size <= bounds.most else ReasonCode.SHAPE


def _metadata(case: _Case) -> ReasonCode | None:
    wrong = (
        gate_metadata.foreign_links(case.text, case.known)
        or gate_metadata.foreign_names(case.text, case.field, case.known)
        or gate_metadata.denies_metadata(case.text, case.known)
        or (case.field == "affiliation" and gate_metadata.unprinted(case.text, case.known))
        or (case.field == "title_translation" and gate_metadata.other_title(case.text, case.known))
    )
    return ReasonCode.METADATA if wrong else None


def _ungrounded(case: _Case) -> ReasonCode | None:
    foreign = case.prose and (
        gate_grounding.foreign_terms(case.text, case.field, case.known)
        or gate_grounding.foreign_concepts(case.text, case.field, case.known)
        or gate_grounding.invented_method(case.text, case.known)
        or gate_grounding.denies_results(case.text, case.known)
        or gate_grounding.shares_nothing(case.text, case.language, case.known)
    )
    return ReasonCode.UNGROUNDED if foreign else None


def _numbers(case: _Case) -> ReasonCode | None:
    invented = case.prose and gate_grounding.invented_numbers(case.text, case.field, case.known)
    return ReasonCode.NUMBERS if invented else None


_RULES: tuple[Callable[[_Case], ReasonCode | None], ...] = (
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
