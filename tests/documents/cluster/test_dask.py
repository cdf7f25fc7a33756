"""`paperdigest update --dask` with a real scheduler and real workers, some of which come to harm."""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mkdocs_paperdigest.cli.options import load_options
from mkdocs_paperdigest.cli.update import update as update_command
from mkdocs_paperdigest.documents.cluster.dask import dask_cluster
from mkdocs_paperdigest.documents.cluster.reader import RemoteReader
from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
from mkdocs_paperdigest.errors import ClusterError, ConfigurationError
from mkdocs_paperdigest.models import Document, FullText
from mkdocs_paperdigest.storage.store import Store
from tests.cli.test_main import PROGRAM
from tests.conftest import PAPER
from tests.documents.cluster.test_reader import a_page, images
from tests.documents.pdfs import make
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.machines import Machines, end, wait_until
from tests.plugin.building import environment, write_site
from tests.processes import stop
from tests.runs import update as update_site

if find_spec("distributed") is None:
    pytest.skip("the extra dask is not installed", allow_module_level=True)

PAPERS = 6
OTHER_VERSION = "import mkdocs_paperdigest; mkdocs_paperdigest.__version__ = '0.0.9'"
NO_PACKAGE = "import sys; sys.modules['mkdocs_paperdigest'] = None"


@pytest.fixture
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with Machines(tmp_path_factory.mktemp("machines")) as machines:
        yield machines


@pytest.fixture(scope="module")
def arxiv() -> Iterator[FakeArxiv]:
    papers = [replace(PAPER, id=f"2410.0000{number}") for number in range(PAPERS)]
    with FakeArxiv(papers) as fake:
        yield fake


@pytest.fixture
def root(tmp_path: Path, arxiv: FakeArxiv) -> Path:
    topics = [{"title": "Gates", "phrases": ["gate"]}]
    return write_site(tmp_path, {"topics": topics, "arxiv_url": arxiv.url, "request_interval": 0})


