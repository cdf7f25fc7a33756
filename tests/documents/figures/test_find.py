"""Finding figures in PDFs of several templates."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.documents.figures.assignment import Usual, certainty, choose_regions
from mkdocs_paperdigest.documents.figures.find import FoundFigure
from mkdocs_paperdigest.documents.figures.find_tables import find_floats
from mkdocs_paperdigest.documents.figures.ink import Ink
from mkdocs_paperdigest.documents.figures.layout import Body, body_of
from mkdocs_paperdigest.documents.figures.paragraphs import CODE_FONT, running_text
from mkdocs_paperdigest.documents.figures.regions import Region
from mkdocs_paperdigest.documents.figures.sheets import read_sheet
from mkdocs_paperdigest.documents.pdf.lines import Line
from mkdocs_paperdigest.documents.pdf.pdfium import open_pdf, seen_text
from tests.documents.pdfs import (
    COLUMN,
    HEIGHT,
    LEFT,
    LINE,
    PROSE,
    SECOND,
    TOP,
    WIDTH,
    Box,
    intersection_over_union,
    lines_of,
    make,
    paragraph,
    photograph,
    plot,
    table,
    text_page,
    type3_pdf,
)

Draw = Callable[[Canvas], Sequence[Box]]


def figures_in(path: Path) -> list[FoundFigure]:
    with open_pdf(path) as document:
        return find_floats(document, tables=False)


def found_and_drawn(tmp_path: Path, draw: Draw) -> tuple[list[FoundFigure], list[Box]]:
    """The figures found on a page between pages of text, and the boxes drawn there."""
    drawn: list[Box] = []
    path = make(tmp_path / "paper.pdf", text_page, lambda canvas: drawn.extend(draw(canvas)), text_page)
    return figures_in(path), drawn


def check(tmp_path: Path, draw: Draw, labels: Sequence[str]) -> list[FoundFigure]:
    """The figures found, after checking that their boxes are the ones drawn."""
    found, drawn = found_and_drawn(tmp_path, draw)
    assert [figure.label for figure in found] == list(labels)
    for figure, box in zip(found, drawn, strict=True):
        assert figure.page == 1
        assert intersection_over_union(figure.bbox, box) > 0.9, (figure, box)
    return found


def test_a_figure_between_paragraphs(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12)
        box = plot(canvas, 150, y + 10, 300, 160)
        y = lines_of(canvas, 150, box[3] + 10, "Figure 1: Error against the num-\nber of samples.")
        paragraph(canvas, LEFT, y + 14, LINE, 20, seed=3)
        return [box]

    [figure] = check(tmp_path, draw, ["Figure 1"])
    assert figure.caption == "Figure 1: Error against the number of samples."
    assert figure.caption_without_label == "Error against the number of samples."


def test_a_figure_in_one_of_two_columns_leaves_the_other_alone(tmp_path):
    def draw(canvas):
        paragraph(canvas, LEFT, TOP, COLUMN, 48)
        box = plot(canvas, SECOND + 5, TOP, COLUMN - 10, 130)
        y = lines_of(canvas, SECOND, box[3] + 8, "Fig. 2. The error, measured on held out samples.")
        paragraph(canvas, SECOND, y + 14, COLUMN, 30, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 2"])


def test_a_figure_across_both_columns(tmp_path):
    def draw(canvas):
        left = plot(canvas, LEFT, TOP, 220, 130)
        right = plot(canvas, LEFT + 250, TOP, 218, 130)
        y = lines_of(canvas, LEFT, left[3] + 8, "Figure 3: A short caption on the left.")
        paragraph(canvas, LEFT, y + 14, COLUMN, 30)
        paragraph(canvas, SECOND, y + 14, COLUMN, 30, seed=3)
        return [(left[0], left[1], right[2], left[3])]

    check(tmp_path, draw, ["Figure 3"])


def test_a_figure_with_text_flowing_around_it(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 6)
        narrow = LINE - 210
        below = paragraph(canvas, LEFT, y, narrow, 14, seed=2)
        box = plot(canvas, LEFT + narrow + 15, y + 4, 190, 120)
        lines_of(canvas, LEFT + narrow + 15, box[3] + 6, "Figure 4: Text flows around this one.")
        paragraph(canvas, LEFT, below, LINE, 20, seed=4)
        return [box]

    check(tmp_path, draw, ["Figure 4"])


def test_two_figures_side_by_side(tmp_path):
    def draw(canvas):
        left = plot(canvas, LEFT + 10, TOP, 190, 120)
        right = plot(canvas, LEFT + 240, TOP, 215, 120)
        lines_of(canvas, LEFT + 60, left[3] + 8, "Figure 5: Before training.")
        y = lines_of(canvas, LEFT + 290, left[3] + 8, "Figure 6: After training,\nin two lines.")
        paragraph(canvas, LEFT, y + 14, LINE, 30)
        return [left, right]

    check(tmp_path, draw, ["Figure 5", "Figure 6"])


def test_two_figures_side_by_side_over_stacked_captions(tmp_path):
    def draw(canvas):
        left = plot(canvas, LEFT + 10, TOP, 190, 120)
        right = plot(canvas, LEFT + 240, TOP, 215, 120)
        y = lines_of(canvas, LEFT + 150, left[3] + 8, "Figure 7: Before training.")
        y = lines_of(canvas, LEFT + 150, y + 2, "Figure 8: After training.")
        paragraph(canvas, LEFT, y + 14, LINE, 30)
        return [left, right]

    check(tmp_path, draw, ["Figure 7", "Figure 8"])


def test_captions_above_their_figures(tmp_path):
    def draw(canvas):
        boxes = []
        y = TOP
        for number in (1, 2):
            y = lines_of(canvas, 150, y, f"Figure {number}: The caption stands above this one.")
            boxes.append(plot(canvas, 150, y + 6, 300, 130))
            y = paragraph(canvas, LEFT, boxes[-1][3] + 14, LINE, 10, seed=number) + 14
        return boxes

    check(tmp_path, draw, ["Figure 1", "Figure 2"])


def test_figures_of_a_page_come_in_the_order_of_their_numbers(tmp_path):
    """A float across both columns stands at the top, before the figure of the column that it follows."""

    def draw(canvas):
        wide = plot(canvas, LEFT + 60, TOP, 340, 120)
        y = lines_of(canvas, LEFT + 60, wide[3] + 10, "Figure 10: The wide float.") + 14
        left = paragraph(canvas, LEFT, y, COLUMN, 8)
        box = plot(canvas, LEFT, left + 8, COLUMN, 130)
        left = lines_of(canvas, LEFT, box[3] + 8, "Figure 9: The one in the column.")
        paragraph(canvas, LEFT, left + 12, COLUMN, 14, seed=3)
        paragraph(canvas, SECOND, y, COLUMN, 36, seed=5)
        return [box, wide]

    check(tmp_path, draw, ["Figure 9", "Figure 10"])


def test_a_caption_beside_its_figure(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12)
        box = photograph(canvas, LEFT, y + 12, 250, 180)
        lines_of(canvas, LEFT + 265, y + 60, "Figure 1 | The caption stands beside\nthe photograph.")
        paragraph(canvas, LEFT, box[3] + 14, LINE, 20, seed=3)
        return [box]

    [figure] = check(tmp_path, draw, ["Figure 1"])
    assert figure.caption_without_label == "The caption stands beside the photograph."


def test_a_table_right_above_a_figure_stays_out(tmp_path):
    def draw(canvas):
        paragraph(canvas, LEFT, TOP, COLUMN, 48)
        y = lines_of(canvas, SECOND, TOP, "Table 1: Numbers of several models.")
        y = table(canvas, SECOND, y + 4, COLUMN)
        box = plot(canvas, SECOND + 5, y + 12, COLUMN - 10, 130)
        y = lines_of(canvas, SECOND, box[3] + 8, "Figure 1: The same as a plot.")
        paragraph(canvas, SECOND, y + 14, COLUMN, 20, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_panels_keep_their_own_captions(tmp_path):
    def draw(canvas):
        boxes = [photograph(canvas, LEFT + at * 160, TOP, 145, 100) for at in range(3)]
        for at, (left, _, _, bottom) in enumerate(boxes):
            words = f"({'abc'[at]}) What one sees in this\npanel of the figure is noise."
            y = lines_of(canvas, left, bottom + 4, words)
        caption = lines_of(canvas, LEFT, y + 8, "Figure 1: Three panels with captions of their own.")
        paragraph(canvas, LEFT, caption + 14, LINE, 30)
        return [(LEFT, TOP, boxes[-1][2], y - 4)]

    check(tmp_path, draw, ["Figure 1"])


def test_a_listing_is_a_figure_too(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12)
        code = "for step in range(steps):\n    loss = model(batch)\n    loss.backward()\nreturn model"
        below = lines_of(canvas, 180, y + 14, code, font="Courier")
        y2 = lines_of(canvas, 180, below + 8, "Figure 1: The training loop.")
        paragraph(canvas, LEFT, y2 + 14, LINE, 20, seed=3)
        return [(180, y + 16, 315, below - 2)]

    check(tmp_path, draw, ["Figure 1"])


def test_a_prompt_in_a_frame_is_a_figure_too(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 14
        inner = paragraph(canvas, LEFT + 20, y + 8, LINE - 40, 6, seed=5)
        canvas.rect(LEFT + 10, HEIGHT - inner - 4, LINE - 20, inner + 4 - y)
        caption = lines_of(canvas, 180, inner + 14, "Figure 1: The prompt that we used.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [(LEFT + 10, y, LEFT + LINE - 10, inner + 4)]

    check(tmp_path, draw, ["Figure 1"])


def a_simple_page(canvas: Canvas, *, drawing: bool = True) -> Box:
    paragraph(canvas, LEFT, TOP, LINE, 6)
    box = plot(canvas, 150, 160, 300, 160) if drawing else (150, 160, 450, 320)
    y = lines_of(canvas, 150, 330, "Figure 1: Error against the number of samples.")
    paragraph(canvas, LEFT, y + 14, LINE, 20, seed=3)
    return box


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_is_seen_as_it_is_shown(tmp_path, rotation):
    path = make(tmp_path / "upright.pdf", a_simple_page)
    document = pdfium.PdfDocument(path)
    document[0].set_rotation(rotation)
    document.save(tmp_path / "rotated.pdf")
    document.close()
    [figure] = figures_in(tmp_path / "rotated.pdf")
    x0, y0, x1, y1 = 150, 160, 450, 320
    shown = {
        90: (HEIGHT - y1, x0, HEIGHT - y0, x1),
        180: (WIDTH - x1, HEIGHT - y1, WIDTH - x0, HEIGHT - y0),
        270: (y0, WIDTH - x1, y1, WIDTH - x0),
    }[rotation]
    assert intersection_over_union(figure.bbox, shown) > 0.9
    assert figure.turn == {90: 3, 180: 2, 270: 1}[rotation]


@pytest.mark.parametrize("degrees", [90, -90])
def test_a_figure_set_sideways_is_found_and_turned_upright(tmp_path, degrees):
    def sideways(canvas):
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(degrees)
        canvas.translate(-HEIGHT / 2, -HEIGHT + WIDTH / 2)
        box = plot(canvas, 200, 150, 400, 220)
        lines_of(canvas, 200, box[3] + 10, "Figure 1: A wide figure, set sideways on its page.")

    [figure] = figures_in(make(tmp_path / "paper.pdf", text_page, sideways, text_page))
    assert figure.turn == {90: 1, -90: 3}[degrees]
    width, height = figure.bbox[2] - figure.bbox[0], figure.bbox[3] - figure.bbox[1]
    assert height == pytest.approx(400, abs=8)
    assert width == pytest.approx(220, abs=8)


def test_boxes_count_from_the_corner_of_the_crop_box(tmp_path):
    document = pdfium.PdfDocument(make(tmp_path / "whole.pdf", a_simple_page))
    document[0].set_cropbox(50, 100, WIDTH - 20, HEIGHT - 40)
    document.save(tmp_path / "cropped.pdf")
    document.close()
    [figure] = figures_in(tmp_path / "cropped.pdf")
    assert intersection_over_union(figure.bbox, (100, 120, 400, 280)) > 0.9


def test_running_headers_and_stamps_stay_out(tmp_path):
    boxes = []

    def draw(canvas):
        lines_of(canvas, LEFT, 40, "A. Author and B. Author: A study of the error of things")
        canvas.line(LEFT, HEIGHT - 54, LEFT + LINE, HEIGHT - 54)
        canvas.saveState()
        canvas.setFont("Times-Roman", 18)
        canvas.translate(30, 250)
        canvas.rotate(90)
        canvas.drawString(0, 0, "arXiv:2401.00001v1 [cs.CV] 1 Jan 2024")
        canvas.restoreState()
        number = len(boxes) + 1
        boxes.append(plot(canvas, LEFT, 66, LINE, 160))
        y = lines_of(canvas, LEFT, 236, f"Figure {number}: At the top of its page.")
        paragraph(canvas, LEFT, y + 14, LINE, 25)

    found = figures_in(make(tmp_path / "paper.pdf", draw, draw, draw))
    assert [figure.label for figure in found] == ["Figure 1", "Figure 2", "Figure 3"]
    for figure, box in zip(found, boxes, strict=True):
        assert intersection_over_union(figure.bbox, box) > 0.9


def test_the_line_numbers_of_a_manuscript_stay_out(tmp_path):
    def draw(canvas):
        box = plot(canvas, LEFT, TOP, LINE, 160)
        y = lines_of(canvas, LEFT, box[3] + 10, "Figure 1: In a manuscript under review.")
        paragraph(canvas, LEFT, y + 14, LINE, 25)
        for number in range(50):
            lines_of(canvas, 45, TOP + 12 * number, f"{number + 54:03}", size=7)
            lines_of(canvas, 555, TOP + 12 * number, f"{number + 54:03}", size=7)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_a_paper_without_figures_has_none(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 10)
        y = lines_of(canvas, LEFT, y + 10, "Table 1: Figure 3 of the former paper in numbers.")
        y = table(canvas, LEFT, y + 4, LINE)
        y = paragraph(canvas, LEFT, y + 20, LINE, 8, seed=2)
        lines_of(canvas, LEFT, y, "Figure 3 shows nothing here, as it belongs to another paper.", size=10)
        photograph(canvas, 200, 500, 100, 100)

    assert figures_in(make(tmp_path / "paper.pdf", text_page, draw, text_page)) == []


def test_a_sentence_that_begins_like_a_caption_has_no_figure(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 10)
        y = lines_of(canvas, LEFT, y, "Figure 3. It was drawn by hand in former times.", size=10)
        paragraph(canvas, LEFT, y, LINE, 20, seed=3)

    assert figures_in(make(tmp_path / "paper.pdf", text_page, draw, text_page)) == []


def test_an_example_text_is_a_figure_too(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 16
        below = paragraph(canvas, LEFT + 25, y, LINE - 50, 6, seed=5)
        caption = lines_of(canvas, 200, below + 10, "Figure 1: An example from the data.")
        paragraph(canvas, LEFT, caption + 16, LINE, 20, seed=3)
        return [(LEFT + 25, y + 3, LEFT + LINE - 25, below)]

    check(tmp_path, draw, ["Figure 1"])


def test_a_scan_with_an_invisible_text_layer_has_the_figures_of_its_ink(tmp_path):
    upright = make(tmp_path / "upright.pdf", a_simple_page)
    document = pdfium.PdfDocument(upright)
    picture = ImageReader(document[0].render(scale=2, grayscale=True).to_pil())
    document.close()

    def scan(canvas):
        canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)
        canvas._code.append("3 Tr")
        a_simple_page(canvas, drawing=False)

    [figure] = figures_in(make(tmp_path / "scan.pdf", scan))
    assert figure.label == "Figure 1"
    assert intersection_over_union(figure.bbox, (150, 160, 450, 320)) > 0.9


def test_a_caption_that_people_do_not_see_has_no_figure(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12)
        photograph(canvas, 150, y + 10, 300, 160)
        canvas.setFillColorRGB(1, 1, 1)
        lines_of(canvas, 150, y + 180, "Figure 1: White on white.")
        lines_of(canvas, 150, HEIGHT + 40, "Figure 2: Below the page.")

    assert figures_in(make(tmp_path / "paper.pdf", text_page, draw, text_page)) == []


def test_bands_and_strips_of_every_page_stay_out(tmp_path):
    boxes = []

    def draw(canvas):
        canvas.setFillColorRGB(0.6, 0.7, 0.9)
        canvas.rect(LEFT, HEIGHT - 60, LINE, 20, fill=1, stroke=0)
        canvas.rect(20, 60, 14, HEIGHT - 120, fill=1, stroke=0)
        canvas.setFillColorRGB(0, 0, 0)
        number = len(boxes) + 1
        boxes.append(plot(canvas, LEFT + 9 * number, 66, LINE - 60, 140 + 9 * number))
        y = lines_of(canvas, LEFT, boxes[-1][3] + 10, f"Figure {number}: At the top of its page.")
        paragraph(canvas, LEFT, y + 14, LINE, 25)

    found = figures_in(make(tmp_path / "paper.pdf", draw, draw, draw))
    assert len(found) == len(boxes) == 3
    for figure, box in zip(found, boxes, strict=True):
        assert intersection_over_union(figure.bbox, box) > 0.9


def test_a_table_ends_before_the_figure_below_it(tmp_path):
    """The figure's frame is as wide as the rules of the table, and its caption is below."""

    def draw(canvas):
        y = lines_of(canvas, LEFT, TOP, "Table 1: Numbers of several models.")
        y = table(canvas, LEFT, y + 4, LINE) + 60
        box = frame(canvas, LEFT, y, LINE, 100)
        y = lines_of(canvas, LEFT, box[3] + 8, "Figure 1: The same as a picture.")
        other = frame(canvas, LEFT, y + 30, LINE, 100)
        lines_of(canvas, LEFT, other[3] + 8, "Figure 2: The other one.")
        return [box, other]

    check(tmp_path, draw, ["Figure 1", "Figure 2"])


