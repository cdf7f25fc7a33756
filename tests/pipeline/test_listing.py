"""What there is for a topic: asked once, kept, and shown again when arXiv fails."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
from mkdocs_paperdigest.models import Citation, Document, Summary, TopicState
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.known import exact_summary, with_abstract
from mkdocs_paperdigest.pipeline.listing import Listing, _within_limits, list_papers
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.reasons import Reason, ReasonCode, worded
from mkdocs_paperdigest.sources.library import Library
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.runs import build_site

NOW = datetime(2024, 10, 20, 6, 17, tzinfo=UTC)
LATER = NOW + timedelta(hours=21)
TOPIC = Topic("Gates", "gates", phrases=("gate",))
SECOND = replace(PAPER, id="2410.00002", published=NOW - timedelta(days=10))
THIRD = replace(PAPER, id="2410.00003", published=NOW - timedelta(days=20))


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv([SECOND, PAPER, THIRD]) as fake:
        yield fake


@pytest.fixture
def listed(arxiv: FakeArxiv, tmp_path: Path) -> Iterator[Callable[..., Listing]]:
    """One build that lists one topic, with a store that all builds share."""
    store = Store(tmp_path / "store")
    options = Options(topics=(), cache_dir=tmp_path, arxiv_url=arxiv.url, request_interval_s=0.001)

    def build(topic: Topic = TOPIC, now: datetime = NOW, **changes: object) -> Listing:
        with Run(replace(options, **changes), store, now, {}) as run:
            return list_papers(topic, run)

    yield build
    store.close()


def test_a_reader_starts_while_the_first_list_is_waited_for(
    arxiv: FakeArxiv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is asked for again may have nothing new."""
    store = Store(tmp_path / "store")
    options = Options((TOPIC,), cache_dir=tmp_path, arxiv_url=arxiv.url, request_interval_s=0.001)
    started: list[int] = []
    start = PdfReader.start

    def noting(self: PdfReader, files: int) -> None:
        started.append(len(arxiv.requests))
        start(self, files)

    monkeypatch.setattr(PdfReader, "start", noting)
    try:
        for now, changes in (
            (NOW, {"offline": True}),
            (NOW, {"max_new_papers": 0}),
            (NOW + timedelta(days=2), {}),
        ):
            with Run(replace(options, **changes), store, now, {}, reads_on=True) as run:
                list_papers(TOPIC, run)
        with Run(options, store, NOW + timedelta(days=4), {}) as run:
            list_papers(replace(TOPIC, slug="forecast", phrases=("paper",)), run)
        assert started == []
        other = replace(TOPIC, slug="others", phrases=("text",))
        with Run(options, store, NOW + timedelta(days=4), {}, reads_on=True) as run:
            asked = len(arxiv.requests)
            list_papers(TOPIC, run)
            list_papers(other, run)
            list_papers(replace(other, phrases=("gates",)), run)
        assert started == [asked + 1]
    finally:
        store.close()


@pytest.mark.parametrize(
    "text", ["", "@string{a = {A}}\n@preamble{{x}}", "no BibTeX", "@comment{a, title = {A}}"]
)
def test_a_library_without_works_is_named_in_one_line(
    text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "x.bib").write_text(text)
    topic = Topic("Ours", "ours", library=tmp_path / "x.bib")
    options = Options((topic,), cache_dir=tmp_path / "cache", offline=True)
    caplog.set_level(logging.INFO)
    build_site(options, now=NOW, environ={})
    lines = [record.getMessage() for record in caplog.records if "x.bib" in record.getMessage()]
    assert lines == ["topic 'Ours': x.bib names no works; check that it is the right file"]


def standing(listing: Listing, **state: Any) -> Listing:
    """The listing with its topic in another state."""
    return replace(listing, state=replace(listing.state, **state))


def ids(listing: Listing) -> list[str]:
    return [paper.id for paper in listing.papers]


