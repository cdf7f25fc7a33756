"""arXiv's search through the `arxiv` package: complete, checked answers or an error.

arxiv 4.0.2 takes an HTML block page, a truncated feed or an empty one for "no results", has no timeout and
ignores Retry-After. The session that we pass to it takes care of all this. A page must be whole; an entry that
cannot be shown (without an abstract, with an impossible date, not even XML) leaves the others on the page.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from mkdocs_paperdigest.arxiv.identifiers import ArxivId, parse_id
from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.models import LedgerLine, Paper
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.atom import (
    ATOM,
    STAND_IN,
    as_bytes,
    error_of,
    fault_of,
    line_of,
    parsed,
    replace_by_stand_in,
)
from mkdocs_paperdigest.sources.latex import latex_as_text
from mkdocs_paperdigest.sources.request import Answer, BadAnswerError
from mkdocs_paperdigest.sources.session import PoliteSession
from mkdocs_paperdigest.text import plain_text

if TYPE_CHECKING:
    import arxiv

PAGE_SIZE = 200
"""The most papers that one request asks for."""
IDS_PER_REQUEST = 100
"""The most identifiers in one URL."""
WINDOW = 10_000
"""The most results of one query; arXiv answers 500 to requests beyond them (arxiv-search, index/util.py)."""
MAX_FEED_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A whole answer of arXiv."""

    papers: tuple[Paper, ...]
    left_out: tuple[LedgerLine, ...] = ()
    """Entries that cannot be shown."""


def search(query: str, max_papers: int, options: Options, session: PoliteSession) -> Found:
    """The newest papers that match a query, newest first.

    Arguments:
        query: In arXiv's query language, as `build_query` makes it.
        max_papers: The most papers to return; each request returns up to `PAGE_SIZE`.
        options: Give the address of arXiv.
        session: For requests to arXiv.

    Raises:
        SourceRefusedError: arXiv denied access.
        SourceError: No whole answer came; nothing partial is returned.
    """
    wanted = min(max_papers, WINDOW)
    terms = {"query": query, "max_results": wanted}
    return _usable([_results(terms, min(wanted, PAGE_SIZE), options, session)])


def look_up(ids: Sequence[ArxivId], options: Options, session: PoliteSession) -> Found:
    """The papers with these identifiers, in no particular order; unknown ones are left out.

    Raises:
        SourceRefusedError: arXiv denied access.
        SourceError: No whole answer came; nothing partial is returned.
    """
    parts = []
    for start in range(0, len(ids), IDS_PER_REQUEST):
        chunk = [str(id_) for id_ in ids[start : start + IDS_PER_REQUEST]]
        # arXiv cuts an id list off at max_results.
        terms = {"id_list": chunk, "max_results": len(chunk)}
        parts.append(_results(terms, len(chunk), options, session))
    return _usable(parts)


def _usable(parts: Sequence[Found]) -> Found:
    """The parts as one answer, unless something is wrong with all of it rather than with one entry."""
    papers = tuple(chain.from_iterable(part.papers for part in parts))
    left_out = tuple(chain.from_iterable(part.left_out for part in parts))
    if not papers and len(left_out) > 1:
        raise SourceError(left_out[0].reasons[0])
    return Found(papers, left_out)


def _results(terms: dict[str, Any], page_size: int, options: Options, session: PoliteSession) -> Found:
    import arxiv
    import requests

    client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
    # arxiv passes it through str.format.
    base = options.arxiv_url.rstrip("/").replace("{", "{{").replace("}", "}}")
    client.query_url_format = base + "/api/query?{}"
    feeds = _FeedSession(session)
    client._session = cast(requests.Session, feeds)
    search_ = arxiv.Search(
        **terms, sort_by=arxiv.SortCriterion.SubmittedDate, sort_order=arxiv.SortOrder.Descending
    )
    try:
        # Results may move to the next page while we read, so a paper can come twice.
        results = (result for result in client.results(search_) if result.entry_id != STAND_IN)
        papers = {paper.key: paper for paper in map(_paper, results)}
    except (arxiv.ArxivError, ValueError) as error:
        said = Reason(ReasonCode.OTHER, text=error)
        raise SourceError(Reason(ReasonCode.ARXIV_UNUSABLE, said)) from error
    return Found(tuple(papers.values()), tuple(feeds.left_out))


