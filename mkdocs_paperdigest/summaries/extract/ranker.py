"""The trained model that scores how well a sentence of an abstract would summarize the paper."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import mul
from typing import Any

from mkdocs_paperdigest.summaries.extract.words import cue_grams

DEPTH = 3

Tree = tuple[int, float, Any, Any]
"""Feature, threshold, branch for values up to the threshold, branch for values above it: `DEPTH` levels, then a score."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Coefficients from `benchmarks/train_extractive.py`; a better sentence has higher scores."""

    word_weights: tuple[float, ...]
    stem_weights: Mapping[str, float]
    cue_weights: Mapping[str, float]
    trees: tuple[Tree, ...]
    pair_trees: tuple[Tree, ...] = ()

    def salience(self, words: Mapping[str, Sequence[float]]) -> dict[str, float]:
        """Probability that a one-sentence summary uses a stem, for each stem: a logistic model."""
        found = {}
        for stem, numbers in words.items():
            odds = self.stem_weights.get(stem, 0.0) + sum(map(mul, self.word_weights, numbers))
            found[stem] = 1 / (1 + math.exp(-odds))
        return found

    def cue(self, sentence: Sequence[str]) -> float:
        """Score of a sentence from its n-grams: a linear model."""
        weights = self.cue_weights
        return sum(weights.get(gram, 0.0) for gram in cue_grams(sentence))

    def score(self, features: Sequence[float]) -> float:
        """Expected ROUGE of a variant, above the mean of its abstract: gradient-boosted trees."""
        return _sum(self.trees, features)

    def gain(self, features: Sequence[float]) -> float:
        """Expected ROUGE of two variants together, above that of the better one."""
        return _sum(self.pair_trees, features)


def _sum(trees: Sequence[Tree], features: Sequence[float]) -> float:
    total = 0.0
    for one, limit, below, above in trees:
        # Unrolled for three levels, because this loop takes most of the time of a paper.
        one, limit, below, above = below if features[one] <= limit else above
        one, limit, below, above = below if features[one] <= limit else above
        total += below if features[one] <= limit else above
    return total


@cache
def shipped() -> Ranker:
    """The model that comes with the package; it is read once."""
    file = resources.files("mkdocs_paperdigest.summaries.extract").joinpath("extractive.json")
    return parse(file.read_text(encoding="utf-8"))


def parse(text: str) -> Ranker:
    """A ranker from its JSON, which has weights in hundredths, each with its n-grams, and leaves in 1e-5."""
    record = json.loads(text)
    return Ranker(
        word_weights=tuple(record["words"]),
        stem_weights=_weights(record["stems"]),
        cue_weights=_weights(record["cues"]),
        trees=tuple(_tree(tree) for tree in record["trees"]),
        pair_trees=tuple(_tree(tree) for tree in record["pair_trees"]),
    )


def _weights(groups: Mapping[str, str]) -> dict[str, float]:
    return {gram: int(weight) / 100 for weight, grams in groups.items() for gram in grams.split("|")}


def _tree(node: Any, depth: int = DEPTH) -> Any:
    """A node of the file as a full tree of `DEPTH` levels; in the file, branches may end early."""
    if depth == 0:
        return float(node) / 1e5
    feature, threshold, below, above = node if isinstance(node, list) else (0, 0.0, node, node)
    return int(feature), float(threshold), _tree(below, depth - 1), _tree(above, depth - 1)
