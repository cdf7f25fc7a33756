"""What pages are filed under where a site has an index of tags: topic, categories, common keywords."""

from collections import Counter
from collections.abc import Iterable

from mkdocs_paperdigest.models import Entry

_COMMON = 3
"""A keyword that fewer papers of the site share leads from one page to nowhere else."""
_MOST = 8
"""Keywords of one page."""


def count_keywords(entries: Iterable[Entry]) -> Counter[str]:
    """How many papers have each keyword, in lower case; a paper under several topics counts once."""
    papers = {entry.paper.id: entry for entry in entries}
    return Counter(
        keyword for entry in papers.values() for keyword in {word.lower() for word in _of(entry)}
    )


def tags(topic: str, entries: Iterable[Entry], counts: Counter[str]) -> tuple[str, ...]:
    """The topic's title, the primary categories of its papers, and the keywords that many papers share.

    Arguments:
        topic: Title of the topic.
        entries: What stands on the page.
        counts: What `count_keywords` says of the whole site.
    """
    entries = tuple(entries)
    primary = {entry.paper.categories[0] for entry in entries if entry.paper.categories}
    # Tags that differ in case only would share an anchor in the index; the first spelling stays.
    spelled: dict[str, str] = {}
    for entry in entries:
        for word in _of(entry):
            spelled.setdefault(word.lower(), word)
    common = sorted(
        (word for word in spelled if counts[word] >= _COMMON and word != topic.lower()),
        key=lambda word: (-counts[word], word),
    )
    return topic, *sorted(primary), *(spelled[word] for word in common[:_MOST])


def _of(entry: Entry) -> tuple[str, ...]:
    return entry.summary.keywords if entry.summary and not entry.paper.withdrawn else ()
