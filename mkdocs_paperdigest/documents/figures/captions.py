"""Finds the captions of figures: where they start and end, and their text.

A caption begins with "Figure 3", but so do sentences. The difference is that all captions of a paper share one
style, and that a sentence has a line of its paragraph directly above it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mkdocs_paperdigest.documents.figures.ink import Box, union
from mkdocs_paperdigest.documents.figures.layout import Body
from mkdocs_paperdigest.documents.pdf.lines import Line
from mkdocs_paperdigest.text import caption_text

NUMBER = r"(?:[A-Z]{0,2}[.\-]?\d{1,3}(?:[.\-]\d{1,3})*[a-z]?|(?<=[\s.])(?:[IVXL]{1,5}|[A-Z]))"
FIGURE = re.compile(
    r"(?P<extra>(?i:Extended\s*Data|Supplementa(?:ry|l)|Suppl\.|Supp\.)\s*)?"
    r"(?P<word>Figure|FIGURE|Fig\.?|FIG\.?|figure|fig\.|Abbildung|Abb\.|Figura|Рис(?:унок|\.)|"
    r"[图圖図]|그림)\s*"
    rf"(?P<number>{NUMBER}(?:\([a-z]\)(?=\s*[:.|]))?)(?![A-Za-z0-9])\s*(?P<mark>[:.|–—\-)\]：．]?)"
)
TABLE = re.compile(
    r"(?P<extra>(?i:Extended\s*Data|Supplementa(?:ry|l)|Suppl\.|Supp\.)\s*)?"
    r"(?P<word>Table(?:au)?|TABLE|Tab\.|TAB\.|Tabelle|Tabela|Tabla|Таблица|表|표)\s*"
    rf"(?P<number>{NUMBER})(?![A-Za-z0-9])\s*(?P<mark>[:.|–—\-)\]：．]?)"
)
CJK_WORD = re.compile(r"[图圖図]")
FIGURE_WORD = re.compile(r"(?:Ext|Supp|Fig|Abb|Рис|[图圖図]|그림)", re.IGNORECASE)
OTHER_FLOAT = re.compile(
    r"(?:Extended\s*Data\s*|Supplementary\s*|Suppl?\.\s*)?"
    r"(?:Table(?:au)?|TABLE|Tabelle|Tab\.|TAB\.|Tabela|Tabla|Таблица|表|표|"
    rf"Algorithm|ALGORITHM|Listing|Scheme|Box|Chart|Video)\s*{NUMBER}(?![a-z0-9])"
)
CONTINUED = re.compile(r"\s*\([\s.…]*(?i:continued)(?: on (?:the )?next page)?[\s.…]*\)\s*")
"""What stands at the end of a caption that goes on on the next page, and at its beginning there."""
SCHEME = re.compile(r"(?:Extended\s*Data\s*|Supplementary\s*|Suppl?\.\s*)?(?:Scheme|Chart|Video)")

RIVALS_MAX = 3
"""Captions tried in place of one that has no figure, at most."""
LABEL_LENGTH = 12
"""Characters of a line that may be only a label, at most."""
LABEL_GAP = 2.5
"""Font heights between a label and its text, at most."""
TITLE_GAP = 6.0
"""Font heights between the label and the title of a float that is not a figure, at most."""
TITLE_LETTERS = 12
"""Letters of such a title, at least; a label in the next plot has fewer."""
SYMBOL_GAP = 0.8
"""Font heights between the parts of a row, at most; less than any gutter between columns."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The printed caption of a figure."""

    label: str
    """Normalized: `Figure 3`, `Extended Data Figure 2`."""
    text: str
    """The whole caption with its label as printed, without line-end hyphens."""
    lines: tuple[Line, ...]

    rivals: tuple[tuple[int, "Caption"], ...] = ()
    """Captions with the same label on other pages, with the page's index, likelier ones first: legends may be
    listed before the pages with the figures, and a thesis lists its figures."""

    @property
    def box(self) -> Box:
        """The box around all lines."""
        return union(line.box for line in self.lines)


