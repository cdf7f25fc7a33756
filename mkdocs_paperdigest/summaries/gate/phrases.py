"""Searches the texts of an answer for groups of phrases in all languages that their scripts allow."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from mkdocs_paperdigest.summaries.gate.words import Words, cjk_words, spaced_words
from mkdocs_paperdigest.text import CJK

_GROUPS = (
    "gaps", "stage_directions", "machine_errors", "refusals", "guesses", "chatter", "orders", "leaks",
    "no_code", "no_facts", "own_methods", "no_results",
)  # fmt: skip
"""The groups of `Words` whose patterns betray something wherever they match."""
_IN_ANY_SCRIPT = frozenset({"machine_errors"})
"""Groups whose phrases of spaced languages count within text of other scripts too."""


class Phrases:
    """The patterns that may match a text or any part of it; most need words that the text does not have.

    Arguments:
        whole: All texts that are to be searched, together.
    """

    def __init__(self, whole: str) -> None:
        low = whole.lower()
        self._cjk = _cjk_table().possible(low) if _HAS_CJK.search(whole) else {}
        # Most of a Chinese text cannot hold their words.
        self._spaced = _spaced_table().possible(_CJK_RUN.sub("\n", low))

    def stand_in(self, text: str, group: str) -> bool:
        """Whether a part of the whole text contains any phrase of a group of `Words`."""
        return next(self.found(text, group), None) is not None

    def found(self, text: str, group: str) -> Iterator[str]:
        """What the phrases of a group match in a part of the whole text, once each."""
        if cjk := self._cjk.get(group):
            yield from _matches(cjk, text)
        if (spaced := self._spaced.get(group)) and (group in _IN_ANY_SCRIPT or _is_spaced(text)):
            yield from _matches(spaced, text)


@dataclass(frozen=True, slots=True)
class _Phrase:
    needed: tuple[tuple[str, ...], ...]
    """Words in lower case: a text that matches has one of each group."""
    pattern: re.Pattern[str]


_Grouped = dict[str, tuple[_Phrase, ...]]


class _Table:
    """The phrases of all groups, and their words by their first characters.

    Arguments:
        words: Of some languages.
        flags: For the patterns.
        beginning: By how many characters words are looked up.
    """

    def __init__(self, words: Words, flags: re.RegexFlag, beginning: int) -> None:
        self._phrases = {
            group: tuple(
                _Phrase(needed(phrase), re.compile(phrase, flags)) for phrase in getattr(words, group)
            )
            for group in _GROUPS
        }
        self._beginning = beginning
        self._words: dict[str, list[str]] = {}
        all_phrases = chain.from_iterable(self._phrases.values())
        for word in {word for phrase in all_phrases for several in phrase.needed for word in several}:
            self._words.setdefault(word[:beginning], []).append(word)
        self._short = [word for word in self._words if len(word) < beginning]

    def possible(self, low: str) -> _Grouped:
        """The phrases whose words a text in lower case has."""
        size = self._beginning
        runs = {low[start : start + size] for start in range(len(low) - size + 1)}
        runs.update(self._short)
        beginnings = runs & self._words.keys()
        present = {word for beginning in beginnings for word in self._words[beginning] if word in low}
        found = {
            group: tuple(
                phrase for phrase in several if not any(present.isdisjoint(words) for words in phrase.needed)
            )
            for group, several in self._phrases.items()
        }
        return {group: several for group, several in found.items() if several}


def _matches(phrases: tuple[_Phrase, ...], text: str) -> Iterator[str]:
    # Plain loops, because this is the innermost of the gate and a generator costs more than looking up a word.
    low = text.lower()
    for phrase in phrases:
        for words in phrase.needed:
            for word in words:
                if word in low:
                    break
            else:
                break
        else:
            if match := phrase.pattern.search(text):
                yield match[0]


@cache
def _cjk_table() -> _Table:
    # Chinese has no case, and matching is much faster where case counts.
    return _Table(cjk_words(), re.MULTILINE, 2)


@cache
def _spaced_table() -> _Table:
    return _Table(spaced_words(), re.MULTILINE | re.IGNORECASE, 4)


def needed(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Groups of words in lower case: every text that matches contains at least one word of each.

    The most telling groups come first: long words are rare, and few words are quickly looked up.
    """
    groups = {group for group in _needed(_parser.parse(pattern)) if "" not in group}
    telling = sorted(groups, key=lambda group: (_worth(group), sorted(group)), reverse=True)
    return tuple(tuple(sorted(group)) for group in telling[:_MOST_GROUPS])


_MOST_GROUPS = 3
"""More would be looked up in vain."""


def _needed(sequence: Any) -> Iterator[frozenset[str]]:
    run = ""
    for code, value in [*sequence, (None, None)]:
        if code is _parser.LITERAL:
            run += chr(value).lower()
            continue
        if run:
            yield frozenset({run})
        run = ""
        if code is _parser.SUBPATTERN:
            yield from _needed(value[-1])
        elif code is _parser.MAX_REPEAT and value[0] > 0:
            yield from _needed(value[2])
        elif code is _parser.BRANCH:
            yield _of_branches(value[1])
        elif code is _parser.IN and all(kind is _parser.LITERAL for kind, _ in value):
            yield frozenset(chr(char).lower() for _, char in value)


def _of_branches(branches: Iterable[Any]) -> frozenset[str]:
    """The words of which every branch needs one; an empty word for a branch without any."""
    best = (max(_needed(branch), key=_worth, default=frozenset({""})) for branch in branches)
    return frozenset().union(*best)


def _worth(words: frozenset[str]) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


@lru_cache(maxsize=4)
def _is_spaced(text: str) -> bool:
    """Whether a text has prose with spaces between its words."""
    # Cached, because every text is searched several times in a row.
    return _HAS_CJK.search(text) is None or _HAS_LATIN_PROSE.search(text) is not None


_HAS_CJK = re.compile(f"[{CJK}]")
_CJK_RUN = re.compile(f"[{CJK}]+")
_HAS_LATIN_PROSE = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z']+[ ,]+[A-Za-z]|^\W*[A-Za-z]+[!,]", re.MULTILINE)
