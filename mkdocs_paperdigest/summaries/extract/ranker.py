"""The trained model that scores how well a sentence of an abstract would summarize the paper."""

import json
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from operator import and_, getitem, mul
from typing import Any

from mkdocs_paperdigest.summaries.extract.words import cue_grams

DEPTH = 3


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of up to `DEPTH` levels that are evaluated together (QuickScorer, Lucchese et al. 2015).

    A byte stands for a tree, and a bit of it for a leaf. A value above a node's threshold rules out the leaves on the
    other side; the lowest bit that is left in a byte is the leaf. That asks each feature once, not each node.
    """

    tests: tuple[tuple[tuple[float, ...], tuple[int, ...]], ...]
    """For each feature, its thresholds in all trees, and the leaves that stay if a value exceeds none, one, ... of them."""
    leaves: tuple[tuple[int, ...], ...]
    """Scores of each tree in 1e-5: whole numbers, so that their sum is the same on every machine."""

    def score(self, features: Iterable[float]) -> float:
        """Sum of the trees' scores; `features` are in the order of `tests`."""
        left = (1 << 8 * len(self.leaves)) - 1
        for value, (limits, kept) in zip(features, self.tests, strict=False):
            left &= kept[bisect_left(limits, value)]
        lowest = left.to_bytes(len(self.leaves), "little").translate(_LOWEST)
        return sum(map(getitem, self.leaves, lowest)) / 1e5


_LOWEST = bytes((byte & -byte).bit_length() - 1 if byte else 0 for byte in range(256))
"""Byte -> index of its lowest bit."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Coefficients from `benchmarks/train_extractive.py`; a better sentence has higher scores."""

    word_weights: tuple[float, ...]
    stem_weights: Mapping[str, float]
    cue_weights: Mapping[str, float]
    trees: Forest = Forest((), ())
    pair_trees: Forest = Forest((), ())

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
        return sum([weights[gram] for gram in cue_grams(sentence) if gram in weights])

    def score(self, features: Sequence[float]) -> float:
        """Expected ROUGE of a variant, above the mean of its abstract: gradient-boosted trees."""
        return self.trees.score(features)

    def gain(self, features: Sequence[float]) -> float:
        """Expected ROUGE of two variants together, above that of the better one."""
        return self.pair_trees.score(features)


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
        trees=_forest(record["trees"]),
        pair_trees=_forest(record["pair_trees"]),
    )


def _weights(groups: Mapping[str, str]) -> dict[str, float]:
    return {gram: int(weight) / 100 for weight, grams in groups.items() for gram in grams.split("|")}


def _forest(trees: Sequence[Any]) -> Forest:
    """The trees of the file: a leaf, or feature, threshold, branch for values up to it, branch for values above it."""
    nodes: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    leaves = []
    for number, tree in enumerate(trees):
        found: list[int] = []
        _walk(tree, 8 * number, found, nodes)
        leaves.append(tuple(found))
    every = (1 << 8 * len(leaves)) - 1
    tests = []
    for feature in range(max(nodes, default=-1) + 1):
        ordered = sorted(nodes[feature])
        kept = accumulate((~below for _, below in ordered), and_, initial=every)
        tests.append((tuple(limit for limit, _ in ordered), tuple(kept)))
    return Forest(tuple(tests), tuple(leaves))


def _walk(node: Any, start: int, leaves: list[int], nodes: defaultdict[int, list[tuple[float, int]]]) -> None:
    """Adds the leaves of a tree, in order, and for each node its threshold and the bits of the leaves below it."""
    if not isinstance(node, list):
        leaves.append(int(node))
        return
    feature, limit, below, above = node
    first = len(leaves)
    _walk(below, start, leaves, nodes)
    bits = ((1 << len(leaves) - first) - 1) << start + first
    nodes[int(feature)].append((float(limit), bits))
    _walk(above, start, leaves, nodes)
