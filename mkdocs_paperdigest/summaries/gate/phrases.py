"""Searches a text for phrases of all languages that its scripts allow."""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from mkdocs_paperdigest.summaries.gate.words import Words, cjk_words, either, spaced_words
from mkdocs_paperdigest.text import CJK


class Phrases:
    """One group of phrases, separated by script, so that a text is searched only for those it can contain.

    Arguments:
        group: Selects the group from the words.
    """

    def __init__(self, group: Callable[[Words], tuple[str, ...]]) -> None:
        self._group = group

    def stand_in(self, text: str) -> bool:
        """Whether `text` contains any of the phrases."""
        has_cjk, is_spaced = _scripts(text)
        return (has_cjk and self._cjk.stands_in(text)) or (is_spaced and self._spaced.stands_in(text))

    @cached_property
    def _cjk(self) -> "_Group":
        # Chinese has no case, and matching is much faster where case counts.
        return _Group(self._group(cjk_words()), re.MULTILINE)

    @cached_property
    def _spaced(self) -> "_Group":
        return _Group(self._group(spaced_words()), re.MULTILINE | re.IGNORECASE)


class _Group:
    """Patterns, each with the words of which a text needs one; few texts have any, and looking is cheap."""

    def __init__(self, phrases: tuple[str, ...], flags: re.RegexFlag) -> None:
        needed = [(needs(phrase), phrase) for phrase in phrases]
        self._always = re.compile(either(phrase for words, phrase in needed if not words), flags)
        self._patterns = [(words, re.compile(phrase, flags)) for words, phrase in needed if words]
        every = sorted({word for words, _ in self._patterns for word in words})
        self._any = re.compile(either(map(re.escape, every)))

    def stands_in(self, text: str) -> bool:
        low = text.lower()
        if self._any.search(low) is None:
            return self._always.search(text) is not None
        for words, pattern in self._patterns:
            for word in words:
                if word in low:
                    if pattern.search(text):
                        return True
                    break
        return self._always.search(text) is not None


def needs(pattern: str) -> frozenset[str]:
    """Words in lower case of which every text that matches contains at least one; empty if there are none."""
    return _needs(_parser.parse(pattern))


def _needs(sequence: Any) -> frozenset[str]:
    best: frozenset[str] = frozenset()
    run = ""
    for code, value in [*sequence, (None, None)]:
        if code is _parser.LITERAL:
            run += chr(value).lower()
            continue
        found = [frozenset({run})] if run else []
        run = ""
        if code is _parser.SUBPATTERN:
            found.append(_needs(value[-1]))
        elif code is _parser.MAX_REPEAT and value[0] > 0:
            found.append(_needs(value[2]))
        elif code is _parser.BRANCH:
            branches = [_needs(branch) for branch in value[1]]
            if all(branches):
                found.append(frozenset().union(*branches))
        best = max(best, *found, key=_worth) if found else best
    return best


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """Long words are rare, and few words are quickly looked up."""
    return (min(map(len, words)), -len(words)) if words else (0, 0)


@lru_cache(maxsize=4)
def _scripts(text: str) -> tuple[bool, bool]:
    """Whether a text contains Chinese, Japanese or Korean, and whether it contains prose with spaces."""
    # Cached, because every text is searched several times in a row.
    has_cjk = _HAS_CJK.search(text) is not None
    return has_cjk, not has_cjk or _HAS_LATIN_PROSE.search(text) is not None


_HAS_CJK = re.compile(f"[{CJK}]")
_HAS_LATIN_PROSE = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z']+[ ,]+[A-Za-z]|^\W*[A-Za-z]+[!,]", re.MULTILINE)
