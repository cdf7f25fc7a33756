"""Finds the figures of a PDF: each caption with the box of its figure.

A figure is what lies between a caption and the nearest running text. The ink comes from the rendered page, the
lines of text from PDFium. `captions` decides which lines are captions, `paragraphs` which are running text.
`spaces` and `regions` find places for a figure next to a caption, `assignment` chooses among them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mkdocs_paperdigest.documents.figures.art import Inks
from mkdocs_paperdigest.documents.figures.assignment import certainty, choose_regions, usual_side
from mkdocs_paperdigest.documents.figures.captions import (
    FIGURE,
    TABLE,
    Caption,
    caption_rows,
    find_captions,
    other_floats,
    schemes,
)
from mkdocs_paperdigest.documents.figures.ink import Box, Ink, union
from mkdocs_paperdigest.documents.figures.layout import (
    Body,
    body_of,
    columns_of,
    line_numbers,
    running_headers,
)
from mkdocs_paperdigest.documents.figures.pages import Pages
from mkdocs_paperdigest.documents.figures.paragraphs import figure_text, running_text
from mkdocs_paperdigest.documents.figures.regions import Region, regions_of, regions_of_stack
from mkdocs_paperdigest.documents.figures.sheets import Sheet
from mkdocs_paperdigest.documents.figures.spaces import PageLayout
from mkdocs_paperdigest.documents.figures.tables import table_boxes
from mkdocs_paperdigest.documents.pdf.lines import Line

GLYPH_MARGIN, LINE_MARGIN = 0.7, 1.0
"""Points around glyphs and lines that are erased with them."""
WORDS = 8
"""Letters from which recognized text is a line of words, not a label that touches its drawing."""

Pair = tuple[Caption, Region | None]
"""A caption and what was found for it."""


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A numbered figure and its place."""

    page: int
    """From 0."""
    label: str
    """`Figure 3`."""
    caption: str
    """The whole caption with its label as printed, without line-end hyphens."""
    bbox: Box
    """Tight around the graphic with its labels, without the caption; points, origin top left."""
    turn: int = 0
    """Clockwise quarter turns that bring the figure upright; not 0 if it is printed sideways."""
    table: bool = False
    """Whether it is a table; `label` is then as printed: `TABLE II`."""

    @property
    def caption_without_label(self) -> str:
        """The caption without its label and the punctuation after the label."""
        word = TABLE if self.table else FIGURE
        return re.sub(r"^[\s:.|–—\-)\]]+", "", word.sub("", self.caption, count=1))


def figures_on(pages: Pages, *, stop: Callable[[], bool] = lambda: False) -> list[FoundFigure]:
    """The numbered figures on pages that were read, by page and then by number; no more once `stop` is true."""
    sheets = pages.sheets(FIGURE)
    if not sheets:
        return []
    lines = [sheet.lines for sheet in sheets]
    body = body_of(lines)
    headers = running_headers(lines, [sheet.height for sheet in sheets], body)
    captions = find_captions(lines, body, pages.text)
    inks = Inks(pages.ink, sheets, [bool(on_page) for on_page in captions], body)

    def options_of(page: int, on_page: Sequence[Caption]) -> list[list[Region]]:
        if not on_page or stop():
            return [[] for _ in on_page]
        # A scheme next to a figure is nearer to its own caption.
        claims = [*on_page, *schemes(sheets[page].lines, body)]
        layout = _layout(inks.of(sheets[page]), sheets[page], claims, headers, body)
        return _options(claims, layout, body)

    options = [options_of(page, on_page) for page, on_page in enumerate(captions)]
    usual = usual_side(options)
    usual = certainty(usual, [choose_regions(regions, usual) for regions in options])
    pairs: list[list[Pair]] = [
        list(zip(on_page, choose_regions(regions, usual), strict=False))
        for on_page, regions in zip(captions, options, strict=True)
    ]
    _use_rivals(pairs, lambda page, tried: choose_regions(options_of(page, tried), usual))
    figures = [
        FoundFigure(sheet.number, caption.label, caption.text, sheet.on_page(region.box), sheet.turn)
        for sheet, on_page in zip(sheets, pairs, strict=True)
        for caption, region in on_page
        if region
    ]
    return sorted(figures, key=lambda figure: (figure.page, _natural_key(figure.label)))


def _use_rivals(pairs: list[list[Pair]], choose: Callable[[int, list[Caption]], list[Region | None]]) -> None:
    """Replaces each caption without a drawing by the first of its rivals that has one.

    Arguments:
        pairs: By page; changed in place.
        choose: Finds the regions of captions on a page.
    """
    for page, caption in [(page, caption) for page, on_page in enumerate(pairs) for caption, _ in on_page]:
        if any(region and region.drawn for known, region in pairs[page] if known is caption):
            continue
        for other, rival in caption.rivals:
            tried = [*(known for known, _ in pairs[other]), rival]
            regions = choose(other, tried)[: len(tried)]
            if (found := regions[-1]) and found.drawn:
                pairs[page] = [pair for pair in pairs[page] if pair[0] is not caption]
                pairs[other] = list(zip(tried, regions, strict=True))
                break


