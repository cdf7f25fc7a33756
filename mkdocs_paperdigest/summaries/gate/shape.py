"""Gate rules on the form of a text: length, endless sentences, repetition, jumps in numbering, cut ends."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from mkdocs_paperdigest.summaries.gate.words import cjk_words, either, spaced_words
from mkdocs_paperdigest.text import CJK, UNSPACED, squeezed

_CJK_RUN = re.compile(f"[{CJK}]+")
_WORD = re.compile(f"[^\\W_{CJK}]+(?:['’.-][^\\W_{CJK}]+)*")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_BREATH = re.compile(r"[，。；：、！？,.;:!?（）()“”《》「」\[\]—\s]")
_STOP_MARK = re.compile(r"[。！？!?；;]|\.(?=\s|$)")

LONGEST_BREATH = 60
"""Chinese characters without any punctuation; in 75 entries read by hand honest prose stays below 55."""
LONGEST_SENTENCE = 120
"""Words of a spaced language without the end of a sentence."""


def size(text: str) -> int:
    """Length in units of writing: characters of CJK text, words of other text."""
    return sum(map(len, _CJK_RUN.findall(text))) + len(_WORD.findall(text))


def spaced(text: str) -> bool:
    """Whether a text is in a script with spaces between its words."""
    return _UNSPACED.search(text) is None


def breathless(text: str) -> bool:
    """Runs on without punctuation, like a model that cannot find its end."""
    if len(text) > LONGEST_BREATH and any(
        len(run) > LONGEST_BREATH and len(_UNSPACED.findall(run)) > LONGEST_BREATH
        for run in _BREATH.split(text)
    ):
        return True
    return len(text) > 400 and any(
        len(run.split()) > LONGEST_SENTENCE for run in re.split(r"[.!?。！？;；:\n]", text) if len(run) > 400
    )


def repetitive(text: str) -> bool:
    """Says the same again: sentences that recur make a fifth of the text, or runs of letters a third."""
    if len(text) < 2 * _SHORTEST_PIECE:
        return False
    if repeated(text) > 0.2 * len(text):
        return True
    run = _RUN if _UNSPACED.search(text) else 3 * _RUN
    total = len(text) - run + 1
    most = 0.34 * total
    # Long runs recur at most as often as the short ones that they begin with.
    return (
        total > 60
        and _may_recur(text, most)
        and recurring_runs(text) > most
        and recurring_runs(text, run) > most
    )


def _may_recur(text: str, most: float) -> bool:
    """Whether a text may have more than so many runs that it had before: looking at pieces of them is much faster.

    Each run of `_RUN` characters that recurs has a whole piece that does, of those that begin at every fourth character;
    a piece is the first one of at most four runs.
    """
    again = 0
    for start in range(0, len(text) - 3, 4):
        if text.find(text[start : start + 4], 0, start + 3) >= 0:
            again += 4
    return again > most


def retells(text: str) -> bool:
    """Whether a text repeats its points: clauses that end like an earlier one make up a fifth of it or more."""
    if len(text) < _FEW_CLAUSES:
        return False
    least = _END if _UNSPACED.search(text) else 3 * _END
    again = 0
    for clause in _CLAUSE.finditer(text):
        size = len(clause[0])
        if size >= least and text.find(text[clause.end() - least : clause.end()], 0, clause.start()) >= 0:
            again += size
    return again > _MOST_CLAUSES * len(text)


_CLAUSE = re.compile(r"[^，。；：、！？\n,;:]+")
_END = 16
"""Characters of Chinese, or a third of those of another language."""
_FEW_CLAUSES = 120
"""Characters; a shorter text may take up a clause once."""
_MOST_CLAUSES = 0.22
"""Share of a text; of 5,700 published ones 0.1 % have more."""


def circular(text: str) -> bool:
    """Goes round in circles with few words, doubles several of them, or comes back to the same words or number."""
    parts = text.lower().split()
    # Most texts have too few words that recur at all; counting those is cheap.
    if len(parts) - len(set(parts)) >= _MOST_DOUBLED:
        doubled = sum(word == after and word.isalpha() for word, after in pairwise(parts))
        if doubled >= _MOST_DOUBLED:
            return True
    if len(text) <= _SHORT:
        measured = _MEASURED.findall(text)
        most = max(Counter(measured).values()) if len(measured) >= _MOST_TIMES else 0
        # "(95% CI 1.2-2.6)" may stand there as often.
        if most >= _MOST_TIMES and 2 * most > len(_NUMBER.findall(text)):
            return True
    if spaced(text):
        words = _WORD.findall(text.lower())
        least = next(share for most, share in _LEAST_WORDS if len(words) <= most) * len(words)
        return len(words) >= _FEWEST_WORDS and (
            (distinct := len(set(words))) < least or _refrain(words, 4, distinct)
        )
    bare = squeezed(text)
    pairs = len(bare) - 1
    if not 10 <= pairs <= 200:
        return False
    least = _LEAST_PAIRS[pairs >= 30] * pairs
    # A text has at least as many pairs as characters, less one; counting those is cheap.
    distinct = len(set(bare))
    few = distinct <= least and len({bare[start : start + 2] for start in range(pairs)}) < least
    return few or _refrain(bare, 5, distinct)


_MOST_DOUBLED = 2
_MOST_TIMES = 4
"""A number with its unit in a short text."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MEASURED = re.compile(r"\d{2,}(?:\.\d+)?\s?(?:[A-Za-z]+|%)")
_FEWEST_WORDS = 8
_LEAST_WORDS = (19, 0.34), (60, 0.42), (sys.maxsize, 0.3)
"""Words of a text, and the share of different ones; in 11,000 sentences of abstracts none has less."""
_LEAST_PAIRS = 0.4, 0.58
"""Share of different pairs of characters in a short and in a longer text; in 19,000 published texts, 0.1 % of the prose
has less."""
_SHORT = 200
"""Characters or words."""


