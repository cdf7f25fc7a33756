"""What a build would work on: the papers that the sources list, with what is known of each already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mkdocs_paperdigest.archive.records import Record
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Listing, Paper
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pipeline.known import Known, recall, remember
from mkdocs_paperdigest.pipeline.listing import list_papers
from mkdocs_paperdigest.pipeline.run import Run


@dataclass(frozen=True, slots=True)
class Survey:
    """What the sources list, what is known of it, and what a build would work on."""

    listings: tuple[Listing, ...]
    """Of each topic, in their order."""
    listed_in: Mapping[str, Sequence[Topic]]
    """The topics of each paper, by its key."""
    known: Mapping[str, Known]
    """By the paper's key."""
    chosen: tuple[str, ...]
    """Keys of the papers to work on."""
    hidden: frozenset[str] = frozenset()
    """Keys of the papers that people have hidden in their records."""


def survey(run: Run, *, archived: Mapping[str, Record], since: date | None = None) -> Survey:
    """Asks the sources, but neither reads papers nor asks a model; see `make_digests`.

    Raises:
        ConfigurationError: A query or a library is wrong, or two libraries contradict each other.
    """
    topics = run.options.topics
    listings = tuple(list_papers(topic, run) for topic in topics)
    listed_in = _listed_in(topics, listings)
    papers: dict[str, Paper] = {}
    for paper in (paper for listing in listings for paper in listing.papers):
        if papers.setdefault(paper.key, paper).pdf != paper.pdf:
            raise ConfigurationError(
                f"two libraries call different papers `{paper.id}` ({papers[paper.key].pdf} and "
                f"{paper.pdf}); rename the entry in one of them"
            )
    records = {name: archived[paper.id] for name, paper in papers.items() if paper.id in archived}
    for name, record in records.items():
        if record.paper.key == name:
            remember(papers[name], record, listed_in[name], run)
    known = {name: recall(papers[name], listed_in[name], run) for name in papers}
    hidden = frozenset(name for name, record in records.items() if record.hidden)
    wanted = {
        name: what
        for name, what in known.items()
        if (since is None or what.paper.published.date() >= since) and name not in hidden
    }
    return Survey(listings, listed_in, known, tuple(_chosen(wanted, run)), hidden)


def _listed_in(topics: Sequence[Topic], listings: Sequence[Listing]) -> dict[str, list[Topic]]:
    listed: dict[str, list[Topic]] = {}
    for topic, listing in zip(topics, listings, strict=True):
        for paper in listing.papers:
            listed.setdefault(paper.key, []).append(topic)
    return listed


def _chosen(known: Mapping[str, Known], run: Run) -> list[str]:
    """The papers that this build works on, `max_new_papers` at most.

    First those that no page can show yet, then those to be renewed; the newest first of both. A paper that
    a batch was sent for, under way or come, does not count: it was paid for and costs no time. (What came
    and answers nothing any more does count: see `digest._work_on`.)
    """
    left = [name for name, what in known.items() if what.to_do]
    left.sort(key=lambda name: (known[name].showable, -known[name].paper.published.timestamp()))
    if run.options.offline:
        # Files that are there already cost no patience of arXiv; what is shown anyway costs only time.
        renewed = [name for name in left if known[name].showable]
        unread = [name for name in left if not known[name].showable]
        return unread + renewed[: run.options.max_new_papers]
    sent = run.mailbox.ready | run.mailbox.waiting
    new = [name for name in left if name not in sent]
    return [name for name in left if name in sent] + new[: run.options.max_new_papers]
