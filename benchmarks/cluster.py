"""How much faster a second Dask worker makes the search of figures: `python -m benchmarks.cluster`.

Scheduler and workers are processes on this machine, each worker with one thread, and the PDFs are drawn
beforehand. What is measured is the time from sending the first PDF to writing the last image.

    python -m benchmarks.cluster FOLDER    # the PDFs in a folder of yours
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.documents.cluster.dask import dask_cluster
from mkdocs_paperdigest.documents.cluster.reader import RemoteReader
from mkdocs_paperdigest.documents.sandbox.reader import PdfContents, PdfReader
from tests.documents.pdfs import LEFT, LINE, TOP, lines_of, make, paragraph, photograph, plot
from tests.fakes.machines import Machines

PAGES = 12
FIGURES_MAX = 8


class NotHere(PdfReader):
    """Stands for this machine, which must not help."""

    def read(self, path: Path, *_: Any, **__: Any) -> PdfContents:
        """Raises `AssertionError`."""
        raise AssertionError(f"{path} was not read by a worker")


def main() -> None:
    """Prints the times with one worker and with two, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--papers", type=int, default=24)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    for line in report(given.papers, given.times, given.folder):
        print(line)


def report(papers: int, times: int, folder: Path | None = None) -> list[str]:
    """Lines of a table."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        root = Path(name)
        pdfs = sorted(folder.glob("*.pdf"))[:papers] if folder else drawn(root, papers)
        addresses = {}
        for workers in (1, 2):
            machines = opened.enter_context(Machines(root / f"{workers} workers"))
            for _ in range(workers):
                machines.add_worker()
            addresses[workers] = machines.address
            # The processes that read PDFs start with the first ones.
            read(machines.address, pdfs[:4], root)
        taken: dict[int, list[float]] = {1: [], 2: []}
        # In turns, so that a busy machine disturbs all alike.
        for _ in range(times):
            for workers, address in addresses.items():
                taken[workers].append(read(address, pdfs, root))
    one, two = (statistics.median(seconds) for seconds in taken.values())
    return [
        f"{len(pdfs)} PDFs, medians of {times} runs, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        f"one worker {one:.2f} s, two workers {two:.2f} s, speed-up {int(100 * one / two) / 100:.2f}",
    ]


def read(address: str, pdfs: Sequence[Path], root: Path) -> float:
    """Seconds in which a cluster reads these PDFs with their figures."""
    with (
        dask_cluster(address) as cluster,
        NotHere() as local,
        RemoteReader(cluster, local) as reader,
        ThreadPoolExecutor(reader.at_once) as threads,
    ):

        def figures(path: Path) -> int:
            images = root / "images" / path.stem
            return len(reader.read(path, images, figures_max=FIGURES_MAX).figures)

        begin = perf_counter()
        found = sum(threads.map(figures, pdfs))
        seconds = perf_counter() - begin
    assert found, "there is no figure in any of them"
    return seconds


def drawn(root: Path, papers: int) -> list[Path]:
    """PDFs of the length of papers, with a plot or a photograph on each page."""

    def page(canvas: Canvas) -> None:
        number = canvas.getPageNumber()
        y = paragraph(canvas, LEFT, TOP, LINE, 16, seed=number)
        (photograph if number % 3 == 0 else plot)(canvas, 150, y + 10, 300, 160)
        y = lines_of(canvas, 150, y + 180, f"Figure {number}: Error by the number of samples.")
        paragraph(canvas, LEFT, y + 14, LINE, 20, seed=number + 3)

    folder = root / "papers"
    folder.mkdir()
    return [make(folder / f"{number}.pdf", *[page] * PAGES) for number in range(papers)]


if __name__ == "__main__":
    main()