def _refrain(tokens: Sequence[str], size: int, distinct: int) -> bool:
    """Whether the same run of tokens, few of which are `distinct`, stands three times and makes two thirds of a short text."""
    total = len(tokens)
    if not 3 * size <= total <= _SHORT or total - distinct < max(2 * size, total / 2 - size):
        return False
    runs = Counter(tuple(tokens[start : start + size]) for start in range(total - size + 1))
    most = max(runs.values())
    return most >= 3 and 3 * most * size >= 2 * total


_RUN = 8
"""Characters of Chinese, or a third of those of another language."""


@lru_cache(maxsize=8)
def recurring_runs(text: str, size: int = _RUN) -> int:
    """How many runs of so many characters a text has that it had before."""
    total = max(0, len(text) - size + 1)
    return total - len({text[start : start + size] for start in range(total)})


def repeated(text: str, before: str = "") -> int:
    """How many characters of a text are sentences that it, or a text before it, has in nearly the same words."""
    return sum(map(len, _recurring(text, before)))


def repeats(text: str, before: str) -> bool:
    """Whether a text of several sentences mostly says again what stands before it; one sentence may be quoted."""
    again = _recurring(text, before)
    return len(again) > 1 and 2 * sum(map(len, again)) > len(text)


def _recurring(text: str, before: str) -> list[str]:
    seen = _pieces(before) if before else []
    again = []
    for piece in _pieces(text):
        if any(_alike(piece, other) for other in seen):
            again.append(piece)
        seen.append(piece)
    return again


def _pieces(text: str) -> list[str]:
    parts = (part.strip() for part in _PIECE.split(text))
    if "：" in text or ":" in text:
        parts = (_HEADING.sub("", part, count=1) for part in parts)
    return [piece for piece in parts if len(piece) >= _SHORTEST_PIECE]


def _alike(piece: str, other: str) -> bool:
    if piece == other:
        return True
    if 2 * len(piece) < len(other) or 2 * len(other) < len(piece):
        return False
    return fuzz.ratio(piece, other, score_cutoff=_ALIKE) > 0 and _keys(piece) == _keys(other)


@lru_cache(maxsize=16)
def _keys(text: str) -> list[str]:
    """The numbers and names of a text."""
    # Cached, because each item of a list is compared with all the others.
    return _KEYS.findall(text)


_HEADING = re.compile(r"^[^：:\n]{1,12}[：:]\s*")
_SHORTEST_PIECE = 14
"""Characters; shorter pieces are headings."""


