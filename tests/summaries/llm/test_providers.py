"""Each provider against an endpoint that fails in every known way."""

import importlib.util
import logging
import threading
import time
import traceback
from collections.abc import Callable

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.answer.decode import decode
from mkdocs_paperdigest.summaries.answer.fields import ALL_FIELDS
from mkdocs_paperdigest.summaries.llm.calls import Provider
from mkdocs_paperdigest.summaries.llm.gemini import Gemini
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS, honest_answer
from tests.summaries.conftest import KEY, PROMPT, opened

NAMES = [
    "gemini",
    "openai",
    pytest.param(
        "google-generativeai",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("google.generativeai") is None,
            reason="the extra google-generativeai is not installed",
        ),
    ),
]
Open = Callable[..., Provider]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def provider(name: str, fake: FakeGemini) -> Provider:
    return opened(name, fake)


def test_an_answer_arrives(name: str, provider: Provider, fake: FakeGemini) -> None:
    reply = provider.ask(PROMPT)
    decoded = decode(reply.text, ALL_FIELDS)
    assert decoded.fields == honest_answer(fake.calls[0])
    assert (reply.usage, reply.truncated) == (Usage(100, 50, 1), False)


def test_what_is_asked(name: str, provider: Provider, fake: FakeGemini) -> None:
    provider.ask(PROMPT)
    call = fake.calls[0]
    assert call.system == "Keep the rules."
    assert call.prompt == "Abstract: One. Two. Three."
    assert call.model == "gemini-3.5-flash-lite"
    assert call.key == KEY
    assert set(call.fields) == set(ALL_FIELDS)


OUTCOMES = {
    "safety": Outcome.BLOCKED,
    "recitation": Outcome.RECITATION,
    "other": Outcome.BLOCKED,
    "language": Outcome.BLOCKED,
    "prohibited": Outcome.BLOCKED,
    "malformed": Outcome.MALFORMED,
    "max_tokens_empty": Outcome.TRUNCATED,
    "blocked": Outcome.BLOCKED,
    "no_candidates": Outcome.EMPTY,
    "empty_candidates": Outcome.EMPTY,
    "no_parts": Outcome.EMPTY,
    "429": Outcome.RATE_LIMITED,
    "429_long": Outcome.RATE_LIMITED,
    "429_forever": Outcome.RATE_LIMITED,
    "429_daily": Outcome.DAILY_QUOTA,
    "429_zero": Outcome.DAILY_QUOTA,
    "429_bare": Outcome.RATE_LIMITED,
    "429_header": Outcome.RATE_LIMITED,
    "bad_key": Outcome.AUTH,
    "no_key": Outcome.AUTH,
    "401": Outcome.AUTH,
    "403": Outcome.AUTH,
    "404": Outcome.MODEL_NOT_FOUND,
    "400": Outcome.BAD_REQUEST,
    "413": Outcome.TOO_LONG,
    "redirect": Outcome.BAD_REQUEST,
    "500": Outcome.OVERLOADED,
    "502": Outcome.OVERLOADED,
    "503": Outcome.OVERLOADED,
    "504": Outcome.TIMEOUT,
    "hang": Outcome.TIMEOUT,
    "drip": Outcome.TIMEOUT,
    "reset": Outcome.NETWORK,
    "reset_mid": Outcome.NETWORK,
    "truncate_wire": Outcome.NETWORK,
    "truncate_json": Outcome.GARBLED,
    "empty_body": Outcome.GARBLED,
    "not_json": Outcome.GARBLED,
    "in_a_list": Outcome.DAILY_QUOTA,
}
SAID_OTHERWISE = {
    # OpenAI's format has the same reason for everything that was filtered.
    ("openai", "recitation"): Outcome.BLOCKED,
    ("openai", "malformed"): Outcome.BLOCKED,
    ("openai", "no_candidates"): Outcome.BLOCKED,
    ("openai", "empty_candidates"): Outcome.BLOCKED,
    # The older SDK knows neither newer finish reasons nor errors in a list.
    ("google-generativeai", "malformed"): Outcome.EMPTY,
    ("google-generativeai", "in_a_list"): Outcome.GARBLED,
}


