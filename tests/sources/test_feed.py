"""arXiv's search: complete answers or an error, whatever the server sends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.arxiv.identifiers import ArxivId, parse_id
from mkdocs_paperdigest.errors import SourceError, SourceRefusedError
from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.sources.feed import look_up, search
from mkdocs_paperdigest.sources.request import Bounds
from mkdocs_paperdigest.sources.session import PoliteSession
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv

START = datetime(2024, 1, 1, tzinfo=UTC)
PAPERS = [
    replace(PAPER, id=f"2401.{number:05}", published=START + timedelta(hours=number))
    for number in range(1, 451)
]
QUERY = '((ti:"gate" OR abs:"gate"))'


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(PAPERS) as fake:
        yield fake


@pytest.fixture
def options(arxiv: FakeArxiv, tmp_path: Path) -> Options:
    return Options(topics=(), cache_dir=tmp_path, arxiv_url=arxiv.url)


@pytest.fixture
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PoliteSession]:
    """A session without pauses, with short time limits in tests where the server is silent."""
    held_back = "stall" in request.node.name
    bounds = Bounds(silence_s=0.3, total_s=3.0) if held_back else Bounds()
    with PoliteSession(folder=tmp_path, interval_s=0.0, user_agent="test/0", bounds=bounds) as opened:
        yield opened


def newest(count: int) -> tuple[Paper, ...]:
    return tuple(PAPERS[-1 : -1 - count : -1])


def test_one_request_brings_the_newest_papers_with_all_their_facts(arxiv, options, session) -> None:
    paper = replace(
        PAPER,
        version=3,
        updated=PAPER.published + timedelta(days=2),
        comment="Accepted at CVPR",
        journal_ref="J. Gates 1 (2024)",
        doi="10.1000/gates",
    )
    arxiv.papers.append(paper)
    found = search(QUERY, 50, options, session)
    assert found == (paper, *newest(49))
    (request,) = arxiv.requests
    assert request.query["search_query"] == QUERY
    assert request.query["sortBy"] == "submittedDate"
    assert request.query["sortOrder"] == "descending"
    assert request.query["max_results"] == "50"
    assert request.headers["Accept"] == "application/atom+xml"


def test_many_papers_come_in_pages(arxiv, options, session) -> None:
    assert search(QUERY, 450, options, session) == newest(450)
    assert [request.query["start"] for request in arxiv.requests] == ["0", "200", "400"]


def test_a_paper_that_moved_to_the_next_page_comes_once(arxiv, options, session) -> None:
    late = replace(PAPER, id="2402.00001", published=START.replace(year=2025))
    arxiv.fail("news", after=1, paper=late)
    found = search(QUERY, 300, options, session)
    assert len(found) == len({paper.id for paper in found})
    assert set(newest(299)) <= set(found)


BROKEN = [
    "429",
    "500",
    "503",
    "block page",
    "no bytes",
    "cut",
    "short",
    "empty page",
    "nothing",
    "few",
    "repeat",
    "not xml",
    "stall",
    "reset",
    "drop",
]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_that_passes_costs_nothing_but_time(arxiv, options, session, fault) -> None:
    arxiv.fail(fault)
    assert search(QUERY, 30, options, session) == newest(30)
    assert len(arxiv.requests) == 2


@pytest.mark.parametrize("fault", [fault for fault in BROKEN if fault != "nothing"])
def test_a_fault_on_the_second_page_loses_no_paper(arxiv, options, session, fault) -> None:
    arxiv.fail(fault, after=1)
    assert search(QUERY, 250, options, session) == newest(250)
    assert len(arxiv.requests) == 3


@pytest.mark.parametrize("fault", [fault for fault in BROKEN if fault != "nothing"])
def test_a_fault_that_lasts_is_an_error_and_never_a_shorter_list(arxiv, options, session, fault) -> None:
    arxiv.fail(fault, times=None)
    with pytest.raises(SourceError):
        search(QUERY, 30, options, session)


@pytest.mark.parametrize("name", ["id", "title", "summary", "published", "updated"])
def test_a_paper_without_its_facts_is_not_accepted(arxiv, options, session, name: str) -> None:
    arxiv.fail("without", name=name)
    assert search(QUERY, 30, options, session) == newest(30)
    arxiv.fail("without", name=name, times=None)
    with pytest.raises(SourceError, match=f"arXiv sent a paper without <{name}>"):
        search(QUERY, 30, options, session)


def test_an_empty_answer_is_believed_when_it_is_repeated(arxiv, options, session) -> None:
    assert search('ti:"unheard of"', 30, options, session) == ()
    assert len(arxiv.requests) == 2


def test_a_rejected_query_is_reported_in_arxivs_words(arxiv, options, session) -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Error</title>'
        "<summary>Invalid query\nstring</summary></entry></feed>"
    )
    arxiv.fail("400", body=body)
    with pytest.raises(SourceError, match="arXiv answered 400: Invalid query string"):
        search(QUERY, 30, options, session)
    assert len(arxiv.requests) == 1


def test_a_refusal_is_not_repeated(arxiv, options, session) -> None:
    arxiv.fail("403", times=None)
    for _ in range(2):
        with pytest.raises(SourceRefusedError):
            search(QUERY, 30, options, session)
    assert len(arxiv.requests) == 1


def test_hostile_text_becomes_plain_text(arxiv, options, session) -> None:
    arxiv.papers = [
        replace(
            PAPER,
            title=" A\n  tit\u202ele &amp; <script> ",
            authors=("Jose\u0301\tA.", " "),
            abstract="one\n\n two\u0085three",
            doi="javascript:alert(1)",
            comment="\n",
        )
    ]
    (paper,) = search("ti:a", 1, options, session)
    assert paper.title == "A title &amp; <script>"
    assert paper.authors == ("José A.",)
    assert paper.abstract == "one two three"
    assert paper.doi is None
    assert paper.comment is None


def test_papers_are_looked_up_by_id_and_version(arxiv, options, session) -> None:
    arxiv.papers.append(replace(PAPER, id="hep-th/9901001", version=3))
    ids = [parse_id("2401.00007"), parse_id("hep-th/9901001v2")]
    found = look_up(ids, options, session)
    assert {paper.key for paper in found} == {"2401.00007v1", "hep-th/9901001v2"}
    assert arxiv.requests[0].query["id_list"] == "2401.00007,hep-th/9901001v2"
    assert arxiv.requests[0].query["max_results"] == "2"


def test_unknown_papers_are_simply_absent(arxiv, options, session) -> None:
    ids = [ArxivId("2401.00007"), ArxivId("2405.00001")]
    assert [paper.id for paper in look_up(ids, options, session)] == ["2401.00007"]


def test_many_ids_are_asked_for_in_chunks(arxiv, options, session) -> None:
    ids = [ArxivId(paper.id) for paper in PAPERS[:250]]
    assert len(look_up(ids, options, session)) == 250
    assert [request.query["max_results"] for request in arxiv.requests] == ["100", "100", "50"]


def test_a_base_address_with_braces_is_no_template(arxiv, options, session) -> None:
    odd = replace(options, arxiv_url=f"{arxiv.url}/{{mirror}}/{{0}}")
    with pytest.raises(SourceError, match="404"):
        search(QUERY, 30, odd, session)
    assert arxiv.requests[0].path == "/{mirror}/{0}/api/query"
