"""Requests to arXiv: their pace, their retries, and when a session stops."""

import errno
import fcntl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import SourceError, SourceRefusedError
from mkdocs_paperdigest.network.turns import ThreadQueue
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.pacing import Clock
from mkdocs_paperdigest.sources.request import Answer, BadAnswerError, Bounds, OversizeError
from mkdocs_paperdigest.sources.session import PoliteSession, polite_session
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv

IMPATIENT = Bounds(silence_s=0.3, total_s=0.6)
HELD_BACK = {"hang", "stall", "drip"}


class FakeTime:
    """A clock that moves only during a sleep."""

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
            folder=tmp_path, interval_s=interval_s, user_agent="test/0", **{"jitter": lambda: 0.0, **options}
        )
        opened.append(session)
        return session

    yield make
    for session in opened:
        session.close()


def get(session: PoliteSession, arxiv: FakeArxiv, path: str = "/abs/2410.13786") -> Answer:
    return session.fetch(arxiv.url + path, accept="text/html", max_bytes=1 << 20)


def test_requests_say_who_asks_and_what_for(arxiv: FakeArxiv, tmp_path: Path) -> None:
    options = Options(
        topics=(),
        cache_dir=tmp_path,
        arxiv_url=arxiv.url,
        request_interval_s=0,
        contact="wiki@läb.example\r\nX-Evil: 1",
    )
    with polite_session(options) as session:
        get(session, arxiv)
    headers = arxiv.requests[0].headers
    assert headers["User-Agent"].startswith("mkdocs-paperdigest/")
    assert "(+https://github.com/mkdocs-paperdigest" in headers["User-Agent"]
    assert "wiki@l" in headers["User-Agent"]
    assert headers["Accept"] == "text/html"
    assert "X-Evil" not in headers


def test_arxiv_itself_is_never_asked_faster_than_it_allows(tmp_path: Path) -> None:
    options = Options(topics=(), cache_dir=tmp_path, request_interval_s=0.1)
    assert polite_session(options).interval_s == 3.0


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


def test_requests_that_complete_a_paper_go_before_those_that_begin_one() -> None:
    queue, went = ThreadQueue(), []

    def go(name: str, waits: threading.Event) -> None:
        with queue.turn(waits.set, soon=name == "pdf"):
            went.append(name)

    threads = []
    with queue.turn(lambda: None, soon=False):
        for name in ("html", "next html", "pdf", "html after next"):
            waits = threading.Event()
            threads.append(threading.Thread(target=go, args=(name, waits)))
            threads[-1].start()
            assert waits.wait(60)
    for thread in threads:
        thread.join(60)
    assert went == ["pdf", "html", "next html", "html after next"]


def test_a_build_waits_for_its_own_threads_as_long_as_they_make_progress(arxiv, open_session) -> None:
    bounds = Bounds(total_s=0.1)  # waits three times as long without any turn
    session = open_session(0.08, bounds=bounds)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: get(session, arxiv), range(12)))
    assert [answer.status for answer in answers] == [200] * 12


