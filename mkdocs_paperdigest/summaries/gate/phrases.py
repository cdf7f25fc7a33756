"""Searches a text for phrases of all languages that its scripts allow."""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache

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
        return (has_cjk and any(pattern.search(text) for pattern in self._cjk)) or (
            is_spaced and any(pattern.search(text) for pattern in self._spaced)
        )

    @cached_property
    def _cjk(self) -> tuple[re.Pattern[str], ...]:
        # Chinese has no case, and matching is much faster where case counts.
        return _compiled(self._group(cjk_words()), re.MULTILINE)

    @cached_property
    def _spaced(self) -> tuple[re.Pattern[str], ...]:
        return _compiled(self._group(spaced_words()), re.IGNORECASE | re.MULTILINE)


def _compiled(phrases: tuple[str, ...], flags: re.RegexFlag) -> tuple[re.Pattern[str], ...]:
    """One pattern for what begins a line, which is tried there only, and one for the rest."""
    first = [phrase[1:] for phrase in phrases if phrase.startswith("^")]
    rest = [phrase for phrase in phrases if phrase[1:] not in first]
    return re.compile(f"^(?:{either(first)})", flags), re.compile(either(rest), flags)


@lru_cache(maxsize=4)
def _scripts(text: str) -> tuple[bool, bool]:
    """Whether a text contains Chinese, Japanese or Korean, and whether it contains prose with spaces."""
    # Cached, because every text is searched several times in a row.
    has_cjk = _HAS_CJK.search(text) is not None
    return has_cjk, not has_cjk or _HAS_LATIN_PROSE.search(text) is not None


_HAS_CJK = re.compile(f"[{CJK}]")
_HAS_LATIN_PROSE = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z']+[ ,]+[A-Za-z]|^\W*[A-Za-z]+[!,]", re.MULTILINE)
