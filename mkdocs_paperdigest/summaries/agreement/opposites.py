"""Whether the claim has one word of a pair of opposites where the quote has the other one.

Written for claims with one word flipped. The word files have the pairs, and the prefixes that turn a word into its
opposite; two words of a pair do not contradict each other if one of them is denied.
"""

import re
from itertools import islice, pairwise

from mkdocs_paperdigest.summaries.agreement.negation import is_denied
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import Word, tells
from mkdocs_paperdigest.summaries.gate.words import all_words
from mkdocs_paperdigest.summaries.lexicon import base_of, opposites_of, opposites_of_stems, stem_of


def opposite_words(claim: Text, passage: Passage) -> bool:
    """The claim has one word of a pair of opposites, the quote the other one."""
    return are_opposed(claim, passage.quote) and not has_turned_limit(claim, passage.quote)


def are_opposed(claim: Text, quote: Text) -> bool:
    """Whether one text has one word of a pair of opposites, and the other text the other one."""
    mine, theirs = (
        {base_of(word.word.lower()): word.at for word in text.tokens if not word.is_foreign}
        for text in (claim, quote)
    )
    for said in mine.keys() - theirs.keys():
        for unsaid in (opposites_of(said) & theirs.keys()) - mine.keys():
            if is_denied(claim, mine[said], 20, 0) == is_denied(quote, theirs[unsaid], 20, 0):
                return True
    foreign = [word for word in claim.words if word.is_foreign]
    if any(_is_rendered_opposite(word, claim, quote) for word in foreign):
        return True
    claimed, printed = _attributes(claim), _attributes(quote)
    if any(
        (opposite, noun) in printed and (opposite, noun) not in claimed and (word, noun) not in printed
        for word, noun in claimed
        for opposite in opposites_of(word)
    ):
        return True
    return (
        _prefixed(claim, quote)
        or _prefixed(quote, claim)
        or _has_other_prefix(claim, quote)
        or _has_other_order(claim, quote)
    )


def _has_other_order(claim: Text, quote: Text) -> bool:
    """Whether the claim has something before what the quote has it after."""
    if claim.says(_LATER) or quote.says(_LATER):
        return False
    mine, theirs = ({word: _follows(text, word) for word in ("before", "after")} for text in (claim, quote))
    return any(
        not mine[there] and not theirs[here] and any(map(word.is_same, theirs[there]))
        for here, there in (("before", "after"), ("after", "before"))
        for word in mine[here]
    )


def _follows(text: Text, preposition: str) -> list[Word]:
    """The words of what something is before or after."""
    return [
        word
        for found in islice(re.finditer(rf"\b{preposition}\b", text.small), _MOST_PLACES)
        for word in text.words
        if found.end() <= word.at < min(found.end() + _PHRASE, text.break_after(found.end()))
    ]


_LATER = re.compile(r"\b(?:afterwards?|thereafter|then|later|subsequently)\b")
_MOST_PLACES = 10
_PHRASE = 40
"""Characters behind a preposition that belong to it."""


def _has_other_prefix(claim: Text, quote: Text) -> bool:
    """Whether the claim has "inpatients" where the quote has "outpatients"."""
    beginnings = tuple(beginning for pair in _PREFIXES for beginning in pair)
    mine, theirs = (
        {letters for word in text.words if (letters := word.word.lower()).startswith(beginnings)}
        for text in (claim, quote)
    )
    return any(
        word.startswith(one) and len(word) > len(one) + 4 and other + word.removeprefix(one) in theirs - mine
        for word in mine - theirs
        for pair in _PREFIXES
        for one, other in (pair, pair[::-1])
    )


_PREFIXES = (
    ("in", "out"), ("over", "under"), ("intra", "inter"), ("hyper", "hypo"), ("pre", "post"), ("up", "down"),
    ("micro", "macro"), ("homo", "hetero"), ("endo", "exo"), ("mono", "poly"), ("sub", "super"), ("uni", "multi"),
)  # fmt: skip
"""Beginnings of words that exclude each other."""


def has_turned_limit(claim: Text, quote: Text) -> bool:
    """Whether a number is the upper limit in one text and the lower one in the other: "up to 40 K", "above 40 K"."""
    return any(
        _BELOW.search(one.small, 0, number.start) and _ABOVE.search(other.small, 0, twin.start)
        for one, other in ((claim, quote), (quote, claim))
        for number in one.numbers[:_MOST_PLACES]
        for twin in other.numbers[:_MOST_PLACES]
        if number.value == twin.value
    )


_BELOW = re.compile(
    r"\b(?:below|under|up to|until|less than|lower than|before|within) (?:about |~)?$|[<≤] ?$|低于$|不到$|小于$"
)
_ABOVE = re.compile(
    r"\b(?:above|over|beyond|more than|greater than|higher than|after|exceeding) (?:about |~)?$|[>≥] ?$|高于$|超过$|大于$"
)


def _is_rendered_opposite(word: Word, claim: Text, quote: Text) -> bool:
    """Whether a Chinese word stands for the opposite of what the quote has."""
    # A single character has too many meanings, and 不匹配 is no match.
    if (
        len(word.word) < 2
        or _has_keys(quote, word.keys)
        or claim.small[word.at - 1 : word.at] in {"不", "未", "非"}
    ):
        return False
    opposites = opposites_of_stems(word.keys)
    found = [other for other in quote.words if base_of(other.word) in opposites]
    # "Real and synthetic": the claim has both.
    return any(not _has_keys(claim, other.keys) for other in found)


def _attributes(text: Text) -> set[tuple[str, str]]:
    """Words that have an opposite, with the content word that follows each: ("small", "field")."""
    found = set()
    for word, noun in pairwise(text.tokens):
        base = base_of(word.word.lower())
        beside = noun.at <= word.end + 3 and tells(noun) and not word.is_foreign
        if beside and opposites_of(base) and not is_denied(text, word.at, 20, 0):
            found |= {(base, key) for key in noun.keys}
    return found


def _prefixed(text: Text, other: Text) -> bool:
    """Whether `other` has "unlike" where `text` has "like"."""
    prefixes = tuple(all_words().opposite_prefixes)
    # Few words have such a prefix, so that the other ones are left out at once.
    found = [word for word in other.tokens if word.word.lower().startswith(prefixes)]
    if not found:
        return False
    words = {_letters(word): word for word in text.tokens}
    theirs = {_letters(word) for word in other.tokens}
    for opposite in found:
        letters = _letters(opposite)
        for prefix in prefixes:
            word = words.get(letters.removeprefix(prefix)) if letters.startswith(prefix) else None
            # "In-training" is no opposite of "training".
            if word is None or (prefix in {"in", "im", "ir"} and opposite.word[len(prefix)] == "-"):
                continue
            small = letters.removeprefix(prefix)
            if len(small) >= _LEAST and small not in theirs and letters not in words and not other.like(word):
                return is_denied(text, word.at, 30, 0) == is_denied(other, opposite.at, 20, 0)
    return False


_LEAST = 6
"""Letters of a word that a prefix may deny."""


def _letters(word: Word) -> str:
    return re.sub("[- ]", "", word.word.lower())


def _has_keys(text: Text, keys: frozenset[str]) -> bool:
    """Whether a text has a word with one of some stems, also as a part of a compound or as a name."""
    return any(not keys.isdisjoint(word.keys) for word in text.words) or any(
        stem_of(part) in keys
        for word in text.words
        if not word.is_foreign and (word.is_name or "-" in word.word)
        for part in word.word.lower().split("-")
    )
