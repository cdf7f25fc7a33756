"""The words of an abstract: their stems, numbers for each stem, and the n-grams of a sentence."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from mkdocs_paperdigest.text import CJK

WORD_FEATURES = (
    "bias", "title", "title_pair", "once", "twice", "thrice", "more", "first", "last", "contribution", "late", "capitals", "digits",
    "length", "best_cue", "second_cue", "early", "near_title", "best_once",
)  # fmt: skip
"""Names of the numbers of `word_features`."""


@lru_cache(maxsize=256)
def stems(text: str) -> tuple[str, ...]:
    """Words of `text` in lower case without inflection, including numbers; CJK characters one by one."""
    return tuple(map(_stem, _WORD.findall(text.lower())))


_WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_SUFFIX = re.compile(
    r"(?:ations?|at(?:es?|ed|ing|ive|or|ors)|i[sz](?:es?|ed|ing|ations?)|ings?|ions?|ers?|ed|es|e|ly|ments?|ive|als?|ally|able|ity|ies|y|ness)$"
)


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    if len(word) < 4:
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    ending = _SUFFIX.search(word, 4)
    return word[: ending.start()] if ending else word


def word_features(
    title: Sequence[str],
    text: str,
    sentences: Sequence[Sequence[str]],
    verbatim: Sequence[str],
    cues: Sequence[float],
) -> dict[str, tuple[float, ...]]:
    """Numbers of every stem of the abstract, in the order of `WORD_FEATURES`."""
    count = Counter(stem for sentence in sentences for stem in sentence)
    in_title = frozenset(title)
    pairs = set(pairwise(title))
    paired: set[str] = set()
    near: set[str] = set()
    first_in: dict[str, int] = {}
    contribution: set[str] = set()
    for index, sentence in enumerate(sentences):
        for pair in pairwise(sentence):
            if pair in pairs:
                paired.update(pair)
            elif pair[0] in in_title or pair[1] in in_title:
                near.update(pair)
        for stem in sentence:
            first_in.setdefault(stem, index)
        if CONTRIBUTION.search(verbatim[index]):
            contribution.update(sentence)
    capitals = {_stem(word.lower()) for word in _CAPITALS.findall(text)}
    ranked = sorted(range(len(sentences)), key=lambda at: -cues[at])
    best = sentences[ranked[0]] if ranked else ()
    in_best, early = set(best), set(best[:14])
    second = set(sentences[ranked[1]]) if len(ranked) > 1 else set()
    last = set(sentences[-1]) if sentences else set()
    span = max(1, len(sentences) - 1)
    return {
        stem: (
            1.0,
            stem in in_title,
            stem in paired,
            n == 1,
            n == 2,
            n == 3,
            n > 3,
            first_in[stem] == 0,
            stem in last,
            stem in contribution,
            first_in[stem] / span,
            stem in capitals,
            stem.isdigit(),
            min(len(stem), 10) / 10,
            stem in in_best,
            stem in second,
            stem in early,
            stem in near,
            stem in in_best and n == 1,
        )
        for stem, n in count.items()
    }


_CAPITALS = re.compile(r"\b[A-Z]\w*[A-Z]\w*")
CONTRIBUTION = re.compile(
    r"\b(?:[Ww]e|[Tt]his (?:paper|work|article|study|letter|report|survey|thesis)|[Oo]ur)\b"
)


def cue_grams(sentence: Sequence[str]) -> list[str]:
    """The n-grams whose weights add up to a sentence's cue score: words, pairs, and its first words."""
    head = sentence[:3]
    opening = [f"^{' '.join(head[:n])}" for n in range(1, len(head) + 1)]
    pairs = [f"{one} {other}" for one, other in dict.fromkeys(pairwise(sentence))]
    return [*dict.fromkeys(sentence), *opening, *pairs]
