"""Feeds: one item a paper, valid for every reader, and never news twice."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from mkdocs_paperdigest.models import Digest, Entry
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pages import feeds
from mkdocs_paperdigest.pages.feeds import atom, item_id, json_feed
from mkdocs_paperdigest.pages.labels import load_language
from mkdocs_paperdigest.pages.plan.contents import PageEntry, SiteAddress
from mkdocs_paperdigest.pages.plan.outline import outline
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers
from tests.pages.reading import check_feeds, entries_of, links_of, said

SITE = SiteAddress("Lab", "https://lab.example/wiki/", directory_urls=True)
ENGLISH = load_language("en")
HEADS = "talking-head-generation"

Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Writes feeds alone and returns the folder of the digests."""

    def published(*digests: Digest, site: SiteAddress = SITE, **options: object) -> Path:
        plan = outline(digests, papers.options(tmp_path, **options), now=papers.NOW, site=site)
        for feed in plan.feeds:
            path = tmp_path / "feeds" / feed.uri
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text((atom if path.suffix == ".xml" else json_feed)(feed, ENGLISH), "utf-8")
        return tmp_path / "feeds/digests"

    return published


@pytest.fixture
def build(tmp_path: Path) -> Publish:
    """Builds all pages and returns the folder of the digests."""

    def built(*digests: Digest, site: SiteAddress | None = SITE, **options: object) -> Path:
        build_pages(digests, papers.options(tmp_path, **options), now=papers.NOW, site=site)
        return tmp_path / "pages/digests"

    return built


def states(folder: Path, feed: str = "feed.xml") -> dict[str, tuple[str, str]]:
    """When each item was published and changed, by its id."""
    return {
        said(entry, "id"): (said(entry, "published"), said(entry, "updated"))
        for entry in entries_of(folder / feed)
    }


def test_feeds_of_all_kinds_of_papers_keep_the_rules(tmp_path: Path, publish: Publish) -> None:
    folder = publish(papers.talking_heads(tmp_path), *papers.other_topics())
    found = check_feeds(folder)
    assert found.keys() == {
        "feed.xml", f"{HEADS}/feed.xml", "speech/feed.xml", "nothing-yet/feed.xml", "quiet-field/feed.xml", "only-waiting/feed.xml",
    }  # fmt: skip
    # DAWN is in two topics and one item here; the withdrawn paper is none.
    assert found["feed.xml"] == found[f"{HEADS}/feed.xml"] == [
        "https://arxiv.org/abs/2410.13786",
        "https://arxiv.org/abs/2410.13726",
        "https://arxiv.org/abs/2410.06666",
        "https://arxiv.org/abs/hep-th/9901001",
        "tag:lab.example,2026:/wiki/lab%2Freport%202024%3A%7Bx%7D",
    ]  # fmt: skip
    assert found["nothing-yet/feed.xml"] == []


def test_readers_see_titles_authors_dates_and_formulas_as_text(tmp_path: Path, publish: Publish) -> None:
    folder = publish(papers.talking_heads(tmp_path), *papers.other_topics())
    opened = feedparser.parse((folder / HEADS / "feed.xml").read_bytes())
    assert opened.feed.title == "Talking head generation · Lab"
    assert opened.feed.subtitle == "Driving a portrait with speech or video."
    dawn = opened.entries[1]
    assert dawn.title == papers.DAWN.title
    assert [author.name for author in dawn.authors] == list(papers.DAWN.authors)
    assert time.strftime("%F %T", dawn.published_parsed) == "2024-10-17 12:00:00"
    assert time.strftime("%F", dawn.updated_parsed) == "2024-10-20", "its summary is newer than its version"
    assert [tag.term for tag in dawn.tags] == [*papers.DAWN.categories, "Talking head generation", "Speech"]
    assert dawn.summary == papers.full_summary().summary
    [content] = dawn.content
    assert "at O(n log n) cost.<br" in content.value
    assert '<a href="https://arxiv.org/pdf/2410.13726v2#page=1">page 1</a>' in content.value
    assert "Summarized by Gemini 3.5 Flash-Lite on 20 October 2024" in content.value
    black_holes = opened.entries[3]
    assert black_holes.title.startswith("Black holes at √s = 14 TeV")
    assert len(black_holes.authors) == 60
    assert "α" in black_holes.summary, "without a summary, the abstract stands for it"


