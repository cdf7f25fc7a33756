"""A lab that upgrades, goes back, or runs two versions on one cache loses nothing that it has paid for."""

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.archive.records import read_record, write_record
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.encoding import encode
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Claim, Document, Entry, FullText, LedgerLine, Omission, Paper, Summary
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.labels import load_language
from mkdocs_paperdigest.pipeline.cache import prune
from mkdocs_paperdigest.pipeline.report import Report
from mkdocs_paperdigest.pipeline.run import Run as Build
from mkdocs_paperdigest.pipeline.shelves import Expense, StoredAnswer
from mkdocs_paperdigest.reasons import Reason, ReasonCode, worded
from mkdocs_paperdigest.storage.layout import images_folder
from mkdocs_paperdigest.storage.migrations import STORE_STEPS, StoreStep
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.runs import gate_options, make_digests

IDS = ("2410.00003", "2410.00002", "2410.00001")
NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
FILE = Path("2410.13786.yaml")
KEY = {"GEMINI_API_KEY": "not-a-real-key"}
VERSION_1 = Path(__file__).with_name("version_1")
"""What version 0.1.0 has written before reasons were codes."""
ROWS: dict[str, Any] = json.loads((VERSION_1 / "rows.json").read_bytes())
RECORD = (VERSION_1 / FILE).read_bytes()
CODES = [
    [ReasonCode.NO_HTML, ReasonCode.NOT_DOWNLOADED, ReasonCode.ARXIV_PAUSE],
    [ReasonCode.HTML_FIGURES, ReasonCode.PDF_PAGES],
    [ReasonCode.FIGURE_MISSING, ReasonCode.IMAGE_TOO_LARGE],
]
KINDS: dict[str, Any] = {
    "document": Document,
    "extract": Summary,
    "latest": Summary,
    "ledger": tuple[LedgerLine, ...],
    "reading": Document,
    "search": StoredAnswer,
    "spending": Expense,
    "summary": Summary,
    "text": FullText,
}
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
    return gate_options(tmp_path, arxiv, gemini, overview=False)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Any]:
    opened = []

    def open_store(*steps: StoreStep) -> Store:
        opened.append(Store(tmp_path / "store", steps=steps))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


def run(options: Options) -> Report:
    store = Store(options.cache_dir / "store")
    try:
        return make_digests(options, store, now=NOW, environ=KEY)
    finally:
        store.close()


def identity(kind: str, value: Any) -> Any:
    """A step as a later version may have it."""
    return value


def test_what_version_1_has_stored_is_brought_up_to_date(
    stores: Any, caplog: pytest.LogCaptureFixture
) -> None:
    old = stores()
    for key, value in ROWS.items():
        old.put(key, value)
    caplog.set_level(logging.INFO)
    new = stores(*STORE_STEPS)
    for kind in ("document", "reading"):
        document = new.get(f"{kind}:a", Document)
        assert [str(note) for note in document.notes] == ROWS[f"{kind}:a"]["notes"]
        assert [[one.code for one in note.chain()] for note in document.notes] == CODES
    for key in ("summary:a", "latest:a"):
        reasons = [omission.reason for omission in new.get(key, Summary).omissions]
        assert reasons == [ReasonCode.NOT_GIVEN, ReasonCode.NUMBERS, ReasonCode.BAD_JSON]
    assert {omission.reason for omission in new.get("extract:a", Summary).omissions} == {
        ReasonCode.NO_ABSTRACT,
        ReasonCode.NOT_GIVEN,
    }
    (short,) = new.get("extract:b", Summary).omissions
    assert short.reason is ReasonCode.ABSTRACT_TOO_SHORT
    ledger = new.get("ledger:a", tuple[LedgerLine, ...])
    assert [worded(line.reasons) for line in ledger] == [row["reason"] for row in ROWS["ledger:a"]]
    assert ledger[0].reasons == new.get("document:a", Document).notes
    (line,) = caplog.messages
    assert "written by an older version of mkdocs-paperdigest (schema 1, now 2)" in line
    assert list(new.keys("summary")) == ["summary:a"]
    # Taken over for good, without a word; and who goes back finds everything as it was.
    assert stores(*STORE_STEPS).get("document:a", Document) == new.get("document:a", Document)
    assert len(caplog.records) == 1
    assert {key: stores().get(key, type(value)) for key, value in ROWS.items()} == ROWS


