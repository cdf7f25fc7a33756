"""`check_claims`: a second look at each statement, paid for once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.models import Summary
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.report import Report
from mkdocs_paperdigest.pipeline.site import Update
from mkdocs_paperdigest.pipeline.spending import TYPICAL, TYPICAL_CHECK
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.storage.store import Store
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS, Call, Reply, honest, pairs, text
from tests.runs import build_site, forecast, gate_options, make_digests, update

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
ENVIRON = {"GEMINI_API_KEY": "not-a-real-key"}
DAY = timedelta(days=1)

Run = Callable[..., Report]


@pytest.fixture
def options(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Options:
    return gate_options(tmp_path / "cache", arxiv, gemini, overview=False, check_claims=True)


@pytest.fixture
def run(options: Options) -> Run:
    def once(*, at: datetime = NOW, **changes: object) -> Report:
        store = Store(options.cache_dir / "store")
        try:
            return make_digests(replace(options, **changes), store, now=at, environ=ENVIRON)
        finally:
            store.close()

    return once


def says(verdict: str, *, of: int = 1) -> Callable[[Call], Reply]:
    """Honest answers; the pair `of` has this verdict."""

    def answer(call: Call) -> Reply:
        if call.fields != ["verdicts"]:
            return honest(call)
        verdicts = {number: verdict if number == of else "supported" for number in pairs(call)}
        return text(
            json.dumps({"verdicts": [{"number": one, "verdict": said} for one, said in verdicts.items()]})
        )

    return answer


def fails(fault: str) -> Callable[[Call], Reply]:
    return lambda call: FAULTS[fault](call) if call.fields == ["verdicts"] else honest(call)


def checks(gemini: FakeGemini) -> int:
    return sum(call.fields == ["verdicts"] for call in gemini.calls)


def shown(done: Report) -> list[Summary]:
    return [entry.summary for entry in done.digests[0].entries if entry.summary]


def test_without_the_option_nothing_is_compared(run: Run, gemini: FakeGemini) -> None:
    run(check_claims=False)
    assert checks(gemini) == 0


def test_each_paper_is_compared_once_and_the_call_is_counted(run: Run, gemini: FakeGemini) -> None:
    gemini.default = says("not said")
    first = run()
    assert checks(gemini) == 3
    assert first.usage.calls == len(gemini.calls)
    for summary in shown(first):
        assert not summary.takeaways[0].verified
        assert summary.takeaways[1].verified
        assert summary.checked
    asked = len(gemini.calls)
    second = run(at=NOW + 2 * DAY)
    assert len(gemini.calls) == asked
    assert shown(second) == shown(first)
    assert second.new == 0


def test_what_is_contradicted_is_left_out(run: Run, gemini: FakeGemini) -> None:
    before = shown(run(check_claims=False))
    gemini.default = says("contradicted")
    after = shown(run())
    assert [one.takeaways for one in after] == [one.takeaways[1:] for one in before]
    assert shown(run(check_claims=False)) == before


def test_takeaways_that_are_all_contradicted_come_from_the_abstract(run: Run, gemini: FakeGemini) -> None:
    def against_all(call: Call) -> Reply:
        verdicts = [{"number": number, "verdict": "contradicted"} for number in pairs(call)]
        return text(json.dumps({"verdicts": verdicts})) if call.fields == ["verdicts"] else honest(call)

    gemini.default = against_all
    for summary in shown(run()):
        assert summary.extracted == ("takeaways",)
        assert summary.takeaways
        assert summary.approach is None
        assert ("approach", ReasonCode.CONTRADICTED) in {(one.field, one.reason) for one in summary.omissions}
    asked = len(gemini.calls)
    run(at=NOW + 2 * DAY)
    assert len(gemini.calls) == asked


def test_the_option_brings_only_the_small_call_for_papers_that_are_summarized(
    run: Run, gemini: FakeGemini
) -> None:
    run(check_claims=False)
    asked = len(gemini.calls)
    done = run(max_new_papers=2)
    assert [call.fields for call in gemini.calls[asked:]] == [["verdicts"]] * 2
    assert (done.new, done.usage.calls) == (0, 2)
    run(max_new_papers=2)
    assert checks(gemini) == 3


@pytest.mark.parametrize("fault", ["bad_json", "wrong_shape", "safety", "max_tokens_empty"])
def test_a_useless_answer_leaves_the_marks_and_is_asked_for_again_a_few_times(
    run: Run, gemini: FakeGemini, fault: str
) -> None:
    gemini.default = fails(fault)
    done = run()
    assert (done.incomplete, done.failed) == (0, 0)
    assert all(claim.verified for summary in shown(done) for claim in summary.takeaways)
    assert done.usage.calls == len(gemini.calls) == 6
    run()
    assert checks(gemini) == 3
    for day in range(1, 6):
        run(at=NOW + day * DAY)
    assert checks(gemini) == 9


def test_a_call_that_never_arrives_costs_nothing_and_no_mark(run: Run, gemini: FakeGemini) -> None:
    gemini.default = fails("400")
    done = run()
    assert (done.incomplete, done.failed) == (0, 0)
    assert all(summary.takeaways[0].verified for summary in shown(done))
    gemini.default = says("not said")
    assert not any(summary.takeaways[0].verified for summary in shown(run()))


def test_only_new_pairs_are_asked_about(run: Run, gemini: FakeGemini) -> None:
    def first_only(call: Call) -> Reply:
        verdicts = [{"number": 1, "verdict": "not said"}]
        return text(json.dumps({"verdicts": verdicts})) if call.fields == ["verdicts"] else honest(call)

    gemini.default = first_only
    run()
    before = [pairs(call) for call in gemini.calls if call.fields == ["verdicts"]]
    gemini.default = says("supported")
    done = run(at=NOW + DAY)
    after = [pairs(call) for call in gemini.calls if call.fields == ["verdicts"]][3:]
    left = sorted(tuple(pair for number, pair in asked.items() if number > 1) for asked in before)
    assert sorted(tuple(asked.values()) for asked in after) == left
    assert not any(summary.takeaways[0].verified for summary in shown(done))


def test_other_prompts_for_the_comparison_pay_for_it_alone(
    run: Run, gemini: FakeGemini, tmp_path: Path
) -> None:
    run()
    asked = len(gemini.calls)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "check.jinja").write_text("{{ claims | length }}")
    run(templates_dir=tmp_path)
    assert [call.fields for call in gemini.calls[asked:]] == [["verdicts"]] * 3


def test_a_forecast_counts_the_comparison(options: Options, gemini: FakeGemini) -> None:
    def asks(**changes: object) -> tuple[int, int, int]:
        left = forecast(replace(options, **changes), now=NOW, environ=ENVIRON)
        return left.papers, left.usage.calls, left.usage.input_tokens

    assert asks(check_claims=False) == (3, 3, 3 * TYPICAL.input_tokens)
    assert asks() == (3, 6, 3 * (TYPICAL.input_tokens + TYPICAL_CHECK.input_tokens))
    update(replace(options, check_claims=False), now=NOW, environ=ENVIRON)
    assert asks() == (3, 3, 3 * TYPICAL_CHECK.input_tokens)
    update(replace(options, max_new_papers=1), now=NOW, environ=ENVIRON)
    assert asks() == (2, 2, 200)
    update(options, now=NOW, environ=ENVIRON)
    assert asks() == (0, 0, 0)


def test_a_batch_compares_too(options: Options, gemini: FakeGemini) -> None:
    def send() -> Update:
        return update(options, now=NOW, environ=ENVIRON, by_batch=True)

    gemini.default = says("not said")
    assert send().report.sent == 3
    gemini.batches.end()
    second = send()
    assert (second.report.sent, second.report.batched) == (3, 3)
    assert all(summary.takeaways[0].verified for summary in shown(second.report))
    gemini.batches.end()
    third = update(options, now=NOW, environ=ENVIRON)
    assert third.report.batched == 0
    assert not any(summary.takeaways[0].verified for summary in shown(third.report))
    assert gemini.calls == []
    assert third.report.usage.calls == 3
    assert third.report.usage.batch_input_tokens == third.report.usage.input_tokens
    again = update(options, now=NOW, environ=ENVIRON)
    assert again.report.usage.calls == 0
    assert gemini.calls == []


def test_a_clone_of_the_archive_pays_for_no_comparison(options: Options, gemini: FakeGemini) -> None:
    gemini.default = says("contradicted")
    kept = replace(options, archive_dir=options.cache_dir.with_name("records"))
    first = update(kept, now=NOW, environ=ENVIRON)
    asked = len(gemini.calls)
    clone = replace(kept, cache_dir=options.cache_dir.with_name("other"))
    second = update(clone, now=NOW + 2 * DAY, environ=ENVIRON)
    assert len(gemini.calls) == asked
    assert [one.takeaways for one in shown(second.report)] == [one.takeaways for one in shown(first.report)]
    site = build_site(clone, now=NOW + 2 * DAY, environ={})
    assert [one.takeaways for one in shown(site.report)] == [one.takeaways for one in shown(first.report)]
