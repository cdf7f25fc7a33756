"""Finds the numbered tables of a page: the rows of cells and rules next to a caption, with the notes below.

A table has rules of one length, or rows that are divided into cells. Its captions stand above or below; papers keep to
one side, which `find_tables` learns from all tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mkdocs_paperdigest.documents.figures.captions import Caption
from mkdocs_paperdigest.documents.figures.ink import Box, Ink
from mkdocs_paperdigest.documents.figures.layout import Body
from mkdocs_paperdigest.documents.figures.regions import Region
from mkdocs_paperdigest.documents.figures.spaces import PageLayout, Side, spaces_next_to
from mkdocs_paperdigest.documents.figures.tables import Rule
from mkdocs_paperdigest.documents.pdf.lines import Line

CAPTION_GAP = 36.0
"""Points between a caption and its table, at most."""
ROW_GAP = 15.0
"""Points of blank paper between two rows of a table, at most, unless rules enclose them."""
NOTE_GAP = 11.0
"""Points between a table and its notes, at most."""
RULE_GAP = 450.0
"""Points between two rules of a table, at most."""
BLANK_MAX = 45.0
"""Height of blank paper between two rules of a table in points, at most."""
TEXT_GAP = 9.0
"""Points between a table and the running text below it, at least."""
END_SLACK = 5.0
"""Points by which the ends of two rules of a table may differ."""
CELL_GAP = 200.0
"""Points between two cells of a row, at most."""
MARGIN = 6.0
"""Points of blank paper beside a table, at least."""
REGIONS_MAX = 6
"""Regions per caption."""
NOTE_SIZE = 0.93
"""Share of the size of running text up to which lines directly below a table are its notes."""
HEADING = re.compile(
    r"(?:\d{1,2}|[A-Z])(?P<sub>\.\d{1,2}){0,3}\.?\s{1,3}[A-Z\u3400-\u9fff][a-z\u3400-\u9fff]"
)
"""Start of a numbered heading."""
SENTENCE_MIN = 12
"""Letters of a line of running text, at least."""
SMALLEST = (30.0, 12.0)
"""Width and height of a table in points, at least."""
NOTE = re.compile(
    r"(?:Notes?|NOTES?|Sources?|References?|Legend|Anmerkungen?|Quelle|注|資料|资料)\b|[*†‡§¶∗]"
)
"""Start of a note, which may be as large as running text."""
PLAIN = 0.35
"""Factor for a region without rules."""
NOT_CELLS = 0.1
"""Factor for a region without rules and cells: an equation, or running text that was not recognized."""


@dataclass(frozen=True, slots=True)
class TablePage:
    """A page as the search for tables uses it; all lengths are in points."""

    width: float
    height: float
    lines: Sequence[Line]
    """Lines that may belong to a table: neither captions nor running headers."""
    prose: Sequence[Line]
    """Those of them that are running text or headings."""
    fixed: Sequence[Box]
    """Running headers and figures."""
    captions: Sequence[Caption]
    """Captions of tables and figures."""
    ink: Ink
    graphics: Ink
    """All ink except glyphs."""
    columns: tuple[tuple[float, float], ...]
    rules: Sequence[Rule]
    cells: frozenset[int]
    """The `id` of each line that stands beside another one in its column, as cells do."""


def table_regions(caption: Caption, page: TablePage, body: Body) -> list[Region]:
    """The regions next to a caption that may hold its table, best first."""
    found: dict[tuple[int, ...], Region] = {}
    sides: tuple[Side, ...] = ("below", "above")
    for side in sides:
        zone = _enclosed(caption, side, page)
        layout = _layout(page, zone)
        spaces = [space for at, space in spaces_next_to(caption, layout) if at == side]
        for space in (*spaces, *_narrowed(spaces, zone, layout)):
            region = _region(space, side, zone, caption, page, layout, body)
            if region:
                found.setdefault(tuple(round(value) for value in region.box), region)
    return sorted(found.values(), key=lambda region: -region.score)[:REGIONS_MAX]


def cells_of(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> frozenset[int]:
    """The `id` of each line that stands beside another one in the same column, unless it is part of a justified text.

    Text beside a narrow table is on one level with its rows, but its lines end below each other.
    """
    gutters = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    ordered = sorted(lines, key=lambda line: line.top)
    justified: set[int] = set()
    for at, line in enumerate(ordered):
        below = [
            other
            for other in ordered[at + 1 : at + 40]
            if 0.6 * line.size < other.top - line.top < 2.2 * line.size
            and abs(other.x0 - line.x0) < 2
            and abs(other.x1 - line.x1) < 2
            and min(len(line.text), len(other.text)) > 12
        ]
        if below:
            justified.update((id(line), *map(id, below)))
    found: set[int] = set()
    for at, line in enumerate(ordered):
        for other in ordered[at + 1 : at + 40]:
            if other.top - line.top > 0.4 * line.size:
                break
            left, right = sorted((line, other), key=lambda one: one.x0)
            apart = right.x0 - left.x1
            if 0.5 * line.size < apart < CELL_GAP and not any(left.x1 < x < right.x0 for x in gutters):
                found.update((id(line), id(other)))
    return frozenset(found - justified)


def _layout(page: TablePage, zone: Box | None) -> PageLayout:
    """The page's layout; text between the rules of a table is no running text."""
    prose = [line.box for line in page.prose if not (zone and _inside(line.box, zone))]
    captions = [line.box for caption in page.captions for line in caption.lines]
    return PageLayout(
        width=page.width,
        height=page.height,
        text=(*prose, *page.fixed),
        captions=tuple(page.captions),
        graphics=page.graphics,
        content=page.ink.erased((*prose, *page.fixed, *captions), margin=1.0),
        columns=page.columns,
    )


