"""What is new since a reader's last visit: kept by the browser alone, for one site, through rebuilds and tabs."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.busy import PAGE
from tests.browser.conftest import PERIOD, TOPIC, Visit
from tests.browser.test_quality import RULES, grave

pytestmark = pytest.mark.browser

INDEX = "digests/"
KEY = "pd-read /digests/"
DAWN, HOLES, ROW = "2410.13726", "hep-th-9901001", "2410.20000"
"""A paper that stands open on its pages, one in a list of the topic, and one that is folded."""
DOT = ".pd-dot"
COUNT = "button[value=unread]"
DONE = "Mark all as read"
KNOWN = f"() => (localStorage['{KEY}'] || '').split(' ').length > 2"


def read(page: Page) -> set[str]:
    """The papers that the browser holds for read."""
    return set((page.evaluate(f"localStorage['{KEY}']") or "").split(" ")[1:])


def come_back(page: Page, *fresh: str, days: int = 1, path: str = "") -> None:
    """The next visit after so many days, in which these papers have come."""
    page.wait_for_function(KNOWN)
    page.evaluate(
        f"""([fresh, days]) => {{
          const [, ...read] = localStorage['{KEY}'].split(' ');
          const since = new Date(Date.now() - days * 864e5).toISOString();
          localStorage['{KEY}'] = [since, ...read.filter((anchor) => !fresh.includes(anchor))].join(' ');
        }}""",
        [fresh, days],
    )
    page.goto(page.url.partition("/digests/")[0] + "/" + path) if path else page.reload()


def test_nothing_is_new_on_the_first_visit(visit: Callable[..., Visit]) -> None:
    seen = visit(TOPIC)
    page = seen.page
    page.wait_for_function(KNOWN)
    # Of the whole site, so that no other page calls old papers new.
    assert {DAWN, HOLES, ROW} <= read(page)
    for path in (INDEX, PAGE, TOPIC):
        page.goto(page.url.partition("/digests/")[0] + "/" + path)
        page.wait_for_load_state("networkidle")
        expect(page.locator(DOT)).to_have_count(0)
        expect(page.locator(COUNT)).to_be_hidden()
        expect(page.get_by_role("button", name=DONE)).to_have_count(0)


def test_what_came_since_is_marked_in_titles_rows_lists_and_contents(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(TOPIC).page
    come_back(page, DAWN, HOLES)
    expect(page.get_by_role("heading", name="New DAWN")).to_have_count(1)
    expect(page.locator(".pd-newest").get_by_role("link", name="New Black holes")).to_have_count(1)
    expect(page.locator(f".md-nav a[href$='#{DAWN}'] {DOT}")).not_to_have_count(0)
    assert page.locator(f"article {DOT}").count() == 2
    assert grave(Axe().run(page, context=".md-content", options=RULES)) == []
    keep(page)
    come_back(page, ROW, path=PAGE)
    expect(page.locator(f".pd-row summary {DOT}")).to_have_count(1)


@pytest.mark.parametrize("days", [2, 40])
def test_the_count_says_since_when(days: int, visit: Callable[..., Visit]) -> None:
    page = visit(TOPIC).page
    come_back(page, DAWN, HOLES, days=days)
    form = {"weekday": "long"} if days < 6 else {"dateStyle": "long"}
    then = page.evaluate(
        f"(form) => new Date(Date.parse(localStorage['{KEY}'].split(' ')[0])).toLocaleString('en-GB', form)",
        form,
    )
    expect(page.locator(COUNT)).to_have_text(f"2 new since {then}")


def test_the_index_counts_the_papers_of_all_pages(visit: Callable[..., Visit]) -> None:
    page = visit(INDEX).page
    page.wait_for_function(KNOWN)
    week = [anchor for anchor in read(page) if anchor.startswith("2410.200")]
    come_back(page, *week)
    # It lists only the newest of a topic.
    assert len(week) == 12
    expect(page.locator(f"article {DOT}")).to_have_count(5)
    expect(page.locator(COUNT)).to_contain_text("12 new since")


def test_an_entry_is_read_once_it_was_on_the_screen(visit: Callable[..., Visit]) -> None:
    page = visit(PAGE).page
    come_back(page, "2410.20011", ROW)
    first = page.locator(f"h2[id='2410.20011'] {DOT}")
    expect(first).to_have_count(1)
    page.wait_for_function(f"localStorage['{KEY}'].includes(' 2410.20011')")
    # The marks stay as they are while the page is read.
    expect(first).to_have_count(1)
    page.locator(".pd-row").last.scroll_into_view_if_needed()
    page.reload()
    expect(first).to_have_count(0)
    row = page.locator(f".pd-row:has([id='{ROW}'])")
    expect(row.locator(DOT)).to_have_count(1)
    row.locator("summary").first.click(position={"x": 5, "y": 5})
    page.wait_for_function(f"localStorage['{KEY}'].includes(' {ROW}')")


def test_a_list_does_not_make_its_papers_read(visit: Callable[..., Visit]) -> None:
    page = visit(INDEX).page
    page.wait_for_load_state("networkidle")
    come_back(page, DAWN)
    line = page.get_by_role("link", name="New DAWN").first
    line.scroll_into_view_if_needed()
    page.reload()
    page.wait_for_load_state("networkidle")
    page.evaluate("window.sameDocument = true")
    line.click()
    page.wait_for_url(f"**/#{DAWN}")
    page.wait_for_function(f"localStorage['{KEY}'].includes(' {DAWN}')")
    page.go_back()
    expect(page.locator(".pd-topic").first).to_be_visible()
    expect(page.locator(DOT)).to_have_count(0)
    assert page.evaluate("window.sameDocument")


def test_mark_all_as_read_on_the_index_marks_the_site(visit: Callable[..., Visit]) -> None:
    page = visit(INDEX).page
    come_back(page, DAWN, HOLES, ROW, days=3)
    page.locator(COUNT).click()
    page.get_by_role("button", name=DONE).click()
    expect(page.locator(DOT)).to_have_count(0)
    expect(page.locator(COUNT)).to_be_hidden()
    # Nothing is left of the filter that showed only what was new.
    expect(page.locator(".pd-topic:visible")).not_to_have_count(0)
    assert {DAWN, HOLES, ROW} <= read(page)
    assert page.evaluate(f"Date.now() - Date.parse(localStorage['{KEY}'].split(' ')[0]) < 864e5")


def test_mark_all_as_read_on_a_topic_leaves_the_others(visit: Callable[..., Visit]) -> None:
    page = visit(TOPIC).page
    come_back(page, HOLES, ROW)
    page.get_by_role("button", name=DONE).click()
    expect(page.locator(DOT)).to_have_count(0)
    assert HOLES in read(page)
    assert ROW not in read(page)


def test_the_filter_shows_what_is_new_here_and_elsewhere(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(TOPIC).page
    come_back(page, HOLES, ROW)
    page.locator(COUNT).click()
    expect(page.locator("h2.pd-title:visible")).to_have_count(0)
    expect(page.locator(".pd-newest > li[data-tags]:visible")).to_have_count(1)
    expect(page.locator(".pd-elsewhere li")).to_have_count(1)
    keep(page)
    # What is listed from other pages is no paper of this one.
    page.evaluate("dispatchEvent(new StorageEvent('storage'))")
    expect(page.locator(COUNT)).to_contain_text("1 new since")
    page.wait_for_url("**/?only=unread")
    page.reload()
    expect(page.locator(COUNT)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".pd-newest > li[data-tags]:visible")).to_have_count(1)
    # When all is read, the button that is pressed can still be released.
    page.evaluate(f"localStorage['{KEY}'] += ' {HOLES} {ROW}'")
    page.reload()
    page.locator(COUNT).click()
    expect(page.locator("h2.pd-title:visible")).not_to_have_count(0)


def test_what_one_tab_reads_is_read_in_the_other(visit: Callable[..., Visit]) -> None:
    page = visit(INDEX).page
    come_back(page, DAWN, ROW)
    expect(page.locator(f"article {DOT}")).not_to_have_count(0)
    other = page.context.new_page()
    other.goto(page.url + "talking-head-generation/2024-w42/")
    other.locator(f"[id='{DAWN}']").scroll_into_view_if_needed()
    other.wait_for_function(f"localStorage['{KEY}'].includes(' {DAWN}')")
    expect(page.locator(".pd-newest li", has_text="DAWN").locator(DOT)).to_have_count(0)
    # What this tab reads does not forget it.
    page.get_by_role("button", name=DONE).click()
    assert {DAWN, ROW} <= read(page)


@pytest.mark.parametrize(
    "value",
    ["x", "null", "-", "[object Object]", "2024-99-99 a b", " ", "<img src=x onerror=window.pwned=1> a", "\x00\ud800"],
)  # fmt: skip
def test_a_broken_value_is_a_first_visit(value: str, go: Callable[[str], Page]) -> None:
    page = go(PERIOD)
    page.wait_for_function(KNOWN)
    page.evaluate("([key, value]) => { localStorage[key] = value }", [KEY, value])
    page.reload()
    page.wait_for_function(KNOWN)
    expect(page.locator(DOT)).to_have_count(0)
    assert DAWN in read(page)
    assert page.evaluate("window.pwned") is None


def test_papers_in_storage_are_text_and_bounded(visit: Callable[..., Visit]) -> None:
    page = visit(PERIOD).page
    page.wait_for_function(KNOWN)
    page.evaluate(
        f"""localStorage['{KEY}'] = ['2024-10-20', '<img src=x onerror=window.pwned=1>', '__proto__',
          ...Array.from({{ length: 20000 }}, (_, number) => `2401.${{10000 + number}}`)].join(' ')"""
    )
    page.reload()
    expect(page.locator(COUNT)).to_contain_text("since 20 October 2024")
    page.get_by_role("button", name=DONE).click()
    expect(page.locator(DOT)).to_have_count(0)
    assert DAWN in read(page)
    assert len(read(page)) < 10_000
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize("fails", ["get", "set"], ids=["forbidden", "full"])
def test_without_storage_only_the_marks_are_missing(fails: str, visit: Callable[..., Visit]) -> None:
    seen = visit("")
    page = seen.page
    # For our own script alone: the theme does not expect it.
    page.route(
        "**/paperdigest.js",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=f"{{ const localStorage = new Proxy({{}}, {{ {fails}() {{ throw new Error('no') }} }});"
            f"\n{answer.text()}}}",
        ),
    )
    page.goto(page.url + PERIOD)
    page.locator(".pd-filter input").fill("cs.SD diffusion")
    expect(page.locator("h2.pd-title:visible")).to_have_count(1)
    expect(page.locator(DOT)).to_have_count(0)
    expect(page.locator(COUNT)).to_be_hidden()


def test_a_lost_index_makes_nothing_new(visit: Callable[..., Visit]) -> None:
    page = visit("").page
    page.route("**/papers.js", lambda route: route.abort())
    page.goto(page.url + INDEX)
    page.wait_for_load_state("networkidle")
    page.unroute("**/papers.js")
    page.goto(page.url + "talking-head-generation/")
    page.wait_for_function(KNOWN)
    expect(page.locator(DOT)).to_have_count(0)
    assert {DAWN, HOLES, ROW} <= read(page)
