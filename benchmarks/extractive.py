"""Measures the extractive summarizer against the usual baselines on a split of SciTLDR.

    pip install rouge-score sumy
    python benchmarks/extractive.py SPLIT.jsonl

A line of SPLIT.jsonl has `title`, `source` (the abstract's sentences) and `target` (summaries written by people). The score is
rouge-score's F1 with stemming, the best over the targets, in percent, mean over papers. Every method gets the same abstract as
one string; ours gets the title too, as it does on a digest page. Baselines whose package is missing are skipped by name.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rouge_score import rouge_scorer

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.summaries.extract.extract import summarize_abstract
from mkdocs_paperdigest.summaries.extract.words import stems
from mkdocs_paperdigest.summaries.sentences import split_sentences

KINDS = ("rouge1", "rouge2", "rougeL")
DAY = datetime(2020, 1, 1, tzinfo=UTC)

Method = Callable[[Paper], str]


@dataclass(frozen=True)
class Case:
    """A paper and what people say of it in one sentence."""

    paper: Paper
    targets: tuple[str, ...]


def load(path: Path) -> list[Case]:
    """The papers of one split."""
    cases = []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        record = json.loads(line)
        abstract = " ".join(" ".join(record["source"]).split())
        paper = Paper(str(at), 1, record["title"] or "", (), abstract, DAY, DAY)
        cases.append(Case(paper, tuple(record["target"])))
    return cases


def ours(paper: Paper) -> str:
    """What the plugin shows."""
    return summarize_abstract(paper, now=DAY).summary or ""


def lead(paper: Paper) -> str:
    """The first sentence."""
    return split_sentences(paper.abstract)[0]


def first_we(paper: Paper) -> str:
    """The first sentence that says what the authors do."""
    sentences = split_sentences(paper.abstract)
    return next((text for text in sentences if " we " in f" {text.lower()} "), sentences[0])


def sumy_methods() -> dict[str, Method]:
    """LexRank and TextRank of sumy with our sentence splitter; raises ImportError without sumy."""
    from sumy.nlp.stemmers import Stemmer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer
    from sumy.utils import get_stop_words

    class Tokenizer:
        """sumy's own needs data files from the network."""

        def to_sentences(self, text: str) -> tuple[str, ...]:
            return tuple(piece.strip() for piece in split_sentences(text))

        def to_words(self, text: str) -> tuple[str, ...]:
            return stems(text)

    def method(kind: type) -> Method:
        summarizer = kind(Stemmer("english"))
        summarizer.stop_words = get_stop_words("english")

        def summarize(paper: Paper) -> str:
            document = PlaintextParser.from_string(paper.abstract, Tokenizer()).document
            return " ".join(str(sentence) for sentence in summarizer(document, 1))

        return summarize

    return {"LexRank (sumy)": method(LexRankSummarizer), "TextRank (sumy)": method(TextRankSummarizer)}


def measure(cases: list[Case], method: Method) -> tuple[list[float], float]:
    """Mean best F1 of each kind in percent, and milliseconds of processor time a paper."""
    scorer = rouge_scorer.RougeScorer(KINDS, use_stemmer=True)
    method(cases[0].paper)  # what is loaded once is not a paper's time
    begin = time.process_time()
    texts = [method(case.paper) for case in cases]
    elapsed = time.process_time() - begin
    totals = [0.0] * len(KINDS)
    for case, text in zip(cases, texts, strict=True):
        scores = [scorer.score(target, text) for target in case.targets]
        for at, kind in enumerate(KINDS):
            totals[at] += max(score[kind].fmeasure for score in scores)
    return [100 * total / len(cases) for total in totals], 1000 * elapsed / len(cases)


def main() -> None:
    """Print one line a method."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("split", type=Path)
    cases = load(parser.parse_args().split)
    methods: dict[str, Method] = {"extractive (ours)": ours, "lead-1": lead, "first 'we'": first_we}
    try:
        methods |= sumy_methods()
    except ImportError as error:
        print(f"skipped: LexRank and TextRank of sumy ({error})")
    print(f"{len(cases)} papers        ROUGE-1 ROUGE-2 ROUGE-L  ms/paper")
    for name, method in methods.items():
        scores, milliseconds = measure(cases, method)
        print(f"{name:18}" + "".join(f"{score:8.2f}" for score in scores) + f"{milliseconds:10.2f}")


if __name__ == "__main__":
    main()