def test_the_newest_paper_comes_first(listed) -> None:
    listing = listed()
    assert listing.state == TopicState(TOPIC.title, TOPIC.slug, as_of=NOW)
    assert (listing.papers, listing.left_out) == ((PAPER, SECOND, THIRD), ())


def test_a_fresh_answer_is_not_asked_for_again(arxiv, listed) -> None:
    first = listed()
    again = listed(now=NOW + timedelta(hours=19))
    assert again == first
    assert len(arxiv.requests) == 1


def test_an_old_answer_is_asked_for_again(arxiv, listed) -> None:
    listed()
    arxiv.papers.append(replace(PAPER, id="2410.00004", published=NOW))
    later = listed(now=LATER)
    assert ids(later)[0] == "2410.00004"
    assert later.state.as_of == LATER


def test_papers_that_have_lost_their_abstracts_do_not_replace_the_whole_ones(arxiv, listed) -> None:
    listed()
    arxiv.fail("without", name="summary", times=None)
    later = listed(now=LATER)
    assert later.papers == (PAPER, SECOND, THIRD)
    assert str(later.state.trouble) == "arXiv sent a paper without <summary>"


NO_DATE = {"pattern": r"<published>.*?</published>", "new": ""}


@pytest.mark.parametrize(
    "topic", [TOPIC, Topic("Named", "named", ids=("2410.00002", "2410.13786", "2410.00003"))]
)
def test_an_odd_entry_is_named_and_holds_no_other(arxiv, listed, topic, caplog) -> None:
    caplog.set_level("INFO", "mkdocs")
    arxiv.fail("odd", number=1, times=None, **NO_DATE)
    first = listed(topic)
    assert ids(first) == [PAPER.id, THIRD.id]
    assert first.state.state == "fresh"
    (line,) = first.left_out
    assert (line.key, line.title, line.fate) == (SECOND.key, SECOND.title, "filtered")
    assert worded(line.reasons) == "arXiv sent a paper without <published>"
    assert f"left out: 1 ('{SECOND.key}': arXiv sent a paper without <published>)" in caplog.text
    assert "arXiv has no paper" not in caplog.text
    asked = len(arxiv.requests)
    assert listed(topic, now=NOW + timedelta(hours=19)) == first
    assert len(arxiv.requests) == asked, "it is an answer like others"


@pytest.mark.parametrize(
    "topic", [TOPIC, Topic("Named", "named", ids=("2410.00002", "2410.13786", "2410.00003"))]
)
def test_an_odd_entry_leaves_the_paper_as_it_was_known(arxiv, listed, topic: Topic) -> None:
    good = listed(topic)
    arxiv.papers.append(replace(PAPER, id="2410.00004", published=NOW))
    arxiv.fail("odd", number=2, times=None, **NO_DATE)
    later = listed(replace(topic, ids=(*topic.ids, "2410.00004") if topic.ids else ()), now=LATER)
    assert ids(later) == ["2410.00004", *ids(good)]
    assert (later.state.state, later.left_out) == ("fresh", ())


FAULTS = [
    ("429", "arXiv answered 429"),
    ("403", "arXiv denied access (403)"),
    ("block page", "arXiv sent something that is not"),
    ("no bytes", "arXiv sent something that is not"),
    ("short", "arXiv sent something that is not a whole feed"),
    ("few", "arXiv sent 2 papers on a page of 3"),
    ("empty page", "arXiv sent 0 papers on a page of 3"),
    ("not xml", "arXiv sent something that is not a whole feed"),
    ("drop", "arXiv could not be reached"),
]


@pytest.mark.parametrize(("fault", "words"), FAULTS)
def test_a_broken_answer_never_replaces_a_good_one(arxiv, listed, fault, words) -> None:
    good = listed()
    arxiv.fail(fault, times=None)
    later = listed(now=LATER)
    assert later.papers == good.papers
    assert later.state.state == "stale"
    assert later.state.as_of == NOW
    assert words in str(later.state.trouble)
    arxiv.heal()
    assert listed(now=LATER) == standing(good, as_of=LATER)


