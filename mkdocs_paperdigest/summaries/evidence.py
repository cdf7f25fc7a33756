"""Decides which claims of a model carry a quotation of the paper: found word for word, and about the same thing.

A quote is looked up in what a model is given to read, never in the list of references. What PDFs and models
change without changing a word is allowed: ligatures, hyphens, white space, lost mathematics, citation markers,
pointers to figures, and acronyms in brackets. `agreement` then compares the claim with its quote.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import accumulate, groupby

from rapidfuzz.distance import Levenshtein, Opcode

from mkdocs_paperdigest.models import Claim, FullText
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.agreement import Passage, disagreement
from mkdocs_paperdigest.summaries.gate.metadata import leads_away
from mkdocs_paperdigest.summaries.gate.words import all_words, either
from mkdocs_paperdigest.summaries.numerals import plain_numerals
from mkdocs_paperdigest.summaries.prompts.excerpt import readable_sections
from mkdocs_paperdigest.summaries.sentences import split_sentences
from mkdocs_paperdigest.text import UNSPACED, folded

FEWEST_WORDS = 4
"""A shorter quote proves nothing, because any paper may contain it."""
LONGEST_QUOTE = 1200
"""Characters; a longer one is a page, not a quote."""
NEAR_SENTENCES = 2
"""Sentences before and after a quote in which the numbers of its claim may stand."""
NEAR_CHARACTERS = 400
"""Most characters of them on either side: the rows of a table are no sentences."""

CONTEXT_CHARACTERS = 1500
"""Characters before a quote that may name what it is about."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found out about one claim."""

    marked: bool
    page: int | None = None
    """PDF page of the quote, from 1."""
    reason: ReasonCode | None = None
    """Why it is not marked."""


class Searchable:
    """A paper's text, prepared for looking up quotes; make it once for all claims of a paper."""

    def __init__(self, text: FullText, abstract: str = "", title: str = "") -> None:
        printed = [section.text for section in text.sections if _ABSTRACT.fullmatch(section.title)]
        passages = [abstract, *printed, *(section.text for section in readable_sections(text))]
        self._text = plain_numerals("\n\n".join(filter(None, passages)))
        self._pages = text.pages
        front = next((section.text for section in text.sections[:1] if section.title not in _SECTIONS), "")
        self.title = title or front[:300]

    @cached_property
    def whole(self) -> "_Words":
        """All words."""
        return _Words.of(self._text)

    @cached_property
    def bare(self) -> "_Words":
        """All words but those of citation markers, pointers to figures and acronyms in brackets."""
        return self.whole.without(_markers().finditer(self._text))

    @cached_property
    def counts(self) -> Counter[str]:
        """How often the paper has each word."""
        return Counter(self.whole.words)

    @cached_property
    def _pages_and_starts(self) -> tuple[str, list[int]]:
        letters, starts = [], [0]
        for page in self._pages:
            letters.append(folded(page))
            starts.append(starts[-1] + len(letters[-1]))
        return "".join(letters), starts

    def page_of(self, passage: str) -> int | None:
        """PDF page, from 1, on which a passage begins; None where the text has no pages."""
        if not self._pages:
            return None
        letters, starts = self._pages_and_starts
        wanted = folded(passage)
        for length in (len(wanted), 40, 20):
            found = letters.find(wanted[:length])
            if found >= 0:
                return bisect_right(starts, found)
        return None

    def near(self, start: int, end: int) -> str:
        """The sentences around a passage, which they include."""
        before = split_sentences(self._text[max(0, start - 3 * NEAR_CHARACTERS) : start])
        after = split_sentences(self._text[end : end + 3 * NEAR_CHARACTERS])
        # The first piece on either side completes the sentence of the quote.
        left = "".join(before[-NEAR_SENTENCES - 1 :])[-NEAR_CHARACTERS:]
        right = "".join(after[: NEAR_SENTENCES + 1])[:NEAR_CHARACTERS]
        return left + self._text[start:end] + right

    def passage(self, start: int, end: int) -> str:
        """A part of the text."""
        return self._text[start:end]


