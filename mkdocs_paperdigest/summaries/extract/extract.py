"""Summarizes a paper without a model service, with the best sentences of its abstract."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from mkdocs_paperdigest.models import Claim, Omission, Paper, Summary
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.extract.compression import (
    is_cut_list,
    says_something,
    variants,
    without_order,
)
from mkdocs_paperdigest.summaries.extract.features import Outline, features, outline, pair_features
from mkdocs_paperdigest.summaries.extract.keywords import MOST, find_keywords
from mkdocs_paperdigest.summaries.extract.ranker import Ranker, shipped
from mkdocs_paperdigest.summaries.extract.references import refers_back
from mkdocs_paperdigest.summaries.extract.roles import Role, Sentence, read_sentences
from mkdocs_paperdigest.summaries.extract.takeaways import FEWEST, LONGEST, choose_takeaways, takeaway_lines
from mkdocs_paperdigest.summaries.extract.words import stems, word_features
from mkdocs_paperdigest.summaries.gate.metadata import leads_away
from mkdocs_paperdigest.summaries.language import written_in

_LONGEST_ABSTRACT = 12_000
"""Characters, six times arXiv's limit; the rest of a longer text is not an abstract."""


def summarize_abstract(paper: Paper, *, now: datetime) -> Summary:
    """A summary of one or two sentences, takeaways and keywords from the abstract alone, all in its authors' words.

    The result is deterministic, and no text raises an error. `omissions` names what the abstract is too short for.
    """
    abstract = paper.abstract[:_LONGEST_ABSTRACT]
    sentences = read_sentences(abstract)
    summary, takeaways = _chosen(paper.title, sentences)
    reason = ReasonCode.ABSTRACT_TOO_SHORT if sentences else ReasonCode.NO_ABSTRACT
    # Asked of the few chosen lines alone, because hardly any of them has an address.
    if leads_away("\n".join((summary or "", *(one.quote for one in takeaways)))):
        inward = tuple(one for one in sentences if not leads_away(one.verbatim))
        summary, takeaways = _chosen(paper.title, inward)
        reason = ReasonCode.METADATA
    # Off arXiv, the categories are the keywords that a library has from the authors.
    stated = () if paper.on_arxiv else paper.categories[:MOST]
    keywords = stated or find_keywords(paper.title, abstract)
    found = {"summary": summary, "takeaways": takeaways}
    missing = [Omission(name, reason) for name, value in found.items() if not value]
    if not keywords:
        missing.append(Omission("keywords", ReasonCode.NOT_GIVEN))
    return Summary(
        model="extractive",
        language=_language(abstract, sentences),
        made_at=now,
        basis="abstract",
        summary=summary,
        takeaways=takeaways,
        keywords=keywords,
        omissions=tuple(missing),
    )


def _chosen(title: str, sentences: Sequence[Sentence]) -> tuple[str | None, tuple[Claim, ...]]:
    """The summary and the takeaways of an abstract with these sentences."""
    if not sentences:
        return None, ()
    ranker = shipped()
    seen = _outline_of(title, sentences, ranker)
    whole = whole_sentences(sentences, seen, ranker)
    lines = takeaway_lines(sentences)
    sources, summary = _choose_summary(sentences, seen, whole, ranker, lines)
    scores = [one.score for one in whole]
    chosen = choose_takeaways(sentences, scores, sources, lines).items()
    return summary, tuple(Claim(line, quote=sentences[at].verbatim, verified=True) for at, line in chosen)


_LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "cs", "sv", "vi", "id",
    "ja", "zh", "ko", "ru", "el", "ar", "he", "hi", "th",
)  # fmt: skip
"""The first one that fits is taken; English is first, because a text that is too short fits any language."""


_ENGLISH = frozenset({"the", "of", "and", "to", "is", "that", "with", "we", "are", "this", "for"})


