"""The images of figures: cut out cleanly, small, complete on disk."""

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.documents.figures.choice import choose_figures
from mkdocs_paperdigest.documents.figures.find import FoundFigure
from mkdocs_paperdigest.documents.images.images import (
    BYTES_MAX,
    COVER_BYTES,
    COVER_SIDE,
    PADDING,
    SIDE_MAX,
    THUMBNAIL_BYTES,
    THUMBNAIL_SIDE,
    fingerprint,
    render_figure,
    save_figure,
    save_webp,
    write_cover,
)
from mkdocs_paperdigest.documents.images.webp import is_whole
from mkdocs_paperdigest.documents.pdf.pdfium import open_pdf
from mkdocs_paperdigest.models import Figure
from tests.documents.pdfs import HEIGHT, lines_of, make, plot


def rendered(tmp_path, draw, box, turn: int = 0) -> Image.Image | None:
    with open_pdf(make(tmp_path / "paper.pdf", draw)) as document:
        return render_figure(document[0], box, turn)


def saved(image: Image.Image, folder: Path, number: int) -> Figure:
    return save_figure(
        image, folder, f"fig-{number}", label="Figure A", caption="It.", page=7, leads=number == 1
    )


def black_square(canvas: Canvas) -> None:
    canvas.rect(100, HEIGHT - 200, 100, 100, fill=1, stroke=0)


