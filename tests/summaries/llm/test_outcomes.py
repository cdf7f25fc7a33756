"""What an HTTP answer, an exception or a finish reason means."""

import json

import pytest
import requests

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.llm.calls import redacted, without_key
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ModelCallError,
    Outcome,
    of_exception,
    of_finish,
    of_http,
)
from tests.fakes.replies import FAULTS, Call

CALL = Call("/v1beta/models/gemini-nope:generateContent", {"x-goog-api-key": "k"}, {})


def of_fault(name: str) -> ModelCallError:
    reply = FAULTS[name](CALL)
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    return of_http(reply.status, body.decode(), reply.headers)


@pytest.mark.parametrize(
    ("fault", "outcome", "retry_after_s"),
    [
        ("429", Outcome.RATE_LIMITED, 1.0),
        ("429_long", Outcome.RATE_LIMITED, 47.2),
        ("429_bare", Outcome.RATE_LIMITED, None),
        ("429_header", Outcome.RATE_LIMITED, 2.0),
        ("429_daily", Outcome.DAILY_QUOTA, 39.0),
        ("429_zero", Outcome.DAILY_QUOTA, 30.0),
        ("in_a_list", Outcome.DAILY_QUOTA, 39.0),
        ("bad_key", Outcome.AUTH, None),
        ("no_key", Outcome.AUTH, None),
        ("400", Outcome.BAD_REQUEST, None),
        ("401", Outcome.AUTH, None),
        ("403", Outcome.AUTH, None),
        ("404", Outcome.MODEL_NOT_FOUND, None),
        ("413", Outcome.TOO_LONG, None),
        ("500", Outcome.OVERLOADED, None),
        ("502", Outcome.OVERLOADED, None),
        ("503", Outcome.OVERLOADED, None),
        ("504", Outcome.TIMEOUT, None),
        ("redirect", Outcome.BAD_REQUEST, None),
    ],
)
def test_http_answers(fault: str, outcome: Outcome, retry_after_s: float | None) -> None:
    failure = of_fault(fault)
    assert failure.outcome is outcome
    assert failure.retry_after_s == retry_after_s


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (429, {"code": "insufficient_quota", "message": "Check your plan."}, Outcome.DAILY_QUOTA),
        (429, {"message": "Please try again in 20ms."}, Outcome.RATE_LIMITED),
        (429, {"message": "metric: free_tier_requests, limit: 10, model"}, Outcome.RATE_LIMITED),
        (429, {"message": "metric: free_tier_requests, limit: 250, model"}, Outcome.DAILY_QUOTA),
        (429, {"message": "Limit 200, Used 200 requests per day (RPD)"}, Outcome.DAILY_QUOTA),
        (402, {"message": "Insufficient credits"}, Outcome.DAILY_QUOTA),
        (404, {"message": "model 'llama9' not found"}, Outcome.MODEL_NOT_FOUND),
        (422, {"message": "unknown field"}, Outcome.BAD_REQUEST),
        (529, {"message": "overloaded"}, Outcome.OVERLOADED),
        (500, "out of memory", Outcome.OVERLOADED),
        (500, None, Outcome.OVERLOADED),
    ],
)
def test_answers_of_other_servers(status: int, error: object, outcome: Outcome) -> None:
    assert of_http(status, json.dumps({"error": error}), {}).outcome is outcome


def test_errors_of_vllm_are_at_the_top() -> None:
    body = '{"object": "error", "message": "The model `x` does not exist.", "code": 404}'
    failure = of_http(404, body, {})
    assert failure.outcome is Outcome.MODEL_NOT_FOUND
    assert "does not exist" in str(failure)


def test_a_wait_in_milliseconds_is_understood() -> None:
    said = json.dumps({"error": {"message": "Please try again in 250ms."}})
    assert of_http(429, said, {}).retry_after_s == 0.25


@pytest.mark.parametrize("body", ["", "null", "[]", "3", '{"error": []}', '{"error": {"details": 5}}', "<p>"])  # fmt: skip
def test_bodies_of_any_kind_are_taken(body: str) -> None:
    assert of_http(503, body, {}).outcome is Outcome.OVERLOADED


