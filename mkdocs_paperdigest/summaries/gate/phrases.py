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
        return (has_cjk and self._cjk.search(text) is not None) or (
            is_spaced and self._spaced.search(text) is not None
        )

    @cached_property
    def _cjk(self) -> re.Pattern[str]:
        # Chinese has no case, and matching is much faster where case counts.
        return re.compile(either(self._group(cjk_words())), re.MULTILINE)

    @cached_property
    def _spaced(self) -> re.Pattern[str]:
        return re.compile(either(self._group(spaced_words())), re.IGNORECASE | re.MULTILINE)


@lru_cache(maxsize=4)
def _scripts(text: str) -> tuple[bool, bool]:
    """Whether a text contains Chinese, Japanese or Korean, and whether it contains prose with spaces."""
    # Cached, because every text is searched several times in a row.
    has_cjk = _HAS_CJK.search(text) is not None
    return has_cjk, not has_cjk or _HAS_LATIN_PROSE.search(text) is not None


_HAS_CJK = re.compile(f"[{CJK}]")
_HAS_LATIN_PROSE = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z']+[ ,]+[A-Za-z]|^\W*[A-Za-z]+[!,]", re.MULTILINE)
