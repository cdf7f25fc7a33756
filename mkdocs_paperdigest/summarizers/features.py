"""What the sentence ranker sees: an abstract's words and sentences as numbers."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

WORD_FEATURES = (
    "bias", "title", "title_pair", "tf1", "tf2", "tf3", "tf4", "first", "last", "we", "late", "capitals", "digits", "length",
)  # fmt: skip

FEATURES = (
    "expected_f1", "expected_precision", "expected_pairs", "gain", "length", "position", "from_end", "relative",
    "sentences", "title_recall", "title_precision", "title_pairs", "centrality", "cue", "cue_rank", "f1_rank", "kept",
    "we", "our", "this", "anaphora", "frame", "question", "numbers", "aside", "commas", "coordinated", "colon",
    "short", "best", "f1_lead", "opening", "last_salience", "stop_share", "new", "lead_title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outline:
    """An abstract as the ranker sees it before any sentence is scored."""

    title: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    """Stems of each sentence."""
    salience: Mapping[str, float]
    """Stem -> probability that a one-sentence summary of the paper uses it."""
    cues: tuple[float, ...]
    """Score of each sentence by its n-grams alone."""
    expected_f1: tuple[float, ...]
    centrality: tuple[float, ...]


def stems(text: str) -> tuple[str, ...]:
    """Lower-case words of `text` without their inflection, numbers included."""
    return tuple(_stem(word) for word in _WORD.findall(text.lower()))


_WORD = re.compile(r"[a-z0-9]+|[^\W\d_a-z]+")
_SUFFIX = re.compile(
    r"(?<=\w{4})(?:ations?|at(?:es?|ed|ing|ive|or|ors)|i[sz](?:es?|ed|ing|ations?)|ings?|ions?|ers?|ed|es|e|s|ly|ments?|ive|als?|ally|able|ity|ies|y|ness)$"
)


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    if len(word) < 4:
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return _SUFFIX.sub("", word, count=1)


def word_features(
    title: Sequence[str], raw: str, sentences: Sequence[Sequence[str]], texts: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    """Numbers of every stem of the abstract, in the order of `WORD_FEATURES`."""
    count = Counter(stem for sentence in sentences for stem in sentence)
    in_title = set(title)
    pairs = set(pairwise(title))
    paired: set[str] = set()
    first_in: dict[str, int] = {}
    with_we: set[str] = set()
    for index, sentence in enumerate(sentences):
        for pair in pairwise(sentence):
            if pair in pairs:
                paired.update(pair)
        for stem in sentence:
            first_in.setdefault(stem, index)
        if _CONTRIBUTION.search(texts[index]):
            with_we.update(sentence)
    capitals = {_stem(word.lower()) for word in re.findall(r"\b[A-Z]\w*[A-Z]\w*", raw)}
    last = set(sentences[-1]) if sentences else set()
    span = max(1, len(sentences) - 1)
    found: dict[str, tuple[float, ...]] = {}
    for stem, n in count.items():
        found[stem] = (
            1.0,
            float(stem in in_title),
            float(stem in paired),
            float(n == 1),
            float(n == 2),
            float(n == 3),
            float(n > 3),
            float(first_in[stem] == 0),
            float(stem in last),
            float(stem in with_we),
            first_in[stem] / span,
            float(stem in capitals),
            float(stem.isdigit()),
            min(len(stem), 10) / 10,
        )
    return found


_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|letter|report|survey|thesis)|our)\b", re.IGNORECASE
)


def cue_grams(sentence: Sequence[str]) -> list[str]:
    """The n-grams whose weights make a sentence's cue score: its words once, and how it opens."""
    head = sentence[:4]
    grams = list(dict.fromkeys(sentence))
    grams.append("^" + " ".join(head[:1]))
    grams.append("^" + " ".join(head[:2]))
    grams.append("^" + " ".join(head[:3]))
    grams.extend(f"{a} {b}" for a, b in dict.fromkeys(pairwise(sentence)))
    return grams


def outline(
    title: Sequence[str],
    sentences: Sequence[Sequence[str]],
    salience: Mapping[str, float],
    cues: Sequence[float],
) -> Outline:
    """Put together what all sentences of one abstract share."""
    f1 = tuple(_expected_f1(sentence, salience) for sentence in sentences)
    return Outline(
        tuple(title),
        tuple(map(tuple, sentences)),
        salience,
        tuple(cues),
        f1,
        _centrality(sentences),
    )


