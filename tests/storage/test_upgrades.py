"""A lab that upgrades, goes back, or runs two versions on one cache loses nothing that it has paid for."""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.archive.records import Record, read_record, write_record
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import (
    Claim,
    Entry,
    Paper,
    Summary,
)
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.cache import prune
from mkdocs_paperdigest.pipeline.report import Report
from mkdocs_paperdigest.pipeline.run import Run as Build
from mkdocs_paperdigest.storage.layout import images_folder
from mkdocs_paperdigest.storage.migrations import StoreStep
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.runs import make_digests

IDS = ("2410.00003", "2410.00002", "2410.00001")
NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
FILE = Path("2410.13786.yaml")
KEY = {"GEMINI_API_KEY": "not-a-real-key"}
SUMMARY = Summary(
    model="gemini/x",
    language="en",
    made_at=NOW,
    basis="html",
    summary="A gate.",
    takeaways=(Claim("It works."),),
)


@pytest.fixture
def options(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Options:
    return Options(
        topics=(Topic("Gates", "gates", phrases=("gate",)),),
        cache_dir=tmp_path,
        arxiv_url=arxiv.url,
        request_interval_s=0.005,
        model="gemini/gemini-3.5-flash-lite",
        model_url=gemini.url,
    )


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Any]:
    opened = []

    def open_store(*steps: StoreStep) -> Store:
        opened.append(Store(tmp_path / "store", steps=steps))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


def run(options: Options, *steps: StoreStep) -> Report:
    store = Store(options.cache_dir / "store", steps=steps)
    try:
        return make_digests(options, store, now=NOW, environ=KEY)
    finally:
        store.close()


def points_became_takeaways(kind: str, value: Any) -> Any:
    """A step as a later version may have it: version 1 called takeaways `points`, and they were text."""
    if kind in ("summary", "latest"):
        value["takeaways"] = [{"text": point} for point in value.pop("points")]
    return value


def as_points(summary: Summary) -> Any:
    """A summary as that version 1 stored it."""
    plain = {"model": summary.model, "language": summary.language, "basis": summary.basis}
    points = [claim.text for claim in summary.takeaways]
    made_at = summary.made_at.isoformat()
    return {**plain, "made_at": made_at, "summary": summary.summary, "points": points}


def test_a_value_of_an_older_version_is_brought_up_to_date(
    stores: Any, caplog: pytest.LogCaptureFixture
) -> None:
    old = as_points(SUMMARY)
    stores().put("summary:a", old)
    caplog.set_level(logging.INFO)
    new = stores(points_became_takeaways)
    assert new.get("summary:a", Summary) == SUMMARY
    assert list(new.keys("summary")) == ["summary:a"]
    (line,) = caplog.messages
    assert "written by an older version of mkdocs-paperdigest (schema 1, now 2)" in line
    # Taken over for good, without a word; and who goes back finds everything as it was.
    assert stores(points_became_takeaways).get("summary:a", Summary) == SUMMARY
    assert len(caplog.records) == 1
    assert stores().get("summary:a", dict) == old


def test_a_newer_version_on_the_same_cache_keeps_its_own(
    stores: Any, caplog: pytest.LogCaptureFixture
) -> None:
    stores(points_became_takeaways).put("summary:a", SUMMARY)
    caplog.set_level(logging.INFO)
    old = stores()
    assert "newer version of mkdocs-paperdigest (schema 2, this one has 1)" in caplog.text
    assert "upgrade, or set another `cache_dir`" in caplog.text
    assert old.get("summary:a", Summary) is None
    assert list(old.keys("summary")) == []
    old.put("summary:a", as_points(replace(SUMMARY, summary="Another.")))
    old.retire()
    assert stores(points_became_takeaways).get("summary:a", Summary) == SUMMARY


def test_what_cannot_be_taken_over_is_unknown(stores: Any) -> None:
    stores().put("summary:a", {"made_at": "long ago"})
    stores().put("latest:a", [1])
    new = stores(points_became_takeaways)
    assert new.get("summary:a", Summary) is None
    assert new.get("latest:a", Summary) is None