def test_an_empty_answer_never_replaces_a_good_one(arxiv, listed) -> None:
    good = listed()
    papers, arxiv.papers = arxiv.papers, []
    later = listed(now=LATER)
    assert later == standing(good, state="stale", trouble=Reason(ReasonCode.ARXIV_FINDS_NOTHING))
    asked = len(arxiv.requests)
    assert listed(now=LATER + timedelta(hours=1)) == later
    assert len(arxiv.requests) == asked, "the empty answer counts as one"
    arxiv.papers = papers
    assert listed(now=LATER + timedelta(hours=21)).state.state == "fresh"


def test_a_subject_without_papers_is_fresh_and_empty(arxiv, listed) -> None:
    arxiv.papers = []
    assert listed() == Listing(TOPIC, TopicState(TOPIC.title, TOPIC.slug, as_of=NOW), ())
    assert listed() == Listing(TOPIC, TopicState(TOPIC.title, TOPIC.slug, as_of=NOW), ())
    assert len(arxiv.requests) == 2, "seen twice, then believed"


def test_nothing_was_ever_answered(arxiv, listed) -> None:
    arxiv.fail("403", times=None)
    never = TopicState(
        TOPIC.title, TOPIC.slug, state="never", trouble=Reason(ReasonCode.ARXIV_DENIED, status=403)
    )
    assert listed() == Listing(TOPIC, never, ())


def test_offline_shows_what_is_known_and_asks_nobody(arxiv, listed) -> None:
    offline = Reason(ReasonCode.OFFLINE, Reason(ReasonCode.ARXIV_NOT_ASKED))
    never = TopicState(TOPIC.title, TOPIC.slug, state="never", trouble=offline)
    assert listed(offline=True) == Listing(TOPIC, never, ())
    good = listed()
    asked = len(arxiv.requests)
    assert listed(offline=True) == good
    later = listed(now=LATER, offline=True)
    assert later == standing(good, state="stale", trouble=offline)
    assert len(arxiv.requests) == asked


def test_limits_of_the_topic_need_no_new_answer(arxiv, listed) -> None:
    listed()
    assert ids(listed(replace(TOPIC, max_papers=2))) == [PAPER.id, SECOND.id]
    assert ids(listed(replace(TOPIC, since=timedelta(days=15)))) == [PAPER.id, SECOND.id]
    assert ids(listed(replace(TOPIC, since=date(2024, 10, 17)))) == [PAPER.id]
    assert ids(listed(replace(TOPIC, title="Renamed"))) == [PAPER.id, SECOND.id, THIRD.id]
    assert len(arxiv.requests) == 1


def test_more_papers_than_were_asked_for_need_a_new_answer(arxiv, listed) -> None:
    assert len(listed(replace(TOPIC, max_papers=2)).papers) == 2
    assert len(listed(replace(TOPIC, max_papers=5)).papers) == 3
    assert len(arxiv.requests) == 2
    assert len(listed(replace(TOPIC, max_papers=9)).papers) == 3
    assert len(arxiv.requests) == 2, "there are no more"


def test_what_is_left_out_is_told_with_its_reason(listed) -> None:
    listed()
    topic = replace(TOPIC, max_papers=1, since=timedelta(days=15))
    lines = {line.key: (line.fate, worded(line.reasons)) for line in listed(topic).left_out}
    assert lines == {
        "2410.00002v1": ("filtered", "beyond the newest 1"),
        "2410.00003v1": ("filtered", "before 2024-10-05"),
    }


def test_hidden_papers_are_left_out_whatever_their_version(listed) -> None:
    listing = listed(replace(TOPIC, hide=(PAPER.id,)))
    assert PAPER.id not in ids(listing)
    (line,) = listing.left_out
    assert (line.key, line.fate) == (PAPER.key, "filtered")
    assert line.reasons == (Reason(ReasonCode.HIDDEN_IN_TOPIC),)


