"""Finds the regions where the figure of a caption may be, and scores them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mkdocs_paperdigest.documents.figures.captions import Caption
from mkdocs_paperdigest.documents.figures.ink import Box, union
from mkdocs_paperdigest.documents.figures.layout import Body
from mkdocs_paperdigest.documents.figures.spaces import (
    SMALLEST,
    PageLayout,
    Side,
    columns_around,
    spaces_beside,
    spaces_next_to,
)

REAL_DRAWING = 25.0
"""Square points of ink that is neither text nor rule, from which a region is more than a table."""
STRAY_MAX = 0.05
"""Share of the ink of a text that is no glyph, at most."""
UNDRAWN = 0.2
"""Factor for a region of only text and rules: it is a table or equations, rarely a listing."""
BESIDE = 0.4
"""Factor for a region left or right of its caption: few papers have side captions."""
CUT = 0.5
"""Factor for a region with a side that cuts through ink."""
TEXT_LINES_MAX = 40
"""Lines of a figure that is only text; more are a page of the paper."""
REGIONS_MAX = 6
"""Regions per caption."""
STRIP_MIN = 6.0
"""Points between two figures side by side, at least."""
EDGE = 6.0
"""Points by which the white margin of an included image may extend beyond its space."""
TAB_MAX = 36.0
"""Width of a tab in the margin in points, at most; figures are wider."""
BLANK_MAX = 28.0
"""Height of blank paper inside a figure in points, at most."""
APART_MAX = 110.0
"""Height of text between two graphics of a figure in points, at most: sub-captions of a few lines."""
LABELS_MAX = 48.0
"""Points between a caption and the labels of its figure, at most."""
NEAR = 14.0
"""Points between graphics and a row of text that belongs to them (axis title, sub-caption), at most."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place where the figure of a caption may be."""

    box: Box
    """Tight around the content."""
    side: Side
    """Side of the caption on which the region is."""
    score: float
    """Higher is more likely; comparable between the captions of a page."""
    drawn: bool = True
    """Whether it holds more than text and rules."""


def regions_of(caption: Caption, page: PageLayout, body: Body) -> list[Region]:
    """The regions next to a caption that may hold its figure, best first."""
    spaces = [*spaces_next_to(caption, page), *spaces_beside(caption, page)]
    found = [region for side, space in spaces if (region := _region(space, side, caption, page, body))]
    if not found and (text := _text_above(caption, page, body)):
        return [Region(text, "above", _own_score(text, page), drawn=False)]
    unique = {tuple(round(value) for value in region.box): region for region in found}
    return sorted(unique.values(), key=lambda region: -region.score)[:REGIONS_MAX]


def regions_of_stack(stack: Sequence[Caption], page: PageLayout, body: Body) -> list[Region]:
    """The figures side by side above captions that are below each other, from left to right.

    Empty if no blank strips separate the figures.
    """
    whole = next((r for r in regions_of(stack[0], page, body) if r.side == "above"), None)
    if whole is None:
        return []
    strips = page.content.blank_strips(whole.box, STRIP_MIN)[: len(stack) - 1]
    if len(strips) < len(stack) - 1:
        return []
    x0, y0, x1, y1 = whole.box
    edges = [x0, *sorted(strips), x1]
    parts = [page.content.tight((left, y0, right, y1)) for left, right in pairwise(edges)]
    return [Region(part, "above", _own_score(part, page)) for part in parts if part]


def _region(rectangle: Box, side: Side, caption: Caption, page: PageLayout, body: Body) -> Region | None:
    """The content of a rectangle that belongs together, as a region with its score; None if there is none."""
    box = _trimmed(rectangle, side, page, body)
    if box and side in {"above", "below"}:
        box = _in_column(box, caption, page)
    if box is None or box[2] - box[0] < SMALLEST or box[3] - box[1] < SMALLEST:
        return None
    x0, y0, x1, y1 = caption.box
    distance = max(y0 - box[3], box[1] - y1, x0 - box[2], box[0] - x1, 0.0)
    score = _own_score(box, page) * float(np.exp(-distance / 60))
    if side in {"above", "below"}:
        askew = min(abs((x0 + x1) - (box[0] + box[2])) / 2, abs(x0 - box[0]))
        score *= float(np.exp(-askew / 150))
    else:
        score *= BESIDE
    score *= CUT if _cuts_ink(rectangle, box, page) else 1.0
    return Region(box, side, score, drawn=_is_drawn(box, page))


