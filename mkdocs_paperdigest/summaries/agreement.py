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
from mkdocs_paperdigest.summaries.gate.words import Words, all_words, cjk_words, either, spaced_words
from mkdocs_paperdigest.summaries.lexicon import chinese_words, is_common, meanings_of, stem_of
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
    keys: frozenset[str]
    """Its stem, its letters and digits if it is a name, or the English stems that it may stand for."""
    is_name: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether its keys are translations."""
        return self.word[0] > "\u2e80"

    def is_same(self, other: "_Word") -> bool:
        """Whether the other one may be the same word, in this or another language."""
        return not self.keys.isdisjoint(other.keys)

    @property
    def end(self) -> int:
        return self.at + len(self.word)


@dataclass(frozen=True, slots=True)
class _Sign:
    at: int
    axis: str
    up: bool


def _by_key(words: Iterable[_Word]) -> dict[str, list[_Word]]:
    found: dict[str, list[_Word]] = {}
    for word in words:
        for key in word.keys:
            found.setdefault(key, []).append(word)
    return found


class _Text:
    """A text, and what the rules compare of it; each part is found when it is first needed."""

    def __init__(self, text: str) -> None:
        self.plain = _DASH.sub("-", plain_numerals(text))
        self.small = self.plain.lower()
        self.unspaced = re.search(f"[{UNSPACED}]", text) is not None

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        return quantities(self.plain)

    @cached_property
    def tokens(self) -> list[_Word]:
        """Words and names."""
        found: list[_Word] = []
        for match in _TOKEN.finditer(self.plain):
            word = match[0]
            if _is_name(word, not self.unspaced and self._opens_sentence(match.start())):
                found.append(_Word(match.start(), word, frozenset([_name_key(word)]), is_name=True))
            elif len(word) > 1:
                small = word.lower()
                found.append(_Word(match.start(), small, frozenset([stem_of(small)])))
        if self.unspaced:
            found += [_Word(at, word, keys) for at, word, keys in chinese_words(self.plain)]
            found.sort(key=lambda word: word.at)
        return found

    @cached_property
    def words(self) -> list[_Word]:
        """Content words and names."""
        return [word for word in self.tokens if word.is_name or word.word not in _empty_words()]

    def like(self, word: _Word) -> list[_Word]:
        """What may be the same word; of another language's words, the empty ones count too."""
        known = self._tokens_by_key if word.is_foreign else self._words_by_key
        return [one for key in word.keys for one in known.get(key, ())]

    @cached_property
    def _tokens_by_key(self) -> dict[str, list[_Word]]:
        return _by_key(self.tokens)

    @cached_property
    def _words_by_key(self) -> dict[str, list[_Word]]:
        return _by_key(self.words)

    def _opens_sentence(self, at: int) -> bool:
        before = self.plain[max(0, at - 3) : at].rstrip()
        return not before or before[-1] in ".!?:。！？"

    @cached_property
    def names(self) -> list[_Word]:
        return [word for word in self.words if word.is_name]

    @cached_property
    def meanings(self) -> frozenset[str]:
        """Chinese words that its words may stand for: synonyms have one in common."""
        return frozenset().union(*(meanings_of(key) for word in self.tokens for key in word.keys))

    @cached_property
    def parts(self) -> frozenset[str]:
        """The parts of its names, in small letters."""
        return frozenset(part for name in self.names for part in re.split(r"[-+/]", name.word.lower()))

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
    def comparisons(self) -> "list[_Comparison]":
        return list(_comparisons(self))

    def sentence_around(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence around a part begins and ends."""
        left = max((match.end() for match in _SENTENCE_END.finditer(self.small, 0, start)), default=0)
        right = _SENTENCE_END.search(self.small, end)
        return left, right.start() if right else len(self.small)

    def break_after(self, at: int) -> int:
        """Where the clause after a place ends."""
        place = bisect_left(self._breaks, at)
        return self._breaks[place] if place < len(self._breaks) else len(self.small)

    def between(self, start: int, end: int) -> list[_Word]:
        """The words of a part, also those that are usually empty, and its numbers."""
        words = [word for word in self.tokens if start <= word.at < end and word.word not in _BETWEEN]
        numbers = [one for one in self.numbers if start <= one.start < end]
        return words + [
            _Word(one.start, str(one.value), frozenset([f"#{one.value.normalize()}"])) for one in numbers
        ]

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
        begin = self.stretched(start) + _JOINT * bisect_left(self._joints, start)
        return begin, begin + end - start

    @cached_property
    def _joints(self) -> list[int]:
        return [match.start() for match in _COORDINATION.finditer(self.small)]

    def ranges(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether two numbers are the ends of a range."""
        (_, start), (end, _) = sorted((one, other))
        return re.fullmatch(r"[\s%]*(?:to|through|[-–~]|[至到])\s*", self.small[start:end]) is not None

    def lists(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether two parts stand beside each other in a list or range."""
        (_, start), (end, _) = sorted((one, other))
        return _LISTED_TOGETHER.fullmatch(self.small, start, end) is not None

    def clause(self, at: int, before: int, after: int) -> tuple[int, int]:
        """Where the surroundings of a place begin and end, within its clause."""
        left = [place for place in self._breaks if at - before <= place < at]
        right = [place for place in self._breaks if at < place <= at + after]
        return (left[-1] if left else max(0, at - before)), (right[0] if right else at + after)

    def says(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.small) is not None


_SENTENCE_END = re.compile(
    r"(?<=[a-z0-9)\]%]{2})[.;](?!\d)|[。；！？]|\b(?:while|whereas)\b|而(?!非)|但|, (?:yet|but)\b"
)
_NEGATION_BEFORE = re.compile(r"(?:(?:\b(?:not|no|never|cannot)|n['’]t)\b|不|没有?|未)\s?(?:\w+ )?$")
_BREAK = 20
"""Characters that the end of a clause counts for."""
_DASH = re.compile("(?<=[A-Za-z])[\u2010\u2011\u2013](?=[A-Za-z])")
_JOINT = 12
"""Characters that a conjunction counts for."""
_COORDINATION = re.compile(r"\b(?:and|or|with)\b|[和与及、]")
_LISTED_TOGETHER = re.compile(r"[\s%]*(?:,|and|or|/|[和与及、])(?: (?:and|or))?\s*")
_TOKEN = re.compile(
    r"(?<!\d-)(?<![A-Za-z0-9])(?:non[- ]|un)?[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*(?:[-+/][A-Za-z0-9]+)*"
)


def _is_name(word: str, first: bool) -> bool:
    capitals = sum(char.isupper() for char in word)
    numbered = any(char.isdigit() for char in word) and not word[0].isdigit()
    if capitals >= 2 or numbered or (capitals and any(char.isdigit() for char in word)):
        return len(word) <= 40
    small = word.lower()
    return (
        bool(capitals)
        and word[0].isupper()
        and len(word) >= 2
        and small not in _empty_words()
        and not (first and is_common(small))
    )


_SUFFIX = re.compile(r"-(?:based|like|driven|style|only|free)$")


def _name_key(word: str) -> str:
    key = folded_latin(_SUFFIX.sub("", word))
    return key[:-1] if len(key) > 3 and key.endswith("s") and word[-2:-1].isupper() else key


@cache
def _empty_words() -> frozenset[str]:
    from mkdocs_paperdigest.summaries.extract.stopwords import STOP

    words = all_words()
    numbers = (word for word, _ in (*words.number_words, *words.number_scales))
    return STOP | frozenset(words.empty_words) | frozenset(numbers)


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
_hedges = _patterns(lambda words: words.hedges)
_lower_bounds = _patterns(lambda words: words.lower_bounds)
_costs = _patterns(lambda words: words.costs)
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


_POINTS = re.compile("percentage points?|百分点")


def _units_swapped(claim: _Text, passage: Passage) -> bool:
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


def _numbers_swapped(claim: _Text, passage: Passage) -> bool:
    """Two numbers of the claim belong to each other's things in the quote."""
    items = list(islice(_shared(claim, passage.quote), _MOST_SHARED))
    things = [item for item in items if not item.category.startswith("number")]
    numbers = [item for item in items if item.category.startswith("number")]
    for one, other in combinations(numbers, 2):
        if one.category != other.category or claim.ranges(one.span, other.span):
            continue
        if listed := _listed(one, other, claim, passage.quote):
            lists = (
                pair for pair in combinations(things, 2) if listed & _listed(*pair, claim, passage.quote)
            )
            if any(_crossed(one, other, *pair) for pair in lists):
                return True
        elif _are_swapped(one, other, items):
            return True
    return False


def _listed(one: _Shared, other: _Shared, claim: _Text, quote: _Text) -> set[str]:
    """In which texts two things stand beside each other in a list: things of two lists belong to each other by order."""
    found = {"claim"} if claim.lists(one.span, other.span) else set()
    return found | ({"quote"} if quote.lists(one.their_span, other.their_span) else set())


def _crossed(one: _Shared, other: _Shared, third: _Shared, fourth: _Shared) -> bool:
    """Whether two pairs have the same order in one text and different orders in the other."""
    mine = (one.span < other.span) == (third.span < fourth.span)
    return mine != ((one.their_span < other.their_span) == (third.their_span < fourth.their_span))


_MOST_SHARED = 40
"""Things that are compared with each other; a statement has fewer."""


def _shared(claim: _Text, quote: _Text) -> Iterator[_Shared]:
    def shared(category: str, mine: tuple[int, int], theirs: tuple[int, int]) -> _Shared:
        return _Shared(category, claim.place(*mine), quote.place(*theirs), mine, theirs)

    for one in claim.numbers:
        found = [other for other in quote.numbers if one.states(other)]
        if len(found) == 1 and sum(two.value == one.value for two in claim.numbers) == 1:
            units = "".join(sorted(found[0].units))
            yield shared(f"number {units}", (one.start, one.end), (found[0].start, found[0].end))
    for word in claim.words:
        places = [(other.at, other.end) for other in quote.like(word)]
        if len(places) == 1 and sum(two.is_same(word) for two in claim.words) == 1:
            yield shared("name" if word.is_name else "word", (word.at, word.end), places[0])


@cache
def _opposites() -> dict[str, str]:
    pairs = [(pair, *(stem_of(word) for word in pair.split("/"))) for pair in all_words().opposites]
    return {stem: pair for pair, *stems in pairs for stem in stems}


def _opposite_of(word: _Word) -> str | None:
    # A translation may stand for either.
    return None if word.is_foreign else _opposites().get(next(iter(word.keys)))


def _are_swapped(one: _Shared, other: _Shared, items: Sequence[_Shared]) -> bool:
    """Whether what stands beside each of two things in the claim stands beside the other one in the quote."""
    # Where the order is the same, only what stands right beside them can show that they have changed places.
    in_order = (one.mine < other.mine) == (one.theirs < other.theirs)
    reach = _BESIDE if in_order else 10 * _BESIDE
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
    (key,) = name.keys
    if text.like(name):
        return True
    if len(key) < 4 and key.isalpha():
        # Some PDFs have spaces between the letters.
        spelt = r"\s?".join(char for char in name.word if char.isalpha())
        return (
            key in text.parts
            or (len(key) == 3 and key in text.initials)
            or re.search(rf"\b{spelt}\b", text.plain) is not None
        )
    if key in text.key or (len(key) > 4 and key.removesuffix("s") in text.key):
        return True
    parts = [folded_latin(part) for part in re.split(r"[-+/]", name.word)]
    if len(parts) > 1 and all(part in (text.key if len(part) > 3 else text.parts) for part in parts):
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
    mine, theirs = (
        {key: word.at for word in text.tokens if not word.is_foreign for key in word.keys}
        for text in (claim, passage.quote)
    )
    for pair in all_words().opposites:
        one, other = (stem_of(word) for word in pair.split("/"))
        for said, unsaid in ((one, other), (other, one)):
            if said in mine and unsaid not in mine and unsaid in theirs and said not in theirs:
                denied = (
                    _is_denied(claim, mine[said], 20, 0),
                    _is_denied(passage.quote, theirs[unsaid], 20, 0),
                )
                if denied[0] == denied[1]:
                    return True
    claimed, printed = _attributes(claim), _attributes(passage.quote)
    opposites = {(_opposite_words_of(word), noun) for word, noun in printed}
    if (claimed - printed) & opposites - {(_opposite_words_of(word), noun) for word, noun in claimed}:
        return True
    if _prefixed(claim, passage.quote) or _prefixed(passage.quote, claim):
        return True
    return any(
        term in claim.plain
        and opposite not in claim.plain
        and _renders(opposite, passage.quote)
        and not _renders(term, passage.quote)
        for term, opposite in _cjk_opposites()
    )


def _renders(term: str, text: _Text) -> bool:
    return any(_has_keys(text, keys) for _, _, keys in chinese_words(term))


def _has_keys(text: _Text, keys: frozenset[str]) -> bool:
    return any(not keys.isdisjoint(word.keys) for word in text.words)


def _attributes(text: _Text) -> set[tuple[str, str]]:
    """Words of pairs of opposites with the content word that follows each: ("small", "field")."""
    found = set()
    for match in re.finditer("[a-z-]+", text.small):
        if _opposite_words_of(match[0]) and not _is_denied(text, match.start(), 20, 0):
            noun = next((word for word in text.words if match.end() <= word.at <= match.end() + 3), None)
            if noun:
                found |= {(match[0], key) for key in noun.keys}
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
    settled = {mine.sign for mine, verdict in _verdicts(claim, quote) if verdict > 0}
    for sign in claim.signs:
        if sign in settled:
            continue
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


_CLOSE = 0.2
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
    return sum(
        weight(one.start, (two.start for two in quote.numbers if one.states(two))) for one in claim.numbers
    ) + sum(weight(one.at, (two.at for two in quote.like(one))) for one in claim.words if one.at not in signs)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What a text compares with what."""

    subject: list[_Word]
    other: list[_Word]
    """What the subject is compared with."""
    sign: _Sign | None


def _roles_swapped(claim: _Text, passage: Passage) -> bool:
    """What the claim says is better than the other is the other in the quote, or not better."""
    verdicts = [verdict for _, verdict in _verdicts(claim, passage.quote)]
    return -1 in verdicts and 1 not in verdicts


def _verdicts(claim: _Text, quote: _Text) -> list[tuple[_Comparison, int]]:
    """Each comparison of the claim, as often as the quote has one, with what `_agree` says of the two."""
    costly = claim.says(_costs()) or quote.says(_costs())
    return [
        (mine, _agree(mine, theirs, costly=costly))
        for mine in claim.comparisons
        for theirs in quote.comparisons
    ]


def _agree(mine: _Comparison, theirs: _Comparison, *, costly: bool) -> int:
    """1 if two comparisons say the same, -1 if they say the opposite, 0 if that is not known."""
    order = _order(mine, theirs)
    if mine.sign is None or theirs.sign is None or mine.sign.up == theirs.sign.up:
        known = mine.sign is None or theirs.sign is None or _may_compare(mine.sign, theirs.sign)
        return order if known else max(order, 0)
    if mine.sign.axis == theirs.sign.axis or (_may_compare(mine.sign, theirs.sign) and not costly):
        return -order
    return 0


def _subjects_swapped(claim: _Text, passage: Passage) -> bool:
    """The claim begins with a name that the quote has later, and the quote begins with one that the claim has later."""
    quote = passage.quote
    if claim.comparisons or quote.comparisons or _PASSIVE.search(f"{claim.small} {quote.small}"):
        return False
    return _opens_with_later_name(claim, quote) and _opens_with_later_name(quote, claim)


def _opens_with_later_name(text: _Text, other: _Text) -> bool:
    if text.tokens[:1] and text.tokens[0].word.lower() in _BETWEEN:
        return False
    first = {word.word.lower() for word in other.tokens if word.at < _OPENING}
    later = {
        word.word.lower() for word in other.tokens if word.at >= _OPENING and other.plain[word.at].isupper()
    }
    opening = (word for word in text.tokens if word.at < _OPENING and text.plain[word.at].isupper())
    return any(word.word.lower() in later - first for word in opening)


_OPENING = 12
"""Characters in which the subject of a sentence begins."""
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being) (?:\w+ )?\w+(?:ed|en|n) by\b")


def _other_rival(claim: _Text, passage: Passage) -> bool:
    """The claim compares the subject with something else than the quote does."""
    pairs = [(mine, theirs) for mine in claim.comparisons for theirs in passage.quote.comparisons]
    return (
        bool(pairs) and not claim.unspaced and all(_is_other_rival(*pair, claim, passage) for pair in pairs)
    )


def _is_other_rival(mine: _Comparison, theirs: _Comparison, claim: _Text, passage: Passage) -> bool:
    told, printed = (
        [
            one
            for one in side.other
            if one.word[0].isalpha() and _tells(one) and not any(one.is_same(word) for word in side.subject)
        ]
        for side in (mine, theirs)
    )
    return bool(
        told
        and printed
        and not any(_has(passage.context, one) for one in told)
        and not any(_has(claim, one) for one in printed)
    )


def _other_owner(claim: _Text, passage: Passage) -> bool:
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
            if len(like) != 1 or _gap(here, claim.place(like[0].at, like[0].end)) > _BESIDE:
                continue
            rivals = (
                other
                for kind, other in slots
                if kind == slot
                and not other.is_same(word)
                and not any(other.is_same(mine) for mine in claim.words)
            )
            mine = quote.place(word.at, word.end)
            if any(_nearer(place, mine, quote.place(rival.at, rival.end), _BESIDE) > 0 for rival in rivals):
                return True
    return False


def _other_sign(claim: _Text, passage: Passage) -> bool:
    """What rises in the quote and what falls there have changed places in the claim."""
    quote = passage.quote
    contrasts = {sign.axis for sign in quote.signs if sign.up} & {
        sign.axis for sign in quote.signs if not sign.up
    }
    if not contrasts or claim.unspaced or quote.unspaced:
        return False
    slots = {word.at for kind, word in _slots(quote) if kind in _PREPOSITIONS}
    for item in islice(_shared(claim, quote), _MOST_SHARED):
        if item.their_span[0] in slots:
            mine = _sign_beside(claim, item.mine, contrasts)
            theirs = _sign_beside(quote, item.theirs, contrasts)
            if mine and theirs and mine.axis == theirs.axis and mine.up != theirs.up:
                return True
    return False


def _sign_beside(text: _Text, place: tuple[int, int], axes: set[str]) -> _Sign | None:
    """The sign that stands clearly nearest to a place, if it is near."""
    found = sorted(
        (_gap(place, text.place(sign.at, sign.at + 3)), sign.at, sign)
        for sign in text.signs
        if sign.axis in axes
    )[:2]
    if not found or found[0][0] > 2 * _BESIDE:
        return None
    if len(found) > 1 and found[1][2].up != found[0][2].up and found[1][0] < 1.5 * found[0][0] + 4:
        return None
    return found[0][2]


_PREPOSITIONS = frozenset({"on", "in", "for", "at", "of"})


def _slots(text: _Text) -> Iterator[tuple[str, _Word]]:
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


def _may_compare(one: _Sign, other: _Sign) -> bool:
    return one.axis == other.axis or {one.axis, other.axis} == _CROSS


def _order(mine: _Comparison, theirs: _Comparison) -> int:
    """1 if both compare the same things in the same order, -1 if in the other order, 0 if that is not known."""
    kept, swapped = _sides(mine.other, mine.subject, theirs.other, theirs.subject)
    others_kept, others_swapped = _sides(theirs.other, theirs.subject, mine.other, mine.subject)
    if kept + others_kept > swapped + others_swapped or not (swapped or others_swapped):
        return bool(kept + others_kept)
    # "In the northern than in the southern hemisphere": the last word belongs to both.
    if swapped and others_swapped and swapped + others_swapped >= kept + others_kept:
        return -1
    lone = [word for word in (mine.other if swapped else theirs.other) if _tells(word)]
    return -(
        not kept + others_kept
        and bool(lone)
        and bool(
            _sides(lone, [], *((theirs.other, theirs.subject) if swapped else (mine.other, mine.subject)))[1]
        )
    )


def _tells(word: _Word) -> bool:
    """Whether a word says what something is."""
    return word.is_name or word.word not in _empty_words()


def _sides(
    others: list[_Word], subjects: list[_Word], same: list[_Word], opposite: list[_Word]
) -> tuple[int, int]:
    """How many of what is compared with something stand on the same and on the opposite side in another text."""
    kept = swapped = 0
    for word in others:
        if any(word.is_same(one) for one in subjects):
            continue
        here, there = (any(word.is_same(one) for one in side) for side in (same, opposite))
        kept += here and not there
        swapped += there and not here
    return kept, swapped


def _comparisons(text: _Text) -> Iterator[_Comparison]:
    compared: set[int] = set()
    known = [sign for sign in text.signs if sign.axis not in _NOT_COMPARED]
    for found in (_CJK_COMPARISON if text.unspaced else _thans()).finditer(text.small):
        at, after = found.span()
        left, right = text.sentence_around(at, after)
        stop = min(text.break_after(after), right)
        if text.unspaced and (first := found[1] or found[2]):
            start = found.start(1 if found[1] else 2)
            other = text.between(start, start + len(first))
            subject = text.between(left, at) + text.between(after, right)
            signs = [one for one in known if after <= one.at < right]
        elif not text.unspaced and stop < right and _OPENS_WITH.search(text.small[left:at]):
            # "Compared with B, A is better."
            other, subject = text.between(after, stop), text.between(stop, right)
            signs = [one for one in known if stop <= one.at < right]
        else:
            signs = [one for one in known if at <= one.at < stop]
            if text.unspaced:
                # A 比 B 更高
                stop = signs[0].at if found[3] and signs else stop
            else:
                signs = [one for one in known if left <= one.at <= at][::-1] or signs
                adverbial = _ADVERBIAL.search(text.small, after + 2, stop)
                stop = adverbial.start() if adverbial else stop
            other, subject = text.between(after, stop), text.between(left, at)
            # 比 B 效果更好: what is measured
            if (
                text.unspaced
                and found[3]
                and other
                and other[-1].is_foreign
                and (len(other) > 1 or not signs)
            ):
                other = other[:-1]
        # "More computation and less communication" has no direction of its own.
        sign = signs[0] if signs and all(one.up == signs[0].up for one in signs) else None
        yield _Comparison([one for one in subject if one.at not in compared], other, sign)
        compared |= {one.at for one in other}


_NOT_COMPARED = frozenset({"degree", "bound", "share"})
_OPENS_WITH = re.compile(r"(?:^|[,;:.] ?)(?:when |as |in )?$")
_CJK_COMPARISON = re.compile(
    r"(?:(?:与|和|同)([^，。；,;]{1,30}?)(?:相比|相较)|(?:相比于?|相较于?|较之)([^，。；,;]{1,30}?)(?=[，,]))"
    r"|((?<![相对之占类同成按])比(?![例值较如率对重赛特分]))"
    r"|(?:优|高|低|大|小|多|少|强|弱|快|慢|好|差|逊|劣|胜|长|短)于|超过|超越|胜过|不如|不及"
)
_ADVERBIAL = re.compile(r" (?:on|in|at|with|by|for|to|when|from|across|under|after|using|despite|if)\b")
"""What follows is not part of what something is compared with."""


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
            if alone and not other.says(_soft_negations()) and not _NON.search(other.small):
                return True
        elif not any(_is_denied(other, at) for at in places):
            return True
    return False


def _denied(text: _Text, negation: re.Match[str], other: _Text) -> list[int] | None:
    """Places in `other` of the first thing after a negation; None where it is not there or not known."""
    at = negation.end()
    _, stop = text.clause(at, 0, 10 if text.unspaced else 45)
    following = (word for word in text.tokens if at <= word.at <= stop and word.word not in _BETWEEN)
    # Chinese may deny a verb that comes last.
    words = islice(following, 3 if text.unspaced or other.unspaced else 1)
    return [one.at for word in words for one in _any_form(other, word)] or None


def _any_form(text: _Text, word: _Word) -> list[_Word]:
    """Where a text has a word, also if it has it with a prefix that denies it."""
    keys = word.keys | {form for key in word.keys for form in (f"un{key}"[:5], f"non{key}"[:8])}
    return [one for one in text.tokens if not keys.isdisjoint(one.keys)]


_BETWEEN = frozenset(
    [
        "the",
        "an",
        "be",
        "been",
        "being",
        "is",
        "are",
        "was",
        "were",
        "to",
        "of",
        "in",
        "any",
        "have",
        "has",
        "had",
        "it",
        "its",
        "this",
        "that",
        "such",
        "as",
        "for",
        "all",
        "more",
        "very",
        "so",
        "yet",
        "on",
        "with",
        "at",
        "by",
        "from",
    ]
)
"""Words between a negation and what it denies."""


def _is_denied(text: _Text, at: int, before: int = 60, after: int = 20) -> bool:
    start, stop = text.clause(at, *((30, 6) if text.unspaced else (before, after)))
    # "Without A, B or C" denies all three.
    either = re.search(r"\b(?:n?or|and)\b", text.small[max(0, at - 30) : at + 30])
    while (
        either and (item := _LISTED.search(text.small, max(0, start - 30), start + 1)) and start > at - before
    ):
        start = item.start()
    return _soft_negations().search(text.small, start, stop) is not None


_NON = re.compile(r"\b(?:non|un)(?!-?local)[- ]?[a-z]{4}")
_LISTED = re.compile(r"(?:\b(?:without|neither|nor|no)\b|,)(?: [\w\[\]-]+){1,3},$")


def _invented_cause(claim: _Text, passage: Passage) -> bool:
    """The claim gives a reason that the quote does not give."""
    for cause in _causes().finditer(claim.small):
        if not passage.quote.says(_any_causes()):
            return True
        clause = _Text(re.split("[,;.，；。]", claim.plain[cause.end() :])[0])
        known = [_has(passage.quote, word) for word in clause.words]
        if known and sum(known) < 0.5 * len(known):
            return True
    return False


def _has(text: _Text, word: _Word) -> bool:
    if word.is_name:
        return _mentions(text, word)
    return bool(text.like(word)) or any(
        other.is_name and any(one.startswith(key) for key in word.keys for one in other.keys)
        for other in text.names
    )


def _has_synonym(text: _Text, word: _Word) -> bool:
    return not word.is_name and not word.is_foreign and not text.meanings.isdisjoint(meanings_of(*word.keys))


def _too_general(claim: _Text, passage: Passage) -> bool:
    """The claim holds for all, or is the best of all, or is at least so much, where the quote says nothing like that."""
    quote = passage.quote
    if claim.says(_universals()) and (
        not quote.says(_any_universals()) or (quote.says(_hedges()) and not quote.says(_universals()))
    ):
        return True
    if (
        _MERELY.search(claim.small)
        and _NOT_MERELY.search(quote.small)
        and not _NOT_MERELY.search(claim.small)
    ):
        return True
    if claim.says(_superlatives()) and not passage.near.says(_any_superlatives()):
        return True
    counts = {one.value for one in claim.numbers if _ALL_OF.search(claim.small[: one.start])}
    if counts and any(int(found[1]) in counts for found in _PART_OF.finditer(quote.small)):
        return True
    lower = [sign for sign in claim.signs if (sign.axis, sign.up) == ("bound", True)]
    bounded = any(
        0 < one.start - sign.at <= _BOUND and not one.in_words for sign in lower for one in claim.numbers
    )
    return bounded and not quote.says(_lower_bounds())


_MERELY = re.compile(r"\b(?:only|just|merely|solely|simply|entirely|purely)\b|仅|只是|完全是|单纯")
_NOT_MERELY = re.compile(
    r"(?:\bnot |n['’]t )(?:only|just|merely|solely|simply|entirely|purely)\b|beyond|不仅|不只|不止|并非|不单"
)
_ALL_OF = re.compile(r"\ball (?:the |of the )?$|(?:全部|所有)的?$")
_PART_OF = re.compile(r"\w+ (?:out )?of (?:the )?(\d+)\b")
_BOUND = 16
"""Characters within which a number follows "at least"."""


# ---------------------------------------------------------------- subject

LEAST_SHARED = 0.25
"""Share of what the claim is about that the quote has to have."""
LEAST_SHARED_TERMS = 0.2
"""The same for a claim in Chinese, whose terms stand for many English words."""


def _unrelated(claim: _Text, passage: Passage) -> bool:
    """The quote has hardly anything of what the claim is about."""
    return shared_part(claim, passage) < (LEAST_SHARED_TERMS if claim.unspaced else LEAST_SHARED)


def shared_part(claim: _Text, passage: Passage) -> float:
    """Share, 0-1, of what a claim is about that the quote has: numbers, names, words; 1 where too little is known."""
    total = shared = 0.0
    for one in claim.numbers:
        if not one.in_words or one.units:
            total += 1
            shared += any(one.states(other) for other in passage.quote.numbers)
    for word in claim.words:
        key = next(iter(word.keys)) if word.is_name else word.word
        weight = 0.7 if word.is_foreign else 3 / (3 + passage.counts.get(key, 0) ** 0.5)
        total += weight
        if _has(passage.quote, word):
            shared += weight
        elif _has_synonym(passage.quote, word):
            shared += weight / 2
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
    (_other_owner, ReasonCode.CONTRADICTED),
    (_other_sign, ReasonCode.CONTRADICTED),
    (_other_rival, ReasonCode.CONTRADICTED),
    (_subjects_swapped, ReasonCode.CONTRADICTED),
    (_other_direction, ReasonCode.CONTRADICTED),
    (_negated, ReasonCode.CONTRADICTED),
    (_invented_cause, ReasonCode.OVERSTATED),
    (_too_general, ReasonCode.OVERSTATED),
)
