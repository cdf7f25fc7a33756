"""Decides field by field which part of a model's answer may reach a page, and says why the rest may not.

Every rule is a small function in `gate_wording`, `gate_shape`, `gate_facts` or `language`; this module says
which fields they apply to. Deterministic, and a matter of a few milliseconds for a paper.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from mkdocs_paperdigest.models import Claim, FullText, Omission, Paper
from mkdocs_paperdigest.summarizers import gate_facts, gate_shape, gate_wording
from mkdocs_paperdigest.summarizers.answer import RawAnswer
from mkdocs_paperdigest.summarizers.language import foreign_stretch, written_in


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of an answer."""

    passed: RawAnswer
    """Only what may be shown; the rest is None or empty."""
    failed: tuple[Omission, ...]
    """Each field that was given and may not be shown, with a short code of the reason."""


def check(
    answer: RawAnswer, *, paper: Paper, text: FullText | None, language: str, instructions: str = ""
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
    case = _Case("", "", gate_facts.KnownFacts(paper, text), language, instructions)
    passed: dict[str, Any] = {}
    failed: list[Omission] = []
    for field in fields(answer):
        value = getattr(answer, field.name)
        if value is None or value == ():
            continue
        kept, reason = _judge(value, replace(case, field=field.name))
        if reason is None:
            passed[field.name] = kept
        else:
            failed.append(Omission(field.name, reason))
    for name, reason in _tainted(passed, failed):
        del passed[name]
        failed.append(Omission(name, reason))
    order = [field.name for field in fields(answer)]
    failed.sort(key=lambda omission: order.index(omission.field))
    return Verdict(RawAnswer(**passed), tuple(failed))


@dataclass(frozen=True, slots=True)
class _Case:
    """One text before the gate, and what the rules judge it by."""

    text: str
    field: str
    facts: gate_facts.KnownFacts
    language: str
    instructions: str

    @property
    def prose(self) -> bool:
        """Whether the field holds sentences rather than names and terms."""
        return self.field not in _NOT_PROSE

    @property
    def unquoted(self) -> str:
        """The text without what it quotes."""
        return gate_wording.unquoted(self.text)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Sizes (`gate_shape.size`) of a text, and how many items a list may have."""

    least: int
    most: int
    items: tuple[int, int] = (1, 1)


_BOUNDS = {
    "summary": _Bounds(6, 260),
    "takeaways": _Bounds(4, 150, (3, 7)),
    "title_translation": _Bounds(2, 90),
    "keywords": _Bounds(1, 24, (1, 8)),
    "affiliation": _Bounds(1, 120),
    "background": _Bounds(8, 450),
    "prior_work": _Bounds(8, 450),
    "approach": _Bounds(8, 520),
    "results": _Bounds(8, 450),
    "methods": _Bounds(5, 620, (1, 8)),
    "significance": _Bounds(8, 450),
    "innovation": _Bounds(8, 450),
    "performance": _Bounds(6, 620),
    "workload": _Bounds(5, 450),
}

_NOT_PROSE = frozenset({"title_translation", "keywords", "affiliation"})
_SPOILING = frozenset({"placeholder", "refusal", "ungrounded"})
"""Reasons that say that nothing was read: what stands beside such an item or judgement is no better."""
_JUDGEMENTS = ("significance", "innovation", "performance", "workload")
"""Four views of one whole paper: a model that admits in one of them that it has not seen it, has seen it in none."""


def _judge(value: Any, case: _Case) -> tuple[Any, str | None]:
    if isinstance(value, int):
        return (value, None) if 0 <= value <= 10 else (None, "shape")
    if isinstance(value, tuple):
        return _judge_list(value, case)
    text, reason = _judge_text(replace(case, text=_text_of(value)))
    return _with_text(value, text), reason


def _judge_list(items: tuple[Any, ...], case: _Case) -> tuple[Any, str | None]:
    least, most = _BOUNDS[case.field].items
    kept: list[Any] = []
    reasons: list[str] = []
    for item in items:
        text, reason = _judge_text(replace(case, text=_text_of(item)))
        if reason is not None:
            reasons.append(reason)
        elif all(_text_of(other) != text for other in kept):
            kept.append(_with_text(item, text))
    spoilt = [reason for reason in reasons if reason in _SPOILING and case.field == "methods"]
    if spoilt:
        return (), spoilt[0]
    if len(kept) < least:
        return (), reasons[0] if reasons else "shape"
    return tuple(kept[:most]), None


def _judge_text(case: _Case) -> tuple[str, str | None]:
    """The part of a text that may be shown, or why none of it may."""
    reason = _unread(case)
    if reason is not None:
        return "", reason
    kept = trimmed(case.text) if case.prose else case.text.strip()
    if not kept:
        return "", "chatter"
    rest = replace(case, text=kept)
    reason = next((reason for rule in _RULES if (reason := rule(rest))), None)
    return ("", reason) if reason else (kept, None)


def _text_of(value: str | Claim) -> str:
    return value.text if isinstance(value, Claim) else value


def _with_text(value: str | Claim, text: str) -> str | Claim:
    return replace(value, text=text) if isinstance(value, Claim) else text


def _tainted(passed: dict[str, Any], failed: list[Omission]) -> list[tuple[str, str]]:
    spoilt = [
        omission.reason
        for omission in failed
        if omission.field in _JUDGEMENTS and omission.reason in _SPOILING
    ]
    return [(name, spoilt[0]) for name in _JUDGEMENTS if name in passed] if spoilt else []


# ---------------------------------------------------------------- trimming

_SENTENCE = re.compile(
    r"[^\n。！？!?]*?(?:[。！？!?]+[”’」』）)】\"]*|\.(?=\s+[A-Z“\"]|\s*$)|\n|$)"
)


def trimmed(text: str) -> str:
    """`text` without the sentences at either end that talk to the user, and without a heading left hanging."""
    spans = [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]
    first, last = 0, len(spans)
    while first < last and _is_dross(text[slice(*spans[first])]):
        first += 1
    while last > first and (
        _is_dross(text[slice(*spans[last - 1])])
        or _is_hanging_heading(text, spans[last - 1], last - 1 - first)
    ):
        last -= 1
    return text[spans[first][0] : spans[last - 1][1]].strip() if first < last else ""


def _is_dross(sentence: str) -> bool:
    bare = gate_wording.unquoted(sentence.strip())
    return (
        gate_wording.chatter(bare) or gate_wording.machine_error(bare) or not re.search(r"\w", bare)
    )


def _is_hanging_heading(text: str, span: tuple[int, int], before: int) -> bool:
    """Whether a last line is the bare heading of a section that did not follow."""
    line = text[slice(*span)].strip()
    alone = "\n" in text[max(0, span[0] - 3) : span[0]]
    return before > 0 and alone and len(line) <= 16 and line[-1] not in "。！？.!?；;”)）"


# ---------------------------------------------------------------- rules in their order


def _unread(case: _Case) -> str | None:
    """Signs that the model did not have the paper, anywhere in the text: nothing to trim there."""
    if gate_wording.refusal(case.unquoted):
        return "refusal"
    return "ungrounded" if gate_wording.guess(case.unquoted) else None


def _placeholder(case: _Case) -> str | None:
    bare = case.unquoted
    unfilled = (
        gate_wording.filler(case.text)
        or gate_wording.blanks(bare, case.facts.says)
        or gate_wording.stage_direction(bare)
        or gate_wording.machine_error(bare)
    )
    return "placeholder" if unfilled else None


def _echo(case: _Case) -> str | None:
    if gate_wording.leak(case.unquoted):
        return "leak"
    return "echo" if gate_wording.echo(case.text, case.instructions) else None


def _chatter(case: _Case) -> str | None:
    spoken = (match[0].strip() for match in _SENTENCE.finditer(case.unquoted))
    return "chatter" if any(gate_wording.chatter(sentence) for sentence in spoken) else None


def _degenerate(case: _Case) -> str | None:
    runaway = (
        gate_shape.breathless(case.text)
        or gate_shape.repetitive(case.text)
        or gate_shape.gibberish(case.text)
        or gate_shape.jumping_numbers(case.text)
        or gate_shape.size(case.text) > 2 * _BOUNDS[case.field].most
    )
    return "degenerate" if runaway else None


def _language(case: _Case) -> str | None:
    if case.field in ("affiliation", "keywords"):
        return None
    foreign = not written_in(case.text, case.language) or foreign_stretch(case.text, case.language)
    return "language" if foreign else None


def _truncated(case: _Case) -> str | None:
    return "truncated" if case.prose and gate_shape.cut_off(case.text) else None


def _shape(case: _Case) -> str | None:
    bounds = _BOUNDS[case.field]
    return None if bounds.least <= gate_shape.size(case.text) <= bounds.most else "shape"


def _metadata(case: _Case) -> str | None:
    if gate_facts.foreign_links(case.text, case.facts):
        return "metadata"
    if gate_facts.foreign_names(case.text, case.field, case.facts):
        return "metadata"
    return gate_facts.contradicted(case.text, case.facts)


def _ungrounded(case: _Case) -> str | None:
    foreign = case.prose and (
        gate_facts.foreign_terms(case.text, case.field, case.facts)
        or gate_facts.foreign_concepts(case.text, case.field, case.facts)
        or gate_facts.invented_method(case.text, case.facts)
    )
    return "ungrounded" if foreign else None


def _numbers(case: _Case) -> str | None:
    return "numbers" if case.prose and gate_facts.invented_numbers(case.text, case.facts) else None


_RULES: tuple[Callable[[_Case], str | None], ...] = (
    _placeholder,
    _echo,
    _chatter,
    _degenerate,
    _language,
    _truncated,
    _shape,
    _metadata,
    _ungrounded,
    _numbers,
)
