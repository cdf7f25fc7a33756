"""Finds the running text of a page: paragraphs and the headings above them.

All other ink may belong to a figure, so these lines limit the figures.
"""

import re
from collections.abc import Sequence

from mkdocs_paperdigest.documents.figures.ink import Box, Ink, union
from mkdocs_paperdigest.documents.figures.layout import Body, is_prose
from mkdocs_paperdigest.documents.pdf.lines import Line

HEADING = re.compile(
    r"(?:[A-Z]|\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){0,3}[.)]?\s{0,3}(?:[A-Z]\w|[\u3400-\u9fff])|"
    r"第\s?[\d一二三四五六七八九十]{1,3}\s?[章节節]|"
    r"(?i:abstract|references|acknowledge?ments?|appendix|introduction|conclusions?)\b"
)
EMAIL = re.compile(r"[\w.}]\s?@\s?[\w-]+\.\w")
PANEL = re.compile(r"\(?[a-hA-H][).]\s?\S")
"""Start of a panel's caption."""
CODE_FONT = re.compile(
    r"(?<!adv)tt\d|mono|courier|consol|typewriter|(?<!uni)code|CMTT|SFTT|menlo|txtt|nimbusmon", re.IGNORECASE
)
"""Names of fonts for code; `AdvTT86d47313` is a text font of the typesetter 3B2, as `ArialUnicodeMS` is one."""
SECTION = re.compile(
    r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s{0,3}[^\W\d_]|第\s?[\d一二三四五六七八九十]{1,3}\s?[章节節]"
)
"""Number of a section, which has a dot within."""
NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?")
SENTENCE_END = re.compile(r"[.:;。：；]$")
CJK = re.compile(r"[\u3400-\u9fff，、]{6}.*[。：]$")
"""A sentence in Chinese or Japanese."""
RELATION = re.compile(r"[=≈≡≤≥<>∼≃≅∝∈→:]=?")
BESIDE = 1.5
"""Font heights between a label and the drawing beside it, at most."""
BAR_MIN = 8.0
"""Length of the bar of a fraction in points, at least."""
INK_MAX = 12.0
"""Square points of ink in a display formula that is neither glyph nor bar, at most."""
PANEL_LINES = 8
"""Lines in the caption of a panel, at most."""
FOREIGN_LINES = 8
"""Lines of a text inside a drawing, at most; it is in a font that the paper hardly uses otherwise."""
LISTING_GAP = 2.0
"""Distances between lines up to which the parts of a listing are apart."""
LISTING_MIN = 1.5
"""Height of a figure of text in distances between lines, at least."""
CAPTION_GAP = 3.5
"""Font heights between a figure of text and its caption, at most."""
SMALL_PRINT_MIN = 8
"""Full lines of a column of small print, at least; texts in figures have fewer."""
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
        if (
            _is_panel_caption(part, panels)
            or _may_be_in_figure(part, body, graphics)
            or _are_labels(part, body, graphics)
        ):
            found.difference_update(block)
    text = _with_lone_lines([lines[at] for at in sorted(found)], lines, body, graphics)
    return text + _formulas(lines, text, body, graphics)


def _with_lone_lines(text: Sequence[Line], lines: Sequence[Line], body: Body, graphics: Ink) -> list[Line]:
    """The running text with small print, addresses, headings and single lines."""
    known = {id(line) for line in text}
    found = [*text, *(line for line in _small_print(lines, body) if id(line) not in known)]
    known = {id(line) for line in found}
    others = [line for line in lines if id(line) not in known]
    for line in list(others):
        address = EMAIL.search(line.text) and line.letters >= 0.5 * len(line.text.replace(" ", ""))
        if address or _is_heading(line, text, body) or _stands_alone(line, others, body, graphics):
            # What follows it, such as the next item of a list, is no continuation of a label.
            others.remove(line)
            found.append(line)
    return found + _split_headings(others, body, graphics)


