"""Turns the pages of a PDF into sections of running text, without page furniture and line-end hyphens.

The reading order is PDFium's, that of the content stream, which follows the columns in all but a few papers.
Unlike in the HTML, formulas come out as loose characters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from mkdocs_paperdigest.addresses import rejoin_addresses
from mkdocs_paperdigest.documents.pdf.headings import REFERENCES, Heading, find_headings, subheading
from mkdocs_paperdigest.models import FullText, Section
from mkdocs_paperdigest.text import pdf_text

MOST_CHARACTERS = 400_000
"""Characters kept of a paper's text; a longer text (a thesis) is cut."""

TICKS = 5
"""Consecutive lines of one number each that count as the ticks of an axis; a row of a table is one line."""
TITLE_PAGE = "Title page"
"""Title of the section before the first heading: the paper's title, authors, affiliations."""

_STAMP = re.compile(
    r"(?:arXiv:)?(?:\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})v\d+\s+\[[\w.-]+\]\s+\d{1,2} \w{3} \d{4}"
)
_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st",
    "\xa0": " ", "\xad": "-", "\u2010": "-",
})  # fmt: skip
_COMBINING = dict(zip("´`¨ˆ˜ˇ˘˚", "\u0301\u0300\u0308\u0302\u0303\u030c\u0306\u030a", strict=True))
_ACCENT = re.compile(r"(?<=[^\W\d_])([´`¨ˆ˜ˇ˘˚]) ?([a-zA-Zıȷ])")
_NUMBER = re.compile(r"[-−–+]?[\d.,]+(?:[eE][-−+]?\d+)?[%kKM]?")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_END_OF_SENTENCE = re.compile(r"[.!?:][\"”’)\]]*(?:\s*\[[\d, –-]+\])?$")
_PREFIXES = {
    "self", "non", "multi", "cross", "state", "well", "high", "low", "end", "real", "long", "short", "large",
    "small", "semi", "co", "two", "three", "one", "zero", "few", "fine",
}  # fmt: skip
"""First words of compounds that are written with a hyphen."""

_FRONT = {TITLE_PAGE, "Abstract"}
_AFTER_ABSTRACT = re.compile(
    r"\b(?:key ?words?(?: and phrases)?|index terms|ccs concepts|categories and subject descriptors|general terms|pacs"
    r"(?: numbers)?|acm reference format|subject headings|highlights)\b\s*[:.—–-]",
    re.IGNORECASE,
)


def text_of_pages(pages: Sequence[str]) -> FullText:
    """Splits a paper into sections.

    Arguments:
        pages: The text of every page in order, one line per printed line, with hyphens at line ends.

    Returns:
        The unchanged pages, and the sections in reading order without the references. The section before
        the first heading is called `Title page`. Pages without headings become one section, `Text`.
    """
    per_page = _without_furniture([_lines(page) for page in _relevant(pages)])
    per_page = [_without_ticks(page) for page in per_page]
    lines = [line for page in per_page for line in page]
    starts, total = [], 0
    for page in per_page:
        starts.append(total)
        total += len(page)
    headings = find_headings(lines, starts)
    words = _vocabulary(lines)
    sections, room = list[Section](), MOST_CHARACTERS
    for title, section_lines in _split_at_headings(lines, headings):
        # Only the line breaks of a title page separate names from affiliations.
        joined = "\n".join(section_lines) if title == TITLE_PAGE else _running_text(section_lines, words)
        text = joined[: max(room, 0)]
        room -= len(text)
        if text and title != REFERENCES:
            sections.append(Section(title, text))
    return FullText(_with_body(sections), tuple(pages))


def abstract_of(text: FullText) -> str | None:
    """The abstract as printed, or None if no such section was found or its length is unlikely."""
    for section in text.sections:
        if section.title == "Abstract":
            abstract = " ".join(_AFTER_ABSTRACT.split(section.text)[0].split())
            return abstract if 80 <= len(abstract) <= 6000 else None
    return None


def _relevant(pages: Sequence[str]) -> Iterator[str]:
    """The pages that can contribute to the text: up to twice its limit, since references and tables may fill half."""
    read = 0
    for page in pages:
        if read > 2 * MOST_CHARACTERS:
            return
        read += len(page)
        yield page


