"""Whether what belongs together in the quote has changed places in the claim.

Every number and word may be right and the claim still false, because it gives one thing the number of another. Rules
compare what stands beside what on both sides; what both list in one order ("A and B have 1 and 2") belongs together by
its order. Written for claims that swap two numbers, two data sets, or what rises and what falls.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, islice, pairwise

from mkdocs_paperdigest.summaries.agreement.clauses import BESIDE, gap, nearer
from mkdocs_paperdigest.summaries.agreement.statement import Comparison, Passage, Statement
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import Word
from mkdocs_paperdigest.summaries.gate.words import all_words
from mkdocs_paperdigest.summaries.lexicon import base_of, opposites_of, stem_of
from mkdocs_paperdigest.summaries.numerals import Quantity


def numbers_swapped(claim: Text, passage: Passage) -> bool:
    """Two numbers of the claim belong to each other's things in the quote."""
    items = list(islice(_shared(claim, passage.quote), _MOST_SHARED))
    things = [item for item in items if not item.category.startswith("number")]
    numbers = [item for item in items if item.category.startswith("number")]
    for one, other in combinations(numbers, 2):
        if one.category != other.category or claim.ranges(one.span, other.span):
            continue
        if listed := _listed(one, other, claim, passage.quote):
            lists = (
                pair
                for pair in combinations(things, 2)
                if pair[0].category == pair[1].category and listed & _listed(*pair, claim, passage.quote)
            )
            if any(_crossed(one, other, *pair) for pair in lists):
                return True
        elif _are_swapped(one, other, items):
            return True
    return False


def things_swapped(claim: Statement, passage: Passage) -> bool:
    """Two things that exclude each other have changed places: "open" and "closed", "on A" and "on B"."""
    quote = passage.quote
    slots = {word.at: kind for kind, word in _slots(quote)}
    items = list(islice(_shared(claim, quote), _MOST_SHARED))
    signs = list(_shared_signs(claim, quote))
    for one, other in combinations((item for item in items if item.word), 2):
        compared = any(_are_sides(one, other, comparison) for comparison in claim.comparisons)
        if not compared and _exclude_each_other(one, other, slots):
            others = [item for item in items if item.category != "name"]
            if _are_swapped(one, other, others + signs):
                return True
    return False


def clauses_swapped(claim: Statement, passage: Passage) -> bool:
    """The claim says of one thing what the quote says of another: "A rises while B falls" for "B rises while A falls"."""
    quote = passage.quote
    mine, theirs = contrast_in(claim), contrast_in(quote)
    if mine is None or theirs is None:
        return False
    heads, said = _votes(claim, mine, quote, theirs)
    # What is spoken of has one order in both texts, or the other one; what is said of it has to have the same.
    return len(set(heads)) == 1 and said.count(not heads[0]) > 2 * said.count(heads[0])


def contrast_in(text: Statement) -> int | None:
    """Where the second of two clauses begins that say something of two things; None where a text has no two."""
    places = [found.end() for found in islice(_CONTRAST.finditer(text.small), _MOST_SHARED)]
    # "While A rises, B falls."
    if opened := _OPENS_CONTRAST.match(text.small):
        comma = text.small.find(",", opened.end())
        places = [comma] if comma > 0 else []
    if not places:
        # "A rises and B falls"
        places = [
            found.end() for found in _BOTH.finditer(text.small) if _parts_opposites(text, found.start())
        ]
    inside = [at for at in places if _LEAST_CLAUSE < at < len(text.small) - _LEAST_CLAUSE]
    plain = [at for at in inside if text.small[at - 1] not in ";；"]
    inside = plain if len(inside) > 1 else inside
    return inside[0] if len(inside) == 1 else None


def _parts_opposites(text: Statement, at: int) -> bool:
    """Whether opposite directions stand before and after a place, and no other ones."""
    kinds = [{sign.up for sign in text.signs if (sign.at < at) == before} for before in (True, False)]
    return sorted(map(len, kinds)) == [1, 1] and kinds[0] != kinds[1]


