"""What an HTTP answer, an exception or a finish reason means, and what is done about it."""

import json
import logging
import threading

import pytest
import requests

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summarizers.calls import Prompt, Reply, redacted, without_key
from mkdocs_paperdigest.summarizers.model import MAX_CALLS, MAX_LOST, Model
from mkdocs_paperdigest.summarizers.outcomes import (
    ModelCallError,
    Outcome,
    of_exception,
    of_finish,
    of_http,
)
from tests.fakes.replies import FAULTS, Call

PROMPT = Prompt("Rules.", "A paper.", {}, "Rules.", 100)
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
        ("413", Outcome.BAD_REQUEST, None),
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


def test_a_context_that_is_too_small_is_told_from_other_bad_requests() -> None:
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


def test_what_an_endpoint_says_is_short_and_printable() -> None:
    said = "\x1b[31m" + "x" * 280 + " my-own-key-of-40-characters"
    shown = str(redacted(ModelCallError(Outcome.AUTH, said), "my-own-key-of-40-characters"))
    assert "my-own" not in shown
    assert shown.isprintable()
    assert len(shown) <= 300


class Scripted:
    """A provider that fails as told, then answers."""

    def __init__(self, *failures: ModelCallError) -> None:
        self.failures = list(failures)
        self.calls = 0

    def ask(self, prompt: Prompt) -> Reply:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return Reply("{}", Usage(1, 1, 1))


def failure(outcome: Outcome, retry_after_s: float | None = None) -> ModelCallError:
    return ModelCallError(outcome, f"it was {outcome}", retry_after_s=retry_after_s)


def model_of(provider: Scripted, waits: list[float]) -> Model:
    return Model("gemini/x", provider, sleep=waits.append, chance=lambda: 1.0)


@pytest.mark.parametrize("outcome", ["overloaded", "timeout", "network", "garbled"])
def test_what_may_pass_is_tried_again_after_growing_waits(outcome: str) -> None:
    waits: list[float] = []
    provider = Scripted(*[failure(Outcome(outcome))] * 3)
    assert model_of(provider, waits).ask(PROMPT).text == "{}"
    assert waits == [1.0, 2.0, 4.0]


def test_a_limit_per_minute_without_a_time_is_waited_out() -> None:
    waits: list[float] = []
    model_of(Scripted(*[failure(Outcome.RATE_LIMITED)] * 3), waits).ask(PROMPT)
    assert waits == [4.0, 16.0, 64.0]


def test_tries_come_to_an_end() -> None:
    waits: list[float] = []
    provider = Scripted(*[failure(Outcome.OVERLOADED)] * 9)
    with pytest.raises(ModelCallError):
        model_of(provider, waits).ask(PROMPT)
    assert provider.calls == MAX_CALLS
    assert len(waits) == MAX_CALLS - 1


def test_the_wait_that_was_asked_for_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    waits: list[float] = []
    model_of(Scripted(failure(Outcome.RATE_LIMITED, 47.2)), waits).ask(PROMPT)
    assert waits == [48.2]
    assert "gemini/x: it was rate_limited; next call in 48 s" in caplog.text


def test_nobody_waits_for_an_hour() -> None:
    waits: list[float] = []
    with pytest.raises(ModelCallError, match="rate_limited"):
        model_of(Scripted(failure(Outcome.RATE_LIMITED, 3600)), waits).ask(PROMPT)
    assert not waits


@pytest.mark.parametrize("outcome", ["bad_request", "blocked", "recitation", "empty", "truncated"])
def test_what_concerns_one_paper_is_final_for_it_alone(outcome: str) -> None:
    provider = Scripted(failure(Outcome(outcome)))
    model = model_of(provider, [])
    with pytest.raises(ModelCallError):
        model.ask(PROMPT)
    assert model.switch.reason is None
    assert model.ask(PROMPT).text == "{}"


@pytest.mark.parametrize("outcome", ["daily_quota", "auth", "model_not_found"])
def test_after_a_lost_cause_nobody_is_asked_again(outcome: str) -> None:
    provider = Scripted(failure(Outcome(outcome)))
    model = model_of(provider, [])
    for _ in range(3):
        with pytest.raises(ModelCallError) as caught:
            model.ask(PROMPT)
        assert caught.value.outcome is Outcome(outcome)
    assert provider.calls == 1
    assert model.switch.reason == f"it was {outcome}"


def test_a_dead_endpoint_is_left_alone_after_some_questions() -> None:
    provider = Scripted(*[failure(Outcome.NETWORK)] * 100)
    model = model_of(provider, [])
    for _ in range(MAX_LOST + 5):
        with pytest.raises(ModelCallError):
            model.ask(PROMPT)
    assert provider.calls == MAX_LOST * MAX_CALLS


def test_an_answer_in_between_shows_that_it_lives() -> None:
    dead = [failure(Outcome.NETWORK)] * MAX_CALLS
    provider = Scripted(*dead, *dead)
    model = model_of(provider, [])
    for _ in range(2):
        with pytest.raises(ModelCallError):
            model.ask(PROMPT)
    model.ask(PROMPT)
    provider.failures = [*dead, *dead]
    for _ in range(2):
        with pytest.raises(ModelCallError):
            model.ask(PROMPT)
    assert model.switch.reason is None


def test_threads_that_wait_for_a_slot_learn_that_the_cause_is_lost() -> None:
    started, go_on = threading.Event(), threading.Event()

    class Slow(Scripted):
        def ask(self, prompt: Prompt) -> Reply:
            started.set()
            go_on.wait(5)
            return super().ask(prompt)

    provider = Slow(failure(Outcome.DAILY_QUOTA))
    model = Model("gemini/x", provider, concurrency=1)
    failures: list[Outcome] = []

    def ask() -> None:
        try:
            model.ask(PROMPT)
        except ModelCallError as error:
            failures.append(error.outcome)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    started.wait(5)
    go_on.set()
    for thread in threads:
        thread.join()
    assert failures == [Outcome.DAILY_QUOTA] * 8
    assert provider.calls == 1