def _language(text: str, sentences: Sequence[Sentence]) -> str:
    words = [stem for sentence in sentences for stem in sentence.stems]
    if sum(word in _ENGLISH for word in words) > 0.15 * len(words):
        return "en"  # nearly always, and ten times faster than the next line
    return next((code for code in _LANGUAGES if written_in(text, code)), "en")


def _outline_of(title: str, sentences: Sequence[Sentence], ranker: Ranker) -> Outline:
    """What the ranker needs to know about the abstract as a whole."""
    own = [sentence.stems for sentence in sentences]
    verbatim = [sentence.verbatim for sentence in sentences]
    heading = stems(title)
    cues = [ranker.cue(stemmed) for stemmed in own]
    words = word_features(heading, f"{title} {' '.join(verbatim)}", own, verbatim, cues)
    return outline(heading, own, ranker.salience(words), cues, verbatim)


_SHORTENED, _SHORTENED_PARTNERS = 2, 4
"""Number of sentences whose variants are tried; a third one changes 3 of 619 summaries of one variant."""
_PARTNERS = 8
"""Number of candidates that are tried as the second half of a summary."""
_FEWEST_MORE = 7
"""Words of a second half."""

NEVER_SUMMARIES: frozenset[Role] = frozenset({"background", "problem", "pointer"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A variant of the sentence `at` that may be shown, with its score and its `features`."""

    score: float
    at: int
    text: str
    numbers: tuple[float, ...]


def whole_sentences(sentences: Sequence[Sentence], seen: Outline, ranker: Ranker) -> list[Candidate]:
    """A candidate for each sentence, in their order, whether it may be shown or not."""
    return [_candidate(seen, at, one, one.text, ranker) for at, one in enumerate(sentences)]


def find_candidates(
    sentences: Sequence[Sentence], seen: Outline, whole: Sequence[Candidate], ranker: Ranker
) -> list[Candidate]:
    """What a reader understands without the abstract, the best first; sentences of other people's work only if need be.

    `whole` has the candidates that are whole sentences. Empty if there is no such text.
    """
    allowed = [at for at, one in enumerate(sentences) if one.role not in NEVER_SUMMARIES]
    ranked = sorted(allowed or range(len(sentences)), key=lambda at: -whole[at].score)
    others = sorted(set(range(len(sentences))) - set(ranked), key=lambda at: -whole[at].score)
    tiers = (
        ranked[:_SHORTENED],
        ranked[_SHORTENED:],
        [at for at in others if sentences[at].role != "pointer"],
    )
    for number, tier in enumerate(tiers):
        clear = _clear_candidates(tier, sentences, seen, whole, ranker, LONGEST)
        if not clear:
            continue
        best, more = clear[0], clear[1:]
        room = LONGEST - len(best.text.split())
        if number == 0 and room >= _FEWEST_MORE:
            short, rest = ranked[_SHORTENED:_SHORTENED_PARTNERS], ranked[_SHORTENED_PARTNERS:]
            more += _clear_candidates(short, sentences, seen, whole, ranker, room)
            more += [whole[at] for at in rest if is_clear(whole[at].text)]
        return [best, *sorted(more, key=_order)]
    return []


def _clear_candidates(
    tier: Sequence[int],
    sentences: Sequence[Sentence],
    seen: Outline,
    whole: Sequence[Candidate],
    ranker: Ranker,
    longest: int,
) -> list[Candidate]:
    """The variants of some sentences that a reader understands alone and that have up to `longest` words, best first."""
    found = [whole[at] for at in tier if is_clear(whole[at].text)]
    for at in tier:
        shorter = [text for text in variants(sentences[at].text)[1:] if len(text.split()) <= longest]
        found += [_candidate(seen, at, sentences[at], text, ranker) for text in shorter if is_clear(text)]
    return sorted(found, key=_order)


def _order(one: Candidate) -> tuple[float, int, str]:
    return -one.score, one.at, one.text


def find_pairs(
    sentences: Sequence[Sentence], seen: Outline, candidates: Sequence[Candidate]
) -> list[tuple[Candidate, tuple[float, ...], str]]:
    """What could be said besides the best candidate: the second one, `pair_features`, and the text of both."""
    best = candidates[0]
    found = []
    others = [one for one in candidates if one.at != best.at and _is_half(one.text)]
    for other in others[:_PARTNERS]:
        first, second = (best, other) if best.at < other.at else (other, best)
        if _PROPOSAL.match(second.text) and _OURS.match(first.text):
            first, second = second, first
        text = joined(first.text, second.text, sentences)
        if text is not None and len(text.split()) <= LONGEST:
            scores = (best.score, other.score)
            numbers = pair_features(seen, scores, (best.numbers, other.numbers), (best.text, other.text))
            found.append((other, numbers, text))
    return found


def _is_half(text: str) -> bool:
    """Whether `text` is an English sentence that is long enough to be half of a summary."""
    words = text.lower().split()
    return len(words) >= _FEWEST_MORE and not _ENGLISH.isdisjoint(words) and says_something(text)


def _choose_summary(
    sentences: Sequence[Sentence],
    seen: Outline,
    whole: Sequence[Candidate],
    ranker: Ranker,
    lines: Collection[int],
) -> tuple[frozenset[int], str]:
    """Indices of the sentences that the summary is taken from, and its text: one candidate, or two that say more.

    Two only if enough `lines`, sentences that may be takeaways, are left, so that no takeaway repeats the summary.
    """
    candidates = find_candidates(sentences, seen, whole, ranker)
    if not candidates:
        best = max(whole, key=lambda one: (sentences[one.at].role not in NEVER_SUMMARIES, one.score))
        return frozenset({best.at}), best.text
    best = candidates[0]
    pairs = find_pairs(sentences, seen, candidates)
    gains = [
        (ranker.gain(numbers), other.at, text)
        for other, numbers, text in pairs
        if len(set(lines) - {best.at, other.at}) >= FEWEST
    ]
    gain, at, text = max(gains, default=(0.0, 0, ""))
    if gain > 0:
        return frozenset({best.at, at}), text
    return frozenset({best.at}), best.text


def joined(first: str, second: str, sentences: Sequence[Sentence]) -> str | None:
    """`first; second`, or None if a mark in one of them, or what may be a name at the head of the second, is in the way.

    A word is no name if the `sentences` of the abstract have it in lower case, and none has it with a capital inside;
    a word without an ending of common words, such as `Rust`, also needs the word after it there.
    """
    if (
        first[-1:] != "."
        or _BREAKS.search(first)
        or _BREAKS.search(second)
        or _ABBREVIATED.search(first.rpartition(" ")[2])
    ):
        return None
    second = without_order(second)
    head, _, rest = second.partition(" ")
    small = head[:1].lower() + head[1:]
    if head in _OPENERS or (small != head and head != "I" and _is_common(small, second, sentences)):
        head = small
    elif head != "I" and not _ACRONYM.search(head):
        return None
    return f"{first[:-1]}; {head} {rest}"


def _is_common(small: str, second: str, sentences: Sequence[Sentence]) -> bool:
    head, *rest = second.split(maxsplit=2)
    named = re.compile(rf"[a-z,] {re.escape(head)}\b")
    phrase = f" {small} " if _COMMON_END.search(small) or not rest else f" {small} {rest[0]}"
    return any(phrase in one.verbatim for one in sentences) and not any(
        named.search(one.verbatim) for one in sentences
    )


_COMMON_END = re.compile(
    r"(?:[^s]s|ed|ing|ly|al|ive|ion|ity|ness|ment|[ae]n[ct]e?|ic|ous|able|ible|ful|ary|ory)$"
)
"""The end of a word that is hardly ever a name if it is a word too."""
_OPENERS_WORDS = """We Our The This It In On A An Experiments Extensive Experimental Empirical Results By Using To For With When From
    At As Under Through Unlike While Compared Both One Each All Based Given Without If After Despite Although Since There"""
_OPENERS = frozenset(_OPENERS_WORDS.split())
"""Words that lose their capital inside a sentence."""
_ACRONYM = re.compile(r"\w[A-Z0-9]")
_PROPOSAL = re.compile(r"(?:We|This (?:paper|work)) (?:propos|present|introduc|develop)")
_OURS = re.compile(
    r"(?:Our|The) (?:\w+ )?(?:method|approach|model|framework|system|algorithm|network|pipeline)\b"
)
"""What comes after the proposal, which says what it is."""
_BREAKS = re.compile(r"[;?!]|[.] ")
_ABBREVIATED = re.compile(
    r"\b(?:al|etc|cf|vs|resp|approx|inc|ltd|corp|co|dept|univ|jr|sr|dr|st|fig|eq|ref|no)\.$|\b[a-z](?:\.[a-z])*\.$",
    re.IGNORECASE,
)
"""A stop that is part of a word: `et al.`, `the U.S.`, `the group G.`"""


def is_clear(text: str) -> bool:
    """Whether a reader understands the sentence `text` alone, it says more than a name, and is not too long."""
    words = text.split()
    if len(words) > LONGEST:
        return False
    named = len(words) < _NAMED and words[-2:-1] in (["named"], ["called"], ["dubbed"], ["termed"])
    if (named or len(words) < _BAREST) and _SPACED.search(text):
        return False
    if "\\" in text and _EMPTY_MACRO.search(text):
        return False
    return not (is_cut_list(text) or refers_back(text) or _DEFINITE.match(text))


_BAREST = 5
"""Words of a summary that says more than a name, in a language that puts spaces between words."""
_NAMED = 9
"""Words of one that ends in a mere name: `We present a new framework named X`."""
_DEFINITE = re.compile(
    r"the (?:conjecture|discussion|proofs?|results?|theorem|methods?|models?|approach|algorithm|analysis|problem|technique|framework|system|"
    r"effects?|equations?|solutions?|experiments?|program|formula|construction|answer|idea|task|data|performance|former|latter) "
    r"(?:is|are|was|were|can|has|have|will|also|then|\w+[^s\W]s) "
    r"|to (?!\w+ or\b)[a-z]+ [^,]*\.$"
    r"|the (?:corresponding|resulting|obtained|remaining|respective|mentioned|said) |one (?:member|part|half|side|type|kind) of (?:an?|the) ",
    re.IGNORECASE,
)
"""The start of a sentence about a thing that an earlier one has introduced; a purpose without its clause."""
_EMPTY_MACRO = re.compile(r"\\[A-Za-z]{2,}\{\}")
"""A name that only the paper's own TeX knows: `\algname{}`."""
_SPACED = re.compile(r"[a-z]{3} [a-z]{3}")


def _candidate(seen: Outline, at: int, sentence: Sentence, variant: str, ranker: Ranker) -> Candidate:
    numbers = features(seen, at, sentence.text, variant)
    penalty = _PENALTY * (_REFERENCE.search(variant.lower()) is not None)
    return Candidate(ranker.score(numbers) - penalty, at, variant, numbers)


_PENALTY = 0.04
"""For a reference to an earlier sentence, in ROUGE: readers see the summary alone."""
_REFERENCE = re.compile(
    r"^(?:they|it|such|the (?:proposed|resulting|former|latter|method|model|approach|framework|results?))\b"
    r"|\b(?:these|those|aforementioned|above|their|such (?!that|as)|the (?:issue|problem|challenge|limitation|gap|question)s?(?! of)|"
    r"this(?! (?:paper|work|study|article|letter|thesis|survey|report|note|review|manuscript|research)))\b|\?$"
)
