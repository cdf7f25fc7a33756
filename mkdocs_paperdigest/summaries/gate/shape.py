"""Gate rules on the form of a text: length, endless sentences, repetition, jumps in numbering, cut ends."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise

from rapidfuzz import fuzz

from mkdocs_paperdigest.summaries.gate.words import cjk_words, either, spaced_words
from mkdocs_paperdigest.text import CJK, UNSPACED, squeezed

_UNIT = re.compile(f"[{CJK}]|[^\\W_{CJK}]+(?:['’.-][^\\W_{CJK}]+)*")
"""One Chinese, Japanese or Korean character, or one word of another script."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
_BREATH = re.compile(r"[^，。；：、！？,.;:!?（）()“”《》「」\[\]—\s]{61,}")
_STOP_MARK = re.compile(r"[。！？!?；;]|\.(?=\s|$)")

LONGEST_BREATH = 60
"""Chinese characters without any punctuation; in 75 entries read by hand honest prose stays below 55."""
LONGEST_SENTENCE = 120
"""Words of a spaced language without the end of a sentence."""


def size(text: str) -> int:
    """Length in units of writing: characters of CJK text, words of other text."""
    return len(_UNIT.findall(text))


def breathless(text: str) -> bool:
    """Runs on without punctuation, like a model that cannot find its end."""
    if any(len(_UNSPACED.findall(run)) > LONGEST_BREATH for run in _BREATH.findall(text)):
        return True
    return any(
        len(run.split()) > LONGEST_SENTENCE for run in re.split(r"[.!?。！？;；:\n]", text) if len(run) > 400
    )


def repetitive(text: str) -> bool:
    """Says the same again: sentences that recur make a fifth of the text, or runs of letters a third."""
    counts = Counter(piece.strip() for piece in _PIECE.split(text) if len(piece) >= 14)
    if sum((count - 1) * len(piece) for piece, count in counts.items() if count > 1) > 0.2 * len(text):
        return True
    run = 8 if _UNSPACED.search(text) else 24
    total = len(text) - run + 1
    return total > 60 and len({text[i : i + run] for i in range(total)}) < 0.66 * total


def says_the_same(text: str, other: str) -> bool:
    """Whether two items of a list differ in a few words at most; other numbers or names are another statement."""
    if text == other:
        return True
    if _KEYS.findall(text) != _KEYS.findall(other):
        return False
    return fuzz.ratio(squeezed(text), squeezed(other), score_cutoff=_ALIKE) > 0


_ALIKE = 85
"""Percent of equal letters."""
_KEYS = re.compile(r"\d[\d.,]*|\b[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*")
_PIECE = re.compile(r"[。！？!?\n；;]|\.\s")
_STUTTER = re.compile(r"(.{1,6}?)\1{5,}", re.DOTALL)
_MARKS = re.compile(
    r"[。，、；]{3,}|[！!？?]{4,}|[\u200b-\u200f\u2060\ufeff\u00ad](?:\s*[\u200b-\u200f\u2060\ufeff\u00ad]){2,}|[\ufffd\x00-\x08]"
)


def gibberish(text: str) -> bool:
    """Stutter, runs of punctuation, invisible or broken characters."""
    return bool(_MARKS.search(text)) or any(
        re.search(r"[^\W\d_]", match[1]) for match in _STUTTER.finditer(text)
    )


_LIST_MARK = re.compile(r"(?m)^[ \t*\-+]*[(（]?(\d{1,2})[.、)）](?!\d)")


def jumping_numbers(text: str) -> bool:
    """Numbered lines that leap ahead ("2." and then "7."): pieces of a longer, runaway answer."""
    marks = [int(mark) for mark in _LIST_MARK.findall(text)]
    return any(after > before + 1 for before, after in pairwise(marks))


_ENDS_IN_LINK = re.compile(r"(?:https?://|www\.|\w\.(?:io|com|org)/)\S*$")
_CLOSING = "。！？!?.…；;)）]】}”\"’'』」》»%。｡:："


def cut_off(text: str) -> bool:
    """Ends in the middle: after a comma or a word that needs another, or without a stop after whole sentences."""
    bare = text.rstrip()
    if not bare:
        return False
    if _dangling().search(bare[-16:]):
        return True
    if bare[-1] in "：:" and size(bare) > 12:
        return True
    if bare[-1] not in _CLOSING and len(_STOP_MARK.findall(bare)) >= 2:
        return _ENDS_IN_LINK.search(bare) is None
    return _unclosed(bare)


@cache
def _dangling() -> re.Pattern[str]:
    """A pattern for an end of text that needs more: a comma, an opening mark, or a word such as "the"."""
    cjk, spaced = either(cjk_words().dangling_words), either(spaced_words().dangling_words)
    return re.compile(rf"(?:[，,、（(\[【“《—\-]|{cjk}|\b(?:{spaced}))$")


def _unclosed(text: str) -> bool:
    """Whether a bracket opens near the end and never closes (an interval such as `[0, 1)` closes)."""
    depth = 0
    for char in text[-_STRETCH:]:
        if char in "(（[【":
            depth += 1
        elif char in ")）]】":
            depth = max(0, depth - 1)
    return depth > 0


_STRETCH = 120
