"""Looks up the quotes and numbers of claims in the paper that the claims are about."""

import bisect
import re
from dataclasses import replace
from functools import cached_property

from rapidfuzz import fuzz

from mkdocs_paperdigest.models import Claim, FullText
from mkdocs_paperdigest.summaries.numerals import all_numbers, stated_numbers
from mkdocs_paperdigest.text import UNSPACED, folded

FEWEST_WORDS = 4
"""A shorter quote proves nothing, because any paper may contain it."""
LONGEST_QUOTE = 1200
"""Characters; a longer one is a page, not a quote."""
SIMILARITY = 90.0
"""Least `rapidfuzz.fuzz.partial_ratio` of quote and passage: the text of a PDF lacks formulas, ligatures and hyphens."""


class Searchable:
    """A paper's text, prepared for looking up quotes; make it once for all claims of a paper."""

    def __init__(self, text: FullText, abstract: str = "") -> None:
        self._passages = (*text.pages, *(section.text for section in text.sections), abstract)
        self._page_count = len(text.pages)

    @cached_property
    def letters(self) -> str:
        """All passages one after the other, in lower-case letters and digits only."""
        return "".join(self._folded)

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(folded(passage) for passage in self._passages)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        starts = [0]
        for passage in self._folded:
            starts.append(starts[-1] + len(passage))
        return tuple(starts)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every number of the paper, in canonical form."""
        return all_numbers("\n".join(self._passages))

    def page_at(self, position: int) -> int | None:
        """PDF page, from 1, of a position in `letters`; None if it lies in text without pages."""
        index = bisect.bisect_right(self._starts, position) - 1
        return index + 1 if index < self._page_count else None


def verify(claim: Claim, paper: Searchable) -> Claim:
    """`claim` with `verified` and `page` set by what the paper contains.

    Verified means that the paper contains the quote, with all its digits and apart from small losses of
    PDF text, and every number of claim and quote.

    Arguments:
        claim: A statement with the quote that it rests on.
        paper: Its text and its abstract.
    """
    position = find(claim.quote, paper)
    # `find` ignores decimal points: it takes 9.35 for 93.5.
    numbers = (*stated_numbers(claim.text), *stated_numbers(claim.quote))
    if position is None or not paper.numbers.issuperset(numbers):
        return replace(claim, verified=False, page=None)
    return replace(claim, verified=True, page=paper.page_at(position))


def find(quote: str, paper: Searchable) -> int | None:
    """Where a quote begins in `paper.letters`, or None if the paper does not contain it.

    A quote that leaves something out ("...") is found if the paper contains its pieces in their order.
    """
    if len(quote) > LONGEST_QUOTE or _words(quote) < FEWEST_WORDS:
        return None
    pieces = [piece for piece in map(folded, _OMISSION.split(quote)) if piece]
    places: list[int] = []
    for piece in pieces:
        place = _find_piece(piece, paper.letters, places[-1] if places else 0)
        if place is None:
            return None
        places.append(place)
    return places[0] if places else None


_OMISSION = re.compile(r"\s*[\[(]?\s*(?:\.\s?){3,}[\])]?\s*|\s*[\[(]?…[\])]?\s*")


def _find_piece(wanted: str, letters: str, after: int) -> int | None:
    exact = letters.find(wanted, after)
    while exact >= 0:
        if not _splits_number(letters, exact, exact + len(wanted)):
            return exact
        exact = letters.find(wanted, exact + 1)
    place = _find_nearly(wanted, letters)
    return place if place is not None and place >= after else None


def _splits_number(letters: str, start: int, end: int) -> bool:
    """Whether a passage begins or ends inside a number, as "3.5 %" does in "93.5 %"."""
    at_start = letters[start - 1 : start].isdigit() and letters[start].isdigit()
    return at_start or (letters[end : end + 1].isdigit() and letters[end - 1].isdigit())


def _find_nearly(wanted: str, letters: str) -> int | None:
    """Where the passage most similar to the quote begins, if it is similar enough and has the same digits.

    A fuzzy search through a whole paper is slow, so it is done only around places that share a run of
    letters with the quote: a true quote has such runs, whatever the PDF did to the rest.
    """
    best: tuple[float, int] = (SIMILARITY, -1)
    for place in sorted(_anchors(wanted, letters)):
        start = max(0, place - _SLACK)
        window = letters[start : place + len(wanted) + _SLACK]
        hit = fuzz.partial_ratio_alignment(wanted, window, score_cutoff=best[0])
        if hit is None or _digits(window[hit.dest_start : hit.dest_end]) != _digits(wanted):
            continue
        if _splits_number(window, hit.dest_start, hit.dest_end):
            continue
        if hit.score > best[0] or best[1] < 0:
            best = (hit.score, start + hit.dest_start)
    return best[1] if best[1] >= 0 else None


_SEED = 12
_SLACK = 40
_MOST_ANCHORS = 24


def _anchors(wanted: str, letters: str) -> set[int]:
    """Where the quote may begin: places where the paper has one of its runs of `_SEED` letters."""
    found: set[int] = set()
    for offset in range(0, max(1, len(wanted) - _SEED + 1), _SEED):
        place = letters.find(wanted[offset : offset + _SEED])
        while place >= 0 and len(found) < _MOST_ANCHORS:
            # Rounded, because seeds of one passage agree only to within the slack.
            found.add(max(0, place - offset) // _SLACK * _SLACK)
            place = letters.find(wanted[offset : offset + _SEED], place + 1)
    return found


def _digits(text: str) -> list[str]:
    return re.findall(r"\d", text)


def _words(text: str) -> int:
    return len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // 2


_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(rf"[^\W\d_{UNSPACED}]+")
