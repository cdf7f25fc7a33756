import json
import random
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

from mkdocs_paperdigest.summaries.extract.features import FEATURES, PAIR_FEATURES
from mkdocs_paperdigest.summaries.extract.ranker import DEPTH, parse, shipped
from mkdocs_paperdigest.summaries.extract.words import WORD_FEATURES


def test_the_shipped_model_fits_the_features() -> None:
    ranker = shipped()
    assert len(ranker.word_weights) == len(WORD_FEATURES)
    for forest, names in ((ranker.trees, FEATURES), (ranker.pair_trees, PAIR_FEATURES)):
        assert len(forest.tests) <= len(names)
        assert forest.leaves
        assert all(1 <= len(tree) <= 2**DEPTH for tree in forest.leaves)


def test_the_shipped_model_is_small() -> None:
    file = resources.files("mkdocs_paperdigest.summaries.extract").joinpath("extractive.json")
    assert len(file.read_bytes()) <= 60_000


def test_a_tree_asks_its_features_in_turn() -> None:
    ranker = parse(
        '{"words": [], "stems": {}, "cues": {"150": "we|we propose"}, '
        '"trees": [[0, 0.5, 1000, [1, 2.0, -2000, 300000]]], "pair_trees": [[0, 0.5, -1000, 2000]]}'
    )
    assert ranker.score([0.5, 9.0]) == 0.01
    assert ranker.score([0.6, 2.0]) == -0.02
    assert ranker.score([0.6, 2.1]) == 3.0
    assert (ranker.gain([0.5]), ranker.gain([0.6])) == (-0.01, 0.02)
    assert ranker.cue(["we", "propose"]) == 3.0


def test_all_trees_together_are_the_sum_of_each() -> None:
    file = resources.files("mkdocs_paperdigest.summaries.extract").joinpath("extractive.json")
    trees = json.loads(file.read_text(encoding="utf-8"))["trees"]
    limits = sorted({limit for tree in trees for limit in _limits(tree)})
    chance = random.Random(1)
    ranker = shipped()
    for _ in range(50):
        # Thresholds themselves too, where a value is still on the lower side.
        numbers = [chance.choice(limits) + chance.choice((0, 0, 0.01)) for _ in FEATURES]
        assert ranker.score(numbers) == sum(_leaf(tree, numbers) for tree in trees) / 1e5


def _limits(node: Any) -> Iterator[float]:
    if isinstance(node, list):
        yield node[1]
        yield from _limits(node[2])
        yield from _limits(node[3])


def _leaf(node: Any, numbers: Sequence[float]) -> int:
    while isinstance(node, list):
        feature, limit, below, above = node
        node = below if numbers[feature] <= limit else above
    return int(node)
