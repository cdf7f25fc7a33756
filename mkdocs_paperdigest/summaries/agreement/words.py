"""What a word is, and what counts as a name.

Rules compare words by stems, names by their letters and digits, and Chinese words by the English stems that `lexicon`
gives for them. A name has a capital or a digit ("FoldNet", "ResNet-50"); a word that opens a sentence with its only
capital is no name if `lexicon` knows it as a common word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from mkdocs_paperdigest.summaries.gate.words import all_words
from mkdocs_paperdigest.summaries.lexicon import is_common
from mkdocs_paperdigest.text import folded_latin


@dataclass(frozen=True, slots=True)
class Word:
    """A word or name of a text, and what it is compared by."""

    at: int
    word: str
    keys: frozenset[str]
    """Its stem, its letters and digits if it is a name, or the English stems that it may stand for."""
    is_name: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether its keys are translations."""
        return self.word[0] > "\u2e80"

    def is_same(self, other: "Word") -> bool:
        """Whether the other one may be the same word, in this or another language."""
        return not self.keys.isdisjoint(other.keys)

    def is_in(self, keys: frozenset[str]) -> bool:
        """Whether words with these keys (`keys_of`) may have it among them, in this or another language."""
        return not self.keys.isdisjoint(keys)

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.at + len(self.word)


def by_key(words: Iterable[Word]) -> dict[str, list[Word]]:
    """The words that have each key."""
    found: dict[str, list[Word]] = {}
    for word in words:
        for key in word.keys:
            found.setdefault(key, []).append(word)
    return found


def keys_of(words: Iterable[Word]) -> frozenset[str]:
    """The keys of all of some words: a word is the same as one of them if it has one of these keys."""
    return frozenset().union(*(word.keys for word in words))


_POWER = re.compile(r"\d+(?:\.\d+)?[eE][-+]?\d+")


def reads_as_name(word: str, first: bool) -> bool:
    """Whether a word is a name; `first` says that it opens a sentence, where every word has a capital."""
    if (word.islower() and word.isalpha()) or _POWER.fullmatch(word):
        return False
    capitals = sum(char.isupper() for char in word)
    numbered = any(char.isdigit() for char in word) and not word[0].isdigit()
    if capitals >= 2 or numbered or (capitals and any(char.isdigit() for char in word)):
        return len(word) <= 40
    small = word.lower()
    return (
        bool(capitals)
        and word[0].isupper()
        and len(word) >= 2
        and small not in empty_words()
        # "Per-example": a compound of words.
        and not (first and (is_common(small) or is_common(small.partition("-")[0])))
    )


_SUFFIX = re.compile(r"-(?:based|like|driven|style|only|free)$")


def name_key(word: str) -> str:
    """Letters and digits of a name, without a suffix ("-based") and without the s of an acronym's plural."""
    key = folded_latin(_SUFFIX.sub("", word))
    return key[:-1] if len(key) > 2 and word.endswith("s") and word[-2:-1].isupper() else key


@cache
def empty_words() -> frozenset[str]:
    """Words that do not say what something is: stop words, those of the word files, and numbers."""
    from mkdocs_paperdigest.summaries.extract.stopwords import STOP

    words = all_words()
    numbers = (word for word, _ in (*words.number_words, *words.number_scales))
    return STOP | frozenset(words.empty_words) | frozenset(numbers)


def tells(word: Word) -> bool:
    """Whether a word says what something is."""
    return word.is_name or word.word not in empty_words()


TOKEN = re.compile(
    r"(?<!\d-)(?<![A-Za-z0-9])(?:non[- ]|un)?[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*(?:[-+/][A-Za-z0-9]+)*"
)
"""A word in Latin letters, with its hyphens, and with a prefix that denies it."""


BETWEEN = frozenset(
    [
        "the",
        "an",
        "be",
        "been",
        "being",
        "is",
        "are",
        "was",
        "were",
        "to",
        "of",
        "in",
        "any",
        "have",
        "has",
        "had",
        "it",
        "its",
        "this",
        "that",
        "such",
        "as",
        "for",
        "all",
        "more",
        "less",
        "very",
        "so",
        "yet",
        "on",
        "with",
        "at",
        "by",
        "from",
    ]
)
"""Words between a negation or a comparison and what it is about."""