def _narrowed(spaces: Sequence[Box], zone: Box | None, layout: PageLayout) -> list[Box]:
    """The spaces narrowed to the rules of the table, where blank paper separates it from what is beside it."""
    if zone is None:
        return []
    x0, top, x1, bottom = zone
    found = []
    for left, upper, right, lower in spaces:
        if left < x0 - MARGIN and not layout.content.tight((x0 - MARGIN, top, x0 - 1, bottom)):
            left = x0 - MARGIN
        if right > x1 + MARGIN and not layout.content.tight((x1 + 1, top, x1 + MARGIN, bottom)):
            right = x1 + MARGIN
        found.append((left, upper, right, lower))
    return found


def _enclosed(caption: Caption, side: Side, page: TablePage) -> Box | None:
    """The box between the first rule next to a caption and the last one with the same ends; None without two."""
    x0, y0, x1, y1 = caption.box
    blocks = [other.box for other in page.captions if other is not caption] + list(page.fixed)
    if side == "below":
        ahead = [rule for rule in page.rules if rule[0] >= y1 - 2]
        near = [rule for rule in ahead if rule[0] < y1 + CAPTION_GAP]
    else:
        ahead = [rule for rule in reversed(page.rules) if rule[0] <= y0 + 2]
        near = [rule for rule in ahead if rule[0] > y0 - CAPTION_GAP]
    near = [rule for rule in near if min(rule[2], x1) - max(rule[1], x0) > 0]
    zone: Box | None = None
    for first in near[:3]:
        last = first
        for rule in ahead[ahead.index(first) + 1 :]:
            if not _aligned(first, rule):
                continue
            top, bottom = sorted((last[0], rule[0]))
            between = any(
                top < (box[1] + box[3]) / 2 < bottom and min(box[2], first[2]) - max(box[0], first[1]) > 3
                for box in blocks
            )
            if between or bottom - top > RULE_GAP or _apart(first, (top, bottom), page):
                break
            last = rule
        top, bottom = sorted((first[0], last[0]))
        box = (first[1], top, first[2], bottom)
        if bottom - top > 3 and (zone is None or (box[3] - box[1]) * (box[2] - box[0]) > _area(zone)):
            zone = box
    return zone


def _apart(rule: Rule, between: tuple[float, float], page: TablePage) -> bool:
    """Whether running text or much blank paper lies between two rules: the second belongs to something else.

    Sentences in the cells of a table are closer to its rules than running text is to a table.
    """
    gap = (rule[1], between[0] + 1.5, rule[2], between[1] - 1.5)
    bands = page.ink.bands(gap, 0.7)
    edges = [gap[1], *(edge for band in bands for edge in band), gap[3]]
    if any(start - end > BLANK_MAX for end, start in zip(edges[::2], edges[1::2], strict=True)):
        return True
    text = [line for line in page.prose if _inside(line.box, gap)]
    if not text or len(bands) < 2:
        return False
    above = min(line.y0 for line in text) - between[0]
    below = between[1] - max(line.y1 for line in text)
    return above > TEXT_GAP and abs(bands[0][0] - min(line.y0 for line in text)) < 2 and below > 0


def _aligned(one: Rule, other: Rule) -> bool:
    slack = max(END_SLACK, 0.04 * (one[2] - one[1]))
    return abs(one[1] - other[1]) < slack and abs(one[2] - other[2]) < slack


