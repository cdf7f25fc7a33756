"""Whether one side denies what the other one says.

Written for claims with a "not" put in or left out. The word files have the words that deny. They deny the first word
behind them that says something, or one of the first three where a side is Chinese, whose verb may come last; a denial
reaches through a list ("without A, B or C").
"""

import re
from collections.abc import Iterator
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.patterns import soft_negations
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import BETWEEN, Word
from mkdocs_paperdigest.summaries.gate.words import all_words


def negated(claim: Text, passage: Passage) -> bool:
    """One side denies what the other one says."""
    return _denies(claim, passage.quote, alone=True) or _denies(passage.quote, claim)


def _denies(text: Text, other: Text, *, alone: bool = False) -> bool:
    """Whether `text` denies something that `other` says without any denial around it.

    Arguments:
        text: Has the negations.
        other: Is searched for what they deny.
        alone: Whether a negation of something else that `other` lacks is a contradiction too.
    """
    for negation in text.negations:
        # 不均 is a word of its own, "uneven".
        if any(
            word.is_foreign and word.at <= negation.start() < word.end and other.like(word)
            for word in text.words
        ):
            continue
        across = text.unspaced or other.unspaced
        words = list(_after(text, negation, 3 if across else 2 if negation[0] == "no" else 1))
        if any(_is_prefixed(other, word) for word in words):
            continue
        places = [one.at for word in words for one in other.tokens if word.is_same(one)]
        # "No A was B" denies that A was B, not A.
        if negation[0] == "no" and len(words) > 1 and not any(map(words[1].is_same, other.tokens)):
            continue
        if not places:
            if alone and not other.says(soft_negations()) and not _NON.search(other.small):
                return True
        elif not any(is_denied(other, at) for at in places):
            return True
    return False


def _after(text: Text, negation: re.Match[str], most: int) -> Iterator[Word]:
    """The first words after a negation that say something."""
    at = negation.end()
    _, stop = text.clause(at, 0, 10 if text.unspaced else 45)
    following = (word for word in text.tokens if at <= word.at <= stop and word.word not in BETWEEN)
    # Chinese may deny a verb that comes last.
    return islice(following, most)


def _is_prefixed(text: Text, word: Word) -> bool:
    """Whether a text has a word with a prefix that denies it."""
    forms = {f"{prefix}{key}" for prefix in all_words().opposite_prefixes for key in word.keys}
    stems = {form[:8] if form.startswith("non") else form[:5] for form in forms}
    return any(not stems.isdisjoint(one.keys) for one in text.tokens if not one.is_name)


def is_denied(text: Text, at: int, before: int = 60, after: int = 20) -> bool:
    """Whether the clause denies what stands at a place; it is searched so many characters before and after it."""
    start, stop = text.clause(at, *((30, 6) if text.unspaced else (before, after)))
    # "Without A, B or C" denies all three.
    either = re.search(r"\b(?:n?or|and)\b", text.small[max(0, at - 30) : at + 30])
    while (
        either and (item := _LISTED.search(text.small, max(0, start - 30), start + 1)) and start > at - before
    ):
        start = item.start()
    return soft_negations().search(text.small, start, stop) is not None


_NON = re.compile(r"\b(?:non|un)(?!-?local)[- ]?[a-z]{4}")
_LISTED = re.compile(r"(?:\b(?:without|neither|nor|no)\b|,)(?: [\w\[\]-]+){1,3},$")
