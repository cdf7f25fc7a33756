from importlib import resources

from mkdocs_paperdigest.summaries.extract.features import FEATURES, PAIR_FEATURES
from mkdocs_paperdigest.summaries.extract.ranker import parse, shipped
from mkdocs_paperdigest.summaries.extract.words import WORD_FEATURES


def test_the_shipped_model_fits_the_features() -> None:
    ranker = shipped()
    assert len(ranker.word_weights) == len(WORD_FEATURES)
    for trees, names in ((ranker.trees, FEATURES), (ranker.pair_trees, PAIR_FEATURES)):
        assert trees
        for root in trees:
            level = [root]
            while isinstance(level[0], tuple):
                assert all(0 <= node[0] < len(names) for node in level)
                level = [branch for node in level for branch in node[2:]]
            assert len(level) == 8


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
