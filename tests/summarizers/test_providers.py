"""Each provider against an endpoint that fails in every way we know of."""

import importlib.util
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.settings import Settings
from mkdocs_paperdigest.summarizers.answer import ALL_FIELDS, schema
from mkdocs_paperdigest.summarizers.calls import Prompt, Provider
from mkdocs_paperdigest.summarizers.decode import decode
from mkdocs_paperdigest.summarizers.gemini import Gemini
from mkdocs_paperdigest.summarizers.model import open_model
from mkdocs_paperdigest.summarizers.openai import OpenAI
from mkdocs_paperdigest.summarizers.outcomes import ModelCallError, Outcome
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS, Reply, error, honest_answer, text

KEY = "AIzaSy-not-a-real-key-0123456789"
PROMPT = Prompt(
    "Keep the rules.", "Abstract: One. Two. Three.", schema(ALL_FIELDS), "Keep the rules.", 2_000
)
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


@pytest.fixture
def fake() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def provider(name: str, fake: FakeGemini) -> Provider:
    return opened(name, fake)


def opened(name: str, fake: FakeGemini, *, timeout_s: float = 10.0, key: str = KEY) -> Provider:
    model = "gemini-3.5-flash-lite"
    if name == "openai":
        return OpenAI(model, url=fake.openai_url, key=key, timeout_s=timeout_s)
    if name == "gemini":
        return Gemini(model, url=fake.url, key=key, timeout_s=timeout_s)
    from mkdocs_paperdigest.summarizers.generativeai import GenerativeAI

    return GenerativeAI(model, url=fake.url, key=key, timeout_s=timeout_s)


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
    "413": Outcome.BAD_REQUEST,
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
    # OpenAI's format has one reason for whatever was filtered.
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
    provider = opened(name, fake, timeout_s=0.3 if fault in ("hang", "drip") else 10.0)
    started = time.monotonic()
    with pytest.raises(ModelCallError) as caught:
        provider.ask(PROMPT)
    assert caught.value.outcome is SAID_OTHERWISE.get((name, fault), OUTCOMES[fault])
    assert len(fake.calls) == (2 if (name, fault) == ("openai", "400") else 1)
    assert time.monotonic() - started < 5
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in f"{told} {caught.value!r} {caplog.text}"


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
    provider = opened(name, fake, timeout_s=1.0)
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


def test_a_local_endpoint_needs_no_key(fake: FakeGemini) -> None:
    opened("openai", fake, key="").ask(PROMPT)
    assert "authorization" not in fake.calls[0].headers


def test_openai_itself_is_not_asked_without_a_key() -> None:
    with pytest.raises(ModelCallError, match="OPENAI_API_KEY"):
        OpenAI("gpt-9", url=None, key=None, timeout_s=1).ask(PROMPT)


def test_passwords_of_netrc_are_not_sent(
    fake: FakeGemini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(netrc))
    opened("openai", fake, key="").ask(PROMPT)
    opened("openai", fake).ask(PROMPT)
    assert [call.headers.get("authorization") for call in fake.calls] == [None, f"Bearer {KEY}"]


def test_an_endpoint_without_schemas_is_asked_for_plain_json(fake: FakeGemini) -> None:
    def answer(call: Any) -> Reply:
        if call.body["response_format"]["type"] == "json_schema":
            return error(400, "INVALID_ARGUMENT", "unknown response_format")
        return text('{"summary": "It works."}')

    fake.default = answer
    provider = opened("openai", fake)
    assert provider.ask(PROMPT).text == '{"summary": "It works."}'
    provider.ask(PROMPT)
    kinds = [call.body["response_format"]["type"] for call in fake.calls]
    assert kinds == ["json_schema", "json_object", "json_object"]
    assert '"takeaways"' in fake.calls[-1].system


