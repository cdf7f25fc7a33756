"""Where the figure of a caption can be: empty-of-text rectangles next to it, and how good each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mkdocs_paperdigest.documents.captions import Caption
from mkdocs_paperdigest.documents.ink import Box, Ink
from mkdocs_paperdigest.documents.layout import Body
from mkdocs_paperdigest.documents.lines import Line

Side = Literal["above", "below", "left", "right"]

TOUCH = 3.0
"""Points that a line may reach into a rectangle without being in its way."""
SMALLEST = 18.0
"""Points; nothing lower or narrower is a figure."""
NEAR = 14.0
"""Points between graphics and a row of text that still belongs to them (axis title, sub-caption)."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as the search for figures sees it."""

    width: float
    height: float
    lines: tuple[Line, ...]
    text: tuple[Box, ...]
    """Running text, headings, running headers: no figure reaches over these."""
    captions: tuple[Caption, ...]
    other_floats: tuple[Line, ...]
    """First caption lines of tables and algorithms."""
    graphics: Ink
    """All ink but glyphs."""
    content: Ink
    """All ink but running text and captions: graphics with their labels."""
    columns: tuple[tuple[float, float], ...]
    """Left and right edges; one pair in a one-column paper."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place where the figure of a caption may be."""

    box: Box
    """Tight around the content."""
    side: Side
    """Of the caption."""
    score: float
    """Higher is likelier; comparable between captions of a page."""


def regions_of(caption: Caption, page: PageLayout, body: Body) -> list[Region]:
    """Every place next to a caption that may hold its figure, without the implausible ones."""
    barriers = _barriers(caption, page)
    vertical: tuple[Side, ...] = ("above", "below")
    found = [
        region
        for side in vertical
        for rectangle in _rectangles(caption.box, side, barriers, page)
        if (region := _region(rectangle, side, caption, page, body))
    ]
    if not found:
        found = [
            region
            for side, rectangle in _beside(caption.box, barriers, page)
            if (region := _region(rectangle, side, caption, page, body))
        ]
    unique = {tuple(round(value) for value in region.box): region for region in found}
    return sorted(unique.values(), key=lambda region: -region.score)[:6]


def _barriers(caption: Caption, page: PageLayout) -> list[Box]:
    others = [
        (line.x0, line.y0, line.x1, line.y1)
        for other in page.captions
        if other is not caption
        for line in other.lines
    ]
    floats = [(line.x0, line.y0, line.x1, line.y1) for line in page.other_floats]
    return [*page.text, *others, *floats]


def _rectangles(box: Box, side: Side, barriers: Sequence[Box], page: PageLayout) -> list[Box]:
    """Maximal rectangles above or below a caption that no barrier reaches into.

    Going away from the caption, each barrier either ends the rectangle or, when it stands wholly
    to one side of the caption, may narrow it instead.
    """
    x0, y0, x1, y1 = box
    sign = -1 if side == "above" else 1
    near = y0 if side == "above" else y1
    far = 0.0 if side == "above" else page.height
    ahead = sorted(
        (
            barrier
            for barrier in barriers
            if (barrier[1] + barrier[3] - y0 - y1) * sign > 0
            or min(barrier[3], y1) - max(barrier[1], y0) > TOUCH
        ),
        key=lambda barrier: sign * (barrier[1] if side == "below" else barrier[3]),
    )
    spans = [(0.0, page.width)]
    spans += [
        (left - 6, right + 6)
        for left, right in page.columns
        if len(page.columns) > 1 and x0 >= left - 6 and x1 <= right + 6
    ]
    found = []
    for left, right in spans:
        for barrier in ahead:
            b0, top, b1, bottom = barrier
            if min(b1, right) - max(b0, left) <= TOUCH:
                continue
            edge = bottom if side == "above" else top
            if (near - edge) * -sign > SMALLEST:
                found.append((left, right, edge))
            if b1 <= x0 + TOUCH:
                left = b1
            elif b0 >= x1 - TOUCH:
                right = b0
            else:
                break
        else:
            found.append((left, right, far))
    return [
        (left, min(near, edge), right, max(near, edge))
        for left, right, edge in dict.fromkeys(found)
    ]


