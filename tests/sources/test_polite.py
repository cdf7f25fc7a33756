"""The one way to arXiv: its pace, its patience, and when it stops asking."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mkdocs_paperdigest.settings import Settings
from mkdocs_paperdigest.sources.gate import Clock
from mkdocs_paperdigest.sources.polite import (
    Answer,
    PoliteSession,
    polite_session,
)
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv

QUICK = Bounds(connect_s=0.5, silence_s=0.2, total_s=0.4)


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(wall=self.read, monotonic=self.read, sleep=self.sleep)


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv([PAPER]) as fake:
        yield fake


@pytest.fixture
def open_session(tmp_path: Path) -> Iterator[Callable[..., PoliteSession]]:
    opened: list[PoliteSession] = []

    def make(interval_s: float = 0.0, **options: object) -> PoliteSession:
        session = PoliteSession(
            folder=tmp_path,
            interval_s=interval_s,
            user_agent="test/0",
            **{"bounds": QUICK, "jitter": lambda: 0.0, **options},
        )
        opened.append(session)
        return session

    yield make
    for session in opened:
        session.close()


def get(session: PoliteSession, arxiv: FakeArxiv, path: str = "/abs/2410.13786") -> Answer:
    return session.fetch(arxiv.url + path, accept="text/html", max_bytes=1 << 20)


def test_requests_say_who_asks_and_what_for(arxiv: FakeArxiv, tmp_path: Path) -> None:
    settings = Settings(
        topics=(),
        cache_dir=tmp_path,
        arxiv_url=arxiv.url,
        request_interval_s=0,
        contact="wiki@läb.example\r\nX-Evil: 1",
    )
    with polite_session(settings) as session:
        get(session, arxiv)
    headers = arxiv.requests[0].headers
    assert headers["User-Agent"].startswith("mkdocs-paperdigest/")
    assert "(+https://github.com/mkdocs-paperdigest" in headers["User-Agent"]
    assert "wiki@l" in headers["User-Agent"]
    assert headers["Accept"] == "text/html"
    assert "X-Evil" not in headers


def test_arxiv_itself_is_never_asked_faster_than_it_allows(tmp_path: Path) -> None:
    settings = Settings(topics=(), cache_dir=tmp_path, request_interval_s=0.1)
    assert polite_session(settings).interval_s == 3.0


def test_a_pause_follows_each_answer(arxiv, open_session) -> None:
    session = open_session(0.1)
    for _ in range(3):
        get(session, arxiv)
    assert min(arxiv.pauses()) >= 0.1


def test_threads_take_turns(arxiv, open_session) -> None:
    sessions = [open_session(0.05), open_session(0.05)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: get(sessions[number % 2], arxiv), range(6)))
    assert len(arxiv.requests) == 6
    assert min(arxiv.pauses()) >= 0.05


def test_processes_take_turns(arxiv, tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from mkdocs_paperdigest.sources.polite import PoliteSession
with PoliteSession(folder=Path({str(tmp_path)!r}), interval_s=0.1, user_agent="test/0") as session:
    for _ in range(3):
        session.fetch("{arxiv.url}/abs/2410.13786", accept="text/html", max_bytes=1 << 20)
"""
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [process.wait(timeout=20) for process in running] == [0, 0]
    assert len(arxiv.requests) == 6
    assert min(arxiv.pauses()) >= 0.1


@pytest.mark.parametrize("step_s", [-3600.0, 3600.0])
def test_a_clock_that_is_set_costs_no_more_than_one_pause(arxiv, open_session, step_s) -> None:
    fake_time = FakeTime()
    get(open_session(3.0, clock=fake_time.clock), arxiv)
    fake_time.now += step_s
    get(open_session(3.0, clock=fake_time.clock), arxiv)
    assert sum(fake_time.slept) <= 3.0


def test_a_damaged_note_of_the_last_answer_costs_one_pause(arxiv, open_session, tmp_path) -> None:
    fake_time = FakeTime()
    (tmp_path / "arxiv.last").write_bytes(b"\xff\x00")
    get(open_session(3.0, clock=fake_time.clock), arxiv)
    assert fake_time.slept == [3.0]