def test_named_papers_are_no_search_results(arxiv, listed) -> None:
    """An old paper that is named does not compete with the newest that are found."""
    old = replace(PAPER, id="hep-th/9901001", version=2, title="Strings", abstract="Strings.")
    arxiv.papers.append(old)
    topic = replace(TOPIC, ids=("hep-th/9901001v1", "2410.00002"))
    listing = listed(topic)
    assert len(listing.papers) == 4
    assert replace(old, version=1) in listing.papers
    assert len(arxiv.requests) == 2


def test_a_version_that_is_named_wins_over_the_newest(arxiv, listed) -> None:
    arxiv.papers = [replace(PAPER, version=3)]
    listing = listed(replace(TOPIC, ids=(f"{PAPER.id}v1",)))
    assert [paper.version for paper in listing.papers] == [1]
    assert [(line.key, line.fate) for line in listing.left_out] == [(f"{PAPER.id}v3", "duplicate")]


def test_another_id_that_cannot_be_asked_for_hides_none_of_the_known(arxiv, listed) -> None:
    club = Topic("Club", "club", ids=(PAPER.id,))
    listed(club)
    arxiv.fail("429", times=None)
    both = listed(replace(club, ids=(PAPER.id, SECOND.id)))
    assert ids(both) == [PAPER.id]
    assert (both.state.state, str(both.state.trouble)) == ("stale", "arXiv answered 429")
    arxiv.heal()
    assert ids(listed(replace(club, ids=(PAPER.id, SECOND.id)))) == [PAPER.id, SECOND.id]
    asked = len(arxiv.requests)
    assert ids(listed(club)) == [PAPER.id]
    assert len(arxiv.requests) == asked, "one id less is no new question"


def test_a_gap_in_the_index_hides_no_paper(arxiv, listed) -> None:
    club = Topic("Club", "club", ids=(PAPER.id, SECOND.id))
    listed(club)
    arxiv.papers.remove(SECOND)
    assert ids(listed(club, now=LATER)) == [PAPER.id, SECOND.id]


def test_an_id_that_arxiv_does_not_know_is_told(listed, caplog) -> None:
    caplog.set_level("INFO", logger="mkdocs")
    club = listed(Topic("Club", "club", ids=(PAPER.id, "2405.99999")))
    assert ids(club) == [PAPER.id]
    (record,) = (record for record in caplog.records if "2405.99999" in record.getMessage())
    assert record.getMessage() == "topic 'Club': arXiv has no paper 2405.99999; correct `ids`"
    assert record.levelname == "WARNING"
    assert [(line.key, line.fate) for line in club.left_out] == [("2405.99999", "unknown")]


def test_an_id_of_a_library_that_arxiv_does_not_know_ends_no_strict_build(
    listed, caplog, tmp_path: Path
) -> None:
    caplog.set_level("INFO", logger="mkdocs")
    bib = tmp_path / "reports.bib"
    bib.write_text("@misc{x, title={X}, year={2024}, eprint={2405.99999}, archiveprefix={arXiv}}", "utf-8")
    ours = listed(Topic("Ours", "ours", library=bib))
    assert [(line.key, line.fate) for line in ours.left_out] == [("2405.99999", "unknown")]
    assert {record.levelname for record in caplog.records if "2405.99999" in record.getMessage()} == {"INFO"}


def test_a_library_is_read_without_arxiv(arxiv, listed, tmp_path: Path) -> None:
    bib = tmp_path / "reports.bib"
    bib.write_text("@report{ours, title={Ours}, date={2024-10-01}}", "utf-8")
    os.utime(bib, (NOW.timestamp(), NOW.timestamp()))
    topic = Topic("Ours", "ours", library=bib)
    listing = listed(topic, now=LATER)
    assert ids(listing) == ["ours"]
    assert (listing.state.state, listing.state.as_of) == ("fresh", NOW)
    assert listed(topic, now=LATER + timedelta(days=9)) == listing
    assert arxiv.requests == []


