"""Which calls are repeated, after which wait, and when a model is not called any more."""

import logging
import threading
import time
from dataclasses import replace

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.options.summarizer import NO_GEMINI_KEY
from mkdocs_paperdigest.summaries.llm.calls import Prompt, Reply
from mkdocs_paperdigest.summaries.llm.model import MAX_CALLS, MAX_LOST, Model
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

PROMPT = Prompt("Rules.", "A paper.", {}, "Rules.", 100)


class Scripted:
    """A provider that fails in the given ways, and then answers."""

    def __init__(self, *failures: ModelCallError) -> None:
        self.failures = list(failures)
        self.calls = 0
        self.prepared = 0

    def prepare(self) -> None:
        self.prepared += 1

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


def test_a_wait_of_an_hour_is_refused() -> None:
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
def test_after_a_hopeless_failure_no_call_is_made(outcome: str) -> None:
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


def test_an_answer_in_between_shows_that_the_endpoint_works() -> None:
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


def outcomes_of_threads(model: Model, count: int) -> list[Outcome | None]:
    found: list[Outcome | None] = []

    def ask() -> None:
        try:
            model.ask(PROMPT)
        except ModelCallError as error:
            found.append(error.outcome)
        else:
            found.append(None)

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("concurrency", [1, 4])
def test_waiting_threads_make_no_hopeless_calls(concurrency: int) -> None:
    class Slow(Scripted):
        def ask(self, prompt: Prompt) -> Reply:
            time.sleep(0.05)
            return super().ask(prompt)

    provider = Slow(failure(Outcome.DAILY_QUOTA))
    model = Model("gemini/x", provider, concurrency=concurrency)
    assert outcomes_of_threads(model, 8) == [Outcome.DAILY_QUOTA] * 8
    assert (provider.calls, provider.prepared) == (1, 1)


def test_what_was_prepared_is_not_prepared_again() -> None:
    provider = Scripted()
    model = model_of(provider, [])
    model.prepare()
    assert (provider.calls, provider.prepared) == (0, 1)
    model.ask(PROMPT)
    assert (provider.calls, provider.prepared) == (1, 1)


def test_a_slow_first_call_holds_up_the_others_for_a_moment_only() -> None:
    all_there = threading.Barrier(4, timeout=60)

    class Together(Scripted):
        def ask(self, prompt: Prompt) -> Reply:
            all_there.wait()
            return super().ask(prompt)

    assert outcomes_of_threads(Model("gemini/x", Together(), concurrency=4), 4) == [None] * 4


def test_calls_that_failed_are_counted() -> None:
    provider = Scripted(failure(Outcome.OVERLOADED), failure(Outcome.OVERLOADED))
    assert model_of(provider, []).ask(PROMPT).usage == Usage(1, 1, 3)
    lost = Scripted(*(failure(Outcome.OVERLOADED) for _ in range(MAX_CALLS)))
    with pytest.raises(ModelCallError) as caught:
        model_of(lost, []).ask(PROMPT)
    assert caught.value.usage == Usage(calls=MAX_CALLS)


def test_a_call_that_was_never_sent_is_not_counted() -> None:
    with pytest.raises(ModelCallError) as caught:
        model_of(Scripted(failure(Outcome.AUTH)), []).ask(PROMPT)
    assert caught.value.usage == Usage()


@pytest.mark.parametrize(
    ("outcome", "cure"),
    [
        (Outcome.AUTH, "set GEMINI_API_KEY or GOOGLE_API_KEY"),
        (Outcome.MODEL_NOT_FOUND, "see `model` and `model_url`"),
        (Outcome.DAILY_QUOTA, "asked again in the next build"),
        (Outcome.NETWORK, "asked again in the next build"),
    ],
)
def test_what_is_wrong_with_a_model_is_said_once_with_its_cure(
    outcome: Outcome, cure: str, caplog: pytest.LogCaptureFixture
) -> None:
    model = model_of(Scripted(*[failure(outcome)] * 20), [])
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        for _ in range(5):
            with pytest.raises(ModelCallError):
                model.ask(PROMPT)
    logged = [record.getMessage() for record in caplog.records]
    assert logged == [f"model gemini/x: {failure(outcome).reason} (it was {outcome}); {cure}"]


def test_a_cure_that_the_error_names_already_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    error = ModelCallError(Outcome.AUTH, NO_GEMINI_KEY)
    with caplog.at_level(logging.INFO, logger="mkdocs"), pytest.raises(ModelCallError):
        model_of(Scripted(error), []).ask(PROMPT)
    assert caplog.messages == [f"model gemini/x: {error.reason} ({NO_GEMINI_KEY})"]


def test_what_a_model_will_not_say_of_a_paper_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    model = model_of(Scripted(*[failure(Outcome.BLOCKED)] * 2), [])
    for paper in ("2410.1v1", "2410.2v1"):
        with caplog.at_level(logging.INFO, logger="mkdocs"), pytest.raises(ModelCallError):
            model.ask(replace(PROMPT, paper=paper))
    said = "it was blocked; sentences of the abstract are shown, and it is asked again after `refresh`"
    assert caplog.messages == [f"model gemini/x: 2410.1v1: {said}"]


def test_less_is_sent_to_a_model_with_a_small_context_and_the_log_names_the_cure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = model_of(Scripted(failure(Outcome.TOO_LONG)), [])
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        with pytest.raises(ModelCallError):
            model.ask(replace(PROMPT, characters=60_000))
        assert model.shorten(60_000, 9_000, "it reads 4,096 tokens")
        assert model.shorten(60_000, 7_000, "another thread says so, too")
        assert not model.shorten(9_000, 100, "it reads nothing")
    assert model.text_budget == 9_000
    first, second = caplog.messages
    assert first.startswith(
        "model gemini/x: it reads 4,096 tokens; 9,000 characters of a paper are sent; serve"
    )
    assert "OLLAMA_CONTEXT_LENGTH" in first
    assert second.startswith("model gemini/x: it reads nothing; abstracts alone are sent; serve")


def test_the_second_question_about_a_paper_goes_before_the_first_of_others() -> None:
    """So that no second question is left when all others are answered."""
    asked: list[str] = []
    busy, held = threading.Event(), threading.Event()

    class Held(Scripted):
        def ask(self, prompt: Prompt) -> Reply:
            asked.append(prompt.user)
            if prompt.user == "hold":
                busy.set()
                assert held.wait(60)
            return super().ask(prompt)

    model = Model("openai/x", Held(), concurrency=1)
    model.ask(replace(PROMPT, paper="begun", user="first of begun"))
    threads = []
    for paper, user in (
        ("other", "hold"),
        ("new", "first of new"),
        ("newer", "first of newer"),
        ("", "no paper"),
        ("begun", "second of begun"),
    ):
        threads.append(threading.Thread(target=model.ask, args=(replace(PROMPT, paper=paper, user=user),)))
        waiting = len(model._slots._waiting)
        threads[-1].start()
        if user == "hold":
            assert busy.wait(60)
        else:
            while len(model._slots._waiting) == waiting:
                assert threads[-1].is_alive()
    held.set()
    for thread in threads:
        thread.join(60)
    assert asked == [
        "first of begun", "hold", "second of begun", "first of new", "first of newer", "no paper",
    ]  # fmt: skip


def test_as_many_questions_are_asked_at_once_as_are_allowed() -> None:
    three = threading.Barrier(3, timeout=60)

    class Together(Scripted):
        def ask(self, prompt: Prompt) -> Reply:
            three.wait()
            return super().ask(prompt)

    assert outcomes_of_threads(Model("openai/x", Together(), concurrency=3), 6) == [None] * 6
