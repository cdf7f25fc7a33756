"""What all tests share: an environment without keys, and papers to work with."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from mkdocs_paperdigest.documents.sandbox import reader
from mkdocs_paperdigest.models import Paper
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.readers import Readers
from tests.kept import keep_templates

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A busy machine is slow, not wrong.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

keep_templates()

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first renders like the second but draws no windows, which takes two thirds of the processor time."""
KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY")

PAPER = Paper(
    id="2410.13786",
    version=1,
    title="Gates for generated text",
    authors=("Ada Lovelace", "Grace Hopper"),
    abstract="Generated text about research papers carries defects that readers notice too late. "
    "We propose a gate that judges every generated field before it is published. "
    "The gate compares names, numbers and terms with the paper itself. "
    "It finds 97 % of all defects and rejects 2 % of the honest fields.",
    published=datetime(2024, 10, 17, 12, 0, tzinfo=UTC),
    updated=datetime(2024, 10, 17, 12, 0, tzinfo=UTC),
    categories=("cs.CL", "cs.AI"),
)


def gate_papers(count: int, title: str = "Gate number {} for generated text") -> list[Paper]:
    """Papers on gates, one of each of the first days of October 2024."""
    return [
        replace(
            PAPER, id=f"2410.{day:05}", title=title.format(day), published=PAPER.published.replace(day=day)
        )
        for day in range(1, count + 1)
    ]


def pytest_xdist_auto_num_workers() -> int:
    """One more for `-n auto` than there are processors: many tests wait for other processes."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own keys must never be used, nor change what a test sees."""
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def readers() -> Iterator[Readers]:
    """The processes that read PDFs for all tests of a worker."""
    with Readers() as readers:
        yield readers


@pytest.fixture(autouse=True)
def lasting_readers(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads PDFs in this process is not started for each run; `tests/documents/sandbox` is about that."""
    monkeypatch.setattr(reader, "ReadingProcess", readers.take)


@pytest.fixture
def make_paper() -> Callable[..., Paper]:
    """Makes papers that differ from `PAPER` in the given fields."""
    return lambda **fields: replace(PAPER, **fields)


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    """Three papers on gates, of the first days of October 2024."""
    with FakeArxiv(gate_papers(3)) as fake:
        yield fake


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    """Answers with sentences of the abstract unless a test says otherwise."""
    with FakeGemini() as fake:
        yield fake


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium from the system's packages, else the one that playwright may have installed."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        path = found or playwright.chromium.executable_path
        if not Path(path).exists():
            missing = "no browser: install chromium, or run `playwright install chromium`"
            if os.environ.get("PAPERDIGEST_NEEDS_BROWSER"):
                pytest.fail(missing)
            pytest.skip(missing)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell that starts the tests in its background has them ignore Ctrl-C, and so their children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
