"""Searches the texts of an answer for groups of phrases in all languages that their scripts allow."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from mkdocs_paperdigest.summaries.gate.words import Words, cjk_words, spaced_words
from mkdocs_paperdigest.text import CJK

_GROUPS = (
    "gaps", "stage_directions", "machine_errors", "refusals", "guesses", "abstract_only", "chatter", "orders", "requests",
    "leaks",
    "no_code", "no_facts", "own_methods", "no_results",
)  # fmt: skip
"""The groups of `Words` whose patterns betray something wherever they match."""


class Phrases:
    """The patterns that may match a text or any part of it; most need words that the text does not have.

    Arguments:
        text: The text; parts of it are searched.
    """

    def __init__(self, text: str) -> None:
        low = text.lower()
        phrases: list[_Phrase] = []
        if _HAS_CJK.search(text):
            phrases += _cjk_table().possible(low)
            # Most of a Chinese text cannot hold the words of other languages.
            low = _CJK_RUN.sub("\n", low)
        self._phrases = [*phrases, *_spaced_table().possible(low)]
        self._groups = {phrase.group for phrase in self._phrases}

    def within(self, part: str) -> "Phrases":
        """Those that may match a part of the text; finding them in the whole text first takes less time."""
        low = part.lower()
        phrases = []
        # Plain loops, because this is the innermost of the gate and a generator costs more than looking up a word.
        for phrase in self._phrases:
            for words in phrase.needed:
                for word in words:
                    if word in low:
                        break
                else:
                    break
            else:
                phrases.append(phrase)
        narrowed = Phrases.__new__(Phrases)
        narrowed._phrases = phrases
        narrowed._groups = {phrase.group for phrase in phrases}
        return narrowed

    def stand_in(self, part: str, group: str) -> bool:
        """Whether a part of the text contains any phrase of a group of `Words`."""
        return group in self._groups and next(self.found(part, group), None) is not None

    def found(self, part: str, group: str) -> Iterator[str]:
        """What the phrases of a group match in a part of the text, once each."""
        for phrase in self._phrases if group in self._groups else ():
            if phrase.group != group or not (phrase.in_any_script or _is_spaced(part)):
                continue
            if match := phrase.pattern.search(part):
                yield match[0]


class _Phrase(NamedTuple):
    group: str
    pattern: re.Pattern[str]
    in_any_script: bool
    """Whether it counts in a text without spaces too."""
    needed: Sequence[Sequence[str]]
    """Words in lower case: a text that matches has one of each group."""


class _Table:
    """The phrases of all groups, by their most telling words.

    Arguments:
        words: Of some languages.
        flags: For the patterns.
        beginning: By how many first characters words are looked up.
        in_any_script: Groups that count in a text without spaces too.
    """

    def __init__(
        self, words: Words, flags: re.RegexFlag, beginning: int, in_any_script: Collection[str]
    ) -> None:
        self._phrases = [
            _Phrase(
                group,
                re.compile(phrase.replace(r"^\W*", r"^[^\w\n]*"), flags),
                group in in_any_script,
                needed(phrase),
            )
            for group in _GROUPS
            for phrase in getattr(words, group)
        ]
        self._led_to: dict[str, dict[str, list[int]]] = {}
        self._always = [place for place, phrase in enumerate(self._phrases) if not phrase.needed]
        for place, phrase in enumerate(self._phrases):
            for word in phrase.needed[0] if phrase.needed else ():
                self._led_to.setdefault(word[:beginning], {}).setdefault(word, []).append(place)
        self._short = {word for word in self._led_to if len(word) < beginning}
        groups = chain.from_iterable(phrase.needed for phrase in self._phrases)
        long = {word[:beginning] for word in chain.from_iterable(groups) if len(word) >= beginning}
        places = (re.escape("".join(sorted(set(place)))) for place in zip(*long, strict=True))
        # Cut beforehand, because each text looks up some hundred words.
        cut = (
            [
                [(word[:beginning] if len(word) >= beginning else "", word) for word in words]
                for words in phrase.needed
            ]
            for phrase in self._phrases
        )
        self._needed = [
            [(frozenset(start for start, _ in words), words) for words in groups] for groups in cut
        ]
        # Much faster than cutting the text at each character.
        self._beginnings = re.compile(f"(?=({''.join(f'[{place}]' for place in places)}))")

    def possible(self, low: str) -> list[_Phrase]:
        """The phrases whose words a text in lower case has, each with these words only."""
        beginnings = {"", *self._beginnings.findall(low)}
        places = set(self._always)
        for begun in map(self._led_to.__getitem__, self._short | self._led_to.keys() & beginnings):
            for word in begun:
                if word in beginnings or word in low:
                    places.update(begun[word])
        found = []
        for place in sorted(places):
            present: list[list[str]] = []
            for starts, words in self._needed[place]:
                if beginnings.isdisjoint(starts):
                    break
                # A word as long as a beginning is the beginning.
                here = [
                    word for start, word in words if start in beginnings and (word is start or word in low)
                ]
                if not here:
                    break
                present.append(here)
            else:
                phrase = self._phrases[place]
                found.append(_Phrase(phrase.group, phrase.pattern, phrase.in_any_script, present))
        return found


@cache
def _cjk_table() -> _Table:
    # Chinese has no case, and matching is much faster where case counts.
    return _Table(cjk_words(), re.MULTILINE, 2, _GROUPS)


@cache
def _spaced_table() -> _Table:
    return _Table(spaced_words(), re.MULTILINE | re.IGNORECASE, 4, {"machine_errors"})


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
