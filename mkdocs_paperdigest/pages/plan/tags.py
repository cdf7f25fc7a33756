"""Tags of pages, for sites with an index of tags: topic, categories, common keywords."""

from collections import Counter
from collections.abc import Iterable

from mkdocs_paperdigest.models import Entry

_COMMON = 3
"""How many papers must share a keyword; a rarer one would lead to no other page."""
_MOST = 8
"""The most keywords among the tags of one page."""


def count_keywords(entries: Iterable[Entry]) -> Counter[str]:
    """Counts the papers with each keyword, in lower case; a paper under several topics counts once."""
    papers = {entry.paper.id: entry for entry in entries}
    return Counter(
        keyword for entry in papers.values() for keyword in {word.lower() for word in _keywords(entry)}
    )


def tags(topic: str, entries: Iterable[Entry], counts: Counter[str]) -> tuple[str, ...]:
    """The topic's title, the primary categories of its papers, and the keywords that many papers share.

    Arguments:
        topic: Title of the topic.
        entries: The entries on the page.
        counts: The result of `count_keywords` for the whole site.
    """
    entries = tuple(entries)
    primary = {entry.paper.categories[0] for entry in entries if entry.paper.categories}
    # Tags that differ only in case would share an anchor in the index, so the first spelling is used.
    spelled: dict[str, str] = {}
    for entry in entries:
        for word in _keywords(entry):
            spelled.setdefault(word.lower(), word)
    common = sorted(
        (word for word in spelled if counts[word] >= _COMMON and word != topic.lower()),
        key=lambda word: (-counts[word], word),
    )
    return topic, *sorted(primary), *(spelled[word] for word in common[:_MOST])


def _keywords(entry: Entry) -> tuple[str, ...]:
    return entry.summary.keywords if entry.summary and not entry.paper.withdrawn else ()
