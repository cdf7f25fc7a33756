"""Whether the quote or its surroundings have each number of the claim, with its unit.

A mark promises that each number of a statement stands in the quote or near it. Written for claims with another number,
one from elsewhere in the paper, or another unit; `numerals` says which spellings state the same number.
"""

import re

from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.numerals import Quantity
from mkdocs_paperdigest.text import folded_latin


def numbers_differ(claim: Text, passage: Passage) -> bool:
    """A number of the claim does not stand in or near the quote, or the quote gives another one for the same thing."""
    theirs = passage.quote.numbers
    used = {other for one in claim.numbers for other in theirs if one.states(other)}
    for one in claim.numbers:
        if any(one.states(other) for other in theirs) or _in_name(one, claim, passage.near):
            continue
        rivals = [other for other in theirs if other not in used and _alike(one, other)]
        printed = not one.in_words or (one.units - _SOFT_UNITS and one.value > 1)
        if rivals or (printed and not any(one.states(other) for other in passage.near.numbers)):
            return True
    return False


def other_scale(claim: Text, passage: Passage) -> bool:
    """The claim says "within seconds" or "per second" where the quote says "within minutes" or "per minute"."""
    if _rates(claim) and _rates(passage.quote) and not _rates(claim) & _rates(passage.quote):
        return True
    mine, theirs = _unnumbered_times(claim), _unnumbered_times(passage.quote)
    # "Over hours to days" has both.
    printed = any(unit in passage.quote.small for unit in mine)
    return bool(mine and theirs) and not mine & theirs and not printed and not claim.numbers


def _unnumbered_times(text: Text) -> frozenset[str]:
    return frozenset(_TIMES[found[1] or found[2]] for found in _TIME.finditer(text.small))


def _rates(text: Text) -> frozenset[str]:
    return frozenset(_TIMES[found[1] or _SHORT[found[2]]] for found in _RATE.finditer(text.small))


_TIMES = {
    word: word
    for word in ("millisecond", "microsecond", "second", "minute", "hour", "day", "week", "month", "year", "decade")
} | {"毫秒": "millisecond", "微秒": "microsecond", "秒": "second", "分钟": "minute", "小时": "hour", "天": "day"} | {
    "周": "week", "个月": "month", "年": "year", "十年": "decade",
}  # fmt: skip
_SHORT = {"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour"}
_RATE = re.compile(
    r"(?:(?<=\bper )|(?<=[a-z]/)|(?<=每))"
    r"(?:((?:milli|micro)?second|minute|hour|day|week|month|year|毫秒|微秒|秒|分钟|小时|天|周|年)|(sec|s|min|hr?)\b)"
)
_TIME = re.compile(
    r"\b(?:within|in|over|for|after|of|take[sn]?|took|several|(?:a )?few|many|mere) ((?:milli|micro)?second|minute|hour|day"
    r"|week|month|year|decade)s\b|(?:数|几|若干)(毫秒|微秒|秒|分钟|小时|天|周|个月|十年|年)"
)


def _in_name(one: Quantity, claim: Text, near: Text) -> bool:
    """Whether a number ends a name that the paper writes as one word: "RTX 4090" for "RTX4090"."""
    found = _NAME_BEFORE.search(claim.plain, max(0, one.start - 20), one.start)
    return found is not None and f"{folded_latin(found[1])}{claim.plain[one.start : one.end]}" in near.key


_NAME_BEFORE = re.compile(r"\b([A-Z][A-Za-z]*)[ -]$")
_SOFT_UNITS = frozenset({"rank", "date"})
"""Of numbers that people write as words."""


def _alike(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may count or measure the same kind of thing."""
    if one.is_year or other.is_year:
        return one.is_year and other.is_year
    if one.in_words and not one.units:
        return other.in_words and not other.units
    return one.units == other.units if one.units and other.units else not one.units and not other.units


def units_swapped(claim: Text, passage: Passage) -> bool:
    """Two numbers of the claim have each other's units in the quote."""
    theirs = passage.quote.numbers
    pairs = [
        (one, other)
        for one in claim.numbers
        for other in theirs
        if one.states(other) and not any(one.value == two.value and one.units == two.units for two in theirs)
    ]
    if _POINTS.search(claim.small) and "relative" in passage.quote.small:
        return True
    added = any(one.units and not other.units for one, other in pairs)
    return added and any(other.units and not one.units and not one.is_year for one, other in pairs)


_POINTS = re.compile("percentage points?|百分点")
