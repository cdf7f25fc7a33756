"""Numbers in prose, in one canonical form, so that `1,000`, `1000` and `１０００` are the same."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.\-])(?:\d{1,3}(?:[,\u2009\u202f ]\d{3})+|\d+)(?:\.\d+)?(?!\d|\.\d)"
)
_ANY_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_SCALED = re.compile(
    r"(\d+(?:\.\d+)?)\s?(k|m|b|thousand|million|billion|万|千|百万|亿)(?![A-Za-z])", re.I
)
_SCALES = {
    "k": 3,
    "thousand": 3,
    "千": 3,
    "万": 4,
    "m": 6,
    "million": 6,
    "百万": 6,
    "亿": 8,
    "b": 9,
    "billion": 9,
}
_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20",
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
    "hundred": "100", "hundreds": "100", "thousand": "1000", "thousands": "1000", "million": "1000000",
    "half": "50", "halve": "50", "halves": "50", "halving": "50", "quarter": "25",
    "double": "2", "doubles": "2", "twice": "2", "triple": "3",
}  # fmt: skip
_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_TEX_NOISE = re.compile(r"\\[,;:! ]|\{,\}|\\(?=%)")


def _plain_numerals(text: str) -> str:
    """`text` with compatible digits and signs (NFKC) and without TeX spacing inside numbers."""
    folded = unicodedata.normalize("NFKC", text)
    return _TEX_NOISE.sub(lambda m: "," if m[0] == "{,}" else "", folded)


def _canonical(number: str) -> str:
    """One spelling for a number: no thousands separators, no needless zeros."""
    bare = re.sub(r"[,\s\u2009\u202f]", "", number)
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return bare
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text.lstrip("0") or "0"


def stated_numbers(text: str) -> tuple[str, ...]:
    """The free-standing numbers of a claim: not the 3 of "3D", "GPT-3" or "v1.3", each in canonical form.

    Numbers that only point somewhere (citations, figures, tables, equations) are left out.
    """
    if _DIGIT.search(text) is None:
        return ()
    bare = _POINTERS.sub(" ", _plain_numerals(text))
    return tuple(_canonical(match[0]) for match in _NUMBER.finditer(bare))


def all_numbers(text: str) -> frozenset[str]:
    """Every number that a source can be said to contain, also spelt out (`twelve`, `half`) or scaled (`25K`)."""
    folded = _plain_numerals(text)
    found = {_canonical(number) for number in _ANY_NUMBER.findall(folded)}
    for number, scale in _SCALED.findall(folded):
        found.add(_canonical(format(Decimal(number).scaleb(_SCALES[scale.lower()]), "f")))
    found.update(_WORDS[word] for word in _WORD.findall(folded.lower()) if word in _WORDS)
    return frozenset(found)


_POINTERS = re.compile(
    r"\[[\d,;\s\u2013-]+\]"
    r"|(?:\b(?:Fig(?:ure|s?\.)?|Tab(?:le|\.)|Eq(?:uation|s?\.)?|Sec(?:tion|\.)?|Appendix|Alg(?:orithm|\.)?)|[图表式节]|公式|算法)"
    r"\s*[\dA-Z]{1,3}(?:\.\d+)?(?:[,、和\s]+\d{1,2}\b)*"
    r"|(?m:^\s*[(（]?\d{1,2}[.、)）](?!\d))|[(（]\d{1,2}[)）]|[①-⑳]"
)
