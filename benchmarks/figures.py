"""How well figures are found in real papers, beside rapid-layout when that is installed.

    python benchmarks/figures.py FOLDER [--paper NAME ...] [--failures] [--captions LABELS]

FOLDER holds `gt.json` and `pdfs/`. The first maps each PDF's name to {"pages_labelled": [page, ...],
"figures": [{"page", "bbox", "caption", ...}, ...]}; pages count from 0, boxes are in PDF points from
the top left corner of the page as rendered, captions may be cut. Predictions on pages that are not
labelled do not count.

A prediction matches a figure of its page one to one, best overlap first, from an intersection over
union of 0.8 (or 0.5) on. Captions are compared where boxes match at 0.5: right are those whose first
80 characters, letters and digits only, are at least 0.9 similar (normalized Levenshtein).
LABELS (`benchmarks/labels/captions.json`) says of some captions, written down from the rendered pages, how
many letters and digits they have and which: `{pdf: {number: [count, hash]}}`. The hash is that of the sorted
letters, because the order of raised and lowered signs is a matter of taste. Such a caption is whole where
both agree, on a figure that matches at 0.5.
Seconds are CPU time of this process, so a busy machine does not spoil them; rapid-layout computes
on one thread for that. To compare: `pip install rapid-layout` (Apache-2.0, its model in the wheel).
"""

import argparse
import hashlib
import json
import os
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from mkdocs_paperdigest.documents.figures.find_tables import find_floats
from mkdocs_paperdigest.documents.pdf.pdfium import open_pdf

LAYOUT_SCALE = 2.0
"""Pixels per point for the layout model (144 dpi)."""

Box = Sequence[float]


@dataclass(frozen=True)
class Prediction:
    """A figure as an extractor sees it."""

    page: int
    bbox: Box
    caption: str | None = None


@dataclass
class Score:
    """Counts over papers."""

    figures: int = 0
    predictions: int = 0
    at_80: int = 0
    at_50: int = 0
    captions: int = 0
    pages: int = 0
    seconds: float = 0.0
    labelled: int = 0
    whole: int = 0

    def f1(self, matched: int) -> float:
        """Harmonic mean of precision and recall, given how many predictions are right."""
        return 2 * matched / max(self.figures + self.predictions, 1)


Extractor = Callable[[Path], list[Prediction]]