def test_papers_of_a_library_that_are_too_many_are_counted_in_the_log(listed, tmp_path: Path, caplog) -> None:
    bib = tmp_path / "reports.bib"
    bib.write_text(
        "".join(f"@report{{r{n}, title={{Ours {n}}}, year={{202{n}}}}}" for n in range(5)), "utf-8"
    )
    topic = Topic("Ours", "ours", library=bib, max_papers=2)
    caplog.set_level(logging.INFO)
    assert ids(listed(topic)) == ["r4", "r3"]
    listed(replace(topic, max_papers=5))
    listed(replace(TOPIC, max_papers=2))
    assert [record.getMessage() for record in caplog.records if "max_papers" in record.getMessage()] == [
        "topic 'Ours': the newest 2 of 5 papers are shown; set `max_papers` to show more"
    ]


def test_a_change_of_the_library_shows_at_once(listed, tmp_path: Path) -> None:
    bib = tmp_path / "reports.bib"
    bib.write_text("@report{ours, title={Ours}, year=2024}", "utf-8")
    topic = Topic("Ours", "ours", library=bib)
    assert ids(listed(topic)) == ["ours"]
    bib.write_text("@report{theirs, title={Theirs}, year=2024}", "utf-8")
    assert ids(listed(topic)) == ["theirs"]


def test_a_librarys_arxiv_papers_come_from_arxiv(arxiv, listed, tmp_path: Path) -> None:
    bib = tmp_path / "reports.bib"
    bib.write_text("@report{ours, title={Ours}, year=2023}\n@misc{x, eprint={2410.13786}}", "utf-8")
    topic = Topic("Ours", "ours", library=bib)
    cited = Citation("misc", "x", {"eprint": "2410.13786"})
    assert listed(topic).papers[0] == replace(PAPER, citation=cited)
    assert ids(listed(topic)) == [PAPER.id, "ours"]
    assert len(arxiv.requests) == 1


def test_entries_that_cannot_be_shown_are_named_in_one_line_and_all_in_the_ledger(
    listed, tmp_path: Path, caplog
) -> None:
    bib = tmp_path / "reports.bib"
    bad = "\n".join(f"@misc{{b{n}, title={{B}}}}" for n in range(5))
    bib.write_text(f"@misc{{ours, title={{Ours}}, journal=jn, year=2024}}\n{bad}", "utf-8")
    topic = Topic("Ours", "ours", library=bib)
    caplog.set_level("INFO")
    for _ in range(2):
        caplog.clear()
        listing = listed(topic)
        assert ids(listing) == ["ours"]
        assert [line.key for line in listing.left_out] == [f"b{n}" for n in range(5)]
        assert worded(listing.remarks["ours"]) == "the library defines no @string jn"
        left_out, shown = [record.getMessage() for record in caplog.records]
        assert "entries that are left out: 5 ('b0': `year` is missing" in left_out
        assert "'b3'" not in left_out
        assert "shown without some part: 1 ('ours': the library defines no @string jn)" in shown


def test_a_pdf_that_comes_later_is_found(listed, tmp_path: Path) -> None:
    bib = tmp_path / "reports.bib"
    bib.write_text("@misc{ours, title={Ours}, year=2024, file={a.pdf}}", "utf-8")
    topic = Topic("Ours", "ours", library=bib)
    assert listed(topic).papers[0].pdf is None
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.5\n%%EOF")
    assert listed(topic).papers[0].pdf == (tmp_path / "a.pdf").resolve()


