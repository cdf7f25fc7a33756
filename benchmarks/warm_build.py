"""What digest pages cost a build in which nothing is new: `python -m benchmarks.warm_build`.

The same pages are built in four ways, with the same theme and plugins: as digest pages from a filled cache,
as static Markdown files in `docs`, written by mkdocs-gen-files in each build, and not at all.
"""

import argparse
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks import corpus
from benchmarks.measure import Cost, medians, mkdocs_build

PERIODS = "/digests/*/2*\n"
"""Pages that stand in no navigation, which as digest pages they do not either."""
GEN_FILES = """
from pathlib import Path
import mkdocs_gen_files
pages = Path({folder!r})
for path in filter(Path.is_file, pages.rglob("*")):
    with mkdocs_gen_files.open(path.relative_to(pages).as_posix(), "wb") as file:
        file.write(path.read_bytes())
"""


def main() -> None:
    """Prints what each way costs and the ratios that matter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--figures", type=int, default=corpus.FIGURES, help="of each paper")
    given = parser.parse_args()
    for line in report(given.pages, given.times, given.figures):
        print(line)


def report(pages: int, times: int, figures: int = corpus.FIGURES) -> list[str]:
    """Lines of a table."""
    with tempfile.TemporaryDirectory() as folder:
        sites = make_sites(Path(folder), pages, figures)
        costs = medians(sites, times)
        index = {name: (Path(folder) / name / "site/search/search_index.json") for name in sites}
        sizes = {name: path.stat().st_size for name, path in index.items()}
        naive = size_of_naive_index(Path(folder))
    warm = costs["digests"]
    lines = [
        f"{pages} pages of {corpus.PAPERS_A_PAGE} papers with {figures} figures    wall       cpu       digests are"
    ]
    lines += [
        f"{name:10} {cost.seconds:6.2f} s  {cost.cpu:6.2f} s   "
        f"{warm.seconds / cost.seconds:.3f} (cpu {warm.cpu / cost.cpu:.3f})"
        for name, cost in costs.items()
    ]
    ratio = sizes["digests"] / naive
    lines.append(f"search index {sizes['digests'] / 1e6:.2f} MB, naive {naive / 1e6:.2f} MB: {ratio:.3f}")
    return lines


def size_of_naive_index(folder: Path) -> int:
    """Bytes of the index where a search finds everything on the same pages."""
    naive = folder / "naive"
    corpus.write_site(naive, ["search"], not_in_nav=PERIODS)
    copy_pages(folder / "digests", naive / "docs")
    for path in (naive / "docs").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r' data-search-exclude(="\w*")?', "", text), encoding="utf-8")
    mkdocs_build(naive)
    return (naive / "site/search/search_index.json").stat().st_size


def make_sites(folder: Path, pages: int, figures: int) -> dict[str, Callable[[], Cost]]:
    """A site of each kind, ready to be built."""
    count = pages * corpus.PAPERS_A_PAGE
    digests = folder / "digests"
    corpus.write_site(digests, ["search", {"paperdigest": corpus.options(count)}])
    corpus.fill(corpus.settings_of_site(digests), corpus.papers(count), figures_each=figures)
    mkdocs_build(digests)
    corpus.write_site(folder / "none", ["search"])
    corpus.write_site(folder / "static", ["search"], not_in_nav=PERIODS)
    copy_pages(digests, folder / "static/docs")
    ways = ["digests", "static", "none"]
    if find_spec("mkdocs_gen_files"):
        copy_pages(digests, folder / "gen-files/pages")
        script = folder / "gen-files/write.py"
        script.write_text(GEN_FILES.format(folder=str(folder / "gen-files/pages")))
        plugins = ["search", {"gen-files": {"scripts": ["write.py"]}}]
        corpus.write_site(folder / "gen-files", plugins, not_in_nav=PERIODS)
        ways.append("gen-files")
    return {way: partial(mkdocs_build, folder / way) for way in ways}


def copy_pages(digests: Path, to: Path) -> None:
    """Copies everything that the plugin adds to the site's sources."""
    cache = digests / ".cache/plugin/paperdigest"
    shutil.copytree(cache / "pages", to, dirs_exist_ok=True)
    for folder in (cache / "figures").iterdir():
        for images in folder.iterdir():
            shutil.copytree(images, to / "digests/assets" / folder.name)


if __name__ == "__main__":
    main()