_SECTIONS = frozenset({"Abstract", "Introduction", "Text"})
_ABSTRACT = re.compile(r"\W*abstract\W*", re.IGNORECASE)


def verify(claim: Claim, paper: Searchable) -> Claim:
    """`claim` with `verified` and `page` set by what the paper contains.

    Arguments:
        claim: A statement with the quote that it rests on.
        paper: Its text and its abstract.
    """
    found = judge(claim, paper)
    return replace(claim, verified=found.marked, page=found.page)


def judge(claim: Claim, paper: Searchable) -> Evidence:
    """Whether a claim is marked, on which page its quote stands, and if not, why.

    It is marked if the paper contains the quote word for word, each number of the claim in the quote or near it,
    and nothing in the quote contradicts the claim.
    """
    if not claim.quote.strip():
        return Evidence(False, reason=ReasonCode.NO_QUOTE)
    # A page shows a quote word for word, so what a paper plants must not get there as one.
    places = [] if leads_away(claim.quote) else find(claim.quote, paper)
    reason = ReasonCode.UNVERIFIED
    for start, end in places:
        near = partial(paper.near, start, end)
        context = paper.passage(max(0, start - CONTEXT_CHARACTERS), start)
        passage = Passage(claim.quote, near, context, paper.title, paper.counts)
        wrong = disagreement(claim.text, passage)
        if wrong is None:
            return Evidence(True, paper.page_of(paper.passage(start, end)))
        reason = wrong
    return Evidence(False, reason=reason)


def find(quote: str, paper: Searchable) -> list[tuple[int, int]]:
    """Where the paper has a quote: characters of its text, in order; empty where it does not have it."""
    if len(quote) > LONGEST_QUOTE:
        return []
    plain = plain_numerals(quote)
    wanted = _Words.of(plain)
    if _size(wanted.words) < FEWEST_WORDS:
        return []
    places = list(_exact(wanted, paper.whole, plain))
    if places:
        return places
    bare = wanted.without(_markers().finditer(plain))
    if _size(bare.words) >= FEWEST_WORDS:
        places = [
            place for place in _exact(bare, paper.bare, plain) if _has_markers(plain, paper.whole.text, place)
        ]
    return places or [
        place
        for place in (*_nearly(wanted, paper.whole, plain), *_nearly(bare, paper.bare, plain))
        if _has_markers(plain, paper.whole.text, place)
    ]


_MOST_PLACES = 6


# ---------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, folded for comparison, with their places in it."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    letters: str
    """All words one after the other."""
    offsets: list[int]
    """Where each word begins in `letters`, and where the last one ends."""

    @classmethod
    def of(cls, text: str) -> "_Words":
        printed = _WORD.findall(text)
        keys = {word: _key(word) for word in set(printed)}
        words = [keys[word] for word in printed]
        spans = [match.span() for match in _WORD.finditer(text)]
        if "" in keys.values():
            spans = [span for span, word in zip(spans, words, strict=True) if word]
            words = [word for word in words if word]
        return cls._made(text, words, [start for start, _ in spans], [end for _, end in spans])

    @classmethod
    def _made(cls, text: str, words: list[str], starts: list[int], ends: list[int]) -> "_Words":
        offsets = [0, *accumulate(map(len, words))]
        return cls(text, words, starts, ends, "".join(words), offsets)

    def without(self, spans: Iterator[re.Match[str]]) -> "_Words":
        """These words without those inside some spans of the text."""
        words, starts, ends = [], [], []
        done = 0
        for span in spans:
            first = bisect_left(self.starts, span.start(), done)
            words += self.words[done:first]
            starts += self.starts[done:first]
            ends += self.ends[done:first]
            done = bisect_left(self.starts, span.end(), first)
        return self._made(
            self.text, words + self.words[done:], starts + self.starts[done:], ends + self.ends[done:]
        )


