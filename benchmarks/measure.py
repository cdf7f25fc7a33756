"""Runs commands and tells what they took."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    """From start to end."""
    cpu: float
    """Seconds of processor time: what a busy machine does not change."""


def run(command: list[str], cwd: Path, **variables: str) -> Cost:
    """Runs a command to its end; raises `RuntimeError` with its output where it fails."""
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    # As after an installation: what pip installs is compiled once, and not in every build.
    environment = {**os.environ, **quiet, **variables, "PYTHONDONTWRITEBYTECODE": ""}
    begin = perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} in {cwd}: {output}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime)


def mkdocs_build(root: Path) -> Cost:
    """Builds a site with the command, in a process of its own."""
    return run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"], root)


def medians(builds: Mapping[str, Callable[[], Cost]], times: int) -> dict[str, Cost]:
    """The median cost of each, taken in turns, so that a busy machine disturbs all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in builds}
    for _ in range(times):
        for name, build in builds.items():
            costs[name].append(build())
    return {
        name: Cost(
            statistics.median(cost.seconds for cost in taken), statistics.median(cost.cpu for cost in taken)
        )
        for name, taken in costs.items()
    }