def test_processes_take_turns(arxiv, tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from mkdocs_paperdigest.sources.session import PoliteSession
with PoliteSession(folder=Path({str(tmp_path)!r}), interval_s=0.1, user_agent="test/0") as session:
    for _ in range(3):
        session.fetch("{arxiv.url}/abs/2410.13786", accept="text/html", max_bytes=1 << 20)
"""
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [process.wait(timeout=300) for process in running] == [0, 0]
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


PASSING = ["429", "503", "500", "502", "504", "reset", "drop", "cut", "hang", "stall", "drip"]


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_tried_again(arxiv, open_session, fault: str) -> None:
    arxiv.fail(fault)
    session = open_session(0.02, bounds=IMPATIENT if fault in HELD_BACK else Bounds())
    answer = get(session, arxiv, f"/html/{PAPER.key}")
    assert answer.status == 200
    assert answer.body.rstrip().endswith(b"</html>")
    assert len(arxiv.requests) == 2
    if fault not in HELD_BACK:  # the server cannot know when the client gave up
        assert arxiv.pauses()[0] >= 0.02


@pytest.mark.parametrize(
    ("fault", "attempts", "words"),
    [
        ("429", 4, "arXiv answered 429"),
        ("503", 4, "arXiv answered 503"),
        ("500", 4, "arXiv answered 500"),
        ("reset", 4, "arXiv could not be reached"),
        ("cut", 4, "arXiv broke off in the middle of an answer"),
        ("hang", 2, "arXiv did not answer in time"),
    ],
)
def test_a_lasting_fault_is_reported_in_words(arxiv, open_session, fault, attempts, words) -> None:
    arxiv.fail(fault, times=None)
    with pytest.raises(SourceError, match=f"^{words}$"):
        get(open_session(bounds=IMPATIENT if fault in HELD_BACK else Bounds()), arxiv)
    assert len(arxiv.requests) == attempts


@pytest.mark.parametrize("status", ["400", "404", "406", "410"])
def test_an_answer_that_will_not_change_is_final(arxiv, open_session, status: str) -> None:
    arxiv.fail(status)
    assert get(open_session(), arxiv).status == int(status)
    assert len(arxiv.requests) == 1


def test_pauses_grow_and_are_longer_for_a_busy_host(arxiv, open_session) -> None:
    fake_time = FakeTime()
    arxiv.fail("500", times=3)
    get(open_session(3.0, clock=fake_time.clock), arxiv)
    assert [pause for pause in fake_time.slept if pause] == [3.0, 6.0, 12.0]
    fake_time = FakeTime()
    fake_time.now += 60
    arxiv.fail("429", times=3)
    get(open_session(3.0, clock=fake_time.clock), arxiv)
    assert fake_time.slept == [12.0, 24.0, 48.0]


@pytest.mark.parametrize(
    ("header", "pause_s"),
    [
        ("0", 12.0),
        ("7", 12.0),
        ("20", 20.0),
        ("-5", 12.0),
        ("soon", 12.0),
        ("Wed, 15 Nov 2023 00:00:00 GMT", 100.0),
        ("Wed, 15 Nov 2022 00:00:00 GMT", 12.0),
    ],
)
def test_retry_after_is_kept_but_never_shortens_our_own_pause(
    arxiv, open_session, header: str, pause_s: float
) -> None:
    fake_time = FakeTime()
    fake_time.now = 1_700_006_300.0  # 14 Nov 2023, 23:58:20 UTC
    arxiv.fail("429", retry_after=header)
    get(open_session(3.0, clock=fake_time.clock), arxiv)
    assert fake_time.slept == [pytest.approx(pause_s)]


class StandingTime(FakeTime):
    """A clock that stands still: a caller that would have to wait gives up."""

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        raise SourceError(Reason(ReasonCode.OTHER, text=f"had to wait {seconds:.0f} s"))


@pytest.mark.parametrize(("retry_after", "pause_s"), [({"retry_after": 50}, 50), ({}, 12)])
def test_a_busy_host_is_not_asked_by_any_build(arxiv, open_session, retry_after, pause_s: int) -> None:
    """By other requests of the same build, by builds at the same time, and by later ones."""
    standing = StandingTime()
    arxiv.fail("429", **retry_after)
    session = open_session(3.0, clock=standing.clock)
    for asking in (session, session, open_session(3.0, clock=standing.clock)):
        with pytest.raises(SourceError, match=f"had to wait {pause_s} s"):
            get(asking, arxiv)
    assert len(arxiv.requests) == 1
    standing.now += pause_s
    assert get(open_session(3.0, clock=standing.clock), arxiv).status == 200
    with pytest.raises(SourceError, match="had to wait 3 s"):
        get(open_session(3.0, clock=standing.clock), arxiv)


def test_a_busy_host_is_not_asked_by_any_thread(arxiv, open_session) -> None:
    arxiv.fail("429", retry_after=1)
    session = open_session(0.01)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: get(session, arxiv), range(6)))
    assert [answer.status for answer in answers] == [200] * 6
    assert arxiv.pauses()[0] >= 1


def test_threads_give_up_a_busy_host_together(arxiv, open_session) -> None:
    fake_time = FakeTime()
    arxiv.fail("503", times=None)
    session = open_session(3.0, clock=fake_time.clock)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(get, session, arxiv) for _ in range(8)]
    assert all(str(job.exception()) == "arXiv answered 503" for job in jobs)
    assert len(arxiv.requests) == 4
    assert [pause for pause in fake_time.slept if pause][:3] == [12.0, 24.0, 48.0]


@pytest.mark.parametrize("step_s", [-36000.0, 36000.0])
def test_a_clock_that_is_set_never_lengthens_what_was_asked_for(arxiv, open_session, step_s: float) -> None:
    standing = StandingTime()
    arxiv.fail("429", retry_after=50)
    with pytest.raises(SourceError, match="had to wait 50 s"):
        get(open_session(3.0, clock=standing.clock), arxiv)
    fake_time = FakeTime()
    fake_time.now += step_s
    get(open_session(3.0, clock=fake_time.clock), arxiv)
    assert sum(fake_time.slept) <= 50


@pytest.mark.parametrize("note", ["1700000000 1e300", "nan nan", "1700000000 -5", "inf inf"])
def test_an_invalid_note_of_a_pause_does_not_block_for_long(arxiv, open_session, tmp_path, note: str) -> None:
    (tmp_path / "arxiv.last").write_text(note)
    fake_time = FakeTime()
    with suppress(SourceError):
        get(open_session(3.0, clock=fake_time.clock), arxiv)
    fake_time.now += 3600
    assert get(open_session(3.0, clock=fake_time.clock), arxiv).status == 200
    assert sum(fake_time.slept) <= 3


def test_later_builds_go_on_without_a_host_that_asked_for_too_long_a_pause(arxiv, open_session) -> None:
    fake_time = FakeTime()
    arxiv.fail("503", retry_after=3000)
    with pytest.raises(SourceError, match="3000 s"):
        get(open_session(3.0, clock=fake_time.clock), arxiv)
    fake_time.now += 100
    with pytest.raises(SourceError, match="arXiv asked for a pause, of which 2900 s are left"):
        get(open_session(3.0, clock=fake_time.clock), arxiv)
    assert fake_time.slept == []
    fake_time.now += 2880
    assert get(open_session(3.0, clock=fake_time.clock), arxiv).status == 200
    assert fake_time.slept == [20.0]


def test_a_build_goes_on_without_a_host_that_asks_for_too_long_a_pause(arxiv, open_session) -> None:
    session = open_session()
    arxiv.fail("503", retry_after=3600)
    with pytest.raises(SourceError, match="arXiv answered 503 and asked for a pause of 3600 s"):
        get(session, arxiv)
    with pytest.raises(SourceError, match="3600 s"):
        get(session, arxiv)
    assert len(arxiv.requests) == 1


def test_after_a_refusal_no_thread_asks_again(arxiv, open_session) -> None:
    session = open_session()
    arxiv.fail("403")
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(get, session, arxiv) for _ in range(8)]
    assert all(isinstance(job.exception(), SourceRefusedError) for job in jobs)
    assert len(arxiv.requests) == 1


def test_a_refusal_ends_all_waiting(arxiv, open_session) -> None:
    session = open_session(30.0)
    arxiv.fail("500")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(get, session, arxiv)
        while not arxiv.requests:
            time.sleep(0.001)
        begun = time.monotonic()
        session.stop(SourceRefusedError(Reason(ReasonCode.ARXIV_DENIED, status=403)))
        assert isinstance(waiting.exception(), SourceRefusedError)
        assert time.monotonic() - begun < 25  # of the 30 that it would wait


def test_one_paper_that_is_not_public_is_no_refusal(arxiv, open_session) -> None:
    session = open_session()
    arxiv.fail("403", body="<h1>The source of this paper is not public</h1>")
    assert get(session, arxiv).status == 403
    assert get(session, arxiv).status == 200


@pytest.mark.parametrize("fault", ["429", "drop"])
def test_a_host_that_is_down_is_asked_for_one_thing_only(arxiv, open_session, fault) -> None:
    session = open_session()
    arxiv.fail(fault, times=None)
    for _ in range(3):
        with pytest.raises(SourceError):
            get(session, arxiv)
    assert len(arxiv.requests) == 4


@pytest.mark.parametrize("fault", ["hang", "stall"])
def test_two_requests_without_an_answer_stop_the_session(arxiv, open_session, fault) -> None:
    """From whatever thread: a build must not wait once for each of its threads and papers."""
    arxiv.fail(fault, times=None)
    session = open_session(bounds=IMPATIENT)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(get, session, arxiv) for _ in range(8)]
    assert all(str(job.exception()) == "arXiv did not answer in time" for job in jobs)
    assert len(arxiv.requests) == 2


def test_an_answer_resets_the_count_of_requests_without_one(arxiv, open_session) -> None:
    session = open_session(bounds=IMPATIENT)
    for _ in range(2):
        arxiv.fail("hang")
        assert get(session, arxiv).status == 200
    assert len(arxiv.requests) == 4


def test_twenty_seconds_of_silence_are_enough() -> None:
    assert Bounds().silence_s <= 20


def test_a_long_wait_for_an_answer_is_logged_once(arxiv, open_session, caplog) -> None:
    caplog.set_level("INFO")
    arxiv.fail("hang", times=None)
    bounds = Bounds(slow_s=0.1, silence_s=0.3)
    with pytest.raises(SourceError):
        get(open_session(bounds=bounds), arxiv)
    (line,) = caplog.messages
    assert line == (f"Waiting for arXiv: {arxiv.url}/abs/2410.13786 has not been answered for 0.1 s")
    assert caplog.records[0].levelname == "INFO"


def test_a_long_pause_is_logged_once(arxiv, open_session, caplog) -> None:
    caplog.set_level("INFO")
    arxiv.fail("429", retry_after=50, times=2)
    get(open_session(3.0, clock=FakeTime().clock), arxiv)
    assert caplog.messages == ["Waiting for arXiv: pausing for 50 s before the next request"]


def test_ordinary_pauses_are_not_logged(arxiv, open_session, caplog) -> None:
    caplog.set_level("INFO")
    session = open_session(20.0, clock=FakeTime().clock)
    get(session, arxiv)
    get(session, arxiv)
    assert caplog.messages == []


def test_broken_answers_in_a_row_stop_the_session(arxiv, open_session) -> None:
    session = open_session()
    arxiv.fail("500", times=4)
    with pytest.raises(SourceError):
        get(session, arxiv)
    assert get(session, arxiv).status == 200, "one success in between"
    arxiv.fail("500", times=None)
    for _ in range(5):
        with pytest.raises(SourceError, match="500"):
            get(session, arxiv)
    assert len(arxiv.requests) == 4 + 1 + 3 * 4


def test_a_host_that_is_not_there(open_session, arxiv) -> None:
    with FakeArxiv() as gone:
        pass
    with pytest.raises(SourceError, match="could not be reached"):
        get(open_session(), gone)


def test_an_answer_that_is_too_large_is_given_up(arxiv, open_session) -> None:
    session = open_session()
    with pytest.raises(OversizeError):
        session.fetch(f"{arxiv.url}/pdf/{PAPER.key}", accept="application/pdf", max_bytes=1000)
    assert len(arxiv.requests) == 1
    assert get(session, arxiv).status == 200


def test_a_long_error_page_is_an_error_all_the_same(arxiv, open_session) -> None:
    arxiv.fail("403", body="Access Denied " * 200_000)
    with pytest.raises(SourceRefusedError):
        get(open_session(), arxiv)


def test_an_answer_that_fails_the_check_is_tried_again(arxiv, open_session) -> None:
    seen: list[Answer] = []

    def check(answer: Answer) -> None:
        seen.append(answer)
        if len(seen) < 3:
            raise BadAnswerError(Reason(ReasonCode.HALF_PAGE))

    url = f"{arxiv.url}/abs/{PAPER.id}"
    answer = open_session().fetch(url, accept="text/html", max_bytes=1 << 20, check=check)
    assert answer is seen[2]


def test_redirects_on_the_same_host_wait_for_their_turn(arxiv, open_session) -> None:
    arxiv.fail("redirect", location=f"/abs/{PAPER.id}")
    assert get(open_session(0.05), arxiv, "/abs/old").url == f"{arxiv.url}/abs/{PAPER.id}"
    assert arxiv.pauses()[0] >= 0.05


@pytest.mark.parametrize("location", ["http://127.0.0.2:1/x", "//evil.example/x", "file:///etc"])
def test_redirects_elsewhere_are_not_followed(arxiv, open_session, location: str) -> None:
    arxiv.fail("redirect", location=location)
    with pytest.raises(SourceError, match="redirects to another host"):
        get(open_session(), arxiv)
    assert len(arxiv.requests) == 1


def test_a_redirect_to_an_invalid_address_is_not_followed(arxiv, open_session) -> None:
    arxiv.fail("redirect", location="http://[")
    with pytest.raises(SourceError, match="not an address"):
        get(open_session(), arxiv)
    assert len(arxiv.requests) == 1


def test_redirects_in_a_circle_end(arxiv, open_session) -> None:
    arxiv.fail("redirect", location="/abs/round", times=None)
    with pytest.raises(SourceError, match="circle"):
        get(open_session(), arxiv)
    assert len(arxiv.requests) == 4


def test_credentials_from_netrc_are_not_sent(arxiv, open_session, tmp_path, monkeypatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login lab password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    get(open_session(), arxiv)
    assert "Authorization" not in arxiv.requests[0].headers


def test_waiting_too_long_for_a_turn_is_an_error(arxiv, open_session, tmp_path: Path) -> None:
    """Another process holds the lock and hangs."""
    program = f"""
import filelock
with filelock.FileLock({str(tmp_path / "arxiv.lock")!r}):
    print("held", flush=True)
    input()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    bounds = Bounds(total_s=0.1)  # waits three times as long for a turn
    with pytest.raises(SourceError, match="other builds kept arXiv busy"):
        get(open_session(bounds=bounds), arxiv)
    holder.communicate("\n")
    assert get(open_session(bounds=bounds), arxiv).status == 200


@pytest.mark.parametrize("fault", [OSError(errno.ENOLCK, "No locks"), NotImplementedError("flock")])
def test_on_a_drive_without_locks_arxiv_is_not_asked(arxiv, open_session, monkeypatch, fault) -> None:
    def flock(*_: object) -> None:
        raise fault

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(SourceError, match="put `cache_dir` on a local drive"):
        get(open_session(), arxiv)
    assert arxiv.requests == []


def test_a_cache_that_cannot_be_locked_is_an_error(arxiv, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        PoliteSession(folder=tmp_path / "file", interval_s=0, user_agent="test/0") as session,
        pytest.raises(SourceError, match="cannot be locked"),
    ):
        get(session, arxiv)
    assert arxiv.requests == []