def _own_score(box: Box, page: PageLayout) -> float:
    """The score of a box by itself: its size, how much of it is filled, and whether it has drawings."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    score: float = area**0.5 * (0.3 + 0.7 * _coverage(box, page))
    return score if _is_drawn(box, page) else score * UNDRAWN


def _is_drawn(box: Box, page: PageLayout) -> bool:
    _, drawn = page.graphics.rules(box)
    area = (box[2] - box[0]) * (box[3] - box[1])
    return drawn.amount(box) * area >= REAL_DRAWING


def _is_text(box: Box, page: PageLayout) -> bool:
    """Whether a box holds text; signs without a character in it look like a drawing."""
    _, drawn = page.graphics.rules(box)
    return not _is_drawn(box, page) or drawn.amount(box) < STRAY_MAX * page.content.amount(box)


def _text_above(caption: Caption, page: PageLayout, body: Body) -> Box | None:
    """The block of text above a caption that has no other region: a figure that is only text.

    The block ends at the first gap that is wider than those between lines of a paragraph. If the block is as close
    to the caption as a line of text, the result is None: the caption is a sentence that begins like one.
    """
    x0, y0, x1, _ = caption.box
    above = [box for box in page.text if min(box[2], x1) - max(box[0], x0) > 0 and box[3] <= y0 + 1]
    above.sort(key=lambda box: -box[3])
    block: list[Box] = []
    for box in above:
        # Floats are further from the text than lines are from each other.
        gap = (block[-1] if block else caption.box)[1] - box[3]
        if gap > (1.0 if block else 3.5) * body.size:
            break
        block.append(box)
    set_off = bool(block) and y0 - block[0][3] > 0.6 * body.size
    if not set_off or not 2 <= len(block) <= TEXT_LINES_MAX:
        return None
    return union(block)


def _trimmed(rectangle: Box, side: Side, page: PageLayout, body: Body) -> Box | None:
    """The graphics of a rectangle with the text near them, without content that is further away.

    Goes from the caption outwards over the bands of ink with graphics, as long as they are close to each other. This
    leaves out the paper's title above a first figure, and the journal's logo above the title.
    """
    left, top, right, bottom = rectangle
    bands = page.content.bands(rectangle, 2.0)
    # Distances from the caption, so that the code below is the same for both directions.
    if side == "below":
        steps = [(upper - top, lower - top) for upper, lower in bands]
    else:
        steps = [(bottom - lower, bottom - upper) for upper, lower in reversed(bands)]
        bands.reverse()
    drawn = [
        at
        for at, (upper, lower) in enumerate(bands)
        if page.graphics.tight((left, upper, right, lower))
        and (
            not _is_lone_rule(rectangle, bands[at], page)
            or any(_in_one(bands[at], other, rectangle, page) for other in bands[at + 1 : at + 2])
        )
    ]
    near = max(NEAR, 1.2 * body.size, body.leading)
    if not drawn and (not steps or steps[0][0] > 2 * near):
        return None
    # Without any drawing it may be a listing, which is the text next to the caption.
    first = last = drawn[0] if drawn else 0
    for at in drawn[1:]:
        if _in_one(bands[last], bands[at], rectangle, page):
            last = at
            continue
        blank = max(steps[k + 1][0] - steps[k][1] for k in range(last, at))
        if blank > BLANK_MAX or steps[at][0] - steps[last][1] > APART_MAX:
            break
        last = at
    # Content between the graphics and the caption that is not running text is a label.
    # Lines of a listing may be further apart than a label is from its drawing.
    text = _is_text(rectangle, page)
    near = BLANK_MAX if text else near
    while first > 0 and (steps[first][0] - steps[first - 1][1] <= near or steps[first - 1][0] <= LABELS_MAX):
        first -= 1
    while (
        last + 1 < len(steps)
        and steps[last + 1][0] - steps[last][1] <= near
        # Between the rows of a table a rule ends nothing.
        and (
            not _is_lone_rule(rectangle, bands[last + 1], page)
            or (text and last + 2 < len(steps) and steps[last + 2][0] - steps[last + 1][1] <= near)
        )
    ):
        last += 1
    ends = (*bands[first], *bands[last])
    return page.content.tight((left, min(ends) - 0.5, right, max(ends) + 0.5))


def _in_one(band: tuple[float, float], other: tuple[float, float], rectangle: Box, page: PageLayout) -> bool:
    """Whether two bands of ink are parts of one image or drawing inside a rectangle, which may have blanks."""
    upper, lower = sorted([band, other])
    left, top, right, bottom = rectangle
    return any(
        box[0] > left - EDGE
        and box[1] > top - EDGE
        and box[2] < right + EDGE
        and box[3] < bottom + EDGE
        and box[1] < upper[1] - 1
        and box[3] > lower[0] + 1
        for box in page.included
    )


def _in_column(box: Box, caption: Caption, page: PageLayout) -> Box | None:
    """The box without separate text in another column than the caption's."""
    box = _without_tabs(box, page)
    inside = columns_around(caption, page)
    drawn = page.graphics.tight(box)
    if len(page.columns) < 2 or not inside or drawn is None:
        return box
    left, top, right, bottom = box
    for strip in page.content.blank_strips(box, NEAR):
        if strip < min(inside[0][0], drawn[0]):
            left = max(left, strip)
        elif strip > max(inside[0][1], drawn[2]):
            right = min(right, strip)
    return page.content.tight((left, top, right, bottom))


