"""How readers find a paper: from any page, by half a memory, from disk, by an address that lasts."""

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, expect

from mkdocs_paperdigest.models import Digest, Entry, TopicState
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pages.publish import build_pages
from tests.browser.conftest import ASSETS, CONFIG, PERIOD, TOPIC, Visit, visiting
from tests.browser.server import serving
from tests.pages import papers

pytestmark = pytest.mark.browser

FIELD = ".pd-filter input"
SHOWN = "h2.pd-title:visible, .pd-newest > li[data-tags]:visible"
ELSEWHERE = ".pd-elsewhere li"
SPEECH = "digests/speech/"
BUSY = "digests/busy-field/2024-w42/"


def test_the_index_is_loaded_when_the_filter_is_first_used(visit: Callable[..., Visit]) -> None:
    seen = visit(PERIOD)
    # Once more on the first visit, so as to know what is new on the next.
    seen.page.wait_for_load_state("networkidle")
    seen.page.reload()
    seen.page.wait_for_load_state("networkidle")
    assert len([url for url in seen.requests if url.endswith("papers.js")]) == 1
    seen.requests.clear()
    for asked in ("lip reading", "black holes"):
        seen.page.fill(FIELD, asked)
    expect(seen.page.locator(ELSEWHERE)).to_have_count(1)
    assert len([url for url in seen.requests if url.endswith("papers.js")]) == 1


def test_a_page_of_one_paper_finds_those_of_all_pages(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(SPEECH).page
    page.fill(FIELD, "black holes")
    expect(page.locator(SHOWN)).to_have_count(0)
    expect(page.locator(".pd-found")).to_have_text("In other pages: 1")
    expect(page.locator("h2.pd-period:visible")).to_have_count(0)
    keep(page)
    page.locator(ELSEWHERE).get_by_role("link").click()
    page.wait_for_url("**/talking-head-generation/2024-w40/#hep-th-9901001")


@pytest.fixture(scope="module")
def opened(browser: Browser, site: str) -> Iterator[dict[str, Page]]:
    """A page where the papers of some questions stand, and one where they do not."""
    with visiting(browser, site) as visit:
        yield {path: visit(path).page for path in (TOPIC, BUSY)}


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("non autoregressive DAWN", "DAWN"),
        ("cheng LIN", "DAWN"),
        ("soren angstrom", "Salient Posture"),
        ("maria-jose nandu", "Salient Posture"),
        ("李小龙", "Salient Posture"),
        ("facial dynamics", "DAWN"),
        ("eess.AS", "DAWN"),
        ("arXiv:2410.13726v1", "DAWN"),
        ("https://arxiv.org/pdf/2410.13726v2", "DAWN"),
        ("10.48550/arXiv.2410.13726", "DAWN"),
        ("hep-th/9901001v3", "Black holes"),
        ("AdS correspondence", "Black holes"),
        ("pytorch with code jia pan", "DAWN"),
    ],
)
def test_a_paper_is_found_by(asked: str, title: str, opened: dict[str, Page]) -> None:
    for path, page in opened.items():
        if "pytorch" in asked and path == BUSY:
            asked = asked.removeprefix("pytorch ")
        found = page.locator(SHOWN if path == TOPIC else ELSEWHERE)
        # What another question found must not be there any more.
        page.fill(FIELD, "")
        expect(found).to_have_count(6 if path == TOPIC else 0)
        page.fill(FIELD, asked)
        expect(found.filter(has_text=title)).to_have_count(1)
        assert found.count() <= 2


