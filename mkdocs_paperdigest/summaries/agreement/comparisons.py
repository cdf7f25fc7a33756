"""Whether claim and quote compare the same things, in the same order and in the same direction.

"A outperforms B" and "B outperforms A" have the same words. Written for claims that turn a comparison round or put
"less" for "more", and for true ones that say the same from the other side ("B is worse than A"). A text may have
several signs, so `other_direction` compares those that have the same words and numbers beside them. More is better,
except where one side names something of which less is better; the word files list it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.names import has
from mkdocs_paperdigest.summaries.agreement.opposites import are_opposed, has_turned_limit
from mkdocs_paperdigest.summaries.agreement.patterns import Sign, costs, equals, may_compare
from mkdocs_paperdigest.summaries.agreement.statement import Comparison, Passage, Statement
from mkdocs_paperdigest.summaries.agreement.swaps import contrast_in
from mkdocs_paperdigest.summaries.agreement.words import BETWEEN, Word, tells


def roles_swapped(claim: Statement, passage: Passage) -> bool:
    """What the claim says is better than the other is the other in the quote, or not better."""
    verdicts = [verdict for *_, verdict in _verdicts(claim, passage.quote)]
    return -1 in verdicts and 1 not in verdicts


def cause_reversed(claim: Statement, passage: Passage) -> bool:
    """What the claim calls the cause is the effect in the quote, and nowhere in it the cause, as in a chain of causes."""
    orders = [
        _order(mine, theirs) * (1 if mine.sign.up == theirs.sign.up else -1)
        for mine in claim.causes
        for theirs in passage.quote.causes
        if mine.sign and theirs.sign and _have_both_sides(mine, theirs)
    ]
    return -1 in orders and 1 not in orders


def _have_both_sides(mine: Comparison, theirs: Comparison) -> bool:
    """Whether each side of one has something of the other: of a chain, only the same link is compared."""
    return not (mine.subject_keys.isdisjoint(theirs.keys) or mine.other_keys.isdisjoint(theirs.keys))


def _verdicts(claim: Statement, quote: Statement) -> Iterator[tuple[Comparison, Comparison, int]]:
    """Each comparison of the claim with those of the quote that have most of its words, and what `_agree` says."""
    costly = claim.says(costs()) or quote.says(costs())
    for mine in claim.comparisons[:_MOST]:
        scored = [(_in_common(mine, theirs), theirs) for theirs in quote.comparisons[:_MOST]]
        most = max((score for score, _ in scored), default=0)
        yield from (
            (mine, theirs, _agree(mine, theirs, costly=costly)) for score, theirs in scored if score == most
        )


def _in_common(mine: Comparison, theirs: Comparison) -> int:
    return sum(word.is_in(theirs.keys) for word in (*mine.subject, *mine.other))


def other_direction(claim: Statement, passage: Passage) -> bool:
    """The claim says more where the quote says less, or better where it says worse."""
    quote = passage.quote
    # "Better without A" and "worse with A" say the same.
    if claim.says(_WITHOUT) != quote.says(_WITHOUT) and (_lacks(claim, quote) or _lacks(quote, claim)):
        return False
    if claim.says(_INSIGNIFICANT) and quote.says(_INSIGNIFICANT):
        return False
    # "Ordered up to 40 K" and "disordered above 40 K"
    if has_turned_limit(claim, quote) and are_opposed(claim, quote):
        return False
    costly = claim.says(costs()) or quote.says(costs())
    settled = {mine.sign for mine, theirs, verdict in _verdicts(claim, quote) if verdict > 0 and theirs.sign}
    signs = [sign for sign in claim.signs if sign not in settled and sign.axis != "cause"][:_MOST]
    conditions = {sign for text in (claim, quote) for sign in text.signs if _is_condition(text, sign)}
    if (turned := _results_of_opposite_conditions(claim, quote, conditions)) is not None:
        return turned
    # "Growing for bigger models" and "diminishing for bigger models": what both have is the same.
    shared = {
        other
        for sign in signs
        for other in quote.signs[: 2 * _MOST]
        if sign.axis == "amount" and _spelling(claim, sign) == _spelling(quote, other)
    }
    scores = {
        sign: {
            other: _affinity(claim, sign.at, quote, other.at)
            for other in quote.signs[: 2 * _MOST]
            if (other not in shared or _spelling(claim, sign) == _spelling(quote, other))
            and (
                may_compare(other, sign)
                or (other.up == sign.up and sign.axis == "amount" and _LIMIT.match(quote.small, other.at))
            )
            and (not conditions & {sign, other} or _about_the_same(claim, sign, quote, other))
        }
        for sign in signs
    }
    # What says the same, and how much it has in common; no other sign of the claim contradicts that.
    same = {
        sign: max(
            ((score, other.at) for other, score in found.items() if other.up == sign.up), default=(-1.0, -1)
        )
        for sign, found in scores.items()
    }
    for sign, found in scores.items():
        opposite = max(
            (
                score
                for other, score in found.items()
                if other.up != sign.up
                and (other.axis == sign.axis or not costly)
                and not any(at == other.at and most > score for most, at in same.values())
            ),
            default=-1.0,
        )
        most, _ = same[sign]
        if opposite >= 0 and (most < 0 or opposite > max(1.5 * most, _CLOSE)):
            return True
    return False


def _spelling(text: Statement, sign: Sign) -> str:
    """A sign, with the word behind it where any thing may have such a sign."""
    word = text.small[sign.at : sign.end]
    behind = _NEXT_WORD.match(text.small, sign.end) if word in _OF_ANYTHING else None
    return text.small[sign.at : behind.end()] if behind else word


def _lacks(text: Statement, other: Statement) -> bool:
    """Whether a text says what happens without something that the other text names."""
    for found in islice(_WITHOUT.finditer(text.small), _MOST):
        words = [word for word in text.words if found.end() <= word.at < text.break_after(found.end())]
        if any(has(other, word) for word in words[:1]):
            return True
    return False


def _about_the_same(claim: Statement, mine: Sign, quote: Statement, theirs: Sign) -> bool:
    """Whether two conditions ("with more data") are about the same thing."""
    one, other = _noun_of(claim, mine), _noun_of(quote, theirs)
    return bool(one and other and one.is_same(other))


def _is_condition(text: Statement, sign: Sign) -> bool:
    """Whether a sign says under which condition something holds: "with more data"."""
    before = text.small[max(0, sign.at - 14) : sign.end]
    if _CONDITION.search(before) is None or text.small.startswith(" than", sign.end):
        return False
    # "Higher accuracy is seen" has no result.
    _, stop = text.sentence_around(sign.at, sign.end)
    opens = _OPENS.search(text.small, max(0, sign.at - 2), sign.at)
    return (
        not opens
        or _BRINGS.search(text.small, sign.end, stop) is not None
        or any(sign.at < other.at < stop and other.axis != "degree" for other in text.signs)
    )


def _results_of_opposite_conditions(claim: Statement, quote: Statement, conditions: set[Sign]) -> bool | None:
    """Whether two texts say the same of opposite conditions ("better with less", "better with more"); None if they have none."""
    opposite = any(
        one.axis == other.axis and one.up != other.up and _about_the_same(claim, one, quote, other)
        for one in claim.signs
        for other in quote.signs
        if one in conditions and other in conditions
    )
    pairs = (
        [
            (one.up, other.up)
            for one in claim.signs
            for other in quote.signs
            if one.axis == other.axis != "degree" and one not in conditions and other not in conditions
        ]
        if opposite
        else []
    )
    return all(one == other for one, other in pairs) if pairs else None


def _noun_of(text: Statement, sign: Sign) -> Word | None:
    """What a condition says something of: the word behind it, in Chinese the one before."""
    if text.unspaced:
        return next((word for word in reversed(text.words) if word.end == sign.at), None)
    return next(
        (word for word in text.words if text.small[sign.end : word.at] in {" ", " the ", " its "}), None
    )


_BRINGS = re.compile(r"\b(?:giv|yield|lead|mak|mean|produc|caus|bring|allow|enabl)(?:e?s|e|ing)?\b")
_OPENS = re.compile(r"(?:^|[.;:,] )$")
_CONDITION = re.compile(
    r"(?:(?:^|[.;:,] )(?:more|less|fewer|\w+er)|\b(?:with|at|for|under|as) (?:an? |the )?(?:more|less|fewer|\w+er|\w+ing)"
    r"|随着?[^，。；,;]{1,8})$"
)


def _affinity(claim: Statement, mine: int, quote: Statement, theirs: int) -> float:
    """How much two places of two texts have beside them in common."""
    scale = 3 if claim.unspaced else 8
    here, there = claim.stretched(mine), quote.stretched(theirs)

    def weight(at: int, places: Iterable[int]) -> float:
        apart = min((abs(quote.stretched(place) - there) for place in places), default=None)
        if apart is None:
            return 0
        return 1 / (2 + abs(claim.stretched(at) - here) / scale + apart / 8)

    signs = {sign.at for sign in claim.signs}
    return sum(
        weight(one.start, (two.start for two in quote.numbers[: 2 * _MOST] if one.states(two)))
        for one in claim.numbers[: 2 * _MOST]
    ) + sum(
        weight(one.at, (two.at for two in quote.like(one)))
        for one in claim.words[:_MOST_WORDS]
        if one.at not in signs
    )


_WITHOUT = re.compile(
    r"\b(?:without|absen\w+|lack\w*|ablat\w+|removing|(?:if|when|unless)\b[^,.;]{0,60}\b(?:not|no|isn['’]t))\b"
    r"|没有|无需|缺乏|缺少|去除|去掉|移除"
)
_INSIGNIFICANT = re.compile(
    r"(?:\bno|\bnot|n['’]t|\bwithout)\b (?:\w+ ){0,2}significan\w+|\binsignifican\w+|[不没无]显著|不明显"
)
_OF_ANYTHING = frozenset(
    ("more", "less", "fewer", "higher", "lower", "better", "worse", "larger", "smaller", "greater")
)
_NEXT_WORD = re.compile(r" [a-z]+")
_LIMIT = re.compile(r"\w+ than\b|above\b|below\b|under\b")
"""A bound that says which way something goes as well."""
_MOST = 20
"""Comparisons and signs of one text that are looked at; no sentence has as many, and each is compared with each."""
_MOST_WORDS = 200
"""Words of a claim that are looked at."""
_CLOSE = 0.2
"""Least affinity of two words that are about the same thing."""


def _agree(mine: Comparison, theirs: Comparison, *, costly: bool) -> int:
    """1 if two comparisons say the same, -1 if they say the opposite, 0 if that is not known."""
    order = _order(mine, theirs)
    if mine.sign and theirs.sign and "quality" in (mine.sign.axis, theirs.sign.axis):
        same = 1 if mine.sign.up == theirs.sign.up else -1
        return order * same if mine.quality == theirs.quality else max(order, 0)
    if mine.sign is None or theirs.sign is None or mine.sign.up == theirs.sign.up:
        known = mine.sign is None or theirs.sign is None or may_compare(mine.sign, theirs.sign)
        better = mine.sign and theirs.sign and "worth" in (mine.sign.axis, theirs.sign.axis)
        return order if known or better else max(order, 0)
    if mine.sign.axis == theirs.sign.axis or (may_compare(mine.sign, theirs.sign) and not costly):
        return -order
    return 0


def _order(mine: Comparison, theirs: Comparison) -> int:
    """1 if both compare the same things in the same order, -1 if in the other order, 0 if that is not known."""
    kept, swapped = _sides(mine, theirs)
    others_kept, others_swapped = _sides(theirs, mine)
    if kept + others_kept > swapped + others_swapped or not (swapped or others_swapped):
        return bool(kept + others_kept)
    # "In the northern than in the southern hemisphere": the last word belongs to both.
    if swapped and others_swapped and swapped + others_swapped >= kept + others_kept:
        return -1
    one, other = (mine, theirs) if swapped else (theirs, mine)
    lone = [word for word in one.other if tells(word) and not word.is_in(one.subject_keys)]
    found = [word for word in lone if word.is_in(other.subject_keys) and not word.is_in(other.other_keys)]
    return -(
        not kept + others_kept and bool(found) and (len(found) == len(lone) or any(w.is_name for w in found))
    )


def _sides(one: Comparison, other: Comparison) -> tuple[int, int]:
    """How many words of what one compares something with stand on the same and on the opposite side of the other."""
    kept = swapped = 0
    for word in one.other:
        if word.is_in(one.subject_keys):
            continue
        here, there = word.is_in(other.other_keys), word.is_in(other.subject_keys)
        kept += here and not there
        swapped += there and not here
    return kept, swapped


def other_equality(claim: Statement, passage: Passage) -> bool:
    """One side says that things are alike where the other one says that they differ."""
    quote = passage.quote
    if _is_unequal(quote) and claim.says(equals()) and not _is_unequal(claim) and not claim.negations:
        return True
    return (claim.says(equals()) and not claim.comparisons and _differs(quote, claim)) or (
        quote.says(equals()) and not quote.comparisons and _differs(claim, quote)
    )


def _is_unequal(text: Statement) -> bool:
    """Whether a text denies all that it says to be alike: "not as good as"."""
    found = list(islice(equals().finditer(text.small), _MOST))
    return bool(found) and all(
        _DENIED.search(text.small, max(0, one.start() - 24), one.start()) for one in found
    )


_DENIED = re.compile(
    r"(?:\b(?:not|never|neither|hardly|far from|less than)|n['’]t)\b (?:\w+ ){0,2}$|[不未没][^，。；]{0,3}$"
)


def _differs(text: Statement, other: Statement) -> bool:
    """Whether a text says, without any denial, that something of the other text is more or less than another thing."""
    return (
        not text.says(equals())
        and not text.negations
        and any(
            any(word.is_same(one) for word in compared.other for one in other.tokens)
            or _is_all_about(other, compared)
            for compared in text.comparisons
        )
    )


def _is_all_about(text: Statement, compared: Comparison) -> bool:
    """Whether all that a text says to be alike ("risks are equal") is compared, so that it need not name both sides."""
    alike = equals().search(text.small)
    words = [word for word in text.words if alike and not alike.start() <= word.at < alike.end()]
    return bool(words) and all(
        any(word.is_same(one) for one in (*compared.subject, *compared.other)) for word in words
    )


def other_rival(claim: Statement, passage: Passage) -> bool:
    """The claim compares the subject with something else than the quote does."""
    pairs = [(mine, theirs) for mine in claim.comparisons for theirs in passage.quote.comparisons]
    return (
        bool(pairs) and not claim.unspaced and all(_is_other_rival(*pair, claim, passage) for pair in pairs)
    )


def _is_other_rival(mine: Comparison, theirs: Comparison, claim: Statement, passage: Passage) -> bool:
    # "15 %, against 26 % for the runner-up": the number says what it is compared with.
    digits = [{one.word for one in side.other if one.word[0].isdigit()} for side in (mine, theirs)]
    if digits[0] & digits[1]:
        return False
    said, printed = (
        [
            one
            for one in side.other
            if one.word[0].isalpha() and tells(one) and not any(one.is_same(word) for word in side.subject)
        ]
        for side in (mine, theirs)
    )
    return bool(
        said
        and printed
        and not any(has(passage.context, one) for one in said)
        and not any(has(claim, one) for one in printed)
    )


def subjects_swapped(claim: Statement, passage: Passage) -> bool:
    """The claim begins with a name that the quote has later, and the quote begins with one that the claim has later."""
    quote = passage.quote
    if (
        claim.unspaced
        or claim.comparisons
        or quote.comparisons
        # "B does, whereas A does not": which clause comes first says nothing.
        or (contrast_in(claim) is not None and contrast_in(quote) is not None)
        or _PASSIVE.search(f"{claim.small} {quote.small}")
    ):
        return False
    return _opens_with_later_name(claim, quote) and _opens_with_later_name(quote, claim)


def _opens_with_later_name(text: Statement, other: Statement) -> bool:
    if text.tokens[:1] and text.tokens[0].word.lower() in BETWEEN:
        return False
    first = {word.word.lower() for word in other.tokens if word.at < _OPENING}
    later = {
        word.word.lower() for word in other.tokens if word.at >= _OPENING and other.plain[word.at].isupper()
    }
    opening = (word for word in text.tokens if word.at < _OPENING and text.plain[word.at].isupper())
    return any(word.word.lower() in later - first for word in opening)


_OPENING = 12
"""Characters in which the subject of a sentence begins."""
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being) (?:\w+ )?\w+(?:ed|en|n) by\b")
