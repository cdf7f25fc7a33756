"""What holds on every digest page: it is light, calm, and open to everybody."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.busy import FIGURES, PAGE, PAPERS
from tests.browser.conftest import ASSETS, OPEN_ALL, PERIOD, TOPIC, Visit

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
WATCH_SHIFTS = """async () => {
  // What is to be opened is open once two frames are drawn.
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  window.shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value }))
    .observe({ type: "layout-shift" });
}"""
SCROLL_THROUGH = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  }
}"""


@pytest.mark.parametrize("path", ["digests/", TOPIC, PERIOD])
def test_axe_finds_nothing_serious(path: str, visit: Callable[..., Visit], keep: Callable[..., None]) -> None:
    page = visit(path).page
    page.evaluate(OPEN_ALL)
    # The rest of the page is the theme's; the schemes differ in nothing but colours.
    assert grave(Axe().run(page, context=".md-content", options=RULES)) == []
    keep(page, "light")
    page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    page.evaluate("Promise.all(document.getAnimations().map((fading) => fading.finished)).then(() => 0)")
    contrast = {"runOnly": ["color-contrast"]}
    assert grave(Axe().run(page, context=".md-content", options=contrast)) == []
    keep(page, "dark")


def test_axe_finds_nothing_serious_in_the_lightbox(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.evaluate(OPEN_ALL)
    page.locator(".pd-figure img").first.click()
    expect(page.locator("dialog.pd-lightbox")).to_be_visible()
    assert grave(Axe().run(page, context="dialog.pd-lightbox", options=RULES)) == []


def grave(found: object) -> list[str]:
    """The serious and critical violations among what axe found."""
    return [
        f"{violation['id']}: {violation['nodes'][0]['html']}"
        for violation in found.response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]


def test_a_full_page_weighs_little_before_a_gallery_is_opened(visit: Callable[..., Visit]) -> None:
    seen = visit(PAGE)
    page, finished = seen.page, seen.finished
    page.wait_for_load_state("networkidle")
    assert page.locator("h2.pd-title").count() == PAPERS
    assert page.locator(".pd-figure").count() == PAPERS * FIGURES
    assert len(finished) == len(seen.requests) > 3
    assert sum(request.sizes()["responseBodySize"] for request in finished) <= 300_000
    loaded = [request for request in finished if ".webp" in request.url]
    assert all(request.url.endswith("-cover.webp") for request in loaded)


def test_nothing_jumps_while_one_scrolls_past_open_galleries(visit: Callable[..., Visit]) -> None:
    page = visit(PAGE).page
    page.evaluate(OPEN_ALL)
    page.evaluate(WATCH_SHIFTS)
    page.evaluate(SCROLL_THROUGH)
    page.wait_for_function(
        "[...document.querySelectorAll('.pd-figure img')].every((image) => image.complete)",
        timeout=120_000,  # 60 images
    )
    assert page.evaluate("window.shift") < 0.02


def test_nothing_moves_where_readers_want_less_motion(visit: Callable[..., Visit]) -> None:
    page = visit(reduced_motion="reduce").page
    page.evaluate(OPEN_ALL)
    page.locator(".pd-figure img").first.click()
    expect(page.locator("dialog.pd-lightbox")).to_be_visible()
    moving = page.evaluate(
        "document.getAnimations().filter((one) => one.effect.target.closest('[class*=pd-]')).length"
    )
    assert moving == 0
    page.keyboard.press("Escape")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    page.keyboard.press("j")
    assert page.evaluate("scrollY") > 0, "not on the way there, but there"


def test_our_style_and_script_stay_small() -> None:
    assert (ASSETS / "paperdigest.css").stat().st_size <= 16_000
    assert (ASSETS / "paperdigest.js").stat().st_size <= 14_000
    assert sum(script.stat().st_size for script in ASSETS.glob("*.js")) <= 18_000
