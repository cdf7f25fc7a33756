"""What opens a page of several papers."""

from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from mkdocs_paperdigest.models import Document, Entry, Match, Paper, Reference, Summary, Why
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers
from tests.pages.render.test_entry import read, words


def paper(number: int, title: str, abstract: str = "", **changes: object) -> Entry:
    """An entry of one week; its keywords are the words of `keywords`, separated by commas."""
    keywords = tuple(str(changes.pop("keywords", "")).split(", "))
    shown = replace(
        papers.SALIENT,
        id=f"2410.{number:05}",
        title=title,
        abstract=abstract or f"We study {title}.",
        published=papers.day("2024-10-17"),
        **changes,
    )
    summary: Summary = replace(papers.extracted_summary(), keywords=tuple(filter(None, keywords)))
    return Entry(shown, Document("abstract"), summary)


def digest_pages(folder: Path, *entries: Entry, topic: str = "Depth", **options: object) -> list:
    digest = replace(papers.other_topics()[2], entries=entries)
    digest = replace(digest, topic=replace(digest.topic, title=topic))
    return build_pages((digest,), papers.options(folder, **options), now=papers.NOW)


def overview(folder: Path, *entries: Entry, page: str = "2024-w42.md", **options: object) -> list[str]:
    return said(read(digest_pages(folder, *entries, **options), page))


def said(page: lxml.html.HtmlElement) -> list[str]:
    return [words(item) for item in page.cssselect("ul.pd-overview > li")]


ALIGN = paper(1, "Align3R: Depth of Videos", "We use a diffusion model.", keywords="diffusion model")
GOLD = paper(
    2, "MetricGold: Metric Depth", "Latent diffusion models help; https://github.com/lab/gold.", keywords="diffusion models"
)  # fmt: skip
MESH = paper(3, "AGS-Mesh", "Gaussian Splatting for rooms.", keywords="Gaussian splatting")


def test_papers_that_share_a_term_and_those_with_code_are_named_with_links(tmp_path: Path) -> None:
    page = read(digest_pages(tmp_path, ALIGN, GOLD, MESH), "2024-w42.md")
    assert said(page) == [
        "2 papers mention “diffusion models”: MetricGold, Align3R",
        "1 of 3 papers has code: MetricGold",
    ]
    links = page.cssselect(".pd-overview a")
    assert [link.get("href") for link in links] == ["#2410.00002", "#2410.00001", "#2410.00002"]
    assert all(page.cssselect(f'h2[id="{link.get("href")[1:]}"]') for link in links)
    (shown,) = page.cssselect(".pd-overview")
    assert shown.get("data-search-exclude") is not None
    assert shown.getprevious().get("class") == "pd-turn"


def test_the_topic_page_has_it_too_and_the_index_repeats_the_first_sentence(tmp_path: Path) -> None:
    files = digest_pages(tmp_path, ALIGN, GOLD, MESH)
    assert len(said(read(files, "quiet-field/index.md"))) == 2
    (first,) = read(files, "digests/index.md").cssselect(".pd-overview")
    assert words(first) == "2 papers mention “diffusion models”: MetricGold, Align3R"
    assert [link.get("href") for link in first.cssselect("a")] == [
        "quiet-field/2024-w42.md#2410.00002",
        "quiet-field/2024-w42.md#2410.00001",
    ]


@pytest.mark.parametrize(
    "entries",
    [
        (ALIGN,),
        (ALIGN, MESH),
        (ALIGN, replace(GOLD, paper=replace(GOLD.paper, comment="This paper has been withdrawn"))),
    ],
)
def test_one_paper_or_nothing_to_say_gives_none(entries: tuple[Entry, ...], tmp_path: Path) -> None:
    files = digest_pages(tmp_path, *entries)
    for page in ("2024-w42.md", "quiet-field/index.md", "digests/index.md"):
        assert not read(files, page).cssselect(".pd-overview")


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    files = digest_pages(tmp_path, ALIGN, GOLD, overview=False)
    for page in ("2024-w42.md", "quiet-field/index.md", "digests/index.md"):
        assert not read(files, page).cssselect(".pd-overview")


