"""Runs every benchmark and prints one table: `python -m benchmarks`."""

import os
from datetime import UTC, datetime

from benchmarks import cluster, cold_build, imports, scale, serve, warm_build


def main() -> None:
    """Takes some minutes; nothing else should run on the machine."""
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for title, lines in (
        ("Imports", imports.report(times=5)),
        ("Warm build", warm_build.report(pages=100, times=5)),
        ("Warm build without figures", warm_build.report(pages=100, times=5, figures=0)),
        ("Rebuild of the server", serve.report(papers=500, times=5)),
        ("Cold build", cold_build.report(cold_build.Latencies(), times=3)),
        ("Dask cluster", cluster.report(papers=24, times=3)),
        ("Scale", scale.report([1_000, 2_000, 5_000, 10_000])),
    ):
        print(f"\n{title}", *lines, sep="\n  ")


if __name__ == "__main__":
    main()
