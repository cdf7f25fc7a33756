"""Overviews that a model writes: when it is asked, what is kept, what they cost, and what a page shows."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import OverviewSentence
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.cache import prune
from mkdocs_paperdigest.pipeline.site import Site, Update
from mkdocs_paperdigest.pipeline.spending import cost_by_model
from mkdocs_paperdigest.storage.store import Store
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply, honest, text
from tests.runs import build_site, forecast, gate_options, update

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
KEY = {"GEMINI_API_KEY": "not-a-real-key"}
WEEK = "2024-w40"
Sentence = tuple[str, list[str]]


def overview(*sentences: Sentence) -> str:
    return json.dumps({"sentences": [{"text": said, "papers": ids} for said, ids in sentences]})


GOOD: tuple[Sentence, ...] = (
    (
        "Two papers propose a gate that judges every generated field before it is published.",
        ["2410.00001", "2410.00002"],
    ),
    ("A gate compares names, numbers and terms with the paper itself.", ["arXiv:2410.00003v1"]),
    ("The gate finds 42 % of all defects.", ["2410.00001"]),
)
BAD: tuple[Sentence, ...] = (*GOOD[1:], ("Gates are an active field.", []))


@pytest.fixture
def written() -> list[str]:
    """Answers to questions for overviews, one after the other; the last one for all others."""
    return [overview(*GOOD)]


@pytest.fixture
def gemini(written: list[str]) -> Iterator[FakeGemini]:
    def answer(call: Call) -> Reply:
        if call.fields != ["sentences"]:
            return honest(call)
        return text(written.pop(0) if len(written) > 1 else written[0])

    with FakeGemini(answer) as fake:
        yield fake


@pytest.fixture
def options(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Options:
    return gate_options(tmp_path / "cache", arxiv, gemini, figures=False)


def asked(gemini: FakeGemini) -> int:
    return sum(call.fields == ["sentences"] for call in gemini.calls)


def build(options: Options, *, at: datetime = NOW, **environ: str) -> Site:
    return build_site(options, now=at, environ=environ or KEY)


def said(done: Site | Update, period: str = WEEK) -> tuple[OverviewSentence, ...]:
    found = done.report.digests[0].overviews.get(period)
    return found.sentences if found else ()


def page(done: Site, name: str) -> str:
    return next(file.path for file in done.files if file.uri.endswith(name)).read_text("utf-8")


def test_a_model_writes_it_once_and_what_fails_the_checks_is_left_out(
    options: Options, gemini: FakeGemini
) -> None:
    first = build(options)
    assert asked(gemini) == first.report.overviews == 1
    assert first.report.usage.calls == len(gemini.calls) == 4
    assert said(first) == (
        OverviewSentence(GOOD[0][0], ("2410.00001", "2410.00002")),
        OverviewSentence(GOOD[1][0], ("2410.00003",)),
    )
    second = build(options, at=NOW + timedelta(days=2))
    assert (asked(gemini), second.report.overviews, second.report.usage.calls) == (1, 0, 0)
    assert said(second) == said(first)


def test_pages_show_what_was_written_with_links(options: Options) -> None:
    shown = page(build(options), f"gates/{WEEK}.md")
    assert "Two papers propose a gate that judges every generated field" in shown
    assert "Written by Gemini 3&#46;5 Flash&#45;Lite on 1 Nov 2024" in shown
    opening = shown[shown.index("pd-overview") : shown.index("</ul>")]
    assert [name for name in ("1", "2", "3") if f"(#2410.0000{name})" in opening] == ["1", "2", "3"]


def test_the_question_holds_the_statements_of_the_papers_and_nothing_else(
    options: Options, gemini: FakeGemini
) -> None:
    build(options)
    (call,) = (call for call in gemini.calls if call.fields == ["sentences"])
    assert call.prompt.count("<paper>\n") == 3
    assert (
        "Identifier: 2410.00002\nTitle: Gate number 2 for generated text\n- We propose a gate" in call.prompt
    )
    assert "Abstract" not in call.prompt
    assert "Lovelace" not in call.prompt


def test_it_takes_one_place_of_max_new_papers(options: Options, gemini: FakeGemini) -> None:
    three = replace(options, max_new_papers=3)
    build(three)
    assert asked(gemini) == 0
    assert forecast(three, now=NOW, environ=KEY).overviews == 1
    second = build(three)
    assert (asked(gemini), len(gemini.calls)) == (1, 4)
    assert len(said(second)) == 2
    assert (second.report.new, second.report.cached, second.report.shown) == (0, 3, 3)


def test_a_page_waits_for_its_papers(options: Options, gemini: FakeGemini) -> None:
    build(replace(options, max_new_papers=2))
    assert asked(gemini) == 0
    build(replace(options, max_new_papers=2))
    assert asked(gemini) == 1


def test_it_is_written_again_when_its_papers_change(
    options: Options, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    build(options)
    arxiv.papers[0] = replace(arxiv.papers[0], version=2, updated=arxiv.papers[0].updated + timedelta(days=1), abstract="We propose a gate. It finds 98 % of all defects in templates.")  # fmt: skip
    build(options, at=NOW + timedelta(days=2))
    assert asked(gemini) == 2


def test_only_the_newest_four_periods_of_more_than_one_paper_are_written(
    options: Options, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    first = arxiv.papers[0]
    arxiv.papers[:] = [
        replace(first, id=f"2410.{10 * day + at:05}", published=first.published.replace(day=day))
        for day in range(1, 8)
        for at in ((0, 1) if day != 6 else (0,))
    ]
    done = build(replace(options, period="day"))
    # Of the newest four days, the sixth has one paper.
    assert asked(gemini) == 3
    assert done.report.shown == 13


@pytest.mark.parametrize(
    ("changes", "environ"), [({"overview": False}, KEY), ({}, {"OTHER": "x"}), ({"model": "extractive"}, KEY)]
)
def test_nothing_is_asked_without_the_option_a_key_or_a_model(
    changes: dict[str, Any], environ: dict[str, str], options: Options, gemini: FakeGemini
) -> None:
    done = build(replace(options, **changes), **environ)
    assert (asked(gemini), said(done)) == (0, ())


def test_an_overview_that_fails_gives_way_to_the_keyless_one_and_is_asked_again_a_few_times(
    options: Options, gemini: FakeGemini, written: list[str]
) -> None:
    written[:] = [overview(*BAD)]
    for day, calls in ((0, 1), (0, 1), (2, 2), (4, 3), (6, 3), (60, 3)):
        done = build(options, at=NOW + timedelta(days=day))
        assert (asked(gemini), said(done)) == (calls, ())
    assert "Gate number 1" in page(done, f"gates/{WEEK}.md")
    assert "42" not in page(done, f"gates/{WEEK}.md")


@pytest.mark.parametrize(
    "answer", ["no JSON", '{"sentences": []}', '{"other": 1}', '{"sentences": [{"text": 1}]}']
)
def test_an_answer_that_cannot_be_read_is_paid_for_and_counts(
    answer: str, options: Options, gemini: FakeGemini, written: list[str]
) -> None:
    written[:] = [answer, overview(*GOOD)]
    first = build(options)
    assert (asked(gemini), said(first), first.report.usage.calls) == (1, (), 4)
    assert asked(gemini) == 1
    later = build(options, at=NOW + timedelta(days=2))
    assert (asked(gemini), len(said(later))) == (2, 2)


def test_a_model_that_is_down_costs_nothing_and_the_next_build_asks(
    options: Options, gemini: FakeGemini, written: list[str]
) -> None:
    build(replace(options, max_new_papers=3))
    gemini.script("bad_key")
    first = build(options)
    assert (said(first), first.report.failed) == ((), 0)
    assert len(said(build(options))) == 2


def test_what_it_cost_is_kept_apart(options: Options) -> None:
    build(options)
    store = Store(options.cache_dir / "store")
    try:
        (spent,) = cost_by_model(store)
    finally:
        store.close()
    assert (spent.papers, spent.overviews, spent.usage.calls, spent.overview_usage.calls) == (3, 1, 4, 1)


def test_a_forecast_counts_it(options: Options, gemini: FakeGemini) -> None:
    before = forecast(options, now=NOW, environ=KEY)
    assert (before.papers, before.overviews, before.usage.calls) == (3, 1, 4)
    assert forecast(replace(options, max_new_papers=3), now=NOW, environ=KEY).overviews == 0
    assert gemini.calls == []
    build(options)
    after = forecast(options, now=NOW, environ=KEY)
    assert (after.papers, after.overviews, after.usage.calls) == (0, 0, 0)


def test_a_batch_brings_it(options: Options, gemini: FakeGemini) -> None:
    build(replace(options, max_new_papers=3))
    first = update(options, now=NOW, environ=KEY, by_batch=True)
    assert (asked(gemini), said(first), first.report.sent) == (0, (), 0)
    assert forecast(options, now=NOW, environ=KEY).overviews == 0
    gemini.batches.end()
    second = build(options)
    assert (asked(gemini), len(said(second)), second.report.usage.batch_input_tokens > 0) == (0, 2, True)
    third = build(options)
    assert (asked(gemini), len(said(third)), third.report.usage.calls) == (0, 2, 0)


def test_prune_deletes_an_overview_when_a_paper_that_it_names_is_gone(
    options: Options, gemini: FakeGemini, arxiv: FakeArxiv, written: list[str]
) -> None:
    # One sentence is of a paper that does not exist: it is left out, and says nothing of what is listed.
    written[:] = [overview(*GOOD[:2], ("A gate compares names with the paper itself.", ["2410.99999"]))]
    first = build(options)
    prune(options, now=NOW, environ=KEY)
    assert overviews_of(options) == 1
    assert (said(build(options)), asked(gemini)) == (said(first), 1)
    del arxiv.papers[2]
    later = NOW + timedelta(days=2)
    build(options, at=later)
    before = overviews_of(options)
    prune(options, now=later, environ=KEY)
    assert overviews_of(options) == before - 1
    calls = len(gemini.calls)
    build(options, at=later)
    assert len(gemini.calls) == calls


def overviews_of(options: Options) -> int:
    store = Store(options.cache_dir / "store")
    try:
        return len(list(store.keys("overview")))
    finally:
        store.close()


@pytest.fixture
def archived(options: Options, tmp_path: Path) -> Options:
    with_archive = replace(options, archive_dir=tmp_path / "archive")
    update(with_archive, now=NOW, environ=KEY)
    return replace(with_archive, cache_dir=tmp_path / "other", offline=True, model="extractive")


def file_of(options: Options) -> Path:
    assert options.archive_dir is not None
    return options.archive_dir / "overviews.yml"


def test_a_build_from_the_archive_alone_shows_what_was_written(archived: Options) -> None:
    done = build(archived)
    assert [one.text for one in said(done)] == [GOOD[0][0], GOOD[1][0]]
    assert "Two papers propose a gate" in page(done, f"gates/{WEEK}.md")


def test_what_people_change_in_it_stays(archived: Options, options: Options, gemini: FakeGemini) -> None:
    file = file_of(archived)
    file.write_text(file.read_text().replace("Two papers propose", "A pair of papers proposes"))
    kept = file.read_bytes()
    update(replace(options, archive_dir=archived.archive_dir), now=NOW + timedelta(days=2), environ=KEY)
    assert (file.read_bytes(), asked(gemini)) == (kept, 1)
    assert said(build(archived))[0].text.startswith("A pair of papers")


def test_what_was_written_of_other_statements_is_not_shown(archived: Options) -> None:
    assert archived.archive_dir is not None
    record = archived.archive_dir / "2410.00001.yaml"
    record.write_text(record.read_text().replace("We propose a gate", "We propose no gate"))
    assert said(build(archived)) == ()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda content: content["overviews"]["gates"][WEEK].pop("basis"), "basis"),
        (lambda content: content.update(more=1), "more"),
        (
            lambda content: content["overviews"]["gates"][WEEK].update(colour="red"),
            "line [0-9]+: `overviews.gates..*.colour`: there is no such field",
        ),
        (lambda content: content["overviews"].update(gates={WEEK: "red"}), "is not a mapping"),
        (lambda content: content.update(schema="99"), "newer"),
    ],
)
def test_a_wrong_file_is_an_error_with_its_place(
    change: Callable[[dict[str, Any]], object], wrong: str, archived: Options
) -> None:
    file = file_of(archived)
    content = yaml.load(file.read_text(), yaml.BaseLoader)
    change(content)
    file.write_text(yaml.safe_dump(content))
    with pytest.raises(ConfigurationError, match=f"overviews.yml.*{wrong}"):
        build(archived)
