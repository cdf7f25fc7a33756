"""What holds for every answer, however strange."""

import time
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Answer, Claim, FullText, Paper
from mkdocs_paperdigest.summaries.evidence import Searchable, verify
from mkdocs_paperdigest.summaries.gate.judge import check

PAPER = Paper(
    id="2403.01234",
    version=1,
    title="FoldNet: Origami Priors",
    authors=("Mira Halvorsen",),
    abstract="We fold 12 shirts with FoldNet.",
    published=datetime(2024, 3, 2, tzinfo=UTC),
    updated=datetime(2024, 3, 9, tzinfo=UTC),
)
FULL = FullText(pages=("We fold 12 shirts with FoldNet.", "It takes 3.5 seconds."))

WORDS = st.sampled_from(
    [
        "xxx",
        "以上总结",
        "希望",
        "您",
        "。",
        "！",
        "\n",
        "1.",
        "7.",
        "(",
        "（",
        "）",
        "[",
        "FoldNet",
        "GAN",
        "12",
        "99.5%",
        "https://a.example/b",
        "2402.09999",
        "可能使用",
        "根据摘要推测",
        "I",
        "hope",
        "this",
        "helps.",
        "抱歉，",
        "None",
        "中文翻译：",
        "作者：李明、",
        "“",
        "”",
        '"',
        "折叠布料的方法",
        "the",
        "of",
        "and",
        "\u200b",
        "\x00",
        "ﬁ",
    ]
)
TEXT = st.one_of(
    st.text(max_size=200),
    st.lists(WORDS, max_size=30).map(" ".join),
    st.lists(WORDS, max_size=30).map("".join),
)
CLAIM = TEXT.map(Claim)
MAYBE = st.none() | CLAIM
ANSWERS = st.builds(
    Answer,
    summary=st.none() | TEXT,
    takeaways=st.lists(CLAIM, max_size=9).map(tuple),
    title_translation=st.none() | TEXT,
    keywords=st.lists(TEXT, max_size=10).map(tuple),
    affiliation=st.none() | TEXT,
    background=MAYBE,
    results=MAYBE,
    methods=st.lists(CLAIM, max_size=9).map(tuple),
    significance=MAYBE,
    performance=MAYBE,
    relevance=st.none() | st.integers(-3, 20),
)


def texts(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [text for item in value for text in texts(item)]
    if isinstance(value, Claim):
        return [value.text]
    return [value] if isinstance(value, str) else []


@settings(max_examples=150)
@given(ANSWERS, st.sampled_from(["zh", "en", "de", "ja", "tlh"]), st.sampled_from([None, FULL]))
def test_whatever_passes_is_a_part_of_what_was_given(
    answer: Answer, language: str, text: FullText | None
) -> None:
    verdict = check(answer, paper=PAPER, text=text, language=language)
    failed = {omission.field for omission in verdict.failed}
    for field in fields(answer):
        given_texts = texts(getattr(answer, field.name))
        kept = texts(getattr(verdict.passed, field.name))
        assert all(any(text in whole for whole in given_texts) for text in kept)
        assert not (kept and field.name in failed)
        assert not given_texts or kept or field.name in failed


@settings(max_examples=60)
@given(ANSWERS)
def test_the_same_answer_gets_the_same_verdict(answer: Answer) -> None:
    first = check(answer, paper=PAPER, text=FULL, language="zh")
    assert check(answer, paper=PAPER, text=FULL, language="zh") == first


@settings(max_examples=60)
@given(ANSWERS)
@example(Answer(performance=Claim("。 可能使用")))
def test_what_has_passed_passes_again(answer: Answer) -> None:
    passed = check(answer, paper=PAPER, text=FULL, language="zh").passed
    again = check(passed, paper=PAPER, text=FULL, language="zh")
    assert {omission.field for omission in again.failed} <= {"takeaways", "methods"}


@settings(max_examples=100)
@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.text(max_size=300), max_size=3))
def test_evidence_takes_any_text(claim: str, quote: str, pages: list[str]) -> None:
    checked = verify(Claim(claim, quote), Searchable(FullText(pages=tuple(pages)), "An abstract."))
    assert (checked.text, checked.quote) == (claim, quote)
    assert not (checked.verified and len(quote) < 5)


@pytest.mark.parametrize(
    "piece",
    [
        "由于无法访问论文",
        "（请根据",
        "(((((",
        "a b ",
        "以上以上",
        "1. ",
        "请",
        "抱歉",
        "x",
        "I hope ",
        "《",
        "。",
        "“",
        "根据摘要",
        "9",
        "9.9",
        "1,000",
    ],
)
def test_a_runaway_answer_takes_no_time(piece: str) -> None:
    runaway = piece * (11_000 // len(piece))
    answer = Answer(summary=runaway, results=Claim(runaway), methods=(Claim(runaway * 50),))
    start = time.process_time()
    verdict = check(answer, paper=PAPER, text=FULL, language="zh")
    assert verdict.passed == Answer()
    # Generous: a search that backtracks takes minutes.
    assert time.process_time() - start < 2


def test_a_quote_is_searched_in_a_long_paper_in_no_time() -> None:
    paper = Searchable(
        FullText(pages=tuple(f"Page {n} folds shirts and trousers of size {n}. " * 80 for n in range(40)))
    )
    start = time.process_time()
    for n in range(50):
        verify(Claim("x", f"folds socks and jumpers of many sizes {n} and of all colours" * 4), paper)
    assert time.process_time() - start < 5