def test_summaries_stay_when_a_title_is_read_differently(tmp_path: Path) -> None:
    """What version 2 of libraries lost of a title was part of the key of what was paid for."""
    bib = tmp_path / "reports.bib"
    bib.write_text(r"@misc{ours, title={\texttt{emcee}: The Hammer}, year=2024}", "utf-8")
    topic = Topic("Ours", "ours", library=bib)
    options = Options(topics=(topic,), cache_dir=tmp_path, model="gemini/x", offline=True)
    document = Document("pdf", abstract="It is a hammer.", text_hash="1" * 16)
    paid = Summary(model="gemini/x", language="en", made_at=NOW, basis="pdf", summary="Paid.")
    store = Store(tmp_path / "store")
    with Run(options, store, NOW, {"GEMINI_API_KEY": "k"}) as run:
        (now,) = list_papers(topic, run).papers
        assert now.title == "emcee: The Hammer"
        former = replace(now, title=": The Hammer", citation=None)
        run.shelves.library.put(Library((former,), ()), topic, bib.read_bytes(), version=2)
        run.shelves.reading.put(document, now)
        old = replace(former, abstract=document.abstract)
        run.shelves.summary.put(paid, old, document, titled=True)
        list_papers(topic, run)
        assert exact_summary(with_abstract(now, document), document, run) == paid
        mended = replace(now, title="Emcee: The MCMC Hammer", abstract=document.abstract)
        assert exact_summary(mended, document, run) == paid
    store.close()


def test_a_library_is_shown_although_arxiv_fails(arxiv, listed, tmp_path: Path) -> None:
    bib = tmp_path / "reports.bib"
    bib.write_text("@report{ours, title={Ours}, year=2024}", "utf-8")
    arxiv.fail("403", times=None)
    listing = listed(replace(TOPIC, library=bib))
    assert ids(listing) == ["ours"]
    assert (listing.state.state, listing.state.as_of) == ("stale", None)


def test_a_warm_listing_imports_nothing_that_asks(arxiv, listed, tmp_path: Path) -> None:
    """Nor do two topics, a library among them, cost a second look at what is known."""
    bib = tmp_path / "reports.bib"
    bib.write_text("@report{ours, title={Ours}, year=2024}", "utf-8")
    listed(replace(TOPIC, library=bib))
    program = f"""
import sys
from datetime import datetime
from pathlib import Path
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.known import exact_summary, with_abstract
from mkdocs_paperdigest.pipeline.listing import list_papers
from mkdocs_paperdigest.sources.library import Library
from mkdocs_paperdigest.storage.store import Store
folder = Path({str(tmp_path)!r})
topic = Topic("Gates", "gates", phrases=("gate",), library=folder / "reports.bib")
options = Options(topics=(), cache_dir=folder, arxiv_url={arxiv.url!r})
with Run(options, Store(folder / "store"), datetime.fromisoformat({NOW.isoformat()!r}), {{}}) as run:
    print(len(list_papers(topic, run).papers))
print(sorted({{"requests", "urllib3", "lxml", "arxiv", "pybtex", "pylatexenc"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["4", "[]"]
    assert len(arxiv.requests) == 1


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(1, 28))),
    st.integers(1, 8),
    st.none() | st.integers(1, 28),
)
def test_every_paper_that_came_is_shown_or_left_out_with_a_reason(
    came: list[tuple[int, int, int]], most: int, first_day: int | None
) -> None:
    papers = [
        replace(PAPER, id=f"2410.0000{number}", version=version, published=NOW.replace(month=10, day=day))
        for number, version, day in came
    ]
    since = date(2024, 10, first_day) if first_day else None
    topic = Topic("Gates", "gates", phrases=("gate",), max_papers=most, since=since)
    shown, left_out = _within_limits(papers, {}, topic, NOW)
    keys = [*(paper.key for paper in shown), *(line.key for line in left_out)]
    assert sorted(keys) == sorted({paper.key for paper in papers})
    assert len({paper.id for paper in shown}) == len(shown) <= most
    assert all(line.reasons and line.fate in ("filtered", "duplicate") for line in left_out)
