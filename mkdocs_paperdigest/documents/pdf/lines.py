"""Joins the glyphs of a page into lines of text.

A line is text on one baseline without a gap wider than a word space. A row across both columns of a
two-column paper is therefore two lines, and so are the labels of two ticks of an axis.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mkdocs_paperdigest.documents.pdf.pdfium import Floats, Glyphs, Mask

GAP_MAX = 1.2
"""Widest gap within a run of text, in font heights (justified lines stretch to this)."""
WORD_GAP_MAX = 4.0
"""Widest gap within a recognized line, in font heights."""
JOIN_MAX = 0.6
"""Widest gap between two runs of one line that are not consecutive in the content stream, in font heights."""
ANGLE_MAX = 0.1
"""Radians by which a horizontal line may be tilted."""


@dataclass(frozen=True, slots=True)
class Line:
    """Text on one baseline; coordinates in points, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float
    """Tight around the ink."""
    top: float
    bottom: float
    """Edges of the font height, which, unlike the ink, does not vary with the letters of a line."""
    text: str
    font: str
    """Name of the font of most of the line."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 of the ink."""
        return self.x0, self.y0, self.x1, self.y1

    @property
    def size(self) -> float:
        """Font height in points (about 1.2 times the nominal size)."""
        return self.bottom - self.top

    @property
    def width(self) -> float:
        """Width of the ink, in points."""
        return self.x1 - self.x0

    @property
    def letters(self) -> int:
        """Number of letters in the text."""
        return sum(map(str.isalpha, self.text))


def read_lines(glyphs: Glyphs, font_at: Callable[[int], str], *, recognized: bool = False) -> list[Line]:
    """All horizontal lines of a page, from top to bottom.

    Arguments:
        glyphs: The page's glyphs.
        font_at: Returns the font name of a character, given its PDFium index.
        recognized: The text was recognized in a scan: words have their place but not their width, so that gaps say
            nothing and PDFium's line breaks count.
    """
    level = np.flatnonzero(np.abs((glyphs.angle + np.pi) % (2 * np.pi) - np.pi) < ANGLE_MAX)
    if not len(level):
        return []
    tight, loose = glyphs.tight[level], glyphs.loose[level]
    starts = _run_starts(loose, glyphs.broken[level] if recognized else None)
    ends = np.append(starts[1:], len(level))
    height = _median_heights(loose, starts, ends)
    middle = np.add.reduceat((loose[:, 1] + loose[:, 3]) / 2, starts) / (ends - starts)
    boxes = np.hstack([np.minimum.reduceat(tight[:, :2], starts), np.maximum.reduceat(tight[:, 2:], starts)])
    lines = []
    for runs in _joined(boxes, middle, height):
        ordered = sorted(runs, key=lambda run: boxes[run, 0])
        main = max(ordered, key=lambda run: (ends[run] - starts[run]) * height[run])
        box = boxes[ordered]
        lines.append(
            Line(
                x0=float(box[:, 0].min()),
                y0=float(box[:, 1].min()),
                x1=float(box[:, 2].max()),
                y1=float(box[:, 3].max()),
                top=float(middle[main] - height[main] / 2),
                bottom=float(middle[main] + height[main] / 2),
                text=_text_of(glyphs, level, starts, ends, boxes, height, ordered),
                font=font_at(int(glyphs.index[level[(starts[main] + ends[main]) // 2]])),
            )
        )
    return sorted(lines, key=lambda line: (line.top, line.x0))


def _run_starts(loose: Floats, broken: Mask | None) -> NDArray[np.int64]:
    """Indices of the glyphs that begin a run: a new baseline, a wide gap (or a line break), or a step back."""
    before, after = loose[:-1], loose[1:]
    height = np.maximum(before[:, 3] - before[:, 1], after[:, 3] - after[:, 1])
    rise = np.abs((before[:, 1] + before[:, 3]) - (after[:, 1] + after[:, 3])) / 2
    gap = after[:, 0] - before[:, 2]
    apart = gap > GAP_MAX * height if broken is None else broken[1:] | (gap > WORD_GAP_MAX * height)
    breaks = (rise > 0.5 * height) | apart | (gap < -1.0 * height)
    return np.concatenate([[0], np.flatnonzero(breaks) + 1])


def _median_heights(loose: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
    """Median font height of each run."""
    heights = loose[:, 3] - loose[:, 1]
    run = np.repeat(np.arange(len(starts)), ends - starts)
    ordered: Floats = heights[np.lexsort((heights, run))]
    middle: Floats = ordered[(starts + ends - 1) // 2]
    return middle


def _joined(boxes: Floats, middle: Floats, height: Floats) -> list[list[int]]:
    """Runs grouped into lines: runs on one baseline with at most a word space between them."""
    order = np.lexsort((boxes[:, 0], middle))
    group = list(range(len(order)))

    def root(run: int) -> int:
        while group[run] != run:
            group[run] = group[group[run]]
            run = group[run]
        return run

    tallest = float(height.max())
    rows = middle[order]
    for position, first in enumerate(order):
        stop = int(np.searchsorted(rows, rows[position] + 0.5 * tallest))
        near = order[position + 1 : stop]
        if not len(near):
            continue
        # The smaller height counts, because a symbol two lines high must not join them.
        size = np.minimum(height[near], height[first])
        level = np.abs(middle[near] - middle[first]) < 0.65 * size
        gap = np.maximum(boxes[near, 0], boxes[first, 0]) - np.minimum(boxes[near, 2], boxes[first, 2])
        for second in near[level & (gap < JOIN_MAX * size)]:
            group[root(int(second))] = root(int(first))
    lines: dict[int, list[int]] = {}
    for run in range(len(group)):
        lines.setdefault(root(run), []).append(run)
    return list(lines.values())


def _text_of(
    glyphs: Glyphs,
    level: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    boxes: Floats,
    height: Floats,
    runs: list[int],
) -> str:
    """The text of runs from left to right, with a space wherever the page has one."""
    parts: list[str] = []
    last_x = None
    for run in runs:
        if last_x is not None and boxes[run, 0] - last_x > 0.15 * height[run]:
            parts.append(" ")
        last_x = boxes[run, 2]
        for at, position in enumerate(level[starts[run] : ends[run]]):
            if at and glyphs.spaced[position]:
                parts.append(" ")
            parts.append(glyphs.text[position])
    return "".join(parts)