_WORD = re.compile(rf"\\[A-Za-z]+|[{UNSPACED}]|[^\W_{UNSPACED}]+")


def _key(word: str) -> str:
    """What a word is compared by; nothing for a command of TeX that is no Greek letter."""
    if word[0] == "\\":
        return _greek().get(word[1:], "")
    return word.lower() if word.isascii() else folded(word)


@cache
def _greek() -> dict[str, str]:
    """Greek letters by their names in TeX."""
    letters = map(chr, range(0x3B1, 0x3CA))
    names = ((unicodedata.name(letter).rpartition(" ")[2].lower(), letter) for letter in letters)
    small = {name: folded(letter) for name, letter in names}
    return small | {name.capitalize(): letter for name, letter in small.items()}


def _size(words: Sequence[str]) -> int:
    """Number of words; a word of Chinese or Japanese has about two characters."""
    unspaced = sum(not word.isascii() and _UNSPACED.match(word) is not None for word in words)
    with_letters = sum(word.isalpha() or any(char.isalpha() for char in word) for word in words) - unspaced
    # Numbers alone are found in any table.
    return min(len(words) - unspaced, with_letters + 1) + unspaced // 2


_UNSPACED = re.compile(f"[{UNSPACED}]")


@cache
def _markers() -> re.Pattern[str]:
    """What may be left out of a quote: citation markers, pointers, acronyms in brackets."""
    year = r"(?:19|20)\d\d[a-z]?"
    pointers = either(all_words().pointers)
    return re.compile(
        r"\[\s?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\s?\]"
        r"|\[[A-Z][A-Za-z+]{1,8}\d{2}[a-z]?(?:[,;]\s?[A-Z][A-Za-z+]{1,8}\d{2}[a-z]?)*\]"
        # Bounded and without nested repetition, because the text may be hostile.
        rf"|[(\[](?=[^()\[\]]{{0,300}}?[A-Z][\w'’.-]{{1,30}}(?: (?:et al\.?|and|&)[^()\[\]]{{0,40}}?)?,? {year})"
        rf"[^()\[\]]{{2,500}}[)\]]"
        rf"|\(\s?{year}(?:[,;]\s?{year})*\s?\)"
        rf"|[(（](?:see |cf\. |e\.g\.,? |as shown in |shown in |见)*(?:{pointers})[^()（）]{{0,60}}(?:\([^()]{{0,12}}\)[^()]{{0,30}})?[)）]"
        r"|\((?=[^()]*[A-Z][^()]*[A-Z])[A-Za-z][A-Za-z0-9&/+.-]{1,11}\)"
    )


def _has_markers(quote: str, text: str, place: tuple[int, int]) -> bool:
    """Whether the passage has those citation markers and acronyms that the quote does not leave out."""
    # The last marker stands after the last word that counts.
    kept = folded(text[max(0, place[0] - 100) : place[1] + 200])
    return all(folded(marker[0]) in kept for marker in _markers().finditer(quote))


# ---------------------------------------------------------------- found


def _exact(wanted: _Words, paper: _Words, quote: str) -> Iterator[tuple[int, int]]:
    """Places with exactly the letters of the quote, from the beginning of a word to the end of one."""
    found = paper.letters.find(wanted.letters)
    places = 0
    while found >= 0 and places < _MOST_PLACES:
        stop = found + len(wanted.letters)
        first = bisect_right(paper.offsets, found) - 1
        last = bisect_left(paper.offsets, stop)
        # PDFs join the raised numbers of footnotes to the words beside them.
        opened = re.fullmatch(r"\d{0,2}", paper.letters[paper.offsets[first] : found])
        closed = re.fullmatch(r"\d{0,2}", paper.letters[stop : paper.offsets[last]])
        begins = found == paper.offsets[first] or (opened and wanted.letters[0].isalpha())
        ends = stop == paper.offsets[last] or (closed and re.search("[a-z]{3}$", wanted.words[-1]))
        start = paper.starts[first] + found - paper.offsets[first]
        end = paper.ends[last - 1] - (paper.offsets[last] - stop)
        if begins and ends and _is_whole(quote, wanted, paper.text, start, end):
            places += 1
            yield start, end
        found = paper.letters.find(wanted.letters, found + 1)


