"""Finds the spaces next to a caption: rectangles without running text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mkdocs_paperdigest.documents.figures.captions import Caption
from mkdocs_paperdigest.documents.figures.ink import Box, Ink

Side = Literal["above", "below", "left", "right"]

TOUCH = 3.0
"""Points by which a line may extend into a rectangle without limiting it."""
FOREIGN = 20.0
"""Points by which a line that overlaps a caption extends beyond it if it belongs to another column."""
BESIDE = 30.0
"""Vertical distance of the captions of two figures side by side in points, at most."""
STRIP = 60.0
"""Points above or below captions in which to search for the blank strip between two figures."""
WIDER = 12.0
"""Points by which a caption may extend beyond its column, at most."""
SMALLEST = 18.0
"""Width and height of a figure in points, at least."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as the search for figures uses it; all lengths are in points."""

    width: float
    height: float
    text: tuple[Box, ...]
    """Running text, headings, running headers, tables: no figure overlaps these."""
    captions: tuple[Caption, ...]
    graphics: Ink
    """All ink except glyphs and tables."""
    content: Ink
    """All ink except running text, captions and tables: graphics with their labels."""
    columns: tuple[tuple[float, float], ...]
    """Left and right edges of the text columns."""
    included: tuple[Box, ...] = ()
    """Images and drawings that were included into the page as a whole."""


def spaces_next_to(caption: Caption, page: PageLayout) -> list[tuple[Side, Box]]:
    """All spaces above and below a caption; larger ones may contain smaller ones."""
    barriers = _barriers(caption, page)
    sides: tuple[Side, ...] = ("above", "below")
    return [(side, rectangle) for side in sides for rectangle in _rectangles(caption, side, barriers, page)]


def spaces_beside(caption: Caption, page: PageLayout) -> list[tuple[Side, Box]]:
    """The spaces left and right of a caption, up to the next text above and below.

    If a caption is inside a column, its spaces may be too; or it stands beside a figure that reaches over the
    other columns (Springer's side captions).
    """
    barriers = _barriers(caption, page)
    x0, y0, x1, y1 = caption.box
    inside = columns_around(caption, page)
    found: list[tuple[Side, Box]] = []
    sides: list[tuple[Side, float, float]] = [("left", 0.0, x0), ("right", x1, page.width)]
    if len(page.columns) > 1 and inside:
        sides += [("left", inside[0][0], x0), ("right", x1, inside[0][1])]
    for side, left, right in sides:
        level = [
            b for b in barriers if min(b[3], y1) - max(b[1], y0) > TOUCH and b[2] > left and b[0] < right
        ]
        left = max([b[2] for b in level if side == "left"], default=left)
        right = min([b[0] for b in level if side == "right"], default=right)
        if right - left < SMALLEST:
            continue
        across = [b for b in barriers if min(b[2], right) - max(b[0], left) > TOUCH]
        top = max([b[3] for b in across if b[3] <= y0 + TOUCH], default=0.0)
        bottom = min([b[1] for b in across if b[1] >= y1 - TOUCH], default=page.height)
        above, below = _limits_beside(caption, (left, right), page)
        top, bottom = max(top, above), min(bottom, below)
        found.append((side, (left, top, right, bottom)))
    return found


def _limits_beside(caption: Caption, span: tuple[float, float], page: PageLayout) -> tuple[float, float]:
    """The top and bottom that a figure beside its caption can reach, given the captions above and below.

    The highest blank separates two figures, somewhere between the middles of their captions.
    """
    x0, y0, x1, y1 = caption.box
    top, bottom = 0.0, page.height
    for other in page.captions:
        b0, upper, b1, lower = other.box
        if other is caption or min(b1, x1) - max(b0, x0) <= 0 or min(lower, y1) - max(upper, y0) > 0:
            continue
        first, second = sorted([(y0 + y1) / 2, (upper + lower) / 2])
        bands = page.content.bands((span[0], first, span[1], second), 2.0)
        blanks = [(below[0] - above[1], (below[0] + above[1]) / 2) for above, below in pairwise(bands)]
        middle = max(blanks)[1] if blanks else (first + second) / 2
        if upper > y0:
            bottom = min(bottom, middle)
        else:
            top = max(top, middle)
    return top, bottom


