"""Questions in a batch are sent once, answered in a later run, and paid for once, at half the price."""

import json
import logging
import os
import pickle
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Entry, Usage
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.site import Site, Update
from mkdocs_paperdigest.pipeline.spending import cost_by_model
from mkdocs_paperdigest.reasons import worded
from mkdocs_paperdigest.storage.locks import named_lock
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.batches import delivery
from mkdocs_paperdigest.summaries.batches import model as batch_model
from mkdocs_paperdigest.summaries.batches.stored import Batch, read_batches
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError
from mkdocs_paperdigest.summaries.prompts.prompts import build_prompt
from tests.conftest import PAPER, gate_papers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply, error, honest, honest_answer
from tests.processes import Process, start_python
from tests.runs import GATES, build_site, forecast, update

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
MODEL = "gemini/gemini-3.5-flash-lite"
TEXTS = Topic("Texts", "texts", phrases=("text",))
WAITS = "waits for a batch of the language model"
ENVIRON = {"GEMINI_API_KEY": "AIza-never-to-be-seen"}


@pytest.fixture(scope="module")
def read_papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    """A cache with three papers that were read; no model was asked about them."""
    with FakeArxiv(gate_papers(3)) as arxiv:
        options = Options(
            topics=(GATES, TEXTS),
            cache_dir=tmp_path_factory.mktemp("read"),
            arxiv_url=arxiv.url,
            request_interval_s=0.005,
            model="extractive",
            figures=False,
            model_timeout_s=20,
        )
        update(options, now=NOW, environ={})
        yield options


@pytest.fixture
def options(tmp_path: Path, read_papers: Options, gemini: FakeGemini) -> Options:
    for name in ("cache", "other"):
        shutil.copytree(read_papers.cache_dir, tmp_path / name)
    return replace(
        read_papers,
        topics=(GATES,),
        cache_dir=tmp_path / "cache",
        model=MODEL,
        model_url=gemini.url,
        overview=False,
    )


@pytest.fixture
def other(options: Options) -> Options:
    """The same options with another cache."""
    return replace(options, cache_dir=options.cache_dir.with_name("other"))


def send(options: Options, *, at: datetime = NOW) -> Update:
    return update(options, now=at, environ=ENVIRON, by_batch=True)


def fetch(options: Options, *, at: datetime = NOW) -> Update:
    return update(options, now=at, environ=ENVIRON)


def stored(options: Options) -> tuple[Batch, ...]:
    store = Store(options.cache_dir / "store")
    try:
        return read_batches(store)
    finally:
        store.close()


def spent_on(options: Options) -> tuple[Usage, float | None]:
    store = Store(options.cache_dir / "store")
    try:
        total = next(iter(cost_by_model(store)), None)
        return (total.usage, total.dollars) if total else (Usage(), 0.0)
    finally:
        store.close()


def entries(done: Update | Site, topic: int = 0) -> tuple[Entry, ...]:
    return done.report.digests[topic].entries


def said(done: Update | Site) -> list[str | None]:
    return [entry.summary.model for entry in entries(done) if entry.summary]


def test_a_batch_brings_what_calls_would_have_said(
    options: Options, other: Options, gemini: FakeGemini
) -> None:
    live = fetch(other)
    calls = list(gemini.calls)

    first = send(options)
    assert (first.report.sent, first.report.batched) == (3, 3)
    assert (first.report.failed, first.report.incomplete) == (0, 0)
    assert said(first) == ["extractive"] * 3
    assert {worded(entry.trouble) for entry in entries(first)} == {WAITS}
    # The same questions, word for word, with the same parameters.
    assert {*map(_asked, gemini.batches.sent)} == {*map(_asked, calls)}

    gemini.batches.end()
    second = fetch(options)
    assert second.report.batched == 0
    assert [_untimed(entry) for entry in entries(second)] == [_untimed(entry) for entry in entries(live)]
    assert gemini.calls == calls
    third = fetch(options)
    assert (third.report.new, entries(third)) == (0, entries(second))
    assert stored(options) == ()
    assert [path.partition("/")[0] for path in gemini.batches.asked] == ["POST models", "GET batches"]