def test_a_context_that_is_too_small_differs_from_other_bad_requests() -> None:
    said = "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens."
    assert of_http(400, json.dumps({"error": {"message": said}}), {}).too_long
    assert of_fault("413").too_long
    assert not of_fault("400").too_long


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (requests.ReadTimeout(), Outcome.TIMEOUT),
        (requests.ConnectTimeout(), Outcome.TIMEOUT),
        (requests.ConnectionError(), Outcome.NETWORK),
        (requests.exceptions.ChunkedEncodingError(), Outcome.NETWORK),
        (ConnectionResetError(), Outcome.NETWORK),
        (requests.exceptions.InvalidURL(), Outcome.BAD_REQUEST),
        (requests.JSONDecodeError("no", "", 0), Outcome.GARBLED),
        (KeyError("candidates"), Outcome.GARBLED),
    ],
)
def test_exceptions(error: Exception, outcome: Outcome) -> None:
    assert of_exception(error).outcome is outcome


TRUNCATED = "MAX_TOKENS length model_length limit max_output_tokens token_limit model_context_window_exceeded incomplete"
TRANSIENT = (
    "error abort aborted load insufficient_system_resource cancelled server_error engine_overloaded interrupted "
    "failed generation_error preempted internal_error"
)
REFUSALS = (
    "SAFETY content_filter CONTENT_FILTERED contentFilter sensitive refusal guardrail_intervened PROHIBITED_CONTENT "
    "ERROR_TOXIC moderation BLOCKLIST SPII policy_violation"
)
COMPLETE = (
    "stop STOP end_turn stop_sequence end normal COMPLETE completed finished done stop_token tool_calls unknown eos "
    "eos_token function_call STOP_SEQUENCE natural"
)


@pytest.mark.parametrize(
    ("reasons", "outcome"),
    [
        (TRUNCATED, Outcome.TRUNCATED),
        (TRANSIENT, Outcome.OVERLOADED),
        (REFUSALS, Outcome.BLOCKED),
        ("network_error NETWORK disconnected", Outcome.NETWORK),
        ("timeout timed_out deadline_exceeded", Outcome.TIMEOUT),
        ("rate_limit RATE_LIMITED", Outcome.RATE_LIMITED),
        ("RECITATION", Outcome.RECITATION),
        ("MALFORMED_RESPONSE malformed_function_call", Outcome.MALFORMED),
    ],
)
@pytest.mark.parametrize("answered", [True, False])
def test_finish_reasons(reasons: str, outcome: Outcome, answered: bool) -> None:
    for reason in reasons.split():
        failure = of_finish(reason, Usage(1, 2, 1), answered=answered)
        assert failure is not None, reason
        assert failure.outcome is outcome, reason
        assert failure.usage == Usage(1, 2, 1)


def test_any_other_word_after_a_text_is_the_end_of_the_answer() -> None:
    assert [reason for reason in COMPLETE.split() if of_finish(reason, Usage(), answered=True)] == []


def test_an_unknown_word_without_a_text_is_a_refusal() -> None:
    failure = of_finish("A_REASON_OF_NEXT_YEAR", Usage())
    assert failure is not None
    assert failure.outcome is Outcome.BLOCKED
    assert of_finish("STOP", Usage()) is None


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (
            400,
            {"code": "data_inspection_failed", "message": "Input data may be inappropriate."},
            Outcome.BLOCKED,
        ),
        (400, {"code": "content_filter", "message": "The response was filtered."}, Outcome.BLOCKED),
        (400, {"code": "json_validate_failed", "message": "Failed to generate JSON."}, Outcome.GARBLED),
        (405, {"message": "Method Not Allowed"}, Outcome.MODEL_NOT_FOUND),
        (500, {"message": "the request exceeds the available context size"}, Outcome.TOO_LONG),
        (503, {"message": "no slot with this context size is free"}, Outcome.OVERLOADED),
    ],
)
def test_refusals_of_content_and_length(status: int, error: object, outcome: Outcome) -> None:
    assert of_http(status, json.dumps({"error": error}), {}).outcome is outcome


def test_no_kind_of_key_is_shown() -> None:
    text = "bad AIzaSyA1234567890abcd and sk-abcdefghijklmnop, ?key=hush&x, Bearer hush, my-own-key"
    assert "hush" not in without_key(text, "my-own-key")
    assert without_key(text, "my-own-key").count("[key]") == 5
    assert without_key("MY-OWN-KEY", "my-own-key") == "[key]"


def test_what_an_endpoint_says_is_short_and_printable() -> None:
    said = "\x1b[31m" + "x" * 280 + " my-own-key-of-40-characters"
    shown = str(redacted(ModelCallError(Outcome.AUTH, said), "my-own-key-of-40-characters"))
    assert "my-own" not in shown
    assert shown.isprintable()
    assert len(shown) <= 300
