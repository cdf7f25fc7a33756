"""Captions of figures: where they start, how far they go, and what they say.

A caption starts a line with "Figure 3", but so do sentences. What tells them apart is that all
captions of a paper are set alike, and that a sentence has a line of its paragraph right above it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs_paperdigest.documents.layout import Body
from mkdocs_paperdigest.documents.lines import Line

NUMBER = r"(?:[A-Z]{0,2}[.\-]?\d{1,3}(?:[.\-]\d{1,3})*[a-z]?|[IVXL]{1,5}|[A-Z])"
FIGURE = re.compile(
    r"(?P<extra>(?:Extended\s*Data|Supplementa(?:ry|l)|Suppl\.|Supp\.)\s*)?"
    r"(?P<word>Figure|FIGURE|Fig\.?|FIG\.?|figure|fig\.)\s*"
    rf"(?P<number>{NUMBER})(?![A-Za-z0-9])\s*(?P<mark>[:.|–—\-)\]]?)"
)
OTHER_FLOAT = re.compile(
    r"(?:Extended\s*Data\s*|Supplementary\s*|Suppl?\.\s*)?"
    rf"(?:Table|TABLE|Tab\.|Algorithm|ALGORITHM|Listing|Scheme|Box|Chart|Video)\s*{NUMBER}(?![a-z0-9])"
)


@dataclass(frozen=True, slots=True)
class Caption:
    """The printed caption of one figure."""

    page: int
    """From 0."""
    label: str
    """Normalised: `Figure 3`, `Extended Data Figure 2`."""
    text: str
    """All of it with the label as printed, hyphenation mended."""
    lines: tuple[Line, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Around all lines: x0, y0, x1, y1."""
        return (
            min(line.x0 for line in self.lines),
            min(line.y0 for line in self.lines),
            max(line.x1 for line in self.lines),
            max(line.y1 for line in self.lines),
        )


def find_captions(pages: Sequence[Sequence[Line]], body: Body) -> list[list[Caption]]:
    """The captions of figures on each page.

    Of several lines with the same number one is chosen: that in the style of most captions, and
    not in the middle of a paragraph.
    """
    starts = [
        (page, line, match)
        for page, lines in enumerate(pages)
        for line in lines
        if (match := FIGURE.match(_with_rest(line, lines).text))
    ]
    styles = Counter(
        style for style in {(_style(line, match), _label(match)) for _, line, match in starts}
    )
    common = Counter(style for style, _ in styles)
    rivals: defaultdict[str, list[tuple[float, int, Line]]] = defaultdict(list)
    for page, line, match in starts:
        inside = _continues_paragraph(line, pages[page], body)
        score = common[_style(line, match)] - 3.0 * inside + 2.0 * bool(match["mark"].strip())
        if inside and not match["mark"]:
            continue
        if not match["mark"] and _reads_on(_with_rest(line, pages[page]).text[match.end() :]):
            continue
        rivals[_label(match)].append((score, -page, line))
    found: list[list[Caption]] = [[] for _ in pages]
    for label, group in rivals.items():
        _, negative, line = max(group, key=lambda rival: rival[:2])
        page = -negative
        lines = tuple(_whole(line, pages[page]))
        found[page].append(Caption(page, label, _text(lines), lines))
    return found


def other_floats(lines: Sequence[Line], body: Body) -> list[Line]:
    """First lines of the captions of tables, algorithms and listings."""
    return [
        line
        for line in lines
        if OTHER_FLOAT.match(line.text) and not _continues_paragraph(line, lines, body)
    ]


def _label(match: re.Match[str]) -> str:
    extra = re.sub(r"\s+", " ", (match["extra"] or "").strip())
    extra = {"Suppl.": "Supplementary", "Supp.": "Supplementary"}.get(extra, extra)
    return f"{extra} Figure {match['number'].rstrip('.-')}".strip()


def _style(line: Line, match: re.Match[str]) -> tuple[str, str, str, int]:
    return match["word"], match["mark"], line.font, round(line.size)


def _reads_on(rest: str) -> bool:
    """Whether the text after a label without punctuation goes on like a sentence."""
    return bool(re.match(r"\s*(?:[a-z]|\(?[a-z]\)|and\b|,|;|\()", rest))


def _continues_paragraph(line: Line, lines: Sequence[Line], body: Body) -> bool:
    """Whether a line of the same size ends right above, as within a paragraph."""
    return any(
        0.6 * line.size < line.top - above.top < max(1.25 * body.leading, 1.35 * line.size)
        and abs(above.size - line.size) < 0.1 * line.size
        and abs(above.x0 - line.x0) < 2.5 * line.size
        and above.width > 0.5 * body.width
        and above.letters > 0.5 * len(above.text.replace(" ", ""))
        and above.font == line.font
        for above in lines
    )


def _with_rest(line: Line, lines: Sequence[Line]) -> Line:
    """The line with what follows it on its baseline after a gap, as in "Fig. 1.    Text" (IEEE)."""
    if len(line.text) > 12:
        return line
    right = [
        other
        for other in lines
        if abs(other.top - line.top) < 0.3 * line.size and 0 < other.x0 - line.x1 < 2.5 * line.size
    ]
    if not right:
        return line
    rest = min(right, key=lambda other: other.x0)
    return Line(
        line.x0, min(line.y0, rest.y0), rest.x1, max(line.y1, rest.y1), line.top, line.bottom,
        f"{line.text} {rest.text}", line.font,
    )  # fmt: skip


def _whole(first: Line, lines: Sequence[Line]) -> list[Line]:
    """The lines of the caption that starts with `first`: same size, even leading, overlapping."""
    caption = [_with_rest(first, lines)]
    left, right = caption[0].x0, caption[0].x1
    step = None
    while True:
        last = caption[-1]
        below = [
            line
            for line in lines
            if 0.5 * last.size < line.top - last.top < (1.15 * step if step else 1.7 * last.size)
            and abs(line.size - first.size) < 0.15 * first.size
            and min(line.x1, right) - max(line.x0, left) > 0.5 * min(line.width, right - left)
            and not FIGURE.match(line.text)
            and not OTHER_FLOAT.match(line.text)
        ]
        if not below:
            return caption
        line = min(below, key=lambda candidate: (candidate.top, candidate.x0))
        same_row = [other for other in below if abs(other.top - line.top) < 0.3 * line.size]
        line = _with_rest(min(same_row, key=lambda other: other.x0), lines)
        step = step or line.top - last.top
        caption.append(line)
        left, right = min(left, line.x0), max(right, line.x1)


def _text(lines: Sequence[Line]) -> str:
    """The lines as one text; a hyphen that divides a word at a line's end is dropped."""
    text = ""
    for line in lines:
        if re.search(r"[a-z]-$", text) and re.match(r"[a-z]", line.text):
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return re.sub(r"\s+", " ", text).strip()
