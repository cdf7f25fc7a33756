"""Each provider against an endpoint that fails in every known way."""

import logging
import threading
import time
import traceback
from collections.abc import Callable

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.answer.decode import decode
from mkdocs_paperdigest.summaries.answer.fields import ALL_FIELDS
from mkdocs_paperdigest.summaries.batches.gemini import request
from mkdocs_paperdigest.summaries.llm.calls import Provider
from mkdocs_paperdigest.summaries.llm.gemini import Gemini, question
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS, Reply, honest_answer
from tests.summaries.conftest import KEY, OLDER_SDK, PROMPT, opened

NAMES = ["gemini", "openai", OLDER_SDK]
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
    assert name == "google-generativeai" or call.headers["user-agent"].startswith("mkdocs-paperdigest/")


def test_the_body_is_the_one_that_the_sdk_sent(fake: FakeGemini) -> None:
    """google-genai 3.6.1, but for `thinking_budget`: the service takes both spellings."""
    Gemini("gemini-2.5-flash", url=f"{fake.url}/", key=KEY, timeout_s=60.2).ask(PROMPT)
    (call,) = fake.calls
    assert call.path == "/v1beta/models/gemini-2.5-flash:generateContent"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["x-server-timeout"] == "61"
    assert call.body == {
        "contents": [{"role": "user", "parts": [{"text": "Abstract: One. Two. Three."}]}],
        "systemInstruction": {"role": "user", "parts": [{"text": "Keep the rules."}]},
        "generationConfig": {
            "maxOutputTokens": 2_000,
            "responseMimeType": "application/json",
            "responseJsonSchema": PROMPT.schema,
            "thinkingConfig": {"thinkingBudget": 0},
        },
    }


def test_a_batch_asks_the_same_as_a_call() -> None:
    asked = question(PROMPT, "gemini-3.8-flash")
    batched = request(PROMPT, "gemini-3.8-flash", "k1")
    schema = batched["generationConfig"]["responseJsonSchema"]
    assert schema["properties"].pop("request")["enum"] == ["k1"]
    assert schema["required"].pop(0) == "request"
    assert batched == asked


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("models/gemini-2.5-flash", "models/gemini-2.5-flash"),
        ("tunedModels/ours-12", "tunedModels/ours-12"),
        ("models/", "models/models%2F"),
        ("some/name:tag", "models/some%2Fname%3Atag"),
        ("../../files", "models/..%2F..%2Ffiles"),
        ("models/../../files", "models/..%2F..%2Ffiles"),
        ("..", "models/.."),
        ("a?key=b&c#d", "models/a%3Fkey%3Db%26c%23d"),
        ("@evil.test/x", "models/%40evil.test%2Fx"),
        ("a%2Fb\r\n\\", "models/a%252Fb%0D%0A%5C"),
        ("模型", "models/%E6%A8%A1%E5%9E%8B"),
    ],
)
def test_no_name_of_a_model_leads_elsewhere(fake: FakeGemini, model: str, path: str) -> None:
    Gemini(model, url=fake.url, key=KEY, timeout_s=60).ask(PROMPT)
    assert fake.calls[0].path == f"/v1beta/{path}:generateContent"


@pytest.mark.parametrize("target", ["http://[", "/elsewhere", "\xff://"])
def test_no_redirect_is_followed_wherever_it_leads(fake: FakeGemini, target: str) -> None:
    fake.default = Reply(b"", 302, {"Location": target})
    with pytest.raises(ModelCallError) as caught:
        Gemini("gemini-3.5-flash-lite", url=fake.url, key=KEY, timeout_s=60).ask(PROMPT)
    assert (caught.value.outcome, len(fake.calls)) == (Outcome.BAD_REQUEST, 1)


def test_an_error_in_a_whole_answer_is_known(fake: FakeGemini) -> None:
    fake.default = Reply(b'{"error": {"code": 401, "message": "Who are you?"}}')
    with pytest.raises(ModelCallError) as caught:
        Gemini("gemini-3.5-flash-lite", url=fake.url, key=KEY, timeout_s=60).ask(PROMPT)
    assert (caught.value.outcome, caught.value.usage.calls) == (Outcome.AUTH, 1)


def test_a_gateway_gets_the_password_of_its_address_and_the_key(fake: FakeGemini) -> None:
    url = fake.url.replace("http://", "http://me:p%40w@")
    Gemini("gemini-3.5-flash-lite", url=url, key=KEY, timeout_s=60).ask(PROMPT)
    assert fake.calls[0].headers["authorization"] == "Basic bWU6cEB3"
    assert fake.calls[0].headers["x-goog-api-key"] == KEY


@pytest.mark.parametrize("fault", ["finishReason", "blockReason"])
def test_a_key_in_the_words_of_an_answer_is_hidden(fake: FakeGemini, fault: str) -> None:
    answers = {
        "finishReason": {"candidates": [{"finishReason": KEY}]},
        "blockReason": {"promptFeedback": {"blockReason": KEY}},
    }
    fake.default = Reply(answers[fault])
    with pytest.raises(ModelCallError, match=r"\[key\]") as caught:
        opened("gemini", fake).ask(PROMPT)
    assert KEY not in "".join(traceback.format_exception(caught.value))


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
    # The older SDK does not know newer finish reasons.
    ("google-generativeai", "malformed"): Outcome.EMPTY,
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
        ("gemini-3.5-flash-lite", {"thinkingLevel": "MINIMAL"}),
        ("gemini-3.8-flash", {"thinkingLevel": "LOW"}),
        ("gemini-flash-latest", {"thinkingLevel": "LOW"}),
        ("models/gemini-2.5-flash", {"thinkingBudget": 0}),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}),
        ("gemma-4-31b-it", None),
    ],
)
def test_models_think_as_little_as_they_can(
    fake: FakeGemini, model: str, thinking: dict[str, object] | None
) -> None:
    Gemini(model, url=fake.url, key=KEY, timeout_s=60).ask(PROMPT)
    assert fake.calls[0].body["generationConfig"].get("thinkingConfig") == thinking


def test_a_connection_serves_more_than_one_call(fake: FakeGemini) -> None:
    provider = Gemini("gemini-3.5-flash-lite", url=fake.url, key=KEY, timeout_s=60)
    for _ in range(3):
        provider.ask(PROMPT)
    assert len(fake.connections) == 1
