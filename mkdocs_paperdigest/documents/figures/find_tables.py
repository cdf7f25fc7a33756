"""Finds the numbered tables of a PDF: each caption with the box of its table and its notes."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mkdocs_paperdigest.documents.figures.art import APART, Inks
from mkdocs_paperdigest.documents.figures.assignment import Usual, choose_regions
from mkdocs_paperdigest.documents.figures.captions import (
    FIGURE,
    TABLE,
    Caption,
    caption_rows,
    joined,
    other_floats,
)
from mkdocs_paperdigest.documents.figures.find import FoundFigure, figures_on
from mkdocs_paperdigest.documents.figures.ink import Box, Ink
from mkdocs_paperdigest.documents.figures.layout import (
    Body,
    body_of,
    columns_of,
    line_numbers,
    running_headers,
)
from mkdocs_paperdigest.documents.figures.pages import Pages
from mkdocs_paperdigest.documents.figures.paragraphs import running_text
from mkdocs_paperdigest.documents.figures.regions import Region
from mkdocs_paperdigest.documents.figures.sheets import Sheet
from mkdocs_paperdigest.documents.figures.table_regions import TablePage, cells_of, table_regions
from mkdocs_paperdigest.documents.figures.tables import Rule, rules_of
from mkdocs_paperdigest.documents.pdf.lines import Line

CONTINUED = re.compile(r"[\s(（]*(?:continued|cont\.|cont['’]d|suite|Fortsetzung|续|續)", re.IGNORECASE)
"""What follows the label on the later pages of a table; only its first page counts."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may begin the caption of a table, with the places for the table."""

    label: str
    """As printed: `Table 2`, `表 3.1`."""
    style: tuple[str, str, bool, int]
    """What all captions of a paper share, and most sentences lack."""
    caption: Caption
    continued: bool
    regions: list[Region]


def find_floats(
    document: Any, *, tables: bool = True, stop: Callable[[], bool] = lambda: False
) -> list[FoundFigure]:
    """The numbered figures of an open PDF, and its numbered tables if they are wanted, by page.

    Arguments:
        document: PDFium's document.
        tables: Whether to look for tables too.
        stop: Called before each page; once it returns true, the remaining pages are left out.
    """
    pages = Pages(document, (FIGURE, TABLE) if tables else (FIGURE,), stop)
    figures = figures_on(pages, stop=stop)
    found = _tables_on(pages, figures, stop) if tables else []
    return sorted((*figures, *found), key=lambda one: one.page)


def _tables_on(pages: Pages, figures: Sequence[FoundFigure], stop: Callable[[], bool]) -> list[FoundFigure]:
    """The numbered tables, by page and then from top to bottom; none overlaps a figure."""
    sheets, read = ([sheet for sheet in pages.sheets(word) if not sheet.scanned] for word in (TABLE, None))
    if not sheets:
        return []
    lines = [sheet.lines for sheet in read]
    body = body_of(lines)
    headers = running_headers(lines, [sheet.height for sheet in read], body)
    inks = Inks(pages.ink, read, [sheet in sheets for sheet in read], body)
    candidates = []
    for sheet in sheets:
        drawn = [figure.bbox for figure in figures if figure.page == sheet.number and not sheet.turn]
        candidates.append(
            []
            if stop()
            else _candidates(
                _beside(inks.of(sheet), pages.ink(sheet), body), sheet, headers, body, drawn, pages.text
            )
        )
    chosen = _one_of_each(candidates)
    usual = _usual_side(chosen)
    return [
        FoundFigure(
            sheet.number,
            candidate.label,
            candidate.caption.text,
            sheet.on_page(region.box),
            sheet.turn,
            table=True,
        )
        for sheet, page in zip(sheets, chosen, strict=True)
        for candidate, region in zip(
            page, choose_regions([candidate.regions for candidate in page], usual), strict=True
        )
        if region
    ]


