"""Finds the headings of a paper's sections in the lines of its PDF.

Section numbers increase by one, and their headings share one style. Among all lines that could be headings,
the best sequence with consecutive numbers and one style wins. This separates "5 Experiments" from
"5 CNNs 38.1%".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_TITLE = 90
"""Characters per line of a heading, at most."""
REFERENCES = "References"
"""Title given to the list of references, whatever the paper calls it."""
LEAST_DISTANCE = 6
"""Lines between two section headings, at least; numbers closer together are a list."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, and the lines that it takes up."""

    line: int
    """Index of the heading's first line."""
    end: int
    """Index of the line after the heading."""
    title: str
    """Without its number."""
    text: str = ""
    """Text that follows the title on the same line (`Abstract. We propose ...`)."""


_ABSTRACT = re.compile(r"(?:a ?b ?s ?t ?r ?a ?c ?t|summary)\s*(?P<run>[.:—–-]+\s*\S.*|[.:]?)$", re.I)
_REFERENCES = re.compile(
    r"(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:references(?: and notes)?|bibliography|literature cited|works cited)\s*:?$",
    re.I,
)
_APPENDIX = re.compile(
    r"(?:appendix|appendices|supplementa(?:ry|l) (?:material|information|materials)|supporting information)"
    r"\b(?P<rest>.{0,80})$",
    re.I,
)
_BACK = re.compile(
    r"(?:\d{1,2}\.?\s+)?(?P<title>acknowledge?ments?|data availability(?: statement)?|code availability|author contributions?"
    r"|broader impacts?(?: statement)?|ethics statement|ethical considerations|reproducibility statement|limitations"
    r"|[A-F]1\.?\s+(?P<appendix>[A-Z][\w -]{3,60})|conflicts? of interest|competing interests|funding)\s*:?$",
    re.I,
)
_NAMED = re.compile(
    r"(?:introduction|related works?|background|preliminaries|motivation|overview|materials? and methods|methods?"
    r"|methodology|approach|our approach|proposed method|model|experiments?|experimental (?:setup|results|evaluation)"
    r"|evaluation|results?|results and discussions?|discussions?|analysis|conclusions?(?: and .{3,40})?|future work"
    r"|summary(?: and conclusions?)?|implementation|data(?:set)?s?)$",
    re.I,
)
_ARABIC = re.compile(r"(?P<number>[1-9]\d?)(?P<dot>[.)]?)\s+(?P<title>\S.*)$")
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})(?P<dot>\.)\s+(?P<title>\S.*)$")
_LETTER = re.compile(r"(?:appendix\s+)?(?P<number>[A-Z])(?P<dot>[.:]?)\s+(?P<title>\S.*)$", re.I)
_SUBSECTION = re.compile(
    r"(?:(?:[1-9]\d?|[A-Z])(?:\.\d{1,2}){1,3}\.?|[A-H]\.(?=\s+[A-Z][^.,]{8,}$))\s+(?P<title>[A-Z].*)$"
)
_UNFINISHED = re.compile(
    r"(?:\b(?:of|and|for|the|in|with|on|to|a|an|by|from|using|via|as|at|or|between|through|under|over|into)|[,:&–-])$",
    re.I,
)
_ROMANS = {
    roman: number
    for number, roman in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII"), start=1
    )
}


def find_headings(lines: Sequence[str], page_starts: Sequence[int]) -> list[Heading]:
    """The headings of a paper's top-level sections in reading order, including the references.

    Arguments:
        lines: All lines of the paper, without running headers, footers and page numbers.
        page_starts: Index of the first line of each page.
    """
    references = _references(lines)
    body = lines[: references if references is not None else len(lines)]
    abstract = _abstract(body)
    begin = abstract.end if abstract else 0
    numbered = max(_sequence(body, begin, _ARABIC), _sequence(body, begin, _ROMAN), key=lambda best: best[0])[
        1
    ]
    if len(numbered) == 1 and not _NAMED.match(numbered[0].title):
        numbered = []
    found = [abstract] if abstract else []
    found += numbered or _unnumbered_sections(body, begin)
    taken = {line for heading in found for line in range(heading.line, heading.end)}
    after = numbered[-1].end if numbered else begin
    for index in range(begin, len(lines)):
        if index not in taken and (heading := _other_heading(lines, index, len(numbered), index >= after)):
            found.append(heading)
    if references is not None:
        found.append(Heading(references, references + 1, REFERENCES))
        found += _appendices(lines, references + 1, set(page_starts), taken)
    unique = {heading.line: heading for heading in reversed(found)}
    return [unique[line] for line in sorted(unique)]


def _other_heading(lines: Sequence[str], index: int, sections: int, past_sections: bool) -> Heading | None:
    """Back matter, an appendix, or the first subsection of a section whose heading was not found."""
    line = lines[index]
    if match := _BACK.match(line):
        return Heading(index, index + 1, match["appendix"] or match["title"])
    if past_sections and line[0].isupper() and _APPENDIX.match(line):
        in_sentence = line.endswith(".") and index and lines[index - 1][-1:] not in ".!?)]"
        mentioned = in_sentence and not re.match(r"appendix [A-Z][.:] \S", line, re.I)
        return None if mentioned else _heading_at(lines, index, line)
    match = re.match(r"(?P<number>[1-9]\d?)\.1\.?\s+(?P<title>[A-Z].*)$", line)
    if match and sections and int(match["number"]) > sections and _is_title(match["title"]):
        return _heading_at(lines, index, match["title"])
    return None


def subheading(line: str) -> str | None:
    """The title of a subsection (`3.2 Training`, `B. Training data`), or None for any other line."""
    match = _SUBSECTION.match(line)
    return match["title"] if match and _is_title(match["title"]) else None


