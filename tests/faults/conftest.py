"""An arXiv and a model that can fail, time that passes at once, and a lab that has seen better days."""

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.sources.pacing import Clock
from mkdocs_paperdigest.sources.request import Bounds
from mkdocs_paperdigest.sources.session import PoliteSession
from mkdocs_paperdigest.summaries.llm.model import Model
from tests.conftest import gate_papers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.faults.kinds import ARXIV, HELD_BACK, UNFINISHED
from tests.runs import gate_options

KEY = "AIza" + "Sy-never-to-be-seen"
INTERVAL_S = 3.0
PATIENT = Bounds(silence_s=20.0, total_s=60.0)
IMPATIENT = Bounds(silence_s=0.15, total_s=0.3)
DAY_S = 86_400.0
PAPERS = 4


class Time:
    """The real time, plus that which somebody has slept through."""

    def __init__(self) -> None:
        self._slept = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return time.monotonic() + self._slept

    def wall(self) -> float:
        return time.time() + self._slept

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._slept += seconds


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Whoever waits for arXiv or a model does so in no time, and short of patience."""
    passing = Time()
    clock = Clock(passing.wall, passing.monotonic, passing.sleep)
    session, model = PoliteSession.__init__.__kwdefaults__, Model.__init__.__kwdefaults__
    monkeypatch.setitem(session, "clock", clock)
    monkeypatch.setitem(session, "bounds", PATIENT)
    monkeypatch.setitem(model, "sleep", lambda _: None)
    # Started when they are needed, which here is seldom.
    monkeypatch.setattr(PdfReader, "start", lambda *_: None)
    return passing


@pytest.fixture
def arxiv(passing: Time) -> Iterator[FakeArxiv]:
    with FakeArxiv(gate_papers(PAPERS), monotonic=passing.monotonic) as fake:
        yield fake


@pytest.fixture
def options(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Options:
    return gate_options(
        tmp_path / "cache",
        arxiv,
        gemini,
        archive_dir=tmp_path / "archive",
        request_interval_s=INTERVAL_S,
        model="openai/test",
        model_url=gemini.openai_url,
        overview=False,
        model_timeout_s=model_timeout_s(),
        figures=False,
        max_new_papers=2,
    )


def fail(arxiv: FakeArxiv, name: str, *, times: int | None = None) -> None:
    """Lets arXiv fail in one of the ways of `ARXIV`."""
    kind, how = ARXIV[name]
    # On a busy machine an answer may take longer than one wants to wait for none.
    bounds = IMPATIENT if kind in HELD_BACK else PATIENT
    PoliteSession.__init__.__kwdefaults__["bounds"] = bounds
    search_only = ("api",) if name.startswith(("no <", "too ")) else ()
    arxiv.fail(kind, on=search_only, times=times, **how)


def model_timeout_s(*outcomes: object) -> float:
    """How long one waits for a model that answers like this: long, unless that is for nothing."""
    return 0.3 if UNFINISHED.intersection(outcomes) else 20.0


def impatience(arxiv: FakeArxiv) -> list[str]:
    """Requests that came earlier than arXiv asks for: always, and in its last answer."""
    requests = sorted(arxiv.requests, key=lambda request: request.started)
    return [
        f"{after.path} {after.started - before.ended:.3f} s after {before.path} {before.status}"
        for before, after in pairwise(requests)
        # When somebody has given up waiting, the server does not know at once.
        if before.fault not in HELD_BACK
        and after.started - before.ended < max(INTERVAL_S, before.retry_after_s) - 0.01
    ]


def leaks(root: Path) -> list[Path]:
    """Files that hold the key of the model."""
    files = (path for path in root.rglob("*") if path.is_file())
    return [path for path in files if KEY.encode() in path.read_bytes()]
