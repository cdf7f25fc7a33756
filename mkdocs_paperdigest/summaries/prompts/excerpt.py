"""Chooses the parts of a long paper that a model gets to read."""

import re

from mkdocs_paperdigest.models import FullText, Section
from mkdocs_paperdigest.summaries.sentences import split_sentences


def excerpt(text: FullText, budget: int) -> str:
    """The paper's text under its headings, at most about `budget` characters of it.

    If a paper is too long, each section gets a share that depends on its part in the argument:
    introduction, conclusion, method and results get more than the rest, appendices least. A section that
    is shorter than its share leaves the remainder to the others. A section is cut after a sentence, never
    inside one, and the cut is marked. References and acknowledgements are left out.
    """
    sections = readable_sections(text)
    lengths = [len(section.text) for section in sections]
    shares = lengths if sum(lengths) <= budget else _shares(sections, budget)
    parts = []
    for section, share in zip(sections, shares, strict=True):
        kept = _up_to(section.text, share)
        if kept:
            parts.append(f"## {section.title}\n\n{kept}" if section.title else kept)
    return "\n\n".join(parts)


def is_cut(text: FullText, budget: int) -> bool:
    """Whether `excerpt` leaves out more than references and acknowledgements."""
    return sum(len(section.text) for section in readable_sections(text)) > budget


_SKIPPED = re.compile(
    r"^[\W\d]*(references|bibliography|literature cited|acknowledge?ments?|author contributions?|"
    r"funding|conflicts? of interest|competing interests|abstract)\b",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(r"conclu(sion|ding)", re.IGNORECASE)
_APPENDIX = re.compile(r"^[\W\dA-Z]{0,4}\b(appendi|supplement)", re.IGNORECASE)
_APPENDIX_WEIGHT = 0.3
_WEIGHTS = (
    (re.compile(r"introduction|conclu|summary|discussion|outlook", re.IGNORECASE), 3.0),
    (re.compile(r"related|previous|prior work|background|preliminar", re.IGNORECASE), 1.0),
    (
        re.compile(
            r"method|approach|model|framework|architecture|algorithm|theor|proof|setup|"
            r"result|experiment|evaluation|ablation|comparison|analysis",
            re.IGNORECASE,
        ),
        2.5,
    ),
)
_END_WEIGHT = 3.0
_PLAIN_WEIGHT = 1.5
_MIN_PART = 200
"""Characters; a shorter part of a section is not worth its heading."""
_CUT = " […]"
_REFERENCES = re.compile(r"^[ \t\d.]*(references|bibliography)[ \t]*$", re.IGNORECASE | re.MULTILINE)


def readable_sections(text: FullText) -> list[Section]:
    """What a model may get to read of a text: no references, no acknowledgements, no second abstract."""
    if text.sections:
        return [section for section in text.sections if not _SKIPPED.search(section.title)]
    # Pages have no headings, so all that follows the list of references is lost with it.
    pages: list[Section] = []
    for number, page in enumerate(text.pages):
        found = _REFERENCES.search(page) if number >= len(text.pages) // 3 else None
        pages.append(Section("", page[: found.start()] if found else page))
        if found:
            break
    return pages


def _weights(sections: list[Section]) -> list[float]:
    last = len(sections) - 1
    concluding = [k for k, section in enumerate(sections) if _CONCLUSION.search(section.title)]
    end = concluding[-1] if concluding else last
    return [_weight(section, k, end) for k, section in enumerate(sections)]


def _weight(section: Section, position: int, end: int) -> float:
    if position > end or _APPENDIX.search(section.title):
        return _APPENDIX_WEIGHT
    for pattern, weight in _WEIGHTS:
        if pattern.search(section.title):
            return weight
    # Without a known title, the first and the last section still say most about a paper.
    return _END_WEIGHT if position in (0, end) else _PLAIN_WEIGHT


def _shares(sections: list[Section], budget: int) -> list[int]:
    """Characters for each section: in proportion to its weight, but not more than it has."""
    weights = _weights(sections)
    lengths = [len(section.text) for section in sections]
    shares = [0] * len(sections)
    unsettled = set(range(len(sections)))
    left = budget
    while unsettled:
        unit = left / sum(weights[k] for k in unsettled)
        whole = {k for k in unsettled if lengths[k] <= weights[k] * unit}
        for k in whole or unsettled:
            shares[k] = min(lengths[k], int(weights[k] * unit))
        left -= sum(lengths[k] for k in whole)
        unsettled = unsettled - whole if whole else set()
    return shares


def _up_to(text: str, length: int) -> str:
    """The longest beginning of `text` that has whole sentences and at most `length` characters."""
    if len(text) <= length:
        return text.strip()
    if length < _MIN_PART:
        return ""
    # The last piece may be cut in the middle.
    kept = "".join(split_sentences(text[:length])[:-1]).strip()
    return kept + _CUT if kept else ""