def _abstract(lines: Sequence[str]) -> Heading | None:
    for index, line in enumerate(lines[:150]):
        if match := _ABSTRACT.match(line):
            run = match["run"].lstrip(".:—–- ")
            if run and line.lower().startswith("summary"):
                continue
            return Heading(index, index + 1, "Abstract", run)
    return None


def _references(lines: Sequence[str]) -> int | None:
    """Index of the line where the references begin: their heading, or item [1] of a list without one."""
    # A match in the first third is a line of the table of contents.
    for index in range(len(lines) // 3, len(lines)):
        if _REFERENCES.match(lines[index]) and lines[index][0] != "r":
            return index
    for index in range(len(lines) // 2, len(lines)):
        if re.match(r"\[1\] ?[A-Z]", lines[index]):
            following = lines[index + 1 : index + 9]
            if any(line.startswith("[2]") for line in following):
                return index
    return None


def _sequence(lines: Sequence[str], begin: int, kind: re.Pattern[str]) -> tuple[float, list[Heading]]:
    """The best sequence of headings numbered 1, 2, 3, ..., with its score.

    Dynamic programming: keeps the sequence with the highest sum of scores for each style and last number.
    """
    best: tuple[float, list[Heading]] = (0.0, [])
    by_style: dict[tuple[bool, int], tuple[float, list[Heading]]] = {}
    for index in range(begin, len(lines)):
        match = kind.match(lines[index])
        if not match or not _is_title(match["title"]):
            continue
        number = _ROMANS.get(match["number"], 0) if kind is _ROMAN else int(match["number"])
        dotted = bool(match["dot"])
        before = by_style.get((dotted, number - 1)) if number > 1 else (0.0, [])
        heading = _heading_at(lines, index, match["title"])
        score = _score(lines, heading)
        if before is None or score <= 0 or _UNFINISHED.search(heading.title):
            continue
        # The items of a list are close together, the headings of sections are not.
        close = bool(before[1]) and index - before[1][-1].end < LEAST_DISTANCE
        entry = (before[0] + score - 2.0 * close, [*before[1], heading])
        if entry[0] >= by_style.get((dotted, number), (0.0, []))[0]:
            by_style[(dotted, number)] = entry
            best = max(best, entry, key=lambda found: found[0])
    return best


def _score(lines: Sequence[str], heading: Heading) -> float:
    """How much a line looks like a heading between its neighbours; zero or less means that it is not one."""
    title = heading.title
    before = lines[heading.line - 1] if heading.line else ""
    after = lines[heading.end] if heading.end < len(lines) else ""
    score = 1.0
    score += 2.0 if _NAMED.match(title) else 0.0
    score += 0.5 if not before or before[-1] in ".!?:)]}" or len(before) < 40 else -1.0
    score += 0.5 if after[:1].isupper() or subheading(after) else -0.5
    score -= 2.0 if re.search(r"\s\d+$", title) else 0.0
    score -= 1.0 if re.search(r"\.{3}|(?:\. ){3}", title) else 0.0
    return score


def _is_title(title: str) -> bool:
    if len(title) > LONGEST_TITLE or not title[:1].isupper() or re.search(r"[.,;+]$|[=≤≥<>∈→|]", title):
        return False
    words = title.split()
    letters = sum(character.isalpha() or character == " " for character in title)
    longest = max((len(re.sub(r"\W", "", word)) for word in words), default=0)
    return len(words) <= 14 and letters >= 0.8 * len(title) and longest >= 3 and ". " not in title


def _is_uppercase(title: str) -> bool:
    return title == title.upper()


def _heading_at(lines: Sequence[str], index: int, title: str) -> Heading:
    """The heading that starts on a line, with its continuation lines."""
    end = index + 1
    while end < min(index + 3, len(lines)):
        more = lines[end]
        if len(more) > LONGEST_TITLE or not more or subheading(more):
            break
        runs_on = _UNFINISHED.search(title) or (
            _is_uppercase(title)
            and _is_uppercase(more)
            and len(more) > 3
            and not more[0].isdigit()
            and len(title) > 12
        )
        if not runs_on:
            break
        title = f"{title.removesuffix('-')}{'' if title.endswith('-') else ' '}{more}"
        end += 1
    return Heading(index, end, title.rstrip(".: "))


def _unnumbered_sections(lines: Sequence[str], begin: int) -> list[Heading]:
    """Headings without numbers, recognized by their usual names."""
    return [
        Heading(index, index + 1, line.rstrip(":"))
        for index, line in enumerate(lines)
        if index >= begin and line[:1].isupper() and _NAMED.match(line.rstrip(": "))
    ]


def _appendices(lines: Sequence[str], begin: int, page_starts: set[int], taken: set[int]) -> list[Heading]:
    """Headings of appendices after the references, lettered from A."""
    found, expected = list[Heading](), "A"
    for index in range(begin, len(lines)):
        line = lines[index]
        match = _LETTER.match(line)
        if not match or index in taken or match["number"] != expected:
            continue
        title = match["title"]
        if not _is_title(title) or "," in title or re.search(r"\d{4}", title):
            continue
        named = line.lower().startswith("appendix")
        if found or named or index - 1 in page_starts or index in page_starts or _starts_text(lines, index):
            found.append(_heading_at(lines, index, title))
            expected = chr(ord(expected) + 1)
    return found


def _starts_text(lines: Sequence[str], index: int) -> bool:
    """Whether a subsection or prose follows the line, rather than the rest of a reference."""
    after = " ".join(lines[index + 1 : index + 4])
    return bool(subheading(lines[index + 1] if index + 1 < len(lines) else "")) or not re.search(
        r"\b(?:19|20)\d\d[a-z]?\b|arXiv|pages?\b|pp\.|Proc", after
    )
