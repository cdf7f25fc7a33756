"""The trained model that says how well a sentence of an abstract would do as the paper's summary."""

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
"""Feature, threshold, and the branches for values up to and above it: `DEPTH` levels, then a score."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Coefficients of `benchmarks/train_extractive.py`; every score is higher for better sentences."""

    word_weights: tuple[float, ...]
    stem_weights: Mapping[str, float]
    cue_weights: Mapping[str, float]
    trees: tuple[Tree, ...]

    def salience(self, words: Mapping[str, Sequence[float]]) -> dict[str, float]:
        """Probability of each stem to be used by a one-sentence summary: a logistic model."""
        found = {}
        for stem, numbers in words.items():
            odds = self.stem_weights.get(stem, 0.0) + sum(map(mul, self.word_weights, numbers))
            found[stem] = 1 / (1 + math.exp(-odds))
        return found

    def cue(self, sentence: Sequence[str]) -> float:
        """How much the n-grams of a sentence speak for it: a linear model."""
        weights = self.cue_weights
        return sum(weights.get(gram, 0.0) for gram in cue_grams(sentence))

    def score(self, features: Sequence[float]) -> float:
        """Expected ROUGE of a reading above the mean of its abstract: gradient-boosted trees."""
        total = 0.0
        for one, limit, below, above in self.trees:
            # Written out for three levels: this loop is most of the time that a paper takes.
            one, limit, below, above = below if features[one] <= limit else above
            one, limit, below, above = below if features[one] <= limit else above
            total += below if features[one] <= limit else above
        return total


@cache
def shipped() -> Ranker:
    """The model that comes with the package, read once."""
    file = resources.files("mkdocs_paperdigest.summaries.extract").joinpath("extractive.json")
    return parse(file.read_text(encoding="utf-8"))


def parse(text: str) -> Ranker:
    """A ranker from its JSON: weights in hundredths with the n-grams that have them, leaves in 1e-5."""
    record = json.loads(text)
    return Ranker(
        word_weights=tuple(record["words"]),
        stem_weights=_weights(record["stems"]),
        cue_weights=_weights(record["cues"]),
        trees=tuple(_tree(tree) for tree in record["trees"]),
    )


def _weights(groups: Mapping[str, str]) -> dict[str, float]:
    return {
        gram: int(weight) / 100 for weight, grams in groups.items() for gram in grams.split("|")
    }


def _tree(node: Any, depth: int = DEPTH) -> Any:
    """A node of a file, where short branches end early, as a whole tree of `DEPTH` levels."""
    if depth == 0:
        return float(node) / 1e5
    feature, threshold, below, above = node if isinstance(node, list) else (0, 0.0, node, node)
    return int(feature), float(threshold), _tree(below, depth - 1), _tree(above, depth - 1)