def _is_whole(quote: str, wanted: _Words, text: str, start: int, end: int) -> bool:
    """Whether a passage says what the quote says, also by its signs and what stands before it."""
    before, after = text[max(0, start - 30) : start], text[end : end + 2]
    digit_first, digit_last = wanted.words[0][0].isdigit(), wanted.words[-1][-1].isdigit()
    if digit_first and re.search(r"\d[.,]$|(?:^|[\s(])[-−–]$", before) and not re.match(r"\W*[-−–]", quote):
        return False
    if digit_last and re.match(r"[.,]\d", after):
        return False
    if _NEGATED.search(before):
        return False
    inside = quote[wanted.starts[0] : wanted.ends[-1]]
    return _same_signs(inside + _percent(quote[wanted.ends[-1] :]), text[start:end] + _percent(after))


def _percent(text: str) -> str:
    return "%" if re.match(r"\s?\\?%", text) else ""


@dataclass(frozen=True, slots=True)
class _Signs:
    figures: list[str]
    relations: str


_NEGATED = re.compile(
    r"(?:\b(?:not|never|no|neither|nor|without|hardly|cannot|non|un|anti|fails? to|failed to|unable to|far from)"
    r"|n['’]t)[\s-]$|(?:并?不|没有|未|无法|非)$",
    re.IGNORECASE,
)
"""A negation right before a quote was dropped from it."""


def _same_signs(quote: str, passage: str) -> bool:
    """Whether numbers have the same points, signs and percent signs, and relations the same directions."""
    if quote == passage:
        return True
    mine, theirs = (_signs(_markers().sub(" ", text)) for text in (quote, passage))
    if len(mine.figures) == len(theirs.figures) and mine.figures != theirs.figures:
        # A percent sign right after the passage may belong to it or not.
        pairs = zip(mine.figures, theirs.figures, strict=True)
        if any(one != other and one.rstrip("%") != other.rstrip("%") for one, other in pairs):
            return False
        if mine.figures[:-1] != theirs.figures[:-1]:
            return False
    elif "".join(mine.figures).replace("%", "") != "".join(theirs.figures).replace("%", ""):
        return False
    return not mine.relations or not theirs.relations or mine.relations == theirs.relations


def _signs(text: str) -> _Signs:
    text = re.sub(r"\\(?:leq?|le)\b", "≤", re.sub(r"\\(?:geq?|ge)\b", "≥", text))
    text = re.sub(r"[\^{}_$\\]|(?<=\d)[,\u2009\u202f](?=\d{3})", "", text).replace("−", "-").replace("–", "-")
    figures = re.findall(r"(?:(?<=[\s(])-)?\d+(?:\.\d+)?\s?%?", text)
    return _Signs([re.sub(r"\s", "", one) for one in figures], "".join(re.findall("[<>≤≥≠]", text)))


