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
from mkdocs_paperdigest.sources.feed import Found, look_up, search
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
    found = search(QUERY, 50, options, session).papers
    assert found == (paper, *newest(49))
    (request,) = arxiv.requests
    assert request.query["search_query"] == QUERY
    assert request.query["sortBy"] == "submittedDate"
    assert request.query["sortOrder"] == "descending"
    assert request.query["max_results"] == "50"
    assert request.headers["Accept"] == "application/atom+xml"


def test_many_papers_come_in_pages(arxiv, options, session) -> None:
    assert search(QUERY, 450, options, session).papers == newest(450)
    assert [request.query["start"] for request in arxiv.requests] == ["0", "200", "400"]


def test_a_paper_that_moved_to_the_next_page_comes_once(arxiv, options, session) -> None:
    late = replace(PAPER, id="2402.00001", published=START.replace(year=2025))
    arxiv.fail("news", after=1, paper=late)
    found = search(QUERY, 300, options, session).papers
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
    "stall",
    "reset",
    "drop",
]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_that_passes_costs_nothing_but_time(arxiv, options, session, fault) -> None:
    arxiv.fail(fault)
    assert search(QUERY, 30, options, session).papers == newest(30)
    assert len(arxiv.requests) == 2


@pytest.mark.parametrize("fault", [fault for fault in BROKEN if fault != "nothing"])
def test_a_fault_on_the_second_page_loses_no_paper(arxiv, options, session, fault) -> None:
    arxiv.fail(fault, after=1)
    assert search(QUERY, 250, options, session).papers == newest(250)
    assert len(arxiv.requests) == 3


@pytest.mark.parametrize("fault", [fault for fault in BROKEN if fault != "nothing"])
def test_a_fault_that_lasts_is_an_error_and_never_a_shorter_list(arxiv, options, session, fault) -> None:
    arxiv.fail(fault, times=None)
    with pytest.raises(SourceError):
        search(QUERY, 30, options, session)


FACTS = ["id", "title", "summary", "published", "updated"]


@pytest.mark.parametrize("name", FACTS)
def test_a_paper_without_a_fact_is_asked_for_again(arxiv, options, session, name: str) -> None:
    arxiv.fail("without", name=name)
    assert search(QUERY, 30, options, session) == Found(newest(30))
    assert len(arxiv.requests) == 2


@pytest.mark.parametrize("name", FACTS)
def test_a_page_of_papers_without_a_fact_is_not_accepted(arxiv, options, session, name: str) -> None:
    arxiv.fail("without", name=name, times=None)
    with pytest.raises(SourceError, match=f"arXiv sent a paper without <{name}>"):
        search(QUERY, 30, options, session)


def fact(name: str, value: str) -> tuple[str, str]:
    """What makes this the fact of an entry."""
    return rf"(?s)<{name}>.*?</{name}>", value if value.startswith(
        "<"
    ) or not value else f"<{name}>{value}</{name}>"


ODD = {
    "no date": (*fact("published", ""), "without <published>"),
    "no update": (*fact("updated", ""), "without <updated>"),
    "no abstract": (*fact("summary", ""), "without <summary>"),
    "empty abstract": (*fact("summary", "<summary/>"), "without <summary>"),
    "blank abstract": (*fact("summary", " \n&#160;"), "without <summary>"),
    "no title": (*fact("title", ""), "without <title>"),
    "title of controls": (*fact("title", "\x01\x02"), "without <title>"),
    "no id": (*fact("id", ""), "without <id>"),
    "wrong id": (*fact("id", "http://arxiv.org/abs/1"), "<id> is http://arxiv.org/abs/1"),
    "first year": (
        *fact("published", "0001-01-01T00:00:00+14:00"),
        "<published> is 0001-01-01T00:00:00+14:00",
    ),
    "last year": (*fact("updated", "9999-12-31T23:59:59-12:00"), "<updated> is 9999-12-31"),
    "a word": (*fact("published", "yesterday"), "<published> is yesterday"),
    "month of 40 days": (*fact("published", "2024-10-40T00:00:00Z"), "<published> is 2024-10-40"),
    "bare <": (*fact("title", "If a < b then"), "not valid XML"),
    "open tag": (*fact("summary", "<summary>A <b>bold claim</summary>"), "not valid XML"),
    "no end": ("</entry>", "", "not valid XML"),
}


@pytest.mark.parametrize("number", [0, 7])
@pytest.mark.parametrize("kind", ODD)
def test_an_odd_entry_is_left_out_and_the_others_stay(
    arxiv, options, session, kind: str, number: int
) -> None:
    pattern, new, words = ODD[kind]
    arxiv.fail("odd", number=number, pattern=pattern, new=new, times=None)
    found = search(QUERY, 30, options, session)
    odd = newest(30)[number]
    assert found.papers == tuple(paper for paper in newest(30) if paper != odd)
    (line,) = found.left_out
    assert line.fate == "filtered"
    assert words in str(line.reasons[0])
    name = odd.title if kind == "no id" else "http://arxiv.org/abs/1" if kind == "wrong id" else odd.key
    assert line.key == name
    assert len(arxiv.requests) == 2, "seen twice, then believed"