def test_an_item_leads_to_its_entry_then_to_its_lasting_address(tmp_path: Path, publish: Publish) -> None:
    digests = (papers.talking_heads(tmp_path), *papers.other_topics())
    folder = publish(*digests)
    dawn = [
        ("alternate", f"https://lab.example/wiki/digests/{HEADS}/2024-w42/#2410.13726"),
        ("related", "https://lab.example/wiki/digests/?paper=2410.13726"),
        ("enclosure", "https://lab.example/wiki/digests/assets/2410.13726v2/fig-1.webp"),
    ]
    assert links_of(entries_of(folder / "feed.xml")[1]) == dawn
    assert links_of(entries_of(folder / "speech/feed.xml")[0])[0][1].endswith(
        "/digests/speech/2024-w42/#2410.13726"
    )
    publish(*digests, site=replace(SITE, directory_urls=False), period="month")
    check_feeds(folder)
    moved = entries_of(folder / "feed.xml")[1]
    assert said(moved, "id") == "https://arxiv.org/abs/2410.13726"
    assert links_of(moved)[0][1] == f"https://lab.example/wiki/digests/{HEADS}/2024-10.html#2410.13726"
    topics = (Topic("Talking head generation", HEADS, period="all"),)
    publish(*digests, topics=topics)
    assert links_of(entries_of(folder / f"{HEADS}/feed.xml")[1])[0][1].endswith(
        f"/digests/{HEADS}/#2410.13726"
    )


def numbered(count: int, first: int = 0) -> list[Entry]:
    """Papers of consecutive hours."""
    return [
        Entry(
            replace(
                papers.DAWN,
                id=f"2410.{20000 + number}",
                published=papers.DAWN.published + timedelta(hours=number),
            ),
            summary=papers.full_summary(),
        )
        for number in range(first, first + count)
    ]


def test_the_newest_50_of_each_topic_and_of_all(publish: Publish) -> None:
    first, second = numbered(70), numbered(30, first=60)
    found = check_feeds(publish(papers.digest(*first), papers.digest(*second, slug="other")))
    names = [f"https://arxiv.org/abs/2410.{20000 + number}" for number in range(90)]
    assert found["topic/feed.xml"] == names[69:19:-1]
    assert found["other/feed.xml"] == names[89:59:-1]
    assert found["feed.xml"] == names[89:39:-1], "papers of both topics count once"


def test_nothing_but_a_version_or_a_summary_makes_an_item_new(tmp_path: Path, publish: Publish) -> None:
    heads = papers.talking_heads(tmp_path)
    before = states(publish(heads))
    changed = tuple(
        replace(
            entry,
            note="Read this.",
            document=None,
            summary=entry.summary
            and replace(entry.summary, judged=9, takeaways=(), checked=True, attempts=3),
        )
        for entry in heads.entries
    )
    assert states(publish(replace(heads, entries=changed[::-1]))) == before
    for topic in (replace(heads.topic, title="Faces"), replace(heads.topic, title="Faces", slug="faces")):
        folder = publish(replace(heads, topic=topic), period="day")
        assert states(folder) == states(folder, f"{topic.slug}/feed.xml") == before
    assert states(publish(*papers.other_topics(), heads)) == before, "under another topic first"


def test_a_new_version_and_a_new_summary_update_their_item(publish: Publish) -> None:
    entry = Entry(papers.SALIENT, summary=papers.extracted_summary())
    name = "https://arxiv.org/abs/2410.13786"
    assert states(publish(papers.digest(entry)))[name][1] == "2024-10-20T00:00:00Z"
    revised = replace(entry, paper=replace(papers.SALIENT, version=2, updated=papers.day("2024-10-22")))
    assert states(publish(papers.digest(revised))) == {name: ("2024-10-18T12:00:00Z", "2024-10-22T12:00:00Z")}
    assert said(entries_of(publish(papers.digest(revised)) / "feed.xml")[0], "content").count("2410.13786v2")
    late = papers.day("2024-10-23") + timedelta(hours=11, seconds=3)
    written = replace(revised, summary=replace(papers.extracted_summary(), made_at=late))
    # Only the day, as a record may be edited to state no more.
    assert states(publish(papers.digest(written))) == {name: ("2024-10-18T12:00:00Z", "2024-10-23T00:00:00Z")}


def test_hidden_and_withdrawn_papers_leave(tmp_path: Path, publish: Publish) -> None:
    heads = papers.talking_heads(tmp_path)
    first, second, *others = heads.entries
    folder = publish(heads)
    withdrawn = replace(first, paper=replace(first.paper, version=2, comment=papers.WITHDRAWN.comment))
    before = check_feeds(folder)["feed.xml"]
    publish(replace(heads, entries=(withdrawn, *others), hidden=(second,)))
    assert check_feeds(folder)["feed.xml"] == before[2:]


