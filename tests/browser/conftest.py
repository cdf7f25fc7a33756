"""One built site and one browser for all browser tests."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, BrowserContext, Page, Request

import mkdocs_paperdigest.pages
from mkdocs_paperdigest.pages.publish import build_pages
from tests.browser.busy import busy_week
from tests.browser.lab import Lab, open_lab
from tests.browser.server import serving
from tests.pages import papers

ASSETS = Path(mkdocs_paperdigest.pages.__file__).parent / "assets"
PERIOD = "digests/talking-head-generation/2024-w42/"
TOPIC = "digests/talking-head-generation/"
FULL = 10
"""Papers that stand open on a page; the busy week has more."""
OPEN_ALL = "document.querySelectorAll('article details').forEach((details) => { details.open = true })"
CONFIG = {
    "site_name": "Lab wiki",
    "theme": {
        "name": "material",
        "font": False,
        "palette": [
            {"media": f"(prefers-color-scheme: {light})", "scheme": scheme}
            for light, scheme in (("light", "default"), ("dark", "slate"))
        ],
        "features": ["navigation.instant"],
    },
    "markdown_extensions": ["attr_list", "md_in_html", {"toc": {"permalink": True}}],
    "extra_css": ["assets/paperdigest/paperdigest.css"],
    "extra_javascript": [{"path": "assets/paperdigest/paperdigest.js", "defer": True}],
}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Material site with digest pages, hostile papers among them."""
    root = tmp_path_factory.mktemp("site")
    cache, docs = root / "cache", root / "docs"
    digests = (papers.talking_heads(cache, draw=papers.paint), *papers.other_topics(), busy_week(cache))
    for file in build_pages(digests, papers.options(cache, full_entries=FULL), now=papers.NOW):
        (docs / file.uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.path, docs / file.uri)
    shutil.copytree(ASSETS, docs / "assets" / "paperdigest")
    (docs / "index.md").write_text(f"# Lab wiki\n\n[Digests](digests/index.md) [Week]({PERIOD[:-1]}.md)\n")
    (root / "mkdocs.yml").touch()
    # Instant navigation works only where the site says its address, so the port comes first.
    with serving(root / "site") as address:
        build(
            load_config(
                str(root / "mkdocs.yml"),
                docs_dir=str(docs),
                site_dir=str(root / "site"),
                site_url=address,
                **deepcopy(CONFIG),  # MkDocs empties the mappings that it is given
            )
        )
        yield address


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The sites of a lab, on several themes."""
    with open_lab(tmp_path_factory.mktemp("lab")) as opened:
        yield opened


class Visit:
    """A page that is open, and what it did that a digest page must not do."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.finished: list[Request] = []
        self.misdeeds: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfinished", lambda request: self.finished.append(request))
        page.on("request", lambda request: self._judge(request.url, site))
        page.on("pageerror", lambda error: self.misdeeds.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.misdeeds.append(dialog.message), dialog.dismiss()))

    def _judge(self, url: str, site: str) -> None:
        if not url.startswith((site, "data:", "blob:")):
            self.misdeeds.append(f"request: {url}")


@contextmanager
def visiting(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """Opens a page of the site in a fresh browser context; in the end nothing bad may have happened."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(path: str = PERIOD, *, width: int = 1280, **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(5000)
        contexts.append(context)
        visits.append(Visit(context.new_page(), site))
        visits[-1].page.goto(site + path)
        return visits[-1]

    yield open_page
    misdeeds = [deed for seen in visits for deed in seen.misdeeds]
    for context in contexts:
        context.close()
    assert not misdeeds


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """See `visiting`."""
    with visiting(browser, site) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def go(browser: Browser, site: str) -> Iterator[Callable[[str], Page]]:
    """Leads one page that stays open to an address of the site, which is faster than to open another.

    For tests that ask the same again and again, and care neither for what the browser keeps nor for requests.
    """
    with visiting(browser, site) as open_page:
        page = open_page("").page

        def lead(path: str) -> Page:
            page.goto(site + path)
            return page

        yield lead


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keeps a picture of a page in the folder `artefacts`, to be looked at."""
    folder = request.config.rootpath / "artefacts"

    def screenshot(page: Page, state: str = "") -> None:
        name = re.sub(r"[^\w.-]+", "-", f"{request.node.name}-{state}").strip("-")
        page.screenshot(path=folder / f"{name}.png")

    return screenshot
