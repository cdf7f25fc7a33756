"""The plain spelling of texts that hide an address, a command or an order from rules that read letter by letter.

Known ways: invisible characters inside words, look-alikes from other scripts and alphabets, letters set apart
("g i t h u b"), digits or pictures for letters ("d0wnload"), and marks in words ("lab dot org", "lab点org", "name at-sign lab").
"""

import re
import unicodedata


def revealed(text: str) -> str:
    """`text` in plain spelling; `text` itself if nothing in it looks disguised, as in nearly every text."""
    plain = text
    if not text.isascii():
        if _ODD.search(text):
            plain = _ODD.sub(_plain_letter, text)
            if _MIXED_SIGN.search(plain):
                plain = _WORD.sub(_one_script, plain)
        if _WIDE_DOT_SIGN.search(plain):
            plain = _WIDE_DOT.sub(".", plain)
        if _PICTURE.search(plain):
            plain = _PICTURE.sub("", plain)
    if _DIGIT_SIGN.search(plain):
        plain = _DIGIT_INSIDE.sub(_with_letters, plain)
    if _APART_SIGN.search(plain):
        plain = _PAIR_APART.sub(r"\1\3", _APART.sub(_joined, plain))
    if _MARK_SIGN.search(plain):
        for pattern, mark in _MARKS:
            plain = pattern.sub(mark, plain)
    return plain


_ODD = re.compile(
    "[\u00ad\u034f\u0370-\u058f\u1d00-\u1d2f\u0250-\u02af\u180e\u200b-\u2011\u2024\u2060-\u2064\u2160-\u217f"
    "\u2460-\u24ff\u2775-\u2793\ua728-\ua7ff\ufe00-\ufe0f\ufe52\ufeff\uff03\uff0d-\uff19\uff20-\uff3a\uff3f\uff41-\uff5a\uff61"
    "\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff\U000e0000-\U000e01ef]"
)
"""Invisible characters, letters of other scripts that look Latin, and letters in other styles."""


def _plain_letter(found: re.Match[str]) -> str:
    """A character as the ASCII letter, digit or mark that it is a style of; other characters as they are."""
    char = found[0]
    if unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    if char in "\u2010\u2011":
        return "-"
    plain = unicodedata.normalize("NFKC", char)
    if plain.isascii():
        return plain
    # Small capitals and squared letters have no decomposition, but their names end with the letter.
    named = _NAMED.search(unicodedata.name(char, ""))
    return named[1].lower() if named else plain


_NAMED = re.compile(r"(?:LATIN|REGIONAL INDICATOR) .*\b([A-Z])$")
_MIXED_SIGN = re.compile(r"[A-Za-z][\u0370-\u058f]|[\u0370-\u058f][A-Za-z]")
_WORD = re.compile(r"\w+")


def _one_script(word: re.Match[str]) -> str:
    # Mixed scripts are the sign of a disguise (Unicode Technical Standard 39); a Russian or Greek word is none.
    return word[0].translate(_LOOK_ALIKES) if _MIXED_SIGN.search(word[0]) else word[0]


_LOOK_ALIKES = str.maketrans(
    "асеорхуіјѕԁһӏкмтвнгпѵԛԝАВСЕНІЈКМОРЅТХУαοινρτυκγωΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհ",
    "aceopxyijsdhlkmtbhrnvqwABCEHIJKMOPSTXYaoivptukywABEZHIKMNOPTYXouh",
)
"""Cyrillic, Greek and Armenian letters that look Latin (confusables of Unicode Technical Standard 39)."""
_WIDE_DOT_SIGN = re.compile(r"[点。·・•｡․‧](?<=[A-Za-z0-9 ].)[^\S\n]?[a-z]")
_WIDE_DOT = re.compile(r"(?<=[A-Za-z0-9])[^\S\n]?[点。·・•｡․‧][^\S\n]?(?=[a-z][a-z0-9-]+(?![A-Za-z]))")
_PICTURE = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff](?<=\\w.)\ufe0f?(?=\\w)")
_DIGIT_SIGN = re.compile("[01345](?<=[A-Za-z].)[a-z]{2}")
_DIGIT_INSIDE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?:[01345][a-z]+)*[01345][a-z]{2,}(?![A-Za-z0-9])")
_LETTERS = str.maketrans("01345", "oieas")


def _with_letters(word: re.Match[str]) -> str:
    return word[0].translate(_LETTERS)


_MARK_SIGN = re.compile(
    r" \.[a-z]| dot\W| DOT |,dot,|[(\[{<（【] ?(?:dot|DOT|dian|period|at|AT|\.|slash|点|圈)|full stop| period |[ ,]at[ -]sign| slash | dash |圈a|艾特|斜杠|空格|横杠|短横|减号"
)
_MARKS = tuple(
    (re.compile(pattern, re.IGNORECASE), mark)
    for pattern, mark in (
        (
            r"\s?[\[({<（【]\s?(?:dot|\.|点|dian|point|period)\s?[\])}>）】]\s?|(?<=[a-z0-9]) period (?=(?:com|net|org|io|dev|site|cn|app|xyz|tech|info)\b|[a-z0-9-]+ period [a-z])",
            ".",
        ),
        (
            r"(?<=[a-z0-9])(?:,? |,)(?:dot|full stop)(?:,? |,)(?=[a-z]{2,})(?<!the dot )(?<!\ba dot )(?<!quantum dot )(?!products?\b)",
            ".",
        ),
        (
            r"\s?[\[({<（【]\s?(?:at|圈a|艾特)\s?[\])}>）】]\s?|,? (?:the )?at[ -]sign,? |\s?(?:圈a|艾特)\s?",
            "@",
        ),
        (r"\s?[\[({<（【]\s?slash\s?[\])}>）】]\s?|(?<=[a-z0-9]) slash (?=[a-z0-9])(?!and )|\s?斜杠\s?", "/"),
        (r"(?<=[a-z0-9]) \.(?=[a-z]{2,})", "."),
        (r"(?<=[a-z0-9]) dash (?=[a-z0-9])|\s?(?:横杠|短横线?|减号)\s?", "-"),
        (r"\s?空格\s?", " "),
    )
)
"""Words for the marks in addresses and commands."""
_APART_SIGN = re.compile(r"[ .·*_-][A-Za-z]([ .·*_-])[A-Za-z]\1[A-Za-z:./]")
_APART = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z](?: [!-~]){2,}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[A-Za-z]([.·*_-])[A-Za-z](?:\1[A-Za-z])+(?![A-Za-z0-9])"
)

_PAIR_APART = re.compile(r"(?<![A-Za-z0-9.])([a-z])([ .·*_])([a-z])(?![A-Za-z0-9.])")


def _joined(letters: re.Match[str]) -> str:
    return letters[0].replace(letters[1] or " ", "")