TARGET_LENGTH = 20
"""Words of a usual one-sentence summary (mean of SciTLDR-A's training targets: 20)."""


def _expected_f1(sentence: Sequence[str], salience: Mapping[str, float]) -> float:
    hits = sum(salience.get(stem, 0.0) for stem in set(sentence))
    return 2 * hits / (len(sentence) + TARGET_LENGTH)


def _centrality(sentences: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Cosine of each sentence with the whole abstract, weighted by how rare a stem is among the sentences."""
    n = len(sentences)
    spread = Counter(stem for sentence in sentences for stem in set(sentence))
    weight = {stem: math.log(1 + n / seen) for stem, seen in spread.items() if len(stem) > 2}
    total: Counter[str] = Counter()
    for sentence in sentences:
        total.update(stem for stem in sentence if stem in weight)
    norm = math.sqrt(sum((weight[stem] * seen) ** 2 for stem, seen in total.items())) or 1.0
    found = []
    for sentence in sentences:
        own = Counter(stem for stem in sentence if stem in weight)
        length = math.sqrt(sum((weight[stem] * seen) ** 2 for stem, seen in own.items())) or 1.0
        dot = sum(weight[stem] ** 2 * seen * total[stem] for stem, seen in own.items())
        found.append(dot / norm / length)
    return tuple(found)


_ANAPHORA = re.compile(
    r"^(?:this|these|those|it|they|such|the (?:proposed|resulting|former|latter|former|method|model|approach|results?|framework))\b",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:show|demonstrate|find|experiment|result|evaluat|outperform|achiev)", re.IGNORECASE
)
_OPENING = re.compile(
    r"^(?:in (?:this|our)|we|here|this (?:paper|work|study|article)|to (?:this|address|tackle|overcome))\b",
    re.IGNORECASE,
)
_STOP_LIST = """
    the a an of to in on for with by and or that is are we our as from it this be at which can
"""
_STOP = frozenset(_STOP_LIST.split())


def features(
    outline: Outline, position: int, verbatim: str, full: str, reading: str
) -> tuple[float, ...]:
    """Numbers of one reading of one sentence, in the order of `FEATURES`."""
    own = stems(reading)
    n = len(own) or 1
    count = len(outline.sentences)
    kinds = set(own)
    salience = outline.salience
    hits = sum(salience.get(stem, 0.0) for stem in kinds)
    f1 = 2 * hits / (n + TARGET_LENGTH)
    pairs = set(pairwise(own))
    pair_mass = sum(salience.get(a, 0.0) * salience.get(b, 0.0) for a, b in pairs)
    title = set(outline.title)
    title_pairs = set(pairwise(outline.title))
    shared = len(kinds & title)
    sentence_f1 = outline.expected_f1[position]
    best = max(outline.expected_f1)
    cue = outline.cues[position]
    before = {stem for sentence in outline.sentences[:position] for stem in sentence}
    lower = reading.lower()
    return (
        f1,
        hits / n,
        pair_mass / (n + TARGET_LENGTH),
        f1 - sentence_f1,
        float(n),
        float(position),
        float(count - 1 - position),
        position / max(1, count - 1),
        float(count),
        shared / max(1, len(title)),
        shared / n,
        len(pairs & title_pairs) / max(1, len(title_pairs)),
        outline.centrality[position],
        cue,
        float(sum(other > cue for other in outline.cues)),
        float(sum(other > sentence_f1 for other in outline.expected_f1)),
        len(reading) / max(1, len(full)),
        float(lower.startswith("we ")),
        float(" our " in lower or lower.startswith("our ")),
        float(lower.startswith("this ")),
        float(_ANAPHORA.match(reading) is not None),
        float(_FRAME.search(reading) is not None),
        float("?" in reading),
        float(sum(char.isdigit() for char in reading)),
        float("(" in reading),
        float(reading.count(",")),
        float(" and " in lower),
        float(":" in reading or ";" in reading),
        float(n < 9),
        best - sentence_f1,
        f1 - best,
        float(_OPENING.match(verbatim) is not None),
        salience.get(own[-1], 0.0) if own else 0.0,
        sum(stem in _STOP for stem in own) / n,
        len(kinds - before) / n,
        float(own[:1] == outline.title[:1]),
    )
