"""What our markup looks like on every theme: in all widths and schemes, in forced colours, while pictures come late."""

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import OPEN_ALL
from tests.browser.lab import FULLEST, SIGNS, THEMES, Lab
from tests.browser.test_quality import RULES, grave

pytestmark = pytest.mark.browser

PAGES = {"index": "digests/", "topic": f"digests/{SIGNS}/", "period": FULLEST}
# MaterialX cannot be installed beside Material for MkDocs.
INSTALLED = sorted({theme.name for theme in entry_points(group="mkdocs.themes")} & THEMES.keys())
OPEN_EVERYTHING = OPEN_ALL.replace("article ", "")
CONTENT = ".md-content, [role=main]"
SEEN = [
    (theme, scheme)
    for theme in INSTALLED
    for scheme in ("light", "dark")
    if (theme, scheme) != ("readthedocs", "dark")
]

# The contrast of each visible text in our markup with what lies under it, where the theme alone would not give the
# text the same colour: [ratio, class, text].
CONTRAST = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const ink = canvas.getContext("2d", { willReadFrequently: true });
  const light = () => {
    const [r, g, b] = [...ink.getImageData(0, 0, 1, 1).data].map((part) => part / 255).map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b + .05;
  };
  const fill = (colour) => { ink.fillStyle = colour; ink.fillRect(0, 0, 1, 1); };
  const known = new Map();
  const ratio = (colours, opacity) => {
    const key = colours.join() + opacity;
    if (!known.has(key)) {
      ink.globalAlpha = 1;
      fill("#fff");
      colours.slice(0, -1).forEach(fill);
      const below = light();
      ink.globalAlpha = opacity;
      fill(colours.at(-1));
      const above = light();
      known.set(key, Math.max(below, above) / Math.min(below, above));
    }
    return known.get(key);
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && element.closest("[class*=pd-]") && element.checkVisibility({ opacityProperty: true })) texts.push([element, walker.currentNode.data.trim()]);
  }
  const sheet = [...document.styleSheets].find((one) => one.href?.includes("paperdigest.css"));
  sheet.disabled = true;
  const own = texts.map(([element]) => getComputedStyle(element).color);
  sheet.disabled = false;
  return texts.flatMap(([element, text], number) => {
    const colour = getComputedStyle(element).color;
    if (colour === own[number]) return [];
    const below = [];
    let opacity = 1;
    for (let node = element; node; node = node.parentElement) {
      const style = getComputedStyle(node);
      below.unshift(style.backgroundColor);
      opacity *= style.opacity;
    }
    return [[ratio([...below, colour], opacity), element.closest("[class*=pd-]").className, text.slice(0, 40)]];
  });
}"""
STILL = "Promise.all(document.getAnimations().map((fading) => fading.finished.catch(() => 0))).then(() => 0)"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a context of its own."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, *, width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", [name for name in INSTALLED if name != "materialx"])
def test_axe_finds_nothing_serious_on_any_theme(theme: str, lab: Lab, visitor: Callable[..., Page]) -> None:
    """Colours apart, which the next test measures: a theme's own may be too pale."""
    rules = {**RULES, "rules": {**RULES["rules"], "color-contrast": {"enabled": False}}}
    page = visitor(lab.site(theme))
    for path in PAGES.values():
        page.goto(lab.site(theme) + path)
        page.evaluate(OPEN_EVERYTHING)
        if path == PAGES["topic"]:
            page.fill(".pd-filter input[type=search]", "glossless")
        assert grave(Axe().run(page, context=CONTENT, options=rules)) == []


@pytest.mark.parametrize(("theme", "scheme"), SEEN)
def test_our_colours_can_be_read(theme: str, scheme: str, lab: Lab, visitor: Callable[..., Page]) -> None:
    page = visitor(lab.site(theme), color_scheme=scheme)
    measured = []
    for path in PAGES.values():
        page.goto(lab.site(theme) + path)
        page.evaluate(OPEN_EVERYTHING)
        page.evaluate(STILL)
        measured += page.evaluate(CONTRAST)
    assert len(measured) > 100
    pale = {(name, f"{ratio:.1f}"): text for ratio, name, text in measured if ratio < 4.5}
    assert pale == {}


