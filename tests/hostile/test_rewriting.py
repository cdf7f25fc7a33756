"""Beside plugins that rewrite finished pages: each alone and each ordered pair, with every payload on the pages.

Such a plugin decodes attributes and writes them again, finds tags by patterns, or copies a title into new
attributes. What one of them leaves half decoded, the next one may take for markup.
"""

import importlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import reportlab
from playwright.sync_api import Browser

from mkdocs_paperdigest.models import Entry, Summary
from tests.browser.server import serving
from tests.hostile.papers import NOW, document, paper
from tests.hostile.payloads import PAYLOADS, attacks
from tests.hostile.sources import write_archive
from tests.hostile.test_browser import FAULTS, OPEN, USE, Watch
from tests.plugin.building import build_here, write_site

OPTIONS: dict[str, dict[str, Any]] = {
    "minify": {"minify_html": True},
    # What it would fetch is a warning then, which no build may have.
    "privacy": {"assets_fetch": False, "links": True},
    "offline": {},
    "glightbox": {"auto_caption": True},
    "typeset": {},
    "social": {},
}
"""Plugins that rewrite finished pages."""
OTHERS: dict[str, dict[str, Any]] = {
    "optimize": {},
    "rss": {"use_git": False, "date_from_meta": {"as_creation": "date"}},
}
"""Plugins that only read them, or rewrite other files."""
ALONE = [(name,) for name in (*OPTIONS, *OTHERS)]
# The others have events of other priorities, which MkDocs orders whatever mkdocs.yml says.
_IN_ORDER = OPTIONS if "PAPERDIGEST_ALL_PAIRS" in os.environ else ("minify", "privacy", "glightbox")
PAIRS = list(permutations(_IN_ORDER, 2))
ALL = [tuple(OPTIONS), tuple(reversed(OPTIONS))]
EXTENSIONS = ["attr_list", "md_in_html", {"toc": {"permalink": True}}]
PER_PAPER = 20
"""Payloads that share a paper: every field holds all of them, one after the other."""


def hostile() -> list[Entry]:
    """Few papers with all payloads in each field of theirs that becomes an attribute or front matter.

    Descriptions and images' texts are cut: the first papers carry one attack each.
    """
    texts = [*CUT, *_joined()]
    return [_entry(text.encode("utf-8", "replace").decode(), n) for n, text in enumerate(texts)]


CUT = (
    "<link rel=x href=https://evil.example/><img src=x onerror=window.__pwned(1)> Gates for text",
    "<img src=https://evil.example/x onerror=window.__pwned(2)>",
    "Gates <img",
    "&lt;img src=x onerror=window.__pwned(3)&gt;",
    "&amp;lt;img/src=//evil.example/x onerror=window.__pwned(4)&amp;gt;",
    "&quot; onmouseover=&quot;window.__pwned(5)",
    '" autofocus onfocus=window.__pwned(6) x="$',
    "' autofocus onfocus='window.__pwned(7)",
    "$x$ <script src=//evil.example/8.js></script>",
    "https://evil.example/?a&lt;img/src=//evil.example/9&gt;",
)


def _joined() -> Iterator[str]:
    texts = [payload.text for payload in PAYLOADS]
    for start in range(0, len(texts), PER_PAPER):
        yield " ".join(texts[start : start + PER_PAPER])


def _entry(text: str, number: int) -> Entry:
    one = paper(text, number, published=NOW, updated=NOW)
    summary = Summary(
        model="gemini/x", language=text, made_at=NOW, basis="html", summary=text, keywords=(text,)
    )
    return Entry(replace(one, abstract=f"{text} {_ADDRESS}"), document(text), summary)


_ADDRESS = "https://code.example/?a&lt;img/src=//evil.example/x&gt;&#34;onerror=window.__pwned(0)"


TITLE = 'Gates &lt;img src=x onerror=window.__pwned(90)&gt; <img src=//evil.example/90> " onload="x'
"""A topic's title is its owner's; here it shows what becomes of titles in front matter."""


