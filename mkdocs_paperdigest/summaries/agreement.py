"""Compares a statement with the passage that it rests on: numbers, names, direction, negation, cause, subject.

The rules know no more of language than the word files say, so they only find contradictions that show in words.
Statement and passage may be in different languages: they are compared by numbers, by names in Latin letters, and by
the terms whose English stems the word files have.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, islice

from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.gate.words import (
    Words,
    all_words,
    cjk_words,
    either,
    from_words,
    spaced_words,
)
from mkdocs_paperdigest.summaries.numerals import Quantity, plain_numerals, quantities
from mkdocs_paperdigest.text import UNSPACED, folded_latin


class Passage:
    """A quote with its surroundings.

    Arguments:
        quote: As the model gave it.
        near: The sentences around it in the paper, which include it.
        context: What stands before them: it says which data or model the quote is about.
        title: The paper's title: its names may stand for "our method".
        counts: How often the paper has each folded word; rare words say more about what a text is about.
    """

    def __init__(
        self,
        quote: str,
        near: str,
        context: str = "",
        title: str = "",
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self.quote = _Text(quote)
        self.near = _Text(near)
        self.context = _Text(f"{context}\n{near}")
        self.title = _Text(title)
        self.counts = counts or {}


def disagreement(claim: str, passage: Passage) -> ReasonCode | None:
    """Why a passage does not carry a claim, or None if no rule finds anything."""
    text = _Text(claim)
    for rule, reason in _RULES:
        if rule(text, passage):
            return reason
    return None


# ---------------------------------------------------------------- what a text consists of


@dataclass(frozen=True, slots=True)
class _Word:
    at: int
    word: str
    key: str
    """Its stem, or its letters and digits if it is a name."""
    is_name: bool = False

    @property
    def end(self) -> int:
        return self.at + len(self.word)


@dataclass(frozen=True, slots=True)
class _Sign:
    at: int
    axis: str
    up: bool


class _Text:
    """A text, and what the rules compare of it; each part is found when it is first needed."""

    def __init__(self, text: str) -> None:
        self.plain = plain_numerals(text)
        self.small = self.plain.lower()
        self.unspaced = re.search(f"[{UNSPACED}]", text) is not None

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        return quantities(self.plain)

    @cached_property
    def words(self) -> list[_Word]:
        """Content words and names."""
        found: list[_Word] = []
        for match in _TOKEN.finditer(self.plain):
            word = match[0]
            if _is_name(word, self._opens_sentence(match.start())):
                found.append(_Word(match.start(), word, _name_key(word), is_name=True))
            elif len(word) > 1 and (small := word.lower()) not in _empty_words():
                found.append(_Word(match.start(), small, _stem(small)))
        return found

    def _opens_sentence(self, at: int) -> bool:
        before = self.plain[max(0, at - 3) : at].rstrip()
        return not before or before[-1] in ".!?:。！？"

    @cached_property
    def names(self) -> list[_Word]:
        return [word for word in self.words if word.is_name]

    @cached_property
    def initials(self) -> str:
        """The first letters of its words."""
        return "".join(word[0] for word in re.findall(r"[a-z]+", self.small))

    @cached_property
    def acronyms(self) -> dict[int, str]:
        """For the place of each name of several words, the first letters of these words."""
        found: dict[int, str] = {}
        for run in re.finditer(r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+)+", self.plain):
            places = [match.start() for match in re.finditer("[A-Z]", run[0])]
            found |= {run.start() + at: "".join(run[0][place] for place in places).lower() for at in places}
        return found

    @cached_property
    def stems(self) -> list[_Word]:
        return [word for word in self.words if not word.is_name]

    @cached_property
    def terms(self) -> list[tuple[int, str]]:
        """Chinese terms that have English stems, with their places."""
        if not self.unspaced:
            return []
        return [(match.start(), match[0]) for match in _term_pattern().finditer(self.plain)]

    @cached_property
    def key(self) -> str:
        """Its Latin letters and digits."""
        return folded_latin(self.plain)

    @cached_property
    def signs(self) -> list[_Sign]:
        found = []
        for match in _sign_pattern().finditer(self.small):
            code = _sign_codes()[(match.lastindex or 1) - 1]
            denied = _NEGATION_BEFORE.search(self.small, max(0, match.start() - 14), match.start())
            if not denied:
                found.append(_Sign(match.start(), code[1:], code[0] == "+"))
            elif code[1:] == "worth":
                found.append(_Sign(match.start(), code[1:], code[0] == "-"))
        return found

    @cached_property
    def negations(self) -> list[re.Match[str]]:
        return list(_negations().finditer(self.small))

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in _clause_ends().finditer(self.small)]

    def stretched(self, at: int) -> int:
        """A place, with the ends of clauses before it counted as a distance."""
        return at + _BREAK * bisect_left(self._breaks, at)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Beginning and end of a part, as `stretched` counts them."""
        begin = self.stretched(start)
        return begin, begin + end - start

    def clause(self, at: int, before: int, after: int) -> tuple[int, int]:
        """Where the surroundings of a place begin and end, within its clause."""
        left = [place for place in self._breaks if at - before <= place < at]
        right = [place for place in self._breaks if at < place <= at + after]
        return (left[-1] if left else max(0, at - before)), (right[0] if right else at + after)

    def says(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.small) is not None


