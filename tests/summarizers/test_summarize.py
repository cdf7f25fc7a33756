"""One paper, at most two calls a build, and only what passes the gate."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.errors import ModelError
from mkdocs_paperdigest.models import Claim, Document, FullText, Omission, Section, Summary, Usage
from mkdocs_paperdigest.settings import Settings, Topic
from mkdocs_paperdigest.summarizers import NOT_GIVEN
from mkdocs_paperdigest.summarizers.answer import ABSTRACT_FIELDS, ALL_FIELDS
from mkdocs_paperdigest.summarizers.gemini import Gemini
from mkdocs_paperdigest.summarizers.model import Model
from mkdocs_paperdigest.summarizers.outcomes import ModelCallError, Outcome
from mkdocs_paperdigest.summarizers.summarize import score_relevance, summarize
from tests.conftest import PAPER
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply, error, honest_answer, text

KEY = "AIzaSy-not-a-real-key-0123456789"
TOPIC = Topic("Text quality", "text-quality", "Defects of generated text.")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BODY = FullText(
    (
        Section("1 Introduction", "Readers of generated text notice its defects too late."),
        Section("2 Method", "The gate reads every field. It compares each number with the paper."),
    )
)
UNQUOTED = "The authors propose a gate that judges every generated field before publication."
NOTHING = FullText()
ONE_CALL = Usage(100, 50, 1)
TWO_CALLS = Usage(200, 100, 2)


@pytest.fixture
def fake() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


@pytest.fixture
def model(fake: FakeGemini) -> Model:
    provider = Gemini("gemini-3.5-flash-lite", url=fake.url, key=KEY, timeout_s=10)
    return Model("gemini/gemini-3.5-flash-lite", provider, sleep=lambda _: None)


Summarize = Callable[..., Summary]


@pytest.fixture
def ask(model: Model, tmp_path: Path) -> Summarize:
    def run(
        body: FullText = NOTHING,
        *,
        language: str = "en",
        now: datetime = NOW,
        previous: Summary | None = None,
        abstract: str = PAPER.abstract,
    ) -> Summary:
        settings = Settings((TOPIC,), tmp_path, language=language)
        paper = replace(PAPER, abstract=abstract)
        document = Document("pdf" if body.sections else "abstract")
        return summarize(paper, document, body, TOPIC, settings, model, now=now, previous=previous)

    return run


def changed(**values: Any) -> Callable[[Call], Reply]:
    """An honest answer with some fields replaced, or left out where None stands for `missing`."""

    def answer(call: Call) -> Reply:
        fields = honest_answer(call) | {k: v for k, v in values.items() if k in call.fields}
        return text(json.dumps({k: v for k, v in fields.items() if v != "missing"}))

    return answer


def complaints(call: Call) -> str:
    return call.prompt.partition("<paper>")[0]


def test_a_good_answer_is_one_call(ask: Summarize, fake: FakeGemini) -> None:
    made = ask()
    assert made.summary
    assert made.summary in PAPER.abstract
    assert len(made.takeaways) >= 3
    assert all(claim.verified for claim in made.claims)
    assert made.relevance == 8
    assert (made.model, made.basis, made.attempts) == (
        "gemini/gemini-3.5-flash-lite",
        "abstract",
        1,
    )
    assert (made.usage, made.extracted, made.made_at) == (ONE_CALL, (), NOW)
    assert len(fake.calls) == 1


def test_only_the_abstract_can_answer_no_more_than_it_knows(
    ask: Summarize, fake: FakeGemini
) -> None:
    ask()
    ask(BODY)
    assert set(fake.calls[0].fields) == set(ABSTRACT_FIELDS) - {"title_translation"}
    assert set(fake.calls[1].fields) == set(ALL_FIELDS) - {"title_translation"}
    assert "It compares each number" in fake.calls[1].prompt


def test_the_text_that_was_read_is_named(ask: Summarize) -> None:
    assert ask(BODY).basis == "pdf"


def test_what_the_paper_does_not_say_is_no_failure(ask: Summarize, fake: FakeGemini) -> None:
    fake.default = changed(prior_work=None, background=None)
    made = ask()
    assert made.omissions == (Omission("background", NOT_GIVEN), Omission("prior_work", NOT_GIVEN))
    assert len(fake.calls) == 1


def test_a_field_that_fails_is_asked_for_once_more(ask: Summarize, fake: FakeGemini) -> None:
    fake.script(changed(summary="xxx", keywords="missing"))
    made = ask()
    assert fake.calls[1].fields == ["summary", "keywords"]
    assert "summary: a part of it was left to be filled in." in complaints(fake.calls[1])
    assert "keywords: it was missing." in complaints(fake.calls[1])
    assert made.summary
    assert made.summary in PAPER.abstract
    assert made.omissions == ()
    assert made.usage == TWO_CALLS


def test_what_fails_again_is_left_out_with_its_reason(ask: Summarize, fake: FakeGemini) -> None:
    bad = {"text": "xxx", "quote": ""}
    fake.default = changed(results=bad)
    made = ask()
    assert made.results is None
    assert made.omissions == (Omission("results", "placeholder"),)
    assert made.approach is not None
    assert len(fake.calls) == 2


def test_a_summary_that_fails_again_comes_from_the_abstract(
    ask: Summarize, fake: FakeGemini
) -> None:
    fake.default = changed(summary="xxx", takeaways=[])
    made = ask()
    assert made.extracted == ("summary", "takeaways")
    assert made.summary
    assert made.takeaways
    assert {omission.field for omission in made.omissions} == {"summary", "takeaways"}
    assert made.model == "gemini/gemini-3.5-flash-lite"


def test_quotes_that_are_not_in_the_paper_are_asked_for_again(
    ask: Summarize, fake: FakeGemini
) -> None:
    claim = {"text": UNQUOTED, "quote": "It was never written."}
    fake.script(changed(approach=claim))
    made = ask()
    assert fake.calls[1].fields == ["approach"]
    assert "a quote was not found" in complaints(fake.calls[1])
    assert made.approach is not None
    assert made.approach.verified


def test_a_claim_without_its_quote_stays_without_a_mark(ask: Summarize, fake: FakeGemini) -> None:
    claim = {"text": UNQUOTED, "quote": "It was never written."}
    fake.default = changed(approach=claim)
    made = ask()
    assert made.approach is not None
    assert made.approach.text == claim["text"]
    assert not made.approach.verified
    assert made.omissions == ()
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("bad_json", "cut off"),
        ("wrong_shape", "did not follow the schema"),
        ("malformed", "malformed"),
        ("recitation", "use your own words"),
        ("max_tokens_empty", "cut off"),
    ],
)
def test_an_answer_without_any_use_is_asked_for_again(
    ask: Summarize, fake: FakeGemini, fault: str, complaint: str
) -> None:
    fake.script(fault)
    made = ask()
    assert complaint in complaints(fake.calls[1])
    assert fake.calls[1].fields == fake.calls[0].fields
    assert made.summary
    assert (made.omissions, made.extracted, made.usage.calls) == ((), (), 2)


def test_what_was_complete_of_a_cut_answer_is_kept(ask: Summarize, fake: FakeGemini) -> None:
    fake.script("max_tokens")
    made = ask()
    assert fake.calls[1].fields == ["results", "relevance"]
    first, second = (call.body["generationConfig"]["maxOutputTokens"] for call in fake.calls)
    assert second == 2 * first
    assert made.omissions == ()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("safety", "blocked"),
        ("blocked", "blocked"),
        ("prohibited", "blocked"),
        ("no_candidates", "empty"),
        ("no_parts", "empty"),
    ],
)
def test_a_model_that_will_not_speak_leaves_an_extract_that_says_so(
    ask: Summarize, fake: FakeGemini, fault: str, reason: str
) -> None:
    fake.default = fault
    made = ask()
    assert made.model == "extractive"
    assert made.summary
    assert Omission("summary", reason) in made.omissions
    assert {omission.reason for omission in made.omissions} == {reason}
    assert len(fake.calls) == 1


def test_recitation_twice_is_final(ask: Summarize, fake: FakeGemini) -> None:
    fake.default = "recitation"
    made = ask()
    assert made.model == "extractive"
    assert Omission("summary", "recitation") in made.omissions
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    "fault",
    ["503", "429", "reset", "not_json", "400", "429_daily", "bad_key", "404", "429_forever"],
)
def test_trouble_of_the_world_is_not_taken_for_an_answer(
    ask: Summarize, fake: FakeGemini, fault: str
) -> None:
    fake.default = fault
    with pytest.raises(ModelError):
        ask()


@pytest.mark.parametrize("fault", ["429_daily", "bad_key", "404"])
def test_a_lost_cause_costs_one_call_a_build(ask: Summarize, fake: FakeGemini, fault: str) -> None:
    fake.script(fault)
    for _ in range(3):
        with pytest.raises(ModelCallError):
            ask()
    assert len(fake.calls) == 1


def test_passing_trouble_passes(ask: Summarize, fake: FakeGemini) -> None:
    fake.script("503", "429", "reset")
    made = ask()
    assert made.omissions == ()
    assert [call.status for call in fake.calls] == [503, 429, 200, 200]


def test_a_failed_second_call_does_not_lose_the_first(ask: Summarize, fake: FakeGemini) -> None:
    fake.script(changed(results={"text": "xxx", "quote": ""}), "429_daily")
    made = ask()
    assert made.summary
    assert made.omissions == (Omission("results", "placeholder"),)


def test_nothing_good_and_then_trouble_is_trouble(ask: Summarize, fake: FakeGemini) -> None:
    fake.script("bad_json", "429_daily")
    with pytest.raises(ModelError):
        ask()


def test_a_later_build_asks_for_what_is_missing_alone(ask: Summarize, fake: FakeGemini) -> None:
    bad = {"text": "xxx", "quote": ""}
    fake.default = changed(results=bad, summary="xxx", prior_work=None)
    first = ask()
    fake.default = changed(approach={"text": "The gate is another one.", "quote": ""})
    second = ask(now=LATER, previous=first)
    assert fake.calls[2].fields == ["summary", "results"]
    assert (second.attempts, second.made_at, second.usage) == (2, LATER, ONE_CALL)
    assert second.approach == first.approach
    assert second.takeaways == first.takeaways
    assert second.summary
    assert second.results is not None
    assert second.extracted == ()
    assert second.omissions == (Omission("prior_work", NOT_GIVEN),)


def test_a_paper_that_fits_not_at_all_keeps_its_score(ask: Summarize, fake: FakeGemini) -> None:
    fake.default = changed(relevance=0, results={"text": "xxx", "quote": ""})
    first = ask()
    assert first.relevance == 0
    assert ask(now=LATER, previous=first).relevance == 0


def test_what_the_paper_does_not_say_is_never_asked_again(ask: Summarize, fake: FakeGemini) -> None:
    fake.default = changed(prior_work=None)
    first = ask()
    assert ask(now=LATER, previous=first).omissions == first.omissions
    assert len(fake.calls) == 1


def test_after_an_extract_everything_is_asked_again(ask: Summarize, fake: FakeGemini) -> None:
    fake.script("safety")
    second = ask(now=LATER, previous=ask())
    assert (second.model, second.attempts) == ("gemini/gemini-3.5-flash-lite", 2)
    assert second.omissions == ()


def test_where_nothing_was_read_nobody_is_asked(ask: Summarize, fake: FakeGemini) -> None:
    made = ask(abstract="")
    assert made.summary is None
    assert made.model == "extractive"
    assert not fake.calls


def test_an_answer_in_the_wrong_language_is_not_shown(ask: Summarize, fake: FakeGemini) -> None:
    made = ask(language="zh")
    assert (
        "- summary, takeaways, background, prior_work, approach, results: it was in the wrong"
        in complaints(fake.calls[1])
    )
    assert Omission("summary", "language") in made.omissions
    assert made.extracted == ("summary", "takeaways")


def test_a_chinese_answer_keeps_its_english_quotes(ask: Summarize, fake: FakeGemini) -> None:
    said = "本文提出一种门控方法，在发布之前逐项检查生成的文本字段，避免缺陷被读者看到。"
    quote = "We propose a gate that judges every generated field before it is published."
    fake.default = changed(approach={"text": said, "quote": quote}, title_translation="文本之门")
    made = ask(language="zh")
    assert made.approach == Claim(said, quote, None, verified=True)
    assert "title_translation" in fake.calls[0].fields


def test_a_text_too_long_for_the_model_is_shortened(
    ask: Summarize, model: Model, fake: FakeGemini
) -> None:
    def small(call: Call) -> Reply:
        if len(call.prompt) > 12_000:
            return error(400, "INVALID_ARGUMENT", "The maximum context length is 4096 tokens.")
        return changed()(call)

    fake.default = small
    sentences = "".join(f"The gate compares number {k} with the paper. " for k in range(2_000))
    body = FullText((Section("1 Introduction", sentences), Section("2 Method", sentences)))
    assert ask(body).summary
    assert [call.status for call in fake.calls] == [400, 400, 400, 200]
    assert model.text_budget == 7_500


def test_relevance_alone_is_a_small_question(
    model: Model, fake: FakeGemini, tmp_path: Path
) -> None:
    settings = Settings((TOPIC,), tmp_path)
    assert score_relevance(PAPER, TOPIC, settings, model) == (8, ONE_CALL)
    assert fake.calls[0].fields == ["relevance"]
    assert str(TOPIC.description) in fake.calls[0].prompt


def test_no_relevance_is_an_error(model: Model, fake: FakeGemini, tmp_path: Path) -> None:
    fake.default = changed(relevance="high")
    with pytest.raises(ModelCallError) as caught:
        score_relevance(PAPER, TOPIC, Settings((TOPIC,), tmp_path), model)
    assert caught.value.outcome is Outcome.BAD_SHAPE
    assert len(fake.calls) == 2


def test_the_key_is_in_no_log(
    ask: Summarize, fake: FakeGemini, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.script("503", changed(summary="xxx"), "401")
    assert KEY not in repr(ask())
    with pytest.raises(ModelError):
        ask()
    assert KEY not in caplog.text