def _candidates(
    ink: Ink, sheet: Sheet, headers: set[int], body: Body, figures: Sequence[Box], words: str
) -> list[_Candidate]:
    numbers = _line_numbers(sheet.lines, body)
    # Captions at the top of a page may have been taken for running headers.
    plain = [line for line in sheet.lines if id(line) not in numbers]
    starts = [(line, TABLE.match(line.text)) for line in other_floats(plain, body)]
    if not any(match for _, match in starts):
        return []
    graphics = ink.erased(sheet.glyphs.tight)
    rules = rules_of(graphics)
    captions = [_caption(line, plain, rules, body, words) for line, _ in starts]
    taken = {id(line) for caption in captions for line in caption.lines}
    rest = [line for line in plain if id(line) not in headers | taken]
    text = running_text(rest, body, graphics)
    columns = columns_of(text, body) or body.columns or ((0.0, sheet.width),)
    cells = cells_of(rest, columns)
    page = TablePage(
        width=sheet.width,
        height=sheet.height,
        lines=rest,
        prose=[line for line in text if id(line) not in cells],
        fixed=(*(line.box for line in sheet.lines if id(line) in (headers | numbers) - taken), *figures),
        captions=captions,
        ink=ink,
        graphics=graphics,
        columns=columns,
        rules=rules,
        cells=cells,
    )
    return [
        _Candidate(
            label=_label(match),
            style=_style(match, line),
            caption=caption,
            continued=bool(CONTINUED.match(caption.text, match.end())),
            regions=table_regions(caption, page, body),
        )
        for caption, (line, match) in zip(captions, starts, strict=True)
        if match
    ]


def _beside(without_art: Ink, ink: Ink, body: Body) -> Ink:
    """The ink without the art beside the text block; within it, tables of several pages have rules at one place."""
    if without_art is ink or not body.columns:
        return ink
    _, columns = ink.window((body.columns[0][0] - APART, 0.0, body.columns[-1][1] + APART, 0.0))
    mask = without_art.mask.copy()
    mask[:, columns] = ink.mask[:, columns]
    return Ink(mask, ink.scale)


def _line_numbers(lines: Sequence[Line], body: Body) -> set[int]:
    """The `id` of each line number beside the text; a column of a table may also count its rows."""
    left, right = (body.columns[0][0], body.columns[-1][1]) if body.columns else (0.0, 0.0)
    outside = {id(line) for line in lines if line.x1 < left + 3 or line.x0 > right - 3}
    return line_numbers(lines) & outside


def _caption(start: Line, lines: Sequence[Line], rules: Sequence[Rule], body: Body, text: str) -> Caption:
    """The caption that starts with a line; it ends at the first rule of its table."""
    rows = caption_rows(start, lines, body, of_table=True)
    for at in range(1, len(rows)):
        upper, lower = rows[at - 1 : at + 1]
        top = min(line.y0 for line in upper) + 0.5 * start.size
        bottom = min(line.y0 for line in lower) + 1
        if any(top < y <= bottom and x0 < upper[-1].x1 and upper[0].x0 < x1 for y, x0, x1 in rules):
            rows = rows[:at]
            break
    parts = tuple(line for row in rows for line in row)
    return Caption("", joined([" ".join(line.text for line in row) for row in rows], text), parts)


def _one_of_each(pages: Sequence[Sequence[_Candidate]]) -> list[list[_Candidate]]:
    """One caption of each label on its page: with a table next to it, in the style of the others, and the first."""
    common = Counter(
        style for style, _ in {(candidate.style, candidate.label) for page in pages for candidate in page}
    )
    rivals: defaultdict[str, list[tuple[bool, float, int, _Candidate]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for candidate in page:
            if not candidate.continued:
                ruled = any(region.drawn for region in candidate.regions)
                score = common[candidate.style] + 3.0 * ruled + bool(candidate.style[1])
                rivals[candidate.label].append((bool(candidate.regions), score, -number, candidate))
    best = {id(max(group, key=lambda rival: rival[:3])[3]) for group in rivals.values()}
    return [[candidate for candidate in page if id(candidate) in best] for page in pages]


def _usual_side(pages: Sequence[Sequence[_Candidate]]) -> Usual:
    """The side of their captions on which most tables of the paper are."""
    sides = Counter(
        candidate.regions[0].side
        for page in pages
        for candidate in page
        if candidate.regions and candidate.regions[0].drawn
    )
    return Usual("above" if sides["above"] > sides["below"] else "below")


def _style(match: re.Match[str], line: Line) -> tuple[str, str, bool, int]:
    spaced = line.text[match.end("number") :][:1] in {" ", ""}
    return match["word"], match["mark"], spaced, round(line.size)


def _label(match: re.Match[str]) -> str:
    extra = re.sub(r"\s+", " ", match["extra"] or "").strip()
    return f"{extra} {match['word']} {match['number'].rstrip('.-')}".strip()
