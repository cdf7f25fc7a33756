"""One paper, at most two calls a build, and only what passes the gate."""

import json
from typing import Any

import pytest

from mkdocs_paperdigest.errors import ModelError
from mkdocs_paperdigest.models import Omission, Usage
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.fields import ABSTRACT_FIELDS, ALL_FIELDS
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError
from tests.conftest import PAPER
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Reply, honest_answer, text
from tests.summaries.conftest import BODY, NOW, ONE_CALL, Summarize, changed, complaints

UNQUOTED = "The authors propose a gate that judges every generated field before publication."
TWO_CALLS = Usage(200, 100, 2)


def test_a_good_answer_is_one_call(ask: Summarize, fake: FakeGemini) -> None:
    made = ask()
    assert made.summary
    assert made.summary in PAPER.abstract
    assert len(made.takeaways) >= 3
    assert all(claim.verified for claim in made.claims)
    assert made.relevance == 8
    assert (made.model, made.basis, made.attempts) == ("gemini/gemini-3.5-flash-lite", "abstract", 1)
    assert (made.usage, made.extracted, made.made_at) == (ONE_CALL, (), NOW)
    assert len(fake.calls) == 1


def test_only_the_abstract_can_answer_no_more_than_it_knows(ask: Summarize, fake: FakeGemini) -> None:
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
    assert made.omissions == (
        Omission("background", ReasonCode.NOT_GIVEN),
        Omission("prior_work", ReasonCode.NOT_GIVEN),
    )
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
    assert made.omissions == (Omission("results", ReasonCode.PLACEHOLDER),)
    assert made.approach is not None
    assert len(fake.calls) == 2


def test_a_summary_that_fails_again_comes_from_the_abstract(ask: Summarize, fake: FakeGemini) -> None:
    fake.default = changed(summary="xxx", takeaways=[])
    made = ask()
    assert made.extracted == ("summary", "takeaways")
    assert made.summary
    assert made.takeaways
    assert {omission.field for omission in made.omissions} == {"summary", "takeaways"}
    assert made.model == "gemini/gemini-3.5-flash-lite"


def test_quotes_that_are_not_in_the_paper_are_asked_for_again(ask: Summarize, fake: FakeGemini) -> None:
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


def test_a_model_that_gives_no_quotes_is_not_asked_again_for_them(ask: Summarize, fake: FakeGemini) -> None:
    fake.default = lambda call: without_quotes(honest_answer(call))
    made = ask()
    assert len(made.claims) > 3
    assert not any(claim.verified for claim in made.claims)
    assert len(fake.calls) == 1


def without_quotes(answer: dict[str, Any]) -> Reply:
    """An answer whose claims have no quotes."""
    for value in answer.values():
        for claim in value if isinstance(value, list) else [value]:
            if isinstance(claim, dict):
                claim["quote"] = ""
    return text(json.dumps(answer))


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


def test_complete_fields_of_a_cut_answer_are_kept(ask: Summarize, fake: FakeGemini) -> None:
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
    assert Omission("summary", ReasonCode.RECITATION) in made.omissions
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    "fault", ["503", "429", "reset", "not_json", "400", "429_daily", "bad_key", "404", "429_forever"]
)
def test_trouble_with_the_service_is_not_taken_for_an_answer(
    ask: Summarize, fake: FakeGemini, fault: str
) -> None:
    fake.default = fault
    with pytest.raises(ModelError):
        ask()


@pytest.mark.parametrize("fault", ["429_daily", "bad_key", "404"])
def test_a_hopeless_failure_costs_one_call(ask: Summarize, fake: FakeGemini, fault: str) -> None:
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
    assert made.omissions == (Omission("results", ReasonCode.PLACEHOLDER),)


def test_nothing_good_and_then_trouble_is_trouble(ask: Summarize, fake: FakeGemini) -> None:
    fake.script("bad_json", "429_daily")
    with pytest.raises(ModelError):
        ask()
