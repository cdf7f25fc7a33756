"""What there is for a topic: its library, and arXiv's answer, asked anew or as last known."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.lab import Lab
from mkdocs_paperdigest.models import LedgerLine, Listing, Paper
from mkdocs_paperdigest.settings import Topic
from mkdocs_paperdigest.sources.arxiv import look_up, search
from mkdocs_paperdigest.sources.identifiers import ArxivId, parse_id
from mkdocs_paperdigest.sources.polite import PoliteSession
from mkdocs_paperdigest.sources.query import build_query
from mkdocs_paperdigest.store import Store, key


def list_papers(topic: Topic, lab: Lab) -> Listing:
    """Everything that the topic's sources have, newest first, within the topic's limits.

    Search terms and `ids` are two requests, because arXiv intersects a query with an id list, and
    because an old paper that is named must not fall behind the newest that are found.

    Arguments:
        topic: What to look for.
        lab: The settings, the store of arXiv's answers, the time, and the way to arXiv, which is
            opened only when an answer is missing or no longer fresh, and never offline.

    Raises:
        ConfigurationError: The topic's query or its library is wrong.
    """
    known: list[_Known] = []
    if topic.ids:
        known.append(_looked_up(topic, tuple(dict.fromkeys(map(parse_id, topic.ids))), lab))
    if query := build_query(topic):
        known.append(_found(topic, query, lab))
    shown, left_out = _within_limits([p for part in known for p in part.papers], topic, lab.now)
    answered = [part.at for part in known if part.at]
    trouble = next((part.trouble for part in known if part.trouble), None)
    return Listing(
        papers=shown,
        as_of=min(answered, default=None),
        state="fresh" if trouble is None else "stale" if answered else "never",
        trouble=trouble,
        left_out=left_out,
    )


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A whole answer of arXiv, as it is kept."""

    papers: tuple[Paper, ...]
    at: datetime
    """When it was given."""
    wanted: int
    """How many papers were asked for, at most."""
    empty_at: datetime | None = None
    """When arXiv last found nothing at all, although these papers were known."""

    @property
    def asked_at(self) -> datetime:
        """When arXiv last answered at all."""
        return self.empty_at or self.at

    def suffices(self, wanted: int) -> bool:
        """Whether there would be no more to see if so many papers were asked for."""
        return wanted <= self.wanted or len(self.papers) < self.wanted


@dataclass(frozen=True, slots=True)
class _Known:
    papers: tuple[Paper, ...] = ()
    at: datetime | None = None
    trouble: str | None = None


def _looked_up(topic: Topic, ids: tuple[ArxivId, ...], lab: Lab) -> _Known:
    where = key("ids", topic.slug, lab.settings.arxiv_url, *ids)
    return _answer(where, len(ids), lab, lambda session: look_up(ids, lab.settings, session))


def _found(topic: Topic, query: str, lab: Lab) -> _Known:
    where = key("search", query[:60], query, lab.settings.arxiv_url)
    wanted = topic.max_papers
    return _answer(where, wanted, lab, lambda session: search(query, wanted, lab.settings, session))


def _answer(
    where: str, wanted: int, lab: Lab, ask: Callable[[PoliteSession], tuple[Paper, ...]]
) -> _Known:
    """The stored answer while it is fresh, else a new one, else the stored one and the trouble."""
    stored = lab.store.get(where, StoredAnswer)
    if stored and stored.suffices(wanted) and lab.now - stored.asked_at < lab.settings.refresh:
        return _known(stored)
    if lab.session is None:
        return _known(stored, "offline: arXiv was not asked")
    try:
        papers = ask(lab.session)
    except SourceError as error:
        return _known(stored, str(error))
    if stored and stored.papers and not papers:
        # More likely a fault of arXiv's index than the end of a subject.
        answer = replace(stored, empty_at=lab.now)
    else:
        answer = StoredAnswer(papers, lab.now, wanted)
    lab.store.put(where, answer)
    return _known(answer)


def _known(stored: StoredAnswer | None, trouble: str | None = None) -> _Known:
    if stored is None:
        return _Known(trouble=trouble)
    if stored.empty_at and trouble is None:
        trouble = "arXiv found nothing where it found papers before"
    return _Known(stored.papers, stored.at, trouble)


def _within_limits(
    papers: list[Paper], topic: Topic, now: datetime
) -> tuple[tuple[Paper, ...], tuple[LedgerLine, ...]]:
    """The papers to show, newest first, and what is left out and why."""
    chosen: dict[str, Paper] = {}
    left_out: list[LedgerLine] = []
    first_day = topic.first_day(now)
    for paper in papers:
        twin = chosen.setdefault(paper.id, paper)
        if twin is not paper:
            left_out.append(LedgerLine(paper.key, paper.title, "duplicate", f"of {twin.key}"))
    shown: list[Paper] = []
    for paper in sorted(
        chosen.values(), key=lambda paper: (paper.published, paper.id), reverse=True
    ):
        if first_day and paper.published.date() < first_day:
            left_out.append(LedgerLine(paper.key, paper.title, "filtered", f"before {first_day}"))
        elif len(shown) == topic.max_papers:
            reason = f"beyond the newest {topic.max_papers}"
            left_out.append(LedgerLine(paper.key, paper.title, "filtered", reason))
        else:
            shown.append(paper)
    return tuple(shown), tuple(left_out)