def test_while_a_batch_is_under_way_no_question_is_sent_again(options: Options, gemini: FakeGemini) -> None:
    send(options)
    for done in (fetch(options), send(options)):
        assert (done.report.batched, done.report.sent, done.report.new) == (3, 0, 0)
        assert {worded(entry.trouble) for entry in entries(done)} == {WAITS}
    # Another question about the same papers is not sent either.
    send(replace(options, topics=(replace(GATES, description="Something else."),)))
    assert not gemini.calls
    assert Counter(path.partition(" ")[0] for path in gemini.batches.asked) == {"POST": 1, "GET": 3}


def test_a_build_of_the_site_fetches_as_well(options: Options, gemini: FakeGemini) -> None:
    send(options)
    waiting = build_site(options, now=NOW, environ=ENVIRON)
    assert said(waiting) == ["extractive"] * 3
    page = next(file.path for file in waiting.files if file.uri == "digests/gates/2024-w40.md")
    assert "The language model has yet to answer" in page.read_text("utf-8")
    gemini.batches.end()
    assert said(build_site(options, now=NOW, environ=ENVIRON)) == [MODEL] * 3
    assert not gemini.calls


def test_tokens_count_once_and_cost_half(options: Options, other: Options, gemini: FakeGemini) -> None:
    fetch(other)
    full = spent_on(other)

    assert send(options).report.usage == Usage()
    gemini.batches.end()
    assert fetch(options).report.usage == Usage(300, 150, 3, 300, 150)
    assert fetch(options).report.usage == Usage()
    assert spent_on(options)[0] == Usage(300, 150, 3, 300, 150)
    assert full[1] == pytest.approx((300 * 0.30 + 150 * 2.50) / 1e6)
    assert spent_on(options)[1] == pytest.approx(full[1] / 2)


