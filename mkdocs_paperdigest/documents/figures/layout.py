"""The layout of a paper: the style of its running text, its running headers, footers and line numbers."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mkdocs_paperdigest.documents.pdf.lines import Line

PAGE_NUMBER = "#"
"""Stands for any number in the signature of a line."""
RULER_MIN = 12
"""Consecutive numbers that make line numbers; no axis has as many ticks with a step of one."""
FULL = 0.93
"""Share of the width of a column that a full line has; the first line of a paragraph may be indented."""
JUSTIFIED_MIN = 0.6
"""Share of the long lines that are full if the text is justified."""
RULER_SPAN = 0.6
"""Share of the height of a page's text that line numbers span; those of a listing span the listing."""


@dataclass(frozen=True, slots=True)
class Body:
    """The style of a paper's running text."""

    size: float
    """Font height of most of the text, in points."""
    width: float
    """Width of a full line in points, in a two-column paper that of a column."""
    fonts: frozenset[str]
    """Names of the fonts of at least a hundredth of the text in longer lines."""
    leading: float
    """Distance between the tops of consecutive lines, in points."""
    columns: tuple[tuple[float, float], ...] = ()
    """Left and right edges of the text columns on most pages, in points."""
    justified: bool = False
    """Whether most lines of a paragraph end at the right edge of their column."""


def body_of(pages: Sequence[Sequence[Line]]) -> Body:
    """The style of the running text, by majority among the longer lines of all pages."""
    sizes: Counter[float] = Counter()
    long = [line for page in pages for line in page if len(line.text) >= 25 and line.letters >= 15]
    for line in long:
        sizes[round(line.size * 2) / 2] += len(line.text)
    middle = max(sizes, key=lambda s: sizes[s] + sizes[s - 0.5] + sizes[s + 0.5], default=10.0)
    # Code in a slightly smaller font stands beside the text; the text is what there is more of.
    size = max((middle, middle - 0.5, middle + 0.5), key=lambda s: sizes[s])
    body = [line for line in long if abs(line.size - size) <= 0.6]
    widths = Counter(round(line.width / 4) for line in body)
    width = 4.0 * max(widths, key=lambda w: (widths[w] + widths[w - 1] + widths[w + 1], w), default=60)
    fonts: Counter[str] = Counter()
    for line in long:
        fonts[line.font] += len(line.text)
    enough = fonts.total() / 100
    leadings: Counter[float] = Counter()
    for page in pages:
        column = [line for line in page if abs(line.size - size) <= 0.6 and len(line.text) >= 25]
        column.sort(key=lambda line: (round(line.x0 / (2 * size)), line.top))
        for upper, lower in pairwise(column):
            if abs(upper.x0 - lower.x0) < size:
                leadings[round((lower.top - upper.top) * 2) / 2] += 1
    usual = [step for step, _ in leadings.most_common(3) if step > 0.8 * size]
    style = Body(
        size=size,
        width=width,
        fonts=frozenset(font for font, count in fonts.items() if count >= enough),
        leading=min(usual[0], 2.6 * size) if usual else 1.2 * size,
    )
    wide = [line.width >= FULL * width for line in body if line.width >= 0.7 * width]
    return replace(
        style, columns=columns_of(body, style), justified=sum(wide) >= JUSTIFIED_MIN * max(len(wide), 1)
    )


def columns_of(lines: Iterable[Line], body: Body) -> tuple[tuple[float, float], ...]:
    """Left and right edges of the text columns, from where full lines start; empty without full lines."""
    starts = Counter(round(line.x0 / 3) for line in lines if line.width > 0.97 * body.width)
    columns: list[tuple[float, float]] = []
    for start, _ in starts.most_common():
        column = (start * 3.0, start * 3.0 + body.width)
        if all(column[0] > other[1] or column[1] < other[0] for other in columns):
            columns.append(column)
    return tuple(sorted(columns))


