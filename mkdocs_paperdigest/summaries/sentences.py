"""Splits scientific prose into sentences without breaking formulas, abbreviations or addresses."""

import re

from mkdocs_paperdigest.text import UNSPLIT_ADDRESS


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, each with the white space after it.

    Joining the pieces gives back the text. Formulas between dollars, addresses and matched brackets are
    never split. A full stop ends a sentence unless it belongs to an abbreviation, an initial or a list number,
    or a lower-case letter follows. Chinese and Japanese full stops need no white space after them. The function
    was written for abstracts but works for any text; its time grows linearly with the length.
    """
    closed = _closed(text)
    pieces: list[str] = []
    start = 0
    for end in _END.finditer(text):
        stop = end.end()
        inside = closed[end.start()] and not _ends_with_its_bracket(text, stop)
        if stop <= start or inside or not _is_end(text, start, end):
            continue
        after = stop
        while after < len(text) and text[after].isspace():
            after += 1
        if text[start:stop].strip():
            pieces.append(text[start:after])
            start = after
    if start < len(text):
        pieces.append(text[start:])
    return tuple(pieces)


_END = re.compile(
    r"(?P<cjk>[。！？｡]+[”’」』）》\"]*)"
    r"|(?<![.!?…])(?P<mark>[.!?…]+)[\"'”’»)\]]*(?=\s|[A-Z“‘\"(\[]|$)"
    r"|(?P<blank>(?<=\S)\n[ \t\r]*\n)"
)

_FORMULA_OR_ADDRESS = re.compile(
    r"\$\$[^$]{1,400}\$\$"
    r"|(?<!\\)\$(?!\s)(?:[^$\\]|\\.){1,300}(?<!\s)\$(?!\d)"
    r"|\\\([^\n]{1,300}?\\\)"
    r"|\\\[[^\n]{1,300}?\\\]"
    rf"|{UNSPLIT_ADDRESS}"
)

_NEVER_LAST_LIST = """
    e.g i.e cf vs viz fig figs eq eqs eqn eqns sec secs sect ref refs tab thm lem def prop cor
    ch chap vol pp dr prof mr mrs ms st approx resp ca incl excl esp dept univ w.r.t a.k.a c.f
    e.g., i.e. eg ie
"""
_NEVER_LAST = frozenset(_NEVER_LAST_LIST.split())
"""Abbreviations that never end a sentence."""

_SOMETIMES_LAST_LIST = """
    al etc i.i.d u.s u.k u.s.a e.u a.m p.m ph.d inc corp ltd co jr sr no nos art min max std dim
"""
_SOMETIMES_LAST = frozenset(_SOMETIMES_LAST_LIST.split())
"""Abbreviations that end a sentence only if a usual first word follows."""

_FIRST_WORDS_LIST = """
    We The This These Those That In Our It Its They Their Here However Moreover Furthermore
    Finally To For A An As At By On With While When Although Unlike Despite Such Specifically
    Additionally Extensive Experiments Experimental Results Then Thus Therefore Hence Also First
    Second Third Using Based Through From Both One Two There If Since Because Given Recent
    Recently Most Many Several Some All Each Motivated Inspired Compared Code Nevertheless
    Instead Existing Interestingly Surprisingly Notably Importantly Yet But And Further
    Consequently
"""
_FIRST_WORDS = frozenset(_FIRST_WORDS_LIST.split())

_WORD_BEFORE = re.compile(r"[^\s(\[{\"“‘'/]{1,12}$")


def _is_end(text: str, start: int, end: re.Match[str]) -> bool:
    if end["cjk"] or end["blank"]:
        return True
    rest = text[end.end() : end.end() + 40]
    spaced = rest[:1].isspace()
    following = rest.lstrip()
    if not following:
        return True
    first_word = re.match(r"\W*(\w*)", following)
    usual = first_word is not None and first_word[1] in _FIRST_WORDS
    if not spaced:
        before = text[end.start() - 1 : end.start()]
        return usual and (before.isalnum() or before in (")", "]"))
    if _starts_small(following):
        return False
    if end["mark"] != ".":
        return True
    before = text[max(start, end.start() - 16) : end.start()]
    return not _is_abbreviation(before, following, usual=usual)


def _ends_with_its_bracket(text: str, stop: int) -> bool:
    """Whether a sentence ends with the full stop before a closing bracket: `(as in Ref. 3.) We`."""
    following = re.match(r"\s+(\w+)", text[stop : stop + 40])
    return text[stop - 1] == ")" and following is not None and following[1] in _FIRST_WORDS


def _starts_small(following: str) -> bool:
    """Whether the next word cannot start a sentence; `mRNA`, `t-SNE` and `pix2pix` can."""
    word = re.match(r"[\w-]*", following)
    name = word is not None and re.search(r"[A-Z0-9]", word[0]) is not None
    return following[0] in ",;:)]}" or (following[0].islower() and not name)


def _is_abbreviation(before: str, following: str, *, usual: bool) -> bool:
    found = _WORD_BEFORE.search(before)
    if found is None:
        return False
    word = found[0].lower()
    if word in _NEVER_LAST:
        return True
    if word in ("no", "nos"):
        return following[0].isdigit()
    if word in _SOMETIMES_LAST:
        return not usual
    if word.isdigit() and len(word) <= 2 and not before[: found.start()].strip():
        return True
    return len(word) == 1 and word.isalpha() and found[0].isupper() and not usual


def _closed(text: str) -> bytearray:
    """One flag per character: 1 inside a formula, an address or matched brackets of at most 400 characters."""
    flags = bytearray(len(text))
    for span in _FORMULA_OR_ADDRESS.finditer(text):
        flags[span.start() : span.end()] = b"\1" * (span.end() - span.start())
    opened: list[int] = []
    for bracket in re.finditer(r"[()\[\]]", text):
        at = bracket.start()
        if flags[at]:
            continue
        if bracket[0] in "([":
            opened.append(at)
        elif opened:
            begin = opened.pop()
            if at - begin <= 400:
                flags[begin:at] = b"\1" * (at - begin)
    return flags