def test_words_and_buttons_are_kept_in_the_address(visit: Callable[..., Visit]) -> None:
    page = visit(f"{TOPIC}?h=talking#2410.13726").page
    page.fill(FIELD, "dynamic frame")
    page.locator(".pd-chip", has_text="cs.SD").click()
    page.wait_for_url("**/?h=talking&q=dynamic+frame&only=cs.SD#2410.13726")
    again = visit(page.url.partition("/digests")[1].lstrip("/") + page.url.partition("/digests")[2]).page
    expect(again.locator(FIELD)).to_have_value("dynamic frame")
    expect(again.locator(".pd-chip[aria-pressed=true]")).to_contain_text("cs.SD")
    expect(again.locator(SHOWN)).to_have_count(1)
    expect(again.locator(".md-search__output")).not_to_be_visible()
    expect(again.locator("input.md-search__input")).to_have_value("")
    assert again.evaluate("document.getElementById('__search').checked") is False
    again.fill(FIELD, "")
    again.locator(".pd-chip[aria-pressed=true]").click()
    again.wait_for_url("**/?h=talking#2410.13726")
    expect(again.locator(SHOWN)).to_have_count(6)


def test_instant_navigation_brings_the_words_back(visit: Callable[..., Visit]) -> None:
    page = visit("digests/").page
    page.wait_for_load_state("networkidle")
    page.evaluate("window.sameDocument = true")
    page.fill(FIELD, "black holes")
    page.locator("[data-tags]:visible a, .pd-elsewhere a").first.click()
    page.wait_for_url("**/2024-w40/#hep-th-9901001")
    expect(page.locator(FIELD)).to_have_value("")
    page.go_back()
    expect(page.locator(FIELD)).to_have_value("black holes")
    expect(page.locator("h2:visible", has_text="Busy field")).to_have_count(0)
    expect(page.locator("h2:visible", has_text="Talking head generation")).to_have_count(1)
    assert page.evaluate("window.sameDocument")


def test_nothing_found_offers_the_search_of_the_site(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(TOPIC).page
    expect(page.locator(".pd-elsewhere")).to_be_hidden()
    page.fill(FIELD, "zebra crossing")
    expect(page.locator(".pd-found")).to_have_text("No paper of these digests fits.")
    expect(page.locator("h2.pd-period:visible")).to_have_count(0)
    keep(page)
    page.locator(".pd-elsewhere button").click()
    expect(page.locator("input.md-search__input")).to_have_value("zebra crossing")
    expect(page.locator(".md-search__output")).to_be_visible()


def test_buttons_narrow_down_the_page_and_the_site(visit: Callable[..., Visit]) -> None:
    page = visit(PERIOD).page
    code = page.get_by_role("button", name="with code 1")
    expect(code).to_have_attribute("aria-pressed", "false")
    code.press("Enter")
    expect(code).to_have_attribute("aria-pressed", "true")
    expect(page.locator(SHOWN)).to_have_count(1)
    # The papers of the busy week have code too.
    expect(page.locator(ELSEWHERE)).to_have_count(12)
    page.fill(FIELD, "zebra")
    expect(page.locator(SHOWN)).to_have_count(0)
    expect(page.locator(ELSEWHERE)).to_have_count(0)


def test_focus_is_seen(visit: Callable[..., Visit]) -> None:
    page = visit(PERIOD).page
    for part in (FIELD, ".pd-chip >> nth=0"):
        element = page.locator(part)
        outline = "element => getComputedStyle(element).outlineStyle"
        assert element.evaluate(outline) == "none"
        element.press("Shift")
        assert element.evaluate(outline) == "solid"


def test_hostile_words_and_titles_are_text(visit: Callable[..., Visit]) -> None:
    attack = "<img src=x onerror=window.pwned=1>"
    page = visit(
        f"{SPEECH}?q={quote(attack)}&only={quote(attack)}&paper={quote('javascript:window.pwned=1')}"
    ).page
    expect(page.locator(FIELD)).to_have_value(attack)
    notice = page.locator(".pd-home + .pd-notice")
    expect(notice).to_contain_text("javascript:window.pwned=1")
    expect(notice.locator("a")).to_have_count(0)
    page.fill(FIELD, "window.pwned")
    expect(page.locator(ELSEWHERE)).to_have_count(1)
    expect(page.locator(ELSEWHERE)).to_contain_text("<script>window.pwned=1</script>")
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("2410.13726", "talking-head-generation/2024-w42/#2410.13726"),
        ("2410.13786v7", "talking-head-generation/2024-w42/#2410.13786"),
        ("arXiv:hep-th/9901001v1", "talking-head-generation/2024-w40/#hep-th-9901001"),
        ("lab/report 2024:{x}", "talking-head-generation/2024-w35/#lab-report-2024-x--36f1e587"),
    ],
)
def test_the_lasting_address_leads_to_the_entry(asked: str, place: str, go: Callable[[str], Page]) -> None:
    page = go("")
    home = page.url
    page.goto(f"{home}digests/?paper={quote(asked)}")
    page.wait_for_url(f"**/{place}")
    expect(page.locator("h2:target")).to_be_in_viewport()
    page.go_back()
    expect(page, "the address that led on is not in the history").to_have_url(home)


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("2399.99999v2", "https://arxiv.org/abs/2399.99999"),
        ("math.GT/0309136", "https://arxiv.org/abs/math/0309136"),
        ("smith2020", None),
        ("//evil.example/2399.99999", "https://arxiv.org/abs/2399.99999"),
        ("constructor", None),
    ],
)
def test_an_unknown_paper_is_said_to_be_unknown(
    asked: str, address: str | None, go: Callable[[str], Page]
) -> None:
    page = go(f"digests/?paper={quote(asked)}")
    notice = page.locator(".pd-home + .pd-notice")
    expect(notice).to_contain_text(f"This site does not have the paper {asked}.")
    expect(page.locator("h1")).to_have_text("Paper digests¶")
    links = [link.get_attribute("href") for link in notice.locator("a").all()]
    assert links == ([address] if address else [])


