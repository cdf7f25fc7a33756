"""What a site's own search finds on digest pages: the entry of the paper, first."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mkdocs_paperdigest.models import Paper
from tests.browser.server import serving
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.plugin.building import build_here, write_site

pytestmark = pytest.mark.browser

MARKED = ("2410.00002", "2410.00003", "2410.00006")
"""Papers on watermarks, in two weeks; a keyword that three papers share is a tag of their pages."""
Ask = Callable[[Page, str], list[str]]
"""Asks the search of a page; returns the addresses that it finds, best first."""


@pytest.fixture
def arxiv(make_paper: Callable[..., Paper]) -> Iterator[FakeArxiv]:
    made = []
    for number in range(1, 8):
        paper = make_paper(
            id=f"2410.0000{number}", title=f"{'ABCDEFG'[number - 1]}-Gate: judging {number} fields"
        )
        if paper.id in MARKED:
            paper = replace(paper, abstract=f"Watermarks show who wrote a sentence. {paper.abstract}")
        made.append(replace(paper, published=paper.published.replace(day=10 + number)))
    with FakeArxiv(made) as fake:
        yield fake


def by_material(page: Page, words: str) -> list[str]:
    box, state = page.locator("[data-md-component=search-query]"), page.locator(".md-search-result__meta")
    box.fill("")
    box.press("End")
    expect(state).to_have_text("Type to start searching")
    box.fill(words)
    box.press("End")
    expect(state).to_contain_text("matching document")
    return page.locator(".md-search-result__list").evaluate(
        """(list) => [...list.querySelectorAll("a")]
          .map((link) => [Number(link.firstElementChild.dataset.mdScore), link.href])
          .filter(([score]) => score > 0)
          .sort(([one], [other]) => other - one)
          .map(([, address]) => address)"""
    )


def by_mkdocs(page: Page, words: str) -> list[str]:
    page.wait_for_function("typeof searchWorker === 'object' && typeof min_search_length === 'number'")
    page.evaluate("document.getElementById('mkdocs-search-results').replaceChildren()")
    page.locator("#mkdocs-search-query").evaluate(
        "(box, words) => { box.value = words; box.dispatchEvent(new Event('keyup')); }", words
    )
    found = page.locator("#mkdocs-search-results > *")
    expect(found).not_to_have_count(0)
    return found.locator("a").evaluate_all("(links) => links.map((link) => link.href)")


@pytest.mark.parametrize(
    ("theme", "start", "ask", "search"),
    [
        ("material", "", by_material, "search"),
        ("material", "", by_material, {"search": {"lang": "zh"}}),
        ("readthedocs", "search.html", by_mkdocs, "search"),
        ("mkdocs", "", by_mkdocs, "search"),
    ],
    ids=["material", "material-zh", "readthedocs", "mkdocs"],
)
def test_the_first_hit_is_the_paper_itself(
    theme: str,
    start: str,
    ask: Ask,
    search: Any,
    tmp_path: Path,
    arxiv: FakeArxiv,
    gemini: FakeGemini,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "not-a-real-key")
    options = {
        "topics": [{"title": "Gates", "phrases": ["gate"]}],
        "arxiv_url": arxiv.url,
        "model": "gemini/gemini-3.5-flash-lite",
        "model_url": gemini.url,
        "overview": False,
        "period": "week",
    }
    with serving(tmp_path / "site") as address:
        write_site(tmp_path, options, theme={"name": theme}, plugins=[search], site_url=address)
        build_here(tmp_path)
        page = browser.new_page()
        page.goto(address + start)
        entries = {
            f"2410.0000{number}": f"{address}digests/gates/2024-w{41 if number < 4 else 42}/#2410.0000{number}"
            for number in range(1, 8)
        }
        for words in ("watermarks", "Watermarks sentence"):
            found = ask(page, words)
            assert set(found) == {entries[name] for name in MARKED}, words
        for words in ("E-Gate", "judging 5 fields"):
            assert ask(page, words)[0] == entries["2410.00005"], words
        # The name of a topic leads to its page as well.
        assert f"{address}digests/gates/" in ask(page, "Gates")
        for words in ("summarized", "Older", "interoperability", "updated"):
            assert not [found for found in ask(page, words) if "/digests/" in found], words
        page.context.close()
