"""Finds numbers in prose and gives them one form, so that `1,000`, `1000` and `１０００` are the same."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import cache

from mkdocs_paperdigest.summaries.gate.words import all_words, cjk_words, either, from_words, spaced_words

_NUMBER = re.compile(r"(?<![A-Za-z0-9_.\-])(?:\d{1,3}(?:[,\u2009\u202f ]\d{3})+|\d+)(?:\.\d+)?(?!\d|\.\d)")
_ANY_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_SCALES = from_words(lambda words: {word: int(power) for word, power in words.number_scales})
"""Words and letters after a number -> the power of ten that they stand for."""
_SCALED = from_words(
    lambda _: re.compile(rf"(\d+(?:\.\d+)?)\s?({either(sorted(_SCALES(), key=len, reverse=True))})(?![a-zı])")
)
_WORDS = from_words(lambda words: dict(words.number_words))
_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_TEX_NOISE = re.compile(r"\\[,;:! ]|\{,\}|\\(?=%)")


def _plain_numerals(text: str) -> str:
    """`text` with compatible digits and signs (NFKC) and without TeX spacing inside numbers."""
    folded = unicodedata.normalize("NFKC", text)
    return _TEX_NOISE.sub(lambda m: "," if m[0] == "{,}" else "", folded)


def _canonical(number: str) -> str:
    """A number without thousands separators and needless zeros."""
    bare = re.sub(r"[,\s\u2009\u202f]", "", number)
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return bare
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text.lstrip("0") or "0"


def stated_numbers(text: str) -> tuple[str, ...]:
    """The numbers that a claim states, in canonical form.

    Numbers within a name ("3D", "GPT-3", "v1.3") and numbers that only point somewhere (citations, figures,
    tables, equations) are left out.
    """
    if _DIGIT.search(text) is None:
        return ()
    bare = _pointers().sub(" ", _plain_numerals(text))
    return tuple(_canonical(match[0]) for match in _NUMBER.finditer(bare))


def all_numbers(text: str) -> frozenset[str]:
    """All numbers of a source, including those that are spelt out (`twelve`, `half`) or scaled (`25K`)."""
    folded = _plain_numerals(text)
    found = {_canonical(number) for number in _ANY_NUMBER.findall(folded)}
    # Lower-cased, because a pattern that ignores case would match `mıllion`, which is not in `_SCALES`.
    small = folded.lower()
    for number, scale in _SCALED().findall(small):
        found.add(_canonical(format(Decimal(number).scaleb(_SCALES()[scale]), "f")))
    values = _WORDS()
    found.update(values[word] for word in _WORD.findall(small) if word in values)
    return frozenset(found)


@cache
def _pointers() -> re.Pattern[str]:
    """A pattern for the numbers of citations, figures and the like, and of list items."""
    cjk, spaced = either(cjk_words().pointers), either(spaced_words().pointers)
    return re.compile(
        r"\[[\d,;\s\u2013-]+\]"
        rf"|(?:\b(?:{spaced})|{cjk})\s*[\dA-Z]{{1,3}}(?:\.\d+)?"
        rf"(?:(?:[,、\s]|{either(all_words().between_pointers)})+\d{{1,2}}\b)*"
        r"|(?m:^\s*[(（]?\d{1,2}[.、)）](?!\d))|[(（]\d{1,2}[)）]|[①-⑳]"
    )
