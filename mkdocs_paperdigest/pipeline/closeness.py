"""How close a paper is to what a lab works on, and which papers are close to one another.

Three measures, all of words alone, are added:

- the cosine of TF-IDF vectors, which finds the same words;
- the cosine of the means of word vectors, which finds the same field in other words;
- how much likelier each word is among the lab's papers than among all papers (naive Bayes), which finds what
  the lab as a whole writes about.

Weights of words come from the lab's papers and from a table that is part of the package, never from the other
candidates: a new paper changes no other's closeness. `benchmarks/train_closeness.py` makes the table from the
titles and abstracts of arXiv, which are in the public domain (CC0).
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from mkdocs_paperdigest.models import Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLOSENESS_VERSION = 1
"""Of the measure and its table; stored values of another version are measured again."""


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close a paper is to a lab's library."""

    score: float
    """Comparable between papers, but not between libraries."""
    closest: tuple[Reference, ...] = ()
    """The library's closest works, at most 3, the closest first; none that share too little."""


class Interests:
    """A lab's library, made ready for comparisons.

    Arguments:
        works: Each with its text: the title, and the abstract where there is one.
    """

    def __init__(self, works: Sequence[tuple[Reference, str]]) -> None:

        self._references = [reference for reference, _ in works]
        entries = [Counter(words(text)) for _, text in works]
        self._index = _Index(entries)
        self._size = len(entries)
        self._with_word = Counter(word for entry in entries for word in entry)
        # The words that an entry of this library has, against those of a paper of the table.
        self._length = sum(map(len, entries)) / max(self._size, 1) / _table().words_of_a_paper

    def compare(self, title: str, abstract: str = "", address: str = "") -> Closeness:
        """How close a paper is to the library; 0 for one without words, or without works to compare it with.

        Arguments:
            title: Of the paper.
            abstract: Of the paper.
            address: By which the library may know the paper under an earlier title.
        """
        import numpy as np

        counts = Counter(words(f"{title} {abstract}"))
        if not self._with_word or not counts:
            return Closeness(0.0)
        same = self._index.same(_weigh(counts))
        nearness = same + _SHARE_OF_VECTORS * (self._index.means @ _mean_vector(counts))
        order = np.argsort(-nearness, kind="stable")[:_NEIGHBOURS]
        shares = _DECAY ** np.arange(len(order))
        score = float((nearness[order] * shares).sum() / shares.sum())
        # A library often has the paper itself, which is no reason.
        own = words(title)
        closest = [
            self._references[position]
            for position in order
            if same[position] >= _LEAST_SHARED
            and words(self._references[position].title) != own
            and (not address or re.sub(r"v\d+$", "", self._references[position].url or "") != address)
        ]
        return Closeness(
            round(score + _SHARE_OF_LIKELIHOOD * self._likelihood(counts), 6), tuple(closest[:3])
        )

    def _likelihood(self, counts: Mapping[str, int]) -> float:
        """Mean logarithm of how much likelier a word is here than elsewhere."""
        table = _table()
        total = 0.0
        for word in counts:
            elsewhere = table.frequency(word) * self._length
            here = (self._with_word[word] + _PRIOR * elsewhere) / (self._size + _PRIOR)
            total += max(math.log(here / elsewhere), _LEAST_LIKELY)
        return total / max(len(counts), 3)


MOST_NEAR = 3
"""The most works that one work is said to be close to."""
Near = tuple[tuple[int, float], ...]
"""Positions of the closest works, the closest first, each with how close it is."""