def test_an_odd_entry_does_not_shift_the_pages(arxiv, options, session) -> None:
    arxiv.fail("odd", number=3, pattern=ODD["no date"][0], new="", times=2)
    found = search(QUERY, 450, options, session)
    assert found.papers == tuple(paper for paper in newest(450) if paper != newest(4)[3])
    assert [request.query["start"] for request in arxiv.requests] == ["0", "0", "200", "400"]


MENDED = {
    "control": (*fact("title", "A\x0bgate"), "A gate"),
    "control by number": (*fact("title", "A &#11;gate&#x0;"), "A gate"),
    "entity of HTML": (*fact("title", "Caf&eacute;&nbsp;&lt;gates&gt;"), "Café <gates>"),
    "unknown entity": (*fact("title", "A &gate; & B"), "A &gate; & B"),
    "bare ampersand": (*fact("title", "AT&T &c. R&D;"), "AT&T &c. R&D;"),
    "half a character": (*fact("title", "A gate\ud800"), "A gate\ufffd\ufffd\ufffd"),
    "markup": (*fact("title", "<title>A <i>good</i> gate<!-- c --> for all</title>"), "A good gate for all"),
}


@pytest.mark.parametrize("kind", MENDED)
def test_characters_that_are_not_xml_cost_no_paper(arxiv, options, session, kind: str) -> None:
    pattern, new, title = MENDED[kind]
    arxiv.fail("odd", number=1, pattern=pattern, new=new)
    found = search(QUERY, 30, options, session)
    assert found.left_out == ()
    assert [paper.key for paper in found.papers] == [paper.key for paper in newest(30)]
    assert found.papers[1].title == title
    assert found.papers[0] == newest(1)[0]
    assert len(arxiv.requests) == 1


@pytest.mark.parametrize("before", ["\n", "\ufeff", "\ufeff\r\n \n", " "])
def test_what_stands_before_the_feed_does_not_matter(arxiv, options, session, before: str) -> None:
    arxiv.fail("before", text=before)
    assert search(QUERY, 30, options, session) == Found(newest(30))
    assert len(arxiv.requests) == 1


@pytest.mark.parametrize("fault", ["short", "cut"])
def test_half_a_page_with_an_odd_entry_is_no_answer(arxiv, options, session, fault: str) -> None:
    arxiv.papers[-1] = replace(arxiv.papers[-1], title="A & B")
    arxiv.fail(fault, times=None)
    with pytest.raises(SourceError):
        search(QUERY, 30, options, session)


def test_an_error_within_a_feed_is_no_odd_entry(arxiv, options, session) -> None:
    arxiv.fail(
        "odd",
        number=0,
        **dict(zip(("pattern", "new"), fact("id", "http://arxiv.org/api/errors#x"), strict=True)),
        times=None,
    )
    with pytest.raises(SourceError, match="arXiv answered 200: Generated text"):
        search(QUERY, 30, options, session)


def test_an_empty_answer_is_believed_when_it_is_repeated(arxiv, options, session) -> None:
    assert search('ti:"unheard of"', 30, options, session).papers == ()
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
    (paper,) = search("ti:a", 1, options, session).papers
    assert paper.title == "A title &amp; <script>"
    assert paper.authors == ("José A.",)
    assert paper.abstract == "one two three"
    assert paper.doi is None
    assert paper.comment is None


def test_accents_in_the_names_of_old_papers_become_characters(arxiv, options, session) -> None:
    names = (
        r"J. Koll\'ar",
        r"F. J. Yndur{\'a}in",
        r"K. G\"{o}del",
        r"P. Erd\H{o}s",
        r"A. {\L}o\'s",
        "O'Brien & Co",
    )
    arxiv.papers = [replace(PAPER, authors=names)]
    (paper,) = search("ti:a", 1, options, session).papers
    assert paper.authors == ("J. Kollár", "F. J. Ynduráin", "K. Gödel", "P. Erdős", "A. Łoś", "O'Brien & Co")


def test_papers_are_looked_up_by_id_and_version(arxiv, options, session) -> None:
    arxiv.papers.append(replace(PAPER, id="hep-th/9901001", version=3))
    ids = [parse_id("2401.00007"), parse_id("hep-th/9901001v2")]
    found = look_up(ids, options, session).papers
    assert {paper.key for paper in found} == {"2401.00007v1", "hep-th/9901001v2"}
    assert arxiv.requests[0].query["id_list"] == "2401.00007,hep-th/9901001v2"
    assert arxiv.requests[0].query["max_results"] == "2"


def test_unknown_papers_are_simply_absent(arxiv, options, session) -> None:
    ids = [ArxivId("2401.00007"), ArxivId("2405.00001")]
    assert [paper.id for paper in look_up(ids, options, session).papers] == ["2401.00007"]


def test_many_ids_are_asked_for_in_chunks(arxiv, options, session) -> None:
    ids = [ArxivId(paper.id) for paper in PAPERS[:250]]
    assert len(look_up(ids, options, session).papers) == 250
    assert [request.query["max_results"] for request in arxiv.requests] == ["100", "100", "50"]


def test_a_base_address_with_braces_is_no_template(arxiv, options, session) -> None:
    odd = replace(options, arxiv_url=f"{arxiv.url}/{{mirror}}/{{0}}")
    with pytest.raises(SourceError, match="404"):
        search(QUERY, 30, odd, session)
    assert arxiv.requests[0].path == "/{mirror}/{0}/api/query"
