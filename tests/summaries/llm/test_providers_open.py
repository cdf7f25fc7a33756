"""OpenAI-compatible endpoints of all kinds, and which provider the options open."""

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.files import installed_versions
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.summaries.llm.model import open_model
from mkdocs_paperdigest.summaries.llm.openai import OpenAI
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Reply, error, text
from tests.summaries.conftest import KEY, PROMPT, opened


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


def refusing(*words: tuple[str, str], status: int = 400) -> Any:
    """An endpoint that says a word to each request whose JSON has a certain part."""

    def answer(call: Any) -> Reply | str:
        sent = json.dumps(call.body)
        said = next((said for part, said in words if part in sent), None)
        return error(status, "INVALID_ARGUMENT", said) if said else text('{"summary": "It works."}')

    return answer


@pytest.mark.parametrize(
    ("part", "said", "status"),
    [
        ('"response_format"', "Unsupported response_format type", 400),
        ('"response_format"', "No endpoints found that can handle the requested parameters.", 404),
        ('"response_format"', "extra fields not permitted", 422),
        ('"response_format"', "failed to compile grammar", 500),
        ('"json_schema"', "guided decoding is not available", 501),
        ('"max_tokens"', "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", 400),
        ('"max_tokens"', "Unrecognized request argument supplied: max_tokens", 400),
        ('"max_tokens"', "Argument nicht erlaubt", 400),
        ('"role": "system"', "System role not supported", 500),
        ('"role": "system"', "Developer instruction is not enabled for models/gemma-3", 400),
        ('"role": "system"', "Conversation roles must alternate user/assistant", 400),
    ],
)
def test_what_is_refused_is_left_out_and_the_rest_of_the_build_knows(
    fake: FakeGemini, part: str, said: str, status: int
) -> None:
    fake.default = refusing((part, said), status=status)
    provider = opened("openai", fake)
    assert provider.ask(PROMPT).text == '{"summary": "It works."}'
    refused = len(fake.calls) - 1
    assert 1 <= refused <= 3
    assert provider.ask(PROMPT).usage.calls == 1
    assert part not in json.dumps(fake.calls[-1].body)
    assert "Keep the rules." in json.dumps(fake.calls[-1].body["messages"])


def test_thinking_is_switched_off_where_it_cannot_be(fake: FakeGemini) -> None:
    said = "parameter.enable_thinking must be set to false for non-streaming calls"

    def answer(call: Any) -> Reply | str:
        allowed = call.body.get("enable_thinking") is False
        return text('{"summary": "It works."}') if allowed else error(400, "invalid_parameter_error", said)

    fake.default = answer
    assert opened("openai", fake).ask(PROMPT).text
    assert len(fake.calls) == 2


def test_a_bare_500_is_answered_with_a_simpler_question_next_time(fake: FakeGemini) -> None:
    fake.script("500", "500")
    provider = opened("openai", fake)
    for _ in range(2):
        with pytest.raises(ModelCallError):
            provider.ask(PROMPT)
    assert provider.ask(PROMPT).text
    kinds = [call.body.get("response_format", {}).get("type") for call in fake.calls]
    assert kinds == ["json_schema", "json_object", None]


def test_a_500_after_an_answer_is_no_doubt_about_schemas(fake: FakeGemini) -> None:
    provider = opened("openai", fake)
    provider.ask(PROMPT)
    fake.script("500")
    with pytest.raises(ModelCallError):
        provider.ask(PROMPT)
    provider.ask(PROMPT)
    assert {call.body["response_format"]["type"] for call in fake.calls} == {"json_schema"}


def test_keys_are_not_in_what_is_kept_of_an_error(fake: FakeGemini) -> None:
    fake.default = "401"
    with pytest.raises(ModelCallError) as caught:
        opened("openai", fake).ask(PROMPT)
    assert KEY not in caught.value.body


def test_strict_schemas_are_closed(fake: FakeGemini) -> None:
    opened("openai", fake).ask(PROMPT)
    wanted = fake.calls[0].body["response_format"]["json_schema"]
    claim = wanted["schema"]["properties"]["background"]["anyOf"][0]
    assert wanted["strict"] is True
    assert wanted["schema"]["additionalProperties"] is False
    assert claim["additionalProperties"] is False