def frame(canvas: Canvas, x: float, y: float, width: float, height: float) -> Box:
    canvas.rect(x, HEIGHT - y - height, width, height)
    canvas.circle(x + width / 2, HEIGHT - y - height / 2, height / 3)
    return x, y, x + width, y + height


def test_a_caption_beside_a_figure_that_reaches_over_both_columns(tmp_path):
    def draw(canvas):
        box = photograph(canvas, LEFT + 140, TOP, LINE - 140, 220)
        lines_of(
            canvas, LEFT, TOP + 20, "Fig. 1 The caption stands\nbeside the photograph,\nas it often does."
        )
        paragraph(canvas, LEFT, box[3] + 20, COLUMN, 28)
        paragraph(canvas, SECOND, box[3] + 20, COLUMN, 28, seed=3)
        return [box]

    columns = partial(two_columns, 48)
    path = make(tmp_path / "paper.pdf", columns, draw, columns)
    [figure] = figures_in(path)
    assert intersection_over_union(figure.bbox, (LEFT + 140, TOP, LEFT + LINE, TOP + 220)) > 0.9


def two_columns(lines: int, canvas: Canvas) -> None:
    paragraph(canvas, LEFT, TOP, COLUMN, lines)
    paragraph(canvas, SECOND, TOP, COLUMN, lines, seed=3)


