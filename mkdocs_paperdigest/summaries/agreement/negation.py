"""Whether one side denies what the other one says.

Written for claims with a "not" put in or left out. The word files have the words that deny. They deny the first word
behind them that says something, or one of the first three where a side is Chinese, whose verb may come last; a denial
reaches through a list ("without A, B or C").
"""

import re
from collections.abc import Iterator
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.patterns import soft_negations
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import BETWEEN, Word
from mkdocs_paperdigest.summaries.gate.words import all_words


def negated(claim: Text, passage: Passage) -> bool:
    """One side denies what the other one says."""
    return _denies(claim, passage.quote) or _denies(passage.quote, claim)


def _denies(text: Text, other: Text) -> bool:
    """Whether `text` denies something that `other` says without any denial around it."""
    for negation in text.negations:
        # 不均 is a word of its own, "uneven".
        if any(
            word.is_foreign and word.at <= negation.start() < word.end and other.like(word)
            for word in text.words
        ):
            continue
        # "Neither A nor B suffers" denies the verb, which follows somewhere.
        if negation[0] in {"neither", "nor"} and _NEITHER_FIRST.search(text.small, 0, negation.end()):
            continue
        if found := _NO_EVIDENCE.match(text.small, negation.start()):
            words = list(_after(text, found, 3))
            if sum(any(map(word.is_same, other.tokens)) for word in words) > 1 and not _is_hedged(other):
                return True
            continue
        across = text.unspaced or other.unspaced
        if negation[0] == "no":
            words = _after_no(text, negation)
        else:
            words = list(_after(text, negation, 3 if across else 1))
        if any(_is_prefixed(other, word) for word in words):
            continue
        places = [[one.at for one in other.tokens if word.is_same(one)] for word in words]
        # "No A was B" denies that A was B, not A; "no loss of A" denies no A.
        if negation[0] == "no":
            known = all(places)
        else:
            known = places[:1] != [[]] or (sum(map(bool, places)) > 1 and not other.negations)
        if known and any(places) and not any(is_denied(other, at) for found in places for at in found):
            return True
    return False


def _is_hedged(text: Text) -> bool:
    # 少 in 减少 denies nothing.
    return bool(text.negations) or (not text.unspaced and text.says(soft_negations()))


def _after_no(text: Text, negation: re.Match[str]) -> list[Word]:
    """What "no" denies: the noun after its adjectives; where it is a subject, what is said of it as well."""
    words = list(_after(text, negation, 6))
    head = _HEAD.search(text.small, max(0, negation.start() - 8), negation.start())
    # "No better folds" denies that they are better, not folds.
    if not words or _COMPARES.fullmatch(words[0].word):
        return words[:2]
    nouns = words[:1]
    for word in words[1:]:
        if text.small[nouns[-1].end : word.at] != " " or _FUNCTION.fullmatch(word.word):
            break
        nouns.append(word)
    said = [word for word in words[len(nouns) :] if not _FUNCTION.fullmatch(word.word)]
    if _TO_DO.match(text.small, nouns[-1].at):
        return said[:1]
    if verb := _VERB.match(text.small, nouns[-1].end):
        return nouns[-1:] if verb[1] else [nouns[-1], *said[:1]]
    if head:
        return nouns[-2:] if len(nouns) > 1 else [*nouns, *said[:1]]
    return nouns[-1:]


def _after(text: Text, negation: re.Match[str], most: int) -> Iterator[Word]:
    """The first words after a negation that say something."""
    at = negation.end()
    _, stop = text.clause(at, 0, 10 if text.unspaced else 45)
    following = (word for word in text.tokens if at <= word.at <= stop and word.word not in BETWEEN)
    # Chinese may deny a verb that comes last.
    return islice(following, most)


def _is_prefixed(text: Text, word: Word) -> bool:
    """Whether a text has a word with a prefix that denies it."""
    forms = {f"{prefix}{key}" for prefix in all_words().opposite_prefixes for key in word.keys}
    stems = {form[:8] if form.startswith("non") else form[:5] for form in forms}
    return any(not (forms if one.is_name else stems).isdisjoint(one.keys) for one in text.tokens)


def is_denied(text: Text, at: int, before: int = 60, after: int = 20) -> bool:
    """Whether the clause denies what stands at a place; it is searched so many characters before and after it."""
    start, stop = text.clause(at, *((30, 6) if text.unspaced else (before, after)))
    # "Without A, B or C" denies all three.
    either = re.search(r"\b(?:n?or|and)\b", text.small[max(0, at - 30) : at + 30])
    while (
        either and (item := _LISTED.search(text.small, max(0, start - 30), start + 1)) and start > at - before
    ):
        start = item.start()
    # "Accuracy drops": a word does not deny itself.
    return any(found.start() != at for found in soft_negations().finditer(text.small, start, stop))


_NO_EVIDENCE = re.compile(
    r"no (?:[\w-]+ ){0,2}(?:evidence|signs?|indications?|proof|support|reason)"
    r" (?:that|of|for|to (?:believe|think|suggest)(?: that)?)\b"
)
_HEAD = re.compile(r"(?:^|[,;:.] ?|\b(?:and|but|that|while|where|if|when) )$")
_COMPARES = re.compile(r"[a-z]{2,}er|more|less|worse|such|one")
_FUNCTION = re.compile(
    "between|among|within|during|under|over|than|when|where|while|if|because|after|before|through|per|into|about"
    "|without|against|across|or|and|but|which|who|they|we|has|have|had|can|could|will|would|may|might|does|do|did|ever"
)
"""Words that end a run of adjectives and nouns."""
_TO_DO = re.compile("(?:way|need|ability|reason|attempt|means|right|incentive|opportunity|chance)s? to ")
_VERB = re.compile(
    r" (?:has|have|had|can|could|will|would|may|is|are|was|were|does|do|did)\b"
    r"(?: (?:been )?(found|observed|seen|detected|reported|noted|identified)\b)?"
)
"""What makes a subject of the noun after "no"; that something was not found denies that it is."""
_NEITHER_FIRST = re.compile(r"(?:^|[,;:.] ?|\b(?:and|but|that|while|where) )neither(?:$|[^,;:.]{1,80}\bnor$)")
_LISTED = re.compile(r"(?:\b(?:without|neither|nor|no)\b|,)(?: [\w\[\]-]+){1,3},$")
