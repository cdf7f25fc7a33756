"""Tables of arXiv's HTML that attack what reads and draws them."""

import time
from html import escape

import pytest

from mkdocs_paperdigest.documents.html.paper import parse_html
from mkdocs_paperdigest.documents.html.tables import Grid, HtmlTable, Words
from mkdocs_paperdigest.documents.images.images import SIDE_MAX
from mkdocs_paperdigest.documents.images.tables import draw_table
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import ReasonCode
from tests.documents.html.test_paper import PROSE, page, section
from tests.hostile.payloads import PAYLOADS
from tests.hostile.sources import in_xml

URL = "https://arxiv.org/html/2410.13786v1"
IN_TABLE = 12
"""Payloads in one table."""
TEXTS = [in_xml(payload.text) for payload in PAYLOADS]
REFUSED = {ReasonCode.TABLE_FONTS, ReasonCode.TABLE_TOO_LARGE}


def tables(content: str, caption: str = "Errors.", tag: str = "Table 1: ") -> tuple[HtmlTable, ...]:
    html = (
        f"<figure class='ltx_table'>{content}<figcaption class='ltx_caption'>"
        f"<span class='ltx_tag ltx_tag_table'>{tag}</span>{caption}</figcaption></figure>"
    )
    return parse_html(page(section("Introduction", PROSE) + html), base_url=URL).tables


def drawn_or_refused(blocks: tuple[Grid | Words, ...]) -> bool:
    """Whether a table becomes a picture of a bounded size, or is refused with a reason."""
    try:
        picture = draw_table(blocks)
    except DocumentError as error:
        return error.reason.code in REFUSED
    return max(picture.size) <= SIDE_MAX


@pytest.mark.parametrize("start", range(0, len(TEXTS), IN_TABLE))
def test_attacks_are_words_in_a_picture(start: int) -> None:
    words = [escape(text) for text in TEXTS[start : start + IN_TABLE]]
    rows = "".join(
        f"<tr class='ltx_tr'><td class='ltx_td'>A gate of some words. {one}</td></tr>" for one in words
    )
    caption = f"Errors {words[0]}"

    [table] = tables(f"<table class='ltx_tabular'>{rows}</table>", caption)

    [grid] = table.content.blocks
    assert isinstance(grid, Grid)
    assert len(grid.cells) == len(words)
    assert drawn_or_refused(table.content.blocks)


def test_attacks_that_the_converter_let_through_as_markup_are_no_markup() -> None:
    shown = 0
    for text in TEXTS:
        for table in tables(
            f"<table class='ltx_tabular'><tr><td class='ltx_td'>A gate. {text}</td></tr></table>"
        ):
            assert not table.content.images or table.content.images[0].startswith(f"{URL}/")
            for block in table.content.blocks:
                lines = (
                    [line for cell in block.cells for line in cell.lines] if isinstance(block, Grid) else []
                )
                shown += any(run.text.startswith("A gate.") for line in lines for run in line)
                assert not any("__pwned" in run.colour for line in lines for run in line)
    # Some markup makes a table that cannot be drawn, and some ends the page.
    assert shown > len(TEXTS) / 2


@pytest.mark.parametrize("text", ["{}", "<span style='{}'>x</span>", "<img src='{}' width='9' height='9'>x"])
def test_attacks_in_attributes_name_no_colour_and_no_image(text: str) -> None:
    for payload in TEXTS:
        value = escape(payload)
        row = f"<tr style='{value}'><td class='{value}' style='{value}' colspan='{value}'>{text.format(value)}</td></tr>"
        [table] = tables(f"<table class='ltx_tabular'>{row}</table>")
        assert table.content.images == ()
        for block in table.content.blocks:
            assert isinstance(block, Grid)
            for cell in block.cells:
                colours = {cell.ground, *(run.colour for line in cell.lines for run in line)}
                assert all(colour == "" or len(colour) == 7 for colour in colours)
                assert (cell.row, cell.column, cell.rows) == (0, 0, 1)


def test_labels_are_those_of_tables_whatever_stands_in_the_tag() -> None:
    for text in TEXTS:
        for table in tables(
            "<table class='ltx_tabular'><tr><td>1</td></tr></table>", tag=f"Table 1: {escape(text)}"
        ):
            assert table.label == "Table 1"


CELLS = "<td class='ltx_td'>{}</td>"
FLOODS = {
    "rows": "<tr>" + CELLS.format("x") * 3 + "</tr>",
    "cells": "<tr>" + CELLS.format("x") * 9000 + "</tr>",
    "spans": "<tr>" + "<td rowspan='9999' colspan='9999'>x</td>" * 50 + "</tr>",
    "letters": "<tr>" + CELLS.format("x" * 29_000) + "</tr>",
    "words": "<tr>" + CELLS.format("x " * 14_000) + "</tr>",
    "signs": "<tr>" + CELLS.format("".join(map(chr, range(0x4E00, 0x9F00)))) + "</tr>",
    "unknown": "<tr>" + CELLS.format("".join(map(chr, range(0x12000, 0x18000)))) + "</tr>",
    "lines": "<tr>" + CELLS.format("x<br>" * 9000) + "</tr>",
    "tabulars": "<tr>"
    + CELLS.format("<table class='ltx_tabular'><tr><td>x</td></tr></table>" * 900)
    + "</tr>",
    "depth": "<tr><td>"
    + "<table class='ltx_tabular'><tr><td>" * 55
    + "x"
    + "</td></tr></table>" * 55
    + "</td></tr>",
    "spans in spans": "<tr><td>" + "<span>" * 230 + "x" + "</span>" * 230 + "</td></tr>",
    "formulas": "<tr><td><math>"
    + "<mrow><msup><mi>x</mi>" * 100
    + "</msup></mrow>" * 100
    + "</math></td></tr>",
}


@pytest.mark.parametrize("name", FLOODS)
def test_floods_are_drawn_or_refused_in_time(name: str) -> None:
    start = time.process_time()
    content = FLOODS[name] * (400 if name == "rows" else 1)

    for table in tables(f"<table class='ltx_tabular'>{content}</table>"):
        if table.content.blocks:
            assert drawn_or_refused(table.content.blocks)

    assert time.process_time() - start < 30
