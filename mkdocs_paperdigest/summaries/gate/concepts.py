"""Compares the technical terms of a text with what an English paper calls them."""

import re
from functools import cache

from mkdocs_paperdigest.summaries.gate.words import either, from_words


def concepts(text: str) -> frozenset[str]:
    """The technical terms in a text that the word files know."""
    return frozenset(_MENTION().findall(text))


def occurs(term: str, english: str) -> bool:
    """Whether an English text in lower case mentions a concept."""
    return _stems(term).search(english) is not None


@cache
def _stems(term: str) -> re.Pattern[str]:
    return re.compile(_STEMS()[term])


_STEMS = from_words(lambda words: dict(words.concepts))
_MENTION = from_words(
    lambda words: re.compile(either(sorted((term for term, _ in words.concepts), key=len, reverse=True)))
)