def find_captions(pages: Sequence[Sequence[Line]], body: Body, text: str) -> list[list[Caption]]:
    """The captions of figures on each page.

    If several lines start with the same label, the one that is most like the other captions and not inside a
    paragraph is taken.

    Arguments:
        pages: Lines of each page.
        body: Style of the running text.
        text: All text of the paper, which shows which words are written with a hyphen.
    """
    starts = [
        (page, row, match)
        for page, lines in enumerate(pages)
        for line in lines
        if FIGURE_WORD.match(line.text)
        if (match := FIGURE.match(_text_of(row := _row(line, lines, LABEL_GAP))))
    ]
    styles = {(_style(row, match), _label(match)) for _, row, match in starts}
    common = Counter(style for style, _ in styles)
    rivals: defaultdict[str, list[tuple[float, int, list[Line]]]] = defaultdict(list)
    for page, row, match in starts:
        above = _paragraph_above(row[0], pages[page], body)
        inside = above is not None
        if above and not above.text.endswith((".", ":", "!", "?", ")")):
            continue
        if not match["mark"] and (inside or _reads_on(_text_of(row)[match.end() :], match["word"])):
            continue
        score = common[_style(row, match)] - 3.0 * inside + 2.0 * bool(match["mark"])
        rivals[_label(match)].append((score, page, row))
    found: list[list[Caption]] = [[] for _ in pages]
    for label, group in rivals.items():
        if (panel := re.match(r"(.*\d)(?:\([a-z]\)|[a-z])$", label)) and panel[1] in rivals:
            # A mention of a panel, because the figure has a caption of its own.
            continue
        _, page, row = max(group, key=lambda rival: (rival[0], -rival[1]))
        others = {
            other: _caption(label, start, pages[other], body, text)
            for _, other, start in sorted(group, key=lambda rival: (rival[0], -rival[1]))
            if other != page
        }
        caption = _caption(label, row, pages[page], body, text)
        if (cut := CONTINUED.search(caption.text)) and page + 1 < len(pages):
            rest = _continuation(label, pages[page + 1], body, text)
            caption = replace(caption, text=f"{caption.text[: cut.start()]} {rest}") if rest else caption
        found[page].append(replace(caption, rivals=tuple(reversed(others.items()))[:RIVALS_MAX]))
    return found


def _caption(label: str, row: Sequence[Line], lines: Sequence[Line], body: Body, text: str) -> Caption:
    """The caption that begins with a row."""
    rows = caption_rows(row[0], lines, body)
    rows = _with_strays([*rows, *_rows_in_next_column(rows, lines, body)], lines)
    return Caption(
        label, joined([_text_of(row) for row in rows], text), tuple(line for row in rows for line in row)
    )


def _continuation(label: str, lines: Sequence[Line], body: Body, text: str) -> str:
    """The rest of a caption on the next page, where it begins with the label and "continued"."""
    for line in lines:
        match = FIGURE.match(line.text)
        if (
            match
            and _label(match) == label
            and (head := CONTINUED.match(line.text[match.start("mark") :].strip()))
        ):
            rows = caption_rows(line, lines, body)
            rest = line.text[match.start("mark") :].strip()[head.end() :]
            return joined([rest, *(_text_of(row) for row in rows[1:])], text)
    return ""


def _rows_in_next_column(
    rows: Sequence[Sequence[Line]], lines: Sequence[Line], body: Body
) -> list[list[Line]]:
    """The rest of a caption that is set in two columns below a wide figure.

    It begins beside the first row, at the left edge of the next column, in the same style and below no text; the
    first column is full, ends within a sentence, and is no shorter than the second.
    """
    first, last = rows[0], rows[-1]
    if len(rows) < 2 or _text_of(last).endswith((".", "!", "?")):
        return []
    for left, right in body.columns[1:]:
        start = next(
            (
                line
                for line in lines
                if abs(line.top - first[0].top) < 0.3 * first[0].size
                and abs(line.x0 - left) < 3
                and abs(line.size - first[0].size) < 0.1 * first[0].size
                and line.x1 < right + body.size
                and line.x0 - first[-1].x1 < 4 * body.size
                and line.x0 > first[-1].x1
                and not _paragraph_above(line, lines, body)
            ),
            None,
        )
        if start and not FIGURE.match(start.text) and not OTHER_FLOAT.match(start.text):
            beside = [line for line in lines if line.x0 > first[-1].x1]
            more = caption_rows(start, beside, body)
            if len(rows) - 2 <= len(more) <= len(rows):
                return more
    return []


def other_floats(lines: Sequence[Line], body: Body) -> list[Line]:
    """The first lines of the captions of tables, algorithms and listings."""
    return [
        line
        for line in lines
        if (match := OTHER_FLOAT.match(line.text))
        and not _paragraph_above(line, lines, body)
        and not _reads_on(line.text[match.end() :])
        and not _is_legend_entry(line, lines)
    ]


