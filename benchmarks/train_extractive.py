"""Trains the coefficients of the extractive summarizer and says how good they are.

    pip install rouge-score scikit-learn lightgbm
    python benchmarks/train_extractive.py TRAIN.jsonl [--dev DEV.jsonl] [--output extractive.json]

TRAIN.jsonl is the training split of SciTLDR-A (https://github.com/allenai/scitldr, Apache-2.0): per line `title`, `source`
(the abstract's sentences) and `target` (one-sentence summaries written by people). The same input gives the same bytes.

Three models are stacked. A ridge regression learns which n-grams speak for a sentence; a logistic regression learns which
words of an abstract its summary uses, looking at the first model's favourites; gradient-boosted trees learn from both, and
from position, title and length, the ROUGE of every variant of every sentence. Each model sees the ones below it only through
predictions for papers that they were not trained on (five folds), as it will at run time.
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
from mkdocs_paperdigest.summaries.extract.extract import NEVER_SUMMARIES, is_clear
from mkdocs_paperdigest.summaries.extract.features import features, outline
from mkdocs_paperdigest.summaries.extract.ranker import DEPTH, Ranker
from mkdocs_paperdigest.summaries.extract.roles import Sentence, read_sentences
from mkdocs_paperdigest.summaries.extract.words import WORD_FEATURES, cue_grams, stems, word_features

M = TypeVar("M")
R = TypeVar("R")

OUTPUT = Path(__file__).parent.parent / "mkdocs_paperdigest" / "summaries" / "extract" / "extractive.json"
SHAPE = {"max_depth": DEPTH, "num_leaves": 2**DEPTH, "min_data_in_leaf": 60, "lambda_l2": 5.0}
SAMPLING = {
    "learning_rate": 0.05,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 1,
}
EXACT = {"objective": "regression", "num_threads": 1, "deterministic": True, "verbose": -1}
TREES = 100
FOLDINGS = (0, 7, 13)
"""Seeds of the splits into folds. The trees see every paper once per split, so that they trust no split's accidents."""
STEMS, CUES = 1500, 1300
"""How many weights are kept, so that the file stays below 60 kB."""


@dataclass
class Example:
    """A paper of the data set with the ROUGE of everything that could be said of it."""

    title: tuple[str, ...]
    text: str
    sentences: tuple[Sentence, ...]
    target: frozenset[str]
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


def load(path: Path) -> list[Example]:
    """The papers of one split."""
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        targets = record["target"]

        def rouge(text: str, targets: list[str] = targets) -> list[float]:
            scores = [scorer.score(target, text) for target in targets]
            return [max(score[kind].fmeasure for score in scores) for kind in scores[0]]

        sentences = read_sentences(" ".join(record["source"]))
        every = [(at, text) for at, one in enumerate(sentences) for text in variants(one.text)]
        title = record["title"] or ""
        found.append(
            Example(
                title=stems(title),
                text=f"{title} {' '.join(one.verbatim for one in sentences)}",
                sentences=sentences,
                target=frozenset(stems(targets[0])),
                variants=every,
                rouge=np.array([rouge(text) for _, text in every]),
                shown=_shown(sentences, every),
                sentence_rouge=np.array([rouge(one.verbatim) for one in sentences]).mean(axis=1),
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
        for stem, numbers in words.items():
            cells = [(at, number) for at, number in enumerate(numbers) if number]
            if stem in known:
                cells.append((fixed + known[stem], 1.0))
            rows += [len(wanted)] * len(cells)
            columns += [at for at, _ in cells]
            values += [number for _, number in cells]
            wanted.append(stem in one.target)
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
    ranker = Ranker((), {}, weights, ())
    return [ranker.cue(own) for own in one.stems]


def fit_lower(examples: Sequence[Example]) -> Ranker:
    """A ranker without trees: cues, and word weights fitted on cues of unseen papers."""
    crossed = cross(examples, fit_cues, _cues, seed=3)
    words, single = fit_words(examples, crossed)
    return Ranker(words, single, fit_cues(examples), ())


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


def describe(one: Example, ranker: Ranker) -> np.ndarray:
    """Readings x `FEATURES`."""
    cues = _cues(one, ranker.cue_weights)
    salience = ranker.salience(_words(one, cues))
    seen = outline(one.title, one.stems, salience, cues, one.verbatim)
    return np.array([features(seen, at, one.sentences[at].text, text) for at, text in one.variants])


def fit_trees(examples: Sequence[Example], tables: Sequence[np.ndarray]) -> lightgbm.Booster:
    """Trees that predict how far a variant's mean ROUGE is above the mean of its abstract's variants.

    Only of variants that may be shown; every abstract has the same weight.
    """
    wanted = [one.rouge.mean(axis=1)[one.shown] for one in examples]
    centred = np.concatenate([scores - scores.mean() for scores in wanted])
    weight = np.concatenate([np.full(len(scores), 1 / len(scores)) for scores in wanted])
    seen = np.vstack([table[one.shown] for one, table in zip(examples, tables, strict=True)])
    return lightgbm.train(
        SHAPE | SAMPLING | EXACT, lightgbm.Dataset(seen, centred, weight=weight), num_boost_round=TREES
    )


def measure(examples: Sequence[Example], tables: Sequence[np.ndarray], model: lightgbm.Booster) -> np.ndarray:
    """ROUGE-1, -2 and -L in percent of the variant with the highest score that may be shown, mean over papers."""
    best = [
        one.rouge[int(np.argmax(np.where(one.shown, model.predict(table), -np.inf)))]
        for one, table in zip(examples, tables, strict=True)
    ]
    return 100 * np.mean(best, axis=0)


def save(ranker: Ranker, model: lightgbm.Booster, path: Path) -> None:
    """Write the coefficients as `ranker.parse` reads them."""
    trees = [_tree(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    record = {
        "words": ranker.word_weights,
        "stems": _grouped(ranker.stem_weights),
        "cues": _grouped(ranker.cue_weights),
        "trees": trees,
    }
    path.write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")


def _grouped(weights: Mapping[str, float]) -> dict[str, str]:
    """Weight in hundredths -> its n-grams, which repeats no weight."""
    groups: dict[int, list[str]] = {}
    for gram, weight in weights.items():
        if round(100 * weight):
            groups.setdefault(round(100 * weight), []).append(gram)
    return {str(weight): "|".join(groups[weight]) for weight in sorted(groups)}


def _tree(node: Mapping[str, Any]) -> int | list[Any]:
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
    tables = foldings[0]
    held_out = []
    for held in _folds(len(examples), FOLDINGS[0]):
        out = set(held)
        rest = [at for at in range(len(examples)) if at not in out]
        model = fit_trees(
            [examples[at] for _ in foldings for at in rest],
            [folding[at] for folding in foldings for at in rest],
        )
        held_out.append(measure([examples[at] for at in held], [tables[at] for at in held], model))
    print("cross-validated ROUGE-1/2/L", np.mean(held_out, axis=0).round(2))

    ranker = fit_lower(examples)
    model = fit_trees(examples * len(foldings), [table for folding in foldings for table in folding])
    save(ranker, model, arguments.output)
    print(f"wrote {arguments.output} ({arguments.output.stat().st_size} bytes)")
    if arguments.dev:
        dev = load(arguments.dev)
        print("dev ROUGE-1/2/L", measure(dev, [describe(d, ranker) for d in dev], model).round(2))


if __name__ == "__main__":
    main()