def _with_body(sections: list[Section]) -> tuple[Section, ...]:
    """Puts the text of a paper without headings into a section `Text`, after the abstract if there is one."""
    if not sections or sections[-1].title not in _FRONT:
        return tuple(sections)
    last = sections[-1]
    if last.title == TITLE_PAGE:
        return (*sections[:-1], Section("Text", last.text))
    abstract, _, rest = last.text.partition("\n\n")
    body = (Section("Text", rest),) if rest else ()
    return (*sections[:-1], Section("Abstract", abstract), *body)


def _lines(page: str) -> list[str]:
    text = page.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-\n").translate(_LIGATURES)
    text = _ACCENT.sub(_accented, rejoin_addresses(text))
    lines = (" ".join(line.split()) for line in pdf_text(text).split("\n"))
    return [line for line in lines if line and not _STAMP.search(line)]


def _accented(match: re.Match[str]) -> str:
    """The letter that TeX composed of an accent and a base letter: `¨u` is `ü`."""
    base = {"ı": "i", "ȷ": "j"}.get(match[2], match[2])
    letter = unicodedata.normalize("NFC", base + _COMBINING[match[1]])
    return letter if len(letter) == 1 else match[0]


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """The pages without running headers, footers and page numbers."""
    seen = Counter(shape for page in pages for shape in {_shape(line) for line in _edges(page)})
    often = max(3, len(pages) // 4)
    running = {shape for shape, times in seen.items() if times >= often}
    kept = []
    for page in pages:
        edges = {*range(3), *range(len(page) - 3, len(page))}
        kept.append(
            [
                line
                for index, line in enumerate(page)
                if index not in edges or not (_shape(line) in running or _is_page_number(line))
            ]
        )
    return kept


def _without_ticks(page: list[str]) -> list[str]:
    """The lines of a page without the tick labels of plots: several lines in a row that are bare numbers."""
    kept = list[str]()
    for bare, group in groupby(page, key=lambda line: bool(_NUMBER.fullmatch(line))):
        run = list(group)
        if not bare or len(run) < TICKS:
            kept += run
    return kept


def _edges(page: list[str]) -> list[str]:
    return page if len(page) <= 6 else [*page[:3], *page[-3:]]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line).casefold().strip(" 0|·•-–")


def _is_page_number(line: str) -> bool:
    return bool(re.fullmatch(r"(?:page )?[-–— ]*\d{1,4}[-–— ]*(?:(?:of|/) *\d{1,4})?", line, re.IGNORECASE))


def _split_at_headings(lines: Sequence[str], headings: Sequence[Heading]) -> Iterator[tuple[str, list[str]]]:
    first = headings[0].line if headings else len(lines)
    yield TITLE_PAGE, list(lines[:first])
    for heading, following in zip_longest(headings, headings[1:]):
        end = following.line if following else len(lines)
        yield heading.title, [*([heading.text] if heading.text else []), *lines[heading.end : end]]


def _vocabulary(lines: Sequence[str]) -> Counter[str]:
    """Counts of the words inside lines, which no line break has split."""
    return Counter(word.casefold() for line in lines for word in _WORD.findall(line.rsplit(" ", 1)[0]))


def _running_text(lines: Sequence[str], words: Counter[str]) -> str:
    """Lines joined into paragraphs, with words rejoined that a line break has split."""
    lengths = sorted(len(line) for line in lines)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    text, previous = "", ""
    for line in lines:
        if title := subheading(line):
            text += f"\n\n{title}\n\n"
        elif not text or text.endswith("\n"):
            text += line
        elif _END_OF_SENTENCE.search(previous) and len(previous) < 0.8 * usual:
            text += f"\n\n{line}"
        elif previous.endswith("-"):
            text = _rejoined(text, line, words)
        else:
            text += f" {line}"
        previous = line
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _rejoined(text: str, line: str, words: Counter[str]) -> str:
    """Appends a line, joining the word that is hyphenated across the line break.

    The hyphen of a compound stays. The paper's own usage decides: "pre-trained" keeps its hyphen if the paper
    writes it within a line more often than "pretrained".
    """
    left = re.search(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$", text[-80:])
    right = re.match(r"[^\W\d_]+", line)
    if not left or not right or not right[0][0].islower():
        return text + line
    joined = (left[1] + right[0]).casefold()
    compound = f"{left[1]}-{right[0]}".casefold()
    if words[compound] > words[joined]:
        return text + line
    if not words[joined] and left[1].casefold() in _PREFIXES:
        return text + line
    return text[:-1] + line