def _is_legend_entry(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line such as "Scheme 2" is a name in the legend of a plot or in a diagram.

    A caption says more than its label, on its line or on the next. Words that are also ordinary names need more on
    their own line, and labels that stand close together are entries of one legend.
    """
    match = OTHER_FLOAT.match(line.text)
    if not match or len(line.text) > match.end() + 1:
        return False
    if sum(part.letters for part in _row(line, lines, TITLE_GAP)[1:]) >= TITLE_LETTERS:
        return False
    if re.match(r"Scheme|Box|Chart|Video|Listing", match[0]):
        return True
    return any(
        other is not line
        and OTHER_FLOAT.fullmatch(other.text.rstrip(".:"))
        and abs(other.top - line.top) < 2.5 * line.size
        and max(other.x0, line.x0) - min(other.x1, line.x1) < 4 * line.size
        for other in lines
    )


def schemes(lines: Sequence[Line], body: Body) -> list[Caption]:
    """The captions of schemes, charts and videos on a page: drawings that are not figures."""
    return [
        _caption(line.text, [line], lines, body, "")
        for line in other_floats(lines, body)
        if SCHEME.match(line.text)
    ]


def _label(match: re.Match[str]) -> str:
    extra = re.sub(r"\s+", " ", (match["extra"] or "").strip())
    extra = re.sub(r"^Supp(?:l?\.|lemental)$", "Supplementary", extra.title())
    return f"{extra} Figure {match['number'].rstrip('.-')}".strip()


def _style(row: Sequence[Line], match: re.Match[str]) -> tuple[str, str, int]:
    return match["word"], match["mark"], round(row[0].size)


def _reads_on(rest: str, word: str = "") -> bool:
    """Whether the text after a label without punctuation continues like a sentence.

    Captions without punctuation begin with a capital letter, with the letter of a panel (Springer's "Fig. 1 a
    Cells", "Figure 4 a) Forecast") or with a remark in parentheses that ends as a label does (the APS's "FIG. 1
    (color online).", "Figure S2.3 (T = 10.0): ..."). Chinese has no capitals, and its captions begin with any word.

    Arguments:
        rest: The text after the label.
        word: The word of the label.
    """
    if CJK_WORD.match(word):
        return bool(re.match(r"\s*(?:[,，。、；)]|所示|给出|显示|展示|表明|可以)", rest))
    if re.match(
        r"\s*\((?i:colou?r)|\s*[a-h](?:\s+[A-Z]|[,–-])|\s*\(?[a-hA-H]\)\s*[A-Z]|\s*\([^()]{1,60}\)\s*[:.](?:\s|$)",
        rest,
    ):
        return False
    return bool(re.match(r"\s*(?:[a-z]|\(?[a-z]\)|,|;|\()", rest))


def _paragraph_above(line: Line, lines: Sequence[Line], body: Body) -> Line | None:
    """The line directly above in the same size and font, as in a paragraph; None if there is none."""
    for above in lines:
        step = line.top - above.top
        if (
            0.6 * line.size < step < max(1.25 * body.leading, 1.35 * line.size)
            and abs(above.size - line.size) < 0.1 * line.size
            and abs(above.x0 - line.x0) < 2.5 * line.size
            and above.width > 0.5 * body.width
            and above.letters > 0.5 * len(above.text.replace(" ", ""))
            and above.font == line.font
        ):
            return above
    return None


def _row(start: Line, lines: Sequence[Line], gap: float) -> list[Line]:
    """A line and those that continue it on its baseline, such as "Fig. 1." and its text (IEEE).

    Arguments:
        start: The leftmost line.
        lines: All lines of the page.
        gap: Widest gap after a label, in font heights; other gaps are narrow and come from symbols of odd size.
    """
    row = [start]
    level = sorted(
        (
            other
            for other in lines
            if other.x0 > start.x0
            and abs(other.top + other.bottom - start.top - start.bottom) < start.size
            and other.size < 2 * start.size
            and not FIGURE.match(other.text)
            and not OTHER_FLOAT.match(other.text)
        ),
        key=lambda other: other.x0,
    )
    for other in level:
        reach = gap if len(row) == 1 and len(start.text) <= LABEL_LENGTH else SYMBOL_GAP
        if other.x0 - row[-1].x1 < reach * start.size:
            row.append(other)
    return row


def caption_rows(
    start: Line, lines: Sequence[Line], body: Body, *, of_table: bool = False
) -> list[list[Line]]:
    """The rows of the caption that starts with a line: overlapping, in the same size, evenly spaced.

    Arguments:
        start: First line of the caption.
        lines: All lines of the page.
        body: Style of the running text, whose leading counts because a manuscript may be double-spaced.
        of_table: Stop at a row that is divided into cells.
    """
    rows = [_row(start, lines, LABEL_GAP)]
    size = start.size
    left, right = start.x0, rows[0][-1].x1
    # A label alone on its line may be followed by a wider gap and by small capitals (IEEE's tables).
    alone = len(_text_of(rows[0])) <= LABEL_LENGTH
    first_step = max(2.4 if alone else 1.7, 1.15 * body.leading / body.size)
    step = None
    while True:
        last = rows[-1][0]
        below = [
            line
            for line in lines
            if 0.5 * size < line.top - last.top < (1.2 * step if step else first_step * size)
            and abs(line.size - size) < (0.4 if alone and len(rows) == 1 else 0.15) * size
            and min(line.x1, right) - max(line.x0, left) > 0.5 * min(line.width, right - left)
            # A caption is flush left (perhaps with a hanging label) or centred; text below a narrow float is not.
            and (line.x0 > left - 2.2 * size or abs(line.x0 + line.x1 - left - right) < 2 * size)
            and not _is_other_float(line)
            and not _starts_another(line, rows, right)
        ]
        if not below:
            return rows
        next_line = min(below, key=lambda line: line.top)
        level = [line for line in below if abs(line.top - next_line.top) < 0.3 * size]
        row = _row(min(level, key=lambda line: line.x0), lines, SYMBOL_GAP)
        if of_table and _has_cells(row, lines, body):
            return rows
        if not (alone and len(rows) == 1):
            step = step or row[0].top - last.top
        size = row[0].size
        rows.append(row)
        left, right = min(left, row[0].x0), max(right, row[-1].x1)


def _is_other_float(line: Line) -> bool:
    """Whether a line is the first of another float's caption, rather than a sentence on it ("Scheme 1 shows")."""
    match = OTHER_FLOAT.match(line.text)
    return match is not None and not _reads_on(line.text[match.end() :])


def _starts_another(line: Line, rows: Sequence[Sequence[Line]], right: float) -> bool:
    """Whether a line below a caption begins another one, rather than continuing it with a mention ("Fig. 2.")."""
    match = FIGURE.match(line.text)
    if not match:
        return False
    last = rows[-1][-1]
    ended = last.text.endswith((".", ":", "!", "?", ")")) or last.x1 < right - 2 * last.size
    alone = match.end() == len(line.text)
    return ended or (len(rows) == 1 and not alone)


def _has_cells(row: Sequence[Line], lines: Sequence[Line], body: Body) -> bool:
    """Whether more text follows on the row after a gap, within the width of a column."""
    first, last = row[0], row[-1]
    return any(
        abs(line.top - first.top) < 0.3 * first.size
        and SYMBOL_GAP * first.size < line.x0 - last.x1
        and line.x1 < first.x0 + body.width
        for line in lines
    )


def _with_strays(rows: list[list[Line]], lines: Sequence[Line]) -> list[list[Line]]:
    """The rows with the lines inside their box, which were split off at symbols without a glyph."""
    left = min(line.x0 for row in rows for line in row)
    right = max(line.x1 for row in rows for line in row)
    known = {id(line) for row in rows for line in row}
    return [
        sorted(
            [
                *row,
                *(
                    line
                    for line in lines
                    if id(line) not in known
                    and left - 1 <= line.x0
                    and line.x1 <= right + 1
                    and row[0].y0 < (line.y0 + line.y1) / 2 < row[0].y1
                ),
            ],
            key=lambda line: line.x0,
        )
        for row in rows
    ]


def _text_of(row: Sequence[Line]) -> str:
    return " ".join(line.text for line in row)


def joined(rows: Sequence[str], text: str) -> str:
    """The rows as one text; a hyphen at the end of a row stays if the paper writes it within lines as well."""
    joined = ""
    for row in rows:
        halves = re.search(r"([A-Za-z]+)-$", joined), re.match(r"[a-z]+", row)
        if halves[0] and halves[1]:
            first, second = halves[0][1], halves[1][0]
            hyphenated = text.count(f"{first}-{second}") > text.count(first + second)
            joined = joined + row if hyphenated else joined[:-1] + row
        elif re.search(r"[A-Za-z0-9]-$", joined) and re.match(r"[A-Za-z0-9]", row):
            # `R-CNN`, `English-German` and `2-month`: no word is divided before a capital or after a digit.
            joined += row
        else:
            joined = f"{joined} {row}" if joined else row
    return caption_text(joined)