def closest_of_each(
    works: Sequence[tuple[str, str]], known: Mapping[int, Near | None] | None = None
) -> list[Near]:
    """Which of the other works each one is close to.

    Works of one title are one work. The result depends on nothing else, and not on the order of the works, but for
    which of two equally close ones comes first.

    Arguments:
        works: Title and abstract of each.
        known: What an earlier call has found of works that were compared with one another, by their positions now: only
            others are compared with all. None for those of which a close work is gone.
    """
    known = known or {}
    index = _Index([Counter(words(f"{title} {abstract}")) for title, abstract in works])
    titles = [words(title) for title, _ in works]
    found = {at: near for at, near in known.items() if near is not None}
    new = [position for position in range(len(works)) if position not in known]
    for position in (*new, *(at for at, near in known.items() if near is None)):
        own, theirs = index.near(position)
        found[position] = _closest((at, value) for at, value in own.items() if titles[at] != titles[position])
        if position not in known:
            for at, value in theirs.items():
                if known.get(at) is not None and titles[at] != titles[position]:
                    found[at] = _closest((*found[at], (position, value)))
    return [found[position] for position in range(len(works))]


def load_words() -> None:
    """Loads in advance what every comparison needs: the table of words, and numpy."""
    _table()


def _closest(near: Iterable[tuple[int, float]]) -> Near:
    return tuple(sorted(near, key=lambda item: (-item[1], item[0]))[:MOST_NEAR])


class _Index:
    """Works by their words, to be compared with all of them at once.

    Arguments:
        entries: How often each work has each word.
    """

    def __init__(self, entries: Sequence[Mapping[str, int]]) -> None:
        import numpy as np

        self.weighed = [_weigh(entry) for entry in entries]
        self.means = np.array([_mean_vector(entry) for entry in entries]).reshape(
            len(entries), _table().vectors.shape[1]
        )
        self._has_vector: NDArray[np.bool_] = np.linalg.norm(self.means, axis=1) > 0
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for position, weighed in enumerate(self.weighed):
            for word, value in weighed.items():
                found[word].append((position, value))
        self._entries_with = {
            word: (np.array([at for at, _ in pairs]), np.array([value for _, value in pairs]))
            for word, pairs in found.items()
        }

    def near(self, position: int) -> tuple[dict[int, float], dict[int, float]]:
        """The other entries that an entry is close to, and those that are close to it, each with how close.

        The two differ where one has words of the table and the other has none.
        """
        import numpy as np

        weighed = self.weighed[position]
        vectors = _SHARE_OF_VECTORS * (self.means @ self.means[position])
        theirs = np.where(self._has_vector, vectors, _USUAL_VECTORS)
        own = vectors if self._has_vector[position] else np.full(len(vectors), _USUAL_VECTORS)
        # Common words weigh little, and are in most entries: only what could reach the bound with them is looked at
        # whole. By the inequality of Cauchy and Schwarz they add no more than the length of their part.
        telling, rest = _telling(weighed)
        hopeful = self.same(telling) + rest + np.maximum(own, theirs) >= _LEAST_NEAR
        hopeful[position] = False
        places = np.flatnonzero(hopeful)
        if len(places) > _FEW:
            same = self.same(weighed)[places]
        else:
            found = (self.weighed[at] for at in places)
            same = np.array(
                [sum(value * one.get(word, 0.0) for word, value in weighed.items()) for one in found]
            )

        def near(vectors: "NDArray[np.float64]") -> dict[int, float]:
            nearness = same + vectors[places]
            found = nearness >= _LEAST_NEAR
            return dict(zip(places[found].tolist(), nearness[found].round(6).tolist(), strict=True))

        return near(own), near(theirs)

    def same(self, weighed: Mapping[str, float]) -> "NDArray[np.float64]":
        """The cosine of a work's weighed words with those of each entry."""
        import numpy as np

        both = [
            (*self._entries_with[word], value)
            for word, value in weighed.items()
            if word in self._entries_with
        ]
        if not both:
            return np.zeros(len(self.weighed))
        positions, values, own = zip(*both, strict=True)
        products = np.concatenate(values) * np.repeat(own, [len(one) for one in values])
        return np.bincount(np.concatenate(positions), products, len(self.weighed)).astype(
            np.float64, copy=False
        )