def says_the_same(text: str, other: str) -> bool:
    """Whether two items of a list differ in a few words at most; other numbers or names are another statement."""
    mine, theirs = _keys(text), _keys(other)
    if len(mine) != len(theirs) or sorted(mine) != sorted(theirs):
        return False
    (parts, size), (others, more) = _parts(text), _parts(other)
    if more < size:
        parts, size, others, more = others, more, parts, size
    most = max(1, size // 12)
    # Counted without their number first, because that is much faster and most items differ.
    if 2 * size < more or len(parts.keys() - others.keys()) > most:
        return False
    shared = (parts & others).total()
    # Another word in the place of one is another statement; a word more is not.
    within = size >= _ENOUGH_PARTS and size - shared <= size // 12 and shared >= _SAME_PARTS * more
    within = within or (size == shared >= _FEW_PARTS[spaced(text)] and more <= size + _MORE_PARTS)
    near = within or (size - shared <= most and mine == theirs and _alike(squeezed(text), squeezed(other)))
    return near and len(_DENIAL.findall(text)) == len(_DENIAL.findall(other))


@lru_cache(maxsize=16)
def _parts(text: str) -> tuple[Counter[str], int]:
    """The stems of a text, each once, or of Chinese the characters that are no particles; and how many they are."""
    # Cached, because each item of a list is compared with all the others.
    if spaced(text):
        parts = Counter({word[:5] for word in _LONG_WORD.findall(text.lower())})
    else:
        parts = Counter(_PARTICLES.sub("", squeezed(text)))
    return parts, parts.total()


_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_PARTICLES = re.compile("[的了过着地得由被使能会可也都在对于与和经让]")
_DENIAL = re.compile(r"\b(?:not?|never|nor|without|cannot)\b|n['’]t\b|[不无未没非]", re.IGNORECASE)
_ENOUGH_PARTS = 5
_SAME_PARTS = 0.7
_FEW_PARTS = 6, 3
"""Characters, or stems of a spaced language, that another item repeats with hardly any more (`_MORE_PARTS`); of 32,000 pairs
of published takeaways none that is honest has them."""
_MORE_PARTS = 2


_ALIKE = 85
"""Percent of equal letters."""
_KEYS = re.compile(r"\d+(?:[.,]\d+)*|\b[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*")
"""Numbers and names: a text with others is another statement."""
_PIECE = re.compile(r"[。！？!?\n；;]|\.\s")
_STUTTER = re.compile(r"(.{1,6}?)\1{5,}", re.DOTALL)
_SAME_SIGN = re.compile(r"(.)\1{5}", re.DOTALL)
_THREE_MARKS = re.compile("[。，、；！!？?][。，、；！!？?][。，、；！!？?]")
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\ufffd\x00-\x08]")
_MARKS = re.compile(
    r"[。，、；]{3,}|[！!？?]{4,}|[\u200b-\u200f\u2060\ufeff\u00ad](?:\s*[\u200b-\u200f\u2060\ufeff\u00ad]){2,}|[\ufffd\x00-\x08]"
)


def gibberish(text: str) -> bool:
    """Stutter, runs of punctuation, invisible or broken characters."""
    # Cheap signs first, because most texts have none and the pattern is slow.
    if (_THREE_MARKS.search(text) or _UNSEEN.search(text)) and _MARKS.search(text):
        return True
    stutter = _STUTTER if _may_stutter(text) else _SAME_SIGN
    return any(_LETTER.search(match[1]) for match in stutter.finditer(text))


def _may_stutter(text: str) -> bool:
    """Whether any of some short pieces recurs at once, as one of them does in two or more signs repeated six times."""
    # Searching for stutters themselves is slow, and so is a generator.
    for start in range(0, len(text) - 5, 6):
        if text.find(text[start : start + 4], start + 1, start + 10) > 0:
            return True
    return False


_LETTER = re.compile(r"[^\W\d_]")


def debris(text: str, printed: Callable[[str], bool]) -> bool:
    """Commands of TeX that set a page, or hold nothing: what is left of a source file, unless the paper prints it."""
    return "\\" in text and any(not printed(match[0]) for match in _DEBRIS.finditer(_FORMULA.sub(" ", text)))


_FORMULA = re.compile(
    r"(?<!\\)\$(?=[^\s$])[^$\n]{1,300}(?<!\s)\$|\\\([^\n]{1,300}?\\\)|\\\[[^\n]{1,300}?\\\]"
)
_DEBRIS = re.compile(
    r"\\(?:cite[a-z]*|(?:eq|auto|c)?ref|label|footnote[a-z]*|includegraphics|item|(?:sub)*section|caption|bibitem|begin|end"
    r"|maketitle|noindent|hline|vspace|hspace|newcommand)\b\s?[*\[{]"
    r"|\\(?:math[a-z]+|text[a-z]+|emph)\{\s*(?:\}|\\?\s*\}|$)|\\\$\\?_"
)


_LIST_MARK = re.compile(r"(?m)^[ \t*\-+]*[(（]?(\d{1,2})[.、)）](?!\d)")


def jumping_numbers(text: str) -> bool:
    """Numbered lines that leap ahead ("2." and then "7."): pieces of a longer, runaway answer."""
    marks = [int(mark) for mark in _LIST_MARK.findall(text)]
    return any(after > before + 1 for before, after in pairwise(marks))


_ENDS_IN_LINK = re.compile(r"(?:https?://|www\.|\w\.(?:io|com|org)/)\S*$")
_STOPS = "。.！？!?"
_CLOSING = "。！？!?.…；;)）]】}”\"’'』」》»%。｡:："


