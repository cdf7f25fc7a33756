"""Whether the claim speaks of another model, data set or measure than the quote.

Written for claims with one name put in place of another. A name that stands near the quote contradicts only if the
quote has another one in its place, and names of the paper's title never do: they stand for "our method".

Papers spell a name in several ways: as an acronym and in full, in parts, with and without a plural's s, and some PDFs
have spaces between its letters. Only a name that the text has in none of these ways is missing. The word files have
the measures.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import BETWEEN, Word
from mkdocs_paperdigest.summaries.gate.words import cjk_words, spaced_words
from mkdocs_paperdigest.summaries.lexicon import meanings_of, stem_of
from mkdocs_paperdigest.summaries.numerals import is_unit
from mkdocs_paperdigest.text import folded_latin


def other_names(claim: Text, passage: Passage) -> bool:
    """The claim names something that the quote does not, in place of what it names."""
    spelt = claim.acronyms
    extra = [name for name in claim.names if not mentions(passage.quote, name)]
    extra = [name for name in extra if spelt.get(name.at, "-") not in passage.context.key]
    for name in extra:
        if mentions(passage.title, name):
            continue
        if not mentions(passage.context, name):
            unknown = passage.counts and not any(map(passage.counts.get, name.keys))
            opens = not claim.unspaced and claim.opens_with(name)
            if unknown and opens and _is_word(name, claim, passage):
                continue
            return True
        rivals = [
            other
            for other in passage.quote.names
            if not mentions(claim, other) and not mentions(passage.title, other)
        ]
        if rivals:
            return True
    return False


def _is_word(name: Word, claim: Text, passage: Passage) -> bool:
    """Whether what looks like a name is a word of the language: "Caching", or "Barium" for the Ba of the quote."""
    small = name.word.lower()
    if len(small) > 5 and _WORD_ENDING.search(small):
        return True
    return any(
        1 < len(short) <= _SHORT and short.isalpha() and re.match(".*".join(short), small)
        for short in passage.quote.parts - claim.parts
    )


_WORD_ENDING = re.compile(
    r"(?:(?<![ej])ing|(?<![mr])ed|ity|ities|ions?|ers|ors|ians|ants|ents|isms?|ists|ics|ness|ments?|ances|ences"
    r"|ologies|ology|ous|ably|ally|ises|izes|ates)$"
)
"""Endings of nouns, participles and adverbs that names seldom have."""
_SHORT = 4
"""Letters of a symbol or acronym."""


def other_measure(claim: Text, passage: Passage) -> bool:
    """The claim speaks of another measure ("accuracy") than the quote ("F1")."""
    mine = _measures(claim)
    theirs = _measures(passage.quote) if mine else mine
    return bool(mine - theirs and theirs - mine and mine - _measures(passage.near))


def other_attribute(claim: Text, passage: Passage) -> bool:
    """The claim has another word before a noun than the quote: "cortical cells" for "hippocampal cells"."""
    quote = passage.quote
    printed = list(_attributes(quote))
    for word, noun in _attributes(claim):
        rivals = [other for other, thing in printed if thing == noun]
        known = has(quote, word) or has_synonym(quote, word) or has(passage.near, word)
        if rivals and not known and not any(_akin(word, other) or has(claim, other) for other in rivals):
            return True
    return False


def _akin(one: Word, other: Word) -> bool:
    return one.word[:4] == other.word[:4]


def _attributes(text: Text) -> Iterator[tuple[Word, str]]:
    """Words right before the last one of a run, with it; verbs, adverbs and names are left out."""
    for word, noun in pairwise(text.words):
        plain = word.word.isalpha() and not word.is_name and not word.word.endswith(("ly", "ing", "ed"))
        plain = plain and not is_unit(word.word)
        beside = text.plain[word.end : noun.at] == " " and not noun.word.endswith(("ly", "ed"))
        if plain and beside and not noun.is_name and not any(one.at == noun.end + 1 for one in text.words):
            yield word, re.sub("(?<!s)s$", "", noun.word)


def mentions(text: Text, name: Word) -> bool:
    """Whether a text has a name, in one of its spellings."""
    (key,) = name.keys
    if text.like(name):
        return True
    if len(key) < 4 and key.isalpha():
        # Some PDFs have spaces between the letters.
        spelt = r"\s?".join(char for char in name.word if char.isalpha())
        return (
            key in text.parts
            or any(re.fullmatch(rf"{key}\d+", part) for part in text.parts)
            or (len(key) == 3 and key in text.initials)
            or re.search(rf"\b{spelt}\b", text.plain) is not None
        )
    if key in text.key or (len(key) > 4 and key.removesuffix("s") in text.key):
        return True
    parts = [folded_latin(part) for part in re.split(r"[-+/]", name.word) if part not in BETWEEN]
    if len(parts) > 1 and all(part in (text.key if len(part) > 3 else text.parts) for part in parts):
        return True
    capitals = "".join(char for char in name.word if char.isupper()).lower()
    return 3 <= len(capitals) <= 6 and capitals in text.initials


def has(text: Text, word: Word) -> bool:
    """Whether a text has a word or name, also as the beginning of a name."""
    if word.is_name:
        return mentions(text, word)
    return bool(text.like(word)) or any(
        other.is_name and any(one.startswith(key) for key in word.keys for one in other.keys)
        for other in text.names
    )


def has_synonym(text: Text, word: Word) -> bool:
    """Whether a text has a word that `lexicon` gives for the same Chinese word."""
    return (
        not word.is_name
        and not word.is_foreign
        and not text.meanings.isdisjoint(meanings_of(stem_of(word.word)))
    )


def _measures(text: Text) -> frozenset[str]:
    return frozenset(name for pattern, name in _measure_patterns() if pattern.search(text.small) is not None)


@cache
def _measure_patterns() -> list[tuple[re.Pattern[str], str]]:
    spaced = [(re.compile(rf"\b(?:{pattern})(?![a-z])"), name) for pattern, name in spaced_words().measures]
    return spaced + [(re.compile(pattern), name) for pattern, name in cjk_words().measures]
