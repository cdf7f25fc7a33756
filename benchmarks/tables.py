"""How well tables are found in real papers: the labels are `labels/tables.json`.

    python benchmarks/tables.py FOLDER [--held-out | --no-held-out] [--failures]

FOLDER holds the collections that the labels name, each with `pdfs/`. A prediction matches a table of its page one to
one, best overlap first, from an intersection over union of 0.7 (or 0.5) on. Numbers and whole captions are compared
where boxes match at 0.7: letters and digits of a caption must be the same, character by character. Seconds are CPU
time of this process for figures and tables together.
"""

import argparse
import hashlib
import json
import re
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.figures import Prediction, cut, match
from mkdocs_paperdigest.documents.figures.find_tables import find_floats
from mkdocs_paperdigest.documents.pdf.pdfium import open_pdf

LABELS = Path(__file__).parent / "labels" / "tables.json"


def main() -> None:
    """Print the scores of the papers that were seen while the rules were written, and of the others."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--held-out", action=argparse.BooleanOptionalAction, help="only these, or only the others"
    )
    parser.add_argument("--failures", action="store_true", help="list what was missed or wrong")
    options = parser.parse_args()
    papers = json.loads(LABELS.read_text(encoding="utf-8"))
    print(
        f"{'papers':12} {'F1@0.7':>7} {'F1@0.5':>7} {'P@0.7':>7} {'R@0.7':>7} {'numbers':>8} {'captions':>9} {'tables':>7} {'s/page':>7}"
    )
    for held_out in (False, True):
        if options.held_out not in {None, held_out}:
            continue
        chosen = {name: paper for name, paper in papers.items() if paper["held_out"] == held_out}
        totals = [0] * 6
        seconds, pages = 0.0, 0
        for name, paper in chosen.items():
            started = time.process_time()
            path = options.folder / paper["set"] / "pdfs" / name
            with open_pdf(path) as document:
                pages += len(document)
                tables = [one for one in find_floats(document) if one.table]
            seconds += time.process_time() - started
            found = [
                (Prediction(table.page, table.bbox, table.caption), table.label)
                for table in tables
                if table.page not in paper["not_labelled"]
            ]
            counts, failures = compare(paper["tables"], found)
            totals = [sum(pair) for pair in zip(totals, counts, strict=True)]
            if options.failures:
                print(*(f"{name}: {failure}" for failure in failures), sep="\n", end="\n" if failures else "")
        expected, predicted, strict, loose, numbers, captions = totals
        print(
            f"{'held out' if held_out else 'development':12} {cut(2 * strict / (expected + predicted)):>7} "
            f"{cut(2 * loose / (expected + predicted)):>7} {cut(strict / predicted):>7} {cut(strict / expected):>7} "
            f"{cut(numbers / strict):>8} {cut(captions / strict):>9} {expected:>7} {seconds / pages:>7.3f}"
        )


def compare(tables: list[dict[str, Any]], found: list[tuple[Prediction, str]]) -> tuple[list[int], list[str]]:
    """Counts of tables, predictions, matches at 0.7 and 0.5, right numbers and captions; and what is wrong."""
    predictions = [prediction for prediction, _ in found]
    strict, loose = match(tables, predictions, 0.7), match(tables, predictions, 0.5)
    numbers = [(i, j) for i, j in strict if found[j][1].rpartition(" ")[2] == tables[i]["number"]]
    captions = [
        (i, j) for i, j in strict if digest(predictions[j].caption or "") == tables[i]["caption_sha256"]
    ]
    failures = [
        f"missed on page {t['page']}: {t['number']} {t['bbox']}"
        for i, t in enumerate(tables)
        if i not in dict(strict)
    ]
    right = {j for _, j in strict}
    failures += [
        f"wrong on page {p.page}: {label} {p.bbox} {p.caption}"
        for j, (p, label) in enumerate(found)
        if j not in right
    ]
    failures += [
        f"caption of {tables[i]['number']}: {predictions[j].caption}"
        for i, j in strict
        if (i, j) not in captions
    ]
    return [len(tables), len(found), len(strict), len(loose), len(numbers), len(captions)], failures


def digest(caption: str) -> str:
    """As in the labels: SHA-256 of letters and digits."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", caption).lower())
    return hashlib.sha256(plain.encode()).hexdigest()


if __name__ == "__main__":
    main()