def cut_off(text: str, *, whole: bool = False) -> bool:
    """Ends in the middle: after a comma, an opened quotation or bracket, or a word that needs another.

    Arguments:
        text: A text of prose.
        whole: Whether the text consists of whole sentences, so that it needs a stop at its end; an item of a list may
            do without.
    """
    bare = text.rstrip()
    if not bare:
        return False
    if bare[-1] not in _STOPS and _dangling().search(bare[-24:]) and not _final().search(bare[-100:]):
        return True
    if bare[-1] in "：:" or bare.endswith(("...", "…")) or (bare[-2:-1].isdecimal() and _opens_item(bare)):
        return True
    if bare[-1] not in _CLOSING and (whole or len(_STOP_MARK.findall(bare)) >= 2):
        return _ENDS_IN_LINK.search(bare) is None
    return _unclosed(bare)


def _opens_item(text: str) -> bool:
    """Whether a text ends with the number of an item that does not follow."""
    last = _LAST_MARK.search(text)
    before = int(last[1]) - 1 if last else 0
    return before > 0 and re.search(rf"(?<!\d){before}[.、)）]", text) is not None


_LAST_MARK = re.compile(r"(?<!\band)(?<!\bor)(?<!Eq\.)(?<!\bto)[\s；;，,。：:][(（]?(\d{1,2})[.、)）]$")


def is_torn(text: str) -> bool:
    """Whether what should be a term is a piece of prose: with the end of a Chinese sentence, or half a pair of brackets."""
    half = len(re.findall("[(（]", text)) != len(re.findall("[)）]", text))
    return half or _CJK_STOP.search(text) is not None


_CJK_STOP = re.compile("[。！？；].")


def lacks_stop(items: Sequence[str]) -> bool:
    """Whether a list breaks off: its last item has no stop at its end, and all the others have one."""
    if len(items) < _SHORTEST_LIST or not all(item.rstrip()[-1:] in _STOPS for item in items[:-1]):
        return False
    return cut_off(items[-1], whole=True)


_SHORTEST_LIST = 3
"""Items."""


def mid_word(text: str, words: Callable[[], frozenset[str]]) -> bool:
    """Ends with the beginning of one of the paper's words ("from recorded spe"), as far as the paper shows.

    What is left of the word has to be more than an ending: "plan" is a word beside "planning".

    Arguments:
        text: A text of prose.
        words: The words of the paper in lower case.
    """
    end = _LAST_WORD.search(text)
    if end is None:
        return False
    piece = end[1].lower()
    known = words()
    if piece in known or any(piece + ending in known for ending in ("s", "e", "es", "d", "ed", "ing")):
        return False
    return any(
        word.startswith(piece) and not _ENDING.fullmatch(word[len(piece) :])
        for word in known
        if len(word) > len(piece) + 1
    )


_LAST_WORD = re.compile(r"(?:^|[\s\-])([A-Za-z][a-z]{1,12})$")
_ENDING = re.compile(
    r"(?:[a-z]?(?:s|es|ed|er|ers|ing|ings)|e?[st]?ions?|i?[ct]?ations?|i?[ct]?al(?:ly)?|ly|m?ents?|ness|i?t(?:y|ies)|i?[zs]e[ds]?"
    r"|[ai]ble|i?[tv]e(?:ly|s)?|ors?|est|ful(?:ly)?|less|ists?|isms?|ics?|ous|ian|work\w*|base\w*|ware|line\w*|d|y|e)"
)


@cache
def _dangling() -> re.Pattern[str]:
    """A pattern for an end of text that needs more: a comma, an opening mark, or a word such as "the"."""
    cjk, spaced = either(cjk_words().dangling_words), either(spaced_words().dangling_words)
    return re.compile(rf"(?:[，,、（(\[【“《—\-]|{cjk}|(?<![\w-])(?:{spaced}))$")


@cache
def _final() -> re.Pattern[str]:
    """A pattern for ends that look dangling but are whole."""
    return re.compile(rf"(?<![\w-])(?:{either(spaced_words().final_words)})$", re.IGNORECASE)


def _unclosed(text: str) -> bool:
    """Whether a bracket or a quotation opens and never closes (an interval such as `[0, 1)` closes)."""
    depth = 0
    for mark in _BRACKETS.findall(text):
        depth = depth + 1 if mark in "(（[【" else max(0, depth - 1)
    if depth > 0 or text.count("《") > text.count("》"):
        return True
    # An inch mark (5" screen) is not a quotation, and German closes with what English opens with.
    straight = len(_STRAIGHT.findall(text))
    curly = text.rfind("“") > text.rfind("”") and "„" not in text
    return straight % 2 == 1 or curly or text.rfind("„") > max(text.rfind("“"), text.rfind("”"))


_BRACKETS = re.compile(r"[(（\[【)）\]】]")
_STRAIGHT = re.compile(r"(?<![\d\\])\"")