def _beside(box: Box, barriers: Sequence[Box], page: PageLayout) -> list[tuple[Side, Box]]:
    """Rectangles to the left and right of a caption, as high as nothing is in the way."""
    x0, y0, x1, y1 = box
    found: list[tuple[Side, Box]] = []
    sides: tuple[tuple[Side, float, float], ...] = (
        ("left", 0.0, x0),
        ("right", x1, page.width),
    )
    for side, left, right in sides:
        level = [
            b
            for b in barriers
            if min(b[3], y1) - max(b[1], y0) > TOUCH and b[2] > left and b[0] < right
        ]
        left = max([b[2] for b in level if side == "left"], default=left)
        right = min([b[0] for b in level if side == "right"], default=right)
        if right - left < SMALLEST:
            continue
        across = [b for b in barriers if min(b[2], right) - max(b[0], left) > TOUCH]
        top = max([b[3] for b in across if b[3] <= y0 + TOUCH], default=0.0)
        bottom = min([b[1] for b in across if b[1] >= y1 - TOUCH], default=page.height)
        found.append((side, (left, top, right, bottom)))
    return found


def _region(
    rectangle: Box, side: Side, caption: Caption, page: PageLayout, body: Body
) -> Region | None:
    """The figure inside a rectangle, trimmed to what belongs together, with its score."""
    box = _without_tables(rectangle, page)
    box = _trimmed(box, page, body) if box else None
    if box is None or box[2] - box[0] < SMALLEST or box[3] - box[1] < SMALLEST:
        return None
    cut = _cut(rectangle, box, page)
    x0, y0, x1, y1 = caption.box
    distance = max(y0 - box[3], box[1] - y1, x0 - box[2], box[0] - x1, 0.0)
    area = (box[2] - box[0]) * (box[3] - box[1])
    score = area**0.5 * (0.3 + 0.7 * _coverage(box, page)) * float(np.exp(-distance / 60))
    centre = abs((x0 + x1) - (box[0] + box[2])) / 2
    score *= float(np.exp(-centre / 400))
    return Region(box, side, score * (0.5 if cut else 1.0))


def _without_tables(rectangle: Box, page: PageLayout) -> Box | None:
    """The rectangle below the table whose caption ends it at the top."""
    left, top, right, bottom = rectangle
    heads = [
        line
        for line in page.other_floats
        if min(line.x1, right) - max(line.x0, left) > TOUCH and abs(line.y1 - top) < TOUCH
    ]
    if not heads:
        return rectangle
    wide = 0.4 * (right - left)
    rules = [y for y in _rules(rectangle, page, wide) if y < bottom]
    return (left, rules[-1] + 1, right, bottom) if rules else rectangle


def _rules(rectangle: Box, page: PageLayout, wide: float) -> list[float]:
    """Heights of the thin horizontal rules of a rectangle that are at least `wide` points long."""
    ink = page.graphics
    rows, columns = ink.window(rectangle)
    part = ink.mask[rows, columns]
    long = part.sum(axis=1) >= wide * ink.scale
    found = []
    run = 0
    for at, filled in enumerate([*long.tolist(), False]):
        if filled:
            run += 1
            continue
        if 0 < run <= 3:
            found.append((rows.start + at) / ink.scale)
        run = 0
    return found


def _trimmed(rectangle: Box, page: PageLayout, body: Body) -> Box | None:
    """The graphics of a rectangle with the text near them, without rows that stand apart."""
    box = page.content.tight(rectangle)
    drawn = page.graphics.tight(rectangle)
    if box is None or drawn is None:
        return None
    gap = max(NEAR, 1.2 * body.size)
    top, bottom = drawn[1], drawn[3]
    for upper, lower in reversed(page.content.bands(box, 2.0)):
        if upper < top and top - lower <= gap:
            top = min(top, upper)
    for upper, lower in page.content.bands(box, 2.0):
        if lower > bottom and upper - bottom <= gap:
            bottom = max(bottom, lower)
    return page.content.tight((box[0] - 1, top - 0.5, box[2] + 1, bottom + 0.5))


def _cut(rectangle: Box, box: Box, page: PageLayout) -> bool:
    """Whether something is drawn across a side of the rectangle, so that it ends in mid-figure."""
    left, _, right, _ = rectangle
    strips = [(left - 1.5, box[1], left + 1.5, box[3]), (right - 1.5, box[1], right + 1.5, box[3])]
    touched = (box[0] < left + 1.5, box[2] > right - 1.5)
    return any(
        touch and page.graphics.amount(strip) > 0.02
        for touch, strip in zip(touched, strips, strict=True)
    )


def _coverage(box: Box, page: PageLayout) -> float:
    """Share of a box's cells (12 points wide and high) that hold anything."""
    rows, columns = page.content.window(box)
    part = page.content.mask[rows, columns]
    step = max(round(12 * page.content.scale), 1)
    height, width = part.shape
    padded = np.zeros((-(-height // step) * step, -(-width // step) * step), bool)
    padded[:height, :width] = part
    cells = padded.reshape(padded.shape[0] // step, step, -1, step).any(axis=(1, 3))
    return float(cells.mean())
