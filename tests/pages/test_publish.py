"""Pages are files in the cache, and only changed ones are written."""

import logging
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Digest, Document, Entry, License
from mkdocs_paperdigest.pages import publish
from mkdocs_paperdigest.pages.publish import _shared_inputs, build_pages
from mkdocs_paperdigest.storage.layout import images_folder
from tests.pages import papers

SLUG = "digests/talking-head-generation"


@pytest.fixture
def digests(tmp_path: Path) -> tuple[Digest, ...]:
    return (papers.talking_heads(tmp_path), *papers.other_topics())


def uris(files: list) -> set[str]:
    return {file.uri for file in files}


def states(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_every_topic_has_an_index_its_periods_and_a_bibliography(
    digests: tuple[Digest, ...], tmp_path: Path
) -> None:
    files = build_pages(digests, papers.options(tmp_path), now=papers.NOW)
    topic = {uri for uri in uris(files) if uri.startswith(SLUG)}
    assert topic == {
        f"{SLUG}/index.md", f"{SLUG}/2024-w42.md", f"{SLUG}/2024-w40.md", f"{SLUG}/2024-w35.md",
        f"{SLUG}/talking-head-generation.bib", f"{SLUG}/talking-head-generation.ris",
    }  # fmt: skip
    assert {file.uri for file in files if file.in_nav} == {
        "digests/index.md", *(f"digests/{digest.topic.slug}/index.md" for digest in digests),
    }  # fmt: skip
    assert all(file.path.is_file() for file in files)


def test_an_image_has_one_address_even_when_its_paper_is_in_two_topics(
    digests: tuple[Digest, ...], tmp_path: Path
) -> None:
    both = replace(digests[1], entries=digests[0].entries)
    files = build_pages((digests[0], both), papers.options(tmp_path), now=papers.NOW)
    images = [file for file in files if file.uri.endswith(".webp")]
    assert len(uris(images)) == len(images) == 18
    assert "digests/assets/2410.13726v2/fig-1.webp" in uris(images)


def test_pages_that_are_gone_are_named(
    digests: tuple[Digest, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def said(**options: object) -> list[str]:
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="mkdocs"):
            build_pages(digests[:1], papers.options(tmp_path, **options), now=papers.NOW)
        return [record.getMessage() for record in caplog.records if record.levelno == logging.INFO]

    assert said() == said() == []
    (line,) = said(period="month")
    assert line == (
        f"3 pages of the last build are gone: {SLUG}/2024-w35.md, {SLUG}/2024-w40.md, {SLUG}/2024-w42.md; to redirect "
        "visitors, see https://mkdocs-paperdigest.github.io/mkdocs-paperdigest/plugins/#redirects"
    )
    assert said(period="month") == []
    (line,) = said(period="month", digest_dir="papers")
    assert "digests/index.md" in line
    assert ".bib" not in line


def test_an_unchanged_build_writes_nothing(digests: tuple[Digest, ...], tmp_path: Path) -> None:
    options = papers.options(tmp_path)
    first = build_pages(digests, options, now=papers.NOW)
    before = states(tmp_path)
    assert build_pages(digests, options, now=papers.NOW) == first
    assert states(tmp_path) == before


def test_a_cache_that_was_unpacked_elsewhere_renders_nothing_again(
    digests: tuple[Digest, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "notice.md.j2").write_text("{# ours #}")
    options = papers.options(tmp_path / "cache", templates_dir=templates)
    first = build_pages(digests, options, now=papers.NOW)
    for path in tmp_path.rglob("*"):
        os.utime(path, ns=(1, 1))
    with monkeypatch.context() as during:
        during.setattr("mkdocs_paperdigest.pages.render.render.renderer", None)
        assert build_pages(digests, options, now=papers.NOW) == first
        (templates / "notice.md.j2").write_text("{# more #}")
        with pytest.raises(TypeError):
            build_pages(digests, options, now=papers.NOW)


def test_a_change_of_one_paper_touches_only_the_pages_that_show_it(
    digests: tuple[Digest, ...], tmp_path: Path
) -> None:
    options = papers.options(tmp_path, period="day")
    build_pages(digests[:1], options, now=papers.NOW)
    before = states(tmp_path / "pages")
    entries = tuple(
        replace(entry, summary=replace(entry.summary, summary="Something else."))
        if entry.paper == papers.DAWN and entry.summary
        else entry
        for entry in digests[0].entries
    )
    build_pages((replace(digests[0], entries=entries),), options, now=papers.NOW)
    changed = {path for path, state in states(tmp_path / "pages").items() if before[path] != state}
    assert {Path(path).name for path in changed} == {"2024-10-17.md", "index.md", "papers.json"}


def test_a_page_that_no_longer_belongs_to_the_site_is_deleted_and_nothing_else(
    digests: tuple[Digest, ...], tmp_path: Path
) -> None:
    options = papers.options(tmp_path)
    build_pages(digests, options, now=papers.NOW)
    foreign = tmp_path / "pages" / "digests" / "notes.txt"
    foreign.write_text("not ours")
    build_pages(digests[:1], options, now=papers.NOW)
    assert not (tmp_path / "pages" / "digests" / "speech").exists()
    assert foreign.read_text() == "not ours"


@pytest.mark.parametrize("damage", ["lost", "edited", "manifest"])
def test_a_damaged_cache_is_repaired(damage: str, digests: tuple[Digest, ...], tmp_path: Path) -> None:
    options = papers.options(tmp_path)
    build_pages(digests, options, now=papers.NOW)
    page = tmp_path / "pages" / SLUG / "2024-w42.md"
    wanted = page.read_bytes()
    match damage:
        case "lost":
            page.unlink()
        case "edited":
            page.write_text("edited")
            os.utime(page, ns=(1, 1))
        case "manifest":
            (tmp_path / "pages.json").write_text("{")
    build_pages(digests, options, now=papers.NOW)
    assert page.read_bytes() == wanted


def test_a_missing_image_is_left_out(digests: tuple[Digest, ...], tmp_path: Path) -> None:
    (images_folder(tmp_path, papers.DAWN, DOCUMENT_VERSION) / "fig-2.webp").unlink()
    files = build_pages(digests, papers.options(tmp_path), now=papers.NOW)
    assert "digests/assets/2410.13726v2/fig-2.webp" not in uris(files)
    page = (tmp_path / "pages" / SLUG / "2024-w42.md").read_text()
    assert "fig-1.webp" in page
    assert "2410.13726v2/fig-2.webp" not in page


def test_without_its_small_image_a_figure_is_shown_at_its_full_size(
    digests: tuple[Digest, ...], tmp_path: Path
) -> None:
    images = "digests/assets/2410.13726v2"
    files = build_pages(digests, papers.options(tmp_path), now=papers.NOW)
    assert {f"{images}/fig-1.webp", f"{images}/fig-1-small.webp"} <= set(uris(files))
    (images_folder(tmp_path, papers.DAWN, DOCUMENT_VERSION) / "fig-1-small.webp").unlink()
    files = build_pages(digests, papers.options(tmp_path), now=papers.NOW)
    assert f"{images}/fig-1.webp" in uris(files)
    page = (tmp_path / "pages" / SLUG / "2024-w42.md").read_text()
    assert "2410.13726v2/fig-1-small.webp" not in page
    assert "2410.13726v2/fig-2-small.webp" in page


def test_figures_of_papers_without_an_open_license_are_linked_not_shown(
    digests: tuple[Digest, ...], tmp_path: Path
) -> None:
    files = build_pages(digests, papers.options(tmp_path, figures_license="open"), now=papers.NOW)
    images = {uri.split("/")[2] for uri in uris(files) if uri.endswith(".webp")}
    assert images == {"2410.13726v2"}
    page = (tmp_path / "pages" / SLUG / "2024-w42.md").read_text()
    assert "The licence of the paper does not allow showing its figures" in page


def test_pages_can_be_read_by_the_web_server(digests: tuple[Digest, ...], tmp_path: Path) -> None:
    files = build_pages(digests, papers.options(tmp_path), now=papers.NOW)
    assert {oct(file.path.stat().st_mode & 0o777) for file in files if file.uri.endswith(".md")} == {"0o644"}


def test_the_bibliography_names_every_paper_once(digests: tuple[Digest, ...], tmp_path: Path) -> None:
    build_pages(digests, papers.options(tmp_path), now=papers.NOW)
    text = (tmp_path / "pages" / SLUG / "talking-head-generation.bib").read_text()
    assert text.count("\n@") + 1 == len(digests[0].entries)
    assert "@misc{2410.13726," in text


def test_without_periods_the_topic_page_shows_every_paper(
    digests: tuple[Digest, ...], tmp_path: Path
) -> None:
    files = build_pages(digests[:1], papers.options(tmp_path, period="all"), now=papers.NOW)
    pages = {uri for uri in uris(files) if uri.endswith(".md")}
    assert pages == {"digests/index.md", f"{SLUG}/index.md"}
    text = (tmp_path / "pages" / SLUG / "index.md").read_text()
    assert text.count("\n## ") == len(digests[0].entries)
    assert '.pd-title data-search-exclude=""' not in text


def test_an_unknown_licence_is_not_an_open_one(tmp_path: Path) -> None:
    entry = Entry(
        papers.DAWN,
        Document("pdf", papers.figures(1), License("all rights reserved"), reader=DOCUMENT_VERSION),
    )
    digest = replace(papers.other_topics()[2], entries=(entry,))
    papers.blank(papers.DAWN, papers.figures(1), tmp_path)
    files = build_pages((digest,), papers.options(tmp_path, figures_license="open"), now=papers.NOW)
    assert not [uri for uri in uris(files) if uri.endswith(".webp")]


def test_pages_depend_on_the_code_that_cleans_and_reads_their_text(tmp_path: Path) -> None:
    inputs = _shared_inputs(papers.options(tmp_path)).decode()
    for name in ("addresses.py", "text.py", "labels.py", "entry.md.j2", "en.yml"):
        assert f"('{name}', '" in inputs


def test_pages_do_not_depend_on_what_another_process_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = shutil.copytree(Path(publish.__file__).parents[1], tmp_path / "package")
    monkeypatch.setattr(publish, "__file__", str(package / "pages/publish.py"))
    options = papers.options(tmp_path / "cache")
    before = _shared_inputs(options)
    compiled = package / "pages/__pycache__"
    compiled.mkdir(exist_ok=True)
    # Python writes them under such names first.
    (compiled / "feeds.cpython-311.pyc.140231").write_bytes(b"")
    assert _shared_inputs(options) == before
