"""Round trip of BibTeX files: every entry goes in as a library and comes out of the topic's own `.bib`.

    python -m benchmarks.bibtex FOLDER

prints, for each `.bib` file of a folder, how many entries are shown, are papers of arXiv, and were left out and
why; and of what is shown, which types, keys and fields do not come back as they were.
"""

import argparse
import re
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.pages.render.bibtex import bibliography
from mkdocs_paperdigest.sources.bibtex import read_blocks
from mkdocs_paperdigest.sources.latex import latex_as_text
from mkdocs_paperdigest.sources.library import Library, read_library

DAY = datetime(2024, 1, 4, tzinfo=UTC)
WITHHELD = re.compile(r"file$|pdf$|localfile$|local-url$|bdsk-file|crossref$|xdata$|doi$|url$")
"""Names of files of a machine, what is resolved, and addresses, which are mended."""


@dataclass
class RoundTrip:
    """What became of one file."""

    seconds: float = 0
    shown: int = 0
    on_arxiv: int = 0
    remarks: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    fields: int = 0
    lost: list[str] = field(default_factory=list)


def round_trip(path: Path) -> RoundTrip:
    """Reads a library, writes its `.bib` and compares both.

    Raises:
        ConfigurationError: The file cannot be read.
    """
    began = time.perf_counter()
    library = read_library(path, topic=path.name)
    result = RoundTrip(
        seconds=time.perf_counter() - began,
        shown=len(library.papers),
        on_arxiv=len(library.arxiv_ids),
        remarks=len(library.remarks),
        left_out=Counter(str(line.reasons[0].code.value) for line in library.left_out),
    )
    with TemporaryDirectory() as folder:
        written = Path(folder) / "written.bib"
        written.write_text(bibliography(_papers(library)), "utf-8")
        after = {block.key: block for block in read_blocks(written)}
    for paper in _papers(library):
        assert paper.citation is not None
        before, again = paper.citation, after.get(paper.citation.key)
        if again is None:
            result.lost.append(f"{before.key}: the entry")
            continue
        if again.type != before.type:
            result.lost.append(f"{before.key}: type {before.type} -> {again.type}")
        for name, value in before.fields.items():
            result.fields += 1
            if not WITHHELD.search(name) and _said(value) != _said(again.fields.get(name, "")):
                result.lost.append(f"{before.key}: {name} = {value[:60]!r}")
    return result


def main() -> None:
    """Prints one line a file and the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    total, refused = RoundTrip(), 0
    files = sorted(parser.parse_args().folder.glob("*.bib"))
    for path in files:
        try:
            one = round_trip(path)
        except ConfigurationError as error:
            refused += 1
            print(f"{path.name}: {error}")
            continue
        _print(path.name, one)
        total.seconds += one.seconds
        total.shown += one.shown
        total.on_arxiv += one.on_arxiv
        total.remarks += one.remarks
        total.fields += one.fields
        total.left_out += one.left_out
        total.lost += one.lost
    _print(f"{len(files) - refused} of {len(files)} files", total)


def _papers(library: Library) -> list[Paper]:
    listed = [
        replace(Paper(name, 1, name, (), "", DAY, DAY), citation=citation)
        for name, citation in library.citations.items()
    ]
    return [*library.papers, *listed]


def _said(value: str) -> str:
    """A value as its reader sees it; escapes and braces differ, words must not."""
    return re.sub(r"[\s{}]+", " ", latex_as_text(value)).strip()


def _print(name: str, one: RoundTrip) -> None:
    left_out = ", ".join(f"{count} {code}" for code, count in one.left_out.most_common())
    print(
        f"{name}: {one.shown} shown, {one.on_arxiv} on arXiv, {sum(one.left_out.values())} left out"
        f"{f' ({left_out})' if left_out else ''}, {one.remarks} with remarks;"
        f" {len(one.lost)} of {one.fields} fields differ; {one.seconds:.2f} s"
    )
    for lost in one.lost[:5]:
        print(f"    {lost}")


if __name__ == "__main__":
    main()
