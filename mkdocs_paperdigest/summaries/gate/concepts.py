"""Compares the technical terms of a text with what an English paper calls them."""

import re
from functools import cache

from mkdocs_paperdigest.summaries.gate.words import all_words, either, from_words


def strays(text: str, english: str) -> bool:
    """Whether a text has three or more topics, and the English paper has few or none of them."""
    topics = [topic for topic, _ in all_words().topics if topic in text]
    if len(topics) < 3:
        return False
    shared = sum(occurs(topic, english) for topic in topics)
    return shared <= 0.25 * len(topics)


def concepts(text: str) -> frozenset[str]:
    """The technical terms in a text that the word files know."""
    return frozenset(_MENTION().findall(text))


def occurs(term: str, english: str) -> bool:
    """Whether an English text in lower case mentions a concept or topic."""
    return _stems(term).search(english) is not None


@cache
def _stems(term: str) -> re.Pattern[str]:
    return re.compile(_STEMS()[term])


# A concept is more exact than the topic of the same name.
_STEMS = from_words(lambda words: dict(words.topics) | dict(words.concepts))
_MENTION = from_words(
    lambda words: re.compile(either(sorted((term for term, _ in words.concepts), key=len, reverse=True)))
)
