"""A topic as one arXiv query that means exactly what the topic says."""

import re
from collections.abc import Iterable

from mkdocs_paperdigest.arxiv.grammar import explicit
from mkdocs_paperdigest.arxiv.identifiers import check_category
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.text import plain_text


def build_query(topic: Topic) -> str:
    """What arXiv is asked for a topic; empty when the topic has no search terms.

    Each phrase, author and raw query is enough on its own; the categories (any of them) and the
    excluded phrases (none of them) narrow the whole. Parentheses stand everywhere, because arXiv's
    operators have no precedence and bind to the right.

    Raises:
        ConfigurationError: Something in the topic cannot be searched for.
    """
    try:
        wanted = [
            *map(_phrase, topic.phrases),
            *(f'au:"{_quotable(author)}"' for author in topic.authors),
            *(f"({explicit(raw)})" for raw in topic.query),
        ]
        if not wanted:
            return ""
        query = _any_of(wanted)
        if topic.categories:
            query = f"({query} AND {_any_of(map(_category, topic.categories))})"
        if topic.exclude:
            query = f"({query} ANDNOT {_any_of(map(_phrase, topic.exclude))})"
    except ValueError as error:
        raise ConfigurationError(f"topic {topic.title!r}: {error}") from error
    return query


def check_query(raw: str) -> str | None:
    """What is wrong with a query in arXiv's own language and how to mend it, or None."""
    try:
        explicit(raw)
    except ValueError as error:
        return str(error)
    return None


def _phrase(phrase: str) -> str:
    text = _quotable(phrase)
    return f'(ti:"{text}" OR abs:"{text}")'


def _category(name: str) -> str:
    if problem := check_category(name):
        raise ValueError(problem)
    return f"cat:{name}"


def _any_of(terms: Iterable[str]) -> str:
    return f"({' OR '.join(terms)})"


def _quotable(text: str) -> str:
    """Text that stands between quotation marks without ending them or being taken for a command.

    What is dropped is punctuation that arXiv's index does not know either.
    """
    kept = " ".join(_UNQUOTABLE.sub(" ", plain_text(text)).split())
    if not re.search(r"[^\W_]", kept):
        raise ValueError(f"{text!r} has neither letters nor digits to search for")
    return kept


_UNQUOTABLE = re.compile(r"""["\\:*?_\[\]{}<>^~!|“”„‟«»]""")
