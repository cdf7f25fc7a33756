"""Makes the table of words by which papers are compared with a lab's interests.

    pip install scipy
    python benchmarks/train_closeness.py PAPERS.tsv [--output closeness.npz]

PAPERS.tsv has a title and an abstract per line, of all fields: arXiv's metadata, which are in the public domain (CC0).
The table holds the words that most papers use, the share of papers that use each, and a vector for each: the leading
eigenvectors of the cosines between words, each word taken as the TF-IDF of the papers that use it (latent semantic
analysis, Deerwester et al. 1990). Nothing of the texts is kept. Some 200,000 papers take 2 minutes of processor time.
"""

import argparse
import math
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import eigsh

from mkdocs_paperdigest.pipeline.closeness import words

OUTPUT = Path(__file__).parent.parent / "mkdocs_paperdigest" / "pipeline" / "closeness.npz"
WORDS, DIMENSIONS = 8000, 32
"""With 64 dimensions the development set gave the same within 0.002."""


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    papers = []
    for line in options.papers.read_text("utf-8").splitlines():
        title, abstract = line.split("\t")[:2]
        papers.append(Counter(words(f"{title}. {title}. {abstract}")))
    using = Counter(word for paper in papers for word in paper)
    names = sorted(using, key=lambda word: (-using[word], word))[:WORDS]
    frequencies = np.array([using[name] / len(papers) for name in names])
    np.savez_compressed(
        options.output,
        words=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        frequencies=frequencies.astype(np.float32),
        vectors=vectors(papers, names, frequencies),
        words_of_a_paper=np.float32(sum(using.values()) / len(papers)),
    )


def vectors(papers: list[Counter[str]], names: list[str], frequencies: np.ndarray) -> np.ndarray:
    """A vector for each word, of length 127, in whole numbers: WORDS x DIMENSIONS."""
    rows = {name: row for row, name in enumerate(names)}
    at, columns, values = [], [], []
    for position, paper in enumerate(papers):
        for word, count in paper.items():
            if (row := rows.get(word)) is not None:
                at.append(position)
                columns.append(row)
                values.append((1 + math.log(count)) * -math.log(frequencies[row]))
    weighed = csr_matrix((values, (at, columns)), shape=(len(papers), len(names)), dtype=np.float32)
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    weighed = diags(1 / np.maximum(lengths, 1e-9)) @ weighed
    together = (weighed.T @ weighed).toarray()
    sizes = np.sqrt(np.diag(together))
    strengths, found = eigsh(together / np.outer(sizes, sizes), k=DIMENSIONS, v0=np.ones(len(names)))
    found = found[:, np.argsort(-strengths)]
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return np.asarray(np.round(found * 127), dtype=np.int8)


if __name__ == "__main__":
    main()