def field(count: int, **changes: object) -> Digest:
    """A topic of many weeks, with one paper each."""
    entries = [
        Entry(
            replace(papers.DAWN, id=f"2410.3{number:04}", title=f"Study {number:02}", published=papers.day("2024-01-01").replace(month=number % 12 + 1, day=number // 12 + 1)),
            None,
            papers.full_summary(relevance=number * 7 % 11),
        )
        for number in range(count)
    ]  # fmt: skip
    return Digest(TopicState("Many", "many", as_of=papers.NOW), tuple(entries))


def build_site(root: Path, digests: tuple[Digest, ...], theme: object = None, **config: object) -> Path:
    """Builds a site as a lab would; returns its folder."""
    cache, docs = root / "cache", root / "docs"
    topic = Topic("Many", "many", period="all")
    for file in build_pages(digests, replace(papers.options(cache), topics=(topic,)), now=papers.NOW):
        (docs / file.uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.path, docs / file.uri)
    shutil.copytree(ASSETS, docs / "assets" / "paperdigest")
    (docs / "index.md").write_text("# Home\n")
    (root / "mkdocs.yml").touch()
    made = deepcopy(CONFIG) | config | ({"theme": theme} if theme else {})
    build(load_config(str(root / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(root / "site"), **made))
    return root / "site"


@pytest.fixture
def tab(browser: Browser) -> Page:
    """A page of its own, without a server."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(5000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("directories", [True, False])
def test_all_this_works_from_disk(directories: bool, tmp_path: Path, tab: Page) -> None:
    digests = (papers.talking_heads(tmp_path / "cache"), field(4))
    site = build_site(tmp_path, digests, use_directory_urls=directories)
    tab.goto(f"{(site / 'digests/index.html').as_uri()}?paper=2410.30002")
    tab.wait_for_url("**/digests/many/index.html#2410.30002")
    tab.fill(FIELD, "black holes")
    tab.locator(ELSEWHERE).get_by_role("link").click()
    tab.wait_for_url("**/2024-w40/index.html#*" if directories else "**/2024-w40.html#*")
    expect(tab.locator("h2:target")).to_contain_text("Black holes")
    tab.goto(f"{tab.url.partition('#')[0]}?q=DAWN")
    expect(tab.locator(ELSEWHERE)).to_have_count(1)


def test_entries_are_sorted_within_their_groups(tmp_path: Path, tab: Page) -> None:
    site = build_site(tmp_path, (papers.talking_heads(tmp_path / "cache"), field(6)))
    titles = "[...document.querySelectorAll('h2.pd-title')].map((title) => title.firstChild.textContent)"
    order = "select[aria-label=Order]"
    with serving(site) as address:
        tab.goto(f"{address}digests/many/")
        newest = tab.evaluate(titles)
        assert newest == [f"Study {number:02}" for number in (5, 4, 3, 2, 1, 0)]
        tab.select_option(order, "relevant")
        assert tab.evaluate(titles) == [f"Study {number:02}" for number in (3, 1, 4, 2, 5, 0)]
        # Each keeps what belongs to it.
        for number in (3, 0):
            summary = f"#\\32 410\\.3{number:04} ~ .pd-meta time"
            expect(tab.locator(summary).first).to_have_attribute("datetime", f"2024-{number + 1:02}-01")
        tab.select_option(order, "newest")
        assert tab.evaluate(titles) == newest
        tab.goto(f"{address}digests/")
        rows = "[...document.querySelectorAll('#many ~ ul li > a')].map((link) => link.textContent)"
        tab.select_option(order, "relevant")
        assert tab.evaluate(rows) == [f"Study {number:02}" for number in (3, 1, 4, 2, 5)]
        tab.goto(f"{address}digests/talking-head-generation/2024-w40/")
        expect(tab.locator(order)).to_be_hidden()


def test_an_entry_is_not_found_by_the_titles_of_its_related_papers(tmp_path: Path, tab: Page) -> None:
    many = field(22)
    entries = tuple(replace(entry, related=(papers.SALIENT.id,)) for entry in many.entries)
    site = build_site(tmp_path, (papers.talking_heads(), replace(many, entries=entries)))
    with serving(site) as address:
        tab.goto(f"{address}digests/many/")
        expect(tab.locator(".pd-related")).to_have_count(22)
        expect(tab.locator(".pd-row .pd-related")).to_have_count(2)
        tab.fill(FIELD, "salient posture")
        expect(tab.locator(ELSEWHERE)).to_have_count(1)
        expect(tab.locator(SHOWN)).to_have_count(0)


def test_a_long_list_ends_with_the_count_of_the_rest(tmp_path: Path, tab: Page) -> None:
    site = build_site(tmp_path, (papers.talking_heads(tmp_path / "cache"), field(57)))
    with serving(site) as address:
        tab.goto(f"{address}digests/talking-head-generation/2024-w35/?q=study")
        expect(tab.locator(ELSEWHERE)).to_have_count(50)
        expect(tab.locator(".pd-found")).to_have_text("In other pages: 57")
        expect(tab.locator(".pd-elsewhere")).to_contain_text("and 7 more")


@pytest.mark.parametrize("name", ["readthedocs", "mkdocs"])
def test_other_themes_lead_to_their_own_search(name: str, tmp_path: Path, tab: Page) -> None:
    site = build_site(
        tmp_path, (papers.talking_heads(tmp_path / "cache"),), theme={"name": name}, plugins=["search"]
    )
    with serving(site) as address:
        tab.goto(f"{address}digests/?q=zebra")
        expect(tab.locator(".pd-found")).to_have_text("No paper of these digests fits.")
        offer = tab.locator(".pd-elsewhere button")
        if name == "mkdocs":
            expect(offer).to_be_hidden()
            return
        offer.click()
        tab.wait_for_url("**/search.html?q=zebra*")


def test_where_the_index_is_lost_the_page_itself_is_filtered(tmp_path: Path, tab: Page) -> None:
    site = build_site(tmp_path, (papers.talking_heads(tmp_path / "cache"), field(3)))
    (site / "digests/assets/papers.js").unlink()
    with serving(site) as address:
        tab.goto(f"{address}digests/many/?q=study+01&paper=2410.13726")
        expect(tab.locator(SHOWN)).to_have_count(1)
        expect(tab.locator(".pd-notice")).to_have_count(0)
