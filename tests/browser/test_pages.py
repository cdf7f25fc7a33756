"""What readers do on a digest page: open, look, copy, filter, on any screen and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ASSETS, OPEN_ALL, PERIOD, TOPIC, Visit

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
    assert not [url for url in seen.requests if url.endswith(".webp")]
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
    for key, wanted in (("ArrowRight", "2 / 5"), ("ArrowLeft", "1 / 5"), ("ArrowLeft", "5 / 5")):
        page.keyboard.press(key)
        expect(position).to_have_text(wanted)
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


def test_bibtex_is_copied(visit: Callable[..., Visit]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"]).page
    details = page.locator(f"{DAWN} ~ .pd-links .pd-bibtex").first
    details.locator("summary").click()
    details.locator(".pd-copy").click()
    expect(details.locator(".pd-copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{2410.13726,\n  title ")


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
    page.locator(".pd-filter input[type=checkbox]").check()
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
    dawn = page.locator("h2.pd-title:visible, .pd-newest > li:visible")
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
    page.locator(".pd-filter input[type=checkbox]").check()
    assert 0 < dawn.count() < everything


def test_keys_go_from_paper_to_paper(visit: Callable[..., Visit]) -> None:
    page = visit().page
    top = "Math.round(document.getElementById('{}').getBoundingClientRect().top)"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_function(f"{top.format('2410.13726')} < 120")
    page.keyboard.press("k")
    page.wait_for_function(f"{top.format('2410.13786')} >= 0")


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
    expect(page.locator(".pd-filter, .pd-copy, .pd-words:visible")).to_have_count(0)


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
    for width in range(280, 640, 20):
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
