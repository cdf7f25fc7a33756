"""The trained model that says how well a sentence of an abstract would do as the paper's summary."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from mkdocs_paperdigest.summarizers.features import cue_grams

Tree = float | tuple[int, float, "Tree", "Tree"]
"""A leaf's score, or feature, threshold, and the branches for values up to and above the threshold."""


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
            z = self.stem_weights.get(stem, 0.0)
            for weight, number in zip(self.word_weights, numbers, strict=True):
                z += weight * number
            found[stem] = 1 / (1 + math.exp(-z))
        return found

    def cue(self, sentence: Sequence[str]) -> float:
        """How much the n-grams of a sentence speak for it: a linear model."""
        weights = self.cue_weights
        return sum(weights.get(gram, 0.0) for gram in cue_grams(sentence))

    def score(self, features: Sequence[float]) -> float:
        """Expected ROUGE of a reading above the mean of its abstract: gradient-boosted trees."""
        total = 0.0
        for tree in self.trees:
            node = tree
            while isinstance(node, tuple):
                node = node[2] if features[node[0]] <= node[1] else node[3]
            total += node
        return total


@cache
def shipped() -> Ranker:
    """The model that comes with the package, read once."""
    file = resources.files("mkdocs_paperdigest.summarizers").joinpath("extractive.json")
    return parse(file.read_text(encoding="utf-8"))


def parse(text: str) -> Ranker:
    """A ranker from its JSON: weights in thousandths, stems of one weight joined by spaces."""
    record = json.loads(text)
    return Ranker(
        word_weights=tuple(record["words"]),
        stem_weights=_weights(record["stems"], " "),
        cue_weights=_weights(record["cues"], "|"),
        trees=tuple(_tree(tree) for tree in record["trees"]),
    )


def _weights(groups: Mapping[str, str], separator: str) -> dict[str, float]:
    return {
        gram: int(weight) / 1000
        for weight, grams in groups.items()
        for gram in grams.split(separator)
    }


def _tree(node: Any) -> Tree:
    if not isinstance(node, list):
        return float(node)
    feature, threshold, below, above = node
    return int(feature), float(threshold), _tree(below), _tree(above)
