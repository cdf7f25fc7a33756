"""Under which names the store keeps what is known of local files."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import PAPER

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO_S = NOW.timestamp() - 86_400


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    store = Store(tmp_path / "store")
    with Run(Options(topics=(), cache_dir=tmp_path), store, NOW, {}) as run:
        yield run
    store.close()


@pytest.fixture
def report(tmp_path: Path) -> Paper:
    return replace(PAPER, id="report", pdf=tmp_path / "report.pdf")


def write(paper: Paper, content: str, changed_at_s: float) -> None:
    assert paper.pdf is not None
    paper.pdf.write_text(content)
    os.utime(paper.pdf, (changed_at_s, changed_at_s))


def test_a_file_that_nobody_has_changed_is_read_once(run: Run, report: Paper) -> None:
    write(report, "one", LONG_AGO_S)
    first = run.shelves.reading.key(report)
    # Which nothing but reading it could tell.
    write(report, "two", LONG_AGO_S)
    assert run.shelves.reading.key(report) == first


@pytest.mark.parametrize(
    ("content", "changed_at_s"), [("two", LONG_AGO_S + 1), ("three", LONG_AGO_S), ("two", NOW.timestamp())]
)
def test_another_file_under_the_same_name_is_another_reading(
    run: Run, report: Paper, content: str, changed_at_s: float
) -> None:
    write(report, "one", LONG_AGO_S)
    first = run.shelves.reading.key(report)
    write(report, content, changed_at_s)
    assert run.shelves.reading.key(report) != first


def test_of_a_file_that_was_written_a_moment_ago_the_time_says_nothing(run: Run, report: Paper) -> None:
    write(report, "one", NOW.timestamp() - 1)
    first = run.shelves.reading.key(report)
    write(report, "two", NOW.timestamp() - 1)
    assert run.shelves.reading.key(report) != first


def test_a_file_that_is_the_same_elsewhere_is_the_same_reading(
    run: Run, report: Paper, tmp_path: Path
) -> None:
    write(report, "one", LONG_AGO_S)
    moved = replace(report, pdf=tmp_path / "moved.pdf")
    write(moved, "one", LONG_AGO_S + 60)
    assert run.shelves.reading.key(moved) == run.shelves.reading.key(report)


def test_no_file_is_no_error(run: Run, report: Paper, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    names = (tmp_path / "gone.pdf", tmp_path / "folder", Path("a\0b.pdf"))
    keys = {run.shelves.reading.key(replace(report, pdf=path)) for path in names}
    assert len(keys) == 1
