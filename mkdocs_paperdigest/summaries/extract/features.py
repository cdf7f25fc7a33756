"""The features of the sentence ranker: the sentences of an abstract as numbers."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from mkdocs_paperdigest.summaries.extract.words import CONTRIBUTION, stems

FEATURES = (
    "expected_f1", "expected_precision", "expected_pairs", "gain", "f1_lead", "best_f1", "f1_rank",
    "cue", "cue_lead", "cue_rank", "title_recall", "title_precision", "title_pairs", "title_lead", "title_run",
    "length", "kept", "position", "from_end", "relative", "sentences", "centrality", "new", "last_salience", "top_salience",
    "stop_share", "commas", "we", "this", "opening", "contribution", "earlier_contributions", "proposes", "earlier_proposals",
    "after_turn",
)  # fmt: skip
"""Names of the numbers of `features`; `benchmarks/train_extractive.py` shows which of them matter."""

PAIR_FEATURES = (
    "score", "other_score", "length", "other_length", "together", "f1", "other_precision", "f1_gain", "pairs_gain", "overlap",
    "title_recall", "title_gain", "cue", "other_cue", "in_order", "position", "other_position", "sentences", "other_centrality",
    "stop_share", "other_stop_share", "other_title_recall", "other_contribution", "other_proposes",
)  # fmt: skip
"""Names of the numbers of `pair_features`."""

TARGET_LENGTH = 20
"""Words of a typical one-sentence summary: the mean of SciTLDR-A's training targets."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What all sentences of one abstract share, and what is known about each of them before any is scored."""

    heading: tuple[str, ...]
    """Stems of the title, in order."""
    title: frozenset[str]
    title_pairs: frozenset[tuple[str, str]]
    best_recall: float
    """The largest share of the title's stems in any one sentence."""
    salience: Mapping[str, float]
    """Stem -> probability that a one-sentence summary of the paper uses it."""
    cues: tuple[float, ...]
    """Score of each sentence from its n-grams alone."""
    best_cue: float
    cue_ranks: tuple[int, ...]
    expected_f1: tuple[float, ...]
    """ROUGE-1 of each sentence against a summary of typical length, if `salience` were right."""
    best_f1: float
    f1_ranks: tuple[int, ...]
    centrality: tuple[float, ...]
    news: tuple[frozenset[str], ...]
    """Stems of each sentence that no earlier one has."""
    earlier_contributions: tuple[int, ...]
    """Number of sentences before each one that speak of the paper's own work."""
    earlier_proposals: tuple[int, ...]
    opens: tuple[bool, ...]
    """Whether each sentence begins like a contribution: `In this paper`, `We`, `To address`."""
    turns: tuple[bool, ...]
    """Whether each sentence opens with `however` or the like."""


def outline(
    title: Sequence[str],
    sentences: Sequence[Sequence[str]],
    salience: Mapping[str, float],
    cues: Sequence[float],
    verbatim: Sequence[str],
) -> Outline:
    """Collects what the sentences of one abstract share; there must be at least one sentence."""
    f1 = tuple(_expected_f1(sentence, salience) for sentence in sentences)
    in_title = frozenset(title)
    seen: set[str] = set()
    news = []
    for sentence in sentences:
        news.append(frozenset(sentence) - seen)
        seen.update(sentence)
    return Outline(
        heading=tuple(title),
        title=in_title,
        title_pairs=frozenset(pairwise(title)),
        best_recall=max(len(in_title & set(own)) for own in sentences) / max(1, len(in_title)),
        salience=salience,
        cues=tuple(cues),
        best_cue=max(cues),
        cue_ranks=_ranks(cues),
        expected_f1=f1,
        best_f1=max(f1),
        f1_ranks=_ranks(f1),
        centrality=_centrality(sentences),
        news=tuple(news),
        earlier_contributions=_earlier(_contributes, verbatim),
        earlier_proposals=_earlier(_proposes, verbatim),
        opens=tuple(_OPENING.match(text) is not None for text in verbatim),
        turns=tuple(_TURNS.match(text) is not None for text in verbatim),
    )


def _earlier(is_one: Callable[[str], bool], verbatim: Sequence[str]) -> tuple[int, ...]:
    """Number of sentences before each one that `is_one` is true of."""
    return tuple(accumulate(map(is_one, verbatim[:-1]), initial=0))


@lru_cache(maxsize=256)
def _contributes(text: str) -> bool:
    return CONTRIBUTION.search(text) is not None


@lru_cache(maxsize=256)
def _proposes(text: str) -> bool:
    return _PROPOSES.search(text) is not None


_PROPOSES = re.compile(r"\b(?:propos|introduc|present|develop|describ|design|devis)(?:e|es|ed|ing|s)?\b")
_TURNS = re.compile(
    r"(?:however|unfortunately|yet|but|although|though|despite|while|nevertheless)\b", re.IGNORECASE
)


def _ranks(scores: Sequence[float]) -> tuple[int, ...]:
    return tuple(sum(other > score for other in scores) for score in scores)


def _expected_f1(sentence: Sequence[str], salience: Mapping[str, float]) -> float:
    hits = sum(salience.get(stem, 0.0) for stem in dict.fromkeys(sentence))
    return 2 * hits / (len(sentence) + TARGET_LENGTH)


