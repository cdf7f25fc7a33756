"""What a stranger finds on a lab's site, from its home page, with two clicks at most and without scrolling."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.lab import ICE, SIGNS, Lab, invented_papers

pytestmark = pytest.mark.browser

WITH_CODE = [paper for paper in invented_papers() if "github.com" in paper.abstract]
REMEMBERED = next(paper for paper in invented_papers() if paper.title.startswith("Tidewrack:"))
LIST = ".pd-newest > li:visible, h2.pd-title:visible"
ANYWHERE = f"{LIST}, .pd-elsewhere li:visible"


class Stranger:
    """Somebody who has never seen the site; clicks only on what is in view, and types."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Locator) -> None:
        self.sees(what)
        what.first.click()
        self.clicks += 1
        assert self.clicks <= 2

    def sees(self, what: Locator) -> None:
        """All of its first line stands in the window; nothing was scrolled to get there."""
        expect(what.first).to_be_in_viewport(ratio=0.9)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def stranger(request: pytest.FixtureRequest, browser: Browser, lab: Lab) -> Iterator[Stranger]:
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=width < 500, is_mobile=width < 500
    )
    context.set_default_timeout(5000)
    page = context.new_page()
    page.goto(lab.site())
    yield Stranger(page)
    context.close()


def test_a_stranger_finds_the_papers_of_last_week(stranger: Stranger, keep: Callable[..., None]) -> None:
    stranger.click(stranger.page.locator("article a", has_text="Sign language"))
    keep(stranger.page)
    newest = [paper for paper in invented_papers()[-5:] if "sign language" in paper.abstract]
    assert len(newest) > 1
    stranger.sees(stranger.page.get_by_role("heading", name="Week 42"))
    stranger.sees(stranger.page.get_by_role("heading", name=newest[-1].title))
    for paper in newest:
        expect(stranger.page.locator("h2.pd-title", has_text=paper.title)).to_be_visible()


def test_a_stranger_finds_a_paper_by_half_a_word(stranger: Stranger, keep: Callable[..., None]) -> None:
    stranger.click(stranger.page.locator("article a[href='digests/']"))
    stranger.click(stranger.page.locator(".pd-filter input[type=search]"))
    stranger.type("tidewr altim physics-con")
    found = stranger.page.locator(ANYWHERE)
    expect(found).to_have_count(1)
    expect(found).to_contain_text(REMEMBERED.title)
    stranger.sees(found)
    keep(stranger.page)


def test_a_stranger_finds_all_papers_with_code(stranger: Stranger, keep: Callable[..., None]) -> None:
    stranger.click(stranger.page.locator("article a[href='digests/']"))
    stranger.click(stranger.page.locator(".pd-filter").get_by_role("button", name="with code"))
    found = stranger.page.locator(ANYWHERE)
    expect(found).to_have_count(len(WITH_CODE))
    stranger.sees(found)
    keep(stranger.page)


def test_a_stranger_finds_the_paper_in_the_list_of_its_topic(
    stranger: Stranger, keep: Callable[..., None]
) -> None:
    stranger.click(stranger.page.locator("article a", has_text="Sea ice"))
    stranger.click(stranger.page.locator(".pd-filter input[type=search]"))
    stranger.type("tidewr altim physics-con")
    found = stranger.page.locator(LIST)
    expect(found).to_have_count(1)
    expect(found).to_contain_text(REMEMBERED.title)
    stranger.sees(found)
    assert f"/{ICE}/" in stranger.page.url
    keep(stranger.page)


def test_the_topics_of_the_site_list_all_its_papers_without_scripts(browser: Browser, lab: Lab) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    listed: list[str] = []
    for slug in (SIGNS, ICE):
        page.goto(f"{lab.site()}digests/{slug}/")
        listed += page.locator("h2.pd-title:visible, .pd-newest > li > a:visible").all_inner_texts()
        expect(page.locator(".pd-filter")).to_be_hidden()
    context.close()
    assert sorted(title.rstrip("¶") for title in listed) == sorted(paper.title for paper in invented_papers())
