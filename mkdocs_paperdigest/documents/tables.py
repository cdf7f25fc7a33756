"""Where tables and algorithms stand on a page, so that no figure swallows one.

A table of a paper is held together by horizontal rules of one length, next to its caption.
"""

from collections.abc import Sequence

import numpy as np

from mkdocs_paperdigest.documents.ink import Box, Ink

NEXT_TO = 20.0
"""Points between a caption and the first rule of its table."""
SAME = 4.0
"""Points by which the ends of two rules of one table may differ (more in wide ones: a letter that
touches a rule takes its end with it)."""
REACH = 420.0
"""Points; no table is held together by rules farther apart."""


def table_boxes(captions: Sequence[Box], graphics: Ink) -> list[Box]:
    """The box of each table whose caption is given and that has rules.

    Arguments:
        captions: Boxes of the captions of tables and algorithms.
        graphics: The page's ink without glyphs.
    """
    rules = _rules(graphics) if captions else []
    found = []
    for caption in captions:
        x0, y0, x1, y1 = caption
        near = [rule for rule in rules if min(rule[2], x1) - max(rule[1], x0) > 0]
        below = min((rule for rule in near if y1 - 2 <= rule[0] < y1 + NEXT_TO), default=None)
        above = max((rule for rule in near if y0 - NEXT_TO < rule[0] <= y0 + 2), default=None)
        if below and not (above and y0 - above[0] < below[0] - y1 - 2 and not _like(above, below)):
            down = [rule for rule in rules if rule[0] >= below[0] and _like(rule, below)]
            last = _reached(down, captions)
            found.append((below[1], y1, below[2], last))
        elif above:
            up = [rule for rule in rules if rule[0] <= above[0] and _like(rule, above)]
            first = -_reached([(-y, left, right) for y, left, right in reversed(up)], ())
            found.append((above[1], first, above[2], y0))
    return [box for box in found if box[3] - box[1] > 3]


Rule = tuple[float, float, float]
"""y, x0, x1 in points."""


def _like(one: Rule, other: Rule) -> bool:
    slack = max(SAME, 0.04 * (one[2] - one[1]))
    return abs(one[1] - other[1]) < slack and abs(one[2] - other[2]) < slack


def _reached(rules: Sequence[Rule], captions: Sequence[Box]) -> float:
    """How far rules of one length go on, from the first one, before another caption intervenes."""
    last, left, right = rules[0]
    for rule in rules[1:]:
        between = any(
            last < (box[1] + box[3]) / 2 < rule[0] and min(box[2], right) - max(box[0], left) > 0
            for box in captions
        )
        if between or rule[0] - last > REACH:
            break
        last = rule[0]
    return last


def _rules(graphics: Ink) -> list[Rule]:
    """Thin horizontal rules at least 40 points long, from top to bottom."""
    height, width = graphics.mask.shape
    whole = (0.0, 0.0, width / graphics.scale, height / graphics.scale)
    across, _ = graphics.rules(whole)
    found: list[Rule] = []
    for row in np.flatnonzero(across.mask.any(axis=1)).tolist():
        edges = np.flatnonzero(np.diff(across.mask[row].astype(np.int8), prepend=0, append=0))
        for start, stop in edges.reshape(-1, 2).tolist():
            if stop - start >= 40 * graphics.scale:
                rule = (row / graphics.scale, start / graphics.scale, stop / graphics.scale)
                found.append(rule)
    return found
