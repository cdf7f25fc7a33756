"""The figures of a PDF: every caption with the box of what it describes.

The method is anchored in captions: a figure is what stands between a caption and the nearest
running text. Rendering gives the ink, PDFium the text lines; see `layout` for what counts as
running text, `captions` for which lines are captions and `regions` for the places next to one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from mkdocs_paperdigest.documents.captions import FIGURE, Caption, find_captions, other_floats
from mkdocs_paperdigest.documents.ink import SCALE, WHITE, Box, Ink
from mkdocs_paperdigest.documents.layout import Body, body_of, running_headers, running_text
from mkdocs_paperdigest.documents.lines import Line, read_lines
from mkdocs_paperdigest.documents.pdf import Glyphs, font_at, page_glyphs, render_grey
from mkdocs_paperdigest.documents.regions import PageLayout, Region, regions_of


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
    numbers = []
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        if FIGURE.search(text):
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
    headers = running_headers(lines, heights)
    captions = find_captions(lines, body)
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
    stamp = (np.abs(np.sin(glyphs.angle)) > 0.9) & (glyphs.tight[:, 2] < 0.08 * width)
    if stamp.sum() > 15:
        strip = float(glyphs.tight[stamp, 2].max())
        ink = ink.erased([(0.0, 0.0, strip, height)])
    spoken = {id(line) for caption in captions for line in caption.lines}
    captioned = [
        line
        for line in lines
        if any(
            abs(line.top - part.top) < 0.3 * part.size
            and line.x0 >= part.x0 - 1
            and line.x1 <= part.x1 + 1
            for caption in captions
            for part in caption.lines
        )
    ]
    spoken |= {id(line) for line in captioned}
    rest = [line for line in lines if id(line) not in spoken]
    furniture = [line for line in rest if id(line) in headers]
    plain = [line for line in rest if id(line) not in headers]
    floats = other_floats(plain, body)
    text = [*running_text([line for line in plain if line not in floats], body), *furniture]
    erased = [*text, *captioned, *floats]
    boxes = [_box(line) for line in erased]
    caption_boxes = [_box(part) for caption in captions for part in caption.lines]
    return PageLayout(
        width=width,
        height=height,
        lines=tuple(lines),
        text=tuple(_box(line) for line in text),
        captions=tuple(captions),
        other_floats=tuple(floats),
        graphics=ink.erased(glyphs.tight),
        content=ink.erased([*boxes, *caption_boxes], margin=1.0),
        columns=_columns(text, body, width),
    )


def _box(line: Line) -> Box:
    return line.x0, line.y0, line.x1, line.y1


def _columns(text: Sequence[Line], body: Body, width: float) -> tuple[tuple[float, float], ...]:
    """Left and right edges of the text columns of a page."""
    full = [line for line in text if abs(line.width - body.width) < 0.06 * body.width]
    lefts: list[list[float]] = []
    for left in sorted(line.x0 for line in full):
        if lefts and left - lefts[-1][-1] < 5:
            lefts[-1].append(left)
        else:
            lefts.append([left])
    edges = [group[0] for group in lefts if len(group) >= 3]
    columns = [(left, left + body.width) for left in edges]
    if any(second[0] < first[1] for first, second in pairwise(columns)) or not columns:
        return ((0.0, width),)
    return tuple(columns)


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
