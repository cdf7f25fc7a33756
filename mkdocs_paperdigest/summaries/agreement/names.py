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
from mkdocs_paperdigest.summaries.agreement.words import Word
from mkdocs_paperdigest.summaries.gate.words import cjk_words, from_words, spaced_words
from mkdocs_paperdigest.summaries.lexicon import base_of, meanings_of, stem_of
from mkdocs_paperdigest.summaries.numerals import is_unit
from mkdocs_paperdigest.text import folded_latin


def other_names(claim: Text, passage: Passage) -> bool:
    """The claim names something that the quote does not, in place of what it names."""
    extra = [name for name in claim.names if not mentions(passage.quote, name)]
    spelt = claim.acronyms if extra else {}
    extra = [
        name for name in extra if not (name.at in spelt and _has_acronym(passage.context, spelt[name.at]))
    ]
    for name in extra:
        if mentions(passage.title, name) or _is_from_place(name, passage.context):
            continue
        if not mentions(passage.context, name):
            unknown = not any(map(passage.counts.get, name.keys))
            opens = not claim.unspaced and claim.opens_with(name)
            if unknown and passage.counts and opens and _reads_as_word(name):
                continue
            if (unknown and _abbreviates(name, passage.quote)) or (
                opens and _is_abbreviated(name, claim, passage.quote)
            ):
                continue
            # "The networks (CNNs) learn": a general term stands for another one only.
            if _is_general(name) and not any(
                _is_general(other) and not mentions(claim, other) for other in passage.quote.names
            ):
                continue
            return True
        rivals = [
            other
            for other in passage.quote.names
            if not mentions(claim, other)
            # "Gated ResNet" for "our method" with its name
            and (not mentions(passage.title, other) or max(name.at, other.at) < _OPENING)
        ]
        if rivals:
            return True
    return False


def _is_from_place(name: Word, text: Text) -> bool:
    """Whether a text has the noun of an adjective: "Mexico" for "Mexican", "Bayes" for "Bayesian"."""
    beginning = rf"\b{re.escape(name.word[:4])}"
    return name.word.endswith(("an", "ese", "ish")) and re.search(beginning, text.plain) is not None


def _has_acronym(text: Text, acronym: str) -> bool:
    """Whether a text has the first letters of a name of several words; two letters are in any text."""
    return acronym in (text.key if len(acronym) > 2 else text.parts)


def _reads_as_word(name: Word) -> bool:
    """Whether what looks like a name is a word of the language, by its ending: "Caching"."""
    return len(name.word) > 5 and _WORD_ENDING.search(name.word.lower()) is not None


def _is_abbreviated(name: Word, claim: Text, quote: Text) -> bool:
    """Whether the quote has a symbol for what the claim spells out: Ba for "Barium"."""
    return any(
        1 < len(short) <= _SHORT and short.isalpha() and re.match(".*".join(short), name.word.lower())
        for short in quote.parts - claim.parts
    )


def _abbreviates(name: Word, text: Text) -> bool:
    """Whether a name has the first letters of a word's parts: PDMS for "polydimethylsiloxane"."""
    if not (name.word.isalpha() and name.word.isupper() and _SHORT > len(name.word) - 2 > 0):
        return False
    letters = name.word.lower()
    found = re.search(rf"\b{letters[0]}" + "".join(f"[a-z]*[ -]?{one}" for one in letters[1:]), text.small)
    return found is not None and len(found[0]) >= 2 * len(letters)


def _is_general(name: Word) -> bool:
    return not name.keys.isdisjoint(_general_names())


_general_names = from_words(lambda words: frozenset(words.common_names))
_WORD_ENDING = re.compile(
    r"(?:(?<![ej])ing|(?<![mr])ed|ity|ities|ions?|ers|ors|ians|ants|ents|isms?|ists|ics|ness|ments?|ances|ences"
    r"|ologies|ology|ous|ably|ally|ises|izes|ates)$"
)
"""Endings of nouns, participles and adverbs that names seldom have."""
_OPENING = 12
"""Characters in which a sentence names what it is about."""
_SHORT = 4
"""Letters of a symbol or acronym."""


def other_measure(claim: Text, passage: Passage) -> bool:
    """The claim speaks of another measure ("accuracy") than the quote ("F1")."""
    mine = _measures(claim)
    theirs = _measures(passage.quote) if mine else mine
    return bool(mine - theirs and theirs - mine and mine - _measures(passage.near))


def other_attribute(claim: Text, passage: Passage) -> bool:
    """The claim has another word in one place: "of the cortical cells" for "of the hippocampal cells"."""
    quote = passage.quote
    printed = list(_attributes(quote))
    for word, place in _attributes(claim):
        # At the beginning of the claim, no word stands before it.
        rivals = [other for other, there in printed if there[1] == place[1] and place[0] in {"", there[0]}]
        known = has(quote, word) or has_synonym(quote, word) or has(passage.near, word)
        if rivals and not known and not any(_akin(word, other) or has(claim, other) for other in rivals):
            return True
    return False


def _akin(one: Word, other: Word) -> bool:
    return one.word[:4] == other.word[:4]


def _attributes(text: Text) -> Iterator[tuple[Word, tuple[str, str]]]:
    """Words right before the last one of a run, with it and the word before; verbs, adverbs and names are left out."""
    before = {after.at: word.word.lower() for word, after in pairwise(text.tokens)}
    for word, noun in pairwise(text.words):
        plain = word.word.isalpha() and not word.is_name and not word.word.endswith(("ly", "ing", "ed"))
        plain = plain and not is_unit(word.word)
        beside = text.plain[word.end : noun.at] == " " and not noun.word.endswith(("ly", "ed"))
        if plain and beside and not noun.is_name and not any(one.at == noun.end + 1 for one in text.words):
            yield word, (before.get(word.at, ""), re.sub("(?<!s)s$", "", noun.word))


def mentions(text: Text, name: Word) -> bool:
    """Whether a text has a name, in one of its spellings."""
    (key,) = name.keys
    if text.like(name):
        return True
    if name.word[1:].islower() and base_of(name.word.lower()) in text.bases:
        return True
    if len(key) < 4 and key.isalpha():
        # Some PDFs have spaces between the letters.
        spelt = r"\s?".join(char for char in name.word if char.isalpha())
        return (
            key in text.parts
            or any(re.fullmatch(rf"{key}\d+", part) for part in text.parts)
            or (len(key) > 1 and key in text.initials)
            or re.search(rf"\b{spelt}\b", text.plain) is not None
        )
    if key in text.key or (len(key) > 4 and key.removesuffix("s") in text.key):
        return True
    parts = re.split(r"[-+/]", name.word)
    # "VAE-like": the small words of a compound say nothing of what it names.
    named = [folded_latin(part) for part in parts if not part.islower()] or [*map(folded_latin, parts)]
    if len(parts) > 1 and all(part in (text.key if len(part) > 3 else text.parts) for part in named):
        return True
    capitals = "".join(char for char in name.word if char.isupper()).lower()
    return 3 <= len(capitals) <= 6 and capitals in text.initials


def has(text: Text, word: Word) -> bool:
    """Whether a text has a word or name, also as the beginning of a name."""
    if word.is_name:
        return mentions(text, word)
    if text.like(word) or (not word.is_foreign and not text.compounds.isdisjoint(word.keys)):
        return True
    parts = word.word.split("-") if "-" in word.word else []
    return (bool(parts) and all(part in text.small for part in parts)) or any(
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