def _votes(claim: Statement, mine: int, quote: Statement, theirs: int) -> tuple[list[bool], list[bool]]:
    """For what each clause begins with, and for what follows: whether both texts have it in the same clause."""
    heads: list[bool] = []
    names: list[bool] = []
    said: list[bool] = []
    begun: set[bool] = set()
    signs = {sign.at for sign in claim.signs}
    words = [word for word in claim.words[:_MOST_SHARED] if word.at not in signs]
    for word in words:
        after = word.at >= mine
        is_head = after not in begun and (claim.unspaced or not _modifies(claim, word.at))
        if is_head:
            begun.add(after)
        ours = {one.at < mine for one in words if one.is_same(word)}
        found = quote.like(word)
        if len(ours) == 1 and len({one.at < theirs for one in found}) == 1:
            vote = (word.at < mine) == (found[0].at < theirs)
            if is_head:
                (names if word.is_name else heads).append(vote)
            elif not _modifies(claim, word.at) and not any(_modifies(quote, one.at) for one in found):
                said.append(vote)
    for kind in {(sign.axis, sign.up) for sign in claim.signs}:
        sides = [
            {sign.at < place for sign in text.signs if (sign.axis, sign.up) == kind}
            for text, place in ((claim, mine), (quote, theirs))
        ]
        if [*map(len, sides)] == [1, 1]:
            said.append(sides[0] == sides[1])
    return names or heads, said


def _modifies(text: Statement, at: int) -> bool:
    """Whether a word only says where, when or of what something holds."""
    if text.unspaced:
        return _CJK_MODIFIER.search(text.small, max(0, at - 8), at) is not None
    return _MODIFIER.search(text.small, max(0, at - 40), at) is not None


_LEAST_CLAUSE = 6
_CONTRAST = re.compile(
    r"\b(?:while|whereas)\b(?! \w+ing\b)|, but (?!(?:it|they|also)\b)|; |；|[，,]而(?![且非是])|[，,](?=[^，。]{1,16}则)"
)
_OPENS_CONTRAST = re.compile(r"\W*(?:while|whereas|although)\b")
_BOTH = re.compile(r" and |, |[与和并，]")
_MODIFIER = re.compile(
    r"\b(?:in|on|at|for|of|with|by|from|to|under|during|after|than|over|between|through)(?: [\w-]+){0,2} $"
)
_CJK_MODIFIER = re.compile("[在于对比从由][^，。；]*$")


def _are_sides(one: "_Shared", other: "_Shared", comparison: Comparison) -> bool:
    sides = [{word.at for word in side} for side in (comparison.subject, comparison.other)]
    return (one.span[0] in sides[0] and other.span[0] in sides[1]) or (
        one.span[0] in sides[1] and other.span[0] in sides[0]
    )


def _exclude_each_other(one: "_Shared", other: "_Shared", slots: Mapping[int, str]) -> bool:
    """Whether two words are opposites or end alike ("channel-first" and "spatial-first"), or two names have one slot."""
    if one.word is None or other.word is None or one.word.is_foreign or other.word.is_foreign:
        return False
    if one.word.is_name or other.word.is_name:
        kinds = [slots.get(item.their_span[0]) for item in (one, other) if item.word and item.word.is_name]
        return len(kinds) == 2 and kinds[0] == kinds[1] is not None
    small, large = sorted((base_of(item.word.word) for item in (one, other) if item.word), key=len)
    prefixed = any(large == prefix + small for prefix in all_words().opposite_prefixes)
    alike = len(small) > _SAME_END + 3 and small != large and small[-_SAME_END:] == large[-_SAME_END:]
    return prefixed or alike or large in opposites_of(small)


_SAME_END = 5
"""Letters at the end of two long words that name things of one kind."""


def _shared_signs(claim: Text, quote: Text) -> "Iterator[_Shared]":
    """Directions of which both texts have one."""
    mine, theirs = ({(sign.axis, sign.up): sign for sign in text.signs} for text in (claim, quote))
    known = [[(sign.axis, sign.up) for sign in text.signs] for text in (claim, quote)]
    for kind in mine.keys() & theirs.keys():
        if all(signs.count(kind) == 1 for signs in known):
            span, other = ((sign.at, sign.at + 3) for sign in (mine[kind], theirs[kind]))
            yield _Shared("sign", claim.place(*span), quote.place(*other), span, other)