def columns_around(caption: Caption, page: PageLayout) -> list[tuple[float, float]]:
    """The column in which a caption is; it may be a little wider than the column, but reaches no other one."""
    x0, _, x1, _ = caption.box
    ends = [*(left - 3 for left, _ in page.columns[1:]), page.width]
    return [
        (left, right)
        for (left, right), end in zip(page.columns, ends, strict=True)
        if left - 6 <= x0 and x1 <= max(right + 6, min(right + WIDER, end))
    ]


def _barriers(caption: Caption, page: PageLayout) -> list[Box]:
    """The text and the other captions that limit the spaces next to a caption."""
    others = [line.box for other in page.captions if other is not caption for line in other.lines]
    x0, y0, x1, y1 = caption.box
    return [
        barrier
        for barrier in (*page.text, *others)
        # A stray symbol inside the caption limits nothing.
        if not (x0 <= barrier[0] and barrier[2] <= x1 and y0 <= barrier[1] and barrier[3] <= y1)
    ]


def _rectangles(caption: Caption, side: Side, barriers: Sequence[Box], page: PageLayout) -> list[Box]:
    """The maximal rectangles above or below a caption without barriers.

    Goes from the caption outwards: each barrier ends the rectangle, or narrows it if it is entirely on one side of
    the caption.
    """
    x0, y0, x1, y1 = caption.box
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
    if len(page.columns) > 1:
        spans += [(left - 6, max(right + 6, x1)) for left, right in columns_around(caption, page)]
    least, most = _limits(caption, side, page)
    found = []
    for start, end in spans:
        left, right = max(start, least), min(end, most)
        for barrier in ahead:
            b0, top, b1, bottom = barrier
            if min(b1, right) - max(b0, left) <= TOUCH:
                continue
            edge = bottom if side == "above" else top
            if (near - edge) * -sign > SMALLEST:
                found.append((left, right, edge))
            # A line from the next column only narrows, even if it is too long (code).
            level = min(bottom, y1) - max(top, y0) > TOUCH
            slack = 0.2 * (x1 - x0)
            if b1 <= x0 + TOUCH or (b0 < x0 - FOREIGN and (level or b1 < x0 + slack)):
                left = max(left, b1 if not level else min(b1, x0))
            elif b0 >= x1 - TOUCH or (b1 > x1 + FOREIGN and (level or b0 > x1 - slack)):
                right = min(right, b0 if not level else max(b0, x1))
            else:
                break
        else:
            found.append((left, right, far))
    return [(left, min(near, edge), right, max(near, edge)) for left, right, edge in dict.fromkeys(found)]


def _limits(caption: Caption, side: Side, page: PageLayout) -> tuple[float, float]:
    """The leftmost and rightmost x that a figure can reach, given the captions of the figures beside it.

    A blank strip separates two figures, somewhere between the middles of their captions.
    """
    x0, y0, x1, y1 = caption.box
    least, most = 0.0, page.width
    for other in page.captions:
        b0, top, b1, bottom = other.box
        if min(bottom, y1) - max(top, y0) < -BESIDE or min(b1, x1) - max(b0, x0) > 0:
            continue
        near, sign = (min(top, y0), -1) if side == "above" else (max(bottom, y1), 1)
        first, second = sorted([(x0 + x1) / 2, (b0 + b1) / 2])
        strips: list[float] = []
        # A pale figure may look blank near its caption, and figures of different height have more above them.
        for reach in (3 * STRIP, STRIP):
            far = near + sign * reach
            strips = strips or page.content.blank_strips((first, min(near, far), second, max(near, far)))
        middle = strips[0] if strips else (max(x0, b0) + min(x1, b1)) / 2
        if b0 > x0:
            most = min(most, middle)
        else:
            least = max(least, middle)
    return least, most
