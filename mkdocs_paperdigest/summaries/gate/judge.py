"""Decides field by field which part of a model's answer may reach a page, and says why the rest may not.

Every rule is a small function in a module beside this one or in `language`; this module says which fields it
applies to. The rules are deterministic and take a few milliseconds for a paper.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from mkdocs_paperdigest.models import Answer, Claim, FullText, Omission, Paper
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.gate import grounding, metadata, shape, wording
from mkdocs_paperdigest.summaries.gate.disguise import revealed
from mkdocs_paperdigest.summaries.gate.padding import hollow, rambles
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.phrases import Phrases
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
    cut: tuple[Omission, ...] = ()
    """What was left out of the fields that passed, sentences and list items, with the reasons."""


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
    known = known or KnownPaper(paper, text)
    everything = "\n".join(
        item for field in fields(answer) for item in _texts_of(getattr(answer, field.name))
    )
    context = _context_of(everything, known, language, instructions)
    passed: dict[str, Any] = {}
    failed: list[Omission] = []
    cut: list[Omission] = []
    for field in fields(answer):
        value = getattr(answer, field.name)
        if value is None or value == ():
            continue
        kept, reason, lost = _judge(value, field.name, context)
        if reason is None:
            passed[field.name] = kept
            cut += (Omission(field.name, loss) for loss in lost)
        else:
            failed.append(Omission(field.name, reason))
    reading = {name: value for name, value in passed.items() if name in _READING}
    whole = [text for name in sorted(_READING) for text in _texts_of(getattr(answer, name))]
    if reading and grounding.shows_no_reading(whole, language, context.known):
        for name in reading:
            del passed[name]
            failed.append(Omission(name, ReasonCode.UNGROUNDED))
    for name, reason in _tainted(passed, failed, cut):
        del passed[name]
        failed.append(Omission(name, reason))
    order = [field.name for field in fields(answer)]
    failed.sort(key=lambda omission: order.index(omission.field))
    return Verdict(Answer(**passed), tuple(failed), tuple(lost for lost in cut if lost.field in passed))


class _FieldText:
    """The text of one field or list item, and what the rules judge it by."""

    def __init__(self, text: str, field: str, context: "_AnswerContext") -> None:
        self.text = text
        self.size = shape.size(text)
        self.field = field
        self.prose = field not in _NOT_PROSE
        """Whether the field holds sentences rather than names and terms."""
        self.known = context.known
        self.front = context.front
        self.language = context.language
        self.instructions = context.instructions
        self.phrases = context.phrases.within(text)
        """The phrases that the text may have."""
        blanked = wording.unquoted(text)
        self.unquoted = text if 2 * blanked.count(wording.BLANK) > len(blanked) else blanked
        """The text with what it quotes blanked; a text that is little else than a quotation speaks for itself."""
        if field == "title_translation" and _YOU.search(context.known.paper.title):
            # "Attention Is All You Need" speaks to readers in every language.
            self.unquoted = re.sub("[你您]", wording.BLANK, self.unquoted)


_YOU = re.compile(r"\byour?s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _AnswerContext:
    """What is the same for every text of one answer."""

    known: KnownPaper
    language: str
    instructions: str
    phrases: Phrases
    """Those that any text of the answer may have."""
    front: str | None
    """Title and abstract if any text of the answer has a contact, which may be a name of theirs."""
    disguised: bool
    """Whether any text of the answer reads otherwise in plain spelling."""


def _context_of(everything: str, known: KnownPaper, language: str, instructions: str) -> _AnswerContext:
    front = known.front if metadata.contact(everything, known.front) else None
    disguised = revealed(everything) != everything
    return _AnswerContext(known, language, squeezed(instructions), Phrases(everything), front, disguised)


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
_READING = frozenset({"background", "prior_work", "approach", "results", "methods", *_JUDGEMENTS})
"""Fields that together show whether the model had read the paper."""
_PADDED = frozenset({*_JUDGEMENTS, "methods"})
"""Fields that models fill with stock phrases where they have nothing to say."""
_OF_ONE_TEXT = frozenset({ReasonCode.SHAPE, ReasonCode.NUMBERS, ReasonCode.METADATA})
"""Reasons that say nothing about the other judgements."""
_SPOILING = frozenset({ReasonCode.PLACEHOLDER, ReasonCode.REFUSAL, ReasonCode.UNGROUNDED})
"""Reasons that show that the model had not read the paper: they discredit the whole list."""


_Judged = tuple[Any, ReasonCode | None, tuple[ReasonCode, ...]]
"""What may be shown, else why nothing may; and why parts of it were left out."""


def _judge(value: Any, name: str, context: _AnswerContext) -> _Judged:
    if isinstance(value, int):
        return (value, None, ()) if 0 <= value <= 10 else (None, ReasonCode.SHAPE, ())
    if isinstance(value, tuple):
        return _judge_list(value, name, context)
    text, reason, lost = _judge_text(_text_of(value), name, context)
    return _with_text(value, text), reason, lost


def _judge_list(items: tuple[Any, ...], name: str, context: _AnswerContext) -> _Judged:
    least, most = _BOUNDS[name].items
    kept: list[Any] = []
    reasons: list[ReasonCode] = []
    lost: list[ReasonCode] = []
    for item in items:
        text, reason, trims = _judge_text(_text_of(item), name, context)
        if reason is not None:
            reasons.append(reason)
        elif any(shape.says_the_same(text, _text_of(other)) for other in kept):
            lost.append(ReasonCode.DEGENERATE)
        else:
            kept.append(_with_text(item, text))
            lost += trims
    if (
        name not in _NOT_PROSE
        and kept
        and kept[-1] is items[-1]
        and shape.lacks_stop([*map(_text_of, items)])
    ):
        kept.pop()
        reasons.append(ReasonCode.TRUNCATED)
    spoilt = [reason for reason in reasons if reason in _SPOILING and name == "methods"]
    if spoilt:
        return (), spoilt[0], ()
    astray = 2 * reasons.count(ReasonCode.UNGROUNDED) >= len(items)
    whole = "；".join(map(_text_of, items))
    elsewhere = (
        grounding.is_elsewhere(whole, context.language, context.known)
        if name == "takeaways"
        else grounding.shares_nothing(whole, name, context.language, context.known)
        or grounding.invented_training(whole, name, context.known)
    )
    if astray or (elsewhere and name != "keywords"):
        return (), ReasonCode.UNGROUNDED, ()
    if len(kept) < least:
        return (), reasons[0] if reasons else ReasonCode.SHAPE, ()
    return tuple(kept[:most]), None, (*lost, *reasons)


def faulty_form(
    text: str, field: str, *, paper: Paper, language: str, instructions: str = ""
) -> ReasonCode | None:
    """Why a text may not be shown by its form alone, whatever it says of the paper; None where it may, whole.

    Arguments:
        text: One text.
        field: The field of an answer whose length it may have.
        paper: What may print odd words that the text has.
        language: As for `check`.
        instructions: As for `check`.
    """
    known = KnownPaper(paper, None)
    context = _context_of(text, known, language, instructions)
    _, reason, lost = _judge_text(text, field, context, _FORM)
    return reason or (ReasonCode.CHATTER if lost else None)


def _judge_text(
    text: str, name: str, context: _AnswerContext, rules: "Sequence[_Rule] | None" = None
) -> tuple[str, ReasonCode | None, tuple[ReasonCode, ...]]:
    """The part of a text that may be shown, or the reason why none of it may; and why sentences were cut off."""
    # Searching runaway text could be slow, and it is rejected anyway.
    if len(text) > _LONGEST:
        return "", ReasonCode.DEGENERATE, ()
    given = _FieldText(text.strip(), name, context)
    if given.size > 2 * _BOUNDS[name].most:
        return "", ReasonCode.DEGENERATE, ()
    reason = _unread(given) or (_disguised(given) if context.disguised else None)
    if reason is not None:
        return "", reason, ()
    lost: tuple[ReasonCode, ...] = ()
    kept, chatty = trimmed(given.text, given.unquoted, given.phrases, given.front)
    if not kept or chatty or (kept != given.text and not given.prose):
        outward = given.front is not None and metadata.contact(given.text, given.front)
        return "", ReasonCode.METADATA if outward else ReasonCode.CHATTER, ()
    if kept != given.text:
        lost = (ReasonCode.CHATTER,)
        given = _FieldText(kept, name, context)
        # What was cut off may have stood before a sign that the paper was not read.
        if reason := _unread(given):
            return "", reason, ()
    reason = next((reason for rule in rules or _RULES if (reason := rule(given))), None)
    return ("", reason, ()) if reason else (given.text, None, lost)


def _texts_of(value: Any) -> list[str]:
    items = value if isinstance(value, tuple) else (value,)
    return [_text_of(item)[:_LONGEST] for item in items if isinstance(item, (str, Claim))]


def _text_of(value: str | Claim) -> str:
    return value.text if isinstance(value, Claim) else value


def _with_text(value: str | Claim, text: str) -> str | Claim:
    if not isinstance(value, Claim):
        return text
    return value if text == value.text else replace(value, text=text)


def _tainted(
    passed: dict[str, Any], failed: list[Omission], cut: list[Omission]
) -> list[tuple[str, ReasonCode]]:
    """Judgements that passed, although another one shows that the model went astray."""
    spoilt = [
        omission.reason
        for omission in failed
        if omission.field in _JUDGEMENTS and omission.reason not in _OF_ONE_TEXT
    ]
    given = [name for name in _JUDGEMENTS if name in passed]
    if spoilt:
        return [(name, spoilt[0]) for name in given]
    again = [name for place, name in enumerate(given) if _recurs(passed[name].text, given[:place], passed)]
    if again:
        return [(name, ReasonCode.DEGENERATE) for name in again]
    trims = {lost.field for lost in cut}
    whole = [name for name in given if name not in trims]
    return [(name, ReasonCode.CHATTER) for name in whole] if len(whole) < len(given) else []


def _recurs(text: str, earlier: list[str], passed: dict[str, Any]) -> bool:
    """Whether a judgement mostly repeats those before it."""
    return shape.repeats(text, "\n".join(passed[name].text for name in earlier))


def _unread(given: _FieldText) -> ReasonCode | None:
    """Signs anywhere in the text that the model did not have the paper; trimming would not help."""
    if wording.refusal(given.unquoted, given.phrases):
        return ReasonCode.REFUSAL
    guessed = wording.guess(given.unquoted, given.phrases) or wording.knows_the_abstract(
        given.unquoted, given.known.front, given.phrases
    )
    return ReasonCode.UNGROUNDED if guessed else None


def _disguised(given: _FieldText) -> ReasonCode | None:
    """What the text says in plain spelling if that is a contact or an order; trimming would need the same places there."""
    plain = revealed(given.text)
    if plain == given.text:
        return None
    if metadata.contact(plain, given.known.front):
        return ReasonCode.METADATA
    return ReasonCode.CHATTER if wording.order(wording.unquoted(plain), Phrases(plain)) else None


def _placeholder(given: _FieldText) -> ReasonCode | None:
    unfilled = (
        wording.filler(given.text)
        or (given.field == "affiliation" and wording.not_known(given.text))
        or wording.blanks(given.unquoted, given.known.writes, given.phrases)
        or wording.markup(given.text, given.known.prints)
        or wording.stage_direction(given.unquoted, given.known.prints, given.phrases)
        or wording.machine_error(given.unquoted, given.phrases)
    )
    return ReasonCode.PLACEHOLDER if unfilled else None


def _echo(given: _FieldText) -> ReasonCode | None:
    if wording.leak(given.unquoted, given.phrases) or wording.raw_json(given.text, given.known.prints):
        return ReasonCode.LEAK
    return ReasonCode.ECHO if wording.echo(given.text, given.instructions, given.known.mentions) else None


def _degenerate(given: _FieldText) -> ReasonCode | None:
    runaway = (
        shape.breathless(given.text)
        or shape.repetitive(given.text)
        or shape.gibberish(given.text)
        or shape.jumping_numbers(given.text)
        or shape.debris(given.text, given.known.prints)
        or (given.prose and (shape.circular(given.text) or shape.retells(given.text) or rambles(given.text)))
        or (given.field in _PADDED and hollow(given.text))
    )
    return ReasonCode.DEGENERATE if runaway else None


def _language(given: _FieldText) -> ReasonCode | None:
    if given.field in ("affiliation", "keywords"):
        return None
    foreign = not written_in(given.text, given.language) or foreign_stretch(given.text, given.language)
    return ReasonCode.LANGUAGE if foreign else None


def _truncated(given: _FieldText) -> ReasonCode | None:
    if not given.prose:
        return None
    cut = (
        wording.bare_heading(given.text)
        or shape.cut_off(given.text, whole=_needs_stop(given))
        or shape.mid_word(given.text, lambda: given.known.words)
    )
    return ReasonCode.TRUNCATED if cut else None


def _needs_stop(given: _FieldText) -> bool:
    """Whether a text is too long for a headline or an item of a list, which may do without a stop."""
    if given.field == "takeaways":
        return False
    return given.size >= _HEADLINE and (given.field != "summary" or shape.spaced(given.text))


_HEADLINE = 12
"""Words or Chinese characters; in 120 entries read by hand, 2 of 430 honest fields have no stop at the end."""


def _shape(given: _FieldText) -> ReasonCode | None:
    if given.field == "keywords" and shape.is_torn(given.text):
        return ReasonCode.SHAPE
    bounds = _BOUNDS[given.field]
    return None if bounds.least <= given.size <= bounds.most else ReasonCode.SHAPE


def _metadata(given: _FieldText) -> ReasonCode | None:
    wrong = (
        metadata.foreign_ids(given.text, given.known)
        or (given.front is not None and metadata.contact(given.text, given.front))
        or metadata.foreign_names(given.text, given.field, given.known)
        or metadata.denies_metadata(given.text, given.known, given.phrases)
        or (given.field == "affiliation" and metadata.unprinted(given.text, given.known))
        or (given.field == "keywords" and metadata.unused(given.text, given.language, given.known))
        or (
            given.field == "title_translation"
            and (
                metadata.other_title(given.text, given.known)
                or grounding.foreign_terms(given.text, given.field, given.known)
            )
        )
    )
    return ReasonCode.METADATA if wrong else None


def _ungrounded(given: _FieldText) -> ReasonCode | None:
    foreign = given.prose and (
        grounding.foreign_terms(given.text, given.field, given.known)
        or grounding.foreign_concepts(given.text, given.field, given.known)
        or grounding.invented_training(given.text, given.field, given.known)
        or grounding.opposite_attribute(given.text, given.known)
        or grounding.invented_effect(given.text, given.language, given.known)
        or grounding.contradicts(given.text, given.field, given.language, given.known)
        or grounding.invented_method(given.text, given.known, given.phrases)
        or grounding.denies_results(given.text, given.known, given.phrases)
        or (
            # Steps are judged together, because each is short.
            given.field != "methods"
            and (
                grounding.shares_nothing(given.text, given.field, given.language, given.known)
                or grounding.is_strange(given.text, given.field, given.language, given.known)
            )
        )
    )
    return ReasonCode.UNGROUNDED if foreign else None


def _numbers(given: _FieldText) -> ReasonCode | None:
    invented = given.prose and grounding.invented_numbers(given.text, given.field, given.known)
    return ReasonCode.NUMBERS if invented else None


_Rule = Callable[[_FieldText], ReasonCode | None]
_FORM: tuple[_Rule, ...] = (_placeholder, _echo, _degenerate, _language, _truncated, _shape, _metadata)
_RULES: tuple[_Rule, ...] = (*_FORM, _ungrounded, _numbers)