def _region(
    space: Box,
    side: Side,
    zone: Box | None,
    caption: Caption,
    page: TablePage,
    layout: PageLayout,
    body: Body,
) -> Region | None:
    """The rows of a space next to a caption that belong to its table, as a region with its score."""
    left, top, right, bottom = space
    bands = layout.content.bands(space, 0.7)
    if side == "above":
        bands = bands[::-1]
        start = bottom
    else:
        start = top
    if not bands or _gap(start, bands[0], side) > CAPTION_GAP:
        return None
    limit = max(ROW_GAP, 1.7 * body.leading)
    far = None if zone is None else zone[3] if side == "below" else zone[1]
    taken = [bands[0]]
    for band in bands[1:]:
        blank = _gap(taken[-1][1] if side == "below" else taken[-1][0], band, side)
        inside = zone is not None and zone[1] - 1 <= band[0] and band[1] <= zone[3] + 1
        if blank > limit and not inside:
            break
        beyond = far is not None and (band[0] >= far - 1 if side == "below" else band[1] <= far + 1)
        if inside:
            taken.append(band)
            continue
        if _is_sentence((left, band[0], right, band[1]), page, body, indented=not beyond):
            break
        taken.append(band)
    box = layout.content.tight((left, min(b[0] for b in taken) - 0.5, right, max(b[1] for b in taken) + 0.5))
    if box is None or box[2] - box[0] < SMALLEST[0] or box[3] - box[1] < SMALLEST[1]:
        return None
    if side == "below":
        box = _with_notes(box, page, body)
    x0, y0, x1, y1 = caption.box
    distance = max(y0 - box[3], box[1] - y1, 0.0)
    rules = [
        r
        for r in page.rules
        if box[1] - 2 <= r[0] <= box[3] + 2 and min(r[2], box[2]) - max(r[1], box[0]) > 0.5 * (r[2] - r[1])
    ]
    ruled = bool(rules)
    score = _area(box) ** 0.5 * float(np.exp(-distance / 25))
    askew = min(abs((x0 + x1) - (box[0] + box[2])) / 2, abs(x0 - box[0]))
    score *= float(np.exp(-askew / 150))
    if ruled:
        score *= _covered(rules, box)
    else:
        score *= PLAIN if _has_cells(box, page.lines) else NOT_CELLS
    return Region(box, side, score, drawn=ruled)


def _is_sentence(box: Box, page: TablePage, body: Body, *, indented: bool) -> bool:
    """Whether a band of ink outside the rules of a table is a heading or a line of running text.

    Arguments:
        box: The band.
        page: Its page.
        body: Style of the running text.
        indented: Whether rules do not say where the table ends; then the line must begin at the edge of a column,
            with more letters than a name in a cell has.
    """
    lines = sorted((line for line in page.lines if _inside(line.box, box)), key=lambda line: line.x0)
    if not lines:
        return False
    words = " ".join(line.text for line in lines)
    heading = HEADING.match(words)
    at_edge = any(abs(lines[0].x0 - left) < 3 for left, _ in page.columns)
    if heading and (all(line.size > 1.04 * body.size for line in lines) or (heading["sub"] and at_edge)):
        return True
    if indented and not (at_edge and lines[0].letters >= SENTENCE_MIN and lines[0].font in body.fonts):
        return False
    return all(
        id(line) not in page.cells
        and line.size >= NOTE_SIZE * body.size
        and line.letters >= 0.5 * len(line.text.replace(" ", ""))
        and not NOTE.match(line.text)
        for line in lines
    )


def _gap(edge: float, band: tuple[float, float], side: Side) -> float:
    return band[0] - edge if side == "below" else edge - band[1]


def _with_notes(box: Box, page: TablePage, body: Body) -> Box:
    """The box with the lines below it that are its notes: smaller than running text, or with the start of a note."""
    x0, y0, x1, bottom = box
    noted = False
    for line in sorted(page.prose, key=lambda line: line.top):
        if line.y1 <= bottom or line.x0 < x0 - 12 or line.x1 > x1 + 12:
            continue
        gap = line.y0 - bottom
        if gap > NOTE_GAP:
            break
        if not (line.size < NOTE_SIZE * body.size or noted or NOTE.match(line.text)):
            break
        noted = True
        x0, x1, bottom = min(x0, line.x0), max(x1, line.x1), max(bottom, line.y1)
    return x0, y0, x1, bottom


def _covered(rules: Sequence[Rule], box: Box) -> float:
    """Share of the width of a box above or below which there is a rule."""
    reached, total = box[0], 0.0
    for _, left, right in sorted(rules, key=lambda rule: rule[1]):
        left, right = max(left, reached), min(right, box[2])
        if right > left:
            total += right - left
            reached = right
    return total / (box[2] - box[0])


def _has_cells(box: Box, lines: Sequence[Line]) -> bool:
    """Whether at least two rows of a box have two or more cells."""
    inside = sorted((line for line in lines if _inside(line.box, box)), key=lambda line: line.top)
    rows = 0
    for one, other in pairwise(inside):
        rows += abs(one.top - other.top) < 0.4 * one.size
    return rows >= 2


def _inside(box: Box, outer: Box) -> bool:
    middle = (box[1] + box[3]) / 2
    return outer[1] - 1 <= middle <= outer[3] + 1 and min(box[2], outer[2]) - max(box[0], outer[0]) > 0.6 * (
        box[2] - box[0]
    )


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