def test_retiring_an_older_version_keeps_what_it_knew(stores: Any) -> None:
    stores().put("summary:a", as_points(SUMMARY))
    stores().put("summary:b", as_points(SUMMARY))
    new = stores(points_became_takeaways)
    better = new.put("summary:b", replace(SUMMARY, summary="Better."))
    assert new.retire() == 2
    assert new.get("summary:a", Summary) == SUMMARY
    assert new.get("summary:b", Summary) == better
    assert stores().get("summary:a", dict) is None


def takeaways_were_points(record: dict[str, Any]) -> dict[str, Any]:
    """A step of records as a later version may have it."""
    summary = dict(record["summary"])
    points = summary.pop("points")
    return {**record, "summary": {**summary, "takeaways": points}}


def older_record(text: bytes) -> bytes:
    """The record as a version wrote it that called takeaways `points`."""
    return text.replace(b"takeaways:", b"points:").replace(b"summary.takeaways", b"summary.points")


def test_a_record_of_an_older_version_is_brought_up_to_date_with_what_people_changed() -> None:
    record = Record(PAPER, notes="Read it.", summary=SUMMARY)
    old = older_record(write_record(record))
    known = read_record(old, FILE, steps=(takeaways_were_points,))
    assert replace(known, generated={}) == record
    # It is rewritten with the next change, not for its version alone.
    assert write_record(record, known) is None
    newer = replace(SUMMARY, summary="A better gate.", takeaways=(Claim("It works better."),))
    after = read_record(write_record(replace(record, summary=newer), known), FILE)
    assert after.summary == newer

    mine = old.replace(b"It works.", b"It works, says a person.")
    corrected = read_record(mine, FILE, steps=(takeaways_were_points,))
    after = read_record(write_record(replace(record, summary=newer), corrected), FILE)
    assert after.summary == replace(newer, takeaways=(Claim("It works, says a person."),))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"points:", b"point:", "line 3: `schema`: a record of version 1 does not look like this"),
        (b"schema: 1", b"schema: 3", "line 3: `schema`: 3 is of a newer version; upgrade"),
        (b"hidden: false", b"hidden: maybe", "line 4: `hidden`: Input should be a valid bool"),
    ],
)
def test_a_record_that_no_step_fits_is_told_with_its_line(
    old: bytes, new: bytes, told: str
) -> None:
    text = older_record(write_record(Record(PAPER, summary=SUMMARY)))
    assert old in text
    with pytest.raises(ConfigurationError) as wrong:
        read_record(text.replace(old, new), FILE, steps=(takeaways_were_points,))
    assert told in str(wrong.value)


def test_an_upgraded_lab_pays_for_no_summary_again(
    options: Options, gemini: FakeGemini, arxiv: FakeArxiv
) -> None:
    before = run(options)
    paid, asked = len(gemini.calls), len(arxiv.requests)
    store = Store(options.cache_dir / "store")
    summaries = [*store.keys("summary"), *store.keys("latest")]
    for key in summaries:
        known = store.get(key, Summary)
        assert known is not None
        store.put(key, as_points(known))
    store.close()
    after = run(options, points_became_takeaways)
    assert len(summaries) == 6
    assert (len(gemini.calls), len(arxiv.requests)) == (paid, asked)
    assert [points(entry) for entry in entries(after)] == [
        points(entry) for entry in entries(before)
    ]


def test_a_new_reader_reads_again_without_a_gap_on_the_pages_or_a_call_of_the_model(
    options: Options, gemini: FakeGemini, arxiv: FakeArxiv, caplog: pytest.LogCaptureFixture
) -> None:
    run(options)
    age(options)
    paid, asked = len(gemini.calls), len(arxiv.requests)
    caplog.set_level(logging.INFO)
    readers = []
    for _ in range(4):
        done = run(replace(options, max_new_papers=1))
        assert (done.shown, done.waiting, done.failed) == (3, 0, 0)
        assert all(entry.summary.model == options.model for entry in entries(done))
        readers.append(sorted(entry.document.reader for entry in entries(done)))
        for entry in entries(done):
            folder = images_folder(options.cache_dir, entry.paper, entry.document.reader)
            shown = [name for figure in entry.document.figures for name in figure.files]
            assert shown
            assert sorted(shown) == sorted(path.name for path in folder.iterdir())
    assert readers == [[1, 1, 2], [1, 2, 2], [2, 2, 2], [2, 2, 2]]
    assert (len(gemini.calls), len(arxiv.requests)) == (paid, asked)
    told = [line for line in caplog.messages if "another version" in line]
    assert [line.split()[0] for line in told] == ["3", "2", "1"]


