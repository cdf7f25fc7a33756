"""Sentences of overviews, right ones and wrong ones of every kind, against the checks."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from mkdocs_paperdigest.models import OverviewSentence, Paper
from mkdocs_paperdigest.summaries.overview.check import MOST_SENTENCES, fault, supported
from mkdocs_paperdigest.summaries.overview.sources import Source

DAY = datetime(2024, 11, 20, tzinfo=UTC)
PAPER = Paper("2411.00001", 1, "A title", ("A. Author",), "An abstract.", DAY, DAY)
NEVER = ("no_paper", "off_page", "number", "name", "silent_comparison")
"""Kinds of which none is ever published."""
SELDOM = ("entity", "direction", "overclaim")


@cache
def cases() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted(Path(__file__).parent.glob("cases*.yml")):
        pages = yaml.safe_load(file.read_text("utf-8"))
        found |= {f"{file.stem} {language}": page for language, page in pages.items()}
    return found


def sources(page: dict[str, Any]) -> dict[str, Source]:
    return {
        name: Source(name, paper["title"], tuple(paper["statements"]), tuple(paper["keywords"]))
        for name, paper in page["papers"].items()
    }


def judged(kind: str) -> list[tuple[str, bool]]:
    """Each sentence of a kind, and whether it would be published."""
    found = []
    for name, page in cases().items():
        known, language = sources(page), name.split()[1]
        for case in page["right"] if kind == "right" else page["wrong"].get(kind, ()):
            sentence = OverviewSentence(case["text"], tuple(case["papers"]))
            found.append((case["text"], fault(sentence, known, language=language, paper=PAPER) is None))
    return found


def test_there_are_enough_cases_of_each_kind() -> None:
    wrong = Counter({kind: len(judged(kind)) for kind in (*NEVER, *SELDOM)})
    assert wrong.total() >= 40
    assert min(wrong.values()) >= 5
    assert len(judged("right")) >= 40


@pytest.mark.parametrize("kind", NEVER)
def test_none_of_these_is_ever_published(kind: str) -> None:
    assert [text for text, published in judged(kind) if published] == []


@pytest.mark.parametrize("kind", SELDOM)
def test_few_of_these_are_published(kind: str) -> None:
    found = judged(kind)
    wrong = [text for text, published in found if published]
    assert len(wrong) <= 0.15 * len(found), wrong


def test_right_ones_are_kept() -> None:
    found = judged("right")
    lost = [text for text, published in found if not published]
    assert len(lost) <= 0.05 * len(found), lost


def test_five_sentences_at_most_and_none_twice() -> None:
    page = cases()["cases en"]
    right = [OverviewSentence(case["text"], tuple(case["papers"])) for case in page["right"]]
    kept = supported([right[0], right[0], *right], sources(page), language="en", paper=PAPER)
    assert len(kept) == MOST_SENTENCES
    assert kept[:2] == (right[0], right[1])


@pytest.mark.parametrize(
    "text",
    [
        "As an AI language model, I cannot compare FlowTalk with other work.",
        "FlowTalk runs at 42 frames per second; see https://flowtalk.example/demo.",
        "FlowTalk 在一块 RTX 4090 上速度为每秒 42 帧。",
        "Here is the overview that you asked for: FlowTalk runs at 42 frames per second.",
        "FlowTalk runs at XX frames per second.",
        "FlowTalk runs at 42 frames per second and " * 20,
        "",
    ],
)
def test_the_form_is_judged_as_that_of_summaries(text: str) -> None:
    known = sources(cases()["cases en"])
    assert fault(OverviewSentence(text, ("A",)), known, language="en", paper=PAPER) is not None


def test_a_paper_without_statements_supports_nothing() -> None:
    known = sources(cases()["cases en"]) | {"X": Source("X", "FlowTalk: Again", ())}
    sentence = OverviewSentence("FlowTalk generates talking heads.", ("X",))
    assert fault(sentence, known, language="en", paper=PAPER) is not None