_NEGATION_BEFORE = re.compile(r"(?:\b(?:not|no|never|cannot)|n['’]t|不|没有?|未)\s?(?:\w+ )?$")
_OPENING = 5
"""Characters in which the first word of a sentence begins, after an article."""
_BREAK = 20
"""Characters that the end of a clause counts for."""
_TOKEN = re.compile(r"(?:non[- ]|un)?[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*(?:[-+/][A-Za-z0-9]+)*")


def _is_name(word: str, first: bool) -> bool:
    capitals = sum(char.isupper() for char in word)
    if capitals >= 2 or (capitals and any(char.isdigit() for char in word)):
        return len(word) <= 40
    return (
        bool(capitals)
        and not first
        and word[0].isupper()
        and len(word) >= 3
        and word.lower() not in _empty_words()
    )


def _name_key(word: str) -> str:
    key = folded_latin(word)
    return key[:-1] if len(key) > 3 and key.endswith("s") and word[-2:-1].isupper() else key


def _stem(word: str) -> str:
    key = re.sub("[- ]", "", word)
    if key.startswith("non"):
        return key[:8]
    return key.removesuffix("s") if len(key) <= 5 else key[:5]


@cache
def _empty_words() -> frozenset[str]:
    from mkdocs_paperdigest.summaries.extract.stopwords import STOP

    words = all_words()
    numbers = (word for word, _ in (*words.number_words, *words.number_scales))
    return STOP | frozenset(words.empty_words) | frozenset(numbers)


@cache
def _term_pattern() -> re.Pattern[str]:
    return re.compile(either(sorted(map(re.escape, _term_stems()), key=len, reverse=True)))


_term_stems = from_words(lambda words: dict(words.topics) | dict(words.concepts) | dict(words.terms))


@cache
def _english(term: str) -> re.Pattern[str]:
    return re.compile(_term_stems()[term])


def _patterns(group: Callable[[Words], Iterable[str]]) -> Callable[[], re.Pattern[str]]:
    """A function that returns one pattern for a group of words: whole words, but for Chinese and Japanese."""

    @cache
    def pattern() -> re.Pattern[str]:
        return re.compile(rf"\b(?:{either(group(spaced_words()))})(?![a-z])|{either(group(cjk_words()))}")

    return pattern


