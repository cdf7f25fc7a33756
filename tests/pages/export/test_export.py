"""Exported pages are complete, plain and up to date, and no other files are touched."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lxml.etree
import lxml.html
import pytest
import yaml
from markdown_it import MarkdownIt

from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.export.export import MANIFEST, compare, export, snippet
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.plugin.building import build, write_site
from tests.runs import GATES, build_site, gate_options

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    """One cache for all exports: only the first reads papers."""
    other = replace(PAPER, id="2410.00002", published=PAPER.published.replace(day=2))
    with FakeArxiv([PAPER, other]) as arxiv, FakeGemini() as gemini:
        yield gate_options(tmp_path_factory.mktemp("cache"), arxiv, gemini, overview=False, period="day")


def files(options: Options) -> tuple[SiteFile, ...]:
    key = {"GEMINI_API_KEY": "not-a-real-key"}
    return build_site(options, now=NOW, environ=key).files


PAPERS = {"2410.13786": PAPER.title, "2410.00002": PAPER.title}
PARTS = (
    ".pd-meta",
    ".pd-links a",
    ".pd-summary",
    ".pd-takeaways li",
    "details.pd-abstract",
    "details.pd-reading",
    "details.pd-figures figure",
    ".pd-provenance",
)


def other_site(root: Path, options: Options, theme: str = "material", **more: object) -> Path:
    """A site without the plugin, with exported pages."""
    write_site(root, {})
    export(files(options), root / "docs")
    config = {
        "site_name": "Lab",
        "theme": {"name": theme},
        "plugins": ["search"],
        "validation": {"anchors": "warn", "unrecognized_links": "warn"},
        **yaml.safe_load(snippet(options)),
        **more,
    }
    config["nav"].insert(0, {"Home": "index.md"})
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config))
    return root


def check_pages(site: Path) -> None:
    """Every digest page has its entries, images and links, and no Markdown is left in its text."""
    for name, titles in {
        "digests/index.html": [],
        "digests/gates/index.html": ["2410.13786"],
        "digests/gates/2024-10-17/index.html": ["2410.13786"],
        "digests/gates/2024-10-02/index.html": ["2410.00002"],
    }.items():
        page = lxml.html.parse(site / name).getroot()
        shown = {heading.get("id"): heading.text_content() for heading in page.cssselect("h2.pd-title")}
        assert list(shown) == titles, name
        assert all(PAPERS[id_] in title for id_, title in shown.items())
        for part in PARTS if titles else ():
            assert page.cssselect(part), (name, part)
        images = page.cssselect("h2 ~ * img, .pd-row img, .pd-newest img")
        assert images, name
        for image in images:
            assert (site / name).parent.joinpath(image.get("src")).is_file(), image.get("src")
        for link in page.cssselect("a.pd-newer, a.pd-older, .pd-newest a, .pd-periods a"):
            target, _, anchor = link.get("href").partition("#")
            file = (site / name).parent / target / "index.html"
            assert file.is_file(), target
            assert not anchor or f'id="{anchor}"' in file.read_text("utf-8")
        assert LEFT_OVER.findall(text_of(page)) == [], name


LEFT_OVER = re.compile(r".{0,20}(?:\]\(|\{ [.#\w]|markdown=|&#\d|\*\*|^#+ ).{0,20}", re.MULTILINE)
"""Matches Markdown, attribute lists and entities that a page shows as text."""


def text_of(page: lxml.html.HtmlElement) -> str:
    for code in page.cssselect("script, style, pre"):
        code.drop_tree()
    return page.text_content()


@pytest.mark.parametrize(("program", "theme"), [("mkdocs", "readthedocs"), ("properdocs", "material")])
def test_exported_pages_build_without_the_plugin(
    options: Options, tmp_path: Path, program: str, theme: str
) -> None:
    root = other_site(tmp_path / "other", options, theme)
    built = build(root, program=program)
    assert built.code == 0, built.log
    check_pages(built.site)
    assert (built.site / "assets/paperdigest/paperdigest.css").is_file()


def show_papers(root: Path) -> None:
    """Adds a page of the lab's own that shows papers."""
    (root / "docs/team").mkdir()
    (root / "docs/team/reading.md").write_text(
        "---\ntitle: Reading\n---\n\n# Reading\n\n[One](paper:2410.13786) and\n[none](paper:nothing)\n\n"
        "```paperdigest\nlatest: 2\n```\n"
    )
    config = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))
    config["markdown_extensions"] += ["mkdocs_paperdigest.markdown", "pymdownx.superfences"]
    config["nav"].append("team/reading.md")
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config))


