"""Our pages in the navigation of a site: order, names, and what is highlighted."""

from collections.abc import Iterator
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


@pytest.fixture
def arxiv(make_paper: Any) -> Iterator[FakeArxiv]:
    older = make_paper(id="2410.00002", title="Another gate", published=PAPER.published.replace(day=2))
    with FakeArxiv([PAPER, older]) as fake:
        yield fake


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
    tmp_path: Path, arxiv: FakeArxiv
) -> None:
    page = site(tmp_path, arxiv).page("index.html")
    assert entries(page)[-3:] == ["All topics", "Zebras", "Apes"]
    sections = page.cssselect(".md-nav--primary label.md-nav__link .md-ellipsis")
    assert "Paper digests" in texts(sections)
    assert not {"Zebras", "Apes"} & set(texts(sections))


def test_a_theme_whose_sections_are_pages_needs_no_other_name_for_the_index(
    tmp_path: Path, arxiv: FakeArxiv
) -> None:
    page = site(tmp_path, arxiv, ["navigation.indexes"]).page("index.html")
    assert "All topics" not in entries(page)


def test_names_are_in_the_language_of_the_site_and_sections_of_the_user_stay(
    tmp_path: Path, arxiv: FakeArxiv
) -> None:
    (tmp_path / "docs/notes").mkdir(parents=True)
    (tmp_path / "docs/notes/index.md").write_text("# My own notes\n")
    page = site(tmp_path, arxiv, theme={"name": "material", "language": "zh"}).page("index.html")
    assert entries(page)[-4:-1] == ["全部方向", "Zebras", "Apes"]
    sections = texts(page.cssselect(".md-nav--primary label.md-nav__link .md-ellipsis"))
    assert sections[-2:] == ["论文速览", "Notes"]


def test_footers_lead_from_topic_to_topic(tmp_path: Path, arxiv: FakeArxiv) -> None:
    page = site(tmp_path, arxiv, ["navigation.footer"]).page("digests/zebras/index.html")
    assert texts(page.cssselect(".md-footer__link--next .md-ellipsis")) == ["Apes"]
    assert texts(page.cssselect(".md-footer__link--prev .md-ellipsis")) == ["All topics"]


def test_the_topic_of_a_period_is_highlighted(tmp_path: Path, arxiv: FakeArxiv) -> None:
    built = site(tmp_path, arxiv)
    active = ".md-nav--primary li.md-nav__item--active > a .md-ellipsis"
    assert texts(built.page(PERIOD).cssselect(active)) == ["Zebras"]
    assert texts(built.page("digests/apes/index.html").cssselect(active)) == ["Apes"]


def test_the_way_back_from_a_period_is_shown(tmp_path: Path, arxiv: FakeArxiv) -> None:
    page = site(tmp_path, arxiv, theme={"name": "readthedocs"}).page(PERIOD)
    crumbs = texts(page.cssselect(".wy-breadcrumbs .breadcrumb-item"))
    assert crumbs[:2] == ["Paper digests", "Zebras"]


def test_a_nav_of_the_user_stays_as_it_is(tmp_path: Path, arxiv: FakeArxiv) -> None:
    nav = ["index.md", {"Papers": ["digests/apes/index.md", "digests/zebras/index.md", "digests/index.md"]}]
    page = site(tmp_path, arxiv, nav=nav).page("index.html")
    assert "Papers" in texts(page.cssselect(".md-nav--primary label.md-nav__link .md-ellipsis"))
    assert entries(page)[-3:] == ["Apes", "Zebras", "Paper digests"]
