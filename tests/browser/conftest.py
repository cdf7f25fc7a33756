"""One built site and one browser for all browser tests."""

import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import mkdocs_paperdigest.pages
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers

ASSETS = Path(mkdocs_paperdigest.pages.__file__).parent / "assets"
PERIOD = "digests/talking-head-generation/2024-w42/"
TOPIC = "digests/talking-head-generation/"
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
    digests = (papers.talking_heads(cache, draw=papers.paint), *papers.other_topics())
    for file in build_pages(digests, papers.settings(cache), now=papers.NOW):
        (docs / file.uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.path, docs / file.uri)
    shutil.copytree(ASSETS, docs / "assets" / "paperdigest")
    (docs / "index.md").write_text("# Lab wiki\n\n[Digests](digests/index.md)\n")
    # Instant navigation works only where the site says its address, so the port comes first.
    handler = functools.partial(_Quiet, directory=str(root / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    address = f"http://127.0.0.1:{server.server_port}/"
    (root / "mkdocs.yml").touch()
    build(
        load_config(
            str(root / "mkdocs.yml"),
            docs_dir=str(docs),
            site_dir=str(root / "site"),
            site_url=address,
            **CONFIG,
        )
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing: pytest has enough to say."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from the system's packages, else the one that playwright may have installed."""
    found = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    with sync_playwright() as playwright:
        path = found or playwright.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("no browser: install chromium, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page that is open, and what it did that a digest page must not do."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.misdeeds: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("request", lambda request: self._judge(request.url, site))
        page.on("pageerror", lambda error: self.misdeeds.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.misdeeds.append(dialog.message), dialog.dismiss()))

    def _judge(self, url: str, site: str) -> None:
        if not url.startswith((site, "data:", "blob:")):
            self.misdeeds.append(f"request: {url}")


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
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
def keep(request: pytest.FixtureRequest) -> Callable[[Page], None]:
    """Keeps a picture of a page in the folder that SCREENSHOTS names, to be looked at."""

    def screenshot(page: Page) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
            page.screenshot(path=Path(folder) / f"{name}.png")

    return screenshot