def running_headers(pages: Sequence[Sequence[Line]], heights: Sequence[float], body: Body) -> set[int]:
    """The `id` of each line of a running header or footer, including page numbers.

    Such a line is outside the block of running text, with only other such lines between it and the edge of the
    page. Either the same letters are at the same height on at least a fifth of the pages (and on two), or it is
    a number alone in its row at a height where numbers repeat. If two pages agree on where their text begins (or
    ends), all lines outside in the paper's fonts count; the title of a figure that extends into the margin is in
    another font and stays.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        seen.update({signature for line in lines if (signature := _signature(line))})
    enough = max(2.0, len(pages) / 5)
    common = {signature for signature in seen if _count_near(seen, signature) >= enough}
    usual = Counter(round(height) for height in heights).most_common(1)[0][0]
    block, sure = _text_block(
        [[ln for ln in page if _signature(ln) not in common] for page in pages], usual, body
    )
    found: set[int] = set()
    for lines, height in zip(pages, heights, strict=True):
        above = sorted((line for line in lines if line.y1 < block[0]), key=lambda ln: ln.y0)
        below = sorted((line for line in lines if line.y0 > block[1]), key=lambda ln: -ln.y1)
        for outer, certain in zip((above, below), sure, strict=True):
            while outer:
                row = [line for line in outer if abs(line.y1 - outer[0].y1) < 4]
                signatures = [signature for line in row if (signature := _signature(line))]
                if len(row) > 1:
                    signatures = [known for known in signatures if known[0] != PAGE_NUMBER]
                outside = certain and round(height) == usual
                if not common.intersection(signatures) and not (
                    outside and all(line.font in body.fonts for line in row)
                ):
                    break
                found.update(map(id, row))
                outer = [line for line in outer if id(line) not in found]
    return found


def line_numbers(lines: Sequence[Line]) -> set[int]:
    """The `id` of each line number of a manuscript under review.

    Line numbers are below each other and increase by one from top to bottom. The tick labels of an axis are
    fewer, have larger steps, or increase upwards; those of a listing are part of it.
    """
    numbers = sorted((line for line in lines if re.fullmatch(r"\d{1,4}", line.text)), key=lambda ln: ln.top)
    words = [line for line in lines if line.letters >= 15]
    height = max((ln.y1 for ln in words), default=0.0) - min((ln.y0 for ln in words), default=0.0)
    found: set[int] = set()
    for side in ("x0", "x1"):
        rulers: defaultdict[int, list[Line]] = defaultdict(list)
        for line in numbers:
            rulers[round(getattr(line, side) / 3)].append(line)
        for ruler in rulers.values():
            counts = sum(int(below.text) == int(above.text) + 1 for above, below in pairwise(ruler))
            spans = ruler[-1].y1 - ruler[0].y0 >= RULER_SPAN * height
            if spans and counts >= max(RULER_MIN, 0.6 * len(ruler)):
                found.update(map(id, ruler))
    return found


def _text_block(
    pages: Sequence[Sequence[Line]], height: float, body: Body
) -> tuple[tuple[float, float], tuple[bool, bool]]:
    """Top and bottom of the running text on most pages, and whether two pages agree on each of them.

    Headers and footers get at most a seventh of the page height each, wherever the text begins and ends.
    """
    tops, bottoms = [], []
    for lines in pages:
        full = [line for line in lines if line.width > 0.9 * body.width and is_prose(line, body)]
        if full:
            tops.append(min(line.y0 for line in full))
            bottoms.append(max(line.y1 for line in full))
    # Ignore a tenth of the pages, which may have a stray line.
    tenth = len(tops) // 10
    tops, bottoms = sorted(tops)[tenth:], sorted(bottoms, reverse=True)[tenth:]
    top, bottom = tops[0] if tops else height, bottoms[0] if bottoms else 0.0
    agreed = (
        top <= 0.14 * height and sum(abs(other - top) < 3 for other in tops) > 1,
        bottom >= 0.86 * height and sum(abs(other - bottom) < 3 for other in bottoms) > 1,
    )
    return (min(top, 0.14 * height) - 3, max(bottom, 0.86 * height) + 3), agreed


def _signature(line: Line) -> tuple[str, int] | None:
    """What repeats in running headers: the letters of a line, and its height on the page in steps of 4 points."""
    letters = re.sub(r"[\W\d_]+", "", line.text).lower()
    if re.fullmatch(r"\W{0,3}\d{1,4}\W{0,3}", line.text):
        letters = PAGE_NUMBER
    return (letters, round(line.top / 4)) if letters else None


def _count_near(seen: Counter[tuple[str, int]], signature: tuple[str, int]) -> int:
    letters, step = signature
    return sum(seen[letters, step + shift] for shift in (-1, 0, 1))


def is_prose(line: Line, body: Body) -> bool:
    """Whether a line may belong to a paragraph, judged by its size, width and share of letters.

    Rows of tick labels have too few letters, and labels of a diagram are too narrow.
    """
    visible = len(line.text.replace(" ", ""))
    return (
        0.8 * body.size <= line.size <= 1.3 * body.size
        and line.width >= 0.36 * body.width
        and line.letters >= 0.5 * visible
        and visible >= 10
    )
