"""What the sources of a topic list: its library, and arXiv's answer, new or as last known."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mkdocs_paperdigest.arxiv.identifiers import ArxivId, find_id, parse_id
from mkdocs_paperdigest.errors import ConfigurationError, SourceError
from mkdocs_paperdigest.models import LedgerLine, Paper, TopicState, Why
from mkdocs_paperdigest.options.options import MOST_PAPERS, Topic
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pipeline.order import reasons_for
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import StoredAnswer
from mkdocs_paperdigest.reasons import Reason, ReasonCode, worded
from mkdocs_paperdigest.sources.bibtex_file import read_bytes
from mkdocs_paperdigest.sources.library import Library, read_library
from mkdocs_paperdigest.sources.query import build_query
from mkdocs_paperdigest.storage.shelf import Shelf
from mkdocs_paperdigest.text import printable

if TYPE_CHECKING:
    from mkdocs_paperdigest.sources.feed import Found
    from mkdocs_paperdigest.sources.session import PoliteSession

T = TypeVar("T")

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@dataclass(frozen=True, slots=True)
class Listing:
    """What the sources of one topic have to offer."""

    topic: Topic
    state: TopicState
    papers: tuple[Paper, ...]
    """Newest first."""
    left_out: tuple[LedgerLine, ...] = ()
    """What the sources returned and is left out: too old, too many, twice, not fit to be shown."""
    remarks: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    """What is wrong with entries of the library that are shown all the same, by the keys of their papers."""
    former: tuple[Paper, ...] = ()
    """Earlier versions of the papers, as earlier answers had them."""
    whys: Mapping[str, Why] = field(default_factory=dict)
    """Why papers stand where they do, by their keys; nothing where only their dates say so."""


def list_papers(topic: Topic, run: Run) -> Listing:
    """Everything that the topic's sources have, newest first, within the topic's limits.

    Search terms and `ids` are two requests, because arXiv intersects a query with an id list, and
    because an old paper that is named must not fall behind the newest that are found.

    Arguments:
        topic: What to look for.
        run: Asks arXiv only when an answer is missing or no longer fresh, and never offline.

    Raises:
        ConfigurationError: The topic's query or its library is wrong.
    """
    library = _library(topic, run)
    named = map(parse_id, (*library.arxiv_ids, *topic.ids))
    ids = {identifier.id: identifier for identifier in named}
    known: list[_Answered] = []
    if ids:
        known.append(_looked_up(topic, ids, run))
    query = build_query(topic)
    if query:
        known.append(_found(topic, query, run))
    cites = library.citations
    found = (paper for part in known for paper in part.papers)
    cited = (replace(paper, citation=cites[paper.id]) if paper.id in cites else paper for paper in found)
    papers = [*cited, *library.papers]
    whys = reasons_for(papers, topic, run)
    shown, left_out = _within_limits(papers, whys, topic, run.now)
    if not query:
        _log_surplus(left_out, topic)
    unusable = tuple({line.key: line for part in known for line in part.left_out}.values())
    odd = [line for line in unusable if line.fate != "unknown"]
    _log_faults("arXiv's answer has entries that are left out", odd, topic)
    answered = [part.at for part in known if part.at]
    if topic.library and not known:
        answered = [datetime.fromtimestamp(topic.library.stat().st_mtime, UTC)]
    trouble = next((part.trouble for part in known if part.trouble), None)
    state = TopicState(
        title=topic.title,
        slug=topic.slug,
        description=topic.description,
        state="fresh" if trouble is None else "stale" if answered or papers else "never",
        as_of=min(answered, default=None),
        trouble=trouble,
    )
    remarks = {line.key: line.reasons for line in library.remarks}
    former = tuple(paper for part in known for paper in part.former)
    return Listing(topic, state, shown, (*library.left_out, *unusable, *left_out), remarks, former, whys)


@dataclass(frozen=True, slots=True)
class _Answered:
    """The answer to one question to arXiv, and why it is not newer."""

    papers: tuple[Paper, ...] = ()
    left_out: tuple[LedgerLine, ...] = ()
    at: datetime | None = None
    trouble: Reason | None = None
    former: tuple[Paper, ...] = ()


_ID = re.compile(r"[\w.-]*[\w-][\w.-]*")
"""Ids of reports: not dots alone."""


def _library(topic: Topic, run: Run) -> Library:
    """What the topic's library names; parsed again only when the file has changed, or a PDF has come."""
    if topic.library is None:
        return Library((), ())
    try:
        content = read_bytes(topic.library)
    except ValueError as error:
        where = f"topic {topic.title!r}: library {topic.library}"
        raise ConfigurationError(f"{where}: {error}") from error
    library = run.shelves.library.get(topic, content)
    folder = topic.library.parent.resolve()
    usable = library and all(_is_from_library(paper, folder) for paper in library.papers)
    if library is None or not usable or any(path.is_file() for path in library.missing):
        library = read_library(topic.library, topic=topic.title)
        library = run.shelves.library.put(library, topic, content)
    if is_language_model(run.options.model):
        _keep_summaries(library, run.shelves.library.get(topic, content, version=2), run)
    name = topic.library.name
    if library == Library((), ()):
        log.log(
            run.options.log_level,
            "topic %r: %s names no works; check that it is the right file",
            topic.title,
            name,
        )
    _log_faults(f"{name} has entries that are left out", library.left_out, topic)
    _log_faults(f"{name} has entries that are shown without some part", library.remarks, topic)
    return library


