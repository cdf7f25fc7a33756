"""Turns a topic into one arXiv query that means exactly what the topic says."""

import re
from collections.abc import Iterable

from mkdocs_paperdigest.arxiv.categories import check_category, searched_categories
from mkdocs_paperdigest.arxiv.grammar import explicit
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.text import plain_text


def build_query(topic: Topic) -> str:
    """The arXiv query for a topic; empty if the topic has neither search terms nor categories.

    A paper matches if it has any of the phrases, authors and raw queries, is in any of the categories, and
    has none of the excluded phrases. Every group is in parentheses, because arXiv's operators have no
    precedence and bind to the right.

    Raises:
        ConfigurationError: Something in the topic cannot be searched for.
    """
    try:
        wanted = [
            *map(_phrase, topic.phrases),
            *(f'au:"{_quotable(author)}"' for author in topic.authors),
            *(f"({explicit(raw)})" for raw in topic.query),
        ]
        if not wanted and not topic.categories:
            return ""
        groups = [_any_of(terms) for terms in (wanted, _categories(topic.categories)) if terms]
        query = groups[0] if len(groups) == 1 else f"({' AND '.join(groups)})"
        if topic.exclude:
            query = f"({query} ANDNOT {_any_of(map(_phrase, topic.exclude))})"
    except ValueError as error:
        raise ConfigurationError(f"topic {topic.title!r}: {error}") from error
    return query


def check_query(raw: str) -> str | None:
    """What is wrong with a query in arXiv's query language and how to correct it, or None."""
    try:
        explicit(raw)
    except ValueError as error:
        return str(error)
    return None


def _phrase(phrase: str) -> str:
    text = _quotable(phrase)
    return f'(ti:"{text}" OR abs:"{text}")'


def _categories(codes: Iterable[str]) -> dict[str, None]:
    terms: dict[str, None] = {}
    for code in codes:
        if problem := check_category(code):
            raise ValueError(problem)
        terms |= dict.fromkeys(f"cat:{one}" for one in searched_categories(code))
    return terms


def _any_of(terms: Iterable[str]) -> str:
    return f"({' OR '.join(terms)})"


def _quotable(text: str) -> str:
    """The text without characters that would end a quotation or act as an operator inside it.

    arXiv's index ignores the punctuation that is dropped here.
    """
    kept = " ".join(_UNQUOTABLE.sub(" ", plain_text(text)).split())
    if not re.search(r"[^\W_]", kept):
        raise ValueError(f"{text!r} has neither letters nor digits to search for")
    return kept


_UNQUOTABLE = re.compile(r"""["\\:*?_\[\]{}<>^~!|“”„‟«»]""")
