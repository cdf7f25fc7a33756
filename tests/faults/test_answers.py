"""Whatever an answer of a model holds, its paper stays, each call is counted, and calls come to an end."""

import gc
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.llm.calls import MOST_TOKENS, without_key
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply, honest_answer
from tests.faults.conftest import KEY, Time
from tests.runs import make_digests

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
DAYS = 6
HUGE = "9" * 400
USAGE = '"usage": {"prompt_tokens": 7, "completion_tokens": 5}'
GEMINI_USAGE = '"usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 5, "totalTokenCount": 12}'


def body(call: Call, said: str, usage: str = "", more: str = "") -> Reply:
    """A whole answer with this text, in the words of the endpoint that was asked."""
    text = json.dumps(said)
    if call.openai:
        choices = f'"choices": [{{"message": {{"content": {text}}}, "finish_reason": "stop"{more}}}]'
        return Reply(f"{{{choices}, {usage or USAGE}}}".encode())
    part = f'"content": {{"role": "model", "parts": [{{"text": {text}}}]}}, "finishReason": "STOP"{more}'
    return Reply(f'{{"candidates": [{{{part}}}], {usage or GEMINI_USAGE}}}'.encode())


def answer(call: Call, **fields: str) -> str:
    """An honest answer in which fields have other values, given as JSON."""
    values = {name: json.dumps(value) for name, value in honest_answer(call).items()}
    return "{" + ", ".join(f'"{name}": {value}' for name, value in (values | fields).items()) + "}"


def usage(count: str) -> Callable[[Call], Reply]:
    def reply(call: Call) -> Reply:
        names = (
            ("prompt_tokens", "completion_tokens")
            if call.openai
            else ("promptTokenCount", "candidatesTokenCount")
        )
        counts = ", ".join(f'"{name}": {count}' for name in names)
        return body(call, answer(call), f'"{"usage" if call.openai else "usageMetadata"}": {{{counts}}}')

    return reply


ODD: dict[str, Callable[[Call], Reply]] = {
    "a score of 400 digits": lambda call: body(call, answer(call, relevance=HUGE)),
    "a negative score of 400 digits": lambda call: body(call, answer(call, relevance=f"-{HUGE}")),
    "a score of 5000 digits": lambda call: body(call, answer(call, relevance="9" * 5000)),
    "a score of 400 digits in words": lambda call: body(call, answer(call, relevance=f'"{HUGE}"')),
    "an infinite score": lambda call: body(call, answer(call, relevance="1e999")),
    "no number for a score": lambda call: body(call, answer(call, relevance="NaN")),
    "infinity": lambda call: body(call, answer(call, relevance="-Infinity")),
    "nesting in a score": lambda call: body(call, answer(call, relevance="[" * 100_000)),
    "nesting in the answer": lambda call: body(call, "[" * 1_000_000),
    "objects in objects": lambda call: body(call, '{"summary":' * 50_000),
    "lone surrogates": lambda call: body(
        call, answer(call, summary='"A gate \\ud800 judges fields \\udfff of text."')
    ),
    "nulls and controls": lambda call: body(
        call, answer(call, summary='"\\u0000\\u001b[31m A gate judges text."')
    ),
    "numbers for texts": lambda call: body(
        call, answer(call, summary=HUGE, takeaways=HUGE, background="1e999")
    ),
    "lists for texts": lambda call: body(
        call, answer(call, summary="[[[]]]", takeaways="[[], {}, 1]", keywords="{}")
    ),
    "a body of brackets": lambda _: Reply(b"[" * 2_000_000),
    "a body of objects": lambda _: Reply(b'{"a":' * 400_000),
    "brackets beside the answer": lambda call: body(call, answer(call), more=', "index": ' + "[" * 100_000),
    "odd numbers beside the answer": lambda call: body(
        call, answer(call), more=f', "index": {HUGE}, "x": NaN'
    ),
}
COUNTS = [
    "-5",
    "1000000000000000000",
    HUGE,
    "9" * 5000,
    '"7"',
    "true",
    "NaN",
    "1e999",
    "[]",
    "{}",
    "null",
    "1.5",
]


@pytest.fixture(params=["openai", "gemini"])
def asking(request: pytest.FixtureRequest, options: Options, gemini: FakeGemini) -> Options:
    one = replace(
        options, max_new_papers=1, topics=(replace(options.topics[0], ids=("2410.00001",), phrases=()),)
    )
    if request.param == "openai":
        return one
    return replace(one, model="gemini/gemini-3.5-flash-lite", model_url=gemini.url)


def build(options: Options, day: int) -> tuple[bool, Usage]:
    """Whether the paper is shown with its text read and a summary of some kind, and what the build has spent."""
    store = Store(options.cache_dir / "store")
    try:
        keys = {"OPENAI_API_KEY": KEY, "GEMINI_API_KEY": KEY}
        done = make_digests(options, store, now=NOW + day * timedelta(days=1), environ=keys)
        assert store.problems() == []
    finally:
        store.close()
    assert done.failed == 0
    (entry,) = done.digests[0].entries
    read = entry.document is not None and entry.document.source == "html"
    return read and entry.summary is not None and bool(entry.summary.summary), done.usage


@pytest.fixture(autouse=True)
def no_finalizers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing that other tests have left is collected at the depth where nesting ends a parser: it would fail there."""
    nested = "nesting" in request.node.name or "objects in objects" in request.node.name
    if nested:
        gc.collect()
        gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer_costs_no_paper_and_comes_to_an_end(
    odd: str, asking: Options, gemini: FakeGemini, passing: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mkdocs")
    gemini.default = ODD[odd]
    calls = []
    for day in range(DAYS):
        passing.sleep(86_400)
        before = len(gemini.calls)
        shown, spent = build(asking, day)
        calls.append(len(gemini.calls) - before)
        assert shown
        assert spent.calls == calls[-1]
    assert calls[0] >= 1
    assert calls[-1] == 0, "a question is not asked again for ever"
    assert {record.levelname for record in caplog.records} <= {"INFO"}


@pytest.mark.parametrize("count", COUNTS)
def test_absurd_counts_are_not_believed(count: str, asking: Options, gemini: FakeGemini) -> None:
    gemini.default = usage(count)
    shown, spent = build(asking, 0)
    assert shown
    assert spent.calls == len(gemini.calls) >= 1
    assert (spent.input_tokens, spent.output_tokens) == (0, 0)


def test_the_largest_count_is_beyond_every_model() -> None:
    assert MOST_TOKENS >= 10_000_000


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-********wxyz.",
        "Illegal header value b'AIzaSyDUMMY\\n456789abcdefNOTAKEY'",
        "key AIzaSyDUMMY%0A456789abcdefNOTAKEY was refused",
        '{"key": "AIzaSyDUMMY\\u000a456789ABCDEFnotakey"}',
        "the key that begins with AIzaSyDUMMY",
        "the key that ends with defNOTAKEY",
    ],
)
def test_parts_of_keys_are_hidden(text: str) -> None:
    key = "AIzaSyDUMMY\n456789abcdefNOTAKEY" if "sk-" not in text else "sk-proj-abcdefghijklmnopqrstuvwxyz"
    said = without_key(text, key).lower()
    parts = {key[start : start + 8].lower() for start in range(len(key) - 7)} - {"sk-proj-"}
    assert [part for part in parts if part in said] == []
    assert "wxyz" not in said


def test_words_beside_a_key_stay() -> None:
    assert without_key(
        "HTTP 400: API key not valid. Please pass a valid API key.", "AIzaSyDUMMY0123456789"
    ) == ("HTTP 400: API key not valid. Please pass a valid API key.")
