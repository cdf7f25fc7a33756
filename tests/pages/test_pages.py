"""MkDocs builds the pages without a warning, whatever folder they are in."""

import logging
import shutil
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from mkdocs_paperdigest.models import Digest, Entry
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pages.plan.outline import anchor_of
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers
from tests.pages.canonical import canonical

STRICT = {"anchors": "warn", "unrecognized_links": "warn", "absolute_links": "warn"}


def build_site(root: Path, digests: tuple[Digest, ...], theme: str = "mkdocs", **options: object) -> Path:
    docs = root / "docs"
    for file in build_pages(digests, papers.options(root / "cache", **options), now=papers.NOW):
        (docs / file.uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.path, docs / file.uri)
    (docs / "index.md").touch()
    (root / "mkdocs.yml").touch()
    config = load_config(
        str(root / "mkdocs.yml"),
        site_name="Lab wiki",
        docs_dir=str(docs),
        site_dir=str(root / "site"),
        theme={"name": theme},
        plugins=[],
        markdown_extensions=["attr_list", "md_in_html"],
        validation=STRICT,
    )
    build(config)
    return root / "site"


@pytest.mark.parametrize(
    ("slug", "options"),
    [
        ("talking-head-generation", {}),
        ("说话人视频生成", {"language": "zh", "period": "month"}),
        ("talking_heads (2)", {"digest_dir": "reading/digests", "period": "day"}),
        ("talking-heads", {"digest_dir": ".", "period": "all"}),
    ],
)
def test_every_link_image_and_anchor_leads_somewhere(
    slug: str, options: dict[str, object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    digest = papers.talking_heads(tmp_path / "cache")
    digest = replace(digest, topic=replace(digest.topic, slug=slug))
    with caplog.at_level(logging.WARNING, logger="mkdocs"):
        site = build_site(tmp_path, (digest, *papers.other_topics()), **options)
    assert [record.getMessage() for record in caplog.records] == []
    page = site / str(options.get("digest_dir", "digests")) / slug / "index.html"
    images = lxml.html.parse(str(page)).xpath("//details//img/@src")
    assert len(images) == 8 if options.get("period") == "all" else images
    assert all((page.parent / source).resolve().is_file() for source in images)
    # MkDocs checks the links of a page, not those of its table of contents.
    for path in site.rglob("index.html"):
        parsed = lxml.html.parse(str(path)).getroot()
        within = {unquote(link) for link in parsed.xpath("//a/@href") if link.startswith("#")}
        assert within <= {"#", *(f"#{anchor}" for anchor in parsed.xpath("//@id"))}, path


def test_hostile_titles_and_descriptions_stay_inside_their_elements(tmp_path: Path) -> None:
    digest = papers.talking_heads()
    topic = replace(digest.topic, title=papers.HOSTILE, description=papers.HOSTILE)
    digest = replace(digest, topic=topic)
    site = build_site(tmp_path, (digest,), theme="material")
    page = lxml.html.parse(str(site / "digests/talking-head-generation/2024-w42/index.html"))
    assert "＜script＞window.pwned=1＜/script＞" in page.findtext(".//title")
    assert not [script for script in page.xpath("//script/text()") if "pwned" in script]
    assert not page.xpath("//*[@onerror or @onclick]")
    (description,) = page.xpath("//meta[@name='description']/@content")
    assert description.startswith("Papers on [A][b] *x* __init__ {{ boom }}")


def test_a_topic_page_lists_every_paper_and_periods_lead_on(tmp_path: Path) -> None:
    digest = papers.talking_heads(tmp_path / "cache")
    site = build_site(tmp_path, (digest,)) / "digests/talking-head-generation"
    topic = lxml.html.parse(str(site / "index.html")).getroot()
    shown = {title.get("id") for title in topic.cssselect("h2.pd-title")}
    listed = {link.get("href").partition("#")[2] for link in topic.cssselect("ul.pd-newest > li > a")}
    assert shown | listed == {anchor_of(entry.paper) for entry in digest.entries}
    assert not shown & listed
    assert len(topic.cssselect("h2.pd-period")) == 3
    middle = lxml.html.parse(str(site / "2024-w40/index.html")).getroot()
    rows = middle.cssselect(".pd-turn")
    assert len(rows) == 2
    for row in rows:
        links = [link.get("href") for link in row.cssselect("a")]
        assert links == ["../2024-w42/", "../", "../2024-w35/"]
        assert "1 paper" in row.text_content()


def test_a_new_paper_leaves_the_pages_of_other_weeks_as_they_are(tmp_path: Path) -> None:
    digest = papers.talking_heads()
    *older, newest = sorted(digest.entries, key=lambda entry: entry.paper.published)

    def written(entries: list[Entry]) -> dict[str, str]:
        shown = replace(digest, entries=tuple(entries))
        pages = build_pages((shown,), papers.options(tmp_path), now=papers.NOW)
        return {page.uri: page.path.read_text(encoding="utf-8") for page in pages if page.uri.endswith(".md")}

    before, after = written(older), written([*older, newest])
    changed = {Path(uri).stem for uri in after if after[uri] != before.get(uri)}
    assert changed == {"index", "2024-w42"}
    assert len(after) == 5


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
@pytest.mark.parametrize("period", ["all", "week"])
def test_entries_beyond_full_entries_are_rows_that_hold_them_whole(
    theme: str, period: str, tmp_path: Path
) -> None:
    digest = papers.talking_heads(tmp_path / "cache")
    page = "" if period == "all" else "2024-w42/"
    whole, rows = (
        lxml.html.parse(
            str(
                build_site(tmp_path / str(full), (digest,), theme, full_entries=full, period=period)
                / f"digests/talking-head-generation/{page}index.html"
            )
        ).getroot()
        for full in (20, 1)
    )
    titles = [title.get("id") for title in whole.cssselect("h2.pd-title")]
    assert [title.get("id") for title in rows.cssselect("h2.pd-title")] == titles
    assert [row.cssselect("summary > h2")[0].get("id") for row in rows.cssselect("details.pd-row")] == titles[
        1:
    ]
    for title in titles:
        (heading,), (open_one,) = (page.xpath(f"//h2[@id='{title}']") for page in (rows, whole))
        assert canonical(heading) == canonical(open_one)
        entry = list(
            takewhile(
                lambda node: node.tag != "h2" and node.get("class") != "pd-words", open_one.itersiblings()
            )
        )
        if title == titles[0]:
            continue
        row = heading.getparent().getparent()
        assert list(map(canonical, row.cssselect(".pd-entry")[0])) == list(map(canonical, entry))
    assert {link.get("href") for link in rows.xpath("//a")} >= {f"#{title}" for title in titles}


def test_a_topic_may_have_a_period_of_its_own(tmp_path: Path) -> None:
    digest = papers.talking_heads(tmp_path / "cache")
    topics = (Topic(digest.topic.title, digest.topic.slug, period="all"),)
    site = build_site(tmp_path, (digest,), topics=topics) / "digests/talking-head-generation"
    assert [path.name for path in site.iterdir() if path.is_dir()] == []
