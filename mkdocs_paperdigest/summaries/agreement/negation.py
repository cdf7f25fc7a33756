"""Whether one side denies what the other one says.

Written for claims with a "not" put in or left out. The word files have the words that deny. They deny the first word
behind them that says something, or one of the first three where a side is Chinese, whose verb may come last; a denial
reaches through a list ("without A, B or C").
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from mkdocs_paperdigest.summaries.agreement.patterns import may_compare, signs_in, soft_negations
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import BETWEEN, Word
from mkdocs_paperdigest.summaries.gate.words import all_words
from mkdocs_paperdigest.summaries.lexicon import is_common


def negated(claim: Text, passage: Passage) -> bool:
    """One side denies what the other one says."""
    quote = passage.quote
    return (
        _denies(claim, quote)
        or _denies(quote, claim)
        or _takes_rejected(claim, quote)
        or _denies_change(claim, quote)
        or _denies_change(quote, claim)
        or _is_impossible(claim, quote)
    )


def _is_impossible(claim: Text, quote: Text) -> bool:
    """Whether the quote calls impossible what the claim, which denies nothing, speaks of."""
    found = _IMPOSSIBLE.search(quote.small)
    if found is None or _is_hedged(claim) or claim.says(_EVADES) or is_denied(quote, found.start(), 25, 0):
        return False
    start, _ = quote.sentence_around(found.start(), found.end())
    known = [bool(claim.like(word)) for word in quote.words if start <= word.at < found.start()]
    return sum(known) > 1 and 2 * sum(known) >= len(known)


def _takes_rejected(claim: Text, quote: Text) -> bool:
    """Whether the claim says what the quote rejects for something else: "B" for "A rather than B"."""
    for found in islice(_REJECTS.finditer(quote.small), _MOST_REJECTED):
        taken = [word for word in quote.words if quote.small[word.end : found.start()] in {" ", " ("}]
        left = [word for word in quote.words if found.end() <= word.at < quote.break_after(found.end())]
        if taken and left and not claim.like(taken[-1]) and not claim.says(_REJECTS):
            places = [claim.like(word) for word in left[:3]]
            if all(places) and not any(is_denied(claim, one.at) for found in places for one in found):
                return True
    return False


def _denies_change(text: Text, other: Text) -> bool:
    """Whether `text` says that there is no such change as `other` tells of: "no increase in A", "A rose"."""
    for found in islice(_NO_CHANGE.finditer(text.small), _MOST_REJECTED):
        denied = signs_in(found[1])
        things = [word for word in text.words if found.end() <= word.at < text.break_after(found.end())][:2]
        for sign in other.signs:
            same = bool(denied) and (sign.axis, sign.up) == (denied[0].axis, denied[0].up)
            if same and things and all(map(other.like, things)) and not is_denied(other, sign.at, 25, 0):
                return not any((one.axis, one.up) == (sign.axis, sign.up) for one in text.signs)
    return False


_REJECTS = re.compile(r"\b(?:rather than|instead of|as opposed to)\b")
_NO_CHANGE = re.compile(
    r"\bno (?:[a-z]+ ){0,1}(increases?|rise|growth|gain|improvements?|decreases?|reductions?|decline|drop|fall|loss)"
    r" (?:in|of) "
)
_MOST_REJECTED = 10


def _denies(text: Text, other: Text) -> bool:
    """Whether `text` denies something that `other` says without any denial around it."""
    for negation in text.negations:
        if _is_condition(negation[0]) and _turns(text, other):
            continue
        if _says_more_elsewhere(text, negation.start(), other):
            continue
        if found := _NO_EVIDENCE.match(text.small, negation.start()):
            words = list(_after(text, found, 3))
            if sum(any(map(word.is_same, other.tokens)) for word in words) > 1 and not _is_hedged(other):
                return True
            continue
        # "Without modifying any attributes" denies "alters the attributes".
        if negation[0] == "without" and _acts_on_all(list(_after(text, negation, 3)), other):
            return True
        # "The fulfillment of A and B is impossible": what is denied stands far before.
        if text.unspaced and not other.unspaced and other.says(_IMPOSSIBLE):
            continue
        words = _denied(text, negation, other)
        if any(_is_prefixed(other, word) for word in words) or (
            len(negation[0]) == 1 and _is_beside_prefixed(other, words)
        ):
            continue
        places = [[one.at for one in other.tokens if word.is_same(one)] for word in words]
        # "No A was B" denies that A was B, not A; "no loss of A" denies no A.
        if negation[0] == "no":
            known = all(places)
        else:
            known = places[:1] != [[]] or (sum(map(bool, places)) > 1 and not other.negations)
            # Across languages, the verb may be another one, but some word has to deny.
            known = known or (
                text.unspaced != other.unspaced
                and _OF_VERBS.fullmatch(negation[0]) is not None
                and not other.says(soft_negations())
                and not other.says(_LESSENS)
            )
        # "Does not require A" denies "needs A".
        if (
            places == [[]]
            and not text.unspaced
            and not other.unspaced
            and _denies_need(text, negation, other)
        ):
            return True
        if known and any(places) and not any(is_denied(other, at) for found in places for at in found):
            return True
    return False


def _denies_need(text: Text, negation: re.Match[str], other: Text) -> bool:
    """Whether a text denies the need of something that another text, which denies nothing, calls needed."""
    verb, *things = _after(text, negation, 3)
    return (
        bool(things)
        and _NEEDS.fullmatch(verb.word) is not None
        and other.says(_NEEDS)
        and all(map(other.like, things[:2]))
        and not other.says(soft_negations())
    )


def _acts_on_all(words: list[Word], other: Text) -> bool:
    """Whether another text, which denies nothing, has what an action that is denied is done to."""
    things = words[1:]
    return (
        len(things) > 1
        and words[0].word.endswith("ing")
        and all(any(map(word.is_same, other.tokens)) for word in things)
        and not other.says(soft_negations())
    )


def _denied(text: Text, negation: re.Match[str], other: Text) -> list[Word]:
    """What a negation denies; nothing where it is part of another word."""
    if text.unspaced:
        at = negation.start()
        inside = next((one for one in text.words if one.is_foreign and one.at <= at < one.end), None)
        # 不均 is a word of its own, "uneven", and 无处不在 denies nothing.
        if inside and (other.like(inside) or inside.at < at):
            return []
        # 不透明 and 不利的 deny nothing that follows.
        attribute = _CJK_ATTRIBUTE.match(text.small, at)
        stop = attribute.end() if attribute else inside.end if inside else 0
        if attribute or not _CJK_MODAL.match(text.small, negation.end()):
            words = [one for one in Text(text.plain[negation.end() : stop]).words if one.is_foreign]
            if attribute or words:
                return words
    # "Neither A nor B suffers" denies the verb, which follows somewhere.
    if negation[0] in {"neither", "nor"} and _NEITHER_FIRST.search(text.small, 0, negation.end()):
        return []
    if negation[0] == "no":
        return _after_no(text, negation)
    words = list(_after(text, negation, 3))
    skipped = 0 if text.unspaced else _skipped(words)
    # "Not significantly better" and "was not significant" deny the same.
    if any(
        word.is_same(one) and is_denied(other, one.at) for word in words[:skipped] for one in other.tokens
    ):
        return []
    return words[skipped:] if text.unspaced or other.unspaced else words[skipped : skipped + 1]


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


def _skipped(words: list[Word]) -> int:
    """How many words stand before the one that "not" denies: "not likely to", adverbs."""
    found = (place for place, word in enumerate(words) if not _SKIPPED.fullmatch(word.word))
    return next(found, max(len(words) - 1, 0))


def _is_condition(negation: str) -> bool:
    return negation in {"without", "in the absence of", "没有", "无"}


def _turns(text: Text, other: Text) -> bool:
    """Whether two texts have opposite directions, as "without A, B drops" and "A raises B" do."""
    return any(may_compare(one, two) and one.up != two.up for one in text.signs for two in other.signs)


def _says_more_elsewhere(text: Text, at: int, other: Text) -> bool:
    """Whether another sentence of a text has more of what the other text says than the sentence around a place."""
    start = max((found.end() for found in _FULL_STOP.finditer(text.small, 0, at)), default=0)
    end = _FULL_STOP.search(text.small, at)
    stop = end.start() if end else len(text.small)
    if not start and stop >= len(text.small) - 2:
        return False
    shared = [bool(other.like(word)) for word in text.words]
    inside = sum(known for word, known in zip(text.words, shared, strict=True) if start <= word.at < stop)
    return sum(shared) - inside > 2 * inside


def _is_prefixed(text: Text, word: Word) -> bool:
    """Whether a text has a word with a prefix that denies it."""
    forms = {f"{prefix}{key}" for prefix in all_words().opposite_prefixes for key in word.keys}
    stems = {form[:8] if form.startswith("non") else form[:5] for form in forms}
    return any(not (forms if one.is_name else stems).isdisjoint(one.keys) for one in text.tokens)


def _is_beside_prefixed(text: Text, words: list[Word]) -> bool:
    """Whether a text has one of some words right after one with a prefix that denies: 未见物体 for "unseen objects"."""
    prefixes = all_words().opposite_prefixes
    return any(
        before.word.startswith(prefix) and is_common(before.word.removeprefix(prefix))
        for before, after in pairwise(text.words)
        if any(map(after.is_same, words))
        for prefix in prefixes
    )


def is_denied(text: Text, at: int, before: int = 60, after: int = 20) -> bool:
    """Whether the clause denies what stands at a place; it is searched so many characters before and after it."""
    # "Analysis of paths is avoided": what is denied may have something of its own.
    after += 25 * (after > 0 and _OWNS.match(text.small, at) is not None)
    start, stop = text.clause(at, *((30, 6) if text.unspaced else (before, after)))
    # "Without A, B or C" denies all three.
    either = re.search(r"\b(?:n?or|and)\b", text.small[max(0, at - 30) : at + 30])
    while (
        either and (item := _LISTED.search(text.small, max(0, start - 30), start + 1)) and start > at - before
    ):
        start = item.start()
    if _DENIED_BEHIND.match(text.small, at):
        return True
    # "Accuracy drops": a word does not deny itself.
    return any(found.start() != at for found in soft_negations().finditer(text.small, start, stop))


_DENIED_BEHIND = re.compile(
    r"[^,.;]{0,80}\b(?:is|are|was|were|been)(?: not|n['’]t) (?:statistically )?"
    r"(?:significant|evident|observed|seen|detected|found|apparent|measurable)\b"
)
"""Says of what stands before that it is not there: "the gain in A was not significant"."""
_OF_VERBS = re.compile(
    r"not|cannot|never|unable to|fail(?:s|ed|ing)? to|\w+n['’]t|无法|未能?|不能?|没有|并未|从不|绝不"
)
_NEEDS = re.compile(r"\b(?:needs?|require[sd]?|relies on|rely|depends? on|depend|necessitates?)\b")
_LESSENS = re.compile(r"\b(?:only|low|poor|hard|far from|limit\w*)\b|[低差难弱劣慢贵仅只限缺]")
"""Words that may stand for a denial in another language."""
_OWNS = re.compile(r"\w+ of ")
_IMPOSSIBLE = re.compile(r"\b(?:impossible|infeasible|unfeasible|intractable)\b(?! to\b)|不可能|不可行")
_EVADES = re.compile(
    r"\b(?:replac\w+|instead|avoid\w*|approximat\w+|rather|circumvent\w*)\b|替代|代替|避免|近似"
)
_FULL_STOP = re.compile(r"(?<=[a-z0-9)\]%]{2})[.!?](?=\s)|[。！？]")
_CJK_ATTRIBUTE = re.compile("[不未非无][\u4e00-\u9fff]{1,3}的(?=[\u4e00-\u9fff])")
_CJK_MODAL = re.compile("[能会是可需必应该得再仅只但易宜便足]")
"""What makes a verb of the words behind it that a negation denies."""
_SKIPPED = re.compile("likely|expected|able|supposed|thought|known|yet|always|currently|[a-z]{3,}ly")
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
