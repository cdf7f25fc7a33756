"""The figures of a PDF: every caption with the box of what it describes.

The method is anchored in captions: a figure is what stands between a caption and the nearest
running text. Rendering gives the ink, PDFium the text lines; see `layout` for what counts as
running text, `captions` for which lines are captions and `regions` for the places next to one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mkdocs_paperdigest.documents.captions import (
    FIGURE,
    Caption,
    caption_rows,
    find_captions,
    other_floats,
)
from mkdocs_paperdigest.documents.ink import SCALE, WHITE, Box, Ink
from mkdocs_paperdigest.documents.layout import Body, body_of, running_headers
from mkdocs_paperdigest.documents.lines import Line, read_lines
from mkdocs_paperdigest.documents.paragraphs import running_text
from mkdocs_paperdigest.documents.pdf import Glyphs, font_at, page_glyphs, page_text, render_grey
from mkdocs_paperdigest.documents.regions import Region, regions_of
from mkdocs_paperdigest.documents.spaces import PageLayout
from mkdocs_paperdigest.documents.tables import table_boxes

STAMP_LENGTH = 12
"""Characters of sideways text in a margin that are more than an axis title."""


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A numbered figure and where it stands."""

    page: int
    """From 0."""
    label: str
    """`Figure 3`."""
    caption: str
    """Whole, with its label as printed, hyphenation mended."""
    bbox: Box
    """Tight around the graphic with its labels, without the caption; points, origin top left."""

    @property
    def caption_without_label(self) -> str:
        """What the caption says after its label and the punctuation behind it."""
        return re.sub(r"^[\s:.|–—\-)\]]+", "", FIGURE.sub("", self.caption, count=1))


def find_figures(document: Any) -> list[FoundFigure]:
    """The numbered figures of an open PDF, in the order of the pages."""
    glyphs: list[Glyphs] = []
    lines: list[list[Line]] = []
    numbers: list[int] = []
    texts: list[str] = []
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        texts.append(page_text(text_page))
        if FIGURE.search(texts[-1]):
            found = page_glyphs(page, text_page)
            numbers.append(number)
            glyphs.append(found)
            lines.append(read_lines(found, partial(font_at, text_page)))
        text_page.close()
        page.close()
    if not numbers:
        return []
    body = body_of(lines)
    heights = [document.get_page_size(number)[1] for number in numbers]
    headers = running_headers(lines, heights, body)
    captions = find_captions(lines, body, "\n".join(texts))
    figures = []
    for at, number in enumerate(numbers):
        if not captions[at]:
            continue
        page = document[number]
        layout = _layout(page, glyphs[at], lines[at], captions[at], headers, body)
        page.close()
        for caption, region in _assigned(layout, body):
            figures.append(FoundFigure(number, caption.label, caption.text, region.box))
    return figures


def _layout(
    page: Any,
    glyphs: Glyphs,
    lines: Sequence[Line],
    captions: Sequence[Caption],
    headers: set[int],
    body: Body,
) -> PageLayout:
    pixels, scale = render_grey(page, SCALE)
    width, height = page.get_size()
    ink = Ink(pixels < WHITE, scale)
    ink = ink.erased(_stamps(glyphs, width, height))
    spoken = {id(line) for caption in captions for line in caption.lines}
    rest = [line for line in lines if id(line) not in spoken]
    furniture = [line for line in rest if id(line) in headers]
    plain = [line for line in rest if id(line) not in headers]
    floats = other_floats(plain, body)
    graphics = ink.erased(glyphs.tight)
    loose = [line for line in plain if line not in floats]
    text = [*running_text(loose, body, graphics), *furniture]
    captioned = [line for line in lines if id(line) in spoken]
    heads = [_union(line for row in caption_rows(line, plain) for line in row) for line in floats]
    tables = table_boxes(heads, graphics)
    boxes = [*(_box(line) for line in (*text, *captioned, *floats)), *tables]
    return PageLayout(
        width=width,
        height=height,
        lines=tuple(lines),
        text=(*(_box(line) for line in text), *tables, *heads),
        captions=tuple(captions),
        other_floats=tuple(floats),
        graphics=graphics.erased(tables),
        content=ink.erased(boxes, margin=1.0),
        columns=_columns(text, body, width),
    )


def _stamps(glyphs: Glyphs, width: float, height: float) -> list[Box]:
    """Vertical strips of the margins that hold a sideways stamp, such as arXiv's or a journal's."""
    upended = np.abs(np.sin(glyphs.angle)) > 0.9
    level = glyphs.tight[~upended]
    if not len(level):
        return []
    # Where upright text ends on either side, but for a stray hundredth of it.
    left = float(np.percentile(level[:, 0], 1))
    right = float(np.percentile(level[:, 2], 99))
    strips = []
    for margin in (
        glyphs.tight[:, 2] < min(left, 0.12 * width),
        glyphs.tight[:, 0] > max(right, 0.88 * width),
    ):
        stamp = glyphs.tight[upended & margin]
        if len(stamp) >= STAMP_LENGTH:
            strips.append((float(stamp[:, 0].min()), 0.0, float(stamp[:, 2].max()), height))
    return strips


def _box(line: Line) -> Box:
    return line.x0, line.y0, line.x1, line.y1


def _union(lines: Iterable[Line]) -> Box:
    boxes = [_box(line) for line in lines]
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _columns(text: Sequence[Line], body: Body, width: float) -> tuple[tuple[float, float], ...]:
    """Left and right edges of the text columns of a page: where its full lines start."""
    starts = Counter(round(line.x0 / 3) for line in text if line.width > 0.97 * body.width)
    columns: list[tuple[float, float]] = []
    for start, _ in starts.most_common():
        column = (start * 3.0, start * 3.0 + body.width)
        if all(column[0] > other[1] or column[1] < other[0] for other in columns):
            columns.append(column)
    return tuple(sorted(columns)) or ((0.0, width),)


def _assigned(page: PageLayout, body: Body) -> list[tuple[Caption, Region]]:
    """The best combination of regions for a page's captions, none of them twice.

    Beam search: captions are few, regions of one caption fewer.
    """
    beam: list[tuple[float, tuple[tuple[Caption, Region], ...]]] = [(0.0, ())]
    for caption in page.captions:
        grown = list(beam)
        for region in regions_of(caption, page, body):
            bonus = 1.6 if region.side == "above" else 1.0
            for score, chosen in beam:
                overlap = sum(_overlap(region.box, other.box) for _, other in chosen)
                grown.append(
                    (
                        score + region.score * bonus * max(1 - 3 * overlap, -1.0),
                        (*chosen, (caption, region)),
                    )
                )
        beam = sorted(grown, key=lambda option: -option[0])[:200]
    return list(beam[0][1])


def _overlap(one: Box, other: Box) -> float:
    """Share of the smaller box that lies in the other."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / max(min(areas), 1.0)
