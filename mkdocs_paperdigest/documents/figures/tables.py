"""Finds the tables and algorithms of a page, so that they do not become part of a figure.

A table has horizontal rules of one length, next to its caption.
"""

from collections.abc import Sequence

import numpy as np

from mkdocs_paperdigest.documents.figures.ink import Box, Ink

CAPTION_GAP = 20.0
"""Points between a caption and the first rule of its table, at most."""
END_SLACK = 4.0
"""Points by which the ends of two rules of a table may differ. Wide tables get more, because erasing a letter
that touches a rule also erases the end of the rule."""
RULE_GAP = 420.0
"""Points between two rules of a table, at most."""
RULE_MIN = 40.0
"""Length of a table's rules in points, at least."""
BLANK_MAX = 45.0
"""Height of blank paper inside a table in points, at most."""
PIECE_GAP = 12.0
"""Points between two pieces of a rule, at most; the partial rules over columns of a table are further apart."""


def table_boxes(captions: Sequence[Box], graphics: Ink, ink: Ink, figures: Sequence[Box] = ()) -> list[Box]:
    """The boxes of the tables with these captions, as far as they have rules.

    Arguments:
        captions: Boxes of the captions of tables and algorithms.
        graphics: The page's ink without glyphs.
        ink: All ink of the page.
        figures: Boxes of the captions of figures, beyond which no table reaches.
    """
    rules = rules_of(graphics) if captions else []
    ends = (*captions, *figures)
    found = []
    for caption in captions:
        x0, y0, x1, y1 = caption
        near = [rule for rule in rules if min(rule[2], x1) - max(rule[1], x0) > 0]
        below = min((rule for rule in near if y1 - 2 <= rule[0] < y1 + CAPTION_GAP), default=None)
        above = max((rule for rule in near if y0 - CAPTION_GAP < rule[0] <= y0 + 2), default=None)
        if below and not (above and y0 - above[0] < below[0] - y1 - 2 and not _aligned(above, below)):
            down = [rule for rule in rules if rule[0] >= below[0] and _aligned(rule, below)]
            box = _up_to_blank((below[1], y1, below[2], _last_y(down, ends)), down, ink)
            found.append(box if box[3] - y1 > CAPTION_GAP else _ground(caption, graphics, ink) or box)
        elif above:
            up = [rule for rule in rules if rule[0] <= above[0] and _aligned(rule, above)]
            upwards = [(left, -bottom, right, -top) for left, top, right, bottom in ends]
            first = -_last_y([(-y, left, right) for y, left, right in reversed(up)], upwards)
            found.append((above[1], first, above[2], y0))
        elif ground := _ground(caption, graphics, ink):
            found.append(ground)
    return [box for box in found if box[3] - box[1] > 3]


def _ground(caption: Box, graphics: Ink, ink: Ink) -> Box | None:
    """The coloured ground of a table without rules, below its caption; unlike a photograph it is full of text."""
    x0, _, x1, y1 = caption
    width = graphics.mask.shape[1] / graphics.scale
    bands = graphics.bands((x0, y1, x1, y1 + RULE_GAP), 6.0)
    if not bands or bands[0][0] - y1 > CAPTION_GAP:
        return None
    box = graphics.tight((0.0, bands[0][0], width, bands[0][1]))
    full = box and ink.amount(box) > 0.9 and graphics.amount(box) < 0.95 * ink.amount(box)
    return box if full else None


def _up_to_blank(box: Box, rules: Sequence["Rule"], ink: Ink) -> Box:
    """The table below its caption without what follows a high blank; that is the frame of a figure."""
    bands = ink.bands(box, BLANK_MAX)
    if len(bands) < 2:
        return box
    ends = [y for y, _, _ in rules if y <= bands[0][1] + 1]
    return (*box[:3], max(ends)) if ends else box


Rule = tuple[float, float, float]
"""y, x0, x1 in points."""


def _aligned(one: Rule, other: Rule) -> bool:
    slack = max(END_SLACK, 0.04 * (one[2] - one[1]))
    return abs(one[1] - other[1]) < slack and abs(one[2] - other[2]) < slack


def _last_y(rules: Sequence[Rule], captions: Sequence[Box]) -> float:
    """The y of the last rule of a table that begins with the first rule and ends before another caption."""
    last, left, right = rules[0]
    for rule in rules[1:]:
        between = any(
            last < (box[1] + box[3]) / 2 < rule[0] and min(box[2], right) - max(box[0], left) > 0
            for box in captions
        )
        if between or rule[0] - last > RULE_GAP:
            break
        last = rule[0]
    return last


def rules_of(graphics: Ink) -> list[Rule]:
    """Thin horizontal rules of at least `RULE_MIN` points, from top to bottom."""
    height, width = graphics.mask.shape
    whole = (0.0, 0.0, width / graphics.scale, height / graphics.scale)
    across, _ = graphics.rules(whole)
    found: list[Rule] = []
    for row in np.flatnonzero(across.mask.any(axis=1)).tolist():
        edges = np.flatnonzero(np.diff(across.mask[row].astype(np.int8), prepend=0, append=0))
        for start, stop in edges.reshape(-1, 2).tolist():
            rule = (row / graphics.scale, start / graphics.scale, stop / graphics.scale)
            same = [at for at in range(max(len(found) - 8, 0), len(found)) if _meet(found[at], rule)]
            # Join the pieces of a rule: its rows of pixels, and the parts between erased letters.
            for at in reversed(same):
                other = found.pop(at)
                rule = (rule[0], min(rule[1], other[1]), max(rule[2], other[2]))
            found.append(rule)
    return [rule for rule in found if rule[2] - rule[1] >= RULE_MIN]


def _meet(one: Rule, other: Rule) -> bool:
    """Whether two horizontal lines are pieces of one rule."""
    gap = max(one[1], other[1]) - min(one[2], other[2])
    return abs(one[0] - other[0]) < 1.5 and gap < PIECE_GAP
