"""What digest pages cost each time a page is saved in `mkdocs serve`: `python -m benchmarks.serve`.

Measured is a rebuild in which nothing of ours has changed, as the server does it: the configuration is read
again, plugins stay. The same site without digest pages stands beside it.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import corpus
from benchmarks.measure import run

MEASURE = """
import json, statistics, sys, tempfile, time
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
site = tempfile.mkdtemp(dir=".")
def once(first=False):
    begin = time.perf_counter()
    config = load_config("mkdocs.yml", site_dir=site)
    if first:
        config.plugins.on_startup(command="serve", dirty=False)
    build(config)
    return time.perf_counter() - begin
once(first=True)
took = statistics.median(once() for _ in range(int(sys.argv[1])))
Path("measured.json").write_text(json.dumps(took))
"""


def main() -> None:
    """Prints what a rebuild takes with digest pages and without."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=500)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    for line in report(given.papers, given.times):
        print(line)


def report(papers: int, times: int) -> list[str]:
    """Lines of a table."""
    with tempfile.TemporaryDirectory() as folder:
        none = Path(folder) / "none"
        corpus.write_site(none, ["search"])
        without = measure(none, times)
        lines = [f"without digest pages                 {without:.2f} s"]
        for figures in (0, corpus.FIGURES):
            root = Path(folder) / f"digests-{figures}"
            corpus.write_site(root, ["search", {"paperdigest": corpus.options(papers)}])
            listed = corpus.papers(papers)
            corpus.fill(corpus.options_of_site(root), listed, figures_each=figures)
            took = measure(root, times)
            lines.append(
                f"{papers} papers with {figures} figures each    {took:.2f} s: {took - without:.2f} s more"
            )
    return lines


def measure(root: Path, times: int) -> float:
    """Seconds of a rebuild, the median of so many, in a process of its own."""
    home = str(Path(__file__).resolve().parents[1])
    run([sys.executable, "-c", MEASURE, str(times)], root, PYTHONPATH=home)
    seconds: float = json.loads((root / "measured.json").read_text(encoding="utf-8"))
    return seconds


if __name__ == "__main__":
    main()
