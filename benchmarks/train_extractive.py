"""Trains the coefficients of the extractive summarizer and says how good they are.

    pip install rouge-score scikit-learn lightgbm
    python benchmarks/train_extractive.py TRAIN.jsonl [--dev DEV.jsonl] [--output extractive.json]

TRAIN.jsonl is the training split of SciTLDR-A (https://github.com/allenai/scitldr, Apache-2.0): per line `title`, `source`
(the abstract's sentences) and `target` (one-sentence summaries written by people). The same input gives the same bytes.

Four models are stacked. A ridge regression learns which n-grams speak for a sentence; a logistic regression learns which
words of an abstract its summary uses, looking at the first model's favourites; gradient-boosted trees learn from both, and
from position, title and length, the ROUGE of every variant of every sentence; a few more trees learn what the best variant
gains from a second one beside it. Each model sees the ones below it only through predictions for papers that they were not
trained on (five folds), as it will at run time.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import lightgbm
import numpy as np
from rouge_score import rouge_scorer
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, Ridge

from mkdocs_paperdigest.summaries.extract.compression import variants
from mkdocs_paperdigest.summaries.extract.extract import (
    NEVER_SUMMARIES,
    find_candidates,
    find_pairs,
    is_clear,
    whole_sentences,
)
from mkdocs_paperdigest.summaries.extract.features import Outline, features, outline
from mkdocs_paperdigest.summaries.extract.ranker import DEPTH, Ranker, parse
from mkdocs_paperdigest.summaries.extract.roles import Sentence, read_sentences
from mkdocs_paperdigest.summaries.extract.words import WORD_FEATURES, cue_grams, stems, word_features

M = TypeVar("M")
R = TypeVar("R")

Node = int | list[Any]
"""A leaf in 1e-5, or feature, threshold and two branches."""

OUTPUT = Path(__file__).parent.parent / "mkdocs_paperdigest" / "summaries" / "extract" / "extractive.json"
SHAPE = {"max_depth": DEPTH, "num_leaves": 2**DEPTH, "min_data_in_leaf": 60, "lambda_l2": 5.0}
PAIR_SHAPE = SHAPE | {"min_data_in_leaf": 25, "lambda_l2": 2.0}
SAMPLING = {
    "learning_rate": 0.05,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 1,
}
EXACT = {"objective": "regression", "num_threads": 1, "deterministic": True, "verbose": -1}
TREES, PAIR_TREES = 100, 120
FOLDINGS = (0, 7, 13)
"""Seeds of the splits into folds. The trees see every paper once per split, so that they trust no split's accidents."""
PAIR_FOLDING = 5
"""Seed of the split that says how good the pairs are."""
STEMS, CUES = 1500, 1300
"""How many weights are kept, so that the file stays below 60 kB."""


@dataclass
class Example:
    """A paper of the data set with the ROUGE of everything that could be said of it."""

    title: tuple[str, ...]
    text: str
    sentences: tuple[Sentence, ...]
    targets: tuple[str, ...]
    variants: list[tuple[int, str]]
    rouge: np.ndarray
    """Readings x (ROUGE-1, ROUGE-2, ROUGE-L), the best F1 over the targets."""
    sentence_rouge: np.ndarray
    shown: np.ndarray
    """For each reading, whether it may be shown: the summarizer leaves out what does not stand alone."""

    @property
    def stems(self) -> list[tuple[str, ...]]:
        """Of each sentence."""
        return [sentence.stems for sentence in self.sentences]

    @property
    def verbatim(self) -> list[str]:
        """Each sentence as the abstract has it."""
        return [sentence.verbatim for sentence in self.sentences]


_SCORER = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)


def rouge(text: str, targets: Sequence[str]) -> list[float]:
    """The best F1 over the targets: ROUGE-1, ROUGE-2, ROUGE-L."""
    scores = [_SCORER.score(target, text) for target in targets]
    return [max(score[kind].fmeasure for score in scores) for kind in scores[0]]


