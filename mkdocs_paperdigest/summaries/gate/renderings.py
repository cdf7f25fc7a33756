"""Measures whether a Chinese text is about an English paper, by how Chinese usually renders the abstract's words.

`renderings.tsv` has one line for each English stem that readings of abstracts usually render: the percentage of abstracts
that have it, the percentage of readings that render it, and Chinese words for it. `commonness.tsv` has the stems of
`lexicon` that abstracts have, by the percentage of abstracts.
"""

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from mkdocs_paperdigest.summaries.lexicon import chinese_words, stem_of

_TABLE = Path(__file__).with_suffix(".tsv")


def stems_of(text: str) -> frozenset[str]:
    """The beginnings of the English words of four letters or more."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.lower()))


_STEM = 5
_WORD = re.compile(r"[a-z]{4,}")


def unlike(text: str, stems: frozenset[str]) -> bool:
    """Whether a text is about something else: hardly any of its telling words renders a word of the paper.

    Arguments:
        text: A text of a few sentences.
        stems: The paper's words (`stems_of`).
    """
    table = _table()
    telling = [table.telling[word] for word in table.words_in(text)]
    shared = sum(not meanings.isdisjoint(stems) for meanings in telling)
    if len(telling) < _ENOUGH_WORDS:
        return shared == 0 and len(telling) >= _FEW_WORDS
    return shared < _LEAST_SHARE * len(telling)


_FEW_WORDS, _ENOUGH_WORDS = 6, 8
_LEAST_SHARE = 0.24
"""In 1,500 published lists of takeaways, 0.5 % share less with their own abstract, 90 % with the abstract of another."""


def unread(text: str, front: frozenset[str], front_words: frozenset[str]) -> bool:
    """Whether a whole reading shows that the paper was not read: it renders too few of the abstract's words.

    The measure is the logarithm of the probability that a reading renders the words that this one renders and no others,
    for one word of the abstract. A short reading may choose its words freely as long as they fit this paper (`kinship`).

    Arguments:
        text: All of a reading except what only sums up the abstract.
        front: The words of title and abstract (`stems_of`).
        front_words: The same words (`words_of`).
    """
    least = next((least for size, least in _LEAST_LOGARITHM if len(text) >= size), None)
    if least is None:
        return False
    table = _table()
    usual = front & table.logarithms.keys()
    if len(usual) < _ENOUGH_STEMS:
        return False
    unsaid = usual - stems_of(text)
    total = 0.0
    for stem in usual:
        missing = stem in unsaid
        # A plain loop, because a generator for each stem takes several times as long.
        for word in table.renderings[stem] if missing else ():
            if word in text:
                missing = False
                break
        total += table.logarithms[stem][missing]
    if total >= least * len(usual):
        return False
    return len(text) >= _LONG or kinship(text, front_words) < _LEAST_KINSHIP


_ENOUGH_STEMS = 25
_LEAST_KINSHIP = -1.0
_LONG = 600
"""Characters."""
_LEAST_LOGARITHM = ((_LONG, -0.93), (300, -1.25))
"""Characters of a reading, and the least mean logarithm for one word: a short reading has less room for words.

