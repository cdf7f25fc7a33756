"""Which fields a later build asks for again; other languages, long texts, and relevance alone."""

import logging
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import ModelError
from mkdocs_paperdigest.models import Claim, FullText, Omission, Section
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.llm.model import Model
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from mkdocs_paperdigest.summaries.summarize import score_relevance
from tests.conftest import PAPER
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply, error
from tests.summaries.conftest import KEY, LATER, ONE_CALL, TOPIC, Summarize, changed, complaints


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
    assert second.omissions == (Omission("prior_work", ReasonCode.NOT_GIVEN),)


def test_a_relevance_of_zero_is_kept(ask: Summarize, fake: FakeGemini) -> None:
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


def test_without_any_text_no_model_is_asked(ask: Summarize, fake: FakeGemini) -> None:
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
    assert Omission("summary", ReasonCode.LANGUAGE) in made.omissions
    assert made.extracted == ("summary", "takeaways")


def test_a_chinese_answer_keeps_its_english_quotes(ask: Summarize, fake: FakeGemini) -> None:
    said = "本文提出一种门控方法，在发布之前逐项检查生成的文本字段，避免缺陷被读者看到。"
    quote = "We propose a gate that judges every generated field before it is published."
    fake.default = changed(approach={"text": said, "quote": quote}, title_translation="文本之门")
    made = ask(language="zh")
    assert made.approach == Claim(said, quote, None, verified=True)
    assert "title_translation" in fake.calls[0].fields


def test_a_text_too_long_for_the_model_is_shortened(ask: Summarize, model: Model, fake: FakeGemini) -> None:
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


def test_relevance_alone_is_a_small_question(model: Model, fake: FakeGemini, tmp_path: Path) -> None:
    options = Options((TOPIC,), cache_dir=tmp_path)
    assert score_relevance(PAPER, TOPIC, options, model) == (8, ONE_CALL)
    assert fake.calls[0].fields == ["relevance"]
    assert str(TOPIC.description) in fake.calls[0].prompt


def test_no_relevance_is_an_error(model: Model, fake: FakeGemini, tmp_path: Path) -> None:
    fake.default = changed(relevance="high")
    with pytest.raises(ModelCallError) as caught:
        score_relevance(PAPER, TOPIC, Options((TOPIC,), cache_dir=tmp_path), model)
    assert caught.value.outcome is Outcome.BAD_SHAPE
    assert len(fake.calls) == 2


def test_the_key_is_in_no_log(ask: Summarize, fake: FakeGemini, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake.script("503", changed(summary="xxx"), "401")
    assert KEY not in repr(ask())
    with pytest.raises(ModelError):
        ask()
    assert KEY not in caplog.text