def _layout(ink: Ink, sheet: Sheet, captions: Sequence[Caption], headers: set[int], body: Body) -> PageLayout:
    if sheet.scanned:
        ink = ink.despeckled()
    graphics = _graphics(ink, sheet)
    caption_ids = {id(line) for caption in captions for line in caption.lines}
    caption_lines = [line for line in sheet.lines if id(line) in caption_ids]
    headers = (headers | line_numbers(sheet.lines)) - caption_ids
    furniture = [line for line in sheet.lines if id(line) in headers]
    plain = [line for line in sheet.lines if id(line) not in headers | caption_ids]
    grounds = [box for caption in captions if (box := graphics.ground(caption.box))]
    graphics, ink = graphics.erased(grounds), ink.erased(grounds)
    floats = other_floats(plain, body)
    table_captions = [
        union(part.box for row in caption_rows(line, plain, body, of_table=True) for part in row)
        for line in floats
    ]
    tables = table_boxes(table_captions, graphics, ink, [caption.box for caption in captions])
    rest = [line for line in plain if line not in floats]
    prose = running_text(rest, body, graphics)
    ends = [*(caption.box for caption in captions), *table_captions]
    listed = {
        id(line)
        for caption in captions
        for line in figure_text(rest, prose, caption.box, ends, body, ink, graphics)
    }
    text = [*(line for line in prose if id(line) not in listed), *furniture]
    erased = [*(_ink_of(line, ink, sheet) for line in (*text, *caption_lines, *floats)), *tables]
    # Symbols without a character are no part of a line.
    erased += [caption.box for caption in captions]
    return PageLayout(
        width=sheet.width,
        height=sheet.height,
        text=(*(_ink_of(line, ink, sheet) for line in text), *tables, *table_captions),
        captions=tuple(captions),
        graphics=graphics.erased(tables),
        content=ink.erased(erased, margin=LINE_MARGIN),
        columns=_columns(text, body) or ((0.0, sheet.width),),
        included=sheet.included,
    )


def _columns(text: Sequence[Line], body: Body) -> tuple[tuple[float, float], ...]:
    """The columns of a page: those of the paper, of which a page may use only one, unless it has its own."""
    own = columns_of(text, body)
    usual = [left for left, _ in body.columns]
    return body.columns if all(any(abs(left - other) < 6 for other in usual) for left, _ in own) else own


def _graphics(ink: Ink, sheet: Sheet) -> Ink:
    """The ink of a page without its text."""
    graphics = ink.erased(sheet.glyphs.tight, margin=GLYPH_MARGIN)
    if not sheet.scanned:
        return graphics
    return graphics.erased([_ink_of(line, ink, sheet) for line in sheet.lines], margin=LINE_MARGIN)


def _ink_of(line: Line, ink: Ink, sheet: Sheet) -> Box:
    """The box of a line; in a scan that of its ink, because recognized text is placed only about."""
    return ink.line_at(line.box, line.size) if sheet.scanned and line.letters >= WORDS else line.box


def _options(captions: Sequence[Caption], layout: PageLayout, body: Body) -> list[list[Region]]:
    """For each caption of a page the regions where its figure may be."""
    options = [regions_of(caption, layout, body) for caption in captions]
    for stack in _stacks(captions):
        parts = regions_of_stack([captions[at] for at in stack], layout, body)
        for at, part in zip(stack, parts, strict=False):
            options[at].append(part)
    return options


def _stacks(captions: Sequence[Caption]) -> list[list[int]]:
    """Indices of captions directly below each other, as under figures that are side by side."""
    stacks: list[list[int]] = []
    order = sorted(range(len(captions)), key=lambda at: captions[at].box[1])
    for upper, lower in pairwise(order):
        above, below = captions[upper], captions[lower]
        gap = below.box[1] - above.box[3]
        across = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
        if across > 0 and -2 < gap < 1.5 * below.lines[0].size:
            if stacks and stacks[-1][-1] == upper:
                stacks[-1].append(lower)
            else:
                stacks.append([upper, lower])
    return stacks


def _natural_key(label: str) -> list[tuple[int, str]]:
    """A sort key that puts `Figure 2` before `Figure 10`, and both before `Figure A1`."""
    parts = re.findall(r"\d+|[^\d\s]+", label)
    return [(int(part), "") if part.isdigit() else (10**6, part) for part in parts]