def figure_text(
    lines: Sequence[Line],
    text: Sequence[Line],
    caption: Box,
    ends: Sequence[Box],
    body: Body,
    ink: Ink,
    graphics: Ink,
) -> list[Line]:
    """The lines above a caption that look like running text but are its figure: a listing, rules, a table.

    In justified text a paragraph has full lines; only its last one is short. So the lines between the caption and the
    next full line, wide gap or other float are a figure, unless there is a drawing below them.

    Arguments:
        lines: Lines of the page.
        text: Those taken for running text.
        caption: Box of the caption.
        ends: Boxes of other captions.
        body: Style of the running text.
        ink: All ink of the page.
        graphics: The ink without glyphs.
    """
    columns = [
        column for column in body.columns if min(column[1], caption[2]) - max(column[0], caption[0]) > 0
    ]
    if not body.justified or not columns:
        return []
    left, right = columns[0][0], columns[-1][1]
    bands = ink.bands((left, 0.0, right, caption[1] - 2.0), LISTING_GAP * body.leading)
    if not bands or caption[1] - bands[-1][1] > CAPTION_GAP * body.size:
        return []

    def is_above(box: Box) -> bool:
        return min(box[2], right) - max(box[0], left) > 3 and box[3] <= caption[1] + 1

    above = [line for line in text if is_above(line.box)]
    full = max((line.y1 for line in above if _is_full(line, above, columns, body)), default=0.0)
    top = max(bands[-1][0], full, *(end[3] for end in ends if is_above(end)), 0.0)
    # The last line of a paragraph follows a full one.
    found = [line for line in above if line.y0 > top + (0.5 * body.leading if top == full else -1)]
    if not found or bands[-1][1] - min(line.y0 for line in found) < LISTING_MIN * body.leading:
        return []
    below = (left, max(line.y1 for line in found), right, caption[1])
    rest = graphics.erased([line.box for line in lines if is_above(line.box)], margin=3.0)
    return [] if _drawn(rest, below) > INK_MAX else found


def _drawn(graphics: Ink, box: Box) -> float:
    """Square points of the ink in a box that is neither a horizontal nor a vertical stroke, as of a frame or a bar."""
    x0, y0, x1, y1 = box
    _, drawn = graphics.rules(box)
    _, drawn = Ink(drawn.mask.T, drawn.scale).rules((y0, x0, y1, x1), BAR_MIN)
    return drawn.amount((y0, x0, y1, x1)) * (x1 - x0) * (y1 - y0)


def _is_full(line: Line, others: Sequence[Line], columns: Sequence[tuple[float, float]], body: Body) -> bool:
    """Whether a line of words fills a column, but for an indent, or ends where a line above or below it ends."""
    letters = line.letters >= 0.7 * len(line.text.replace(" ", ""))
    if abs(line.size - body.size) > 0.08 * body.size or not (letters and is_prose(line, body)):
        return False
    return any(
        abs(line.x1 - right) < 6 and line.x0 < left + 2.5 * line.size for left, right in columns
    ) or any(
        abs(line.x1 - other.x1) < 1.5
        and abs(line.x0 - other.x0) < 2.5 * line.size
        and 0 < abs(line.top - other.top) < 1.3 * body.leading
        for other in others
    )


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


def _are_labels(block: Sequence[Line], body: Body, graphics: Ink) -> bool:
    """Whether a few lines are labels of the drawing beside them, such as the names of bars.

    They begin at no edge of a column, are short, and the drawing is level with all of them.
    """
    x0, _, x1, _ = union(line.box for line in block)
    if len(block) > FOREIGN_LINES or x1 - x0 > 0.6 * body.width:
        return False
    if not body.columns or any(abs(x0 - left) < 3 * block[0].size for left, _ in body.columns):
        return False
    reach = BESIDE * block[0].size
    return any(
        all(graphics.tight((left, line.y0, right, line.y1)) for line in block)
        for left, right in ((x0 - reach, x0), (x1, x1 + reach))
    )


def _stands_alone(line: Line, others: Sequence[Line], body: Body, graphics: Ink) -> bool:
    """Whether a single line above or below a figure is running text: the end of a paragraph, or a heading.

    It begins at the left edge of a column, where titles and labels in a figure rarely begin (a whole sentence may be
    indented), in the style of the text (a numbered heading may be larger), nothing is drawn beside it in its column,
    and it continues no other line, such as that of a panel's caption.
    """
    sentence = bool(SENTENCE_END.search(line.text))
    indent = 2.5 * line.size if (sentence and line.text[0].isupper()) or CJK.search(line.text) else 2.5
    column = next((column for column in body.columns if -2.5 < line.x0 - column[0] < indent), None)
    section = SECTION.match(line.text)
    visible = line.text[section.end() - 1 if section else 0 :].replace(" ", "")
    letters = sum(map(str.isalpha, visible))
    if column is None or PANEL.match(line.text) or letters < 0.6 * len(visible):
        return False
    alike = (
        line.font in body.fonts
        and abs(line.size - body.size) < 0.08 * body.size
        and line.width >= 6 * line.size
    )
    numbered = section and line.size >= 0.95 * body.size
    if not (alike or numbered):
        return False
    if any(
        abs(other.x0 - line.x0) < 2 * line.size and 0 < line.top - other.top < 1.6 * line.size
        for other in others
    ):
        return False
    return graphics.amount((column[0], line.y0, column[1], line.y1)) == 0