def _log_faults(what: str, lines: Sequence[LedgerLine], topic: Topic) -> None:
    """One line with the first three; `paperdigest status` has all."""
    if lines:
        first = "; ".join(f"{line.key!r}: {worded(line.reasons)}" for line in lines[:3])
        more = "; `paperdigest status` lists all" if len(lines) > 3 else ""
        log.info("topic %r: %s: %d (%s%s)", topic.title, what, len(lines), printable(first), more)


def _log_surplus(lines: Sequence[LedgerLine], topic: Topic) -> None:
    """How many papers that were named one by one are too many; a search may find any number."""
    if surplus := sum(line.reasons[0].code is ReasonCode.BEYOND_NEWEST for line in lines):
        log.info(
            "topic %r: the newest %d of %d papers are shown; set `max_papers` to show more",
            topic.title,
            topic.max_papers,
            topic.max_papers + surplus,
        )


def _keep_summaries(library: Library, former: Library | None, run: Run) -> None:
    """Finds again what was paid for under titles and abstracts as version 2 has read them."""
    papers = {paper.id: paper for paper in former.papers} if former else {}
    for paper in library.papers:
        known = papers.get(paper.id)
        if known is None or (known.title, known.abstract) == (paper.title, paper.abstract):
            continue
        document = run.shelves.document.get(paper) or run.shelves.reading.get(paper)
        if document is not None and known.pdf == paper.pdf:
            known = replace(known, abstract=known.abstract or document.abstract)
            summary = run.shelves.summary.get(known, document, titled=True)
            if summary is not None:
                paper = replace(paper, abstract=paper.abstract or document.abstract)
                run.shelves.summary.add(summary, paper, document)


def _is_from_library(paper: Paper, folder: Path) -> bool:
    """Whether a report is as we store it and its PDF where it was; see `_is_from_arxiv`."""
    if not _ID.fullmatch(paper.id):
        return False
    pdf = paper.pdf
    return pdf is None or (pdf.is_file() and pdf.resolve().is_relative_to(folder))


def _found(topic: Topic, query: str, run: Run) -> _Answered:
    """What arXiv finds for a query."""
    # Of all that is new in a category, the newest are not yet the closest.
    most = MOST_PAPERS if topic.lists_all and topic.interests else topic.max_papers

    def suffices(stored: StoredAnswer) -> bool:
        # Fewer papers than were asked for means that there are no more.
        count = len(stored.papers) + len(stored.left_out)
        return most <= stored.max_papers or count < stored.max_papers

    def ask(session: "PoliteSession", stored: StoredAnswer | None) -> StoredAnswer:
        from mkdocs_paperdigest.sources.feed import search

        found = search(query, most, run.options, session)
        if stored and stored.papers and not (found.papers or found.left_out):
            # More likely a fault of arXiv's index than the end of a subject.
            return replace(stored, empty_at=run.now)
        papers, left_out = _as_last_known(found, stored)
        return StoredAnswer(papers, run.now, max_papers=most, left_out=left_out)

    return _answered(run.shelves.search, query, run, suffices, ask)


def _looked_up(topic: Topic, ids: Mapping[str, ArxivId], run: Run) -> _Answered:
    """What arXiv knows of papers that are named."""
    names = tuple(map(str, ids.values()))

    def ask(session: "PoliteSession", stored: StoredAnswer | None) -> StoredAnswer:
        from mkdocs_paperdigest.sources.feed import look_up

        papers, left_out = _as_last_known(look_up(tuple(ids.values()), run.options, session), stored)
        there = {paper.id for paper in papers}
        # Papers do not vanish from arXiv: one that is missing is a gap in its index.
        gaps = [paper for paper in stored.papers if paper.id not in there] if stored else []
        return StoredAnswer((*papers, *gaps), run.now, ids=names, left_out=left_out)

    known = _answered(run.shelves.ids, topic, run, lambda stored: set(names) <= set(stored.ids), ask)
    known = replace(known, papers=tuple(paper for paper in known.papers if paper.id in ids))
    unusable = {found.id for line in known.left_out if (found := find_id(line.key))}
    unknown = set(ids) - {paper.id for paper in known.papers} - unusable
    if not unknown or known.trouble:
        return known
    # The site's own ids are the user's mistake; a library comes from other programs.
    wrong = unknown.intersection(parse_id(name).id for name in topic.ids)
    for level, lost, where in (
        (logging.WARNING, wrong, "`ids`"),
        (run.options.log_level, unknown - wrong, "the library"),
    ):
        if lost:
            listed = ", ".join(sorted(lost))
            log.log(level, "topic %r: arXiv has no paper %s; correct %s", topic.title, listed, where)
    no_paper = (Reason(ReasonCode.NOT_ON_ARXIV),)
    lines = (LedgerLine(name, "", "unknown", no_paper) for name in sorted(unknown))
    return replace(known, left_out=(*known.left_out, *lines))