def test_a_forecast_knows_the_price_and_what_is_paid_for(options: Options, gemini: FakeGemini) -> None:
    def expected(*, by_batch: bool) -> tuple[int, int, float | None]:
        made = forecast(options, now=NOW, environ=ENVIRON, by_batch=by_batch)
        return made.papers, made.in_batches, made.dollars

    papers, _, dollars = expected(by_batch=False)
    assert (papers, dollars) == (3, pytest.approx(3 * 0.01105))
    assert expected(by_batch=True) == (3, 0, pytest.approx(3 * 0.01105 / 2))
    assert not gemini.batches.asked
    send(replace(options, max_new_papers=2))
    assert expected(by_batch=True) == (1, 2, pytest.approx(0.01105 / 2))
    gemini.batches.end()
    assert expected(by_batch=True) == (1, 2, pytest.approx(0.01105 / 2))


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED", "CANCELLED", "forgotten"])
def test_what_a_batch_did_not_bring_is_asked_again(
    options: Options, gemini: FakeGemini, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    send(options)
    gemini.batches.end(state)
    if state == "forgotten":
        gemini.batches.jobs.clear()
        assert send(options).report.batched == 3
        assert "batch of 3 papers: the service does not know it" in caplog.text
        caplog.clear()
    # Until the batch must be over, it may belong to another service.
    again = send(options, at=NOW + timedelta(hours=49))
    assert (again.report.sent, again.report.batched) == (3, 3)
    logged = [one.getMessage() for one in caplog.records if "batch of 3 papers" in one.getMessage()]
    assert len(logged) == 1
    assert logged[0].endswith("; its questions may be asked again")
    gemini.batches.end()
    assert said(fetch(options)) == [MODEL] * 3
    assert not gemini.calls


def test_trouble_with_one_question_does_not_cost_the_others(
    options: Options, gemini: FakeGemini, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    send(options)
    gemini.script("503", "safety", honest)
    gemini.batches.end()
    done = fetch(options)
    assert "batch of 3 papers: 1 of 3 questions have no answer (HTTP 503" in caplog.text
    # One reply came, one question was refused for good, and one is asked by a call at once.
    assert Counter(said(done)) == {MODEL: 2, "extractive": 1}
    assert len(gemini.calls) == 1
    usage, _ = spent_on(options)
    assert usage == Usage(300, 150, 3, 200, 100)


@pytest.mark.parametrize(
    ("keys", "mute", "known"),
    [("none", 0, 3), ("wrong", 0, 3), ("right", 3, 3), ("none", 2, 1), ("none", 3, 0)],
)
def test_a_reply_belongs_to_the_question_whose_key_it_bears(
    options: Options, gemini: FakeGemini, keys: str, mute: int, known: int
) -> None:
    def about(call: Call) -> Reply:
        number = call.prompt.split("Gate number ")[1][0]
        answer = honest_answer(call) | {"keywords": [f"gate number {number}", "gates", "defects"]}
        return Reply(_candidate(json.dumps(answer)))

    gemini.default = about
    send(options)
    gemini.batches.end(keys=keys, mute=mute)
    done = send(options)
    assert (done.report.sent, done.report.batched) == (3 - known, 3 - known)
    summed_up = [entry for entry in entries(done) if entry.summary and entry.summary.model == MODEL]
    assert len(summed_up) == known
    for entry in summed_up:
        assert entry.summary
        assert f"gate number {entry.paper.id[-1]}" in entry.summary.keywords


def test_a_second_answer_waits_for_a_batch_of_its_own(
    options: Options, other: Options, gemini: FakeGemini
) -> None:
    def careless(call: Call) -> Reply:
        values = honest_answer(call)
        if "summary" in call.fields and "takeaways" in call.fields:
            values["summary"] = "xxx"
        return Reply(_candidate(json.dumps(values)))

    gemini.default = careless
    live = fetch(other)
    assert live.report.usage.calls == 6
    gemini.calls.clear()

    assert send(options).report.sent == 3
    gemini.batches.end()
    second = send(options)
    assert (second.report.sent, second.report.batched, second.report.usage) == (3, 3, Usage())
    assert said(second) == ["extractive"] * 3
    assert spent_on(options)[0] == Usage()
    assert fetch(options).report.batched == 3
    gemini.batches.end()
    third = fetch(options)
    assert third.report.usage == Usage(600, 300, 6, 600, 300)
    assert spent_on(options)[0] == third.report.usage
    assert [_untimed(entry) for entry in entries(third)] == [_untimed(entry) for entry in entries(live)]
    assert len(gemini.batches.jobs) == 2
    assert not gemini.calls


def test_a_run_without_batches_makes_the_second_call_itself(options: Options, gemini: FakeGemini) -> None:
    send(options)
    gemini.script("bad_json", "bad_json", "bad_json")
    gemini.batches.end()
    done = fetch(options)
    assert said(done) == [MODEL] * 3
    assert len(gemini.calls) == 3
    assert done.report.usage == Usage(600, 300, 6, 300, 150)


def test_scores_for_further_topics_go_by_the_same_batch(options: Options, gemini: FakeGemini) -> None:
    gates = replace(GATES, description="About gates.", min_relevance=3)
    texts = replace(TEXTS, description="About texts.", min_relevance=3)
    both = replace(options, topics=(gates, texts))
    assert send(both).report.sent == 3
    assert Counter(len(call.fields) > 1 for call in gemini.batches.sent) == {True: 3, False: 3}
    gemini.batches.end()
    done = fetch(both)
    assert [len(entries(done, topic)) for topic in (0, 1)] == [3, 3]
    assert done.report.usage.calls == 6
    assert fetch(both).report.new == 0
    assert (len(gemini.batches.jobs), gemini.calls) == (1, [])


def test_a_reply_is_thrown_away_when_its_summary_is_kept(options: Options, gemini: FakeGemini) -> None:
    send(options)
    gemini.script("safety", "safety", "safety")
    gemini.batches.end()
    refused = send(options)
    assert (refused.report.sent, said(refused)) == (0, ["extractive"] * 3)
    # After a day, the same question is sent once more.
    again = send(options, at=NOW + timedelta(days=1))
    assert again.report.sent == 3
    gemini.batches.end()
    assert said(fetch(options, at=NOW + timedelta(days=2))) == [MODEL] * 3


def test_papers_that_were_sent_take_no_place_of_others(options: Options, gemini: FakeGemini) -> None:
    one_by_one = replace(options, max_new_papers=1)
    assert [send(one_by_one).report.sent for _ in range(4)] == [1, 1, 1, 0]
    gemini.batches.end()
    assert said(fetch(replace(options, max_new_papers=0))) == [MODEL] * 3


def test_many_questions_go_in_several_batches(
    options: Options, gemini: FakeGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MAX_SENT", 20_000)
    send(options)
    assert [len(job.calls) for job in gemini.batches.jobs] in ([1, 1, 1], [2, 1])
    gemini.batches.end()
    assert said(fetch(options)) == [MODEL] * 3


def test_what_fills_the_memory_is_sent_before_all_papers_are_done(
    options: Options, gemini: FakeGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_model, "FULL", 1)
    sent: list[int] = []

    def note(*_: object) -> None:
        sent.append(len(gemini.batches.jobs))

    done = update(options, now=NOW, environ=ENVIRON, by_batch=True, progress=note)
    assert sent[-1] > 0
    assert (done.report.sent, done.report.batched) == (3, 3)
    gemini.batches.end()
    assert said(fetch(options)) == [MODEL] * 3


def test_after_a_refused_batch_no_other_is_sent_in_the_same_run(
    options: Options, gemini: FakeGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_model, "FULL", 1)
    gemini.batches.faults.append(error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."))
    done = send(options)
    assert (done.report.sent, done.report.incomplete) == (0, 3)
    assert len(gemini.batches.asked) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."), "is busy"),
        (error(400, "INVALID_ARGUMENT", "API key not valid."), "is missing or was refused"),
        (error(400, "INVALID_ARGUMENT", "No."), "rejected the request"),
        (Reply(b'{"detail": "Not Found"}', 404), "no such language model"),
    ],
)
def test_a_batch_that_is_refused_is_not_waited_for(
    options: Options, gemini: FakeGemini, fault: Reply, reason: str
) -> None:
    gemini.batches.faults.append(fault)
    done = send(options)
    assert (done.report.sent, done.report.batched, done.report.incomplete) == (0, 0, 3)
    assert all(reason in worded(entry.trouble) for entry in entries(done))
    assert stored(options) == ()
    assert send(options).report.sent == 3


@pytest.mark.parametrize("fault", [Reply(b"", fault="reset"), Reply(b"<html>", 502), Reply(b"{}")])
def test_while_the_service_cannot_be_asked_a_batch_stays_under_way(
    options: Options, gemini: FakeGemini, fault: Reply
) -> None:
    send(options)
    gemini.batches.end()
    gemini.batches.faults.append(fault)
    assert fetch(options).report.batched == 3
    assert said(fetch(options)) == [MODEL] * 3
    assert (len(gemini.batches.jobs), gemini.calls) == (1, [])


def test_without_its_key_a_batch_stays_under_way(options: Options, gemini: FakeGemini) -> None:
    send(options)
    gemini.batches.end()
    assert said(update(options, now=NOW, environ={})) == ["extractive"] * 3
    assert said(fetch(options)) == [MODEL] * 3
    assert (len(gemini.batches.jobs), gemini.calls) == (1, [])


def test_a_batch_that_never_ends_is_given_up(options: Options, gemini: FakeGemini) -> None:
    send(options)
    assert send(options, at=NOW + timedelta(days=6)).report.sent == 0
    assert send(options, at=NOW + timedelta(days=8)).report.sent == 3


def test_an_odd_batch_does_not_hold_up_the_next_one(options: Options, gemini: FakeGemini) -> None:
    one_by_one = replace(options, max_new_papers=1)
    assert [send(one_by_one).report.sent for _ in range(2)] == [1, 1]
    gemini.batches.end()
    denied = error(403, "PERMISSION_DENIED", "You do not have permission to access the batch.")
    gemini.batches.faults.append(denied)
    done = fetch(replace(options, max_new_papers=0))
    assert (done.report.batched, said(done).count(MODEL)) == (1, 1)
    # After a week it is given up.
    gemini.batches.faults.append(denied)
    assert send(options, at=NOW + timedelta(days=8)).report.sent == 2


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("fault", [Reply(b"", fault="reset"), Reply(b"<html>", 502), Reply(b"{}")])
def test_a_batch_whose_arrival_is_not_known_is_looked_for(
    options: Options, other: Options, gemini: FakeGemini, fault: Reply, arrived: bool
) -> None:
    send(other)
    (gemini.batches.losses if arrived else gemini.batches.faults).append(fault)
    lost = send(options)
    assert (lost.report.sent, lost.report.incomplete) == (0, 3)
    assert send(options).report.sent == (0 if arrived else 3)
    assert len(gemini.batches.jobs) == 2
    gemini.batches.end()
    assert said(fetch(options)) == [MODEL] * 3


def test_a_run_that_is_killed_while_it_sends_pays_once(
    options: Options, other: Options, gemini: FakeGemini
) -> None:
    send(other)
    assert gemini.batches.arrived.acquire(timeout=300)
    gemini.batches.silent.set()
    process = start(options)
    try:
        assert gemini.batches.arrived.acquire(timeout=300)
    finally:
        process.kill()
        process.wait()
    gemini.batches.silent.clear()
    assert [batch.name for batch in stored(options)] == [None]
    after = send(options)
    assert (after.report.sent, after.report.batched) == (0, 3)
    assert stored(options)[0].name == gemini.batches.jobs[-1].name
    gemini.batches.end()
    assert said(fetch(options)) == [MODEL] * 3
    assert (len(gemini.batches.jobs), gemini.calls) == (2, [])


def test_two_runs_at_once_send_each_question_once(options: Options, gemini: FakeGemini) -> None:
    processes = [start(options) for _ in range(2)]
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    prompts = [call.prompt for call in gemini.batches.sent]
    assert (len(prompts), len(set(prompts))) == (3, 3)
    gemini.batches.end()
    assert said(fetch(options)) == [MODEL] * 3


def test_what_another_run_has_sent_meanwhile_is_not_sent(options: Options, gemini: FakeGemini) -> None:
    store = Store(options.cache_dir / "store")
    try:
        runs = [Run(options, store, NOW, ENVIRON, by_batch=True) for _ in range(2)]
        for run in runs:
            prompt = build_prompt(PAPER, None, GATES, ["summary"], language="en", text_budget=0)
            with pytest.raises(ModelCallError, match=WAITS):
                run.model and run.model.ask(prompt)
        sent = [run.model.finish().papers for run in runs]
        assert sent == [{PAPER.key}, set()]
    finally:
        store.close()
    assert len(gemini.batches.sent) == 1


@pytest.mark.parametrize("changed", [{"model": "openai/test"}, {"model": "extractive"}, {"offline": True}])
def test_only_gemini_has_batches(options: Options, gemini: FakeGemini, changed: dict[str, object]) -> None:
    wrong = replace(options, **changed)
    with pytest.raises(ConfigurationError, match="--batch"):
        send(wrong)
    with pytest.raises(ConfigurationError, match="--batch"):
        forecast(wrong, now=NOW, environ=ENVIRON, by_batch=True)
    assert not gemini.batches.asked


def test_batches_of_another_model_are_left_alone(options: Options, gemini: FakeGemini) -> None:
    send(options)
    other = fetch(replace(options, model="gemini/gemini-3.8-flash"))
    assert {*said(other)} == {"gemini/gemini-3.8-flash"}
    gemini.batches.end()
    assert said(fetch(options)) == [MODEL] * 3


def test_the_key_is_neither_in_the_cache_nor_in_the_log(
    options: Options, gemini: FakeGemini, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = ENVIRON["GEMINI_API_KEY"]
    send(options)
    gemini.script(error(400, "INVALID_ARGUMENT", f"no {key}"))
    gemini.batches.end()
    gemini.batches.faults.append(error(500, "INTERNAL", f"no {key}"))
    fetch(options)
    fetch(options)
    assert caplog.text.count("no [key]") == 2
    assert key not in caplog.text
    files = [path for path in options.cache_dir.rglob("*") if path.is_file()]
    assert files
    assert not any(key.encode() in path.read_bytes() for path in files)


def test_a_build_that_only_shows_an_archive_sends_nothing(
    options: Options, gemini: FakeGemini, tmp_path: Path
) -> None:
    archived = replace(options, archive_dir=tmp_path / "archive")
    send(archived)
    gemini.batches.end()
    assert said(build_site(archived, now=NOW, environ=ENVIRON)) == ["extractive"] * 3
    assert len(gemini.batches.asked) == 1
    fetch(archived)
    assert said(build_site(archived, now=NOW, environ={})) == [MODEL] * 3
    assert (len(gemini.batches.asked), gemini.calls) == (2, [])


def test_unused_replies_are_kept_for_90_days(options: Options, gemini: FakeGemini) -> None:
    send(options)
    gemini.batches.end()
    german = replace(options, language="de")
    for days, kept in ((0, 1), (89, 1), (91, 0)):
        fetch(german, at=NOW + timedelta(days=days))
        assert len(stored(options)) == kept
    assert len(gemini.batches.asked) == 2


def test_what_another_run_sends_while_this_one_works_is_not_asked(
    options: Options, gemini: FakeGemini
) -> None:
    def begun(finished: int, *_: object) -> None:
        if not finished and not gemini.batches.sent:
            send(options)

    done = build_site(options, now=NOW, environ=ENVIRON, progress=begun)
    assert (len(gemini.batches.sent), gemini.calls) == (3, [])
    assert done.report.batched == 3


def test_a_reply_of_no_use_is_counted_once(options: Options, gemini: FakeGemini) -> None:
    send(options)
    gemini.script("bad_json", "bad_json", "bad_json")
    gemini.batches.end()
    for times in (1, 2):
        gemini.script("400", "400", "400")
        done = fetch(options, at=NOW + timedelta(minutes=times))
        assert done.report.incomplete == 3
        usage, _ = spent_on(options)
        assert (usage.batch_input_tokens, usage.calls) == (300, 3 + 3 * times)


@pytest.mark.parametrize("slug", ["summary", "failed", "scores"])
def test_a_score_is_noted_beside_the_summary(options: Options, gemini: FakeGemini, slug: str) -> None:
    gates = replace(GATES, description="About gates.", min_relevance=1)
    texts = replace(TEXTS, slug=slug, description="About texts.", min_relevance=1)
    done = fetch(replace(options, topics=(gates, texts)))
    assert spent_on(options)[0] == done.report.usage
    assert done.report.usage.calls == 6


def test_papers_whose_replies_were_lost_count_as_new(options: Options, gemini: FakeGemini) -> None:
    send(options)
    gemini.script("503", "503", honest)
    gemini.batches.end()
    done = fetch(replace(options, max_new_papers=1))
    assert Counter(said(done)) == {MODEL: 2, "extractive": 1}
    assert len(gemini.calls) == 1


@pytest.mark.parametrize("by_batch", [True, False])
def test_papers_whose_replies_answer_nothing_now_count_as_new(
    options: Options, gemini: FakeGemini, by_batch: bool
) -> None:
    send(options)
    gemini.batches.end()
    other = replace(options, topics=(replace(GATES, description="Another."),), max_new_papers=1)
    done = send(other) if by_batch else fetch(other)
    assert (len(gemini.batches.sent), len(gemini.calls)) == ((4, 0) if by_batch else (3, 1))
    assert Counter(worded(entry.trouble) for entry in entries(done)) == (
        {"": 2, WAITS: 1} if by_batch else {"": 3}
    )
    assert (done.report.new, done.report.incomplete) == (0 if by_batch else 1, 0)
    # Replies that did come are used beyond `max_new_papers`.
    assert said(fetch(replace(options, max_new_papers=0))).count(MODEL) >= 2


def test_only_one_run_at_a_time_sends(options: Options, gemini: FakeGemini) -> None:
    store = Store(options.cache_dir / "store")
    try:
        with named_lock("batches", options.cache_dir, threading.Event()):
            sending = threading.Thread(target=send, args=(options,))
            sending.start()
            assert not gemini.batches.arrived.acquire(timeout=0.5)
        sending.join()
    finally:
        store.close()
    assert len(gemini.batches.sent) == 3


# The command without MkDocs, whose import is most of its time.
PROGRAM = """
import pickle, sys
from tests.runs import update
options, now, environ = pickle.loads(bytes.fromhex(sys.argv[1]))
update(options, now=now, environ=environ, by_batch=True)
"""


def start(options: Options) -> Process:
    sent = pickle.dumps((options, NOW, ENVIRON)).hex()
    root = Path(__file__).parents[3]
    with (options.cache_dir.parent / "log.txt").open("ab") as log:
        return start_python(["-c", PROGRAM, sent], cwd=root, env=os.environ, stdout=log, stderr=log)


def _untimed(entry: Entry) -> Entry:
    """The entry without the time and the cost of its summary."""
    assert entry.summary
    return replace(entry, summary=replace(entry.summary, made_at=NOW, usage=Usage()))


def _candidate(answer: str) -> dict[str, object]:
    content = {"role": "model", "parts": [{"text": answer}]}
    counts = {"promptTokenCount": 100, "candidatesTokenCount": 50}
    return {"candidates": [{"content": content, "finishReason": "STOP"}], "usageMetadata": counts}


def _asked(call: Call) -> tuple[str, ...]:
    """Everything that was asked, but for the field that repeats the key."""
    config = dict(call.body["generationConfig"])
    properties = config["responseJsonSchema"]["properties"]
    asked = {name: properties[name] for name in call.fields}
    config["responseJsonSchema"] = {"properties": asked, "required": call.fields}
    return call.model, call.system, call.prompt, json.dumps(config, sort_keys=True)
