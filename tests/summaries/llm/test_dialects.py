"""The servers that people have, each in its own dialect: what they refuse, and that the paper is summarized all the same."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.models import Document, FullText, Omission, Section, Summary
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.llm.model import SMALL_TEXT_BUDGET, Model
from mkdocs_paperdigest.summaries.llm.openai import OpenAI
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from mkdocs_paperdigest.summaries.prompts.excerpt import is_cut
from mkdocs_paperdigest.summaries.summarize import summarize
from tests.conftest import PAPER
from tests.fakes.dialects import DIALECTS, Dialect, DialectServer, old_vllm, ollama
from tests.summaries.conftest import BODY, NOW, TOPIC

SENTENCES = " ".join(
    f"The gate compares number {k} of the paper with its text in room {k % 7}." for k in range(600)
)
LONG = FullText((Section("1 Introduction", SENTENCES), Section("2 Method", SENTENCES)))
FOUND = "We propose a gate that judges every generated field before it is published."

each_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
reports_in_200 = pytest.mark.parametrize(
    "dialect", [one for one in DIALECTS if one.inside_200], ids=lambda dialect: dialect.name
)


def model_of(server: DialectServer) -> Model:
    provider = OpenAI("m", url=server.url, key=None, timeout_s=60)
    return Model("openai/m", provider, text_budget=SMALL_TEXT_BUDGET, sleep=lambda _: None)


def summarized(
    model: Model, folder: Path, text: FullText = BODY, number: int = 1, previous: Summary | None = None
) -> Summary:
    paper = replace(PAPER, id=f"2410.1378{number}")
    options = Options((TOPIC,), cache_dir=folder, language="en")
    return summarize(paper, Document("pdf"), text, TOPIC, options, model, now=NOW, previous=previous)


def asked(server: DialectServer, name: str) -> list[Any]:
    return [call.get(name) for call in server.calls]


@each_dialect
def test_a_good_answer(dialect: Dialect, tmp_path: Path) -> None:
    with DialectServer(dialect) as server:
        made = summarized(model_of(server), tmp_path)
    assert made.summary == FOUND
    assert (made.basis, made.excerpt, made.extracted) == ("pdf", False, ())
    assert len(server.calls) == (2 if dialect.most_answer and dialect.most_answer[0] < 8_192 else 1)
    assert set(asked(server, "stream")) == {False}
    assert made.usage.input_tokens > 100
    assert made.usage.calls == len(server.calls)


@each_dialect
def test_a_context_with_little_room_for_the_answer(dialect: Dialect, tmp_path: Path) -> None:
    with DialectServer(dialect, context=4_096) as server:
        model = model_of(server)
        first = summarized(model, tmp_path)
        calls = len(server.calls)
        second = summarized(model, tmp_path, number=2)
    assert first.summary == second.summary == FOUND
    assert not first.excerpt
    assert calls <= 3
    assert len(server.calls) == calls + 1, "what fits is remembered"
    assert server.answers[-1][0] == 200


@each_dialect
def test_a_context_that_is_too_small_for_the_paper(
    dialect: Dialect, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with DialectServer(dialect, context=5_120) as server, caplog.at_level(logging.INFO, logger="mkdocs"):
        model = model_of(server)
        made = summarized(model, tmp_path, LONG)
        calls = len(server.calls)
        summarized(model, tmp_path, LONG, number=2)
    assert made.summary == FOUND
    assert (made.basis, made.excerpt) == ("pdf", True)
    assert "affiliation" not in [
        omission.field for omission in made.omissions if omission.reason == "too_long"
    ]
    assert calls <= 5
    assert len(server.calls) == calls + 1, "what fits is remembered"
    sent = sum(len(message["content"]) for message in server.calls[-1]["messages"]) // 4
    assert 1_400 < sent < 5_120
    assert [message for message in caplog.messages if "OLLAMA_CONTEXT_LENGTH" in message] == caplog.messages
    assert len(caplog.messages) == 1


@each_dialect
def test_a_context_that_is_too_small_for_any_text(dialect: Dialect, tmp_path: Path) -> None:
    # DashScope counts the question alone, and so needs less for the same text.
    with DialectServer(dialect, context=1_000 if dialect.name == "Qwen" else 2_048) as server:
        made = summarized(model_of(server), tmp_path, LONG)
    assert made.summary == FOUND
    assert (made.basis, made.excerpt) == ("abstract", False)
    lost = {omission.field: omission.reason for omission in made.omissions}
    assert lost["workload"] == "too_long", "a later build asks for it again"


@each_dialect
def test_formats_that_are_not_known(dialect: Dialect, tmp_path: Path) -> None:
    with DialectServer(dialect, refuses_formats=True) as server:
        model = model_of(server)
        made = summarized(model, tmp_path)
        calls = len(server.calls)
        summarized(model, tmp_path, number=2)
    assert made.summary == FOUND
    kinds = [(kind or {}).get("type") for kind in asked(server, "response_format")]
    expected = None if "json_object" in dialect.refused_formats else "json_object"
    assert kinds[0] == "json_schema"
    assert kinds[calls - 1 :] == [expected, expected], "what works is remembered"
    assert calls <= 4
    assert "follows this schema" in server.calls[-1]["messages"][0]["content"]


@each_dialect
def test_a_failure_that_passes(dialect: Dialect, tmp_path: Path) -> None:
    with DialectServer(dialect, failures=(dialect.transient,)) as server:
        made = summarized(model_of(server), tmp_path)
    assert (made.summary, made.extracted) == (FOUND, ())
    assert len(server.calls) <= 3


@reports_in_200
def test_a_failure_inside_a_200(dialect: Dialect, tmp_path: Path) -> None:
    with DialectServer(dialect, failures=((200, dialect.inside_200),)) as server:
        made = summarized(model_of(server), tmp_path)
    assert (made.summary, made.extracted) == (FOUND, ())
    assert len(server.calls) <= 3


@reports_in_200
def test_a_failure_that_lasts_is_not_the_papers(
    dialect: Dialect, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    failures = ((200, dialect.inside_200),) * 20
    caplog.set_level(logging.INFO, logger="mkdocs")
    with DialectServer(dialect, failures=failures) as server, pytest.raises(ModelCallError) as caught:
        summarized(model_of(server), tmp_path)
    assert caught.value.outcome in (Outcome.OVERLOADED, Outcome.GARBLED)
    assert len(server.calls) == 4
    assert len(caplog.messages) == 1
    assert caplog.messages[0].endswith("asked again in the next build")


@each_dialect
def test_a_path_without_its_version_is_asked_once(
    dialect: Dialect, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with DialectServer(dialect) as server, caplog.at_level(logging.INFO, logger="mkdocs"):
        model = Model("openai/m", OpenAI("m", url=server.root, key=None, timeout_s=60), sleep=lambda _: None)
        for number in (1, 2):
            with pytest.raises(ModelCallError, match="it usually ends in /v1"):
                summarized(model, tmp_path, number=number)
    assert len(server.calls) == 1
    assert len(caplog.messages) == 1


def test_a_longer_context_is_used_by_a_later_build(tmp_path: Path) -> None:
    with DialectServer(ollama(), context=2_048) as server:
        first = summarized(model_of(server), tmp_path, LONG)
        # Nothing is left to ask about the abstract, so the second build asks once and then keeps what there is.
        second = summarized(model_of(server), tmp_path, LONG, previous=first)
        calls = len(server.calls)
        server.context = 1_000_000
        third = summarized(model_of(server), tmp_path, LONG, previous=second)
    assert (first.basis, second.basis, third.basis) == ("abstract", "abstract", "pdf")
    assert second.workload is None
    assert third.workload is not None
    assert third.summary == first.summary
    assert len(server.calls) == calls + 1


def test_a_shorter_context_takes_nothing_away(tmp_path: Path) -> None:
    with DialectServer(old_vllm()) as server:
        first = summarized(model_of(server), tmp_path)
        first = replace(first, workload=None, omissions=(Omission("workload", ReasonCode.NUMBERS),))
        server.context = 200
        second = summarized(model_of(server), tmp_path, previous=first)
    assert (second.basis, second.summary, second.background) == ("pdf", first.summary, first.background)


def test_a_cut_question_is_noticed_by_its_count_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with DialectServer(ollama(), context=4_096) as server, caplog.at_level(logging.INFO, logger="mkdocs"):
        made = summarized(model_of(server), tmp_path, LONG)
    assert caplog.messages[0].startswith("model openai/m: the server read 2,050 of about 6,")
    assert made.usage.calls == 2, "the answer to half a question is paid for"
    assert is_cut(LONG, SMALL_TEXT_BUDGET)
