"""Whether the claim has one word of a pair of opposites where the quote has the other one.

Written for claims with one word flipped. The word files have the pairs, and the prefixes that turn a word into its
opposite; two words of a pair do not contradict each other if one of them is denied.
"""

import re
from functools import cache

from mkdocs_paperdigest.summaries.agreement.negation import is_denied
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import Word
from mkdocs_paperdigest.summaries.gate.words import all_words, cjk_words, spaced_words
from mkdocs_paperdigest.summaries.lexicon import chinese_words, stem_of


def opposite_words(claim: Text, passage: Passage) -> bool:
    """The claim has one word of a pair of opposites, the quote the other one."""
    mine, theirs = (
        {key: word.at for word in text.tokens if not word.is_foreign for key in word.keys}
        for text in (claim, passage.quote)
    )
    for pair in all_words().opposites:
        one, other = (stem_of(word) for word in pair.split("/"))
        for said, unsaid in ((one, other), (other, one)):
            if said in mine and unsaid not in mine and unsaid in theirs and said not in theirs:
                denied = (
                    is_denied(claim, mine[said], 20, 0),
                    is_denied(passage.quote, theirs[unsaid], 20, 0),
                )
                if denied[0] == denied[1]:
                    return True
    claimed, printed = _attributes(claim), _attributes(passage.quote)
    opposites = {(_opposite_words_of(word), noun) for word, noun in printed}
    if (claimed - printed) & opposites - {(_opposite_words_of(word), noun) for word, noun in claimed}:
        return True
    if _prefixed(claim, passage.quote) or _prefixed(passage.quote, claim):
        return True
    return any(
        term in claim.plain
        and opposite not in claim.plain
        and _renders(opposite, passage.quote)
        and not _renders(term, passage.quote)
        for term, opposite in _cjk_opposites()
    )


def _attributes(text: Text) -> set[tuple[str, str]]:
    """Words of pairs of opposites with the content word that follows each: ("small", "field")."""
    found = set()
    for match in re.finditer("[a-z-]+", text.small):
        if _opposite_words_of(match[0]) and not is_denied(text, match.start(), 20, 0):
            noun = next((word for word in text.words if match.end() <= word.at <= match.end() + 3), None)
            if noun:
                found |= {(match[0], key) for key in noun.keys}
    return found


def _opposite_words_of(word: str) -> str:
    """The opposite of a word, or nothing."""
    return _opposite_pairs().get(word, "")


@cache
def _opposite_pairs() -> dict[str, str]:
    pairs = [pair.split("/") for pair in spaced_words().opposites]
    return {word: pair[1 - at] for pair in pairs for at, word in enumerate(pair)}


def _prefixed(text: Text, other: Text) -> bool:
    """Whether `other` has "unlike" where `text` has "like"."""
    theirs = {_letters(word): word for word in other.words}
    for word in text.words:
        small = _letters(word)
        if len(small) < 6 or small in theirs:
            continue
        for prefix in all_words().opposite_prefixes:
            opposite = theirs.get(prefix + small)
            if opposite and not any(_letters(two) == prefix + small for two in text.words):
                return is_denied(text, word.at, 20, 0) == is_denied(other, opposite.at, 20, 0)
    return False


def _letters(word: Word) -> str:
    return re.sub("[- ]", "", word.word.lower())


def _renders(term: str, text: Text) -> bool:
    return any(_has_keys(text, keys) for _, _, keys in chinese_words(term))


def _has_keys(text: Text, keys: frozenset[str]) -> bool:
    return any(not keys.isdisjoint(word.keys) for word in text.words)


@cache
def _cjk_opposites() -> list[tuple[str, str]]:
    pairs = [tuple(pair.split("/")) for pair in cjk_words().opposites]
    return [(one, other) for one, other in pairs] + [(other, one) for one, other in pairs]