_clause_ends = _patterns(lambda words: words.clause_ends)
_negations = _patterns(lambda words: words.negations)
_soft_negations = _patterns(lambda words: (*words.negations, *words.soft_negations))
_causes = _patterns(lambda words: words.causes)
_any_causes = _patterns(lambda words: (*words.causes, *words.soft_causes))
_universals = _patterns(lambda words: words.universals)
_any_universals = _patterns(lambda words: (*words.universals, *words.soft_universals))
_superlatives = _patterns(lambda words: words.superlatives)
_any_superlatives = _patterns(lambda words: (*words.superlatives, *words.soft_superlatives))
_costs = _patterns(lambda words: words.costs)
_verbs = _patterns(lambda words: words.better_than)
_passives = _patterns(lambda words: words.passives)
_thans = _patterns(lambda words: words.comparisons)


@cache
def _sign_groups() -> list[tuple[str, str]]:
    both = (spaced_words(), r"\b(?:{})(?![a-z])"), (cjk_words(), "(?:{})")
    return [(frame.format(pattern), code) for words, frame in both for pattern, code in words.signs]


@cache
def _sign_codes() -> list[str]:
    return [code for _, code in _sign_groups()]


@cache
def _sign_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern})" for pattern, _ in _sign_groups()))


# ---------------------------------------------------------------- numbers


def _numbers_differ(claim: _Text, passage: Passage) -> bool:
    """A number of the claim does not stand in or near the quote, or the quote gives another one for the same thing."""
    theirs = passage.quote.numbers
    used = {other for one in claim.numbers for other in theirs if one.states(other)}
    for one in claim.numbers:
        if any(one.states(other) for other in theirs):
            continue
        rivals = [other for other in theirs if other not in used and _alike(one, other)]
        printed = not one.in_words or (one.units - _SOFT_UNITS and one.value > 1)
        if rivals or (printed and not any(one.states(other) for other in passage.near.numbers)):
            return True
    return False


_SOFT_UNITS = frozenset({"rank", "date"})
"""Of numbers that people write as words."""