def test_strict_schemas_are_closed(fake: FakeGemini) -> None:
    opened("openai", fake).ask(PROMPT)
    wanted = fake.calls[0].body["response_format"]["json_schema"]
    claim = wanted["schema"]["properties"]["background"]["anyOf"][0]
    assert wanted["strict"] is True
    assert wanted["schema"]["additionalProperties"] is False
    assert claim["additionalProperties"] is False


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": {"message": "upstream is overloaded"}}',
        b'{"error": "upstream is overloaded"}',
    ],
)
def test_an_error_that_claims_to_be_a_success_is_an_error(fake: FakeGemini, body: bytes) -> None:
    fake.default = Reply(body)
    with pytest.raises(ModelCallError) as caught:
        opened("openai", fake).ask(PROMPT)
    assert caught.value.outcome is Outcome.OVERLOADED


@pytest.mark.parametrize("body", [b"404 page not found", b'{"detail": "Not Found"}'])
def test_a_base_url_without_its_version_is_suspected(fake: FakeGemini, body: bytes) -> None:
    fake.default = Reply(body, 404)
    with pytest.raises(ModelCallError, match="usually ends in /v1"):
        opened("openai", fake).ask(PROMPT)


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
    Gemini(model, url=fake.url, key=KEY, timeout_s=5).ask(PROMPT)
    sent = fake.calls[0].body["generationConfig"].get("thinkingConfig")
    assert _snake(sent) == _snake(thinking)


def _snake(config: dict[str, object] | None) -> dict[str, object] | None:
    # Versions of the SDK differ in the spelling; the service takes both.
    return config and {key.replace("_", "").lower(): value for key, value in config.items()}


def test_a_connection_serves_more_than_one_call(fake: FakeGemini) -> None:
    provider = Gemini("gemini-3.5-flash-lite", url=fake.url, key=KEY, timeout_s=5)
    for _ in range(3):
        provider.ask(PROMPT)
    assert len(fake.connections) == 1


def settings(tmp_path: Path, **options: Any) -> Settings:
    return replace(Settings((), tmp_path), **options)


@pytest.mark.parametrize("value", ["none", "extractive"])
def test_no_model_is_opened_where_none_is_wanted(tmp_path: Path, value: str) -> None:
    assert open_model(settings(tmp_path, model=value), {"GEMINI_API_KEY": KEY}) is None


def test_a_provider_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="mistral/large"):
        open_model(settings(tmp_path, model="mistral/large"), {})


def test_an_extra_that_is_not_installed(tmp_path: Path) -> None:
    if importlib.util.find_spec("google.generativeai"):
        pytest.skip("the extra google-generativeai is installed")
    with pytest.raises(ConfigurationError, match=r"pip install mkdocs-paperdigest\[google-gen"):
        open_model(settings(tmp_path, model="google-generativeai/x"), {})


def test_each_provider_gets_its_own_key(tmp_path: Path, fake: FakeGemini) -> None:
    environ = {"GOOGLE_API_KEY": "g", "OPENAI_API_KEY": "o"}
    for model, url, key in (
        ("gemini/gemini-3.5-flash-lite", fake.url, "g"),
        ("openai/llama", fake.openai_url, "o"),
    ):
        opened_model = open_model(settings(tmp_path, model=model, model_url=url), environ)
        assert opened_model is not None
        opened_model.ask(PROMPT)
        assert fake.calls[-1].key == key
        assert opened_model.name == model


def test_a_model_of_ones_own_gets_less_to_read(tmp_path: Path) -> None:
    theirs = open_model(settings(tmp_path, model="openai/gpt-9"), {})
    own = open_model(settings(tmp_path, model="openai/llama", model_url="http://gpu:8000/v1"), {})
    assert theirs is not None
    assert own is not None
    assert theirs.text_budget > own.text_budget


def test_no_more_calls_at_once_than_allowed(tmp_path: Path, fake: FakeGemini) -> None:
    options = settings(
        tmp_path, model="openai/llama", model_url=fake.openai_url, model_concurrency=2
    )
    model = open_model(options, {})
    assert model is not None
    threads = [threading.Thread(target=model.ask, args=(PROMPT,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.calls) == 12
    assert fake.most_at_once <= 2