class Sites:
    """Builds one site for each list of plugins, all from one archive and one cache."""

    def __init__(self, root: Path, address: str) -> None:
        self._root = root
        self._address = address
        self._built: dict[tuple[str, ...], list[str]] = {}
        write_archive(root / "archive", "hostile", hostile())
        fonts = root / ".cache/plugin/social/fonts/Roboto"
        fonts.mkdir(parents=True)
        shutil.copy(Path(reportlab.__file__).parent / "fonts/Vera.ttf", fonts / "Regular.ttf")

    def address(self, names: tuple[str, ...]) -> str:
        """Where the site with these plugins is served."""
        return f"{self._address}{'-'.join(names)}/"

    def folder(self, names: tuple[str, ...]) -> Path:
        """Where its files lie."""
        return self._root / "sites" / "-".join(names)

    def warnings(self, names: tuple[str, ...], log: pytest.LogCaptureFixture) -> list[str]:
        """What its build, which is done once, warned of."""
        if names not in self._built:
            log.clear()
            self._build(names)
            records = [record for record in log.records if record.levelno >= logging.WARNING]
            messages = [record.getMessage() for record in records]
            # What Material itself loads.
            self._built[names] = [one for one in messages if "https://unpkg.com/" not in one]
        return self._built[names]

    def _build(self, names: tuple[str, ...]) -> None:
        topic = {"title": TITLE, "slug": "hostile", "description": TITLE, "phrases": ["x"]}
        options = {
            "topics": [topic],
            "archive_dir": "archive",
            "model": "none",
            "offline": True,
            "period": "all",
            "request_interval": 3.0,
        }
        write_site(
            self._root,
            options,
            plugins=["search", *({name: (OPTIONS | OTHERS)[name]} for name in names)],
            site_url=self.address(names),
            site_dir=str(self.folder(names)),
            theme={"name": "material", "font": False},
            markdown_extensions=EXTENSIONS,
        )
        build_here(self._root)

    def pages(self, names: tuple[str, ...]) -> dict[str, str]:
        """Every page of the digests, by its path."""
        found = sorted(self.folder(names).rglob("digests/**/*.html"))
        assert len(found) >= 2
        return {str(path.relative_to(self.folder(names))): path.read_text("utf-8") for path in found}


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Builds sites when they are asked for, and serves them."""
    root = tmp_path_factory.mktemp("rewriting")
    with serving(root / "sites") as address:
        yield Sites(root, address)


@cache
def lacks(name: str) -> str:
    """What a plugin needs and this machine has not; empty where it runs."""
    if name == "optimize" and not shutil.which("pngquant"):
        return "optimize needs pngquant"
    if name == "social":
        try:
            importlib.import_module("cairosvg")
        except (ImportError, OSError) as error:
            return f"social needs cairosvg and cairo: {error}"
    return ""


@pytest.fixture(autouse=True)
def can_run(names: tuple[str, ...]) -> None:
    """Skips a test by name where this machine lacks what one of its plugins needs."""
    if why := "; ".join(filter(None, map(lacks, names))):
        pytest.skip(why)


def cases(chosen: list[tuple[str, ...]]) -> pytest.MarkDecorator:
    """A test for each list of plugins."""
    return pytest.mark.parametrize("names", chosen, ids=map("-".join, chosen))


# With `offline` the addresses are others. The cache has the HTML of a page once: the last one.
@cases(sorted([*ALONE, *PAIRS, *ALL], key=lambda names: "offline" in names))
def test_nothing_becomes_markup_whatever_rewrites_the_page(
    names: tuple[str, ...], sites: Sites, caplog: pytest.LogCaptureFixture
) -> None:
    assert sites.warnings(names, caplog) == []
    for path, page in sites.pages(names).items():
        root = lxml.html.document_fromstring(page)
        assert faults(root) == [], path
        assert [link.get("href") for link in root.cssselect(FEEDS)] == ["feed.xml", "feed.json"], path
        # A program that looks for tags by pattern sees those that there are.
        article = page[page.index("<article") : page.index("</article>")]
        tags = re.findall(r"<(?:img|link|script|iframe|a|image)\b", article)
        (parsed,) = root.cssselect("article")
        assert len(tags) == len(parsed.cssselect("img, link, script, iframe, a, image")), path
        if "hostile" in path:
            assert len(root.cssselect("h2.pd-title")) == len(hostile())


FEEDS = "head > link[rel=alternate][title][type^='application/'][href^='feed.']"


def faults(root: lxml.html.HtmlElement) -> list[str]:
    """What text of others has become that it must not be."""
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            if "pwned" in (element.text or "") or "evil.example" in (element.text or ""):
                found.append(f"comment: {element.text}")
            continue
        odd = [name for name in element.attrib if not re.fullmatch("d|[a-z][a-z-]*[a-z]", name)]
        acting = [name for name in element.attrib if name.startswith("on") or name == "autofocus"]
        marks = [name for name, value in element.attrib.items() if re.search("[<>]", value)]
        loads = [name for name in ("src", "srcset", "style") if attacks(element.get(name))]
        if element.tag == "script" and attacks(element.text):
            loads.append("script")
        if element.tag in {"link", "base", "iframe", "form", "object"} and attacks(element.get("href")):
            loads.append(element.tag)
        if bad := [*odd, *acting, *marks, *loads]:
            found.append(f"{element.tag} {bad}: {lxml.html.tostring(element)[:300]!r}")
    inside = "article :is(script, style, link, meta, iframe, object, embed, base, form)"
    found += [f"in the article: {element.tag}" for element in root.cssselect(inside)]
    return found


@pytest.mark.browser
@cases([*PAIRS, *ALL])
def test_nothing_runs_in_a_browser_whatever_rewrote_the_page(
    names: tuple[str, ...], sites: Sites, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    assert sites.warnings(names, caplog) == []
    watch = Watch(browser, sites.address(names))
    try:
        for path in sites.pages(names):
            watch.page.goto(sites.address(names) + path, wait_until="load")
            watch.page.evaluate(OPEN)
            watch.page.evaluate(USE)
            assert watch.page.evaluate(FAULTS) == [], path
            watch.page.evaluate(SLIDES)
        # Material's own shim for sites that are read from a disk is refused like all of other hosts.
        own = ("https://unpkg.com/", "ERR_FAILED") if "offline" in names else ()
        assert [deed for deed in watch.misdeeds if not any(one in deed for one in own)] == []
    finally:
        watch.close()


SLIDES = """() => {
  if (typeof lightbox === 'undefined') return;
  lightbox.open();
  for (let number = 0; number < lightbox.elements.length; number++) lightbox.goToSlide(number);
}"""
"""Shows every figure in the lightbox, which makes HTML of their titles."""