@dataclass(frozen=True, slots=True)
class _Page:
    """The parts of a `requests.Response` that arxiv.Client uses."""

    status_code: int
    content: bytes


class _FeedSession:
    """Stands in for the `requests.Session` of arxiv.Client."""

    def __init__(self, session: PoliteSession) -> None:
        self._session = session
        self.left_out: list[LedgerLine] = []

    def get(self, url: str, **_: object) -> _Page:
        answer = self._session.fetch(
            url, accept="application/atom+xml", max_bytes=MAX_FEED_BYTES, check=_feed_check(url)
        )
        if answer.status != 200:
            said = _said(answer.body)
            raise SourceError(Reason(ReasonCode.ARXIV_ANSWERED, said, status=answer.status))
        feed = parsed(answer.body)
        for entry in feed.iterfind(f"{ATOM}entry"):
            if reason := fault_of(entry):
                self.left_out.append(line_of(entry, reason))
                replace_by_stand_in(entry)
        return _Page(answer.status, as_bytes(feed))


_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def _feed_check(url: str) -> Callable[[Answer], None]:
    """A check that a feed page is complete: it has as many entries as announced."""
    asked = parse_qs(urlsplit(url).query)
    start, size = int(asked["start"][0]), int(asked["max_results"][0])
    empty_before = faulty_before = False

    def check(answer: Answer) -> None:
        nonlocal empty_before, faulty_before
        feed = parsed(answer.body)
        total = _number(feed, "totalResults")
        if _number(feed, "startIndex") != start:
            raise BadAnswerError(Reason(ReasonCode.ANOTHER_PAGE))
        entries = feed.findall(f"{ATOM}entry")
        if error := next(filter(None, map(error_of, entries)), None):
            raise BadAnswerError(Reason(ReasonCode.ARXIV_ANSWERED, error, status=answer.status))
        # The server may use smaller pages than we asked for.
        expected = max(0, min(size, _number(feed, "itemsPerPage"), total - start))
        if len(entries) != expected:
            count = len(entries)
            raise BadAnswerError(Reason(ReasonCode.WRONG_COUNT, papers=count, expected=expected))
        fault = next(filter(None, map(fault_of, entries)), None)
        if fault and not faulty_before:
            # It may be a passing one: believe only the second.
            faulty_before = True
            raise BadAnswerError(fault)
        if not entries and start == 0 and not empty_before:
            # arXiv sends empty first pages by mistake (arxiv.py#43, #129, #175): believe only the second.
            empty_before = True
            raise BadAnswerError(Reason(ReasonCode.EMPTY_PAGE))

    return check


def _number(feed: Any, name: str) -> int:
    text = (feed.findtext(f"{_OPENSEARCH}{name}") or "").strip()
    if not text.isdecimal():
        raise BadAnswerError(Reason(ReasonCode.FEED_WITHOUT, element=name))
    return int(text[:9])


def _said(body: bytes) -> Reason | None:
    """The message in the single entry of an error feed."""
    try:
        entry = parsed(body).find(f"{ATOM}entry")
    except BadAnswerError:
        return None
    text = plain_text(entry.findtext(f"{ATOM}summary") or "") if entry is not None else ""
    return Reason(ReasonCode.OTHER, text=text[:300]) if text else None


def _paper(result: "arxiv.Result") -> Paper:
    identifier = parse_id(result.entry_id)
    primary = plain_text(result.primary_category)
    others = [plain_text(category) for category in result.categories]
    doi = plain_text(result.doi or "")
    return Paper(
        id=identifier.id,
        version=identifier.version or 1,
        title=plain_text(result.title),
        authors=tuple(name for author in result.authors if (name := _name(author.name))),
        abstract=plain_text(result.summary),
        published=result.published,
        updated=result.updated,
        categories=tuple(dict.fromkeys(filter(None, [primary, *others]))),
        comment=plain_text(result.comment or "") or None,
        journal_ref=plain_text(result.journal_ref or "") or None,
        doi=doi if _DOI.fullmatch(doi) else None,
    )


def _name(text: str) -> str:
    """An author's name; old papers have accents in LaTeX."""
    return latex_as_text(text) if "\\" in text else plain_text(text)


_DOI = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)
