"""Summarizes a paper without a model service, with the best sentences of its abstract."""

import re
from collections.abc import Sequence
from datetime import datetime

from mkdocs_paperdigest.models import Claim, Omission, Paper, Summary
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.extract.compression import is_cut_list, variants
from mkdocs_paperdigest.summaries.extract.features import Outline, features, outline
from mkdocs_paperdigest.summaries.extract.keywords import find_keywords
from mkdocs_paperdigest.summaries.extract.ranker import Ranker, shipped
from mkdocs_paperdigest.summaries.extract.references import refers_back
from mkdocs_paperdigest.summaries.extract.roles import Role, Sentence, read_sentences
from mkdocs_paperdigest.summaries.extract.takeaways import choose_takeaways
from mkdocs_paperdigest.summaries.extract.words import stems, word_features
from mkdocs_paperdigest.summaries.language import written_in

_LONGEST_ABSTRACT = 12_000
"""Characters, six times arXiv's limit; the rest of a longer text is not an abstract."""


def summarize_abstract(paper: Paper, *, now: datetime) -> Summary:
    """One sentence, takeaways and keywords from the abstract alone, all in its authors' words.

    The result is deterministic, and no text raises an error. `omissions` names what the abstract is too short for.
    """
    abstract = paper.abstract[:_LONGEST_ABSTRACT]
    sentences = read_sentences(abstract)
    summary: str | None = None
    takeaways: tuple[Claim, ...] = ()
    if sentences:
        ranker = shipped()
        seen = _outline_of(paper.title, sentences, ranker)
        scores = [_score(seen, at, one, one.text, ranker) for at, one in enumerate(sentences)]
        source, summary = _choose_summary(sentences, seen, scores, ranker)
        takeaways = tuple(
            Claim(line, quote=sentences[at].verbatim, verified=True)
            for at, line in choose_takeaways(sentences, scores, source).items()
        )
    keywords = find_keywords(paper.title, abstract)
    missing = []
    if not sentences:
        missing += [Omission(name, ReasonCode.NO_ABSTRACT) for name in ("summary", "takeaways")]
    elif not takeaways:
        missing.append(Omission("takeaways", ReasonCode.ABSTRACT_TOO_SHORT))
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


_SHORTENED = 2
"""Number of sentences whose variants are tried; a third one changes 3 of 619 summaries."""

NEVER_SUMMARIES: frozenset[Role] = frozenset({"background", "problem", "pointer"})


def _choose_summary(
    sentences: Sequence[Sentence], seen: Outline, scores: Sequence[float], ranker: Ranker
) -> tuple[int, str]:
    """The index of the best sentence, and its best variant that a reader understands without the abstract."""
    allowed = [at for at, one in enumerate(sentences) if one.role not in NEVER_SUMMARIES]
    ranked = sorted(allowed or range(len(sentences)), key=lambda at: -scores[at])
    others = sorted(set(range(len(sentences))) - set(ranked), key=lambda at: -scores[at])
    tiers = (
        ranked[:_SHORTENED],
        ranked[_SHORTENED:],
        [at for at in others if sentences[at].role != "pointer"],
    )
    for tier in filter(None, tiers):
        candidates = [(scores[at], -at, sentences[at].text) for at in tier]
        for at in tier:
            candidates += [
                (_score(seen, at, sentences[at], variant, ranker), -at, variant)
                for variant in variants(sentences[at].text)[1:]
            ]
        for _, at, text in sorted(candidates, reverse=True):
            if is_clear(text):
                return -at, text
    return ranked[0], sentences[ranked[0]].text


def is_clear(text: str) -> bool:
    """Whether a reader understands the sentence `text` alone, and it says more than a name."""
    words = text.split()
    named = len(words) < _NAMED and words[-2:-1] in (["named"], ["called"], ["dubbed"], ["termed"])
    if (named or len(words) < _BAREST) and _SPACED.search(text):
        return False
    return not (is_cut_list(text) or refers_back(text) or _DEFINITE.match(text) or _EMPTY_MACRO.search(text))


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


def _score(seen: Outline, at: int, sentence: Sentence, variant: str, ranker: Ranker) -> float:
    score = ranker.score(features(seen, at, sentence.text, variant))
    return score - (_PENALTY * (_REFERENCE.search(variant) is not None))


_PENALTY = 0.04
"""For a reference to an earlier sentence, in ROUGE: readers see the summary alone."""
_REFERENCE = re.compile(
    r"^(?:they|it|such|the (?:proposed|resulting|former|latter|method|model|approach|framework|results?))\b"
    r"|\b(?:these|those|aforementioned|above|their|such (?!that|as)|the (?:issue|problem|challenge|limitation|gap|question)s?(?! of)|"
    r"this(?! (?:paper|work|study|article|letter|thesis|survey|report|note|review|manuscript|research)))\b|\?$",
    re.IGNORECASE,
)