def _small_print(lines: Sequence[Line], body: Body) -> list[Line]:
    """The lines of a column of small print, such as references: at least a few of them fill the column."""
    found: list[Line] = []
    for left, right in body.columns:
        column = [
            line
            for line in lines
            if left - 3 <= line.x0 and line.x1 <= right + 3 and 0.5 * body.size <= line.size < 0.8 * body.size
        ]
        words = [line for line in column if line.letters >= 0.5 * len(line.text.replace(" ", ""))]
        full = [line for line in words if line.x1 > right - 3 and line.width >= 0.8 * (right - left)]
        if len(full) >= SMALL_PRINT_MIN and 2 * len(full) >= len(column):
            found += column
    return found


def _split_headings(lines: Sequence[Line], body: Body, graphics: Ink) -> list[Line]:
    """The lines of headings whose number, at the left edge of a column, is further from the title than words are."""
    found: list[Line] = []
    for number in lines:
        column = next((column for column in body.columns if abs(number.x0 - column[0]) < 2.5), None)
        if column is None or not NUMBER.fullmatch(number.text) or number.size < 0.95 * body.size:
            continue
        title = [
            line
            for line in lines
            if abs(line.y1 - number.y1) < 0.4 * number.size
            and 0 < line.x0 - number.x1 < 3 * number.size
            and line.font == number.font
            and line.text[0].isupper()
            and line.letters >= 0.6 * len(line.text.replace(" ", ""))
        ]
        if title and graphics.amount((column[0], number.y0, column[1], number.y1)) == 0:
            found += [number, *title]
    return found


def _formulas(lines: Sequence[Line], text: Sequence[Line], body: Body, graphics: Ink) -> list[Line]:
    """The lines of display formulas: rows below running text with a relation sign, without a drawing.

    Bars of fractions and roots are rules.
    """
    known = {id(line) for line in text}
    rest = [line for line in lines if id(line) not in known]
    found: list[Line] = []
    for left, right in body.columns:
        column = [line for line in rest if left - 3 <= line.x0 and line.x1 <= right + 3]
        edges = [line for line in text if line.x0 < right and line.x1 > left]
        while True:
            level = [*edges, *(line for line in found if line.x0 < right and line.x1 > left)]
            row = _formula_below(level, column, body) or _words_below(level, column, left, body, graphics)
            row = [line for line in row if id(line) not in known]
            if not row:
                break
            known.update(map(id, row))
            x0, y0, x1, y1 = union(line.box for line in row)
            _, drawn = graphics.rules((x0, y0, x1, y1), BAR_MIN)
            if drawn.amount((x0, y0, x1, y1)) * (x1 - x0) * (y1 - y0) > INK_MAX:
                continue
            found += row
            column = [line for line in column if id(line) not in known]
    return found


def _formula_below(above: Sequence[Line], column: Sequence[Line], body: Body) -> list[Line]:
    """The lines of a column that are level with a relation sign directly below a line."""
    for sign in column:
        if sign.size < 0.8 * body.size:
            # A name in a plot, in a font without readable letters.
            continue
        if not RELATION.search(sign.text) or sign.letters > 0.75 * len(sign.text.replace(" ", "")):
            continue
        near = [line for line in above if 0 < sign.top - line.top < 2.6 * max(body.leading, body.size)]
        if near:
            reach = 0.6 * body.leading
            return [ln for ln in column if sign.y0 - reach < (ln.y0 + ln.y1) / 2 < sign.y1 + reach]
    return []


def _words_below(
    above: Sequence[Line], column: Sequence[Line], left: float, body: Body, graphics: Ink
) -> list[Line]:
    """A short line that continues a sentence at the edge of a column below text or a formula ("where", "and")."""
    return [
        line
        for line in column
        if line.text[0].islower()
        and abs(line.x0 - left) < 2.5
        and line.font in body.fonts
        and abs(line.size - body.size) < 0.08 * body.size
        and line.letters >= 0.5 * len(line.text.replace(" ", ""))
        and any(0 < line.top - other.top < 2.6 * body.leading for other in above)
        and graphics.amount((left, line.y0, left + body.width, line.y1)) == 0
    ][:1]


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
