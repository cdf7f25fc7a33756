"""The empty places next to a caption: rectangles that no running text reaches into."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mkdocs_paperdigest.documents.figures.captions import Caption
from mkdocs_paperdigest.documents.figures.ink import Box, Ink

Side = Literal["above", "below", "left", "right"]

TOUCH = 3.0
"""Points that a line may reach into a rectangle without being in its way."""
FOREIGN = 20.0
"""Points beside a caption from which on a line that reaches over it belongs to another column."""
BESIDE = 30.0
"""Points by which captions of figures that stand side by side may miss each other in height."""
STRIP = 60.0
"""Points above or below captions where the blank strip between two figures is looked for."""
SMALLEST = 18.0
"""Points; nothing lower or narrower is a figure."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as the search for figures sees it."""

    width: float
    height: float
    text: tuple[Box, ...]
    """Running text, headings, running headers, tables: no figure reaches over these."""
    captions: tuple[Caption, ...]
    graphics: Ink
    """All ink but glyphs."""
    content: Ink
    """All ink but running text and captions: graphics with their labels."""
    columns: tuple[tuple[float, float], ...]
    """Left and right edges; one pair in a one-column paper."""


def spaces_next_to(caption: Caption, page: PageLayout) -> list[tuple[Side, Box]]:
    """Every space above and below a caption, the larger ones that contain smaller ones included."""
    barriers = _barriers(caption, page)
    sides: tuple[Side, ...] = ("above", "below")
    return [
        (side, rectangle)
        for side in sides
        for rectangle in _rectangles(caption, side, barriers, page)
    ]


def spaces_beside(caption: Caption, page: PageLayout) -> list[tuple[Side, Box]]:
    """The spaces to the left and right of a caption, as high as nothing is in the way.

    A caption within a column has them within that column only.
    """
    barriers = _barriers(caption, page)
    x0, y0, x1, y1 = caption.box
    inside = [(left, right) for left, right in page.columns if left - 6 <= x0 and x1 <= right + 6]
    start, end = inside[0] if len(page.columns) > 1 and inside else (0.0, page.width)
    found: list[tuple[Side, Box]] = []
    sides: tuple[tuple[Side, float, float], ...] = (
        ("left", start, x0),
        ("right", x1, end),
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


def _barriers(caption: Caption, page: PageLayout) -> list[Box]:
    others = [
        (line.x0, line.y0, line.x1, line.y1)
        for other in page.captions
        if other is not caption
        for line in other.lines
    ]
    x0, y0, x1, y1 = caption.box
    return [
        barrier
        for barrier in (*page.text, *others)
        # A stray symbol inside the caption is not in the way of anything.
        if not (x0 <= barrier[0] and barrier[2] <= x1 and y0 <= barrier[1] and barrier[3] <= y1)
    ]


def _rectangles(
    caption: Caption, side: Side, barriers: Sequence[Box], page: PageLayout
) -> list[Box]:
    """Maximal rectangles above or below a caption that no barrier reaches into.

    Going away from the caption, each barrier either ends the rectangle or, when it stands wholly
    to one side of the caption, may narrow it instead.
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
    spans += [
        (left - 6, right + 6)
        for left, right in page.columns
        if len(page.columns) > 1 and x0 >= left - 6 and x1 <= right + 6
    ]
    least, most = _split(caption, side, page)
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
            # What comes from the next column, be it an overlong line of code, only narrows.
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
    return [
        (left, min(near, edge), right, max(near, edge))
        for left, right, edge in dict.fromkeys(found)
    ]


def _split(caption: Caption, side: Side, page: PageLayout) -> tuple[float, float]:
    """How far left and right a figure can reach for the captions of figures next to it.

    Such figures are parted by a blank strip somewhere between the middles of their captions.
    """
    x0, y0, x1, y1 = caption.box
    least, most = 0.0, page.width
    for other in page.captions:
        b0, top, b1, bottom = other.box
        if min(bottom, y1) - max(top, y0) < -BESIDE or min(b1, x1) - max(b0, x0) > 0:
            continue
        near, far = (min(top, y0), -STRIP) if side == "above" else (max(bottom, y1), STRIP)
        first, second = sorted([(x0 + x1) / 2, (b0 + b1) / 2])
        strip = (first, min(near, near + far), second, max(near, near + far))
        strips = page.content.blank_strips(strip)
        middle = strips[0] if strips else (max(x0, b0) + min(x1, b1)) / 2
        if b0 > x0:
            most = min(most, middle)
        else:
            least = max(least, middle)
    return least, most
