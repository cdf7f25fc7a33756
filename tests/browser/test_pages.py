"""What readers do on a digest page: open, look, copy, filter, on any screen and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.busy import PAGE, PAPERS
from tests.browser.conftest import ASSETS, FULL, OPEN_ALL, PERIOD, TOPIC, Visit

pytestmark = pytest.mark.browser

DAWN = "#\\32 410\\.13726"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_everything_folded_opens_and_closes_by_mouse_and_keys(visit: Callable[..., Visit]) -> None:
    page = visit().page
    for part in ("abstract", "reading", "figures", "bibtex", "evidence", "more"):
        details = page.locator(f"details.pd-{part}").first
        summary = details.locator("> summary")
        summary.click()
        expect(details.locator("> :not(summary)").first).to_be_visible()
        summary.press("Enter")
        expect(details.locator("> :not(summary)").first).to_be_hidden()


def test_evidence_opens_within_its_claim(visit: Callable[..., Visit], keep: Callable[..., None]) -> None:
    page = visit().page
    first = page.locator(f"{DAWN} ~ .pd-takeaways .pd-evidence").first
    shape = "element => getComputedStyle(element).borderRadius"
    closed = first.locator("summary").evaluate(shape)
    first.locator("summary").click()
    expect(first.locator("blockquote")).to_contain_text("almost all methods rely on")
    assert first.locator("summary").evaluate(shape) == closed
    keep(page)


def test_no_figure_is_loaded_before_its_gallery_is_opened(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.wait_for_load_state("networkidle")
    assert not [url for url in seen.requests if url.endswith(".webp") and not url.endswith("-cover.webp")]
    with seen.page.expect_response("**/fig-1-small.webp"):
        seen.page.locator(".pd-figures > summary").first.click()


def test_a_gallery_shows_small_images_and_the_lightbox_the_full_ones(visit: Callable[..., Visit]) -> None:
    seen = visit()
    gallery = seen.page.locator(f"{DAWN} ~ .pd-figures").first
    gallery.locator("> summary").click()
    expect(gallery.locator("img").nth(0)).to_have_js_property("naturalWidth", 640)
    # Figure 4 is small enough as it is.
    expect(gallery.locator("img").nth(3)).to_have_js_property("naturalWidth", 700)
    assert not [url for url in seen.requests if url.endswith("/fig-1.webp")]
    gallery.locator("img").first.click()
    shown = seen.page.locator("dialog.pd-lightbox .pd-stage img")
    expect(shown).to_have_js_property("naturalWidth", 1600)


def test_the_lightbox_by_mouse(visit: Callable[..., Visit], keep: Callable[..., None]) -> None:
    page = visit().page
    gallery = page.locator(f"{DAWN} ~ .pd-figures").first
    gallery.locator("> summary").click()
    gallery.locator("img").nth(1).click()
    box = page.locator("dialog.pd-lightbox")
    expect(box).to_be_visible()
    expect(box.locator(".pd-position")).to_have_text("2 / 5")
    expect(box.locator(".pd-legend")).to_contain_text("keeps identity over 600 frames")
    keep(page)
    box.locator(".pd-next").click()
    expect(box.locator(".pd-stage img")).to_have_attribute("src", re.compile(r"fig-3\.webp$"))
    image = box.locator(".pd-stage img")
    image.evaluate("image => image.decode()")
    fitted = image.bounding_box()
    image.click(position={"x": 30, "y": 30})
    expect(box.locator(".pd-stage")).to_have_class("pd-stage pd-zoomed")
    assert image.bounding_box()["width"] >= 1.9 * fitted["width"]
    expect(image).to_be_in_viewport()
    keep(page, "zoomed")
    image.click()
    assert image.bounding_box() == fitted
    box.locator(".pd-close").click()
    expect(box).to_be_hidden()


def test_the_lightbox_by_keys(visit: Callable[..., Visit]) -> None:
    page = visit().page
    gallery = page.locator(f"{DAWN} ~ .pd-figures").first
    gallery.locator("> summary").press("Enter")
    gallery.locator("figure a").first.press("Enter")
    position = page.locator(".pd-position")
    expect(position).to_have_text("1 / 5")
    for key, wanted in (
        ("ArrowRight", "2 / 5"),
        ("Home", "1 / 5"),
        ("ArrowLeft", "5 / 5"),
        ("ArrowLeft", "4 / 5"),
        ("End", "5 / 5"),
    ):
        page.keyboard.press(key)
        expect(position).to_have_text(wanted)
    stage = page.locator(".pd-stage")
    image = stage.locator("img")
    fitted = image.bounding_box()["width"]
    for key, larger in (
        ("-", False),
        ("+", True),
        ("+", True),
        ("-", False),
        ("z", True),
        ("z", False),
        ("=", True),
    ):
        page.keyboard.press(key)
        expect(stage).to_have_class("pd-stage pd-zoomed" if larger else "pd-stage")
        assert (image.bounding_box()["width"] >= 1.9 * fitted) == larger, key
    page.keyboard.press("ArrowLeft")
    expect(position).to_have_text("5 / 5")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.pd-lightbox")).to_be_hidden()
    expect(gallery.locator("a:has(img)").nth(4)).to_be_focused()


def test_the_lightbox_by_swipe(visit: Callable[..., Visit]) -> None:
    page = visit(width=390, has_touch=True).page
    gallery = page.locator(f"{DAWN} ~ .pd-figures").first
    gallery.locator("> summary").click()
    gallery.locator("img").first.click()
    expect(page.locator(".pd-position")).to_have_text("1 / 5")
    finger = page.context.new_cdp_session(page)
    for kind, x in (("Start", 300), ("Move", 240), ("Move", 120), ("End", None)):
        points = [] if x is None else [{"x": x, "y": 400}]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    expect(page.locator(".pd-position")).to_have_text("2 / 5")


def test_the_picture_beside_a_summary_leads_to_its_figure(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit().page
    lead = page.locator(f"{DAWN} ~ .pd-lead").first
    expect(lead.locator("img")).to_have_js_property("naturalWidth", 320)
    box, summary = lead.bounding_box(), page.locator(f"{DAWN} ~ .pd-summary").first.bounding_box()
    assert abs(box["y"] - summary["y"]) < 20
    keep(page)
    link = lead.locator("a")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.pd-lightbox .pd-stage img")).to_have_attribute(
        "src", re.compile(r"fig-1\.webp$")
    )
    expect(page.locator(".pd-position")).to_have_text("1 / 5")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    plain = visit(java_script_enabled=False).page.locator(f"{DAWN} ~ .pd-lead a").first
    expect(plain).to_have_attribute("href", "../../assets/2410.13726v2/fig-1.webp")


def test_citations_are_copied(visit: Callable[..., Visit]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"]).page
    details = page.locator(f"{DAWN} ~ .pd-links .pd-bibtex").first
    details.locator("summary").click()
    copied = []
    for button in details.locator(".pd-copy").all():
        before = page.evaluate("navigator.clipboard.readText()")
        button.click()
        page.wait_for_function(
            "async (before) => (await navigator.clipboard.readText()) !== before", arg=before
        )
        expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    bibtex, ris, plain = copied
    assert bibtex.startswith("@misc{2410.13726,\n  title ")
    assert ris.startswith("TY  - UNPB\nTI  - DAWN")
    assert plain.startswith("Cheng, H., Lin, L., Liu, C.,")


def test_the_filter_leaves_what_fits(visit: Callable[..., Visit], keep: Callable[..., None]) -> None:
    page = visit().page
    titles = page.locator("h2.pd-title:visible")
    expect(titles).to_have_count(4)
    page.locator(".pd-filter input[type=search]").fill("cs.SD diffusion")
    expect(titles).to_have_count(1)
    expect(page.locator(".pd-filter output")).to_have_text("1 / 4")
    expect(titles).to_have_css("border-top-width", "0px")
    keep(page)
    page.locator(".pd-filter input[type=search]").fill("")
    page.locator(".pd-chip", has_text="with code").click()
    expect(titles).to_have_count(1)
    expect(titles).to_contain_text("DAWN")
    expect(page.locator(".pd-summary:visible")).to_have_count(1)


@pytest.mark.parametrize("path", [PERIOD, "digests/"])
def test_the_filter_knows_keywords_categories_authors_and_code(
    path: str, visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit("").page
    # By instant navigation, which brings a page without loading its scripts again.
    page.locator(f"article a[href$='{path}']").last.click()
    expect(page.locator(".pd-filter")).to_be_visible()
    box = page.locator(".pd-filter input[type=search]")
    dawn = page.locator("h2.pd-title:visible, [data-tags]:visible")
    everything = dawn.count()
    for asked in ("facial dynamics", "eess.as", "pattern recognition", "jia PAN", "dawn lin"):
        box.fill(asked)
        expect(dawn.filter(has_text="DAWN")).not_to_have_count(0)
        assert dawn.count() < everything, asked
    keep(page)
    box.fill("no paper has such words")
    expect(dawn).to_have_count(0)
    box.fill("")
    expect(dawn).to_have_count(everything)
    page.locator(".pd-chip", has_text="with code").click()
    assert 0 < dawn.count() < everything


def test_keys_go_from_paper_to_paper(visit: Callable[..., Visit]) -> None:
    page = visit().page
    ids = page.locator("h2.pd-title").evaluate_all("(titles) => titles.map((title) => title.id)")
    for key, place in (
        ("j", 0),
        ("j", 1),
        ("k", 0),
        *(("j", at) for at in range(1, len(ids))),
        ("j", len(ids) - 1),
    ):
        page.keyboard.press(key)
        title = page.locator(f"[id='{ids[place]}']")
        expect(title).to_be_focused()
        expect(title).to_be_in_viewport()
        assert page.evaluate("location.hash") == f"#{ids[place]}"
    # Tab goes on from the paper.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('h2, .pd-meta, .pd-links') !== null")


def test_keys_are_left_alone_where_they_mean_something_else(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', '<p contenteditable><b>x</b></p>')"
    )
    page.locator(".pd-filter input[type=search]").press("j")
    page.locator("[contenteditable]").press("j")
    page.locator("[contenteditable]").press("?")
    page.locator("h1").click()
    for keys in ("Control+j", "Alt+j", "Meta+k"):
        page.keyboard.press(keys)
    assert page.evaluate("location.hash") == ""
    expect(page.locator(".pd-keys")).to_be_hidden()


def test_the_keys_are_shown(visit: Callable[..., Visit], keep: Callable[..., None]) -> None:
    page = visit().page
    dialog = page.locator("dialog.pd-keys")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    expect(dialog.locator("dt")).to_have_text(["j", "k", "?", "→", "←", "+ −"])
    keep(page)
    # Neither our keys nor the theme's act behind it.
    for key in ("j", "s"):
        page.keyboard.press(key)
    assert page.evaluate("location.hash") == ""
    expect(page.locator("[data-md-component=search-query]")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator(".pd-show-keys").click()
    expect(dialog).to_be_visible()
    dialog.locator("button").click()
    expect(dialog).to_be_hidden()


def test_a_title_links_to_itself_and_is_copied(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"]).page
    title = page.locator(DAWN)
    # The site shows permalinks, so there is one already.
    expect(title.locator("a")).to_have_count(1)
    title.hover()
    title.locator("a").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    keep(page)
    assert page.url.endswith("#2410.13726")
    lasting = f"{page.url.partition('/digests/')[0]}/digests/?paper=2410.13726"
    assert page.evaluate("navigator.clipboard.readText()") == lasting


def test_titles_get_a_link_where_the_theme_has_none(visit: Callable[..., Visit]) -> None:
    page = visit("", permissions=["clipboard-read", "clipboard-write"]).page
    page.route(
        f"**/{PERIOD}",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=re.sub(r'<a class="headerlink".*?</a>', "", answer.text(), flags=re.S),
        ),
        times=1,
    )
    page.goto(page.url + PERIOD)
    title = page.locator(DAWN)
    link = title.locator("a.pd-here")
    expect(link).to_have_css("opacity", "0")
    link.focus()
    expect(link).to_have_css("opacity", "1")
    link.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/digests/?paper=2410.13726")


def test_a_row_holds_the_whole_entry_and_opens_in_place(visit: Callable[..., Visit]) -> None:
    for scripts in (True, False):
        page = visit(PAGE, java_script_enabled=scripts).page
        rows = page.locator("details.pd-row")
        expect(rows).to_have_count(PAPERS - FULL)
        row = rows.last
        expect(row.locator("> summary")).to_contain_text("et al.")
        expect(row.locator("> summary .pd-cover")).to_be_visible()
        expect(row.locator(".pd-takeaways")).to_be_hidden()
        row.locator("> summary").click(position={"x": 5, "y": 5})
        expect(row.locator(".pd-takeaways")).to_be_visible()
        expect(row.locator("> summary .pd-teaser")).to_be_hidden()


ROWS_IN_VIEW = """() => [...document.querySelectorAll("details.pd-row > summary")].filter((row) => (
  row.getBoundingClientRect().bottom <= innerHeight
  && ["h2", ".pd-by", ".pd-by + span", ".pd-cover"].every((part) => row.querySelector(part).offsetHeight)
)).length"""


@pytest.mark.parametrize(("width", "height", "least"), [(1440, 900, 7), (390, 844, 4)])
def test_the_compact_view_shows_many_papers_at_once_and_is_remembered(
    width: int, height: int, least: int, visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(PAGE, width=width).page
    page.set_viewport_size({"width": width, "height": height})
    html = "[...document.querySelectorAll('.pd-title')].map((title) => title.outerHTML + title.nextElementSibling?.outerHTML)"
    before = page.evaluate(html)
    compact = page.get_by_role("button", name="Compact")
    expect(compact).to_have_attribute("aria-pressed", "false")
    compact.click()
    expect(page.locator("details.pd-row")).to_have_count(PAPERS)
    assert page.evaluate(ROWS_IN_VIEW) >= least
    keep(page)
    row = page.locator("details.pd-row").first
    row.locator("> summary").click(position={"x": 5, "y": 5})
    expect(row.locator(".pd-takeaways")).to_be_visible()
    page.reload()
    expect(page.locator("details.pd-row")).to_have_count(PAPERS)
    expect(compact).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Full").click()
    expect(page.locator("details.pd-row")).to_have_count(PAPERS - FULL)
    assert page.evaluate(html) == before


def test_the_compact_view_stays_while_one_goes_from_page_to_page(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.wait_for_load_state("networkidle")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Compact").click()
    page.locator(".pd-filter input[type=search]").fill("cs.SD diffusion")
    expect(page.locator("details.pd-row:visible")).to_have_count(1)
    page.get_by_role("button", name="Full").click()
    expect(page.locator("h2.pd-title:visible")).to_have_count(1)
    expect(page.locator(".pd-summary:visible")).to_have_count(1)
    page.get_by_role("button", name="Compact").click()
    page.locator(".pd-filter input[type=search]").fill("")
    expect(page.locator("details.pd-row:visible")).to_have_count(4)
    page.locator("a.pd-older").first.click()
    page.wait_for_url("**/2024-w40/")
    expect(page.get_by_role("button", name="Compact")).to_have_count(0)
    page.locator("a.pd-newer").first.click()
    expect(page.locator("details.pd-row:visible")).to_have_count(4)
    assert page.evaluate("window.sameDocument")


def test_the_compact_view_opens_where_an_address_leads(visit: Callable[..., Visit]) -> None:
    page = visit(PAGE).page
    page.get_by_role("button", name="Compact").click()
    address = page.url
    page.goto("about:blank")
    page.goto(f"{address}#2410.20003")
    row = page.locator("details.pd-row:has([id='2410.20003'])")
    expect(row).to_have_attribute("open", "")
    expect(row.locator("h2")).to_be_in_viewport()


def test_the_views_work_where_storage_is_forbidden(visit: Callable[..., Visit]) -> None:
    page = visit("").page
    # For our own key alone: the theme does not expect it.
    page.add_init_script(
        "for (const name of ['getItem', 'setItem']) { const own = Storage.prototype[name];"
        " Storage.prototype[name] = function (key, ...rest) {"
        " if (key === 'pd-view') throw new Error('no'); return own.call(this, key, ...rest) } }"
    )
    page.goto(page.url + PAGE)
    page.get_by_role("button", name="Compact").click()
    expect(page.locator("details.pd-row")).to_have_count(PAPERS)


@pytest.mark.parametrize("way", ["address", "contents", "key"])
def test_whatever_leads_to_a_row_opens_it(way: str, visit: Callable[..., Visit]) -> None:
    first = "2410.20001"
    page = visit(f"{PAGE}#{first}" if way == "address" else PAGE).page
    if way == "contents":
        page.locator(f".md-nav--secondary a[href$='#{first}']").last.click()
    if way == "key":
        page.evaluate("document.querySelectorAll('.pd-title')[9].scrollIntoView()")
        page.keyboard.press("j")
    row = page.locator("details.pd-row").first
    expect(row).to_have_attribute("open", "")
    expect(row.locator(".pd-summary")).to_be_visible()
    expect(row.locator("h2")).to_be_in_viewport()


def test_the_filter_hides_whole_rows(visit: Callable[..., Visit]) -> None:
    page = visit(PAGE).page
    row = page.locator("details.pd-row").first
    # A word of the entry that its line does not have.
    word = row.locator(".pd-abstract p").text_content().split()[-1]
    page.locator(".pd-filter input[type=search]").fill(f"{word} {row.locator('h2').get_attribute('id')}")
    expect(page.locator("h2.pd-title:visible")).to_have_count(1)
    expect(page.locator("details.pd-row:visible")).to_have_count(1)
    page.locator(".pd-filter input[type=search]").fill("")
    expect(page.locator("details.pd-row:visible")).to_have_count(PAPERS - FULL)


def test_scripts_survive_instant_navigation(visit: Callable[..., Visit]) -> None:
    page = visit("digests/").page
    # Until the theme has read the sitemap, a link loads its page anew.
    page.wait_for_load_state("networkidle")
    page.evaluate("window.sameDocument = true")
    page.locator(".pd-newest a", has_text="DAWN").first.click()
    page.wait_for_url("**/2024-w42/#2410.13726")
    gallery = page.locator(f"{DAWN} ~ .pd-figures").first
    gallery.locator("> summary").click()
    gallery.locator("img").first.click()
    expect(page.locator("dialog.pd-lightbox")).to_be_visible()
    expect(page.locator(".pd-filter")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator("a.pd-older").first.click()
    page.wait_for_url("**/2024-w40/")
    page.locator("a.pd-newer").first.click()
    page.wait_for_url("**/2024-w42/")
    # What was loaded for the first time still has its style.
    page.locator(".pd-lead a").first.click()
    expect(page.locator("dialog.pd-lightbox")).to_have_css("position", "fixed")
    expect(page.locator(".pd-stage")).to_have_css("display", "flex")
    assert page.evaluate("window.sameDocument")


def test_hostile_papers_run_nothing(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.evaluate(OPEN_ALL)
    page.locator("#\\32 410\\.06666 ~ .pd-figures img").first.click()
    expect(page.locator("dialog.pd-lightbox")).to_be_visible()
    assert page.evaluate("window.pwned") is None
    expect(
        page.locator("article :is(script, iframe, [onerror], [onclick], [href^=javascript])")
    ).to_have_count(0)


def test_every_button_of_the_lightbox_is_whole_and_at_hand(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    for width in (390, 1440):
        page = visit(width=width).page
        # As in themes that keep a place for the scrollbar.
        page.add_style_tag(content="html { scrollbar-gutter: stable; overflow-y: scroll }")
        page.locator(f"{DAWN} ~ .pd-figures > summary").first.click()
        page.locator(f"{DAWN} ~ .pd-figures img").first.click()
        box = page.locator("dialog.pd-lightbox").bounding_box()
        shown = page.evaluate("[document.documentElement.clientWidth, innerHeight]")
        assert (box["x"], box["y"]) == (0, 0)
        assert box["height"] == shown[1]
        places = {}
        for name in ("close", "previous", "next"):
            place = page.locator(f".pd-lightbox .pd-{name}").bounding_box()
            assert min(place["width"], place["height"]) >= 44, name
            assert place["x"] >= 0, name
            assert place["x"] + place["width"] <= box["width"], name
            places[name] = place["x"]
        assert places["previous"] < width * 0.1
        assert places["next"] > width * 0.8
        keep(page, str(width))


TARGETS = """() => {
  const ours = [...document.querySelectorAll(".md-content [class*=pd-]:is(a, button, summary, input, select, label), "
    + ".md-content [class*=pd-] :is(a, button, summary, input, select, label)")];
  return ours.filter((one) => one.checkVisibility() && getComputedStyle(one).position !== "absolute").map((one) => {
    const { width, height } = one.getBoundingClientRect();
    const large = one.matches("input:not([type=checkbox]), select, button, label") ||
      one.matches("summary") && !one.parentElement.matches(".pd-bibtex, .pd-more, .pd-evidence");
    const inLabel = one.matches("label input");
    const least = inLabel ? 0 : large ? 44 : 32;
    return [Math.round(height), least, `${one.tagName}.${one.className} in ${one.parentElement.className}: ${one.textContent.trim().slice(0, 30)}`];
  }).filter(([height, least]) => height < least);
}"""


@pytest.mark.parametrize("path", ["digests/", TOPIC, PERIOD])
def test_everything_can_be_hit_by_a_finger(
    path: str, visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(path, width=390, has_touch=True, is_mobile=True).page
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    page.evaluate(OPEN_ALL)
    assert page.evaluate(TARGETS) == []
    assert page.evaluate(OVERFLOW) == 0
    keep(page)


@pytest.mark.parametrize("path", ["digests/", TOPIC, PERIOD])
def test_nothing_is_wider_than_a_phone(
    path: str, visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    page = visit(path, width=390, has_touch=True).page
    assert page.evaluate(OVERFLOW) == 0
    keep(page)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(OVERFLOW) == 0


def test_figures_stay_white_and_text_stays_legible_in_the_dark(
    visit: Callable[..., Visit], keep: Callable[..., None]
) -> None:
    style = "(element, name) => getComputedStyle(element).getPropertyValue(name)"
    muted = {}
    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme).page
        page.evaluate(OPEN_ALL)
        assert (
            page.locator(".pd-figure img").first.evaluate(style, "background-color") == "rgb(255, 255, 255)"
        )
        muted[scheme] = page.locator(".pd-provenance").first.evaluate(style, "color")
        keep(page)
    assert muted["light"] != muted["dark"]


def test_without_scripts_everything_is_there(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    figures = page.locator(f"{DAWN} ~ .pd-figures").first
    figures.locator("> summary").click()
    expect(figures.locator("img").first).to_be_visible()
    expect(figures.locator("a.pd-full").first).to_have_attribute(
        "href", "../../assets/2410.13726v2/fig-1.webp"
    )
    expect(page.locator(".pd-filter:visible, .pd-copy, .pd-words:visible")).to_have_count(0)


def test_nothing_jumps_while_the_page_and_its_galleries_load(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.evaluate(
        "() => { window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {"
        " if (!entry.hadRecentInput) window.shift += entry.value })).observe({type: 'layout-shift', buffered: true}) }"
    )
    page.locator(".pd-figures > summary").first.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < 0.02


def test_paper_gets_text_without_controls(visit: Callable[..., Visit], keep: Callable[..., None]) -> None:
    page = visit().page
    page.locator(".pd-abstract > summary").first.click()
    page.emulate_media(media="print")
    # Themes open all details before they print.
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    expect(page.locator(".pd-abstract:visible")).to_have_count(1)
    expect(page.locator(":is(.pd-reading, .pd-figures):visible")).to_have_count(0)
    expect(page.locator(".pd-summary").first).to_be_visible()
    expect(page.locator(":is(.pd-links, .pd-evidence, .pd-filter):visible")).to_have_count(0)
    keep(page)


def test_chinese_dates_are_never_broken(browser: Browser) -> None:
    css = (ASSETS / "paperdigest.css").read_text("utf-8")
    dates = "第40周，2024年9月30日–10月6日"
    page = browser.new_page()
    page.set_content(
        f"""<html lang="zh"><style>{css}</style><body class="md-typeset"><h1>说话人视频生成：{dates}</h1>
        <p class="pd-state"><span>9 篇论文</span><span>更新于 2024年10月20日 12:00 UTC</span></p>
        <h2 class="pd-period"><a href="#">{dates}</a></h2>
        <p class="pd-notice">以下方向未能更新：语音、说话人。自 2024年10月18日 12:00 UTC 起未能访问论文来源。</p>
        <p class="pd-provenance">由 Gemini 3.5 Flash-Lite 于 2024年10月20日 根据全文（PDF）总结。</p>
        <div class="pd-words"></div></body></html>"""
    )
    broken = set()
    for width in range(320, 640, 20):
        page.set_viewport_size({"width": width, "height": 900})
        broken |= set(page.evaluate(BROKEN_DATES))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
    assert broken == set()


BROKEN_DATES = """() => {
  const broken = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    for (const date of texts.currentNode.data.matchAll(/第\\d+周|\\d[\\d年月]*日/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, date.index);
      range.setEnd(texts.currentNode, date.index + date[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) broken.push(date[0]);
    }
  return broken;
}"""
