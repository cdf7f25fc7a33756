"""Finding tables in PDFs of several templates."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.documents.figures.find import FoundFigure
from mkdocs_paperdigest.documents.figures.find_tables import find_floats
from mkdocs_paperdigest.documents.pdf.pdfium import open_pdf
from tests.documents.pdfs import (
    COLUMN,
    HEIGHT,
    LEFT,
    LINE,
    SECOND,
    TOP,
    Box,
    intersection_over_union,
    lines_of,
    make,
    paragraph,
    plot,
    table,
    text_page,
)

Draw = Callable[[Canvas], Sequence[Box]]


def tables_in(path: Path) -> list[FoundFigure]:
    with open_pdf(path) as document:
        return [one for one in find_floats(document) if one.table]


def check(tmp_path: Path, draw: Draw, labels: Sequence[str]) -> list[FoundFigure]:
    """The tables found on a page between pages of text, after checking that their boxes are the ones drawn."""
    drawn: list[Box] = []
    path = make(tmp_path / "paper.pdf", text_page, lambda canvas: drawn.extend(draw(canvas)), text_page)
    found = tables_in(path)
    assert [one.label for one in found] == list(labels)
    for one, box in zip(found, drawn, strict=True):
        assert one.page == 1
        assert intersection_over_union(one.bbox, box) > 0.85, (one, box)
    return found


def test_a_table_below_its_caption_ends_before_the_text(tmp_path):
    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 12)
        y = lines_of(canvas, LEFT, y + 10, "Table 1: Error against the num-\nber of samples.")
        end = table(canvas, 150, y + 6, 300)
        paragraph(canvas, LEFT, end + 14, LINE, 20, seed=3)
        return [(150, y + 6, 450, end)]

    [one] = check(tmp_path, draw, ["Table 1"])
    assert one.caption == "Table 1: Error against the number of samples."
    assert one.caption_without_label == "Error against the number of samples."


def test_tables_above_their_captions_keep_apart(tmp_path):
    """Between two tables stands the caption of the upper one."""

    def draw(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 4)
        first = table(canvas, 150, y + 12, 300)
        boxes = [(150, y + 12, 450, first)]
        y = lines_of(canvas, LEFT, first + 6, "Table 1. The first of two.") + 14
        second = table(canvas, 150, y, 300)
        boxes.append((150, y, 450, second))
        y = lines_of(canvas, LEFT, second + 6, "Table 2. The second of two.")
        paragraph(canvas, LEFT, y + 14, LINE, 16, seed=3)
        return boxes

    check(tmp_path, draw, ["Table 1", "Table 2"])


def test_the_usual_side_decides_between_two_tables(tmp_path):
    """A caption halfway between two tables belongs to the one on the side where the paper's other tables are."""

    def middle(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 4)
        # Without a caption of its own: a table of the running text.
        first = table(canvas, 150, y + 12, 300, rows=7)
        y = lines_of(canvas, LEFT, first + 10, "Table 3. In the middle.")
        second = table(canvas, 150, y + 7, 300)
        paragraph(canvas, LEFT, second + 14, LINE, 10, seed=3)
        drawn.append((150, y + 7, 450, second))

    def other(number):
        def draw(canvas):
            y = lines_of(canvas, LEFT, TOP, f"Table {number}. Another one.")
            end = table(canvas, 150, y + 6, 300)
            paragraph(canvas, LEFT, end + 14, LINE, 20, seed=number)

        return draw

    drawn: list[Box] = []
    found = tables_in(make(tmp_path / "paper.pdf", other(1), other(2), middle, text_page))
    assert [one.label for one in found] == ["Table 1", "Table 2", "Table 3"]
    assert intersection_over_union(found[2].bbox, drawn[0]) > 0.85


def test_notes_below_a_table_belong_to_it(tmp_path):
    def draw(canvas):
        y = lines_of(canvas, LEFT, TOP, "Table 1. Means of ten runs.")
        end = table(canvas, LEFT, y + 6, LINE)
        notes = "a The mean of ten runs on the held out part of the samples, with the error of\nthe mean, as above."
        noted = lines_of(canvas, LEFT, end + 4, notes, size=7)
        paragraph(canvas, LEFT, noted + 16, LINE, 20, seed=3)
        return [(LEFT, y + 6, LEFT + LINE, noted)]

    check(tmp_path, draw, ["Table 1"])


def test_sentences_between_the_rules_are_cells(tmp_path):
    def draw(canvas):
        y = lines_of(canvas, LEFT, TOP, "Table 1. Examples of what was said.")
        start = y + 6
        canvas.line(LEFT, HEIGHT - start, LEFT + LINE, HEIGHT - start)
        y = paragraph(canvas, LEFT + 4, start + 4, LINE - 8, 5, seed=2)
        canvas.line(LEFT, HEIGHT - y - 4, LEFT + LINE, HEIGHT - y - 4)
        y = paragraph(canvas, LEFT + 4, y + 8, LINE - 8, 5, seed=4)
        canvas.line(LEFT, HEIGHT - y - 4, LEFT + LINE, HEIGHT - y - 4)
        paragraph(canvas, LEFT, y + 22, LINE, 20, seed=3)
        return [(LEFT, start, LEFT + LINE, y + 4)]

    check(tmp_path, draw, ["Table 1"])