def test_legends_that_are_listed_before_the_figures(tmp_path):
    def legends(canvas):
        y = lines_of(canvas, LEFT, TOP, "FIGURE LEGENDS", size=10)
        for number in (1, 2):
            y = lines_of(canvas, LEFT, y + 40, f"Figure {number}. The error of each one.", size=10)

    def draw(number, canvas):
        box = photograph(canvas, 150, 150, 300, 160)
        lines_of(canvas, 150, box[3] + 12, f"Figure {number}. The error of each one.", size=10)

    path = make(tmp_path / "paper.pdf", text_page, legends, partial(draw, 1), partial(draw, 2))
    found = figures_in(path)
    assert [(figure.page, figure.label) for figure in found] == [(2, "Figure 1"), (3, "Figure 2")]


def test_names_of_bars_belong_to_the_figure(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 14
        names = [
            "All of the blocks",
            "All layers except for the output are random",
            "The input and the first of the blocks are so",
        ]
        canvas.setFont("Times-Roman", 10)
        for at, name in enumerate(names):
            canvas.drawRightString(300, HEIGHT - y - 12 * at - 10, name)
            canvas.rect(305, HEIGHT - y - 12 * at - 12, 120 + 10 * at, 10, fill=1)
        left = 300 - max(canvas.stringWidth(name) for name in names)
        caption = lines_of(canvas, 180, y + 50, "Figure 1: The error of each block.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [(left, y + 2, 445, y + 36)]

    check(tmp_path, draw, ["Figure 1"])


@pytest.mark.parametrize("above", ["the end of a paragraph is short:", "2.1 A Heading", "formula"])
def test_short_text_above_a_figure_within_the_text_stays_out(tmp_path, above):
    def draw(canvas):
        if above == "formula":
            y = paragraph(canvas, LEFT, TOP, LINE, 12) + 6
            lines_of(canvas, 250, y + 6, "f(x) =", size=10)
            lines_of(canvas, 290, y, "a + b\nb - a", size=10)
            canvas.line(288, HEIGHT - y - 13, 316, HEIGHT - y - 13)
        else:
            y = TOP
            lines_of(canvas, LEFT, y, above, size=10)
        box = plot(canvas, 150, y + (40 if above == "formula" else 20), 300, 160)
        caption = lines_of(canvas, 150, box[3] + 10, "Figure 1: Error against the number of samples.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_the_numbers_of_a_listing_belong_to_it(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 20) + 14
        code = "\n".join(f"call(argument_{number})" for number in range(14))
        below = lines_of(canvas, 200, y, code, font="Courier", size=8)
        lines_of(canvas, 180, y, "\n".join(map(str, range(1, 15))), font="Courier", size=8)
        caption = lines_of(canvas, 180, below + 8, "Figure 1: The training loop.")
        paragraph(canvas, LEFT, caption + 14, LINE, 16, seed=3)
        return [(180, y + 2, 281, below - 1)]

    check(tmp_path, draw, ["Figure 1"])


def test_two_figures_with_captions_beside_them(tmp_path):
    def draw(canvas):
        boxes = [frame(canvas, LEFT + 140, TOP + at, LINE - 140, 200) for at in (0, 230)]
        for number, box in enumerate(boxes, 1):
            words = f"Fig. {number} The caption stands\nbeside the photograph,\nas it often does."
            lines_of(canvas, LEFT, box[1], words)
        return boxes

    check(tmp_path, draw, ["Figure 1", "Figure 2"])


def test_a_scheme_keeps_its_drawing(tmp_path):
    """The scheme is larger than the figure and nearer to its caption, but has a caption of its own."""

    def draw(canvas):
        box = plot(canvas, 200, TOP, 150, 70)
        y = lines_of(canvas, LEFT, box[3] + 26, "Figure 1: The error of each one.")
        scheme = photograph(canvas, LEFT, y + 8, LINE, 200)
        y = lines_of(canvas, LEFT, scheme[3] + 8, "Scheme 1. How the samples are drawn.")
        paragraph(canvas, LEFT, y + 14, LINE, 20, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_a_caption_on_a_coloured_ground(tmp_path):
    def draw(canvas):
        box = frame(canvas, 230, TOP, 150, 200)
        canvas.setFillColorRGB(0.8, 0.9, 1)
        canvas.rect(LEFT, HEIGHT - box[3] - 40, LINE, 34, fill=1, stroke=0)
        canvas.setFillColorRGB(0, 0, 0)
        words = "Figure 1: " + "The caption stands on a ground of its own colour. " * 2
        lines_of(canvas, LEFT + 8, box[3] + 10, words + "\n" + words[10:])
        paragraph(canvas, LEFT, box[3] + 60, LINE, 20, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_a_table_on_a_coloured_ground_stays_out(tmp_path):
    def draw(canvas):
        y = lines_of(canvas, LEFT, TOP, "Table 1: Numbers of several models on a grey ground.")
        canvas.setFillColorRGB(0.85, 0.85, 0.85)
        canvas.rect(LEFT, HEIGHT - y - 64, LINE, 60, fill=1, stroke=0)
        canvas.setFillColorRGB(0, 0, 0)
        for row in range(4):
            lines_of(
                canvas, LEFT + 4, y + 6 + 14 * row, f"model {row} of several models      {row}.3      {row}.5"
            )
        box = plot(canvas, LEFT, y + 78, LINE, 130)
        y = lines_of(canvas, LEFT, box[3] + 8, "Figure 1: The same as a plot.")
        paragraph(canvas, LEFT, y + 14, LINE, 20, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_a_listing_with_a_blank_line_is_whole(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12)
        code = "def train(model):\n    return model\n\ntrain(models)\nprint(models)"
        below = lines_of(canvas, 180, y + 14, code, font="Courier", size=10)
        caption = lines_of(canvas, 180, below + 8, "Figure 1: The training loop.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [(180, y + 16, 281, below - 1)]

    check(tmp_path, draw, ["Figure 1"])


def test_a_larger_drawing_on_the_unusual_side_where_all_figures_are_above():
    above = Region((200, 72, 310, 172), "above", 90.0)
    below = Region((72, 200, 540, 290), "below", 170.0)
    assert choose_regions([[below, above]], Usual("above")) == [below]
    usual = certainty(Usual("above"), [[above], [above], [above], [below]])
    assert choose_regions([[below, above]], usual) == [above]


def test_a_scan_whose_words_were_placed_too_low_and_too_narrow(tmp_path):
    """What recognizes letters knows where words begin, and little else."""
    document = pdfium.PdfDocument(make(tmp_path / "upright.pdf", a_simple_page))
    page = document[0]
    picture = ImageReader(page.render(scale=2, grayscale=True).to_pil())
    with open_pdf(tmp_path / "upright.pdf") as opened:
        lines = read_sheet(opened[0], opened[0].get_textpage(), 0).lines
    document.close()

    def scan(canvas):
        canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)
        for line in lines:
            if line.letters < 20:
                continue
            text = canvas.beginText()
            text.setTextRenderMode(3)
            text.setFont("Times-Roman", 6)
            at = line.x0
            for word in line.text.split():
                text.setTextOrigin(at, HEIGHT - line.y1 - 1)
                text.textOut(f"{word} ")
                at += line.width * (len(word) + 1) / len(line.text)
            canvas.drawText(text)

    [figure] = figures_in(make(tmp_path / "scan.pdf", scan))
    assert figure.caption == "Figure 1: Error against the number of samples."
    assert intersection_over_union(figure.bbox, (150, 160, 450, 320)) > 0.9


def test_slanted_symbols_belong_to_their_line(tmp_path):
    """Word slants upright symbols for formulas."""

    def draw(canvas):
        box = plot(canvas, 150, TOP, 300, 160)
        y = lines_of(canvas, 150, box[3] + 10, "Figure 1: The error of")
        at = 150 + canvas.stringWidth("Figure 1: The error of ", "Times-Roman", 9)
        text = canvas.beginText()
        text.setFont("Times-Roman", 9)
        for word, slant in (("x ", 0.25), ("and all.", 0)):
            text.setTextTransform(1, 0, slant, 1, at, HEIGHT - y + 1.2 * 9 - 9)
            text.textOut(word)
            at += canvas.stringWidth(word, "Times-Roman", 9)
        canvas.drawText(text)
        paragraph(canvas, LEFT, y + 14, LINE, 20, seed=3)
        return [box]

    [figure] = check(tmp_path, draw, ["Figure 1"])
    assert figure.caption == "Figure 1: The error of x and all."


def test_type_3_fonts_in_units_of_their_own(tmp_path):
    """TeX's bitmap fonts: glyphs are drawn in pixels from top to bottom, and the font's size says nothing."""
    path = tmp_path / "bitmaps.pdf"
    path.write_bytes(
        type3_pdf(
            [
                *((72, 100 + 12 * row, PROSE[:80]) for row in range(6)),
                (150, 350, "Figure 1: Error of all."),
                *((72, 400 + 12 * row, PROSE[:80]) for row in range(12)),
            ],
            "150 460 300 130 re S 160 470 m 440 580 l S",
        )
    )
    with open_pdf(path) as document:
        page = document[0]
        text = seen_text(page, page.get_textpage())
        [figure] = find_floats(document)
    assert "Figure 1: Error of all." in text
    assert figure.caption == "Figure 1: Error of all."
    assert intersection_over_union(figure.bbox, (150, HEIGHT - 590, 450, HEIGHT - 460)) > 0.9


def test_a_page_of_two_columns_of_which_one_is_used(tmp_path):
    """A figure of the empty column stays out, although only one column has text."""

    def draw(canvas):
        left = frame(canvas, LEFT, TOP, COLUMN - 20, 150)
        y = lines_of(canvas, LEFT, left[3] + 8, "Fig. 1. The caption of this figure fills its column.")
        paragraph(canvas, LEFT, y + 14, COLUMN, 20)
        right = frame(canvas, SECOND, TOP + 90, COLUMN - 20, 150)
        lines_of(canvas, SECOND, right[3] + 8, "Fig. 2. The other one.")
        return [left, right]

    def columns(canvas):
        two_columns(46, canvas)
        lines_of(canvas, LEFT, 700, "as Figure 1 shows", size=10)

    found = figures_in(make(tmp_path / "paper.pdf", columns, draw, columns))
    assert [figure.label for figure in found] == ["Figure 1", "Figure 2"]
    assert intersection_over_union(found[0].bbox, (LEFT, TOP, LEFT + COLUMN - 20, TOP + 150)) > 0.9


def test_a_text_font_whose_name_looks_like_one_for_code():
    assert CODE_FONT.search("NimbusMonL-Regu")
    body = Body(size=10.0, width=240.0, fonts=frozenset({"AdvTT86d47313"}), leading=12.0)
    lines = [
        Line(72, y + 1, 312, y + 9, y, y + 10, "words of a paragraph in a journal", "AdvTT86d47313")
        for y in (100, 112)
    ]
    assert running_text(lines, body, Ink(np.zeros((400, 400), np.bool_), 1.0)) == lines


def test_a_listing_in_the_font_of_the_text(tmp_path):
    """Its lines follow each other like those of a paragraph, but none reaches the edge of the column."""

    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 16
        steps = [
            "Choose a sample among those that are left over from before",
            "if the error of the sample is below the bound then",
            "    keep the sample and the weight of the neighbours",
            "else drop the sample and lower the bound by a half",
        ]
        below = lines_of(canvas, LEFT, y, "\n".join(steps) + "\n\n" + "\n".join(steps), size=10)
        caption = lines_of(canvas, LEFT + 80, below + 12, "Figure 1: Choice of the samples.")
        paragraph(canvas, LEFT, caption + 14, LINE, 16, seed=3)
        width = max(canvas.stringWidth(step, "Times-Roman", 10) for step in steps)
        return [(LEFT, y + 3, LEFT + width, below - 1)]

    check(tmp_path, draw, ["Figure 1"])


def test_rules_in_a_frame_far_from_them(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 16
        rules = [
            f"the rule {name} holds of every value of the {name} type" for name in ("first", "second", "last")
        ]
        below = lines_of(canvas, LEFT + 90, y + 12, "\n".join(rules), size=10) + 12
        canvas.rect(LEFT + 20, HEIGHT - below, LINE - 40, below - y)
        caption = lines_of(canvas, 200, below + 10, "Figure 1: The rules of the language.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [(LEFT + 20, y, LEFT + LINE - 20, below)]

    check(tmp_path, draw, ["Figure 1"])


def test_a_table_with_the_caption_of_a_figure(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 16
        rows = "Part of it\nA row\nAnother row"
        canvas.line(90, HEIGHT - y, 450, HEIGHT - y)
        middle = lines_of(canvas, 94, y + 2, rows) + 4
        canvas.line(90, HEIGHT - middle, 450, HEIGHT - middle)
        last = lines_of(canvas, 94, middle + 2, rows) + 4
        canvas.line(90, HEIGHT - last, 450, HEIGHT - last)
        for top in (y + 2, middle + 2):
            lines_of(canvas, 420, top, "12\n34\n56")
        caption = lines_of(canvas, 200, last + 10, "Figure 1: Sizes of the parts.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [(90, y, 450, last)]

    check(tmp_path, draw, ["Figure 1"])


@pytest.mark.parametrize("above", ["number", "sentence", "where"])
def test_lines_of_text_above_a_figure_stay_out(tmp_path, above):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 6
        if above == "number":
            lines_of(canvas, LEFT, y, "5.2", size=10, font="Times-Bold")
            y = lines_of(canvas, LEFT + 30, y, "Training of the Model", size=10, font="Times-Bold")
        elif above == "sentence":
            y = lines_of(canvas, LEFT + 15, y + 6, "The error is in the figure below.", size=10)
        else:
            lines_of(canvas, 250, y, "f(x) = b - a", size=10)
            y = lines_of(canvas, LEFT, y + 14, "where", size=10)
            y = lines_of(canvas, 250, y + 2, "g(x) = b + a", size=10)
        box = plot(canvas, 150, y + 10, 300, 100)
        caption = lines_of(canvas, 150, box[3] + 10, "Figure 1: Error against the number of samples.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_an_indented_chinese_sentence_is_text():
    body = Body(size=12.0, width=412.0, fonts=frozenset({"SimSun"}), leading=23.0, columns=((90.0, 502.0),))
    sentence = Line(112, 101, 415, 113, 101, 113, "如下图所示，可以区分活体和照片。", "SimSun")
    assert running_text([sentence], body, Ink(np.zeros((900, 900), np.bool_), 1.5)) == [sentence]


def test_small_print_is_text_and_names_in_symbols_are_none():
    body = Body(size=10.0, width=240.0, fonts=frozenset({"Text"}), leading=12.0, columns=((72.0, 312.0),))
    print_ = [
        Line(72, y, 312, y + 5, y, y + 6, "A. Author, Title of a reference, Journal of things.", "Small")
        for y in range(100, 180, 8)
    ]
    names = [
        Line(400, y, 460, y + 3, y, y + 4, "1@>8:?.&1@>.1@>?.@A.1=>2", "Calibri") for y in range(100, 180, 7)
    ]
    found = running_text([*print_, *names], body, Ink(np.zeros((900, 900), np.bool_), 1.0))
    assert found == print_


def test_images_at_the_top_of_every_page_are_whole(tmp_path):
    """Where margins are narrow, what the figures of all pages have in common there is no art of the journal."""
    boxes = []

    def draw(canvas):
        boxes.append(photograph(canvas, LEFT, 40, 225, 120))
        y = lines_of(canvas, LEFT, 170, f"Figure {len(boxes)}: A texture.")
        paragraph(canvas, LEFT, y + 14, COLUMN, 40)
        paragraph(canvas, SECOND, 40, COLUMN, 50)

    found = figures_in(make(tmp_path / "paper.pdf", draw, draw, draw, draw))
    assert len(found) == len(boxes) == 4
    for figure, box in zip(found, boxes, strict=True):
        assert intersection_over_union(figure.bbox, box) > 0.9


def test_a_large_watermark_in_the_margin_stays_out(tmp_path):
    def draw(canvas):
        canvas.saveState()
        canvas.setFont("Helvetica", 50)
        canvas.setFillGray(0.85)
        canvas.translate(66, 150)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Accepted Article")
        canvas.restoreState()
        y = paragraph(canvas, 90, TOP, 440, 10)
        box = plot(canvas, 200, y + 20, 240, 300)
        lines_of(canvas, 200, box[3] + 10, "Figure 1: Error against the number of samples.")
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_a_tab_in_the_margin_stays_out(tmp_path):
    def draw(canvas):
        box = plot(canvas, 180, TOP, 220, 140)
        canvas.rect(574, HEIGHT - TOP - 120, 24, 60, fill=1)
        y = lines_of(canvas, LEFT, box[3] + 10, "Figure 1: " + PROSE[:80])
        paragraph(canvas, LEFT, y + 14, LINE, 30, seed=3)
        return [box]

    check(tmp_path, draw, ["Figure 1"])


def test_an_image_with_a_wide_blank_is_whole(tmp_path):
    picture = Image.new("L", (200, 200), 255)
    for top in (0, 170):
        picture.paste(60, (0, top, 200, top + 30))

    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12) + 16
        canvas.drawImage(ImageReader(picture), 180, HEIGHT - y - 220, 220, 220)
        caption = lines_of(canvas, 180, y + 230, "Figure 1: A screen with little on it.")
        paragraph(canvas, LEFT, caption + 14, LINE, 10, seed=3)
        return [(180, y, 400, y + 220)]

    check(tmp_path, draw, ["Figure 1"])


def test_side_by_side_figures_of_which_one_is_lower(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 6) + 16
        canvas.setFillGray(0.5)
        canvas.rect(LEFT, HEIGHT - y - 220, 150, 220, fill=1)
        canvas.rect(240, HEIGHT - y - 100, 230, 100, fill=1)
        canvas.setFillGray(0)
        lines_of(canvas, LEFT + 30, y + 230, "Figure 1: The first one.")
        caption = lines_of(canvas, 310, y + 230, "Figure 2: The second one.")
        paragraph(canvas, LEFT, caption + 14, LINE, 20, seed=3)
        return [(LEFT, y, LEFT + 150, y + 220), (240, y, 470, y + 100)]

    found, drawn = found_and_drawn(tmp_path, draw)
    assert [figure.label for figure in found] == ["Figure 1", "Figure 2"]
    assert intersection_over_union(found[0].bbox, drawn[0]) > 0.9


def test_code_in_a_slightly_smaller_font_is_not_the_text():
    def page(size, count):
        return [
            Line(72, y, 500, y + 9, y, y + size, "words that fill most of a line of text", f"F{size}")
            for y in range(100, 100 + 12 * count, 12)
        ]

    body = body_of([page(11.2, 30), page(10.5, 8), page(10.0, 8)])
    assert body.size == 11.0
    assert body.fonts


def test_a_stopped_search_returns_what_it_has(tmp_path):
    path = make(tmp_path / "paper.pdf", a_simple_page)
    with open_pdf(path) as document:
        assert find_floats(document, stop=lambda: True) == []
