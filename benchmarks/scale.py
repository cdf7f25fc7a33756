"""How cost grows with the number of papers: `python -m benchmarks.scale`.

The store knows ten thousand papers; a growing number of them is shown, a few on each page. Measured is what
`on_files` does in a build in which nothing is new: the listing, the store, the outline, the pages' stamps.
Needs Linux for the peak of memory.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import corpus
from benchmarks.measure import run

A_PAGE = 4

MEASURE = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from benchmarks.corpus import options_of_site
from mkdocs_paperdigest.pipeline.run import open_run
from mkdocs_paperdigest.pipeline.site import build_site
options = options_of_site(Path("."))
def once():
    begin = time.process_time()
    with open_run(options, now=datetime.now(UTC), environ={}) as run:
        site = build_site(run)
    assert site.report.new == 0 and site.report.shown == int(sys.argv[1]), site.report
    return time.process_time() - begin, sum(file.uri.endswith(".md") for file in site.files)
once()
took, pages = min(once() for _ in range(3))
# Not what `getrusage` tells, which begins with the size of the process that started this one.
status = Path("/proc/self/status").read_text()
memory = int(status.partition("VmHWM:")[2].split()[0]) / 1024
Path("measured.json").write_text(json.dumps([took, pages, memory]))
"""


def main() -> None:
    """Prints time and memory by size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known", type=int, default=10_000)
    parser.add_argument("--shown", type=int, nargs="+", default=[250, 500, 1000, 2000])
    given = parser.parse_args()
    for line in report(given.known, given.shown):
        print(line)


def report(known: int, sizes: list[int]) -> list[str]:
    """Lines of a table."""
    papers = corpus.papers(known, a_day=A_PAGE)
    lines = [f"{known} papers in the store", "shown  pages  on_files     per paper   memory"]
    with tempfile.TemporaryDirectory() as folder:
        for number, shown in enumerate(sizes):
            root = Path(folder) / f"site-{shown}"
            options = corpus.options(shown, cache_dir="../cache")
            corpus.write_site(root, ["search", {"paperdigest": options}])
            options = corpus.options_of_site(root)
            # The listing differs by size; all else is put in once.
            new = papers if number == 0 else ()
            corpus.fill(options, new, listed=papers[:shown], figures_each=1)
            took, pages, memory = measure(root, shown)
            lines.append(
                f"{shown:5}  {pages:5}  {took * 1000:6.0f} ms  {took / shown * 1e3:8.3f} ms  {memory:6.0f} MB"
            )
    return lines


def measure(root: Path, shown: int) -> tuple[float, int, float]:
    """Seconds of processor time, pages, and peak memory in MB, in a process of its own."""
    home = str(Path(__file__).resolve().parents[1])
    run([sys.executable, "-c", MEASURE, str(shown)], root, PYTHONPATH=home)
    took, pages, memory = json.loads((root / "measured.json").read_text(encoding="utf-8"))
    return took, pages, memory


if __name__ == "__main__":
    main()
