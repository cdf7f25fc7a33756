"""What an older version of marks and gate let through is judged again from what is stored, without a call."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from mkdocs_paperdigest.models import Claim, FullText, Omission, Section, Summary
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.storage.store import Store, open_store
from mkdocs_paperdigest.summaries import JUDGEMENT_VERSION, summarize
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.runs import build_site, gate_options, update

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
KEY = {"GEMINI_API_KEY": "not-a-real-key"}
QUOTE = PAPER.abstract.split(". ")[0]
MARK = b"pd-evidence"


@pytest.fixture
def options(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Options:
    return gate_options(tmp_path / "cache", arxiv, gemini, overview=False, period="day", figures=False)


def shown(options: Options, at: datetime, environ: dict[str, str] = KEY) -> bytes:
    """All pages of a build."""
    files = build_site(options, now=at, environ=environ).files
    return b"\n".join(file.path.read_bytes() for file in files if file.uri.endswith(".md"))


def summaries(store: Store) -> Iterator[tuple[str, Summary]]:
    for kind in ("summary", "latest"):
        for name in store.keys(kind):
            summary = store.get(name, Summary)
            assert summary is not None
            yield name, summary


def age(options: Options, **changes: object) -> None:
    """Makes the stored summaries what an older version would have stored."""
    with open_store(options.cache_dir) as store:
        for name, summary in [*summaries(store)]:
            store.put(name, replace(summary, judged=0, **changes))  # type: ignore[arg-type]


def test_marks_of_an_older_version_are_judged_again(
    options: Options, gemini: FakeGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(options, NOW).count(MARK) > 5
    calls = len(gemini.calls)
    wrong = Claim("It was never written.", QUOTE.replace("the", "no"), page=3, verified=True)
    right = Claim(QUOTE, QUOTE)
    age(options, takeaways=(right, right, wrong), approach=Claim("xxx", QUOTE, verified=True))
    page = shown(options, LATER)
    assert len(gemini.calls) == calls
    with open_store(options.cache_dir) as store:
        stored = [summary for name, summary in summaries(store) if name.startswith("summary:")]
    assert stored
    for summary in stored:
        assert summary.judged == JUDGEMENT_VERSION
        assert summary.approach is None
        assert Omission("approach", ReasonCode.PLACEHOLDER) in summary.omissions
        assert not any(claim.verified for claim in summary.takeaways if claim.text == wrong.text)
    assert b"xxx" not in page

    def never(*_: object, **__: object) -> None:
        raise AssertionError("judged twice")

    monkeypatch.setattr(summarize, "judged_again", never)
    without_model = replace(options, max_new_papers=0)
    assert shown(without_model, LATER) == shown(without_model, LATER)


def test_a_stored_summary_whose_text_is_lost_loses_its_marks_until_it_is_read(
    options: Options, gemini: FakeGemini, arxiv: FakeArxiv
) -> None:
    before = shown(options, NOW)
    calls = len(gemini.calls)
    age(options)
    with open_store(options.cache_dir) as store:
        for name in [*store.keys("text")]:
            store.forget(name)
    offline = replace(options, offline=True)
    lost = shown(offline, LATER)
    assert MARK not in lost
    assert lost.count(QUOTE.encode()) > 0
    assert shown(options, LATER).count(MARK) == before.count(MARK)
    assert len(gemini.calls) == calls


def archived(options: Options, tmp_path: Path) -> Options:
    """An archive that an older version wrote."""
    options = replace(options, archive_dir=tmp_path / "archive")
    update(options, now=NOW, environ=KEY)
    for path in (tmp_path / "archive").glob("2*.yaml"):
        record = yaml.load(path.read_text(), yaml.BaseLoader)
        del record["summary"]["judged"], record["generated"]["summary.judged"]
        path.write_text(yaml.safe_dump(record, sort_keys=False))
    return options


def test_a_record_without_its_text_keeps_its_fields_and_loses_its_marks(
    options: Options, tmp_path: Path, gemini: FakeGemini
) -> None:
    options = archived(options, tmp_path)
    clone = replace(options, cache_dir=tmp_path / "other", offline=True)
    page = shown(clone, LATER, {})
    assert MARK not in page
    assert QUOTE.encode() in page
    calls = len(gemini.calls)
    update(replace(options, cache_dir=tmp_path / "third"), now=LATER, environ=KEY)
    assert len(gemini.calls) == calls
    assert MARK in shown(clone, LATER, {})


def test_what_a_person_wrote_is_not_judged(options: Options, tmp_path: Path) -> None:
    options = archived(options, tmp_path)
    path = tmp_path / "archive/2410.00001.yaml"
    record = yaml.load(path.read_text(), yaml.BaseLoader)
    record["summary"]["approach"] = {"text": "xxx", "quote": "I say so.", "verified": "true"}
    path.write_text(yaml.safe_dump(record, sort_keys=False))
    for cache in (options.cache_dir, tmp_path / "other"):
        page = shown(replace(options, cache_dir=cache, offline=True), LATER, {})
        assert b"I say so" in page
        assert page.count(b"xxx") == 1


def test_a_record_is_judged_from_the_text_that_is_at_hand(options: Options, tmp_path: Path) -> None:
    options = archived(options, tmp_path)
    assert MARK in shown(replace(options, offline=True), LATER, {})


BODY = PAPER.abstract * 3
SENTENCES = [sentence.strip(" .") for sentence in PAPER.abstract.split(". ")][:3]
TEXT = FullText(
    (Section("Results", f"{BODY} The planner succeeds in 93.5% of all trials on KnitBench, as planned."),)
)
MADE = Summary(
    model="gemini/x",
    language="en",
    made_at=NOW,
    basis="pdf",
    summary=QUOTE + ".",
    takeaways=tuple(Claim(f"{one}.", one, verified=True) for one in SENTENCES),
    results=Claim(
        "It succeeds in 93.5% of trials.", "The planner succeeds in 93.5% of all trials", verified=True
    ),
    methods=(
        Claim("The planner succeeds in 41.7% of all trials.", "The planner succeeds in 93.5%", verified=True),
    ),
    omissions=(Omission("workload", ReasonCode.NOT_GIVEN),),
    relevance=8,
)


def test_fields_are_judged_by_the_text_and_the_rest_stays() -> None:
    made = summarize.judged_again(MADE, PAPER, TEXT)
    assert made.results == MADE.results
    assert made.methods == ()
    assert made.omissions == (*MADE.omissions, Omission("methods", ReasonCode.NUMBERS))
    assert (made.relevance, made.judged, made.usage) == (8, JUDGEMENT_VERSION, MADE.usage)


def test_marks_that_a_second_look_took_do_not_come_back() -> None:
    assert MADE.results is not None
    doubted = replace(MADE, results=replace(MADE.results, verified=False), checked=True)
    made = summarize.judged_again(doubted, PAPER, TEXT)
    assert made.results is not None
    assert not made.results.verified
    again = summarize.judged_again(replace(doubted, checked=False), PAPER, TEXT)
    assert again.results == MADE.results


def test_kept_and_extracted_fields_are_not_judged() -> None:
    bad = replace(MADE, results=Claim("xxx", "x", verified=True), extracted=("takeaways",))
    made = summarize.judged_again(bad, PAPER, TEXT, kept={"results"})
    assert (made.results, made.takeaways) == (bad.results, bad.takeaways)
    assert summarize.judged_again(bad, PAPER, TEXT).results is None


def test_a_summary_that_fails_now_comes_from_the_abstract() -> None:
    made = summarize.judged_again(replace(MADE, summary="xxx"), PAPER, TEXT)
    assert made.summary
    assert made.extracted == ("summary",)
    assert Omission("summary", ReasonCode.PLACEHOLDER) in made.omissions


def test_without_its_text_a_summary_keeps_its_fields_alone() -> None:
    made = summarize.judged_again(MADE, PAPER, None, kept={"results"})
    assert made.results == MADE.results
    assert not any(claim.verified for claim in (*made.takeaways, *made.methods))
    assert (made.methods[0].text, made.omissions, made.judged) == (MADE.methods[0].text, MADE.omissions, 0)
