"""Updates that are killed, or run beside each other: what is finished stays, and is paid for once."""

import os
import pickle
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkdocs_paperdigest.archive.folder import read_archive
from mkdocs_paperdigest.files import UNFINISHED
from mkdocs_paperdigest.models import Summary
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import gate_papers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.processes import Process, start_python
from tests.runs import build_site, gate_options, update

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
PAPERS = 12
KILLS = 20
ROOT = Path(__file__).parents[2]

# The command without MkDocs, whose import is most of its time.
PROGRAM = """
import pickle, sys
from tests.runs import update
options, now = pickle.loads(bytes.fromhex(sys.argv[1]))
update(options, now=now, environ={})
"""


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(gate_papers(PAPERS)) as fake:
        yield fake


@pytest.fixture
def model() -> Iterator[FakeGemini]:
    with FakeGemini() as fake:
        yield fake


@pytest.fixture
def options(tmp_path: Path, arxiv: FakeArxiv, model: FakeGemini) -> Options:
    return gate_options(
        tmp_path / "cache",
        arxiv,
        model,
        archive_dir=tmp_path / "archive",
        model="openai/test",
        model_url=model.openai_url,
        overview=False,
        figures=False,
    )


def start(options: Options) -> Process:
    sent = pickle.dumps((options, NOW)).hex()
    with (options.archive_dir.parent / "errors.txt").open("ab") as errors:
        return start_python(["-c", PROGRAM, sent], cwd=ROOT, env=os.environ, stdout=errors, stderr=errors)


def summarized(options: Options) -> dict[str, Summary]:
    """The finished summaries in the cache, by the paper's key."""
    store = Store(options.cache_dir / "store")
    found = {name.split(":")[1]: store.get(name, Summary) for name in store.keys("summary")}
    store.close()
    assert None not in found.values()
    return {paper: summary for paper, summary in found.items() if summary}


def asked_for(model: FakeGemini) -> list[str]:
    """The keys of the papers that the model was asked about, call by call."""
    numbers = [call.prompt.partition("Gate number ")[2].split()[0] for call in model.calls]
    return [f"2410.000{int(number):02}v1" for number in numbers]


def wait_until(happened: Callable[[], bool], process: Process) -> None:
    while process.poll() is None and not happened():
        time.sleep(0.002)


def test_killed_updates_go_on_and_pay_for_nothing_twice(
    options: Options, arxiv: FakeArxiv, model: FakeGemini
) -> None:
    chance = random.Random(20241101)
    killed = 0
    while killed < KILLS:
        done, paid = summarized(options), len(model.calls)
        before, target = len(arxiv.requests) + paid, chance.randrange(1, 6)
        process = start(options)

        def has_come_far(before: int = before, target: int = target) -> bool:
            return len(arxiv.requests) + len(model.calls) >= before + target

        wait_until(has_come_far, process)
        time.sleep(chance.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert not set(asked_for(model)[paid:]) & done.keys()
        assert done.keys() <= summarized(options).keys()
        assert not list(options.cache_dir.glob("store-broken-*"))
        if len(done) == PAPERS:
            # All over again, in a cache of its own.
            options = replace(options, cache_dir=options.cache_dir.with_name(f"cache-{killed}"))
            shutil.rmtree(options.archive_dir, ignore_errors=True)
    last = start(options)
    assert last.wait(300) == 0
    assert len(summarized(options)) == PAPERS
    store = Store(options.cache_dir / "store")
    assert len(read_archive(options.archive_dir, store).records) == PAPERS
    assert store.problems() == []
    store.close()


def test_an_archive_that_is_killed_while_it_is_written_stays_valid(options: Options) -> None:
    update(options, now=NOW, environ={})
    chance = random.Random(7)
    for _ in range(5):
        shutil.rmtree(options.archive_dir)
        process = start(options)
        target = chance.randrange(1, PAPERS)

        def has_come_far(target: int = target) -> bool:
            return len(list(options.archive_dir.glob("*.yaml"))) >= target

        wait_until(has_come_far, process)
        process.kill()
        process.wait()
        store = Store(options.cache_dir / "store")
        assert len(read_archive(options.archive_dir, store).records) >= target
        store.close()
    update(options, now=NOW, environ={})
    assert len(list(options.archive_dir.glob("*.yaml"))) == PAPERS
    assert not list(options.archive_dir.rglob(f"{UNFINISHED}*"))


@pytest.mark.parametrize("builds", [2, 4])
def test_builds_at_once_share_the_work(
    options: Options, arxiv: FakeArxiv, model: FakeGemini, builds: int
) -> None:
    processes = [start(options) for _ in range(builds)]
    assert [process.wait(300) for process in processes] == [0] * builds
    assert set(Counter(asked_for(model)).values()) == {1}
    assert len(summarized(options)) == PAPERS
    assert min(arxiv.pauses()) >= 0.005
    site = build_site(options, now=NOW, environ={})
    assert site.report.shown == PAPERS
