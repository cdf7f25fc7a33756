"""How well marks tell true claims from false ones: `python benchmarks/claims.py CLAIMS.jsonl PDFS [--show]`.

Each line of the file (or of each `*.jsonl` in a folder) is `{paper, claim, quote, lang, kind, true}`: `paper` is the
stem of a PDF in the second folder, `true` says whether the claim is right and its quote carries it.

Besides, true quotes are made from the papers' own sentences, and a citation marker, a reference by name and year, or a
pointer to a figure is left out of each; and each entry of a list of references is offered as a quote.
"""

import argparse
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.documents.pdf.text import abstract_of, text_of_pages
from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
from mkdocs_paperdigest.models import Claim, FullText
from mkdocs_paperdigest.summaries.evidence import Searchable, find, judge
from mkdocs_paperdigest.summaries.sentences import split_sentences

LEFT_OUT = {
    "[12]": re.compile(r" ?\[\d{1,3}(?:[,;–-] ?\d{1,3})*\]"),
    "(Name, 2019)": re.compile(r" ?\([A-Z][^()]{3,80}?,? (?:19|20)\d\d[a-z]?\)"),
    "(Fig. 2)": re.compile(r" ?\((?:see )?(?:Fig(?:ure|\.)|Table|Tab\.|Sec(?:tion|\.)) ?\d[^()]{0,12}\)"),
    "(ABC)": re.compile(r" ?\([A-Z]{2,6}\)"),
}
"""What quotes may leave out."""


def main() -> None:
    """Judge every claim and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("claims", type=Path)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--papers", nargs="*", help="only these papers; every other paper for quotes, too")
    parser.add_argument("--show", action="store_true", help="print what was judged wrongly")
    options = parser.parse_args()
    files = sorted(options.claims.glob("*.jsonl")) if options.claims.is_dir() else [options.claims]
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line]
    rows = [row for row in rows if not options.papers or row["paper"] in options.papers]
    texts = read_papers(options.pdfs, {row["paper"] for row in rows})
    report_claims(rows, texts, show=options.show)
    report_quotes(texts)


def read_papers(folder: Path, stems: set[str]) -> dict[str, FullText]:
    """The text of each paper, as a build reads it."""
    with PdfReader(workers=2) as reader, tempfile.TemporaryDirectory() as images:
        return {
            stem: text_of_pages(
                reader.read(folder / f"{stem}.pdf", Path(images), figures_max=0, want_figures=False).pages
            )
            for stem in sorted(stems)
        }


def report_claims(rows: list[dict[str, Any]], texts: dict[str, FullText], *, show: bool) -> None:
    """Print, by kind, how many claims were marked."""
    given: Counter[tuple[bool, str]] = Counter()
    marked: Counter[tuple[bool, str]] = Counter()
    reasons: Counter[str] = Counter()
    papers: dict[str, Searchable] = {}
    start = time.process_time()
    for row in sorted(rows, key=lambda row: row["paper"]):
        if row["paper"] not in papers:
            text = texts[row["paper"]]
            papers[row["paper"]] = Searchable(text, abstract_of(text) or "")
        found = judge(Claim(row["claim"], row["quote"]), papers[row["paper"]])
        key = (row["true"], row["kind"])
        given[key] += 1
        marked[key] += found.marked
        reasons[str(found.reason)] += not row["true"]
        if show and found.marked != row["true"]:
            print(f"{row['paper']} {row['kind']} ({found.reason})\n  {row['claim']}\n  {row['quote']}\n")
    spent = time.process_time() - start
    print(f"{'kind':<24}{'claims':>7}{'marked':>8}")
    for true, kind in sorted(given, reverse=True):
        print(f"{kind:<20}{'true' if true else '':<4}{given[true, kind]:>7}{marked[true, kind]:>8}")
    for true, name in ((True, "true"), (False, "false")):
        whole = sum(count for key, count in given.items() if key[0] is true)
        part = sum(count for key, count in marked.items() if key[0] is true)
        print(f"{name} claims marked: {part} of {whole} ({100 * part / max(whole, 1):.1f} %)")
    print("reasons given for false claims:", dict(reasons.most_common()))
    print(f"processor time for one claim: {1000 * spent / max(len(rows), 1):.2f} ms")


def report_quotes(texts: dict[str, FullText]) -> None:
    """Print how many true quotes are found without what they may leave out, and how many references."""
    for name, pattern in LEFT_OUT.items():
        found = total = 0
        for text in texts.values():
            paper = Searchable(text, abstract_of(text) or "")
            for quote in _shortened(text, pattern):
                total += 1
                found += bool(find(quote, paper))
        print(f"true quotes without {name} found: {found} of {total}")
    found = total = 0
    for text in texts.values():
        paper = Searchable(text, abstract_of(text) or "")
        for entry in _references(text):
            total += 1
            found += bool(find(entry, paper))
    print(f"entries of reference lists found: {found} of {total}")


def _shortened(text: FullText, pattern: re.Pattern[str]) -> Iterator[str]:
    sentences = [sentence for section in text.sections for sentence in split_sentences(section.text)]
    fitting = [one.strip() for one in sentences if pattern.search(one) and 60 < len(one) < 400]
    return (pattern.sub("", sentence) for sentence in fitting[:25])


def _references(text: FullText) -> Iterator[str]:
    pages = "\n".join(text.pages)
    heading = re.search(r"(?mi)^[\d. ]*(?:references|bibliography)\s*$", pages)
    if heading:
        entries = re.split(r"\n(?=\[\d+\]|\d+\.\s[A-Z])", pages[heading.end() :])
        for entry in entries[1:21]:
            words = entry.replace("-\n", "").split()
            yield " ".join(words[1:40])


if __name__ == "__main__":
    main()