def test_a_table_in_one_of_two_columns_leaves_the_other_alone(tmp_path):
    def draw(canvas):
        paragraph(canvas, LEFT, TOP, COLUMN, 48)
        y = lines_of(canvas, SECOND, TOP, "Table 1. In the second column.")
        end = table(canvas, SECOND + 5, y + 6, COLUMN - 10)
        paragraph(canvas, SECOND, end + 14, COLUMN, 30, seed=3)
        return [(SECOND + 5, y + 6, SECOND + COLUMN - 5, end)]

    check(tmp_path, draw, ["Table 1"])


def test_a_short_caption_may_stand_above_a_table_across_both_columns(tmp_path):
    def draw(canvas):
        y = lines_of(canvas, LEFT, TOP, "Table 1. Both columns.")
        end = table(canvas, LEFT, y + 6, LINE)
        for x, seed in ((LEFT, 0), (SECOND, 3)):
            paragraph(canvas, x, end + 16, COLUMN, 30, seed=seed)
        return [(LEFT, y + 6, LEFT + LINE, end)]

    check(tmp_path, draw, ["Table 1"])


def test_a_table_without_rules_is_found_by_its_cells(tmp_path):
    def draw(canvas):
        y = lines_of(canvas, LEFT, TOP, "Table 1. No rules at all.") + 6
        start = y
        for row in range(6):
            canvas.setFont("Times-Roman", 9)
            for column in range(4):
                canvas.drawString(
                    LEFT + 110 * column, HEIGHT - y - 9, f"{row * 7 + column * 3}.{column}{row}"
                )
            y += 12
        paragraph(canvas, LEFT, y + 18, LINE, 20, seed=3)
        return [(LEFT, start + 2, LEFT + 350, y - 3)]

    check(tmp_path, draw, ["Table 1"])


def test_neither_a_figure_nor_its_caption_becomes_part_of_a_table(tmp_path):
    def draw(canvas):
        y = lines_of(canvas, LEFT, TOP, "Table 1. Above the figure.")
        end = table(canvas, 150, y + 6, 300)
        box = plot(canvas, 150, end + 12, 300, 120)
        below = lines_of(canvas, 150, box[3] + 8, "Figure 1. Below the table.")
        paragraph(canvas, LEFT, below + 14, LINE, 20, seed=3)
        return [(150, y + 6, 450, end)]

    check(tmp_path, draw, ["Table 1"])
    with open_pdf(tmp_path / "paper.pdf") as document:
        figures = find_floats(document, tables=False)
        assert [one for one in find_floats(document) if not one.table] == figures
        assert [figure.label for figure in figures] == ["Figure 1"]


def test_a_sentence_about_a_table_is_no_caption(tmp_path):
    def page(canvas):
        y = paragraph(canvas, LEFT, TOP, LINE, 6)
        y = lines_of(
            canvas, LEFT, y + 12, "Table 4 shows that the error falls with the number of samples.", size=10
        )
        table(canvas, 150, y + 12, 300)

    assert tables_in(make(tmp_path / "paper.pdf", text_page, page, text_page)) == []


@pytest.mark.parametrize("mark", ["(continued)", "Continued", "(cont.)"])
def test_only_the_first_page_of_a_table_counts(tmp_path, mark):
    def page(caption):
        def draw(canvas):
            y = lines_of(canvas, LEFT, TOP, caption)
            end = table(canvas, 150, y + 6, 300)
            paragraph(canvas, LEFT, end + 14, LINE, 20, seed=3)

        return draw

    found = tables_in(
        make(tmp_path / "paper.pdf", page(f"Table 1. {mark}"), page("Table 1. Means."), text_page)
    )
    assert [(one.page, one.caption) for one in found] == [(1, "Table 1. Means.")]


def test_labels_are_as_printed(tmp_path):
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def page(caption, font="Times-Roman"):
        def draw(canvas):
            y = lines_of(canvas, LEFT, TOP, caption, font=font)
            end = table(canvas, 150, y + 6, 300)
            paragraph(canvas, LEFT, end + 14, LINE, 20, seed=3)

        return draw

    pages = (page("TABLE II. Roman."), page("Tableau 3 – En français."), page("表 4.1 结果", "STSong-Light"))
    found = tables_in(make(tmp_path / "paper.pdf", *pages, text_page))
    assert [one.label for one in found] == ["TABLE II", "Tableau 3", "表 4.1"]
    assert [one.caption_without_label for one in found] == ["Roman.", "En français.", "结果"]
