"""Ctrl-C in the middle of the work: the build ends at once and nothing that was finished is lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.storage.store import Store
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS, Call, Reply, honest
from tests.plugin.building import build, environment, write_site

GIVEN_UP_S = 120.0
AT_ONCE_S = 30.0
"""The calls that hang would hold the build for twice as long."""


@pytest.fixture
def arxiv(make_paper: Callable[..., Any]) -> Iterator[FakeArxiv]:
    papers = [make_paper(id=f"2410.0000{number}", title=f"Gate {number}") for number in range(6)]
    with FakeArxiv(papers) as fake:
        yield fake


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_the_build_and_keeps_what_is_finished(tmp_path: Path, arxiv: FakeArxiv) -> None:
    answered: list[Call] = []

    def two_answers(call: Call) -> Reply:
        if len(answered) < 2:
            answered.append(call)
            return honest(call)
        return FAULTS["hang"](call)

    with FakeGemini(two_answers) as gemini:
        write_site(
            tmp_path,
            {
                "topics": [{"title": "Gates", "phrases": ["gate"]}],
                "arxiv_url": arxiv.url,
                "model": "gemini/gemini-3.5-flash-lite",
                "model_url": gemini.url,
                "overview": False,
                "model_concurrency": 2,
            },
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build"],
            cwd=tmp_path,
            env=environment(GEMINI_API_KEY="not-a-real-key"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_until(lambda: len(gemini.calls) == 4 and stored_summaries(tmp_path) == 2, process)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=300)
        took = time.monotonic() - begin
        assert process.returncode != 0, output
        assert took < AT_ONCE_S, output
        gemini.default = honest
        asked = len(gemini.calls)
        again = build(tmp_path, GEMINI_API_KEY="not-a-real-key")
        assert again.code == 0, again.log
        assert len(gemini.calls) - asked == 4
        assert "6 papers shown (4 new, 2 cached)" in again.log


def stored_summaries(root: Path) -> int:
    store = Store(root / ".cache/plugin/paperdigest/store")
    try:
        return sum(1 for _ in store.keys("summary"))
    finally:
        store.close()


def wait_until(happened: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    give_up = time.monotonic() + GIVEN_UP_S
    while not happened():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < give_up, "nothing happened"
        time.sleep(0.01)