def _nearly(wanted: _Words, paper: _Words, quote: str) -> Iterator[tuple[int, int]]:
    """Places that differ from the quote only by what a PDF loses: ligatures and mathematics.

    The words are compared around places that share a run of letters with the quote, because comparing it with a
    whole paper is slow.
    """
    count = len(wanted.words)
    for place in sorted(_anchors(wanted.letters, paper.letters))[:_MOST_ANCHORS]:
        begin = max(0, bisect_right(paper.offsets, place) - 5)
        window = paper.words[begin : begin + count + count // 4 + 12]
        ops = _trimmed(list(Levenshtein.opcodes(wanted.words, window)), wanted.words, window)
        if not ops:
            continue
        changed = (
            (wanted.words[op.src_start : op.src_end], window[op.dest_start : op.dest_end])
            for op in _merged(ops)
        )
        if all(_is_loss(mine, theirs) for mine, theirs in changed):
            first, last = begin + ops[0].dest_start, begin + ops[-1].dest_end
            if last > first and _is_whole(
                quote, wanted, paper.text, paper.starts[first], paper.ends[last - 1]
            ):
                yield paper.starts[first], paper.ends[last - 1]
                return


def _trimmed(ops: list[Opcode], mine: Sequence[str], theirs: Sequence[str]) -> list[Opcode]:
    """The steps without the words of the paper before and after the quote.

    Of several alignments with as few changes, the one in which the quote is in one piece counts.
    """
    while ops and ops[0].tag == "insert":
        ops.pop(0)
    while ops and ops[-1].tag == "insert":
        ops.pop()
    if len(ops) > 1 and (ops[0].tag, ops[1].tag) == ("equal", "insert"):
        count, stop = ops[0].src_end, ops[1].dest_end
        if [*mine[:count]] == [*theirs[stop - count : stop]]:
            ops[:2] = [Opcode("equal", 0, count, stop - count, stop)]
    if len(ops) > 1 and (ops[-2].tag, ops[-1].tag) == ("insert", "equal"):
        count, start = ops[-1].src_end - ops[-1].src_start, ops[-2].dest_start
        if [*mine[len(mine) - count :]] == [*theirs[start : start + count]]:
            ops[-2:] = [Opcode("equal", len(mine) - count, len(mine), start, start + count)]
    return ops


@dataclass(frozen=True, slots=True)
class _Change:
    src_start: int
    src_end: int
    dest_start: int
    dest_end: int


def _merged(ops: Sequence[Opcode]) -> Iterator[_Change]:
    """Runs of changes between equal words."""
    for changed, run in groupby(ops, key=lambda op: op.tag != "equal"):
        if changed:
            first, *_, last = [*run] * 2
            yield _Change(first.src_start, last.src_end, first.dest_start, last.dest_end)


def _is_loss(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two runs of words are the same but for spaces, lost ligatures or lost mathematics."""
    one, other = "".join(mine), "".join(theirs)
    if one == other:
        return True
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    if len(other) < len(one) and other and _LIGATURE.sub("", one) == _LIGATURE.sub("", other):
        return True
    if _FORMULA.fullmatch(one) and _FORMULA.fullmatch(other) and one[0] == other[0]:
        return True  # a sign between them became a letter
    return all(map(_is_symbol, (*mine, *theirs)))


_FORMULA = re.compile(r"[a-z]o?\d+")
_LIGATURE = re.compile("ffi|ffl|ff|fi|fl|ft")


def _is_symbol(word: str) -> bool:
    """Whether a word is a letter or a letter with an index, as formulas have them."""
    return (
        word.isdigit()
        or (len(word) == 1 and word != "a")
        or re.fullmatch(r"[a-z]\d+|[α-ω]+\w?", word) is not None
    )


_SEED = 12
_MOST_ANCHORS = 12


def _anchors(wanted: str, letters: str) -> set[int]:
    """Where the quote may begin: places where the paper has one of its runs of `_SEED` letters."""
    found: set[int] = set()
    rough: set[int] = set()
    for offset in range(0, max(1, len(wanted) - _SEED + 1), _SEED):
        place = letters.find(wanted[offset : offset + _SEED])
        while place >= 0 and len(found) < _MOST_ANCHORS:
            begin = max(0, place - offset)
            if begin // 40 not in rough:
                rough |= {begin // 40 - 1, begin // 40, begin // 40 + 1}
                found.add(begin)
            place = letters.find(wanted[offset : offset + _SEED], place + 1)
    return found