def test_a_reading_that_fails_costs_nothing_that_an_older_one_found(
    options: Options, gemini: FakeGemini, arxiv: FakeArxiv
) -> None:
    run(options)
    age(options)
    paid = len(gemini.calls)
    shutil.rmtree(options.cache_dir / "papers")
    arxiv.fail("503", times=None)
    done = run(options)
    assert [len(entry.document.figures) for entry in entries(done)] == [1, 1, 1]
    assert [entry.document.reader for entry in entries(done)] == [1, 1, 1]
    assert len(gemini.calls) == paid


def test_a_model_is_not_asked_about_a_text_that_cannot_be_had(
    options: Options, gemini: FakeGemini, arxiv: FakeArxiv
) -> None:
    run(options)
    age(options)
    paid = len(gemini.calls)
    shutil.rmtree(options.cache_dir / "papers")
    arxiv.fail("503", times=None)
    other = replace(options, model="gemini/another")
    done = run(other)
    assert len(gemini.calls) == paid
    assert (done.shown, done.incomplete) == (3, 3)
    assert {entry.summary.model for entry in entries(done)} == {options.model}
    assert {entry.trouble for entry in entries(done)} == {
        "not summarized: its text cannot be read again now"
    }


def test_prune_deletes_what_older_versions_left_and_nothing_that_is_needed(
    options: Options, gemini: FakeGemini, arxiv: FakeArxiv
) -> None:
    run(options)
    age(options)
    run(replace(options, max_new_papers=1))
    paid, asked = len(gemini.calls), len(arxiv.requests)
    store = Store(options.cache_dir / "store")
    store.put(f"document:2410.00003v1:{'0' * 32}", {"made": "by another reader"})
    store.put(f"text:2410.00001v1:{'0' * 32}", {"not": "read anew yet"})
    store.close()
    left = [images_folder(options.cache_dir, paper(name), 1) for name in IDS]
    done = prune(options, now=NOW, environ={})
    assert (done.values, done.folders) == (1, 1)
    assert [folder.exists() for folder in left] == [False, True, True]
    after = run(options)
    assert [entry.document.reader for entry in entries(after)] == [2, 2, 2]
    assert (len(gemini.calls), len(arxiv.requests)) == (paid, asked)
    prune(options, now=NOW, environ={})
    assert [folder.exists() for folder in left] == [False, False, False]
    assert run(options).new == 0


def test_other_options_leave_no_gap_on_the_pages(options: Options, gemini: FakeGemini) -> None:
    run(options)
    paid = len(gemini.calls)
    done = run(replace(options, figures_max=4, max_new_papers=1))
    assert (done.shown, done.new, done.waiting) == (3, 1, 0)
    assert len(gemini.calls) == paid


def paper(name: str) -> Paper:
    return replace(PAPER, id=name)


def entries(done: Report) -> list[Entry]:
    return list(done.digests[0].entries)


def points(entry: Entry) -> list[str]:
    return [claim.text for claim in entry.summary.takeaways]


def age(options: Options) -> None:
    """Makes the cache one of a reader before ours, which split the papers' text in another way."""
    store = Store(options.cache_dir / "store")
    with Build(options, store, NOW, KEY) as lab:
        for key in list(store.keys("reading")):
            its = paper(key.split(":")[1].removesuffix("v1"))
            found = lab.shelves.document.get(its)
            summary = lab.shelves.summary.get(its, found)
            older = replace(found, reader=1, text_hash="older")
            assert lab.shelves.reading.key(its) == key
            store.put(key, older)
            lab.shelves.summary.put(summary, its, older)
            shelves = lab.shelves
            newer = (
                shelves.document.key(its),
                shelves.text.key(its),
                shelves.summary.key(its, found),
            )
            for name in newer:
                store.forget(name)
            images = images_folder(options.cache_dir, its, DOCUMENT_VERSION)
            images.rename(images_folder(options.cache_dir, its, 1))
    store.close()
