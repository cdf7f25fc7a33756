"""The figures of a PDF: every caption with the box of what it describes.

The method is anchored in captions: a figure is what stands between a caption and the nearest
running text. Rendering gives the ink, PDFium the text lines; see `paragraphs` for what counts as
running text, `captions` for which lines are captions, `spaces` and `regions` for the places next to
one, `assignment` for which of them is taken.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mkdocs_paperdigest.documents.figures.assignment import choose_regions, usual_side
from mkdocs_paperdigest.documents.figures.captions import (
    FIGURE,
    Caption,
    caption_rows,
    find_captions,
    other_floats,
)
from mkdocs_paperdigest.documents.figures.ink import Box
from mkdocs_paperdigest.documents.figures.layout import (
    Body,
    body_of,
    columns_of,
    line_numbers,
    running_headers,
)
from mkdocs_paperdigest.documents.figures.paragraphs import running_text
from mkdocs_paperdigest.documents.figures.regions import Region, regions_of, regions_of_stack
from mkdocs_paperdigest.documents.figures.sheets import Sheet, read_ink, read_sheet
from mkdocs_paperdigest.documents.figures.spaces import PageLayout
from mkdocs_paperdigest.documents.figures.tables import table_boxes
from mkdocs_paperdigest.documents.pdf.lines import Line
from mkdocs_paperdigest.documents.pdf.pdfium import page_text


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
    turn: int = 0
    """Quarter turns clockwise after which it is upright; not 0 for a figure set sideways."""

    @property
    def caption_without_label(self) -> str:
        """What the caption says after its label and the punctuation behind it."""
        return re.sub(r"^[\s:.|–—\-)\]]+", "", FIGURE.sub("", self.caption, count=1))


def _never() -> bool:
    return False


def find_figures(document: Any, *, stop: Callable[[], bool] = _never) -> list[FoundFigure]:
    """The numbered figures of an open PDF, in the order of the pages and of their numbers.

    Arguments:
        document: PDFium's document.
        stop: Asked before each page; once true, the remaining pages are left out.
    """
    sheets, text = _read(document, stop)
    if not sheets:
        return []
    lines = [sheet.lines for sheet in sheets]
    body = body_of(lines)
    headers = running_headers(lines, [sheet.height for sheet in sheets], body)
    captions = find_captions(lines, body, text)
    options: list[list[list[Region]]] = []
    for sheet, on_page in zip(sheets, captions, strict=True):
        if on_page and not stop():
            layout = _layout(document, sheet, on_page, headers, body)
            options.append([regions_of(caption, layout, body) for caption in on_page])
            for stack in _stacks(on_page):
                parts = regions_of_stack([on_page[at] for at in stack], layout, body)
                for at, part in zip(stack, parts, strict=False):
                    options[-1][at].append(part)
        else:
            options.append([[] for _ in on_page])
    usual = usual_side(options)
    figures = [
        FoundFigure(
            sheet.number, caption.label, caption.text, sheet.on_page(region.box), sheet.turn
        )
        for sheet, on_page, regions in zip(sheets, captions, options, strict=True)
        for caption, region in zip(on_page, choose_regions(regions, usual), strict=True)
        if region
    ]
    return sorted(figures, key=lambda figure: (figure.page, _natural(figure.label)))


def _read(document: Any, stop: Callable[[], bool]) -> tuple[list[Sheet], str]:
    """The pages that may have captions, and the text of all."""
    sheets, texts = [], []
    for number in range(len(document)):
        if stop():
            break
        page = document[number]
        text_page = page.get_textpage()
        texts.append(page_text(text_page))
        if FIGURE.search(texts[-1]):
            sheet = read_sheet(page, text_page, number)
            if not sheet.scanned:
                sheets.append(sheet)
        text_page.close()
        page.close()
    return sheets, "\n".join(texts)


def _layout(
    document: Any, sheet: Sheet, captions: Sequence[Caption], headers: set[int], body: Body
) -> PageLayout:
    page = document[sheet.number]
    ink = read_ink(page, sheet)
    page.close()
    graphics = ink.erased(sheet.glyphs.tight)
    spoken = {id(line) for caption in captions for line in caption.lines}
    captioned = [line for line in sheet.lines if id(line) in spoken]
    headers = headers | line_numbers(sheet.lines)
    furniture = [line for line in sheet.lines if id(line) in headers and id(line) not in spoken]
    plain = [line for line in sheet.lines if id(line) not in headers | spoken]
    floats = other_floats(plain, body)
    heads = [
        _union(part for row in caption_rows(line, plain, body, of_table=True) for part in row)
        for line in floats
    ]
    tables = table_boxes(heads, graphics)
    loose = [line for line in plain if line not in floats]
    text = [*running_text(loose, body, graphics), *furniture]
    erased = [*(_box(line) for line in (*text, *captioned, *floats)), *tables]
    return PageLayout(
        width=sheet.width,
        height=sheet.height,
        text=(*(_box(line) for line in text), *tables, *heads),
        captions=tuple(captions),
        graphics=graphics.erased(tables),
        content=ink.erased(erased, margin=1.0),
        columns=columns_of(text, body) or body.columns or ((0.0, sheet.width),),
    )


def _stacks(captions: Sequence[Caption]) -> list[list[int]]:
    """Captions that stand directly under each other, as below figures that stand side by side."""
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


def _natural(label: str) -> list[tuple[int, str]]:
    """Sorts `Figure 2` before `Figure 10`, and those before `Figure A1`."""
    parts = re.findall(r"\d+|[^\d\s]+", label)
    return [(int(part), "") if part.isdigit() else (10**6, part) for part in parts]


def _box(line: Line) -> Box:
    return line.x0, line.y0, line.x1, line.y1


def _union(lines: Iterable[Line]) -> Box:
    boxes = [_box(line) for line in lines]
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)