def number_of_another(claim: Text, passage: Passage) -> bool:
    """The claim gives a number of the quote to something that has another number there."""
    quote = passage.quote
    for one in claim.numbers:
        found = [other for other in quote.numbers if one.states(other)]
        # The D of "4D" is no unit, and a "6-plane" is a thing.
        if len(found) != 1 or one.in_words or _IN_WORD.match(claim.small, one.end):
            continue
        left, right = claim.clause(one.start, len(claim.small), len(claim.small))
        following = [other.start for other in quote.numbers if other.start > found[0].start]
        stop = min([*following[:1], found[0].end + 2 * BESIDE])
        owned = [word for word in quote.words if found[0].end < word.at < stop]
        if not any(not claim.like(word) for word in owned):
            continue
        unsaid = [
            other
            for other in quote.numbers
            if other.start > found[0].start and other.units == found[0].units
            if not any(mine.states(other) for mine in claim.numbers)
        ]
        if any(
            _owns(other, word, claim, quote)
            for other in unsaid
            for word in claim.words
            if left <= word.at < right
        ):
            return True
    return False


_IN_WORD = re.compile("-?[a-z]")


def _owns(number: Quantity, word: Word, claim: Text, quote: Text) -> bool:
    """Whether a word that claim and quote both have once stands right after a number of the quote."""
    places = quote.like(word)
    if len(places) != 1 or sum(mine.is_same(word) for mine in claim.words) != 1:
        return False
    return number.start < places[0].at <= number.start + BESIDE and not any(
        number.start < other.start < places[0].at for other in quote.numbers
    )


def item_of_another(claim: Text, passage: Passage) -> bool:
    """The claim gives one thing of a list the number that the quote lists for another: "by 1, 2, and 3 over A, B, and C"."""
    quote = passage.quote
    for run in _runs(quote):
        stated = [place for place, one in enumerate(run) if any(mine.states(one) for mine in claim.numbers)]
        if len(stated) != 1:
            continue
        said = [
            {place for place, item in enumerate(items) if any(map(claim.like, item))}
            for items in _items(quote, run)
        ]
        if any(len(places) == 1 for places in said) and not any(stated[0] in places for places in said):
            return True
    return False


def _runs(text: Text) -> Iterator[Sequence[Quantity]]:
    """Three or more numbers that stand in a list, or two where the text says "respectively"."""
    run: list[Quantity] = []
    least = 2 if _RESPECTIVELY.search(text.small) else 3
    for one in (*text.numbers[:_MOST_SHARED], None):
        if one and run and _LIST_GAP.fullmatch(text.small, run[-1].end, one.start):
            run.append(one)
            continue
        if len(run) >= least:
            yield run
        run = [one] if one else []


def _items(text: Text, run: Sequence[Quantity]) -> Iterator[list[list[Word]]]:
    """What stands in a list as long as one of numbers, before or after it: the words that only one item has."""
    left, right = text.sentence_around(run[0].start, run[-1].end)
    for start, stop in ((left, run[0].start), (run[-1].end, right)):
        cuts = [
            (start, start),
            *(found.span() for found in _ITEM_END.finditer(text.small, start, stop)),
            (stop, stop),
        ]
        spans = [(one[1], other[0]) for one, other in pairwise(cuts) if other[0] - one[1] > 1]
        spans = spans[-len(run) :] if start == left else spans[: len(run)]
        words = [[word for word in text.words if begin <= word.at < end] for begin, end in spans]
        if (
            len(spans) == len(run)
            and all(0 < len(item) <= _WORDS_OF_ITEM for item in words[1:-1])
            and all(words)
        ):
            yield [
                [
                    word
                    for word in item
                    if not any(word.is_same(two) for other in words if other is not item for two in other)
                ]
                for item in words
            ]


_RESPECTIVELY = re.compile("respectively|分别")
_LIST_GAP = re.compile(r"\s?[%a-zµ°\\$/]{0,6}\s?(?:,|、|and|和)(?: and)?\s?[$~]?")
_ITEM_END = re.compile(r",\s(?:and\s)?|\sand\s|[、和与]")
_WORDS_OF_ITEM = 4