def load(path: Path) -> list[Example]:
    """The papers of one split."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        targets = tuple(record["target"])
        sentences = read_sentences(" ".join(record["source"]))
        every = [(at, text) for at, one in enumerate(sentences) for text in variants(one.text)]
        title = record["title"] or ""
        found.append(
            Example(
                title=stems(title),
                text=f"{title} {' '.join(one.verbatim for one in sentences)}",
                sentences=sentences,
                targets=targets,
                variants=every,
                rouge=np.array([rouge(text, targets) for _, text in every]),
                shown=_shown(sentences, every),
                sentence_rouge=np.array([rouge(one.verbatim, targets) for one in sentences]).mean(axis=1),
            )
        )
    return found


def _shown(sentences: Sequence[Sentence], readings: Sequence[tuple[int, str]]) -> np.ndarray:
    own = np.array([sentences[at].role not in NEVER_SUMMARIES for at, _ in readings])
    clear = np.array([is_clear(text) for _, text in readings])
    choices = (own & clear, clear, own, np.ones(len(readings), bool))
    return next(choice for choice in choices if choice.any())


def fit_cues(examples: Sequence[Example]) -> dict[str, float]:
    """What each n-gram adds to the ROUGE (in points) of the sentence that has it, within its abstract."""
    counted = Counter(gram for one in examples for own in one.stems for gram in cue_grams(own))
    known = {gram: at for at, gram in enumerate(sorted(g for g, n in counted.items() if n >= 15))}
    rows, columns, wanted = [], [], []
    for one in examples:
        for own, score in zip(one.stems, one.sentence_rouge, strict=True):
            grams = [known[gram] for gram in cue_grams(own) if gram in known]
            rows += [len(wanted)] * len(grams)
            columns += grams
            wanted.append(100 * (score - one.sentence_rouge.mean()))
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(wanted), len(known)))
    model = Ridge(alpha=60.0, solver="sparse_cg", tol=1e-6).fit(table, wanted)
    return _strongest(dict(zip(known, model.coef_, strict=True)), counted, CUES)


def fit_words(
    examples: Sequence[Example], cues: Sequence[Sequence[float]]
) -> tuple[tuple[float, ...], dict[str, float]]:
    """Weights of the word features and of single stems in the odds that a summary uses a word."""
    described = [_words(one, own) for one, own in zip(examples, cues, strict=True)]
    counted = Counter(stem for words in described for stem in words)
    known = {stem: at for at, stem in enumerate(sorted(s for s, n in counted.items() if n >= 8))}
    fixed = len(WORD_FEATURES)
    rows, columns, values, wanted = [], [], [], []
    for one, words in zip(examples, described, strict=True):
        target = frozenset(stems(one.targets[0]))
        for stem, numbers in words.items():
            cells = [(at, number) for at, number in enumerate(numbers) if number]
            if stem in known:
                cells.append((fixed + known[stem], 1.0))
            rows += [len(wanted)] * len(cells)
            columns += [at for at, _ in cells]
            values += [number for _, number in cells]
            wanted.append(stem in target)
    table = csr_matrix((values, (rows, columns)), shape=(len(wanted), fixed + len(known)))
    model = LogisticRegression(C=0.3, max_iter=400, fit_intercept=False).fit(table, wanted)
    weights = model.coef_[0]
    single = dict(zip(known, weights[fixed:], strict=True))
    return tuple(round(float(w), 3) for w in weights[:fixed]), _strongest(single, counted, STEMS)


def _strongest(weights: Mapping[str, float], seen: Counter[str], most: int) -> dict[str, float]:
    """The weights that matter in most papers, rounded as the file has them."""
    ranked = sorted(weights, key=lambda gram: (-abs(weights[gram]) * seen[gram] ** 0.5, gram))
    return {gram: round(float(weights[gram]), 2) for gram in sorted(ranked[:most])}


def _words(one: Example, cues: Sequence[float]) -> dict[str, tuple[float, ...]]:
    return word_features(one.title, one.text, one.stems, one.verbatim, cues)


def _cues(one: Example, weights: Mapping[str, float]) -> list[float]:
    ranker = Ranker((), {}, weights)
    return [ranker.cue(own) for own in one.stems]


def fit_lower(examples: Sequence[Example]) -> Ranker:
    """A ranker without trees: cues, and word weights fitted on cues of unseen papers."""
    crossed = cross(examples, fit_cues, _cues, seed=3)
    words, single = fit_words(examples, crossed)
    return Ranker(words, single, fit_cues(examples))


def cross(
    examples: Sequence[Example],
    fit: Callable[[Sequence[Example]], M],
    use: Callable[[Example, M], R],
    seed: int,
) -> list[R]:
    """What `use` makes of each example with a model that was fitted without the example's fold."""
    found: dict[int, R] = {}
    for held in _folds(len(examples), seed):
        out = set(held)
        model = fit([one for at, one in enumerate(examples) if at not in out])
        found |= {at: use(examples[at], model) for at in held}
    return [found[at] for at in range(len(examples))]


