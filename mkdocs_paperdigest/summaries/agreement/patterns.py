"""The words that rules search for, as patterns; the word files have them in groups.

Words of a `soft_` group (`any_...` here) may stand for those of the group in another wording: a quote that has one is
not contradicted. Signs are words that say which way something goes ("more", "worse", "at least"): each has an axis
("amount", "worth", "bound") and a direction on it. A negation before a sign takes its direction away; only on the axis
"worth" does it turn it round.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from mkdocs_paperdigest.summaries.gate.words import Words, cjk_words, either, spaced_words


def _patterns(group: Callable[[Words], Iterable[str]]) -> Callable[[], re.Pattern[str]]:
    """A function that returns one pattern for a group of words: whole words, but for Chinese and Japanese."""

    @cache
    def pattern() -> re.Pattern[str]:
        return re.compile(rf"\b(?:{either(group(spaced_words()))})(?![a-z])|{either(group(cjk_words()))}")

    return pattern


clause_ends = _patterns(lambda words: words.clause_ends)
negations = _patterns(lambda words: words.negations)
soft_negations = _patterns(lambda words: (*words.negations, *words.soft_negations))
causes = _patterns(lambda words: words.causes)
any_causes = _patterns(lambda words: (*words.causes, *words.soft_causes))
universals = _patterns(lambda words: words.universals)
any_universals = _patterns(lambda words: (*words.universals, *words.soft_universals))
superlatives = _patterns(lambda words: words.superlatives)
any_superlatives = _patterns(lambda words: (*words.superlatives, *words.soft_superlatives))
hedges = _patterns(lambda words: words.hedges)
lower_bounds = _patterns(lambda words: words.lower_bounds)
costs = _patterns(lambda words: words.costs)
equals = _patterns(lambda words: words.equals)
thans = _patterns(lambda words: words.comparisons)


@dataclass(frozen=True, slots=True)
class Sign:
    """A word that says which way something goes."""

    at: int
    axis: str
    """What it is about, such as "amount"."""
    up: bool
    """Whether it says more, or better."""
    end: int


def signs_in(small: str) -> list[Sign]:
    """The signs of a text in small letters, in order."""
    found = []
    for match in _sign_pattern().finditer(small):
        code = _sign_codes()[(match.lastindex or 1) - 1]
        denied = _NEGATION_BEFORE.search(small, max(0, match.start() - 14), match.start())
        if not denied:
            found.append(Sign(match.start(), code[1:], code[0] == "+", match.end()))
        elif code[1:] == "worth":
            found.append(Sign(match.start(), code[1:], code[0] == "-", match.end()))
    return found


def may_compare(one: Sign, other: Sign) -> bool:
    """Whether two signs are about the same thing, or one is about the amount and the other about the worth."""
    return one.axis == other.axis or {one.axis, other.axis} == _CROSS


_CROSS = frozenset({"amount", "worth"})
"""Axes that go together, except for things of which less is better."""


_NEGATION_BEFORE = re.compile(r"(?:(?:\b(?:not|no|never|cannot)|n['’]t)\b|不|没有?|未)\s?(?:\w+ )?$")


@cache
def _sign_codes() -> list[str]:
    return [code for words in (spaced_words(), cjk_words()) for _, code in words.signs]


@cache
def _sign_pattern() -> re.Pattern[str]:
    spaced, unspaced = (
        either(f"({pattern})" for pattern, _ in words.signs) for words in (spaced_words(), cjk_words())
    )
    return re.compile(rf"\b(?:{spaced})(?!-?[a-z])|(?=[^\x00-\x7f])(?:{unspaced})")