def _alike(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may count or measure the same kind of thing."""
    if one.is_year or other.is_year:
        return one.is_year and other.is_year
    if one.in_words and not one.units:
        return other.in_words and not other.units
    return one.units == other.units if one.units and other.units else not one.units and not other.units


def _units_swapped(claim: _Text, passage: Passage) -> bool:
    """Two numbers of the claim have each other's units in the quote."""
    theirs = passage.quote.numbers
    pairs = [
        (one, other)
        for one in claim.numbers
        for other in theirs
        if one.states(other) and not any(one.value == two.value and one.units == two.units for two in theirs)
    ]
    added = any(one.units and not other.units for one, other in pairs)
    return added and any(other.units and not one.units and not one.is_year for one, other in pairs)


def _numbers_swapped(claim: _Text, passage: Passage) -> bool:
    """Two numbers of the claim belong to each other's things in the quote."""
    items = list(islice(_shared(claim, passage.quote), _MOST_SHARED))
    for category in ("number", "name", "opposite"):
        members = [item for item in items if item.category.startswith(category)]
        for one, other in combinations(members, 2):
            if one.category != other.category:
                continue
            # In "A 比 B 高 2%" what is said of A stands beside B.
            in_order = (one.mine < other.mine) == (one.theirs < other.theirs)
            if category == "name" and in_order and claim.unspaced:
                continue
            if _are_swapped(one, other, items):
                return True
    return False


_MOST_SHARED = 40
"""Things that are compared with each other; a statement has fewer."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """Something that claim and quote both have once."""

    category: str
    mine: tuple[int, int]
    """Where it begins and ends in the claim, with the ends of clauses counted as distances."""
    theirs: tuple[int, int]


def _shared(claim: _Text, quote: _Text) -> Iterator[_Shared]:
    def shared(category: str, mine: tuple[int, int], theirs: tuple[int, int]) -> _Shared:
        return _Shared(category, claim.place(*mine), quote.place(*theirs))

    for one in claim.numbers:
        found = [other for other in quote.numbers if one.states(other)]
        if len(found) == 1 and sum(two.value == one.value for two in claim.numbers) == 1:
            units = "".join(sorted(found[0].units))
            yield shared(f"number {units}", (one.start, one.end), (found[0].start, found[0].end))
    for word in claim.words:
        places = [(other.at, other.end) for other in quote.words if other.key == word.key]
        if len(places) == 1 and sum(two.key == word.key for two in claim.words) == 1:
            opposite = _opposite_of(word.key)
            category = "name" if word.is_name else f"opposite {opposite}" if opposite else "word"
            yield shared(category, (word.at, word.end), places[0])
    for at, term in claim.terms:
        places = [match.span() for match in _english(term).finditer(quote.small)]
        if len(places) == 1 and claim.plain.count(term) == 1:
            yield shared("word", (at, at + len(term)), places[0])


@cache
def _opposites() -> dict[str, str]:
    pairs = [(pair, *(_stem(word) for word in pair.split("/"))) for pair in all_words().opposites]
    return {stem: pair for pair, *stems in pairs for stem in stems}


def _opposite_of(key: str) -> str | None:
    return _opposites().get(key)


def _are_swapped(one: _Shared, other: _Shared, items: Sequence[_Shared]) -> bool:
    """Whether what stands beside each of two things in the claim stands beside the other one in the quote."""
    if one.category == "name" and max(_gap(one.mine, other.mine), _gap(one.theirs, other.theirs)) < _BESIDE:
        return False  # parts of one name
    # Where the order is the same, only what stands right beside them can show that they have changed places.
    in_order = (one.mine < other.mine) == (one.theirs < other.theirs)
    reach = _BESIDE if in_order or one.category == "name" else 10 * _BESIDE
    kept = swapped = 0
    for item in items:
        if item.category == one.category:
            continue
        far = 10 * _BESIDE if item.category.startswith("number") else reach
        mine = _nearer(item.mine, one.mine, other.mine, far)
        theirs = _nearer(item.theirs, one.theirs, other.theirs, far)
        kept += mine * theirs > 0
        swapped += mine * theirs < 0
    return swapped >= 2 and not kept if in_order else swapped > kept


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Characters between two places."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def _nearer(place: tuple[int, int], one: tuple[int, int], other: tuple[int, int], reach: int) -> int:
    """-1 or 1 if the first or second place is clearly nearer and not far, else 0."""
    first, second = _gap(place, one), _gap(place, other)
    if min(first, second) > reach or abs(first - second) < (first + second) / 5:
        return 0
    return -1 if first < second else 1


_BESIDE = 25
"""Characters within which something stands beside something else."""


# ---------------------------------------------------------------- names and things


def _other_names(claim: _Text, passage: Passage) -> bool:
    """The claim names something that the quote does not, in place of what it names."""
    spelt = claim.acronyms
    extra = [name for name in claim.names if not _mentions(passage.quote, name)]
    extra = [name for name in extra if spelt.get(name.at, "-") not in passage.context.key]
    for name in extra:
        if _mentions(passage.title, name):
            continue
        if not _mentions(passage.context, name):
            return True
        rivals = [
            other
            for other in passage.quote.names
            if not _mentions(claim, other) and not _mentions(passage.title, other)
        ]
        if rivals:
            return True
    return False


def _mentions(text: _Text, name: _Word) -> bool:
    key = name.key
    if key in text.key or (len(key) > 4 and key.removesuffix("s") in text.key):
        return True
    parts = [folded_latin(part) for part in re.split(r"[-+/]", name.word)]
    if len(parts) > 1 and all(part in text.key for part in parts):
        return True
    capitals = "".join(char for char in name.word if char.isupper()).lower()
    return 3 <= len(capitals) <= 6 and capitals in text.initials


def _other_measure(claim: _Text, passage: Passage) -> bool:
    """The claim speaks of another measure ("accuracy") than the quote ("F1")."""
    mine, theirs = _measures(claim), _measures(passage.quote)
    return bool(mine - _measures(passage.near)) and bool(theirs - mine) and bool(mine - theirs)


def _measures(text: _Text) -> frozenset[str]:
    return frozenset(name for pattern, name in _measure_patterns() if pattern.search(text.small) is not None)


@cache
def _measure_patterns() -> list[tuple[re.Pattern[str], str]]:
    spaced = [(re.compile(rf"\b(?:{pattern})(?![a-z])"), name) for pattern, name in spaced_words().measures]
    return spaced + [(re.compile(pattern), name) for pattern, name in cjk_words().measures]


def _opposite_words(claim: _Text, passage: Passage) -> bool:
    """The claim has one word of a pair of opposites, the quote the other one."""
    mine, theirs = ({word.key: word.at for word in text.words} for text in (claim, passage.quote))
    for pair in all_words().opposites:
        one, other = (_stem(word) for word in pair.split("/"))
        for said, unsaid in ((one, other), (other, one)):
            if said in mine and unsaid not in mine and unsaid in theirs and said not in theirs:
                denied = (
                    _is_denied(claim, mine[said], 20, 0),
                    _is_denied(passage.quote, theirs[unsaid], 20, 0),
                )
                if denied[0] == denied[1]:
                    return True
    if _attributes(claim) & {(_opposite_words_of(word), noun) for word, noun in _attributes(passage.quote)}:
        return True
    if _prefixed(claim, passage.quote) or _prefixed(passage.quote, claim):
        return True
    return any(
        term in claim.plain
        and opposite not in claim.plain
        and _english(opposite).search(passage.quote.small)
        and not _english(term).search(passage.quote.small)
        for term, opposite in _cjk_opposites()
    )


def _attributes(text: _Text) -> set[tuple[str, str]]:
    """Words of pairs of opposites with the content word that follows each: ("small", "field")."""
    found = set()
    for match in re.finditer("[a-z-]+", text.small):
        if _opposite_words_of(match[0]) and not _is_denied(text, match.start(), 20, 0):
            noun = next((word for word in text.words if match.end() <= word.at <= match.end() + 3), None)
            if noun:
                found.add((match[0], noun.key))
    return found


def _opposite_words_of(word: str) -> str:
    """The opposite of a word, or nothing."""
    return _opposite_pairs().get(word, "")


@cache
def _opposite_pairs() -> dict[str, str]:
    pairs = [pair.split("/") for pair in spaced_words().opposites]
    return {word: pair[1 - at] for pair in pairs for at, word in enumerate(pair)}


def _letters(word: _Word) -> str:
    return re.sub("[- ]", "", word.word.lower())


def _prefixed(text: _Text, other: _Text) -> bool:
    """Whether `other` has "unlike" where `text` has "like"."""
    theirs = {_letters(word): word for word in other.words}
    for word in text.words:
        small = _letters(word)
        if len(small) < 6 or small in theirs:
            continue
        for prefix in all_words().opposite_prefixes:
            opposite = theirs.get(prefix + small)
            if opposite and not any(_letters(two) == prefix + small for two in text.words):
                return _is_denied(text, word.at, 20, 0) == _is_denied(other, opposite.at, 20, 0)
    return False


@cache
def _cjk_opposites() -> list[tuple[str, str]]:
    pairs = [tuple(pair.split("/")) for pair in cjk_words().opposites]
    return [(one, other) for one, other in pairs] + [(other, one) for one, other in pairs]


# ---------------------------------------------------------------- direction


def _other_direction(claim: _Text, passage: Passage) -> bool:
    """The claim says more where the quote says less, or better where it says worse."""
    quote = passage.quote
    costly = claim.says(_costs()) or quote.says(_costs())
    for sign in claim.signs:
        scored = [
            (_affinity(claim, sign.at, quote, other.at), other)
            for other in quote.signs
            if other.axis == sign.axis or {other.axis, sign.axis} == _CROSS
        ]
        same = max((score for score, other in scored if other.up == sign.up), default=-1.0)
        opposite = max(
            (
                score
                for score, other in scored
                if other.up != sign.up and (other.axis == sign.axis or not costly)
            ),
            default=-1.0,
        )
        if opposite >= 0 and (same < 0 or opposite > max(1.5 * same, _CLOSE)):
            return True
    return False


_CLOSE = 0.25
"""Least affinity of two words that are about the same thing."""
_CROSS = frozenset({"amount", "worth"})
"""Axes that go together, except for things of which less is better."""


def _affinity(claim: _Text, mine: int, quote: _Text, theirs: int) -> float:
    """How much two places of two texts have beside them in common."""
    scale = 3 if claim.unspaced else 8
    here, there = claim.stretched(mine), quote.stretched(theirs)

    def weight(at: int, places: Iterable[int]) -> float:
        apart = min((abs(quote.stretched(place) - there) for place in places), default=None)
        if apart is None:
            return 0
        return 1 / (2 + abs(claim.stretched(at) - here) / scale + apart / 8)

    signs = {sign.at for sign in claim.signs}
    return (
        sum(
            weight(one.start, (two.start for two in quote.numbers if one.states(two)))
            for one in claim.numbers
        )
        + sum(
            weight(one.at, (two.at for two in quote.words if one.key == two.key))
            for one in claim.words
            if one.at not in signs
        )
        + sum(
            weight(at, (match.start() for match in _english(term).finditer(quote.small)))
            for at, term in claim.terms
            if at not in signs
        )
    )


def _roles_swapped(claim: _Text, passage: Passage) -> bool:
    """What the claim says is better than the other is the other in the quote."""
    mine, theirs = _sides(claim, _thans()), _sides(passage.quote, _thans())
    if mine and theirs:
        better, worse, other_better, other_worse = (
            {word.key for word in words if word.is_name} for words in (*mine, *theirs)
        )
        if better & other_worse and worse & other_better:
            return True
        # "A is better than this" where the quote says that this is better than A.
        opens = {word.key for word in mine[0][:1] if word.is_name and word.at < _OPENING}
        if opens & other_worse and not other_better:
            return True
    mine, theirs = _sides(claim, _verbs()), _sides(passage.quote, _verbs())
    if not mine or not theirs:
        return False
    subject = {word.key for word in mine[0][-1:] if word.is_name}
    better, worse, other_better, other_worse = ({word.key for word in words} for words in (*mine, *theirs))
    if subject & (other_worse - other_better):
        return True
    return bool(
        (better - worse) & (other_worse - other_better) and (worse - better) & (other_better - other_worse)
    )


def _sides(text: _Text, comparison: re.Pattern[str]) -> tuple[list[_Word], list[_Word]] | None:
    """What is better and what is worse in a comparison: the words before and after it, or the other way round."""
    found = comparison.search(text.small)
    if not found or text.unspaced:
        return None
    before = [word for word in text.words if word.at < found.start()]
    after = [word for word in text.words if word.at >= found.end()]
    return (after, before) if _passives().search(text.small) else (before, after)


# ---------------------------------------------------------------- negation, cause, reach


def _negated(claim: _Text, passage: Passage) -> bool:
    """One side denies what the other one says."""
    return _denies(claim, passage.quote, alone=True) or _denies(passage.quote, claim)


def _denies(text: _Text, other: _Text, *, alone: bool = False) -> bool:
    """Whether `text` denies something that `other` says without any denial around it.

    Arguments:
        text: Has the negations.
        other: Is searched for what they deny.
        alone: Whether a negation of something else that `other` lacks is a contradiction too.
    """
    for negation in text.negations:
        places = _denied(text, negation, other)
        if places is None:
            if alone and not other.says(_soft_negations()) and "non" not in other.small:
                return True
        elif not any(_is_denied(other, at) for at in places):
            return True
    return False


def _denied(text: _Text, negation: re.Match[str], other: _Text) -> list[int] | None:
    """Places in `other` of the first thing after a negation; None where it is not there or not known."""
    at = negation.end()
    _, stop = text.clause(at, 0, 10 if text.unspaced else 45)
    if text.unspaced:
        for place, term in text.terms:
            if at <= place <= stop:
                return [match.start() for match in _english(term).finditer(other.small)] or None
    for word in text.words:
        if at <= word.at <= stop and not (text.unspaced and word.is_name):
            if other.unspaced:
                return [
                    place for place, term in other.terms if _english(term).search(word.word.lower())
                ] or None
            return [one.at for one in other.words if one.key == word.key] or None
    return None


def _is_denied(text: _Text, at: int, before: int = 60, after: int = 12) -> bool:
    start, stop = text.clause(at, *((12, 6) if text.unspaced else (before, after)))
    # "Without A, B or C" denies all three.
    while (item := _LISTED.search(text.small, max(0, start - 30), start + 1)) and start > at - before:
        start = item.start()
    return _soft_negations().search(text.small, start, stop) is not None


_LISTED = re.compile(r"(?:\b(?:without|neither|nor|no)\b|,)(?: [\w\[\]-]+){1,3},$")


def _invented_cause(claim: _Text, passage: Passage) -> bool:
    """The claim gives a reason that the quote does not give."""
    for cause in _causes().finditer(claim.small):
        if not passage.quote.says(_any_causes()):
            return True
        clause = _Text(re.split("[,;.，；。]", claim.plain[cause.end() :])[0])
        known = [_has(passage.near, word) for word in clause.words if word.is_name or not claim.unspaced]
        known += [_english(term).search(passage.near.small) is not None for _, term in clause.terms]
        if known and sum(known) < 0.5 * len(known):
            return True
    return False


def _has(text: _Text, word: _Word) -> bool:
    if word.is_name:
        return _mentions(text, word)
    return any(
        other.key == word.key or (other.is_name and other.key.startswith(word.key)) for other in text.words
    )


def _too_general(claim: _Text, passage: Passage) -> bool:
    """The claim holds for all, or is the best of all, where the quote says nothing like that."""
    return (claim.says(_universals()) and not passage.quote.says(_any_universals())) or (
        claim.says(_superlatives()) and not passage.near.says(_any_superlatives())
    )


# ---------------------------------------------------------------- subject

LEAST_SHARED = 0.25
"""Share of what the claim is about that the quote has to have."""
LEAST_SHARED_TERMS = 0.33
"""The same for a claim in Chinese, whose terms stand for many English words."""


def _unrelated(claim: _Text, passage: Passage) -> bool:
    """The quote has hardly anything of what the claim is about."""
    return shared_part(claim, passage) < (LEAST_SHARED_TERMS if len(claim.terms) > 2 else LEAST_SHARED)


def shared_part(claim: _Text, passage: Passage) -> float:
    """Share, 0-1, of what a claim is about that the quote has: numbers, names, words; 1 where too little is known."""
    total = shared = 0.0
    for one in claim.numbers:
        if not one.in_words or one.units:
            total += 1
            shared += any(one.states(other) for other in passage.quote.numbers)
    for word in claim.words:
        if word.is_name or not claim.unspaced:
            weight = 3 / (3 + passage.counts.get(word.key if word.is_name else word.word, 0) ** 0.5)
            total += weight
            shared += weight * _has(passage.quote, word)
    for _, term in claim.terms:
        total += 0.7
        shared += 0.7 * (_english(term).search(passage.quote.small) is not None)
    return shared / total if total > 1 else 1.0


_RULES: tuple[tuple[Callable[[_Text, Passage], bool], ReasonCode], ...] = (
    (_numbers_differ, ReasonCode.FAR_NUMBERS),
    (_unrelated, ReasonCode.UNRELATED),
    (_units_swapped, ReasonCode.FAR_NUMBERS),
    (_numbers_swapped, ReasonCode.CONTRADICTED),
    (_other_names, ReasonCode.CONTRADICTED),
    (_other_measure, ReasonCode.CONTRADICTED),
    (_opposite_words, ReasonCode.CONTRADICTED),
    (_roles_swapped, ReasonCode.CONTRADICTED),
    (_other_direction, ReasonCode.CONTRADICTED),
    (_negated, ReasonCode.CONTRADICTED),
    (_invented_cause, ReasonCode.OVERSTATED),
    (_too_general, ReasonCode.OVERSTATED),
)