@pytest.mark.parametrize("full_entries", [20, 0])
def test_zensical_builds_them(options: Options, full_entries: int, tmp_path: Path) -> None:
    pytest.importorskip("zensical")
    rss = {"match_path": "digests/.*/20.*", "date_from_meta": {"as_creation": "date"}, "use_git": False}
    plugins = ["search", "tags", {"rss": rss}]
    shown = replace(options, full_entries=full_entries)
    root = other_site(tmp_path / "other", shown, plugins=plugins, site_url="https://lab.example/")
    show_papers(root)
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    check_pages(root / "site")
    assert "team/reading.md, line 8: the digests show no paper `nothing`" in done.stderr
    own = lxml.html.parse(root / "site/team/reading/index.html").getroot()
    assert len(own.cssselect(".pd-cards > li")) == 2
    for element in own.cssselect(".pd-cards a, .pd-cards img, p > a[href*=digests]"):
        target, _, anchor = (element.get("href") or element.get("src")).partition("#")
        file = root / "site/team/reading" / target / ("index.html" if anchor else "")
        assert f'id="{anchor}"' in file.read_text("utf-8") if anchor else file.is_file()
    page = lxml.html.parse(root / "site/digests/gates/2024-10-17/index.html").getroot()
    # Its script loads GLightbox from unpkg.com where it finds this class.
    assert page.cssselect("details.pd-figures a.pd-zoom[data-gallery]")
    assert not page.cssselect(".glightbox")
    assert len(page.cssselect("details.pd-row")) == (full_entries == 0)
    assert "Gates" in {tag.text_content().strip() for tag in page.cssselect(".md-tag")}
    feed = lxml.etree.parse(root / "site/feed_rss_created.xml")
    links = [link.rpartition("/gates/")[2] for link in feed.xpath("//item/link/text()")]
    assert links == ["2024-10-17/", "2024-10-02/"]
    assert "17 Oct 2024" in feed.xpath("string(//item[1]/pubDate)")
    found = json.loads((root / "site/search.json").read_text("utf-8"))["items"]
    texts = {one["location"]: one["text"] for one in found}
    sentence = page.cssselect(".pd-summary")[0].text_content()
    assert sentence in texts["digests/gates/2024-10-17/#2410.13786"]
    assert sentence not in texts["digests/gates/2024-10-17/"]
    assert sentence not in texts["team/reading/"]


@pytest.mark.parametrize("full_entries", [20, 0])
def test_plain_pages_need_no_extension_of_markdown(
    options: Options, full_entries: int, tmp_path: Path
) -> None:
    """markdown-it-py follows the specification of CommonMark to the letter."""
    out = tmp_path / "out"
    options = replace(options, full_entries=full_entries)
    export(files(options), out, plain=True)
    pages = sorted(out.rglob("*.md"))
    assert len(pages) == 4
    for path in pages:
        front, text = path.read_text("utf-8").removeprefix("---\n").split("\n---\n", 1)
        assert yaml.safe_load(front)["title"]
        html = MarkdownIt("commonmark").render(text)
        page = lxml.html.document_fromstring(html)
        assert len(page.cssselect("h1")) == 1
        for id_ in page.xpath("//a[starts-with(@id, '2410')]/@id"):
            assert f"<h2>{PAPERS[id_]}</h2>" in html
        if path.name != "index.md":
            assert [part for part in PARTS if not page.cssselect(part)] == []
        for image in page.cssselect("img"):
            assert (path.parent / image.get("src")).is_file()
        for link in page.xpath("//a[@href and not(contains(@href, '://'))]/@href"):
            assert (path.parent / link.partition("#")[0]).is_file(), link
        assert LEFT_OVER.findall(text_of(page)) == []


def test_plain_pages_ask_for_no_extension_of_markdown(options: Options) -> None:
    assert list(yaml.safe_load(snippet(options, plain=True))) == ["nav", "extra_css", "extra_javascript"]


def test_external_text_stays_the_same_on_plain_pages(options: Options, tmp_path: Path) -> None:
    title = "On [links](x.md){ .a } and ## { #b } in $x_{ij}$, ![a](b.png)"
    out = tmp_path / "out"
    with FakeArxiv([replace(PAPER, title=title)]) as arxiv:
        alone = replace(options, cache_dir=tmp_path, arxiv_url=arxiv.url, model="extractive")
        export(files(alone), out, plain=True)
    text = (out / "digests/gates/2024-10-17.md").read_text("utf-8").split("\n---\n", 1)[1]
    page = lxml.html.document_fromstring(MarkdownIt("commonmark").render(text))
    (heading,) = page.cssselect("h2")
    assert heading.text_content() == title.replace("$x_{ij}$", "\\(x_{ij}\\)")
    assert not heading.cssselect("a, img")


