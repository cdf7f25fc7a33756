"""Covers of papers that were read before: made once, from the stored image, whoever wrote that."""

from dataclasses import replace
from pathlib import Path

from PIL import Image

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Digest, Figure
from mkdocs_paperdigest.pipeline.covers import make_covers
from mkdocs_paperdigest.storage.layout import images_folder
from tests.pages import papers


def stored(cache_dir: Path) -> tuple[Digest, Path]:
    """A topic whose images an older version wrote, and the folder of the paper DAWN."""
    digest = papers.talking_heads(cache_dir, draw=papers.paint)
    for cover in cache_dir.rglob("*-cover.webp"):
        cover.unlink()
    return digest, images_folder(cache_dir, papers.DAWN, DOCUMENT_VERSION)


def test_papers_that_are_stored_get_their_covers_once(tmp_path: Path) -> None:
    digest, folder = stored(tmp_path)
    make_covers([digest], papers.options(tmp_path))
    covers = sorted(tmp_path.rglob("*-cover.webp"))
    assert len(covers) == 3
    with Image.open(folder / "fig-1-cover.webp") as image:
        assert image.size == (320, 124)
    before = [cover.stat().st_mtime_ns for cover in covers]
    # The stored images could not be read again.
    for image in tmp_path.rglob("fig-1*.webp"):
        if image not in covers:
            image.write_bytes(b"RIFF")
    make_covers([digest], papers.options(tmp_path))
    assert [cover.stat().st_mtime_ns for cover in covers] == before


def test_the_cover_is_of_the_first_figure_that_is_left(tmp_path: Path) -> None:
    digest, folder = stored(tmp_path)
    (folder / "fig-1.webp").unlink()
    make_covers([digest], papers.options(tmp_path))
    assert [path.name for path in folder.glob("*-cover.webp")] == ["fig-2-cover.webp"]


def test_a_table_has_a_cover_only_where_there_is_no_figure(tmp_path: Path) -> None:
    digest, folder = stored(tmp_path)
    (folder / "fig-1.webp").rename(folder / "table-1.webp")
    document = digest.entries[1].document
    assert document is not None
    first, *rest = document.figures
    table = replace(first, label="Table 1", image="table-1.webp", small=None)

    def made(*figures: Figure, **options: object) -> list[str]:
        entry = replace(digest.entries[1], document=replace(document, figures=figures))
        make_covers([replace(digest, entries=(entry,))], papers.options(tmp_path, **options))
        covers = list(folder.glob("*-cover.webp"))
        for cover in covers:
            cover.unlink()
        return [cover.name for cover in covers]

    assert made(table, *rest) == ["fig-2-cover.webp"]
    assert made(table) == ["table-1-cover.webp"]
    assert made(table, tables=False) == []


def test_a_damaged_image_and_a_site_without_figures_have_none(tmp_path: Path) -> None:
    digest, folder = stored(tmp_path)
    make_covers([digest], papers.options(tmp_path, figures=False))
    assert not list(tmp_path.rglob("*-cover.webp"))
    (folder / "fig-1-small.webp").write_bytes(b"RIFF and no more")
    make_covers([digest], papers.options(tmp_path))
    assert not list(folder.glob("*-cover.webp"))
    assert len(list(tmp_path.rglob("*-cover.webp"))) == 2


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    digest, folder = stored(tmp_path / "cache")
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    make_covers([replace(digest, entries=digest.entries[:2])], papers.options(tmp_path / "cache"))
    assert not list(elsewhere.glob("*-cover.webp"))