@pytest.fixture(scope="module")
def expected(arxiv: FakeArxiv, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an update on this machine finds in the papers."""
    root = tmp_path_factory.mktemp("here")
    topics = [{"title": "Gates", "phrases": ["gate"]}]
    write_site(root, {"topics": topics, "arxiv_url": arxiv.url, "request_interval": 0})
    update_site(load_options(root / "mkdocs.yml"), now=datetime.now(UTC), environ={})
    found = found_in(root)
    assert len(found) == 2 * PAPERS + 2 * PAPERS
    return found


def found_in(root: Path) -> dict[str, Any]:
    """Documents and texts in the store, and every image but covers, by name: those are made here."""
    cache = root / ".cache/plugin/paperdigest"
    store = Store(cache / "store")
    found: dict[str, Any] = {}
    for kind, shape in (("document", Document), ("text", FullText)):
        found |= {name: store.get(name, shape) for name in store.keys(kind)}
    store.close()
    figures = cache / "figures"
    images = [at for at in figures.rglob("*.webp") if "cover" not in at.name]
    return found | {str(at.relative_to(figures)): at.read_bytes() for at in images}


class Update:
    """A running `paperdigest update --dask`."""

    def __init__(self, root: Path, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-c", PROGRAM, "update", "--dask", address],
            cwd=root,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())

    @property
    def done(self) -> int:
        """Number of papers."""
        return sum(line.startswith("[") for line in list(self.lines))

    def wait_for(self, papers: int) -> None:
        """Waits until so many papers are done; a failure shows what the update wrote, or where it hangs."""
        try:
            wait_until(lambda: self.done >= papers or self.process.poll() is not None)
        except AssertionError:
            # Has it write the stack of each thread.
            self.process.send_signal(signal.SIGABRT)
            self.process.wait()
        if self.process.poll() is not None:
            self._listening.join()
        assert self.done >= papers, "\n".join(self.lines)

    def result(self) -> tuple[int, list[str]]:
        """The exit code, and the lines of the log without the progress."""
        code = self.process.wait(300)
        self._listening.join()
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code, [line for line in self.lines if not line.startswith(("[", "papers to work"))]


@contextmanager
def updating(root: Path, machines: Machines) -> Iterator[Update]:
    update = Update(root, machines.address)
    try:
        yield update
    finally:
        update.process.kill()
        update.result()


def test_a_cluster_finds_what_this_machine_finds_and_loses_nothing_with_a_worker(
    root: Path, machines: Machines, expected: dict[str, Any]
) -> None:
    lame = machines.add_worker()
    machines.add_worker()
    with updating(root, machines) as update:
        update.wait_for(1)
        # Stopped, it accepts tasks without doing them, and dies with some: two that it was given at once, and
        # perhaps one that it had finished without its result having been fetched.
        stop(lame.pid)
        update.wait_for(PAPERS - 3)
        lame.kill()
        code, lines = update.result()
    assert code == 0
    assert lines == [
        "Dask cluster: 2 workers, 2 threads",
        f"{PAPERS} papers shown ({PAPERS} new, 0 cached), 0 waiting, 0 failed; model calls: 0, tokens: 0",
    ]
    assert found_in(root) == expected


def test_without_its_scheduler_the_rest_is_read_here(
    root: Path, machines: Machines, expected: dict[str, Any]
) -> None:
    worker = machines.add_worker()
    with updating(root, machines) as update:
        update.wait_for(1)
        stop(worker.pid)
        # On a machine that stalls, the worker may have finished all before it was stopped.
        left = PAPERS - update.done
        machines.scheduler.kill()
        code, lines = update.result()
    assert code == 0
    lost = "Dask cluster: it dropped its tasks; papers are read on this machine"
    assert [line for line in lines if "this machine" in line] == [lost] or left < 2
    assert len(lines) == 2 + (lost in lines)
    assert found_in(root) == expected


def test_a_scheduler_lost_while_tasks_are_sent_logs_no_tracebacks(
    machines: Machines, caplog: pytest.LogCaptureFixture
) -> None:
    with dask_cluster(machines.address) as cluster:
        sending = cluster.executor._client.scheduler_comm
        # Dask sends at once, then what has come together in the meantime: the second task is sent too late.
        sending.interval = 0.5
        batches = sending.batch_count
        tasks = [cluster.executor.submit(len, b"first")]
        wait_until(lambda: sending.batch_count > batches)
        tasks.append(cluster.executor.submit(len, b"second"))
        machines.scheduler.kill()
        wait(tasks)
        wait_until(sending.stopped.is_set)
    assert all(task.cancelled() for task in tasks)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_does_not_wait_for_the_cluster(root: Path, machines: Machines) -> None:
    worker = machines.add_worker()
    with updating(root, machines) as update:
        update.wait_for(1)
        stop(worker.pid)
        begin = time.monotonic()
        update.process.send_signal(signal.SIGINT)
        code, lines = update.result()
    assert code == 130
    # Far less than the time to wait for an answer.
    assert time.monotonic() - begin < 20
    assert lines == ["Dask cluster: 1 worker, 1 thread", "Stopped; what is finished is kept."]


def test_a_worker_without_the_package_that_comes_later_does_no_harm(
    machines: Machines, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A task that names a module which a Dask worker lacks would end the worker."""
    caplog.set_level("INFO")
    path = make(tmp_path / "a.pdf", a_page)
    with (
        dask_cluster(machines.address) as cluster,
        PdfReader() as local,
        RemoteReader(cluster, local) as reader,
    ):
        worker = machines.add_worker(NO_PACKAGE)
        found = reader.read(path, tmp_path / "there", figures_max=8)
        assert cluster.threads() == 1
        assert local.read(path, tmp_path / "here", figures_max=8) == found
    assert images(tmp_path / "there") == images(tmp_path / "here") != {}
    assert worker.poll() is None
    lines = [record.getMessage() for record in caplog.records if "this machine" in record.msg]
    assert len(lines) == 1
    assert lines[0].startswith(f"{tmp_path.name}/a.pdf: read on this machine: ModuleNotFoundError: ")


def test_workers_need_the_same_version(machines: Machines) -> None:
    for preload, has in (
        (OTHER_VERSION, "but has 0.0.9 (documents "),
        (NO_PACKAGE, "but has none that loads (ModuleNotFoundError"),
    ):
        worker = machines.add_worker(preload)
        with pytest.raises(ConfigurationError) as raised, dask_cluster(machines.address):
            pass
        message = str(raised.value)
        assert message.startswith("--dask: worker tcp://127.0.0.1:")
        assert has in message
        assert "pip install 'mkdocs-paperdigest[dask]==" in message
        assert "\n" not in message
        end(worker)


@pytest.mark.parametrize("address", ["scheduler", "scheduler:8786", "tcp://scheduler", "tcp://h:x"])
def test_a_malformed_address_is_a_mistake(address: str) -> None:
    with pytest.raises(ConfigurationError, match="write tcp://HOST:8786"), dask_cluster(address):
        pass


def test_tls_is_configured_in_dask() -> None:
    with (
        pytest.raises(ConfigurationError, match="check your TLS configuration"),
        dask_cluster("tls://127.0.0.1:1"),
    ):
        pass


def test_waiting_for_a_server_that_is_not_a_scheduler_ends(arxiv: FakeArxiv) -> None:
    address = arxiv.url.replace("http", "tcp")
    with (
        pytest.raises(ClusterError, match="no Dask scheduler answered"),
        dask_cluster(address, patience_s=0.2),
    ):
        pass


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ConfigurationError, match=r"pip install 'mkdocs-paperdigest\[dask\]'"),
        dask_cluster("tcp://127.0.0.1:1"),
    ):
        pass


def test_a_missing_scheduler_is_one_line_before_arxiv_is_asked(root: Path, arxiv: FakeArxiv) -> None:
    before = len(arxiv.requests)
    done = CliRunner().invoke(update_command, ["-f", str(root / "mkdocs.yml"), "--dask", "tcp://127.0.0.1:1"])
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "Error: --dask tcp://127.0.0.1:1: no Dask scheduler answered within 5 s"
    ]
    assert len(arxiv.requests) == before
