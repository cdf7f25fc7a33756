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
    characters = sum(map(len, _HAN.findall(text)))
    if characters < 20:
        return False
    # A name or number weighs like a word of three characters.
    named = 3 * len(_FOREIGN.findall(text))
    least = _LEAST * (characters + named)
    telling = named
    for run in _HAN.findall(text):
        if telling >= least:
            return False
        telling += len(_STOCK_PHRASE().sub("", run))
    return telling < least