@pytest.mark.parametrize("theme", INSTALLED)
def test_no_width_needs_scrolling_sideways(theme: str, lab: Lab, visitor: Callable[..., Page]) -> None:
    page = visitor(lab.site(theme))
    for path in PAGES.values():
        page.goto(lab.site(theme) + path)
        page.evaluate(OPEN_EVERYTHING)
        for width in (320, 390, 600, 768, 1024, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(STILL)
            assert page.evaluate(OVERFLOW) <= 0, (path, width)


@pytest.mark.parametrize("theme", [name for name in INSTALLED if name != "materialx"])
def test_our_lists_have_no_bullets_of_the_theme(theme: str, lab: Lab, visitor: Callable[..., Page]) -> None:
    page = visitor(lab.site(theme) + PAGES["topic"])
    shape = "(item) => [getComputedStyle(item).listStyleType, getComputedStyle(item).marginLeft]"
    for kind in (".pd-newest > li", ".pd-quotes li"):
        assert page.locator(kind).first.evaluate(shape) == ["none", "0px"]


# Whatever of ours can be clicked and has no border in forced colours, and icons that are lost there.
FORCED = """() => {
  const shown = [...document.querySelectorAll("article button, dialog button, .pd-filter input, .pd-evidence > summary")].filter((one) => one.checkVisibility());
  const border = (element) => { const style = getComputedStyle(element); return [style.borderTopStyle, style.borderTopWidth, style.borderTopColor, style.outlineStyle].join(" "); };
  const flat = shown.filter((one) => /^none|^\\w+ 0px/.test(border(one))).map((one) => `no border: ${one.outerHTML.slice(0, 80)}`);
  const canvas = getComputedStyle(Object.assign(document.body.appendChild(document.createElement("i")), { style: "background: Canvas" })).backgroundColor;
  const pictured = [...document.querySelectorAll("details[class*=pd-] > summary")].filter((one) => one.checkVisibility());
  for (const summary of pictured) for (const part of ["::before", "::after"]) {
    const style = getComputedStyle(summary, part);
    if (style.content !== "none" && style.display !== "none" && style.maskImage !== "none" && style.backgroundColor === canvas) flat.push(`lost: ${summary.parentElement.className} ${part}`);
  }
  return [shown.length, flat];
}"""


LOOK = """(element) => {
  const style = getComputedStyle(element);
  return [style.color, style.backgroundColor, style.borderTopWidth, style.borderTopStyle].join();
}"""


def test_forced_colours_keep_borders_and_states(lab: Lab, visitor: Callable[..., Page]) -> None:
    page = visitor(lab.site() + PAGES["topic"], forced_colors="active")
    page.evaluate(OPEN_EVERYTHING)
    shown, faults = page.evaluate(FORCED)
    assert shown >= 5
    assert faults == []
    page.locator(".pd-figure a").first.click()
    expect(page.locator("dialog.pd-lightbox")).to_be_visible()
    assert page.evaluate(FORCED)[1] == []
    page.keyboard.press("Escape")
    for part in (".pd-chip", ".pd-view > button"):
        button = page.locator(f"{part}[aria-pressed=false]").first
        before = button.evaluate(LOOK)
        button.click()
        assert page.locator(f"{part}[aria-pressed=true]").first.evaluate(LOOK) != before


SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput)
  window.shifts.push([entry.value, ...entry.sources.map((one) => (one.node?.parentElement?.outerHTML || "").slice(0, 90))]) }
).observe({ type: "layout-shift", buffered: true })"""
ARRIVED = """() => [...document.images].every((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return image.complete || bottom <= 0 || top >= innerHeight || !image.checkVisibility();
})"""
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_jumps_when_script_and_pictures_come_late(
    path: str, lab: Lab, visitor: Callable[..., Page]
) -> None:
    """They are held back until the page has been drawn, as on a slow network."""
    page = visitor("about:blank")
    held: list[Route] = []
    released: list[bool] = []
    page.add_init_script(SHIFTS)
    for late in ("**/paperdigest.js", "**/papers.js", "**/*.webp"):
        page.route(late, lambda route: route.continue_() if released else held.append(route))
    page.goto(lab.site() + path, wait_until="commit")
    page.wait_for_selector(".pd-words", state="attached")
    page.evaluate(DRAWN)
    assert held
    released.append(True)
    for route in held:
        route.continue_()
    page.wait_for_load_state("load")
    page.wait_for_function(ARRIVED)
    page.evaluate(DRAWN)
    page.evaluate(DRAWN)
    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) < 0.02, shifts