def _without_tabs(box: Box, page: PageLayout) -> Box:
    """The box without what is narrow and apart from it in the margin: tabs with a section's name, seals, bars."""
    left, top, right, bottom = box
    for strip in page.content.blank_strips(box, STRIP_MIN):
        before, after = (
            page.content.tight((left, top, strip, bottom)),
            page.content.tight((strip, top, right, bottom)),
        )
        if before and after and after[0] > page.columns[-1][1] and after[2] - after[0] < TAB_MAX:
            right = before[2]
        elif before and after and before[2] < page.columns[0][0] and before[2] - before[0] < TAB_MAX:
            left = after[0]
    return left, top, right, bottom


def _is_lone_rule(rectangle: Box, band: tuple[float, float], page: PageLayout) -> bool:
    """Whether a band of ink is only a wide rule, as below a running header."""
    if band[1] - band[0] > 3:
        return False
    box = page.content.tight((rectangle[0], band[0], rectangle[2], band[1]))
    return box is not None and box[2] - box[0] > 0.6 * min(column[1] - column[0] for column in page.columns)


def _cuts_ink(rectangle: Box, box: Box, page: PageLayout) -> bool:
    """Whether ink extends across a side of the rectangle."""
    left, top, right, bottom = rectangle
    step = 1.5
    sides = (
        ((left - step, box[1], left, box[3]), (left, box[1], left + step, box[3])),
        ((right, box[1], right + step, box[3]), (right - step, box[1], right, box[3])),
        ((box[0], top - step, box[2], top), (box[0], top, box[2], top + step)),
        ((box[0], bottom, box[2], bottom + step), (box[0], bottom - step, box[2], bottom)),
    )
    return any(page.content.tight(outside) and page.content.tight(inside) for outside, inside in sides)


def _coverage(box: Box, page: PageLayout) -> float:
    """Share of the cells of a box (12 points wide and high) that have ink."""
    rows, columns = page.content.window(box)
    part = page.content.mask[rows, columns]
    step = max(round(12 * page.content.scale), 1)
    height, width = part.shape
    padded = np.zeros((-(-height // step) * step, -(-width // step) * step), bool)
    padded[:height, :width] = part
    cells = padded.reshape(padded.shape[0] // step, step, -1, step).any(axis=(1, 3))
    return float(cells.mean())