def other_owner(claim: Text, passage: Passage) -> bool:
    """A number that the claim gives for one thing stands in the quote beside another one, of the same kind."""
    quote = passage.quote
    slots = list(_slots(quote))
    for one in claim.numbers:
        found = [other for other in quote.numbers if one.states(other)]
        if len(found) != 1:
            continue
        place, here = quote.place(found[0].start, found[0].end), claim.place(one.start, one.end)
        for slot, word in slots:
            like = [mine for mine in claim.words if mine.is_same(word)]
            if len(like) != 1 or gap(here, claim.place(like[0].at, like[0].end)) > BESIDE:
                continue
            rivals = (
                other
                for kind, other in slots
                if kind == slot
                and not other.is_same(word)
                and not any(other.is_same(mine) for mine in claim.words)
            )
            mine = quote.place(word.at, word.end)
            if any(nearer(place, mine, quote.place(rival.at, rival.end), BESIDE) > 0 for rival in rivals):
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Shared:
    """Something that claim and quote both have once."""

    category: str
    mine: tuple[int, int]
    """Where it begins and ends in the claim, with the ends of clauses counted as distances."""
    theirs: tuple[int, int]
    span: tuple[int, int]
    """Where it begins and ends in the claim."""
    their_span: tuple[int, int]
    word: Word | None = None
    """The word of the claim; None for a number or a sign."""


def _shared(claim: Text, quote: Text) -> Iterator[_Shared]:
    def shared(
        category: str, mine: tuple[int, int], theirs: tuple[int, int], word: Word | None = None
    ) -> _Shared:
        return _Shared(category, claim.place(*mine), quote.place(*theirs), mine, theirs, word)

    for one in claim.numbers:
        found = [other for other in quote.numbers if one.states(other)]
        if len(found) == 1 and sum(two.value == one.value for two in claim.numbers) == 1:
            units = "".join(sorted(found[0].units or found[0].letter))
            yield shared(f"number {units}", (one.start, one.end), (found[0].start, found[0].end))
    for word in claim.words:
        places = [(other.at, other.end) for other in quote.like(word)]
        if len(places) == 1 and sum(two.is_same(word) for two in claim.words) == 1:
            yield shared("name" if word.is_name else "word", (word.at, word.end), places[0], word)


_MOST_SHARED = 40
"""Things that are compared with each other; a statement has fewer."""


def _listed(one: _Shared, other: _Shared, claim: Text, quote: Text) -> set[str]:
    """In which texts two things stand beside each other in a list: things of two lists belong to each other by order."""
    found = {"claim"} if claim.lists(one.span, other.span) else set()
    return found | ({"quote"} if quote.lists(one.their_span, other.their_span) else set())


def _crossed(one: _Shared, other: _Shared, third: _Shared, fourth: _Shared) -> bool:
    """Whether two pairs have the same order in one text and different orders in the other."""
    mine = (one.span < other.span) == (third.span < fourth.span)
    return mine != ((one.their_span < other.their_span) == (third.their_span < fourth.their_span))


def _are_swapped(one: _Shared, other: _Shared, items: Sequence[_Shared]) -> bool:
    """Whether what stands beside each of two things in the claim stands beside the other one in the quote."""
    # Where the order is the same, only what stands right beside them can show that they have changed places.
    in_order = (one.mine < other.mine) == (one.theirs < other.theirs)
    reach = BESIDE // 2 if in_order else 10 * BESIDE
    kept = swapped = 0
    for item in items:
        if item.category == one.category:
            continue
        far = 10 * BESIDE if item.category.startswith("number") else reach
        mine = nearer(item.mine, one.mine, other.mine, far)
        theirs = nearer(item.theirs, one.theirs, other.theirs, far)
        kept += mine * theirs > 0
        swapped += mine * theirs < 0
    return swapped >= 2 and not kept if in_order else swapped > kept


def _slots(text: Text) -> Iterator[tuple[str, Word]]:
    """Names after a preposition and words that have an opposite: things of which a text may name several."""
    for word in text.words:
        if word.is_name:
            if found := _PREPOSITION.search(text.small, max(0, word.at - 10), word.at):
                yield found[1], word
        elif opposite := _opposite_of(word):
            yield opposite, word
        else:
            bare = word.word.removeprefix("un").removeprefix("non").lstrip("- ")
            if any(
                other.word in (f"un{word.word}", f"non{word.word}", f"non-{word.word}", bare)
                and other is not word
                for other in text.words
            ):
                yield stem_of(bare), word


_PREPOSITION = re.compile(r"\b(on|in|for|at|of) (?:the )?$")


def _opposite_of(word: Word) -> str | None:
    # A translation may stand for either.
    return None if word.is_foreign else _opposites().get(stem_of(word.word.lower()))


@cache
def _opposites() -> dict[str, str]:
    pairs = [(pair, *(stem_of(word) for word in pair.split("/"))) for pair in all_words().opposites]
    return {stem: pair for pair, *stems in pairs for stem in stems}
