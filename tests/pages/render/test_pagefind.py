"""Pagefind, the search of MaterialX, leaves out what other searches do."""

from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_paperdigest.models import Digest, Entry
from mkdocs_paperdigest.options.options import SearchScope
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers
from tests.pages.render.test_entry import Element, entry, read


def found(page: Element) -> str:
    """The text that Pagefind reads."""
    for element in page.xpath("//*[@data-pagefind-ignore]"):
        element.drop_tree()
    return page.text_content()


def pages_of(folder: Path, scope: SearchScope, full_entries: int = 20) -> list:
    other = Entry(
        replace(papers.DAWN, id="2410.00002", published=papers.day("2024-10-02")),
        summary=papers.full_summary(),
    )
    digest: Digest = replace(papers.other_topics()[2], entries=(entry(), other))
    papers.blank(papers.DAWN, papers.figures(2), folder)
    options = papers.options(folder, period="day", search_scope=scope, full_entries=full_entries)
    return build_pages((digest,), options, now=papers.NOW)


@pytest.mark.parametrize("full_entries", [20, 0])
def test_a_paper_is_found_on_the_page_of_its_period(tmp_path: Path, full_entries: int) -> None:
    files = pages_of(tmp_path, "summary", full_entries)
    summary = papers.full_summary()
    period = found(read(files, "2024-10-17.md"))
    assert papers.DAWN.title in period
    assert summary.summary in period
    assert summary.takeaways[0].text in period
    assert papers.DAWN.authors[0] in period
    for unwanted in ("@misc", "TY  - ", "Figure 1", "Newer", "Thank", summary.background.text):
        assert unwanted not in period
    topic = found(read(files, "quiet-field/index.md"))
    assert papers.DAWN.title not in topic
    assert len(topic.split()) < 20


def test_search_scope_says_what_is_found(tmp_path: Path) -> None:
    files = pages_of(tmp_path, "all")
    page = found(read(files, "2024-10-17.md"))
    assert papers.full_summary().background.text in page
    assert "@misc" not in page
    # With the same cache, another scope has the pages written again.
    files = pages_of(tmp_path, "none")
    for file in files:
        if file.uri.endswith(".md"):
            assert "\nsearch:\n  exclude: true" in file.path.read_text("utf-8").split("\n---\n")[0]
