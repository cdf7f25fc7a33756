"""A Dask scheduler and workers on loopback: real ones, each a process that a test can harm."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

GIVEN_UP_S = 300.0

Process = subprocess.Popen[bytes]


class Machines:
    """A context manager; the scheduler runs while it is open, and the workers that are added.

    Arguments:
        folder: For what they leave behind; made when needed.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._opened = ExitStack()
        self.workers: list[Process] = []
        self._file = folder / "scheduler.json"

    def __enter__(self) -> Self:
        self.scheduler = self._start("scheduler", "--port", "0", "--host", "127.0.0.1")
        try:
            wait_until(lambda: self._file.exists() and self._file.read_text().endswith("}"))
        except BaseException:
            self._opened.close()
            raise
        self.address: str = json.loads(self._file.read_text())["address"]
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def add_worker(self, preload: str = "") -> Process:
        """One more, of one thread, which first executes `preload`; it works when this returns."""
        log = self._folder / f"worker-{len(self.workers)}.log"
        options = ["--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"]
        if preload:
            script = log.with_suffix(".py")
            script.write_text(preload)
            options += ["--preload", str(script)]
        worker = self._start("worker", *options, log=log)
        self.workers.append(worker)
        wait_until(lambda: "Registered to" in log.read_text())
        return worker

    def _start(self, kind: str, *options: str, log: Path | None = None) -> Process:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *options]
        command += ["--scheduler-file", str(self._file)]
        with (log or Path(os.devnull)).open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self._folder,
                env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self._folder)},
                stdout=output,
                stderr=output,
            )
        self._opened.callback(end, process)
        return process


def end(process: Process) -> None:
    """Kills a process and waits for its end."""
    process.kill()
    process.wait()


def wait_until(happened: Callable[[], bool]) -> None:
    """Waits; raises `AssertionError` when it takes too long."""
    give_up = time.monotonic() + GIVEN_UP_S
    while not happened():
        assert time.monotonic() < give_up, "nothing happened"
        time.sleep(0.01)
