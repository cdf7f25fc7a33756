"""Chooses what a model gets to read of a long paper."""

import re

from mkdocs_paperdigest.models import FullText, Section


def excerpt(text: FullText, budget: int) -> str:
    """The paper's text under its headings, at most about `budget` characters of it.

    A paper that is too long gives of each section as much as its part in the argument deserves: the
    beginning, the end, method and results more than the rest, appendices least. Sections shorter than
    their share leave the remainder to the others. A section is cut after a sentence, never within one,
    and the cut is marked. Lists of references and acknowledgements are left out.
    """
    sections = [section for section in _sections(text) if not _SKIPPED.search(section.title)]
    lengths = [len(section.text) for section in sections]
    shares = lengths if sum(lengths) <= budget else _shares(sections, budget)
    parts = []
    for section, share in zip(sections, shares, strict=True):
        kept = _up_to(section.text, share)
        if kept:
            parts.append(f"## {section.title}\n\n{kept}" if section.title else kept)
    return "\n\n".join(parts)


_SKIPPED = re.compile(
    r"^[\W\d]*(references|bibliography|literature cited|acknowledge?ments?|author contributions?|"
    r"funding|conflicts? of interest|competing interests|abstract)\b",
    re.IGNORECASE,
)
_WEIGHTS = (
    (re.compile(r"^[\W\dA-Z]{0,4}\b(appendi|supplement)", re.IGNORECASE), 0.3),
    (re.compile(r"introduction|conclusion|summary|discussion|outlook", re.IGNORECASE), 3.0),
    (re.compile(r"related|previous|prior work|background|preliminar", re.IGNORECASE), 1.0),
    (
        re.compile(
            r"method|approach|model|framework|architecture|algorithm|theor|proof|setup",
            re.IGNORECASE,
        ),
        2.5,
    ),
    (re.compile(r"result|experiment|evaluation|ablation|comparison|analysis", re.IGNORECASE), 2.5),
)
_PLAIN_WEIGHT = 1.5
_MIN_PART = 200
_SENTENCE_END = re.compile(r"[.!?][)\]\"'”’]*(?=\s)|[。！？]|\n\s*\n")
_CUT = " […]"


def _sections(text: FullText) -> tuple[Section, ...]:
    return text.sections or tuple(Section("", page) for page in text.pages)


def _weight(section: Section, position: int, count: int) -> float:
    for pattern, weight in _WEIGHTS:
        if pattern.search(section.title):
            return weight
    # Without a telling title, the ends of a paper still say most about it.
    return 3.0 if position in (0, count - 1) else _PLAIN_WEIGHT


def _shares(sections: list[Section], budget: int) -> list[int]:
    """Characters for each section: in proportion to its weight, none more than it has."""
    weights = [_weight(section, k, len(sections)) for k, section in enumerate(sections)]
    shares = [0] * len(sections)
    open_ones = set(range(len(sections)))
    left = budget
    while open_ones:
        unit = left / sum(weights[k] for k in open_ones)
        satisfied = {k for k in open_ones if len(sections[k].text) <= weights[k] * unit}
        if not satisfied:
            for k in open_ones:
                shares[k] = int(weights[k] * unit)
            break
        for k in satisfied:
            shares[k] = len(sections[k].text)
            left -= shares[k]
        open_ones -= satisfied
    return shares


def _up_to(text: str, length: int) -> str:
    """The longest beginning of `text` of whole sentences within `length` characters."""
    if len(text) <= length:
        return text.strip()
    if length < _MIN_PART:
        return ""
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, length)]
    return text[: ends[-1]].strip() + _CUT if ends else ""
