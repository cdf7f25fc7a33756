"""Reads the glyphs and lines of a page, turned upright if the page is printed sideways."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mkdocs_paperdigest.documents.figures.ink import SCALE, WHITE, Box, Ink
from mkdocs_paperdigest.documents.pdf.lines import Line, read_lines
from mkdocs_paperdigest.documents.pdf.pdfium import (
    Floats,
    Glyphs,
    font_at,
    included_boxes,
    is_visible,
    page_glyphs,
    render_grey,
)

STAMP_LENGTH = 12
"""Characters of sideways text in a margin from which it is a stamp rather than an axis title."""
SAMPLE = 12
"""Glyphs examined to recognize a scanned page, whose text layer is invisible."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its text, turned so that most of the text is upright; coordinates are of the turned page."""

    number: int
    """Page number, from 0."""
    width: float
    height: float
    turn: int
    """Clockwise quarter turns from the page as rendered."""
    glyphs: Glyphs
    lines: Sequence[Line]
    scanned: bool
    """Whether the text is an invisible layer over an image of the page."""
    included: tuple[Box, ...] = ()
    """Images and drawings that were included as a whole; none on a page printed sideways."""

    def on_page(self, box: Box) -> Box:
        """A box of this sheet in coordinates of the page as rendered, rounded to hundredths of a point."""
        x0, y0, x1, y1 = (round(float(side), 2) for side in box)
        match self.turn:
            case 1:
                return y0, self.width - x1, y1, self.width - x0
            case 2:
                return self.width - x1, self.height - y1, self.width - x0, self.height - y0
            case 3:
                return self.height - y1, x0, self.height - y0, x1
            case _:
                return x0, y0, x1, y1


def read_sheet(page: Any, text_page: Any, number: int) -> Sheet:
    """Read the glyphs and lines of a page, given as PDFium's page and text page; `number` is from 0."""
    width, height = page.get_size()
    glyphs = page_glyphs(page, text_page)
    turn = _turn(glyphs)
    if turn:
        glyphs = _turned(glyphs, turn, width, height)
        width, height = (width, height) if turn == 2 else (height, width)
    sample = glyphs.index[:: max(len(glyphs.index) // SAMPLE, 1)]
    scanned = sum(not is_visible(text_page, int(index)) for index in sample) > len(sample) / 2
    return Sheet(
        number=number,
        width=width,
        height=height,
        turn=turn,
        glyphs=glyphs,
        lines=read_lines(glyphs, partial(font_at, text_page), recognized=scanned),
        scanned=scanned,
        included=() if turn else tuple(tuple(box) for box in included_boxes(page).tolist()),
    )


def read_ink(page: Any, sheet: Sheet) -> Ink:
    """The ink of a sheet, without stamps in its margins."""
    pixels, scale = render_grey(page, SCALE)
    dark = np.rot90(pixels < WHITE, -sheet.turn)
    return Ink(np.ascontiguousarray(dark), scale).erased(_stamps(sheet))


def _turn(glyphs: Glyphs) -> int:
    """Clockwise quarter turns after which most of the text reads from left to right."""
    sideways = np.abs(np.sin(glyphs.angle)) > 0.9
    if sideways.sum() <= 0.6 * len(sideways):
        return 2 if (np.cos(glyphs.angle) < -0.9).sum() > 0.6 * len(sideways) else 0
    middle = (glyphs.tight[:, 1] + glyphs.tight[:, 3]) / 2
    steps = np.diff(middle)[sideways[1:] & sideways[:-1]]
    # Apart from line breaks, the steps from glyph to glyph go in the reading direction.
    return 1 if (steps < 0).sum() >= (steps > 0).sum() else 3


def _turned(glyphs: Glyphs, turn: int, width: float, height: float) -> Glyphs:
    def boxes(of: Floats) -> Floats:
        x0, y0, x1, y1 = of.T
        match turn:
            case 1:
                sides = (height - y1, x0, height - y0, x1)
            case 2:
                sides = (width - x1, height - y1, width - x0, height - y0)
            case _:
                sides = (y0, width - x1, y1, width - x0)
        return np.stack(sides, axis=1)

    return Glyphs(
        text=glyphs.text,
        tight=boxes(glyphs.tight),
        loose=boxes(glyphs.loose),
        # After the turn, most of the text is horizontal.
        angle=(glyphs.angle - np.median(glyphs.angle)) % (2 * np.pi),
        spaced=glyphs.spaced,
        broken=glyphs.broken,
        index=glyphs.index,
    )


def _stamps(sheet: Sheet) -> list[Box]:
    """Vertical strips of the margins with a sideways stamp, such as arXiv's or a journal's."""
    glyphs, width = sheet.glyphs, sheet.width
    sideways = np.abs(np.sin(glyphs.angle)) > 0.9
    level = glyphs.tight[~sideways]
    if not len(level):
        return []
    # The edges of the upright text, ignoring a hundredth of it on either side.
    left = float(np.percentile(level[:, 0], 1))
    right = float(np.percentile(level[:, 2], 99))
    strips = []
    # On a page printed sideways, the page's own header or number is in the margin.
    reach, length = (0.25, 1) if sheet.turn else (0.12, STAMP_LENGTH)
    # The tail of a large letter may extend further than the others.
    middle = (glyphs.tight[:, 0] + glyphs.tight[:, 2]) / 2
    for margin in (
        (glyphs.tight[:, 2] < left) & (middle < reach * width),
        (glyphs.tight[:, 0] > right) & (middle > (1 - reach) * width),
    ):
        stamp = glyphs.tight[sideways & margin]
        if len(stamp) >= length:
            strips.append((float(stamp[:, 0].min()), 0.0, float(stamp[:, 2].max()), sheet.height))
    return strips