def test_hostile_papers_stay_text(publish: Publish) -> None:
    marks = (
        "]]> <![CDATA[ <!-- &lt;b&gt; \x00\x0b\ufffe\ud800\u202e\u2028 </content> &#0; &bogus; "
        + papers.HOSTILE
    )
    bad = replace(
        papers.EVIL,
        title=marks,
        authors=(marks, "\u202e", ""),
        categories=(marks,),
        abstract=marks,
        comment=f"{marks} http://[bad https://ok.example/a?b=<i> javascript:alert(1) //relative/path",
    )
    summary = replace(papers.hostile_summary(), summary=marks, title_translation=marks, language=marks)
    report = replace(papers.REPORT, id=marks, url="javascript:alert(1)")
    folder = publish(
        papers.digest(Entry(bad, None, summary), Entry(report), Entry(replace(bad, id="2410.1"), note=marks))
    )
    assert len(check_feeds(folder)["feed.xml"]) == 3
    text = (folder / "feed.xml").read_text("utf-8") + (folder / "feed.json").read_text("utf-8")
    assert not set("\x00\x0b\ufffe\u202e\u2028") & set(text)
    assert "<![CDATA[" not in (folder / "feed.xml").read_text("utf-8")


def test_there_are_no_feeds_without_an_address_or_where_they_are_not_wanted(
    tmp_path: Path, build: Publish
) -> None:
    heads = papers.talking_heads(tmp_path)
    folder = build(heads)
    assert "[Feed](feed.xml)" in (folder / "index.md").read_text()
    assert "[JSON Feed](feed.json)" in (folder / HEADS / "index.md").read_text()
    assert "feed" not in (folder / HEADS / "2024-w42.md").read_text()
    for options in ({"site": None}, {"feeds": False}):
        build(heads, **options)
        assert not list(folder.rglob("feed.*"))
        assert "feed." not in (folder / "index.md").read_text() + (folder / HEADS / "index.md").read_text()


def test_feeds_are_written_only_when_they_change(tmp_path: Path, build: Publish) -> None:
    digests = papers.other_topics()

    def times(**options: object) -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in build(*digests, **options).rglob("feed.*")}

    first = times()
    assert len(first) == 10
    assert times() == first
    # Entries of the index are folded: the pages change, the feeds do not.
    assert times(full_entries=0) == first
    other = times(site=replace(SITE, url="https://elsewhere.example/"))
    assert all(other[path] != first[path] for path in first)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://lab.example/", "tag:lab.example,2026:/a%20b"),
        ("http://127.0.0.1:8000/x/", "tag:127.0.0.1,2026:/x/a%20b"),
        ("https://Bücher.example/wiki%20x/", "tag:xn--bcher-kva.example,2026:/wiki%20x/a%20b"),
        (f"https://{'a' * 70}.example/", f"tag:{'a' * 70}.example,2026:/a%20b"),
        ("http://[::1]/", "tag:--1,2026:/a%20b"),
    ],
)
def test_a_report_is_named_by_its_site(url: str, name: str) -> None:
    assert item_id(replace(papers.REPORT, id="a b"), replace(SITE, url=url)) == name


def test_words_of_ours_are_in_the_language_of_the_pages(tmp_path: Path, build: Publish) -> None:
    folder = build(papers.talking_heads(tmp_path, "zh"), language="zh")
    check_feeds(folder)
    assert "[订阅](feed.xml)" in (folder / "index.md").read_text("utf-8")
    assert feedparser.parse((folder / "feed.xml").read_bytes()).feed.language == "zh"


def test_an_entry_is_written_once_for_all_feeds(
    build: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same one stands in the feeds of its topic and of all, in two formats."""
    written: list[str] = []

    def noting(item: PageEntry, *rest: object) -> Iterator[str]:
        written.append(item.paper.id)
        return content(item, *rest)  # type: ignore[arg-type]

    content = feeds._content
    monkeypatch.setattr(feeds, "_content", noting)
    folder = build(papers.talking_heads(tmp_path))
    shown = entries_of(folder / "feed.xml")
    assert len(shown) > 1
    assert len(written) == len(set(written)) == len(shown)
    assert len(entries_of(folder / HEADS / "feed.xml")) == len(shown)
