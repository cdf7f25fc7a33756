"""Whether one side denies what the other one says.

Written for claims with a "not" put in or left out. The word files have the words that deny. They deny the first word
behind them that says something, or one of the first three where a side is Chinese, whose verb may come last; a denial
reaches through a list ("without A, B or C").
"""

import re
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.patterns import soft_negations
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import BETWEEN, Word


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
        places = _denied(text, negation, other)
        if places is None:
            if alone and not other.says(soft_negations()) and not _NON.search(other.small):
                return True
        elif not any(is_denied(other, at) for at in places):
            return True
    return False


def _denied(text: Text, negation: re.Match[str], other: Text) -> list[int] | None:
    """Places in `other` of the first thing after a negation; None where it is not there or not known."""
    at = negation.end()
    _, stop = text.clause(at, 0, 10 if text.unspaced else 45)
    following = (word for word in text.tokens if at <= word.at <= stop and word.word not in BETWEEN)
    # Chinese may deny a verb that comes last.
    words = islice(following, 3 if text.unspaced or other.unspaced else 1)
    return [one.at for word in words for one in _any_form(other, word)] or None


def _any_form(text: Text, word: Word) -> list[Word]:
    """Where a text has a word, also if it has it with a prefix that denies it."""
    keys = word.keys | {form for key in word.keys for form in (f"un{key}"[:5], f"non{key}"[:8])}
    return [one for one in text.tokens if not keys.isdisjoint(one.keys)]


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
