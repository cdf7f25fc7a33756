"""Summarizes a paper without any model service: the best of its abstract's own sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mkdocs_paperdigest.models import Claim, Omission, Paper, Summary
from mkdocs_paperdigest.summarizers.compression import cleaned, readings
from mkdocs_paperdigest.summarizers.features import (
    Outline,
    features,
    outline,
    stems,
    word_features,
)
from mkdocs_paperdigest.summarizers.keywords import find_keywords
from mkdocs_paperdigest.summarizers.ranker import Ranker, shipped
from mkdocs_paperdigest.summarizers.roles import role_of
from mkdocs_paperdigest.summarizers.sentences import split_sentences

_LONGEST_ABSTRACT = 12_000
"""Characters: six times arXiv's limit; what follows in a longer text is not an abstract."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the abstract."""

    verbatim: str
    text: str
    """Cleaned, so that it can stand alone."""
    stems: tuple[str, ...]


def summarize_abstract(paper: Paper, *, now: datetime) -> Summary:
    """One sentence, takeaways and keywords from the abstract alone, all in its authors' words.

    Deterministic; raises nothing whatever the text. What an abstract is too short for is named in `omissions`.
    """
    sentences = read_sentences(paper.abstract[:_LONGEST_ABSTRACT])
    keywords = find_keywords(paper.title, paper.abstract[:_LONGEST_ABSTRACT])
    omissions = []
    summary: str | None = None
    takeaways: tuple[Claim, ...] = ()
    if not sentences:
        omissions += [Omission("summary", "no abstract"), Omission("takeaways", "no abstract")]
    else:
        ranker = shipped()
        seen = outline_of(paper.title, sentences, ranker)
        summary, source = choose_summary(sentences, seen, ranker)
        takeaways = choose_takeaways(sentences, seen, ranker, source)
        if not takeaways:
            omissions.append(Omission("takeaways", "abstract too short"))
    if not keywords:
        omissions.append(Omission("keywords", "not given"))
    return Summary(
        model="extractive",
        language="en",
        made_at=now,
        basis="abstract",
        summary=summary,
        takeaways=takeaways,
        keywords=keywords,
        omissions=tuple(omissions),
    )


def read_sentences(abstract: str) -> tuple[Sentence, ...]:
    """The sentences of an abstract that say something."""
    found = []
    for piece in split_sentences(abstract):
        verbatim = piece.strip()
        text = cleaned(verbatim)
        own = stems(verbatim)
        if text and own:
            found.append(Sentence(verbatim, text, own))
    return tuple(found)


def outline_of(title: str, sentences: Sequence[Sentence], ranker: Ranker) -> Outline:
    """What the ranker needs to know of the abstract as a whole."""
    own = [sentence.stems for sentence in sentences]
    texts = [sentence.verbatim for sentence in sentences]
    heading = stems(title)
    salience = ranker.salience(word_features(heading, f"{title} {' '.join(texts)}", own, texts))
    return outline(heading, own, salience, [ranker.cue(stemmed) for stemmed in own])


_READ_CLOSELY = 3
"""Sentences whose shorter readings are tried; the summary comes from the best three in nearly every abstract."""


def choose_summary(sentences: Sequence[Sentence], seen: Outline, ranker: Ranker) -> tuple[str, int]:
    """The best reading of the best sentence, and where that sentence stands."""
    scores = _scores(sentences, seen, ranker)
    closest = sorted(range(len(sentences)), key=lambda at: -scores[at])[:_READ_CLOSELY]
    best, text, source = scores[closest[0]], sentences[closest[0]].text, closest[0]
    for at in closest:
        sentence = sentences[at]
        for reading in readings(sentence.text):
            score = ranker.score(features(seen, at, sentence.verbatim, sentence.text, reading))
            if score > best:
                best, text, source = score, reading, at
    return text, source


_TAKEAWAYS = 5
_TAKEAWAYS_MAX = 7


def choose_takeaways(
    sentences: Sequence[Sentence], seen: Outline, ranker: Ranker, source: int
) -> tuple[Claim, ...]:
    """Three to seven sentences that say different things, in the order of the abstract."""
    scores = _scores(sentences, seen, ranker)
    pool = [at for at in range(len(sentences)) if at != source]
    if len(pool) < 3:
        pool = list(range(len(sentences))) if len(sentences) > 1 else []
    bonus = {"result": 0.04, "method": 0.04, "resource": 0.0, "problem": -0.02, "other": -0.01}
    pool.sort(key=lambda at: -(scores[at] + bonus[role_of(sentences[at].verbatim)]))
    chosen: list[int] = []
    for at in pool:
        if len(chosen) < _TAKEAWAYS and not any(
            _overlap(sentences[at].stems, sentences[other].stems) > 0.6 for other in chosen
        ):
            chosen.append(at)
    return tuple(
        Claim(text=sentences[at].text, quote=sentences[at].verbatim, verified=True)
        for at in sorted(chosen)
    )


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    return len(set(one) & set(other)) / max(1, min(len(set(one)), len(set(other))))


def _scores(sentences: Sequence[Sentence], seen: Outline, ranker: Ranker) -> list[float]:
    return [
        ranker.score(features(seen, at, sentence.verbatim, sentence.text, sentence.text))
        for at, sentence in enumerate(sentences)
    ]