def _as_last_known(
    found: "Found", stored: StoredAnswer | None
) -> tuple[tuple[Paper, ...], tuple[LedgerLine, ...]]:
    """The papers of an answer with the last good state of those that came unusable, and what is left out."""
    there = {paper.id for paper in found.papers}
    unusable = {id_.id for line in found.left_out if (id_ := find_id(line.key))} - there
    known = [paper for paper in stored.papers if paper.id in unusable] if stored else []
    shown = {paper.key for paper in known}
    return (*found.papers, *known), tuple(line for line in found.left_out if line.key not in shown)


def _answered(
    shelf: Shelf[[T], StoredAnswer],
    question: T,
    run: Run,
    suffices: Callable[[StoredAnswer], bool],
    ask: Callable[["PoliteSession", StoredAnswer | None], StoredAnswer],
) -> _Answered:
    """The stored answer while it is fresh, else a new one, else the stored one with the trouble."""
    answer = shelf.get(question)
    trouble: Reason | None = None
    if answer and not all(map(_is_from_arxiv, (*answer.papers, *answer.former))):
        answer = None
    if answer and suffices(answer) and run.is_fresh(answer.empty_at or answer.at):
        pass
    elif (session := run.session) is None:
        trouble = Reason(ReasonCode.OFFLINE, Reason(ReasonCode.ARXIV_NOT_ASKED))
    else:
        if answer is None:
            run.expect_papers()
        try:
            asked = ask(session, answer)
            answer = shelf.put(replace(asked, former=_former(answer, asked)), question)
        except SourceError as error:
            trouble = error.reason
    if answer is None:
        return _Answered(trouble=trouble)
    if answer.empty_at:
        trouble = trouble or Reason(ReasonCode.ARXIV_FINDS_NOTHING)
    return _Answered(answer.papers, answer.left_out, answer.at, trouble, answer.former)


def _former(before: StoredAnswer | None, now: StoredAnswer) -> tuple[Paper, ...]:
    """The versions that `now` replaces, and those that were replaced before."""
    if before is None:
        return ()
    # Of two earlier versions, the later one is kept.
    known = {paper.id: [paper] for paper in before.former}
    for paper in before.papers:
        known.setdefault(paper.id, []).append(paper)
    found = ([one for one in known.get(paper.id, ()) if one.version < paper.version] for paper in now.papers)
    return tuple(max(earlier, key=lambda one: one.version) for earlier in found if earlier)


def _is_from_arxiv(paper: Paper) -> bool:
    """Whether a paper is as we store arXiv's; a cache from elsewhere may name any file."""
    identifier = find_id(paper.id)
    return paper.on_arxiv and paper.pdf is None and identifier is not None and identifier.id == paper.id


def _within_limits(
    papers: list[Paper], whys: Mapping[str, Why], topic: Topic, now: datetime
) -> tuple[tuple[Paper, ...], tuple[LedgerLine, ...]]:
    """The papers to show, newest first, and what is left out and why."""
    chosen: dict[str, Paper] = {}
    left_out: list[LedgerLine] = []
    first_day = topic.first_day(now)
    # Both a search and a look-up may give the same version, which is one paper all the same.
    for paper in {paper.key: paper for paper in papers}.values():
        twin = chosen.setdefault(paper.id, paper)
        if twin.key != paper.key:
            reason = Reason(ReasonCode.DUPLICATE, paper=twin.key)
            left_out.append(LedgerLine(paper.key, paper.title, "duplicate", (reason,)))
    newest = sorted(chosen.values(), key=lambda paper: (paper.published, paper.id), reverse=True)
    by_closeness = topic.lists_all and any(why.closeness for why in whys.values())
    if by_closeness:
        newest.sort(key=lambda paper: -whys[paper.key].closeness)
    shown: list[Paper] = []
    for paper in newest:
        if paper.id in topic.hide:
            reason = Reason(ReasonCode.HIDDEN_IN_TOPIC)
            left_out.append(LedgerLine(paper.key, paper.title, "filtered", (reason,)))
        elif first_day and paper.published.date() < first_day:
            reason = Reason(ReasonCode.TOO_OLD, day=first_day)
            left_out.append(LedgerLine(paper.key, paper.title, "filtered", (reason,)))
        elif len(shown) == topic.max_papers:
            code = ReasonCode.BEYOND_CLOSEST if by_closeness else ReasonCode.BEYOND_NEWEST
            reason = Reason(code, count=topic.max_papers)
            left_out.append(LedgerLine(paper.key, paper.title, "filtered", (reason,)))
        else:
            shown.append(paper)
    if by_closeness:
        shown.sort(key=lambda paper: (paper.published, paper.id), reverse=True)
    return tuple(shown), tuple(left_out)
