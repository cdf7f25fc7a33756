"""Distinguishes padding that would fit any paper from prose that says something about this one."""

import re

from mkdocs_paperdigest.summaries.gate.words import either, from_words
from mkdocs_paperdigest.text import HAN

_STOCK_PHRASE = from_words(
    lambda words: re.compile(either(sorted(words.stock_phrases, key=len, reverse=True)))
)
_HAN = re.compile(f"[{HAN}]+")
_FOREIGN = re.compile(r"[A-Za-z0-9]+")

_LEAST = 0.125
"""Share of a text that is not stock phrases; in 75 entries read by hand no honest judgement was below 0.17."""


def hollow(text: str) -> bool:
    """Whether a Chinese text consists of stock phrases ("is of great value to the field") and little else."""
    return _says_little(text, 20, _LEAST)


def rambles(text: str) -> bool:
    """Whether a Chinese text has an endless sentence, much of which is clauses of stock phrases."""
    if len(text) < _ENDLESS:
        return False
    for sentence in _STOP.split(text):
        if len(sentence) >= _ENDLESS:
            padding = sum(
                len(part) for part in _PAUSE.split(sentence) if _says_little(part, 4, _LEAST_OF_CLAUSE)
            )
            if padding > _MOST_PADDING * len(sentence):
                return True
    return False


_STOP = re.compile(r"[。！？；：\n]")
_PAUSE = re.compile(r"[，、]")
_ENDLESS = 120
"""Characters of a sentence; in 11,000 published fields none of these has a tenth of padding."""
_MOST_PADDING = 0.35
_LEAST_OF_CLAUSE = 0.3


def _says_little(text: str, fewest: int, share: float) -> bool:
    """Whether a Chinese text of enough characters has less than a share that is not stock phrases."""
    characters = sum(map(len, _HAN.findall(text)))
    if characters < fewest:
        return False
    # A name or number weighs like a word of three characters.
    named = 3 * len(_FOREIGN.findall(text))
    least = share * (characters + named)
    telling = named
    for run in _HAN.findall(text):
        if telling >= least:
            return False
        telling += len(_STOCK_PHRASE().sub("", run))
    return telling < least