def test_a_truncated_image_is_detected(tmp_path):
    path = tmp_path / "fig-1.webp"
    assert not is_whole(path)
    for image in (Image.new("RGB", (40, 30), "red"), Image.effect_noise((301, 200), 50)):
        save_webp(image.convert("RGB"), path)
        assert is_whole(path)
        whole = path.read_bytes()
        for broken in (b"", whole[:11], whole[:-1], whole[: len(whole) // 2], b"x" + whole[1:]):
            path.write_bytes(broken)
            assert not is_whole(path)
    path.unlink()
    path.mkdir()
    assert not is_whole(path)


def test_a_figure_gets_white_around_it(tmp_path):
    image = rendered(tmp_path, black_square, (100, 100, 200, 200))
    scale = image.width / (100 + 2 * PADDING)
    pixels = np.asarray(image.convert("L"))
    assert pixels[: int(scale * PADDING) - 2].min() > 250
    assert pixels[image.height // 2, image.width // 2] < 5


def test_the_white_ends_where_the_caption_begins(tmp_path):
    def draw(canvas):
        black_square(canvas)
        canvas.rect(80, HEIGHT - 230, 200, 28, fill=1)
        canvas.rect(100, HEIGHT - 200, 100, 100, fill=1)

    image = rendered(tmp_path, draw, (100, 100, 200, 200))
    column = np.asarray(image.convert("L"))[:, image.width // 2]
    # From the top: white, the square, white again, and nothing after that.
    dark = np.flatnonzero(np.diff((column < 128).astype(int)))
    assert len(dark) == 2


def test_a_small_figure_is_sharp_and_a_large_one_bounded(tmp_path):
    small = rendered(tmp_path, black_square, (100, 100, 200, 200))
    assert small.width / 106 * 72 >= 200
    large = rendered(tmp_path, lambda canvas: plot(canvas, 0, 0, 612, 400), (0, 0, 612, 400))
    assert max(large.size) <= SIDE_MAX


def test_a_sideways_figure_is_turned_upright(tmp_path):
    def draw(canvas):
        canvas.rect(100, HEIGHT - 300, 50, 200, fill=1)
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(100, HEIGHT - 120, 50, 20, fill=1)

    image = rendered(tmp_path, draw, (100, 100, 150, 300), turn=1)
    assert image.width > image.height
    red, _, blue = image.getpixel((image.width - 40, image.height // 2))
    assert red > 200 > 50 > blue


def test_a_blank_box_gives_no_image(tmp_path):
    assert rendered(tmp_path, black_square, (300, 300, 400, 400)) is None


def test_line_art_is_kept_without_loss(tmp_path):
    image = rendered(tmp_path, lambda canvas: plot(canvas, 100, 100, 300, 200), (100, 100, 400, 300))
    size = save_webp(image, tmp_path / "images" / "fig-1.webp")
    with Image.open(tmp_path / "images" / "fig-1.webp") as saved:
        assert saved.format == "WEBP"
        assert saved.size == size == image.size
        assert fingerprint(saved.convert("RGB")) == fingerprint(image)


def test_a_photograph_stays_within_its_budget(tmp_path):
    noise = Image.frombytes("RGB", (400, 300), random.Random(3).randbytes(400 * 300 * 3))
    size = save_webp(noise.resize((1600, 1200)), tmp_path / "fig-1.webp")
    assert (tmp_path / "fig-1.webp").stat().st_size <= BYTES_MAX or max(size) <= SIDE_MAX // 2
    assert [path.name for path in tmp_path.iterdir()] == ["fig-1.webp"]


def test_a_wide_figure_gets_a_small_image_beside_it(tmp_path):
    photo = Image.effect_mandelbrot((1400, 1000), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    figure = saved(photo, tmp_path, 3)
    assert figure == Figure("Figure A", "It.", 7, "fig-3.webp", 1400, 1000, "fig-3-small.webp")
    with Image.open(tmp_path / "fig-3-small.webp") as small:
        assert small.size == (THUMBNAIL_SIDE, 457)
    assert (tmp_path / "fig-3-small.webp").stat().st_size <= THUMBNAIL_BYTES


def test_a_tall_figure_is_small_in_its_height(tmp_path):
    noise = Image.frombytes("RGB", (400, 1200), random.Random(3).randbytes(400 * 1200 * 3))
    saved(noise, tmp_path, 1)
    with Image.open(tmp_path / "fig-1-small.webp") as small:
        assert small.size == (213, THUMBNAIL_SIDE)


def test_the_cover_of_any_figure_is_light(tmp_path):
    chance = np.random.default_rng(1)
    noise = chance.integers(0, 256, (900, 1200, 3), dtype=np.uint8)
    plot = np.full((1600, 1000, 3), 255, np.uint8)
    plot[400:420] = 0
    for number, pixels in enumerate((noise, plot, noise[:61, :61], noise[:70])):
        image = Image.fromarray(pixels)
        path = tmp_path / f"{number}.webp"
        image.save(path, lossless=True)
        write_cover(path, path)
        assert path.stat().st_size <= COVER_BYTES
        with Image.open(path) as cover:
            assert max(cover.size) <= COVER_SIDE
            ratio = cover.width / cover.height * image.height / image.width
            assert ratio == pytest.approx(1, rel=0.2)


def test_the_first_figure_gets_its_cover_at_once_and_no_other_keeps_an_old_one(tmp_path):
    image = Image.new("RGB", (300, 300), "red")
    other = tmp_path / "fig-2-cover.webp"
    other.write_bytes(b"of another image")
    assert (tmp_path / saved(image, tmp_path, 1).cover).is_file()
    saved(image, tmp_path, 2)
    assert not other.exists()


def test_a_figure_that_is_small_already_has_one_image(tmp_path):
    assert saved(Image.linear_gradient("L").convert("RGB"), tmp_path, 1).small is None
    # Wide, but with fewer bytes than any smaller copy.
    assert saved(Image.new("RGB", (1600, 4), "red"), tmp_path, 2).small is None
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fig-1-cover.webp",
        "fig-1.webp",
        "fig-2.webp",
    ]


def figures(count: int) -> list[FoundFigure]:
    return [FoundFigure(n, f"Figure {n}", f"Figure {n}: x", (0, 0, 1, 1)) for n in range(1, count + 1)]


def chosen(text: str, most: int, count: int = 5) -> list[str]:
    return [figure.label[-1] for figure in choose_figures(figures(count), [text], most)]


def test_all_figures_stay_when_there_is_room():
    assert chosen("", 5) == list("12345")


def test_the_figures_that_the_text_cites_most_stay_in_paper_order():
    assert chosen("See Fig. 4. Figure 4 and Figures 2 and 5 show it, so does Fig. 5.", 2) == ["4", "5"]


def test_at_equal_counts_those_cited_first_stay():
    assert chosen("Figure 3 and Figure 5, then Figure 1.", 2) == ["3", "5"]


def test_a_range_cites_what_lies_between():
    assert chosen("Figs. 2-4 show it; see Fig. 2, Fig. 3 and Figure 4a.", 3) == ["2", "3", "4"]


def with_tables(text: str, most: int, *, drawings: int, tables: int) -> list[str]:
    found = figures(drawings) + [
        FoundFigure(n, f"TABLE {n}", f"TABLE {n}. x", (0, 0, 1, 1), table=True) for n in range(1, tables + 1)
    ]
    return [figure.label for figure in choose_figures(found, [text], most)]


def test_tables_that_the_text_cites_more_than_figures_stay():
    text = "Table 2 and Tables 2 and 3; see Figure 1 (Fig. 1)."
    assert with_tables(text, 2, drawings=3, tables=3) == ["Figure 1", "TABLE 2"]
    assert with_tables(text, 4, drawings=3, tables=3) == ["Figure 1", "Figure 2", "TABLE 2", "TABLE 3"]


def test_tables_are_at_most_half_while_there_are_figures():
    text = "Tables 1, 2, 3 and 4. " * 3
    assert with_tables(text, 4, drawings=4, tables=4) == ["Figure 1", "Figure 2", "TABLE 1", "TABLE 2"]
    assert with_tables(text, 4, drawings=1, tables=4) == ["Figure 1", "TABLE 1", "TABLE 2", "TABLE 3"]
    assert with_tables(text, 1, drawings=1, tables=1) == ["Figure 1"]
    assert with_tables(text, 1, drawings=0, tables=4) == ["TABLE 1"]


@pytest.mark.parametrize(
    "text",
    [
        "as table 3 shows",
        "in Tabelle 3",
        "dans le tableau 3",
        "如表 3 所示",
        "表3和表2",
        "Tab. 3",
        "Tables~3 to 5",
    ],
)
def test_a_table_is_cited_in_the_words_of_its_language(text):
    assert with_tables(text, 1, drawings=0, tables=3) == ["TABLE 3"]


def test_the_number_of_a_figure_says_nothing_of_a_table():
    assert with_tables("Figure 2, Fig. 2 and Table 1.", 2, drawings=2, tables=2) == ["Figure 2", "TABLE 1"]


def test_without_room_there_is_no_figure():
    assert chosen("Figure 1", 0) == []


def test_two_lines_of_text_are_not_cut(tmp_path):
    """The box is kept as it is; only the padding is cut."""
    image = rendered(
        tmp_path, lambda canvas: lines_of(canvas, 100, 100, "one\ntwo", size=20), (100, 100, 140, 148)
    )
    rows = (np.asarray(image.convert("L")) < 128).any(axis=1)
    assert len(np.flatnonzero(np.diff(rows.astype(int)) == 1)) == 2
