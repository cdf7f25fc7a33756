"""What stands on a topic's page beside its entries: the picture of its periods, and the comparison."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.models import Claim, Document, Entry
from mkdocs_paperdigest.pages.plan.contents import SiteAddress
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers
from tests.pages.render.test_entry import Element, read, words

MARKED = Claim("It aligns clips with subtitles.", "we align clips with subtitles", 3, verified=True)
UNMARKED = Claim("It is better than all.", "better", 4)


def topic_page(folder: Path, *entries: Entry, **options: object) -> Element:
    digest = replace(papers.other_topics()[2], entries=entries)
    files = build_pages((digest,), papers.options(folder, **options), now=papers.NOW)
    return read(files, "quiet-field/index.md")


def paper(number: int, **changes: object) -> Entry:
    """A paper of the newest week, with a reading."""
    summary = replace(papers.full_summary(), **{"approach": MARKED, "results": UNMARKED, **changes})
    own = replace(
        papers.DAWN, id=f"2410.1800{number}", title=f"Paper {number}", abstract="Nothing.", comment=None
    )
    return Entry(own, Document("pdf"), summary)


def weekly(*weeks_ago: int) -> list[Entry]:
    newest = papers.DAWN.published
    return [
        Entry(replace(papers.OLD, id=f"2401.0000{number}", published=newest - timedelta(weeks=weeks)))
        for number, weeks in enumerate(weeks_ago)
    ]


def test_a_picture_shows_how_many_papers_each_week_has_and_its_text_says_so(tmp_path: Path) -> None:
    (chart,) = topic_page(tmp_path, *weekly(0, 0, 1, 4)).cssselect(".pd-chart svg")
    assert chart.get("role") == "img"
    assert words(chart.cssselect("title")) == "Papers a week, 16 September–20 October 2024: 1, 0, 0, 1, 2"
    # The line below and a bar for each week that has papers; colours are the text's.
    path = chart.cssselect("path")[0].get("d")
    assert path.count("z") == 4
    assert chart.get("fill") == "currentColor"
    assert not chart.cssselect("a, script, style, animate, [style]")
    assert words(chart.getparent()).endswith("(at most 2)")
    assert chart.getparent().get("data-search-exclude") is not None


@pytest.mark.parametrize(("weeks", "options"), [((0, 0, 1), {}), ((), {}), ((0, 1, 2, 3), {"period": "all"})])
def test_fewer_than_three_periods_are_no_picture(
    weeks: tuple[int, ...], options: dict[str, object], tmp_path: Path
) -> None:
    assert not topic_page(tmp_path, *weekly(*weeks), **options).cssselect(".pd-chart")


def cells(page: Element) -> list[list[str]]:
    (table,) = page.cssselect("details.pd-comparison:not([open])[data-search-exclude] table")
    return [[words(cell) for cell in row.cssselect("th, td")] for row in table.cssselect("tr")]


@pytest.mark.parametrize("options", [{}, {"full_entries": 1}, {"period": "all"}])
def test_the_newest_papers_stand_side_by_side_with_marked_statements_alone(
    options: dict[str, object], tmp_path: Path
) -> None:
    code = Document("pdf", links=("https://github.com/lab/tool",))
    entries = (
        replace(paper(1), document=code),
        paper(2, approach=None, results=replace(MARKED, text="BLEU is 20.1.")),
        *([] if "period" in options else weekly(5)),
    )
    page = topic_page(tmp_path, *entries, **options)
    summary = papers.full_summary().summary
    mark = " quote, p. 3we align clips with subtitlesOpen page 3 of the PDF"
    assert cells(page) == [
        ["Paper", "Date", "Summary", "Approach", "Results", "Code"],
        ["Paper 2", "17 October 2024", summary, "—", f"BLEU is 20.1.{mark}", "—"],
        ["Paper 1", "17 October 2024", summary, f"It aligns clips with subtitles.{mark}", "—", "Code"],
    ]
    links = [link.get("href") for link in page.cssselect(".pd-comparison th a")]
    assert all(page.cssselect(f'h2[id="{link.removeprefix("#")}"]') for link in links)
    assert UNMARKED.text in words(page.cssselect(".pd-reading")[1]), "the entry has it, without a mark"


def test_columns_for_which_no_paper_has_anything_are_left_out(tmp_path: Path) -> None:
    keyless = [replace(paper(number), summary=papers.extracted_summary()) for number in (1, 2)]
    assert cells(topic_page(tmp_path, *keyless))[0] == ["Paper", "Date", "Summary"]


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [paper(1)],
        [paper(1), *weekly(3)],
        [paper(1), replace(paper(2), paper=replace(papers.WITHDRAWN, published=papers.DAWN.published))],
        [replace(paper(1), summary=None), replace(paper(2), summary=None)],
    ],
)
def test_where_there_is_nothing_to_compare_there_is_no_table(entries: list[Entry], tmp_path: Path) -> None:
    assert not topic_page(tmp_path, *entries).cssselect(".pd-comparison")


def test_hostile_texts_stay_in_their_cells(tmp_path: Path) -> None:
    bad = Claim(papers.HOSTILE, papers.HOSTILE, 3, verified=True)
    evil = Entry(replace(papers.EVIL, published=papers.DAWN.published), Document("pdf"), replace(papers.hostile_summary(), approach=bad, results=bad))  # fmt: skip
    page = topic_page(tmp_path, paper(1), evil, language="zh")
    table = cells(page)
    assert {len(row) for row in table} == {5}
    assert not page.cssselect("script, img, .pd-comparison [onerror], .pd-comparison [onclick]")


@pytest.mark.parametrize("count", [0, 1])
def test_the_links_at_the_foot_are_one_line(count: int, tmp_path: Path) -> None:
    digest = replace(papers.other_topics()[2], entries=tuple(weekly(*range(count))))
    site = SiteAddress("Lab", "https://lab.example/", directory_urls=True)
    files = build_pages((digest,), papers.options(tmp_path), now=papers.NOW, site=site)
    lines = {
        words(link.getparent()) for link in read(files, "quiet-field/index.md").cssselect("a.pd-bibliography")
    }
    assert lines == {"Feed · JSON Feed" + " · All papers as BibTeX · RIS" * count}
