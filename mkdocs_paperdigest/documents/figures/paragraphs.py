"""Finds the running text of a page: paragraphs and the headings above them.

All other ink may belong to a figure, so these lines limit the figures.
"""

import re
from collections.abc import Sequence

from mkdocs_paperdigest.documents.figures.ink import Box, Ink
from mkdocs_paperdigest.documents.figures.layout import Body, is_prose
from mkdocs_paperdigest.documents.pdf.lines import Line

HEADING = re.compile(
    r"(?:[A-Z]|\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){0,3}[.)]?\s{0,3}[A-Z]\w|"
    r"(?i:abstract|references|acknowledge?ments?|appendix|introduction|conclusions?)\b"
)
EMAIL = re.compile(r"[\w.}]\s?@\s?[\w-]+\.\w")
PANEL = re.compile(r"\(?[a-hA-H][).]\s?\S")
"""Start of a panel's caption."""
CODE_FONT = re.compile(r"tt\d|mono|courier|consol|typewriter|code|CMTT|SFTT|menlo|txtt", re.IGNORECASE)
PANEL_LINES = 8
"""Lines in the caption of a panel, at most."""
FOREIGN_LINES = 8
"""Lines of a text inside a drawing, at most; it is in a font that the paper hardly uses otherwise."""
FRAME_GAP = 25.0
"""Points between a text and the frame around it, at most."""


def running_text(lines: Sequence[Line], body: Body, graphics: Ink) -> list[Line]:
    """The lines of a page that belong to paragraphs, and the headings above them.

    A paragraph is at least two consecutive lines with the same left edge and size and the paper's leading. They
    consist mostly of letters (unlike rows of tick labels) and are not much smaller than the body text. Code,
    captions of panels and framed text look the same but may be part of a figure, so they are left out.

    Arguments:
        lines: Lines of the page, from top to bottom.
        body: Style of the running text.
        graphics: The page's ink without glyphs.
    """
    follows = _followers(lines, body)
    prose = [is_prose(line, body) for line in lines]
    found: set[int] = set()
    for upper, lower in follows:
        if prose[upper] and prose[lower]:
            found.update((upper, lower))
    for upper, lower in follows:
        # The last line of a paragraph is short, so it does not look like prose by itself.
        if upper in found and 0.8 * body.size <= lines[lower].size <= 1.3 * body.size:
            found.add(lower)
    # Lines beside a figure are short as well; they follow or precede full lines in the same style.
    for pairs in (follows, follows[::-1]):
        for upper, lower in pairs:
            if (upper in found) != (lower in found) and _alike(lines[upper], lines[lower], body):
                found.update((upper, lower))
    for at, line in enumerate(lines):
        visible = len(line.text.replace(" ", ""))
        full = line.width >= 0.93 * body.width and line.letters >= 0.7 * visible
        if prose[at] and full and line.font in body.fonts:
            found.add(at)
    panels = [line for line in lines if PANEL.match(line.text)]
    for block in _blocks(found, follows):
        part = [lines[at] for at in block]
        if _is_panel_caption(part, panels) or _may_be_in_figure(part, body, graphics):
            found.difference_update(block)
    text = [lines[at] for at in sorted(found)]
    others = [line for at, line in enumerate(lines) if at not in found]
    return text + [line for line in others if EMAIL.search(line.text) or _is_heading(line, text, body)]


def _alike(one: Line, other: Line, body: Body) -> bool:
    """Whether two lines of words have the same left edge and font, and the size and font of running text."""
    return (
        abs(one.x0 - other.x0) < 2
        and one.font == other.font
        and one.font in body.fonts
        and all(
            abs(line.size - body.size) < 0.08 * body.size
            and line.letters >= 0.6 * len(line.text.replace(" ", ""))
            for line in (one, other)
        )
    )


def _blocks(found: set[int], follows: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Indices of lines grouped into paragraphs, each from top to bottom."""
    block_of: dict[int, list[int]] = {at: [at] for at in sorted(found)}
    for upper, lower in follows:
        if upper in found and lower in found and block_of[upper] is not block_of[lower]:
            merged = block_of[upper] + block_of[lower]
            for at in merged:
                block_of[at] = merged
    unique = {id(block): sorted(block) for block in block_of.values()}
    return list(unique.values())


def _is_panel_caption(block: Sequence[Line], panels: Sequence[Line]) -> bool:
    """Whether a block is the caption of a panel: those are side by side, items of a list are not."""
    first = block[0]
    return first in panels and any(
        abs(other.top - first.top) < 2.2 * first.size and abs(other.x0 - first.x0) > first.size
        for other in panels
    )


def _may_be_in_figure(block: Sequence[Line], body: Body, graphics: Ink) -> bool:
    """Whether a block may be code, a text in a drawing, the caption of a panel, or framed text."""
    fonts = [line.font for line in block]
    if sum(bool(CODE_FONT.search(font)) for font in fonts) > len(block) / 2:
        return True
    foreign = sum(font not in body.fonts for font in fonts) > len(block) / 2
    if foreign and len(block) <= FOREIGN_LINES:
        return True
    width = max(line.x1 for line in block) - min(line.x0 for line in block)
    small = block[0].size < 0.95 * body.size or width < 0.85 * body.width
    if small and len(block) <= PANEL_LINES and PANEL.match(block[0].text):
        return True
    return _is_framed(block, graphics)


def _is_framed(block: Sequence[Line], graphics: Ink) -> bool:
    """Whether a frame or the edge of a coloured background runs along both sides of a text."""
    left, right = min(line.x0 for line in block), max(line.x1 for line in block)
    top, bottom = block[0].y0, max(line.y1 for line in block)
    # Only the middle of the sides counts, because frames may have round corners.
    top, bottom = top + 0.2 * (bottom - top), bottom - 0.2 * (bottom - top)
    sides: tuple[Box, Box] = (
        (left - FRAME_GAP, top, left - 0.5, bottom),
        (right + 0.5, top, right + FRAME_GAP, bottom),
    )
    return all(graphics.has_upright(side) for side in sides)


def _followers(lines: Sequence[Line], body: Body) -> list[tuple[int, int]]:
    """Pairs of line indices where the second line is directly below the first and aligned with it."""
    pairs = []
    for upper, above in enumerate(lines):
        reach = max(body.leading, 1.2 * above.size) * 1.3
        for lower in range(upper + 1, len(lines)):
            below = lines[lower]
            step = below.top - above.top
            if step > reach:
                break
            if (
                step > 0.6 * above.size
                and abs(below.size - above.size) <= 0.12 * above.size
                and abs(below.x0 - above.x0) <= 2.2 * above.size
                and (abs(below.x0 - above.x0) < 2 or abs(below.x1 - above.x1) < 2 or below.x0 < above.x0)
            ):
                pairs.append((upper, lower))
    return pairs


def _is_heading(line: Line, text: Sequence[Line], body: Body) -> bool:
    """Whether a line is a numbered or well-known heading directly above a paragraph."""
    if line.size < 0.85 * body.size or not HEADING.match(line.text):
        return False
    return any(
        0 < below.top - line.top < 2.5 * max(body.leading, line.size)
        and below.x0 - 2 * body.size <= line.x0 <= below.x1
        for below in text
    )
