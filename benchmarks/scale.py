"""How cost grows with the number of papers: `python -m benchmarks.scale`.

Sites of one topic show a growing number of papers, 2,000 a year, on pages of a week. Each is built by MkDocs from a
filled store: first without any page of an earlier build, then again with nothing new, then with one new paper;
and the same pages as Markdown files. Needs Linux for the peak of memory.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import accumulate, islice
from pathlib import Path

import numpy as np

from benchmarks import corpus
from benchmarks.measure import run
from benchmarks.warm_build import PERIODS, copy_pages
from mkdocs_paperdigest.models import Paper

A_DAY = 5.48
"""Papers: 10,000 in five years."""
A_SUBJECT = 6
"""Papers that share the words of their subject, some of which are close to one another."""

BUILD = """
import json, runpy, sys, time
from pathlib import Path
sys.argv = ["mkdocs", "build", "--quiet", "--strict"]
try:
    runpy.run_module("mkdocs", run_name="__main__")
except SystemExit as end:
    if end.code:
        raise
# Not what `getrusage` tells, which begins with the size of the process that started this one.
status = Path("/proc/self/status").read_text()
memory = int(status.partition("VmHWM:")[2].split()[0]) / 1024
Path("measured.json").write_text(json.dumps([time.process_time(), memory]))
"""


@dataclass(frozen=True)
class Build:
    """What one build took."""

    seconds: float
    """Of processor time."""
    memory: float
    """MB at the peak."""


def main() -> None:
    """Prints time, memory and sizes by the number of papers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shown", type=int, nargs="+", default=[1_000, 2_000, 5_000, 10_000])
    parser.add_argument("--figures", type=int, default=1, help="of each paper")
    given = parser.parse_args()
    print(
        "papers  pages      first build            warm         one new paper       as Markdown files    warm/static"
    )
    print("                   s       MB        s       MB        s       MB        s       MB")
    for shown in given.shown:
        with tempfile.TemporaryDirectory() as folder:
            for line in report(Path(folder), shown, given.figures):
                print(line, flush=True)


def report(folder: Path, shown: int, figures: int) -> Iterator[str]:
    """Lines of the table."""
    papers = tuple(islice(realistic(corpus.papers(shown + 1, a_day=A_DAY)), shown + 1))
    root = folder / "digests"
    given = corpus.options(shown + 1, period="week")
    corpus.write_site(root, ["search", {"paperdigest": given}])
    options = corpus.options_of_site(root)
    corpus.fill(options, papers, listed=papers[1:], figures_each=figures)
    builds = {"cold": build(root), "warm": build(root)}
    sizes = [
        (name, (root / "site" / path).stat().st_size)
        for name, path in {
            "papers.js": "digests/assets/papers.js",
            "papers.json": "digests/papers.json",
            "a feed": "digests/benchmark/feed.xml",
            "search": "search/search_index.json",
            "the topic's page": "digests/benchmark/index.html",
        }.items()
    ]
    cache = options.cache_dir
    sizes += [
        (name, sum(path.stat().st_size for path in (cache / name).rglob("*") if path.is_file()))
        for name in ("store", "pages", "rendered")
    ]
    pages = sum(1 for _ in (cache / "pages").rglob("*.md"))
    corpus.write_site(folder / "static", ["search"], not_in_nav=PERIODS)
    copy_pages(root, folder / "static/docs")
    corpus.fill(options, (), listed=papers)
    builds["one new"] = build(root)
    shutil.rmtree(root)
    builds["static"] = build(folder / "static")
    columns = "  ".join(f"{one.seconds:7.1f}  {one.memory:7.0f}" for one in builds.values())
    ratio = builds["warm"].seconds / builds["static"].seconds
    yield f"{shown:6}  {pages:5}  {columns}  {ratio:.3f}"
    yield "        " + ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in sizes)


def build(root: Path) -> Build:
    """Builds a site in a process of its own."""
    run([sys.executable, "-c", BUILD], root)
    return Build(*json.loads((root / "measured.json").read_text(encoding="utf-8")))


def realistic(papers: tuple[Paper, ...]) -> Iterator[Paper]:
    """The papers with titles and abstracts in words that are as frequent as on arXiv, and common to a subject."""
    with files("mkdocs_paperdigest.pipeline").joinpath("closeness.npz").open("rb") as file:
        data = np.load(file)
        words = bytes(data["words"]).decode().split("\n")
        weights = list(accumulate(data["frequencies"].tolist()))
    for paper in papers:
        number = int(paper.id.partition(".")[2])
        chance, subject = random.Random(number), random.Random(-1 - number // A_SUBJECT)
        own = subject.sample(words[500:], 40)

        def text(general: int, special: int, chance: random.Random = chance, own: list[str] = own) -> str:
            found = chance.choices(words, cum_weights=weights, k=general) + chance.choices(own, k=special)
            chance.shuffle(found)
            return " ".join(found).capitalize()

        abstract = ". ".join(text(16, 8) for _ in range(7))
        yield replace(paper, title=text(6, 5), abstract=f"{abstract}.")


if __name__ == "__main__":
    main()
