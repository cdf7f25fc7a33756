"""Summarizes a paper without a model service, with the best sentences of its abstract."""

import re
from collections.abc import Sequence
from datetime import datetime

from mkdocs_paperdigest.models import Claim, Omission, Paper, Summary
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.extract.compression import variants
from mkdocs_paperdigest.summaries.extract.features import Outline, features, outline
from mkdocs_paperdigest.summaries.extract.keywords import find_keywords
from mkdocs_paperdigest.summaries.extract.ranker import Ranker, shipped
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
        chosen = choose_takeaways(sentences, scores, source)
        takeaways = tuple(
            Claim(sentences[at].text, quote=sentences[at].verbatim, verified=True) for at in chosen
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

_NEVER_SUMMARIES: frozenset[Role] = frozenset({"background", "problem", "pointer"})


def _choose_summary(
    sentences: Sequence[Sentence], seen: Outline, scores: Sequence[float], ranker: Ranker
) -> tuple[int, str]:
    """The index of the best sentence, and its best variant."""
    allowed = [at for at, one in enumerate(sentences) if one.role not in _NEVER_SUMMARIES]
    best = sorted(allowed or range(len(sentences)), key=lambda at: -scores[at])[:_SHORTENED]
    candidates = [(scores[at], -at, sentences[at].text) for at in best]
    for at in best:
        for variant in variants(sentences[at].text)[1:]:
            score = _score(seen, at, sentences[at], variant, ranker)
            candidates.append((score, -at, variant))
    _, at, text = max(candidates)
    return -at, text


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
