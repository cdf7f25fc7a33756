"""arXiv and the model fail together, in every way, day after day: what was shown before still is."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mkdocs_paperdigest.models import Entry, Summary
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.known import MAX_ATTEMPTS
from mkdocs_paperdigest.pipeline.report import Report
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.storage.store import Store
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS
from tests.faults.conftest import DAY_S, KEY, PAPERS, Time, fail, impatience, leaks, model_timeout_s
from tests.faults.kinds import ARXIV, HARMLESS, HELD_BACK, OUTCOMES
from tests.runs import make_digests

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def built(options: Options, day: int) -> Report:
    store = Store(options.cache_dir / "store")
    try:
        environ = {"OPENAI_API_KEY": KEY}
        done = make_digests(options, store, now=NOW + day * DAY, environ=environ)
        assert store.problems() == []
    finally:
        store.close()
    assert done.failed == 0
    return done


def entries(done: Report) -> dict[str, Entry]:
    return {entry.paper.key: entry for entry in done.digests[0].entries}


def summaries(done: Report) -> dict[str, Summary | None]:
    return {name: entry.summary for name, entry in entries(done).items() if not entry.waiting}


def is_read(entry: Entry) -> bool:
    return entry.document is not None and entry.document.source == "html"


def is_said(entry: Entry) -> bool:
    """Whether the model has said all of the paper, or was asked often enough."""
    summary = entry.summary
    if summary is None or summary.attempts == MAX_ATTEMPTS:
        return summary is not None
    return summary.model == "openai/test" and {o.reason for o in summary.omissions} <= {ReasonCode.NOT_GIVEN}


@pytest.mark.parametrize("fault", ARXIV)
def test_whatever_fails_what_was_shown_is_shown_and_what_is_missing_comes_later(
    fault: str,
    options: Options,
    arxiv: FakeArxiv,
    gemini: FakeGemini,
    passing: Time,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "mkdocs")
    first = built(options, 0)
    before = summaries(first)
    assert len(before) == 2
    options, done = replace(options, max_new_papers=PAPERS), first
    for day, outcome in enumerate(OUTCOMES.values(), 1):
        arxiv.heal()
        passing.sleep(DAY_S)
        fail(arxiv, fault)
        gemini.default = outcome
        asked, to_ask = len(gemini.calls), not all(map(is_said, done.digests[0].entries))
        done = built(options, day)
        assert (len(gemini.calls) > asked) == (to_ask or day == 1)
        assert {name: summaries(done)[name] for name in before} == before
        (digest,) = done.digests
        assert digest.topic.state == ("fresh" if fault in HARMLESS else "stale")
        if digest.topic.state == "stale":
            assert digest.topic.trouble
            assert digest.topic.as_of == first.digests[0].topic.as_of
    assert {record.levelname for record in caplog.records} <= {"INFO"}
    arxiv.heal()
    gemini.default = "thoughts"
    passing.sleep(DAY_S)
    last = [built(options, day) for day in (20, 21)][-1]
    assert len(entries(last)) == PAPERS
    # A paper without files, says arXiv with this status, is a paper without files.
    assert all(map(is_read, last.digests[0].entries)) or fault == "404"
    assert all(map(is_said, last.digests[0].entries))
    assert {name: summaries(last)[name] for name in before} == before
    assert (last.digests[0].topic.state, last.incomplete, last.new) == ("fresh", 0, 0)
    assert impatience(arxiv) == []
    assert leaks(options.cache_dir) == []
    assert KEY not in caplog.text


def test_one_fault_after_the_other_is_met_with_patience(
    options: Options, arxiv: FakeArxiv, passing: Time, caplog: pytest.LogCaptureFixture
) -> None:
    """Each fault of arXiv right before each of its neighbours, in one search."""
    caplog.set_level(logging.INFO, "mkdocs")
    built(replace(options, max_new_papers=PAPERS), 0)
    names = list(ARXIV)
    for day, pair in enumerate(zip(names, names[1:] + names[:1], strict=True), 1):
        arxiv.heal()
        passing.sleep(DAY_S)
        # The impatient one last, because it counts.
        for name in sorted(pair, key=lambda name: name in HELD_BACK):
            fail(arxiv, name, times=1)
        done = built(options, day)
        assert len(entries(done)) == PAPERS
        assert (done.new, done.usage.calls) == (0, 0)
    assert {record.levelname for record in caplog.records} <= {"INFO"}
    assert impatience(arxiv) == []


def test_one_fault_of_the_model_after_the_other_costs_nothing_that_was_shown(
    options: Options, gemini: FakeGemini, caplog: pytest.LogCaptureFixture
) -> None:
    """Each fault of the model right before its neighbour."""
    caplog.set_level(logging.INFO, "mkdocs")
    names = [name for name in FAULTS if name not in ("fenced", "thoughts")]
    for day, pair in enumerate(zip(names, names[1:] + names[:1], strict=True), 1):
        gemini.script(pair[0])
        gemini.default = pair[1]
        asked = len(gemini.calls)
        # A model that has not said anything yet, so that it is asked.
        patience = model_timeout_s(*pair)
        asking = replace(options, model=f"openai/test-{day}", model_timeout_s=patience)
        done = built(replace(asking, max_new_papers=1), day)
        gemini.forget()
        assert len(gemini.calls) > asked
        assert all(entry.summary and entry.summary.summary for entry in entries(done).values())
    assert {record.levelname for record in caplog.records} <= {"INFO"}
    assert leaks(options.cache_dir) == []
    assert KEY not in caplog.text