@pytest.mark.parametrize(
    "body", [b'{"error": {"message": "upstream is overloaded"}}', b'{"error": "upstream is overloaded"}']
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


@pytest.mark.parametrize("provider", ["gemini", "openai", "google-generativeai"])
@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, b"404 page not found", Outcome.WRONG_PATH),
        (404, b'{"detail": "Not Found"}', Outcome.WRONG_PATH),
        (404, b"<title>Not here</title>", Outcome.WRONG_PATH),
        (404, b"", Outcome.WRONG_PATH),
        (404, b"<p>The requested URL <code>/v1beta/v1beta/models/x:generateContent</code> was not found.", Outcome.WRONG_PATH),
        (404, b'{"status": 404, "error": "Not Found", "path": "/v1/models/x:generateContent"}', Outcome.WRONG_PATH),
        (405, b'{"error": {"message": "Method Not Allowed"}}', Outcome.WRONG_PATH),
        (404, b'{"error": {"code": 404, "message": "models/x is not found for API version v1beta"}}', Outcome.MODEL_NOT_FOUND),
        (404, b'{"error": {"code": 404, "message": "Requested entity was not found."}}', Outcome.MODEL_NOT_FOUND),
        (404, b'{"error": {"code": "DeploymentNotFound", "message": "The API deployment does not exist."}}', Outcome.MODEL_NOT_FOUND),
    ],
)  # fmt: skip
def test_a_wrong_path_is_not_an_unknown_model(
    fake: FakeGemini, provider: str, status: int, body: bytes, outcome: Outcome
) -> None:
    if provider == "google-generativeai":
        pytest.importorskip("google.generativeai")
    fake.default = Reply(body, status)
    with pytest.raises(ModelCallError) as caught:
        opened(provider, fake).ask(PROMPT)
    assert caught.value.outcome is outcome
    english = str(caught.value.reason)
    assert ("no such language model" in english) == (outcome is Outcome.MODEL_NOT_FOUND)


def options_of(tmp_path: Path, **options: Any) -> Options:
    return replace(Options((), cache_dir=tmp_path), **options)


@pytest.mark.parametrize("value", ["none", "extractive"])
def test_no_model_is_opened_where_none_is_wanted(tmp_path: Path, value: str) -> None:
    assert open_model(options_of(tmp_path, model=value), {"GEMINI_API_KEY": KEY}) is None


def test_a_provider_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="mistral/large"):
        open_model(options_of(tmp_path, model="mistral/large"), {})


def test_an_extra_that_is_not_installed(tmp_path: Path) -> None:
    if installed_versions(["google-generativeai"]):
        pytest.skip("the extra google-generativeai is installed")
    with pytest.raises(ConfigurationError, match=r"pip install mkdocs-paperdigest\[google-gen"):
        open_model(options_of(tmp_path, model="google-generativeai/x"), {})


def test_each_provider_gets_its_own_key(tmp_path: Path, fake: FakeGemini) -> None:
    environ = {"GOOGLE_API_KEY": "g", "OPENAI_API_KEY": "o"}
    for model, url, key in (
        ("gemini/gemini-3.5-flash-lite", fake.url, "g"),
        ("openai/llama", fake.openai_url, "o"),
    ):
        opened_model = open_model(options_of(tmp_path, model=model, model_url=url), environ)
        assert opened_model is not None
        opened_model.ask(PROMPT)
        assert fake.calls[-1].key == key
        assert opened_model.name == model


def test_a_self_hosted_model_gets_less_to_read(tmp_path: Path) -> None:
    theirs = open_model(options_of(tmp_path, model="openai/gpt-9"), {})
    own = open_model(options_of(tmp_path, model="openai/llama", model_url="http://gpu:8000/v1"), {})
    assert theirs is not None
    assert own is not None
    assert theirs.text_budget > own.text_budget


def test_no_more_calls_at_once_than_allowed(tmp_path: Path, fake: FakeGemini) -> None:
    options = options_of(tmp_path, model="openai/llama", model_url=fake.openai_url, model_concurrency=2)
    model = open_model(options, {})
    assert model is not None
    threads = [threading.Thread(target=model.ask, args=(PROMPT,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.calls) == 12
    assert fake.most_at_once <= 2