def test_a_second_export_writes_nothing(options: Options, tmp_path: Path) -> None:
    first = export(files(options), tmp_path / "out")
    again = export(files(options), tmp_path / "out")
    assert (again.written, again.unchanged, again.deleted) == (0, first.written, 0)


def test_pages_that_are_gone_are_deleted_and_nothing_else(options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(files(options), out)
    (out / "digests/gates/mine.md").write_text("mine")
    newest = replace(options, topics=(replace(GATES, max_papers=1),))
    done = export(files(newest), out)
    assert done.deleted >= 1
    left = sorted(path.name for path in (out / "digests/gates").iterdir())
    assert left == [
        "2024-10-17.md", "feed.json", "feed.xml", "gates.bib", "gates.ris", "index.md", "mine.md",
    ]  # fmt: skip


def test_a_page_of_the_users_stays(options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "digests").mkdir(parents=True)
    (out / "digests/index.md").write_text("mine")
    done = export(files(options), out)
    assert done.kept == ("digests/index.md",)
    assert export(files(options), out).kept == ("digests/index.md",)
    assert (out / "digests/index.md").read_text() == "mine"


def test_an_edited_manifest_deletes_nothing_outside(options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (out / MANIFEST).write_text(f'["../victim", "{victim}"]')
    export(files(options), out)
    assert victim.exists()


def test_the_navigation_is_to_be_merged_and_in_no_published_file(options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    # An earlier version put it beside the pages.
    (out / MANIFEST).write_text('["digests/nav.yml"]')
    (out / "digests").mkdir()
    (out / "digests/nav.yml").write_text("nav: []")
    export(files(options), out)
    assert not list(out.rglob("nav.yml"))
    text = snippet(options)
    assert text.startswith("# To be merged into the mkdocs.yml of the other generator")
    assert yaml.safe_load(text)["nav"] == [
        {"Paper digests": ["digests/index.md", {"Gates": "digests/gates/index.md"}]}
    ]


def test_a_current_export_is_told_from_others(options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out"
    whole = files(options)
    none = compare(whole, out)
    assert not none.current
    assert "digests/index.md" in none.missing
    assert not out.exists()
    export(whole, out)
    (out / "digests/mine.md").write_text("mine")
    assert compare(whole, out).current
    assert not compare(whole, out, plain=True).current
    (out / "digests/index.md").write_text("changed")
    (out / "digests/gates/gates.ris").unlink()
    newest = files(replace(options, topics=(replace(GATES, max_papers=1),)))
    found = compare(newest, out)
    assert "digests/index.md" in found.outdated
    assert found.missing == ("digests/gates/gates.ris",)
    assert "digests/gates/2024-10-02.md" in found.gone
    assert found.kept == ()
    assert (out / "digests/index.md").read_text() == "changed"


def test_without_its_manifest_an_export_is_compared_and_taken_over(options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out"
    whole = files(options)
    export(whole, out)
    (out / MANIFEST).unlink()
    assert compare(whole, out).current
    (out / "digests/index.md").write_text("of an earlier version")
    assert compare(whole, out).outdated == ("digests/index.md",)
    done = export(whole, out)
    assert (done.written, done.kept) == (0, ("digests/index.md",))
    assert compare(whole, out).kept == ("digests/index.md",)


def test_clean_deletes_what_exports_wrote_and_nothing_else(options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(files(options), out)
    (out / "digests/gates/mine.md").write_text("mine")
    (out / "digests/.new-a1b2c3d4").write_text("left by an export that was killed")
    (out / "digests/.new-mine").write_text("mine")
    moved = replace(options, digest_dir="papers")
    done = export(files(moved), out, clean=True)
    assert sorted(path.name for path in (out / "digests").rglob("*")) == [".new-mine", "gates", "mine.md"]
    assert (done.unchanged, done.kept) == (0, ())
    assert compare(files(moved), out).current
    # Folders that an export leaves empty are gone with or without it.
    export(files(options), out)
    assert not (out / "papers").exists()


def test_no_page_has_the_class_for_which_zensical_asks_another_host(options: Options, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "why.md.j2").write_text(
        '\n<a class="x glightbox" href="#">a</a>\n\n[b](#){ .x .glightbox .y }\n\nglightbox\n'
    )
    export(files(replace(options, templates_dir=templates)), tmp_path / "out")
    text = (tmp_path / "out/digests/gates/2024-10-17.md").read_text("utf-8")
    assert '<a class="x pd-zoom" href="#">a</a>\n\n[b](#){ .x .pd-zoom .y }\n\nglightbox\n' in text
    assert ".glightbox" not in text
