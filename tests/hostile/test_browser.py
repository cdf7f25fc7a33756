"""In a real browser, with every page opened and everything on it used: nothing runs, nothing leaves."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from tests.hostile.conftest import Attacked
from tests.hostile.payloads import PAYLOADS
from tests.hostile.sources import PLAIN

pytestmark = pytest.mark.browser

SEARCHES = ("script", "onerror", "img src", "javascript", "pwned", "details open")
"""Words of attacks, all of which something is found for."""
OPEN = "document.querySelectorAll('details').forEach((details) => { details.open = true })"
USE = """() => {
  for (const name of ['.pd-copy', '.md-clipboard', '.md-code__button', '.tabbed-set input', '.pd-evidence summary']) {
    document.querySelectorAll(`article ${name}`).forEach((element) => element.click());
  }
  for (const element of document.querySelectorAll('article h2, article a, article summary, article span[title]')) {
    for (const kind of ['mouseover', 'mouseenter', 'focus', 'pointerenter']) element.dispatchEvent(new Event(kind, {bubbles: true}));
  }
  const box = document.querySelector('.pd-filter input[type=search]');
  for (const words of ['script', '<img src=x onerror=window.__pwned(0)>', '']) {
    if (!box) break;
    box.value = words;
    box.dispatchEvent(new Event('input', {bubbles: true}));
  }
}"""
# What every element may do or load, anywhere on the page, after all scripts have run.
FAULTS = """() => {
  const found = [];
  const all = document.querySelectorAll('*');
  for (const element of all) {
    for (const {name, value} of element.attributes) {
      if (name.startsWith('on')) found.push(`${element.tagName} ${name}=${value}`);
      const loads = ['href', 'src', 'action', 'formaction', 'data', 'srcset', 'xlink:href', 'poster'].includes(name);
      if (loads && /^[^#?/]*:/.test(value) && !/^(https?:|data:image\\/)/.test(value)) {
        found.push(`${element.tagName} ${name}=${value}`);
      }
    }
  }
  for (const element of document.querySelectorAll('article :is(script, style, iframe, object, embed, svg, math, form, base, meta, link, video, audio, template, dialog)')) {
    if (!element.matches('dialog.pd-keys') && !element.closest('h1 > a, button, label, .md-content__button, .pd-filter, .pd-chart')) found.push(element.outerHTML.slice(0, 200));
  }
  return found;
}"""
# Every entry as a list of its elements with their classes and attributes, formulas, links and notes apart.
SHAPES = """() => {
  const shapes = {};
  for (const title of document.querySelectorAll('h2.pd-title')) {
    const shape = [];
    const first = title.closest('.pd-row')?.querySelector('.pd-entry').firstElementChild ?? title.nextElementSibling;
    for (let node = title; node && (node === title || !node.matches('h2, .pd-row, .pd-words')); node = node === title ? first : node.nextElementSibling) {
      for (const element of [node, ...node.querySelectorAll('*')]) {
        if (element.matches('.arithmatex, .arithmatex *, span:not([class]), br, sup, .pd-link, .pd-code, .pd-source > a, .pd-note, .pd-related, .pd-related *')) continue;
        const names = element.getAttributeNames().filter((name) => name !== 'hidden').sort();
        shape.push(`${element.tagName}.${element.getAttribute('class')}[${names}]`);
      }
    }
    shapes[title.id] = shape.join('\\n');
  }
  return shapes;
}"""


FIELDS = {name: {"boost": 1.0} for name in ("title", "text", "tags")}
NOTHING_TO_SEARCH = {
    "config": {"lang": ["en"], "separator": "[\\s\\-]+", "pipeline": ["stopWordFilter"], "fields": FIELDS},
    "docs": [],
}
INDEX = "**/search/search_index.json"


class Watch:
    """Everything that a page does which a digest page must not do.

    Until `let_search` is called, Material finds nothing to search: it would make its index on each page that is
    opened, which takes longer than all the rest.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.misdeeds: list[str] = []
        self._context = browser.new_context(viewport={"width": 1280, "height": 900})
        self._context.expose_function("__pwned", lambda *seen: self.misdeeds.append(f"ran: {seen}"))
        self._context.route(re.compile(f"^(?!{re.escape(address)}|data:|blob:)"), self._refuse)
        self._context.route(INDEX, lambda route: route.fulfill(json=NOTHING_TO_SEARCH))
        self._context.on("page", lambda page: self.misdeeds.append(f"opened: {page.url}"))
        self.page: Page = self._context.new_page()
        self.misdeeds.clear()
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.misdeeds.append(f"error: {error}"))
        self.page.on("console", self._read)
        self.page.on("download", lambda file: self.misdeeds.append(f"download: {file.url}"))

    def let_search(self) -> None:
        """Gives the next pages the index of the site."""
        self._context.unroute(INDEX)

    def close(self) -> None:
        """Ends the visit."""
        self._context.close()

    def _refuse(self, route: Route, request: Request) -> None:
        self.misdeeds.append(f"request: {request.url}")
        route.abort()

    def _dismiss(self, dialog: object) -> None:
        self.misdeeds.append(f"dialog: {dialog.message}")  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    def _read(self, message: object) -> None:
        if message.type == "error":  # type: ignore[attr-defined]
            self.misdeeds.append(f"console: {message.text}")  # type: ignore[attr-defined]


