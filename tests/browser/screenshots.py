"""Takes pictures of every kind of page in every setting, to be looked at: `python -m tests.browser.screenshots FOLDER`."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from itertools import product
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Page, sync_playwright

from mkdocs_paperdigest.pages.publish import build_pages
from tests.browser.conftest import ASSETS, CONFIG, OPEN_ALL, PERIOD
from tests.browser.lab import FULLEST, SIGNS, THEMES, Lab, open_lab
from tests.browser.server import serving
from tests.browser.test_looks import ARRIVED
from tests.pages import papers

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
TOPIC = f"digests/{SIGNS}/"


def _filtered(page: Page) -> None:
    page.fill(".pd-filter input[type=search]", "glossless")
    page.wait_for_selector("h2.pd-title:visible, .pd-newest > li:visible, .pd-elsewhere li:visible")


def _compact(page: Page) -> None:
    page.locator(".pd-view > button").last.click()


def _opened(page: Page) -> None:
    page.evaluate(OPEN_ALL)
    page.evaluate("document.querySelector('h2.pd-title').scrollIntoView()")


def _figures(page: Page) -> None:
    page.locator(".pd-figures > summary").first.click()
    page.locator(".pd-figures").first.scroll_into_view_if_needed()


def _lightbox(page: Page) -> None:
    _figures(page)
    page.locator(".pd-figure a").first.click()
    page.wait_for_selector("dialog.pd-lightbox[open]")


def _foot(page: Page) -> None:
    page.evaluate("scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' })")


INVENTED: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "index": ("digests/", None),
    "index-filtered": ("digests/", _filtered),
    "topic": (TOPIC, None),
    "topic-list": (TOPIC, _foot),
    "topic-compact": (TOPIC, _compact),
    "period": (FULLEST, None),
}
"""Pages of the lab of 60 papers without a model, and what is done on them."""
WRITTEN: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "entry": (PERIOD, None),
    "entry-opened": (PERIOD, _opened),
    "entry-figures": (PERIOD, _figures),
    "entry-lightbox": (PERIOD, _lightbox),
}
"""The same of pages that a model wrote."""


def main(folder: Path) -> None:
    """Writes `KIND-SIZE-SCHEME-LANGUAGE.png` for Material, `THEME-KIND.png` for the other themes."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, open_lab(Path(scratch) / "lab") as lab, sync_playwright() as playwright:  # fmt: skip
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])

        def shoot(
            name: str, address: str, size: str, act: Callable[[Page], None] | None, scheme: str
        ) -> None:
            width, height = SIZES[size]
            phone = size == "phone"
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                has_touch=phone,
                is_mobile=phone,
            )
            page.goto(address)
            if act:
                act(page)
            page.wait_for_function(ARRIVED, timeout=120_000)
            page.screenshot(path=folder / f"{name}.png", animations="disabled")
            page.close()

        for language in ("en", "zh"):
            with serving(_written(Path(scratch) / language, language)) as written:
                for size, scheme in product(SIZES, ("light", "dark")):
                    for home, kinds in ((lab.site(language=language), INVENTED), (written, WRITTEN)):
                        for kind, (path, act) in kinds.items():
                            shoot(f"{kind}-{size}-{scheme}-{language}", home + path, size, act, scheme)
        _other_themes(lab, shoot)
        browser.close()


def _other_themes(lab: Lab, shoot: Callable[..., None]) -> None:
    for theme, (kind, (path, act)), size in product(("readthedocs", "mkdocs"), INVENTED.items(), SIZES):
        for scheme in ("light", "dark") if theme == "mkdocs" else ("light",):
            shoot(f"{theme}-{kind}-{size}-{scheme}", lab.site(theme) + path, size, act, scheme)


def _written(root: Path, language: str) -> Path:
    """A Material site of papers with a model's summaries."""
    cache, docs = root / "cache", root / "docs"
    digests = (papers.talking_heads(cache, language, draw=papers.paint),)
    for file in build_pages(digests, replace(papers.options(cache), language=language), now=papers.NOW):
        (docs / file.uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.path, docs / file.uri)
    shutil.copytree(ASSETS, docs / "assets" / "paperdigest")
    (docs / "index.md").write_text("# Lab wiki\n")
    (root / "mkdocs.yml").touch()
    theme = {**deepcopy(THEMES["material"]), "language": language}
    config = {**deepcopy(CONFIG), "theme": theme, "plugins": []}  # MkDocs takes dictionaries apart
    build(load_config(str(root / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(root / "site"), **config))
    return root / "site"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
