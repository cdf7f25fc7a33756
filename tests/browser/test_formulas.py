"""In a browser with real KaTeX, MathJax 3 and MathJax 4, set up as Material for MkDocs documents them."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, Route

from mkdocs_paperdigest.models import Claim, Digest, Entry, Paper, Summary, TopicState
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pages.publish import build_pages
from tests.browser.conftest import OPEN_ALL
from tests.browser.formulas.attacks import attacks
from tests.browser.server import serving
from tests.pages import papers

pytestmark = pytest.mark.browser

FOLDER = Path(__file__).parent / "formulas" / "node_modules"
PLAIN = papers.DAWN.id
NPM = re.compile(r"https://(?:unpkg\.com|cdn\.jsdelivr\.net/npm)/(?:(@[^/]+/)?([^/@]+)@?([^/]*)/)?(.*)")
# https://squidfunk.github.io/mkdocs-material/reference/math/ in November 2026.
MATHJAX = """window.MathJax = {
  tex: {inlineMath: [["\\\\(", "\\\\)"]], displayMath: [["\\\\[", "\\\\]"]], processEscapes: true, processEnvironments: true},
  options: {ignoreHtmlClass: ".*|", processHtmlClass: "arithmatex"}
};
document$.subscribe(() => {
  MathJax.startup.output.clearCache()
  MathJax.typesetClear()
  MathJax.texReset()
  MathJax.typesetPromise()
})"""
KATEX = """document$.subscribe(({ body }) => {
  renderMathInElement(body, {
    delimiters: [
      {left: "$$", right: "$$", display: true}, {left: "$", right: "$", display: false},
      {left: "\\\\(", right: "\\\\)", display: false}, {left: "\\\\[", right: "\\\\]", display: true}
    ],
  })
})"""
TYPESETTERS = {
    "katex": (KATEX, ["https://unpkg.com/katex@0/dist/katex.min.js", "https://unpkg.com/katex@0/dist/contrib/auto-render.min.js"]),
    "mathjax3": (MATHJAX, ["https://unpkg.com/mathjax@3/es5/tex-mml-chtml.js"]),
    "mathjax4": (MATHJAX, ["https://unpkg.com/mathjax@4/tex-mml-chtml.js"]),
}  # fmt: skip
# Formulas of every kind that an attack could redefine.
CONTROL = r"""$\frac{\alpha}{\hbar}+\sqrt{\sum_i x_i^2}\in\mathbb{R}$, $\mathrm{Tr}\,\rho\leq\left(\begin{matrix}a&b\\c&d\end{matrix}\right)$
and $\begin{cases}1&x>0\\0&\text{else}\end{cases}\xrightarrow{n}\overline{\mathcal{L}}$"""
SIZES = """() => [...document.querySelectorAll('article .arithmatex')].filter((span) => span.querySelector('.katex, mjx-container')).map((span) => {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  const add = (rects) => { for (const rect of rects) if (rect.width && rect.height) {
    [left, right] = [Math.min(left, rect.left), Math.max(right, rect.right)];
    [top, bottom] = [Math.min(top, rect.top), Math.max(bottom, rect.bottom)];
  }};
  const hidden = '.katex-mathml, mjx-assistive-mml, mjx-speech, mjx-speech-box';
  add(span.getClientRects());
  for (const element of span.querySelectorAll('.strut, .frac-line, .rule, .vertical-separator, svg, mjx-container, mjx-container *')) {
    if (!element.closest(hidden)) add(element.getClientRects());
  }
  const range = document.createRange();
  const texts = document.createTreeWalker(span, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (texts.currentNode.parentElement.closest(hidden)) continue;
    range.selectNodeContents(texts.currentNode);
    add(range.getClientRects());
  }
  const em = parseFloat(getComputedStyle(span).fontSize);
  const source = span.querySelector('annotation')?.textContent ?? span.closest('p, h2, li')?.id ?? '';
  return [(right - left) / em, (bottom - top) / em, source];
})"""
# Where formulas were drawn that are not ours to draw.
STRAY = """() => [...document.querySelectorAll('.katex, mjx-container, .katex-error')]
  .filter((formula) => !formula.closest('.arithmatex') || formula.closest('.pd-meta, .pd-why, .pd-provenance, nav, header'))
  .map((formula) => formula.parentElement.parentElement.outerHTML.slice(0, 200))"""
# How the plain paper's formulas were drawn, without names that count up and what MathJax 4 adds later to be spoken.
DRAWN = """(id) => {
  const drawn = document.querySelector(`[id="${id}"] ~ details.pd-abstract`).cloneNode(true);
  drawn.querySelectorAll('mjx-assistive-mml, mjx-speech').forEach((element) => element.remove());
  return drawn.innerHTML.replace(/ (id|has-speech|data-(semantic|speech|braille)[a-z0-9-]*|tabindex|jax|ctxtmenu_counter|aria-[a-z]+|href)="[^"]*"/g, '');
}"""


@dataclass(frozen=True)
class Drawn:
    """What a typesetter made of a page with all attacks, and of one without any."""

    sizes: list[tuple[float, float, str]]
    stray: list[str]
    among_attacks: str
    alone: str
    errors: list[str]


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that has the scripts of all three; a test lets through those of one."""
    if not FOLDER.is_dir():
        missing = "no KaTeX and MathJax: run `npm ci` in tests/browser/formulas"
        if os.environ.get("PAPERDIGEST_NEEDS_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    root = tmp_path_factory.mktemp("formulas")
    with serving(root / "site") as address:
        _build(root, address)
        yield address


@pytest.fixture(scope="module", params=TYPESETTERS)
def drawn(request: pytest.FixtureRequest, browser: Browser, attacked: str) -> Iterator[Drawn]:
    """Both pages as a reader sees them."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.route(NPM, lambda route: _from_npm(route, request.param))
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    _open(page, f"{attacked}digests/plain/")
    alone = page.evaluate(DRAWN, PLAIN)
    _open(page, f"{attacked}digests/attacked/")
    yield Drawn(page.evaluate(SIZES), page.evaluate(STRAY), page.evaluate(DRAWN, PLAIN), alone, errors)
    context.close()


def test_no_formula_is_larger_than_sixty_em(drawn: Drawn) -> None:
    assert len(drawn.sizes) > 60
    assert [size for size in drawn.sizes if max(size[:2]) > 60] == []
    assert drawn.errors == []


def test_no_paper_changes_the_formulas_of_another(drawn: Drawn) -> None:
    assert re.search(r'class="katex"|<mjx-container', drawn.alone)
    assert drawn.among_attacks == drawn.alone


def test_no_formula_is_drawn_where_none_belongs(drawn: Drawn) -> None:
    assert drawn.stray == []


def _build(root: Path, address: str) -> None:
    plain = replace(papers.DAWN, abstract=CONTROL, published=papers.day("2024-10-14"))
    harmful = attacks()
    evil = [_paper(first, harmful[first : first + 6]) for first in range(0, len(harmful), 6)]
    digests = (
        Digest(TopicState("Attacked", "attacked", as_of=papers.NOW), (*evil, Entry(plain, None, None))),
        Digest(TopicState("Plain", "plain", as_of=papers.NOW), (Entry(plain, None, None),)),
    )
    # One page for each: the papers of a period would stand on a second one.
    topics = tuple(Topic(digest.topic.title, digest.topic.slug, period="all") for digest in digests)
    options = papers.options(root / "cache", full_entries=1000, topics=topics)
    for file in build_pages(digests, options, now=papers.NOW):
        (root / "docs" / file.uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.path, root / "docs" / file.uri)
    scripts: list[str] = []
    for name, (_, addresses) in TYPESETTERS.items():
        scripts += [f"https://unpkg.com/{name}.js", *addresses]
    (root / "docs/index.md").write_text("# Lab wiki\n")
    (root / "mkdocs.yml").touch()
    build(
        load_config(
            str(root / "mkdocs.yml"),
            docs_dir=str(root / "docs"),
            site_dir=str(root / "site"),
            site_name="Lab wiki",
            site_url=address,
            theme={"name": "material", "font": False, "features": ["navigation.instant"]},
            plugins=[],
            # With what the plugin adds for its own pages, which takes most of their time away.
            markdown_extensions=["attr_list", "md_in_html", {"toc": {"permalink": True}}, {"pymdownx.arithmatex": {"generic": True}}, "mkdocs_paperdigest.plugin.raw_blocks:RawBlocks"],
            extra_javascript=scripts,
            extra_css=["https://unpkg.com/katex@0/dist/katex.min.css"],
        )
    )  # fmt: skip


def _paper(number: int, formulas: list[str]) -> Entry:
    """A paper with formulas wherever an author can write them, in every kind of delimiters."""
    dollars = tuple(f"${tex}$" for tex in formulas)
    brackets = tuple(f"\\({tex}\\) and $${tex}$$" for tex in formulas)
    paper = Paper(
        id=f"2410.1{number:04}",
        version=1,
        title=f"Paper {number}: {dollars[0]}",
        authors=dollars + brackets,
        abstract=f"It holds that {', that '.join(dollars)}.",
        published=papers.day("2024-10-17"),
        updated=papers.day("2024-10-17"),
        categories=dollars + brackets,
        comment="; ".join(dollars + brackets),
        journal_ref="; ".join(brackets),
    )
    summary = Summary(
        model="gemini/gemini-3.5-flash-lite",
        language="en",
        made_at=papers.NOW,
        basis="abstract",
        summary="A paper.",
        takeaways=tuple(Claim(f"A formula: \\[{tex}\\]") for tex in formulas),
        affiliation=" ".join(dollars),
    )
    return Entry(paper, None, summary)


def _open(page: Page, address: str) -> None:
    """Opens a page; a typesetter that does not end is a timeout."""
    page.goto(address, timeout=60_000)
    page.add_style_tag(content=".arithmatex { white-space: nowrap }")
    page.wait_for_function(
        "id => document.querySelector(`[id='${id}'] ~ details.pd-abstract :is(.katex, mjx-container)`)",
        arg=PLAIN,
        timeout=60_000,
    )
    page.evaluate(OPEN_ALL)
    page.wait_for_function("document.fonts.status === 'loaded'", timeout=60_000)


def _from_npm(route: Route, typesetter: str) -> None:
    """Answers for the two hosts from the packages that npm put into the folder, if they are of this typesetter."""
    if route.request.url == f"https://unpkg.com/{typesetter}.js":
        route.fulfill(body=TYPESETTERS[typesetter][0], content_type="text/javascript")
        return
    found = NPM.fullmatch(route.request.url)
    scope, name, version, path = found.groups(default="") if found else ("", "", "", "")
    folder = f"{name}{version[:1]}" if name == "mathjax" else name
    file = FOLDER / scope / folder / path
    if file.is_file() and (scope or folder == typesetter):
        route.fulfill(path=file, headers={"Access-Control-Allow-Origin": "*"})
    else:
        route.abort()