In 1,500 published readings, 2 % are below; half of those that were checked had not read the paper.
"""


def words_of(text: str) -> frozenset[str]:
    """The stems of the English words of a text, as the lexicon has them."""
    return frozenset(map(stem_of, _ENGLISH.findall(text.lower())))


_ENGLISH = re.compile(r"[a-z]{2,}")


def kinship(text: str, front: frozenset[str]) -> float:
    """How far a Chinese text speaks for this paper rather than for any other: a logarithm of odds.

    Each word is weighed by how much more often such words render a word of their own abstract than of another one. The
    sum is divided by the root of the number of words, so that texts of all lengths can be compared.

    Arguments:
        text: One field.
        front: The words of title and abstract (`words_of`).
    """
    weights = [
        _weights(stems)[stems.isdisjoint(front)] for _, word, stems in chinese_words(text) if len(word) > 1
    ]
    return sum(weights) / math.sqrt(len(weights) + 1)


def english_kinship(text: str, front: frozenset[str]) -> float:
    """The same for an English text: how much more often its words stand in their own abstract than in another one."""
    weights = [_english_weights(stem)[stem not in front] for stem in words_of(text) if len(stem) > 2]
    return sum(weights) / math.sqrt(len(weights) + 1)


@lru_cache(maxsize=1 << 14)
def _weights(stems: frozenset[str]) -> tuple[float, float]:
    """What a word with these stems counts where the abstract has one of them, and where it has none."""
    common = _commonness()
    absent = math.prod(1 - common.get(stem, 0.0) for stem in stems)
    return _logarithms(1 - absent, _SHARES)


@lru_cache(maxsize=1 << 14)
def _english_weights(stem: str) -> tuple[float, float]:
    return _logarithms(_commonness().get(stem, 0.0), _ENGLISH_SHARES)


def _logarithms(common: float, table: tuple[tuple[float, float, float], ...]) -> tuple[float, float]:
    own, other = next(shares for most, *shares in table if common <= most)
    return math.log(own / other), math.log((1 - own) / (1 - other))


_SHARES = (
    (0.005, 0.22, 0.008),
    (0.03, 0.49, 0.024),
    (0.06, 0.43, 0.048),
    (0.12, 0.52, 0.09),
    (0.25, 0.55, 0.2),
    (0.5, 0.68, 0.39),
    (1.0, 0.9, 0.75),
)
"""Words whose stems are at most in this share of abstracts, and the shares of them that render a word of their own abstract
and of another one: counted in 5,700 published fields of up to 160 characters."""
_ENGLISH_SHARES = (
    (0.005, 0.7, 0.017),
    (0.03, 0.7, 0.045),
    (0.06, 0.67, 0.064),
    (0.12, 0.7, 0.12),
    (0.25, 0.7, 0.2),
    (0.5, 0.72, 0.36),
    (1.0, 0.88, 0.73),
)
"""The same for words of the 3,400 summaries of one sentence in SciTLDR."""


@cache
def _commonness() -> dict[str, float]:
    lines = _TABLE.with_name("commonness.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {stem: int(percent) / 100 for percent, _, stems in rows for stem in stems.split()}


@dataclass(frozen=True, slots=True)
class _Table:
    logarithms: dict[str, tuple[float, float]]
    """Logarithms of the probabilities that a reading renders a stem, and that it does not."""
    renderings: dict[str, list[str]]
    """The Chinese words for each stem."""
    telling: dict[str, frozenset[str]]
    """The stems that each Chinese word may render, for words with a stem that is not in every tenth abstract."""
    words: dict[str, list[str]]
    """These Chinese words by their first two characters."""

    def words_in(self, text: str) -> set[str]:
        """The table's telling words in a text."""
        pairs = {*_PAIR.findall(text)}
        return {
            word
            for pair in pairs & self.words.keys()
            for word in self.words[pair]
            if word == pair or word in text
        }


# Much faster than cutting the text at each character.
_PAIR = re.compile("(?=([\u4e00-\u9fff]{2}))")
_LONGEST_WORD = 3
"""Characters of nearly all words."""
_COMMON = 10.0
"""Percent of abstracts."""
_SUREST = 97
"""Percent; nothing is certain, however few readings it was counted in."""


@cache
def _table() -> _Table:
    logarithms: dict[str, tuple[float, float]] = {}
    renderings: dict[str, list[str]] = {}
    meanings: dict[str, set[str]] = {}
    telling: set[str] = set()
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        stem, common, share, *words = line.split("\t")
        probability = min(int(share), _SUREST) / 100
        logarithms[stem] = math.log(probability), math.log(1 - probability)
        renderings[stem] = [word for word in words if 2 <= len(word) <= _LONGEST_WORD]
        for word in renderings[stem]:
            meanings.setdefault(word, set()).add(stem)
            if float(common) < _COMMON:
                telling.add(word)
    words_by_pair: dict[str, list[str]] = {}
    for word in telling:
        words_by_pair.setdefault(word[:2], []).append(word)
    frozen = {word: frozenset(meanings[word]) for word in telling}
    return _Table(logarithms, renderings, frozen, words_by_pair)