def _folds(count: int, seed: int, folds: int = 5) -> list[list[int]]:
    order = list(range(count))
    random.Random(seed).shuffle(order)
    return [order[start::folds] for start in range(folds)]


def describe(one: Example, ranker: Ranker) -> tuple[Outline, np.ndarray]:
    """The outline of the abstract, and readings x `FEATURES`."""
    cues = _cues(one, ranker.cue_weights)
    salience = ranker.salience(_words(one, cues))
    seen = outline(one.title, one.stems, salience, cues, one.verbatim)
    return seen, np.array([features(seen, at, one.sentences[at].text, text) for at, text in one.variants])


def fit_trees(examples: Sequence[Example], tables: Sequence[np.ndarray]) -> list[Node]:
    """Trees that predict how far a variant's mean ROUGE is above the mean of its abstract's variants.

    Only of variants that may be shown; every abstract has the same weight.
    """
    wanted = [one.rouge.mean(axis=1)[one.shown] for one in examples]
    centred = np.concatenate([scores - scores.mean() for scores in wanted])
    weight = np.concatenate([np.full(len(scores), 1 / len(scores)) for scores in wanted])
    seen = np.vstack([table[one.shown] for one, table in zip(examples, tables, strict=True)])
    data = lightgbm.Dataset(seen, centred, weight=weight)
    return _trees(lightgbm.train(SHAPE | SAMPLING | EXACT, data, num_boost_round=TREES))


@dataclass
class Offer:
    """What the ranker makes of a paper, with its ROUGE."""

    alone: list[float]
    """Of the best variant."""
    pairs: list[tuple[tuple[float, ...], list[float]]]
    """`PAIR_FEATURES` of the best variant and another, and the ROUGE of both together."""


def offer(one: Example, seen: Outline, ranker: Ranker) -> Offer:
    """What could be shown of a paper, as the summarizer finds it."""
    whole = whole_sentences(one.sentences, seen, ranker)
    candidates = find_candidates(one.sentences, seen, whole, ranker)
    best = candidates[0].text if candidates else max(whole, key=lambda candidate: candidate.score).text
    pairs = find_pairs(one.sentences, seen, candidates) if candidates else []
    return Offer(
        rouge(best, one.targets), [(numbers, rouge(text, one.targets)) for _, numbers, text in pairs]
    )


def fit_gains(offers: Sequence[Offer]) -> lightgbm.Booster:
    """Trees that predict how much the mean ROUGE of two variants is above that of the better one alone."""
    seen = [numbers for one in offers for numbers, _ in one.pairs]
    gains = [np.mean(scores) - np.mean(one.alone) for one in offers for _, scores in one.pairs]
    weight = [1 / len(one.pairs) for one in offers for _ in one.pairs]
    data = lightgbm.Dataset(np.array(seen, float), np.array(gains), weight=np.array(weight))
    return lightgbm.train(PAIR_SHAPE | SAMPLING | EXACT, data, num_boost_round=PAIR_TREES)