@pytest.mark.parametrize(
    ("topic", "matched"), [("Diffusion models", ()), ("Pictures", (Match("diffusion model", "abstract"),))]
)
def test_what_the_topic_looks_for_is_no_news(topic: str, matched: tuple[Match, ...], tmp_path: Path) -> None:
    entries = [replace(entry, why=Why(matched=matched)) for entry in (ALIGN, GOLD)]
    assert overview(tmp_path, *entries, topic=topic) == ["1 of 2 papers has code: MetricGold"]


def test_a_term_of_nearly_all_papers_is_no_group(tmp_path: Path) -> None:
    entries = [paper(number, f"Paper {number} on Haptics", keywords="haptics") for number in range(4)]
    assert overview(tmp_path, *entries) == []


def test_a_word_that_is_no_subject_of_two_papers_is_no_group(tmp_path: Path) -> None:
    one = paper(1, "Rooms", "We evaluate on multiple datasets.", keywords="multiple datasets")
    two = paper(2, "Streets", "We evaluate on multiple datasets.")
    assert overview(tmp_path, one, two) == []


def test_two_papers_of_one_title_are_no_group(tmp_path: Path) -> None:
    first = paper(7, "Bloat beneath Scales", keywords="dependency analysis")
    again = paper(8, "Bloat Beneath Scales", keywords="dependency analysis")
    assert overview(tmp_path, first, again, MESH) == []


def close(entry: Entry, closeness: float) -> Entry:
    return replace(entry, why=Why(closeness, (Reference("Our paper"),), closeness=closeness))


def test_the_closest_to_the_library_are_named_closest_first(tmp_path: Path) -> None:
    assert overview(tmp_path, close(ALIGN, 0.1), close(MESH, 0.3)) == [
        "Closest to the lab's library: AGS-Mesh"
    ]
    many = [close(paper(number, f"Paper {number}"), number / 10) for number in range(7)]
    assert overview(tmp_path, *many) == ["Closest to the lab's library: Paper 6, Paper 5, Paper 4"]


def test_long_titles_are_cut_and_long_lists_counted(tmp_path: Path) -> None:
    title = "Dense, Sharp Scene Reconstruction from Light-Field Images Affected by a Rolling Shutter"
    entries = [
        paper(number, title if number == 11 else f"Paper {number}", "Code: https://github.com/lab/x")
        for number in range(12)
    ]
    (said_of_code,) = overview(tmp_path, *entries)
    assert said_of_code == (
        "12 of 12 papers have code: Dense, Sharp Scene Reconstruction from Light-Field Images…; Paper 10; Paper 9; Paper 8; "
        "Paper 7; Paper 6; Paper 5; Paper 4, and 4 more"
    )


def test_it_speaks_the_language_of_the_site(tmp_path: Path) -> None:
    one, two = (
        replace(entry, summary=replace(papers.full_summary("zh"), keywords=("扩散模型", "深度估计")))
        for entry in (ALIGN, GOLD)
    )
    assert overview(tmp_path, one, two, MESH, language="zh", topic="单目深度估计") == [
        "2 篇论文提到“扩散模型”：MetricGold、Align3R",
        "3 篇论文中 1 篇附有代码：MetricGold",
    ]


def test_hostile_titles_and_keywords_stay_text(tmp_path: Path) -> None:
    bad = papers.HOSTILE
    one, two = (
        replace(
            paper(number, f"{bad} {number}", "Our code is at https://github.com/lab/x."),
            summary=replace(papers.extracted_summary(), keywords=("<b>[x](y)</b> {{ boom }}", bad)),
        )
        for number in (1, 2)
    )
    page = read(digest_pages(tmp_path, one, two), "2024-w42.md")
    shared, code = page.cssselect(".pd-overview > li")
    assert words(shared).startswith(
        "2 papers mention “<b>[x](y)</b> {{ boom }}”: [A][b] *x* __init__ {{ boom }}"
    )
    assert "2 of 2 papers have code" in words(code)
    inside = [element for item in (shared, code) for element in item.iterdescendants()]
    assert {element.tag for element in inside} == {"a"}
    assert all(set(element.attrib) == {"href"} for element in inside)
    assert {element.get("href") for element in inside} == {"#2410.00001", "#2410.00002"}


def test_a_paper_without_a_printable_title_is_named_by_its_id(tmp_path: Path) -> None:
    bare: Paper = replace(GOLD.paper, title="\u202e")
    assert overview(tmp_path, MESH, replace(GOLD, paper=bare)) == ["1 of 2 papers has code: 2410.00002v1"]
