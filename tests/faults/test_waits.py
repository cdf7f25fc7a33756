"""Every wait for another machine ends, and no answer is read without limit, whoever asks."""

import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.documents.cluster.dask import dask_cluster
from mkdocs_paperdigest.errors import ClusterError, SourceError
from mkdocs_paperdigest.sources.request import Bounds, OversizeError
from mkdocs_paperdigest.sources.session import PoliteSession
from mkdocs_paperdigest.summaries.batches.gemini import GeminiBatches
from mkdocs_paperdigest.summaries.llm.calls import Provider
from mkdocs_paperdigest.summaries.llm.gemini import Gemini
from mkdocs_paperdigest.summaries.llm.openai import OpenAI
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.machines import Machines
from tests.fakes.misbehaving import FLOODS, OF_TLS, PHASES, Misbehaving
from tests.processes import stop
from tests.summaries.conftest import KEY, OLDER_SDK, PROMPT

TOTAL_S = 0.4
BOUND_S = 25
"""A busy machine may be slow, but not this slow; without a limit on the whole, nothing ends."""
LONG = Bounds(connect_s=60, slow_s=60, silence_s=60, total_s=TOTAL_S)
PROVIDERS = ["gemini", "openai", "batches", OLDER_SDK]
CLIENTS = ["arxiv", *PROVIDERS]


@dataclass
class Client:
    """One way to ask another machine, with a short limit of time."""

    name: str
    cache: Path
    timeout_s: float = TOTAL_S

    def ask(self, url: str) -> str:
        """Asks once, and returns how that failed."""
        try:
            self._ask(url)
        except ModelCallError as error:
            return error.outcome.value
        except OversizeError:
            return "too large"
        except SourceError as error:
            return str(error)
        return "answered"

    def _ask(self, url: str) -> None:
        if self.name == "arxiv":
            bounds = Bounds(60, 60, 60, self.timeout_s)
            with PoliteSession(
                folder=self.cache, interval_s=0, user_agent="test/0", bounds=bounds
            ) as session:
                session.fetch(f"{url}/pdf/1", accept="*/*", max_bytes=8_000_000)
        elif self.name == "batches":
            service = GeminiBatches("gemini-3.5-flash-lite", url=url, key=KEY, timeout_s=1)
            # Batches have two minutes at least.
            service._service.timeout_s = self.timeout_s
            service.poll("batches/one")
        else:
            _provider(self.name, url, self.timeout_s).ask(PROMPT)


def _provider(name: str, url: str, timeout_s: float) -> Provider:
    kinds: dict[str, Any] = {"gemini": Gemini, "openai": OpenAI}
    if name not in kinds:
        from mkdocs_paperdigest.summaries.llm.generativeai import GenerativeAI

        kinds[name] = GenerativeAI
    provider: Provider = kinds[name]("gemini-3.5-flash-lite", url=url, key=KEY, timeout_s=timeout_s)
    # Loading an SDK is no wait for another machine.
    provider.prepare()
    return provider


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Client:
    return Client(request.param, tmp_path)


def late(client: Client) -> str:
    return "arXiv did not answer in time" if client.name == "arxiv" else "timeout"


@contextmanager
def bounded() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < BOUND_S


@pytest.mark.parametrize("phase", [name for name in PHASES if name != "handshake"])
def test_an_answer_that_never_ends_is_given_up(client: Client, phase: str) -> None:
    with Misbehaving(phase) as server:
        with bounded():
            assert client.ask(server.url) == late(client)
        assert server.connections in (1, 2)
        assert server.closed.wait(BOUND_S), "the watchdog closes the connection"


@pytest.mark.parametrize("phase", sorted(OF_TLS))
def test_a_handshake_that_never_ends_is_given_up(client: Client, phase: str) -> None:
    with Misbehaving(phase) as server:
        with bounded():
            assert client.ask(server.url.replace("http:", "https:")) == late(client)
        assert server.closed.wait(BOUND_S)


def test_a_host_that_takes_no_connection_is_given_up(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        # Connections that wait to be accepted keep others from being made.
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        with bounded():
            assert client.ask(f"http://127.0.0.1:{server.getsockname()[1]}") == late(client)
        for one in waiting:
            one.close()


@pytest.fixture
def lost_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Look-ups of names under `.test` do not return before the event is set."""
    found = threading.Event()
    look_up = socket.getaddrinfo

    def wait(host: Any, *args: Any, **options: Any) -> Any:
        if str(host).endswith(".test"):
            found.wait(120)
            host = "127.0.0.1"
        return look_up(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield found
    found.set()


def test_a_look_up_of_a_name_that_never_returns_is_given_up(
    client: Client, lost_names: threading.Event
) -> None:
    with Misbehaving("silence") as server:
        with bounded():
            assert client.ask(f"http://lost.test:{server.port}") == late(client)
        assert [
            thread for thread in threading.enumerate() if thread.name == "network call" and not thread.daemon
        ] == []
        lost_names.set()
        assert server.closed.wait(BOUND_S)
        assert server.received == b"", "what was given up is not sent later"


def test_the_turn_is_free_once_a_request_was_given_up(tmp_path: Path) -> None:
    """For other builds as well, which wait for a lock."""
    session = PoliteSession(folder=tmp_path, interval_s=0, user_agent="test/0", bounds=LONG)
    other = PoliteSession(folder=tmp_path, interval_s=0, user_agent="test/0", bounds=Bounds(total_s=BOUND_S))
    with Misbehaving("100 Continue") as server, FakeArxiv([PAPER]) as arxiv, session, other, bounded():
        with pytest.raises(SourceError, match="in time"):
            session.fetch(f"{server.url}/pdf/1", accept="*/*", max_bytes=1000)
        assert other.fetch(f"{arxiv.url}/abs/{PAPER.id}", accept="*/*", max_bytes=1 << 20).status == 200


@pytest.mark.parametrize("flood", FLOODS)
def test_an_answer_without_end_is_not_read(client: Client, flood: str) -> None:
    client.timeout_s = 20
    with Misbehaving(flood) as server:
        tracemalloc.start()
        try:
            outcome = client.ask(server.url)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert outcome == ("too large" if client.name == "arxiv" else Outcome.BAD_JSON)
        # Batches of papers have longer answers.
        most = 400_000_000 if client.name == "batches" else 150_000_000
        assert peak < most
        assert server.sent < most


@pytest.mark.parametrize("phase", ["silence", "body", "100 Continue"])
def test_a_scheduler_that_never_answers_is_given_up(phase: str) -> None:
    with (
        Misbehaving(phase) as server,
        bounded(),
        pytest.raises(ClusterError, match="no Dask scheduler answered"),
        dask_cluster(f"tcp://127.0.0.1:{server.port}", patience_s=TOTAL_S),
    ):
        pass


def test_a_scheduler_whose_name_is_never_found_is_given_up(lost_names: threading.Event) -> None:
    assert not lost_names.is_set()
    with (
        bounded(),
        pytest.raises(ClusterError, match="no Dask scheduler answered within"),
        dask_cluster("tcp://lost.test:8786", patience_s=TOTAL_S),
    ):
        pass


def test_a_worker_that_stands_still_is_not_waited_for(tmp_path: Path) -> None:
    with Machines(tmp_path / "machines") as machines:
        stop(machines.add_worker().pid)
        with (
            bounded(),
            pytest.raises(ClusterError, match="restart the workers"),
            dask_cluster(machines.address, answer_s=TOTAL_S),
        ):
            pass