def main() -> None:
    """Print one row for each extractor."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--paper", action="append", help="only these, by file name")
    parser.add_argument("--failures", action="store_true", help="list what was missed or wrong")
    parser.add_argument("--captions", type=Path, help="labels of whole captions")
    options = parser.parse_args()
    truth = json.loads((options.folder / "gt.json").read_text(encoding="utf-8"))
    if options.paper:
        truth = {name: truth[name] for name in options.paper}
    labels = json.loads(options.captions.read_text(encoding="utf-8")) if options.captions else {}
    extractors: dict[str, Extractor] = {"mkdocs-paperdigest": ours}
    if layout := rapid_layout():
        extractors["rapid-layout"] = layout
    else:
        print("rapid-layout is not installed: skipped")
    print(f"{'extractor':20} {'F1@0.8':>7} {'F1@0.5':>7} {'captions':>9} {'s/page':>7} {'figures':>8}")
    for name, extract in extractors.items():
        score = Score()
        for file, paper in truth.items():
            failures = measure(options.folder / "pdfs" / file, paper, extract, score, labels.get(file, {}))
            if options.failures:
                print(*failures, sep="\n", end="\n" if failures else "")
        caption = f"{cut(score.captions / score.at_50)}" if score.captions else "-"
        print(
            f"{name:20} {cut(score.f1(score.at_80)):>7} {cut(score.f1(score.at_50)):>7} "
            f"{caption:>9} {score.seconds / max(score.pages, 1):>7.3f} {score.figures:>8}"
        )
        if score.labelled:
            print(f"{'':20} whole captions: {score.whole} of {score.labelled}")


def cut(share: float) -> str:
    """Three digits, never rounded up."""
    return f"{int(share * 1000) / 1000:.3f}"


def measure(
    path: Path, paper: dict[str, Any], extract: Extractor, score: Score, labels: dict[str, tuple[int, str]]
) -> list[str]:
    """Add one paper to a score; gives a line for each figure missed and each false one."""
    started = time.process_time()
    predictions = extract(path)
    score.seconds += time.process_time() - started
    with open_pdf(path) as document:
        score.pages += len(document)
    labelled = set(paper["pages_labelled"])
    predictions = [prediction for prediction in predictions if prediction.page in labelled]
    figures = paper["figures"]
    strict = match(figures, predictions, 0.8)
    loose = match(figures, predictions, 0.5)
    score.figures += len(figures)
    score.predictions += len(predictions)
    score.at_80 += len(strict)
    score.at_50 += len(loose)
    score.captions += sum(same_caption(figures[i]["caption"], predictions[j].caption) for i, j in loose)
    captions = {figures[i].get("label"): predictions[j].caption or "" for i, j in loose}
    partial = [label for label, wanted in labels.items() if list(wanted) != letters(captions.get(label, ""))]
    score.labelled += len(labels)
    score.whole += len(labels) - len(partial)
    missed = set(range(len(figures))) - {i for i, _ in strict}
    false = set(range(len(predictions))) - {j for _, j in strict}
    return [
        *(f"{path.name}: caption of {label} is not whole" for label in partial),
        *(f"{path.name}: missed on page {figures[i]['page']}: {figures[i]['caption']}" for i in missed),
        *(f"{path.name}: wrong on page {predictions[j].page}: {predictions[j].caption}" for j in false),
    ]


def match(
    figures: Sequence[dict[str, Any]], predictions: Sequence[Prediction], least: float
) -> list[tuple[int, int]]:
    """Pairs of figure and prediction, best overlap first."""
    pairs = sorted(
        (
            (overlap(figure["bbox"], prediction.bbox), i, j)
            for i, figure in enumerate(figures)
            for j, prediction in enumerate(predictions)
            if figure["page"] == prediction.page
        ),
        reverse=True,
    )
    taken: list[tuple[int, int]] = []
    for share, i, j in pairs:
        if share >= least and all(i != a and j != b for a, b in taken):
            taken.append((i, j))
    return taken


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / (areas - width * height)


def same_caption(expected: str, found: str | None) -> bool:
    """Whether two captions begin alike; what hyphens and spaces ate at the cut is forgiven."""
    one, other = plain(expected), plain(found or "")
    if abs(len(one) - len(other)) <= 8 and min(len(one), len(other)) >= 50:
        length = min(len(one), len(other))
        one, other = one[:length], other[:length]
    return bool(one and other) and Levenshtein.normalized_similarity(one, other) >= 0.9


def plain(caption: str) -> str:
    """Letters and digits of the first 80 characters."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", caption)).strip()[:80]
    return re.sub(r"[\W_]+", "", text.lower())


def letters(caption: str) -> list[int | str]:
    """How many letters and digits a caption has, and the hash of these in alphabetical order."""
    found = sorted(re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", caption).lower()))
    return [len(found), hashlib.sha256("".join(found).encode()).hexdigest()[:16]]


def ours(path: Path) -> list[Prediction]:
    """The figures that this package finds."""
    with open_pdf(path) as document:
        figures = find_floats(document, tables=False)
        return [Prediction(figure.page, figure.bbox, figure.caption) for figure in figures]


def rapid_layout() -> Extractor | None:
    """The boxes of class "figure" of rapid-layout's own model; None when it is not installed."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        from rapid_layout import RapidLayout
    except ImportError:
        return None
    engine = RapidLayout()

    def extract(path: Path) -> list[Prediction]:
        found = []
        with open_pdf(path) as document:
            for number in range(len(document)):
                result = engine(document[number].render(scale=LAYOUT_SCALE).to_numpy())
                found += [
                    Prediction(number, [float(side) / LAYOUT_SCALE for side in box])
                    for box, name in zip(result.boxes, result.class_names, strict=True)
                    if name == "figure"
                ]
        return found

    return extract


if __name__ == "__main__":
    main()
