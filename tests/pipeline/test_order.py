"""Which papers come first, and the reasons that pages give."""

import html
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Match, Paper, Reference
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.cache import prune
from mkdocs_paperdigest.pipeline.listing import Listing, list_papers
from mkdocs_paperdigest.pipeline.order import _matches
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.site import Site
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.runs import build_site, forecast, update

NOW = datetime(2024, 10, 20, 6, 17, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def paper(number: int, title: str, abstract: str = "We study a gate.", **changes: object) -> Paper:
    day = datetime(2024, 10, 14 + number, 6, tzinfo=UTC)
    whole = replace(
        PAPER, id=f"2410.0000{number}", title=title, abstract=abstract, published=day, updated=day
    )
    return replace(whole, **changes)


WHEAT = paper(3, "Harvesting of wheat")
HEADS = paper(1, "Talking heads from audio")
LIPS = paper(2, "Lip motion for dubbed video", "Talking heads move a gate.")
PAPERS = [WHEAT, LIPS, HEADS]
"""The newest first."""
ENTRIES = """@misc{a, title = {Audio-driven {Talking} Heads}, doi = {10.1234/a}}
@misc{b, title = {Talking portraits}, eprint = {2301.00001}, archiveprefix = {arXiv}}
@misc{c, title = {Speech and {\\"U}bung <script>}}
"""


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(PAPERS) as fake:
        yield fake


@pytest.fixture
def library(tmp_path: Path) -> Path:
    file = tmp_path / "lab.bib"
    file.write_text(ENTRIES, encoding="utf-8")
    return file


@pytest.fixture
def options(arxiv: FakeArxiv, tmp_path: Path) -> Options:
    return Options(
        (Topic("Gates", "gates", phrases=("gate",)),),
        cache_dir=tmp_path / "cache",
        arxiv_url=arxiv.url,
        request_interval_s=0.001,
        figures=False,
    )


@pytest.fixture
def listed(options: Options) -> Iterator[Callable[..., Listing]]:
    store = Store(options.cache_dir / "store")

    def build(now: datetime = NOW, order: str | None = None, **topic: object) -> Listing:
        changed = replace(options.topics[0], **topic)
        with Run(replace(options, order=order, topics=(changed,)), store, now, {}) as run:
            return list_papers(changed, run)

    yield build
    store.close()


def by_rank(listing: Listing) -> list[str]:
    return [p.id for p in sorted(listing.papers, key=lambda p: -listing.whys[p.key].rank)]


def test_papers_are_ordered_by_closeness_with_the_closest_works_as_the_reason(listed, library: Path) -> None:
    listing = listed(interests=(library,))
    assert by_rank(listing) == [HEADS.id, LIPS.id, WHEAT.id]
    assert listing.whys[HEADS.key].close_to == (
        Reference("Audio-driven Talking Heads", "https://doi.org/10.1234/a"),
        Reference("Talking portraits", "https://arxiv.org/abs/2301.00001"),
    )
    assert listing.whys[WHEAT.key].close_to == ()


def test_a_new_paper_does_not_change_the_closeness_of_others(listed, library: Path, arxiv: FakeArxiv) -> None:
    before = listed(interests=(library,)).whys
    arxiv.add(paper(4, "Talking heads, talking heads"))
    after = listed(now=LATER, interests=(library,)).whys
    assert len(after) == 4
    assert before == {name: after[name] for name in before}


def test_the_order_may_be_by_date_with_the_reason_all_the_same(listed, library: Path) -> None:
    listing = listed(order="date", interests=(library,))
    assert by_rank(listing) == [WHEAT.id, LIPS.id, HEADS.id]
    assert listing.whys[HEADS.key].close_to


def test_without_interests_the_reason_is_what_of_the_topic_matched(listed) -> None:
    listing = listed(
        phrases=("talking head", "Dubbed  video"),
        authors=(PAPER.authors[0],),
        query=('ti:"wheat" ANDNOT abs:"rye"',),
    )
    author = Match(PAPER.authors[0], "author")
    assert listing.whys[LIPS.key].matched == (
        Match("talking head", "abstract"),
        Match("Dubbed  video", "title"),
        author,
    )
    assert listing.whys[WHEAT.key].matched == (Match("wheat", "title"), author)
    assert by_rank(listing) == [WHEAT.id, LIPS.id, HEADS.id]


def test_what_a_query_excludes_is_no_reason(listed) -> None:
    query = '((all:gate ANDNOT (ti:"talking heads" OR abs:audio)) OR ti:wheat) ANDNOT ti:lip'
    listing = listed(phrases=(), query=(query,), ids=tuple(p.id for p in PAPERS))
    assert listing.whys[HEADS.key].matched == (Match("gate", "abstract"),)
    assert listing.whys[WHEAT.key].matched == (Match("gate", "abstract"), Match("wheat", "title"))
    assert listing.whys[LIPS.key].matched == (Match("gate", "abstract"),)


@pytest.mark.parametrize(
    "written", ["Ada Lovelace", "Lovelace, Ada", "A. Lovelace", "lovelace a", "Lovelace"]
)
def test_authors_are_known_by_their_names_in_any_spelling(written: str, listed, arxiv: FakeArxiv) -> None:
    arxiv.add(paper(4, "Engines", authors=("Ada King Lovelace", "A. Byron")))
    arxiv.add(paper(5, "Turbines", authors=("Bob Lovelac", "Ada Byron", "Li Ada")))
    whys = listed(authors=(written,)).whys
    matched = {name: [m for m in why.matched if m.place == "author"] for name, why in whys.items()}
    assert matched["2410.00004v1"] == [Match(written, "author")]
    assert matched["2410.00005v1"] == []


def test_papers_can_be_ordered_by_what_matched(listed) -> None:
    listing = listed(order="match", phrases=("talking head", "audio", "gate"))
    assert by_rank(listing) == [HEADS.id, LIPS.id, WHEAT.id]


def test_ids_among_the_interests_are_asked_for_once_and_kept(listed, arxiv: FakeArxiv) -> None:
    for now in (NOW, LATER, LATER + timedelta(days=1)):
        listing = listed(now=now, interests=(HEADS.id,))
    assert by_rank(listing)[0] == HEADS.id
    assert listing.whys[LIPS.key].close_to == (Reference(HEADS.title, f"https://arxiv.org/abs/{HEADS.id}"),)
    assert sum("id_list" in request.query for request in arxiv.asked("api")) == 1


def test_ids_that_are_not_known_offline_are_left_out_with_one_line(
    options: Options, library: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build_site(options, now=NOW, environ={})
    topic = replace(options.topics[0], interests=(HEADS.id, library))
    topics = (topic, replace(topic, title="More gates", slug="more"))
    caplog.set_level(logging.INFO)
    build_site(replace(options, topics=topics, offline=True), now=NOW, environ={})
    lines = [line for line in caplog.messages if "interests" in line]
    assert lines == [f"interests that are not known yet are left out: {HEADS.id}"]


@pytest.mark.parametrize("text", ["", "@misc{a, year = 2020}", "no BibTeX"])
def test_a_file_without_works_is_named_once_and_orders_nothing(
    text: str, listed, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "x.bib").write_text(text)
    caplog.set_level(logging.INFO)
    listing = listed(interests=(tmp_path / "x.bib",))
    assert by_rank(listing) == [WHEAT.id, LIPS.id, HEADS.id]
    assert [line for line in caplog.messages if "interests" in line] == [
        "`interests`: x.bib names no works with a title; check that it is the right file"
    ]


def test_a_file_without_works_is_named_beside_a_good_one(
    listed, library: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "x.bib").write_text("no BibTeX")
    caplog.set_level(logging.INFO)
    assert by_rank(listed(interests=(tmp_path / "x.bib", library)))[0] == HEADS.id
    assert any("x.bib names no works" in line for line in caplog.messages)


def test_an_id_that_arxiv_does_not_have_is_named_and_not_asked_for_in_each_build(
    listed, arxiv: FakeArxiv, caplog: pytest.LogCaptureFixture
) -> None:
    for minutes in range(2):
        caplog.clear()
        listed(now=NOW + timedelta(minutes=minutes), interests=("2405.99999", HEADS.id))
        (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
        assert record.getMessage() == "arXiv has no paper 2405.99999; correct `interests`"
    assert sum("id_list" in request.query for request in arxiv.asked("api")) == 1


def test_all_topics_ask_for_their_interests_at_once(options: Options, arxiv: FakeArxiv) -> None:
    one = replace(options.topics[0], interests=(HEADS.id,))
    other = replace(one, title="More gates", slug="more", interests=(HEADS.id, LIPS.id))
    site = build_site(replace(options, topics=(one, other)), now=NOW, environ={})
    assert sum("id_list" in request.query for request in arxiv.asked("api")) == 1
    assert all(digest.entries[0].why.rank for digest in site.report.digests)


def test_a_work_that_is_named_twice_is_one_reason(listed, library: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.bib"
    again.write_text(ENTRIES.replace("{Talking} Heads", "talking heads"), encoding="utf-8")
    titles = [work.title for work in listed(interests=(library, again)).whys[HEADS.key].close_to]
    assert titles == ["Audio-driven Talking Heads", "Talking portraits"]


def test_the_paper_itself_is_no_reason_under_an_earlier_title(listed, tmp_path: Path) -> None:
    file = tmp_path / "own.bib"
    file.write_text(
        f"@misc{{a, title = {{Talking heads}}, eprint = {{{HEADS.id}v1}}, archiveprefix = {{arXiv}}}}"
    )
    listing = listed(interests=(file,))
    assert listing.whys[HEADS.key].close_to == ()
    assert listing.whys[LIPS.key].close_to


def test_what_is_compared_is_kept_once_for_a_topic(listed, library: Path, options: Options) -> None:
    for day in range(3):
        library.write_text(f"{ENTRIES}@misc{{new, title = {{Gates of day {'abc'[day]}}}}}", encoding="utf-8")
        listed(interests=(library,))
    store = Store(options.cache_dir / "store")
    assert len([*store.keys("closeness")]) == 1
    store.close()


def test_prune_keeps_what_the_interests_need_and_nothing_else(options: Options, library: Path) -> None:
    def rows() -> dict[str, int]:
        with Run(with_both, Store(options.cache_dir / "store"), NOW, {}) as run:
            kinds = {kind: len([*run.store.keys(kind)]) for kind in ("works", "interest", "closeness")}
            run.store.close()
        return kinds

    topic = replace(options.topics[0], interests=(library, HEADS.id))
    with_both = replace(options, topics=(topic,))
    build_site(with_both, now=NOW, environ={})
    prune(with_both, now=NOW, environ={})
    assert rows() == {"works": 0, "interest": 1, "closeness": 1}
    without = replace(options, topics=(replace(topic, slug="other", interests=()),))
    build_site(without, now=NOW, environ={})
    prune(without, now=NOW, environ={})
    assert rows() == {"works": 0, "interest": 0, "closeness": 0}


def test_a_file_that_is_gone_is_an_error(listed, tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"`interests`: .*x\.bib: there is no such file; correct the path"
    ):
        listed(interests=(tmp_path / "x.bib",))


def test_categories_alone_keep_the_closest_of_all_that_is_new(
    listed, library: Path, arxiv: FakeArxiv
) -> None:
    listing = listed(phrases=(), categories=("cs.CV",), interests=(library,), max_papers=2)
    assert [p.id for p in listing.papers] == [LIPS.id, HEADS.id], "closest, then by date"
    assert [(line.key, line.reasons[0].code) for line in listing.left_out] == [(WHEAT.key, "beyond_closest")]
    (asked,) = arxiv.asked("api")
    assert asked.query["search_query"] == "(cat:cs.CV)"
    assert int(asked.query["max_results"]) > 100


@pytest.mark.parametrize("order", ["date", "match"])
def test_another_order_keeps_the_closest_of_all_that_is_new(order: str, listed, library: Path) -> None:
    listing = listed(order=order, phrases=(), categories=("cs.CV",), interests=(library,), max_papers=2)
    assert by_rank(listing) == [LIPS.id, HEADS.id]


def test_categories_alone_keep_the_newest_where_interests_name_nothing(listed, tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text("")
    listing = listed(phrases=(), categories=("cs.CV",), interests=(tmp_path / "x.bib",), max_papers=2)
    assert [p.id for p in listing.papers] == [WHEAT.id, LIPS.id]
    assert listing.left_out[0].reasons[0].code == "beyond_newest"


def test_categories_alone_keep_the_newest_without_interests(listed, arxiv: FakeArxiv) -> None:
    listing = listed(phrases=(), categories=("cs.CV",), max_papers=2)
    assert [p.id for p in listing.papers] == [WHEAT.id, LIPS.id]
    assert arxiv.asked("api")[0].query["max_results"] == "2"


def test_the_closest_papers_are_worked_on_first(options: Options, library: Path) -> None:
    topic = replace(options.topics[0], interests=(library,))
    site = build_site(replace(options, topics=(topic,), max_new_papers=1), now=NOW, environ={})
    read = [entry.paper.id for entry in site.report.digests[0].entries if not entry.waiting]
    assert read == [HEADS.id]
    assert forecast(replace(options, topics=(topic,)), now=NOW, environ={}).papers == 2


def page_of(site: Site, name: str) -> str:
    """A page with plain characters in place of entities."""
    return html.unescape(next(file.path for file in site.files if file.uri.endswith(name)).read_text("utf-8"))


def test_pages_order_a_period_by_closeness_and_say_why(options: Options, library: Path) -> None:
    topic = replace(options.topics[0], interests=(library,))
    page = page_of(build_site(replace(options, topics=(topic,)), now=NOW, environ={}), "gates/index.md")
    heads, lips, wheat = (page.index(f'id="{p.id}"') for p in (HEADS, LIPS, WHEAT))
    assert heads < lips < wheat
    assert (
        '<p class="pd-why" data-search-exclude data-pagefind-ignore>Close to: <a href="https://doi.org/10.1234/a">'
        in page
    )
    assert page.count('class="pd-why"') == 3
    assert "Matches: “gate” (abstract)" in page, "nothing is close to wheat"


def test_bibliographies_and_the_filter_s_index_stay_by_date(options: Options, library: Path) -> None:
    topic = replace(options.topics[0], interests=(library,))
    site = build_site(replace(options, topics=(topic,), period="day"), now=NOW, environ={})
    for name in ("gates.bib", "papers.js"):
        text = page_of(site, name)
        assert text.index(WHEAT.id) < text.index(LIPS.id) < text.index(HEADS.id)


def test_an_archive_alone_asks_for_no_interests(
    options: Options, tmp_path: Path, arxiv: FakeArxiv, caplog: pytest.LogCaptureFixture
) -> None:
    kept = replace(options, archive_dir=tmp_path / "archive")
    update(kept, now=NOW, environ={})
    asked = len(arxiv.asked("api"))
    topic = replace(options.topics[0], interests=(HEADS.id,))
    caplog.set_level(logging.INFO)
    build_site(replace(kept, topics=(topic,)), now=LATER, environ={})
    assert len(arxiv.asked("api")) == asked
    assert [line for line in caplog.messages if "interests" in line] == [
        f"interests that are not known yet are left out: {HEADS.id}"
    ]
    update(replace(kept, topics=(topic,)), now=LATER, environ={})
    site = build_site(replace(kept, topics=(topic,)), now=LATER, environ={})
    assert site.report.digests[0].entries[0].paper.id == HEADS.id


def test_pages_say_what_matched_without_interests(options: Options) -> None:
    topic = replace(options.topics[0], phrases=("talking head", "gate"))
    page = page_of(build_site(replace(options, topics=(topic,)), now=NOW, environ={}), "gates/index.md")
    assert "Matches: “talking head” (abstract), “gate” (abstract)</p>" in page


def test_pages_shorten_long_titles_of_works(options: Options, tmp_path: Path) -> None:
    file = tmp_path / "x.bib"
    file.write_text(f"@misc{{a, title = {{Talking heads{' and many more talking heads' * 99}}}}}")
    topic = replace(options.topics[0], interests=(file,))
    page = page_of(build_site(replace(options, topics=(topic,)), now=NOW, environ={}), "gates/index.md")
    (why,) = {line for line in page.splitlines() if "Talking heads and" in line}
    assert why.endswith("…</p>")
    assert len(why) < 300


def test_pages_call_the_order_by_what_it_is(options: Options, library: Path, arxiv: FakeArxiv) -> None:
    for number in range(4, 8):
        arxiv.add(paper(number, "Wheat", published=NOW - timedelta(days=number)))
    topic = replace(options.topics[0], phrases=("gate", "talking head"), period="all", interests=(library,))
    for order, label in (("match", "Best matches first"), (None, "Closest first")):
        changed = replace(options, topics=(topic,), order=order)
        page = page_of(build_site(changed, now=NOW, environ={}), "gates/index.md")
        assert re.search(r"<select [^>]*><option [^>]*>([^<]*)", page)[1] == label


def test_hostile_works_and_terms_are_inert_and_escaped_once(options: Options, tmp_path: Path) -> None:
    file = tmp_path / "x.bib"
    file.write_text("@misc{a, title = {Talking heads <img src=x onerror=a()>}, url = {javascript:a()}}")
    hostile = replace(options.topics[0], phrases=("gate", "<b>lips & heads"), slug="b")
    arxiv_page = replace(hostile, slug="a", interests=(file,))
    site = build_site(replace(options, topics=(arxiv_page, hostile)), now=NOW, environ={})
    pages = "".join(file.path.read_text("utf-8") for file in site.files if file.uri.endswith("/index.md"))
    assert "<img src=x" not in pages
    assert "javascript" not in pages
    assert "&amp;lt;" not in pages
    assert "onerror" in pages


@pytest.mark.parametrize(
    ("phrase", "title", "has"),
    [
        ("talking head", "Talking-Head Synthesis", True),
        ("audio-driven", "Audio driven faces", True),
        ("talking head", "Faces of talking heads", True),
        ("talking heads", "A talking head", True),
        ("GAN", "An organ of gangs", False),
        ("GAN", "Two GANs (GAN)", True),
        ("扩散模型", "基于扩散模型的视频生成", True),
        ("c++ (fast)", "C++ (fast) kernels", True),
        ("talking head", "Head-talking", False),
    ],
)
def test_a_phrase_is_found_as_words(phrase: str, title: str, has: bool) -> None:
    in_title = replace(PAPER, title=title, abstract="None.")
    in_abstract = replace(PAPER, title="None.", abstract=title)
    assert list(_matches(in_title, (phrase,), {})) == ([Match(phrase, "title")] if has else [])
    assert list(_matches(in_abstract, (phrase,), {})) == ([Match(phrase, "abstract")] if has else [])


def test_no_phrase_spans_title_and_abstract() -> None:
    paper = replace(PAPER, title="We are talking", abstract="Head first.")
    assert list(_matches(paper, ("talking head",), {})) == []
