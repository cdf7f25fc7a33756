"""Stems of English words, and the stems that Chinese words may stand for.

`lexicon.tsv` has one line for each Chinese word, made from a dictionary by `benchmarks/train_lexicon.py`; the word files
add the technical terms that the dictionary lacks, or has with other meanings than papers.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from mkdocs_paperdigest.summaries.gate.words import all_words, cjk_words

_TABLE = Path(__file__).with_suffix(".tsv")


@lru_cache(maxsize=1 << 15)
def stem_of(word: str) -> str:
    """The beginning that an English word in lower case shares with its other forms and most words made from it."""
    return _cut(base_of(word))


def _cut(base: str) -> str:
    return base[: 8 if base.startswith("non") else 5]


@lru_cache(maxsize=1 << 15)
def base_of(word: str) -> str:
    """An English word in lower case without its endings and hyphens."""
    letters = word.replace("-", "").replace(" ", "")
    letters = _IRREGULAR.get(letters, letters)
    # Each pattern only where it may match, because looking at the end of a word is much faster.
    bare = _ADVERB.sub("", letters) if letters.endswith("ly") else letters
    bare = bare.removesuffix("ies") + "y" * letters.endswith("ies")
    if bare.endswith("s"):
        bare = _PLURAL.sub("", bare)
    if bare.endswith(_ENDS):
        bare = _ENDING.sub("", bare)
    if bare[-1:] == bare[-2:-1]:
        bare = _DOUBLED.sub(r"\1", bare)
    return bare if len(bare) >= 3 else letters


_IRREGULAR = {"men": "man", "women": "woman"}
_ADVERB = re.compile("(?<=[a-z]{4})(?:(?<=ic)al)?ly$")
_PLURAL = re.compile("(?<=[a-z]{2})(?<!s)s$")
_DOUBLED = re.compile(r"(?<=[a-z]{2})([bdgmnprt])\1$")
_ENDS = ("ed", "ing", "er", "est", "e", "y")
_ENDING = re.compile("(?<=[a-z]{3})(?:ed|ing|er|est|e|y|ly)$")


def chinese_words(text: str) -> Iterator[tuple[int, str, frozenset[str]]]:
    """Place, word and stems of each word of a text that the dictionary has, the longest ones first."""
    table, sizes = _stems(), _sizes()
    for run in _HAN.finditer(text):
        place, stop = run.span()
        while place < stop:
            size = 1
            # Plain loops, because a generator for each character takes several times as long.
            for size in sizes.get(text[place : place + 2], _ONE):
                if place + size <= stop and (word := text[place : place + size]) in table:
                    if stems := table[word]:
                        yield (
                            place,
                            word,
                            _denied(stems) if text[max(0, place - 1) : place] == "非" else stems,
                        )
                    break
            else:
                size = 1
            place += size


def _denied(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(form for stem in stems for form in (f"non{stem}"[:8], f"un{stem}"[:5]))


def is_common(word: str) -> bool:
    """Whether an English word in lower case is one of the general language: the dictionary has it."""
    return stem_of(word) in _common_stems()


def meanings_of(stem: str) -> frozenset[str]:
    """The Chinese words that an English stem may stand for first."""
    return _words_of_stems().get(stem, frozenset())


def opposites_of(base: str) -> frozenset[str]:
    """The opposites of an English word, all as `base_of` has them."""
    return _opposites().get(base, frozenset())


def opposites_of_stems(stems: Iterable[str]) -> frozenset[str]:
    """The opposites of all English words with these stems, as `base_of` has them."""
    table = _opposites_by_stem()
    return frozenset().union(*(table.get(stem, ()) for stem in stems))


@cache
def _opposites_by_stem() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for base, opposites in _opposites().items():
        found.setdefault(_cut(base), set()).update(opposites)
    return found


@cache
def _opposites() -> dict[str, frozenset[str]]:
    lines = _TABLE.with_name("opposites.tsv").read_text(encoding="utf-8").splitlines()
    rows = (re.split("[\t ]", line) for line in lines if not line.startswith("#"))
    pairs = [(word, opposite) for word, *opposites in rows for opposite in opposites]
    pairs += [(one, other) for one, _, other in (pair.partition("/") for pair in all_words().opposites)]
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(base_of(one), set()).add(base_of(other))
        found.setdefault(base_of(other), set()).add(base_of(one))
    return {word: frozenset(opposites) for word, opposites in found.items()}


@cache
def _words_of_stems() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        word, _, stems = line.partition("\t")
        for stem in stems.split()[:_SUREST]:
            found.setdefault(stem, set()).add(word)
    return {stem: frozenset(words) for stem, words in found.items()}


_SUREST = 3
"""Meanings of a Chinese word that make English words synonyms."""


@cache
def _common_stems() -> frozenset[str]:
    return frozenset().union(*_stems().values())


_HAN = re.compile("[\u4e00-\u9fff]+")
_ONE = [1]


@cache
def _stems() -> dict[str, frozenset[str]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    found = {word: frozenset(stems.split()) for word, _, stems in rows}
    return found | {word: frozenset(stems.split("|")) for word, stems in cjk_words().terms}


@cache
def _sizes() -> dict[str, list[int]]:
    """How many characters the words have that begin with two characters, or with the first one only, the longest first."""
    found: dict[str, set[int]] = {}
    for word in _stems():
        found.setdefault(word[:2], {1}).add(len(word))
    return {first: sorted(sizes, reverse=True) for first, sizes in found.items()}