@pytest.fixture
def watch(browser: Browser, attacked: Attacked) -> Iterator[Watch]:
    """A browser that notes what happens."""
    watching = Watch(browser, attacked.address)
    yield watching
    watching.close()


def test_nothing_runs_and_nothing_leaves_whatever_a_reader_does(watch: Watch, attacked: Attacked) -> None:
    page, shapes, faults = watch.page, {}, {}
    paths = [path.removesuffix("index.html") for path in attacked.built.pages]
    assert len(paths) >= 13
    for path in [*paths, "tags/"]:
        page.goto(attacked.address + path, wait_until="load")
        page.evaluate(OPEN)
        if re.search(r"archived/\d", path):
            shapes |= page.evaluate(SHAPES)
        page.evaluate(USE)
        if found := page.evaluate(FAULTS):
            faults[path] = found
    assert watch.misdeeds == []
    assert faults == {}
    assert len(shapes) == len(PAYLOADS) + 1
    assert {name for name, shape in shapes.items() if shape != shapes[PLAIN]} == set()


def test_the_filter_shows_all_titles_and_any_address_as_text(watch: Watch, attacked: Attacked) -> None:
    page = watch.page
    page.goto(f"{attacked.address}digests/reports/", wait_until="load")
    titles = page.evaluate(
        """() => new Promise((resolve) => {
          const script = document.createElement('script');
          script.src = new URL('assets/papers.js', document.querySelector('.pd-home a').href);
          script.onload = () => resolve(window.paperdigest.flatMap((page) => page[2]).map((paper) => paper[1]));
          document.head.append(script);
        })"""
    )
    assert len(titles) > len(PAYLOADS)
    for words in ("script", "onerror", "javascript"):
        page.fill(".pd-filter input", words)
        page.locator(".pd-elsewhere li").first.wait_for()
        shown = page.locator(".pd-elsewhere li > a").all_text_contents()
        assert shown, words
        assert set(shown) <= set(titles), "nothing of a title became an element"
    assert page.evaluate(FAULTS) == []
    for asked in (
        "<img src=x onerror=window.__pwned(0)>",
        "javascript:window.__pwned(0)",
        "//evil.example/0",
    ):
        address = f"{attacked.address}digests/?q={quote(asked)}&only={quote(asked)}&paper={quote(asked)}"
        page.goto(address, wait_until="load")
        notice = page.locator(".pd-home + .pd-notice")
        notice.wait_for()
        assert asked in notice.inner_text()
        assert notice.locator("*").count() == 0
        assert page.input_value(".pd-filter input") == asked
        assert page.evaluate(FAULTS) == []
    assert watch.misdeeds == []


def test_search_results_and_lightboxes_show_text(watch: Watch, attacked: Attacked) -> None:
    page = watch.page
    page.goto(f"{attacked.address}digests/archived/2024-10-30/", wait_until="load")
    page.evaluate(OPEN)
    slides = page.evaluate(
        """() => {
          lightbox.open();
          for (let number = 0; number < lightbox.elements.length; number++) lightbox.goToSlide(number);
          return lightbox.elements.length;
        }"""
    )
    assert slides >= 40
    page.wait_for_function(
        "slides => document.querySelectorAll('.gslide.loaded img').length >= slides", arg=slides
    )
    # The figure, and nothing that its caption says.
    assert page.locator(".gslide img").count() == slides
    added = page.locator(".gslide :is(script, svg, iframe, object, [onerror], [onload], [onclick])")
    assert added.count() == 0
    page.keyboard.press("Escape")
    watch.let_search()
    page.goto(f"{attacked.address}digests/archived/2024-10-30/", wait_until="load")
    box = page.locator("input.md-search__input")
    box.focus()
    results = page.locator(".md-search-result__item")
    found = page.locator(".md-search-result :is(script, img, iframe, object, [onerror], [onload], [onclick])")
    for words in SEARCHES:
        # What is there then was found for these words.
        page.evaluate("document.querySelector('.md-search-result__list').replaceChildren()")
        box.fill(words)
        # Material searches when a key goes up, which to fill in is not.
        box.dispatch_event("keyup")
        results.first.wait_for(state="attached")
        assert found.count() == 0, words
    assert watch.misdeeds == []
