"""The pipeline as a whole: what is asked, kept, shown, left for later, and counted."""

import json
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import ConfigurationError, StoreError
from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.progress import Progress
from mkdocs_paperdigest.pipeline.report import Report
from mkdocs_paperdigest.pipeline.threads import SWITCH_S
from mkdocs_paperdigest.reasons import worded
from mkdocs_paperdigest.storage.store import Store
from tests.fakes import printing
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, honest_answer
from tests.runs import GATES, make_digests

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
IDS = ["2410.00003", "2410.00002", "2410.00001"]
TEXTS = Topic("Texts", "texts", phrases=("text",))


Run = Callable[..., Report]


@pytest.fixture
def run(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Run:
    def once(
        *topics: Topic,
        at: datetime = NOW,
        progress: Progress | None = None,
        prepare: Callable[[], object] | None = None,
        **changes: object,
    ) -> Report:
        options = Options(
            topics=topics or (GATES,),
            cache_dir=tmp_path,
            arxiv_url=arxiv.url,
            request_interval_s=0.005,
            model="gemini/gemini-3.5-flash-lite",
            model_url=gemini.url,
            overview=False,
        )
        store = Store(tmp_path / "store")
        try:
            environ = {"GEMINI_API_KEY": "not-a-real-key"}
            return make_digests(
                replace(options, **changes),
                store,
                now=at,
                environ=environ,
                prepare=prepare,
                progress=progress,
            )
        finally:
            store.close()

    return once


def fates(done: Report, topic: int = 0) -> Counter[str]:
    return Counter(line.fate for line in done.digests[topic].ledger)


def test_a_second_run_pays_for_nothing(run: Run, arxiv: FakeArxiv, gemini: FakeGemini) -> None:
    first = run()
    assert (first.shown, first.new, first.failed) == (3, 3, 0)
    assert first.usage.calls == len(gemini.calls) >= 3
    assert [entry.paper.id for entry in first.digests[0].entries] == [
        "2410.00003",
        "2410.00002",
        "2410.00001",
    ]
    assert all(entry.summary and entry.summary.summary for entry in first.digests[0].entries)
    asked = len(arxiv.requests), len(gemini.calls)
    second = run()
    assert (len(arxiv.requests), len(gemini.calls)) == asked
    assert (second.new, second.usage.calls) == (0, 0)
    assert second.digests == first.digests


def test_more_papers_than_allowed_wait_for_later_builds(run: Run) -> None:
    first = run(max_new_papers=2)
    *read, waiting = first.digests[0].entries
    assert [entry.paper.id for entry in read] == ["2410.00003", "2410.00002"]
    assert first.digests[0].waiting == (waiting,)
    assert (waiting.paper.id, waiting.document) == ("2410.00001", None)
    assert waiting.summary is not None
    assert waiting.summary.model == "extractive"
    assert (first.shown, first.waiting) == (2, 1)
    assert fates(first) == {"shown": 2, "waiting": 1}
    second = run(max_new_papers=2)
    assert (second.shown, second.waiting, second.new) == (3, 0, 1)


def test_the_ledger_accounts_for_every_paper(run: Run, arxiv: FakeArxiv) -> None:
    arxiv.papers.append(replace(arxiv.papers[0], id="2409.00001", published=NOW - timedelta(days=60)))
    done = run(replace(GATES, since=timedelta(days=40), max_papers=4))
    fate = {line.key: (line.fate, worded(line.reasons)) for line in done.digests[0].ledger}
    assert fate["2410.00003v1"] == ("shown", "")
    assert fate["2409.00001v1"] == ("filtered", "before 2024-09-22")
    assert len(fate) == len(done.digests[0].ledger)
    assert fates(done) == {"shown": 3, "filtered": 1}


def test_a_paper_in_two_topics_is_summarized_once(run: Run, gemini: FakeGemini) -> None:
    done = run(GATES, TEXTS)
    assert done.shown == 3
    assert [len(digest.entries) for digest in done.digests] == [3, 3]
    assert sum("summary" in call.fields for call in gemini.calls) == 3


def test_what_does_not_belong_is_set_aside_with_its_score(run: Run, gemini: FakeGemini) -> None:
    def judge(call: Call) -> str:
        score = 1 if "number 2" in call.prompt else 8
        return json.dumps(honest_answer(call) | {"relevance": score})

    gemini.default = judge
    judged = replace(GATES, description="Only odd gates.", min_relevance=3)
    done = run(judged, replace(TEXTS, description="Only odd texts.", min_relevance=3))
    for digest in done.digests:
        assert [entry.paper.id for entry in digest.set_aside] == ["2410.00002"]
        assert [entry.paper.id for entry in digest.entries] == ["2410.00003", "2410.00001"]
    assert fates(done) == {"shown": 2, "set aside": 1}
    # The second topic needs a score of its own, and nothing else.
    assert [call.fields for call in gemini.calls].count(["relevance"]) == 3


def test_while_the_model_is_down_an_extract_is_shown_and_the_model_asked_again(
    run: Run, gemini: FakeGemini
) -> None:
    gemini.default = "429_daily"
    first = run()
    assert (first.shown, first.failed, first.incomplete) == (3, 0, 3)
    assert {entry.summary.model for entry in first.digests[0].entries if entry.summary} == {"extractive"}
    assert {worded(entry.trouble) for entry in first.digests[0].entries} == {
        "the daily limit of the language model is used up"
    }
    gemini.default = honest_answer_text
    second = run()
    assert (second.incomplete, second.new) == (0, 3)
    models = {entry.summary.model for entry in second.digests[0].entries if entry.summary}
    assert models == {"gemini/gemini-3.5-flash-lite"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"language": "zh"}, "3 papers will be summarized again, because `language` changed"),
        ({"model": "gemini/gemini-2.5-flash"}, "3 papers will be summarized again, because `model` changed"),
        (
            {"model": "gemini/gemini-2.5-flash", "language": "zh"},
            "3 papers will be summarized again, because `language` and `model` changed",
        ),
    ],
)
def test_what_a_change_costs_is_said_before_the_model_is_asked(
    run: Run, gemini: FakeGemini, caplog: pytest.LogCaptureFixture, changes: dict[str, str], why: str
) -> None:
    spent = run().usage
    said: list[str] = []

    def answer(call: Call) -> str:
        said.extend(record.getMessage() for record in caplog.records)
        return honest_answer_text(call)

    gemini.default = answer
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        run(**changes, max_new_papers=2)
    (line,) = {line for line in said if "summarized" in line}
    typical = "model" in changes
    tokens = 3 * 18_500 if typical else spent.input_tokens + spent.output_tokens
    assert line.startswith(f"{why}: about 3 model calls, {tokens} tokens, about $0.")
    assert line.endswith("; 2 in this build (`max_new_papers`)")
    # The one that is left is counted in the next build, and nothing where all is done.
    for left in (1, 0):
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="mkdocs"):
            run(**changes, max_new_papers=2)
        lines = [line for line in caplog.messages if "summarized" in line]
        assert [line.split(" will")[0] for line in lines] == ["1 paper"] * left
    # What was said under the former options is still there.
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        assert run().usage.calls == 0
    assert not [line for line in caplog.messages if "summarized" in line]


