"""How well closeness finds what belongs to a library: `python benchmarks/interests.py LIBRARIES PAPERS.json`.

Two tables. In the first, half of the titles of each BibTeX library (100 at most) are the interests, up to 100 of the
others are to be found among 1,500 titles of other libraries and 500 new papers. In the second, harder one, papers of one
topic of PAPERS.json (records with `title`, `abstract` and `topic`) are to be found among those of its other topics, all
of one field. Means over libraries or topics and three draws: the area under the ROC curve, and the precision of the
first 20.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Reference
from mkdocs_paperdigest.pipeline.closeness import Interests
from mkdocs_paperdigest.sources.library import read_works

Draw = tuple[str, list[str], list[str], list[str]]
"""Name, interests, what is to be found, what it stands among."""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("libraries", type=Path, help="folder of BibTeX files, `OWNER__NAME__FILE.bib`")
    parser.add_argument("papers", type=Path)
    parser.add_argument("--half", choices=("a", "b"), help="only every second library or topic")
    options = parser.parse_args()
    papers = json.loads(options.papers.read_text("utf-8"))
    news = [paper["title"] for paper in papers]
    for title, draws in (
        ("libraries among others", library_draws(titles_of(options.libraries), news)),
        ("topics of one field", topic_draws(papers)),
    ):
        report(title, [draw for draw in draws if options.half in (None, half_of(draw[0]))])


def half_of(name: str) -> str:
    """The half of the data that a library or a topic belongs to, by its name alone."""
    return "ab"[sum(name.encode()) % 2]


def titles_of(folder: Path) -> dict[str, list[str]]:
    """The titles of each repository's files, of four words or more."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for file in sorted(folder.glob("*.bib")):
        name = "__".join(
            file.name.partition("_")[2].split("__")[:2]
            if file.name[6:7] == "_"
            else file.name.split("__")[:2]
        )
        try:
            works = read_works(file).works
        except ConfigurationError:
            continue
        titles = (work.reference.title for work in works)
        found[name] |= {title: None for title in titles if len(title.split()) >= 4}
    return {name: list(titles) for name, titles in found.items()}


def library_draws(libraries: dict[str, list[str]], news: Sequence[str]) -> Iterator[Draw]:
    """Three draws of each library with 30 titles or more."""
    chance = random.Random(1)
    for name, own in libraries.items():
        if len(own) < 30:
            continue
        others = [title for other, titles in libraries.items() if other != name for title in titles]
        others = [title for title in others if title not in set(own)]
        for _ in range(3):
            mixed = chance.sample(own, len(own))
            half = min(len(own) // 2, 100)
            rest = chance.sample(others, min(1500, len(others))) + chance.sample(list(news), 500)
            yield name, mixed[:half], mixed[half : half + 100], rest


def topic_draws(papers: Sequence[dict[str, str]]) -> Iterator[Draw]:
    """Three draws of each topic with 15 papers or more; interests are titles, papers have their abstracts."""
    chance = random.Random(1)
    topics: dict[str, list[dict[str, str]]] = defaultdict(list)
    for paper in papers:
        topics[paper.get("topic", "")].append(paper)
    for name, own in topics.items():
        if len(own) < 15:
            continue
        rest = [f"{paper['title']}\n{paper['abstract']}" for paper in papers if paper.get("topic") != name]
        for _ in range(3):
            mixed = chance.sample(own, len(own))
            half = min(len(own) // 2, 100)
            wanted = [f"{paper['title']}\n{paper['abstract']}" for paper in mixed[half : half + 100]]
            yield name, [paper["title"] for paper in mixed[:half]], wanted, rest


def report(title: str, draws: Sequence[Draw]) -> None:
    """One line a library, and the means."""
    print(f"{title}:")
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    compared, began = 0, time.process_time()
    for name, own, wanted, rest in draws:
        interests = Interests([(Reference(text), text) for text in own])
        scores = np.array([interests.compare(*text.split("\n")).score for text in wanted + rest])
        compared += len(scores)
        rows[name].append((area(scores, len(wanted)), first_20(scores, len(wanted))))
    spent = time.process_time() - began
    for name, values in rows.items():
        print(f"  {name[:40]:40} {np.mean(values, axis=0)[0]:.3f} {np.mean(values, axis=0)[1]:.3f}")
    mean = np.mean([value for values in rows.values() for value in values], axis=0)
    print(f"  {'mean':40} {mean[0]:.3f} {mean[1]:.3f}   {1000 * spent / max(compared, 1):.2f} ms a paper")


def area(scores: np.ndarray, wanted: int) -> float:
    """Area under the ROC curve; ties share their mean rank."""
    order = np.sort(scores)
    ranks = (np.searchsorted(order, scores, "left") + np.searchsorted(order, scores, "right") + 1) / 2
    return float((ranks[:wanted].sum() - wanted * (wanted + 1) / 2) / (wanted * (len(scores) - wanted)))


def first_20(scores: np.ndarray, wanted: int) -> float:
    """The share of the first 20 that were to be found."""
    return float((np.argsort(-scores, kind="stable")[:20] < wanted).mean())


if __name__ == "__main__":
    main()