def measure(offers: Sequence[Offer], gains: lightgbm.Booster | None = None) -> np.ndarray:
    """ROUGE-1, -2 and -L in percent of what is shown, mean over papers; without `gains`, of one variant alone."""
    shown = []
    for one in offers:
        found = (
            gains.predict(np.array([numbers for numbers, _ in one.pairs], float))
            if gains and one.pairs
            else [0.0]
        )
        at = int(np.argmax(found))
        shown.append(one.pairs[at][1] if found[at] > 0 else one.alone)
    return 100 * np.mean(shown, axis=0)


def written(ranker: Ranker, trees: list[Node], pair_trees: list[Node]) -> str:
    """The coefficients as `ranker.parse` reads them."""
    record = {
        "words": ranker.word_weights,
        "stems": _grouped(ranker.stem_weights),
        "cues": _grouped(ranker.cue_weights),
        "trees": trees,
        "pair_trees": pair_trees,
    }
    return json.dumps(record, separators=(",", ":")) + "\n"


def _trees(model: lightgbm.Booster) -> list[Node]:
    return [_tree(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


def _grouped(weights: Mapping[str, float]) -> dict[str, str]:
    """Weight in hundredths -> its n-grams, which repeats no weight."""
    groups: dict[int, list[str]] = {}
    for gram, weight in weights.items():
        if round(100 * weight):
            groups.setdefault(round(100 * weight), []).append(gram)
    return {str(weight): "|".join(groups[weight]) for weight in sorted(groups)}


def _tree(node: Mapping[str, Any]) -> Node:
    if "leaf_value" in node:
        return round(1e5 * node["leaf_value"])
    branches = (_tree(node["left_child"]), _tree(node["right_child"]))
    return [node["split_feature"], float(f"{node['threshold']:.4g}"), *branches]


def main() -> None:
    """Train, cross-validate, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("--dev", type=Path, help="measure on this split too")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()

    examples = load(arguments.train)
    foldings = [cross(examples, fit_lower, describe, seed) for seed in FOLDINGS]
    tables = [[table for _, table in folding] for folding in foldings]
    offers: dict[int, Offer] = {}
    for held in _folds(len(examples), FOLDINGS[0]):
        out = set(held)
        rest = [at for at in range(len(examples)) if at not in out]
        trees = fit_trees(
            [examples[at] for _ in tables for at in rest], [own[at] for own in tables for at in rest]
        )
        ranker = parse(written(Ranker((), {}, {}), trees, []))
        offers |= {at: offer(examples[at], foldings[0][at][0], ranker) for at in held}
    alone, shown = [], []
    for held in _folds(len(examples), PAIR_FOLDING):
        out = set(held)
        gains = fit_gains([offers[at] for at in range(len(examples)) if at not in out])
        alone.append(measure([offers[at] for at in held]))
        shown.append(measure([offers[at] for at in held], gains))
    print("cross-validated ROUGE-1/2/L of one variant", np.mean(alone, axis=0).round(2))
    print("cross-validated ROUGE-1/2/L", np.mean(shown, axis=0).round(2))

    lower = fit_lower(examples)
    trees = fit_trees(examples * len(tables), [table for own in tables for table in own])
    gains = fit_gains([offers[at] for at in range(len(examples))])
    text = written(lower, trees, _trees(gains))
    arguments.output.write_text(text, encoding="utf-8")
    print(f"wrote {arguments.output} ({len(text.encode())} bytes)")
    if arguments.dev:
        ranker = parse(text)
        dev = load(arguments.dev)
        print(
            "dev ROUGE-1/2/L",
            measure([offer(d, describe(d, ranker)[0], ranker) for d in dev], gains).round(2),
        )


if __name__ == "__main__":
    main()