def test_what_other_prompts_cost_is_said(run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run()
    (tmp_path / "templates/prompts").mkdir(parents=True)
    (tmp_path / "templates/prompts/system.jinja").write_text("Summarize papers, as JSON.")
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        run(templates_dir=tmp_path / "templates")
    (line,) = [line for line in caplog.messages if "summarized" in line]
    assert line.startswith(
        "3 papers will be summarized again, because the prompts or their text changed: about 3"
    )


def test_what_a_model_costs_after_extracts_is_said(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    run(model="extractive")
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        run()
    (line,) = [line for line in caplog.messages if "summarized" in line]
    assert line.startswith(
        "3 papers shown without a model so far will be summarized: about 3 model calls, 55500"
    )


def test_a_refused_call_is_counted_and_told_in_one_line(
    run: Run, gemini: FakeGemini, caplog: pytest.LogCaptureFixture
) -> None:
    gemini.default = "bad_key"
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        # One by one: on a busy machine, other calls set out before the first one is refused.
        done = run(model_concurrency=1)
    assert done.usage.calls == len(gemini.calls) == 1
    told = [record.getMessage() for record in caplog.records if "gemini/" in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith("model gemini/gemini-3.5-flash-lite: the key of the language model")
    assert told[0].endswith("set GEMINI_API_KEY or GOOGLE_API_KEY")


def test_a_paper_that_is_not_scored_is_asked_about_again_on_another_day(run: Run, gemini: FakeGemini) -> None:
    def silent(call: Call) -> str:
        return json.dumps({k: v for k, v in honest_answer(call).items() if k != "relevance"})

    gemini.default = silent
    topic = replace(GATES, max_papers=1, min_relevance=5)
    first = run(topic)
    assert (first.shown, first.failed) == (1, 0)
    assert first.usage.calls == len(gemini.calls)
    paid = len(gemini.calls)
    run(topic, at=NOW + timedelta(hours=1))
    assert len(gemini.calls) == paid
    run(topic, at=NOW + timedelta(days=1))
    assert len(gemini.calls) > paid


def test_an_older_summary_is_better_than_an_extract(run: Run, gemini: FakeGemini) -> None:
    run()
    gemini.default = "429_daily"
    second = run(model="gemini/gemini-3.8-flash")
    models = {entry.summary.model for entry in second.digests[0].entries if entry.summary}
    assert models == {"gemini/gemini-3.5-flash-lite"}


def test_failed_fields_are_asked_again_on_another_day_and_not_for_ever(run: Run, gemini: FakeGemini) -> None:
    def forgetful(call: Call) -> str:
        return json.dumps(honest_answer(call) | {"summary": "xxx"})

    gemini.default = forgetful
    run(replace(GATES, max_papers=1))
    paid = len(gemini.calls)
    run(replace(GATES, max_papers=1), at=NOW + timedelta(hours=1))
    assert len(gemini.calls) == paid
    for day in range(1, 6):
        run(replace(GATES, max_papers=1), at=NOW + timedelta(days=day))
    again = gemini.calls[paid:]
    assert 0 < len(again) <= 4
    assert all(call.fields == ["summary"] for call in again)


def test_arxiv_failing_later_shows_the_last_good_state(run: Run, arxiv: FakeArxiv) -> None:
    first = run()
    arxiv.fail("503", times=None)
    later = run(at=NOW + timedelta(days=2))
    assert later.digests[0].topic.state == "stale"
    assert later.digests[0].topic.as_of == first.digests[0].topic.as_of
    assert later.digests[0].entries == first.digests[0].entries


def test_a_withdrawn_paper_loses_summary_and_figures(run: Run, arxiv: FakeArxiv) -> None:
    run()
    arxiv.papers[0] = replace(arxiv.papers[0], comment="This paper has been withdrawn by the authors")
    entries = run(at=NOW + timedelta(days=1)).digests[0].entries
    (withdrawn,) = [entry for entry in entries if entry.paper.withdrawn]
    assert (withdrawn.document, withdrawn.summary) == (None, None)


def test_a_new_version_replaces_the_old_one(run: Run, arxiv: FakeArxiv) -> None:
    run()
    newer = replace(arxiv.papers[0], version=2, updated=NOW)
    arxiv.papers[0] = newer
    done = run(at=NOW + timedelta(days=1))
    assert [entry.paper.key for entry in done.digests[0].entries][-1] == "2410.00001v2"
    assert (done.shown, done.new) == (3, 1)


def test_without_any_summarizer_papers_are_shown_bare(run: Run, gemini: FakeGemini) -> None:
    done = run(model="none")
    assert done.shown == 3
    assert all(entry.summary is None for entry in done.digests[0].entries)
    assert not gemini.calls


def test_papers_are_read_while_the_model_is_busy(run: Run, arxiv: FakeArxiv, gemini: FakeGemini) -> None:
    arxiv.papers += [replace(arxiv.papers[0], id=f"2410.0001{number}") for number in range(3)]

    def read() -> int:
        return sum(request.kind == "pdf" for request in arxiv.requests)

    read_meanwhile: list[int] = []

    def slow(call: Call) -> str:
        # The first answer waits for the papers that should be read in the meantime.
        if not read_meanwhile:
            ended = time.monotonic() + 120
            while read() < 4 and time.monotonic() < ended:
                gemini.stopping.wait(0.01)
            read_meanwhile.append(read())
        return honest_answer_text(call)

    gemini.default = slow
    assert run(model_concurrency=1).new == 6
    assert read_meanwhile == [4]


def test_after_an_error_that_ends_the_build_no_further_paper_is_begun(
    run: Run, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    arxiv.papers += [replace(arxiv.papers[0], id=f"2410.{number:05}") for number in range(11, 31)]

    def full(done: int, *_: object) -> None:
        if done:
            raise StoreError("no space left on device")

    # Held on to, as by whoever tells of it: the generator of results lives as long.
    with pytest.raises(StoreError) as raised:
        run(model_concurrency=1, progress=full)
    for thread in threading.enumerate():
        if thread.name.startswith("paperdigest-"):
            thread.join(20)
    assert len(gemini.calls) < 12
    assert "no space" in str(raised.value)


def test_without_a_network_too_only_some_papers_are_read_again_in_one_build(run: Run) -> None:
    run()
    again = run(offline=True, figures_max=3, max_new_papers=1)
    assert (again.shown, again.new) == (3, 1)


def test_a_paper_that_breaks_the_reader_costs_only_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import mkdocs_paperdigest.pipeline.reading as reading

    real = reading.read_document

    def read(paper: Paper, *rest: object) -> object:
        if paper.id == "2410.00002":
            raise IndexError("a bug")
        return real(paper, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_document", read)
    done = run()
    assert fates(done) == {"shown": 2, "failed": 1}
    assert (done.shown, done.failed) == (3, 1)


def test_figures_that_were_forbidden_come_once_they_are_allowed(run: Run, arxiv: FakeArxiv) -> None:
    for paper in [arxiv.papers.pop(0) for _ in range(3)]:
        page = printing.html(paper).replace(
            printing.CC_BY.encode(), b"arXiv.org perpetual non-exclusive license"
        )
        arxiv.add(paper, html=page)

    def figures(done: Report) -> int:
        return sum(len(entry.document.figures) for entry in done.digests[0].entries if entry.document)

    assert figures(run(figures_license="open")) == 0
    assert figures(run(figures_license="all")) == 3


def test_an_image_that_was_cut_is_made_again_from_the_paper_that_is_there(
    run: Run, arxiv: FakeArxiv, gemini: FakeGemini, tmp_path: Path
) -> None:
    first = run(replace(GATES, max_papers=1))
    (path,) = tmp_path.glob("figures/**/fig-1.webp")
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    asked = len(arxiv.requests), len(gemini.calls)
    second = run(replace(GATES, max_papers=1))
    assert path.read_bytes() == whole
    assert (len(arxiv.requests), len(gemini.calls)) == asked
    assert second.digests == first.digests


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_went_wrong_and_was_set_right_leaves_nothing_stuck(
    run: Run, arxiv: FakeArxiv, gemini: FakeGemini, years: int
) -> None:
    def forgetful(call: Call) -> str:
        return json.dumps(honest_answer(call) | {"summary": "xxx"})

    gemini.default = forgetful
    topic = replace(GATES, max_papers=1)
    first = run(topic, at=NOW + timedelta(days=365 * years))
    gemini.default = honest_answer_text
    asked = len(arxiv.asked("api"))
    # What was learnt at a time that is yet to come, or long ago, is not new.
    second = run(topic)
    assert len(arxiv.asked("api")) == asked + 1
    assert second.digests[0].topic.as_of == NOW
    (before,), (after,) = first.digests[0].entries, second.digests[0].entries
    assert before.summary is not None
    assert after.summary is not None
    assert (before.summary.extracted, after.summary.extracted) == (("summary",), ())
    calls = len(gemini.calls)
    assert run(topic, at=NOW + timedelta(hours=1)).digests == second.digests
    assert (len(arxiv.asked("api")), len(gemini.calls)) == (asked + 1, calls)


def test_two_libraries_cannot_share_a_key(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "r.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
        (folder / "r.bib").write_text("@misc{r, title={R}, author={A B}, year={2024}, file={r.pdf}}")
    libraries = [Topic(name, name, library=tmp_path / name / "r.bib") for name in ("a", "b")]
    with pytest.raises(ConfigurationError, match="two libraries call different papers `r`"):
        run(*libraries)


def honest_answer_text(call: Call) -> str:
    return json.dumps(honest_answer(call))


def test_what_comes_next_is_prepared_once_while_papers_are_under_way(run: Run) -> None:
    seen: list[object] = []

    def build() -> None:
        run(progress=lambda done, *_: seen.append(done), prepare=lambda: seen.append("prepared"))

    build()
    assert seen == [0, 1, "prepared", 2, 3]
    build()
    assert seen == [0, 1, "prepared", 2, 3]  # nothing is under way


def test_a_preparation_that_fails_costs_no_paper(run: Run) -> None:
    def prepare() -> None:
        raise OSError("no memory")

    done = run(prepare=prepare)
    assert (done.shown, done.new, done.failed) == (3, 3, 0)


def test_threads_that_send_need_not_wait_for_those_that_compute(run: Run) -> None:
    seen: list[float] = []
    usual = sys.getswitchinterval()
    run(progress=lambda done, *_: seen.append(sys.getswitchinterval()) if done else None)
    assert seen == pytest.approx([SWITCH_S] * 3)
    assert sys.getswitchinterval() == usual
