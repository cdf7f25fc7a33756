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


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("MAX_TOKENS", Outcome.TRUNCATED),
        ("length", Outcome.TRUNCATED),
        ("RECITATION", Outcome.RECITATION),
        ("MALFORMED_RESPONSE", Outcome.MALFORMED),
        ("SAFETY", Outcome.BLOCKED),
        ("content_filter", Outcome.BLOCKED),
        ("A_REASON_OF_NEXT_YEAR", Outcome.BLOCKED),
    ],
)
def test_finish_reasons(reason: str, outcome: Outcome) -> None:
    failure = of_finish(reason, Usage(1, 2, 1))
    assert failure is not None
    assert failure.outcome is outcome
    assert failure.usage == Usage(1, 2, 1)


def test_a_finished_answer_is_no_failure() -> None:
    assert of_finish("STOP", Usage()) is None
    assert of_finish("stop", Usage()) is None


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