REWORDED = {
    "arXiv asked to be left alone for another 60 s": "arXiv asked for a pause, of which 60 s are left",
    "the HTML has them in parts only": "the HTML splits them into parts",
    "the reader of PDFs did not start": "the PDF reader did not start",
    "the language model refused the question": "the language model rejected the request",
    "arXiv redirects to what is no address": "arXiv redirects to something that is not an address",
    "the licence (arXiv non-exclusive) does not allow to show them again": "the licence (arXiv non-exclusive) does not allow showing them again",
}  # fmt: skip
"""Sentences of version 1 that have other words now; all others read as before."""


@pytest.mark.parametrize("sentence", (VERSION_1 / "sentences.txt").read_text("utf-8").splitlines())
def test_every_sentence_of_version_1_becomes_the_code_with_its_words(stores: Any, sentence: str) -> None:
    stores().put("document:a", {"source": "abstract", "notes": [sentence, f"no PDF: {sentence}"]})
    plain, behind = stores(*STORE_STEPS).get("document:a", Document).notes
    words = REWORDED.get(sentence, sentence)
    assert (str(plain), str(behind)) == (words, f"no PDF: {words}")
    assert behind == Reason(ReasonCode.NO_PDF, plain)
    assert plain.code is not ReasonCode.OTHER


@pytest.mark.parametrize(
    ("sentence", "code", "shown"),
    [
        ("HTTP 400: no: API key", ReasonCode.OTHER, ""),
        ("no HTML: HTTP 400: /x/y: no", ReasonCode.NO_HTML, "no HTML"),
        ("/x/y: offline: what: ever", ReasonCode.OTHER, "not asked for yet"),
        ("arXiv answered with a song", ReasonCode.OTHER, ""),
        ("no figures: " * 9 + "offline", ReasonCode.NO_FIGURES, "no figures: " * 6 + "no figures"),
    ],
)
def test_a_sentence_that_nobody_foresaw_is_kept_and_shown_as_before(
    stores: Any, sentence: str, code: ReasonCode, shown: str
) -> None:
    stores().put("document:a", {"source": "abstract", "notes": [sentence]})
    (note,) = stores(*STORE_STEPS).get("document:a", Document).notes
    assert (str(note), note.code) == (sentence, code)
    assert load_language("en").reason(note) == shown


def test_a_newer_version_on_the_same_cache_keeps_its_own(
    stores: Any, caplog: pytest.LogCaptureFixture
) -> None:
    newer = (*STORE_STEPS, identity)
    stores(*newer).put("summary:a", SUMMARY)
    caplog.set_level(logging.INFO)
    old = stores(*STORE_STEPS)
    assert "newer version of mkdocs-paperdigest (schema 3, this one has 2)" in caplog.text
    assert "upgrade, or set another `cache_dir`" in caplog.text
    assert old.get("summary:a", Summary) is None
    assert list(old.keys("summary")) == []
    old.put("summary:a", replace(SUMMARY, summary="Another."))
    old.retire()
    assert stores(*newer).get("summary:a", Summary) == SUMMARY


def test_what_cannot_be_taken_over_is_unknown(stores: Any) -> None:
    stores().put("summary:a", {"omissions": [{"field": "results"}]})
    stores().put("latest:a", [1])
    stores().put("document:a", {"source": "abstract", "notes": [[["no HTML"]]]})
    new = stores(*STORE_STEPS)
    assert new.get("summary:a", Summary) is None
    assert new.get("latest:a", Summary) is None
    assert new.get("document:a", Document) is None


def test_retiring_an_older_version_keeps_what_it_knew(stores: Any) -> None:
    old, new = stores(), stores(*STORE_STEPS)
    old.put("summary:a", ROWS["summary:a"])
    old.put("summary:b", ROWS["summary:a"])
    old.put("record:a", {"read": "again from its file"})
    better = new.put("summary:b", SUMMARY)
    assert new.retire() == 3
    assert new.get("summary:a", Summary).summary == "A gate."
    assert new.get("summary:b", Summary) == better
    assert stores().get("summary:a", dict) is None
    assert list(new.keys("record")) == []