def test_every_fault_is_expected() -> None:
    answers = {"max_tokens", "bad_json", "wrong_shape", "fenced", "thoughts"}
    assert set(OUTCOMES) | answers == set(FAULTS)


@pytest.mark.parametrize("fault", OUTCOMES)
def test_faults(name: str, fault: str, fake: FakeGemini, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake.default = fault
    provider = opened(name, fake, timeout_s=0.3 if fault in ("hang", "drip") else 60.0)
    started = time.monotonic()
    with pytest.raises(ModelCallError) as caught:
        provider.ask(PROMPT)
    assert caught.value.outcome is SAID_OTHERWISE.get((name, fault), OUTCOMES[fault])
    # A refusal without a reason may mean the schema, `response_format` altogether, or the number of tokens.
    assert len(fake.calls) == (4 if (name, fault) == ("openai", "400") else 1)
    assert time.monotonic() - started < 30
    trace = "".join(traceback.format_exception(caught.value))
    assert KEY not in f"{trace} {caught.value!r} {caplog.text}"


def test_an_answer_cut_off_by_the_model_says_so(provider: Provider, fake: FakeGemini) -> None:
    fake.script("max_tokens")
    assert provider.ask(PROMPT).truncated


def test_thoughts_are_no_answer(provider: Provider, fake: FakeGemini) -> None:
    fake.script("thoughts")
    decoded = decode(provider.ask(PROMPT).text, ALL_FIELDS)
    assert decoded.fields == honest_answer(fake.calls[0])


def test_no_thread_keeps_a_process_alive_after_the_time_limit(name: str, fake: FakeGemini) -> None:
    fake.script("hang")
    with pytest.raises(ModelCallError):
        opened(name, fake, timeout_s=0.2).ask(PROMPT)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "model call")


def test_one_slow_call_ends_no_other(name: str, fake: FakeGemini) -> None:
    provider = opened(name, fake, timeout_s=5.0)
    provider.ask(PROMPT)
    fake.script("drip")

    def ask_in_vain() -> None:
        with pytest.raises(ModelCallError):
            provider.ask(PROMPT)

    slow = threading.Thread(target=ask_in_vain)
    slow.start()
    while len(fake.calls) < 2:
        time.sleep(0.01)
    while slow.is_alive():
        assert provider.ask(PROMPT).text
    slow.join()


def test_without_a_key_nothing_is_sent_to_google(name: str, fake: FakeGemini) -> None:
    if name == "openai":
        pytest.skip("a local endpoint needs no key")
    with pytest.raises(ModelCallError, match="set GEMINI_API_KEY") as caught:
        opened(name, fake, key="").ask(PROMPT)
    assert caught.value.outcome is Outcome.AUTH
    assert not fake.calls


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("gemini-3.5-flash-lite", {"thinking_level": "MINIMAL"}),
        ("gemini-3.8-flash", {"thinking_level": "LOW"}),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}),
        ("gemma-4-31b-it", None),
    ],
)
def test_models_think_as_little_as_they_can(
    fake: FakeGemini, model: str, thinking: dict[str, object] | None
) -> None:
    Gemini(model, url=fake.url, key=KEY, timeout_s=60).ask(PROMPT)
    sent = fake.calls[0].body["generationConfig"].get("thinkingConfig")
    assert _snake(sent) == _snake(thinking)


def _snake(config: dict[str, object] | None) -> dict[str, object] | None:
    # Versions of the SDK differ in the spelling; the service takes both.
    return config and {key.replace("_", "").lower(): value for key, value in config.items()}


def test_a_connection_serves_more_than_one_call(fake: FakeGemini) -> None:
    provider = Gemini("gemini-3.5-flash-lite", url=fake.url, key=KEY, timeout_s=60)
    for _ in range(3):
        provider.ask(PROMPT)
    assert len(fake.connections) == 1
