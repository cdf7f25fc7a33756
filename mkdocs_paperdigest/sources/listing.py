"""What there is for a topic: its library, and arXiv's answer, asked anew or as last known."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.models import LedgerLine, Listing, Paper
from mkdocs_paperdigest.settings import Settings, Topic
from mkdocs_paperdigest.sources.arxiv import look_up, search
from mkdocs_paperdigest.sources.identifiers import parse_id
from mkdocs_paperdigest.sources.polite import PoliteSession
from mkdocs_paperdigest.sources.query import build_query
from mkdocs_paperdigest.store import Store, key


def list_papers(
    topic: Topic, settings: Settings, store: Store, session: PoliteSession | None, now: datetime
) -> Listing:
    """Everything that the topic's sources have, newest first, within the topic's limits.

    Arguments:
        topic: What to look for.
        settings: How long an answer is fresh, where arXiv is, whether it may be asked.
        store: Keeps arXiv's answers.
        session: Asks arXiv; not touched when `settings.offline`, and None will do then.
        now: The time of this build.

    Raises:
        ConfigurationError: The topic's query or its library is wrong.
    """
    desk = _Desk(settings, store, session, now)
    known: list[_Known] = []
    if topic.ids:
        ids = tuple(dict.fromkeys(map(parse_id, topic.ids)))
        where = key("ids", topic.slug, settings.arxiv_url, *ids)
        known.append(desk.answer(where, len(ids), lambda open_: look_up(ids, settings, open_)))
    if query := build_query(topic):
        where = key("search", query[:60], query, settings.arxiv_url)
        known.append(
            desk.answer(
                where,
                topic.max_papers,
                lambda open_: search(query, topic.max_papers, settings, open_),
            )
        )
    papers = [paper for part in known for paper in part.papers]
    shown, left_out = _within_limits(papers, topic, now)
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

    def suffices(self, wanted: int) -> bool:
        """Whether there would be no more to see if so many papers were asked for."""
        return wanted <= self.wanted or len(self.papers) < self.wanted


@dataclass(frozen=True, slots=True)
class _Known:
    papers: tuple[Paper, ...] = ()
    at: datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where answers are asked for and kept."""

    settings: Settings
    store: Store
    session: PoliteSession | None
    now: datetime

    def answer(
        self, where: str, wanted: int, ask: Callable[[PoliteSession], tuple[Paper, ...]]
    ) -> _Known:
        """The stored answer while it is fresh, else a new one, else the stored one with the trouble."""
        stored = self.store.get(where, StoredAnswer)
        if stored and self._fresh(stored) and stored.suffices(wanted):
            return _known(stored)
        if self.settings.offline or self.session is None:
            return _known(stored, "offline: arXiv was not asked")
        try:
            papers = ask(self.session)
        except SourceError as error:
            return _known(stored, str(error))
        if not papers and stored and stored.papers:
            # More likely a fault of the index than the end of a subject
            answer = replace(stored, empty_at=self.now)
        else:
            answer = StoredAnswer(papers, self.now, wanted)
        self.store.put(where, answer)
        return _known(answer)

    def _fresh(self, stored: StoredAnswer) -> bool:
        age = self.now - (stored.empty_at or stored.at)
        return age < self.settings.refresh


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
