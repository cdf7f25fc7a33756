"""Our pages in the navigation of a site: order, names, and what is highlighted."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml.html import HtmlElement

from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import Build, build, write_site

TOPICS = [
    {"title": "Zebras", "phrases": ["gate"]},
    {"title": "Nothing", "phrases": ["zzz"]},
    {"title": "Apes", "ids": [PAPER.id]},
]
PERIOD = "digests/zebras/2024-10-02/index.html"


@pytest.fixture(scope="module")
def arxiv() -> Iterator[FakeArxiv]:
    older = replace(PAPER, id="2410.00002", title="Another gate", published=PAPER.published.replace(day=2))
    with FakeArxiv([PAPER, older]) as fake:
        yield fake


@pytest.fixture(scope="module")
def cache(arxiv: FakeArxiv, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build keeps that has read the papers."""
    root = tmp_path_factory.mktemp("known")
    site(root, arxiv)
    return root / ".cache"


@pytest.fixture
def root(cache: Path, tmp_path: Path) -> Path:
    """Where the papers have been read."""
    shutil.copytree(cache, tmp_path / ".cache")
    return tmp_path


def site(root: Path, arxiv: FakeArxiv, features: list[str] | None = None, **config: Any) -> Build:
    theme = {"name": "material", "features": features or []}
    # Empty topics would end a build with `--strict`.
    options = {"topics": [topic for topic in TOPICS if topic["title"] != "Nothing"], "arxiv_url": arxiv.url}
    built = build(write_site(root, options, **{"theme": theme, **config}))
    assert built.code == 0, built.log
    return built


def texts(elements: list[HtmlElement]) -> list[str]:
    return [" ".join(element.text_content().split()) for element in elements]


def entries(page: HtmlElement) -> list[str]:
    """What the navigation lists, without the sections' own titles."""
    return texts(page.cssselect(".md-nav--primary > ul > li a.md-nav__link .md-ellipsis"))


def test_topics_stand_in_the_order_of_the_options_and_under_their_own_names(
    root: Path, arxiv: FakeArxiv
) -> None:
    page = site(root, arxiv).page("index.html")
    assert entries(page)[-3:] == ["All topics", "Zebras", "Apes"]
    sections = page.cssselect(".md-nav--primary label.md-nav__link .md-ellipsis")
    assert "Paper digests" in texts(sections)
    assert not {"Zebras", "Apes"} & set(texts(sections))


def test_a_theme_whose_sections_are_pages_needs_no_other_name_for_the_index(
    root: Path, arxiv: FakeArxiv
) -> None:
    page = site(root, arxiv, ["navigation.indexes"]).page("index.html")
    assert "All topics" not in entries(page)


def test_names_are_in_the_language_of_the_site_and_sections_of_the_user_stay(
    root: Path, arxiv: FakeArxiv
) -> None:
    (root / "docs/notes").mkdir(parents=True)
    (root / "docs/notes/index.md").write_text("# My own notes\n")
    page = site(root, arxiv, theme={"name": "material", "language": "zh"}).page("index.html")
    assert entries(page)[-4:-1] == ["全部方向", "Zebras", "Apes"]
    sections = texts(page.cssselect(".md-nav--primary label.md-nav__link .md-ellipsis"))
    assert sections[-2:] == ["论文速览", "Notes"]


def test_footers_lead_from_topic_to_topic(root: Path, arxiv: FakeArxiv) -> None:
    page = site(root, arxiv, ["navigation.footer"]).page("digests/zebras/index.html")
    assert texts(page.cssselect(".md-footer__link--next .md-ellipsis")) == ["Apes"]
    assert texts(page.cssselect(".md-footer__link--prev .md-ellipsis")) == ["All topics"]


def test_the_topic_of_a_period_is_highlighted(root: Path, arxiv: FakeArxiv) -> None:
    built = site(root, arxiv)
    active = ".md-nav--primary li.md-nav__item--active > a .md-ellipsis"
    assert texts(built.page(PERIOD).cssselect(active)) == ["Zebras"]
    assert texts(built.page("digests/apes/index.html").cssselect(active)) == ["Apes"]


def test_the_way_back_from_a_period_is_shown(root: Path, arxiv: FakeArxiv) -> None:
    page = site(root, arxiv, theme={"name": "readthedocs"}).page(PERIOD)
    crumbs = texts(page.cssselect(".wy-breadcrumbs .breadcrumb-item"))
    assert crumbs[:2] == ["Paper digests", "Zebras"]


def test_a_nav_of_the_user_stays_as_it_is(root: Path, arxiv: FakeArxiv) -> None:
    nav = ["index.md", {"Papers": ["digests/apes/index.md", "digests/zebras/index.md", "digests/index.md"]}]
    page = site(root, arxiv, nav=nav).page("index.html")
    assert "Papers" in texts(page.cssselect(".md-nav--primary label.md-nav__link .md-ellipsis"))
    assert entries(page)[-3:] == ["Apes", "Zebras", "Paper digests"]