def _centrality(sentences: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Cosine of each sentence with the whole abstract; a stem weighs more if fewer sentences have it."""
    counts = [Counter([stem for stem in sentence if len(stem) > 2]) for sentence in sentences]
    spread = Counter([stem for own in counts for stem in own])
    idf = [0.0, *(math.log(1 + len(sentences) / n) ** 2 for n in range(1, len(sentences) + 1))]
    total = Counter([stem for sentence in sentences for stem in sentence if len(stem) > 2])
    weight = {stem: idf[n] for stem, n in spread.items()}
    norm = math.sqrt(sum([weight[stem] * n * n for stem, n in total.items()])) or 1.0
    found = []
    for own in counts:
        length = dot = 0.0
        for stem, n in own.items():
            mass = weight[stem] * n
            length += mass * n
            dot += mass * total[stem]
        found.append(dot / norm / (math.sqrt(length) or 1.0))
    return tuple(found)


_OPENING = re.compile(
    r"(?:in (?:this|our)|we|here|this (?:paper|work|study|article)|to (?:this|address|tackle|overcome))\b",
    re.IGNORECASE,
)
_STOP_WORDS = "the a an of to in on for with by and or that is are we our as from it this be at which can"
_STOP = frozenset(_STOP_WORDS.split())


def features(seen: Outline, position: int, full: str, variant: str) -> tuple[float, ...]:
    """Numbers of one variant of one sentence, in the order of `FEATURES`.

    `full` is the cleaned text of the sentence at `position`, `variant` the text that would be shown.
    """
    own = stems(variant)
    n = len(own) or 1
    last = len(seen.cues) - 1
    # Dicts keep their order, while sums over sets would differ in their last digit from run to run.
    salience = {stem: seen.salience.get(stem, 0.0) for stem in own}
    kinds = salience.keys()
    hits = sum(salience.values())
    f1 = 2 * hits / (n + TARGET_LENGTH)
    pairs = dict.fromkeys(pairwise(own)).keys()
    pair_mass = sum([salience[one] * salience[other] for one, other in pairs])
    shared = len(kinds & seen.title)
    recall = shared / max(1, len(seen.title))
    cue = seen.cues[position]
    return (
        f1,
        hits / n,
        pair_mass / (n + TARGET_LENGTH),
        f1 - seen.expected_f1[position],
        f1 - seen.best_f1,
        seen.best_f1 - seen.expected_f1[position],
        seen.f1_ranks[position],
        cue,
        cue - seen.best_cue,
        seen.cue_ranks[position],
        recall,
        shared / n,
        len(pairs & seen.title_pairs) / max(1, len(seen.title_pairs)),
        recall - seen.best_recall,
        _run(own, seen.heading),
        n,
        len(variant) / max(1, len(full)),
        position,
        last - position,
        position / max(1, last),
        last + 1,
        seen.centrality[position],
        len(kinds & seen.news[position]) / n,
        salience[own[-1]] if own else 0.0,
        max(salience.values(), default=0.0),
        len([stem for stem in own if stem in _STOP]) / n,
        variant.count(","),
        variant.startswith("We "),
        variant.startswith("This "),
        seen.opens[position],
        _contributes(variant),
        seen.earlier_contributions[position],
        _proposes(variant),
        seen.earlier_proposals[position],
        position > 0 and seen.turns[position - 1],
    )


def _run(own: Sequence[str], title: Sequence[str]) -> int:
    """Number of the title's stems that occur in the title's order, matched greedily."""
    at = 0
    for stem in own:
        if stem in title[at:]:
            at = title.index(stem, at) + 1
    return at


def pair_features(
    seen: Outline,
    scores: tuple[float, float],
    numbers: tuple[Sequence[float], Sequence[float]],
    texts: tuple[str, str],
) -> tuple[float, ...]:
    """Numbers of two variants that might be shown together, the better one first, in the order of `PAIR_FEATURES`.

    `scores` are the ranker's, `numbers` those of `features`.
    """
    (one, other), (mine, theirs) = (dict.fromkeys(stems(text)).keys() for text in texts), numbers
    here, there = mine[_LENGTH], theirs[_LENGTH]
    both = here + there + TARGET_LENGTH
    hits = sum([seen.salience.get(stem, 0.0) for stem in dict.fromkeys((*one, *other))])
    pairs = mine[_PAIRS] * (here + TARGET_LENGTH) + theirs[_PAIRS] * (there + TARGET_LENGTH)
    return (
        scores[0],
        scores[1],
        here,
        there,
        here + there,
        mine[_F1],
        theirs[_PRECISION],
        2 * hits / both - mine[_F1],
        pairs / both - mine[_PAIRS],
        len(one & other) / max(1, len(other)),
        mine[_RECALL],
        len((other & seen.title) - one) / max(1, len(seen.title)),
        mine[_CUE],
        theirs[_CUE],
        mine[_POSITION] < theirs[_POSITION],
        mine[_POSITION],
        theirs[_POSITION],
        len(seen.cues),
        theirs[_CENTRALITY],
        mine[_STOPS],
        theirs[_STOPS],
        theirs[_RECALL],
        theirs[_CONTRIBUTES],
        theirs[_PROPOSAL],
    )


_F1, _PRECISION, _PAIRS, _LENGTH, _RECALL, _CUE, _POSITION, _CENTRALITY, _STOPS, _CONTRIBUTES, _PROPOSAL = map(
    FEATURES.index,
    (
        "expected_f1", "expected_precision", "expected_pairs", "length", "title_recall", "cue", "position", "centrality",
        "stop_share", "contribution", "proposes",
    ),
)  # fmt: skip