def test_a_record_of_version_1_is_brought_up_to_date_with_what_people_changed() -> None:
    known = read_record(RECORD, FILE)
    document = known.document
    assert [str(note) for note in document.notes] == ROWS["document:a"]["notes"]
    assert [[one.code for one in note.chain()] for note in document.notes] == CODES
    assert known.trouble == document.notes
    assert known.summary.omissions[0] == Omission("background", ReasonCode.NOT_GIVEN)
    # It is rewritten with the next change, not for its version alone.
    record = replace(known, notes="", generated={})
    assert write_record(record, known) is None
    rewritten = write_record(replace(record, trouble=()), known).splitlines()
    stays = [line for line in RECORD.splitlines() if line in rewritten]
    assert [line for line in rewritten if line in stays] == stays
    assert len(stays) > 60
    mended = replace(document, notes=document.notes[:1])
    better = replace(known.summary, summary="A better gate.", omissions=())
    changed = replace(record, summary=better, document=mended, trouble=())
    after = read_record(write_record(changed, known), FILE)
    assert replace(after, generated={}) == replace(changed, notes="Read it.")

    mine = RECORD.replace(b"'no HTML: not downloaded:", b"'no HTML: says a person:")
    mine = mine.replace(b"reason: bad_json", b"reason: too modest")
    assert mine.count(b"says a person") == mine.count(b"modest") == 1
    corrected = read_record(mine, FILE)
    after = read_record(write_record(changed, corrected), FILE)
    assert after.document == corrected.document
    assert str(after.document.notes[0]).startswith("no HTML: says a person: arXiv answered 503")
    assert after.summary.omissions == corrected.summary.omissions
    assert after.summary.omissions[2].reason == "too_modest"
    assert after.summary.summary == "A better gate."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            b"reason: numbers",
            b"reasons: numbers",
            "line 3: `schema`: a record of version 1 does not look like this",
        ),
        (b"schema: 1", b"schema: 3", "line 3: `schema`: 3 is of a newer version; upgrade"),
        (b"hidden: false", b"hidden: maybe", "line 4: `hidden`: is neither true nor false"),
    ],
)
def test_a_record_that_no_step_fits_is_told_with_its_line(old: bytes, new: bytes, told: str) -> None:
    assert old in RECORD
    with pytest.raises(ConfigurationError) as wrong:
        read_record(RECORD.replace(old, new), FILE)
    assert told in str(wrong.value)


def test_an_upgraded_lab_asks_and_pays_for_nothing_again(
    options: Options, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    arxiv.fail("404", on="html", times=2)
    gemini.script("blocked")
    before = run(options)
    assert {str(note) for entry in entries(before) for note in entry.document.notes}
    assert any(entry.summary.omissions for entry in entries(before))
    paid, asked = len(gemini.calls), len(arxiv.requests)
    as_version_1(options.cache_dir / "store")
    after = run(options)
    assert after.digests == before.digests
    assert (after.new, len(gemini.calls), len(arxiv.requests)) == (0, paid, asked)
    store = Store(options.cache_dir / "store")
    assert store.retire() >= 13
    store.close()
    assert run(options).digests == before.digests
    assert (len(gemini.calls), len(arxiv.requests)) == (paid, asked)


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
            shown.append(entry.document.figures[0].cover)
            assert sorted(shown) == sorted(path.name for path in folder.iterdir())
    now = DOCUMENT_VERSION
    assert readers == [[1, 1, now], [1, now, now], [now, now, now], [now, now, now]]
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
    assert {worded(entry.trouble) for entry in entries(done)} == {
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
    assert [entry.document.reader for entry in entries(after)] == [DOCUMENT_VERSION] * 3
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


def as_version_1(folder: Path) -> None:
    """Makes everything in a store what version 1 would have stored, which gave reasons as sentences."""
    newer = Store(folder)
    rows = {key: newer.get(key, type_) for kind, type_ in KINDS.items() for key in newer.keys(kind)}
    newer.close()
    shutil.rmtree(folder)
    older = Store(folder, steps=())
    for key, value in rows.items():
        plain = json.loads(encode(value))
        if isinstance(value, Document):
            plain["notes"] = [str(note) for note in value.notes]
        elif isinstance(value, Summary):
            for omission in plain["omissions"]:
                omission["reason"] = omission["reason"].replace("not_given", "not given")
        elif key.startswith("ledger:"):
            for line, known in zip(plain, value, strict=True):
                line["reason"] = worded(known.reasons)
                del line["reasons"]
        older.put(key, plain)
    older.close()


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
            newer = (shelves.document.key(its), shelves.text.key(its), shelves.summary.key(its, found))
            for name in newer:
                store.forget(name)
            images = images_folder(options.cache_dir, its, DOCUMENT_VERSION)
            images.rename(images_folder(options.cache_dir, its, 1))
    store.close()
