"""Where sentences and clauses end, and how far apart two places of a text are.

What belongs together stands close together and in one clause, so the end of a clause counts as a distance, and so does
a conjunction. The word files have the words that end a clause.
"""

import re
from bisect import bisect_left
from functools import cached_property

from mkdocs_paperdigest.summaries.agreement.patterns import clause_ends


class Clauses:
    """A text, by its clauses.

    Arguments:
        small: The text in small letters.
    """

    def __init__(self, small: str) -> None:
        self.small = small

    def sentence_around(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence around a part begins and ends."""
        left = max((match.end() for match in _SENTENCE_END.finditer(self.small, 0, start)), default=0)
        right = _SENTENCE_END.search(self.small, end)
        return left, right.start() if right else len(self.small)

    def break_after(self, at: int) -> int:
        """Where the clause after a place ends."""
        place = bisect_left(self._breaks, at)
        return self._breaks[place] if place < len(self._breaks) else len(self.small)

    def clause(self, at: int, before: int, after: int) -> tuple[int, int]:
        """Where the surroundings of a place begin and end, within its clause."""
        left = [place for place in self._breaks if at - before <= place < at]
        right = [place for place in self._breaks if at < place <= at + after]
        return (left[-1] if left else max(0, at - before)), (right[0] if right else at + after)

    def stretched(self, at: int) -> int:
        """A place, with the ends of clauses before it counted as a distance."""
        return at + _BREAK * bisect_left(self._breaks, at)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Beginning and end of a part, as `stretched` counts them."""
        begin = self.stretched(start) + _JOINT * bisect_left(self._joints, start)
        return begin, begin + end - start

    def ranges(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether two numbers are the ends of a range."""
        (_, start), (end, _) = sorted((one, other))
        return re.fullmatch(r"[\s%]*(?:to|through|[-–~]|[至到])\s*", self.small[start:end]) is not None

    def lists(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether two parts stand beside each other in a list or range."""
        (_, start), (end, _) = sorted((one, other))
        return _LISTED_TOGETHER.fullmatch(self.small, start, end) is not None

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in clause_ends().finditer(self.small)]

    @cached_property
    def _joints(self) -> list[int]:
        return [match.start() for match in _COORDINATION.finditer(self.small)]


def gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Characters between two places."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def nearer(place: tuple[int, int], one: tuple[int, int], other: tuple[int, int], reach: int) -> int:
    """-1 or 1 if the first or second place is clearly nearer and not far, else 0."""
    first, second = gap(place, one), gap(place, other)
    if min(first, second) > reach or abs(first - second) < (first + second) / 5:
        return 0
    return -1 if first < second else 1


BESIDE = 25
"""Characters within which something stands beside something else."""
_SENTENCE_END = re.compile(
    r"(?<=[a-z0-9)\]%]{2})[.;](?!\d)|[。；！？]|\b(?:while|whereas)\b|而(?!非)|但|, (?:yet|but)\b"
)
_BREAK = 20
"""Characters that the end of a clause counts for."""
_JOINT = 12
"""Characters that a conjunction counts for."""
_COORDINATION = re.compile(r"\b(?:and|or|with)\b|[和与及、]")
_LISTED_TOGETHER = re.compile(r"[\s%]*(?:,|and|or|/|[和与及、])(?: (?:and|or))?\s*")