# Chosen on half of the libraries of the development set; the other half gave the same order of variants.
_SHARE_OF_VECTORS = 0.5
_SHARE_OF_LIKELIHOOD = 0.15
_NEIGHBOURS, _DECAY = 30, 0.85
_PRIOR = 20
_LEAST_LIKELY = -0.5
# An entry that shares no telling word is no reason that a reader understands.
_LEAST_SHARED = 0.08
# From pairs of 1,526 papers of three crowded fields, read in bands: below 0.75 fewer than half of the pairs are about
# the same thing, above it three of five, above 0.8 three of four, above 0.9 nearly all. Among 200 papers of physics
# and mathematics, which had no part in the choice, all twelve above it are, and the next one is not.
_LEAST_NEAR = 0.75
# What vectors add near this bound. It stands in for those of texts whose words the table does not know.
_USUAL_VECTORS = 0.45
# Without influence on what is found: how much is left to common words, and up to how many entries are looked at one by one.
_REST, _FEW = 0.2, 20


def words(text: str) -> list[str]:
    """The words of a text, folded: small letters without accents, without the plural; pairs of Han characters."""
    plain = text.lower()
    if not plain.isascii():
        plain = "".join(
            char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char)
        )
    found = []
    for word in re.findall(_WORD, plain):
        if word[0] >= "\u2e80":
            found += [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
        else:
            found.append(singular(word))
    return found


# Compiled with its first use: that takes 3 ms, and builds in which nothing is new compare nothing.
_WORD = r"[\u2e80-\u9fff\uf900-\ufaff]+|[^\W\d_\u2e80-\u9fff\uf900-\ufaff][^\W_\u2e80-\u9fff\uf900-\ufaff]+"


def singular(word: str) -> str:
    """An English word without the `s` of its plural."""
    if len(word) <= 4 or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("sses"):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def _weigh(counts: Mapping[str, int]) -> dict[str, float]:
    """TF-IDF (1 + log tf, log idf), of length 1."""
    table = _table()
    weighed = {
        word: (1 + math.log(count)) * -math.log(table.frequency(word)) for word, count in counts.items()
    }
    length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
    return {word: value / length for word, value in weighed.items()}


def _telling(weighed: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """The weightiest words of a work, and the length of what the others add up to, at most `_REST`."""
    left, common = _REST**2, set()
    for word, value in sorted(weighed.items(), key=lambda item: item[1]):
        if value * value > left:
            break
        left -= value * value
        common.add(word)
    telling = {word: value for word, value in weighed.items() if word not in common}
    return telling, math.sqrt(sum(weighed[word] ** 2 for word in common))


def _mean_vector(counts: Mapping[str, int]) -> "NDArray[np.float64]":
    """Mean of the vectors of the words, weighed by how rare they are, of length 1 (or 0: none is known)."""
    import numpy as np

    table = _table()
    known = [
        (table.rows[word], -math.log(table.frequency(word)) * count)
        for word, count in counts.items()
        if word in table.rows
    ]
    if not known:
        return np.zeros(table.vectors.shape[1])
    rows, weights = zip(*known, strict=True)
    mean = np.array(weights) @ table.vectors[list(rows)]
    length = float(np.linalg.norm(mean))
    return mean / length if length else mean


@dataclass(frozen=True, slots=True)
class _Table:
    rows: dict[str, int]
    frequencies: list[float]
    """The share of papers that use each word."""
    vectors: "NDArray[np.float64]"
    words_of_a_paper: float
    """Mean number of different words of a title and an abstract."""

    def frequency(self, word: str) -> float:
        """The share of papers that use a word; one that the table lacks counts as rarer than all it has."""
        row = self.rows.get(word)
        return self.rarest if row is None else self.frequencies[row]

    @property
    def rarest(self) -> float:
        return self.frequencies[-1] / 10


@cache
def _table() -> _Table:
    import numpy as np

    with files("mkdocs_paperdigest.pipeline").joinpath("closeness.npz").open("rb") as file:
        data = np.load(file)
        names = bytes(data["words"]).decode().split("\n")
        vectors = data["vectors"].astype(np.float64)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return _Table(
            {word: row for row, word in enumerate(names)},
            data["frequencies"].astype(np.float64).tolist(),
            vectors,
            float(data["words_of_a_paper"]),
        )
